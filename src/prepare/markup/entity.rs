//! Character references: `&eacute;`, `&#233;`, and what is left of broken ones.

use std::borrow::Cow;
use std::ops::Range;

use html5gum::{Token, Tokenizer};

use crate::prepare::trace::Edit;

/// The longest name, `CounterClockwiseContourIntegral`, with some room.
const MAX_NAME: usize = 40;

/// Names that lost their `&` on the way, which are no words of any language.
const ORPHANS: [&str; 9] = [
    "ldquo", "rdquo", "lsquo", "rsquo", "hellip", "mdash", "ndash", "nbsp", "quot",
];

/// Edits for the references in a part of `text`.
pub(super) fn edits(text: &str, part: Range<usize>, edits: &mut Vec<Edit>) {
    let bytes = text.as_bytes();
    let mut free = part.start;
    for at in memchr::memchr2_iter(b'&', b';', &bytes[part.clone()]) {
        let at = part.start + at;
        if at < free {
            continue;
        }
        let found = match bytes[at] {
            b'&' => reference(&text[at..part.end]).map(|(length, with)| (at..at + length, with)),
            _ => orphan(&text[free..at]).map(|(length, with)| (at - length..at + 1, with)),
        };
        if let Some((range, with)) = found {
            free = range.end;
            let with = Cow::Owned(with);
            edits.push(Edit { range, with });
        }
    }
}

/// The reference that `text` starts with: its length and what it stands for.
/// `&amp;amp;lt;`, escaped again and again, counts as one.
fn reference(text: &str) -> Option<(usize, String)> {
    let mut name = 1;
    while text[name..].starts_with("amp;") {
        name += "amp;".len();
    }
    let bytes = &text.as_bytes()[name..];
    let length = bytes
        .iter()
        .take(MAX_NAME)
        .position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#');
    let length = length.unwrap_or(bytes.len().min(MAX_NAME));
    let ended = bytes.get(length) == Some(&b';');
    // Without its `;` only a number is beyond doubt.
    if ended || length > 1 && bytes.starts_with(b"#") {
        let end = length + usize::from(ended);
        if let Some(with) = decode(&text[name..name + end]) {
            return Some((name + end, with));
        }
    }
    (name > 1).then(|| (name, "&".to_owned()))
}

/// The orphan that ends `text`, before a `;`.
fn orphan(text: &str) -> Option<(usize, String)> {
    let name = ORPHANS.iter().find(|name| text.ends_with(**name))?;
    let before = text[..text.len() - name.len()].chars().next_back();
    if before.is_some_and(|char| char.is_ascii_alphanumeric()) {
        return None;
    }
    Some((name.len(), decode(&format!("{name};"))?))
}

/// What the reference of that name stands for.
fn decode(name: &str) -> Option<String> {
    let source = format!("&{name}");
    let decoded: Vec<u8> = Tokenizer::new(&source)
        .flatten()
        .filter_map(|token| match token {
            Token::String(string) => Some(string.value.0),
            _ => None,
        })
        .flatten()
        .collect();
    let decoded = String::from_utf8(decoded).ok()?;
    (!decoded.starts_with('&') || name == "amp;").then_some(decoded)
}
