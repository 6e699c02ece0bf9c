//! What is said of one row, by a labeller or by a system.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::analysis::Analysis;
use crate::span::Span;

labels! {
    /// A question that rows are labelled for.
    Task {
        /// Negative, neutral or positive, or the classes of another inventory.
        Sentiment => "sentiment",
        /// Whether clear praise and clear blame stand side by side.
        Mixed => "mixed",
        /// 1 to 5.
        Stars => "stars",
        /// Any number of emotions.
        Emotions => "emotions",
        /// Any number of topics, with what is said of each and where.
        Topics => "topics",
        /// What the customer does by writing.
        Act => "act",
        /// How soon to look at it.
        Urgency => "urgency",
        /// The language of the text.
        Language => "language",
    }
}

impl Serialize for Task {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Task {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let code = String::deserialize(input)?;
        Self::from_code(&code).ok_or_else(|| {
            let codes: Vec<_> = Self::ALL.iter().map(|task| task.code()).collect();
            let codes = codes.join(", ");
            serde::de::Error::custom(format!("\"{code}\" is none of {codes}"))
        })
    }
}

/// The labels of one row. `None` means that the row is not labelled for that
/// task, which then takes no part in its figures; an empty set of emotions is a
/// label: none.
///
/// Labels are their codes, ours or those of another inventory.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Labels {
    /// Never `mixed`: a mixed text has none of the classes.
    pub sentiment: Option<String>,
    /// Whether clear praise and clear blame stand side by side.
    pub mixed: Option<bool>,
    /// 1 to 5, of a system also between.
    pub stars: Option<f64>,
    /// Any number of emotions.
    pub emotions: Option<BTreeSet<String>>,
    /// Any number of topics.
    pub topics: Option<Vec<TopicLabel>>,
    /// What the customer does by writing.
    pub act: Option<String>,
    /// `P1` to `P4`.
    pub urgency: Option<String>,
    /// A BCP 47 code.
    pub language: Option<String>,
}

/// A topic that a text speaks of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TopicLabel {
    /// Its id.
    pub topic: String,
    /// What is said of it, where that is labelled.
    pub polarity: Option<String>,
    /// Where; empty where that is not labelled. Into the text of the row.
    #[serde(skip)]
    pub evidence: Vec<Span>,
}

impl Labels {
    /// The one class of a task that has just one; `None` for the others too.
    pub fn class(&self, task: Task) -> Option<&str> {
        match task {
            Task::Sentiment => self.sentiment.as_deref(),
            Task::Mixed => self
                .mixed
                .map(|mixed| if mixed { "mixed" } else { "plain" }),
            Task::Act => self.act.as_deref(),
            Task::Urgency => self.urgency.as_deref(),
            Task::Language => self.language.as_deref(),
            Task::Stars | Task::Emotions | Task::Topics => None,
        }
    }

    /// Whether the row is labelled for a task.
    pub fn has(&self, task: Task) -> bool {
        match task {
            Task::Stars => self.stars.is_some(),
            Task::Emotions => self.emotions.is_some(),
            Task::Topics => self.topics.is_some(),
            _ => self.class(task).is_some(),
        }
    }

    /// What the row has of a task, for a reader: several labels with commas,
    /// `none` for an empty set of them; `None` where it is not labelled.
    pub(super) fn in_words(&self, task: Task) -> Option<String> {
        let listed = |labels: Vec<String>| match labels.is_empty() {
            true => "none".to_owned(),
            false => labels.join(", "),
        };
        match task {
            Task::Stars => Some(format!("{:.0}", self.stars?.round())),
            Task::Emotions => Some(listed(self.emotions.as_ref()?.iter().cloned().collect())),
            Task::Topics => {
                self.topics.as_ref()?;
                let topics = self.topics_with_polarity().into_iter();
                let topics = topics.map(|(topic, polarity)| match polarity {
                    Some(polarity) => format!("{topic} {polarity}"),
                    None => topic.to_owned(),
                });
                Some(listed(topics.collect()))
            }
            _ => self.class(task).map(str::to_owned),
        }
    }

    /// The topics, whatever is said of them.
    pub(super) fn topics_found(&self) -> BTreeSet<&str> {
        let topics = self.topics.iter().flatten();
        topics.map(|label| label.topic.as_str()).collect()
    }

    /// The topics with what is said of each.
    pub(super) fn topics_with_polarity(&self) -> BTreeSet<(&str, Option<&str>)> {
        let topics = self.topics.iter().flatten();
        topics
            .map(|label| (label.topic.as_str(), label.polarity.as_deref()))
            .collect()
    }

    /// Whether two rows of labels say the same for a task; topics with their
    /// polarity, stars when rounded.
    pub fn agree(&self, other: &Self, task: Task) -> bool {
        match task {
            Task::Stars => self.stars.map(f64::round) == other.stars.map(f64::round),
            Task::Emotions => self.emotions == other.emotions,
            Task::Topics => self.topics_with_polarity() == other.topics_with_polarity(),
            _ => self.class(task) == other.class(task),
        }
    }
}

/// What a system says of one row.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Prediction {
    /// Its labels; `None` where it does not say.
    #[serde(flatten)]
    pub labels: Labels,
    /// The probability of each sentiment, of all or of the chosen one.
    pub probabilities: BTreeMap<String, f64>,
    /// How good it is, from -1 to 1.
    pub score: Option<f64>,
    /// Stretches of the text and the score of each.
    #[serde(skip)]
    pub segments: Vec<(Span, f64)>,
}

impl Prediction {
    /// The probability that it gives its own sentiment.
    pub fn confidence(&self) -> Option<f64> {
        let label = self.labels.sentiment.as_ref()?;
        self.probabilities.get(label).copied()
    }

