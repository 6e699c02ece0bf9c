//! Gold labels and predictions → figures, each as a function of how often
//! every row counts.

mod picked;

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::bootstrap::{Bootstrap, Interval, Statistic};
use super::calibration;
use super::dataset::LabelledRow;
use super::labels::{Prediction, Task};
use super::metrics;
use crate::label::Urgency;
use picked::{Picked, Steps, evidence, sets, squared_errors, steps};
pub(super) use picked::{Sets, answers, classes, emotions, topics_found};

labels! {
    /// What is measured of a task.
    Metric {
        /// The share of rows that are right; of several labels, with all of them right.
        Accuracy => "accuracy",
        /// The mean F1 of the labels that the rows have.
        MacroF1 => "macro_f1",
        /// F1 of all labels as one.
        MicroF1 => "micro_f1",
        /// The mean F1, each label as heavy as it is frequent.
        WeightedF1 => "weighted_f1",
        /// F1 of the one label.
        F1 => "f1",
        /// Micro F1 of topics, whatever is said of them.
        FoundF1 => "found_micro_f1",
        /// How far the evidence of a topic that is found overlaps with the gold
        /// one, in characters: the mean F1 over topics.
        EvidenceF1 => "evidence_f1",
        /// The share of rows at most one step off.
        WithinOne => "within_one",
        /// The mean distance.
        MeanError => "mean_absolute_error",
        /// How far the ranking agrees: Kendall's tau-b.
        TauB => "kendall_tau_b",
        /// Expected calibration error, 15 bins.
        CalibrationError => "ece",
        /// What a perfectly calibrated system would show of it on as many rows.
        ErrorByChance => "ece_by_chance",
        /// The mean squared distance of probabilities and truth, summed over
        /// classes: 0 to 2.
        Brier => "brier",
    }
}

impl Serialize for Metric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// One measured figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// Of what.
    pub task: Task,
    /// Which one.
    pub metric: Metric,
    /// The rows it was measured on.
    pub rows: usize,
    /// Its value; shares lie in `0.0..=1.0`.
    pub value: f64,
    /// Where it lies in 95 of 100 resampled sets.
    pub interval: Option<Interval>,
}

/// A row and what a system says of it.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) row: &'a LabelledRow,
    pub(super) told: &'a Prediction,
}

/// A figure before it is measured.
pub(super) struct Measure<'a> {
    pub(super) task: Task,
    pub(super) metric: Metric,
    pub(super) rows: usize,
    /// Takes a weight for each pair, those without labels too.
    pub(super) statistic: Statistic<'a>,
}

