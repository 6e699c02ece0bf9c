//! Days → periods, and what grows, what leaps and what changed at a date.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::{SpanRelativeTo, ToSpan, Unit};
use serde::Serialize;

use super::issues::Issue;
use super::statistics::{LEVEL, at_least, chi_squared, holm, same_share, two_sided};
use crate::aggregate::{Aggregates, Cell, Difference, Interval, Measure, Moments, Rate, Z95};
use crate::label::Polarity;

labels! {
    /// A stretch of time that records are counted over.
    Period {
        /// A day.
        Day => "day",
        /// A week from Monday.
        Week => "week",
        /// A month.
        Month => "month",
    }
}

impl Period {
    /// The period that fits so many days: some dozens of it.
    fn fitting(days: i64) -> Self {
        match days {
            ..=45 => Self::Day,
            46..=400 => Self::Week,
            _ => Self::Month,
        }
    }

    fn start(self, date: Date) -> Date {
        match self {
            Self::Day => date,
            Self::Week => {
                let after = i64::from(date.weekday().since(Weekday::Monday));
                date.saturating_sub(after.days())
            }
            Self::Month => date.first_of_month(),
        }
    }
}

/// How things went over time.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Timeline {
    /// The length of its periods, by code.
    pub period: &'static str,
    /// One after the other, those without records included.
    pub periods: Vec<PeriodFigures>,
    /// Topics that leapt up, the clearest first.
    pub spikes: Vec<Spike>,
}

/// One period.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct PeriodFigures {
    /// Its first day.
    pub start: String,
    /// Records with a tone.
    pub records: u64,
    /// Those that are negative.
    pub negative: Rate,
    /// Scores that customers gave.
    pub measures: BTreeMap<Measure, f64>,
}

/// A topic that came up far more often than in the periods before.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Spike {
    /// Id of the topic.
    pub topic: String,
    /// First day of the period.
    pub start: String,
    /// Its place among the periods.
    pub at: usize,
    /// How many records it hurt.
    pub count: u64,
    /// How many were to be expected.
    pub expected: f64,
    /// How likely chance makes such a leap anywhere in the report.
    pub p_value: f64,
}

/// Where a share is going.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct Trend {
    /// By how much the share of records changes from a period to the next.
    pub slope: f64,
    /// What that lies between.
    pub interval: Interval,
    /// How likely chance makes such a slope.
    pub p_value: f64,
    /// Whether it is clear, with all topics taken into account: `rising`,
    /// `falling`, or `steady`.
    pub direction: &'static str,
}

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
    /// Whether the interval of the change leaves out zero.
    pub clear: bool,
}

/// Periods and how often each topic hurt in them.
pub(super) struct Series {
    pub(super) period: Period,
    pub(super) starts: Vec<Date>,
    pub(super) records: Vec<u64>,
    pub(super) topics: BTreeMap<String, Vec<u64>>,
    figures: Vec<PeriodFigures>,
}

/// Longer histories are cut at their start, so that a typing error in a year
/// does not make centuries of empty days.
const MOST_PERIODS: usize = 600;

impl Series {
    /// `None` where no record has a date.
    pub(super) fn new(aggregates: &Aggregates, period: Option<Period>) -> Option<Self> {
        let days: BTreeMap<Date, &Cell> = aggregates
            .days
            .sorted()
            .into_iter()
            .filter_map(|(date, cell)| Some((date.parse().ok()?, cell)))
            .collect();
        let (&first, &last) = (days.keys().next()?, days.keys().next_back()?);
        let span = first.until(last).map_or(0, |span| {
            let days = span.total((Unit::Day, SpanRelativeTo::days_are_24_hours()));
            days.unwrap_or(0.0) as i64
        });
        let period = period.unwrap_or_else(|| Period::fitting(span));
        let end = period.start(last);
        let mut starts = vec![end];
        // Backwards, as the latest periods are those to keep.
        while starts.len() < MOST_PERIODS && starts[starts.len() - 1] > first {
            let before = starts[starts.len() - 1].saturating_sub(1.day());
            starts.push(period.start(before));
        }
        starts.reverse();

        let mut records = vec![0; starts.len()];
        let mut topics: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        let mut negative = vec![0; starts.len()];
        let mut measures = vec![BTreeMap::<Measure, Moments>::new(); starts.len()];
        for (date, cell) in days {
            let Ok(at) = starts.binary_search(&period.start(date)) else {
                continue;
            };
            records[at] += cell.tally.records;
            negative[at] += cell.tally.sentiment(Polarity::Negative).count;
            for (measure, moments) in &cell.tally.measures {
                measures[at].entry(*measure).or_default().add_all(*moments);
            }
            for (topic, mentions) in &cell.topics {
                let counts = topics.entry(topic.clone());
                counts.or_insert_with(|| vec![0; starts.len()])[at] += mentions.pain;
            }
        }
        let figures = starts.iter().enumerate().map(|(at, start)| PeriodFigures {
            start: start.to_string(),
            records: records[at],
            negative: Rate::new(negative[at], records[at]),
            measures: measures[at]
                .iter()
                .filter_map(|(&measure, moments)| Some((measure, moments.mean()?)))
                .collect(),
        });
        Some(Self {
            period,
            figures: figures.collect(),
            starts,
            records,
            topics,
        })
    }

