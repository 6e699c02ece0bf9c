//! Chinese names. No space parts them from the words beside them, so surnames,
//! the characters of given names and what stands around decide together.

use crate::redact::{Found, PersonalDataKind};

use super::Names;
use words::{Kind, Words};

mod rules;
mod words;

/// How many characters before a place are looked at.
const LOOK_BACK: usize = 8;

/// Where a sentence goes on after a name.
const GOES_ON: &str = "的说說打来來在是给給帮幫把就都也不很真和跟到讲講态態服修送做让讓被女先小老師师您你我他她呢吧啊哦啦嘅係畀唔同與与及从從有没沒竟居还還又才已敬親亲收电電手接介上下刚剛今昨後后前這这那用寄回喺冇话話看教診诊每总總一两兩太超好好问問";

#[derive(Clone, Debug)]
pub(super) struct Finder {
    words: Words,
}

/// Characters of a text with their places.
struct Reading<'a> {
    words: &'a Words,
    text: &'a str,
    characters: Vec<(usize, char)>,
    /// Where a name stands because one stands before it, as in `尤佳怡、贺强`.
    joined: usize,
}

impl<'a> Reading<'a> {
    fn new(words: &'a Words, text: &'a str) -> Self {
        Self {
            words,
            text,
            characters: text.char_indices().collect(),
            joined: usize::MAX,
        }
    }
}

impl Finder {
    pub(super) fn new() -> Self {
        Self {
            words: Words::new(),
        }
    }

    /// Whether all of `label` is a name.
    pub(super) fn is_name(&self, label: &str) -> bool {
        if !label.chars().all(is_han) || self.words.is_role(label) {
            return false;
        }
        let introduced = format!("我叫{label}。");
        Reading::new(&self.words, &introduced).name(2) == label.chars().count()
    }

    pub(super) fn find<'a>(&self, text: &'a str, found: &mut Found, names: &mut Names<'a>) {
        if !text.contains(is_han) {
            return;
        }
        let mut reading = Reading::new(&self.words, text);
        let mut at = 0;
        while at < reading.characters.len() {
            let famous = match self.words.is(reading.character(at), Kind::Famous) {
                true => self.words.famous(reading.rest(at)),
                false => None,
            };
            // `康师傅您好` is spoken to, `康师傅` is a brand.
            let famous = famous.filter(|length| !reading.is_spoken_to(at + length));
            if let Some(length) = famous {
                at += length;
                continue;
            }
            let length = reading.name(at);
            if length > 0 {
                let (start, end) = (reading.place(at), reading.place(at + length));
                found.push(PersonalDataKind::Person, start, end);
                names.add(&text[start..end]);
                if "、和与與跟同及".contains(reading.character(at + length)) {
                    reading.joined = at + length + 1;
                }
            }
            at += length.max(1);
        }
    }
}

impl Reading<'_> {
    fn place(&self, at: usize) -> usize {
        self.characters
            .get(at)
            .map_or(self.text.len(), |&(place, _)| place)
    }

    fn character(&self, at: usize) -> char {
        self.characters
            .get(at)
            .map_or('\0', |&(_, character)| character)
    }

    fn slice(&self, from: usize, to: usize) -> &str {
        &self.text[self.place(from)..self.place(to)]
    }

    fn rest(&self, at: usize) -> &str {
        &self.text[self.place(at)..]
    }

    /// What stands before, without quotes and spaces.
    fn before(&self, at: usize) -> &str {
        let before = self.slice(at.saturating_sub(LOOK_BACK), at);
        before.trim_end_matches([
            ' ', '\u{3000}', '：', ':', '「', '“', '"', '『', '‘', '，', '（', '(',
        ])
    }

    fn is(&self, at: usize, kind: Kind) -> bool {
        self.words.is(self.character(at), kind)
    }

    fn is_given(&self, at: usize) -> bool {
        self.is(at, Kind::Given)
    }

    fn is_rare(&self, at: usize) -> bool {
        self.is(at, Kind::Rare)
    }

    fn is_common(&self, at: usize, surname: usize) -> bool {
        surname == 2 || surname == 1 && self.is(at, Kind::Common)
    }

    /// Characters of the surname that may begin here.
    fn surname(&self, at: usize) -> usize {
        if self.is(at, Kind::Double) && self.words.is_double_surname(self.slice(at, at + 2)) {
            return 2;
        }
        usize::from(self.is(at, Kind::Surname) || self.is(at, Kind::Common))
    }

    /// Whether the text, the line or the clause begins here.
    fn starts(&self, at: usize) -> bool {
        at == 0 || !is_han(self.character(at - 1))
    }

    fn ends_here(&self, at: usize) -> bool {
        !is_han(self.character(at))
    }

    fn goes_on(&self, at: usize) -> bool {
        self.ends_here(at) || GOES_ON.contains(self.character(at))
    }

    fn is_spoken_to(&self, at: usize) -> bool {
        self.rest(at).starts_with(['您', '你']) && self.character(at + 1) == '好'
    }

    fn is_shop(&self, end: usize) -> bool {
        self.words.is_shop(self.rest(end))
    }

    fn is_word(&self, from: usize, to: usize) -> bool {
        self.words.is_word(self.slice(from, to))
    }

    fn ends_a_word(&self, at: usize) -> bool {
        at > 0 && self.words.is_end(self.slice(at - 1, at + 1))
    }

    fn is_cued(&self, at: usize) -> bool {
        self.joined == at || self.words.is_cue(self.before(at))
    }

    /// Whether a name must follow.
    fn is_named(&self, at: usize) -> bool {
        self.joined == at || self.words.is_naming(self.before(at))
    }
}

fn is_han(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}
