//! UTF-8 that was read as GBK, `it鈥檚`, `浣犲ソ`, and GBK that lost a byte.

use std::borrow::Cow;
use std::sync::LazyLock;

use encoding_rs::{EncoderResult, GBK};

use super::{is_common_han, is_han, is_plausible};
use crate::prepare::trace::Edit;

/// Characters of the basic plane whose two bytes in GBK may be the first two of
/// three in UTF-8: one bit each.
static MAY_START: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0; 0x1_0000 / 64];
    for lead in 0xE2..=0xEF_u8 {
        for trail in 0x80..=0xBF_u8 {
            let bytes = [lead, trail];
            let decoded = GBK.decode_without_bom_handling_and_without_replacement(&bytes);
            for char in decoded.iter().flat_map(|decoded| decoded.chars()) {
                if let Some(word) = bits.get_mut(char as usize / 64) {
                    *word |= 1 << (char as usize % 64);
                }
            }
        }
    }
    bits
});

/// Whether UTF-8 that was read as GBK may start with this character.
pub(super) fn may_start(char: char) -> bool {
    let word = MAY_START.get(char as usize / 64);
    word.is_some_and(|word| word >> (char as usize % 64) & 1 == 1)
}

/// Edits that read the bytes anew.
pub(super) fn edits(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut free = 0;
    for (at, char) in text.char_indices() {
        if at >= free
            && may_start(char)
            && let Some((length, with)) = decoded(&text[at..])
        {
            free = at + length;
            let with = Cow::Owned(with);
            edits.push(Edit {
                range: at..free,
                with,
            });
        }
    }
    edits
}

/// What the start of `text` was, and how long it is.
fn decoded(text: &str) -> Option<(usize, String)> {
    // The bytes as they were, and the length of the text after each character.
    let mut bytes = Vec::new();
    let mut ends = Vec::new();
    let mut end = 0;
    let mut out = String::new();
    let mut read = 0;
    // The text and the length of the result where both are whole.
    let mut whole = (0, 0);
    let mut chars = text.chars();
    let mut sequences = 0;
    loop {
        if let Some(char) = utf8(&bytes[read..]) {
            if !char.is_ascii() && !is_plausible(char) {
                break;
            }
            sequences += usize::from(char.len_utf8() > 2);
            read += char.len_utf8();
            out.push(char);
            if let Some(&(_, text)) = ends.iter().rev().find(|(bytes, _)| *bytes == read) {
                whole = (text, out.len());
            }
            continue;
        }
        if bytes.len() - read >= 4 {
            break;
        }
        let Some(char) = chars.next().filter(|char| !char.is_ascii()) else {
            break;
        };
        let Some(pair) = encode(char) else { break };
        bytes.extend_from_slice(&pair);
        end += char.len_utf8();
        ends.push((bytes.len(), end));
        if ends.len() > 4 {
            ends.remove(0);
        }
    }
    let after = text[end..].chars().next();
    let is_cut = read < bytes.len() && sequences > 2 && matches!(after, Some('?' | '\u{FFFD}'));
    let length = if is_cut {
        // The reader found no character for the last byte and put a mark.
        out.push('\u{FFFD}');
        end + after.map_or(0, char::len_utf8)
    } else {
        out.truncate(whole.1);
        whole.0
    };
    is_proved(&text[..length], &out).then_some((length, out))
}

/// Whether what was read anew is likelier than what stands there.
fn is_proved(before: &str, after: &str) -> bool {
    let share = |text: &str| {
        let han = text.chars().filter(|&char| is_han(char));
        let common = text.chars().filter(|&char| is_common_han(char)).count();
        common as f32 / han.count().max(1) as f32
    };
    let is_mark = |char: char| matches!(char, '\u{2010}'..='\u{2044}' | '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF5E}');
    let mut foreign = after.chars().filter(|char| !char.is_ascii());
    match (foreign.next(), foreign.count()) {
        (None, _) => false,
        (Some(char), 0) => is_mark(char) && share(before) == 0.0,
        (Some(_), _) => {
            let has_han = after.chars().any(is_han);
            let is_hangul = |char| matches!(char, '\u{AC00}'..='\u{D7A3}');
            share(before) < MOST_COMMON_BEFORE
                && (!has_han || share(after) > LEAST_COMMON_AFTER)
                && !after.chars().any(is_hangul)
        }
    }
}

/// Shares of common characters in what is misread and in what was written.
const MOST_COMMON_BEFORE: f32 = 0.8;
const LEAST_COMMON_AFTER: f32 = 0.8;

/// The character that bytes start with, if it is whole.
fn utf8(bytes: &[u8]) -> Option<char> {
    let length = match bytes.first()? {
        0..=0x7F => 1,
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    std::str::from_utf8(bytes.get(..length)?)
        .ok()?
        .chars()
        .next()
}

/// The bytes of a character in GBK.
fn encode(char: char) -> Option<Vec<u8>> {
    let mut text = [0; 4];
    let mut bytes = [0; 8];
    let text = &*char.encode_utf8(&mut text);
    let (result, _, written) = GBK
        .new_encoder()
        .encode_from_utf8_without_replacement(text, &mut bytes, true);
    (result == EncoderResult::InputEmpty).then(|| bytes[..written].to_vec())
}

/// Characters after the gap that are compared.
const LOOK: usize = 8;

/// Fewer characters prove nothing.
const MIN_SHIFTED: usize = 4;

/// Whether GBK lost a byte somewhere, so that what follows was read out of
/// step: `獲?。嚎蛻艨梢` was `獲取：客戶可以`.
pub(super) fn is_shifted(text: &str) -> bool {
    let mut last = '\0';
    text.char_indices().any(|(at, char)| {
        let gap = char == '?' && is_han(last);
        last = char;
        gap && is_shifted_after(&text[at + 1..])
    })
}

fn is_shifted_after(text: &str) -> bool {
    let text = text.trim_start_matches('?');
    let chars: Vec<char> = text
        .chars()
        .take(LOOK)
        .take_while(|char| !char.is_ascii())
        .collect();
    let bytes: Vec<u8> = chars
        .iter()
        .map_while(|&char| encode(char))
        .flatten()
        .collect();
    let Some(shifted) = bytes.get(1..bytes.len() & !1) else {
        return false;
    };
    let even = &shifted[..shifted.len() & !1];
    let (decoded, _) = GBK.decode_without_bom_handling(even);
    let is_good = |char: char| {
        is_common_han(char) || matches!(char, '\u{FF01}'..='\u{FF5E}' | '\u{3001}' | '\u{3002}')
    };
    decoded.chars().count() >= MIN_SHIFTED
        && decoded.chars().all(is_good)
        && !chars.iter().all(|&char| is_good(char))
}
