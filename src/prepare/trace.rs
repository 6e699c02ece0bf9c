//! A text under preparation, which knows where all of it came from.
//!
//! Each layer of preparation sees a plain `&str` and says what to put in the
//! place of which parts; the layers' ways back are joined here.

use std::borrow::Cow;
use std::ops::Range;

use crate::span::Span;

/// A text made from another, and the way back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TracedText {
    text: String,
    /// In order of both texts; a new one begins where the two part ways.
    pieces: Vec<Piece>,
}

/// A stretch of the text, up to the next piece, and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    start: usize,
    original: Range<usize>,
    /// Whether it was copied byte by byte; otherwise it came from its original
    /// as a whole.
    copied: bool,
}

/// What a layer puts in the place of a part of the text it was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    /// Bytes, between characters.
    pub(super) range: Range<usize>,
    /// Empty to leave the part out.
    pub(super) with: Cow<'static, str>,
}

impl TracedText {
    /// A text that is its own original.
    pub(super) fn new(original: &str) -> Self {
        let mut text = Self::default();
        text.push(original, 0..original.len(), true);
        text
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The bytes of the original text that a range of bytes of this one came
    /// from: the narrowest that hold it all and fall between characters.
    pub(crate) fn original(&self, range: Range<usize>) -> Span {
        let Some(first) = self.piece_at(range.start) else {
            return Span::new(0, 0);
        };
        if !first.copied && range.is_empty() && range.start < self.text.len() {
            return first.original.clone().into();
        }
        let last = match range.is_empty() {
            true => first,
            false => self.piece_at(range.end - 1).unwrap_or(first),
        };
        let start = match first.copied {
            true => first.original.start + (range.start - first.start),
            false if range.is_empty() => first.original.end,
            false => first.original.start,
        };
        let end = match last.copied {
            true => last.original.start + (range.end - last.start),
            false => last.original.end,
        };
        Span::new(start, end)
    }

    /// The text after `edits`, which are in order and do not overlap.
    pub(super) fn rewrite(self, edits: Vec<Edit>) -> Self {
        if edits.is_empty() {
            return self;
        }
        let mut rewritten = Self {
            text: String::with_capacity(self.text.len()),
            pieces: Vec::new(),
        };
        let mut at = 0;
        for Edit { range, with } in edits {
            rewritten.push(&self.text[at..range.start], at..range.start, true);
            at = range.end;
            rewritten.push(&with, range, false);
        }
        rewritten.push(&self.text[at..], at..self.text.len(), true);
        rewritten.over(&self)
    }

    /// The same text, where its original `before` was made from another text:
    /// traced back to that one.
    pub(super) fn over(self, before: &Self) -> Self {
        if let [piece] = before.pieces.as_slice()
            && piece.copied
            && piece.original.start == 0
        {
            return self;
        }
        let mut joined = Self {
            text: String::new(),
            pieces: Vec::with_capacity(self.pieces.len()),
        };
        for piece in &self.pieces {
            if piece.copied {
                for (range, original, copied) in before.pieces_in(&piece.original) {
                    let start = piece.start + range.start - piece.original.start;
                    joined.place(start, original, copied);
                }
            } else {
                let original = before.original(piece.original.clone()).range();
                joined.place(piece.start, original, false);
            }
        }
        joined.text = self.text;
        joined
    }

    /// Adds text that came from `original`.
    pub(super) fn push(&mut self, text: &str, original: Range<usize>, copied: bool) {
        if !text.is_empty() {
            self.place(self.text.len(), original, copied);
            self.text.push_str(text);
        }
    }

    /// Adds a character that came from `original`.
    pub(super) fn push_char(&mut self, char: char, original: Range<usize>, copied: bool) {
        self.place(self.text.len(), original, copied);
        self.text.push(char);
    }

    /// Takes white space off the end.
    pub(super) fn trim_end(&mut self) {
        let end = self.text.trim_end().len();
        self.text.truncate(end);
        self.pieces.retain(|piece| piece.start < end);
        if let Some(last) = self.pieces.last_mut()
            && last.copied
        {
            last.original.end = last.original.start + (end - last.start);
        }
    }

    /// Room for text to come.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            pieces: Vec::new(),
        }
    }

    /// Notes where the text from `start` on comes from.
    fn place(&mut self, start: usize, original: Range<usize>, copied: bool) {
        if let Some(piece) = self.pieces.last_mut() {
            if piece.copied && copied && piece.original.end == original.start {
                piece.original.end = original.end;
                return;
            }
            if !piece.copied && !copied && piece.original == original {
                return;
            }
        }
        self.pieces.push(Piece {
            start,
            original,
            copied,
        });
    }

    /// The parts of the pieces that make up a range of the text.
    fn pieces_in(
        &self,
        range: &Range<usize>,
    ) -> impl Iterator<Item = (Range<usize>, Range<usize>, bool)> {
        let Range { start, end } = *range;
        let first = self.pieces.partition_point(|piece| piece.start <= start);
        let first = first.saturating_sub(1);
        self.pieces[first..]
            .iter()
            .enumerate()
            .take_while(move |(_, piece)| piece.start < end)
            .map(move |(at, piece)| {
                let next = self.pieces.get(first + at + 1);
                let until = next.map_or(self.text.len(), |next| next.start).min(end);
                let from = piece.start.max(start);
                let original = if piece.copied {
                    let offset = piece.original.start + from - piece.start;
                    offset..offset + (until - from)
                } else {
                    piece.original.clone()
                };
                (from..until, original, piece.copied)
            })
    }

    /// The piece that holds a byte of the text.
    fn piece_at(&self, byte: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.start <= byte);
        self.pieces.get(after.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn edit(range: Range<usize>, with: &'static str) -> Edit {
        let with = Cow::Borrowed(with);
        Edit { range, with }
    }

    /// The part of `original` that the first `part` of the text came from.
    fn source<'a>(text: &TracedText, original: &'a str, part: &str) -> &'a str {
        let start = text.as_str().find(part).expect("it is part of the text");
        text.original(start..start + part.len()).of(original)
    }

    #[test]
    fn layers_lead_back_through_each_other() {
        let original = "<p>Tom &amp; co</p> 體驗(yàn)好";
        let text = TracedText::new(original)
            .rewrite(vec![
                edit(0..3, ""),
                edit(7..12, "&"),
                edit(15..19, "\n"),
                edit(26..32, ""),
            ])
            .rewrite(vec![edit(0..3, "Thomas"), edit(6..7, "")]);
        assert_eq!(text.as_str(), "Thomas & o\n 體驗好");
        for (part, expected) in [
            ("Thomas", "Tom"),
            ("om", "Tom"),
            ("&", "&amp;"),
            ("& o", "&amp; co"),
            ("驗好", "驗(yàn)好"),
            ("驗", "驗"),
            ("\n", "</p>"),
        ] {
            assert_eq!(source(&text, original, part), expected, "{part:?}");
        }
        assert!(
            TracedText::new("")
                .rewrite(vec![edit(0..0, "")])
                .as_str()
                .is_empty()
        );
    }

    proptest! {
        #[test]
        fn any_edits_keep_the_order(
            original in ".{0,40}",
            layers in prop::collection::vec(prop::collection::vec((0..40_usize, 0..4_usize, ".{0,3}"), 0..6), 0..4),
        ) {
            let mut text = TracedText::new(&original);
            for layer in layers {
                let mut edits = Vec::new();
                let mut free = 0;
                for (start, length, with) in layer {
                    let boundary = |at: usize| (at..=text.as_str().len()).find(|&at| text.as_str().is_char_boundary(at));
                    let (Some(start), Some(end)) = (boundary(free + start), boundary(free + start + length)) else { break };
                    edits.push(Edit { range: start..end, with: with.into() });
                    free = end;
                }
                text = text.rewrite(edits);
            }
            let mut last = Span::new(0, 0);
            for (start, char) in text.as_str().char_indices() {
                let span = text.original(start..start + char.len_utf8());
                prop_assert!(original.get(span.range()).is_some());
                prop_assert!(last.start() <= span.start() && last.end() <= span.end());
                last = span;
            }
        }
    }
}
