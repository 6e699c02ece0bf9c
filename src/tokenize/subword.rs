//! Documents → windows of SentencePiece subwords.

use std::ops::Range;

use super::unigram::{Token, Unigram};
use super::{MARKS, Window};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::prepare::Document;

/// Texts are tokenised in one piece up to this many bytes, and a longer one in
/// pieces of whole segments: it bounds the memory and time of the search for
/// the best segmentation.
const PIECE_BYTES: usize = 1 << 16;

/// Cuts text into the tokens of a model.
pub(crate) struct Subwords {
    tokenizer: Unigram,
    start: u32,
    end: u32,
}

impl Subwords {
    pub(crate) fn new(model: &Model) -> Result<Self> {
        let tokenizer = Unigram::parse(model.tokenizer())?;
        let manifest = model.manifest();
        let vocabulary = tokenizer.len();
        if vocabulary != manifest.encoder.vocabulary {
            return Err(Error::model(format!(
                "tokenizer.json has {vocabulary} tokens, the manifest says {}",
                manifest.encoder.vocabulary
            )));
        }
        let mark = |token: &str| {
            tokenizer
                .id(token)
                .ok_or_else(|| Error::model(format!("tokenizer.json lacks the mark {token}")))
        };
        Ok(Self {
            start: mark(&manifest.tokenizer.start)?,
            end: mark(&manifest.tokenizer.end)?,
            tokenizer,
        })
    }

    /// Cuts `document` into windows of at most `max_tokens` tokens, more than the
    /// [`MARKS`] that are among them; a document without segments has none.
    ///
    /// The text is tokenised across its segments, so that a short document
    /// has the tokens it would have without them.
    pub(crate) fn windows(&self, document: &Document, max_tokens: usize) -> Vec<Window> {
        let mut packer = Packer::new(self, document, max_tokens);
        let mut first = 0;
        while first < document.segments.len() {
            let start = document.segments[first].range.start;
            let count = document.segments[first..]
                .iter()
                .take_while(|segment| segment.range.end - start <= PIECE_BYTES)
                .count()
                .max(1);
            let piece = &document.segments[first..first + count];
            let end = piece[count - 1].range.end;
            let mut tokens = self
                .tokens(document.text.as_str(), start..end)
                .into_iter()
                .peekable();
            for at in 0..count {
                // A token may begin with the space before its word, so it
                // belongs to the segment that it ends in.
                let until = piece
                    .get(at + 1)
                    .map_or(usize::MAX, |next| next.range.start);
                let segment =
                    std::iter::from_fn(|| tokens.next_if(|token| token.place.end <= until));
                match piece[at].asked {
                    true => packer.asked.extend(segment),
                    false => packer.add(first + at, segment.collect()),
                }
            }
            first += count;
        }
        let mut windows = packer.finish();
        windows.extend(self.opening(document, max_tokens));
        windows
    }

    /// The opening of a conversation by itself, or as much of it as fits.
    fn opening(&self, document: &Document, max_tokens: usize) -> Option<Window> {
        let mut packer = Packer::new(self, document, max_tokens);
        for index in document.opening() {
            let range = document.segments[index].range.clone();
            packer.add(index, self.tokens(document.text.as_str(), range));
        }
        let first = packer.finish().into_iter().next()?;
        Some(Window {
            opening: true,
            ..first
        })
    }

    /// The tokens of a part of `text`, with their places in all of it.
    fn tokens(&self, text: &str, range: Range<usize>) -> Vec<Token> {
        let mut tokens = self.tokenizer.tokens(&text[range.clone()]);
        for token in &mut tokens {
            token.place.start += range.start;
            token.place.end += range.start;
        }
        tokens
    }
}

/// Fills windows with whole segments.
struct Packer<'a> {
    tokenizer: &'a Subwords,
    document: &'a Document,
    /// Tokens of a window without its marks.
    room: usize,
    open: Vec<Token>,
    /// Questions that wait for their answer, to stand in one window with it.
    asked: Vec<Token>,
    /// Segments of the open window with their tokens, counted without the mark.
    segments: Vec<(usize, Range<usize>)>,
    windows: Vec<Window>,
}

impl<'a> Packer<'a> {
    fn new(tokenizer: &'a Subwords, document: &'a Document, max_tokens: usize) -> Self {
        Self {
            tokenizer,
            document,
            room: max_tokens - MARKS,
            open: Vec::new(),
            asked: Vec::new(),
            segments: Vec::new(),
            windows: Vec::new(),
        }
    }

    fn add(&mut self, index: usize, mut tokens: Vec<Token>) {
        if tokens.is_empty() {
            return;
        }
        // Half of a window is for the answer.
        let asked = &mut self.asked;
        asked.drain(..asked.len().saturating_sub(self.room / 2));
        if self.open.len() + asked.len() + tokens.len() > self.room {
            self.close();
        }
        self.open.append(&mut self.asked);
        // A segment longer than a window fills several.
        while self.open.len() + tokens.len() > self.room {
            let rest = tokens.split_off(self.room - self.open.len());
            self.append(index, tokens);
            self.close();
            tokens = rest;
        }
        self.append(index, tokens);
    }

