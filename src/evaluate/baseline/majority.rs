//! Says of every row what is true of most.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::evaluate::{LabelledRow, Labels, Prediction, Predictor, Task, TopicLabel};
use crate::feedback::Feedback;

/// Says of every row the most frequent label of each task, the median of stars,
/// and the one emotion and topic that most rows have. What is not better than
/// this has learned nothing.
#[derive(Clone, Debug)]
pub struct Majority {
    answer: Prediction,
}

impl Majority {
    /// Learns from the labels of `rows`.
    pub fn train(rows: &[LabelledRow]) -> Self {
        let gold = || rows.iter().map(|row| &row.gold);
        let class = |task| {
            let label = most_frequent(gold().filter_map(|gold| gold.class(task)));
            label.map(str::to_owned)
        };
        let mut stars: Vec<f64> = gold().filter_map(|gold| gold.stars).collect();
        stars.sort_by(f64::total_cmp);
        let emotion = most_frequent(gold().flat_map(|gold| gold.emotions.iter().flatten()));
        let topic = most_frequent(gold().flat_map(Labels::topics_with_polarity));
        let topic = topic.map(|(topic, polarity)| TopicLabel {
            topic: topic.to_owned(),
            polarity: polarity.map(str::to_owned),
            evidence: Vec::new(),
        });
        let sentiments = gold().filter_map(|gold| gold.sentiment.clone());
        let mut shares: BTreeMap<String, f64> = BTreeMap::new();
        let mut labelled = 0.0;
        for sentiment in sentiments {
            *shares.entry(sentiment).or_default() += 1.0;
            labelled += 1.0;
        }
        shares.values_mut().for_each(|share| *share /= labelled);
        Self {
            answer: Prediction {
                labels: Labels {
                    sentiment: class(Task::Sentiment),
                    mixed: class(Task::Mixed).map(|label| label == "mixed"),
                    stars: stars.get(stars.len() / 2).copied(),
                    emotions: Some(emotion.into_iter().cloned().collect()),
                    topics: Some(topic.into_iter().collect()),
                    act: class(Task::Act),
                    urgency: class(Task::Urgency),
                    language: class(Task::Language),
                },
                probabilities: shares,
                ..Prediction::default()
            },
        }
    }
}

impl Predictor for Majority {
    fn name(&self) -> String {
        "majority".to_owned()
    }

    fn predict(&self, feedback: &[&Feedback]) -> Vec<Result<Prediction>> {
        feedback.iter().map(|_| Ok(self.answer.clone())).collect()
    }
}

/// The most frequent of some labels; the first in their order of equals.
fn most_frequent<L: Ord + Copy>(labels: impl Iterator<Item = L>) -> Option<L> {
    let mut counts: BTreeMap<L, usize> = BTreeMap::new();
    for label in labels {
        *counts.entry(label).or_default() += 1;
    }
    let most = counts.iter().rev().max_by_key(|(_, count)| **count);
    most.map(|(label, _)| *label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{Dataset, Mapping};
    use crate::read::{ReadOptions, Reader};

    #[test]
    fn the_most_frequent_labels_are_the_answer() {
        let rows = "text,sentiment,stars,emotions,topics\na,negative,1,anger;joy,price_value:negative\nb,negative,2,anger,\nc,positive,5,,price_value:negative\n";
        let rows = Reader::from_read("a", rows.as_bytes(), &ReadOptions::default());
        let data = Dataset::read(rows.expect("rows"), &Mapping::default());
        let told = Majority::train(&data.rows).predict(&data.feedback());
        let told = told[2].as_ref().expect("an answer");
        assert_eq!(told.labels.sentiment.as_deref(), Some("negative"));
        assert_eq!(told.confidence(), Some(2.0 / 3.0));
        assert_eq!(told.labels.stars, Some(2.0));
        assert_eq!(told.labels.topics.as_ref().map(Vec::len), Some(1));
        assert_eq!(told.labels.act, None);
    }

    #[test]
    fn nothing_to_learn_from_gives_no_answer() {
        let told = Majority::train(&[]).predict(&[&Feedback::new("1", "a")]);
        let told = told[0].as_ref().expect("an answer");
        assert_eq!(
            (told.labels.sentiment.as_ref(), told.labels.stars),
            (None, None)
        );
    }
}
