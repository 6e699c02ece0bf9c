//! Where a topic is spoken of: in the segments it looks at the clauses or, where
//! these are long, the words.
//!
//! A segment may be several clauses between commas, of which one is the reason.
//! Against the evidence of the dev items, in characters, whole segments have F1
//! of 71 to 76 by language and 65 in Simplified Chinese, whose clauses are the
//! shortest; clauses have 73 to 77 and 68. What is left is the model's to learn:
//! the best run of segments would have 84 to 94.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::classify::TopicScores;
use crate::prepare::Document;
use crate::span::Span;
use crate::tokenize::{Window, Words, widen_to_clauses};

/// A topic is quoted from at most so many segments.
const MOST_QUOTES: usize = 3;

/// A further segment is quoted if the topic looks at it this much compared
/// with the segment it looks at most.
const FURTHER_QUOTE: f32 = 0.4;

/// Clauses of more characters are quoted in part: what a reader takes in at a
/// glance, in any script.
const LONG: usize = 80;

/// The part of a segment that is quoted holds this much of the attention that
/// the segment has.
const QUOTED_ATTENTION: f32 = 0.9;

/// Where a topic is spoken of.
pub(super) struct Evidence {
    /// In order of the text; into the original.
    pub(super) spans: Vec<Span>,
    /// The segments that the spans come from.
    pub(super) segments: Vec<usize>,
}

/// A segment's tokens in one window, with the attention on each.
struct Look<'a> {
    attention: f32,
    tokens: Vec<(f32, &'a Range<usize>)>,
}

pub(super) fn find(
    document: &Document,
    windows: &[Window],
    topic: &TopicScores,
    words: &Words,
) -> Evidence {
    // What the company says is not the customer's pain.
    let talks = |index: &usize| !document.segments[*index].context;

    let mut looks: BTreeMap<usize, Look<'_>> = BTreeMap::new();
    for (window, attention) in &topic.attention {
        let window = &windows[*window];
        for (index, tokens) in window.segments.iter().filter(|(index, _)| talks(index)) {
            let look = looks.entry(*index).or_insert_with(|| Look {
                attention: 0.0,
                tokens: Vec::new(),
            });
            look.attention += attention[tokens.clone()].iter().sum::<f32>();
            let places = window.places[tokens.clone()].iter();
            look.tokens
                .extend(attention[tokens.clone()].iter().copied().zip(places));
        }
    }

    let mut ranked: Vec<_> = looks.iter().collect();
    ranked.sort_by(|(_, a), (_, b)| b.attention.total_cmp(&a.attention));
    let least = ranked
        .first()
        .map_or(0.0, |(_, look)| look.attention * FURTHER_QUOTE);
    let mut quoted: Vec<_> = ranked
        .into_iter()
        .take(MOST_QUOTES)
        .filter(|(_, look)| look.attention >= least)
        .collect();
    quoted.sort_by_key(|(index, _)| **index);

    let text = document.text.as_str();
    let spans = quoted.iter().map(|(index, look)| {
        let segment = document.segments[**index].range.clone();
        let part = &text[segment.clone()];
        let looked_at = narrow(look).unwrap_or(segment.clone());
        let inside = |at: usize| at.clamp(segment.start, segment.end) - segment.start;
        let looked_at = inside(looked_at.start)..inside(looked_at.end);
        let clauses = widen_to_clauses(part, looked_at.clone());
        let quote = match part[clauses.clone()].chars().nth(LONG) {
            None => clauses,
            Some(_) => words.widen(part, looked_at, document.detection.language),
        };
        let range = segment.start + quote.start..segment.start + quote.end;
        // Nothing is left of it where only the words of a question are quoted.
        match document.text.original(trim(text, range)) {
            quote if quote.is_empty() => document.text.original(segment),
            quote => quote,
        }
    });
    Evidence {
        spans: spans.collect(),
        segments: quoted.iter().map(|(index, _)| **index).collect(),
    }
}