    /// The place of the period that `date` is in.
    pub(super) fn place(&self, date: &str) -> Option<usize> {
        let date: Date = date.parse().ok()?;
        self.starts.binary_search(&self.period.start(date)).ok()
    }

    /// The share of records that `topic` hurt, period by period.
    pub(super) fn shares(&self, topic: &str) -> Option<Vec<f64>> {
        let counts = self.topics.get(topic)?.iter().zip(&self.records);
        let shares = counts.map(|(&count, &records)| Rate::new(count, records).share);
        Some(shares.collect())
    }

    pub(super) fn timeline(self, spikes: Vec<Spike>) -> Timeline {
        Timeline {
            period: self.period.code(),
            periods: self.figures,
            spikes,
        }
    }

    /// The leaps of all topics, the clearest first.
    pub(super) fn spikes(&self) -> Vec<Spike> {
        let topics: Vec<_> = self.topics.iter().collect();
        let mut spikes: Vec<_> = self
            .clear_leaps(topics.iter().map(|(_, counts)| counts.as_slice()))
            .into_iter()
            .map(|(which, leap)| {
                let (topic, counts) = topics[which];
                Spike {
                    topic: topic.clone(),
                    start: self.starts[leap.at].to_string(),
                    at: leap.at,
                    count: counts[leap.at],
                    expected: leap.expected,
                    p_value: leap.p_value,
                }
            })
            .collect();
        spikes.sort_by(|a, b| a.p_value.total_cmp(&b.p_value).then(a.topic.cmp(&b.topic)));
        spikes
    }

    /// The trends of all topics, by id.
    pub(super) fn trends(&self) -> BTreeMap<String, Trend> {
        let trends = self.clear_trends(self.topics.values().map(Vec::as_slice));
        let topics = self.topics.keys().zip(trends);
        topics
            .filter_map(|(topic, trend)| Some((topic.clone(), trend?)))
            .collect()
    }

    /// Trends and leaps of issues, as one family of their own.
    pub(super) fn judge(&self, mut issues: Vec<&mut Issue>) {
        let histories: Vec<_> = issues.iter().map(|issue| issue.history.clone()).collect();
        let histories = || histories.iter().map(Vec::as_slice);
        for (issue, trend) in issues.iter_mut().zip(self.clear_trends(histories())) {
            issue.trend = trend;
        }
        for (which, leap) in self.clear_leaps(histories()) {
            let start = self.starts[leap.at].to_string();
            issues[which].leaps.push(start);
        }
    }

    /// Leaps beyond chance, each with which of the `histories` it is in; their
    /// p-values take all of these into account.
    fn clear_leaps<'a>(&self, histories: impl Iterator<Item = &'a [u64]>) -> Vec<(usize, Leap)> {
        let mut tested: Vec<_> = histories
            .enumerate()
            .flat_map(|(which, counts)| {
                let leaps = leaps(counts, &self.records).into_iter();
                leaps.map(move |leap| (which, leap))
            })
            .collect();
        let p_values: Vec<_> = tested.iter().map(|(_, leap)| leap.p_value).collect();
        for ((_, leap), p_value) in tested.iter_mut().zip(holm(&p_values)) {
            leap.p_value = p_value;
        }
        tested.retain(|(_, leap)| leap.p_value < LEVEL);
        tested
    }

    /// The trend of each of the `histories`; directions take all into account.
    fn clear_trends<'a>(&self, histories: impl Iterator<Item = &'a [u64]>) -> Vec<Option<Trend>> {
        let mut trends: Vec<_> = histories
            .map(|counts| trend(counts, &self.records))
            .collect();
        let p_values: Vec<_> = trends.iter().flatten().map(|trend| trend.p_value).collect();
        for (trend, p_value) in trends.iter_mut().flatten().zip(holm(&p_values)) {
            trend.direction = direction(trend.slope, p_value);
        }
        trends
    }
}

