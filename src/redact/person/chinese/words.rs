//! What the characters and words beside a Chinese name say of it.

use std::collections::HashMap;

use crate::redact::lists;

/// The first character that names are made of, and how many there are from it.
const FIRST: u32 = 0x4e00;
const CHARACTERS: usize = 0x5200;

/// Words, to be found by their first or last character.
type ByCharacter = HashMap<char, Vec<&'static str>>;

#[derive(Clone, Debug)]
pub(super) struct Words {
    /// What each character may be, a bit each, from [`FIRST`] on.
    kinds: Vec<u8>,
    double_surnames: lists::Set,
    famous: ByCharacter,
    titles: ByCharacter,
    nickname_words: ByCharacter,
    shops: ByCharacter,
    before: ByCharacter,
    named: ByCharacter,
    surname_cues: ByCharacter,
    ends: lists::Set,
    words: lists::Set,
}

/// What a character may be.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Surname = 1,
    /// The surname of many, which is seldom a plain word.
    Common = 2,
    Given = 4,
    /// Of a given name, and of few other words.
    Rare = 8,
    /// The first of a surname of two characters.
    Double = 16,
    Famous = 32,
}

impl Words {
    pub(super) fn new() -> Self {
        let list = include_str!("../../../../data/privacy/chinese-words.txt");
        let section = |name| lists::section(list, name);
        let famous = include_str!("../../../../data/privacy/famous-names-chinese.txt");
        let surnames = include_str!("../../../../data/privacy/surnames-chinese.txt");
        let common = include_str!("../../../../data/privacy/surnames-chinese-common.txt");
        let given = include_str!("../../../../data/privacy/given-characters.txt");
        let rare = include_str!("../../../../data/privacy/given-characters-rare.txt");
        let mut kinds = vec![0; CHARACTERS];
        let mut mark = |character: Option<char>, kind: Kind| {
            if let Some(kinds) = character.and_then(|character| kinds.get_mut(place(character)?)) {
                *kinds |= kind as u8;
            }
        };
        let is_double = |surname: &&str| surname.chars().nth(1).is_some();
        for surname in lists::lines(surnames) {
            let kind = match is_double(&surname) {
                true => Kind::Double,
                false => Kind::Surname,
            };
            mark(surname.chars().next(), kind);
        }
        for (list, kind) in [
            (common, Kind::Common),
            (given, Kind::Given),
            (rare, Kind::Rare),
        ] {
            lists::lines(list)
                .flat_map(str::chars)
                .for_each(|character| mark(Some(character), kind));
        }
        lists::lines(famous).for_each(|name| mark(name.chars().next(), Kind::Famous));
        Self {
            kinds,
            double_surnames: lists::lines(surnames).filter(is_double).collect(),
            famous: by_first(lists::lines(famous)),
            titles: by_first(section("titles")),
            nickname_words: by_first(section("nickname words")),
            shops: by_first(section("shops")),
            before: by_last(section("before")),
            named: by_last(section("named")),
            surname_cues: by_last(section("surname cues")),
            ends: section("ends").collect(),
            words: section("words").collect(),
        }
    }

    pub(super) fn is(&self, character: char, kind: Kind) -> bool {
        self.kinds(character) & kind as u8 != 0
    }

    /// Whether a name may begin with the character, but for nicknames.
    pub(super) fn begins(&self, character: char) -> bool {
        self.kinds(character) != 0
    }

    fn kinds(&self, character: char) -> u8 {
        let kinds = place(character).and_then(|place| self.kinds.get(place));
        kinds.copied().unwrap_or(0)
    }

    pub(super) fn is_double_surname(&self, surname: &str) -> bool {
        self.double_surnames.contains(surname)
    }

    /// Whether two characters are the end of a word and no surname.
    pub(super) fn is_end(&self, pair: &str) -> bool {
        self.ends.contains(pair)
    }

    /// Whether two characters are a word before they are a name.
    pub(super) fn is_word(&self, pair: &str) -> bool {
        self.words.contains(pair)
    }

    /// The characters of the name that everybody knows and `text` begins with.
    pub(super) fn famous(&self, text: &str) -> Option<usize> {
        longest(&self.famous, text)
    }

    /// The characters of the title that `text` begins with.
    pub(super) fn title(&self, text: &str) -> Option<usize> {
        longest(&self.titles, text)
    }

    pub(super) fn is_nickname_word(&self, text: &str) -> bool {
        longest(&self.nickname_words, text).is_some()
    }

    pub(super) fn is_shop(&self, text: &str) -> bool {
        longest(&self.shops, text).is_some()
    }

    /// Whether a name may follow `before`.
    pub(super) fn is_cue(&self, before: &str) -> bool {
        ends(&self.before, before)
    }

    /// Whether a name must follow `before`.
    pub(super) fn is_naming(&self, before: &str) -> bool {
        ends(&self.named, before)
    }

    /// Whether a surname alone follows `before`.
    pub(super) fn is_surname_cue(&self, before: &str) -> bool {
        ends(&self.surname_cues, before)
    }

    /// Whether all of `label` says who somebody is without naming them.
    pub(super) fn is_role(&self, label: &str) -> bool {
        let is = |words: &ByCharacter, at: Option<char>| {
            at.and_then(|at| words.get(&at))
                .is_some_and(|words| words.contains(&label))
        };
        is(&self.titles, label.chars().next()) || is(&self.before, label.chars().next_back())
    }
}

fn place(character: char) -> Option<usize> {
    u32::from(character)
        .checked_sub(FIRST)
        .map(|place| place as usize)
}

fn by_first(words: impl Iterator<Item = &'static str>) -> ByCharacter {
    by(words, |word| word.chars().next())
}

fn by_last(words: impl Iterator<Item = &'static str>) -> ByCharacter {
    by(words, |word| word.chars().next_back())
}

fn by(
    words: impl Iterator<Item = &'static str>,
    key: impl Fn(&str) -> Option<char>,
) -> ByCharacter {
    let mut by = ByCharacter::new();
    for word in words {
        by.entry(key(word).unwrap_or_default())
            .or_default()
            .push(word);
    }
    by
}

/// The characters of the longest of `words` that `text` begins with.
fn longest(words: &ByCharacter, text: &str) -> Option<usize> {
    let words = words.get(&text.chars().next()?)?.iter();
    words
        .filter(|word| text.starts_with(**word))
        .map(|word| word.chars().count())
        .max()
}

fn ends(words: &ByCharacter, text: &str) -> bool {
    let last = text.chars().next_back();
    last.and_then(|last| words.get(&last))
        .is_some_and(|words| words.iter().any(|word| text.ends_with(word)))
}
