//! rten; `model` is the file of an ONNX graph.

use std::sync::Arc;

use peer_engines::{Result, Task, batches, in_order, mean};
use rten::{ModelOptions, RunOptions, ThreadPool};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};

const PAD: i32 = 1;

fn main() -> Result<()> {
    let task = Task::from_arguments()?;
    let model = ModelOptions::with_all_ops()
        .prepack_weights(true)
        .load_file(&task.model)?;
    let (ids_input, mask_input) = (
        model.node_id("input_ids")?,
        model.node_id("attention_mask")?,
    );
    let tokens_output = model.node_id("tokens")?;
    let mut options = RunOptions::default();
    options.thread_pool = Some(Arc::new(ThreadPool::with_num_threads(task.threads)));
    task.measure(|documents| {
        let batches = batches(documents, task.batch);
        let vectors = batches.iter().map(|batch| {
            let windows: Vec<&[u32]> = batch.iter().map(|&index| documents[index]).collect();
            let length = windows.iter().map(|window| window.len()).max().unwrap_or(0);
            let shape = [windows.len(), length];
            let mut ids = NdTensor::full(shape, PAD);
            let mut mask = NdTensor::full(shape, 0);
            for (row, window) in windows.iter().enumerate() {
                for (column, &id) in window.iter().enumerate() {
                    ids[[row, column]] = id as i32;
                    mask[[row, column]] = 1;
                }
            }
            let inputs = vec![(ids_input, ids.into()), (mask_input, mask.into())];
            let [tokens] = model.run_n(inputs, [tokens_output], Some(options.clone()))?;
            let tokens: NdTensor<f32, 3> = tokens.try_into()?;
            Ok(means(tokens.view(), &windows))
        });
        let vectors = vectors.collect::<Result<Vec<_>>>()?;
        Ok(in_order(&batches, vectors))
    })
}

/// The mean over the real tokens of each document.
fn means(tokens: NdTensorView<f32, 3>, windows: &[&[u32]]) -> Vec<Vec<f32>> {
    let width = tokens.size(2);
    let means = windows.iter().enumerate().map(|(row, window)| {
        let rows = tokens.slice((row, ..window.len())).to_vec();
        mean(&rows, width)
    });
    means.collect()
}
