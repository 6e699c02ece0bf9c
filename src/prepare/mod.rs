//! Turns feedback into segments: reads it as a conversation if it is one,
//! cleans the text, tells its language, divides it into sentences and clauses.
//!
//! Read [`conversation`], [`clean`], [`detect`] and [`split`], in this order.

mod clean;
mod conversation;
mod detect;
mod han;
mod split;
mod trace;
mod words;

use std::ops::Range;

pub(crate) use conversation::Turn;
pub(crate) use detect::{Detection, detect};
pub(crate) use split::split;
pub(crate) use trace::TracedText;

use crate::feedback::Feedback;
use crate::label::Speaker;
use conversation::{Export, labelled_turns};

/// A sentence or a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Bytes of the clean text.
    pub(crate) range: Range<usize>,
    /// Who says it, where the text is a conversation.
    pub(crate) speaker: Option<Speaker>,
    /// Whether it is read with the others but is not what the customer says:
    /// the company's turns.
    pub(crate) context: bool,
    /// Its turn, by number.
    pub(crate) turn: usize,
}

/// A piece of feedback, ready for the encoder.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Document {
    /// What is left of the text, and the way back.
    pub(crate) text: TracedText,
    /// The language given with it, or else detected.
    pub(crate) detection: Detection,
    /// In order; together they hold all of the text but white space.
    pub(crate) segments: Vec<Segment>,
    /// In order; one of nobody where the text is no conversation.
    pub(crate) turns: Vec<Turn>,
}

impl Document {
    /// The segments of a conversation up to the end of the customer's first
    /// turn; none where the customer says no more than that.
    pub(crate) fn opening(&self) -> Vec<usize> {
        let customer = self.turns.iter();
        let customer = customer.filter(|turn| turn.speaker == Some(Speaker::Customer));
        let orders = || customer.clone().map(|turn| turn.order);
        match (orders().min(), orders().max()) {
            (Some(first), Some(last)) if first < last => {
                let segments = 0..self.segments.len();
                let turn = |&segment: &usize| &self.turns[self.segments[segment].turn];
                segments.filter(|at| turn(at).order <= first).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Prepares a piece of feedback. A language that came with it is believed.
pub(crate) fn prepare(feedback: &Feedback) -> Document {
    let original = TracedText::new(&feedback.text);
    let (text, turns) = match Export::read(&feedback.text) {
        Some(mut export) => {
            let text = clean::clean(&export.rewrite(original));
            let turns = export.turns(&text);
            (text, turns)
        }
        None => {
            let text = clean::clean(&original);
            let turns = labelled_turns(text.as_str());
            (text, turns)
        }
    };
    let detection = match feedback.language {
        Some(language) => Detection {
            language: Some(language),
            confidence: 1.0,
        },
        None => detect(text.as_str()),
    };
    let mut segments = Vec::new();
    // Where nobody else is heard, the company is.
    let alone = turns
        .iter()
        .all(|turn| turn.speaker == Some(Speaker::Agent));
    for (number, turn) in turns.iter().enumerate() {
        let sentences = split(&text.as_str()[turn.range.clone()], detection.language);
        let start = turn.range.start;
        segments.extend(sentences.into_iter().map(|range| Segment {
            range: start + range.start..start + range.end,
            speaker: turn.speaker,
            context: turn.speaker == Some(Speaker::Agent) && !alone,
            turn: number,
        }));
    }
    Document {
        text,
        detection,
        segments,
        turns,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::language::Language;

    #[test]
    fn a_conversation_becomes_segments_with_speakers() {
        let feedback = Feedback::new("t", "Customer:  It broke. Twice!\r\nAgent: Sorry 😔");
        let document = prepare(&feedback);
        let segments: Vec<_> = document
            .segments
            .iter()
            .map(|segment| {
                let span = document.text.original(segment.range.clone());
                (span.of(&feedback.text), segment.speaker)
            })
            .collect();
        assert_eq!(
            segments,
            [
                ("Customer:  It broke.", Some(Speaker::Customer)),
                ("Twice!", Some(Speaker::Customer)),
                ("Agent: Sorry 😔", Some(Speaker::Agent)),
            ]
        );
        assert_eq!(document.detection.language, Some(Language::English));
    }

    #[test]
    fn a_given_language_is_believed() {
        let mut feedback = Feedback::new("t", "很好");
        feedback.language = Some(Language::ChineseTraditional);
        let detection = prepare(&feedback).detection;
        assert_eq!(detection.language, Some(Language::ChineseTraditional));
        assert_eq!(detection.confidence, 1.0);
    }

    proptest! {
        #[test]
        fn any_text_can_be_prepared(text in any::<String>()) {
            let feedback = Feedback::new("t", text);
            let document = prepare(&feedback);
            let mut end = 0;
            for segment in document.segments {
                let span = document.text.original(segment.range);
                prop_assert!(span.start() >= end && !span.of(&feedback.text).is_empty());
                end = span.end();
            }
        }
    }
}
