//! Aggregates → what they mean: the pains in the order to take them, what each
//! costs, where it shows, whether it grows, and whom to call back.
//!
//! Everything here is plain figures, each with its interval; renderings are the
//! tool's. A claim (`clear`, a direction, a spike) is made only where chance alone
//! would make any claim of its kind in fewer than one report in twenty, by Holm's
//! method. `ranking` puts topics in order by what `priority` weighs, `issues`
//! finds what complaints have in common, `impact` and `groups` hold topics
//! against scores and each other, `time`, `moves` and `changes` against the past.

mod alert;
mod changes;
mod groups;
mod impact;
mod issues;
mod moves;
mod priority;
mod ranking;
mod statistics;
mod time;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use alert::{Alert, Fired};
pub use changes::{BeforeAfter, MeasureChange, TopicChange};
pub use groups::{
    Cut, EmotionRate, Group, Journey, MeasureFigure, StageFigures, StageImpact, TopicGroup,
    TopicRate,
};
pub use impact::ScoreImpact;
pub use issues::{Issue, Issues};
pub use moves::Trend;
pub use priority::{FactorWeights, ImpactWeights, LevelShares, Priorities};
pub use ranking::{Factors, Level, PainPointFigures};
pub use time::{Period, PeriodFigures, Spike, Timeline};

use crate::aggregate::{Aggregates, Amount, CallBack, Counts, Measure, Quote, Rate};
use crate::error::{Error, ErrorKind, Result};
use crate::label::{Polarity, Urgency};
use changes::Side;
use ranking::Ranking;
use time::Series;

/// What a report is to say.
#[derive(Clone, Debug, Default)]
pub struct ReportOptions {
    /// What makes a pain a priority.
    pub priorities: Priorities,
    /// The length of the periods; chosen by the time that records span if `None`.
    pub period: Option<Period>,
    /// A day, `2026-03-02`, from which on things may be different.
    pub since: Option<String>,
    /// An earlier run to compare with.
    pub baseline: Option<Aggregates>,
}

/// What many records mean.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Records that were read.
    pub records: u64,
    /// Records that count: all but failures and those left out.
    pub counted: u64,
    /// Rows that could not be scored.
    pub failures: u64,
    /// Records left out, by reason.
    pub left_out: Counts,
    /// The models that the records are from.
    pub models: Vec<String>,
    /// Different customers, about; 0 where none is named.
    pub customers: u64,
    /// The first and the last day.
    pub days: Option<[String; 2]>,
    /// Records that are negative.
    pub negative: Rate,
    /// Records that are positive.
    pub positive: Rate,
    /// Records in which something hurts.
    pub hurt: Rate,
    /// Records by urgency, `P1` first.
    pub urgency: Vec<UrgencyRate>,
    /// Emotions, the commonest first.
    pub emotions: Vec<EmotionRate>,
    /// What customers do by writing, by code.
    pub acts: BTreeMap<String, Rate>,
    /// Scores that customers gave.
    pub measures: Vec<MeasureFigure>,
    /// What records cost and reached, where the input says.
    pub amounts: BTreeMap<Amount, AmountFigures>,
    /// What hurts, the first to take first.
    pub pain_points: Vec<PainPointFigures>,
    /// Topics by group, the group that hurts most first.
    pub topic_groups: Vec<TopicGroup>,
    /// The share of all pain that the three commonest topics have.
    pub concentration: Option<Rate>,
    /// What is praised, the commonest first.
    pub praises: Vec<Praise>,
    /// What topics do to the scores, by score, the heaviest first.
    pub impacts: Vec<ScoreImpact>,
    /// Languages, channels, columns: records divided.
    pub cuts: Vec<Cut>,
    /// How things went; `None` without dates.
    pub timeline: Option<Timeline>,
    /// What changed at the day asked after.
    pub since: Option<BeforeAfter>,
    /// The stages of the customers' way.
    pub journey: Journey,
    /// Unhappy customers, the worst first, one entry a customer.
    pub call_backs: Vec<CallBack>,
    /// Texts at odds with the rating beside them.
    pub contradictions: Contradictions,
    /// The run before, and what is different now.
    pub baseline: Option<Comparison>,
}

/// How many records are of an urgency.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct UrgencyRate {
    /// Its code.
    pub level: &'static str,
    /// The share of records.
    pub rate: Rate,
}

