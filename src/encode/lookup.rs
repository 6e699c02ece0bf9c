//! Token ids → the vectors that enter the first layer, in `f32` for every engine.

use ndarray::Array2;

use crate::error::{Error, ErrorKind, Result};
use crate::kernel::{self, Norm};
use crate::model::manifest::EncoderShape;
use crate::model::weights::{Table, WORDS, Weights};

/// Word and position vectors.
#[derive(Debug)]
pub(super) struct Lookup {
    /// `[vocabulary, hidden]`.
    words: Table,
    /// Position vectors with the one segment type already added, `[max_tokens, hidden]`.
    positions: Array2<f32>,
    norm: LayerNorm,
}

impl Lookup {
    pub(super) fn new(weights: &Weights<'_>, shape: &EncoderShape) -> Result<Self> {
        let hidden = shape.hidden;
        let mut positions = weights.matrix(
            "embeddings.position_embeddings.weight",
            shape.max_tokens,
            hidden,
        )?;
        // Of BERT's two sentence types all of our tokens are of the first.
        let types = weights.matrix("embeddings.token_type_embeddings.weight", 2, hidden)?;
        positions += &types.row(0);
        Ok(Self {
            words: weights.table(WORDS, shape.vocabulary, hidden)?,
            positions,
            norm: LayerNorm::new(weights, "embeddings.LayerNorm", shape)?,
        })
    }

    /// Fills `rows`, `[tokens, hidden]`, with the normalised sums of word and
    /// position vectors.
    pub(super) fn fill(&self, windows: &[&[u32]], rows: &mut [f32]) {
        let mut rows = rows.chunks_exact_mut(self.positions.ncols());
        for window in windows {
            let tokens = window.iter().zip(self.positions.outer_iter());
            for ((&id, position), row) in tokens.zip(&mut rows) {
                row.copy_from_slice(position.as_slice().expect("a row of a standard matrix"));
                self.words.add_row(id as usize, row);
                kernel::layer_norm(row, self.norm.parameters());
            }
        }
    }
}

/// Refuses windows that are too long and ids that are unknown.
pub(super) fn check(windows: &[&[u32]], shape: &EncoderShape) -> Result<()> {
    let refuse = |message| Err(Error::new(ErrorKind::Encoder, message));
    for window in windows {
        if window.len() > shape.max_tokens {
            return refuse(format!(
                "{} tokens in a window of {}",
                window.len(),
                shape.max_tokens
            ));
        }
        if let Some(id) = window.iter().find(|&&id| id as usize >= shape.vocabulary) {
            return refuse(format!(
                "token {id} in a vocabulary of {}",
                shape.vocabulary
            ));
        }
    }
    Ok(())
}

/// The parameters of a layer normalisation.
#[derive(Debug)]
pub(super) struct LayerNorm {
    weight: Vec<f32>,
    bias: Vec<f32>,
    epsilon: f32,
}

impl LayerNorm {
    pub(super) fn new(weights: &Weights<'_>, name: &str, shape: &EncoderShape) -> Result<Self> {
        let vector = |part: &str| weights.vector(&format!("{name}.{part}"), shape.hidden);
        Ok(Self {
            weight: vector("weight")?.to_vec(),
            bias: vector("bias")?.to_vec(),
            epsilon: shape.layer_norm_eps,
        })
    }

    pub(super) fn parameters(&self) -> Norm<'_> {
        Norm {
            weight: &self.weight,
            bias: &self.bias,
            epsilon: self.epsilon,
        }
    }
}
