//! Counts and records, period by period → where a share is going and where it
//! leaps.

use serde::Serialize;

use super::statistics::{LEVEL, at_least, chi_squared, two_sided};
use crate::aggregate::{Interval, Z95};

/// Where a share is going.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct Trend {
    /// By how much the share of records changes from a period to the next.
    pub slope: f64,
    /// What that lies between.
    pub interval: Interval,
    /// How likely chance makes such a slope.
    pub p_value: f64,
    /// Whether it is clear, with all topics taken into account: `rising`,
    /// `falling`, or `steady`.
    pub direction: &'static str,
}

/// What a slope with that p-value is called.
pub(super) fn direction(slope: f64, p_value: f64) -> &'static str {
    match p_value < LEVEL {
        true if slope > 0.0 => "rising",
        true => "falling",
        false => "steady",
    }
}

/// A period held against those before it.
pub(super) struct Leap {
    pub(super) at: usize,
    pub(super) expected: f64,
    pub(super) p_value: f64,
}

/// Periods that a period is held against at most, and at least.
const BASELINE: usize = 8;
const SHORTEST_BASELINE: usize = 3;

/// Fewer records make no spike, however few came before.
const FEWEST: u64 = 5;

/// Counts are restless where chance makes them so in fewer of a thousand baselines.
const RESTLESS: f64 = 0.001;

/// A period so unlikely is no part of what later ones are held against.
const ODD: f64 = 1e-4;

/// Each period against those before it: given how many records there are in
/// all, the count of a quiet period is binomial. Where the periods before are
/// more restless than that, all counts are taken for fewer, as in
/// quasi-likelihood.
pub(super) fn leaps(counts: &[u64], records: &[u64]) -> Vec<Leap> {
    let mut leaps = Vec::new();
    let mut quiet: Vec<usize> = Vec::new();
    for at in 0..counts.len() {
        if records[at] == 0 {
            continue;
        }
        let baseline = &quiet[quiet.len().saturating_sub(BASELINE)..];
        let sum = |values: &[u64]| baseline.iter().map(|&at| values[at]).sum::<u64>();
        let (before, of) = (sum(counts), sum(records));
        let mut odd = false;
        if baseline.len() >= SHORTEST_BASELINE {
            let share = before as f64 / of as f64;
            let expected = share * records[at] as f64;
            let restless = restlessness(baseline, counts, records, share);
            let scaled = |count: u64| (count as f64 / restless).round() as u64;
            let p_value = match counts[at] >= FEWEST {
                true => at_least(
                    scaled(counts[at]),
                    scaled(counts[at]) + scaled(before),
                    records[at] as f64 / (records[at] + of) as f64,
                ),
                false => 1.0,
            };
            odd = p_value < ODD;
            leaps.push(Leap {
                at,
                expected,
                p_value,
            });
        }
        if !odd {
            quiet.push(at);
        }
    }
    leaps
}

/// How many times the variance of the counts is that of chance; 1 unless it is
/// clearly more.
fn restlessness(baseline: &[usize], counts: &[u64], records: &[u64], share: f64) -> f64 {
    if share == 0.0 {
        return 1.0;
    }
    let sum: f64 = baseline
        .iter()
        .map(|&at| {
            let expected = share * records[at] as f64;
            (counts[at] as f64 - expected).powi(2) / expected
        })
        .sum();
    let freedom = baseline.len() as u64 - 1;
    match chi_squared(sum, freedom) < RESTLESS {
        true => sum / freedom as f64,
        false => 1.0,
    }
}

/// The line through the shares, weighted by records (the test is that of
/// Cochran and Armitage); its error grows where the shares do not keep to it,
/// so that a single spike makes no trend.
pub(super) fn trend(counts: &[u64], records: &[u64]) -> Option<Trend> {
    let periods = records.iter().filter(|&&records| records > 0).count();
    let of = records.iter().sum::<u64>() as f64;
    let count = counts.iter().sum::<u64>() as f64;
    if periods < 4 || count == 0.0 || count == of {
        return None;
    }
    let share = count / of;
    let moment = |power: i32| {
        let sums = records.iter().enumerate();
        sums.map(|(at, &n)| n as f64 * (at as f64).powi(power))
            .sum::<f64>()
    };
    let middle = moment(1) / of;
    let spread = moment(2) - of * middle * middle;
    let slope = counts
        .iter()
        .zip(records)
        .enumerate()
        .map(|(at, (&k, &n))| (at as f64 - middle) * (k as f64 - share * n as f64))
        .sum::<f64>()
        / spread;
    let chance = share * (1.0 - share);
    let strays: f64 = counts
        .iter()
        .zip(records)
        .enumerate()
        .filter(|(_, (_, n))| **n > 0)
        .map(|(at, (&k, &n))| {
            let fitted = share + slope * (at as f64 - middle);
            (k as f64 - fitted * n as f64).powi(2) / (n as f64 * chance)
        })
        .sum();
    let error = (chance / spread * (strays / (periods - 2) as f64).max(1.0)).sqrt();
    Some(Trend {
        slope,
        interval: Interval {
            low: slope - Z95 * error,
            high: slope + Z95 * error,
        },
        p_value: two_sided(slope / error),
        direction: "steady",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn restless_counts_need_a_higher_leap() {
        let records = [1000; 9];
        let p_value = |counts: [u64; 9]| leaps(&counts, &records).pop().expect("the last").p_value;
        assert!(p_value([20, 21, 19, 20, 22, 18, 20, 20, 45]) < 0.001);
        assert!(p_value([5, 40, 3, 38, 4, 35, 6, 29, 45]) > 0.01);
    }

    #[test]
    fn a_steady_climb_is_a_trend_and_one_spike_is_none() {
        let records = [500; 12];
        let climb: Vec<u64> = (0..12).map(|week| 10 + 4 * week).collect();
        let climbing = trend(&climb, &records).expect("enough weeks");
        assert!((climbing.slope - 0.008).abs() < 1e-9 && climbing.p_value < 1e-6);
        let mut spike = [20; 12];
        spike[10] = 120;
        assert!(trend(&spike, &records).expect("enough weeks").p_value > 0.05);
        assert!(trend(&[1, 2, 3], &records[..3]).is_none());
    }
}
