//! Phone numbers: by their form, and by the words before them.

use std::ops::Range;

use super::digits::{Group, Run};
use super::{Found, PersonalDataKind};
use cues::Cues;

mod cues;

/// Groups that a phone number is written in at most.
const MOST_GROUPS: usize = 8;

/// Single digits with spaces between them that a phone number is written in at most.
const MOST_SINGLE: usize = 12;

/// Codes of countries that people write before a number without a `+`.
const CODES: &[&str] = &[
    "852", "853", "886", "86", "65", "66", "60", "81", "82", "91", "33", "32", "41", "34", "44",
    "49", "39", "351", "353", "52", "54", "56", "57", "51", "61", "64",
];

/// Words between a number and its extension.
const EXTENSION: &[&str] = &[
    "ext.",
    "ext",
    "extension",
    "extensión",
    "poste",
    "x",
    "转",
    "轉",
    "分机",
    "分機",
    "內線",
    "内线",
    "ต่อ",
    "#",
];

/// Finds the phone numbers of `runs`.
pub(super) fn find(runs: &[Run], text: &str, found: &mut Found) {
    for run in runs {
        // A row of single digits is a number only as a whole: `1 3 8 0 0 5 7 1 2 6 6`
        let single = run.iter().all(|group| group.digits.len() == 1);
        if single && run.len() > MOST_SINGLE {
            continue;
        }
        let most = if single { MOST_SINGLE } else { MOST_GROUPS };
        let mut first = 0;
        while first < run.len() {
            let lasts = first..run.len().min(first + most);
            let last = lasts.rev().find(|&last| {
                let groups = &run[first..=last];
                // The short form of Hong Kong is a part of many longer codes.
                let digits: usize = groups.iter().map(|group| group.digits.len()).sum();
                (digits > 8 || groups.len() == run.len()) && is_phone(groups, text)
            });
            if let Some(last) = last {
                let start = opened(text, run[first].range.start);
                let end = extended(text, closed(text, start, run[last].range.end));
                found.push(PersonalDataKind::Phone, start, end);
            }
            first = last.unwrap_or(first) + 1;
        }
    }
}

/// Whether no letter, digit or sign joins the range to a longer code.
pub(super) fn stands_free(text: &str, start: usize, end: usize) -> bool {
    let joins =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '@');
    let mut before = text[..start].chars().rev();
    let mut after = text[end..].chars();
    let (before, second_before) = (before.next(), before.next());
    let (after, second_after) = (after.next(), after.next());
    let is_bridge = |sign: Option<char>| matches!(sign, Some('-' | '.' | '/' | ':' | ','));
    let coded = |sign, beyond: Option<char>| {
        is_bridge(sign) && beyond.is_some_and(|c| c.is_ascii_alphanumeric())
    };
    let joined = before.is_some_and(joins) || after.is_some_and(joins);
    let priced = matches!(before, Some('#' | '$' | '€' | '£' | '¥' | '฿'));
    let coded_before = coded(before, second_before);
    let coded_after = after != Some(',') && coded(after, second_after);
    !(joined || priced || coded_before || coded_after)
}

fn is_phone(groups: &[Group], text: &str) -> bool {
    let [first, .., last] = groups else {
        return groups
            .first()
            .is_some_and(|group| decide(groups, group.range.clone(), text));
    };
    decide(groups, first.range.start..last.range.end, text)
}

fn decide(groups: &[Group], range: Range<usize>, text: &str) -> bool {
    let digits: String = groups.iter().map(|group| group.digits.as_str()).collect();
    if !(7..=16).contains(&digits.len()) {
        return false;
    }
    let mut shape: Vec<usize> = groups.iter().map(|group| group.digits.len()).collect();
    // `1 3 8 0 0 5 7 1 2 6 6`
    if shape.iter().all(|&group| group == 1) {
        shape = vec![digits.len()];
    }
    let before = &text[..range.start];
    let plus = before.ends_with(['+', '＋']) || before.ends_with("+(");
    let form = if plus {
        Form::Sure
    } else {
        form(&digits, &shape, before.ends_with(['(', '（']))
    };
    if form == Form::None || !stands_free(text, opened(text, range.start), range.end) {
        return false;
    }
    let cues = Cues::before(before);
    !cues.company
        && match form {
            Form::Sure => !cues.other || plus,
            Form::Likely => cues.phone || !cues.other,
            Form::Possible => cues.phone,
            Form::None => false,
        }
}

/// How surely digits written in some way are the number of a person.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    None,
    /// Only where words say so.
    Possible,
    /// Unless words say something else.
    Likely,
    Sure,
}

