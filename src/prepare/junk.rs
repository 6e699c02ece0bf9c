//! What a text is, where it is no feedback: nothing, next to nothing, spam,
//! an article, the furniture of a page.
//!
//! Precision comes first: a complaint that is flagged may be overlooked, junk
//! that is not costs a glance.

use std::sync::LazyLock;

use super::cues::Tally;
use super::split::EMOTICONS;
use crate::label::Flag;

/// Longer texts are looked at so far, in bytes.
const SAMPLE: usize = 4096;

/// The flag of a text, if it is no feedback.
pub(super) fn find(text: &str) -> Option<Flag> {
    let sample = &text[..text.floor_char_boundary(SAMPLE)];
    let lower = sample.trim().to_lowercase();
    if lower.is_empty() {
        None
    } else if is_meaningless(&lower) {
        Some(Flag::Meaningless)
    } else if says_nothing(&lower) {
        Some(Flag::TooShort)
    } else {
        let cues = Tally::of(&lower);
        if cues.is_spam(&lower) {
            Some(Flag::Spam)
        } else if cues.is_furniture(&lower) || cues.is_article(&lower) {
            Some(Flag::NotFeedback)
        } else {
            None
        }
    }
}

/// Texts of more characters are never keys hit at random.
const MASHED: usize = 60;

fn is_meaningless(lower: &str) -> bool {
    if lower.chars().nth(MASHED).is_some() {
        return false;
    }
    is_marks(lower) || is_one_sound(lower) || is_mashed(lower) || is_test(lower)
}

/// Nothing but marks, and digits between them. A number alone may be a rating,
/// and a face says what is felt.
fn is_marks(lower: &str) -> bool {
    if EMOTICONS.iter().any(|face| lower.contains(face)) {
        return false;
    }
    let mark = |char: &char| {
        char.is_ascii_punctuation() || "。，、；：！？…·—～（）「」《》ๆ".contains(*char)
    };
    let marks = lower.chars().filter(mark).count();
    marks >= 3
        && marks > lower.chars().filter(char::is_ascii_digit).count()
        && lower
            .chars()
            .all(|char| mark(&char) || char.is_ascii_digit() || char.is_whitespace())
}

/// Sounds that are typed to fill a field. Laughter (`哈`, `ha`, `5`) is no such.
const FILLERS: &str = "abcdefghijklmnopqrstuvwxyz啊嘎嗯呃哦額额ก";

/// One or two letters again and again: `aaaaaaaaaa zzz`, `啊啊啊啊啊啊`.
fn is_one_sound(lower: &str) -> bool {
    let mut seen: Vec<char> = Vec::new();
    let mut count = 0;
    for char in lower.chars().filter(|char| !char.is_whitespace()) {
        count += 1;
        if !seen.contains(&char) {
            if seen.len() == 2 || !FILLERS.contains(char) {
                return false;
            }
            seen.push(char);
        }
    }
    let doubled = |word: &str| {
        word.chars().all(|char| word.starts_with(char)) && word.chars().nth(2).is_some()
    };
    count >= 6 && lower.split_whitespace().all(doubled)
}

/// Rows of keys, left to right.
const ROWS: [&str; 11] = [
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "asdfghjklñ",
    "ๆไำพะัีรนยบลฃ",
    "ฟหกดเ้่าสวง",
    "ผปแอิืทมใฝ",
    "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ",
];

/// Keys that are next to each other in a row, or the same, in order.
static NEIGHBOURS: LazyLock<Vec<[char; 2]>> = LazyLock::new(|| {
    let mut pairs = Vec::new();
    for row in ROWS {
        let keys: Vec<char> = row.chars().collect();
        pairs.extend(keys.iter().map(|&key| [key, key]));
        for near in keys.windows(2) {
            pairs.extend([[near[0], near[1]], [near[1], near[0]]]);
        }
    }
    pairs.sort_unstable();
    pairs
});

/// Letters in a row that prove it.
const MIN_MASHED: usize = 6;

/// Neighbours on a keyboard, one after the other: `asdfghjkl`.
fn is_mashed(lower: &str) -> bool {
    let letters: Vec<char> = lower.chars().filter(|char| !char.is_whitespace()).collect();
    let near = |pair: &[char]| NEIGHBOURS.binary_search(&[pair[0], pair[1]]).is_ok();
    let pairs = letters.windows(2);
    let most_others = pairs.len() / 5;
    letters.len() >= MIN_MASHED
        && letters.iter().any(|&char| char != letters[0])
        && pairs.filter(|pair| !near(pair)).nth(most_others).is_none()
}

