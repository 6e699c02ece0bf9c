//! Names of people: by lists of common names, and by what stands beside them.

mod chinese;
mod latin;
mod speaker;
mod thai;
mod words;

use std::collections::BTreeSet;

pub(super) use words::is_spaced_letter;

use super::{Found, PersonalDataKind};

#[derive(Clone, Debug)]
pub(super) struct Finder {
    latin: latin::Finder,
    chinese: chinese::Finder,
    thai: thai::Finder,
}

/// Names that are looked for one by one.
const FEW: usize = 8;

/// Names that were found, to be found wherever else they stand.
#[derive(Default)]
struct Names<'a>(BTreeSet<&'a str>);

impl Finder {
    pub(super) fn new() -> Self {
        Self {
            latin: latin::Finder::new(),
            chinese: chinese::Finder::new(),
            thai: thai::Finder::new(),
        }
    }

    pub(super) fn find(&self, text: &str, found: &mut Found) {
        let mut names = Names::default();
        for label in speaker::labels(text) {
            if self.latin.is_name(label) || self.chinese.is_name(label) || self.thai.is_name(label)
            {
                names.add(label);
            }
        }
        self.latin.find(text, found, &mut names);
        if !text.is_ascii() {
            self.chinese.find(text, found, &mut names);
            self.thai.find(text, found, &mut names);
        }
        names.find(text, found);
    }
}

impl<'a> Names<'a> {
    /// A name as it stands in the text.
    fn add(&mut self, name: &'a str) {
        if name.chars().nth(1).is_some() {
            self.0.insert(name);
        }
    }

    fn find(&self, text: &str, found: &mut Found) {
        if self.0.is_empty() {
            return;
        }
        // Few names are looked for sooner than a machine for all of them is built.
        if self.0.len() <= FEW {
            for name in &self.0 {
                for (start, _) in text.match_indices(name) {
                    self.check(text, start, start + name.len(), found);
                }
            }
            return;
        }
        // Longer names first, so that a part of a name does not hide the whole.
        let automaton = aho_corasick::AhoCorasick::builder()
            .match_kind(aho_corasick::MatchKind::LeftmostLongest)
            .kind(Some(aho_corasick::AhoCorasickKind::NoncontiguousNFA))
            .build(&self.0);
        let Ok(automaton) = automaton else { return };
        for name in automaton.find_iter(text) {
            self.check(text, name.start(), name.end(), found);
        }
    }

    /// Notes the name unless it is a part of a longer word.
    fn check(&self, text: &str, start: usize, end: usize, found: &mut Found) {
        let joins = |character: Option<char>| character.is_some_and(words::is_spaced_letter);
        let spaced = joins(text[start..].chars().next());
        let before = text[..start].chars().next_back();
        let after = text[end..].chars().next();
        if !(spaced && (joins(before) || joins(after))) {
            found.push(PersonalDataKind::Person, start, end);
        }
    }
}
