//! What a topic costs or earns: the mean of a score with all records, less the
//! mean without those that speak of the topic.

use serde::Serialize;

use super::statistics::{LEVEL, holm, two_sided};
use crate::aggregate::{Aggregates, Interval, Measure, Moments, Z95};

/// What a topic does to a score.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ScoreImpact {
    /// The score.
    pub measure: Measure,
    /// Id of the topic.
    pub topic: String,
    /// Whether it is the topic's praise, rather than its pain.
    pub praise: bool,
    /// Records with both.
    pub count: u64,
    /// The mean of their scores.
    pub mean: f64,
    /// The mean of all scores, less the mean without these.
    pub impact: f64,
    /// What the impact lies between, by the delta method.
    pub interval: Interval,
    /// Whether it is more than chance, with all topics taken into account.
    pub clear: bool,
}

/// Fewer answers tell nothing of a score.
const FEWEST: u64 = 5;

/// All impacts on `measure`, the heaviest first.
pub(super) fn find(aggregates: &Aggregates, measure: Measure) -> Vec<ScoreImpact> {
    let Some(&all) = aggregates.all.measures.get(&measure) else {
        return Vec::new();
    };
    let mut impacts = Vec::new();
    let mut p_values = Vec::new();
    for (topic, aggregate) in &aggregates.topics {
        for (praise, tally) in [(false, &aggregate.pain), (true, &aggregate.praise)] {
            let part = tally.measures.get(&measure).copied().unwrap_or_default();
            if part.count < FEWEST {
                continue;
            }
            let (Some(mean), Some((impact, error))) = (part.mean(), leave_out(all, part)) else {
                continue;
            };
            p_values.push(two_sided(impact / error.max(f64::MIN_POSITIVE)));
            impacts.push(ScoreImpact {
                measure,
                topic: topic.clone(),
                praise,
                count: part.count,
                mean,
                impact,
                interval: Interval {
                    low: impact - Z95 * error,
                    high: impact + Z95 * error,
                },
                clear: false,
            });
        }
    }
    for (impact, p_value) in impacts.iter_mut().zip(holm(&p_values)) {
        impact.clear = p_value < LEVEL;
    }
    impacts.sort_by(|a, b| {
        let heavier = b.impact.abs().total_cmp(&a.impact.abs());
        heavier.then_with(|| (&a.topic, a.praise).cmp(&(&b.topic, b.praise)))
    });
    impacts
}

/// How far the mean of `all` moves because of `part`, and the error of that.
///
/// The error comes from the influence of each value: `(x − m) − (x − r) / (1 − p)`
/// outside the part and `x − m` within, where `m` is the mean, `r` that of the
/// rest and `p` the share of the part.
pub(super) fn leave_out(all: Moments, part: Moments) -> Option<(f64, f64)> {
    let rest = all.without(part);
    if rest.count < FEWEST {
        return None;
    }
    let (mean, of_rest) = (all.mean()?, rest.mean()?);
    let (n, outside) = (all.count as f64, rest.count as f64 / all.count as f64);
    // Outside, the influence is linear in x: slope · x + the rest.
    let slope = 1.0 - 1.0 / outside;
    let offset = of_rest / outside - mean;
    let middle = slope * of_rest + offset;
    let around = slope * slope * rest.variance()? + middle * middle;
    let within = part.spread_around(mean)?;
    let variance = outside * around + (1.0 - outside) * within;
    Some((mean - of_rest, (variance / n).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(values: &[f64]) -> Moments {
        let mut moments = Moments::default();
        for &value in values {
            moments.push(value);
        }
        moments
    }

    #[test]
    fn impact_is_the_mean_less_the_mean_without() {
        let all = moments(&[5.0, 5.0, 4.0, 4.0, 5.0, 1.0, 2.0, 1.0, 5.0, 4.0]);
        let part = moments(&[1.0, 2.0, 1.0]);
        let (impact, error) = leave_out(all, part).expect("enough");
        assert!((impact - (3.6 - 32.0 / 7.0)).abs() < 1e-9, "{impact}");
        // By hand: influences −2.6, −1.6, −2.6 within; outside
        // (x − 3.6) − (x − 4.571429) / 0.7, which is 0.787755 for 5 and 1.216327 for 4.
        let squares = 2.6_f64.powi(2) * 2.0
            + 1.6_f64.powi(2)
            + 4.0 * 0.787_755_f64.powi(2)
            + 3.0 * 1.216_327_f64.powi(2);
        assert!((error - (squares / 100.0).sqrt()).abs() < 1e-5, "{error}");
    }

    #[test]
    fn a_topic_of_all_records_has_no_impact_to_tell() {
        let all = moments(&[5.0, 4.0, 3.0]);
        assert_eq!(leave_out(all, all), None);
    }
}
