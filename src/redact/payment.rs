//! Numbers of payment cards and international bank accounts.

use regex::Regex;

use super::digits::Run;
use super::{Found, PersonalDataKind};

/// Countries with the length of their account numbers (SWIFT's IBAN registry).
#[rustfmt::skip] // a list to be read and added to
const COUNTRIES: [(&str, usize); 77] = [
    ("AD", 24), ("AE", 23), ("AL", 28), ("AT", 20), ("AZ", 28), ("BA", 20), ("BE", 16), ("BG", 22),
    ("BH", 22), ("BR", 29), ("BY", 28), ("CH", 21), ("CR", 22), ("CY", 28), ("CZ", 24), ("DE", 22),
    ("DK", 18), ("DO", 28), ("EE", 20), ("EG", 29), ("ES", 24), ("FI", 18), ("FO", 18), ("FR", 27),
    ("GB", 22), ("GE", 22), ("GI", 23), ("GL", 18), ("GR", 27), ("GT", 28), ("HR", 21), ("HU", 28),
    ("IE", 22), ("IL", 23), ("IQ", 23), ("IS", 26), ("IT", 27), ("JO", 30), ("KW", 30), ("KZ", 20),
    ("LB", 28), ("LC", 32), ("LI", 21), ("LT", 20), ("LU", 20), ("LV", 21), ("LY", 25), ("MC", 27),
    ("MD", 24), ("ME", 22), ("MK", 19), ("MN", 20), ("MR", 27), ("MT", 31), ("MU", 30), ("NI", 28),
    ("NL", 18), ("NO", 15), ("PK", 24), ("PL", 28), ("PS", 29), ("PT", 25), ("QA", 29), ("RO", 24),
    ("RS", 22), ("SA", 24), ("SC", 31), ("SD", 18), ("SE", 24), ("SI", 19), ("SK", 24), ("SM", 27),
    ("TN", 24), ("TR", 26), ("UA", 29), ("VA", 22), ("VG", 24),
];

/// Groups that the number of a card is written in at most.
const MOST_GROUPS: usize = 6;

#[derive(Clone, Debug)]
pub(super) struct Finder {
    iban: Regex,
}

impl Finder {
    pub(super) fn new() -> Self {
        let iban = r"(?-u:\b)[A-Za-z]{2}[0-9]{2}(?:[ \u{a0}\u{202f}-]?[A-Za-z0-9]){11,30}";
        Self {
            iban: Regex::new(iban).expect("a pattern of ours"),
        }
    }

    /// Bank accounts: ISO 13616.
    pub(super) fn find(&self, text: &str, found: &mut Found) {
        let mut from = 0;
        while let Some(candidate) = self.iban.find_at(text, from) {
            let end = iban_length(candidate.as_str());
            from = candidate.start() + end.unwrap_or(4);
            if end.is_some() {
                found.push(PersonalDataKind::Iban, candidate.start(), from);
            }
        }
    }
}

/// Bytes of `candidate` that are an IBAN; words may follow it.
fn iban_length(candidate: &str) -> Option<usize> {
    let country = candidate[..2].to_ascii_uppercase();
    let (_, length) = COUNTRIES.iter().find(|(code, _)| *code == country)?;
    let characters = candidate.char_indices();
    let mut code = characters.filter(|(_, character)| character.is_ascii_alphanumeric());
    let (last, _) = code.clone().nth(length - 1)?;
    // Its first four characters move to the end, its letters are 10 to 35, and the
    // remainder by 97 is 1.
    let head: Vec<_> = code.by_ref().take(4).collect();
    let remainder = code
        .take(length - 4)
        .chain(head)
        .fold(0, |remainder, (_, character)| {
            let value = character.to_digit(36).unwrap_or(0);
            (remainder * if value > 9 { 100 } else { 10 } + value) % 97
        });
    (remainder == 1).then_some(last + 1)
}

/// Cards: 13 to 19 digits of a known network, the last by Luhn's formula.
pub(super) fn cards(runs: &[Run], text: &str, found: &mut Found) {
    for run in runs {
        let mut first = 0;
        while first < run.len() {
            let last = (first..run.len().min(first + MOST_GROUPS))
                .rev()
                .find(|&last| {
                    let digits: String = run[first..=last]
                        .iter()
                        .map(|g| g.digits.as_str())
                        .collect();
                    is_card(&digits)
                        && super::phone::stands_free(
                            text,
                            run[first].range.start,
                            run[last].range.end,
                        )
                });
            if let Some(last) = last {
                let (start, end) = (run[first].range.start, run[last].range.end);
                found.push(PersonalDataKind::Card, start, end);
            }
            first = last.unwrap_or(first) + 1;
        }
    }
}

fn is_card(digits: &str) -> bool {
    let network = match digits.as_bytes() {
        // American Express, Diners Club, JCB.
        [b'3', b'4' | b'7', ..] => digits.len() == 15,
        [b'3', b'0' | b'6' | b'8' | b'9', ..] => digits.len() == 14,
        [b'3', b'5', ..] => digits.len() == 16,
        // Visa.
        [b'4', ..] => matches!(digits.len(), 13 | 16 | 19),
        // Mastercard.
        [b'5', b'1'..=b'5', ..] | [b'2', b'2'..=b'7', ..] => digits.len() == 16,
        // UnionPay, Discover, Maestro; debit cards of Chinese banks have up to 19.
        [b'5' | b'6', ..] => (16..=19).contains(&digits.len()),
        _ => false,
    };
    network && luhn(digits) && digits.bytes().any(|digit| digit != digits.as_bytes()[0])
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(
            |(place, digit)| match (place % 2, u32::from(digit - b'0')) {
                (0, digit) => digit,
                (_, digit) => digit * 2 / 10 + digit * 2 % 10,
            },
        )
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use crate::redact::tests::REDACTOR;

    #[test]
    fn check_digits_decide() {
        let redactor = &*REDACTOR;
        for (text, redacted) in [
            ("card 4111 1111 1111 1111 ok", "card [CARD] ok"),
            ("card 4111 1111 1111 1112 ok", "card 4111 1111 1111 1112 ok"),
            ("我的卡5555-5555-5555-4444被刷", "我的卡[CARD]被刷"),
            ("บัตร 378282246310005 ครับ", "บัตร [CARD] ครับ"),
            ("4111111111111111", "[CARD]"),
            ("SKU4111111111111111", "SKU4111111111111111"),
            ("pay GB82 WEST 1234 5698 7654 32 today", "pay [IBAN] today"),
            ("pay gb82west12345698765432.", "pay [IBAN]."),
            (
                "pay GB82 WEST 1234 5698 7654 33 today",
                "pay GB82 WEST 1234 5698 7654 33 today",
            ),
            ("退到DE89 3704 0044 0532 0130 00吧", "退到[IBAN]吧"),
            ("FR1420041010050500013M02606", "[IBAN]"),
        ] {
            assert_eq!(redactor.redact(text), redacted);
        }
    }
}
