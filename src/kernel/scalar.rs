//! Portable Rust, the reference for every later twin. Sums run in one fixed
//! order, so a row's result does not depend on what stands beside it.

/// Lanes that are summed side by side; enough for the widest registers.
const LANES: usize = 16;

/// Σ aᵢ·bᵢ, in [`LANES`] partial sums and then from left to right.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

/// Layer normalisation: `(x − mean) / √(variance + epsilon) · weight + bias`,
/// with the variance over `n`, as BERT has it.
pub(crate) fn layer_norm(row: &mut [f32], weight: &[f32], bias: &[f32], epsilon: f32) {
    let count = row.len() as f32;
    let mean = sum(row) / count;
    for x in &mut *row {
        *x -= mean;
    }
    let variance = dot(row, row) / count;
    let scale = 1.0 / (variance + epsilon).sqrt();
    for ((x, weight), bias) in row.iter_mut().zip(weight).zip(bias) {
        *x = *x * scale * weight + bias;
    }
}

fn sum(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            sums[lane] += chunk[lane];
        }
    }
    sums.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

/// Softmax in place; the largest value is taken out first, so nothing overflows.
pub(crate) fn softmax(row: &mut [f32]) {
    let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for x in &mut *row {
        *x = exp(*x - largest);
    }
    let scale = 1.0 / sum(row);
    for x in row {
        *x *= scale;
    }
}

/// GELU with the error function, `x/2 · (1 + erf(x/√2))`, in place.
pub(crate) fn gelu(row: &mut [f32]) {
    for x in row {
        *x = 0.5 * *x * (1.0 + erf(*x * std::f32::consts::FRAC_1_SQRT_2));
    }
}

/// The error function to an absolute error of 6e-7: Abramowitz and Stegun,
/// 7.1.26, whose own error is 1.5e-7.
#[inline]
fn erf(x: f32) -> f32 {
    let z = x.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let series = ((((1.061_405_4 * t - 1.453_152) * t + 1.421_413_7) * t - 0.284_496_74) * t
        + 0.254_829_6)
        * t;
    (1.0 - series * exp(-z * z)).copysign(x)
}

/// e^x to a relative error of 2e-7, 0 below −87 and e^88 above 88: x is split
/// into n·ln 2 + r, and e^r is the polynomial of Cephes' `expf`.
#[inline]
fn exp(x: f32) -> f32 {
    let clamped = x.clamp(-87.0, 88.0);
    // Adding and taking off 1.5·2²³ rounds to the nearest integer without a
    // call, which keeps the loop vectorisable.
    const ROUND: f32 = 12_582_912.0;
    let n = (clamped * std::f32::consts::LOG2_E + ROUND) - ROUND;
    // ln 2 in two parts, so that the product with n loses nothing.
    let r = (clamped - n * 0.693_359_4) + n * 2.121_944_4e-4;
    let series = ((((1.987_569_1e-4 * r + 1.398_2e-3) * r + 8.333_452e-3) * r + 4.166_579_6e-2)
        * r
        + 1.666_666_5e-1)
        * r
        + 5.0e-1;
    let power = f32::from_bits((((n as i32) + 127) << 23) as u32);
    let value = (series * r * r + r + 1.0) * power;
    if x < -87.0 { 0.0 } else { value }
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
        assert_eq!(erf(100.0), 1.0);
        assert_eq!(erf(-100.0), -1.0);
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
    fn layer_norm_centres_and_scales() {
        let mut row: Vec<f32> = (0..37).map(|i| i as f32).collect();
        layer_norm(&mut row, &[1.0; 37], &[0.0; 37], 1e-12);
        assert!(sum(&row).abs() < 1e-4);
        assert!((dot(&row, &row) / 37.0 - 1.0).abs() < 1e-5);
    }
}
