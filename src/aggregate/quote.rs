//! The customers' own words, kept as proof.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::amount::Amount;
use super::observation::{Mention, Observation};
use super::sketch::{Placed, hash};
use super::tally::Measure;
use crate::label::Urgency;

/// What a customer said of a topic.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Quote {
    /// Id of the record.
    pub id: String,
    /// The evidence.
    pub text: String,
    /// BCP 47 code.
    pub language: Option<String>,
    /// The day, `2026-03-02`.
    pub date: Option<String>,
    /// Who said it.
    pub customer: Option<String>,
    /// How badly it hurts, `0.0..=1.0`; 0 where it does not.
    pub severity: f64,
    /// Code of the record's urgency.
    pub level: Option<String>,
    /// What the customer's scores add to their means.
    pub measures: BTreeMap<Measure, f64>,
    /// What the record cost or is worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
}

impl Quote {
    pub(crate) fn new(observation: &Observation, mention: &Mention) -> Self {
        Self {
            id: observation.id.clone(),
            text: mention.quote.clone(),
            language: observation.language.clone(),
            date: observation.date.map(|date| date.to_string()),
            customer: observation.customer.clone(),
            severity: mention.severity.unwrap_or(0.0),
            level: observation.level.map(|level| level.code().to_owned()),
            measures: observation.measures.clone(),
            value: observation.amounts.get(&Amount::Value).copied(),
        }
    }

    fn hash(&self) -> u64 {
        let date = self.date.as_deref().unwrap_or("");
        let customer = self.customer.as_deref().unwrap_or("");
        hash([self.id.as_str(), &self.text, date, customer])
    }
}

/// All quotes have one rank: those kept are a fair sample.
impl Placed for Quote {
    fn place(&self) -> (u64, u64) {
        (0, self.hash())
    }
}

/// An unhappy customer to win back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CallBack {
    /// What hurts the customer most.
    pub quote: Quote,
    /// Its topic.
    pub topic: String,
    /// Why it is urgent.
    pub reasons: Vec<String>,
}

impl CallBack {
    /// Whom to call back, if the record tells of pain.
    pub(crate) fn new(observation: &Observation) -> Option<Self> {
        let severity = |mention: &&Mention| mention.severity.unwrap_or(0.0);
        let worst = observation
            .mentions
            .iter()
            .filter(|mention| mention.severity.is_some())
            .max_by(|a, b| {
                // The first of equals, as records list the worst first.
                severity(a)
                    .total_cmp(&severity(b))
                    .then(std::cmp::Ordering::Greater)
            })?;
        Some(Self {
            quote: Quote::new(observation, worst),
            topic: worst.topic.clone(),
            reasons: observation.reasons.clone(),
        })
    }
}

/// The most urgent first, among them what hurts most.
impl Placed for CallBack {
    fn place(&self) -> (u64, u64) {
        let level = self.quote.level.as_deref().and_then(Urgency::from_code);
        let level = level.map_or(Urgency::ALL.len(), |level| level as usize) as u64;
        let ease = ((1.0 - self.quote.severity) * 1e4).round() as u64;
        (level * 100_000 + ease, self.quote.hash())
    }
}
