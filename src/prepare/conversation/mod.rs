//! A conversation as a program wrote it out → its turns: who speaks, where
//! their words stand, and in which order they were said.
//!
//! Each form has its file, which finds the messages and leaves out what nobody
//! said: times, numbers of cues, marks of quotation, notes of the program.
//! [`labelled`] reads what is left, lines of `Name: words`; [`roles`] tells the
//! customer from the company.

mod chat;
mod email;
mod labelled;
mod line;
mod roles;
mod subtitles;
mod wechat;

use std::borrow::Cow;
use std::ops::Range;

use super::trace::{Edit, TracedText};
use crate::label::Speaker;
pub(super) use labelled::turns as labelled_turns;

/// A turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    /// Bytes of the clean text, the label included.
    pub(crate) range: Range<usize>,
    /// Where the words after the label begin.
    pub(crate) words: usize,
    /// As it is written; `None` where it is not.
    pub(crate) name: Option<String>,
    /// `None` where nothing tells.
    pub(crate) speaker: Option<Speaker>,
    /// Its place in time among the turns: the mails of a thread often stand
    /// with the newest on top.
    pub(crate) order: usize,
}

impl Turn {
    /// All of a text, by nobody in particular.
    pub(super) fn of_nobody(text: &str) -> Self {
        Self {
            range: 0..text.len(),
            words: 0,
            name: None,
            speaker: None,
            order: 0,
        }
    }
}

/// What somebody said without a break, in a text as it came in.
#[derive(Debug, Default)]
struct Message<'a> {
    /// Its label, where it has one.
    label: Option<&'a str>,
    /// Who says it, also where a label is missing.
    name: Option<&'a str>,
    parts: Vec<Part<'a>>,
    order: usize,
}

/// A stretch of words, and what joins it to the stretch before.
#[derive(Debug)]
struct Part<'a> {
    glue: &'static str,
    words: &'a str,
}

/// How people talk: it says who begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Channel {
    /// The company picks up.
    Call,
    /// The customer writes first.
    Writing,
    /// Either.
    Unknown,
}

/// What a form makes of a text: `None` where it is not of that form.
type Form = fn(&str) -> Option<Vec<Message<'_>>>;

/// Those with the surest marks first.
const FORMS: [(Form, Channel); 5] = [
    (subtitles::read, Channel::Call),
    (line::read, Channel::Writing),
    (wechat::read, Channel::Writing),
    (chat::read, Channel::Writing),
    (email::read, Channel::Writing),
];

/// An exported conversation.
pub(super) struct Export {
    edits: Vec<Edit>,
    turns: Vec<ExportedTurn>,
}

/// A turn, with bytes of the text as it came in.
struct ExportedTurn {
    start: usize,
    words: usize,
    name: Option<String>,
    speaker: Option<Speaker>,
    order: usize,
}

impl Export {
    /// Reads a text that is a conversation in one of the forms.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (messages, channel) = FORMS
            .iter()
            .find_map(|(read, channel)| Some((read(text)?, *channel)))?;
        let speakers = roles::tell(&messages, channel);
        let turns = messages
            .iter()
            .zip(speakers)
            .filter_map(|(message, speaker)| {
                let words = place(text, message.parts.first()?.words).start;
                Some(ExportedTurn {
                    start: message
                        .label
                        .map_or(words, |label| place(text, label).start),
                    words,
                    name: message.name.map(str::to_owned),
                    speaker,
                    order: message.order,
                })
            });
        Some(Self {
            turns: turns.collect(),
            edits: edits(text, &messages),
        })
    }

    /// The conversation as lines of `Name: words`.
    pub(super) fn rewrite(&mut self, text: TracedText) -> TracedText {
        text.rewrite(std::mem::take(&mut self.edits))
    }

    /// The turns in what cleaning left of those lines.
    pub(super) fn turns(self, clean: &TracedText) -> Vec<Turn> {
        let starts: Vec<_> = self
            .turns
            .iter()
            .map(|turn| clean.position(turn.start))
            .chain([clean.as_str().len()])
            .collect();
        let turns = self.turns.into_iter().zip(starts.windows(2));
        turns
            .map(|(turn, range)| Turn {
                range: range[0]..range[1],
                words: clean.position(turn.words).min(range[1]),
                name: turn.name,
                speaker: turn.speaker,
                order: turn.order,
            })
            .filter(|turn| !turn.range.is_empty())
            .collect()
    }
}

