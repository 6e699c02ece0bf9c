//! The weights of a layer, the same for every engine but for how they are held.

use super::lookup::LayerNorm;
use crate::error::Result;
use crate::model::manifest::EncoderShape;
use crate::model::weights::Weights;

/// A dense layer, `x · weightᵀ + bias`, as an engine holds it.
pub(super) trait DenseLayer: Sized {
    /// Reads layers with the same `inputs` as one, their outputs side by side.
    fn load(weights: &Weights<'_>, inputs: usize, parts: &[DensePart]) -> Result<Self>;
}

/// A stored dense layer that becomes part of a [`DenseLayer`].
pub(super) struct DensePart {
    pub(super) name: String,
    pub(super) outputs: usize,
    /// What its weights and biases are multiplied with.
    pub(super) factor: f32,
}

/// One layer of BERT.
#[derive(Debug)]
pub(super) struct Layer<D> {
    /// Query, key and value side by side: `hidden` → `3 · hidden`. The queries
    /// are already divided by √(width of a head).
    pub(super) attention: D,
    pub(super) attention_output: D,
    pub(super) attention_norm: LayerNorm,
    pub(super) intermediate: D,
    pub(super) output: D,
    pub(super) output_norm: LayerNorm,
}

impl<D: DenseLayer> Layer<D> {
    /// All layers of an encoder.
    pub(super) fn all(weights: &Weights<'_>, shape: &EncoderShape) -> Result<Vec<Self>> {
        (0..shape.layers)
            .map(|layer| Self::new(weights, &format!("encoder.layer.{layer}"), shape))
            .collect()
    }

    fn new(weights: &Weights<'_>, name: &str, shape: &EncoderShape) -> Result<Self> {
        let (hidden, intermediate) = (shape.hidden, shape.intermediate);
        let part = |part: &str, outputs, factor| DensePart {
            name: format!("{name}.{part}"),
            outputs,
            factor,
        };
        let dense =
            |name: &str, inputs, outputs| D::load(weights, inputs, &[part(name, outputs, 1.0)]);
        let norm = |part: &str| LayerNorm::new(weights, &format!("{name}.{part}"), shape);
        let scale = 1.0 / ((hidden / shape.heads) as f32).sqrt();
        let projections = [
            part("attention.self.query", hidden, scale),
            part("attention.self.key", hidden, 1.0),
            part("attention.self.value", hidden, 1.0),
        ];
        Ok(Self {
            attention: D::load(weights, hidden, &projections)?,
            attention_output: dense("attention.output.dense", hidden, hidden)?,
            attention_norm: norm("attention.output.LayerNorm")?,
            intermediate: dense("intermediate.dense", hidden, intermediate)?,
            output: dense("output.dense", intermediate, hidden)?,
            output_norm: norm("output.LayerNorm")?,
        })
    }
}