/// What records cost, or reached.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct AmountFigures {
    /// Records that say.
    pub count: u64,
    /// The sum.
    pub sum: f64,
    /// The part of it that negative records have.
    pub negative: f64,
    /// The share of the sum that this is, `0.0..=1.0`; 0 of nothing.
    pub share: f64,
}

/// A topic that is praised.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Praise {
    /// Its id.
    pub topic: String,
    /// The share of records that praise it.
    pub rate: Rate,
    /// What they say.
    pub quotes: Vec<Quote>,
}

/// Texts at odds with their rating.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Contradictions {
    /// How many there are, of the records with a rating.
    pub rate: Rate,
    /// Some of them.
    pub quotes: Vec<Quote>,
}

/// This run beside an earlier one.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// Records of the earlier run, and of this one.
    pub records: [u64; 2],
    /// Topics, those with the clearest change first.
    pub topics: Vec<TopicChange>,
    /// Scores.
    pub measures: Vec<MeasureChange>,
    /// Negative records.
    pub negative: [Rate; 2],
}

/// Quotes that are shown of a topic.
const QUOTES: usize = 12;

impl Report {
    /// What `aggregates` mean.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if a weight or the date of `options` is wrong.
    ///
    /// ```
    /// use painpoint::aggregate::{Aggregates, InputColumns};
    /// use painpoint::report::{Report, ReportOptions};
    ///
    /// let mut aggregates = Aggregates::new(InputColumns::default());
    /// aggregates.add_record(
    ///     br#"{"id":"1","sentiment":{"label":"negative","score":-0.9},
    ///     "pain_points":[{"topic":"delivery_speed","severity":0.7}]}"#,
    /// )?;
    /// let report = Report::new(&aggregates, &ReportOptions::default())?;
    /// assert_eq!(report.pain_points[0].topic, "delivery_speed");
    /// # Ok::<(), painpoint::Error>(())
    /// ```
    pub fn new(aggregates: &Aggregates, options: &ReportOptions) -> Result<Self> {
        let priorities = options.priorities.clone().checked()?;
        let since = options.since.as_deref().map(|since| {
            since.parse().map_err(|source: jiff::Error| {
                Error::new(ErrorKind::Config, format!("{since}: no date"))
                    .with_source(source)
                    .with_hint("write the day as 2026-03-02")
            })
        });
        let since = since.transpose()?;

        let all = &aggregates.all;
        let measure = main_measure(aggregates);
        let impacts: Vec<_> = Measure::ALL
            .iter()
            .flat_map(|&measure| impact::find(aggregates, measure))
            .collect();
        let series = Series::new(aggregates, options.period);
        let pain_points = Ranking {
            aggregates,
            priorities: &priorities,
            measure,
            impacts: &impacts,
            series: series.as_ref(),
        }
        .pain_points();
        let concentration = concentration(&pain_points);
        let days = aggregates.days.sorted();
        let days = days.keys().next().zip(days.keys().next_back());
        Ok(Self {
            records: aggregates.records,
            counted: all.records,
            failures: aggregates.failures,
            left_out: aggregates.left_out.clone(),
            models: aggregates.models.iter().cloned().collect(),
            customers: aggregates.customers.count(),
            days: days.map(|(first, last)| [first, last].map(|day| (*day).to_owned())),
            negative: all.sentiment(Polarity::Negative),
            positive: all.sentiment(Polarity::Positive),
            hurt: Rate::new(aggregates.hurt, all.records),
            urgency: Urgency::ALL
                .iter()
                .map(|&level| UrgencyRate {
                    level: level.code(),
                    rate: all.urgency(level),
                })
                .collect(),
            emotions: groups::emotions(all),
            acts: all
                .acts
                .keys()
                .map(|act| (act.clone(), all.rate(&all.acts, act)))
                .collect(),
            measures: groups::measures(&all.measures),
            amounts: amounts(aggregates),
            pain_points,
            concentration,
            topic_groups: groups::topic_groups(aggregates),
            praises: praises(aggregates),
            impacts,
            cuts: groups::cuts(aggregates),
            since: since.map(|since| changes::before_after(aggregates, since)),
            journey: groups::journey(aggregates, measure),
            call_backs: call_backs(aggregates),
            contradictions: contradictions(aggregates),
            baseline: options
                .baseline
                .as_ref()
                .map(|baseline| comparison(baseline, aggregates)),
            timeline: series.map(|series| {
                let spikes = series.spikes();
                series.timeline(spikes)
            }),
        })
    }
}