/// All figures of some pairs.
pub(super) fn figures(pairs: &[Pair<'_>], bootstrap: Bootstrap) -> Vec<Figure> {
    let (measures, statistics): (Vec<_>, Vec<_>) = measures(pairs)
        .into_iter()
        .map(|measure| {
            (
                (measure.task, measure.metric, measure.rows),
                measure.statistic,
            )
        })
        .unzip();
    let ones = vec![1; pairs.len()];
    let mut intervals = bootstrap.intervals(pairs.len(), &statistics);
    for ((_, metric, _), interval) in measures.iter().zip(&mut intervals) {
        // A resampled set repeats rows, which by itself raises this error: its
        // interval may lie above it. `ErrorByChance` is what to hold it against.
        if *metric == Metric::CalibrationError {
            *interval = None;
        }
    }
    let mut figures = Vec::with_capacity(measures.len());
    for (((task, metric, rows), statistic), interval) in
        measures.into_iter().zip(&statistics).zip(intervals)
    {
        figures.extend(statistic(&ones).map(|value| Figure {
            task,
            metric,
            rows,
            value,
            interval,
        }));
        if metric == Metric::CalibrationError {
            let chance = calibration::error_by_chance(&answers(pairs).values, bootstrap);
            figures.extend(chance.map(|value| Figure {
                task,
                metric: Metric::ErrorByChance,
                rows,
                value,
                interval: None,
            }));
        }
    }
    figures
}

/// What can be measured on some pairs.
pub(super) fn measures<'a>(pairs: &[Pair<'a>]) -> Vec<Measure<'a>> {
    use Metric::{
        Accuracy, Brier, CalibrationError, EvidenceF1, F1, FoundF1, MacroF1, MeanError, MicroF1,
        TauB, WeightedF1, WithinOne,
    };
    let mut all = Vec::new();
    let macro_f1 = |sets: &Sets, weights: &[u32]| metrics::macro_f1(&sets.count(weights));
    let micro_f1 = |sets: &Sets, weights: &[u32]| metrics::micro_f1(&sets.count(weights));
    let weighted_f1 = |sets: &Sets, weights: &[u32]| metrics::weighted_f1(&sets.count(weights));

    for task in [Task::Sentiment, Task::Act, Task::Urgency, Task::Language] {
        let sets = Arc::new(classes(pairs, task));
        add(&mut all, task, Accuracy, &sets, Sets::accuracy);
        add(&mut all, task, MacroF1, &sets, macro_f1);
        add(&mut all, task, WeightedF1, &sets, weighted_f1);
        if task == Task::Sentiment {
            let sure = Arc::new(answers(pairs));
            add(
                &mut all,
                task,
                CalibrationError,
                &sure,
                |answers: &Vec<_>, weights| calibration::error(answers, weights),
            );
            let squares = Arc::new(squared_errors(pairs));
            add(
                &mut all,
                task,
                Brier,
                &squares,
                |values: &Vec<f64>, weights| metrics::mean(values, weights),
            );
        }
        if task == Task::Urgency {
            let levels = Arc::new(steps(pairs, |labels| {
                let level = Urgency::from_code(labels.urgency.as_deref()?)?;
                Some(f64::from(level as u8))
            }));
            add(&mut all, task, WithinOne, &levels, Steps::within_one);
            add(&mut all, task, MeanError, &levels, Steps::mean_error);
            add(&mut all, task, TauB, &levels, Steps::tau_b);
        }
    }

    let mixed = Arc::new(sets(pairs, |labels| {
        labels.mixed.map(|mixed| {
            if mixed {
                vec!["mixed".to_owned()]
            } else {
                vec![]
            }
        })
    }));
    add(&mut all, Task::Mixed, F1, &mixed, micro_f1);

    let stars = Arc::new(steps(pairs, |labels| labels.stars));
    add(&mut all, Task::Stars, Accuracy, &stars, Steps::exact);
    add(&mut all, Task::Stars, WithinOne, &stars, Steps::within_one);
    add(&mut all, Task::Stars, MeanError, &stars, Steps::mean_error);
    add(&mut all, Task::Stars, TauB, &stars, Steps::tau_b);

    let emotions = Arc::new(emotions(pairs));
    add(&mut all, Task::Emotions, MacroF1, &emotions, macro_f1);
    add(&mut all, Task::Emotions, MicroF1, &emotions, micro_f1);
    add(&mut all, Task::Emotions, WeightedF1, &emotions, weighted_f1);
    add(
        &mut all,
        Task::Emotions,
        Accuracy,
        &emotions,
        Sets::accuracy,
    );

    let told_apart = pairs
        .iter()
        .flat_map(|pair| pair.row.gold.topics.iter().flatten());
    if told_apart.clone().any(|topic| topic.polarity.is_some()) {
        let topics = Arc::new(sets(pairs, |labels| {
            labels.topics.as_ref()?;
            let topics = labels.topics_with_polarity().into_iter();
            Some(
                topics
                    .map(|(topic, polarity)| format!("{topic} {}", polarity.unwrap_or_default()))
                    .collect(),
            )
        }));
        add(&mut all, Task::Topics, MicroF1, &topics, micro_f1);
        add(&mut all, Task::Topics, MacroF1, &topics, macro_f1);
        add(&mut all, Task::Topics, WeightedF1, &topics, weighted_f1);
    }
    let found = Arc::new(topics_found(pairs));
    add(&mut all, Task::Topics, FoundF1, &found, micro_f1);
    let evidence = Arc::new(evidence(pairs));
    add(
        &mut all,
        Task::Topics,
        EvidenceF1,
        &evidence,
        |rows: &Vec<(f64, u64)>, weights| {
            let (mut sum, mut topics) = (0.0, 0);
            for ((overlap, count), &weight) in rows.iter().zip(weights) {
                sum += overlap * f64::from(weight);
                topics += count * u64::from(weight);
            }
            (topics > 0).then(|| sum / topics as f64)
        },
    );
    all.sort_by_key(|measure| measure.task);
    all
}

fn add<'a, T: Send + Sync + 'a>(
    measures: &mut Vec<Measure<'a>>,
    task: Task,
    metric: Metric,
    picked: &Arc<Picked<T>>,
    value: impl Fn(&T, &[u32]) -> Option<f64> + Sync + Send + 'a,
) {
    if picked.pairs.is_empty() {
        return;
    }
    let picked = Arc::clone(picked);
    measures.push(Measure {
        task,
        metric,
        rows: picked.pairs.len(),
        statistic: Box::new(move |weights| {
            let own: Vec<u32> = picked.pairs.iter().map(|&pair| weights[pair]).collect();
            value(&picked.values, &own)
        }),
    });
}
