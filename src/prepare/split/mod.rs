//! Sentences and clauses: the smallest stretches of text that say one thing of
//! one matter, so that praise and blame fall into different ones.
//!
//! Lines that were wrapped are joined, [`sentences`] follow Unicode's rules and
//! what those don't know, and each is cut into clauses by the habits of its
//! script: [`chinese`], [`thai`], and by grammar in [`clauses`](mod@clauses).
//!
//! Measured on `data/reading/sentences`; the table stands with the test.

mod abbreviations;
mod chinese;
mod clauses;
mod enclosed;
mod grammar;
mod sentences;
mod thai;

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::language::Language;
use enclosed::Enclosed;

// Lengths are in bytes, of which Latin script takes one a letter and Chinese
// and Thai take three a character: about as much is said in as many bytes.

/// A longer clause is divided at commas,
const LONG: usize = 240;
/// into parts no shorter than this.
const MIN_PART: usize = 80;
/// No segment is longer. It keeps segments far below the encoder's window.
const MAX: usize = 900;

/// A shorter line is not taken for one that was wrapped.
const MIN_WRAPPED: usize = 20;

/// Where a clause may end, and how much there must be on each side.
struct Cut {
    at: usize,
    least: usize,
}

/// Splits a text into sentences.
///
/// The ranges are ordered, not empty, trimmed of white space, do not overlap,
/// and hold everything but white space.
pub(crate) fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> {
    blocks(text)
        .into_iter()
        .flat_map(|block| {
            let part = &text[block.clone()];
            let ends = sentences::ends(part, &Enclosed::find(part));
            cut(
                block.clone(),
                ends.into_iter().map(move |end| block.start + end),
            )
        })
        .filter_map(|sentence| trim(text, sentence))
}

/// Splits a sentence of a text into clauses, of which the same holds.
pub(crate) fn clauses(
    text: &str,
    sentence: Range<usize>,
    language: Option<Language>,
) -> impl Iterator<Item = Range<usize>> {
    let start = sentence.start;
    let ends = clause_ends(&text[sentence.clone()], language).into_iter();
    cut(sentence, ends.map(move |end| start + end))
        .flat_map(|clause| parts(text, clause))
        .filter_map(|segment| trim(text, segment))
}

/// Lines, those that were wrapped in mid-sentence joined.
fn blocks(text: &str) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut last = "";
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        match blocks.last_mut() {
            Some(block) if goes_on(&text[block.clone()], last, line) => block.end = end,
            _ => blocks.push(start..end),
        }
        (start, last) = (end, line);
    }
    blocks
}

/// Whether a block whose last line is `last` goes on with `next`.
fn goes_on(block: &str, last: &str, next: &str) -> bool {
    let (last, next) = (last.trim(), next.trim_start());
    let Some((before, after)) = last.chars().next_back().zip(next.chars().next()) else {
        return false;
    };
    // Who never writes a capital may begin a line with a small letter.
    let capital = || block.chars().take(LONG).find(|char| char.is_alphabetic());
    let comma = matches!(before, ',' | '，' | '、');
    after.is_lowercase()
        && (comma || before.is_alphanumeric())
        && last.len() >= MIN_WRAPPED
        && capital().is_some_and(char::is_uppercase)
        || comma && (is_han(after) || is_thai(after))
}

/// Where the clauses of a sentence end, all but the last.
fn clause_ends(sentence: &str, language: Option<Language>) -> Vec<usize> {
    let enclosed = Enclosed::find(sentence);
    let mut cuts = Vec::new();
    chinese::cuts(sentence, &enclosed, &mut cuts);
    thai::cuts(sentence, &enclosed, &mut cuts);
    if let Some(language) = language {
        clauses::cuts(sentence, &enclosed, language, &mut cuts);
    }
    cuts.sort_unstable_by_key(|cut| (cut.at, cut.least));
    let mut start = 0;
    cuts.retain(|cut| {
        let kept = cut.at >= start + cut.least && sentence.len() >= cut.at + cut.least;
        if kept {
            start = cut.at;
        }
        kept
    });
    cuts.into_iter().map(|cut| cut.at).collect()
}

fn trim(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = &text[range.clone()];
    let end = range.start + part.trim_end().len();
    let start = range.end - part.trim_start().len();
    (start < end).then_some(start..end)
}