fn form(digits: &str, shape: &[usize], in_parentheses: bool) -> Form {
    let bytes = digits.as_bytes();
    let plain = shape.len() == 1;
    let small_groups = shape.iter().all(|&group| group >= 2) || shape[0] == 1 && shape.len() > 1;
    match (bytes, digits.len()) {
        // 00 and the code of a country, or 86 before a Chinese mobile.
        ([b'0', b'0', b'1'..=b'9', ..], 11..=16) => Form::Likely,
        ([b'8', b'6', b'1', b'3'..=b'9', ..], 13) => Form::Likely,
        // A country's code in a group of its own.
        _ if digits.len() >= 10 && CODES.contains(&&digits[..shape[0]]) && shape.len() > 1 => {
            Form::Likely
        }
        // China: mobile, landline.
        ([b'1', b'3'..=b'9', ..], 11) if shape[0] != 1 && small_groups => Form::Likely,
        ([b'0', b'1'..=b'9', ..], 11 | 12)
            if matches!(
                shape,
                [3, 8] | [4, 7] | [4, 8] | [3, 4, 4] | [4, 4, 4] | [4, 3, 4]
            ) =>
        {
            match is_service(bytes, shape) {
                true => Form::None,
                false => Form::Likely,
            }
        }
        // Mostly the United Kingdom.
        ([b'0', b'1' | b'2' | b'7', ..], 11) => Form::Likely,
        // France, Taiwan, Thailand, Australia.
        ([b'0', b'1'..=b'9', ..], 10) if is_service(bytes, shape) => Form::None,
        ([b'0', b'1'..=b'9', ..], 10) if small_groups => Form::Likely,
        // Landlines of Taiwan and Thailand, with the last digits of a second line.
        ([b'0', b'2'..=b'8', ..], 9) if !plain => Form::Likely,
        ([b'0', b'2'..=b'8', ..], 9) => Form::Possible,
        ([b'0', b'2', ..], 10) if matches!(shape, [2, 3, 4, 1]) => Form::Likely,
        // Spain.
        ([b'8' | b'9', b'0', ..], 9) => Form::None,
        ([b'6'..=b'9', ..], 9)
            if matches!(
                shape,
                [3, 3, 3] | [3, 2, 2, 2] | [2, 3, 2, 2] | [3, 6] | [1, 4, 4]
            ) =>
        {
            Form::Likely
        }
        ([b'6' | b'7', ..], 9) if plain => Form::Likely,
        ([b'8' | b'9', ..], 9) if plain => Form::Possible,
        // Toll-free numbers of North America, hotlines of China.
        (
            [
                b'8' | b'9',
                b'0' | b'3' | b'4' | b'5' | b'6' | b'7' | b'8',
                third,
                ..,
            ],
            10,
        ) if third == &bytes[1] => Form::None,
        ([b'4', b'0', b'0', ..], 10) => Form::None,
        // North America and Mexico.
        ([b'2'..=b'9', ..], 10)
            if in_parentheses && matches!(shape, [3, 3, 4] | [2, 4, 4] | [3, 7] | [2, 8]) =>
        {
            Form::Sure
        }
        ([b'2'..=b'9', ..], 10)
            if matches!(shape, [3, 3, 4] | [2, 4, 4] | [3, 7] | [2, 2, 2, 2, 2]) =>
        {
            Form::Likely
        }
        // Buenos Aires.
        ([b'1', b'1' | b'5', ..], 10) if matches!(shape, [2, 4, 4]) => Form::Likely,
        ([b'2'..=b'9', ..], 10) if plain => Form::Possible,
        ([b'1', b'8', second, third, ..], 11) if second == third => Form::None,
        ([b'1', b'2'..=b'9', ..], 11) if matches!(shape, [1, 3, 3, 4]) => Form::Likely,
        // Hong Kong.
        ([b'5' | b'6' | b'9', ..], 8) if matches!(shape, [4, 4]) => Form::Likely,
        ([b'2' | b'3' | b'5'..=b'9', ..], 8) if matches!(shape, [4, 4] | [8]) => Form::Possible,
        // Elsewhere and of any form, where words say so.
        (_, 7..=13) if shape.len() > 1 && shape.iter().all(|group| (2..=5).contains(group)) => {
            Form::Possible
        }
        _ => Form::None,
    }
}