fn direction(slope: f64, p_value: f64) -> &'static str {
    match p_value < LEVEL {
        true if slope > 0.0 => "rising",
        true => "falling",
        false => "steady",
    }
}

/// A period held against those before it.
pub(super) struct Leap {
    at: usize,
    expected: f64,
    p_value: f64,
}

/// Periods that a period is held against at most, and at least.
const BASELINE: usize = 8;
const SHORTEST_BASELINE: usize = 3;

/// Fewer records make no spike, however few came before.
const FEWEST: u64 = 5;

/// A period so unlikely is no part of what later ones are held against.
const ODD: f64 = 1e-4;

/// Each period against those before it: given how many records there are in
/// all, the count of a quiet period is binomial. Where the periods before are
/// more restless than that, all counts are taken for fewer, as in
/// quasi-likelihood.
pub(super) fn leaps(counts: &[u64], records: &[u64]) -> Vec<Leap> {
    let mut leaps = Vec::new();
    let mut quiet: Vec<usize> = Vec::new();
    for at in 0..counts.len() {
        if records[at] == 0 {
            continue;
        }
        let baseline = &quiet[quiet.len().saturating_sub(BASELINE)..];
        let sum = |values: &[u64]| baseline.iter().map(|&at| values[at]).sum::<u64>();
        let (before, of) = (sum(counts), sum(records));
        let mut odd = false;
        if baseline.len() >= SHORTEST_BASELINE {
            let share = before as f64 / of as f64;
            let expected = share * records[at] as f64;
            let restless = restlessness(baseline, counts, records, share);
            let scaled = |count: u64| (count as f64 / restless).round() as u64;
            let p_value = match counts[at] >= FEWEST {
                true => at_least(
                    scaled(counts[at]),
                    scaled(counts[at]) + scaled(before),
                    records[at] as f64 / (records[at] + of) as f64,
                ),
                false => 1.0,
            };
            odd = p_value < ODD;
            leaps.push(Leap {
                at,
                expected,
                p_value,
            });
        }
        if !odd {
            quiet.push(at);
        }
    }
    leaps
}

/// How many times the variance of the counts is that of chance; 1 unless it is
/// clearly more.
fn restlessness(baseline: &[usize], counts: &[u64], records: &[u64], share: f64) -> f64 {
    if share == 0.0 {
        return 1.0;
    }
    let sum: f64 = baseline
        .iter()
        .map(|&at| {
            let expected = share * records[at] as f64;
            (counts[at] as f64 - expected).powi(2) / expected
        })
        .sum();
    let freedom = baseline.len() as u64 - 1;
    match chi_squared(sum, freedom) < 0.01 {
        true => sum / freedom as f64,
        false => 1.0,
    }
}

