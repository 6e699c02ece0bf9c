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
//! `out = (Σ byte·w · scale_output) · scale_row + (bias − scale_row · zero_point · (Σ w · scale_output))`,
//!
//! where `Σ byte·w` is exact in 32 bits and then rounded to a float, and
//! `Σ w · scale_output` is known beforehand. Both additions are fused with the
//! product beside them.
//!
//! GELU does not follow at once: its argument stays a float until the row is
//! brought to bytes for the next layer, and is replaced on the way there. So no
//! row is written twice.
//!
//! # Layout
//!
//! The dot-product instructions take four neighbouring bytes of a row times
//! four of each of 16 outputs. So a matrix is packed, once, into panels of
//! [`COLUMNS`] = 64 outputs: for every four inputs a [`Group`] of four
//! registers, each with 16 outputs of four bytes. The product goes panel by
//! panel, which then stays in the first cache, in tiles of up to [`ROWS`] rows,
//! whose 6 · 4 registers of sums are never spilled. All weights together are more
//! than the second cache holds, so a tile may bring on a part of the next panel.

use super::float::{Norm, copy, higher, layer_norm, near_gelu, range, within};

/// Rows of a tile.
pub(super) const ROWS: usize = 6;

/// Outputs of a panel.
pub(super) const COLUMNS: usize = 64;

/// Neighbouring inputs that one instruction multiplies.
pub(super) const DEPTH: usize = 4;

/// Outputs of a register.
pub(super) const WIDTH: usize = 16;

/// The weights of 64 outputs for four inputs, as four registers.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Group(pub(super) [[i8; WIDTH * DEPTH]; COLUMNS / WIDTH]);

/// A row of activations in steps of four.
pub(super) type Steps<'a> = &'a [[u8; DEPTH]];

/// The most inputs for which no sum can overflow: 2³¹ / (2 · 255 · 128).
pub(crate) const MAX_INPUTS: usize = 32_896;

