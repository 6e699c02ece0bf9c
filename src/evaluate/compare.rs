//! Two systems on the same rows: is one better, or was it luck?

use std::collections::BTreeMap;

use serde::Serialize;

use super::bootstrap::{Interval, Statistic};
use super::dataset::Dataset;
use super::errors;
use super::figures::{self, Metric, Pair};
use super::groups::Grouping;
use super::labels::{Prediction, Task};
use super::metrics;
use super::report::{Settings, restricted};
use crate::error::Result;

/// Two systems held against each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// Rows that both have a prediction for.
    pub rows: usize,
    /// Rows that one of them has none for.
    pub left_out: usize,
    /// Every figure of both, of all rows and of each group.
    pub differences: Vec<Difference>,
    /// Whether the rows that only one has right are split evenly.
    pub tests: Vec<Test>,
    /// Answers that differ, task by task, first those that one of them has right.
    pub flips: Vec<Flip>,
}

/// A figure of both systems.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Of which rows; `all`, or a group of the settings.
    pub group: String,
    /// Of what.
    pub task: Task,
    /// Which figure.
    pub metric: Metric,
    /// The rows it was measured on.
    pub rows: usize,
    /// The first system's.
    pub first: f64,
    /// The second system's.
    pub second: f64,
    /// The second's less the first's.
    pub difference: f64,
    /// Where the difference lies in 95 of 100 resampled sets, the same sets for both.
    pub interval: Option<Interval>,
}

/// McNemar's exact test of one task on some rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Test {
    /// On which rows.
    pub group: String,
    /// Of what.
    pub task: Task,
    /// Rows that are labelled for it.
    pub rows: usize,
    /// Rows that only the first has right.
    pub only_first: u64,
    /// Rows that only the second has right.
    pub only_second: u64,
    /// How likely so uneven a split is by luck.
    pub p: f64,
    /// The same, corrected by Holm's method for the number of tests in this list.
    pub p_corrected: f64,
    /// Effect size: how far the split is from even, from -0.5 (all go to the
    /// first) to 0.5; 0.05 counts as small, 0.15 medium, 0.25 large (Cohen 1988).
    pub cohens_g: Option<f64>,
    /// Rows that only the second has right for each that only the first has.
    pub odds_ratio: Option<f64>,
}

/// An answer that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Flip {
    /// To what.
    pub task: Task,
    /// The row's id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// What is true of it, if it is labelled; several labels with commas.
    pub gold: Option<String>,
    /// What the first system says.
    pub first: Option<String>,
    /// What the second system says.
    pub second: Option<String>,
}

/// A row with what both systems say of it.
type Both<'a> = (Pair<'a>, Pair<'a>);

impl Comparison {
    /// Compares predictions of two systems, each one for every row of `data`,
    /// in their order.
    pub fn new(
        data: &Dataset,
        first: &[Result<Prediction>],
        second: &[Result<Prediction>],
        settings: &Settings,
    ) -> Self {
        let (first, second) = (restricted(data, first), restricted(data, second));
        let rows = data.rows.iter().zip(first.iter().zip(&second));
        let both: Vec<Both<'_>> = rows
            .filter_map(|(row, (first, second))| {
                let (first, second) = (first.as_ref().ok()?, second.as_ref().ok()?);
                Some((Pair { row, told: first }, Pair { row, told: second }))
            })
            .collect();

        let mut groups = vec![("all".to_owned(), both.clone())];
        for by in &settings.by {
            groups.extend(apart(&both, by));
        }
        let differences = groups
            .iter()
            .flat_map(|(group, both)| differences(group, both, settings));
        let (own, others): (Vec<_>, Vec<_>) = both.iter().copied().unzip();
        let mut tasks = errors::answered(&own);
        let others = errors::answered(&others);
        tasks.retain(|task| others.contains(task));
        let mut tests: Vec<Test> = groups
            .iter()
            .flat_map(|(group, both)| tests(group, both, &tasks))
            .collect();
        let p_values: Vec<f64> = tests.iter().map(|test| test.p).collect();
        for (test, corrected) in tests.iter_mut().zip(metrics::holm(&p_values)) {
            test.p_corrected = corrected;
        }
        Self {
            rows: both.len(),
            left_out: data.rows.len() - both.len(),
            differences: differences.collect(),
            tests,
            flips: tasks.iter().flat_map(|task| flips(&both, *task)).collect(),
        }
    }
}

