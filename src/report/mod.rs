//! Aggregates → what they mean: the pains in the order to take them, what each
//! costs, where it shows, whether it grows, and whom to call back.
//!
//! Everything here is plain figures, each with its interval; renderings are the
//! tool's. A claim (`clear`, a direction, a spike) is made only where chance alone
//! would make any claim of its kind in fewer than one report in twenty, by Holm's
//! method. [`issues`] finds what complaints have in common, [`priority`] weighs
//! topics, [`impact`] and [`groups`] hold them against scores and each other,
//! [`time`] against the past.

mod alert;
mod groups;
mod impact;
mod issues;
mod priority;
mod statistics;
mod time;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use alert::{Alert, Fired};
pub use groups::{
    Cut, EmotionRate, Group, Journey, MeasureFigure, StageFigures, StageImpact, TopicGroup,
    TopicRate,
};
pub use impact::ScoreImpact;
pub use issues::{Issue, Issues};
pub use priority::{FactorWeights, ImpactWeights, LevelShares, Priorities};
pub use time::{
    BeforeAfter, MeasureChange, Period, PeriodFigures, Spike, Timeline, TopicChange, Trend,
};

use crate::aggregate::{Aggregates, CallBack, Counts, Measure, Quote, Rate, TopicAggregate};
use crate::error::{Error, ErrorKind, Result};
use crate::label::{PainKind, Polarity, Urgency};
use crate::taxonomy::Taxonomy;
use issues::WordWeights;
use priority::ImpactParts;
use time::{Series, Side};

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

/// A topic that hurts.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct PainPointFigures {
    /// Its id.
    pub topic: String,
    /// The id of its group.
    pub group: String,
    /// Functional or emotional, by code.
    pub kind: &'static str,
    /// The stage of the journey where it mostly shows, by code.
    pub stage: Option<String>,
    /// `P1` to `P4`, and why.
    pub level: Level,
    /// From 0 to 100.
    pub priority: f64,
    /// Its factors, `0.0..=1.0`.
    pub factors: Factors,
    /// The share of records that it hurts.
    pub frequency: Rate,
    /// The share of its mentions that blame it.
    pub blame: Rate,
    /// How badly it hurts on average, `0.0..=1.0`.
    pub severity: f64,
    /// Different customers that it hurts, about; 0 where none is named.
    pub customers: u64,
    /// Emotions of those whom it hurts.
    pub emotions: Vec<EmotionRate>,
    /// Where it is going; `None` without dates.
    pub trend: Option<Trend>,
    /// The share of records that it hurt, period by period.
    pub history: Vec<f64>,
    /// What it does to the score that most customers gave.
    pub impact: Option<ScoreImpact>,
    /// What its complaints have in common.
    pub issues: Issues,
    /// The worst of its complaints, each in other words.
    pub quotes: Vec<Quote>,
}

/// The level of a pain.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Level {
    /// `P1` to `P4`.
    pub level: &'static str,
    /// The share of its complaints that are so urgent, or more.
    pub share: f64,
    /// The commonest reasons of their urgency.
    pub reasons: Vec<String>,
}

/// The factors of a priority.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct Factors {
    /// What it does to customers and scores.
    pub impact: f64,
    /// How urgent its complaints are.
    pub urgency: f64,
    /// How easily it is put right.
    pub feasibility: f64,
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
            pain_points,
            concentration,
            topic_groups: groups::topic_groups(aggregates),
            praises: praises(aggregates),
            impacts,
            cuts: groups::cuts(aggregates),
            since: since.map(|since| time::before_after(aggregates, since)),
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

/// What the topics that hurt are ranked with.
struct Ranking<'a> {
    aggregates: &'a Aggregates,
    priorities: &'a Priorities,
    measure: Option<Measure>,
    impacts: &'a [ScoreImpact],
    series: Option<&'a Series>,
}

