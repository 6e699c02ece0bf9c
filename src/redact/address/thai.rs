//! Thai addresses: a house number, then words for village, lane, road and districts.

use std::ops::Range;

use crate::redact::{Found, PersonalDataKind};

/// Words that a part of an address begins with.
const PARTS: &[&str] = &[
    "หมู่บ้าน",
    "หมู่ที่",
    "หมู่",
    "ม.",
    "ซอย",
    "ซ.",
    "ถนน",
    "ถ.",
    "ตำบล",
    "ต.",
    "แขวง",
    "อำเภอ",
    "อ.",
    "เขต",
    "จังหวัด",
    "จ.",
    "คอนโด",
    "อาคาร",
    "ตึก",
    "หอพัก",
    "แมนชั่น",
    "ห้อง",
    "ชั้น",
    "บ้านเลขที่",
    "กรุงเทพ",
    "กทม",
    "ต ",
    "อพาร์ตเมนต์",
];

/// Those that stand in a building or a name of one, and make no address alone.
const WEAK: &[&str] = &[
    "คอนโด",
    "อาคาร",
    "ตึก",
    "ห้อง",
    "ชั้น",
    "กรุงเทพ",
    "กทม",
    "เขต",
    "หมู่บ้าน",
    "หอพัก",
];

/// Words between two parts, at most.
const MOST_BETWEEN: usize = 2;

pub(super) fn find(text: &str, found: &mut Found) {
    if !text.contains(|character| ('ก'..='๙').contains(&character)) {
        return;
    }
    let words: Vec<Range<usize>> = words(text);
    let mut at = 0;
    while at < words.len() {
        if !is_part(&text[words[at].clone()]) {
            at += 1;
            continue;
        }
        let (mut last, mut strong) = (at, 0);
        let mut next = at;
        while next < words.len() && next <= last + MOST_BETWEEN + 1 {
            let word = &text[words[next].clone()];
            if text[words[last].start..words[next].start].contains('\n') {
                break;
            }
            if is_part(word) {
                last = next;
                strong += usize::from(!WEAK.iter().any(|weak| word.starts_with(weak)));
            }
            next += 1;
        }
        let house =
            (at.saturating_sub(2)..at).find(|&before| is_house(&text[words[before].clone()]));
        // The number of a lane, the province and its postcode follow the last part.
        let mut end = last;
        let follows = last + 1..words.len().min(last + 4);
        let postcode = follows
            .clone()
            .find(|&word| is_postcode(&text[words[word].clone()]));
        if let Some(postcode) = postcode {
            end = postcode;
        } else if follows
            .clone()
            .next()
            .is_some_and(|word| is_house(&text[words[word].clone()]))
        {
            end = last + 1;
        }
        let numbered = house.is_some_and(|house| text[words[house].clone()].contains('/'));
        if strong > 1 || strong == 1 && (numbered || postcode.is_some()) {
            let start = words[house.unwrap_or(at)].start;
            found.push(PersonalDataKind::Address, start, words[end].end);
        }
        at = end + 1;
    }
}

fn words(text: &str) -> Vec<Range<usize>> {
    let place = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    let words = text.split([' ', '\n', '\u{a0}', ',', '(', ')', ':', '"']);
    words
        .filter(|word| !word.is_empty())
        .map(|word| place(word)..place(word) + word.len())
        .collect()
}

fn is_part(word: &str) -> bool {
    // Short names of January and October.
    let month = word.starts_with("ม.ค") || word.starts_with("ต.ค");
    !month && PARTS.iter().any(|part| word.starts_with(part))
}

/// `88/14`, `214`, `45-46`.
fn is_house(word: &str) -> bool {
    word.len() <= 10
        && word.starts_with(|c: char| c.is_ascii_digit())
        && word
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'/' | b'-'))
}

fn is_postcode(word: &str) -> bool {
    word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit())
}
