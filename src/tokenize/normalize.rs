//! Text → the characters that pieces are written in, each with its place.
//!
//! Characters are replaced by the [`Charsmap`], runs of spaces become one, a
//! space is written `▁`, and one more stands in front. What is replaced, and
//! which place a new character gets, follows the `tokenizers` crate to the
//! letter, oddities included: the model has seen nothing else.

use std::str::CharIndices;

use unicode_segmentation::UnicodeSegmentation;

use super::charsmap::Charsmap;

/// How a space is written.
pub(super) const SPACE: char = '▁';

/// Graphemes of fewer bytes are looked up whole before their characters are.
const WHOLE_GRAPHEME: usize = 6;

/// A normalised text.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) chars: Vec<char>,
    /// Where the character of the original text begins that each stands for.
    pub(super) places: Vec<usize>,
}

/// Fills `line` with `text`; nothing is left of a text that is all replaced by
/// nothing.
pub(super) fn normalize(charsmap: &Charsmap, text: &str, line: &mut Line) {
    line.chars.clear();
    line.places.clear();
    let mut rewriter = Rewriter {
        source: text.char_indices(),
        line,
        last: 0,
        added: false,
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if charsmap.is_plain(bytes[at]) && breaks(bytes, at + 1) {
            rewriter.keep(char::from(bytes[at]));
            at += 1;
            continue;
        }
        let end = (at + 1..).find(|&end| breaks(bytes, end) && text.is_char_boundary(end));
        let end = end.expect("the end of the text is a boundary");
        for grapheme in text[at..end].graphemes(true) {
            rewriter.grapheme(charsmap, grapheme);
        }
        at = end;
    }
    let Some(&first) = line.chars.first() else {
        return;
    };
    if !matches!(first, ' ' | SPACE) {
        line.chars.insert(0, SPACE);
        line.places.insert(0, line.places[0]);
    }
    for c in &mut line.chars {
        if *c == ' ' {
            *c = SPACE;
        }
    }
}

/// Whether a grapheme surely ends before byte `at`: between two characters of
/// ASCII that are no line end, and at the end of the text.
fn breaks(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        Some(next) => bytes[at - 1].is_ascii() && next.is_ascii() && *next != b'\n',
        None => true,
    }
}

/// Writes a line and keeps count of the original characters.
///
/// A new character takes the place of the next original one as long as there
/// are as many of both; those beyond take the place of the last.
struct Rewriter<'a> {
    source: CharIndices<'a>,
    line: &'a mut Line,
    /// Place of the last original character that was counted.
    last: usize,
    /// Whether the last character of the line was one beyond.
    added: bool,
}

impl Rewriter<'_> {
    fn grapheme(&mut self, charsmap: &Charsmap, grapheme: &str) {
        if grapheme.len() < WHOLE_GRAPHEME
            && let Some(new) = charsmap.replacement(grapheme.as_bytes())
        {
            self.replace(grapheme.chars().count(), new);
            return;
        }
        for c in grapheme.chars() {
            match charsmap.replacement(c.encode_utf8(&mut [0; 4]).as_bytes()) {
                Some(new) => self.replace(1, new),
                None => self.keep(c),
            }
        }
    }

    fn keep(&mut self, c: char) {
        self.count();
        self.added = false;
        self.push(c);
    }

    /// Writes `new` for `old` original characters.
    fn replace(&mut self, old: usize, new: &str) {
        let mut left = old;
        for c in new.chars() {
            self.added = left == 0;
            if !self.added {
                self.count();
                left -= 1;
            }
            self.push(c);
        }
        // What is dropped counts towards the character before it. Dropped in
        // front of all others it is not counted, and all places lag behind.
        let Some(place) = self.line.places.last_mut() else {
            return;
        };
        if left > 0 && self.added {
            self.added = false;
            left -= 1;
            self.last = next(&mut self.source);
            *place = self.last;
        }
        for _ in 0..left {
            self.count();
        }
    }

    /// Counts the next original character.
    fn count(&mut self) {
        self.last = next(&mut self.source);
    }

    /// Writes `c`. Of a run of spaces the last one is left.
    fn push(&mut self, c: char) {
        if c == ' ' && self.line.chars.last() == Some(&' ') {
            self.line.chars.pop();
            self.line.places.pop();
        }
        self.line.chars.push(c);
        self.line.places.push(self.last);
    }
}

fn next(source: &mut CharIndices<'_>) -> usize {
    let (place, _) = source.next().expect("no more are counted than there are");
    place
}
