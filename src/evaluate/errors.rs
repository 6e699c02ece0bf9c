//! The rows that a system gets wrong, with what made it say so.

use serde::Serialize;

use super::figures::Pair;
use super::labels::Task;

/// A decision is explained by at most so many stretches of the text.
const MOVED: usize = 2;

/// A row that is wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wrong {
    /// The row's id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Its sentiment, and what the system says; `None` where either has none.
    pub gold: Option<String>,
    /// What the system says.
    pub told: Option<String>,
    /// How sure it is of the sentiment.
    pub confidence: Option<f64>,
    /// Everything that is wrong about it.
    pub tasks: Vec<Task>,
    /// The sentences and clauses that moved the sentiment most to where it is.
    pub moved_by: Vec<Moved>,
}

/// A stretch of a text with its own tone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moved {
    /// Its words.
    pub text: String,
    /// Its score, from -1 to 1.
    pub score: f64,
}

/// The rows whose sentiment is wrong, the most confident first.
pub(super) fn confident(pairs: &[Pair<'_>], most: usize) -> Vec<Wrong> {
    let mut wrong = rows(pairs);
    wrong.retain(|wrong| wrong.tasks.contains(&Task::Sentiment));
    wrong.sort_by(|a, b| sureness(b).total_cmp(&sureness(a)));
    wrong.truncate(most);
    wrong
}

/// The rows of which the most tasks are wrong, then the most confident first.
pub(super) fn worst(pairs: &[Pair<'_>], most: usize) -> Vec<Wrong> {
    let mut wrong = rows(pairs);
    wrong.sort_by(|a, b| {
        let tasks = b.tasks.len().cmp(&a.tasks.len());
        tasks.then(sureness(b).total_cmp(&sureness(a)))
    });
    wrong.truncate(most);
    wrong
}

fn sureness(wrong: &Wrong) -> f64 {
    wrong.confidence.unwrap_or(0.0)
}

fn rows(pairs: &[Pair<'_>]) -> Vec<Wrong> {
    let answered = answered(pairs);
    let rows = pairs.iter().filter_map(|pair| {
        let tasks = wrong_tasks(pair, &answered);
        (!tasks.is_empty()).then(|| Wrong {
            id: pair.row.feedback.id.clone(),
            text: pair.row.feedback.text.clone(),
            gold: pair.row.gold.sentiment.clone(),
            told: pair.told.labels.sentiment.clone(),
            confidence: pair.told.confidence(),
            moved_by: moved_by(pair),
            tasks,
        })
    });
    rows.collect()
}

/// The tasks that a system speaks of at all.
pub(super) fn answered(pairs: &[Pair<'_>]) -> Vec<Task> {
    let tasks = Task::ALL.iter().copied();
    tasks
        .filter(|&task| pairs.iter().any(|pair| pair.told.labels.has(task)))
        .collect()
}

/// The tasks of `answered` that the row is labelled for and the system gets wrong.
fn wrong_tasks(pair: &Pair<'_>, answered: &[Task]) -> Vec<Task> {
    let (gold, told) = (&pair.row.gold, &pair.told.labels);
    let tasks = answered.iter().copied();
    tasks
        .filter(|&task| gold.has(task) && !gold.agree(told, task))
        .collect()
}

fn moved_by(pair: &Pair<'_>) -> Vec<Moved> {
    let weight = |score: f64| match pair.told.labels.sentiment.as_deref() {
        Some("negative") => -score,
        Some("positive") => score,
        _ => -score.abs(),
    };
    let mut segments = pair.told.segments.clone();
    segments.sort_by(|a, b| weight(b.1).total_cmp(&weight(a.1)));
    let text = &pair.row.feedback.text;
    let segments = segments.into_iter().take(MOVED);
    segments
        .filter_map(|(span, score)| {
            let text = text.get(span.range())?.to_owned();
            Some(Moved { text, score })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{LabelledRow, Labels, Prediction};
    use crate::feedback::Feedback;
    use crate::span::Span;

    #[test]
    fn an_error_names_the_words_that_made_it() {
        let class = |label: &str| Labels {
            sentiment: Some(label.to_owned()),
            ..Labels::default()
        };
        let row = LabelledRow {
            feedback: Feedback::new("1", "Bon plat. Service lent."),
            gold: class("positive"),
        };
        let told = Prediction {
            labels: class("negative"),
            probabilities: [("negative".to_owned(), 0.9)].into(),
            segments: vec![(Span::new(0, 9), 0.8), (Span::new(10, 23), -0.7)],
            ..Prediction::default()
        };
        let pairs = [Pair {
            row: &row,
            told: &told,
        }];
        let wrong = confident(&pairs, 5);
        assert_eq!(wrong[0].moved_by[0].text, "Service lent.");
        assert_eq!(
            (wrong[0].tasks.as_slice(), wrong[0].confidence),
            (&[Task::Sentiment][..], Some(0.9))
        );
        assert!(worst(&pairs, 0).is_empty());
    }
}
