//! What a group of records has in common, in counts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::amount::{Amount, Total};
use super::observation::Observation;
use super::rate::{Moments, Rate};
use super::sketch::Merge;
use crate::label::{Polarity, Urgency};

/// Counts by name.
pub type Counts = BTreeMap<String, u64>;

labels! {
    /// A score that customers give.
    Measure {
        /// Net promoter score: the share of promoters (9, 10) less that of
        /// detractors (0 to 6), `-100..=100`.
        Nps => "nps",
        /// Customer satisfaction: the share of answers in the upper quarter of
        /// the scale (4 and 5 of 5), in per cent.
        Csat => "csat",
        /// Customer effort score: the mean, on a scale from 1 to 7.
        Ces => "ces",
        /// Stars or the like: the mean, on a scale from 1 to 5.
        Rating => "rating",
    }
}

impl Measure {
    /// What an answer at `share` of its scale, `0.0..=1.0`, adds to the mean.
    pub(crate) fn value(self, share: f64) -> f64 {
        match self {
            Self::Nps => match (share * 10.0).round() as u8 {
                9.. => 100.0,
                7 | 8 => 0.0,
                _ => -100.0,
            },
            Self::Csat => {
                if share >= 0.75 {
                    100.0
                } else {
                    0.0
                }
            }
            Self::Ces => 1.0 + 6.0 * share,
            Self::Rating => 1.0 + 4.0 * share,
        }
    }
}

impl Serialize for Measure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Measure {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::from_code(&code)
            .ok_or_else(|| serde::de::Error::custom(format!("no such measure: {code}")))
    }
}

/// Counts over a group of records.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Tally {
    /// How many records there are.
    pub records: u64,
    /// Their tone by code.
    pub sentiments: Counts,
    /// Those with clear praise beside clear blame.
    pub mixed: u64,
    /// P(positive) − P(negative).
    pub score: Moments,
    /// Records by emotion heard in them.
    pub emotions: Counts,
    /// Records by act.
    pub acts: Counts,
    /// Records by urgency.
    pub urgency: Counts,
    /// Scores that their customers gave.
    pub measures: BTreeMap<Measure, Moments>,
    /// What they cost and reached.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub amounts: BTreeMap<Amount, Total>,
}

impl Tally {
    pub(crate) fn add(&mut self, observation: &Observation) {
        self.records += 1;
        bump(&mut self.sentiments, observation.polarity.code());
        self.mixed += u64::from(observation.mixed);
        self.score.push(observation.score);
        for emotion in &observation.emotions {
            bump(&mut self.emotions, emotion);
        }
        if let Some(act) = &observation.act {
            bump(&mut self.acts, act);
        }
        if let Some(level) = observation.level {
            bump(&mut self.urgency, level.code());
        }
        for (&measure, &value) in &observation.measures {
            self.measures.entry(measure).or_default().push(value);
        }
        for (&amount, &value) in &observation.amounts {
            self.amounts.entry(amount).or_default().push(value);
        }
    }

    /// The share of records of that tone.
    pub fn sentiment(&self, polarity: Polarity) -> Rate {
        self.rate(&self.sentiments, polarity.code())
    }

    /// The share of records of that urgency.
    pub fn urgency(&self, level: Urgency) -> Rate {
        self.rate(&self.urgency, level.code())
    }

    /// The share of records that one of its `counts` gives for `name`.
    pub fn rate(&self, counts: &Counts, name: &str) -> Rate {
        Rate::new(counts.get(name).copied().unwrap_or(0), self.records)
    }
}

impl Merge for Tally {
    fn absorb(&mut self, other: Self) {
        self.records.absorb(other.records);
        self.sentiments.absorb(other.sentiments);
        self.mixed.absorb(other.mixed);
        self.score.absorb(other.score);
        self.emotions.absorb(other.emotions);
        self.acts.absorb(other.acts);
        self.urgency.absorb(other.urgency);
        self.measures.absorb(other.measures);
        self.amounts.absorb(other.amounts);
    }
}

/// How often a topic came up, and how it was spoken of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mentions {
    /// Records that blame it.
    pub negative: u64,
    /// Records that only state it.
    pub neutral: u64,
    /// Records that praise it.
    pub positive: u64,
    /// Records in which it hurts.
    pub pain: u64,
}

impl Mentions {
    /// Records that speak of it.
    pub fn all(self) -> u64 {
        let known = self.negative.saturating_add(self.neutral);
        known.saturating_add(self.positive)
    }

    /// A mention's tone: 1 praises, −1 blames.
    pub fn tone(self) -> Moments {
        let mut moments = Moments::default();
        for (count, value) in [
            (self.positive, 1.0),
            (self.neutral, 0.0),
            (self.negative, -1.0),
        ] {
            moments.add_times(value, count);
        }
        moments
    }

    pub(crate) fn add(&mut self, polarity: Polarity, hurts: bool) {
        match polarity {
            Polarity::Negative => self.negative += 1,
            Polarity::Neutral => self.neutral += 1,
            Polarity::Positive => self.positive += 1,
        }
        self.pain += u64::from(hurts);
    }
}

impl Merge for Mentions {
    fn absorb(&mut self, other: Self) {
        self.negative.absorb(other.negative);
        self.neutral.absorb(other.neutral);
        self.positive.absorb(other.positive);
        self.pain.absorb(other.pain);
    }
}

/// A group of records and what they speak of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Cell {
    /// Its records.
    pub tally: Tally,
    /// Their topics by id.
    pub topics: BTreeMap<String, Mentions>,
}

impl Cell {
    pub(crate) fn add(&mut self, observation: &Observation) {
        self.tally.add(observation);
        for mention in &observation.mentions {
            let mentions = entry(&mut self.topics, &mention.topic);
            mentions.add(mention.polarity, mention.severity.is_some());
        }
    }
}

impl Merge for Cell {
    fn absorb(&mut self, other: Self) {
        self.tally.absorb(other.tally);
        self.topics.absorb(other.topics);
    }
}

impl Merge for u64 {
    fn absorb(&mut self, other: Self) {
        *self = self.saturating_add(other);
    }
}

impl<K: Ord, V: Merge + Default> Merge for BTreeMap<K, V> {
    fn absorb(&mut self, other: Self) {
        for (key, value) in other {
            self.entry(key).or_default().absorb(value);
        }
    }
}

/// The value of `name`, made if need be.
pub(crate) fn entry<'a, V: Default>(map: &'a mut BTreeMap<String, V>, name: &str) -> &'a mut V {
    // Names are seen often and new rarely: look first, allocate then.
    if !map.contains_key(name) {
        map.insert(name.to_owned(), V::default());
    }
    map.get_mut(name).expect("it was put there")
}

pub(crate) fn bump(counts: &mut Counts, name: &str) {
    *entry(counts, name) += 1;
}