/// The shortest run of tokens that holds [`QUOTED_ATTENTION`] of a look; `None`
/// without tokens.
fn narrow(look: &Look<'_>) -> Option<Range<usize>> {
    let enough = look.attention * QUOTED_ATTENTION;
    let mut best = 0..look.tokens.len();
    let mut held = 0.0;
    let mut first = 0;
    for (last, (attention, _)) in look.tokens.iter().enumerate() {
        held += attention;
        while first < last && held - look.tokens[first].0 >= enough {
            held -= look.tokens[first].0;
            first += 1;
        }
        if held >= enough && last + 1 - first < best.len() {
            best = first..last + 1;
        }
    }
    let tokens = &look.tokens[best];
    Some(tokens.first()?.1.start..tokens.last()?.1.end)
}

/// Marks that come in pairs.
const PAIRS: [(char, char); 10] = [
    ('"', '"'),
    ('“', '”'),
    ('«', '»'),
    ('(', ')'),
    ('[', ']'),
    ('「', '」'),
    ('『', '』'),
    ('《', '》'),
    ('【', '】'),
    ('（', '）'),
];

/// `range` of `text` without the spaces and the marks of sentences at its ends;
/// as it is if there is nothing else in it. Quotes and brackets stay in pairs:
/// a clause can end right behind the one that opens, as in `เขาตอบว่า "`.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let mut kept = without_marks(text, range.clone());
    // More of them in a row are no slip of a clause; and the time stays linear.
    for _ in 0..3 {
        let part = &text[kept.clone()];
        let is_alone =
            |(open, close): (char, char)| open != close || part.matches(open).count() % 2 == 1;
        let mut pairs = PAIRS.into_iter();
        let opens = pairs.find(|&(open, _)| part.ends_with(open));
        let closes = PAIRS.into_iter().find(|&(open, close)| {
            // The same mark opens, unless a space or a comma is behind it.
            let behind = part.strip_prefix(close);
            behind.is_some_and(|it| open != close || it.starts_with(is_mark))
        });
        kept = match (closes, opens) {
            (Some(pair), _) if is_alone(pair) => kept.start + pair.1.len_utf8()..kept.end,
            (_, Some(pair)) if is_alone(pair) => kept.start..kept.end - pair.0.len_utf8(),
            _ => break,
        };
        kept = without_marks(text, kept);
    }
    if kept.is_empty() { range } else { kept }
}

fn without_marks(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start_matches(is_mark).len());
    let end = range.end - (part.len() - part.trim_end_matches(is_mark).len());
    start.min(end)..end
}

fn is_mark(c: char) -> bool {
    c.is_whitespace() || ".,;:!?…。，、；：！？·—–¡¿-*".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_sufficient_run_is_quoted() {
        let places: Vec<_> = (0..6).map(|i| i * 10..i * 10 + 9).collect();
        let weights = [0.02, 0.0, 0.43, 0.5, 0.05, 0.0];
        let look = Look {
            attention: weights.iter().sum(),
            tokens: weights.into_iter().zip(&places).collect(),
        };
        assert_eq!(narrow(&look), Some(20..39));
        let empty = Look {
            attention: 0.0,
            tokens: Vec::new(),
        };
        assert_eq!(narrow(&empty), None);
    }

    #[test]
    fn marks_are_trimmed_but_never_the_whole() {
        let cases = [
            (" «très lent !» ", "«très lent !»"),
            ("- très lent !", "très lent"),
            ("客服一直不回。", "客服一直不回"),
            ("ช้ามากไม่", "ช้ามากไม่"),
            ("so bad 😡", "so bad 😡"),
            ("...", "..."),
            ("เขาตอบว่า \"", "เขาตอบว่า"),
            ("\", he said \"wait\"", "he said \"wait\""),
            ("” et rien “", "et rien"),
            ("店员说：「", "店员说"),
            ("(again)", "(again)"),
            ("\"\"", "\"\""),
            ("\"", "\""),
        ];
        for (text, part) in cases {
            assert_eq!(&text[trim(text, 0..text.len())], part);
        }
    }
}
