//! Records → counts that can be merged: any order and any shards of the same
//! records give the same bytes, and memory does not grow with their number, only
//! with the number of topics.
//!
//! `observation` reads what a record adds, `tally` counts it, `sketch`
//! keeps within bounds what has none by itself: days, values of columns, quotes,
//! customers. `rate` turns counts into rates with intervals. What the counts
//! mean is for [`report`](crate::report) to say.
//!
//! ```
//! use painpoint::aggregate::{Aggregates, InputColumns};
//!
//! let record = br#"{"id":"1","sentiment":{"label":"negative","score":-0.9},
//!     "pain_points":[{"topic":"delivery_speed","severity":0.7}]}"#;
//! let mut first = Aggregates::new(InputColumns::default());
//! first.add_record(record)?;
//! let mut second = Aggregates::new(InputColumns::default());
//! second.add_record(record)?;
//! first.merge(second)?;
//! assert_eq!(first.all.records, 2);
//! assert_eq!(first.topics["delivery_speed"].mentions.pain, 2);
//! # Ok::<(), painpoint::Error>(())
//! ```

mod amount;
mod observation;
mod quote;
mod rate;
mod sketch;
mod tally;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use amount::{Amount, Total};
pub use quote::{CallBack, Quote};
pub(crate) use rate::Z95;
pub use rate::{Difference, Interval, Moments, Rate};
pub use sketch::{Capped, Distinct, First};
pub use tally::{Cell, Counts, Measure, Mentions, Tally};

use crate::analysis::Analysis;
use crate::error::{Error, ErrorKind, Result};
use crate::feedback::Feedback;
use crate::label::{PainKind, Polarity, Stage};
pub use crate::read::DateOrder;
use crate::taxonomy::Taxonomy;
use crate::write::record_json;
use observation::{Mention, Observation, Seen};
use sketch::Merge;
use tally::{bump, entry};

/// The version of the form that aggregates are saved in.
const VERSION: u32 = 1;

/// Days are kept for about this many years of them; what lies beyond is counted
/// together.
const MOST_DAYS: usize = 4_000;

/// Values of a column that are told apart.
const MOST_VALUES: usize = 500;

/// Quotes of blame that are kept for a topic: issues are found among them.
const MOST_COMPLAINTS: usize = 1_000;

/// Quotes of praise that are kept for a topic.
const MOST_PRAISES: usize = 20;

/// Customers on the list of those to call back.
const MOST_CALL_BACKS: usize = 200;

/// Quotes at odds with their rating that are kept.
const MOST_CONTRADICTIONS: usize = 50;

/// A text's score beyond this is clearly of one tone: about what a probability
/// of 0.85 gives.
const CLEAR: f64 = 0.7;

/// Columns of the input, in a record's `fields`, that are read where the
/// record's own `context` does not say, or says something else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct InputColumns {
    /// The day.
    pub date: Option<DateColumn>,
    /// Stars or the like.
    pub rating: Option<ScaleColumn>,
    /// How likely the customer is to recommend.
    pub nps: Option<ScaleColumn>,
    /// How satisfied the customer is.
    pub csat: Option<ScaleColumn>,
    /// How easy it was; a higher answer means easier.
    pub ces: Option<ScaleColumn>,
    /// Columns whose values make groups.
    pub group_by: Vec<String>,
    /// What each row cost or is worth.
    pub value: Option<String>,
    /// How many people saw each row.
    pub reach: Option<String>,
}

impl InputColumns {
    fn are_named(&self) -> bool {
        *self != Self::default()
    }
}

/// A column of dates, written in any way that [`Reader`](crate::Reader) knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DateColumn {
    /// Its name.
    pub name: String,
    /// What comes first in `3/2/2026`.
    pub order: DateOrder,
}

/// A column of answers on a scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScaleColumn {
    /// Its name.
    pub name: String,
    /// The least that can be answered.
    pub lowest: f64,
    /// The most that can be answered.
    pub highest: f64,
}

impl ScaleColumn {
    /// A column with answers from `lowest` to `highest`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if these make no scale.
    pub fn new(name: impl Into<String>, lowest: f64, highest: f64) -> Result<Self> {
        let name = name.into();
        if lowest.is_finite() && highest.is_finite() && lowest < highest {
            return Ok(Self {
                name,
                lowest,
                highest,
            });
        }
        let message = format!("{name}: {lowest} to {highest} is no scale");
        Err(Error::new(ErrorKind::Config, message)
            .with_hint("name the least answer first, as in 1 to 5"))
    }
}

