//! Pinyin in brackets, left by a conversion between the Chinese scripts that
//! took it for a part of the text: `體驗(yàn)`.

use std::borrow::Cow;
use std::ops::Range;

use super::is_han;
use crate::prepare::trace::Edit;

/// The longest syllable, `zhuàng`.
const MAX_LETTERS: usize = 6;

/// Syllables without a tone that the same conversion leaves.
const TONELESS: [&str; 14] = [
    "men", "zhe", "le", "de", "ma", "ne", "ba", "me", "ge", "zi", "la", "a", "ya", "shang",
];

/// A bracket after a Chinese character.
struct Bracket<'a> {
    range: Range<usize>,
    syllable: &'a str,
}

/// Edits that leave the syllables out.
pub(super) fn edits(text: &str) -> Vec<Edit> {
    let brackets: Vec<_> = brackets(text).collect();
    if !brackets.iter().any(|bracket| is_toned(bracket.syllable)) {
        return Vec::new();
    }
    brackets
        .into_iter()
        .filter(|bracket| is_toned(bracket.syllable) || TONELESS.contains(&bracket.syllable))
        .map(|bracket| Edit {
            range: bracket.range,
            with: Cow::Borrowed(""),
        })
        .collect()
}

/// Whether the conversion lost the character before a syllable: `因?yàn)`.
pub(super) fn is_damaged(text: &str) -> bool {
    text.match_indices('?').any(|(at, _)| {
        let syllable = syllable(&text[at + 1..]);
        text[..at].ends_with(is_han)
            && syllable.is_some_and(|syllable| {
                is_toned(syllable) && text[at + 1 + syllable.len()..].starts_with(')')
            })
    })
}

fn brackets(text: &str) -> impl Iterator<Item = Bracket<'_>> {
    text.match_indices('(').filter_map(move |(at, _)| {
        let syllable = syllable(&text[at + 1..])?;
        let end = at + 1 + syllable.len();
        (text[..at].ends_with(is_han) && text[end..].starts_with(')')).then(|| Bracket {
            range: at..end + 1,
            syllable,
        })
    })
}

/// The letters that `text` starts with, if they are few enough.
fn syllable(text: &str) -> Option<&str> {
    let letter = |char: char| char.is_ascii_lowercase() || tone(char);
    let end = text
        .char_indices()
        .take(MAX_LETTERS + 1)
        .find(|&(_, char)| !letter(char));
    let syllable = &text[..end?.0];
    (!syllable.is_empty()).then_some(syllable)
}

fn is_toned(syllable: &str) -> bool {
    syllable.chars().filter(|&char| tone(char)).count() == 1
}

fn tone(char: char) -> bool {
    "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ".contains(char)
}
