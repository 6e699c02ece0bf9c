//! Thai names. They stand behind a title, and no space parts them from the
//! words that follow.

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};

use crate::redact::{Found, PersonalDataKind, lists};

use super::Names;
use words::{Evidence, is_mark, is_thai};

mod words;

/// Characters of a name that begins with a known one, at most.
const LONGEST_KNOWN: usize = 8;

/// Characters of Thai without a space that are looked at for a name.
const LONGEST_RUN: usize = 40;

/// A title, and `you`; many others begin with it.
const YOU: &str = "คุณ";

/// Bytes of a character of Thai.
const CHARACTER: usize = 3;

#[derive(Clone, Debug)]
pub(super) struct Finder {
    titles: AhoCorasick,
    names: AhoCorasick,
    given: AhoCorasick,
    evidence: Evidence,
}

impl Finder {
    pub(super) fn new() -> Self {
        let given: Vec<_> =
            lists::lines(include_str!("../../../data/privacy/given-names-thai.txt")).collect();
        let nicknames = lists::lines(include_str!("../../../data/privacy/nicknames-thai.txt"));
        let names: Vec<_> = given.iter().copied().chain(nicknames).collect();
        let evidence = Evidence::new();
        // Bare, only names too long to be a part of something else.
        let long = given
            .iter()
            .filter(|name| name.chars().count() >= 5 && !evidence.is_bare_word(name));
        let automaton = |start| {
            let mut builder = AhoCorasick::builder();
            builder
                .match_kind(MatchKind::LeftmostLongest)
                .start_kind(start);
            builder
        };
        Self {
            titles: automaton(StartKind::Unanchored)
                .build(evidence.titles())
                .expect("few short words"),
            names: automaton(StartKind::Anchored)
                .build(names)
                .expect("few short words"),
            given: automaton(StartKind::Unanchored)
                .build(long)
                .expect("few short words"),
            evidence,
        }
    }

    /// Whether all of `label` is a name.
    pub(super) fn is_name(&self, label: &str) -> bool {
        let titles = self.evidence.titles();
        let bare = titles
            .filter_map(|title| label.strip_prefix(title))
            .min_by_key(|bare| bare.len())
            .unwrap_or(label);
        self.known(bare)
            .is_some_and(|end| end == bare.len() || bare[end..].starts_with(' '))
    }

