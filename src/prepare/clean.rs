//! Text with its noise normalised, and the way back to the text it came from.
//!
//! Unicode NFC (not NFKC: sentences end in full-width marks), one kind of line
//! end, one kind of space and one at a time, no control or invisible
//! characters, no floods of one character or of combining marks.

use std::iter;
use std::ops::Range;

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::trace::TracedText;

/// A run of one character is cut to this length: `soooooo`, `มากกกกก`, `!!!!!!`.
/// Digits are exempt, as 1000000 is not 1000.
const MAX_RUN: usize = 3;

/// Combining marks kept on one base. No orthography stacks more than four; the
/// rest is ornament, up to hundreds of marks a letter.
const MAX_MARKS: usize = 8;

/// Cleans a text. Cleaning a clean text changes nothing.
pub(super) fn clean(text: TracedText) -> TracedText {
    if is_clean(text.as_str()) {
        return text;
    }
    let mut writer = Writer::new(text.as_str().len());
    let mut chars = visible(text.as_str()).peekable();
    let mut cluster = Vec::new();
    while let Some((range, char)) = chars.next() {
        cluster.clear();
        cluster.push((range, char));
        while let Some(joined) = chars.next_if(|&(_, next)| joins_previous(next)) {
            cluster.push(joined);
        }
        writer.push_cluster(&cluster);
    }
    writer.finish().over(&text)
}

/// Whether cleaning changes nothing, as far as one look at each character can
/// tell: most texts are clean, and of characters that nothing can happen to.
fn is_clean(text: &str) -> bool {
    let (mut last, mut run) = ('\0', 0);
    for char in text.chars() {
        run = if char == last { run + 1 } else { 1 };
        let fits = match char {
            '0'..='9' => true,
            '!'..='~' => run <= MAX_RUN,
            ' ' => run == 1 && last != '\0',
            '\n' => run <= MAX_RUN && last != '\0',
            // Thai tones, which stand on a vowel or a consonant, and vowels.
            '\u{E47}'..='\u{E4E}' => !matches!(last, '\u{E3A}' | '\u{E47}'..='\u{E4E}'),
            '\u{E31}' | '\u{E34}'..='\u{E39}' => {
                !matches!(last, '\u{E31}' | '\u{E34}'..='\u{E3A}' | '\u{E47}'..='\u{E4E}')
            }
            // Latin and Cyrillic letters, marks, Thai, Chinese, Japanese, Korean,
            // symbols and emoji; no mark that combines, and none that composition
            // writes otherwise.
            '\u{A1}'..='\u{AC}'
            | '\u{AE}'..='\u{2FF}'
            | '\u{400}'..='\u{45F}'
            | '\u{E01}'..='\u{E33}'
            | '\u{E40}'..='\u{E46}'
            | '\u{2010}'..='\u{2027}'
            | '\u{2030}'..='\u{205E}'
            | '\u{20A0}'..='\u{20BF}'
            | '\u{2600}'..='\u{27BF}'
            | '\u{3001}'..='\u{3029}'
            | '\u{3041}'..='\u{3096}'
            | '\u{30A1}'..='\u{30FE}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{AC00}'..='\u{D7A3}'
            | '\u{FF01}'..='\u{FF5E}'
            | '\u{1F300}'..='\u{1FAFF}' => run <= MAX_RUN,
            _ => false,
        };
        if !fits {
            return false;
        }
        last = char;
    }
    !last.is_whitespace()
}

/// Whether normalisation may join or reorder a character with those before it.
fn joins_previous(char: char) -> bool {
    char >= FIRST_CHANGED
        && (canonical_combining_class(char) != 0
            || match is_nfc_quick(iter::once(char)) {
                IsNormalized::Yes => false,
                IsNormalized::Maybe => true,
                IsNormalized::No => iter::once(char)
                    .nfd()
                    .next()
                    .is_some_and(|first| canonical_combining_class(first) != 0),
            })
}

/// All characters below are in NFC, whatever their neighbours.
const FIRST_CHANGED: char = '\u{300}';

