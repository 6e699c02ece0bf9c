//! Text that was damaged on its way → the text as it was written, where that
//! can be proved.
//!
//! One look at each character finds what to try; a plain text goes no further.

mod gbk;
mod latin;
mod legacy;
mod letters;
mod pinyin;

use super::trace::{Edit, TracedText};

/// What was repaired, and whether something is lost for good.
pub(super) struct Repaired {
    pub(super) text: TracedText,
    pub(super) is_damaged: bool,
}

/// Text can be read in the wrong encoding several times over.
const ROUNDS: usize = 3;

/// Repairs a text.
pub(super) fn repair(mut text: TracedText) -> Repaired {
    for _ in 0..ROUNDS {
        let signs = Signs::of(text.as_str());
        let edits = if signs.utf8_as_latin || signs.legacy_as_latin {
            read_bytes_anew(text.as_str())
        } else if signs.utf8_as_gbk {
            gbk::edits(text.as_str())
        } else {
            Vec::new()
        };
        if edits.is_empty() {
            break;
        }
        text = text.rewrite(edits);
    }
    let signs = Signs::of(text.as_str());
    let mut is_damaged = signs.lost || signs.question && gbk::is_shifted(text.as_str());
    if signs.pinyin {
        is_damaged |= pinyin::is_damaged(text.as_str());
        text = rewrite(text, pinyin::edits);
    }
    if signs.odd_letters {
        text = rewrite(text, letters::fold);
    }
    if signs.spaced {
        text = rewrite(text, letters::join);
    }
    Repaired { text, is_damaged }
}

/// Where nearly all beyond ASCII is UTF-8, that is no chance; else other
/// encodings are asked first, as each of their pairs may look like UTF-8.
fn read_bytes_anew(text: &str) -> Vec<Edit> {
    let utf8 = latin::edits(text);
    let high = |text: &str| {
        text.chars()
            .filter(|&char| latin::byte(char).is_some())
            .count()
    };
    let covered: usize = utf8
        .iter()
        .map(|edit| high(&text[edit.range.clone()]))
        .sum();
    if covered * 10 >= high(text) * 9 {
        return utf8;
    }
    let legacy = legacy::edits(text);
    if legacy.is_empty() { utf8 } else { legacy }
}

fn rewrite(text: TracedText, layer: impl Fn(&str) -> Vec<Edit>) -> TracedText {
    let edits = layer(text.as_str());
    text.rewrite(edits)
}

/// What the characters of a text make worth trying.
#[derive(Default)]
struct Signs {
    utf8_as_latin: bool,
    legacy_as_latin: bool,
    utf8_as_gbk: bool,
    /// A bracket or question mark right after a Chinese character, with a Latin letter behind it.
    pinyin: bool,
    /// A question mark between Chinese characters.
    question: bool,
    /// Letters of other scripts within words, or of styles instead of fonts.
    odd_letters: bool,
    /// Single letters between spaces.
    spaced: bool,
    /// Characters that stand for lost ones.
    lost: bool,
}

impl Signs {
    fn of(text: &str) -> Self {
        let mut signs = Self {
            spaced: letters::has_spaced(text.as_bytes()),
            ..Self::default()
        };
        if text.is_ascii() {
            return signs;
        }
        let (mut before, mut last) = ('\0', '\0');
        // Characters of Latin-1 in a row that are not ASCII.
        let mut high = 0_usize;
        for char in text.chars() {
            if char.is_ascii() {
                high = 0;
                signs.question |= is_han(last) && char == '?';
                signs.pinyin |=
                    is_han(before) && matches!(last, '(' | '?') && char.is_ascii_alphabetic();
                signs.odd_letters |= char.is_ascii_alphabetic() && letters::is_lookalike(last);
            } else if let Some(byte) = latin::byte(char) {
                high += 1;
                signs.legacy_as_latin |= high >= 4;
                let lead = latin::byte(last).is_some_and(|byte| byte >= 0xC2);
                signs.utf8_as_latin |= lead && (0x80..=0xBF).contains(&byte);
                signs.pinyin |= is_han(before) && matches!(last, '(' | '?');
            } else {
                high = 0;
                signs.utf8_as_gbk |= gbk::may_start(char);
                signs.lost |= matches!(char, '\u{FFFD}' | '锟');
                signs.odd_letters |= letters::is_styled(char)
                    || last.is_ascii_alphabetic() && letters::is_lookalike(char);
                signs.pinyin |= is_han(before) && matches!(last, '(' | '?') && char < '\u{200}';
            }
            (before, last) = (last, char);
        }
        signs
    }
}