/// The line through the shares, weighted by records (the test is that of
/// Cochran and Armitage); its error grows where the shares do not keep to it,
/// so that a single spike makes no trend.
pub(super) fn trend(counts: &[u64], records: &[u64]) -> Option<Trend> {
    let periods = records.iter().filter(|&&records| records > 0).count();
    let of = records.iter().sum::<u64>() as f64;
    let count = counts.iter().sum::<u64>() as f64;
    if periods < 4 || count == 0.0 || count == of {
        return None;
    }
    let share = count / of;
    let moment = |power: i32| {
        let sums = records.iter().enumerate();
        sums.map(|(at, &n)| n as f64 * (at as f64).powi(power))
            .sum::<f64>()
    };
    let middle = moment(1) / of;
    let spread = moment(2) - of * middle * middle;
    let slope = counts
        .iter()
        .zip(records)
        .enumerate()
        .map(|(at, (&k, &n))| (at as f64 - middle) * (k as f64 - share * n as f64))
        .sum::<f64>()
        / spread;
    let chance = share * (1.0 - share);
    let strays: f64 = counts
        .iter()
        .zip(records)
        .enumerate()
        .filter(|(_, (_, n))| **n > 0)
        .map(|(at, (&k, &n))| {
            let fitted = share + slope * (at as f64 - middle);
            (k as f64 - fitted * n as f64).powi(2) / (n as f64 * chance)
        })
        .sum();
    let error = (chance / spread * (strays / (periods - 2) as f64).max(1.0)).sqrt();
    Some(Trend {
        slope,
        interval: Interval {
            low: slope - Z95 * error,
            high: slope + Z95 * error,
        },
        p_value: two_sided(slope / error),
        direction: "steady",
    })
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
        let change = after.less(before)?;
        Some(MeasureChange {
            measure,
            before: before.mean()?,
            after: after.mean()?,
            change,
            clear: change.interval.excludes_zero(),
        })
    });
    changes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SplitMix64 (Steele, Lea & Flood, 2014): a seed and eight lines.
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut bits = self.0;
            bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        }

        /// How many of `of` happen, each with `probability`.
        fn binomial(&mut self, of: u64, probability: f64) -> u64 {
            (0..of).filter(|_| self.next() < probability).count() as u64
        }
    }

    impl Series {
        fn side(&self, weeks: &std::ops::Range<usize>) -> Side {
            let sum = |counts: &[u64]| counts[weeks.clone()].iter().sum::<u64>();
            let topics = self.topics.iter();
            Side {
                records: sum(&self.records),
                topics: topics
                    .map(|(topic, counts)| (topic.clone(), sum(counts)))
                    .collect(),
                measures: BTreeMap::new(),
            }
        }
    }

    /// Half a year of 20 topics in weeks of some 800 records.
    fn quiet(random: &mut Random) -> Series {
        let records: Vec<_> = (0..26).map(|_| 700 + random.binomial(200, 0.5)).collect();
        let topics = (1..=20).map(|topic| {
            let share = 0.005 * f64::from(topic);
            let counts = records.iter().map(|&of| random.binomial(of, share));
            (format!("topic {topic:02}"), counts.collect())
        });
        Series {
            period: Period::Week,
            starts: (0..26)
                .map(|week| Date::constant(2026, 1, 5).saturating_add(week.weeks()))
                .collect(),
            topics: topics.collect(),
            records,
            figures: Vec::new(),
        }
    }

    #[test]
    fn quiet_weeks_raise_no_alarm_and_doublings_do() {
        let (mut alarms, mut trends, mut changes, mut found) = (0, 0, 0, 0);
        let runs = 100;
        let mut random = Random(20_260_302);
        for _ in 0..runs {
            let mut series = quiet(&mut random);
            alarms += usize::from(!series.spikes().is_empty());
            trends += usize::from(
                series
                    .trends()
                    .values()
                    .any(|trend| trend.direction != "steady"),
            );
            let [before, after] = [&(0..17), &(17..26)].map(|weeks| series.side(weeks));
            let changed = topic_changes(&before, &after);
            changes += usize::from(changed.iter().any(|change| change.clear));
            let of = series.records[20];
            let doubled = random.binomial(of, 2.0 * 0.05);
            series.topics.get_mut("topic 10").expect("of twenty")[20] = doubled;
            found += usize::from(
                series
                    .spikes()
                    .iter()
                    .any(|spike| spike.at == 20 && spike.topic == "topic 10"),
            );
        }
        // Of whole half-years, so the share of weeks is far smaller.
        assert!(
            alarms < 5,
            "{alarms} of {runs} quiet half-years raise an alarm"
        );
        assert!(
            trends <= 8,
            "{trends} of {runs} quiet half-years show a trend"
        );
        assert!(
            changes <= 8,
            "{changes} of {runs} quiet half-years show a change"
        );
        assert!(found >= 90, "{found} of {runs} doublings were found");
    }

    #[test]
    fn restless_counts_need_a_higher_leap() {
        let records = [1000; 9];
        let p_value = |counts: [u64; 9]| leaps(&counts, &records).pop().expect("the last").p_value;
        assert!(p_value([20, 21, 19, 20, 22, 18, 20, 20, 45]) < 0.001);
        assert!(p_value([5, 40, 3, 38, 4, 35, 6, 29, 45]) > 0.01);
    }

    #[test]
    fn periods_start_where_people_expect() {
        let date: Date = "2026-03-01".parse().expect("a Sunday");
        assert_eq!(Period::Week.start(date).to_string(), "2026-02-23");
        assert_eq!(Period::Month.start(date).to_string(), "2026-03-01");
        assert_eq!(Period::Day.start(date), date);
    }

    #[test]
    fn a_steady_climb_is_a_trend_and_one_spike_is_none() {
        let records = [500; 12];
        let climb: Vec<u64> = (0..12).map(|week| 10 + 4 * week).collect();
        let climbing = trend(&climb, &records).expect("enough weeks");
        assert!((climbing.slope - 0.008).abs() < 1e-9 && climbing.p_value < 1e-6);
        let mut spike = [20; 12];
        spike[10] = 120;
        assert!(trend(&spike, &records).expect("enough weeks").p_value > 0.05);
        assert!(trend(&[1, 2, 3], &records[..3]).is_none());
    }
}
