//! GBK, Big5 and Windows-874 that were read as Latin-1 or Windows-1252: `ÄãºÃ`.

use std::borrow::Cow;
use std::ops::Range;

use encoding_rs::{BIG5, Encoding, GBK, WINDOWS_874};

use super::{is_common_han, is_han, latin};
use crate::prepare::trace::Edit;

/// Different characters in a row that prove an encoding. No language of Latin
/// script has so many letters with marks together, but `ÑÑÑÑ` is shouted.
const MIN_HAN: usize = 3;
const MIN_LETTERS: usize = 4;

/// The share of common characters in what is read anew.
const MIN_COMMON: f32 = 0.85;

/// Edits that read the bytes anew, if they make sense in one of the encodings.
pub(super) fn edits(text: &str) -> Vec<Edit> {
    [GBK, BIG5, WINDOWS_874]
        .into_iter()
        .find_map(|encoding| {
            let runs = runs(text, encoding);
            is_sensible(&runs, encoding).then_some(runs)
        })
        .unwrap_or_default()
        .into_iter()
        .filter(|run| !run.decoded.is_empty())
        .map(|run| Edit {
            range: run.range,
            with: Cow::Owned(run.decoded),
        })
        .collect()
}

struct Run {
    range: Range<usize>,
    /// Empty where the encoding has no such bytes.
    decoded: String,
}

/// Everything above ASCII, with the ASCII that belongs to it, read anew.
fn runs(text: &str, encoding: &'static Encoding) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut bytes = Vec::new();
    while let Some((start, char)) = chars.next() {
        let Some(byte) = latin::byte(char) else {
            continue;
        };
        bytes.clear();
        bytes.push(byte);
        let mut end = start + char.len_utf8();
        // Whether the next byte is the second of its pair.
        let mut inside = encoding != WINDOWS_874;
        while let Some(&(at, char)) = chars.peek() {
            let byte = match latin::byte(char) {
                Some(byte) => byte,
                None if inside && encoding == BIG5 && matches!(char, '\u{40}'..='\u{7E}') => {
                    char as u8
                }
                None => break,
            };
            bytes.push(byte);
            inside = encoding != WINDOWS_874 && !inside;
            end = at + char.len_utf8();
            chars.next();
        }
        let decoded = encoding.decode_without_bom_handling_and_without_replacement(&bytes);
        runs.push(Run {
            range: start..end,
            decoded: decoded.map(Cow::into_owned).unwrap_or_default(),
        });
    }
    runs
}

fn is_sensible(runs: &[Run], encoding: &'static Encoding) -> bool {
    let (mut common, mut all) = (0, 0);
    for run in runs {
        for char in run.decoded.chars().filter(|&char| !is_mark(char)) {
            all += 1;
            common += usize::from(match char {
                'ก'..='๛' => encoding == WINDOWS_874,
                _ => is_common_han(char),
            });
        }
        if run.decoded.is_empty() {
            all += run.range.len() / 2;
        }
    }
    runs.iter().any(|run| proves(&run.decoded))
        && common as f32 >= all as f32 * MIN_COMMON
        && (encoding != WINDOWS_874 || runs.iter().all(|run| is_thai(&run.decoded)))
}

/// Whether a run has enough different characters.
fn proves(decoded: &str) -> bool {
    let mut seen: Vec<char> = Vec::new();
    for char in decoded.chars().filter(|&char| !is_mark(char)) {
        if !seen.contains(&char) {
            seen.push(char);
        }
        let enough = if is_han(char) { MIN_HAN } else { MIN_LETTERS };
        if seen.len() >= enough {
            return true;
        }
    }
    false
}

fn is_mark(char: char) -> bool {
    matches!(char, '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF5E}' | '\u{80}'..='\u{FF}' | '\u{2010}'..='\u{2044}')
}

/// Whether marks stand on consonants and vowels before them, as Thai is spelled.
fn is_thai(text: &str) -> bool {
    let mut last = '\0';
    text.chars().all(|char| {
        let is_consonant = |char: char| matches!(char, 'ก'..='ฮ');
        let fits = match char {
            '\u{E31}' | '\u{E34}'..='\u{E39}' => is_consonant(last),
            '\u{E47}'..='\u{E4E}' => {
                is_consonant(last) || matches!(last, '\u{E31}' | '\u{E34}'..='\u{E39}')
            }
            'ะ' | 'า' | 'ำ' => {
                is_consonant(last) || matches!(last, 'ะ' | 'า' | '\u{E47}'..='\u{E4E}')
            }
            '\u{E3A}' | 'ๅ' | '๏' | '๚' | '๛' => false,
            _ => !matches!(last, 'เ'..='ไ') || is_consonant(char),
        };
        last = char;
        fits
    })
}
