//! Where sentences end.

use icu_segmenter::SentenceSegmenter;
use icu_segmenter::options::SentenceBreakInvariantOptions;

use super::enclosed::Enclosed;
use super::{abbreviations, is_han, is_thai};

/// What stands before an emoji, a laugh or an ellipsis that ends a sentence is
/// no shorter, in bytes; `Hmm…` opens one.
const MIN_BEFORE: usize = 16;
/// The same of Chinese: `算了……`, two characters.
const MIN_HAN_BEFORE: usize = 6;

/// No further is looked for the ends of a word, in bytes.
const WORD: usize = 64;

/// Where the sentences of a block end, all but the last.
pub(super) fn ends(block: &str, enclosed: &Enclosed) -> Vec<usize> {
    let mut cuts: Vec<usize> = Vec::new();
    // How far was looked, so that no stretch is looked at twice, and whether
    // there was a word since `start`.
    let (mut start, mut seen, mut word) = (0, 0, false);
    for candidate in candidates(block) {
        if candidate < seen {
            continue;
        }
        let end = tail_end(block, candidate);
        let before = block[seen..end].trim_end_matches(is_opening);
        let cut = seen + before.len();
        word |= holds_word(before);
        seen = end;
        let (sentence, rest) = block[start..].split_at(cut - start);
        if word
            && !rest.is_empty()
            && enclosed.around(cut).is_none()
            && !is_inside(block, start, cut, enclosed)
            && !abbreviations::goes_on(sentence, rest)
            && !splits_address(block, cut)
        {
            cuts.push(cut);
            (start, word) = (cut, false);
        }
    }
    // What is left without a word belongs to the sentence before it.
    if !holds_word(&block[start..]) {
        cuts.pop();
    }
    cuts
}