/// What many records say together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Aggregates {
    version: u32,
    /// Where the values of a row were taken from.
    pub columns: InputColumns,
    /// Records that were read, all of them.
    pub records: u64,
    /// Records that stand for a row which could not be scored.
    pub failures: u64,
    /// Records that are not counted below, by reason: repeated or empty ones,
    /// and texts that are no customer's word.
    pub left_out: Counts,
    /// The models that the records are from.
    pub models: BTreeSet<String>,
    /// All records that count.
    pub all: Tally,
    /// Amounts of those that are negative.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub negative_amounts: BTreeMap<Amount, Total>,
    /// Those with at least one pain point.
    pub hurt: u64,
    /// Who they are from.
    pub customers: Distinct,
    /// Records by what divides them, `language`, `channel` or a column, and by
    /// their value there.
    pub cuts: BTreeMap<String, Capped<Cell, MOST_VALUES>>,
    /// Records by day.
    pub days: Capped<Cell, MOST_DAYS>,
    /// What is said of each topic, by its id.
    pub topics: BTreeMap<String, TopicAggregate>,
    /// What is said of each group of topics, by its id.
    pub groups: BTreeMap<String, AreaAggregate>,
    /// What is said of each stage of the journey, by its code.
    pub stages: BTreeMap<String, AreaAggregate>,
    /// Unhappy customers, the worst first.
    pub call_backs: First<CallBack, MOST_CALL_BACKS>,
    /// Texts clearly at odds with the rating beside them.
    pub contradictions: First<Quote, MOST_CONTRADICTIONS>,
}

/// What is said of a topic.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TopicAggregate {
    /// How often, and how.
    pub mentions: Mentions,
    /// Records in which it hurts.
    pub pain: Tally,
    /// Records that praise it.
    pub praise: Tally,
    /// How badly it hurts.
    pub severity: Moments,
    /// Its pain by kind, functional or emotional.
    pub kinds: Counts,
    /// Its mentions by stage of the journey.
    pub stages: Counts,
    /// Reasons of urgency where it hurts.
    pub reasons: Counts,
    /// Whom it hurts.
    pub customers: Distinct,
    /// Words of those whom it hurts: all of them, or a fair sample.
    pub complaints: First<Quote, MOST_COMPLAINTS>,
    /// Words of praise.
    pub praises: First<Quote, MOST_PRAISES>,
}

/// What is said of several topics together: those of a group, or of a stage of
/// the journey.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct AreaAggregate {
    /// How its topics are spoken of; a record that blames two counts twice.
    pub mentions: Mentions,
    /// Records that speak of it.
    pub tally: Tally,
    /// Records in which it hurts.
    pub pain: Tally,
}

impl Aggregates {
    /// Nothing yet; `columns` says where values of the input are.
    pub fn new(columns: InputColumns) -> Self {
        Self {
            version: VERSION,
            columns,
            records: 0,
            failures: 0,
            left_out: Counts::new(),
            models: BTreeSet::new(),
            all: Tally::default(),
            negative_amounts: BTreeMap::new(),
            hurt: 0,
            customers: Distinct::default(),
            cuts: BTreeMap::new(),
            days: Capped::default(),
            topics: BTreeMap::new(),
            groups: BTreeMap::new(),
            stages: BTreeMap::new(),
            call_backs: First::default(),
            contradictions: First::default(),
        }
    }

    /// Adds what was read out of `feedback`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Input`] if a field of `feedback` says that it is JSON and is not.
    pub fn add(&mut self, feedback: &Feedback, analysis: &Analysis) -> Result<()> {
        self.add_record(&record_json(feedback, analysis)?)
    }

    /// Adds a record, given as its JSON.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Input`] if it is no record; nothing is added then.
    pub fn add_record(&mut self, json: &[u8]) -> Result<()> {
        let seen = observation::read(json, &self.columns).map_err(|source| {
            Error::input("not a record of this program")
                .with_source(source)
                .with_hint("give the JSON Lines that `painpoint score` writes")
        })?;
        self.records += 1;
        match seen {
            Seen::Observation(observation) => self.observe(&observation),
            Seen::LeftOut(reason) => bump(&mut self.left_out, reason),
            Seen::Failure => self.failures += 1,
        }
        Ok(())
    }

    fn observe(&mut self, observation: &Observation) {
        if !self.models.contains(&observation.model) {
            self.models.insert(observation.model.clone());
        }
        self.all.add(observation);
        if observation.polarity == Polarity::Negative {
            for (&amount, &value) in &observation.amounts {
                self.negative_amounts.entry(amount).or_default().push(value);
            }
        }
        if let Some(customer) = &observation.customer {
            self.customers.add(customer);
        }
        for (cut, value) in &observation.cuts {
            entry(&mut self.cuts, cut).entry(value).add(observation);
        }
        if let Some(date) = observation.date {
            self.days.entry(&date.to_string()).add(observation);
        }
        for mention in &observation.mentions {
            entry(&mut self.topics, &mention.topic).add(observation, mention);
        }
        add_areas(&mut self.stages, observation, |mention| {
            mention.stage.map(Stage::code)
        });
        add_areas(&mut self.groups, observation, |mention| {
            let topic = Taxonomy::built_in().topic(&mention.topic);
            Some(topic.map_or(mention.topic.as_str(), |topic| topic.group()))
        });
        if let Some(call_back) = CallBack::new(observation) {
            self.hurt += 1;
            self.call_backs.offer(call_back);
        }
        if let Some(mention) = contradiction(observation) {
            self.contradictions.offer(Quote::new(observation, mention));
        }
    }

