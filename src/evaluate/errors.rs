//! The rows that a system gets wrong, with what made it say so.

use serde::Serialize;

use super::dataset::Dataset;
use super::figures::Pair;
use super::labels::Task;
use super::predict::Predictor;
use crate::feedback::Feedback;
use crate::span::Span;

/// A decision is explained by at most so many stretches of the text.
const MOVED: usize = 2;

/// At most so many stretches of a text are left out to see what changes: those
/// whose own tone speaks most for the answer.
const TRIED: usize = 8;

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
    /// The sentences and clauses that moved the sentiment most to where it is:
    /// by their own tone, or once [`Report::explain`](super::Report::explain)
    /// has asked the system, by what changes without them.
    pub moved_by: Vec<Moved>,
    /// What the system was asked, and the stretches that it told apart.
    #[serde(skip)]
    asked: (Feedback, Vec<(Span, f64)>),
}

/// A stretch of a text with its own tone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moved {
    /// Its words.
    pub text: String,
    /// Its score, from -1 to 1.
    pub score: f64,
    /// How much likelier it makes the answer: the probability with it less that
    /// without it. `None` if that was not asked, and where it is the whole text.
    pub adds: Option<f64>,
}

/// The rows whose sentiment is wrong, the most confident first.
pub(super) fn confident(pairs: &[Pair<'_>], most: usize) -> Vec<Wrong> {
    let mut wrong = rows(pairs);
    wrong.retain(|(_, tasks)| tasks.contains(&Task::Sentiment));
    wrong.sort_by(|(a, _), (b, _)| sureness(b).total_cmp(&sureness(a)));
    wrong.truncate(most);
    wrong.into_iter().map(Wrong::new).collect()
}

/// The rows of which the most tasks are wrong, then the most confident first.
pub(super) fn worst(pairs: &[Pair<'_>], most: usize) -> Vec<Wrong> {
    let mut wrong = rows(pairs);
    wrong.sort_by(|(a, wrong_of_a), (b, wrong_of_b)| {
        let tasks = wrong_of_b.len().cmp(&wrong_of_a.len());
        tasks.then(sureness(b).total_cmp(&sureness(a)))
    });
    wrong.truncate(most);
    wrong.into_iter().map(Wrong::new).collect()
}

fn sureness(pair: &Pair<'_>) -> f64 {
    pair.told.confidence().unwrap_or(0.0)
}

/// The rows with anything wrong, and what.
fn rows<'a>(pairs: &[Pair<'a>]) -> Vec<(Pair<'a>, Vec<Task>)> {
    let answered = answered(pairs);
    let rows = pairs
        .iter()
        .map(|pair| (*pair, wrong_tasks(pair, &answered)));
    rows.filter(|(_, tasks)| !tasks.is_empty()).collect()
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

impl Wrong {
    fn new((pair, tasks): (Pair<'_>, Vec<Task>)) -> Self {
        let mut wrong = Self {
            id: pair.row.feedback.id.clone(),
            text: pair.row.feedback.text.clone(),
            gold: pair.row.gold.sentiment.clone(),
            told: pair.told.labels.sentiment.clone(),
            confidence: pair.told.confidence(),
            tasks,
            moved_by: Vec::new(),
            asked: (pair.row.feedback.clone(), pair.told.segments.clone()),
        };
        // Those that speak most for the answer first.
        let weight = |score: f64| match wrong.told.as_deref() {
            Some("negative") => -score,
            Some("positive") => score,
            _ => -score.abs(),
        };
        let segments = &mut wrong.asked.1;
        segments.retain(|(span, _)| wrong.text.get(span.range()).is_some());
        segments.sort_by(|a, b| weight(b.1).total_cmp(&weight(a.1)));
        wrong.moved_by = wrong.ranked_by_tone().take(MOVED).collect();
        wrong
    }

    fn ranked_by_tone(&self) -> impl Iterator<Item = Moved> {
        let segments = self.asked.1.iter();
        segments.map(|&(span, score)| Moved {
            text: span.of(&self.text).to_owned(),
            score,
            adds: None,
        })
    }

    /// Asks the system about the text without each of its stretches, and ranks
    /// them by how much likelier they make the answer.
    pub(super) fn explain(&mut self, data: &Dataset, system: &dyn Predictor) {
        let (feedback, segments) = &self.asked;
        let Some((label, with)) = self.told.as_ref().zip(self.confidence) else {
            return;
        };
        // With a question, what is left may answer another one.
        if segments.len() < 2 || !feedback.questions.is_empty() {
            return;
        }
        let rest = |span: Span| {
            let (before, after) = (span.range().start, span.range().end);
            Feedback {
                // Another text than that of the row.
                id: String::new(),
                text: [&self.text[..before], &self.text[after..]].concat(),
                ..feedback.clone()
            }
        };
        let asked: Vec<Feedback> = segments
            .iter()
            .take(TRIED)
            .map(|(span, _)| rest(*span))
            .collect();
        let told = system.predict(&asked.iter().collect::<Vec<_>>());
        let adds = told.into_iter().map(|told| {
            let told = data.in_its_terms(told.ok()?);
            Some(with - told.probabilities.get(label)?)
        });
        let mut moved: Vec<Moved> = self
            .ranked_by_tone()
            .zip(adds)
            .map(|(moved, adds)| Moved { adds, ..moved })
            .collect();
        let adds = |moved: &Moved| moved.adds.unwrap_or(f64::NEG_INFINITY);
        moved.sort_by(|a, b| adds(b).total_cmp(&adds(a)));
        moved.truncate(MOVED);
        self.moved_by = moved;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Result;
    use crate::evaluate::{LabelledRow, Labels, Prediction};

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

    /// Says negative, and is the surer the longer the text.
    struct ByLength;

    impl Predictor for ByLength {
        fn name(&self) -> String {
            "by length".to_owned()
        }

        fn predict(&self, feedback: &[&Feedback]) -> Vec<Result<Prediction>> {
            let told = feedback.iter().map(|feedback| {
                let share = feedback.text.len() as f64 / 100.0;
                Ok(Prediction {
                    probabilities: [("negative".to_owned(), share)].into(),
                    ..Prediction::default()
                })
            });
            told.collect()
        }
    }

    #[test]
    fn what_the_answer_rests_on_is_found_by_leaving_it_out() {
        let class = |label: &str| Labels {
            sentiment: Some(label.to_owned()),
            ..Labels::default()
        };
        let row = LabelledRow {
            feedback: Feedback::new("1", "Lent. Plat très, très bon."),
            gold: class("positive"),
        };
        let mut told = Prediction {
            labels: class("negative"),
            probabilities: [("negative".to_owned(), 0.26)].into(),
            segments: vec![(Span::new(0, 5), -0.9), (Span::new(6, 28), 0.8)],
            ..Prediction::default()
        };
        let explained = |told: &Prediction| {
            let mut wrong = confident(&[Pair { row: &row, told }], 1);
            wrong[0].explain(&Dataset::default(), &ByLength);
            wrong.swap_remove(0).moved_by
        };
        let moved = explained(&told);
        assert_eq!(moved[0].text, "Plat très, très bon.");
        assert!(
            (moved[0].adds.expect("asked") - 0.2).abs() < 1e-9,
            "{moved:?}"
        );
        assert!(
            (moved[1].adds.expect("asked") - 0.03).abs() < 1e-9,
            "{moved:?}"
        );

        told.segments.truncate(1);
        assert_eq!(explained(&told)[0].adds, None);
    }
}