/// Where sentences may end: by Unicode's rules, and after the marks that they
/// don't count: a full stop before a small letter, an ellipsis, the wave and
/// the semicolon of Chinese, emoji, laughter; and before the items of a list.
fn candidates(block: &str) -> Vec<usize> {
    let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
    let mut ends: Vec<usize> = segmenter.segment_str(block).collect();
    let (mut last, mut before) = (0, None);
    let mut chars = block.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        let end = at + char.len_utf8();
        let next = chars.peek().map(|&(_, next)| next);
        let stated = at - last >= MIN_BEFORE;
        let ends_here = match char {
            '.' | '…' | '⋯' if next == Some(char) => false,
            '.' if before == Some('.') => (next == Some(' ') && stated) || is_han_or_thai(next),
            // Who writes without capitals still ends sentences: `great. the app`.
            '.' if next == Some(' ') => {
                block[end + 1..].starts_with(|next: char| next.is_lowercase() || next == '#')
                    && before.is_some_and(char::is_alphanumeric)
            }
            '.' => is_han_or_thai(next) || lacks_space(block, at),
            '…' | '⋯' => {
                (next == Some(' ') && stated)
                    || (is_han_or_thai(next) && at - last >= MIN_HAN_BEFORE)
            }
            '；' => true,
            '～' | '~' => is_han_or_thai(next),
            ' ' | '\u{3000}' => stated && starts(next) && laughs(&block[last..at], &block[end..]),
            // `[鼓掌]`, an emoji of Chinese apps.
            ']' => is_han_or_thai(next) && stated && ends_in_named_emoji(&block[..at]),
            _ => is_emoji(char) && is_han_or_thai(next) && at - last >= MIN_HAN_BEFORE,
        };
        if ends_here {
            ends.push(end);
        }
        if ends_here || matches!(char, '!' | '?' | '。' | '！' | '？') {
            last = end;
        }
        before = Some(char);
    }
    // A line break within a block is one of a wrapped line.
    ends.retain(|&end| !block[..end].ends_with('\n'));
    ends.extend(list_items(block));
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// Whether a text says anything in letters or in digits.
fn holds_word(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

fn is_han_or_thai(char: Option<char>) -> bool {
    char.is_some_and(|char| is_han(char) || is_thai(char))
}

fn starts(char: Option<char>) -> bool {
    char.is_some_and(|char| char.is_alphanumeric() || is_opening(char))
}

/// Where the marks and emoji behind the end of a sentence end.
fn tail_end(block: &str, end: usize) -> usize {
    let rest = &block[end..];
    let tail = rest.find(|char| !is_tail(char)).unwrap_or(rest.len());
    // `？……算了`: an ellipsis with something right behind it opens a sentence.
    let head = rest[..tail].trim_end_matches('…');
    let opens = head.len() < tail && rest[tail..].starts_with(char::is_alphanumeric);
    match opens && !block[..end + head.len()].ends_with(['…', '.', '⋯']) {
        true => end + head.len(),
        false => end + tail,
    }
}

/// Whether a quotation or a bracket that ends at a cut is a part of a sentence
/// that goes on.
fn is_inside(block: &str, start: usize, cut: usize, enclosed: &Enclosed) -> bool {
    let before = block[..cut].trim_end();
    let Some(stretch) = enclosed.ending(before.len()) else {
        return false;
    };
    let next = block[cut..].trim_start().chars().next();
    let bracket = before.ends_with([')', ']', '）', '】']);
    let alone = block[start..stretch.start].trim().is_empty();
    next.is_some_and(char::is_lowercase)
        || bracket && !alone && !next.is_some_and(char::is_uppercase)
}

/// Whether `before` ends with an emoji, an emoticon or a laugh.
fn laughs(before: &str, after: &str) -> bool {
    let last = before.chars().next_back();
    // `I ❤ this place`
    if matches!(last, Some('❤' | '♥' | '\u{FE0F}'))
        && before.trim_end_matches('\u{FE0F}').ends_with(['❤', '♥'])
    {
        return !after.starts_with(char::is_lowercase);
    }
    // Arrows point on, and ticks and crosses head the items of a list.
    if last.is_some_and(is_emoji) {
        let heads = |char| {
            matches!(
                char,
                '\u{2190}'..='\u{21FF}' | '✅' | '✔' | '✖' | '❌' | '➡' | '👉'
            )
        };
        return !before.trim_end_matches('\u{FE0F}').ends_with(heads);
    }
    let from = before.ceil_char_boundary(before.len().saturating_sub(WORD));
    let Some((_, word)) = before[from..].rsplit_once(' ') else {
        return false;
    };
    // 555 is read ha ha ha, but not before a unit.
    let fives = word.len() >= 3 && word.bytes().all(|byte| byte == b'5');
    if fives {
        return after.starts_with(is_thai)
            && !THAI_UNITS.iter().any(|unit| after.starts_with(unit));
    }
    let laughs = |laugh: &&str| laugh.eq_ignore_ascii_case(word);
    let twice = |laugh: &&str| word.contains(laugh);
    EMOTICONS.contains(&word)
        || LAUGHS.iter().any(laughs)
        || word.is_ascii() && ["jaja", "haha", "jeje", "hehe"].iter().any(twice)
}

const THAI_UNITS: &[&str] = &[
    "บาท",
    "ชิ้น",
    "คน",
    "ครั้ง",
    "หน่วย",
    "กรัม",
    "แคล",
    "เมตร",
    "ล้าน",
];

pub(in crate::prepare) const EMOTICONS: &[&str] = &[
    ":)", ":-)", ":(", ":-(", ":D", ":-D", ":/", ":'(", ";)", ";-)", "XD", "xD", "^^", "^_^",
    "T_T", "T.T", "><", "<3", "=)", ":P", ":p",
];

const LAUGHS: &[&str] = &[
    "lol", "lmao", "rofl", "mdr", "ptdr", "xd", "xdd", "xddd", "smh", "wkwk", "wkwkwk",
];

/// Whether a text ends like `[鼓掌`.
fn ends_in_named_emoji(text: &str) -> bool {
    let from = text.ceil_char_boundary(text.len().saturating_sub(13));
    let Some((_, name)) = text[from..].rsplit_once('[') else {
        return false;
    };
    !name.is_empty() && name.chars().all(is_han)
}

/// Endings of addresses and of files that look like a word behind a stop.
const ENDINGS: &[&str] = &[
    "ai", "app", "asp", "biz", "ca", "cn", "co", "com", "csv", "de", "dev", "doc", "edu", "es",
    "eu", "exe", "fr", "gif", "gov", "hk", "html", "in", "info", "io", "it", "jp", "jpg", "js",
    "jsp", "me", "mp", "mx", "net", "org", "pdf", "php", "png", "py", "rs", "shop", "store", "th",
    "tv", "tw", "txt", "uk", "us", "xls", "xyz", "zip",
];

/// Whether a sentence ends at a stop with no space behind it: `dead.I called`,
/// unlike `booking.com` and `U.S.Army`.
fn lacks_space(block: &str, at: usize) -> bool {
    let from = block.ceil_char_boundary(at.saturating_sub(WORD));
    let to = block.floor_char_boundary(at + WORD);
    let before = block[from..at]
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or("");
    let after = block[at + 1..to]
        .split(char::is_whitespace)
        .next()
        .unwrap_or("");
    let word = after
        .split(|char: char| !char.is_alphabetic())
        .next()
        .unwrap_or("");
    let plain = |text: &str| !text.contains(['.', '@', '/', '_', ':']);
    let capital = word.starts_with(char::is_uppercase);
    before
        .chars()
        .rev()
        .take(2)
        .filter(|char| char.is_lowercase())
        .count()
        == 2
        && plain(before)
        && plain(after.trim_end_matches('.'))
        && !word.is_empty()
        && !ENDINGS.contains(&word.to_lowercase().as_str())
        && match capital {
            true => !word.chars().skip(1).any(char::is_uppercase),
            // A name such as `node.js` has nothing but itself behind it.
            false => after.len() == word.len() && block[at + 1 + after.len()..].starts_with(' '),
        }
}

/// Where the items of a list in one line begin: bullets, and numbers that
/// count from 1, `1) … 2) …`.
fn list_items(block: &str) -> Vec<usize> {
    let mut items = Vec::new();
    // The number 1 is an item only if there is a 2.
    let (mut first, mut expected) = (None, 1);
    let mut before = ' ';
    for (at, char) in block.char_indices() {
        let fresh = || {
            !before.is_alphanumeric() && !matches!(before, '.' | ',' | ':' | '/' | '-' | '$' | '€')
        };
        if matches!(char, '•' | '●' | '▪') && before == ' ' {
            items.push(at);
        } else if circled(char) == Some(expected)
            || (char.is_ascii_digit()
                && (fresh() || is_han(before))
                && numbers(&block[at..], expected))
        {
            let start = if before == '(' || before == '（' {
                at - before.len_utf8()
            } else {
                at
            };
            match expected {
                1 => first = Some(start),
                2 => items.extend(first.into_iter().chain([start])),
                _ => items.push(start),
            }
            expected += 1;
        }
        before = char;
    }
    items
}

/// The value of ① to ⑨.
fn circled(char: char) -> Option<u32> {
    matches!(char, '①'..='⑨').then(|| char as u32 - '①' as u32 + 1)
}

/// Whether a text begins with that number of a list: `2) `, `2. `, `2、`.
fn numbers(text: &str, expected: u32) -> bool {
    let digits = text.bytes().take(3).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    let marked = rest.starts_with(['、', '．', '）']) || {
        rest.starts_with(['.', ')']) && !rest[1..].starts_with(|char: char| char.is_ascii_digit())
    };
    marked && number.parse() == Ok(expected)
}

/// White space, emoji and closing marks.
fn is_tail(char: char) -> bool {
    char.is_whitespace()
        || is_emoji(char)
        || matches!(
            char,
            '.' | '!'
                | '?'
                | '…'
                | '。'
                | '！'
                | '？'
                | '～'
                | ')'
                | ']'
                | '}'
                | '»'
                | '”'
                | '’'
                | '）'
                | '】'
                | '」'
                | '』'
                | '》'
                | '〉'
        )
}

pub(super) fn is_emoji(char: char) -> bool {
    matches!(char,
        '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{20E3}'
        | '\u{2190}'..='\u{21FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{1F000}'..='\u{1FAFF}')
}

fn is_opening(char: char) -> bool {
    matches!(
        char,
        '(' | '[' | '{' | '«' | '“' | '‘' | '（' | '【' | '「' | '『' | '《' | '〈' | '¿' | '¡'
    )
}

/// Whether a cut would fall inside a word of Latin script that is an address or
/// a file name: `example.com/?q=1`, `what?no` in a query.
fn splits_address(text: &str, at: usize) -> bool {
    let is_part = |char: char| char.is_ascii_graphic();
    let (before, after) = (&text[..at], &text[at..]);
    if !before.ends_with(is_part) || !after.starts_with(|char: char| char.is_ascii_alphanumeric()) {
        return false;
    }
    // Addresses are short, so that looking back is, too.
    let from = text.floor_char_boundary(at.saturating_sub(256));
    let word = text[from..at]
        .rsplit(|char: char| !is_part(char))
        .next()
        .unwrap_or("");
    word.contains("://") || word.contains('@') || word.starts_with("www.")
}
