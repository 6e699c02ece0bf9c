//! BERT with its dense layers in `i8` × `u8`.
//!
//! Weights stay the bytes that the model stores, packed once for the kernel;
//! activations are quantised row by row between the layers; attention, layer
//! normalisation and GELU are in `f32`; the exponentials of attention to a relative
//! error of 1e-4 and GELU to an absolute one of 1e-3, because eight bits follow
//! both. [`kernel`] has the formulas, and the reason why every machine gives the
//! same bits.
//!
//! # How the work is cut
//!
//! Windows do not depend on each other, so a block of whole windows goes
//! through all layers before the next begins: about [`BLOCK_ROWS`] rows, enough
//! to make the stream of weights from the outer cache cheap. Within a block the
//! feed-forward part, whose inner rows are the widest, takes [`INNER_ROWS`] rows
//! at a time, so that these stay in the second cache. No row is padded, and none
//! depends on the cut.

use std::cell::RefCell;

use super::layer::{DenseLayer, DensePart, Layer};
use super::lookup::{self, Lookup};
use super::{Embeddings, Encoder};
use crate::error::Result;
use crate::kernel::{Attention, DenseParts, HeadShape, InstructionSet, PackedDense, QuantizedRows};
use crate::model::Model;
use crate::model::manifest::EncoderShape;
use crate::model::weights::Weights;

/// Rows of a block; a longer window is a block of its own.
const BLOCK_ROWS: usize = 96;

/// Rows whose inner states, `[rows, intermediate]`, exist at a time: 300 KB of
/// floats for an intermediate width of 1536.
const INNER_ROWS: usize = 48;

/// The encoder of a [`Model`] with dense layers in eight bits: the default engine.
pub struct Int8Encoder {
    shape: EncoderShape,
    set: InstructionSet,
    lookup: Lookup,
    layers: Vec<Layer<PackedDense>>,
}

/// What a block needs beside its states. A thread keeps it, so that nothing is
/// allocated once the longest window has been seen.
#[derive(Default)]
struct Scratch {
    /// `[rows, hidden]`: the states of a block.
    quantized: QuantizedRows,
    /// `[rows, 3 · hidden]`.
    projected: Vec<f32>,
    attention: Attention,
    /// `[rows, hidden]`: what attention has gathered.
    context: Vec<f32>,
    quantized_context: QuantizedRows,
    /// `[rows, hidden]`: what is added to the states.
    updates: Vec<f32>,
    /// `[INNER_ROWS, intermediate]`, before GELU.
    inner: Vec<f32>,
    quantized_inner: QuantizedRows,
}

thread_local!(static SCRATCH: RefCell<Scratch> = RefCell::default());

impl Int8Encoder {
    /// Reads and packs the encoder's weights of `model`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) if a weight is missing, of
    /// another shape, or of a dense layer and not stored in eight bits.
    pub fn new(model: &Model) -> Result<Self> {
        let shape = model.manifest().encoder.clone();
        let weights = model.weights()?;
        Ok(Self {
            lookup: Lookup::new(&weights, &shape)?,
            set: InstructionSet::best(),
            layers: Layer::all(&weights, &shape)?,
            shape,
        })
    }

    /// The instruction set that dense layers run on, the best of this machine:
    /// `avx512_vnni`, `avx2`, `neon_dotprod` or `scalar`.
    pub fn instruction_set() -> &'static str {
        InstructionSet::best().name()
    }

    /// All layers over a block; `states` is `[tokens, hidden]`.
    fn encode_block(&self, windows: &[&[u32]], states: &mut [f32], scratch: &mut Scratch) {
        let hidden = self.shape.hidden;
        let rows = states.len() / hidden;
        scratch.quantized.resize(rows, hidden);
        scratch.quantized_context.resize(rows, hidden);
        scratch.projected.resize(rows * 3 * hidden, 0.0);
        scratch.context.resize(rows * hidden, 0.0);
        scratch.updates.resize(rows * hidden, 0.0);
        self.lookup.fill(windows, states);
        self.set.quantize(states, &mut scratch.quantized);
        for layer in &self.layers {
            self.attend(layer, windows, states, scratch);
            self.feed_forward(layer, states, scratch);
        }
    }

    fn attend(
        &self,
        layer: &Layer<PackedDense>,
        windows: &[&[u32]],
        states: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let (set, hidden) = (self.set, self.shape.hidden);
        let rows = states.len() / hidden;
        let shape = HeadShape {
            heads: self.shape.heads,
            width: hidden / self.shape.heads,
        };
        set.apply(
            scratch.quantized.view(0, rows),
            &layer.attention,
            &mut scratch.projected,
        );
        let mut first = 0;
        for window in windows {
            let last = first + window.len();
            set.attend(
                &scratch.projected[first * 3 * hidden..last * 3 * hidden],
                shape,
                &mut scratch.attention,
                &mut scratch.context[first * hidden..last * hidden],
            );
            first = last;
        }
        set.quantize(&scratch.context, &mut scratch.quantized_context);
        set.apply(
            scratch.quantized_context.view(0, rows),
            &layer.attention_output,
            &mut scratch.updates,
        );
        let norm = layer.attention_norm.parameters();
        set.add_norm_quantize(states, &scratch.updates, norm, 0, &mut scratch.quantized);
    }

    fn feed_forward(&self, layer: &Layer<PackedDense>, states: &mut [f32], scratch: &mut Scratch) {
        let (set, hidden) = (self.set, self.shape.hidden);
        let width = layer.intermediate.outputs();
        for (part, states) in states.chunks_mut(INNER_ROWS * hidden).enumerate() {
            let (first, count) = (part * INNER_ROWS, states.len() / hidden);
            scratch.inner.resize(count * width, 0.0);
            scratch.quantized_inner.resize(count, width);
            set.apply(
                scratch.quantized.view(first, count),
                &layer.intermediate,
                &mut scratch.inner,
            );
            set.quantize_gelu(&scratch.inner, &mut scratch.quantized_inner);
            let updates = &mut scratch.updates[..states.len()];
            set.apply(
                scratch.quantized_inner.view(0, count),
                &layer.output,
                updates,
            );
            let norm = layer.output_norm.parameters();
            set.add_norm_quantize(states, updates, norm, first, &mut scratch.quantized);
        }
    }
}

