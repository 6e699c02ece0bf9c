//! Topics that hurt → pain points in the order to take them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::groups::{self, EmotionRate};
use super::impact::ScoreImpact;
use super::issues::{Issues, WordWeights};
use super::moves::Trend;
use super::priority::{ImpactParts, Priorities};
use super::time::Series;
use super::worst;
use crate::aggregate::{Aggregates, Amount, Counts, Measure, Quote, Rate, TopicAggregate};
use crate::label::PainKind;
use crate::taxonomy::Taxonomy;

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
    /// What those records cost and reached, where the input says.
    pub amounts: BTreeMap<Amount, f64>,
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

/// What the topics that hurt are ranked with.
pub(super) struct Ranking<'a> {
    pub(super) aggregates: &'a Aggregates,
    pub(super) priorities: &'a Priorities,
    pub(super) measure: Option<Measure>,
    pub(super) impacts: &'a [ScoreImpact],
    pub(super) series: Option<&'a Series>,
}

impl Ranking<'_> {
    pub(super) fn pain_points(&self) -> Vec<PainPointFigures> {
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
            amounts: topic
                .pain
                .amounts
                .iter()
                .map(|(&amount, total)| (amount, total.sum()))
                .collect(),
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