/// What leaves a line for each message.
fn edits(text: &str, messages: &[Message<'_>]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut at = 0;
    let mut keep = |glue: &'static str, kept: &str| {
        let range = place(text, kept);
        edits.push(Edit {
            range: at..range.start,
            with: Cow::Borrowed(if edits.is_empty() { "" } else { glue }),
        });
        at = range.end;
    };
    for message in messages {
        let mut first = "\n";
        if let Some(label) = message.label {
            keep(first, label);
            first = ": ";
        }
        for (index, part) in message.parts.iter().enumerate() {
            keep(if index == 0 { first } else { part.glue }, part.words);
        }
    }
    edits.push(Edit {
        range: at..text.len(),
        with: Cow::Borrowed(""),
    });
    edits
}

/// Where a part of a text stands in it.
fn place(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

impl<'a> Message<'a> {
    fn new(name: &'a str) -> Self {
        Self {
            label: Some(name),
            name: Some(name),
            ..Self::default()
        }
    }

    /// Adds words; nothing if there are none.
    fn push(&mut self, glue: &'static str, words: &'a str) {
        if !words.is_empty() {
            self.parts.push(Part { glue, words });
        }
    }

    /// Its words as they are read, without those that joining adds.
    fn words(&self) -> impl Iterator<Item = &'a str> {
        self.parts.iter().map(|part| part.words)
    }
}

/// The messages that say something, in the order of the file, if there are at
/// least two.
fn conversation(mut messages: Vec<Message<'_>>) -> Option<Vec<Message<'_>>> {
    messages.retain(|message| !message.parts.is_empty());
    for (order, message) in messages.iter_mut().enumerate() {
        message.order = order;
    }
    (messages.len() >= 2).then_some(messages)
}

/// A line without white space and marks of direction at its ends; exports of
/// WhatsApp begin what nobody typed with such a mark.
fn bare(line: &str) -> &str {
    line.trim_matches(|char: char| char.is_whitespace() || is_mark_of_direction(char))
}

fn is_mark_of_direction(char: char) -> bool {
    matches!(
        char,
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}'
    )
}

/// Whether a message stands for something that is no text: `<Media omitted>`,
/// `[Sticker]`.
fn is_placeholder(words: &str) -> bool {
    let words = bare(words);
    words.len() <= MAX_PLACEHOLDER
        && [('<', '>'), ('[', ']'), ('［', '］')]
            .iter()
            .any(|&(open, close)| words.starts_with(open) && words.ends_with(close))
}

const MAX_PLACEHOLDER: usize = 64;

/// No name is longer, in bytes.
const MAX_NAME: usize = 80;

/// The length of a time of day at the start of a text: `9:41`, `09:41:07`.
fn clock(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        rest.iter()
            .take(3)
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let hours = digits(0);
    let colon = |at: usize| bytes.get(at) == Some(&b':');
    if !(1..=2).contains(&hours) || !colon(hours) || digits(hours + 1) != 2 {
        return None;
    }
    let minutes = hours + 3;
    match colon(minutes) && digits(minutes + 1) == 2 {
        true => Some(minutes + 3),
        false => Some(minutes),
    }
}