/// The characters that are kept, white space made uniform, with their bytes.
fn visible(text: &str) -> impl Iterator<Item = (Range<usize>, char)> {
    // The last character that is no mark.
    let mut base = '\0';
    let mut after_return = false;
    text.char_indices().filter_map(move |(at, char)| {
        let was_return = std::mem::replace(&mut after_return, char == '\r');
        let kept = match char {
            '\n' if was_return => return None,
            '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            '\t' => ' ',
            '\u{200C}' | '\u{200D}' if !joins(base) => return None,
            _ if char.is_whitespace() => ' ',
            _ if char.is_control() || is_invisible(char) => return None,
            _ => char,
        };
        if kept < FIRST_CHANGED || canonical_combining_class(kept) == 0 {
            base = kept;
        }
        Some((at..at + char.len_utf8(), kept))
    })
}

/// Whether a joiner after this character has a meaning: in emoji sequences,
/// and in the scripts from Arabic to Sinhala, of Burma and of Cambodia.
fn joins(base: char) -> bool {
    matches!(base,
        '\u{600}'..='\u{DFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{2600}'..='\u{27BF}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Soft hyphens, zero-width spaces, marks of direction, byte order marks and
/// interlinear annotation.
fn is_invisible(char: char) -> bool {
    matches!(char,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}')
}

/// Writes the clean text and its pieces.
struct Writer {
    clean: TracedText,
    last: Option<char>,
    /// How often `last` stands at the end of what was written.
    run: usize,
    /// Combining marks at the end of what was written.
    marks: usize,
}

impl Writer {
    fn new(capacity: usize) -> Self {
        Self {
            clean: TracedText::with_capacity(capacity),
            last: None,
            run: 0,
            marks: 0,
        }
    }

    /// Writes what composition makes of a character and those it may join.
    fn push_cluster(&mut self, cluster: &[(Range<usize>, char)]) {
        let chars = || cluster.iter().map(|&(_, char)| char);
        let changed = chars().any(|char| char >= FIRST_CHANGED) && !chars().nfc().eq(chars());
        if !changed {
            for (range, char) in cluster {
                self.push(*char, range.clone(), range.len() == char.len_utf8());
            }
        } else if let (Some((first, _)), Some((last, _))) = (cluster.first(), cluster.last()) {
            for char in chars().nfc() {
                self.push(char, first.start..last.end, false);
            }
        }
    }

    /// Writes a character, unless it would lengthen a flood.
    fn push(&mut self, char: char, original: Range<usize>, copied: bool) {
        let marks = if is_combining_mark(char) {
            self.marks + 1
        } else {
            0
        };
        let run = if self.last == Some(char) {
            self.run + 1
        } else {
            1
        };
        let max_run = match char {
            ' ' => 1,
            _ if char.is_numeric() => usize::MAX,
            _ => MAX_RUN,
        };
        let leading = self.last.is_none() && char.is_whitespace();
        if leading || run > max_run || marks > MAX_MARKS {
            return;
        }
        (self.last, self.run, self.marks) = (Some(char), run, marks);
        self.clean.push_char(char, original, copied);
    }

    fn finish(mut self) -> TracedText {
        self.clean.trim_end();
        self.clean
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::prepare::testing::assert_linear;
    use crate::span::Span;

    /// The clean text of an untouched one.
    fn clean(original: &str) -> TracedText {
        super::clean(TracedText::new(original))
    }

    #[test]
    fn noise_is_normalised() {
        let cases = [
            ("", ""),
            (" \t\r\n \u{3000}", ""),
            ("plain", "plain"),
            (
                "  two   spaces\tand\u{a0}\u{3000}more ",
                "two spaces and more",
            ),
            ("a\r\nb\rc\u{85}d\u{2028}e", "a\nb\nc\nd\ne"),
            ("zero\u{200b}width\u{feff}\u{7}", "zerowidth"),
            ("cafe\u{301}", "café"),
            ("soooooo bad!!!!!!", "sooo bad!!!"),
            ("มากกกกกกกก", "มากกก"),
            ("好好好好好好，1000000元", "好好好，1000000元"),
            ("全角！？　空格", "全角！？ 空格"),
            ("👩\u{200d}👩\u{200d}👧 ok", "👩\u{200d}👩\u{200d}👧 ok"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("a\u{200d}b\u{200c}c", "abc"),
            ("\u{202b}الغرفة\u{202c}", "الغرفة"),
            ("broken \u{fffd}", "broken \u{fffd}"),
            ("\u{1100}\u{1161}\u{11a8}", "각"),
        ];
        for (original, expected) in cases {
            assert_eq!(clean(original).as_str(), expected, "{original:?}");
        }
    }

    #[test]
    fn marks_do_not_flood() {
        let marks: String = ('\u{300}'..='\u{36f}').collect();
        let text = format!("z{marks}{marks}alt");
        assert!(clean(&text).as_str().chars().count() <= 4 + MAX_MARKS);
    }

    #[test]
    fn ranges_lead_back() {
        let original = "  La\u{a0} chambre\r\ne\u{301}tait  saaaaaale 😡 ";
        let text = clean(original);
        assert_eq!(text.as_str(), "La chambre\nétait saaale 😡");
        let cases = [
            ("La", "La"),
            ("chambre", "chambre"),
            ("était", "e\u{301}tait"),
            ("é", "e\u{301}"),
            ("sa", "sa"),
            ("😡", "😡"),
            ("La chambre\nétait", "La\u{a0} chambre\r\ne\u{301}tait"),
        ];
        for (part, expected) in cases {
            let start = text.as_str().find(part).expect("it is part of the text");
            let span = text.original(start..start + part.len());
            assert_eq!(span.of(original), expected, "{part:?}");
        }
        assert!(
            text.original(text.as_str().len()..text.as_str().len())
                .is_empty()
        );
    }

    #[test]
    fn clean_text_needs_one_piece() {
        let original = "客服很好。 ".repeat(1000);
        let text = clean(&original);
        assert_eq!(text, TracedText::new(original.trim_end()));
    }

    #[test]
    fn huge_texts_are_cleaned_in_linear_time() {
        let units = [
            "a",
            "e\u{301}",
            "\u{301}",
            "ก",
            "\u{1161}",
            " \t",
            "👩\u{200d}",
        ];
        assert_linear(&units, |text| drop(clean(text)));
    }

    /// Text dense in what cleaning changes.
    fn noisy() -> impl Strategy<Value = String> {
        let chars = prop::sample::select(vec![
            'a', 'e', '1', ' ', '\t', '\r', '\n', '\u{a0}', '\u{3000}', '\u{301}', '\u{323}',
            '\u{344}', '\u{200d}', '\u{200c}', '\u{200b}', '\u{feff}', '你', '。', 'ก', '\u{e48}',
            '\u{e38}', '😡', '\u{fe0f}', '\u{1100}', '\u{1161}', '\u{11a8}', '\u{9c7}', '\u{9be}',
            '\u{958}', 'ع', '\u{64b}', '!', '\u{0}',
        ]);
        prop_oneof![
            any::<String>(),
            prop::collection::vec(chars, 0..60).prop_map(String::from_iter),
        ]
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in noisy()) {
            let once = clean(&text);
            let twice = clean(once.as_str());
            prop_assert_eq!(twice.as_str(), once.as_str());
        }

        #[test]
        fn alignment_is_monotone_and_between_characters(text in noisy()) {
            let clean = clean(&text);
            let mut last = Span::new(0, 0);
            for (start, char) in clean.as_str().char_indices() {
                let span = clean.original(start..start + char.len_utf8());
                prop_assert!(text.get(span.range()).is_some_and(|part| !part.is_empty()));
                prop_assert!(last.start() <= span.start() && last.end() <= span.end());
                let whole = clean.original(0..start + char.len_utf8());
                prop_assert_eq!(whole.end(), span.end());
                last = span;
            }
        }
    }
}
