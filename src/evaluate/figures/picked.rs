//! What rows have that figures are made of, in a form that is quick to count
//! again for every resampled set.

use std::collections::BTreeMap;

use super::Pair;
use crate::evaluate::calibration::Answer;
use crate::evaluate::evidence::overlap;
use crate::evaluate::labels::{Labels, Task};
use crate::evaluate::metrics::{self, Count, LabelSets, Ranked};

/// What some of the pairs have, and which.
pub(in crate::evaluate) struct Picked<T> {
    pub(super) pairs: Vec<usize>,
    pub(in crate::evaluate) values: T,
}

fn pick<T>(pairs: &[Pair<'_>], value: impl Fn(&Pair<'_>) -> Option<T>) -> Picked<Vec<T>> {
    let values = pairs.iter().enumerate();
    let (pairs, values) = values
        .filter_map(|(at, pair)| Some((at, value(pair)?)))
        .unzip();
    Picked { pairs, values }
}

/// Sets of labels, by number, and the labels' names.
pub(in crate::evaluate) struct Sets {
    rows: Vec<LabelSets>,
    pub(in crate::evaluate) labels: Vec<String>,
}

impl Sets {
    pub(super) fn count(&self, weights: &[u32]) -> Vec<Count> {
        metrics::count(&self.rows, self.labels.len(), weights)
    }

    pub(in crate::evaluate) fn count_all(&self) -> Vec<Count> {
        self.count(&vec![1; self.rows.len()])
    }

    pub(super) fn accuracy(&self, weights: &[u32]) -> Option<f64> {
        let rows = self.rows.iter().zip(weights);
        let (mut right, mut all) = (0, 0);
        for ((there, claimed), &weight) in rows {
            all += u64::from(weight);
            right += u64::from(there == claimed) * u64::from(weight);
        }
        metrics::share(right, all)
    }
}

/// Sets of labels of the rows that have them; a system that does not say claims nothing.
pub(super) fn sets(
    pairs: &[Pair<'_>],
    labels_of: impl Fn(&Labels) -> Option<Vec<String>>,
) -> Picked<Sets> {
    let mut numbers = BTreeMap::new();
    let mut named = pick(pairs, |pair| {
        Some((labels_of(&pair.row.gold)?, labels_of(&pair.told.labels)))
    });
    // What a system never speaks of, it is not measured on.
    if named.values.iter().all(|(_, told)| told.is_none()) {
        named.pairs.clear();
        named.values.clear();
    }
    let labels = |(there, claimed): &(Vec<String>, Option<Vec<String>>)| {
        let claimed = claimed.iter().flatten();
        there.iter().chain(claimed).cloned().collect::<Vec<_>>()
    };
    for label in named.values.iter().flat_map(labels) {
        numbers.insert(label, 0);
    }
    for (number, (_, own)) in numbers.iter_mut().enumerate() {
        *own = number;
    }
    let number = |labels: &[String]| {
        let mut labels: Vec<usize> = labels.iter().map(|label| numbers[label]).collect();
        labels.sort_unstable();
        labels
    };
    let rows = named.values.iter();
    Picked {
        pairs: named.pairs,
        values: Sets {
            rows: rows
                .map(|(there, claimed)| {
                    (
                        number(there),
                        number(claimed.as_deref().unwrap_or_default()),
                    )
                })
                .collect(),
            labels: numbers.into_keys().collect(),
        },
    }
}

pub(in crate::evaluate) fn classes(pairs: &[Pair<'_>], task: Task) -> Picked<Sets> {
    sets(pairs, |labels| {
        labels.class(task).map(|label| vec![label.to_owned()])
    })
}

pub(in crate::evaluate) fn emotions(pairs: &[Pair<'_>]) -> Picked<Sets> {
    sets(pairs, |labels| {
        Some(labels.emotions.as_ref()?.iter().cloned().collect())
    })
}

/// Topics, whatever is said of them.
pub(in crate::evaluate) fn topics_found(pairs: &[Pair<'_>]) -> Picked<Sets> {
    sets(pairs, |labels| {
        labels.topics.as_ref()?;
        Some(
            labels
                .topics_found()
                .into_iter()
                .map(str::to_owned)
                .collect(),
        )
    })
}

/// Confidence in the sentiment, and whether it is right.
pub(in crate::evaluate) fn answers(pairs: &[Pair<'_>]) -> Picked<Vec<Answer>> {
    pick(pairs, |pair| {
        let gold = pair.row.gold.sentiment.as_ref()?;
        Some((
            pair.told.confidence()?,
            pair.told.labels.sentiment.as_ref() == Some(gold),
        ))
    })
}

/// Squared distances of all probabilities of a row, where all are given.
pub(super) fn squared_errors(pairs: &[Pair<'_>]) -> Picked<Vec<f64>> {
    pick(pairs, |pair| {
        let gold = pair.row.gold.sentiment.as_ref()?;
        let shares = &pair.told.probabilities;
        let missing = if shares.contains_key(gold) { 0.0 } else { 1.0 };
        let squares = shares.iter().map(|(label, share)| {
            let truth = f64::from(u8::from(label == gold));
            (share - truth).powi(2)
        });
        (shares.len() > 1).then(|| squares.sum::<f64>() + missing)
    })
}

/// Numbers in an order, gold and told.
pub(super) struct Steps {
    values: Vec<(f64, f64)>,
    ranked: Ranked,
}

pub(super) fn steps(pairs: &[Pair<'_>], value: impl Fn(&Labels) -> Option<f64>) -> Picked<Steps> {
    let Picked { pairs, values } = pick(pairs, |pair| {
        Some((value(&pair.row.gold)?, value(&pair.told.labels)?))
    });
    // Gold second: it has few levels, and the sums run over them.
    let told_first: Vec<_> = values.iter().map(|&(gold, told)| (told, gold)).collect();
    Picked {
        pairs,
        values: Steps {
            ranked: Ranked::new(&told_first),
            values,
        },
    }
}

impl Steps {
    fn mean(&self, weights: &[u32], value: impl Fn(f64, f64) -> f64) -> Option<f64> {
        let values: Vec<f64> = self
            .values
            .iter()
            .map(|&(gold, told)| value(gold, told))
            .collect();
        metrics::mean(&values, weights)
    }

    pub(super) fn exact(&self, weights: &[u32]) -> Option<f64> {
        self.mean(weights, |gold, told| {
            f64::from(u8::from(gold.round() == told.round()))
        })
    }

    pub(super) fn within_one(&self, weights: &[u32]) -> Option<f64> {
        self.mean(weights, |gold, told| {
            f64::from(u8::from((gold.round() - told.round()).abs() <= 1.0))
        })
    }

    pub(super) fn mean_error(&self, weights: &[u32]) -> Option<f64> {
        self.mean(weights, |gold, told| (gold - told).abs())
    }

    pub(super) fn tau_b(&self, weights: &[u32]) -> Option<f64> {
        self.ranked.tau_b(weights)
    }
}

/// The sum of the evidence F1 of each row's topics that are found, and their number.
pub(super) fn evidence(pairs: &[Pair<'_>]) -> Picked<Vec<(f64, u64)>> {
    pick(pairs, |pair| {
        let told = pair.told.labels.topics.as_ref()?;
        let text = &pair.row.feedback.text;
        let scores: Vec<f64> = pair
            .row
            .gold
            .topics
            .as_ref()?
            .iter()
            .filter_map(|gold| {
                let told = told.iter().find(|told| told.topic == gold.topic)?;
                overlap(gold, told, text)
            })
            .collect();
        (!scores.is_empty()).then(|| (scores.iter().sum(), scores.len() as u64))
    })
}
