//! Languages, channels, stages of the journey and columns of the input: what
//! each group says, beside all the others.

use std::collections::BTreeMap;

use serde::Serialize;

use super::impact::leave_out;
use super::statistics::{LEVEL, holm, same_mean, same_share};
use crate::aggregate::{Aggregates, Cell, Difference, Interval, Measure, Moments, Rate, Z95};
use crate::label::{Emotion, Polarity, Stage};

/// Records divided by one thing.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Cut {
    /// What divides them: `language`, `channel`, a column.
    pub name: String,
    /// The groups, the largest first.
    pub groups: Vec<Group>,
    /// Records of further groups, which are not told apart.
    pub other: u64,
}

/// Records of one group.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Group {
    /// The value that they share.
    pub value: String,
    /// How many there are.
    pub records: u64,
    /// Those that are negative.
    pub negative: Rate,
    /// Their share less that of all other groups.
    pub difference: Option<Difference>,
    /// Whether that is more than chance, with all groups taken into account.
    pub clear: bool,
    /// Scores that their customers gave.
    pub measures: Vec<MeasureFigure>,
    /// Records that each topic hurts, the commonest first.
    pub pains: Vec<TopicRate>,
}

/// A score.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct MeasureFigure {
    /// Which.
    pub measure: Measure,
    /// Answers.
    pub count: u64,
    /// Their mean, in the score's own unit.
    pub mean: f64,
    /// What the mean lies between.
    pub interval: Option<Interval>,
}

/// How often a topic hurts.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct TopicRate {
    /// Id of the topic.
    pub topic: String,
    /// The share of records.
    pub rate: Rate,
}

/// Groups that are shown of a cut.
const MOST_GROUPS: usize = 20;

pub(super) fn cuts(aggregates: &Aggregates) -> Vec<Cut> {
    aggregates
        .cuts
        .iter()
        .map(|(name, cells)| {
            let mut groups: Vec<_> = cells
                .sorted()
                .into_iter()
                .map(|(value, cell)| group(value, cell, &aggregates.all))
                .collect();
            groups.sort_by(|a, b| b.records.cmp(&a.records).then(a.value.cmp(&b.value)));
            let beyond = groups.split_off(groups.len().min(MOST_GROUPS));
            let p_values: Vec<_> = groups
                .iter()
                .map(|group| same_share(group.negative, others(group.negative, &aggregates.all)))
                .collect();
            for (group, p_value) in groups.iter_mut().zip(holm(&p_values)) {
                group.clear = p_value < LEVEL;
            }
            let told = cells.other().map_or(0, |cell| cell.tally.records);
            Cut {
                name: name.clone(),
                groups,
                other: told + beyond.iter().map(|group| group.records).sum::<u64>(),
            }
        })
        .collect()
}

fn others(negative: Rate, all: &crate::aggregate::Tally) -> Rate {
    let whole = all.sentiment(Polarity::Negative);
    Rate::new(
        whole.count.saturating_sub(negative.count),
        whole.of.saturating_sub(negative.of),
    )
}

fn group(value: &str, cell: &Cell, all: &crate::aggregate::Tally) -> Group {
    let negative = cell.tally.sentiment(Polarity::Negative);
    let rest = others(negative, all);
    let mut pains: Vec<_> = cell
        .topics
        .iter()
        .filter(|(_, mentions)| mentions.pain > 0)
        .map(|(topic, mentions)| TopicRate {
            topic: topic.clone(),
            rate: Rate::new(mentions.pain, cell.tally.records),
        })
        .collect();
    pains.sort_by(|a, b| b.rate.count.cmp(&a.rate.count).then(a.topic.cmp(&b.topic)));
    Group {
        value: value.to_owned(),
        records: cell.tally.records,
        negative,
        difference: (rest.of > 0).then(|| negative.less(rest)),
        clear: false,
        measures: measures(&cell.tally.measures),
        pains,
    }
}

pub(super) fn measures(measures: &BTreeMap<Measure, Moments>) -> Vec<MeasureFigure> {
    let figures = measures.iter().filter_map(|(&measure, moments)| {
        Some(MeasureFigure {
            measure,
            count: moments.count,
            mean: moments.mean()?,
            interval: moments.interval(),
        })
    });
    figures.collect()
}

/// Topics that belong together.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct TopicGroup {
    /// Their id.
    pub group: String,
    /// The share of all records that they hurt.
    pub pain: Rate,
    /// From −1, only blame, to 1, only praise.
    pub tone: f64,
}

pub(super) fn topic_groups(aggregates: &Aggregates) -> Vec<TopicGroup> {
    let mut groups: Vec<_> = aggregates
        .groups
        .iter()
        .map(|(group, area)| TopicGroup {
            group: group.clone(),
            pain: Rate::new(area.pain.records, aggregates.all.records),
            tone: area.mentions.tone().mean().unwrap_or(0.0),
        })
        .collect();
    groups.sort_by(|a, b| b.pain.count.cmp(&a.pain.count).then(a.group.cmp(&b.group)));
    groups
}

/// The customers' way, stage by stage.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Journey {
    /// The stages that were spoken of, in the order of the way.
    pub stages: Vec<StageFigures>,
    /// How far the tones of the stages lie apart: their standard deviation. A
    /// consistent experience has little.
    pub unevenness: f64,
}