impl Ranking<'_> {
    fn pain_points(&self) -> Vec<PainPointFigures> {
        let trends = self.series.map(Series::trends).unwrap_or_default();
        let words = WordWeights::new(self.aggregates);
        let topics = self.aggregates.topics.iter();
        let mut pains: Vec<_> = topics
            .filter(|(_, topic)| topic.mentions.pain > 0)
            .map(|(id, topic)| self.pain_point(id, topic, trends.get(id).copied(), &words))
            .collect();
        if let Some(series) = self.series {
            let issues = pains.iter_mut().flat_map(|pain| &mut pain.issues.issues);
            series.judge(issues.collect());
        }
        pains.sort_by(|a, b| {
            let first = b.priority.total_cmp(&a.priority);
            first.then_with(|| a.topic.cmp(&b.topic))
        });
        pains
    }

    fn pain_point(
        &self,
        id: &str,
        topic: &TopicAggregate,
        trend: Option<Trend>,
        words: &WordWeights,
    ) -> PainPointFigures {
        let records = self.aggregates.all.records;
        let severity = topic.severity.mean().unwrap_or(0.0);
        let known = Taxonomy::built_in().topic(id);
        let (level, share) = self.priorities.level(topic);
        let impact = self.impact_on_score(id);
        let factors = Factors {
            impact: self
                .priorities
                .impact(&self.parts(topic, severity, impact, trend)),
            urgency: self.priorities.urgency(topic),
            feasibility: self.priorities.feasibility(id),
        };
        let history = self.series.and_then(|series| series.shares(id));
        let complaints = &topic.complaints;
        let emotional = topic.kinds.get(PainKind::Emotional.code());
        PainPointFigures {
            group: known.map_or(id, |topic| topic.group()).to_owned(),
            kind: match emotional.is_some_and(|&count| 2 * count > topic.pain.records) {
                true => PainKind::Emotional.code(),
                false => PainKind::Functional.code(),
            },
            stage: commonest(&topic.stages, 1).pop(),
            level: Level {
                level: level.code(),
                share,
                reasons: commonest(&topic.reasons, 2),
            },
            priority: self.priorities.priority(
                factors.impact,
                factors.urgency,
                factors.feasibility,
            ),
            factors,
            frequency: Rate::new(topic.pain.records, records),
            blame: Rate::new(topic.mentions.negative, topic.mentions.all()),
            severity,
            customers: topic.customers.count(),
            emotions: groups::emotions(&topic.pain),
            trend,
            history: history.unwrap_or_default(),
            impact: impact.cloned(),
            issues: words.issues(complaints.kept(), complaints.offered(), self.series),
            quotes: worst(complaints.kept()),
            topic: id.to_owned(),
        }
    }

    fn impact_on_score(&self, topic: &str) -> Option<&ScoreImpact> {
        self.impacts.iter().find(|impact| {
            Some(impact.measure) == self.measure && impact.topic == topic && !impact.praise
        })
    }

    /// The parts of a topic's impact, each beside the largest of all topics.
    fn parts(
        &self,
        topic: &TopicAggregate,
        severity: f64,
        impact: Option<&ScoreImpact>,
        trend: Option<Trend>,
    ) -> ImpactParts {
        let topics = || self.aggregates.topics.values();
        let beside = |value: f64, largest: f64| if largest > 0.0 { value / largest } else { 0.0 };
        let largest = topics().map(|topic| topic.pain.records).max().unwrap_or(0);
        let widest = topics()
            .map(|topic| topic.customers.count())
            .max()
            .unwrap_or(0);
        let cost = |impact: &ScoreImpact| (-impact.impact).max(0.0);
        let dearest = self
            .impacts
            .iter()
            .filter(|impact| Some(impact.measure) == self.measure && !impact.praise)
            .map(cost)
            .fold(0.0, f64::max);
        ImpactParts {
            frequency: beside(topic.pain.records as f64, largest as f64),
            severity,
            score: self
                .measure
                .map(|_| beside(impact.map_or(0.0, cost), dearest)),
            spread: (widest > 0).then(|| beside(topic.customers.count() as f64, widest as f64)),
            trend: trend.map(|trend| match trend.direction {
                "rising" => 1.0,
                "falling" => 0.0,
                _ => 0.5,
            }),
        }
    }
}

/// Names by their counts, the commonest first.
fn commonest(counts: &Counts, most: usize) -> Vec<String> {
    let mut names: Vec<_> = counts.iter().collect();
    // A stable sort: equals stay in the order of their names.
    names.sort_by_key(|(_, count)| Reverse(**count));
    let names = names.into_iter().take(most);
    names.map(|(name, _)| name.clone()).collect()
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
        topics: time::topic_changes(&earlier, &later),
        measures: time::measure_changes(&earlier.measures, &later.measures),
        negative: [before, after].map(|run| run.all.sentiment(Polarity::Negative)),
    }
}