    /// Puts labels under the names that a set counts them under: emotions and
    /// topics, which a set may tell apart less finely than the system.
    pub fn count_as(&mut self, task: Task, names: &BTreeMap<String, String>) {
        let name = |label: String| names.get(&label).cloned().unwrap_or(label);
        match task {
            Task::Emotions => {
                let emotions = self.labels.emotions.take();
                self.labels.emotions =
                    emotions.map(|emotions| emotions.into_iter().map(name).collect());
            }
            Task::Topics => {
                for label in self.labels.topics.iter_mut().flatten() {
                    label.topic = name(std::mem::take(&mut label.topic));
                }
            }
            _ => {}
        }
    }

    /// Leaves only `labels` of a task to say: the likeliest sentiment among
    /// them, the emotions and topics that are among them. For sets with fewer
    /// labels than the system knows, such as reviews that are never neutral.
    pub fn restrict(&mut self, task: Task, labels: &[String]) {
        match task {
            Task::Sentiment => {
                self.probabilities.retain(|label, _| labels.contains(label));
                let total: f64 = self.probabilities.values().sum();
                if total > 0.0 {
                    self.probabilities
                        .values_mut()
                        .for_each(|share| *share /= total);
                }
                let likeliest = self.probabilities.iter().max_by(|a, b| a.1.total_cmp(b.1));
                if let Some((label, _)) = likeliest {
                    self.labels.sentiment = Some(label.clone());
                }
            }
            Task::Emotions => {
                if let Some(emotions) = &mut self.labels.emotions {
                    emotions.retain(|label| labels.contains(label));
                }
            }
            Task::Topics => {
                if let Some(topics) = &mut self.labels.topics {
                    topics.retain(|label| labels.contains(&label.topic));
                }
            }
            Task::Mixed | Task::Stars | Task::Act | Task::Urgency | Task::Language => {}
        }
    }
}

impl From<&Analysis> for Prediction {
    fn from(analysis: &Analysis) -> Self {
        let code = |code: &'static str| code.to_owned();
        let sentiment = analysis.sentiment;
        let topics = analysis.topics.iter().map(|mention| TopicLabel {
            topic: mention.topic.id().to_owned(),
            polarity: Some(code(mention.polarity.code())),
            evidence: mention.evidence.clone(),
        });
        let emotions = analysis.emotions.iter();
        let labels = Labels {
            sentiment: sentiment.map(|sentiment| code(sentiment.label.code())),
            mixed: sentiment.map(|sentiment| sentiment.mixed),
            stars: sentiment.map(|sentiment| f64::from(sentiment.stars)),
            emotions: Some(emotions.map(|emotion| code(emotion.label.code())).collect()),
            topics: Some(topics.collect()),
            act: analysis.act.map(|act| code(act.label.code())),
            urgency: analysis
                .urgency
                .as_ref()
                .map(|urgency| code(urgency.level.code())),
            language: analysis.language.map(|language| code(language.code())),
        };
        let probabilities = sentiment.iter().flat_map(|sentiment| {
            let polarities = crate::label::Polarity::ALL.iter();
            polarities
                .zip(sentiment.probabilities)
                .map(|(polarity, share)| (code(polarity.code()), f64::from(share)))
        });
        Self {
            labels,
            probabilities: probabilities.collect(),
            score: sentiment.map(|sentiment| f64::from(sentiment.score())),
            segments: analysis
                .segments
                .iter()
                .map(|segment| (segment.span, f64::from(segment.score)))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(labels: &[&str]) -> BTreeSet<String> {
        labels.iter().map(|&label| label.to_owned()).collect()
    }

    #[test]
    fn a_set_without_neutral_asks_for_the_likelier_of_the_two() {
        let shares = [("negative", 0.2), ("neutral", 0.5), ("positive", 0.3)];
        let mut told = Prediction {
            labels: Labels {
                sentiment: Some("neutral".to_owned()),
                emotions: Some(set(&["joy", "trust"])),
                ..Labels::default()
            },
            probabilities: shares
                .map(|(label, share)| (label.to_owned(), share))
                .into(),
            ..Prediction::default()
        };
        told.restrict(
            Task::Sentiment,
            &["negative".to_owned(), "positive".to_owned()],
        );
        told.restrict(Task::Emotions, &["joy".to_owned()]);
        assert_eq!(told.labels.sentiment.as_deref(), Some("positive"));
        assert_eq!(told.confidence(), Some(0.6));
        assert_eq!(told.labels.emotions, Some(set(&["joy"])));
    }

    #[test]
    fn labels_that_a_set_does_not_tell_apart_are_one() {
        let mut told = Prediction {
            labels: Labels {
                emotions: Some(set(&["anger", "frustration", "joy"])),
                topics: Some(vec![TopicLabel {
                    topic: "waiting_responsiveness".to_owned(),
                    polarity: None,
                    evidence: Vec::new(),
                }]),
                ..Labels::default()
            },
            ..Prediction::default()
        };
        let names = [
            ("frustration", "anger"),
            ("waiting_responsiveness", "staff_attitude"),
        ];
        let names = names.map(|(own, theirs)| (own.to_owned(), theirs.to_owned()));
        for task in [Task::Emotions, Task::Topics] {
            told.count_as(task, &names.clone().into());
        }
        assert_eq!(told.labels.emotions, Some(set(&["anger", "joy"])));
        assert!(told.labels.topics_found().contains("staff_attitude"));
    }

    #[test]
    fn no_emotion_is_a_label_and_no_label_is_none() {
        let calm = Labels {
            emotions: Some(BTreeSet::new()),
            ..Labels::default()
        };
        assert!(calm.has(Task::Emotions));
        assert!(!calm.agree(&Labels::default(), Task::Emotions));
        assert!(!calm.has(Task::Sentiment));
    }
}
