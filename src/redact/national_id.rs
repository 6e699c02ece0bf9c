//! National identity, tax and insurance numbers, by their check digits where
//! they have any.

use std::ops::Range;

use regex::Regex;

use super::digits;
use super::phone::{stands_free, tail};
use super::{Found, PersonalDataKind};

/// A form of number, and what its letters and digits must satisfy.
struct Rule {
    pattern: &'static str,
    is_right: fn(&[u8]) -> bool,
}

/// How far before a number the words of [`ID_WORDS`] may stand, in characters.
const BEFORE: usize = 24;

#[rustfmt::skip] // one rule to be read as one
const RULES: &[Rule] = &[
    // China: resident identity card, GB 11643.
    Rule { pattern: r"[1-9][0-9]{5} ?(?:19|20)[0-9]{2} ?[0-9]{4} ?[0-9]{3}[0-9Xx]", is_right: china },
    // Taiwan: identity card and resident certificate.
    Rule { pattern: r"[A-Za-z][12890][0-9]{8}", is_right: taiwan },
    // Hong Kong: identity card.
    Rule { pattern: r"[A-Za-z]{1,2}[0-9]{6} ?[(（]?[0-9Aa][)）]?", is_right: hong_kong },
    // France: social security number, with or without its key.
    Rule { pattern: r"[12][ .\u{a0}\u{202f}]?[0-9]{2}[ .\u{a0}\u{202f}]?(?:0[1-9]|1[0-2]|[2-9][0-9])[ .\u{a0}\u{202f}]?(?:[0-9]{2}|2[ABab])[ .\u{a0}\u{202f}]?[0-9]{3}[ .\u{a0}\u{202f}]?[0-9]{3}[ .\u{a0}\u{202f}]?[0-9]{2}", is_right: france },
    // Spain: identity card and foreigner's number.
    Rule { pattern: r"(?:[0-9]{8}|[0-9]{1,2}[. ][0-9]{3}[. ][0-9]{3}|[XYZxyz][- .]?[0-9]{7})[- ]?[A-Za-z]", is_right: spain },
    // Mexico: population register and tax number of a person.
    Rule { pattern: r"[A-Za-z]{4}[0-9]{6}[HMXhmx][A-Za-z]{5}[0-9A-Za-z][0-9]", is_right: mexico },
    Rule { pattern: r"[A-Za-z]{4}[0-9]{6}[0-9A-Za-z]{3}", is_right: mexico },
    // Thailand: identity card.
    Rule { pattern: r"[0-9][- ]?[0-9]{4}[- ]?[0-9]{5}[- ]?[0-9]{2}[- ]?[0-9]", is_right: thailand },
    Rule { pattern: r"[๐-๙][- ]?[๐-๙]{4}[- ]?[๐-๙]{5}[- ]?[๐-๙]{2}[- ]?[๐-๙]", is_right: thailand },
    // United States: social security number.
    Rule { pattern: r"[0-9]{3}-[0-9]{2}-[0-9]{4}", is_right: united_states },
    // United Kingdom: national insurance number.
    Rule { pattern: r"[A-Za-z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-Da-d]", is_right: united_kingdom },
];

/// Words before a number that is one of these although its check digit is wrong,
/// as in a slip of the pen.
#[rustfmt::skip] // lists to be read and added to
const ID_WORDS: &[&str] = &[
    "身份证", "身分證", "身份證", "证件号", "證件號", "national insurance", "ni number", "social security number",
    "ssn", "sécurité sociale", "n° sécu", "numéro de sécu", "dni", "nie ", "curp", "rfc", "hkid", "บัตรประชาชน",
    "เลขประจำตัวประชาชน",
];

#[derive(Clone, Debug)]
pub(super) struct Finder {
    patterns: Vec<Regex>,
}

impl Finder {
    pub(super) fn new() -> Self {
        let patterns = RULES.iter().map(|rule| Regex::new(rule.pattern));
        Self {
            patterns: patterns
                .map(|pattern| pattern.expect("a pattern of ours"))
                .collect(),
        }
    }

    pub(super) fn find(&self, text: &str, found: &mut Found) {
        for near in digits::near(text) {
            for (pattern, rule) in self.patterns.iter().zip(RULES) {
                find_near(pattern, rule, text, near.clone(), found);
            }
        }
    }
}

/// Finds the numbers of one form in a part of `text` that has enough digits.
fn find_near(pattern: &Regex, rule: &Rule, text: &str, near: Range<usize>, found: &mut Found) {
    let part = &text[near.clone()];
    let mut from = 0;
    while let Some(number) = pattern.find_at(part, from) {
        let code: Vec<u8> = number.as_str().chars().filter_map(plain).collect();
        let (start, end) = (near.start + number.start(), near.start + number.end());
        let free = stands_free(text, start, end);
        if free && ((rule.is_right)(&code) || is_announced(&text[..start])) {
            found.push(PersonalDataKind::NationalId, start, end);
            from = number.end();
        } else {
            // Another may begin within this one, but not within its first word.
            let rest = &part[number.start()..];
            let word = rest.find(|c| plain(c).is_none());
            from = number.start() + word.unwrap_or(rest.len());
        }
    }
}

/// Letters in upper case and digits of any script; nothing else.
fn plain(character: char) -> Option<u8> {
    match character {
        '๐'..='๙' => Some((u32::from(character) - u32::from('๐')) as u8 + b'0'),
        _ if character.is_ascii_alphanumeric() => Some(character.to_ascii_uppercase() as u8),
        _ => None,
    }
}

