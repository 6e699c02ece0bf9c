//! Turns feedback into segments: reads it as a conversation if it is one, puts
//! questions before their answers, takes the markup out, repairs, leaves out
//! what is no part of the text, cleans, tells the language, divides into
//! sentences and clauses, and tells where they are in another language.
//!
//! Read [`conversation`], [`question`], [`markup`], [`repair`], [`boilerplate`],
//! [`social`], [`clean`], [`detect`], [`split`] and [`languages`], in this
//! order. [`junk`] tells what is no feedback, and [`rating`] what is nothing but a
//! rating.

mod boilerplate;
mod clean;
mod conversation;
mod cues;
mod detect;
mod junk;
mod languages;
mod markup;
mod question;
mod rating;
mod repair;
mod social;
mod split;
#[cfg(test)]
mod testing;
mod trace;

use std::borrow::Cow;
use std::ops::Range;

pub(crate) use conversation::Turn;
pub(crate) use detect::{Detection, detect};
pub(crate) use trace::TracedText;

use crate::feedback::Feedback;
use crate::label::{DropReason, Flag, Speaker};
use crate::language::Language;
use crate::span::Span;
use conversation::{Export, labelled_turns};
use trace::Edit;

/// A sentence or a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Bytes of the clean text.
    pub(crate) range: Range<usize>,
    /// Who says it, where the text is a conversation.
    pub(crate) speaker: Option<Speaker>,
    /// The document's, unless it is clearly in another.
    pub(crate) language: Option<Language>,
    /// Whether it is read with the others but is not what the customer says:
    /// the company's turns.
    pub(crate) context: bool,
    /// Whether it is a question to the customer: it is read with the answer and
    /// bears on its tone; no segment, quote or topic of the analysis is its.
    pub(crate) asked: bool,
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
    /// Whether two languages or more have a clear share of it.
    pub(crate) mixed_languages: bool,
    /// In order; one of nobody where the text is no conversation.
    pub(crate) turns: Vec<Turn>,
    /// Parts of the original that are left out, in order.
    pub(crate) dropped: Vec<(Span, DropReason)>,
    /// What the text by itself gives to know.
    pub(crate) flags: Vec<Flag>,
    /// How good the rating beside it is, `0.0..=1.0`.
    pub(crate) rating: Option<f32>,
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
    let Content {
        mut text,
        mut turns,
        dropped,
        flags,
    } = content(feedback);
    let detection = match feedback.language {
        Some(language) => Detection {
            language: Some(language),
            confidence: 1.0,
        },
        None => detect_answer(feedback, &text),
    };
    let alone = feedback.questions.is_empty() && turns.iter().all(|turn| turn.speaker.is_none());
    // As it came in: clean text has no five stars in a row.
    if alone && let Some(words) = rating::in_words(&feedback.text) {
        text = TracedText::default();
        let original = feedback.text.trim();
        let start = feedback.text.len() - feedback.text.trim_start().len();
        text.push(words, start..start + original.len(), false);
        turns = vec![Turn::of_nobody(words)];
    }
    let asked = |range: &Range<usize>| {
        !feedback.questions.is_empty() && text.original(range.clone()).is_empty()
    };
    let mut segments = Vec::new();
    // Where nobody else is heard, the company is.
    let alone = turns
        .iter()
        .all(|turn| turn.speaker == Some(Speaker::Agent));
    for (number, turn) in turns.iter().enumerate() {
        let part = &text.as_str()[turn.range.clone()];
        let parts = languages::split(part, detection.language, feedback.language.is_some());
        let start = turn.range.start;
        segments.extend(parts.into_iter().map(|(range, language)| {
            let range = start + range.start..start + range.end;
            Segment {
                asked: asked(&range),
                range,
                speaker: turn.speaker,
                language,
                context: turn.speaker == Some(Speaker::Agent) && !alone,
                turn: number,
            }
        }));
    }
    join_cut_edits(&text, &mut segments);
    let lengths = segments
        .iter()
        .map(|segment| (segment.range.len(), segment.language));
    let mixed_languages = languages::are_mixed(lengths);
    Document {
        text,
        detection,
        segments,
        mixed_languages,
        turns,
        dropped,
        flags,
        rating: feedback.context.rating.map(|rating| rating.share() as f32),
    }
}

/// Joins segments that were cut inside of what one edit made, as where marks have
/// changed places: both would be all of it in the original.
fn join_cut_edits(text: &TracedText, segments: &mut Vec<Segment>) {
    segments.dedup_by(|next, last| {
        let own = |segment: &Segment| text.original(segment.range.clone());
        let one_sort = last.turn == next.turn && last.asked == next.asked;
        let is_cut = one_sort && own(last).end() > own(next).start();
        if is_cut {
            last.range.end = next.range.end;
        }
        is_cut
    });
}

