//! Half-open byte ranges into the original text, and their code point twins.

use std::ops::Range;

/// A half-open range of bytes into the text of a [`Feedback`](crate::Feedback).
///
/// `start <= end`, and both fall on character boundaries of that text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// The span from `start` to `end`.
    ///
    /// # Panics
    ///
    /// If `start > end`.
    pub fn new(start: usize, end: usize) -> Self {
        assert!(start <= end, "a span ends at or after its start");
        Self { start, end }
    }

    /// First byte.
    pub fn start(self) -> usize {
        self.start
    }

    /// One past the last byte.
    pub fn end(self) -> usize {
        self.end
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The span as a range, to index a `str` with.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The text it covers.
    ///
    /// # Panics
    ///
    /// If the span does not belong to `text`.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }
}

/// As [`Span::new`]; it panics likewise if the range ends before its start.
impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// Converts byte offsets of one text into code point offsets, each in
/// `O(log n)` after one pass over the text.
pub(crate) struct CodePoints {
    /// Code points before each block of [`BLOCK`] bytes.
    before: Vec<u32>,
    ascii: bool,
}

const BLOCK: usize = 64;

impl CodePoints {
    pub(crate) fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self {
                before: Vec::new(),
                ascii: true,
            };
        }
        let mut count = 0;
        let before = text
            .as_bytes()
            .chunks(BLOCK)
            .map(|block| {
                let start = count;
                count += starts(block);
                start
            })
            .collect();
        Self {
            before,
            ascii: false,
        }
    }

    /// Code points of `text` before byte `offset`; `text` is the one it was made for.
    pub(crate) fn before(&self, text: &str, offset: usize) -> usize {
        if self.ascii {
            return offset;
        }
        let block = offset / BLOCK;
        let Some(&before) = self.before.get(block) else {
            // Only the end of a text whose length is a multiple of the block.
            return text.chars().count();
        };
        (before + starts(&text.as_bytes()[block * BLOCK..offset])) as usize
    }
}

/// Characters that start in `bytes`: all but UTF-8 continuation bytes.
fn starts(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_agree_with_counting() {
        for text in [
            "",
            "plain",
            "déçu 😡 客服 ช้า",
            &"客😡a".repeat(50),
            &"é".repeat(64),
        ] {
            let points = CodePoints::new(text);
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            for (count, offset) in ends.enumerate() {
                assert_eq!(points.before(text, offset), count, "{text:?} at {offset}");
            }
        }
    }
}