/// Cuts a range at ordered positions inside it.
fn cut(
    range: Range<usize>,
    cuts: impl IntoIterator<Item = usize>,
) -> impl Iterator<Item = Range<usize>> {
    let mut start = range.start;
    cuts.into_iter().chain([range.end]).map(move |end| {
        let part = start..end;
        start = end;
        part
    })
}

fn is_han(char: char) -> bool {
    matches!(char, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
}

fn is_thai(char: char) -> bool {
    matches!(char, '\u{E01}'..='\u{E7F}')
}

/// Divides what is too long: at commas and their like, or at spaces, or, where
/// there is neither, anywhere between characters.
fn parts(text: &str, clause: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut cuts = Vec::new();
    let mut start = clause.start;
    if clause.len() > LONG {
        for (at, mark) in text[clause.clone()].match_indices(is_comma) {
            let end = clause.start + at + mark.len();
            let followed = text[end..clause.end].chars().next();
            // `3,50`, `18:20`, `http://` go on; full-width marks take no space.
            if mark.len() == 1 && followed != Some(' ') {
                continue;
            }
            if end - start >= MIN_PART && clause.end - end >= MIN_PART {
                divide(text, start..end, &mut cuts);
                cuts.push(end);
                start = end;
            }
        }
    }
    divide(text, start..clause.end, &mut cuts);
    cut(clause, cuts)
}

fn is_comma(char: char) -> bool {
    matches!(
        char,
        ',' | ';' | ':' | '，' | '、' | '；' | '：' | '—' | '–' | '،' | '؛'
    )
}

/// Cuts a range so that no part is longer than [`MAX`].
fn divide(text: &str, range: Range<usize>, cuts: &mut Vec<usize>) {
    let mut start = range.start;
    while range.end - start > MAX {
        let limit = text.floor_char_boundary(start + MAX);
        // Not in the first half, so that few parts are short.
        let half = text.floor_char_boundary(start + MAX / 2);
        let end = match text[half..limit].rfind(char::is_whitespace) {
            Some(space) => half + space,
            None => between_characters(text, half, limit),
        };
        cuts.push(end);
        start = end;
    }
}

/// The last position up to `limit` that parts no mark or joiner from its base;
/// `limit` where there is none after `from`.
fn between_characters(text: &str, from: usize, limit: usize) -> usize {
    let joined = |char: char| is_combining_mark(char) || matches!(char, '\u{200C}' | '\u{200D}');
    let mut after = text[limit..].chars().next();
    for (at, char) in text[from..limit].char_indices().rev() {
        let end = from + at + char.len_utf8();
        if !after.is_some_and(joined) && char != '\u{200D}' {
            return end;
        }
        after = Some(char);
    }
    limit
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;
    use crate::language::Language::*;

    fn split(text: &str, language: Option<Language>) -> Vec<Range<usize>> {
        sentences(text)
            .flat_map(|sentence| clauses(text, sentence, language))
            .collect()
    }

    /// Splits `joined` without its bars and puts them back.
    fn check(language: Language, joined: &str) {
        let text = joined.replace('|', "");
        let parts: Vec<_> = split(&text, Some(language))
            .into_iter()
            .map(|range| &text[range])
            .collect();
        let expected: Vec<_> = joined.split('|').map(str::trim).collect();
        assert_eq!(parts, expected);
    }

    #[test]
    fn sentences_end_at_their_marks() {
        check(English, "It broke. |Twice! |Why?");
        check(English, "It broke.\n|still no refund");
        check(English, "great app. |it crashes daily though. |fix it");
        check(
            English,
            "I paid $3.50 at 18:20, see https://example.com/a?b=1.2 please.",
        );
        check(
            English,
            "Write to help@example.com. |Dr. Smith of St. Mary was kind.",
        );
        check(
            French,
            "M. Dupont et Mme. Leroy étaient là. |Très bien ! |« Parfait. » |Merci",
        );
        check(French, "Bon… Enfin bref, c'est long… |mais bon.");
        check(Spanish, "¿Por qué? |¡Nadie contesta! |El Sr. Gómez sí.");
        check(
            ChineseSimplified,
            "太慢了！|“等了两个小时。”|客服呢？？|算了……|不要了；|退款～|谢谢",
        );
        check(ChineseTraditional, "太慢了!|客服呢?|（真的。）|算了");
        check(Arabic, "الغرفة متسخة. |الموظفون غير مهذبين!");
        check(Japanese, "部屋が汚い。|二度と来ません。");
    }

    #[test]
    fn stops_of_abbreviations_and_numbers_end_nothing() {
        check(
            English,
            "It came at 11 p.m. on Tues. and again on 12.03. at noon.",
        );
        check(English, "We met Mr. J. Smith at 5 p.m. |He left at once.");
        check(English, "See fig. 2 and ref. 40. |The answer is no. |Why?");
        check(
            Spanish,
            "El Sr. Ruiz vino a las 11 p. m. con la pág. 3, núm. 8.000,50.",
        );
        check(French, "Reçu le 3 févr. par Mme. Roy, réf. 12.");
        check(Thai, "ส่งวันที่ 3 ธ.ค. ถึงตอน 08.10 น. วันนี้");
        check(
            English,
            "Version 2.1.3 of node.js from booking.com broke it.",
        );
        check(
            English,
            "Screen is gorgeous.|Battery is a joke.|sound is dead.|i called twice",
        );
    }

    #[test]
    fn quotations_and_brackets_are_not_cut() {
        check(
            English,
            "He said \"No. Never. Go away!\" and hung up on me.",
        );
        check(
            English,
            "The room (no view. no air!) was small. |(It was cheap.) |Fine.",
        );
        check(Spanish, "Me dijo «No es mío. Llame.» y colgó.");
        check(ChineseSimplified, "他说：“不行。没有。”|我走了。");
    }

    #[test]
    fn lines_that_were_wrapped_are_joined() {
        check(
            English,
            "The table itself is wobbly\nand one leg is short.\n|Bad.",
        );
        check(English, "wobbly table\n|one leg is short");
        check(English, "Pros:\n|- quiet motor\n|- fits under the sofa");
        check(ChineseSimplified, "房间里到处都是灰尘，\n|地上还有头发");
    }

    #[test]
    fn items_of_a_list_in_one_line_are_parted() {
        check(English, "Issues: |1) too slow |2) too dear |3) rude staff");
        check(ChineseSimplified, "问题：|1、太慢|2、太贵|3、态度差");
        check(English, "I bought 1. 2 of them broke");
    }

    #[test]
    fn laughter_and_emoji_end_a_sentence() {
        check(English, "Love the new menu 😍 |kinda pricey though 😬");
        check(English, "We really ❤ this place");
        check(Thai, "จ่ายเดือนละ 599 บาทเพื่ออะไร 555 |ย้ายค่ายแล้วนะ");
        check(Spanish, "El robot me contestó otra vez jajaja |qué risa");
    }

    #[test]
    fn statements_are_parted_at_commas() {
        check(
            English,
            "The bed was huge, |the shower was cold |and it smelled of smoke.",
        );
        check(English, "In the evening, the pool was closed.");
        check(English, "If you call them, they hang up.");
        check(English, "The rooms, the pool and the bar are fine.");
        check(
            French,
            "La chambre est propre, |le lit est très confortable.",
        );
        check(Spanish, "La tarta estaba rica |y el camarero fue un sol.");
        check(ChineseSimplified, "12月3号下的单，|今天都15号了还没发货！");
        check(
            ChineseTraditional,
            "房間乾淨、床也舒服，|半夜卻一直聽到隔壁在唱歌。",
        );
        check(ChineseSimplified, "因为下了一天大雨，路上堵得很厉害。");
        check(ChineseSimplified, "手机很流畅 |拍照也清楚 |就是电池不耐用");
    }

    #[test]
    fn emoji_stay_with_what_they_follow() {
        check(English, "Great! 😡👍🏽 |Never again. 🙂 |Bye");
        check(French, "Nul !!! 😡 |Jamais plus.");
        check(English, "😡 Never again!");
        check(English, "😡😡😡");
        check(English, "!!! ...");
    }

    #[test]
    fn praise_and_blame_are_parted() {
        check(English, "The room was lovely |but the staff were rude.");
        check(
            English,
            "Nothing but trouble from the first day. |Small but clean.",
        );
        check(
            English,
            "They were not only rude to my wife but also to me.",
        );
        check(
            French,
            "La chambre était belle, |mais l'accueil était glacial.",
        );
        check(
            French,
            "Le repas était froid mais aussi trop cher pour nous.",
        );
        check(Spanish, "La comida estaba rica, |pero tardaron una hora.");
        check(ChineseSimplified, "房间很干净，|但是前台态度很差。");
        check(ChineseTraditional, "房間很乾淨，|不過櫃台態度很差。");
        check(Thai, "ห้องพักสะอาดมากและวิวสวย|แต่พนักงานพูดจาไม่ดีเลย");
        check(
            German,
            "Das Zimmer war schön, |aber das Personal war unfreundlich.",
        );
    }

    #[test]
    fn thai_clauses_end_at_spaces() {
        check(Thai, "พนักงานบริการดีมากเลยค่ะ |อาหารก็อร่อยทุกอย่าง");
        check(Thai, "ส่งช้ามาก รอมา 3 วันแล้ว |ใช้ Kerry ไม่ดีเลย");
        check(Thai, "ใช้บริการมาตั้งแต่ปีที่แล้วแต่งห้องสวยทุกห้องเลย");
    }

    #[test]
    fn long_sentences_are_divided_at_commas() {
        let text = "the first thing that went wrong was the delivery, ".repeat(20);
        let parts = split(&text, Some(English));
        assert!(
            parts
                .iter()
                .all(|part| part.len() <= LONG && text[part.clone()].ends_with(','))
        );
    }

    #[test]
    fn nothing_comes_of_nothing() {
        for text in ["", " ", "\n\n \n"] {
            assert!(split(text, None).is_empty(), "{text:?}");
        }
    }

    #[test]
    fn huge_texts_are_split_in_linear_time() {
        // Unoptimised code takes twenty times as long.
        let size = if cfg!(debug_assertions) {
            100_000
        } else {
            1_000_000
        };
        let limit = Duration::from_secs(5);
        for unit in [
            "a",
            "ก",
            "แต่",
            "แต่งงาน ",
            "好",
            "😡",
            "a?",
            "a.b ",
            "…",
            ",",
            "http://",
            "\u{301}",
            "! ",
            "(. ",
            "Dr. ",
            ",but ",
            "i was ",
            "the is, ",
            "很好的，",
            "ดีครับ ",
            "（",
            "\"",
            "1) ",
            "a\n",
            "ab. #",
        ] {
            let text = unit.repeat(size / unit.len());
            let start = Instant::now();
            let parts = split(&text, Some(English));
            assert!(
                start.elapsed() < limit,
                "{unit:?} took {:?}",
                start.elapsed()
            );
            let longest = parts.iter().map(ExactSizeIterator::len).max();
            assert!(longest <= Some(MAX), "{unit:?}: {longest:?}");
        }
    }

    fn any_text() -> impl Strategy<Value = String> {
        let words = prop::sample::select(vec![
            "The",
            " ",
            " ",
            " but ",
            ". ",
            "!",
            "?",
            "…",
            "，",
            "但是",
            "。",
            "；",
            "好",
            "แต่",
            "ดี",
            "\n",
            "😡",
            "\u{301}",
            "\u{200d}",
            "https://a.b/?c",
            "»",
            "¿",
            " mais ",
            "3.5",
            "M. ",
            "très longue phrase qui continue, ",
            "บริการดีมากๆเลย",
        ]);
        prop_oneof![
            any::<String>(),
            prop::collection::vec(words, 0..80).prop_map(|words| words.concat()),
        ]
    }

    proptest! {
        #[test]
        fn segments_cover_the_text_in_order(
            text in any_text(),
            language in prop::option::of(prop::sample::select(Language::ALL)),
        ) {
            let mut end = 0;
            for range in split(&text, language) {
                let part = text.get(range.clone());
                prop_assert!(part.is_some_and(|part| !part.is_empty() && part.trim() == part));
                prop_assert!(range.start >= end && text[end..range.start].trim().is_empty());
                prop_assert!(range.len() <= MAX);
                end = range.end;
            }
            prop_assert!(text[end..].trim().is_empty());
        }
    }
}
