//! The language of a text: by script where a script has one language
//! ([`script`](mod@script)), by the characters of one script only for Chinese
//! ([`chinese`]), by the votes of [`words`] and [`letters`] for what is in Latin
//! script ([`latin`]), and by letter statistics for the rest ([`statistics`]).

mod chinese;
mod han;
mod latin;
mod letters;
mod script;
mod statistics;
mod votes;
mod words;

use std::borrow::Cow;

use crate::language::Language;
use chinese::chinese_or_japanese;
use latin::{clearly_latin, latin};
pub(super) use script::mixes_scripts;
use script::{Counts, Script};
use statistics::by_letters;

/// A language, and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Detection {
    /// `None` where it could not be told.
    pub(crate) language: Option<Language>,
    /// From 0, a guess, to 1; 0 where the language is unknown.
    pub(crate) confidence: f32,
}

impl Detection {
    const UNKNOWN: Self = Self {
        language: None,
        confidence: 0.0,
    };

    fn new(language: Language, confidence: f32) -> Self {
        Self {
            language: Some(language),
            confidence,
        }
    }
}

/// A text tells its language long before this many bytes.
const SAMPLE: usize = 4096;

/// Detects the language most of `text` is written in.
pub(crate) fn detect(text: &str) -> Detection {
    let sample = &text[..text.floor_char_boundary(SAMPLE)];
    let prose = prose(sample);
    let counts = Counts::of(&prose);
    match counts.leader() {
        None => Detection::UNKNOWN,
        Some((Script::Only(language), share)) => Detection::new(language, share),
        Some((Script::Han | Script::Kana, share)) => chinese_or_japanese(&prose, &counts, share),
        Some((Script::Latin, _)) => latin(&prose),
        Some((script, share)) => by_letters(&prose, script, share),
    }
}

/// A part of a text in a script of its own says so in this many letters.
const CLEAR_LETTERS: u32 = 4;
/// This share of a part is written in one script.
const CLEAR_SHARE: f32 = 0.7;

/// The language that a part of a text is clearly written in, the rest being in
/// `document`; `None` where it does not clearly tell.
pub(super) fn detect_part(text: &str, document: Option<Language>) -> Option<Language> {
    let sample = &text[..text.floor_char_boundary(SAMPLE)];
    let prose = prose(sample);
    let counts = Counts::of(&prose);
    let (script, share) = counts.leader()?;
    if share < CLEAR_SHARE || counts.get(script) < CLEAR_LETTERS {
        return None;
    }
    let told = match script {
        Script::Only(language) => Some(language),
        Script::Han | Script::Kana => chinese_or_japanese(&prose, &counts, share).language,
        Script::Latin => clearly_latin(&prose, document),
        _ => by_letters(&prose, script, share).language,
    };
    told.filter(|&told| document.is_none_or(|document| !is_kin(document, told)))
}

/// Whether a part that is told as one language may well be in another, as a few
/// words of Ukrainian are as good as Russian, and Japanese without kana Chinese.
fn is_kin(document: Language, part: Language) -> bool {
    use Language::*;
    let family = |language| match language {
        Russian | Ukrainian | Belarusian | Bulgarian | Serbian | Macedonian => 1,
        Arabic | Persian | Urdu => 2,
        Hindi | Marathi | Nepali => 3,
        Hebrew | Yiddish => 4,
        ChineseSimplified | ChineseTraditional => 5,
        _ => 0,
    };
    let kin = family(part) != 0 && family(document) == family(part);
    kin || document == Japanese && part.is_chinese()
}