impl Encoder for Int8Encoder {
    fn dimension(&self) -> usize {
        self.shape.hidden
    }

    fn max_tokens(&self) -> usize {
        self.shape.max_tokens
    }

    fn encode(&self, windows: &[&[u32]]) -> Result<Embeddings> {
        lookup::check(windows, &self.shape)?;
        let tokens: usize = windows.iter().map(|window| window.len()).sum();
        let mut values = vec![0.0; tokens * self.shape.hidden];
        SCRATCH.with_borrow_mut(|scratch| {
            let mut rest = &mut values[..];
            for block in blocks(windows) {
                let tokens: usize = block.iter().map(|window| window.len()).sum();
                let states;
                (states, rest) = rest.split_at_mut(tokens * self.shape.hidden);
                self.encode_block(block, states, scratch);
            }
        });
        Ok(Embeddings::new(values, self.shape.hidden))
    }
}

/// The model's shape and the instruction set; not the weights.
impl std::fmt::Debug for Int8Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Int8Encoder")
            .field("shape", &self.shape)
            .field("set", &self.set)
            .finish_non_exhaustive()
    }
}

/// Cuts `windows` into runs of at most [`BLOCK_ROWS`] tokens.
fn blocks<'a, 'b>(windows: &'a [&'b [u32]]) -> impl Iterator<Item = &'a [&'b [u32]]> {
    let mut tokens = 0;
    windows.chunk_by(move |before, after| {
        tokens += before.len();
        let fits = tokens + after.len() <= BLOCK_ROWS;
        if !fits {
            tokens = 0;
        }
        fits
    })
}

impl DenseLayer for PackedDense {
    fn load(weights: &Weights<'_>, inputs: usize, parts: &[DensePart]) -> Result<Self> {
        let parts = parts.iter().map(|part| {
            let times = |values: Vec<f32>| values.iter().map(|value| value * part.factor).collect();
            let bias = weights.vector(&format!("{}.bias", part.name), part.outputs)?;
            let weight = format!("{}.weight", part.name);
            let (weights, scales) = weights.quantized(&weight, part.outputs, inputs)?;
            Ok(DenseParts {
                weights,
                scales: times(scales),
                biases: times(bias.to_vec()),
            })
        });
        let parts: Vec<_> = parts.collect::<Result<_>>()?;
        Ok(PackedDense::new(inputs, &parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::FloatEncoder;
    use crate::golden;

    fn mean(rows: &[f32], width: usize) -> Vec<f64> {
        let mut mean = vec![0.0; width];
        for row in rows.chunks_exact(width) {
            for (mean, &value) in mean.iter_mut().zip(row) {
                *mean += f64::from(value);
            }
        }
        mean
    }

    fn cosine(a: &[f64], b: &[f64]) -> f64 {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    }

    #[test]
    fn document_vectors_point_where_the_reference_points() {
        for (model, golden) in golden::all() {
            let ours = Int8Encoder::new(&model).expect("a model of the repository");
            let reference = FloatEncoder::new(&model).expect("a model of the repository");
            for item in golden.items {
                let vector = |encoder: &dyn Encoder| {
                    let rows = encoder.encode(&[&item.ids]).expect("the encoder's own ids");
                    mean(rows.rows(0, item.ids.len()), encoder.dimension())
                };
                let cosine = cosine(&vector(&ours), &vector(&reference));
                // The least of the 20 is 0.9989 in painpoint-base-3. What eight bits
                // cost is measured in figures of accuracy; this finds errors.
                assert!(cosine > 0.998, "{}: {cosine}", item.text);
            }
        }
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        let (model, golden) = golden::all().swap_remove(0);
        let windows: Vec<&[u32]> = golden
            .items
            .iter()
            .map(|item| item.ids.as_slice())
            .collect();
        let mut encoder = Int8Encoder::new(&model).expect("a model of the repository");
        let vectors = InstructionSet::all().iter().map(|&set| {
            encoder.set = set;
            encoder.encode(&windows).expect("the encoder's own ids")
        });
        let vectors: Vec<_> = vectors.collect();
        assert!(vectors.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn blocks_hold_whole_windows() {
        let ids = [0; 200];
        let lengths = |lengths: &[usize]| {
            let windows: Vec<&[u32]> = lengths.iter().map(|&length| &ids[..length]).collect();
            let blocks = blocks(&windows).map(|block| block.len());
            blocks.collect::<Vec<_>>()
        };
        assert!(lengths(&[]).is_empty());
        assert_eq!(lengths(&[200]), [1]);
        assert_eq!(lengths(&[48, 48, 1, 95, 1]), [2, 2, 1]);
        assert_eq!(lengths(&[1, 200, 1, 1]), [1, 1, 2]);
    }
}