fn apart<'a>(both: &[Both<'a>], by: &Grouping) -> BTreeMap<String, Vec<Both<'a>>> {
    let mut groups: BTreeMap<String, Vec<Both<'a>>> = BTreeMap::new();
    for pairs in both {
        groups.entry(by.of(&pairs.0)).or_default().push(*pairs);
    }
    // One group alone is all rows again, and its tests would count twice.
    if groups.len() == 1 {
        groups.clear();
    }
    groups
}

fn differences(group: &str, both: &[Both<'_>], settings: &Settings) -> Vec<Difference> {
    let (first, second): (Vec<_>, Vec<_>) = both.iter().copied().unzip();
    let mut others = figures::measures(&second);
    let mut measured = Vec::new();
    let mut statistics: Vec<Statistic<'_>> = Vec::new();
    let ones = vec![1; both.len()];
    for own in figures::measures(&first) {
        let same =
            |other: &figures::Measure<'_>| (other.task, other.metric) == (own.task, own.metric);
        let Some(at) = others.iter().position(same) else {
            continue;
        };
        let other = others.swap_remove(at);
        let values = (own.statistic)(&ones).zip((other.statistic)(&ones));
        let Some((first, second)) = values else {
            continue;
        };
        measured.push(Difference {
            group: group.to_owned(),
            task: own.task,
            metric: own.metric,
            rows: own.rows,
            first,
            second,
            difference: second - first,
            interval: None,
        });
        statistics.push(Box::new(move |weights| {
            Some((other.statistic)(weights)? - (own.statistic)(weights)?)
        }));
    }
    let intervals = settings.bootstrap.intervals(both.len(), &statistics);
    for (difference, interval) in measured.iter_mut().zip(intervals) {
        difference.interval = interval;
    }
    measured
}

fn tests(group: &str, both: &[Both<'_>], tasks: &[Task]) -> Vec<Test> {
    let test = |&task: &Task| {
        let (mut rows, mut only_first, mut only_second) = (0, 0, 0);
        for (first, second) in both.iter().filter(|(pair, _)| pair.row.gold.has(task)) {
            let right = |pair: &Pair<'_>| pair.row.gold.agree(&pair.told.labels, task);
            rows += 1;
            match (right(first), right(second)) {
                (true, false) => only_first += 1,
                (false, true) => only_second += 1,
                _ => {}
            }
        }
        let p = metrics::mcnemar_exact(only_first, only_second);
        let decided = only_first + only_second;
        (rows > 0).then(|| Test {
            group: group.to_owned(),
            task,
            rows,
            only_first,
            only_second,
            p,
            p_corrected: p,
            cohens_g: metrics::share(only_second, decided).map(|share| share - 0.5),
            odds_ratio: metrics::share(only_second, only_first),
        })
    };
    tasks.iter().filter_map(test).collect()
}

fn flips(both: &[Both<'_>], task: Task) -> Vec<Flip> {
    let differ = both.iter().filter(|(first, second)| {
        let (first, second) = (&first.told.labels, &second.told.labels);
        (first.has(task) || second.has(task)) && !first.agree(second, task)
    });
    let right = |pair: &Pair<'_>| pair.row.gold.agree(&pair.told.labels, task);
    let is_decided =
        |(first, second): &&Both<'_>| first.row.gold.has(task) && right(first) != right(second);
    let (mut decided, rest): (Vec<_>, Vec<_>) = differ.partition(is_decided);
    decided.extend(rest);
    let flips = decided.into_iter().map(|(first, second)| Flip {
        task,
        id: first.row.feedback.id.clone(),
        text: first.row.feedback.text.clone(),
        gold: first.row.gold.in_words(task),
        first: first.told.labels.in_words(task),
        second: second.told.labels.in_words(task),
    });
    flips.collect()
}

#[cfg(test)]
mod checks {
    use super::*;
    use crate::evaluate::{LabelledRow, Labels, TopicLabel};
    use crate::feedback::Feedback;

    fn told(label: &str) -> Result<Prediction> {
        Ok(Prediction {
            labels: labels(label),
            ..Prediction::default()
        })
    }

    fn labels(label: &str) -> Labels {
        Labels {
            sentiment: Some(label.to_owned()),
            ..Labels::default()
        }
    }

    fn rows(gold: &[&str]) -> Dataset {
        let rows = gold.iter().enumerate().map(|(at, label)| LabelledRow {
            feedback: Feedback::new(at.to_string(), *label),
            gold: labels(label),
        });
        Dataset {
            rows: rows.collect(),
            ..Dataset::default()
        }
    }

    #[test]
    fn a_system_is_not_better_than_itself() {
        let data = rows(&["positive", "negative", "negative"]);
        let same = [told("positive"), told("positive"), told("negative")];
        let comparison = Comparison::new(&data, &same, &same, &Settings::default());
        assert!(comparison.flips.is_empty());
        for difference in &comparison.differences {
            assert_eq!(difference.difference, 0.0);
            let interval = difference.interval.expect("rows");
            assert_eq!((interval.low, interval.high), (0.0, 0.0));
        }
        assert!(
            comparison
                .tests
                .iter()
                .all(|test| test.p == 1.0 && test.odds_ratio.is_none())
        );
    }

    #[test]
    fn what_only_one_has_right_is_counted_and_shown() {
        let data = rows(&["positive"; 8]);
        let first: Vec<_> = (0..8)
            .map(|at| told(if at < 2 { "positive" } else { "negative" }))
            .collect();
        let mut second: Vec<_> = (0..8)
            .map(|at| told(if at > 0 { "positive" } else { "neutral" }))
            .collect();
        second[7] = Err(crate::error::Error::input("no answer"));
        let comparison = Comparison::new(&data, &first, &second, &Settings::default());
        assert_eq!((comparison.rows, comparison.left_out), (7, 1));
        let test = &comparison.tests[0];
        assert_eq!((test.only_first, test.only_second), (1, 5));
        assert_eq!(test.odds_ratio, Some(5.0));
        assert!((test.p - 0.21875).abs() < 1e-12, "{}", test.p);
        assert_eq!(comparison.flips.len(), 6);
        let accuracy = &comparison.differences[0];
        assert!((accuracy.difference - 4.0 / 7.0).abs() < 1e-12);
        assert!(accuracy.interval.expect("rows").low > -0.2);
    }

    #[test]
    fn answers_that_differ_are_listed_task_by_task() {
        let full = |stars: f64, emotions: &[&str], topic: &str, polarity: &str| Labels {
            stars: Some(stars),
            emotions: Some(emotions.iter().map(|&label| label.to_owned()).collect()),
            topics: Some(vec![TopicLabel {
                topic: topic.to_owned(),
                polarity: Some(polarity.to_owned()),
                evidence: Vec::new(),
            }]),
            ..Labels::default()
        };
        let row = |id: &str, gold| LabelledRow {
            feedback: Feedback::new(id, "ส่งช้า"),
            gold,
        };
        let gold = full(1.0, &["anger"], "delivery_speed", "negative");
        let data = Dataset {
            rows: vec![row("1", Labels::default()), row("2", gold.clone())],
            ..Dataset::default()
        };
        let told = |labels: Labels| {
            Ok(Prediction {
                labels,
                ..Prediction::default()
            })
        };
        let second = full(2.6, &["anger", "worry"], "delivery_speed", "neutral");
        // The same when rounded.
        let first = full(1.4, &["anger"], "delivery_speed", "negative");
        let (first, second) = ([&first, &first], [&second, &second]);
        let comparison = Comparison::new(
            &data,
            &first.map(|labels| told(labels.clone())),
            &second.map(|labels| told(labels.clone())),
            &Settings::default(),
        );
        let flips: Vec<_> = comparison
            .flips
            .iter()
            .map(|flip| (flip.task, flip.id.as_str(), flip.second.as_deref()))
            .collect();
        let topic = Some("delivery_speed neutral");
        // Row 2 first: it is labelled, and the first system has it right.
        assert_eq!(
            flips,
            [
                (Task::Stars, "2", Some("3")),
                (Task::Stars, "1", Some("3")),
                (Task::Emotions, "2", Some("anger, worry")),
                (Task::Emotions, "1", Some("anger, worry")),
                (Task::Topics, "2", topic),
                (Task::Topics, "1", topic),
            ]
        );
        assert_eq!(comparison.flips[0].gold.as_deref(), Some("1"));
        assert_eq!(comparison.flips[1].gold, None);
    }
}
