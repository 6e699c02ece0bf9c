//! Names in Latin script, whatever script stands around them.

use std::ops::Range;

use crate::redact::{Found, PersonalDataKind, lists};

use super::Names;
use super::words::{Word, words};
use evidence::{
    ABBREVIATED, ACTIONS, AND, BEFORE_A_NAME_ONLY, INFORMAL, INTRODUCTIONS, NO_NAMES, PARTICLES,
    PEOPLE, PRODUCTS, TITLES,
};

mod context;
mod evidence;

/// Words of one name at most.
const MOST_WORDS: usize = 5;

#[derive(Clone, Debug)]
pub(super) struct Finder {
    given: lists::Set,
    surnames: lists::Set,
    romanised: lists::Set,
    /// Given names that are also something else.
    words: lists::Set,
    /// Surnames that are also something else.
    surname_words: lists::Set,
    /// Places and brands.
    things: lists::Set,
    famous: lists::Set,
    /// The first words of `famous`.
    famous_starts: lists::Set,
}

/// A text with its words.
struct Reading<'a> {
    finder: &'a Finder,
    text: &'a str,
    words: &'a [Word<'a>],
}

impl Finder {
    pub(super) fn new() -> Self {
        let given = [
            include_str!("../../../data/privacy/given-names-en.txt"),
            include_str!("../../../data/privacy/given-names-fr.txt"),
            include_str!("../../../data/privacy/given-names-es.txt"),
            include_str!("../../../data/privacy/given-names-other.txt"),
        ];
        let things = [
            include_str!("../../../data/privacy/places.txt"),
            include_str!("../../../data/privacy/brands.txt"),
        ];
        let famous = lists::set(include_str!("../../../data/privacy/famous-names.txt"));
        Self {
            given: given.into_iter().flat_map(lists::lines).collect(),
            surnames: lists::set(include_str!("../../../data/privacy/surnames-latin.txt")),
            romanised: lists::set(include_str!("../../../data/privacy/surnames-romanised.txt")),
            words: lists::set(include_str!(
                "../../../data/privacy/names-that-are-words.txt"
            )),
            surname_words: lists::set(include_str!(
                "../../../data/privacy/surnames-that-are-words.txt"
            )),
            things: things.into_iter().flat_map(lists::lines).collect(),
            famous_starts: famous
                .iter()
                .filter_map(|name| name.split(' ').next())
                .collect(),
            famous,
        }
    }

    pub(super) fn find<'a>(&self, text: &'a str, found: &mut Found, names: &mut Names<'a>) {
        let words = words(text);
        let reading = Reading {
            finder: self,
            text,
            words: &words,
        };
        let mut at = 0;
        while at < words.len() {
            let Some((first, last)) = reading.name(at) else {
                at += 1;
                continue;
            };
            let mut take = |first: usize, last: usize| {
                let (start, end) = (words[first].start, reading.end(last));
                found.push(PersonalDataKind::Person, start, end);
                // A name is repeated without the title and the surname.
                if let Some(bare) = reading.bare(first, last) {
                    names.add(&text[bare]);
                }
                last + 1
            };
            at = take(first, last);
            // `Femi and Saoirse`: who stands beside somebody is somebody.
            if let Some((first, last)) = reading.joined(at) {
                at = take(first, last);
            }
        }
    }

    /// Whether all of `label` is a name.
    pub(super) fn is_name(&self, label: &str) -> bool {
        let words = words(label);
        let Some(first) = words.first() else {
            return false;
        };
        let titled = TITLES.contains(&*first.lower) && words.len() > 1;
        // `Anneliese`, who speaks more than once.
        let called = words.len() < 4
            && words.iter().all(|word| {
                word.capital
                    && !NO_NAMES.contains(&*word.lower)
                    && !self.things.contains(&*word.lower)
                    && !PRODUCTS.contains(&*word.lower)
            })
            && label.split_whitespace().count() == words.len()
            && !first.shouted;
        titled
            || called
            || self.is_given(&first.lower)
            || words.len() > 1
                && words
                    .last()
                    .is_some_and(|last| self.is_surname(&last.lower))
    }

    fn is_given(&self, lower: &str) -> bool {
        let known = |part: &str| self.given.contains(part);
        known(lower)
            || lower
                .split_once(['-', '‑'])
                .is_some_and(|(first, _)| known(first))
    }

    fn is_surname(&self, lower: &str) -> bool {
        let mut parts = lower.split(['-', '‑']);
        self.surnames.contains(lower)
            || self.romanised.contains(lower)
            || parts.any(|part| self.surnames.contains(part))
    }
}

