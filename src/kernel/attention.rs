//! Self-attention over one window: `softmax(query · keyᵀ) · value` for each head.
//!
//! Both products are of the same kind, a few rows times a panel of 16 columns
//! whose depth runs contiguously, so keys and values of a head are packed into
//! such panels first. Only [`ROWS`] rows of attention exist at any time.

use super::float::{LANES, copy, softmax};

/// Queries that are answered together: with two panels enough sums to hide the
/// latency of a fused multiply-add, few enough to stay in registers.
const ROWS: usize = 3;

/// The widths of a layer's heads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeadShape {
    pub(crate) heads: usize,
    /// Of one head.
    pub(crate) width: usize,
}

/// Room for one head.
#[derive(Default)]
pub(crate) struct Attention {
    /// `[tokens / LANES, width, LANES]`: 16 keys side by side, filled up with zeros.
    keys: Vec<[f32; LANES]>,
    /// `[width / LANES, tokens, LANES]`: 16 dimensions of each value, likewise.
    values: Vec<[f32; LANES]>,
    /// `[ROWS, tokens]`.
    weights: Vec<f32>,
}

/// Attends to every token of a window: `projected` is `[tokens, 3 · heads · width]`,
/// the queries (already divided by √width), keys and values of every token;
/// `context` is `[tokens, heads · width]`.
#[inline(always)]
pub(super) fn attend(
    projected: &[f32],
    shape: HeadShape,
    scratch: &mut Attention,
    context: &mut [f32],
) {
    let HeadShape { heads, width } = shape;
    let hidden = heads * width;
    let tokens = context.len() / hidden;
    if tokens == 0 {
        return;
    }
    let padded = tokens.next_multiple_of(LANES);
    scratch.weights.resize(ROWS * padded, 0.0);
    for head in 0..heads {
        let part = |index: usize| index * hidden + head * width;
        pack_keys(projected, part(1), 3 * hidden, width, &mut scratch.keys);
        pack_values(projected, part(2), 3 * hidden, width, &mut scratch.values);
        for first in (0..tokens).step_by(ROWS) {
            let count = ROWS.min(tokens - first);
            // A row that is missing at the end is the last one again.
            let queries: [&[f32]; ROWS] = std::array::from_fn(|row| {
                let token = first + row.min(count - 1);
                &projected[token * 3 * hidden + part(0)..][..width]
            });
            multiply(queries, &scratch.keys, |row, panel, sums| {
                let at = row * padded + panel * LANES;
                copy(sums, &mut scratch.weights[at..at + LANES]);
            });
            for weights in scratch.weights.chunks_exact_mut(padded) {
                // What stands beyond the window weighs nothing.
                weights[tokens..].fill(f32::NEG_INFINITY);
                softmax(weights);
            }
            let weights: [&[f32]; ROWS] =
                std::array::from_fn(|row| &scratch.weights[row * padded..][..tokens]);
            multiply(weights, &scratch.values, |row, panel, sums| {
                if row < count {
                    let at = (first + row) * hidden + head * width + panel * LANES;
                    let columns = LANES.min(width - panel * LANES);
                    copy(sums, &mut context[at..at + columns]);
                }
            });
        }
    }
}

/// `[ROWS, depth]` times panels of `[depth, LANES]`: `store` takes the number of
/// the row, of the panel, and the sums.
#[inline(always)]
fn multiply(
    rows: [&[f32]; ROWS],
    panels: &[[f32; LANES]],
    mut store: impl FnMut(usize, usize, &[f32; LANES]),
) {
    let depth = rows[0].len();
    for (pair, panels) in panels.chunks(2 * depth).enumerate() {
        if panels.len() == 2 * depth {
            let (left, right) = panels.split_at(depth);
            for (row, [left, right]) in product(rows, [left, right]).iter().enumerate() {
                store(row, 2 * pair, left);
                store(row, 2 * pair + 1, right);
            }
        } else {
            for (row, [sums]) in product(rows, [panels]).iter().enumerate() {
                store(row, 2 * pair, sums);
            }
        }
    }
}

/// Each sum in the order of the depth.
#[inline(always)]
fn product<const PANELS: usize>(
    rows: [&[f32]; ROWS],
    panels: [&[[f32; LANES]]; PANELS],
) -> [[[f32; LANES]; PANELS]; ROWS] {
    let depth = panels[0].len();
    let [a, b, c] = rows;
    // Of one length, so that the loop below need not look.
    let rows = [&a[..depth], &b[..depth], &c[..depth]];
    let mut sums = [[[0.0; LANES]; PANELS]; ROWS];
    for step in 0..depth {
        for (row, sums) in rows.iter().zip(&mut sums) {
            for (panel, sums) in panels.iter().zip(sums) {
                for lane in 0..LANES {
                    sums[lane] = row[step].mul_add(panel[step][lane], sums[lane]);
                }
            }
        }
    }
    sums
}

/// Transposes `width` columns from `first` on of rows that are `stride` wide.
#[inline(always)]
fn pack_keys(
    projected: &[f32],
    first: usize,
    stride: usize,
    width: usize,
    keys: &mut Vec<[f32; LANES]>,
) {
    let tokens = projected.len() / stride;
    keys.resize(tokens.div_ceil(LANES) * width, [0.0; LANES]);
    let panels = keys.chunks_exact_mut(width);
    for (panel, rows) in panels.zip(projected.chunks(LANES * stride)) {
        let mut lanes: [&[f32]; LANES] = [&[]; LANES];
        for (lane, row) in lanes.iter_mut().zip(rows.chunks_exact(stride)) {
            *lane = &row[first..first + width];
        }
        for (column, keys) in panel.iter_mut().enumerate() {
            for (key, lane) in keys.iter_mut().zip(lanes) {
                *key = lane.get(column).copied().unwrap_or(0.0);
            }
        }
    }
}

/// Cuts `width` columns from `first` on of rows that are `stride` wide.
#[inline(always)]
fn pack_values(
    projected: &[f32],
    first: usize,
    stride: usize,
    width: usize,
    values: &mut Vec<[f32; LANES]>,
) {
    let tokens = projected.len() / stride;
    values.resize(width.div_ceil(LANES) * tokens, [0.0; LANES]);
    for (panel, values) in values.chunks_exact_mut(tokens).enumerate() {
        let from = panel * LANES;
        let columns = LANES.min(width - from);
        for (values, row) in values.iter_mut().zip(projected.chunks_exact(stride)) {
            values[..columns].copy_from_slice(&row[first + from..][..columns]);
            values[columns..].fill(0.0);
        }
    }
}
