//! What goes out: everything that was read out of one piece of feedback.

use std::sync::Arc;

use crate::label::{Act, DropReason, Effort, Emotion, Flag, Polarity, Speaker, Urgency};
use crate::language::Language;
use crate::span::Span;
use crate::taxonomy::Topic;

/// What one piece of feedback says.
///
/// Probabilities are calibrated and lie in `0.0..=1.0`. Spans point into the
/// text of the [`Feedback`](crate::Feedback) as it came in.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Analysis {
    /// Name and version of the model that says so.
    pub model: Arc<str>,
    /// The language of most of the text; `None` where it could not be told.
    pub language: Option<Language>,
    /// How sure the language is; 1 where the caller named it.
    pub language_confidence: f32,
    /// The tone of the whole; `None` for a text without words.
    pub sentiment: Option<Sentiment>,
    /// The emotions heard, likeliest first; none means calm.
    pub emotions: Vec<Scored<Emotion>>,
    /// What the customer does by writing; `None` for a text without words.
    pub act: Option<Scored<Act>>,
    /// How soon to look at it, and why; `None` for a text without words.
    pub urgency: Option<UrgencyLevel>,
    /// What is spoken of, likeliest first.
    pub topics: Vec<TopicMention>,
    /// What hurts, worst first.
    pub pain_points: Vec<PainPoint>,
    /// The sentences and clauses, in order.
    pub segments: Vec<SegmentTone>,
    /// How it went, where the text is a conversation and what the customer
    /// says in it is known.
    pub conversation: Option<Conversation>,
    /// What to know before relying on the above.
    pub flags: Vec<Flag>,
    /// Parts of the text that were not scored, in order.
    pub dropped: Vec<Dropped>,
    /// The id of the earlier piece of feedback that this one repeats, where
    /// [`Duplicates`](crate::Duplicates) were looked for.
    pub duplicate_of: Option<Arc<str>>,
}

/// A part of a text that is left out of what is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dropped {
    /// Where it stands.
    pub span: Span,
    /// Why.
    pub reason: DropReason,
}

impl Dropped {
    pub(crate) fn new((span, reason): (Span, DropReason)) -> Self {
        Self { span, reason }
    }
}

/// A label and the probability that it applies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored<L> {
    /// The label.
    pub label: L,
    /// Calibrated, `0.0..=1.0`.
    pub probability: f32,
}

/// The tone of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Sentiment {
    /// The likeliest polarity.
    pub label: Polarity,
    /// Probabilities of negative, neutral and positive; they sum to 1.
    pub probabilities: [f32; 3],
    /// The stars that this customer would give, `1.0..=5.0` (expected value).
    pub stars: f32,
    /// Whether clear praise and clear blame stand side by side.
    pub mixed: bool,
}

impl Sentiment {
    pub(crate) fn new(probabilities: [f32; 3], stars: f32, mixed: bool) -> Self {
        Self {
            label: likeliest(&probabilities),
            probabilities,
            stars,
            mixed,
        }
    }

    /// P(positive) − P(negative), in `-1.0..=1.0`.
    pub fn score(&self) -> f32 {
        self.probabilities[2] - self.probabilities[0]
    }

    /// Whether it is clearly of another mind than a rating, given as its place
    /// between the worst and the best, `0.0..=1.0`.
    pub fn contradicts(&self, rating: f32) -> bool {
        let opposite = match self.label {
            Polarity::Negative => rating >= 0.75,
            Polarity::Neutral => false,
            Polarity::Positive => rating <= 0.25,
        };
        opposite && !self.mixed && self.confidence() >= CLEAR
    }

    /// The probability of the label.
    pub fn confidence(&self) -> f32 {
        self.probabilities[self.label as usize]
    }
}

/// A tone of this probability is beyond doubt.
const CLEAR: f32 = 0.8;