/// Numbers that cost the caller nothing, or more: companies have them. In
/// Thailand 08 begins mobile numbers, but they are written `08x-xxx-xxxx`.
fn is_service(digits: &[u8], shape: &[usize]) -> bool {
    match digits {
        [b'0', b'8', b'0', b'0' | b'5' | b'8' | b'9', ..]
        | [b'0', b'8', b'1' | b'2' | b'9', ..] => {
            shape[0] == 4 || shape[0] == 2 && shape.len() > 2 || digits.starts_with(b"0800")
        }
        [b'0', b'8', b'4' | b'7', ..] => shape[0] == 4,
        [b'0', b'3', b'0' | b'3' | b'4' | b'7', ..] => digits.len() == 11,
        _ => false,
    }
}

/// The last characters of `text`.
pub(super) fn tail(text: &str, characters: usize) -> &str {
    let mut places = text.char_indices().rev().map(|(at, _)| at);
    &text[places.nth(characters.saturating_sub(1)).unwrap_or(0)..]
}

/// `start`, or where the `+` or the parenthesis before it stands.
fn opened(text: &str, start: usize) -> usize {
    let signs = ['+', '＋', '(', '（'];
    text[..start]
        .trim_end_matches(signs)
        .len()
        .max(start.saturating_sub(6))
}

/// `end`, or where the parenthesis closes that stands open.
fn closed(text: &str, start: usize, end: usize) -> usize {
    let number = &text[start..end];
    let open = number.matches(['(', '（']).count();
    let next = text[end..].chars().next();
    match next {
        Some(')' | '）') if open > number.matches([')', '）']).count() => {
            end + next.map_or(0, char::len_utf8)
        }
        _ => end,
    }
}

/// `end`, or the end of the extension that follows.
fn extended(text: &str, end: usize) -> usize {
    let after = &text[end..];
    let word_and_on = after.trim_start_matches([' ', ',', '-']);
    let extension = EXTENSION
        .iter()
        .find_map(|word| word_and_on.strip_prefix(word));
    let digits = match extension {
        Some(extension) => extension.trim_start(),
        // The second line of a Thai office: `02 936 4471-2`.
        None => match after.strip_prefix('-') {
            Some(line) => line,
            None => return end,
        },
    };
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    match count {
        1 if extension.is_none() => text.len() - digits.len() + 1,
        1..=6 if extension.is_some() => text.len() - digits.len() + count,
        _ => end,
    }
}

#[cfg(test)]
mod tests {
    use crate::redact::tests::REDACTOR;

    #[test]
    fn numbers_of_people_in_many_countries() {
        let redactor = &*REDACTOR;
        for number in [
            "13812345678",
            "138 1234 5678",
            "+86 138-1234-5678",
            "(86)13812345678",
            "010-6123 4567",
            "010-61234567转803",
            "0912-345-678",
            "02-2345-6789",
            "9123 4567",
            "+852 9123 4567",
            "06 12 34 56 78",
            "06.12.34.56.78",
            "0612345678",
            "+33 6 12 34 56 78",
            "612 34 56 78",
            "612345678",
            "+34 612 345 678",
            "55 1234 5678",
            "(55) 1234 5678 ext. 12",
            "+52 55 1234 5678",
            "081-234-5678",
            "0812345678",
            "02-123-4567",
            "๐๘๑-๒๓๔-๕๖๗๘",
            "07700 900123",
            "020 7946 0958",
            "+44 7700 900123",
            "(212) 555-0134",
            "212-555-0134",
            "１３８１２３４５６７８",
            "+1 212 555 0134",
            "0034 612 345 678",
        ] {
            for text in [
                number.to_owned(),
                format!("call {number}."),
                format!("打{number}找我"),
                format!("โทร {number} ค่ะ"),
            ] {
                let found = redactor.find(&text);
                assert_eq!(found.len(), 1, "{text}");
                assert_eq!(found[0].span.of(&text), number, "{text}");
                assert_eq!(found[0].kind.code(), "phone", "{text}");
            }
        }
    }

    #[test]
    fn other_numbers_are_left() {
        let redactor = &*REDACTOR;
        for text in [
            "order 2024-1111-0003",
            "2024-11-11 00:03:17",
            "$1,234,567.89",
            "1 234 567,89 €",
            "ISBN 9787508699315",
            "ring 0800 123 456",
            "拨打400-820-8820",
            "1-800-555-0199",
            "客服專線 0800-000-123",
            "SF1402278839016",
            "订单编号13812345678",
            "version 10.0.19045.3803",
            "10.11.2024",
            "192.168.100.200",
            "12345678901234567890123",
        ] {
            assert_eq!(redactor.redact(text), text);
        }
    }
}
