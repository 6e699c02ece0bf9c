//! Two times, or two runs: what is different.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::statistics::{LEVEL, holm, same_mean, same_share};
use crate::aggregate::{Aggregates, Cell, Difference, Measure, Moments, Rate};

/// What was different after a date from before: never why.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct BeforeAfter {
    /// The first day of the time after.
    pub since: String,
    /// Records before and after.
    pub records: [u64; 2],
    /// Topics, those with the clearest change first.
    pub topics: Vec<TopicChange>,
    /// Scores that customers gave.
    pub measures: Vec<MeasureChange>,
}

/// How often a topic hurt, at two times or in two runs.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct TopicChange {
    /// Id of the topic.
    pub topic: String,
    /// The share of records it hurt before.
    pub before: Rate,
    /// And after.
    pub after: Rate,
    /// After less before.
    pub change: Difference,
    /// Whether it is more than chance, with all topics taken into account.
    pub clear: bool,
}

/// A score at two times or in two runs.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct MeasureChange {
    /// The score.
    pub measure: Measure,
    /// Its mean before.
    pub before: f64,
    /// And after.
    pub after: f64,
    /// After less before.
    pub change: Difference,
    /// Whether it is more than chance, with all scores taken into account.
    pub clear: bool,
}

/// What changed at `since`.
pub(super) fn before_after(aggregates: &Aggregates, since: Date) -> BeforeAfter {
    let mut sides = [Side::default(), Side::default()];
    for (date, cell) in aggregates.days.sorted() {
        if let Ok(date) = date.parse::<Date>() {
            sides[usize::from(date >= since)].add(cell);
        }
    }
    let [before, after] = sides;
    BeforeAfter {
        since: since.to_string(),
        records: [before.records, after.records],
        topics: topic_changes(&before, &after),
        measures: measure_changes(&before.measures, &after.measures),
    }
}

/// Records of one time or one run.
#[derive(Default)]
pub(super) struct Side {
    pub(super) records: u64,
    pub(super) topics: BTreeMap<String, u64>,
    pub(super) measures: BTreeMap<Measure, Moments>,
}

impl Side {
    fn add(&mut self, cell: &Cell) {
        self.records += cell.tally.records;
        for (topic, mentions) in &cell.topics {
            *self.topics.entry(topic.clone()).or_default() += mentions.pain;
        }
        for (&measure, &moments) in &cell.tally.measures {
            self.measures.entry(measure).or_default().add_all(moments);
        }
    }
}

pub(super) fn topic_changes(before: &Side, after: &Side) -> Vec<TopicChange> {
    let rate = |side: &Side, topic: &str| {
        Rate::new(side.topics.get(topic).copied().unwrap_or(0), side.records)
    };
    let mut topics: Vec<_> = before.topics.keys().chain(after.topics.keys()).collect();
    topics.sort();
    topics.dedup();
    let rates: Vec<_> = topics
        .into_iter()
        .map(|topic| (topic, rate(before, topic), rate(after, topic)))
        .filter(|(_, before, after)| before.count + after.count > 0)
        .collect();
    let p_values: Vec<_> = rates
        .iter()
        .map(|&(_, before, after)| same_share(before, after))
        .collect();
    let mut changes: Vec<_> = rates
        .into_iter()
        .zip(holm(&p_values))
        .map(|((topic, before, after), p_value)| {
            (
                p_value,
                TopicChange {
                    topic: topic.clone(),
                    before,
                    after,
                    change: after.less(before),
                    clear: p_value < LEVEL,
                },
            )
        })
        .collect();
    changes.sort_by(|(a, first), (b, second)| {
        let far = |change: &TopicChange| change.change.difference.abs();
        a.total_cmp(b).then(far(second).total_cmp(&far(first)))
    });
    changes.into_iter().map(|(_, change)| change).collect()
}

pub(super) fn measure_changes(
    before: &BTreeMap<Measure, Moments>,
    after: &BTreeMap<Measure, Moments>,
) -> Vec<MeasureChange> {
    let changes = before.iter().filter_map(|(&measure, &before)| {
        let after = *after.get(&measure)?;
        Some(MeasureChange {
            measure,
            before: before.mean()?,
            after: after.mean()?,
            change: after.less(before)?,
            clear: false,
        })
    });
    let mut changes: Vec<_> = changes.collect();
    let p_values: Vec<_> = changes.iter().map(|it| same_mean(it.change)).collect();
    for (change, p_value) in changes.iter_mut().zip(holm(&p_values)) {
        change.clear = p_value < LEVEL;
    }
    changes
}
