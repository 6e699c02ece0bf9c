//! Labels that only one side uses: misspelt, or a name of another inventory that
//! nobody has mapped. Figures that count them are not what they seem.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::dataset::Dataset;
use super::labels::{Labels, Prediction, Task};
use crate::error::Result;
use crate::label::{Act, Emotion, Polarity, Urgency};
use crate::language::Language;
use crate::taxonomy::Taxonomy;

/// A label that is none of ours, and that only one side uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// Of what.
    pub task: Task,
    /// The label.
    pub label: String,
    /// How many rows have it.
    pub rows: usize,
    /// Whether it is the system's, and no row is labelled so; otherwise rows are
    /// labelled so, and the system never says it.
    pub told: bool,
}

impl Stray {
    /// Those of labelled rows and of what a system says of them.
    pub fn find(data: &Dataset, predictions: &[Result<Prediction>]) -> Vec<Self> {
        let told: Vec<&Labels> = predictions
            .iter()
            .flatten()
            .map(|told| &told.labels)
            .collect();
        let gold: Vec<&Labels> = data.rows.iter().map(|row| &row.gold).collect();
        let tasks = Task::ALL.iter().filter(|task| {
            let has = |labels: &&&Labels| labels.has(**task);
            gold.iter().any(|labels| has(&labels)) && told.iter().any(|labels| has(&labels))
        });
        let strays = tasks.flat_map(|&task| {
            let (gold, told) = (counts(&gold, task), counts(&told, task));
            let only = |own: &BTreeMap<String, usize>, other: &BTreeMap<String, usize>, told| {
                let own = own.iter().filter(|(label, _)| !other.contains_key(*label));
                let own = own.filter(|(label, _)| !is_ours(task, label));
                own.map(|(label, rows)| Self {
                    task,
                    label: label.clone(),
                    rows: *rows,
                    told,
                })
                .collect::<Vec<_>>()
            };
            [only(&gold, &told, false), only(&told, &gold, true)].concat()
        });
        strays.collect()
    }
}

impl fmt::Display for Stray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            task,
            label,
            rows,
            told,
        } = self;
        match told {
            false => write!(
                f,
                "{task}: {rows} rows are labelled \"{label}\", which the system never says"
            ),
            true => write!(
                f,
                "{task}: the system says \"{label}\" of {rows} rows, and none is labelled so"
            ),
        }
    }
}

/// In how many rows each label of a task stands.
fn counts(rows: &[&Labels], task: Task) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for labels in rows {
        let own: BTreeSet<String> = match task {
            Task::Stars | Task::Mixed => continue,
            Task::Emotions => labels.emotions.clone().unwrap_or_default(),
            Task::Topics => labels
                .topics_found()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            task => labels.class(task).map(str::to_owned).into_iter().collect(),
        };
        for label in own {
            *counts.entry(label).or_default() += 1;
        }
    }
    counts
}

fn is_ours(task: Task, label: &str) -> bool {
    match task {
        Task::Sentiment => Polarity::from_code(label).is_some(),
        Task::Emotions => Emotion::from_code(label).is_some(),
        Task::Topics => Taxonomy::built_in().topic(label).is_some(),
        Task::Act => Act::from_code(label).is_some(),
        Task::Urgency => Urgency::from_code(label).is_some(),
        Task::Language => Language::from_code(label).is_some(),
        Task::Stars | Task::Mixed => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::LabelledRow;
    use crate::feedback::Feedback;

    #[test]
    fn labels_of_one_side_alone_are_found() {
        let labels = |label: &str| Labels {
            sentiment: Some(label.to_owned()),
            ..Labels::default()
        };
        let rows = ["positive", "schlecht", "schlecht", "pos"].map(|label| LabelledRow {
            feedback: Feedback::new("", "送货慢"),
            gold: labels(label),
        });
        let data = Dataset {
            rows: rows.into(),
            ..Dataset::default()
        };
        let told = ["neutral", "NEG", "negative", "pos"].map(|label| {
            Ok(Prediction {
                labels: labels(label),
                ..Prediction::default()
            })
        });
        let strays = Stray::find(&data, &told);
        let found: Vec<_> = strays
            .iter()
            .map(|stray| (stray.label.as_str(), stray.rows, stray.told))
            .collect();
        assert_eq!(found, [("schlecht", 2, false), ("NEG", 1, true)]);
        assert!(
            strays[0]
                .to_string()
                .contains("2 rows are labelled \"schlecht\"")
        );
    }
}
