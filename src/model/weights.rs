//! `weights.safetensors`: named tensors, checked against the shape that the
//! manifest promises and widened to `f32`.
//!
//! A tensor may be stored in fewer bits than it is used in:
//!
//! | stored as | companion `NAME.scale` | value |
//! |---|---|---|
//! | `F32`, `F16` | none | itself |
//! | `I8` `[rows, columns]` | `F32` `[rows]` | `byte × scale[row]` |
//! | `U8` `[rows, columns / 2]` | `F16` `[rows, columns / 32]` | `(nibble − 8) × scale[row, column / 32]` |
//!
//! In a block of 32 four-bit values, byte `j` of 16 holds value `j` in its low
//! and value `j + 16` in its high nibble.

use std::borrow::Cow;

use half::f16;
use ndarray::{Array1, Array2};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::error::{Error, Result};

/// The word vectors, `[vocabulary, hidden]`.
pub(crate) const WORDS: &str = "embeddings.word_embeddings.weight";

/// Values that share a scale in a four-bit tensor.
const BLOCK: usize = 32;

/// The tensors of a model.
pub(crate) struct Weights<'data> {
    own: File<'data>,
    /// Those of the model whose word vectors this one shares.
    shared: Option<File<'data>>,
}

/// The tensors of a file.
enum File<'data> {
    /// Of a file that is compiled in: what is used as it is stored stays there.
    Lasting(SafeTensors<'static>),
    /// Of a file that goes when the model is loaded.
    Passing(SafeTensors<'data>),
}

impl<'data> File<'data> {
    #[expect(clippy::ptr_arg, reason = "what is borrowed lasts")]
    fn new(bytes: &'data Cow<'static, [u8]>) -> Result<Self> {
        match bytes {
            Cow::Borrowed(bytes) => parse(bytes).map(Self::Lasting),
            Cow::Owned(bytes) => parse(bytes).map(Self::Passing),
        }
    }

    fn tensors(&self) -> &SafeTensors<'data> {
        match self {
            Self::Lasting(tensors) => tensors,
            Self::Passing(tensors) => tensors,
        }
    }

    /// The bytes of a tensor, for as long as they are needed.
    fn kept(&self, name: &str, shape: &[usize]) -> Result<Cow<'static, [u8]>> {
        Ok(match self {
            Self::Lasting(tensors) => Cow::Borrowed(view(tensors, name, shape)?.data()),
            Self::Passing(tensors) => Cow::Owned(view(tensors, name, shape)?.data().to_vec()),
        })
    }

    fn dtype(&self, name: &str) -> Option<Dtype> {
        let view = self.tensors().tensor(name);
        view.ok().map(|view| view.dtype())
    }
}

impl<'data> Weights<'data> {
    #[expect(clippy::ptr_arg, reason = "what is borrowed lasts")]
    pub(crate) fn new(
        own: &'data Cow<'static, [u8]>,
        shared: Option<&'data Cow<'static, [u8]>>,
    ) -> Result<Self> {
        Ok(Self {
            own: File::new(own)?,
            shared: shared.map(File::new).transpose()?,
        })
    }

    fn view(&self, name: &str, shape: &[usize]) -> Result<TensorView<'data>> {
        view(self.own.tensors(), name, shape)
    }

    /// A vector of `length` values.
    pub(crate) fn vector(&self, name: &str, length: usize) -> Result<Array1<f32>> {
        vector(&self.own, name, length)
    }

    /// A matrix of `[rows, columns]`.
    pub(crate) fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Array2<f32>> {
        matrix(&self.own, name, rows, columns)
    }

    /// A matrix of `[rows, columns]` as it is stored: the bytes, row after row,
    /// and the scale of each row.
    pub(crate) fn quantized(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<(Vec<i8>, Vec<f32>)> {
        let view = self.view(name, &[rows, columns])?;
        if view.dtype() != Dtype::I8 {
            return Err(Error::model(format!(
                "the weights hold {name} as {:?}, the engine int8 takes I8",
                view.dtype()
            ))
            .with_hint("use the engine f32"));
        }
        let bytes = view.data().iter().map(|byte| byte.cast_signed());
        let scales = self.vector(&scale_of(name), rows)?;
        Ok((bytes.collect(), scales.to_vec()))
    }

    /// A stack of `count` matrices of `[rows, columns]`, one below the other.
    pub(crate) fn stack(
        &self,
        name: &str,
        count: usize,
        rows: usize,
        columns: usize,
    ) -> Result<Array2<f32>> {
        let view = self.view(name, &[count, rows, columns])?;
        Ok(shaped(count * rows, columns, floats(name, &view)?))
    }

    /// A table of `rows` vectors, kept as it is stored; the word vectors are those of
    /// the other model where they are shared.
    pub(crate) fn table(&self, name: &str, rows: usize, columns: usize) -> Result<Table> {
        let file = match &self.shared {
            Some(shared) if name == WORDS => shared,
            _ => &self.own,
        };
        if file.dtype(name) != Some(Dtype::U8) {
            return matrix(file, name, rows, columns).map(Table::Floats);
        }
        if !columns.is_multiple_of(BLOCK) {
            return Err(Error::model(format!(
                "{name} is stored in four bits, which needs a width that is a multiple of {BLOCK}"
            )));
        }
        let scale = scale_of(name);
        let found = file.dtype(&scale);
        if found.is_some_and(|dtype| dtype != Dtype::F16) {
            return Err(Error::model(format!(
                "the weights hold {scale} as {found:?}, which cannot be used there"
            )));
        }
        Ok(Table::Nibbles {
            nibbles: file.kept(name, &[rows, columns / 2])?,
            scales: file.kept(&scale, &[rows, columns / BLOCK])?,
        })
    }
}