/// Words of rows that test a form; all of its words are among them.
const TEST_WORDS: &[&str] = &[
    "test", "tests", "testing", "essai", "prueba", "pruebas", "probando", "teste",
];
const TEST_GUESTS: &[&str] = &[
    "pls", "please", "ignore", "this", "is", "a", "row", "one", "two", "only", "ceci", "est", "un",
    "svp", "merci", "ignorer", "de", "ne", "pas", "tenir", "compte", "no", "tomar", "en", "cuenta",
    "esto", "es", "una", "ignorar", "por", "favor", "bla", "blabla", "lorem", "ipsum",
];
const TEST_PARTS: &[&str] = &["测试", "測試", "ทดสอบ", "試填", "试填"];
const TEST_GUEST_PARTS: &[&str] = &[
    "请忽略",
    "請忽略",
    "忽略",
    "不要理我",
    "用",
    "请",
    "請",
    "一下",
    "數據",
    "数据",
    "ๆ",
    "ระบบ",
    "ครับ",
    "ค่ะ",
    "เฉยๆ",
    "1",
    "2",
    "3",
];

fn is_test(lower: &str) -> bool {
    if TEST_PARTS.iter().any(|part| lower.contains(part)) {
        let rest = TEST_PARTS
            .iter()
            .chain(TEST_GUEST_PARTS)
            .fold(lower.to_owned(), |rest, part| rest.replace(part, ""));
        return !rest.chars().any(char::is_alphabetic);
    }
    let mut words = lower
        .split(|char: char| !char.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let is_filler = |word: &str| matches!(word, "blabla" | "bla" | "lorem");
    let belongs = |word: &str| {
        TEST_WORDS.contains(&word)
            || TEST_GUESTS.contains(&word)
            || word.bytes().all(|byte| byte.is_ascii_digit())
    };
    words.clone().all(belongs) && words.any(|word| TEST_WORDS.contains(&word) || is_filler(word))
}

/// Answers that tell nothing, without their marks.
const NOTHING: &[&str] = &[
    "ok",
    "okay",
    "k",
    "kk",
    "okok",
    "na",
    "n/a",
    "none",
    "nothing",
    "nil",
    "no comment",
    "no comments",
    "nope",
    "yes",
    "no",
    "idk",
    "lol",
    "rien",
    "rien à dire",
    "ras",
    "r.a.s",
    "aucun",
    "aucune",
    "néant",
    "oui",
    "non",
    "mdr",
    "nada",
    "ninguno",
    "ninguna",
    "sin comentarios",
    "sí",
    "si",
    "ไม่มี",
    "ไม่มีค่ะ",
    "ไม่มีครับ",
    "ครับ",
    "ค่ะ",
    "无",
    "無",
    "没有",
    "沒有",
    "暂无",
    "暫無",
    "嗯",
    "哦",
    "喔",
    "ok的",
    "x",
    "xx",
    "xxx",
];

/// A word that tells nothing, or laughter alone.
fn says_nothing(lower: &str) -> bool {
    let bare = lower.trim_matches(|char: char| {
        !char.is_alphanumeric() && !matches!(char, '\u{E31}'..='\u{E4E}')
    });
    NOTHING.contains(&bare) || is_laughter(bare)
}

fn is_laughter(bare: &str) -> bool {
    let units = [
        ("5", 3),
        ("哈", 2),
        ("呵", 3),
        ("ja", 2),
        ("ha", 2),
        ("ฮ่า", 2),
        ("w", 3),
        ("ㅋ", 2),
    ];
    units.iter().any(|&(unit, least)| {
        let rest = bare.trim_start_matches(unit);
        bare.len() - rest.len() >= unit.len() * least && rest.len() < unit.len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_told() {
        let cases = [
            ("", None),
            ("asdf jkl; asdfgh", None),
            ("qwertyuiop", Some(Flag::Meaningless)),
            ("gfdsa asdfg", Some(Flag::Meaningless)),
            ("bbbbbbbb", Some(Flag::Meaningless)),
            ("嗯嗯嗯嗯嗯嗯", Some(Flag::Meaningless)),
            ("?!?!...", Some(Flag::Meaningless)),
            ("!!!", Some(Flag::Meaningless)),
            (":-(", None),
            ("^_^", None),
            ("this is a test, please ignore", Some(Flag::Meaningless)),
            ("测试数据", Some(Flag::Meaningless)),
            ("10/10", None),
            ("5", None),
            ("😡😡😡", None),
            ("好好好好好好", None),
            ("The test drive was too short", None),
            ("pruebas de embarazo defectuosas", None),
            ("测试了一下，不好用", None),
            ("OK.", Some(Flag::TooShort)),
            ("5555555", Some(Flag::TooShort)),
            ("哈哈哈哈", Some(Flag::TooShort)),
            ("jajaja", Some(Flag::TooShort)),
            ("N/A", Some(Flag::TooShort)),
            ("无", Some(Flag::TooShort)),
            ("bad", None),
            ("差", None),
            ("The casino hotel was loud", None),
            (
                "We use cookies. Accept all | Reject all",
                Some(Flag::NotFeedback),
            ),
            (
                "plombier lyon | plombier pas cher | urgence plombier",
                Some(Flag::Spam),
            ),
        ];
        for (text, flag) in cases {
            assert_eq!(find(text), flag, "{text:?}");
        }
    }
}