/// What there is to read in a piece of feedback.
struct Content {
    text: TracedText,
    turns: Vec<Turn>,
    dropped: Vec<(Span, DropReason)>,
    flags: Vec<Flag>,
}

fn content(feedback: &Feedback) -> Content {
    // A question before its answer looks like a label before a turn.
    let asked = !feedback.questions.is_empty();
    let mut export = Export::read(&feedback.text).filter(|_| !asked);
    let text = match &mut export {
        Some(export) => export.rewrite(TracedText::new(&feedback.text)),
        None => question::with_questions(feedback),
    };
    let unmarked = markup::unmark(text, feedback.markup);
    let repair::Repaired { text, is_damaged } = repair::repair(unmarked.text);
    let furniture = unmarked.furniture.into_iter();
    let mut dropped: Vec<_> = furniture
        .map(|range| (range.into(), DropReason::Boilerplate))
        .collect();
    let lines = match export {
        // People say what they say.
        Some(_) => Vec::new(),
        None => boilerplate::find(text.as_str(), unmarked.is_page),
    };
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
    let text = clean::clean(text.rewrite(edits));
    let damaged = is_damaged.then_some(Flag::Damaged);
    Content {
        turns: match export {
            Some(export) => export.turns(&text),
            None if asked => vec![Turn::of_nobody(text.as_str())],
            None => labelled_turns(text.as_str()),
        },
        flags: junk::find(text.as_str())
            .into_iter()
            .chain(damaged)
            .collect(),
        text,
        dropped,
    }
}

/// The language of the answers, and only where they don't tell it that of the
/// questions with them: who is asked in English may answer in Thai.
fn detect_answer(feedback: &Feedback, text: &TracedText) -> Detection {
    if feedback.questions.is_empty() {
        return detect(text.as_str());
    }
    let answer = detect(clean::clean(TracedText::new(&feedback.text)).as_str());
    match answer.language {
        Some(_) => answer,
        None => detect(text.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_segment_ends_inside_of_an_edit() {
        // A point of Hebrew, which goes before the accent, and tells another language.
        let text = "一？🇦\u{300}\u{5b0}";
        for language in Language::ALL {
            let mut feedback = Feedback::new("t", text);
            feedback.language = Some(*language);
            let document = prepare(&feedback);
            let mut end = 0;
            for segment in &document.segments {
                let span = document.text.original(segment.range.clone());
                assert!(end <= span.start(), "{language:?}");
                end = span.end();
            }
            assert_eq!(end, text.len());
        }
    }

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
    fn a_bare_rating_is_read_in_words_and_stays_what_it_is() {
        let text = " ★☆☆☆☆\n";
        let document = prepare(&Feedback::new("t", text));
        assert_eq!(document.text.as_str(), "bad, very bad");
        assert_eq!(document.detection.language, None);
        let [segment] = &document.segments[..] else {
            panic!("{:?}", document.segments);
        };
        assert_eq!(segment.language, None);
        let span = document.text.original(segment.range.clone());
        assert_eq!(span.of(text), "★☆☆☆☆");
    }

    #[test]
    fn a_question_is_read_and_belongs_to_nobody() {
        let text = "价格\n客服，很差";
        let mut feedback = Feedback::new("t", text).answering("You came often. What do you like?");
        feedback.questions.push(crate::Question {
            before: "价格\n".len(),
            text: "What not?".to_owned(),
        });
        let document = prepare(&feedback);
        let segments: Vec<_> = document
            .segments
            .iter()
            .map(|segment| {
                (
                    &document.text.as_str()[segment.range.clone()],
                    segment.asked,
                )
            })
            .collect();
        assert_eq!(
            segments,
            [
                ("You came often.", true),
                ("What do you like:", true),
                ("价格", false),
                ("What not:", true),
                ("客服，很差", false),
            ]
        );
        let answers = document.segments.iter().filter(|segment| !segment.asked);
        let answers = answers.map(|segment| document.text.original(segment.range.clone()).of(text));
        assert_eq!(answers.collect::<Vec<_>>(), ["价格", "客服，很差"]);
        assert_eq!(
            document.detection.language,
            Some(Language::ChineseSimplified)
        );
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
        fn any_text_can_be_prepared(
            text in any::<String>(),
            questions in prop::collection::vec((0..50_usize, any::<String>()), 0..3),
        ) {
            let mut feedback = Feedback::new("t", text);
            let questions = questions.into_iter();
            feedback.questions = questions.map(|(before, text)| crate::Question { before, text }).collect();
            let document = prepare(&feedback);
            let mut end = 0;
            for segment in document.segments.into_iter().filter(|segment| !segment.asked) {
                let span = document.text.original(segment.range);
                prop_assert!(span.start() >= end && !span.of(&feedback.text).is_empty());
                end = span.end();
            }
        }
    }
}
