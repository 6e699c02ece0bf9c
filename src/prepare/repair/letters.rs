//! Letters that only look like what they say: other scripts' within a word,
//! styles, full width, and words spaced out.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::prepare::trace::Edit;

/// Letters of Latin shape in Cyrillic and Greek, and what they look like.
const LOOKALIKES: [(char, char); 48] = [
    ('а', 'a'),
    ('в', 'b'),
    ('с', 'c'),
    ('ԁ', 'd'),
    ('е', 'e'),
    ('һ', 'h'),
    ('і', 'i'),
    ('ј', 'j'),
    ('к', 'k'),
    ('ӏ', 'l'),
    ('м', 'm'),
    ('о', 'o'),
    ('р', 'p'),
    ('ԛ', 'q'),
    ('ѕ', 's'),
    ('т', 't'),
    ('у', 'y'),
    ('ѵ', 'v'),
    ('ԝ', 'w'),
    ('х', 'x'),
    ('А', 'A'),
    ('В', 'B'),
    ('С', 'C'),
    ('Е', 'E'),
    ('Н', 'H'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('К', 'K'),
    ('М', 'M'),
    ('О', 'O'),
    ('Р', 'P'),
    ('Ѕ', 'S'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('α', 'a'),
    ('ο', 'o'),
    ('ν', 'v'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('ρ', 'p'),
    ('υ', 'u'),
    ('Α', 'A'),
    ('Ε', 'E'),
    ('Ο', 'O'),
    ('Τ', 'T'),
    ('Ι', 'I'),
    ('Κ', 'K'),
];

/// Whether a letter of another script looks like a Latin one.
pub(super) fn is_lookalike(char: char) -> bool {
    matches!(char, '\u{370}'..='\u{52F}') && latin(char).is_some()
}

fn latin(char: char) -> Option<char> {
    let found = LOOKALIKES.iter().find(|(other, _)| *other == char);
    found.map(|&(_, latin)| latin)
}

/// Mathematical and full-width letters.
pub(super) fn is_styled(char: char) -> bool {
    matches!(char, '\u{1D400}'..='\u{1D7FF}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}')
}

/// Edits that write letters as what they say. Other scripts' only in words that
/// have more Latin letters than others, and none that is not a lookalike.
pub(super) fn fold(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut start = 0;
    for word in text.split_inclusive(|char: char| !char.is_alphanumeric()) {
        let count = |is: fn(char) -> bool| word.chars().filter(|&char| is(char)).count();
        let others = count(is_lookalike);
        let foreign = count(|char| matches!(char, '\u{370}'..='\u{52F}'));
        let mixed = others > 0 && others == foreign && count(|char| char.is_ascii_alphabetic()) > 1;
        for (at, char) in word.char_indices() {
            let folded: Option<String> = match char {
                _ if is_styled(char) => Some(std::iter::once(char).nfkc().collect()),
                _ if mixed => latin(char).map(String::from),
                _ => None,
            };
            if let Some(folded) = folded {
                let range = start + at..start + at + char.len_utf8();
                let with = Cow::Owned(folded);
                edits.push(Edit { range, with });
            }
        }
        start += word.len();
    }
    edits
}

/// Letters of a word that is spaced out, at the least.
const MIN_SPACED: usize = 4;

/// Whether there may be a word that is spaced out.
pub(super) fn has_spaced(text: &[u8]) -> bool {
    text.windows(5).any(|window| matches!(window, [b' ', a, b' ', b, b' '] if a.is_ascii_lowercase() && b.is_ascii_lowercase()))
}

/// Edits that join `s l o w`. Lower case only and with a vowel: capitals are
/// more often marks or plans. An alphabet is no word either.
pub(super) fn join(text: &str) -> Vec<Edit> {
    let bytes = text.as_bytes();
    let mut edits = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let starts = at == 0 || !bytes[at - 1].is_ascii_alphanumeric() && bytes[at - 1].is_ascii();
        let mut end = at;
        while starts
            && bytes.get(end).is_some_and(u8::is_ascii_lowercase)
            && !bytes.get(end + 1).is_some_and(|&next| {
                next.is_ascii_alphanumeric() || next == b'\'' || !next.is_ascii()
            })
        {
            end += if bytes.get(end + 1) == Some(&b' ')
                && bytes.get(end + 2).is_some_and(u8::is_ascii_lowercase)
            {
                2
            } else {
                1
            };
            if bytes[end - 1] != b' ' {
                break;
            }
        }
        // A word that follows gave its space to the run.
        let run = bytes[at..end].trim_ascii_end();
        let letters = run.iter().step_by(2);
        let pairs = letters.clone().zip(letters.clone().skip(1));
        let is_alphabet = pairs.filter(|&(a, b)| a + 1 == *b).count() > 1;
        if run.len() >= 2 * MIN_SPACED - 1
            && !is_alphabet
            && letters.clone().any(|letter| b"aeiouy".contains(letter))
        {
            for space in (at + 1..at + run.len()).step_by(2) {
                edits.push(Edit {
                    range: space..space + 1,
                    with: Cow::Borrowed(""),
                });
            }
        }
        at = end.max(at + 1);
    }
    edits
}
