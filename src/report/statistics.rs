//! Tests that several parts of the report share.

use statrs::distribution::{Binomial, ChiSquared, ContinuousCDF, DiscreteCDF, Normal};

use crate::aggregate::{Difference, Rate, Z95};

/// A claim is made where chance alone would make any of its kind in fewer than
/// one in twenty reports.
pub(crate) const LEVEL: f64 = 0.05;

/// `p_values` by Holm's method: each below [`LEVEL`] stands, with all of its
/// family taken into account.
pub(crate) fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, &index) in order.iter().enumerate() {
        let tests = (p_values.len() - rank) as f64;
        largest = largest.max((p_values[index] * tests).min(1.0));
        adjusted[index] = largest;
    }
    adjusted
}

/// How likely chance alone takes a standard normal value so far to either side.
pub(crate) fn two_sided(z: f64) -> f64 {
    2.0 * Normal::standard().sf(z.abs())
}

/// How likely two means that are one lie so far apart.
pub(crate) fn same_mean(apart: Difference) -> f64 {
    let error = (apart.interval.high - apart.interval.low) / (2.0 * Z95);
    match error > 0.0 {
        true => two_sided(apart.difference / error),
        false if apart.difference == 0.0 => 1.0,
        false => 0.0,
    }
}

/// Whether two shares are one: the test with the pooled share.
pub(crate) fn same_share(a: Rate, b: Rate) -> f64 {
    let of = (a.of + b.of) as f64;
    let pooled = (a.count + b.count) as f64 / of.max(1.0);
    let inverse = 1.0 / a.of as f64 + 1.0 / b.of as f64;
    let error = (pooled * (1.0 - pooled) * inverse).sqrt();
    if a.of == 0 || b.of == 0 || error == 0.0 {
        return 1.0;
    }
    two_sided((a.share - b.share) / error)
}

/// How likely `count` or more of `of` are, each with `probability`.
pub(crate) fn at_least(count: u64, of: u64, probability: f64) -> f64 {
    match Binomial::new(probability, of) {
        Ok(binomial) if count > 0 => binomial.sf(count - 1),
        _ => 1.0,
    }
}

/// How likely a sum of squares so large is by chance.
pub(crate) fn chi_squared(sum: f64, freedom: u64) -> f64 {
    ChiSquared::new(freedom as f64).map_or(1.0, |chi| chi.sf(sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_textbooks() {
        let close = |left: f64, right: f64| (left - right).abs() < 1e-4;
        assert!(close(two_sided(1.96), 0.0500));
        assert!(close(at_least(8, 10, 0.5), 0.0547));
        assert!(close(chi_squared(3.841, 1), 0.05));
        let adjusted = holm(&[0.01, 0.04, 0.03]);
        assert!(close(adjusted[0], 0.03) && close(adjusted[1], 0.06) && close(adjusted[2], 0.06));
        assert!(close(same_share(Rate::new(0, 0), Rate::new(1, 2)), 1.0));
    }
}
