//! Text → its words in Latin letters.

use std::borrow::Cow;

/// A word, without the `'s` behind it and the `l'` before it.
pub(super) struct Word<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) lower: Cow<'a, str>,
    /// Whether it begins with a capital.
    pub(super) capital: bool,
    /// Whether all of it is in capitals, and there is more than one.
    pub(super) shouted: bool,
}

/// Letters of scripts that write spaces between words, of those the names are known in.
pub(in crate::redact) fn is_spaced_letter(character: char) -> bool {
    character.is_ascii_alphabetic()
        || ('\u{c0}'..'\u{250}').contains(&character) && !matches!(character, '×' | '÷')
        || ('\u{1e00}'..'\u{1f00}').contains(&character)
}

/// All words in order.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, character) in text.char_indices() {
        let inside = is_spaced_letter(character)
            || ('\u{300}'..'\u{370}').contains(&character)
            || start.is_some() && matches!(character, '\'' | '’' | '-' | '‑');
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.extend(word(text, from, at));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        words.extend(word(text, from, text.len()));
    }
    words
}

fn word(text: &str, start: usize, end: usize) -> Option<Word<'_>> {
    let whole = &text[start..end];
    let plain = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase());
    if plain(whole) {
        return Some(Word {
            start,
            end,
            lower: whole.into(),
            capital: false,
            shouted: false,
        });
    }
    let trimmed = whole.trim_end_matches(['\'', '’', '-', '‑']);
    let bare = ["'s", "’s", "'S", "’S"]
        .iter()
        .find_map(|ending| trimmed.strip_suffix(ending));
    let bare = bare.unwrap_or(trimmed);
    // `d'Agathe`, `qu'Hélène`, but `O'Brien` and `N'Diaye`.
    let elided = bare
        .char_indices()
        .find(|(_, c)| matches!(c, '\'' | '’'))
        .filter(|(at, _)| {
            ELIDED.contains(&&bare[..*at])
                && bare[*at..].chars().nth(1).is_some_and(char::is_uppercase)
        });
    let skip = elided.map_or(0, |(at, apostrophe)| at + apostrophe.len_utf8());
    let bare_start = start + skip;
    let bare = &bare[skip..];
    let mut letters = bare.chars().filter(|c| c.is_alphabetic());
    let capital = letters.next()?.is_uppercase();
    let more = letters.clone().next().is_some();
    Some(Word {
        start: bare_start,
        end: bare_start + bare.len(),
        lower: match plain(bare) {
            true => bare.into(),
            false => bare.to_lowercase().replace('’', "'").into(),
        },
        capital,
        shouted: capital && more && letters.all(char::is_uppercase),
    })
}

/// What French writes before a name with an apostrophe.
const ELIDED: &[&str] = &[
    "d", "l", "qu", "s", "j", "n", "m", "t", "c", "L", "C", "J", "Qu", "S", "jusqu", "lorsqu",
    "puisqu",
];
