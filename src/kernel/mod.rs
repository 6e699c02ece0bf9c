//! The inner loops of the native encoder, on plain slices.
//!
//! This is the only module that may hold `unsafe` code. So far there is none:
//! [`scalar`] is written so that the compiler vectorises it.

mod scalar;

pub(crate) use scalar::{dot, gelu, layer_norm, softmax};