/// A dense layer, packed.
pub(crate) struct PackedDense {
    inputs: usize,
    outputs: usize,
    /// `[panels, groups]`.
    groups: Vec<Group>,
    /// Of all outputs, filled up to whole panels; so are the next three.
    scales: Vec<f32>,
    biases: Vec<f32>,
    /// Σ w of each output.
    totals: Vec<i32>,
    /// Σ w of each output, times its scale.
    sums: Vec<f32>,
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
            totals: vec![0; panels * COLUMNS],
            sums: vec![0.0; panels * COLUMNS],
        };
        let mut output = 0;
        for part in parts {
            assert_eq!(part.weights.len(), part.biases.len() * inputs);
            assert_eq!(part.scales.len(), part.biases.len());
            let rows = part.weights.chunks_exact(inputs);
            for ((row, &scale), &bias) in rows.zip(&part.scales).zip(&part.biases) {
                packed.scales[output] = scale;
                packed.biases[output] = bias;
                let total: i32 = row.iter().map(|&weight| i32::from(weight)).sum();
                packed.totals[output] = total;
                packed.sums[output] = total as f32 * scale;
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
pub(super) struct RowScale {
    pub(super) scale: f32,
    /// A byte.
    pub(super) zero_point: f32,
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

    /// The bytes of a row and how they are meant.
    #[inline(always)]
    fn row(&mut self, row: usize) -> (&mut [u8], &mut RowScale) {
        let depth = self.width.div_ceil(DEPTH);
        let steps = &mut self.steps[row * depth..][..depth];
        let bytes = &mut steps.as_flattened_mut()[..self.width];
        (bytes, &mut self.scales[row])
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
    quantize_within(range(values), values, |value| value, bytes)
}

/// The GELU of `values`. Its range is not looked for but follows from theirs: it
/// has no value below −0.17, nor one of x below x/2, and grows where it is
/// above 0.
#[inline(always)]
fn quantize_gelu_row(values: &[f32], bytes: &mut [u8]) -> RowScale {
    let (low, high) = range(values);
    let range = (higher(0.5 * low, -0.17), near_gelu(high));
    // By its name it would be called, and without the set's instructions.
    #[allow(clippy::redundant_closure)]
    let activation = |value| near_gelu(value);
    quantize_within(range, values, activation, bytes)
}

#[inline(always)]
fn quantize_within(
    (low, high): (f32, f32),
    values: &[f32],
    activation: impl Fn(f32) -> f32,
    bytes: &mut [u8],
) -> RowScale {
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
        let rounded = activation(value).mul_add(inverse, zero_point);
        *byte = within(rounded, ROUND, ROUND + 255.0).to_bits() as u8;
    }
    RowScale {
        scale,
        zero_point: zero_point - ROUND,
    }
}

/// Fills all of `out` with `rows`, which are as wide.
#[inline(always)]
pub(super) fn quantize(rows: &[f32], out: &mut QuantizedRows) {
    for (row, values) in rows.chunks_exact(out.width).enumerate() {
        let (bytes, scale) = out.row(row);
        *scale = quantize_row(values, bytes);
    }
}

/// Fills all of `out` with the GELU of `rows`, which are as wide.
#[inline(always)]
pub(super) fn quantize_gelu(rows: &[f32], out: &mut QuantizedRows) {
    for (row, values) in rows.chunks_exact(out.width).enumerate() {
        let (bytes, scale) = out.row(row);
        *scale = quantize_gelu_row(values, bytes);
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
        let (bytes, scale) = out.row(first + row);
        *scale = quantize_row(state, bytes);
    }
}

/// `rows · weightsᵀ + biases`, `[rows, outputs]`. `tile` sums up to [`ROWS`] rows
/// times a panel and has [`Finish`] make floats of them. Meanwhile it may bring on
/// its third argument: a quarter of the next panel.
///
/// # Panics
///
/// If the shapes do not fit.
#[inline(always)]
pub(super) fn apply(
    rows: RowsView<'_>,
    dense: &PackedDense,
    out: &mut [f32],
    tile: impl Fn(&[Steps<'_>], &[Group], &[Group], &mut Finish<'_>),
) {
    assert_eq!(rows.width, dense.inputs);
    assert_eq!(out.len(), rows.scales.len() * dense.outputs);
    let depth = dense.inputs.div_ceil(DEPTH);
    for (panel, groups) in dense.groups.chunks_exact(depth).enumerate() {
        let next = &dense.groups[(panel + 1) * depth..];
        let mut quarters = next[..depth.min(next.len())].chunks(depth.div_ceil(4));
        let tiles = rows.steps.chunks(depth * ROWS);
        let tiles = tiles.zip(rows.scales.chunks(ROWS));
        for ((steps, scales), out) in tiles.zip(out.chunks_mut(dense.outputs * ROWS)) {
            let mut views: [Steps<'_>; ROWS] = [&[]; ROWS];
            for (view, steps) in views.iter_mut().zip(steps.chunks_exact(depth)) {
                *view = steps;
            }
            let mut finish = Finish {
                totals: &dense.totals.as_chunks().0[panel],
                scales: columns(&dense.scales, panel),
                biases: columns(&dense.biases, panel),
                sums: columns(&dense.sums, panel),
                rows: scales,
                first: panel * COLUMNS,
                count: COLUMNS.min(dense.outputs - panel * COLUMNS),
                outputs: dense.outputs,
                out,
            };
            // What is there already where there is nothing more.
            let quarter = quarters.next().unwrap_or(groups);
            tile(&views[..scales.len()], groups, quarter, &mut finish);
        }
    }
}

/// The part of `values` that belongs to panel number `panel`, in registers.
#[inline(always)]
fn columns(values: &[f32], panel: usize) -> &[[f32; WIDTH]; COLUMNS / WIDTH] {
    &values.as_chunks().0.as_chunks().0[panel]
}

/// What makes floats of the sums of a tile.
pub(super) struct Finish<'a> {
    totals: &'a [i32; COLUMNS],
    pub(super) scales: &'a [[f32; WIDTH]; COLUMNS / WIDTH],
    pub(super) biases: &'a [[f32; WIDTH]; COLUMNS / WIDTH],
    /// Σ w of each output, times its scale.
    pub(super) sums: &'a [[f32; WIDTH]; COLUMNS / WIDTH],
    pub(super) rows: &'a [RowScale],
    /// The panel's first output.
    first: usize,
    /// Its number of outputs.
    count: usize,
    outputs: usize,
    out: &'a mut [f32],
}

impl Finish<'_> {
    /// Takes the sums of one row of the tile, from every byte of which `lowered`
    /// has been taken off.
    #[inline(always)]
    pub(super) fn put(&mut self, row: usize, sums: &[i32; COLUMNS], lowered: i32) {
        let RowScale { scale, zero_point } = self.rows[row];
        let zero = -(scale * zero_point);
        let scales = self.scales.as_flattened();
        let biases = self.biases.as_flattened();
        let weights = self.sums.as_flattened();
        let mut values = [0.0; COLUMNS];
        for (column, value) in values.iter_mut().enumerate() {
            let constant = zero.mul_add(weights[column], biases[column]);
            let sum = sums[column] + lowered * self.totals[column];
            *value = (sum as f32 * scales[column]).mul_add(scale, constant);
        }
        copy(&values, self.out(row));
    }

    /// Where the outputs of one row of the tile go.
    #[inline(always)]
    pub(super) fn out(&mut self, row: usize) -> &mut [f32] {
        &mut self.out[row * self.outputs + self.first..][..self.count]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::float::gelu;

    #[test]
    fn bytes_follow_their_formula() {
        let row = [-1.0, 0.0, 0.25, 3.0, 1.5];
        let mut bytes = [0; 5];
        let RowScale { scale, zero_point } = quantize_row(&row, &mut bytes);
        assert_eq!(scale, 4.0 / 255.0);
        assert_eq!(zero_point, 64.0); // 63.75
        assert_eq!(bytes, [0, 64, 80, 255, 160]); // 0.25, 64, 79.94, 255.25, 159.6
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        // A scale of 1 and a zero point of 0.
        let row = [0.5, 1.5, 2.5, 253.5, 254.5, 255.0];
        let mut bytes = [0; 6];
        let scale = quantize_row(&row, &mut bytes);
        assert_eq!((scale.scale, scale.zero_point), (1.0, 0.0));
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
    fn bytes_of_a_gelu_follow_its_formula() {
        for factor in [0.01, 0.3, 1.0, 5.0] {
            for offset in [-1.0, 0.0, 1.0] {
                let row: Vec<f32> = (0..77)
                    .map(|i| ((i * 37) as f32).sin() * factor + offset)
                    .collect();
                let mut bytes = [0; 77];
                let RowScale { scale, zero_point } = quantize_gelu_row(&row, &mut bytes);
                for (&byte, &value) in bytes.iter().zip(&row) {
                    let mut exact = [value];
                    gelu(&mut exact);
                    let back = (f32::from(byte) - zero_point) * scale;
                    // A step, and the error of `near_gelu`.
                    let stated = scale * 1.001 + 2e-3;
                    assert!((back - exact[0]).abs() < stated, "{value}");
                }
            }
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
                let back = (f32::from(byte) - zero_point) * scale;
                assert!((back - value).abs() <= scale * 1.001);
            }
        }
    }
}
