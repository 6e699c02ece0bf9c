//! What the words beside a Thai name say of it.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};

use crate::redact::lists;

const LIST: &str = include_str!("../../../../data/privacy/thai-words.txt");

/// Words that are looked for where they begin or where they end.
#[derive(Clone, Debug)]
struct Words {
    words: Vec<&'static str>,
    starts: AhoCorasick,
}

impl Words {
    fn new(section: &'static str) -> Self {
        let words: Vec<_> = lists::section(LIST, section).collect();
        let starts = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .start_kind(StartKind::Anchored)
            .build(&words)
            .expect("few short words");
        Self { words, starts }
    }

    fn has(&self, word: &str) -> bool {
        self.words.contains(&word)
    }

    /// Bytes of the longest of them that `text` begins with.
    fn start(&self, text: &str) -> Option<usize> {
        let found = self.starts.find(Input::new(text).anchored(Anchored::Yes));
        found.map(|found| found.end())
    }

    fn ends(&self, text: &str) -> bool {
        self.words.iter().any(|word| text.ends_with(word))
    }
}

/// What a word before a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Title {
    /// Only a name can follow.
    pub(super) formal: bool,
    /// A name is being told.
    pub(super) told: bool,
    /// It is often a part of the word before it.
    pub(super) short: bool,
    /// The name behind it need not be known.
    pub(super) alone: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Evidence {
    titles: HashMap<&'static str, Title>,
    stops: Words,
    words: Words,
    shops: Words,
    counted: Words,
    asked: Words,
    cues: Words,
    bare: Words,
    /// Words by the titles in them, with the bytes before the title.
    glued: HashMap<&'static str, Vec<(usize, &'static str)>>,
}

impl Evidence {
    pub(super) fn new() -> Self {
        let has = |section, word| lists::section(LIST, section).any(|other| other == word);
        let titles: HashMap<_, _> = ["formal", "familiar", "told"]
            .into_iter()
            .flat_map(|section| lists::section(LIST, section))
            .map(|word| {
                let title = Title {
                    formal: has("formal", word),
                    told: has("told", word),
                    short: has("short", word),
                    alone: has("alone", word),
                };
                (word, title)
            })
            .collect();
        let mut glued: HashMap<_, Vec<_>> = HashMap::new();
        for word in lists::section(LIST, "glued") {
            for title in titles.keys() {
                let places = word.match_indices(title).map(|(at, _)| (at, word));
                glued.entry(*title).or_default().extend(places);
            }
        }
        Self {
            titles,
            stops: Words::new("stops"),
            words: Words::new("words"),
            shops: Words::new("shops"),
            counted: Words::new("counted"),
            asked: Words::new("asked"),
            cues: Words::new("cues"),
            bare: Words::new("bare words"),
            glued,
        }
    }

    pub(super) fn titles(&self) -> impl Iterator<Item = &'static str> {
        self.titles.keys().copied()
    }

    pub(super) fn title(&self, word: &str) -> Option<Title> {
        self.titles.get(word).copied()
    }

    /// Whether the title at `start` is a part of another word.
    pub(super) fn is_glued(&self, text: &str, start: usize, title: &str) -> bool {
        let words = self.glued.get(title).into_iter().flatten();
        words.into_iter().any(|&(at, word)| {
            text[..start].ends_with(&word[..at]) && text[start..].starts_with(&word[at..])
        })
    }

    /// Whether a word that goes on with the sentence begins `text`.
    pub(super) fn stops(&self, text: &str) -> bool {
        let end = self.stops.start(text);
        end.is_some_and(|end| !text[end..].starts_with(is_mark))
    }

    /// Whether `name` makes a word with the title before it, which has more than
    /// the `known` bytes.
    pub(super) fn is_word(&self, name: &str, known: Option<usize>) -> bool {
        let word = self.words.start(name);
        word.is_some_and(|word| known.is_none_or(|known| known <= word))
    }

    pub(super) fn is_shop(&self, before: &str) -> bool {
        self.shops.ends(before)
    }

    pub(super) fn is_counted(&self, after: &str) -> bool {
        self.counted.start(after).is_some()
    }

    pub(super) fn is_asked(&self, before: &str) -> bool {
        self.asked.ends(before)
    }

    /// Whether a word ends where `before` does, and a name may begin.
    pub(super) fn is_cue(&self, before: &str) -> bool {
        self.cues.ends(before)
    }

    /// Whether a given name is a plain word too.
    pub(super) fn is_bare_word(&self, name: &str) -> bool {
        self.bare.has(name)
    }
}

pub(super) fn is_thai(character: char) -> bool {
    ('ก'..='๎').contains(&character) && character != '฿'
}

/// Vowels and tones that stand on the consonant before them.
pub(super) fn is_mark(character: char) -> bool {
    matches!(character, 'ะ'..='ู' | '็'..='๎')
}