fn is_han(char: char) -> bool {
    matches!(char, '\u{4E00}'..='\u{9FFF}')
}

/// Whether a character belongs to what people write in.
fn is_plausible(char: char) -> bool {
    matches!(u32::from(char),
        0x80..=0x17F | 0x192 | 0x2C6 | 0x2DC | 0x370..=0x3FF | 0x400..=0x45F | 0x490..=0x491
        | 0x5D0..=0x5EA | 0x60C..=0x6D3 | 0x900..=0x97F | 0xE01..=0xE5B | 0x1E00..=0x1EFF
        | 0x200B..=0x200F | 0x2010..=0x2044 | 0x20A0..=0x20BF | 0x2100..=0x214F
        | 0x2190..=0x23FF | 0x2460..=0x24FF | 0x2500..=0x27BF | 0x2B00..=0x2BFF
        | 0x3000..=0x30FF | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3 | 0xFE0F | 0xFEFF
        | 0xFF01..=0xFFEF | 0x1F000..=0x1FAFF)
}

/// Whether a Chinese character is among the common ones: the first levels of
/// GB 2312 (3755 characters) and of Big5 (5401).
fn is_common_han(char: char) -> bool {
    let mut bytes = [0; 4];
    let char = &*char.encode_utf8(&mut bytes);
    let within = |encoding: &'static encoding_rs::Encoding, leads: std::ops::RangeInclusive<u8>| {
        let (bytes, _, failed) = encoding.encode(char);
        !failed
            && matches!(*bytes, [lead, trail] if leads.contains(&lead) && (trail >= 0xA1 || leads.contains(&0xA4)))
    };
    within(encoding_rs::GBK, 0xB0..=0xD7) || within(encoding_rs::BIG5, 0xA4..=0xC6)
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, Encoding, GBK, WINDOWS_874, WINDOWS_1252};
    use proptest::prelude::*;

    use super::*;
    use crate::prepare::testing::assert_linear;

    fn repaired(text: &str) -> String {
        repair(TracedText::new(text)).text.as_str().to_owned()
    }

    /// `text` written in one encoding and read in another.
    fn misread(text: &str, written: &'static Encoding, read: &'static Encoding) -> String {
        read.decode_without_bom_handling(&written.encode(text).0)
            .0
            .into_owned()
    }

    /// Texts of customers, in several scripts.
    const TEXTS: [&str; 8] = [
        "La chambre était très sale, à éviter… « jamais » plus",
        "¡Pésimo! El niño no comió, ¿qué pasó?",
        "don’t buy it – “never” again…",
        "客服态度很差，等了一个小时，再也不来了。",
        "服務人員很親切，但是等了一個小時才有位子。",
        "ของมาส่งช้ามาก พนักงานพูดจาไม่ดีเลย",
        "Цена высокая, обслуживание плохое",
        "très déçu 😡 de l’accueil",
    ];

    #[test]
    fn utf8_read_in_a_latin_encoding_is_read_back() {
        for text in TEXTS {
            let utf8 = encoding_rs::UTF_8;
            let once = misread(text, utf8, WINDOWS_1252);
            assert_eq!(repaired(&once), text, "once");
            let twice = misread(&once, utf8, WINDOWS_1252);
            assert_eq!(repaired(&twice), text, "twice");
        }
    }

    #[test]
    fn chinese_and_thai_encodings_are_read_back() {
        let cases = [
            (TEXTS[3], GBK),
            (TEXTS[4], BIG5),
            (TEXTS[5], WINDOWS_874),
            ("iPhone 15 太卡了，价格3000元，不值得", GBK),
            ("質量太差了，用了兩天就壞了，退貨", BIG5),
            ("ร้านนี้ไม่อร่อยเลย ราคา 200 บาท", WINDOWS_874),
        ];
        for (text, encoding) in cases {
            assert_eq!(repaired(&misread(text, encoding, WINDOWS_1252)), text);
        }
    }

    #[test]
    fn utf8_read_as_gbk_is_read_back() {
        let cases = [
            ("it鈥檚 bad", "it’s bad"),
            ("don鈥檛 buy", "don’t buy"),
            ("浣犲ソ", "你好"),
        ];
        for (text, expected) in cases {
            assert_eq!(repaired(text), expected);
        }
        for text in [
            "客服态度很差",
            "这家酒店的房间很脏。",
            "再也不来了",
            "質量太差",
        ] {
            let damaged = misread(text, encoding_rs::UTF_8, GBK);
            let back = repaired(&damaged);
            let kept = text.chars().count() - 1;
            let expected: String = text.chars().take(kept).collect();
            assert!(back.starts_with(&expected), "{damaged}: {back}");
        }
    }

    #[test]
    fn right_text_is_left_alone() {
        let cases = [
            "« café » et « thé\u{a0}» à 5\u{a0}€",
            "«AMANHû, “MANHÔ",
            "SÍÍÍÍÍÍ ÑÑÑÑ ¡¡¡¡ ¿¿¿¿ éèàùç ÄÖÜß",
            "Größe, Straße, naïve, œuvre, Škoda, năm",
            "联通 微软 真的??我不信?。好",
            "(好) 重庆 (Chongqing) 體驗(a) 很好(ok)",
            "銀行櫃員鑽鐵錢鈥",
            "Привет, мир; Καλημέρα; α-test, β版, Δt",
            "Plan A B C D and I a m",
            "日本語のテスト、한국어 테스트",
            "ｶﾅ 全角！？",
        ];
        for text in cases {
            assert_eq!(repaired(text), text);
        }
    }

    #[test]
    fn leftovers_of_conversion_are_dropped() {
        let cases = [
            ("體驗(yàn)很差，競爭(zhēng)激烈", "體驗很差，競爭激烈"),
            ("時(shí)間(jiān)和他們(men)", "時間和他們"),
            ("他們(men)", "他們(men)"),
            ("很好(lü)", "很好(lü)"),
            ("tеrrіblе sеrvісе", "terrible service"),
            ("ｇｏｏｄ １００ 𝓫𝓪𝓭 𝟏𝟎", "good １００ bad 10"),
            ("it was s l o w and r u d e!", "it was slow and rude!"),
        ];
        for (text, expected) in cases {
            assert_eq!(repaired(text), expected);
        }
    }

    #[test]
    fn what_is_lost_is_marked() {
        let cases = [
            ("锟斤拷锟斤拷 房间", true),
            ("caf\u{fffd} froid", true),
            ("易于獲?。嚎蛻艨梢暂p松獲取", true),
            ("確??缢星赖馁徺I體驗", true),
            ("因?yàn)?很差", true),
            ("真的??我不信，好吗??我觉得很好", false),
            ("客服好差?。我想要退货", false),
            ("très déçu", false),
        ];
        for (text, expected) in cases {
            assert_eq!(repair(TracedText::new(text)).is_damaged, expected, "{text}");
        }
    }

    #[test]
    fn huge_texts_take_linear_time() {
        let units = [
            "Ã",
            "Ã©",
            "é\u{a0}»",
            "鈥",
            "浣犲ソ",
            "ÄãºÃ",
            "¤å",
            "(",
            "好(",
            "好?",
            "a ",
            "𝓫",
            "а",
            "aа",
            "?",
        ];
        assert_linear(&units, |text| drop(repaired(text)));
    }

    proptest! {
        #[test]
        fn any_text_keeps_its_way_back(
            parts in prop::collection::vec(prop::sample::select(vec![
                "Ã", "©", "â", "€", "™", "é", "\u{a0}", "»", "鈥", "檚", "浣", "犲", "ソ", "Ä", "ã", "º",
                "¤", "å", "好", "(", "yàn", ")", "?", "。", "嚎", "蛻", "a ", "b ", "𝓫", "а", "x", "ｇ",
                "😡", "ก", "\u{fffd}",
            ]), 0..30),
        ) {
            let text = parts.concat();
            let repaired = repair(TracedText::new(&text)).text;
            let mut last = 0;
            for (start, char) in repaired.as_str().char_indices() {
                let span = repaired.original(start..start + char.len_utf8());
                prop_assert!(text.get(span.range()).is_some());
                prop_assert!(last <= span.end());
                last = span.end();
            }
        }
    }
}