/// The score that most customers gave.
fn main_measure(aggregates: &Aggregates) -> Option<Measure> {
    let measures = aggregates.all.measures.iter();
    let answered = measures.max_by_key(|(measure, moments)| {
        // The first of equals in the order of the labels.
        (moments.count, Reverse(**measure))
    });
    answered.map(|(&measure, _)| measure)
}

fn amounts(aggregates: &Aggregates) -> BTreeMap<Amount, AmountFigures> {
    let all = aggregates.all.amounts.iter();
    let figures = all.map(|(&amount, &total)| {
        let negative = aggregates.negative_amounts.get(&amount);
        let negative = negative.map_or(0.0, |total| total.sum());
        let share = negative / total.sum();
        let figures = AmountFigures {
            count: total.count,
            sum: total.sum(),
            negative,
            share: if share.is_finite() { share } else { 0.0 },
        };
        (amount, figures)
    });
    figures.collect()
}

/// The worst quotes, none of them twice; of those about as bad, the ones that
/// tell more.
fn worst<'a>(quotes: impl Iterator<Item = &'a Quote>) -> Vec<Quote> {
    const TELLING: usize = 120;
    let mut quotes: Vec<_> = quotes.filter(|quote| !quote.text.is_empty()).collect();
    quotes.sort_by_cached_key(|quote| {
        let badness = (10.0 * quote.severity).round() as u64;
        let length = quote.text.chars().take(TELLING).count();
        (Reverse((badness, length)), quote.id.clone())
    });
    let mut texts = BTreeSet::new();
    quotes.retain(|quote| texts.insert(&quote.text));
    quotes.into_iter().take(QUOTES).cloned().collect()
}

/// The share of all pain that the three commonest topics have.
fn concentration(pains: &[PainPointFigures]) -> Option<Rate> {
    let mut counts: Vec<_> = pains.iter().map(|pain| pain.frequency.count).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let all: u64 = counts.iter().sum();
    (all > 0).then(|| Rate::new(counts.iter().take(3).sum(), all))
}

fn praises(aggregates: &Aggregates) -> Vec<Praise> {
    let topics = aggregates.topics.iter();
    let mut praises: Vec<_> = topics
        .filter(|(_, topic)| topic.mentions.positive > 0)
        .map(|(id, topic)| Praise {
            topic: id.clone(),
            rate: Rate::new(topic.mentions.positive, aggregates.all.records),
            quotes: worst(topic.praises.kept()),
        })
        .collect();
    praises.sort_by(|a, b| b.rate.count.cmp(&a.rate.count).then(a.topic.cmp(&b.topic)));
    praises
}

/// One entry a customer: the worst, which comes first.
fn call_backs(aggregates: &Aggregates) -> Vec<CallBack> {
    let mut customers = BTreeSet::new();
    let kept = aggregates.call_backs.kept();
    kept.filter(|call_back| match &call_back.quote.customer {
        Some(customer) => customers.insert(customer.clone()),
        None => true,
    })
    .cloned()
    .collect()
}

fn contradictions(aggregates: &Aggregates) -> Contradictions {
    let rated = aggregates.all.measures.get(&Measure::Rating);
    let kept = &aggregates.contradictions;
    Contradictions {
        rate: Rate::new(kept.offered(), rated.map_or(0, |moments| moments.count)),
        quotes: kept.kept().take(QUOTES).cloned().collect(),
    }
}

fn comparison(before: &Aggregates, after: &Aggregates) -> Comparison {
    let side = |aggregates: &Aggregates| Side {
        records: aggregates.all.records,
        topics: aggregates
            .topics
            .iter()
            .map(|(id, topic)| (id.clone(), topic.pain.records))
            .collect(),
        measures: aggregates.all.measures.clone(),
    };
    let (earlier, later) = (side(before), side(after));
    Comparison {
        records: [earlier.records, later.records],
        topics: changes::topic_changes(&earlier, &later),
        measures: changes::measure_changes(&earlier.measures, &later.measures),
        negative: [before, after].map(|run| run.all.sentiment(Polarity::Negative)),
    }
}
