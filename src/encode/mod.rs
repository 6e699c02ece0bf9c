//! Windows of token ids → a vector for every token.
//!
//! [`Encoder`] is the seam between the text and the model. Two engines of our
//! own are behind it: [`int8`], the fast one, and [`float`], the reference; with
//! the feature `rust-bert` a third, `rust_bert`, on libtorch; and so may be any other.

mod device;
mod float;
mod int8;
mod layer;
mod lookup;
#[cfg(feature = "rust-bert")]
pub(crate) mod rust_bert;

pub use device::Device;
pub(crate) use float::Dense;
pub use float::FloatEncoder;
pub use int8::Int8Encoder;
#[cfg(feature = "rust-bert")]
pub use rust_bert::RustBertEncoder;

use crate::error::Result;
#[cfg(not(feature = "rust-bert"))]
use crate::error::{Error, ErrorKind};
use crate::model::Model;

labels! {
    /// How a model's encoder is computed.
    #[derive(Default)]
    #[non_exhaustive]
    Engine {
        /// Dense layers in eight bits, [`Int8Encoder`]: the default.
        #[default]
        Int8 => "int8",
        /// Everything in `f32`, [`FloatEncoder`]: the reference.
        Float => "f32",
        /// Everything in `f32` on libtorch, `RustBertEncoder`; only with the
        /// feature `rust-bert`.
        RustBert => "rust-bert",
    }
}

impl Engine {
    /// The encoder of `model` on this engine.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) if the model does not hold
    /// what the engine needs; [`ErrorKind::Config`](crate::ErrorKind::Config) if
    /// the engine is not built in.
    pub fn load(self, model: &Model) -> Result<Box<dyn Encoder>> {
        self.load_on(model, Device::Cpu, 0)
    }

    /// The same where libtorch, if it is the engine, computes on `device` with
    /// so many threads; 0 leaves their number to it.
    pub(crate) fn load_on(
        self,
        model: &Model,
        device: Device,
        threads: usize,
    ) -> Result<Box<dyn Encoder>> {
        Ok(match self {
            Self::Int8 => Box::new(Int8Encoder::new(model)?),
            Self::Float => Box::new(FloatEncoder::new(model)?),
            Self::RustBert => on_libtorch(model, device, threads)?,
        })
    }
}

#[cfg(feature = "rust-bert")]
fn on_libtorch(model: &Model, device: Device, threads: usize) -> Result<Box<dyn Encoder>> {
    Ok(Box::new(RustBertEncoder::new(model, device, threads)?))
}

#[cfg(not(feature = "rust-bert"))]
fn on_libtorch(_: &Model, _: Device, _: usize) -> Result<Box<dyn Encoder>> {
    Err(without_libtorch("the engine rust-bert"))
}

/// Why `what` cannot be had.
#[cfg(not(feature = "rust-bert"))]
pub(crate) fn without_libtorch(what: &str) -> Error {
    let message = format!("this painpoint was built without {what}");
    Error::new(ErrorKind::Config, message)
        .with_hint("build it with the feature rust-bert: models/rust-bert/README.md")
}

/// Turns token ids into vectors.
pub trait Encoder: Send + Sync {
    /// Length of every vector.
    fn dimension(&self) -> usize;

    /// The longest window it takes, in tokens with their two marks: three at least.
    fn max_tokens(&self) -> usize;

    /// One vector per token, row after row in the order of `windows`; shape
    /// `[sum of the windows' lengths, dimension()]`.
    ///
    /// The vectors of a window do not depend on the other windows: a batch
    /// gives the same bits as one call per window.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Encoder`](crate::ErrorKind::Encoder) if a window is longer
    /// than [`max_tokens`](Self::max_tokens) or holds an id that the
    /// vocabulary lacks.
    fn encode(&self, windows: &[&[u32]]) -> Result<Embeddings>;
}

/// Vectors of equal length, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Embeddings {
    values: Vec<f32>,
    dimension: usize,
}

impl Embeddings {
    /// Rows of `dimension` values each, from their values row after row.
    ///
    /// # Panics
    ///
    /// If `dimension` is 0 or does not divide the number of values.
    pub fn new(values: Vec<f32>, dimension: usize) -> Self {
        assert!(
            dimension > 0 && values.len().is_multiple_of(dimension),
            "{} values are not rows of {dimension}",
            values.len()
        );
        Self { values, dimension }
    }

    /// Length of every row.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.values.len() / self.dimension
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values of `count` rows from row `first` on.
    ///
    /// # Panics
    ///
    /// If there are fewer rows.
    pub fn rows(&self, first: usize, count: usize) -> &[f32] {
        &self.values[first * self.dimension..(first + count) * self.dimension]
    }
}