    pub(super) fn find<'a>(&self, text: &'a str, found: &mut Found, names: &mut Names<'a>) {
        if !text.contains(is_thai) {
            return;
        }
        let mut from = 0;
        while let Some(title) = self.titles.find(Input::new(text).range(from..)) {
            // `ขอบคุณ น้องกิ๊ฟ`: thanks, and then the title.
            let you = title.start() + YOU.len();
            if title.end() > you
                && text[title.range()].starts_with(YOU)
                && self.evidence.is_glued(text, title.start(), YOU)
            {
                from = you;
                continue;
            }
            from = title.end();
            let Some((start, end)) = self.titled(text, title.start(), title.end()) else {
                continue;
            };
            found.push(PersonalDataKind::Person, start, end);
            let name = &text[start..end];
            if name.chars().count() >= 4 {
                names.add(name);
            }
            from = end;
        }
        for name in self.given.find_iter(text) {
            let end = self.surname(text, name.end());
            if !text[name.end()..].starts_with(is_mark) {
                found.push(PersonalDataKind::Person, name.start(), end);
            }
        }
    }

    /// Bytes of the known name that `text` begins with.
    fn known(&self, text: &str) -> Option<usize> {
        let name = self.names.find(Input::new(text).anchored(Anchored::Yes));
        name.map(|name| name.end())
            .filter(|&end| !text[end..].starts_with(is_mark) && !text[end..].starts_with('์'))
    }

    /// Where the name begins and ends that stands behind a title.
    fn titled(&self, text: &str, start: usize, title_end: usize) -> Option<(usize, usize)> {
        let word = &text[start..title_end];
        let title = self.evidence.title(word)?;
        let before = &text[..start];
        let rest = &text[title_end..];
        let name = rest[spaces(rest)..].trim_start_matches(['"', '“', '\'', ' ']);
        let gap = rest.len() - name.len();
        let quoted = rest[..gap].contains(['"', '“', '\'']);
        if self.evidence.is_glued(text, start, word) || name.starts_with(is_mark) {
            return None;
        }
        let attached = before.ends_with(is_thai) && !self.evidence.is_cue(before);
        let name_start = title_end + gap;
        let name_place = if title.told { name_start } else { start };
        if name.starts_with(|c: char| c.is_ascii_uppercase()) && !title.short {
            let known = title.formal || title.alone || title.told;
            return known.then(|| (name_place, name_start + latin(name)));
        }
        // `คุณ` is also `you`: its name is written right behind it.
        if !title.formal && !title.told && gap > 0 || self.evidence.is_shop(before) {
            return None;
        }
        let known = self.known(name);
        if !title.formal && !title.told && self.evidence.is_word(name, known) {
            return None;
        }
        // Behind other words a title may be a part of one of them, unless the name is long.
        let enough = match word {
            "หมอ" | "ครู" | "ช่าง" => 3,
            _ if title.short => 5,
            _ => 2,
        } * CHARACTER;
        let cut = self.cut(name);
        let characters = name[..cut].chars().count();
        let ends = !name[cut..].starts_with(is_thai);
        let length = match known {
            // `น้องฟ้ากับ`: what follows a known name goes on.
            Some(end) if !title.short || !attached || title.formal => {
                let goes_on = end >= cut || self.evidence.stops(&name[end..]);
                match (goes_on, ends && characters <= LONGEST_KNOWN) {
                    (true, _) => Some(end),
                    // `พี่แจ็คกี้`: longer than the name that is known.
                    (false, true) => Some(cut),
                    (false, false) => (end >= enough).then_some(end),
                }
            }
            Some(end) => (end >= enough).then_some(end),
            None => {
                let stops = self.evidence.stops(name);
                let asked = quoted || self.evidence.is_asked(before);
                let fits = match title.formal || title.told {
                    true => {
                        (2..=16).contains(&characters)
                            && !stops
                            && (title.formal || ends && (asked || characters > 4))
                    }
                    false => {
                        (2..=7).contains(&characters) && ends && !attached && title.alone && !stops
                    }
                };
                fits.then_some(cut)
            }
        };
        let length = length.filter(|&length| length > 0)?;
        if self.evidence.is_counted(&name[length..]) {
            return None;
        }
        let end = name_start + length;
        let full = title.formal || title.told || known.is_some_and(|known| known > 4 * CHARACTER);
        let end = match full {
            true => self.surname(text, end),
            false => initial(text, end),
        };
        Some((name_place, end))
    }

    /// `end`, or the end of the surname that follows after a space.
    fn surname(&self, text: &str, end: usize) -> usize {
        let Some(rest) = text[end..].strip_prefix(' ') else {
            return end;
        };
        let word = thai_run(rest);
        let characters = rest[..word].chars().count();
        let title = self.titles.find(Input::new(rest).range(..word));
        let is_surname = (4..=20).contains(&characters)
            && !self.evidence.stops(rest)
            && !title.is_some_and(|title| {
                let title = self.evidence.title(&rest[title.range()]);
                title.is_some_and(|title| title.formal || title.told)
            });
        if is_surname {
            end + 1 + word
        } else {
            initial(text, end)
        }
    }

    /// Bytes of `name` before the first word that goes on with the sentence.
    fn cut(&self, name: &str) -> usize {
        let thai = thai_run(name);
        let name = &name[..thai];
        let mut places = name.char_indices().map(|(at, _)| at).skip(2).take(24);
        places
            .find(|&at| self.evidence.stops(&name[at..]) && !name[at..].starts_with(is_mark))
            .unwrap_or(thai)
    }
}

/// `end`, or the end of an initial that follows: `สุรเดช ว.`
fn initial(text: &str, end: usize) -> usize {
    let mut rest = text[end..].chars();
    match (rest.next(), rest.next(), rest.next()) {
        (Some(' '), Some(letter), Some('.')) if ('ก'..='ฮ').contains(&letter) => {
            end + 2 + letter.len_utf8()
        }
        _ => end,
    }
}

/// Bytes of Thai at the start of `text`, as far as a name may reach.
fn thai_run(text: &str) -> usize {
    let thai = text.chars().take(LONGEST_RUN).take_while(|&c| is_thai(c));
    thai.map(char::len_utf8).sum()
}

/// Bytes of the one or two capitalised words that `text` begins with.
fn latin(text: &str) -> usize {
    let word = |text: &str| {
        let letters = text.bytes().take(LONGEST_RUN);
        letters.take_while(u8::is_ascii_alphabetic).count()
    };
    let first = word(text);
    let second = text[first..].strip_prefix(' ');
    match second.filter(|second| second.starts_with(|c: char| c.is_ascii_uppercase())) {
        Some(second) => first + 1 + word(second),
        None => first,
    }
}

fn spaces(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', ':']).len()
}
