//! The language of each sentence and clause, where it is clearly not the
//! document's: writers switch in the middle of a text, and quote.

use std::ops::Range;

use super::detect::{detect_part, mixes_scripts};
use super::split::{clauses, sentences};
use crate::language::Language;

/// A second language has this share of a document that is called mixed; less
/// is a quotation.
const CLEAR_SHARE: f32 = 0.15;

/// Splits a text of a document in `document` into sentences and clauses, each
/// with its language: the document's, if that is `certain`.
pub(super) fn split(
    text: &str,
    document: Option<Language>,
    certain: bool,
) -> Vec<(Range<usize>, Option<Language>)> {
    let mut parts = Vec::new();
    for sentence in sentences(text) {
        let part = &text[sentence.clone()];
        let told = match certain || part.len() == text.trim().len() {
            true => None,
            false => detect_part(part, document),
        };
        let language = told.or(document);
        let mixes = !certain && mixes_scripts(part);
        parts.extend(clauses(text, sentence.clone(), language).map(|clause| {
            let told = match mixes && clause != sentence {
                true => detect_part(&text[clause.clone()], document),
                false => None,
            };
            (clause, told.or(language))
        }));
    }
    parts
}

/// Whether two languages or more have a clear share of a document, given the
/// bytes of its parts.
pub(super) fn are_mixed(parts: impl Iterator<Item = (usize, Option<Language>)>) -> bool {
    let mut shares: Vec<(Language, usize)> = Vec::new();
    for (bytes, language) in parts {
        let Some(language) = language else { continue };
        match shares.iter_mut().find(|(known, _)| *known == language) {
            Some((_, share)) => *share += bytes,
            None => shares.push((language, bytes)),
        }
    }
    let total: usize = shares.iter().map(|(_, bytes)| bytes).sum();
    let clear = |bytes: usize| bytes as f32 >= CLEAR_SHARE * total as f32;
    shares.iter().filter(|(_, bytes)| clear(*bytes)).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language::*;
    use crate::prepare::detect;

    /// The languages of the parts of a text, and whether it is mixed.
    fn told(text: &str) -> (Vec<Option<Language>>, bool) {
        let parts = split(text, detect(text).language, false);
        let mixed = are_mixed(
            parts
                .iter()
                .map(|(range, language)| (range.len(), *language)),
        );
        (
            parts.into_iter().map(|(_, language)| language).collect(),
            mixed,
        )
    }

    #[test]
    fn a_switch_of_language_is_told() {
        let cases: [(&str, &[Language]); 5] = [
            (
                "The room was lovely. แต่พนักงานพูดจาไม่ดีเลยค่ะ",
                &[English, Thai],
            ),
            (
                "La comida estaba muy rica. But nobody answered the phone.",
                &[Spanish, English],
            ),
            (
                "這間店的東西很好吃，but it is far too sweet for me.",
                &[ChineseTraditional, English],
            ),
            (
                "客服一直没有人回复。Please call me back.",
                &[ChineseSimplified, English],
            ),
            (
                "ส่งของช้ามากเลยครับ 等了两个星期才收到。",
                &[Thai, ChineseSimplified],
            ),
        ];
        for (text, languages) in cases {
            let languages = languages.iter().copied().map(Some).collect();
            assert_eq!(told(text), (languages, true), "{text}");
        }
    }

    #[test]
    fn names_and_quotations_mix_nothing() {
        for text in [
            "ซื้อมาเมื่อวานค่ะ Samsung Galaxy Watch Ultra LTE ใช้ดีมากเลยค่ะ",
            "Lo compré ayer.\nThe Lord of the Rings: The Two Towers\nLa tapa llegó rota.",
            "Le film était bien. Il s'appelle « The Man Who Knew Too Much ».",
            "等了半天。Check in 的时候没人理。",
            "嘅店員好有禮貌。點解咁耐都未到？",
            "部屋は最高でした。大満足。",
            "",
            "😡 12.50 !!!",
        ] {
            let (languages, mixed) = told(text);
            let whole = detect(text).language;
            assert!(
                !mixed && languages.iter().all(|told| *told == whole),
                "{text}"
            );
        }
    }

    #[test]
    fn a_sentence_among_many_is_told_but_mixes_nothing() {
        let text =
            "El hotel es precioso y la cama muy cómoda. ".repeat(10) + "I told the manager twice.";
        let (languages, mixed) = told(&text);
        assert_eq!(languages.last(), Some(&Some(English)));
        assert!(!mixed);
    }
}
