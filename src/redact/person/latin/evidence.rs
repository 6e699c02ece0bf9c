//! Words beside a name that say whose or what it is.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::redact::lists;
use crate::redact::person::is_spaced_letter;

const LIST: &str = include_str!("../../../../data/privacy/latin-words.txt");

type Set = LazyLock<lists::Set>;

/// Words that something ends with, by their last character.
pub(super) struct Cues(HashMap<char, Vec<&'static str>>);

impl Cues {
    fn new(section: &'static str) -> Self {
        let mut cues: HashMap<_, Vec<_>> = HashMap::new();
        for cue in lists::section(LIST, section) {
            let last = cue.chars().next_back().unwrap_or_default();
            cues.entry(last).or_default().push(cue);
        }
        Self(cues)
    }

    /// Whether `text` ends with one of them, which begins where a word begins.
    pub(super) fn end(&self, text: &str) -> bool {
        let last = text.chars().next_back();
        let cues = last.and_then(|last| self.0.get(&last));
        cues.is_some_and(|cues| cues.iter().any(|cue| ends_with_words(text, cue)))
    }
}

fn ends_with_words(text: &str, cue: &str) -> bool {
    text.strip_suffix(cue).is_some_and(|before| {
        let starts_with_letter = cue.starts_with(is_spaced_letter);
        !(starts_with_letter && before.ends_with(is_spaced_letter))
    })
}

fn set(section: &'static str) -> lists::Set {
    lists::section(LIST, section).collect()
}

/// Before the name of a person, written with it.
pub(super) static TITLES: Set = LazyLock::new(|| set("titles"));

/// Titles that a full stop may follow.
pub(super) static ABBREVIATED: Set = LazyLock::new(|| set("abbreviated"));

/// Words of a sentence before a name that is being told.
pub(super) static INTRODUCTIONS: LazyLock<Cues> = LazyLock::new(|| Cues::new("introductions"));

/// Words that a letter or a message begins with.
pub(super) static GREETINGS: LazyLock<Cues> = LazyLock::new(|| Cues::new("greetings"));

/// Words that a letter or a message ends with.
pub(super) static CLOSINGS: LazyLock<Cues> = LazyLock::new(|| Cues::new("closings"));

/// Words right before a person who is thanked, met or asked for.
pub(super) static BEFORE_A_NAME_ONLY: LazyLock<Cues> =
    LazyLock::new(|| Cues::new("before a name only"));

/// Words that stand before a name though an article stands before them.
pub(super) static BEFORE_A_NAME: Set = LazyLock::new(|| set("before a name"));

/// Small words within a name.
pub(super) static PARTICLES: Set = LazyLock::new(|| set("particles"));

/// Articles and their like.
pub(super) static DETERMINERS: Set = LazyLock::new(|| set("determiners"));

/// What people are to each other, and what they do for a customer.
pub(super) static PEOPLE: Set = LazyLock::new(|| set("people"));

/// What people do, after a name that is also a word.
pub(super) static VERBS: Set = LazyLock::new(|| set("verbs"));

/// Capitalised words that no name is made of.
pub(super) static NO_NAMES: Set = LazyLock::new(|| set("no names"));

/// Words for places, before the name of one.
pub(super) static PLACES_BEFORE: Set = LazyLock::new(|| set("places before"));

/// Words for places, after the name of one.
pub(super) static PLACES_AFTER: Set = LazyLock::new(|| set("places after"));

/// Words for things, after the name of one; in English they follow it.
pub(super) static PRODUCTS: Set = LazyLock::new(|| set("products"));

/// What people do and say and machines, firms and goods do not.
pub(super) static ACTIONS: Set = LazyLock::new(|| set("actions"));

/// Words that join two names.
pub(super) static AND: Set = LazyLock::new(|| set("and"));

/// Before a name in a message without capitals.
pub(super) static INFORMAL: LazyLock<Cues> = LazyLock::new(|| Cues::new("informal"));
