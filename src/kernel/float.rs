//! Loops over floats, written so that the compiler vectorises them: what goes
//! element by element is a plain loop, what is summed up is summed in
//! [`LANES`] lanes. The same bits come out for every instruction set; see
//! [the module above](super).

/// Lanes that are summed side by side; enough for the widest registers.
pub(super) const LANES: usize = 16;

/// The parameters of a layer normalisation.
#[derive(Clone, Copy)]
pub(crate) struct Norm<'a> {
    pub(crate) weight: &'a [f32],
    pub(crate) bias: &'a [f32],
    pub(crate) epsilon: f32,
}

/// Σ aᵢ·bᵢ, in [`LANES`] partial sums that [`total`] joins.
#[inline(always)]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] = a[lane].mul_add(b[lane], sums[lane]);
        }
    }
    for ((sum, &a), &b) in sums.iter_mut().zip(a_rest).zip(b_rest) {
        *sum = a.mul_add(b, *sum);
    }
    total(sums)
}

/// Rows that [`dots`] sums side by side: the sum of one waits for itself at every
/// step.
const TOGETHER: usize = 4;

/// [`dot`] of `x` with each of the rows, as wide as it is, that stand in `rows`
/// one after the other.
#[inline(always)]
pub(super) fn dots(rows: &[f32], x: &[f32], out: &mut [f32]) {
    let (blocks, rest) = out.as_chunks_mut::<TOGETHER>();
    let mut rows = rows;
    for block in blocks {
        let four;
        (four, rows) = rows.split_at(TOGETHER * x.len());
        *block = dots_together(four, x);
    }
    for out in rest {
        let row;
        (row, rows) = rows.split_at(x.len());
        *out = dot(row, x);
    }
}

#[inline(always)]
fn dots_together(rows: &[f32], x: &[f32]) -> [f32; TOGETHER] {
    let rows: [&[f32]; TOGETHER] = std::array::from_fn(|row| &rows[row * x.len()..][..x.len()]);
    let (x, x_rest) = x.as_chunks::<LANES>();
    let mut sums = [[0.0; LANES]; TOGETHER];
    for (at, x) in x.iter().enumerate() {
        for (row, sums) in rows.iter().zip(&mut sums) {
            let row = &row.as_chunks::<LANES>().0[at];
            for lane in 0..LANES {
                sums[lane] = row[lane].mul_add(x[lane], sums[lane]);
            }
        }
    }
    for (row, sums) in rows.iter().zip(&mut sums) {
        let rest = row.as_chunks::<LANES>().1;
        for ((sum, &a), &b) in sums.iter_mut().zip(rest).zip(x_rest) {
            *sum = a.mul_add(b, *sum);
        }
    }
    sums.map(total)
}

/// Σ xᵢ, in [`LANES`] partial sums that [`total`] joins.
#[inline(always)]
fn sum(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            sums[lane] += chunk[lane];
        }
    }
    for (sum, value) in sums.iter_mut().zip(rest) {
        *sum += value;
    }
    total(sums)
}

/// The sum of all lanes; see [`join`].
#[inline(always)]
fn total(sums: [f32; LANES]) -> f32 {
    join(sums, |a, b| a + b)
}

/// Joins all lanes: halves are laid onto each other until one lane is left.
#[inline(always)]
fn join(mut lanes: [f32; LANES], two: impl Fn(f32, f32) -> f32) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] = two(lanes[lane], lanes[lane + half]);
        }
        half /= 2;
    }
    lanes[0]
}

/// The smallest and the largest of `values` and 0. NaN counts as 0.
#[inline(always)]
pub(super) fn range(values: &[f32]) -> (f32, f32) {
    // One after the other: two kinds of lanes in one loop confuse the compiler.
    (extreme(values, 0.0, lower), extreme(values, 0.0, higher))
}

/// The value that `two` picks of all `values` and `start`.
#[inline(always)]
fn extreme(values: &[f32], start: f32, two: impl Fn(f32, f32) -> f32) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [start; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            lanes[lane] = two(chunk[lane], lanes[lane]);
        }
    }
    for (lane, &value) in lanes.iter_mut().zip(rest) {
        *lane = two(value, *lane);
    }
    join(lanes, two)
}

