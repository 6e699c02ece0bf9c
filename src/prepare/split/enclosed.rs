//! Quotations and brackets: what stands inside one is no sentence by itself.

use std::ops::Range;

/// A longer one, in bytes, is text like any other, and is divided.
const MOST: usize = 200;

/// Stretches of a text, marks included, in order and apart from each other.
pub(super) struct Enclosed(Vec<Range<usize>>);

impl Enclosed {
    /// What stands in pairs of marks in `text`.
    pub(super) fn find(text: &str) -> Self {
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut open: Vec<(usize, char)> = Vec::new();
        let mut before = ' ';
        for (at, char) in text.char_indices() {
            let end = at + char.len_utf8();
            if let Some(closing) = closing(char, before, &open, at) {
                open.push((at, closing));
            } else if is_mark(char)
                // One or two may have been left open inside.
                && let Some(depth) = open.iter().rev().take(3).position(|&(_, wanted)| wanted == char)
            {
                open.truncate(open.len() - depth);
                let (start, _) = open.pop().expect("was just found");
                if end - start <= MOST {
                    while found.last().is_some_and(|inner| inner.start > start) {
                        found.pop();
                    }
                    found.push(start..end);
                }
            }
            before = char;
        }
        Self(found)
    }

    /// The stretch that a position lies inside of.
    pub(super) fn around(&self, at: usize) -> Option<&Range<usize>> {
        let after = self.0.partition_point(|range| range.end <= at);
        self.0.get(after).filter(|range| range.start < at)
    }

    /// The stretch that ends at a position.
    pub(super) fn ending(&self, at: usize) -> Option<&Range<usize>> {
        let index = self.0.binary_search_by_key(&at, |range| range.end).ok()?;
        self.0.get(index)
    }
}

/// The mark that closes what `char` opens.
fn closing(char: char, before: char, open: &[(usize, char)], at: usize) -> Option<char> {
    Some(match char {
        '(' => ')',
        '[' => ']',
        '«' => '»',
        '“' | '„' => '”',
        '（' => '）',
        '【' => '】',
        '「' => '」',
        '『' => '』',
        '《' => '》',
        // It closes what it opened, and is an inch behind a number.
        '"' => {
            let closes = open
                .last()
                .is_some_and(|&(start, wanted)| wanted == '"' && at - start <= MOST);
            return (!closes && !before.is_ascii_digit()).then_some('"');
        }
        _ => return None,
    })
}

fn is_mark(char: char) -> bool {
    matches!(
        char,
        ')' | ']' | '»' | '”' | '）' | '】' | '」' | '』' | '》' | '"'
    )
}
