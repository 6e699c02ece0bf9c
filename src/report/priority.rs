//! Which pain to take first: impact × urgency × feasibility, each between 0 and
//! 1, with weights that the user can set.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aggregate::TopicAggregate;
use crate::error::{Error, ErrorKind, Result};
use crate::label::Urgency;

/// What makes a pain a priority; see `data/report/priorities.toml` for the
/// built-in values and what they mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Priorities {
    /// How much each of the three factors counts, as its exponent.
    pub weights: FactorWeights,
    /// What impact is made of; the parts that are known share what the others have.
    pub impact: ImpactWeights,
    /// How urgent a complaint of each level is, `0.0..=1.0`.
    pub urgency: BTreeMap<String, f64>,
    /// How easily each topic is put right, `0.0..=1.0`; [`Self::DEFAULT`] for others.
    pub feasibility: BTreeMap<String, f64>,
    /// From which share of its complaints on a pain is of a level.
    pub levels: LevelShares,
}

/// Exponents of the factors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactorWeights {
    /// Of impact.
    pub impact: f64,
    /// Of urgency.
    pub urgency: f64,
    /// Of feasibility.
    pub feasibility: f64,
}

/// Weights of the parts of impact.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImpactWeights {
    /// How many records it hurts, beside the topic that hurts most.
    pub frequency: f64,
    /// How badly.
    pub severity: f64,
    /// What it costs of the score, beside the topic that costs most.
    pub score: f64,
    /// How many of the customers it hurts, beside the topic that hurts most.
    pub spread: f64,
    /// Whether it grows: 1 if rising, ½ if steady, 0 if falling.
    pub trend: f64,
}

/// Shares of complaints.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelShares {
    /// Of P1, to be P1.
    pub p1: f64,
    /// Of P1 and P2, to be P2.
    pub p2: f64,
    /// Of P1 to P3, to be P3.
    pub p3: f64,
}

impl Priorities {
    /// The feasibility of topics that have none.
    pub const DEFAULT: f64 = 0.5;

    /// The same weights, checked.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if one is negative or, where it is a share, above 1.
    pub fn checked(self) -> Result<Self> {
        let weights = [
            self.weights.impact,
            self.weights.urgency,
            self.weights.feasibility,
            self.impact.frequency,
            self.impact.severity,
            self.impact.score,
            self.impact.spread,
            self.impact.trend,
        ];
        let shares = self
            .urgency
            .values()
            .chain(self.feasibility.values())
            .copied();
        let shares = shares.chain([self.levels.p1, self.levels.p2, self.levels.p3]);
        let fine = weights.iter().all(|weight| (0.0..=100.0).contains(weight))
            && shares.into_iter().all(|share| (0.0..=1.0).contains(&share));
        if fine {
            return Ok(self);
        }
        Err(Error::new(ErrorKind::Config, "a weight is out of range")
            .with_hint("weights are 0 or more, shares lie between 0 and 1"))
    }

    pub(super) fn feasibility(&self, topic: &str) -> f64 {
        self.feasibility
            .get(topic)
            .copied()
            .unwrap_or(Self::DEFAULT)
    }

    /// The mean urgency of the complaints about a topic.
    pub(super) fn urgency(&self, topic: &TopicAggregate) -> f64 {
        let mean = Urgency::ALL.iter().map(|&level| {
            let urgency = self.urgency.get(level.code()).copied().unwrap_or(0.0);
            urgency * topic.pain.urgency(level).share
        });
        mean.sum()
    }

    /// The impact made of parts, some of which are unknown.
    pub(super) fn impact(&self, parts: &ImpactParts) -> f64 {
        let weights = &self.impact;
        let known = [
            (weights.frequency, Some(parts.frequency)),
            (weights.severity, Some(parts.severity)),
            (weights.score, parts.score),
            (weights.spread, parts.spread),
            (weights.trend, parts.trend),
        ];
        let known = known
            .iter()
            .filter_map(|&(weight, part)| Some((weight, part?)));
        let (sum, of) = known.fold((0.0, 0.0), |(sum, of), (weight, part)| {
            (sum + weight * part, of + weight)
        });
        if of > 0.0 { sum / of } else { 0.0 }
    }

    /// Impact × urgency × feasibility, from 0 to 100.
    pub(super) fn priority(&self, impact: f64, urgency: f64, feasibility: f64) -> f64 {
        100.0
            * impact.powf(self.weights.impact)
            * urgency.powf(self.weights.urgency)
            * feasibility.powf(self.weights.feasibility)
    }

    /// The level of a pain, by the levels of its complaints, and the share that
    /// makes it so.
    pub(super) fn level(&self, topic: &TopicAggregate) -> (Urgency, f64) {
        let shares = &self.levels;
        let mut so_far = 0.0;
        for (level, least) in [
            (Urgency::P1, shares.p1),
            (Urgency::P2, shares.p2),
            (Urgency::P3, shares.p3),
        ] {
            so_far += topic.pain.urgency(level).share;
            if so_far >= least && so_far > 0.0 {
                return (level, so_far);
            }
        }
        (Urgency::P4, topic.pain.urgency(Urgency::P4).share)
    }
}

/// The parts of impact, `0.0..=1.0`.
pub(super) struct ImpactParts {
    pub(super) frequency: f64,
    pub(super) severity: f64,
    pub(super) score: Option<f64>,
    pub(super) spread: Option<f64>,
    pub(super) trend: Option<f64>,
}

/// The values of `data/report/priorities.toml`; a test says so.
impl Default for Priorities {
    fn default() -> Self {
        let map = |pairs: &[(&str, f64)]| {
            pairs
                .iter()
                .map(|&(name, value)| (name.to_owned(), value))
                .collect()
        };
        Self {
            weights: FactorWeights {
                impact: 1.0,
                urgency: 1.0,
                feasibility: 0.5,
            },
            impact: ImpactWeights {
                frequency: 0.4,
                severity: 0.2,
                score: 0.2,
                spread: 0.1,
                trend: 0.1,
            },
            urgency: map(&[("P1", 1.0), ("P2", 0.7), ("P3", 0.4), ("P4", 0.1)]),
            feasibility: map(&[
                ("information_communication", 0.8),
                ("staff_attitude", 0.6),
                ("waiting_responsiveness", 0.6),
                ("support_resolution", 0.6),
                ("price_value", 0.3),
            ]),
            levels: LevelShares {
                p1: 0.2,
                p2: 0.5,
                p3: 0.5,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_parts_leave_their_weight_to_the_others() {
        let priorities = Priorities::default();
        let parts = ImpactParts {
            frequency: 1.0,
            severity: 0.5,
            score: None,
            spread: None,
            trend: None,
        };
        let impact = priorities.impact(&parts);
        assert!((impact - 0.5 / 0.6).abs() < 1e-9);
        let priority = priorities.priority(0.5, 0.5, 0.25);
        assert!((priority - 12.5).abs() < 1e-9);
    }

    #[test]
    fn weights_out_of_range_are_refused() {
        let mut priorities = Priorities::default();
        assert!(priorities.clone().checked().is_ok());
        priorities.urgency.insert("P1".to_owned(), 7.0);
        assert!(priorities.clone().checked().is_err());
        priorities = Priorities::default();
        priorities.weights.impact = f64::NAN;
        assert!(priorities.checked().is_err());
    }
}
