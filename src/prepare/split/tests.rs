use proptest::prelude::*;

use super::*;
use crate::language::Language::*;
use crate::prepare::testing::assert_linear;

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
    let units = [
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
    ];
    assert_linear(&units, |text| {
        let parts = split(text, Some(English));
        let longest = parts.iter().map(ExactSizeIterator::len).max();
        assert!(longest <= Some(MAX), "{longest:?}");
    });
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
