//! BERT in `f32` on `ndarray`: the reference for [`int8`](super::int8).
//!
//! The tokens of all windows stand in one matrix, `[tokens, hidden]`, for the
//! dense layers; attention runs window by window. So there is no padding, and
//! nothing is computed that is thrown away.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayView2, Axis, concatenate, s};

use super::layer::{DenseLayer, DensePart, Layer};
use super::lookup::{self, LayerNorm, Lookup};
use super::{Embeddings, Encoder};
use crate::error::Result;
use crate::kernel;
use crate::model::Model;
use crate::model::manifest::EncoderShape;
use crate::model::weights::Weights;

/// The encoder of a [`Model`] in `f32`: exact, slow, and with four times the memory
/// of [`Int8Encoder`](super::Int8Encoder).
#[derive(Debug)]
pub struct FloatEncoder {
    shape: EncoderShape,
    lookup: Lookup,
    layers: Vec<Layer<Dense>>,
}

impl FloatEncoder {
    /// Reads the encoder's weights out of `model`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) if a weight is missing or of another shape.
    pub fn new(model: &Model) -> Result<Self> {
        let shape = model.manifest().encoder.clone();
        let weights = model.weights()?;
        Ok(Self {
            lookup: Lookup::new(&weights, &shape)?,
            layers: Layer::all(&weights, &shape)?,
            shape,
        })
    }
}

impl Encoder for FloatEncoder {
    fn dimension(&self) -> usize {
        self.shape.hidden
    }

    fn max_tokens(&self) -> usize {
        self.shape.max_tokens
    }

    fn encode(&self, windows: &[&[u32]]) -> Result<Embeddings> {
        lookup::check(windows, &self.shape)?;
        let tokens = windows.iter().map(|window| window.len()).sum();
        let mut states = Array2::zeros((tokens, self.shape.hidden));
        let rows = states.as_slice_mut().expect("a fresh matrix");
        self.lookup.fill(windows, rows);
        for layer in &self.layers {
            states = layer.forward(states, windows, self.shape.heads);
        }
        let (values, _) = states.into_raw_vec_and_offset();
        Ok(Embeddings::new(values, self.shape.hidden))
    }
}

impl Layer<Dense> {
    /// One layer over `[tokens, hidden]`.
    fn forward(&self, states: Array2<f32>, windows: &[&[u32]], heads: usize) -> Array2<f32> {
        let projected = self.attention.apply(&states);
        let mut context = Array2::zeros(states.raw_dim());
        let mut first = 0;
        for window in windows {
            let rows = first..first + window.len();
            attend(
                projected.slice(s![rows.clone(), ..]),
                heads,
                context.slice_mut(s![rows, ..]),
            );
            first += window.len();
        }

        let mut states = self.attention_output.apply(&context) + states;
        normalize(&self.attention_norm, &mut states);

        let mut inner = self.intermediate.apply(&states);
        kernel::gelu(inner.as_slice_mut().expect("a fresh matrix"));
        let mut states = self.output.apply(&inner) + states;
        normalize(&self.output_norm, &mut states);
        states
    }
}

/// Self-attention over the tokens of one window: `projected` is `[tokens, 3 · hidden]`
/// with the queries already scaled, `context` is `[tokens, hidden]`.
fn attend(
    projected: ArrayView2<'_, f32>,
    heads: usize,
    mut context: ndarray::ArrayViewMut2<'_, f32>,
) {
    let tokens = context.nrows();
    let hidden = context.ncols();
    let width = hidden / heads;
    let mut scores = Array2::zeros((tokens, tokens));
    for head in 0..heads {
        let part = |index: usize| {
            let first = index * hidden + head * width;
            projected.slice(s![.., first..first + width])
        };
        let (query, key, value) = (part(0), part(1), part(2));
        general_mat_mul(1.0, &query, &key.t(), 0.0, &mut scores);
        for mut row in scores.outer_iter_mut() {
            kernel::softmax(row.as_slice_mut().expect("a row of a standard matrix"));
        }
        let mut out = context.slice_mut(s![.., head * width..(head + 1) * width]);
        general_mat_mul(1.0, &scores, &value, 0.0, &mut out);
    }
}

/// `x · weightᵀ + bias`.
#[derive(Debug)]
pub(crate) struct Dense {
    /// `[outputs, inputs]`.
    weight: Array2<f32>,
    bias: Array1<f32>,
}

impl Dense {
    pub(crate) fn new(
        weights: &Weights<'_>,
        name: &str,
        inputs: usize,
        outputs: usize,
    ) -> Result<Self> {
        Ok(Self {
            weight: weights.matrix(&format!("{name}.weight"), outputs, inputs)?,
            bias: weights.vector(&format!("{name}.bias"), outputs)?,
        })
    }

    /// `[rows, inputs]` → `[rows, outputs]`.
    fn apply(&self, input: &Array2<f32>) -> Array2<f32> {
        let mut out = input.dot(&self.weight.t());
        out += &self.bias;
        out
    }

    /// One row of `inputs` → `outputs`.
    pub(crate) fn apply_row(&self, input: &[f32]) -> Vec<f32> {
        let weight = self.weight.as_slice().expect("a standard matrix");
        let mut out = vec![0.0; self.bias.len()];
        kernel::dots(weight, input, &mut out);
        for (out, bias) in out.iter_mut().zip(&self.bias) {
            *out += bias;
        }
        out
    }
}

impl DenseLayer for Dense {
    fn load(weights: &Weights<'_>, inputs: usize, parts: &[DensePart]) -> Result<Self> {
        let parts = parts.iter().map(|part| {
            let mut dense = Dense::new(weights, &part.name, inputs, part.outputs)?;
            dense.weight *= part.factor;
            dense.bias *= part.factor;
            Ok(dense)
        });
        let parts: Vec<_> = parts.collect::<Result<_>>()?;
        let weights: Vec<_> = parts.iter().map(|part| part.weight.view()).collect();
        let biases: Vec<_> = parts.iter().map(|part| part.bias.view()).collect();
        Ok(Self {
            weight: concatenate(Axis(0), &weights).expect("layers with the same inputs"),
            bias: concatenate(Axis(0), &biases).expect("vectors always stack"),
        })
    }
}

fn normalize(norm: &LayerNorm, states: &mut Array2<f32>) {
    for mut row in states.outer_iter_mut() {
        let row = row.as_slice_mut().expect("a row of a standard matrix");
        kernel::layer_norm(row, norm.parameters());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{self, assert_close};

    #[test]
    fn vectors_match_the_reference() {
        for (model, golden) in golden::all() {
            let encoder = FloatEncoder::new(&model).expect("a model of the repository");
            let windows: Vec<&[u32]> = golden
                .items
                .iter()
                .map(|item| item.ids.as_slice())
                .collect();
            let embeddings = encoder
                .encode(&windows)
                .expect("windows of the encoder's own ids");
            let mut first = 0;
            for item in &golden.items {
                let rows = embeddings.rows(first, item.ids.len());
                first += item.ids.len();
                let rows = ArrayView2::from_shape((item.ids.len(), encoder.dimension()), rows)
                    .expect("rows of the encoder's dimension");
                let mean = rows.mean_axis(Axis(0)).expect("a window has tokens");
                assert_close(&mean.to_vec(), &item.mean, 1e-4, &item.text);
                for (row, reference) in rows.outer_iter().zip(item.tokens.iter().flatten()) {
                    assert_close(&row.to_vec(), reference, 1e-4, &item.text);
                }
            }
        }
    }
}