/// The polarity with the largest of three probabilities; the first of equals.
pub(crate) fn likeliest(probabilities: &[f32; 3]) -> Polarity {
    let [negative, neutral, positive] = *probabilities;
    if negative >= neutral && negative >= positive {
        Polarity::Negative
    } else if neutral >= positive {
        Polarity::Neutral
    } else {
        Polarity::Positive
    }
}

/// A level of urgency and what speaks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UrgencyLevel {
    /// The level.
    pub level: Urgency,
    /// Short English phrases such as `repeated contact`; may be empty.
    pub reasons: Vec<String>,
}

/// A topic that the text speaks of.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TopicMention {
    /// The topic.
    pub topic: Topic,
    /// What is said of it.
    pub polarity: Polarity,
    /// The probability that the topic is spoken of.
    pub probability: f32,
    /// Where it is spoken of, in order of the text.
    pub evidence: Vec<Span>,
}

/// Something that hurts: a topic with blame, or a fault or block about it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PainPoint {
    /// The topic; it knows whether its pain is functional or emotional and
    /// where on the journey it sits.
    pub topic: Topic,
    /// How badly it hurts, `0.0..=1.0`: 45 % how urgent the whole is, 35 % how
    /// negative the words about the topic are, 20 % how grave the topic is by itself.
    pub severity: f32,
    /// Where it is spoken of, in order of the text.
    pub evidence: Vec<Span>,
}

/// The tone of one sentence or clause.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SegmentTone {
    /// Where it stands.
    pub span: Span,
    /// Who says it, in a conversation.
    pub speaker: Option<Speaker>,
    /// Its language: that of the whole text, unless it is clearly in another.
    pub language: Option<Language>,
    /// The likeliest polarity.
    pub polarity: Polarity,
    /// P(positive) − P(negative), in `-1.0..=1.0`.
    pub score: f32,
}

/// How a conversation went for the customer.
///
/// Turns are counted and told apart by what the text says; first and last are
/// meant in time, also in a thread of mails with the newest on top.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Conversation {
    /// All turns, of the customer, the company and others.
    pub turns: usize,
    /// Those of the customer, or of several customers.
    pub customer_turns: usize,
    /// The tone of the customer's first turn, read without what follows.
    pub start: Tone,
    /// The tone of the customer's last two turns: of the mean of their
    /// probabilities.
    pub end: Tone,
    /// The customer's turn with the lowest score, the first of equals.
    pub worst: WorstTurn,
    /// Whether what the customer came for is settled; `None` where that is
    /// open or cannot be told.
    pub resolved: Option<bool>,
    /// Whether the customer says to have asked before.
    pub repeated_contact: bool,
    /// How much work the customer had.
    pub effort: Effort,
}

/// The tone of a part of a conversation.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Tone {
    /// The likeliest polarity.
    pub polarity: Polarity,
    /// P(positive) − P(negative), in `-1.0..=1.0`.
    pub score: f32,
}

/// The turn where a customer is worst off.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct WorstTurn {
    /// Where it stands, its label included.
    pub span: Span,
    /// P(positive) − P(negative), in `-1.0..=1.0`.
    pub score: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_clear_tones_contradict_a_rating() {
        let cases = [
            ([0.9, 0.05, 0.05], false, 1.0, true),
            ([0.9, 0.05, 0.05], false, 0.5, false),
            ([0.9, 0.05, 0.05], true, 1.0, false),
            ([0.6, 0.2, 0.2], false, 1.0, false),
            ([0.05, 0.9, 0.05], false, 1.0, false),
            ([0.05, 0.05, 0.9], false, 0.0, true),
            ([0.05, 0.05, 0.9], false, 1.0, false),
            ([0.05, 0.05, 0.9], false, f32::NAN, false),
        ];
        for (probabilities, mixed, rating, expected) in cases {
            let sentiment = Sentiment::new(probabilities, 3.0, mixed);
            assert_eq!(
                sentiment.contradicts(rating),
                expected,
                "{probabilities:?} {rating}"
            );
        }
    }
}
