//! Dense layers in eight bits.
//!
//! Weights are `i8` with a scale for each output, as the model stores them.
//! Activations are brought to `u8` row by row, where a row is a token:
//!
//! * `scale = (high − low) / 255`, over the range of the row and 0;
//! * `zero_point = round(−low / scale)`, the byte that stands for 0;
//! * `byte = round(x / scale + zero_point)`, within 0..=255, the division being
//!   a multiplication with `1 / scale` that is fused with the addition; a half
//!   goes to the even neighbour.
//!
//! With `w` for the weights of one output, the product is then
//!
//! `out = scale_row · scale_output · (Σ byte·w − zero_point · Σ w) + bias`,
//!
//! where both sums are exact in 32 bits and `Σ w` is known beforehand.
//!
//! # Layout
//!
//! The dot-product instructions take four neighbouring bytes of a row times
//! four of each of 16 outputs. So a matrix is packed, once, into panels of
//! [`COLUMNS`] = 64 outputs: for every four inputs a [`Group`] of four
//! registers, each with 16 outputs of four bytes. The product goes panel by
//! panel, which then stays in the first cache, in tiles of up to [`ROWS`] rows,
//! whose 6 · 4 registers of sums are never spilled.

use super::float::{Norm, layer_norm, near_gelu, range, within};

/// Rows of a tile.
pub(super) const ROWS: usize = 6;

/// Outputs of a panel.
pub(super) const COLUMNS: usize = 64;

/// Neighbouring inputs that one instruction multiplies.
pub(super) const DEPTH: usize = 4;

/// Outputs of a register.
const WIDTH: usize = 16;

/// The weights of 64 outputs for four inputs, as four registers.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Group(pub(super) [[i8; WIDTH * DEPTH]; COLUMNS / WIDTH]);

/// A row of activations in steps of four.
pub(super) type Steps<'a> = &'a [[u8; DEPTH]];

/// The sums of a tile.
pub(super) type Tile = [[i32; COLUMNS]; ROWS];

/// The most inputs for which no sum can overflow: 2³¹ / (2 · 255 · 128).
const MAX_INPUTS: usize = 32_896;

/// What follows a dense layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activation {
    Identity,
    Gelu,
}

/// A dense layer, packed.
pub(crate) struct PackedDense {
    inputs: usize,
    outputs: usize,
    /// `[panels, groups]`.
    groups: Vec<Group>,
    /// Of all outputs, filled up to whole panels; so are the next two.
    scales: Vec<f32>,
    biases: Vec<f32>,
    /// Σ w of each output.
    sums: Vec<i32>,
}

/// A dense layer as it is stored.
pub(crate) struct DenseParts {
    /// `[outputs, inputs]`.
    pub(crate) weights: Vec<i8>,
    pub(crate) scales: Vec<f32>,
    pub(crate) biases: Vec<f32>,
}

impl PackedDense {
    /// Packs layers with the same `inputs` as one, their outputs side by side.
    ///
    /// # Panics
    ///
    /// If the lengths do not fit or there are more inputs than can be summed.
    pub(crate) fn new(inputs: usize, parts: &[DenseParts]) -> Self {
        assert!((1..=MAX_INPUTS).contains(&inputs), "{inputs} inputs");
        let outputs = parts.iter().map(|part| part.biases.len()).sum();
        let depth = inputs.div_ceil(DEPTH);
        let panels = usize::div_ceil(outputs, COLUMNS);
        let empty = Group([[0; WIDTH * DEPTH]; COLUMNS / WIDTH]);
        let mut packed = Self {
            inputs,
            outputs,
            groups: vec![empty; panels * depth],
            scales: vec![0.0; panels * COLUMNS],
            biases: vec![0.0; panels * COLUMNS],
            sums: vec![0; panels * COLUMNS],
        };
        let mut output = 0;
        for part in parts {
            assert_eq!(part.weights.len(), part.biases.len() * inputs);
            assert_eq!(part.scales.len(), part.biases.len());
            let rows = part.weights.chunks_exact(inputs);
            for ((row, &scale), &bias) in rows.zip(&part.scales).zip(&part.biases) {
                packed.scales[output] = scale;
                packed.biases[output] = bias;
                packed.sums[output] = row.iter().map(|&weight| i32::from(weight)).sum();
                let (panel, column) = (output / COLUMNS, output % COLUMNS);
                let groups = &mut packed.groups[panel * depth..][..depth];
                for (group, weights) in groups.iter_mut().zip(row.chunks(DEPTH)) {
                    let register = &mut group.0[column / WIDTH];
                    register[column % WIDTH * DEPTH..][..weights.len()].copy_from_slice(weights);
                }
                output += 1;
            }
        }
        packed
    }