/// A stage of the journey.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct StageFigures {
    /// Its code.
    pub stage: &'static str,
    /// Records that speak of it.
    pub records: u64,
    /// From −1, only blame, to 1, only praise.
    pub tone: f64,
    /// What the tone lies between.
    pub interval: Option<Interval>,
    /// The share of its records in which it hurts.
    pub pain: Rate,
    /// Emotions heard in its records, the commonest first.
    pub emotions: Vec<EmotionRate>,
    /// What its pain does to the score that most customers gave.
    pub impact: Option<StageImpact>,
    /// `high` or `low` where it clearly stands out from the other stages.
    pub mark: Option<&'static str>,
    /// Whether it weighs most: on the score, or else in feeling.
    pub moment_of_truth: bool,
}

/// How often an emotion is heard.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct EmotionRate {
    /// Its code.
    pub emotion: &'static str,
    /// The share of records.
    pub rate: Rate,
}

/// What a stage's pain does to a score.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct StageImpact {
    /// The score.
    pub measure: Measure,
    /// The mean of all, less the mean without those whom the stage hurts.
    pub impact: f64,
    /// What the impact lies between.
    pub interval: Interval,
}

/// Emotions in a list, the commonest first.
pub(super) fn emotions(tally: &crate::aggregate::Tally) -> Vec<EmotionRate> {
    let mut rates: Vec<_> = Emotion::ALL
        .iter()
        .map(|emotion| EmotionRate {
            emotion: emotion.code(),
            rate: tally.rate(&tally.emotions, emotion.code()),
        })
        .filter(|it| it.rate.count > 0)
        .collect();
    // A stable sort: equals stay in the order of the labels.
    rates.sort_by_key(|it| std::cmp::Reverse(it.rate.count));
    rates
}

pub(super) fn journey(aggregates: &Aggregates, measure: Option<Measure>) -> Journey {
    let mut whole = Moments::default();
    for stage in aggregates.stages.values() {
        whole.add_all(stage.mentions.tone());
    }
    let mut stages = Vec::new();
    // How far each stage's tone is from that of all others.
    let mut apart = Vec::new();
    for &stage in Stage::ALL {
        let Some(aggregate) = aggregates.stages.get(stage.code()) else {
            continue;
        };
        let tone = aggregate.mentions.tone();
        let rest = whole.without(tone);
        apart.push(tone.less(rest).filter(|_| tone.count >= FEWEST));
        let impact = measure.and_then(|measure| {
            let all = *aggregates.all.measures.get(&measure)?;
            let part = *aggregate.pain.measures.get(&measure)?;
            let (impact, error) = leave_out(all, part)?;
            Some(StageImpact {
                measure,
                impact,
                interval: Interval {
                    low: impact - Z95 * error,
                    high: impact + Z95 * error,
                },
            })
        });
        stages.push(StageFigures {
            stage: stage.code(),
            records: aggregate.tally.records,
            tone: tone.mean().unwrap_or(0.0),
            interval: tone.interval(),
            pain: Rate::new(aggregate.pain.records, aggregate.tally.records),
            emotions: emotions(&aggregate.tally),
            impact,
            mark: None,
            moment_of_truth: false,
        });
    }
    let p_values: Vec<_> = apart
        .iter()
        .map(|apart| apart.map_or(1.0, same_mean))
        .collect();
    for ((stage, apart), p_value) in stages.iter_mut().zip(apart).zip(holm(&p_values)) {
        stage.mark = apart.filter(|_| p_value < LEVEL).map(|apart| {
            if apart.difference > 0.0 {
                "high"
            } else {
                "low"
            }
        });
    }
    keep_extremes(&mut stages);
    if let Some(heaviest) = heaviest(&stages) {
        stages[heaviest].moment_of_truth = true;
    }
    Journey {
        unevenness: unevenness(&stages),
        stages,
    }
}

/// Fewer mentions make no high and no low.
const FEWEST: u64 = 10;

/// The highest of the highs and the lowest of the lows keep their marks.
fn keep_extremes(stages: &mut [StageFigures]) {
    let tones = |mark| {
        let marked = stages.iter().filter(move |stage| stage.mark == Some(mark));
        marked.map(|stage| stage.tone)
    };
    let high = tones("high").reduce(f64::max);
    let low = tones("low").reduce(f64::min);
    for stage in stages {
        let kept = match stage.mark {
            Some("high") => high == Some(stage.tone),
            _ => low == Some(stage.tone),
        };
        stage.mark = stage.mark.filter(|_| kept);
    }
}

/// The stage with the largest effect on the score; without scores, the one with
/// most feeling in most records.
fn heaviest(stages: &[StageFigures]) -> Option<usize> {
    let scored = stages.iter().any(|stage| stage.impact.is_some());
    let weight = |stage: &StageFigures| match &stage.impact {
        Some(impact) => impact.impact.abs(),
        None if scored => 0.0,
        None => stage.emotions.iter().map(|it| it.rate.count as f64).sum(),
    };
    (0..stages.len())
        .max_by(|&a, &b| {
            weight(&stages[a])
                .total_cmp(&weight(&stages[b]))
                .then(b.cmp(&a))
        })
        .filter(|&stage| weight(&stages[stage]) > 0.0)
}

fn unevenness(stages: &[StageFigures]) -> f64 {
    let mut tones = Moments::default();
    for stage in stages {
        tones.push(stage.tone);
    }
    tones.variance().unwrap_or(0.0).sqrt()
}