    /// Takes in what was gathered from other records.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if it was gathered from other columns.
    pub fn merge(&mut self, other: Self) -> Result<()> {
        if other.columns != self.columns {
            return Err(Error::new(
                ErrorKind::Config,
                "these aggregates were gathered from different columns",
            )
            .with_hint("gather both with the same names of columns"));
        }
        self.records.absorb(other.records);
        self.failures.absorb(other.failures);
        self.left_out.absorb(other.left_out);
        self.models.extend(other.models);
        self.all.absorb(other.all);
        self.negative_amounts.absorb(other.negative_amounts);
        self.hurt.absorb(other.hurt);
        self.customers.absorb(other.customers);
        self.cuts.absorb(other.cuts);
        self.days.absorb(other.days);
        self.topics.absorb(other.topics);
        self.groups.absorb(other.groups);
        self.stages.absorb(other.stages);
        self.call_backs.absorb(other.call_backs);
        self.contradictions.absorb(other.contradictions);
        Ok(())
    }

    /// The aggregates as JSON, to be merged, compared or reported on later.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("keys are text, and numbers finite")
    }

    /// Reads what [`to_json`](Self::to_json) gave.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Input`] if it is something else, or of another version.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        let foreign = |source| {
            Error::input("these are no aggregates")
                .with_source(source)
                .with_hint("give the file that `painpoint report --json` writes")
        };
        let head: Head = serde_json::from_slice(json).map_err(foreign)?;
        if head.version != VERSION {
            let message = format!(
                "aggregates of version {}; this program reads version {VERSION}",
                head.version
            );
            return Err(Error::input(message).with_hint("make them again from the records"));
        }
        serde_json::from_slice(json).map_err(foreign)
    }
}

/// Counts a record once in each of the areas that its mentions are in.
fn add_areas<'a>(
    areas: &mut BTreeMap<String, AreaAggregate>,
    observation: &'a Observation,
    area_of: impl Fn(&'a Mention) -> Option<&'a str>,
) {
    let mut seen: Vec<(&str, bool)> = Vec::new();
    for mention in &observation.mentions {
        let Some(area) = area_of(mention) else {
            continue;
        };
        let hurts = mention.severity.is_some();
        let aggregate = entry(areas, area);
        aggregate.mentions.add(mention.polarity, hurts);
        match seen.iter_mut().find(|(name, _)| *name == area) {
            Some((_, hurt)) => *hurt |= hurts,
            None => seen.push((area, hurts)),
        }
    }
    for (area, hurts) in seen {
        let aggregate = entry(areas, area);
        aggregate.tally.add(observation);
        if hurts {
            aggregate.pain.add(observation);
        }
    }
}

impl TopicAggregate {
    fn add(&mut self, observation: &Observation, mention: &Mention) {
        self.mentions
            .add(mention.polarity, mention.severity.is_some());
        if let Some(stage) = mention.stage {
            bump(&mut self.stages, stage.code());
        }
        if let Some(severity) = mention.severity {
            self.pain.add(observation);
            self.severity.push(severity);
            bump(
                &mut self.kinds,
                mention.kind.unwrap_or(PainKind::Functional).code(),
            );
            for reason in &observation.reasons {
                bump(&mut self.reasons, reason);
            }
            if let Some(customer) = &observation.customer {
                self.customers.add(customer);
            }
            self.complaints.offer(Quote::new(observation, mention));
        }
        if mention.polarity == Polarity::Positive {
            self.praise.add(observation);
            self.praises.offer(Quote::new(observation, mention));
        }
    }
}

impl Merge for TopicAggregate {
    fn absorb(&mut self, other: Self) {
        self.mentions.absorb(other.mentions);
        self.pain.absorb(other.pain);
        self.praise.absorb(other.praise);
        self.severity.absorb(other.severity);
        self.kinds.absorb(other.kinds);
        self.stages.absorb(other.stages);
        self.reasons.absorb(other.reasons);
        self.customers.absorb(other.customers);
        self.complaints.absorb(other.complaints);
        self.praises.absorb(other.praises);
    }
}

impl Merge for AreaAggregate {
    fn absorb(&mut self, other: Self) {
        self.mentions.absorb(other.mentions);
        self.tally.absorb(other.tally);
        self.pain.absorb(other.pain);
    }
}

/// Words that are at odds with the rating, if they are: a clear tone beside the
/// other end of the scale.
fn contradiction(observation: &Observation) -> Option<&Mention> {
    let rating = observation.rating_share?;
    let opposite = match observation.polarity {
        Polarity::Negative => rating >= 0.75 && observation.score <= -CLEAR,
        Polarity::Neutral => false,
        Polarity::Positive => rating <= 0.25 && observation.score >= CLEAR,
    };
    let mut mentions = observation.mentions.iter();
    (opposite && !observation.mixed)
        .then(|| mentions.find(|mention| mention.polarity == observation.polarity))
        .flatten()
}

#[cfg(test)]
mod tests;