    pub(crate) fn outputs(&self) -> usize {
        self.outputs
    }
}

/// How the bytes of a row are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct RowScale {
    scale: f32,
    zero_point: i32,
}

/// Rows of activations in `u8`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct QuantizedRows {
    width: usize,
    /// `[rows, width / 4, 4]`, the width rounded up.
    steps: Vec<[u8; DEPTH]>,
    scales: Vec<RowScale>,
}

impl QuantizedRows {
    /// Makes room for `rows` rows of `width`; what they hold is left over.
    pub(crate) fn resize(&mut self, rows: usize, width: usize) {
        self.width = width;
        self.steps.resize(rows * width.div_ceil(DEPTH), [0; DEPTH]);
        self.scales.resize(rows, RowScale::default());
    }

    /// `count` rows from row `first` on.
    pub(crate) fn view(&self, first: usize, count: usize) -> RowsView<'_> {
        let depth = self.width.div_ceil(DEPTH);
        RowsView {
            width: self.width,
            steps: &self.steps[first * depth..(first + count) * depth],
            scales: &self.scales[first..first + count],
        }
    }

    #[inline(always)]
    fn set(&mut self, row: usize, values: &[f32]) {
        let depth = self.width.div_ceil(DEPTH);
        let steps = &mut self.steps[row * depth..][..depth];
        let bytes = &mut steps.as_flattened_mut()[..self.width];
        self.scales[row] = quantize_row(values, bytes);
    }
}

/// Some of [`QuantizedRows`].
#[derive(Clone, Copy)]
pub(crate) struct RowsView<'a> {
    width: usize,
    steps: &'a [[u8; DEPTH]],
    scales: &'a [RowScale],
}

#[inline(always)]
fn quantize_row(values: &[f32], bytes: &mut [u8]) -> RowScale {
    let (low, high) = range(values);
    let scale = (high - low) / 255.0;
    // Also where the reciprocal would be infinite.
    if scale < f32::MIN_POSITIVE {
        bytes.fill(0);
        return RowScale::default();
    }
    let inverse = 1.0 / scale;
    // Added to 1.5·2²³ a float is rounded to the nearest integer, the even one
    // of two, which then stands in its lowest bits.
    const ROUND: f32 = 12_582_912.0;
    let zero_point = within((-low).mul_add(inverse, ROUND), ROUND, ROUND + 255.0);
    for (byte, &value) in bytes.iter_mut().zip(values) {
        let rounded = within(value.mul_add(inverse, zero_point), ROUND, ROUND + 255.0);
        *byte = rounded.to_bits() as u8;
    }
    RowScale {
        scale,
        zero_point: i32::from(zero_point.to_bits() as u8),
    }
}

/// Fills all of `out` with `rows`, which are as wide.
#[inline(always)]
pub(super) fn quantize(rows: &[f32], out: &mut QuantizedRows) {
    for (row, values) in rows.chunks_exact(out.width).enumerate() {
        out.set(row, values);
    }
}

/// Adds `updates` to `states`, normalises each row, and writes the rows of
/// `out` from row `first` on: what joins one block of a layer to the next,
/// while the row is in the first cache.
#[inline(always)]
pub(super) fn add_norm_quantize(
    states: &mut [f32],
    updates: &[f32],
    norm: Norm<'_>,
    first: usize,
    out: &mut QuantizedRows,
) {
    let rows = states.chunks_exact_mut(out.width);
    for (row, (state, update)) in rows.zip(updates.chunks_exact(out.width)).enumerate() {
        for (state, update) in state.iter_mut().zip(update) {
            *state += update;
        }
        layer_norm(state, norm);
        out.set(first + row, state);
    }
}