/// The text without addresses, mentions and tags, which are in no language.
fn prose(text: &str) -> Cow<'_, str> {
    let address = |word: &str| {
        word.starts_with(['@', '#']) || word.starts_with("www.") || word.contains("://") || {
            // An e-mail address.
            word.is_ascii() && word.contains('@')
        }
    };
    if !text.contains(['@', '#']) && !text.contains("www.") && !text.contains("://") {
        return Cow::Borrowed(text);
    }
    let kept: Vec<_> = text
        .split_whitespace()
        .filter(|word| !address(word))
        .collect();
    Cow::Owned(kept.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language::*;

    #[test]
    fn languages_are_told() {
        let cases = [
            ("The room was dirty and the staff were rude", English),
            ("La chambre était sale, accueil désagréable.", French),
            ("¡La comida estaba fría y el trato fue pésimo!", Spanish),
            ("ห้องสกปรกมาก พนักงานไม่สุภาพ", Thai),
            ("快递太慢了，客服也不理人", ChineseSimplified),
            (
                "物流太慢了，客服也不理人，還說沒辦法退貨",
                ChineseTraditional,
            ),
            ("嗰個職員冇禮貌", ChineseTraditional),
            ("Das Zimmer war schmutzig und laut", German),
            (
                "O atendimento foi péssimo e a entrega não chegou",
                Portuguese,
            ),
            ("Il servizio è pessimo, non lo consiglio", Italian),
            ("Barang bagus, pengiriman cepat", Indonesian),
            ("Giao hàng chậm quá, sản phẩm bị lỗi", Vietnamese),
            ("部屋がとても汚かったです", Japanese),
            ("방이 너무 더러웠어요", Korean),
            ("Номер был грязный, персонал грубый", Russian),
            ("الغرفة كانت متسخة والموظفون غير مهذبين", Arabic),
            ("החדר היה מלוכלך", Hebrew),
            ("Pokój był brudny, a obsługa bardzo niemiła", Polish),
            ("Odamız çok kirliydi ve personel kabaydı", Turkish),
        ];
        for (text, language) in cases {
            assert_eq!(detect(text).language, Some(language), "{text}");
        }
    }

    #[test]
    fn guests_do_not_change_the_language() {
        let cases = [
            ("iPhone 15 Pro Max 太卡了", ChineseSimplified),
            ("Samsung Galaxy Watch Ultra LTE ใช้ดีมาก", Thai),
            ("这家の店不错", ChineseSimplified),
            (
                "Lo compré ayer.\nThe Lord of the Rings: The Two Towers\nLlegó rota.",
                Spanish,
            ),
            (
                "@customer_service https://example.com/la/le/les The app crashes",
                English,
            ),
            ("We ate 小籠包 at the station and it was cold", English),
        ];
        for (text, language) in cases {
            assert_eq!(detect(text).language, Some(language), "{text}");
        }
    }

    #[test]
    fn text_without_letters_has_no_language() {
        for text in [
            "",
            "   ",
            "😡😡",
            "12.50",
            "!!!",
            "@someone",
            "https://example.com",
        ] {
            assert_eq!(detect(text), Detection::UNKNOWN, "{text:?}");
        }
    }

    #[test]
    fn a_guess_is_less_sure_than_a_sentence() {
        let pairs = [
            ("很好", "这个东西买来以后就没有用过，质量太差"),
            ("Super", "Le service est super et la livraison rapide"),
        ];
        for (short, long) in pairs {
            assert!(detect(short).confidence < 0.7, "{short}");
            assert!(detect(long).confidence > 0.7, "{long}");
        }
    }

    #[derive(serde::Deserialize)]
    struct Item {
        id: String,
        text: String,
    }

    /// The first characters of the corpus's items for choices, told right, in %:
    ///
    /// ```text
    ///            8    15    20    35   100
    /// en        88    95    98   100   100
    /// fr        88    95    98    99   100
    /// es        86    95    99    99   100
    /// th       100   100   100   100   100
    /// zh-Hans  100   100   100   100   100
    /// zh-Hant   93    98    99    99    99
    /// ```
    ///
    /// Cut in mid-word, eight letters of Latin script are two words or fewer.
    /// Traditional Chinese that is missed has no character of its own script and
    /// is called Simplified.
    #[test]
    #[ignore = "takes a minute unoptimised"]
    fn the_first_characters_tell_the_language() {
        let floors = [
            (English, [0.87, 0.94, 0.97, 0.99, 0.99]),
            (French, [0.87, 0.94, 0.97, 0.99, 0.99]),
            (Spanish, [0.85, 0.94, 0.98, 0.98, 0.99]),
            (Thai, [0.99; 5]),
            (ChineseSimplified, [0.99; 5]),
            (ChineseTraditional, [0.92, 0.97, 0.98, 0.98, 0.98]),
        ];
        for (language, floors) in floors {
            let texts: Vec<String> = ["", "-b", "-c", "-d", "-e", "-f", "-g", "-h"]
                .iter()
                .flat_map(|part| {
                    let root = env!("CARGO_MANIFEST_DIR");
                    let path = format!("{root}/data/feedback/{}{part}.jsonl", language.code());
                    let lines = std::fs::read_to_string(path).expect("a file of the repository");
                    let items = lines.lines().map(|line| {
                        serde_json::from_str::<Item>(line).expect("an item of the corpus")
                    });
                    items.collect::<Vec<_>>()
                })
                .filter(|item| item.id.ends_with('0'))
                .map(|item| item.text)
                .collect();
            for (length, floor) in [8, 15, 20, 35, 100].into_iter().zip(floors) {
                let told = texts.iter().filter(|text| {
                    let first: String = text.chars().take(length).collect();
                    detect(&first).language == Some(language)
                });
                let rate = told.count() as f64 / texts.len() as f64;
                assert!(rate >= floor, "{language}, {length} characters: {rate:.3}");
            }
        }
    }
}