impl Reading<'_> {
    /// The part of the name by which its bearer may be called elsewhere.
    fn bare(&self, first: usize, last: usize) -> Option<Range<usize>> {
        let bare = (first..=last).find(|&word| !self.is_title(word))?;
        let Word {
            start,
            end,
            ref lower,
            ..
        } = self.words[bare];
        let long = lower.chars().count() > 2 && !self.finder.words.contains(&**lower);
        (long && self.words[bare].capital).then_some(start..end)
    }

    /// Where the name ends whose last word is `last`, with the full stop of an
    /// initial: `Ezequiel G.`
    fn end(&self, last: usize) -> usize {
        let Word { end, ref lower, .. } = self.words[last];
        let vowel = lower.contains(['a', 'e', 'i', 'o', 'u', 'y', 'é', 'á', 'í', 'ó', 'ú']);
        let short = lower.chars().count() == 1 || lower.len() <= 4 && !vowel;
        end + usize::from(short && self.text[end..].starts_with('.'))
    }

    /// The words of the name that begins at the word `at`.
    fn name(&self, at: usize) -> Option<(usize, usize)> {
        let word = &self.words[at];
        if let Some(titled) = self.titled(at) {
            return Some(titled);
        }
        if !word.capital {
            return self.uncapitalised(at);
        }
        if NO_NAMES.contains(&*word.lower) || self.is_title(at) {
            return None;
        }
        let last = self.extent(at);
        if !self.is_whole(at, last) || self.is_blocked(at, last) {
            return None;
        }
        let given = self.is_given(at);
        let plain = self.is_plain(at);
        let surname = last > at
            && (at + 1..=last).any(|word| self.finder.is_surname(&self.words[word].lower));
        let is_name = self.is_introduced(at, last)
            || self.is_signature(at, last)
            || self.is_role(at, last)
            || !self.is_product(at, last)
                && (given && (!plain || surname || self.is_supported(at, last))
                    || self.is_initialled(at, last)
                    || self.is_surname_first(at, last)
                    || self.is_acting(at, last)
                    || self.is_romanised(at, last))
            || surname && !plain && self.is_two_names(at, last);
        is_name.then_some((at, last))
    }

    /// A capitalised word behind a name and a word that joins them.
    fn joined(&self, at: usize) -> Option<(usize, usize)> {
        let next = at + 1;
        let joined = at > 0
            && next < self.words.len()
            && AND.contains(&*self.words[at].lower)
            && self.between(at - 1) == " "
            && self.between(at) == " "
            && self.words[next].capital
            && !self.words[next].shouted
            && self.words[next].lower.chars().count() > 2;
        if !joined || NO_NAMES.contains(&*self.words[next].lower) || self.is_title(next) {
            return None;
        }
        let last = self.extent(next);
        let person = self.is_whole(next, last)
            && !self.is_blocked(next, last)
            && !self.is_product(next, last)
            && !self.finder.things.contains(&*self.words[next].lower)
            && last - next < 3;
        person.then_some((next, last))
    }

    /// `Mme Ruiz`, `profesor Urbina`, `Mr B. Okafor`.
    fn titled(&self, at: usize) -> Option<(usize, usize)> {
        let next = at + 1;
        let follows = self.is_title(at)
            && next < self.words.len()
            && self.words[next].capital
            && matches!(self.between(at), " " | ". " | "." | "\u{a0}" | ".\u{a0}");
        // `M.` is a title, `M` is a size; and a sentence may end with `tía.`
        let stop = self.between(at).starts_with('.');
        let abbreviated = ABBREVIATED.contains(&*self.words[at].lower);
        // `M.C.` are initials of something.
        let initials = self.words[at].lower.len() == 1 && self.between(at) == ".";
        let is_right = (!stop || abbreviated)
            && !initials
            && (stop || !matches!(&*self.words[at].lower, "m" | "d"));
        // `Mme Le Guen`, `Sra. De la Fuente`
        let article = || {
            PARTICLES.contains(&*self.words[next].lower)
                && next + 1 < self.words.len()
                && self.between(next) == " "
        };
        let no_name = |at: usize| NO_NAMES.contains(&*self.words[at].lower);
        if !follows || !is_right || no_name(next) && !article() {
            return None;
        }
        if self.is_title(next) {
            return self.titled(next).map(|(_, last)| (at, last));
        }
        let last = self.extent(next);
        let blocked = self.is_place(at, last) || self.is_famous(at, last);
        (!blocked).then_some((at, last))
    }

    /// `hey its marlon`: only known names, and only where one is expected.
    fn uncapitalised(&self, at: usize) -> Option<(usize, usize)> {
        let lower = &*self.words[at].lower;
        let known = self.finder.given.contains(lower)
            && !self.is_plain(at)
            && !self.finder.things.contains(lower);
        if !known || !self.is_whole(at, at) || self.is_product(at, at) {
            return None;
        }
        let role = at > 0
            && self.between(at - 1).trim_start_matches([',', '(']) == " "
            && PEOPLE.contains(&*self.words[at - 1].lower);
        let before = self.before(at);
        let acts = at + 1 < self.words.len()
            && self.between(at) == " "
            && ACTIONS.contains(&*self.words[at + 1].lower);
        let cued =
            INFORMAL.end(&before) || BEFORE_A_NAME_ONLY.end(&before) || INTRODUCTIONS.end(&before);
        let named = role || acts || cued;
        let surname = at + 1 < self.words.len()
            && self.between(at) == " "
            && lower.chars().count() > 3
            && self.finder.surnames.contains(&*self.words[at + 1].lower)
            && !self
                .finder
                .surname_words
                .contains(&*self.words[at + 1].lower)
            && !self.finder.words.contains(&*self.words[at + 1].lower);
        (named || surname).then_some((at, at + usize::from(surname)))
    }

    fn is_title(&self, at: usize) -> bool {
        TITLES.contains(&*self.words[at].lower)
    }

    /// Whether it is also a word, a place or a brand.
    fn is_plain(&self, at: usize) -> bool {
        let lower = &*self.words[at].lower;
        self.finder.words.contains(lower) || self.finder.things.contains(lower)
    }

    fn is_given(&self, at: usize) -> bool {
        let word = &self.words[at];
        // In a shouted text nothing tells a name from a word.
        let shouted = word.shouted && word.lower.len() > 2 && !self.is_introduced(at, at);
        self.finder.is_given(&word.lower) && !shouted
    }

    /// The last word of the name that begins at the word `at`.
    fn extent(&self, at: usize) -> usize {
        let mut last = at;
        while last + 1 < self.words.len() && last - at + 1 < MOST_WORDS {
            let next = last + 1;
            let initial = self.words[last].lower.chars().count() == 1 && self.between(last) == ". ";
            if !(initial || matches!(self.between(last), " " | "\u{a0}" | "·")) {
                break;
            }
            let word = &self.words[next];
            if word.capital && !NO_NAMES.contains(&*word.lower) {
                last = next;
                continue;
            }
            // `Germán de la Torre`
            let particle = |word: usize| PARTICLES.contains(&*self.words[word].lower);
            let capital =
                (next + 1..self.words.len().min(next + 3)).find(|&word| self.words[word].capital);
            match capital {
                Some(capital)
                    if (next..capital).all(|word| particle(word) && self.between(word) == " ") =>
                {
                    last = capital
                }
                _ => break,
            }
        }
        last
    }

    /// Whether no letter or digit of another word is glued to the name.
    fn is_whole(&self, first: usize, last: usize) -> bool {
        let before = self.text[..self.words[first].start].chars().next_back();
        let after = self.text[self.words[last].end..].chars().next();
        let glued = |c: Option<char>| {
            c.is_some_and(|c| c.is_ascii_digit() || matches!(c, '_' | '@' | '/' | '#'))
        };
        let dotted = after == Some('.') && {
            let mut beyond = self.text[self.words[last].end + 1..].chars();
            beyond.next().is_some_and(char::is_alphanumeric)
        };
        !glued(before) && !glued(after) && !dotted && before != Some('.')
    }

    /// What stands before the word, in lower case, without quotes and spaces.
    fn before(&self, at: usize) -> String {
        let before = crate::redact::phone::tail(&self.text[..self.words[at].start], 28);
        let before = before.trim_end_matches([' ', '\u{a0}', '"', '«', '“', '「', '\'']);
        before.to_lowercase().replace('’', "'")
    }

    /// What stands between a word and the next; nothing behind the last.
    fn between(&self, word: usize) -> &str {
        let next = self.words.get(word + 1);
        next.map_or("", |next| &self.text[self.words[word].end..next.start])
    }
}