/// `activation(rows · weightsᵀ + biases)`, `[rows, outputs]`. `tile` sums up to
/// [`ROWS`] rows times a panel; `lowered` is what it takes off every byte of a
/// row before.
///
/// # Panics
///
/// If the shapes do not fit.
#[inline(always)]
pub(super) fn apply(
    rows: RowsView<'_>,
    dense: &PackedDense,
    activation: Activation,
    out: &mut [f32],
    lowered: i32,
    tile: impl Fn(&[Steps<'_>], &[Group], &mut Tile),
) {
    assert_eq!(rows.width, dense.inputs);
    assert_eq!(out.len(), rows.scales.len() * dense.outputs);
    let depth = dense.inputs.div_ceil(DEPTH);
    let mut sums = [[0; COLUMNS]; ROWS];
    for (panel, groups) in dense.groups.chunks_exact(depth).enumerate() {
        let first = panel * COLUMNS;
        let count = COLUMNS.min(dense.outputs - first);
        let epilogue = Epilogue {
            scales: columns(&dense.scales, panel),
            biases: columns(&dense.biases, panel),
            sums: columns(&dense.sums, panel),
        };
        let tiles = rows.steps.chunks(depth * ROWS);
        let tiles = tiles.zip(rows.scales.chunks(ROWS));
        for ((steps, scales), out) in tiles.zip(out.chunks_mut(dense.outputs * ROWS)) {
            let mut views: [Steps<'_>; ROWS] = [&[]; ROWS];
            for (view, steps) in views.iter_mut().zip(steps.chunks_exact(depth)) {
                *view = steps;
            }
            tile(&views[..scales.len()], groups, &mut sums);
            let outs = out.chunks_exact_mut(dense.outputs);
            for ((sums, scale), out) in sums.iter().zip(scales).zip(outs) {
                let scale = RowScale {
                    zero_point: scale.zero_point - lowered,
                    ..*scale
                };
                let out = &mut out[first..first + count];
                match out.try_into() {
                    Ok(out) => epilogue.finish(sums, scale, activation, out),
                    Err(_) => {
                        let mut values = [0.0; COLUMNS];
                        epilogue.finish(sums, scale, activation, &mut values);
                        out.copy_from_slice(&values[..count]);
                    }
                }
            }
        }
    }
}

/// The part of `values` that belongs to panel number `panel`.
#[inline(always)]
fn columns<T>(values: &[T], panel: usize) -> &[T; COLUMNS] {
    &values.as_chunks().0[panel]
}

/// What makes floats of the sums of a panel.
struct Epilogue<'a> {
    scales: &'a [f32; COLUMNS],
    biases: &'a [f32; COLUMNS],
    sums: &'a [i32; COLUMNS],
}

impl Epilogue<'_> {
    #[inline(always)]
    fn finish(
        &self,
        sums: &[i32; COLUMNS],
        row: RowScale,
        activation: Activation,
        out: &mut [f32; COLUMNS],
    ) {
        for (column, out) in out.iter_mut().enumerate() {
            let sum = sums[column] - row.zero_point * self.sums[column];
            let scale = row.scale * self.scales[column];
            *out = (sum as f32).mul_add(scale, self.biases[column]);
        }
        if activation == Activation::Gelu {
            near_gelu(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_follow_their_formula() {
        let row = [-1.0, 0.0, 0.25, 3.0, 1.5];
        let mut bytes = [0; 5];
        let RowScale { scale, zero_point } = quantize_row(&row, &mut bytes);
        assert_eq!(scale, 4.0 / 255.0);
        assert_eq!(zero_point, 64); // 63.75
        assert_eq!(bytes, [0, 64, 80, 255, 160]); // 0.25, 64, 79.94, 255.25, 159.6
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        // A scale of 1 and a zero point of 0.
        let row = [0.5, 1.5, 2.5, 253.5, 254.5, 255.0];
        let mut bytes = [0; 6];
        let scale = quantize_row(&row, &mut bytes);
        assert_eq!((scale.scale, scale.zero_point), (1.0, 0));
        assert_eq!(bytes, [0, 2, 2, 254, 254, 255]);
    }

    #[test]
    fn rows_without_a_range_are_all_zero() {
        for row in [[0.0; 3], [f32::NAN; 3], [1e-44, 0.0, -1e-44]] {
            let mut bytes = [9; 3];
            assert_eq!(quantize_row(&row, &mut bytes), RowScale::default());
            assert_eq!(bytes, [0; 3]);
        }
    }

    #[test]
    fn no_value_is_off_by_more_than_a_step() {
        for seed in 0..100 {
            let row: Vec<f32> = (0..77)
                .map(|i| ((i * 37 + seed * 101) as f32).sin() * seed as f32 - 0.3 * seed as f32)
                .collect();
            let mut bytes = [0; 77];
            let RowScale { scale, zero_point } = quantize_row(&row, &mut bytes);
            for (&byte, value) in bytes.iter().zip(&row) {
                let back = (i32::from(byte) - zero_point) as f32 * scale;
                assert!((back - value).abs() <= scale * 1.001);
            }
        }
    }
}
