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
        // Two messages stand on two lines in all of them.
        if !text.contains('\n') {
            return None;
        }
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
mod tests;
