//! Days → periods, with what grows and what leaps in them.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::{SpanRelativeTo, ToSpan, Unit};
use serde::Serialize;

use super::issues::Issue;
use super::moves::{Leap, Trend, direction, leaps, trend};
use super::statistics::{LEVEL, holm};
use crate::aggregate::{Aggregates, Cell, Measure, Moments, Rate};
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

#[cfg(test)]
mod tests {
    use super::super::changes::{Side, topic_changes};
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
    fn periods_start_where_people_expect() {
        let date: Date = "2026-03-01".parse().expect("a Sunday");
        assert_eq!(Period::Week.start(date).to_string(), "2026-02-23");
        assert_eq!(Period::Month.start(date).to_string(), "2026-03-01");
        assert_eq!(Period::Day.start(date), date);
    }
}