/// The smaller one; `b` if there is a NaN. Unlike `f32::min` it is one instruction.
#[inline(always)]
fn lower(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// The larger one, as [`lower`].
#[inline(always)]
pub(super) fn higher(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// Σ weightᵢ·rowᵢ over the rows that stand in `rows` one after the other, each
/// as wide as `out`; in the order of the rows.
#[inline(always)]
pub(super) fn weighted_sum(weights: &[f32], rows: &[f32], out: &mut [f32]) {
    out.fill(0.0);
    for (&weight, row) in weights.iter().zip(rows.chunks_exact(out.len())) {
        for (out, &value) in out.iter_mut().zip(row) {
            *out = weight.mul_add(value, *out);
        }
    }
}

/// Layer normalisation: `(x − mean) / √(variance + epsilon) · weight + bias`,
/// with the variance over `n`, as BERT has it.
#[inline(always)]
pub(super) fn layer_norm(row: &mut [f32], norm: Norm<'_>) {
    let count = row.len() as f32;
    let mean = sum(row) / count;
    for x in &mut *row {
        *x -= mean;
    }
    let variance = dot(row, row) / count;
    let scale = 1.0 / (variance + norm.epsilon).sqrt();
    for ((x, &weight), &bias) in row.iter_mut().zip(norm.weight).zip(norm.bias) {
        *x = (*x * scale).mul_add(weight, bias);
    }
}

/// Softmax in place; the largest value is taken out first, so nothing overflows.
#[inline(always)]
pub(super) fn softmax(row: &mut [f32]) {
    let largest = extreme(row, f32::NEG_INFINITY, higher);
    for x in &mut *row {
        *x = exp(*x - largest);
    }
    let scale = 1.0 / sum(row);
    for x in row {
        *x *= scale;
    }
}

/// `1 / (1 + e^−x)`, in place.
#[inline(always)]
pub(super) fn sigmoid(row: &mut [f32]) {
    for x in row {
        *x = 1.0 / (1.0 + exp(-*x));
    }
}

/// GELU with the error function, `x/2 · (1 + erf(x/√2))`, in place.
#[inline(always)]
pub(super) fn gelu(row: &mut [f32]) {
    for x in row {
        let half = 0.5 * *x;
        *x = half.mul_add(erf(*x * std::f32::consts::FRAC_1_SQRT_2), half);
    }
}

/// [`gelu`] of one value to an absolute error of 1e-3 below 3.3 and of 3e-4·x
/// above, with fewer operations: for values that eight bits will hold, in steps
/// of 1/255 of the row's range. Within −3.3..3.3 it is `x · (½ + x·P(x²))`, where
/// P, of degree 4, makes the largest error least.
#[inline(always)]
pub(super) fn near_gelu(x: f32) -> f32 {
    let t = within(x, -3.3, 3.3);
    let z = t * t;
    let slope = 1.188_229_6e-5f32
        .mul_add(z, -4.470_849_9e-4)
        .mul_add(z, 6.972_548_4e-3)
        .mul_add(z, -6.062_581e-2)
        .mul_add(z, 3.950_511_7e-1);
    higher(x, -3.3) * t.mul_add(slope, 0.5)
}

/// The error function to an absolute error of 6e-7: the rational function of
/// Eigen and XLA, fitted on −4..4, where erf(4) = 1 − 1.5e-8.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let x = within(x, -4.0, 4.0);
    let z = x * x;
    let above = (-2.726_142_4e-10f32)
        .mul_add(z, 2.770_681_4e-8)
        .mul_add(z, -2.101_024e-6)
        .mul_add(z, -5.692_506_4e-5)
        .mul_add(z, -7.349_906_5e-4)
        .mul_add(z, -2.954_598e-3)
        .mul_add(z, -1.609_603_3e-2);
    let below = (-1.456_607_2e-5f32)
        .mul_add(z, -2.133_740_6e-4)
        .mul_add(z, -1.682_827e-3)
        .mul_add(z, -7.373_329e-3)
        .mul_add(z, -1.426_473_9e-2);
    within(x * above / below, -1.0, 1.0)
}

/// Fills `to` with the first values of `from`: for the usual length, which is
/// all of them, without a call of `memcpy`.
#[inline(always)]
pub(super) fn copy<const COUNT: usize>(from: &[f32; COUNT], to: &mut [f32]) {
    let count = to.len();
    match <&mut [f32; COUNT]>::try_from(&mut *to) {
        Ok(to) => *to = *from,
        Err(_) => to.copy_from_slice(&from[..count]),
    }
}

/// `x` clamped; NaN becomes `low`.
#[inline(always)]
pub(super) fn within(x: f32, low: f32, high: f32) -> f32 {
    lower(higher(x, low), high)
}

/// e^x to a relative error of 2e-7, 0 below −87 and e^88 above 88: x is split
/// into n·ln 2 + r, and e^r is the polynomial of Cephes' `expf`.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    let clamped = within(x, -87.0, 88.0);
    // Added to 1.5·2²³ a float is rounded to the nearest integer, which then
    // stands in its lowest bits.
    const ROUND: f32 = 12_582_912.0;
    let rounded = clamped.mul_add(std::f32::consts::LOG2_E, ROUND);
    let n = rounded - ROUND;
    // ln 2 in two parts, so that the product with n loses nothing.
    let r = n.mul_add(2.121_944_4e-4, n.mul_add(-0.693_359_4, clamped));
    let series = 1.987_569_1e-4f32
        .mul_add(r, 1.398_2e-3)
        .mul_add(r, 8.333_452e-3)
        .mul_add(r, 4.166_579_6e-2)
        .mul_add(r, 1.666_666_5e-1)
        .mul_add(r, 5.0e-1);
    let power = f32::from_bits((rounded.to_bits() << 23).wrapping_add(127 << 23));
    let value = ((series * r).mul_add(r, r) + 1.0) * power;
    if x < -87.0 { 0.0 } else { value }
}

