//! Phone numbers that are spelled out in words, as in transcripts:
//! `oh double seven hundred, nine hundred, seven three four`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::lists::Fnv;
use super::{Found, PersonalDataKind};

/// Words for digits needed before a run of them is a phone number. House numbers
/// and prices have fewer.
const FEWEST: usize = 7;

/// Words that make up numbers in languages with spaces.
#[rustfmt::skip] // lists to be read and added to
const WORDS: &[&[&str]] = &[
    &["oh", "zero", "nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
      "double", "triple", "treble", "hundred", "ten", "eleven", "twelve", "twenty", "thirty", "forty",
      "fifty", "sixty", "seventy", "eighty", "ninety", "plus"],
    &["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
      "douze", "treize", "quatorze", "quinze", "seize", "vingt", "vingts", "trente", "quarante",
      "cinquante", "soixante", "septante", "nonante", "huitante", "octante", "cent", "et", "plus"],
    &["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once",
      "doce", "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve",
      "veinte", "veintiuno", "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis",
      "veintisiete", "veintiocho", "veintinueve", "treinta", "cuarenta", "cincuenta", "sesenta",
      "setenta", "ochenta", "noventa", "cien", "ciento", "doscientos", "trescientos", "cuatrocientos",
      "quinientos", "seiscientos", "setecientos", "ochocientos", "novecientos", "y", "más", "doble"],
];

/// Words that stand within numbers and never begin or end one.
const LINKS: &[&str] = &["et", "y"];

const THAI: &[&str] = &[
    "ศูนย์",
    "หนึ่ง",
    "สอง",
    "สาม",
    "สี่",
    "ห้า",
    "หก",
    "เจ็ด",
    "แปด",
    "เก้า",
    "สิบ",
    "ยี่",
];

#[derive(Clone, Debug)]
pub(super) struct Finder {
    /// The languages of each word, a bit each.
    words: HashMap<&'static str, u8, BuildHasherDefault<Fnv>>,
}

/// Words for numbers that follow each other.
#[derive(Clone, Copy)]
struct Words {
    language: usize,
    start: usize,
    /// Where the last number ends, and the last word of all.
    end: usize,
    reach: usize,
    count: usize,
}

impl Finder {
    pub(super) fn new() -> Self {
        let mut words = HashMap::default();
        for (language, list) in WORDS.iter().enumerate() {
            for word in *list {
                *words.entry(*word).or_default() |= 1 << language;
            }
        }
        Self { words }
    }

    pub(super) fn find(&self, text: &str, found: &mut Found) {
        self.spaced(text, found);
        if !text.is_ascii() {
            chinese(text, found);
            thai(text, found);
        }
    }

    fn spaced(&self, text: &str, found: &mut Found) {
        let mut run: Option<Words> = None;
        for (start, word) in words(text) {
            let reach = start + word.len();
            // No word for a number is longer.
            let lower = match word.len() {
                1..=16 if word.contains(char::is_uppercase) => Cow::from(word.to_lowercase()),
                1..=16 => word.into(),
                _ => "".into(),
            };
            let lower = &*lower;
            let languages = self.words.get(lower).copied().unwrap_or(0);
            let has = |language: usize| languages & 1 << language != 0;
            let link = LINKS.contains(&lower);
            let follows = |run: &&mut Words| has(run.language) && is_gap(&text[run.reach..start]);
            if let Some(run) = run.as_mut().filter(follows) {
                run.reach = reach;
                if !link {
                    run.end = reach;
                    run.count += 1;
                }
                continue;
            }
            close(run.take(), found);
            let language = (0..WORDS.len()).find(|&language| !link && has(language));
            run = language.map(|language| Words {
                language,
                start,
                end: reach,
                reach,
                count: 1,
            });
        }
        close(run, found);
    }
}

fn is_gap(between: &str) -> bool {
    between.len() <= 4
        && between
            .chars()
            .all(|c| matches!(c, ' ' | ',' | '-' | '.' | '…'))
}

fn close(run: Option<Words>, found: &mut Found) {
    if let Some(run) = run.filter(|run| run.count >= FEWEST) {
        found.push(PersonalDataKind::Phone, run.start, run.end);
    }
}

fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !super::person::is_spaced_letter(c))
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// `幺三八，零零五七，幺九六二`: single digits, and now and then a hundred.
fn chinese(text: &str, found: &mut Found) {
    let is_digit =
        |c: char| "零〇一二三四五六七八九幺兩两洞拐勾壹贰貳叁參肆伍陆陸柒捌玖".contains(c);
    let links = |c: char| "，、,- 百十".contains(c);
    let mut from = 0;
    while let Some(at) = text[from..].find(is_digit) {
        let start = from + at;
        let rest = &text[start..];
        let end = rest
            .find(|c| !is_digit(c) && !links(c))
            .unwrap_or(rest.len());
        let run = rest[..end].trim_end_matches(|c| "，、,- ".contains(c));
        let digits = run.chars().filter(|&c| is_digit(c)).count();
        // Numerals in a row count up: `一二三四五六七`, and lists have their commas.
        let commas = run.chars().filter(|c| "，、,".contains(*c)).count();
        // Hong Kong has numbers of eight digits, and none begins with a zero.
        let long = digits > 8 || digits == 8 && !run.starts_with(['零', '〇']);
        if long && commas * 2 < digits && !run.starts_with("一二三四") {
            found.push(PersonalDataKind::Phone, start, start + run.len());
        }
        from = start + end.max(1);
    }
}

fn thai(text: &str, found: &mut Found) {
    let mut from = 0;
    while let Some(at) = text[from..].find("ศูนย์") {
        let start = from + at;
        let (mut end, mut count) = (start, 0);
        loop {
            let rest = text[end..].trim_start_matches([' ', ',', '-']);
            let Some(word) = THAI.iter().find(|word| rest.starts_with(**word)) else {
                break;
            };
            end = text.len() - rest.len() + word.len();
            count += 1;
        }
        if count >= FEWEST {
            found.push(PersonalDataKind::Phone, start, end);
        }
        from = end;
    }
}

#[cfg(test)]
mod tests {
    use crate::redact::tests::REDACTOR;

    #[test]
    fn spelled_numbers_are_found() {
        let redactor = &*REDACTOR;
        for (text, redacted) in [
            (
                "it's oh seven, double four three, two one six five.",
                "it's [PHONE].",
            ),
            (
                "zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit",
                "[PHONE]",
            ),
            (
                "al seis uno dos, treinta y cuatro, cinco seis siete",
                "al [PHONE]",
            ),
            ("我电话幺三八，零零五七，幺九六二。", "我电话[PHONE]。"),
            ("เบอร์ ศูนย์แปดหนึ่ง สองสามสี่ ห้าหกเจ็ดแปด ค่ะ", "เบอร์ [PHONE] ค่ะ"),
            (
                "two or three days, one box, nine men",
                "two or three days, one box, nine men",
            ),
            (
                "等了三四十分钟，一二三四五六七",
                "等了三四十分钟，一二三四五六七",
            ),
            ("ศูนย์บริการสองแห่ง", "ศูนย์บริการสองแห่ง"),
        ] {
            assert_eq!(redactor.redact(text), redacted);
        }
    }
}