fn vector(file: &File<'_>, name: &str, length: usize) -> Result<Array1<f32>> {
    floats(name, &view(file.tensors(), name, &[length])?).map(Array1::from_vec)
}

fn matrix(file: &File<'_>, name: &str, rows: usize, columns: usize) -> Result<Array2<f32>> {
    let view = view(file.tensors(), name, &[rows, columns])?;
    Ok(if view.dtype() == Dtype::I8 {
        let scale = vector(file, &scale_of(name), rows)?;
        let bytes = view
            .data()
            .iter()
            .map(|&byte| f32::from(byte.cast_signed()));
        let mut matrix = shaped(rows, columns, bytes.collect());
        for (mut row, &scale) in matrix.outer_iter_mut().zip(&scale) {
            row *= scale;
        }
        matrix
    } else {
        shaped(rows, columns, floats(name, &view)?)
    })
}

fn parse(bytes: &[u8]) -> Result<SafeTensors<'_>> {
    SafeTensors::deserialize(bytes).map_err(|source| {
        Error::model("the weights are not a safetensors file").with_source(source)
    })
}

fn view<'data>(
    tensors: &SafeTensors<'data>,
    name: &str,
    shape: &[usize],
) -> Result<TensorView<'data>> {
    let view = tensors
        .tensor(name)
        .map_err(|source| Error::model(format!("the weights lack {name}")).with_source(source))?;
    if view.shape() != shape {
        return Err(Error::model(format!(
            "the weights hold {name} as {:?}, the manifest asks for {shape:?}",
            view.shape()
        )));
    }
    Ok(view)
}

fn scale_of(name: &str) -> String {
    format!("{name}.scale")
}

fn shaped(rows: usize, columns: usize, values: Vec<f32>) -> Array2<f32> {
    Array2::from_shape_vec((rows, columns), values).expect("the view's shape was checked")
}

/// The values of a tensor stored as floats.
fn floats(name: &str, view: &TensorView<'_>) -> Result<Vec<f32>> {
    let bytes = view.data();
    match view.dtype() {
        Dtype::F32 => Ok(bytes
            .as_chunks()
            .0
            .iter()
            .map(|&b| f32::from_le_bytes(b))
            .collect()),
        Dtype::F16 => {
            let halves = bytes.as_chunks().0.iter();
            Ok(halves.map(|&b| f16::from_le_bytes(b).to_f32()).collect())
        }
        other => Err(Error::model(format!(
            "the weights hold {name} as {other:?}, which cannot be used there"
        ))),
    }
}

/// Rows that are looked up one by one and widened on the way.
#[derive(Debug)]
pub(crate) enum Table {
    Floats(Array2<f32>),
    Nibbles {
        /// `[rows, columns / 2]`.
        nibbles: Cow<'static, [u8]>,
        /// `[rows, columns / BLOCK]`, in two bytes each.
        scales: Cow<'static, [u8]>,
    },
}

impl Table {
    /// Adds row `index` to `out`, which is as wide as the table.
    pub(crate) fn add_row(&self, index: usize, out: &mut [f32]) {
        match self {
            Self::Floats(rows) => {
                for (out, value) in out.iter_mut().zip(rows.row(index)) {
                    *out += value;
                }
            }
            Self::Nibbles { nibbles, scales } => {
                let bytes = &nibbles[index * out.len() / 2..][..out.len() / 2];
                let scales = &scales[index * out.len() / BLOCK * 2..][..out.len() / BLOCK * 2];
                let blocks = out
                    .chunks_exact_mut(BLOCK)
                    .zip(bytes.chunks_exact(BLOCK / 2));
                for ((out, bytes), &scale) in blocks.zip(scales.as_chunks().0) {
                    let scale = f16::from_le_bytes(scale).to_f32();
                    let (low, high) = out.split_at_mut(BLOCK / 2);
                    for ((low, high), &byte) in low.iter_mut().zip(high).zip(bytes) {
                        *low += (f32::from(byte & 15) - 8.0) * scale;
                        *high += (f32::from(byte >> 4) - 8.0) * scale;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nibbles_widen_in_block_order() {
        // One row of 32 values v[j] = j − 8 for j < 16 and 7 − (j − 16) above, scale 0.5.
        // Behind a row of other values with another scale.
        let nibbles = (0..16).map(|j: u8| j | (15 - j) << 4);
        let table = Table::Nibbles {
            nibbles: [0x88; 16].into_iter().chain(nibbles).collect(),
            scales: [7.0, 0.5]
                .map(|scale| f16::from_f32(scale).to_le_bytes())
                .concat()
                .into(),
        };
        let mut out = vec![1.0; 32];
        table.add_row(1, &mut out);
        assert_eq!(out[0], 1.0 - 4.0);
        assert_eq!(out[15], 1.0 + 3.5);
        assert_eq!(out[16], 1.0 + 3.5);
        assert_eq!(out[31], 1.0 - 4.0);
    }
}
