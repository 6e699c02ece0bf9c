//! Self-attention over one window: `softmax(query · keyᵀ) · value` for each head.
//!
//! [`LANES`] queries are answered at a time, side by side: scores stand in
//! columns, one for each query, so the softmax needs no sum across lanes. What
//! exists of `[tokens, tokens]` at any time is these columns of one head.
//!
//! All is in `f32`, but a weight is only good to 1e-4 of itself, as
//! [`near_exp`] is: eight bits follow.

use super::float::{LANES, copy, higher, near_exp};

/// Sums that grow at the same time: enough to hide the latency of a fused
/// multiply-add, few enough to stay in registers.
const SUMS: usize = 6;

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
    /// `[width, LANES]`: queries side by side.
    queries: Vec<[f32; LANES]>,
    /// `[tokens, LANES]`: how much each query attends to each token; filled up to
    /// a multiple of [`SUMS`].
    weights: Vec<[f32; LANES]>,
    /// `[width / LANES, tokens, LANES]`: 16 dimensions of each value, filled up
    /// with zeros.
    values: Vec<[f32; LANES]>,
}

/// Attends to every token of a window: `projected` is `[tokens, 3 · heads · width]`,
/// the queries (already divided by √width), keys and values of every token;
/// `context` is `[tokens, heads · width]`. `pack` is [`pack_queries`] or does the
/// same.
#[inline(always)]
pub(super) fn attend(
    projected: &[f32],
    shape: HeadShape,
    scratch: &mut Attention,
    context: &mut [f32],
    pack: impl Fn(&[f32], usize, usize, &mut [[f32; LANES]]),
) {
    let HeadShape { heads, width } = shape;
    let hidden = heads * width;
    let tokens = context.len() / hidden;
    if tokens == 0 {
        return;
    }
    let Attention {
        queries,
        weights,
        values,
    } = scratch;
    queries.resize(width, [0.0; LANES]);
    weights.resize(tokens.next_multiple_of(SUMS), [0.0; LANES]);
    values.resize(width.div_ceil(LANES) * tokens, [0.0; LANES]);
    for head in 0..heads {
        let part = |index: usize| index * hidden + head * width;
        pack_values(projected, part(2), 3 * hidden, width, values);
        for first in (0..tokens).step_by(LANES) {
            let count = LANES.min(tokens - first);
            let rows = &projected[first * 3 * hidden..(first + count) * 3 * hidden];
            pack(rows, part(0), 3 * hidden, queries);
            score(&projected[part(1)..], 3 * hidden, queries, weights);
            let weights = &mut weights[..tokens];
            let factors = softmax_columns(weights);
            for (panel, values) in values.chunks_exact(tokens).enumerate() {
                let from = panel * LANES;
                let columns = LANES.min(width - from);
                let mut store = |lane: usize, sums: &[[f32; LANES]]| {
                    for (query, sums) in (lane..count).zip(sums) {
                        let at = (first + query) * hidden + head * width + from;
                        copy(sums, &mut context[at..at + columns]);
                    }
                };
                store(0, &gather::<SUMS>(weights, &factors, 0, values));
                if count > SUMS {
                    store(SUMS, &gather::<SUMS>(weights, &factors, SUMS, values));
                }
                if count > 2 * SUMS {
                    const REST: usize = LANES - 2 * SUMS;
                    store(
                        2 * SUMS,
                        &gather::<REST>(weights, &factors, 2 * SUMS, values),
                    );
                }
            }
        }
    }
}

/// The product of each key with the queries; keys are `stride` apart. `scores`
/// has room for whole tiles of keys.
#[inline(always)]
fn score(keys: &[f32], stride: usize, queries: &[[f32; LANES]], scores: &mut [[f32; LANES]]) {
    let width = queries.len();
    let last = (keys.len() - width) / stride;
    for (tile, scores) in scores.as_chunks_mut::<SUMS>().0.iter_mut().enumerate() {
        // A key that is missing at the end is the last one again.
        let key = |index: usize| &keys[last.min(tile * SUMS + index) * stride..][..width];
        let keys = [key(0), key(1), key(2), key(3), key(4), key(5)];
        let mut sums = [[0.0; LANES]; SUMS];
        for (step, queries) in queries.iter().enumerate() {
            for (key, sums) in keys.iter().zip(&mut sums) {
                for lane in 0..LANES {
                    sums[lane] = key[step].mul_add(queries[lane], sums[lane]);
                }
            }
        }
        *scores = sums;
    }
}

/// Softmax of each column, with [`near_exp`], up to a factor
/// for each column: gives those factors, which come cheaper later.
#[inline(always)]
fn softmax_columns(rows: &mut [[f32; LANES]]) -> [f32; LANES] {
    let mut largest = [f32::NEG_INFINITY; LANES];
    for row in &*rows {
        for lane in 0..LANES {
            largest[lane] = higher(row[lane], largest[lane]);
        }
    }
    let mut sums = [0.0; LANES];
    for row in rows {
        for lane in 0..LANES {
            row[lane] = near_exp(row[lane] - largest[lane]);
        }
        for lane in 0..LANES {
            sums[lane] += row[lane];
        }
    }
    for sum in &mut sums {
        *sum = 1.0 / *sum;
    }
    sums
}

/// The values, weighted as `COUNT` queries from number `first` on weight them;
/// each sum in the order of the tokens.
#[inline(always)]
fn gather<const COUNT: usize>(
    weights: &[[f32; LANES]],
    factors: &[f32; LANES],
    first: usize,
    values: &[[f32; LANES]],
) -> [[f32; LANES]; COUNT] {
    let mut sums = [[0.0; LANES]; COUNT];
    for (weights, values) in weights.iter().zip(values) {
        for (query, sums) in sums.iter_mut().enumerate() {
            for lane in 0..LANES {
                sums[lane] = weights[first + query].mul_add(values[lane], sums[lane]);
            }
        }
    }
    for (query, sums) in sums.iter_mut().enumerate() {
        for sum in sums {
            *sum *= factors[first + query];
        }
    }
    sums
}

/// Transposes columns from `first` on of up to [`LANES`] rows that are `stride`
/// wide; lanes without a row become zero.
#[inline(always)]
pub(super) fn pack_queries(
    rows: &[f32],
    first: usize,
    stride: usize,
    queries: &mut [[f32; LANES]],
) {
    let width = queries.len();
    let mut lanes: [&[f32]; LANES] = [&[]; LANES];
    for (lane, row) in lanes.iter_mut().zip(rows.chunks_exact(stride)) {
        *lane = &row[first..first + width];
    }
    for (column, queries) in queries.iter_mut().enumerate() {
        for (query, lane) in queries.iter_mut().zip(lanes) {
            *query = lane.get(column).copied().unwrap_or(0.0);
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
    values: &mut [[f32; LANES]],
) {
    let tokens = projected.len() / stride;
    for (panel, values) in values.chunks_exact_mut(tokens).enumerate() {
        let from = panel * LANES;
        let columns = LANES.min(width - from);
        for (values, row) in values.iter_mut().zip(projected.chunks_exact(stride)) {
            let row = &row[first + from..][..columns];
            match row.try_into() {
                Ok(row) => *values = row,
                Err(_) => {
                    *values = [0.0; LANES];
                    values[..columns].copy_from_slice(row);
                }
            }
        }
    }
}
