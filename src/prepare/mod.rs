//! Turns feedback into segments: takes the markup out, repairs, leaves out what
//! is no part of the text, cleans, tells the language, divides into turns of a
//! conversation, sentences and clauses.
//!
//! Read [`markup`], [`repair`], [`boilerplate`], [`social`], [`clean`],
//! [`detect`] and [`split`], in this order. [`junk`] tells what is no feedback.

mod boilerplate;
mod clean;
mod cues;
mod detect;
mod han;
mod junk;
mod markup;
mod repair;
mod social;
mod speaker;
mod split;
mod trace;
mod words;

use std::borrow::Cow;
use std::ops::Range;

pub(crate) use detect::{Detection, detect};
pub(crate) use split::split;
pub(crate) use trace::TracedText;

use crate::feedback::Feedback;
use crate::label::{DropReason, Flag, Speaker};
use crate::span::Span;
use trace::Edit;

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
    /// Parts of the original that are left out, in order.
    pub(crate) dropped: Vec<(Span, DropReason)>,
    /// What the text by itself gives to know.
    pub(crate) flags: Vec<Flag>,
}

/// Prepares a piece of feedback. A language that came with it is believed.
pub(crate) fn prepare(feedback: &Feedback) -> Document {
    let Content {
        text,
        dropped,
        flags,
    } = content(feedback);
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
        dropped,
        flags,
    }
}

/// What there is to read in a piece of feedback.
struct Content {
    text: TracedText,
    dropped: Vec<(Span, DropReason)>,
    flags: Vec<Flag>,
}

fn content(feedback: &Feedback) -> Content {
    let unmarked = markup::unmark(TracedText::new(&feedback.text), feedback.markup);
    let repair::Repaired { text, is_damaged } = repair::repair(unmarked.text);
    let furniture = unmarked.furniture.into_iter();
    let mut dropped: Vec<_> = furniture
        .map(|range| (range.into(), DropReason::Boilerplate))
        .collect();
    let lines = boilerplate::find(text.as_str(), unmarked.is_page);
    dropped.extend(
        lines
            .iter()
            .map(|line| (text.original(line.range.clone()), line.reason)),
    );
    dropped.sort_by_key(|&(span, _)| span);
    let edits = lines.into_iter().map(|line| Edit {
        range: line.range,
        with: Cow::Borrowed(""),
    });
    let text = text.rewrite(edits.collect());
    let edits = social::edits(text.as_str());
    let text = clean::clean(&text.rewrite(edits));
    let damaged = is_damaged.then_some(Flag::Damaged);
    Content {
        flags: junk::find(text.as_str())
            .into_iter()
            .chain(damaged)
            .collect(),
        text,
        dropped,
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

    #[test]
    fn feedback_as_it_is_written_is_left_alone() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/feedback");
        let (mut texts, mut flagged) = (0, 0);
        for file in std::fs::read_dir(folder).expect("a folder of the repository") {
            let path = file.expect("an entry").path();
            if path.extension().is_none_or(|ending| ending != "jsonl") {
                continue;
            }
            let rows = std::fs::read_to_string(path).expect("a file of the repository");
            // Every tenth: all of them take too long without optimisation.
            for row in rows.lines().step_by(10) {
                let row: serde_json::Value = serde_json::from_str(row).expect("JSON");
                let feedback = Feedback::new("", row["text"].as_str().expect("a text"));
                let unmarked = markup::unmark(TracedText::new(&feedback.text), None);
                let repaired = repair::repair(unmarked.text);
                assert_eq!(repaired.text.as_str(), feedback.text);
                let content = content(&feedback);
                assert_eq!(content.dropped, [], "{}", feedback.text);
                assert!(!content.flags.contains(&Flag::Damaged), "{}", feedback.text);
                texts += 1;
                flagged += usize::from(!content.flags.is_empty());
            }
        }
        // Bare answers such as `N/A` are among them, and rightly flagged.
        assert!(
            texts > 3000 && flagged * 1000 <= texts,
            "{flagged} of {texts}"
        );
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
