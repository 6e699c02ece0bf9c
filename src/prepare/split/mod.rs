//! Sentences and clauses: the smallest stretches of text that say one thing of
//! one matter, so that praise and blame fall into different ones.
//!
//! Lines that were wrapped are joined, [`sentences`] follow Unicode's rules and
//! what those don't know, and each is cut into clauses by the habits of its
//! script: [`chinese`], [`thai`], and by grammar in [`clauses`](mod@clauses).
//!
//! Measured on `data/reading/sentences`; the table stands with the test.

mod abbreviations;
mod chinese;
mod clauses;
mod enclosed;
mod grammar;
mod sentences;
mod thai;

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::language::Language;
use enclosed::Enclosed;
pub(super) use sentences::EMOTICONS;

// Lengths are in bytes, of which Latin script takes one a letter and Chinese
// and Thai take three a character: about as much is said in as many bytes.

/// A longer clause is divided at commas,
const LONG: usize = 240;
/// into parts no shorter than this.
const MIN_PART: usize = 80;
/// No segment is longer. It keeps segments far below the encoder's window.
const MAX: usize = 900;

/// A shorter line is not taken for one that was wrapped.
const MIN_WRAPPED: usize = 20;

/// Where a clause may end, and how much there must be on each side.
struct Cut {
    at: usize,
    least: usize,
}

/// Splits a text into sentences.
///
/// The ranges are ordered, not empty, trimmed of white space, do not overlap,
/// and hold everything but white space.
pub(crate) fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> {
    blocks(text)
        .into_iter()
        .flat_map(|block| {
            let part = &text[block.clone()];
            let ends = sentences::ends(part, &Enclosed::find(part));
            cut(
                block.clone(),
                ends.into_iter().map(move |end| block.start + end),
            )
        })
        .filter_map(|sentence| trim(text, sentence))
}

/// Splits a sentence of a text into clauses, of which the same holds.
pub(crate) fn clauses(
    text: &str,
    sentence: Range<usize>,
    language: Option<Language>,
) -> impl Iterator<Item = Range<usize>> {
    let start = sentence.start;
    let ends = clause_ends(&text[sentence.clone()], language).into_iter();
    cut(sentence, ends.map(move |end| start + end))
        .flat_map(|clause| parts(text, clause))
        .filter_map(|segment| trim(text, segment))
}

/// Lines, those that were wrapped in mid-sentence joined.
fn blocks(text: &str) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut last = "";
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        match blocks.last_mut() {
            Some(block) if goes_on(&text[block.clone()], last, line) => block.end = end,
            _ => blocks.push(start..end),
        }
        (start, last) = (end, line);
    }
    blocks
}

/// Whether a block whose last line is `last` goes on with `next`.
fn goes_on(block: &str, last: &str, next: &str) -> bool {
    let (last, next) = (last.trim(), next.trim_start());
    let Some((before, after)) = last.chars().next_back().zip(next.chars().next()) else {
        return false;
    };
    // Who never writes a capital may begin a line with a small letter.
    let capital = || block.chars().take(LONG).find(|char| char.is_alphabetic());
    let comma = matches!(before, ',' | '，' | '、');
    after.is_lowercase()
        && (comma || before.is_alphanumeric())
        && last.len() >= MIN_WRAPPED
        && capital().is_some_and(char::is_uppercase)
        || comma && (is_han(after) || is_thai(after))
}

/// Where the clauses of a sentence end, all but the last.
fn clause_ends(sentence: &str, language: Option<Language>) -> Vec<usize> {
    let enclosed = Enclosed::find(sentence);
    let mut cuts = Vec::new();
    chinese::cuts(sentence, &enclosed, &mut cuts);
    thai::cuts(sentence, &enclosed, &mut cuts);
    if let Some(language) = language {
        clauses::cuts(sentence, &enclosed, language, &mut cuts);
    }
    cuts.sort_unstable_by_key(|cut| (cut.at, cut.least));
    let mut start = 0;
    cuts.retain(|cut| {
        let kept = cut.at >= start + cut.least && sentence.len() >= cut.at + cut.least;
        if kept {
            start = cut.at;
        }
        kept
    });
    cuts.into_iter().map(|cut| cut.at).collect()
}

fn trim(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = &text[range.clone()];
    let end = range.start + part.trim_end().len();
    let start = range.end - part.trim_start().len();
    (start < end).then_some(start..end)
}

/// Cuts a range at ordered positions inside it.
fn cut(
    range: Range<usize>,
    cuts: impl IntoIterator<Item = usize>,
) -> impl Iterator<Item = Range<usize>> {
    let mut start = range.start;
    cuts.into_iter().chain([range.end]).map(move |end| {
        let part = start..end;
        start = end;
        part
    })
}

fn is_han(char: char) -> bool {
    matches!(char, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
}

fn is_thai(char: char) -> bool {
    matches!(char, '\u{E01}'..='\u{E7F}')
}

/// Divides what is too long: at commas and their like, or at spaces, or, where
/// there is neither, anywhere between characters.
fn parts(text: &str, clause: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut cuts = Vec::new();
    let mut start = clause.start;
    if clause.len() > LONG {
        for (at, mark) in text[clause.clone()].match_indices(is_comma) {
            let end = clause.start + at + mark.len();
            let followed = text[end..clause.end].chars().next();
            // `3,50`, `18:20`, `http://` go on; full-width marks take no space.
            if mark.len() == 1 && followed != Some(' ') {
                continue;
            }
            if end - start >= MIN_PART && clause.end - end >= MIN_PART {
                divide(text, start..end, &mut cuts);
                cuts.push(end);
                start = end;
            }
        }
    }
    divide(text, start..clause.end, &mut cuts);
    cut(clause, cuts)
}

fn is_comma(char: char) -> bool {
    matches!(
        char,
        ',' | ';' | ':' | '，' | '、' | '；' | '：' | '—' | '–' | '،' | '؛'
    )
}

/// Cuts a range so that no part is longer than [`MAX`].
fn divide(text: &str, range: Range<usize>, cuts: &mut Vec<usize>) {
    let mut start = range.start;
    while range.end - start > MAX {
        let limit = text.floor_char_boundary(start + MAX);
        // Not in the first half, so that few parts are short.
        let half = text.floor_char_boundary(start + MAX / 2);
        let end = match text[half..limit].rfind(char::is_whitespace) {
            Some(space) => half + space,
            None => between_characters(text, half, limit),
        };
        cuts.push(end);
        start = end;
    }
}

/// The last position up to `limit` that parts no mark or joiner from its base;
/// `limit` where there is none after `from`.
fn between_characters(text: &str, from: usize, limit: usize) -> usize {
    let joined = |char: char| is_combining_mark(char) || matches!(char, '\u{200C}' | '\u{200D}');
    let mut after = text[limit..].chars().next();
    for (at, char) in text[from..limit].char_indices().rev() {
        let end = from + at + char.len_utf8();
        if !after.is_some_and(joined) && char != '\u{200D}' {
            return end;
        }
        after = Some(char);
    }
    limit
}

#[cfg(test)]
mod tests;
