//! BERT by the crate `rust-bert` and libtorch: a second implementation, by
//! others, that [`float`](super::float) is held against; and the one of our
//! engines that computes on a GPU.
//!
//! Only `BertModel` is taken from `rust-bert`. Its pipelines pad a batch without
//! masking the padding, so that a short text is scored by what else is in the
//! batch, and panic on texts beyond the model's positions. Padding, mask and
//! limits are ours.

mod torch;
mod worker;

use rust_bert::Activation;
use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use tch::nn::VarStore;
use tch::{Device as TorchDevice, Tensor, no_grad};

pub(crate) use torch::{Padded, failed, find, guarded, together, values};
pub(crate) use worker::Worker;

use super::lookup;
use super::{Device, Embeddings, Encoder};
use crate::error::Result;
use crate::model::Model;
use crate::model::manifest::EncoderShape;
use crate::model::weights::Weights;

/// Any token may stand for padding, which the mask hides.
const FILLER: u32 = 0;

/// The encoder of a [`Model`] in `f32` on libtorch.
///
/// On a processor the vectors of a window do not depend on the other windows, as
/// [`Encoder`] promises. A GPU computes several windows at once, which moves
/// their last bits.
pub struct RustBertEncoder {
    shape: EncoderShape,
    device: Device,
    worker: Worker<Vec<Vec<u32>>, Vec<f32>>,
}

impl RustBertEncoder {
    /// Reads the encoder's weights out of `model`, for so many threads of
    /// libtorch; 0 leaves their number to it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) if a weight is missing or
    /// of another shape, [`ErrorKind::Config`](crate::ErrorKind::Config) if the
    /// device is not there, [`ErrorKind::Encoder`](crate::ErrorKind::Encoder) if
    /// libtorch fails.
    pub fn new(model: &Model, device: Device, threads: usize) -> Result<Self> {
        let shape = model.manifest().encoder.clone();
        let found = find(device)?;
        let bert = guarded(|| load(&model.weights()?, &shape, found))?;
        Ok(Self {
            worker: Worker::start(threads, move |windows: Vec<Vec<u32>>| {
                let windows: Vec<&[u32]> = windows.iter().map(Vec::as_slice).collect();
                encode(&bert, &windows, together(found), found)
            })?,
            shape,
            device,
        })
    }
}

impl Encoder for RustBertEncoder {
    fn dimension(&self) -> usize {
        self.shape.hidden
    }

    fn max_tokens(&self) -> usize {
        self.shape.max_tokens
    }

    fn encode(&self, windows: &[&[u32]]) -> Result<Embeddings> {
        lookup::check(windows, &self.shape)?;
        let windows = windows.iter().map(|window| window.to_vec());
        let values = self.worker.ask(windows.collect())?;
        Ok(Embeddings::new(values, self.shape.hidden))
    }
}

/// The model's shape and the device; not the weights.
impl std::fmt::Debug for RustBertEncoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RustBertEncoder")
            .field("shape", &self.shape)
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}

fn load(
    weights: &Weights<'_>,
    shape: &EncoderShape,
    device: TorchDevice,
) -> Result<BertModel<BertEmbeddings>> {
    let config = BertConfig {
        hidden_act: Activation::gelu,
        attention_probs_dropout_prob: 0.0,
        hidden_dropout_prob: 0.0,
        hidden_size: shape.hidden as i64,
        initializer_range: 0.0,
        intermediate_size: shape.intermediate as i64,
        max_position_embeddings: shape.max_tokens as i64,
        num_attention_heads: shape.heads as i64,
        num_hidden_layers: shape.layers as i64,
        type_vocab_size: 2,
        vocab_size: shape.vocabulary as i64,
        output_attentions: None,
        output_hidden_states: None,
        is_decoder: None,
        id2label: None,
        label2id: None,
    };
    let store = VarStore::new(device);
    let bert = BertModel::new_with_optional_pooler(store.root(), &config, false);
    // Our files have the names of `transformers`, which `rust-bert` has, too.
    for (name, mut variable) in store.variables() {
        let size = variable.size();
        let values = stored(weights, &name, &size)?;
        no_grad(|| {
            let values = Tensor::f_from_slice(&values)?.f_reshape(size)?;
            variable.f_copy_(&values)
        })
        .map_err(failed)?;
    }
    Ok(bert)
}

/// The values of a weight of that shape, row after row.
fn stored(weights: &Weights<'_>, name: &str, size: &[i64]) -> Result<Vec<f32>> {
    match *size {
        [length] => Ok(weights.vector(name, length as usize)?.to_vec()),
        [rows, columns] => {
            let (rows, columns) = (rows as usize, columns as usize);
            let table = weights.table(name, rows, columns)?;
            let mut values = vec![0.0; rows * columns];
            for (index, row) in values.chunks_exact_mut(columns).enumerate() {
                table.add_row(index, row);
            }
            Ok(values)
        }
        _ => Err(failed(format!("{name} has the shape {size:?}"))),
    }
}

/// One vector a token, row after row; so many windows are computed at once.
fn encode(
    bert: &BertModel<BertEmbeddings>,
    windows: &[&[u32]],
    together: usize,
    device: TorchDevice,
) -> Result<Vec<f32>> {
    let mut all = Vec::new();
    for windows in windows.chunks(together) {
        let Padded { ids, mask } = Padded::new(windows, FILLER, device)?;
        let output = no_grad(|| {
            bert.forward_t(Some(&ids), Some(&mask), None, None, None, None, None, false)
        });
        let states = output.map_err(failed)?.hidden_state;
        for (index, window) in windows.iter().enumerate() {
            let tokens = window.len() as i64;
            let rows = states.f_get(index as i64).map_err(failed)?;
            let rows = rows.f_narrow(0, 0, tokens).map_err(failed)?;
            all.extend(values(&rows)?);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;

    #[test]
    fn windows_do_not_see_the_padding_of_others() {
        let (model, golden) = golden::all().swap_remove(0);
        let items = golden.items.iter();
        let windows: Vec<&[u32]> = items.map(|item| item.ids.as_slice()).collect();
        let weights = model.weights().expect("a model of the repository");
        let shape = &model.manifest().encoder;
        let bert = load(&weights, shape, TorchDevice::Cpu).expect("a model of the repository");
        let [alone, together] = [1, windows.len()].map(|together| {
            let values = encode(&bert, &windows, together, TorchDevice::Cpu);
            values.expect("the encoder's own ids")
        });
        golden::assert_close(&together, &alone, 1e-5, "side by side");
    }
}