/// Where the last time of day in a text ends.
fn last_clock(text: &str) -> Option<usize> {
    text.char_indices().rev().find_map(|(at, char)| {
        let starts = char.is_ascii_digit()
            && !text[..at].ends_with(|c: char| c.is_ascii_digit() || c == ':');
        starts.then(|| Some(at + clock(&text[at..])?)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Instant;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::feedback::Feedback;
    use crate::prepare::{Document, prepare};

    /// Name and words of each message; names that are not written are empty.
    pub(super) fn said(messages: Option<Vec<Message<'_>>>) -> Vec<(String, String)> {
        let messages = messages.unwrap_or_default().into_iter();
        messages
            .map(|message| {
                let mut words = String::new();
                for part in &message.parts {
                    words += part.glue;
                    words += part.words;
                }
                let name = message.label.unwrap_or_default();
                (name.to_owned(), words.trim_start().to_owned())
            })
            .collect()
    }

    /// The values of a JSON Lines file of the repository.
    fn rows(path: &str) -> Vec<Value> {
        let path = format!("{}/data/{path}", env!("CARGO_MANIFEST_DIR"));
        let lines = std::fs::read_to_string(path).expect("a file of the repository");
        let lines = lines.lines();
        lines
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }

    fn document(text: &Value) -> Document {
        prepare(&Feedback::new("", text.as_str().expect("a text")))
    }

    fn dense(text: &str) -> String {
        text.split_whitespace().collect()
    }

    const LANGUAGES: [&str; 6] = ["en", "fr", "es", "th", "zh-Hans", "zh-Hant"];

    #[test]
    fn turns_and_roles_of_the_set_are_found() {
        // By form: turns that are found, turns, roles that are right.
        let mut tally: BTreeMap<String, [usize; 3]> = BTreeMap::new();
        for language in LANGUAGES {
            for row in rows(&format!("reading/conversations/{language}.jsonl")) {
                let document = document(&row["file"]);
                let mut turns: Vec<_> = document.turns.iter().collect();
                turns.sort_by_key(|turn| turn.order);
                let mut rest = turns.into_iter();
                let counts = tally.entry(row["form"].to_string()).or_default();
                for truth in row["turns"].as_array().expect("turns") {
                    let words = dense(truth["text"].as_str().expect("a text"));
                    let mut ahead = rest.clone();
                    let found = ahead.find(|turn| {
                        dense(&document.text.as_str()[turn.words..turn.range.end]) == words
                    });
                    counts[1] += 1;
                    let Some(turn) = found else { continue };
                    rest = ahead;
                    counts[0] += 1;
                    let role = match truth["role"].as_str().expect("a role") {
                        "customer" => Some(Speaker::Customer),
                        "agent" | "bot" => Some(Speaker::Agent),
                        _ => turn.speaker,
                    };
                    counts[2] += usize::from(role == turn.speaker);
                }
            }
        }
        assert_eq!(tally.len(), 7);
        for (form, [found, all, right]) in tally {
            let share = |part: usize| part as f64 / all as f64;
            assert!(share(found) > 0.98, "{form}: {found} of {all} turns");
            assert!(share(right) > 0.93, "{form}: {right} of {all} roles");
        }
    }

    #[test]
    fn other_feedback_is_no_conversation() {
        let [mut wrong, mut all] = [0_usize; 2];
        for language in LANGUAGES {
            for row in rows(&format!("feedback/{language}.jsonl")) {
                let id = row["id"].as_str().expect("an id");
                if row["kind"] != "transcript" && id.ends_with('0') {
                    all += 1;
                    wrong += usize::from(document(&row["text"]).turns.len() > 1);
                }
            }
        }
        assert!(all > 200 && wrong * 200 < all, "{wrong} of {all}");
    }

    /// What the forms look for, in any order.
    fn pieces() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "\n",
            "\r\n",
            "\n\n",
            "\t",
            " ",
            ": ",
            "：",
            "> ",
            "Ana",
            "客服",
            "Customer",
            "\u{200e}",
            "[12/03/2026, 09:41:07] Ana: hi",
            "12/3/26, 9:41\u{202f}AM - Bo: hi\n",
            "(09:41) Bo: é",
            "09:41\tAna\t\"hi",
            "下午2:03\tAna\thi\"",
            "Ana 2026-03-12 09:41:07\n",
            "WEBVTT\n\n",
            "00:00:00.303 --> 00:00:03.209\n",
            "<v Ana>",
            "</v>",
            "<Media omitted>",
            "[Sticker]",
            "On 1 May 2026 at 9:00, Bo <b@c.example> wrote:\n",
            "From: Ana\nSubject: RE: x\n",
            "发件人：周敏 <z@b.example>\n",
            "-----",
            "--\n",
            "e\u{301}",
            "ก็ดี",
            "😡😡😡😡",
        ]);
        prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_file_keeps_its_order(text in pieces()) {
            let feedback = Feedback::new("", text);
            let document = prepare(&feedback);
            let clean = document.text.as_str();
            let mut end = 0;
            for turn in &document.turns {
                prop_assert_eq!(turn.range.start, end);
                prop_assert!(clean.get(turn.words..turn.range.end).is_some());
                prop_assert!(turn.words >= turn.range.start);
                prop_assert!(turn.order < document.turns.len().max(1) || feedback.text.is_empty());
                end = turn.range.end;
            }
            prop_assert_eq!(end, clean.len());
            let mut end = 0;
            for segment in &document.segments {
                let span = document.text.original(segment.range.clone());
                prop_assert!(span.start() >= end && !span.is_empty());
                prop_assert!(feedback.text.get(span.range()).is_some());
                end = span.end();
            }
        }
    }

    #[test]
    fn huge_files_are_read_in_linear_time() {
        // Unoptimised code takes twenty times as long.
        let size = if cfg!(debug_assertions) {
            100_000
        } else {
            1_000_000
        };
        for unit in [
            "[12/03/2026, 09:41:07] Ana: hi\n",
            "12/3/26, 9:41 AM - ",
            "9:41\tAna\t\"hi\n",
            "Ana 2026-03-12 09:41:07\n",
            "00:00:00.303 --> 00:00:03.209\nAna: hi\n",
            "On 1 May 2026 at 9:00\n",
            "From: Ana\n",
            "Subject: Re: x\n",
            "On 1 May 2026 at 9:00, Bo <b@c.example> wrote:\n> hi\n",
            ">",
            "> a\nb\n",
            "Customer: hi\n",
            "Customer: Agent: ",
            "9:41",
        ] {
            let text = unit.repeat(size / unit.len());
            let start = Instant::now();
            prepare(&Feedback::new("", text));
            assert!(start.elapsed().as_secs() < 10, "{unit:?}");
        }
    }
}