/// e^x of an x that is not above 0, to a relative error of 1e-4, and below
/// 1e-37 from −86 down: for weights whose sum eight bits will hold. x·log₂e is
/// split into n + r, and 2^r is a polynomial of degree 3 with the least error.
#[inline(always)]
pub(super) fn near_exp(x: f32) -> f32 {
    let clamped = higher(x, -86.0);
    // As in `exp`.
    const ROUND: f32 = 12_582_912.0;
    let rounded = clamped.mul_add(std::f32::consts::LOG2_E, ROUND);
    let r = clamped.mul_add(std::f32::consts::LOG2_E, ROUND - rounded);
    let series = 5.517_108e-2f32
        .mul_add(r, 2.426_107_7e-1)
        .mul_add(r, 6.932_61e-1)
        .mul_add(r, 9.999_281e-1);
    let power = f32::from_bits((rounded.to_bits() << 23).wrapping_add(127 << 23));
    series * power
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `count + 1` floats at equal distances.
    fn floats(from: f32, to: f32, count: usize) -> impl Iterator<Item = f32> {
        (0..=count).map(move |i| from + (to - from) * i as f32 / count as f32)
    }

    #[test]
    fn exp_keeps_its_stated_error() {
        for x in floats(-87.0, 88.0, 1_000_000) {
            let truth = f64::from(x).exp();
            let error = (f64::from(exp(x)) - truth).abs() / truth;
            assert!(error < 2e-7, "exp({x}) is off by {error}");
        }
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
        assert_eq!(exp(0.0), 1.0);
    }

    #[test]
    fn erf_keeps_its_stated_error() {
        for x in floats(-6.0, 6.0, 1_000_000) {
            let error = (f64::from(erf(x)) - libm::erf(f64::from(x))).abs();
            assert!(error < 6e-7, "erf({x}) is off by {error}");
        }
        assert!((erf(100.0) - 1.0).abs() < 6e-7);
        assert_eq!(erf(-100.0), -erf(100.0));
    }

    #[test]
    fn gelu_matches_its_formula() {
        for x in floats(-10.0, 10.0, 10_000) {
            let mut row = [x];
            gelu(&mut row);
            let wide = f64::from(x);
            let truth = 0.5 * wide * (1.0 + libm::erf(wide * std::f64::consts::FRAC_1_SQRT_2));
            assert!(
                (f64::from(row[0]) - truth).abs() < 2e-6,
                "gelu({x}) = {}",
                row[0]
            );
        }
    }

    #[test]
    fn near_gelu_keeps_its_stated_error() {
        for x in floats(-100.0, 100.0, 2_000_000) {
            let mut exact = [x];
            gelu(&mut exact);
            let error = (near_gelu(x) - exact[0]).abs();
            let stated = if x < 3.3 { 1e-3 } else { 3e-4 * x };
            assert!(error < stated, "near_gelu({x}) = {}", near_gelu(x));
        }
        assert_eq!(near_gelu(0.0), 0.0);
    }

    #[test]
    fn near_exp_keeps_its_stated_error() {
        for x in floats(-86.0, 0.0, 1_000_000) {
            let truth = f64::from(x).exp();
            let error = (f64::from(near_exp(x)) - truth).abs() / truth;
            assert!(error < 1e-4, "near_exp({x}) is off by {error}");
        }
        assert!((0.0..1e-37).contains(&near_exp(f32::NEG_INFINITY)));
    }

    #[test]
    fn sigmoid_matches_its_formula() {
        for x in floats(-100.0, 100.0, 10_000) {
            let mut row = [x];
            sigmoid(&mut row);
            let truth = 1.0 / (1.0 + (-f64::from(x)).exp());
            assert!((f64::from(row[0]) - truth).abs() < 2e-7, "sigmoid({x})");
        }
    }

    #[test]
    fn softmax_sums_to_one_at_every_length() {
        for length in 1..70 {
            let mut row: Vec<f32> = (0..length)
                .map(|i| (i as f32 * 0.37).sin() * 50.0)
                .collect();
            softmax(&mut row);
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            assert!(row.iter().all(|p| (0.0..=1.0).contains(p)));
        }
    }

    #[test]
    fn dot_matches_wide_arithmetic_at_every_length() {
        for length in 0..70 {
            let a: Vec<f32> = (0..length).map(|i| (i as f32).sin()).collect();
            let b: Vec<f32> = (0..length).map(|i| (i as f32 * 1.3).cos()).collect();
            let wide = a.iter().zip(&b).map(|(a, b)| f64::from(*a) * f64::from(*b));
            assert!((f64::from(dot(&a, &b)) - wide.sum::<f64>()).abs() < 1e-5);
        }
    }

    #[test]
    fn weighted_sum_matches_its_formula() {
        let rows: Vec<f32> = (0..5 * 37).map(|i| (i as f32).sin()).collect();
        let weights = [0.1, -0.2, 0.3, 0.0, 1.5];
        let mut out = [7.0; 37];
        weighted_sum(&weights, &rows, &mut out);
        for (column, out) in out.iter().enumerate() {
            let truth: f32 = (0..5)
                .map(|row| weights[row] * rows[row * 37 + column])
                .sum();
            assert!((out - truth).abs() < 1e-6);
        }
    }

    #[test]
    fn range_holds_zero_and_every_value() {
        for length in 0..40 {
            let row: Vec<f32> = (0..length).map(|i| (i as f32 * 0.7).sin() * 3.0).collect();
            let low = row.iter().copied().fold(0.0, f32::min);
            let high = row.iter().copied().fold(0.0, f32::max);
            assert_eq!(range(&row), (low, high));
        }
        assert_eq!(range(&[2.0, f32::NAN, 3.0]), (0.0, 3.0));
    }

    #[test]
    fn layer_norm_centres_and_scales() {
        let mut row: Vec<f32> = (0..37).map(|i| i as f32).collect();
        let norm = Norm {
            weight: &[1.0; 37],
            bias: &[0.0; 37],
            epsilon: 1e-12,
        };
        layer_norm(&mut row, norm);
        assert!(sum(&row).abs() < 1e-4);
        assert!((dot(&row, &row) / 37.0 - 1.0).abs() < 1e-5);
    }
}
