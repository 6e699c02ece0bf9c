//! All that is measured of one system.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::bootstrap::Bootstrap;
use super::calibration::Calibration;
use super::dataset::Dataset;
use super::errors::{self, Wrong};
use super::figures::{self, Figure, Metric, Pair, Sets};
use super::groups::Grouping;
use super::labels::{Prediction, Task};
use super::metrics::{self, Level};
use super::predict::Predictor;
use crate::error::{Error, Result};

/// How a system is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How intervals are found.
    pub bootstrap: Bootstrap,
    /// What rows are told apart by.
    pub by: Vec<Grouping>,
    /// How many errors are shown.
    pub errors: usize,
}

impl Default for Settings {
    /// Groups by language, ten errors.
    fn default() -> Self {
        Self {
            bootstrap: Bootstrap::default(),
            by: vec![Grouping::Language],
            errors: 10,
        }
    }
}

/// All that is measured of one system on labelled rows.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Rows that were measured.
    pub rows: usize,
    /// Rows that could not be read or have no prediction, and why; they take no
    /// part in the figures.
    #[serde(serialize_with = "messages")]
    pub failures: Vec<Error>,
    /// Figures of all rows, then of each group.
    pub groups: Vec<Group>,
    /// Figures of each label.
    pub classes: BTreeMap<Task, Vec<ClassFigures>>,
    /// `{task: {gold label: {told label: rows}}}`; what a system does not say is `-`.
    pub confusion: BTreeMap<Task, BTreeMap<String, BTreeMap<String, usize>>>,
    /// How far the confidence in a sentiment can be relied on.
    pub calibration: Calibration,
    /// How far annotators agree, where there are several.
    pub agreement: Vec<Agreement>,
    /// Rows whose sentiment is wrong, the most confident first.
    pub most_confident_errors: Vec<Wrong>,
    /// Rows of which the most tasks are wrong.
    pub worst_errors: Vec<Wrong>,
}

/// Figures of some rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// What rows are told apart by; empty for all rows.
    pub by: String,
    /// Which of them these are.
    pub name: String,
    /// How many.
    pub rows: usize,
    /// Their figures.
    pub figures: Vec<Figure>,
}

impl Group {
    /// One of its figures.
    pub fn figure(&self, task: Task, metric: Metric) -> Option<&Figure> {
        let mut figures = self.figures.iter();
        figures.find(|figure| (figure.task, figure.metric) == (task, metric))
    }
}

/// How well one label is found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassFigures {
    /// The label.
    pub label: String,
    /// Rows that have it.
    pub rows: u64,
    /// The share of claims that are right.
    pub precision: Option<f64>,
    /// The share of rows that are found.
    pub recall: Option<f64>,
    /// The harmonic mean of both.
    pub f1: Option<f64>,
}

/// How far the annotators of a task agree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// The task.
    pub task: Task,
    /// How many annotators.
    pub annotators: usize,
    /// Rows that two of them or more have labelled.
    pub rows: usize,
    /// Whether labels lie in an order.
    pub level: Level,
    /// Krippendorff's alpha.
    pub alpha: Option<f64>,
}

impl Report {
    /// Measures `predictions`, one for each row of `data` and in their order.
    pub fn new(data: &Dataset, predictions: &[Result<Prediction>], settings: &Settings) -> Self {
        let mut failures = data.failures.clone();
        let told = restricted(data, predictions);
        let pairs = pairs(data, &told);
        failures.extend(told.iter().filter_map(|told| told.as_ref().err()).cloned());

        let all = Group {
            by: String::new(),
            name: "all".to_owned(),
            rows: pairs.len(),
            figures: figures::figures(&pairs, settings.bootstrap),
        };
        let apart = settings.by.iter().flat_map(|by| {
            let mut groups: BTreeMap<String, Vec<Pair<'_>>> = BTreeMap::new();
            for pair in &pairs {
                groups.entry(by.of(pair)).or_default().push(*pair);
            }
            // One group alone is all rows again.
            if groups.len() == 1 {
                groups.clear();
            }
            groups.into_iter().map(|(name, pairs)| Group {
                by: by.to_string(),
                name,
                rows: pairs.len(),
                figures: figures::figures(&pairs, settings.bootstrap),
            })
        });
        let groups = [all].into_iter().chain(apart).collect();
        let calibration = Calibration::new(&figures::answers(&pairs).values);
        Self {
            rows: pairs.len(),
            groups,
            classes: classes(&pairs),
            confusion: confusion(&pairs),
            calibration,
            agreement: agreement(data),
            most_confident_errors: errors::confident(&pairs, settings.errors),
            worst_errors: errors::worst(&pairs, settings.errors),
            failures,
        }
    }

