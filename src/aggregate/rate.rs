//! Counts and sums → rates and means with their intervals.

use serde::{Deserialize, Serialize};

use super::sketch::Merge;

/// The two-sided 95 % quantile of the normal distribution.
pub(crate) const Z95: f64 = 1.959_963_984_540_054;

/// What a figure lies between with 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    pub(crate) fn around(middle: f64, error: f64) -> Self {
        Self {
            low: middle - Z95 * error,
            high: middle + Z95 * error,
        }
    }
}

/// A share of a whole, with Wilson's interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// The share, `0.0..=1.0`; 0 of nothing.
    pub share: f64,
    /// Wilson's score interval; all of it for nothing.
    pub interval: Interval,
}

impl Rate {
    /// `count` of `of`; a count beyond is taken for all.
    ///
    /// ```
    /// let rate = painpoint::aggregate::Rate::new(10, 50);
    /// assert_eq!(rate.share, 0.2);
    /// assert!((rate.interval.low - 0.1124).abs() < 1e-4);
    /// assert!((rate.interval.high - 0.3304).abs() < 1e-4);
    /// ```
    pub fn new(count: u64, of: u64) -> Self {
        let count = count.min(of);
        if of == 0 {
            let interval = Interval {
                low: 0.0,
                high: 1.0,
            };
            return Self {
                count,
                of,
                share: 0.0,
                interval,
            };
        }
        let (n, share) = (of as f64, count as f64 / of as f64);
        let z2 = Z95 * Z95 / n;
        let middle = (share + z2 / 2.0) / (1.0 + z2);
        let half = Z95 / (1.0 + z2) * (share * (1.0 - share) / n + z2 / (4.0 * n)).sqrt();
        Self {
            count,
            of,
            share,
            // At the ends rounding would leave a trace of the share outside.
            interval: Interval {
                low: if count == 0 { 0.0 } else { middle - half },
                high: if count == of { 1.0 } else { middle + half },
            },
        }
    }

    /// This share less `other`, with Newcombe's interval (his method 10,
    /// Statistics in Medicine 1998), which is made of Wilson's two.
    pub fn less(self, other: Self) -> Difference {
        let difference = self.share - other.share;
        let reach = |a: f64, b: f64| (a * a + b * b).sqrt();
        Difference {
            difference,
            interval: Interval {
                low: difference
                    - reach(
                        self.share - self.interval.low,
                        other.interval.high - other.share,
                    ),
                high: difference
                    + reach(
                        self.interval.high - self.share,
                        other.share - other.interval.low,
                    ),
            },
        }
    }
}

/// How far two figures lie apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The first less the second.
    pub difference: f64,
    /// What it lies between.
    pub interval: Interval,
}

/// Count, sum and sum of squares: a mean and its error, kept in whole numbers
/// so that the order of the values does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moments {
    /// How many values there are.
    pub count: u64,
    sum: i64,
    squares: i64,
}

/// Parts of one that [`Moments`] count in.
const PARTS: f64 = 100.0;

impl Moments {
    /// Adds a value, rounded to hundredths.
    pub fn push(&mut self, value: f64) {
        self.add_times(value, 1);
    }

    pub(crate) fn add_times(&mut self, value: f64, times: u64) {
        let parts = (value * PARTS).round() as i64;
        let signed = i64::try_from(times).unwrap_or(i64::MAX);
        self.absorb(Self {
            count: times,
            sum: parts.saturating_mul(signed),
            squares: parts.saturating_mul(parts).saturating_mul(signed),
        });
    }

    /// Takes in the values of others.
    pub(crate) fn add_all(&mut self, other: Self) {
        self.absorb(other);
    }

    /// The mean; `None` of nothing.
    pub fn mean(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / PARTS / self.count as f64)
    }

    /// The variance of the values, not of their mean.
    pub fn variance(self) -> Option<f64> {
        let mean = self.mean()?;
        Some((self.squares as f64 / (PARTS * PARTS) / self.count as f64 - mean * mean).max(0.0))
    }

    /// What the mean lies between, by the normal distribution.
    pub fn interval(self) -> Option<Interval> {
        let (mean, variance) = (self.mean()?, self.variance()?);
        // Less one, as the mean was taken from the same values.
        let freedom = self.count.checked_sub(1).filter(|&freedom| freedom > 0)?;
        Some(Interval::around(mean, (variance / freedom as f64).sqrt()))
    }

    /// This mean less that of `other`; `None` where either has fewer than two values.
    pub fn less(self, other: Self) -> Option<Difference> {
        let error = |moments: Self| {
            let freedom = moments
                .count
                .checked_sub(1)
                .filter(|&freedom| freedom > 0)?;
            Some(moments.variance()? / freedom as f64)
        };
        let difference = self.mean()? - other.mean()?;
        let error = (error(self)? + error(other)?).sqrt();
        Some(Difference {
            difference,
            interval: Interval::around(difference, error),
        })
    }

    /// What is left without the values of `part`, which are among these.
    pub fn without(self, part: Self) -> Self {
        Self {
            count: self.count.saturating_sub(part.count),
            sum: self.sum.saturating_sub(part.sum),
            squares: self.squares.saturating_sub(part.squares),
        }
    }

    /// The mean of `(value - from)²`.
    pub(crate) fn spread_around(self, from: f64) -> Option<f64> {
        let mean = self.mean()?;
        Some(self.variance()? + (mean - from) * (mean - from))
    }
}

impl Merge for Moments {
    fn absorb(&mut self, other: Self) {
        // Saved aggregates may have been changed by hand.
        self.count = self.count.saturating_add(other.count);
        self.sum = self.sum.saturating_add(other.sum);
        self.squares = self.squares.saturating_add(other.squares);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) -> bool {
        (left - right).abs() < 5e-5
    }

    /// Wilson's and Newcombe's own worked figures (Statistics in Medicine 17,
    /// 1998): 81 of 263, 15 of 148, 0 of 20; 56/70 − 48/80.
    #[test]
    fn intervals_are_those_of_the_papers() {
        for (count, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let Interval { low: l, high: h } = Rate::new(count, of).interval;
            assert!(close(l, low) && close(h, high), "{count} of {of}: {l} {h}");
        }
        let Difference {
            difference,
            interval,
        } = Rate::new(56, 70).less(Rate::new(48, 80));
        assert!(close(difference, 0.2));
        assert!(close(interval.low, 0.0524) && close(interval.high, 0.3339));
    }

    #[test]
    fn moments_are_those_of_the_values() {
        let mut moments = Moments::default();
        for value in [1.0, 2.0, 2.0, 5.0] {
            moments.push(value);
        }
        assert_eq!(moments.mean(), Some(2.5));
        assert_eq!(moments.variance(), Some(2.25));
        let mut part = Moments::default();
        part.push(5.0);
        assert!(close(
            moments.without(part).mean().expect("three"),
            5.0 / 3.0
        ));
        assert_eq!(part.interval(), None);
        assert_eq!(Moments::default().mean(), None);
    }
}