fn is_announced(before: &str) -> bool {
    let before = tail(before, BEFORE).to_lowercase();
    ID_WORDS.iter().any(|word| before.contains(word))
}

fn digit(code: u8) -> u32 {
    char::from(code).to_digit(36).unwrap_or(0)
}

fn weighted(code: &[u8], weights: &[u32]) -> u32 {
    code.iter()
        .zip(weights)
        .map(|(&code, weight)| digit(code) * weight)
        .sum()
}

fn china(code: &[u8]) -> bool {
    let sum = weighted(code, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    code[17] == b"10X98765432"[sum as usize % 11]
}

fn taiwan(code: &[u8]) -> bool {
    // The letters stand for places in the order of their registration.
    let places = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let place = places.iter().position(|&letter| letter == code[0]);
    place.is_some_and(|place| {
        let place = place as u32 + 10;
        let sum = place / 10 + place % 10 * 9 + weighted(&code[1..], &[8, 7, 6, 5, 4, 3, 2, 1, 1]);
        sum.is_multiple_of(10)
    })
}

fn hong_kong(code: &[u8]) -> bool {
    // A number of one letter counts as if a space stood before it, which is 36.
    let (body, check) = code.split_at(code.len() - 1);
    let sum = match body.len() {
        7 => 36 * 9 + weighted(body, &[8, 7, 6, 5, 4, 3, 2]),
        _ => weighted(body, &[9, 8, 7, 6, 5, 4, 3, 2]),
    };
    (sum + digit(check[0])).is_multiple_of(11)
}

fn france(code: &[u8]) -> bool {
    let mut number: u64 = 0;
    for &code in &code[..13] {
        // Corsica's departments count as 19 and 18.
        let value = match code {
            b'A' | b'B' => 0,
            code => u64::from(digit(code)),
        };
        number = number * 10 + value;
    }
    let number = match code[6] {
        b'A' => number - 1_000_000,
        b'B' => number - 2_000_000,
        _ => number,
    };
    97 - number % 97 == u64::from(digit(code[13]) * 10 + digit(code[14]))
}

fn spain(code: &[u8]) -> bool {
    let (body, letter) = code.split_at(code.len() - 1);
    let number = body.iter().fold(0, |number, &code| {
        number * 10
            + match code {
                b'X'..=b'Z' => u32::from(code - b'X'),
                code => digit(code),
            }
    });
    letter[0] == b"TRWAGMYFPDXBNJZSQVHLCKE"[number as usize % 23]
}

/// The last digits of the Mexican numbers are not always made by the rule, so
/// the date of birth in them must do.
fn mexico(code: &[u8]) -> bool {
    let month = digit(code[6]) * 10 + digit(code[7]);
    let day = digit(code[8]) * 10 + digit(code[9]);
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn thailand(code: &[u8]) -> bool {
    let sum = weighted(code, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    code[0] != b'0' && (11 - sum % 11) % 10 == digit(code[12])
}

fn united_states(code: &[u8]) -> bool {
    let area = &code[..3];
    !(area == b"000"
        || area == b"666"
        || area[0] == b'9'
        || &code[3..5] == b"00"
        || &code[5..] == b"0000")
}

fn united_kingdom(code: &[u8]) -> bool {
    let (first, second) = (code[0], code[1]);
    let never = [b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"];
    !b"DFIQUV".contains(&first)
        && !b"DFIQUVO".contains(&second)
        && !never.contains(&&[first, second])
}

#[cfg(test)]
mod tests {
    use crate::redact::tests::REDACTOR;

    #[test]
    fn check_digits_decide() {
        let redactor = &*REDACTOR;
        for (right, wrong) in [
            ("11010519491231002X", "110105194912310021"),
            ("A123456789", "A123456788"),
            ("A123456(3)", "A123456(4)"),
            ("AB987654(3)", "AB987654(4)"),
            ("2 55 08 14 168 025 38", "2 55 08 14 168 025 39"),
            ("1 84 12 2A 451 089 33", "1 84 12 2A 451 089 34"),
            ("12345678Z", "12345678A"),
            ("X1234567L", "X1234567M"),
            ("GOMC800101HDFMRS05", "GOMC801301HDFMRS05"),
            ("GOMC800101AB3", "GOMC801301AB3"),
            ("1-1017-00230-70-8", "1-1017-00230-70-5"),
            ("๑-๑๐๑๗-๐๐๒๓๐-๗๐-๘", "๑-๑๐๑๗-๐๐๒๓๐-๗๐-๕"),
            ("123-45-6789", "666-45-6789"),
            ("AB123456C", "BG123456C"),
        ] {
            for (number, is_right) in [(right, true), (wrong, false)] {
                let text = format!("x {number} 是");
                let is_found = redactor.find(&text).iter().any(|data| {
                    data.kind == super::PersonalDataKind::NationalId
                        && data.span.of(&text) == number
                });
                assert_eq!(is_found, is_right, "{number}");
            }
        }
    }

    #[test]
    fn an_announced_number_may_have_a_slip() {
        let redactor = &*REDACTOR;
        assert_eq!(
            redactor.redact("身份证号110105194912310021"),
            "身份证号[ID]"
        );
    }
}
