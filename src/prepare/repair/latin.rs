//! UTF-8 that was read as Latin-1 or Windows-1252: `trÃ¨s`, `donâ€™t`.

use std::borrow::Cow;
use std::ops::Range;

use super::is_plausible;
use crate::prepare::trace::Edit;

/// The byte above ASCII that Latin-1 or Windows-1252 reads as this character.
pub(super) fn byte(char: char) -> Option<u8> {
    Some(match char {
        '\u{80}'..='\u{FF}' => char as u8,
        '€' => 0x80,
        '‚' => 0x82,
        'ƒ' => 0x83,
        '„' => 0x84,
        '…' => 0x85,
        '†' => 0x86,
        '‡' => 0x87,
        'ˆ' => 0x88,
        '‰' => 0x89,
        'Š' => 0x8A,
        '‹' => 0x8B,
        'Œ' => 0x8C,
        'Ž' => 0x8E,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        '˜' => 0x98,
        '™' => 0x99,
        'š' => 0x9A,
        '›' => 0x9B,
        'œ' => 0x9C,
        'ž' => 0x9E,
        'Ÿ' => 0x9F,
        _ => return None,
    })
}

/// A character that was read as several.
struct Sequence {
    range: Range<usize>,
    char: char,
    /// Whether it could be right as it stands: `é\u{a0}»` at the end of a French quote.
    is_doubtful: bool,
}

/// Edits that read the bytes anew.
pub(super) fn edits(text: &str) -> Vec<Edit> {
    let mut sequences: Vec<Sequence> = Vec::new();
    let mut before = '\0';
    let mut at = 0;
    while let Some(char) = text[at..].chars().next() {
        match sequence(text, at, before) {
            Some(sequence) => {
                at = sequence.range.end;
                before = text[..at].chars().next_back().unwrap_or_default();
                sequences.push(sequence);
            }
            None => {
                at += char.len_utf8();
                before = char;
            }
        }
    }
    // Two in a row are beyond doubt.
    let touches = |a: Option<&Sequence>, b: Option<&Sequence>| {
        a.zip(b).is_some_and(|(a, b)| a.range.end == b.range.start)
    };
    let sure = |index: usize| {
        let this = sequences.get(index);
        let previous = index.checked_sub(1).and_then(|index| sequences.get(index));
        touches(previous, this) || touches(this, sequences.get(index + 1))
    };
    let kept = sequences.iter().enumerate();
    kept.filter(|&(index, sequence)| !sequence.is_doubtful || sure(index))
        .map(|(_, sequence)| Edit {
            range: sequence.range.clone(),
            with: Cow::Owned(sequence.char.to_string()),
        })
        .collect()
}

/// The sequence that starts at a byte of `text`.
fn sequence(text: &str, start: usize, before: char) -> Option<Sequence> {
    let mut chars = text[start..].chars();
    let lead_char = chars.next()?;
    let lead = byte(lead_char)?;
    let length = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    let mut end = start + lead_char.len_utf8();
    let mut is_natural = true;
    for (index, slot) in bytes.iter_mut().enumerate().take(length).skip(1) {
        let next = chars.next();
        let Some(byte) = next
            .and_then(byte)
            .filter(|byte| (0x80..=0xBF).contains(byte))
        else {
            // The last byte of `”` has no character in Windows-1252.
            return (index == 2 && bytes[..2] == [0xE2, 0x80]).then_some(Sequence {
                range: start..end,
                char: '”',
                is_doubtful: false,
            });
        };
        *slot = byte;
        is_natural &= next.is_some_and(follows_words);
        end += next.map_or(0, char::len_utf8);
    }
    let char = std::str::from_utf8(&bytes[..length]).ok()?.chars().next()?;
    let is_doubtful = match length {
        2 => is_natural && before.is_uppercase() && lead_char.is_uppercase(),
        _ => is_natural && bytes[..2] != [0xE2, 0x80],
    };
    is_plausible(char).then_some(Sequence {
        range: start..end,
        char,
        is_doubtful,
    })
}

/// What may follow a letter in well written text.
fn follows_words(char: char) -> bool {
    matches!(
        char,
        '\u{A0}'
            | '«'
            | '»'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '…'
            | '–'
            | '—'
            | '›'
            | '°'
            | '²'
            | '³'
            | '®'
            | '™'
            | '€'
            | '·'
            | 'º'
            | 'ª'
            | '•'
    )
}
