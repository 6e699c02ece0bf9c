//! Turns feedback into segments: cleans the text, tells its language, divides
//! it into turns of a conversation, sentences and clauses.
//!
//! Read [`clean`], [`detect`] and [`split`], in this order.

mod clean;
mod detect;
mod han;
mod speaker;
mod split;
mod trace;
mod words;

use std::ops::Range;

pub(crate) use detect::{Detection, detect};
pub(crate) use split::split;
pub(crate) use trace::TracedText;

use crate::feedback::Feedback;
use crate::label::Speaker;

/// A sentence or a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Bytes of the clean text.
    pub(crate) range: Range<usize>,
    /// Who says it, where the text is a conversation.
    pub(crate) speaker: Option<Speaker>,
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
}

/// Prepares a piece of feedback. A language that came with it is believed.
pub(crate) fn prepare(feedback: &Feedback) -> Document {
    let text = clean::clean(&TracedText::new(&feedback.text));
    let detection = match feedback.language {
        Some(language) => Detection {
            language: Some(language),
            confidence: 1.0,
        },
        None => detect(text.as_str()),
    };
    let mut segments = Vec::new();
    for (turn, speaker) in speaker::turns(text.as_str()) {
        let sentences = split(&text.as_str()[turn.clone()], detection.language);
        segments.extend(sentences.into_iter().map(|range| Segment {
            range: turn.start + range.start..turn.start + range.end,
            speaker,
        }));
    }
    Document {
        text,
        detection,
        segments,
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