    /// Asks the system that was measured what moved its wrong answers: each text
    /// that is listed, once without each of its sentences and clauses.
    pub fn explain(&mut self, data: &Dataset, system: &dyn Predictor) {
        let listed = [&mut self.most_confident_errors, &mut self.worst_errors];
        for wrong in listed.into_iter().flatten() {
            wrong.explain(data, system);
        }
    }
}

/// The predictions, with no labels but those that the set has.
pub(super) fn restricted(
    data: &Dataset,
    predictions: &[Result<Prediction>],
) -> Vec<Result<Prediction>> {
    let told = predictions.iter().cloned();
    told.map(|told| Ok(data.in_its_terms(told?))).collect()
}

/// Each row with its prediction, if it has one.
pub(super) fn pairs<'a>(data: &'a Dataset, told: &'a [Result<Prediction>]) -> Vec<Pair<'a>> {
    let rows = data.rows.iter().zip(told);
    rows.filter_map(|(row, told)| {
        let told = told.as_ref().ok()?;
        Some(Pair { row, told })
    })
    .collect()
}

fn classes(pairs: &[Pair<'_>]) -> BTreeMap<Task, Vec<ClassFigures>> {
    let tasks = [
        Task::Sentiment,
        Task::Emotions,
        Task::Topics,
        Task::Act,
        Task::Urgency,
        Task::Language,
    ];
    let tables = tasks.map(|task| {
        let sets = match task {
            Task::Emotions => figures::emotions(pairs),
            Task::Topics => figures::topics_found(pairs),
            task => figures::classes(pairs, task),
        };
        (task, table(&sets.values))
    });
    tables
        .into_iter()
        .filter(|(_, table)| !table.is_empty())
        .collect()
}

fn table(sets: &Sets) -> Vec<ClassFigures> {
    let counts = sets.count_all();
    let rows = sets.labels.iter().zip(counts);
    rows.map(|(label, count)| ClassFigures {
        label: label.clone(),
        rows: count.there,
        precision: count.precision(),
        recall: count.recall(),
        f1: count.f1(),
    })
    .collect()
}

fn confusion(pairs: &[Pair<'_>]) -> BTreeMap<Task, BTreeMap<String, BTreeMap<String, usize>>> {
    let mut tables = BTreeMap::new();
    for task in [Task::Sentiment, Task::Act, Task::Urgency, Task::Language] {
        let mut table: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for pair in pairs {
            // A mixed text has no class of its own, but where it goes is of interest.
            let mixed =
                (task == Task::Sentiment && pair.row.gold.mixed == Some(true)).then_some("mixed");
            let Some(gold) = pair.row.gold.class(task).or(mixed) else {
                continue;
            };
            let told = pair.told.labels.class(task).unwrap_or("-");
            let row = table.entry(gold.to_owned()).or_default();
            *row.entry(told.to_owned()).or_default() += 1;
        }
        if !table.is_empty() {
            tables.insert(task, table);
        }
    }
    tables
}

fn agreement(data: &Dataset) -> Vec<Agreement> {
    let tasks = data.annotations.iter();
    tasks
        .map(|(&task, units)| {
            let labels: BTreeSet<&String> = units.iter().flatten().flatten().collect();
            // Stars and levels of urgency sort as they rank.
            let labels: Vec<&String> = labels.into_iter().collect();
            let number = |label: &String| labels.iter().position(|own| *own == label);
            let numbers: Vec<Vec<Option<usize>>> = units
                .iter()
                .map(|unit| unit.iter().map(|label| number(label.as_ref()?)).collect())
                .collect();
            let level = match task {
                Task::Stars | Task::Urgency => Level::Ordinal,
                _ => Level::Nominal,
            };
            let several = |unit: &&Vec<Option<usize>>| unit.iter().flatten().count() > 1;
            Agreement {
                task,
                annotators: units.first().map_or(0, Vec::len),
                rows: numbers.iter().filter(several).count(),
                level,
                alpha: metrics::krippendorff_alpha(&numbers, labels.len(), level),
            }
        })
        .collect()
}

fn messages<S: serde::Serializer>(
    errors: &[Error],
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_seq(errors.iter().map(Error::to_string))
}
