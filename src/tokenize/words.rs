//! Where words and clauses begin and end, so that a quote never cuts one in half.

use std::ops::Range;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};

use crate::language::Language;

/// Finds whole words: by jieba's dictionary in Chinese, by Unicode's rules and
/// ICU's Thai dictionary elsewhere.
pub(crate) struct Words {
    unicode: WordSegmenterBorrowed<'static>,
}

impl Words {
    pub(crate) fn new() -> Self {
        Self {
            unicode: WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()),
        }
    }

    /// `range` of `text`, widened to the words that it touches.
    pub(crate) fn widen(
        &self,
        text: &str,
        range: Range<usize>,
        language: Option<Language>,
    ) -> Range<usize> {
        match language {
            #[cfg(feature = "chinese")]
            Some(language) if language.is_chinese() => widen(chinese::boundaries(text), range),
            _ => widen(self.unicode.segment_str(text), range),
        }
    }

    /// Where the words of `text` with a letter or a digit in them are.
    pub(crate) fn find(&self, text: &str, language: Option<Language>) -> Vec<Range<usize>> {
        let boundaries: Vec<_> = match language {
            #[cfg(feature = "chinese")]
            Some(language) if language.is_chinese() => chinese::boundaries(text).collect(),
            _ => self.unicode.segment_str(text).collect(),
        };
        boundaries
            .windows(2)
            .map(|ends| ends[0]..ends[1])
            .filter(|word| text[word.clone()].contains(char::is_alphanumeric))
            .collect()
    }
}

/// `range` of `text`, widened to the clauses that it touches: what stands
/// between commas and their like.
pub(crate) fn widen_to_clauses(text: &str, range: Range<usize>) -> Range<usize> {
    let mark = |c| {
        matches!(
            c,
            ',' | ';' | ':' | '，' | '、' | '；' | '：' | '—' | '–' | '،' | '؛'
        )
    };
    let ends = text.match_indices(mark).filter_map(|(at, mark)| {
        let end = at + mark.len();
        // `3,50` and `18:20` go on; full-width marks take no space.
        (mark.len() > 1 || text[end..].starts_with(' ')).then_some(end)
    });
    widen(ends.chain([text.len()]), range)
}

/// The last of the ascending `boundaries` at or before the start of `range`,
/// and the first at or after its end.
fn widen(boundaries: impl Iterator<Item = usize>, range: Range<usize>) -> Range<usize> {
    let mut start = 0;
    for boundary in boundaries {
        if boundary <= range.start {
            start = boundary;
        }
        if boundary >= range.end {
            return start..boundary;
        }
    }
    start..range.end
}

#[cfg(feature = "chinese")]
mod chinese {
    use std::sync::LazyLock;

    use jieba_rs::Jieba;

    /// Read on the first Chinese text: the dictionary costs time and memory
    /// that other languages need not pay.
    static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

    /// Byte offsets between the words of `text`.
    pub(super) fn boundaries(text: &str) -> impl Iterator<Item = usize> {
        // Without the hidden Markov model: it joins unknown characters by
        // guess, and a quote needs no guess.
        let words = JIEBA.cut(text, false).into_iter();
        std::iter::once(0).chain(words.map(|word| word.byte_end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_end_at_whole_clauses() {
        let cases = [
            (
                "nice room, but the shower was cold, really",
                "shower",
                " but the shower was cold,",
            ),
            ("paid 3,50 at 18:20, twice", "50", "paid 3,50 at 18:20,"),
            ("房间不错，但是洗澡水冷，很冷", "洗澡", "但是洗澡水冷，"),
            ("one, two, three", "two, three", " two, three"),
            ("no mark", "mark", "no mark"),
        ];
        for (text, part, whole) in cases {
            let start = text.find(part).expect("the case's own part");
            let range = widen_to_clauses(text, start..start + part.len());
            assert_eq!(&text[range], whole, "in {text}");
        }
    }

    #[test]
    fn words_are_told_apart_without_spaces() {
        let cases: [(_, _, &[&str]); 3] = [
            (
                Some(Language::French),
                "Livré, trop tard !",
                &["Livré", "trop", "tard"],
            ),
            (Some(Language::Thai), "พนักงานพูดจา", &["พนักงาน", "พูดจา"]),
            #[cfg(feature = "chinese")]
            (
                Some(Language::ChineseSimplified),
                "快递员，态度恶劣",
                &["快递", "员", "态度恶劣"],
            ),
            #[cfg(not(feature = "chinese"))]
            (None, "", &[]),
        ];
        let words = Words::new();
        for (language, text, expected) in cases {
            let found = words.find(text, language).into_iter();
            let found: Vec<_> = found.map(|word| &text[word]).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn quotes_end_at_whole_words() {
        let cases = [
            (None, "the refund never came", "fund nev", "refund never"),
            (
                Some(Language::French),
                "livraison très en retard",
                "rès",
                "très",
            ),
            (Some(Language::Thai), "พนักงานพูดจาไม่สุภาพ", "ูดจ", "พูดจา"),
            #[cfg(feature = "chinese")]
            (
                Some(Language::ChineseSimplified),
                "快递员态度恶劣",
                "度恶",
                "态度恶劣",
            ),
        ];
        let words = Words::new();
        for (language, text, part, whole) in cases {
            let start = text.find(part).expect("the case's own part");
            let range = words.widen(text, start..start + part.len(), language);
            assert_eq!(&text[range], whole, "in {text}");
        }
    }
}
