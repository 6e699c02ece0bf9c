//! How far a figure may be from the truth: 95 % intervals by resampling rows.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;
use serde::Serialize;

/// Something measured on rows, each counted as often as its weight says.
pub(super) type Statistic<'a> = Box<dyn Fn(&[u32]) -> Option<f64> + Sync + 'a>;

/// Where a figure lies in 95 of 100 resampled sets: from their 2.5th to their
/// 97.5th percentile (Efron and Tibshirani 1993, chapter 13).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// How sets are resampled. The same seed gives the same intervals on every
/// machine, with any number of threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bootstrap {
    /// How many sets are drawn; 0 for no intervals.
    pub resamples: u32,
    /// Where the random numbers start.
    pub seed: u64,
}

impl Default for Bootstrap {
    /// 1,000 sets, as sacreBLEU draws, with its seed.
    fn default() -> Self {
        Self {
            resamples: 1000,
            seed: 12345,
        }
    }
}

/// Percentiles that a 95 % interval ends at.
const ENDS: [f64; 2] = [0.025, 0.975];

impl Bootstrap {
    /// The interval of each statistic of the same `rows` rows. All of them see
    /// the same sets, so that the difference of two of them is paired.
    pub(super) fn intervals(
        self,
        rows: usize,
        statistics: &[Statistic<'_>],
    ) -> Vec<Option<Interval>> {
        let mut values = vec![Vec::new(); statistics.len()];
        let drawn: Vec<Vec<Option<f64>>> = (0..self.resamples)
            .into_par_iter()
            .map(|set| {
                let weights = self.weights(rows, set);
                statistics.iter().map(|value| value(&weights)).collect()
            })
            .collect();
        for set in drawn {
            for (values, value) in values.iter_mut().zip(set) {
                values.extend(value);
            }
        }
        values.into_iter().map(interval).collect()
    }

    /// How often each row is in the set of that number.
    fn weights(self, rows: usize, set: u32) -> Vec<u32> {
        let mut random = self.random(set);
        let mut weights = vec![0; rows];
        for _ in 0..rows {
            weights[random.random_range(0..rows)] += 1;
        }
        weights
    }

    /// The random numbers of one set, the same whichever thread draws it.
    pub(super) fn random(self, set: u32) -> ChaCha8Rng {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(u64::from(set));
        random
    }
}

fn interval(mut values: Vec<f64>) -> Option<Interval> {
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    let [low, high] = ENDS.map(|end| {
        let place = end * last as f64;
        let (below, above) = (place.floor() as usize, place.ceil() as usize);
        values[below] + (values[above] - values[below]) * place.fract()
    });
    Some(Interval { low, high })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::metrics;

    fn accuracy(right: &[f64]) -> Vec<Statistic<'_>> {
        vec![Box::new(|weights| metrics::mean(right, weights))]
    }

    #[test]
    fn the_same_seed_gives_the_same_interval_for_any_number_of_threads() {
        let right: Vec<f64> = (0..50).map(|row| f64::from(row % 3 / 2)).collect();
        let bootstrap = Bootstrap {
            resamples: 100,
            seed: 7,
        };
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let pool = pool.build().expect("threads");
            pool.install(|| bootstrap.intervals(50, &accuracy(&right)))
        };
        assert_eq!(on(1), on(3));
        let other = Bootstrap {
            seed: 8,
            ..bootstrap
        };
        assert_ne!(on(1), other.intervals(50, &accuracy(&right)));
    }

    #[test]
    fn nothing_has_no_interval() {
        let bootstrap = Bootstrap::default();
        assert_eq!(bootstrap.intervals(0, &accuracy(&[])), [None]);
        let none = Bootstrap {
            resamples: 0,
            seed: 0,
        };
        assert_eq!(none.intervals(1, &accuracy(&[1.0])), [None]);
    }

    /// The ends of numpy.percentile, which goes between neighbours in a straight line.
    #[test]
    fn percentiles_lie_between_neighbours() {
        let ends = interval(vec![5.0, 1.0, 4.0, 2.0, 3.0]).expect("values");
        assert!(
            (ends.low - 1.1).abs() < 1e-12 && (ends.high - 4.9).abs() < 1e-12,
            "{ends:?}"
        );
    }

    /// Of 400 simulated systems that are right four times in five, the interval
    /// of 93 to 97 % holds the truth.
    #[test]
    fn intervals_hold_the_truth_as_often_as_they_say() {
        let truth = 0.8;
        let simulations = 400;
        let held = (0..simulations).filter(|&simulation| {
            let bootstrap = Bootstrap {
                resamples: 300,
                seed: 1000 + simulation,
            };
            let mut random = ChaCha8Rng::seed_from_u64(simulation);
            let right: Vec<f64> = (0..200)
                .map(|_| f64::from(u8::from(random.random_bool(truth))))
                .collect();
            let interval = bootstrap.intervals(200, &accuracy(&right))[0].expect("rows");
            (interval.low..=interval.high).contains(&truth)
        });
        let share = held.count() as f64 / simulations as f64;
        assert!((0.93..=0.97).contains(&share), "{share}");
    }
}