    fn append(&mut self, index: usize, tokens: Vec<Token>) {
        let first = self.open.len();
        self.open.extend(tokens);
        self.segments.push((index, first..self.open.len()));
    }

    fn close(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let mark = |id| Token { id, place: 0..0 };
        let open = self.open.drain(..);
        let tokens = std::iter::once(mark(self.tokenizer.start))
            .chain(open)
            .chain([mark(self.tokenizer.end)]);
        let (ids, places) = tokens.map(|token| (token.id, token.place)).unzip();
        let segments = self.segments.drain(..);
        let segments: Vec<_> = segments
            .map(|(index, range)| (index, range.start + 1..range.end + 1))
            .collect();
        let context = segments
            .iter()
            .filter(|(index, _)| self.document.segments[*index].context)
            .map(|(_, tokens)| tokens.clone());
        self.windows.push(Window {
            ids,
            places,
            context: context.collect(),
            opening: false,
            segments,
        });
    }

    fn finish(mut self) -> Vec<Window> {
        self.close();
        self.windows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Feedback;
    use crate::golden;
    use crate::prepare::prepare;

    #[test]
    fn tokens_match_the_reference() {
        for (model, golden) in golden::all() {
            let subwords = Subwords::new(&model).expect("a model of the repository");
            for item in golden.items {
                let tokens = subwords.tokens(&item.text, 0..item.text.len());
                let inner = 1..item.ids.len() - 1;
                let ids: Vec<_> = tokens.iter().map(|token| token.id).collect();
                assert_eq!(ids, item.ids[inner.clone()], "{:?}", item.text);
                let places: Vec<_> = tokens
                    .iter()
                    .map(|token| (token.place.start, token.place.end))
                    .collect();
                assert_eq!(places, item.offsets[inner], "{:?}", item.text);
                assert_eq!(item.ids[0], subwords.start);
                assert_eq!(item.ids.last(), Some(&subwords.end));
            }
        }
    }

    #[test]
    fn a_question_stands_in_the_window_of_its_answer() {
        let (model, _) = golden::all().swap_remove(0);
        let subwords = Subwords::new(&model).expect("a model of the repository");
        let answer = "The room was small. ".repeat(6);
        let question = "What, in all honesty, did you not like about us? ".repeat(6);
        let max_tokens = 32;
        for (text, windows) in [("Nothing", 1), ("", 0), (&*answer, 2)] {
            let document = prepare(&Feedback::new("1", text).answering(question.as_str()));
            let found = subwords.windows(&document, max_tokens);
            assert!(
                found.len() >= windows && found.is_empty() == (windows == 0),
                "{text}"
            );
            for (at, window) in found.iter().enumerate() {
                assert!(window.ids.len() <= max_tokens);
                assert!(!window.segments.is_empty());
                let own = window.without_questions();
                assert_eq!(own.is_some(), at == 0, "the question comes once");
                let own = own
                    .into_iter()
                    .flatten()
                    .map(|token| window.places[token].clone());
                let asked = |place: &Range<usize>| {
                    document.text.original(place.clone()).is_empty() && !place.is_empty()
                };
                assert_eq!(own.filter(asked).count(), 0);
            }
        }
    }

    #[test]
    fn windows_hold_every_token_once_and_whole_segments() {
        let (model, _) = golden::all().swap_remove(0);
        let subwords = Subwords::new(&model).expect("a model of the repository");
        let text = "The room was small. 房间很小，但是很干净。 Le lit grinçait ! ".repeat(40)
            + &"x".repeat(500);
        let document = prepare(&Feedback::new("1", text));
        let max_tokens = 32;
        let windows = subwords.windows(&document, max_tokens);

        let clean = document.text.as_str();
        let tokens = subwords.tokens(clean, 0..clean.len());
        let expected: Vec<_> = tokens.iter().map(|token| token.place.clone()).collect();
        let marked = |window: &Window| window.places[1..window.places.len() - 1].to_vec();
        assert_eq!(
            windows.iter().flat_map(marked).collect::<Vec<_>>(),
            expected
        );

        assert!(windows.len() > 10);
        for window in &windows {
            assert!(window.ids.len() <= max_tokens);
            assert_eq!(window.ids.len(), window.places.len());
            let mut next = 1;
            for (index, tokens) in &window.segments {
                assert_eq!(tokens.start, next);
                next = tokens.end;
                let segment = &document.segments[*index].range;
                for place in &window.places[tokens.clone()] {
                    let blank = clean[place.clone()].trim().is_empty();
                    assert!(blank || place.start < segment.end && place.end > segment.start);
                }
            }
            assert_eq!(next, window.ids.len() - 1);
        }
    }
}
