//! A prepared document → windows of tokens, each token with its place in the text.
//!
//! [`subword`] cuts the windows, [`unigram`] the text itself.

mod charsmap;
mod format;
mod normalize;
mod subword;
mod trie;
mod unigram;
mod words;

pub(crate) use subword::Subwords;
pub(crate) use words::{Words, widen_to_clauses};

use std::ops::Range;

/// Tokens of a window that stand for no text: the one that opens it and the one
/// that closes it.
pub(crate) const MARKS: usize = 2;

/// Tokens that the encoder sees at once: whole segments, as many as fit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Window {
    /// Token ids, the opening and the closing mark included.
    pub(crate) ids: Vec<u32>,
    /// Bytes of the clean text behind each token; empty for the marks.
    pub(crate) places: Vec<Range<usize>>,
    /// The segments that the window holds, by their number in the document,
    /// and their tokens; no questions, though their tokens are here.
    pub(crate) segments: Vec<(usize, Range<usize>)>,
    /// The tokens of those segments that are context.
    pub(crate) context: Vec<Range<usize>>,
    /// Whether it repeats the opening of a conversation, for the tone of that
    /// alone: read with the rest, the opening sounds like the end.
    pub(crate) opening: bool,
}

impl Window {
    /// Whether it holds more than context.
    pub(crate) fn is_heard(&self) -> bool {
        self.context.is_empty() || self.context.len() < self.segments.len()
    }
}

impl Window {
    /// The marks and the tokens of the segments; `None` if these are all.
    pub(crate) fn without_questions(&self) -> Option<Vec<usize>> {
        let segments = self.segments.iter().flat_map(|(_, tokens)| tokens.clone());
        let last = self.ids.len() - 1;
        let own: Vec<usize> = std::iter::once(0).chain(segments).chain([last]).collect();
        (own.len() < self.ids.len()).then_some(own)
    }
}
