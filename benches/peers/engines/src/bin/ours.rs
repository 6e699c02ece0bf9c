//! Our own engines, by the public `Encoder` alone; `model` is `int8`, `f32` or,
//! if it is built in, `rust-bert`.

use painpoint::{Engine, Model};
use peer_engines::{Result, Task, batches, in_order, mean};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

fn main() -> Result<()> {
    let task = Task::from_arguments()?;
    let engine = Engine::from_code(&task.model).ok_or("the engines are int8, f32 and rust-bert")?;
    let encoder = engine.load(&Model::bundled()?)?;
    let pool = ThreadPoolBuilder::new().num_threads(task.threads).build()?;
    task.measure(|documents| {
        let batches = batches(documents, task.batch);
        let vectors = pool.install(|| {
            let vectors = batches.par_iter().map(|batch| {
                let windows: Vec<_> = batch.iter().map(|&index| documents[index]).collect();
                let embeddings = encoder.encode(&windows)?;
                let mut first = 0;
                let means = windows.iter().map(|window| {
                    let rows = embeddings.rows(first, window.len());
                    first += window.len();
                    mean(rows, encoder.dimension())
                });
                Ok(means.collect())
            });
            vectors.collect::<Result<Vec<_>>>()
        })?;
        Ok(in_order(&batches, vectors))
    })
}
