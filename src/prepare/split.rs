//! Sentences and clauses: the smallest stretches of text that say one thing of
//! one matter, so that praise and blame fall into different ones.
//!
//! Unicode's sentence rules come first, then what they don't know: Chinese
//! ellipses, abbreviations, addresses, Thai, which ends a clause with a space
//! and a sentence with nothing, and the words for *but*.

use std::ops::Range;
use std::sync::LazyLock;

use icu_segmenter::options::{SentenceBreakInvariantOptions, WordBreakInvariantOptions};
use icu_segmenter::{SentenceSegmenter, WordSegmenter, WordSegmenterBorrowed};
use unicode_normalization::char::is_combining_mark;

use crate::language::Language;

// Lengths are in bytes, of which Latin script takes one a letter and Chinese
// and Thai take three a character: about as much is said in as many bytes.

/// A clause is no shorter; a shorter one stays with its neighbour.
const MIN_CLAUSE: usize = 15;
/// A Thai clause is no shorter: 12 characters.
const MIN_THAI_CLAUSE: usize = 36;
/// A longer sentence is divided at commas,
const LONG: usize = 240;
/// into parts no shorter than this.
const MIN_PART: usize = 80;
/// No segment is longer. It keeps segments far below the encoder's window.
const MAX: usize = 900;

/// Splits a text into sentences and clauses.
///
/// The ranges are ordered, not empty, trimmed of white space, do not overlap,
/// and hold everything but white space.
pub(crate) fn split(text: &str, language: Option<Language>) -> Vec<Range<usize>> {
    lines(text)
        .flat_map(|line| sentences(text, line))
        .flat_map(|sentence| thai_clauses(text, sentence))
        .flat_map(|clause| parts(text, clause))
        .flat_map(|part| contrasts(text, part, language))
        .filter_map(|segment| trim(text, segment))
        .collect()
}

fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let range = start..start + line.len();
        start = range.end;
        range
    })
}

fn trim(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = &text[range.clone()];
    let end = range.start + part.trim_end().len();
    let start = range.end - part.trim_start().len();
    (start < end).then_some(start..end)
}

/// Cuts a range at ordered positions inside it.
fn cut(range: Range<usize>, cuts: Vec<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut start = range.start;
    cuts.into_iter().chain([range.end]).map(move |end| {
        let part = start..end;
        start = end;
        part
    })
}

/// The sentences of a line.
fn sentences(text: &str, line: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut ends = sentence_ends(&text[line.clone()]);
    for end in &mut ends {
        *end += line.start;
    }
    let mut cuts: Vec<usize> = Vec::new();
    let mut start = line.start;
    // How far was looked, so that no stretch is looked at twice, and whether
    // there was a word since `start`.
    let (mut seen, mut word) = (start, false);
    for end in ends {
        if end < seen {
            continue;
        }
        // Emoji and closing marks belong to what they follow, opening marks,
        // which Unicode does not tell from closing ones, to what comes.
        let tail = text[end..line.end].find(|char| !is_tail(char));
        let end = tail.map_or(line.end, |tail| end + tail);
        let before = text[seen..end].trim_end_matches(is_opening);
        let cut = seen + before.len();
        word |= holds_word(before);
        seen = end;
        let sentence = &text[start..cut];
        if word && cut < line.end && !is_abbreviation(sentence) && !splits_address(text, cut) {
            cuts.push(cut);
            (start, word) = (cut, false);
        }
    }
    // What is left without a word belongs to the sentence before it.
    if !holds_word(&text[start..line.end]) {
        cuts.pop();
    }
    cut(line, cuts)
}

/// Where sentences may end: by Unicode's rules, and after the marks that they
/// don't count: a full stop before a small letter, an ellipsis, and the wave and
/// the semicolon of Chinese.
fn sentence_ends(line: &str) -> Vec<usize> {
    let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
    let mut ends: Vec<usize> = segmenter.segment_str(line).collect();
    let mut chars = line.char_indices().peekable();
    while let Some((_, char)) = chars.next() {
        if !matches!(char, '.' | '…' | '；' | '～') {
            continue;
        }
        let ends_here = match chars.peek() {
            // Who writes without capitals still ends sentences: `great. the app`.
            Some(&(at, ' ')) if char == '.' => {
                line[at + 1..].starts_with(char::is_lowercase)
                    && line[..at - 1].ends_with(char::is_alphanumeric)
            }
            Some(_) if char == '.' => false,
            // At the end, or within a run of marks.
            None | Some((_, '…' | '～')) => false,
            Some((_, next)) if is_han(*next) => true,
            // `Bon… Enfin`, but `bon… enfin` goes on.
            Some((at, ' ')) if char == '…' => {
                line[at + 1..].starts_with(|next: char| next.is_uppercase() || is_han(next))
            }
            Some(_) => char == '；',
        };
        if ends_here && let Some(&(at, _)) = chars.peek() {
            ends.push(at);
        }
    }
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// Whether a text says anything in letters or in digits.
fn holds_word(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

fn is_han(char: char) -> bool {
    matches!(char, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
}

fn is_thai(char: char) -> bool {
    matches!(char, '\u{E01}'..='\u{E7F}')
}

/// White space, emoji and closing marks.
fn is_tail(char: char) -> bool {
    char.is_whitespace()
        || matches!(char,
            '.' | '!' | '?' | '…' | '。' | '！' | '？' | '～' | ')' | ']' | '}' | '»' | '”' | '’'
            | '）' | '】' | '」' | '』' | '》' | '〉'
            | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{20E3}'
            | '\u{2190}'..='\u{21FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}'
            | '\u{1F000}'..='\u{1FAFF}')
}

fn is_opening(char: char) -> bool {
    matches!(
        char,
        '(' | '[' | '{' | '«' | '“' | '‘' | '（' | '【' | '「' | '『' | '《' | '〈' | '¿' | '¡'
    )
}

/// Abbreviations, in lower case.
const ABBREVIATIONS: &[&str] = &[
    "m", "mm", "mme", "mlle", "mr", "mrs", "ms", "dr", "dra", "prof", "sr", "sra", "srta", "sres",
    "dña", "ud", "uds", "vd", "st", "ste", "av", "avda", "art", "núm", "tel", "tél", "réf", "ref",
    "nº", "n°", "vs", "approx", "aprox", "env", "inc", "ltd", "jr", "e.g", "i.e", "p.ej", "ej",
    "p.ex", "ex", "ee.uu", "etc", "a.m", "p.m",
];

/// Whether a stretch ends with an abbreviation, an initial or a list's number.
fn is_abbreviation(text: &str) -> bool {
    let Some(text) = text.trim_end().strip_suffix('.') else {
        return false;
    };
    let word = text.rsplit([' ', '(', '\n']).next().unwrap_or(text);
    // `1. Livraison` begins with its number.
    if text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    // Most lists of abbreviations are shorter than the longest of these words.
    word.len() <= 8 && ABBREVIATIONS.contains(&word.to_lowercase().as_str())
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

/// Thai writes a space where a clause ends, and around numbers and foreign
/// words, where none does.
fn thai_clauses(text: &str, sentence: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut cuts = Vec::new();
    let mut start = sentence.start;
    let part = &text[sentence.clone()];
    for (at, _) in part.match_indices(' ') {
        let end = sentence.start + at;
        let ends_clause = part[..at]
            .chars()
            .next_back()
            .is_some_and(|char| is_thai(char) && !is_thai_digit(char) || is_tail(char));
        let starts_clause =
            part[at + 1..].starts_with(|char| is_thai(char) && !is_thai_digit(char) && char != 'ๆ');
        if ends_clause
            && starts_clause
            && end - start >= MIN_THAI_CLAUSE
            && sentence.end - end > MIN_THAI_CLAUSE
        {
            cuts.push(end);
            start = end;
        }
    }
    cut(sentence, cuts)
}

fn is_thai_digit(char: char) -> bool {
    matches!(char, '๐'..='๙')
}

/// Divides what is too long: at commas and their like, or at spaces, or, where
/// there is neither, anywhere between characters.
fn parts(text: &str, clause: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut cuts = Vec::new();
    let mut start = clause.start;
    if clause.len() > LONG {
        for (at, mark) in text[clause.clone()].match_indices(is_comma) {
            let end = clause.start + at + mark.len();
            let followed = text[end..clause.end].chars().next();
            // `3,50`, `18:20`, `http://` go on; full-width marks take no space.
            if mark.len() == 1 && followed != Some(' ') {
                continue;
            }
            if end - start >= MIN_PART && clause.end - end >= MIN_PART {
                divide(text, start..end, &mut cuts);
                cuts.push(end);
                start = end;
            }
        }
    }
    divide(text, start..clause.end, &mut cuts);
    cut(clause, cuts)
}

fn is_comma(char: char) -> bool {
    matches!(
        char,
        ',' | ';' | ':' | '，' | '、' | '；' | '：' | '—' | '–' | '،' | '؛'
    )
}

/// Cuts a range so that no part is longer than [`MAX`].
fn divide(text: &str, range: Range<usize>, cuts: &mut Vec<usize>) {
    let mut start = range.start;
    while range.end - start > MAX {
        let limit = text.floor_char_boundary(start + MAX);
        // Not in the first half, so that few parts are short.
        let half = text.floor_char_boundary(start + MAX / 2);
        let end = match text[half..limit].rfind(char::is_whitespace) {
            Some(space) => half + space,
            None => between_characters(text, half, limit),
        };
        cuts.push(end);
        start = end;
    }
}

/// The last position up to `limit` that parts no mark or joiner from its base;
/// `limit` where there is none after `from`.
fn between_characters(text: &str, from: usize, limit: usize) -> usize {
    let joined = |char: char| is_combining_mark(char) || matches!(char, '\u{200C}' | '\u{200D}');
    let mut after = text[limit..].chars().next();
    for (at, char) in text[from..limit].char_indices().rev() {
        let end = from + at + char.len_utf8();
        if !after.is_some_and(joined) && char != '\u{200D}' {
            return end;
        }
        after = Some(char);
    }
    limit
}

/// Cuts before the words that turn from praise to blame or back.
fn contrasts(
    text: &str,
    part: Range<usize>,
    language: Option<Language>,
) -> impl Iterator<Item = Range<usize>> {
    let mut cuts = contrast_words(&text[part.clone()], language);
    cuts.extend(thai_turns(&text[part.clone()]));
    cuts.sort_unstable();
    let mut start = part.start;
    let cuts = cuts
        .into_iter()
        .map(|cut| part.start + cut)
        .filter(|&cut| {
            let long = cut - start >= MIN_CLAUSE && part.end - cut >= MIN_CLAUSE;
            if long {
                start = cut;
            }
            long
        })
        .collect();
    cut(part, cuts)
}

/// The words for *but*, with what makes them something else.
struct Contrast {
    language: Language,
    words: &'static [&'static str],
    /// Words after it with which it adds: `mais aussi`.
    adding: &'static [&'static str],
    /// Words before it with which it excepts: `nothing but`.
    excepting: &'static [&'static str],
}

const CONTRASTS: &[Contrast] = &[
    Contrast {
        language: Language::English,
        words: &[
            "but",
            "however",
            "although",
            "though",
            "unfortunately",
            "except",
        ],
        adding: &["also"],
        excepting: &["nothing", "anything", "all", "none", "everything", "last"],
    },
    Contrast {
        language: Language::French,
        words: &[
            "mais",
            "cependant",
            "toutefois",
            "par contre",
            "en revanche",
            "sauf que",
        ],
        adding: &["aussi", "également", "encore"],
        excepting: &["non", "ah", "oh"],
    },
    Contrast {
        language: Language::Spanish,
        words: &["pero", "sin embargo", "aunque", "en cambio", "lástima que"],
        adding: &["también"],
        excepting: &[],
    },
    Contrast {
        language: Language::German,
        words: &["aber", "jedoch", "allerdings", "leider"],
        adding: &["auch"],
        excepting: &["oder"],
    },
    Contrast {
        language: Language::Portuguese,
        words: &["mas", "porém", "no entanto"],
        adding: &["também"],
        excepting: &[],
    },
    Contrast {
        language: Language::Italian,
        words: &["ma", "però", "tuttavia"],
        adding: &["anche"],
        excepting: &[],
    },
    Contrast {
        language: Language::Indonesian,
        words: &["tapi", "tetapi", "namun", "sayangnya"],
        adding: &["juga"],
        excepting: &[],
    },
];

/// In Chinese, only after a mark, where a clause begins.
const CHINESE_CONTRASTS: &[&str] = &[
    "但", "不过", "不過", "可是", "然而", "只是", "就是", "可惜", "唯一", "反而",
];

fn contrast_words(part: &str, language: Option<Language>) -> Vec<usize> {
    let mut cuts = Vec::new();
    let contrast = CONTRASTS
        .iter()
        .find(|contrast| Some(contrast.language) == language);
    for (at, mark) in part.match_indices([' ', '，', ',', '、', '；']) {
        let (before, after) = (&part[..at], &part[at + mark.len()..]);
        let turns = match contrast {
            Some(contrast) if mark == " " => contrast.turns(before, after),
            _ => CHINESE_CONTRASTS.iter().any(|word| after.starts_with(word)),
        };
        if turns {
            cuts.push(at + mark.len());
        }
    }
    cuts
}

impl Contrast {
    fn turns(&self, before: &str, after: &str) -> bool {
        let Some(rest) = self
            .words
            .iter()
            .find_map(|word| starts_with_word(after, word))
        else {
            return false;
        };
        let next = rest.trim_start();
        let adds = self
            .adding
            .iter()
            .any(|word| starts_with_word(next, word).is_some());
        let last = before.rsplit(' ').next().unwrap_or(before).to_lowercase();
        !adds && !self.excepting.contains(&last.as_str())
    }
}

/// What follows a word at the start of a text, in any case.
fn starts_with_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    let same = start.to_lowercase() == word;
    (same && !rest.starts_with(char::is_alphanumeric)).then_some(rest)
}

/// Thai words that begin a clause, mostly one that turns.
const THAI_TURNS: &[&str] = &[
    "แต่",
    "เพราะ",
    "แล้วก็",
    "ส่วน",
    "แถม",
    "ซึ่ง",
    "เสียดาย",
    "อย่างไรก็ตาม",
];

/// Dictionary rather than neural network: ten times as fast, and as good for
/// the few words looked for.
static THAI_WORDS: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));

/// Where a Thai word that begins a clause stands as a word of its own: not in
/// ตั้งแต่ (since), แต่ละ (each) or แต่ง (decorate).
fn thai_turns(part: &str) -> Vec<usize> {
    if !THAI_TURNS.iter().any(|word| part.contains(word)) {
        return Vec::new();
    }
    let boundaries: Vec<usize> = THAI_WORDS.segment_str(part).collect();
    let words = boundaries
        .windows(2)
        .filter(|word| THAI_TURNS.contains(&&part[word[0]..word[1]]));
    let enough = |length: usize| length >= MIN_THAI_CLAUSE;
    words
        .map(|word| word[0])
        .filter(|&at| enough(at) && enough(part.len() - at))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;
    use crate::language::Language::*;

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
        check(French, "Bon… |Enfin bref, c'est long… mais bon.");
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
        // Unoptimised code takes twenty times as long.
        let size = if cfg!(debug_assertions) {
            100_000
        } else {
            1_000_000
        };
        let limit = Duration::from_secs(5);
        for unit in [
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
        ] {
            let text = unit.repeat(size / unit.len());
            let start = Instant::now();
            let parts = split(&text, Some(English));
            assert!(
                start.elapsed() < limit,
                "{unit:?} took {:?}",
                start.elapsed()
            );
            let longest = parts.iter().map(ExactSizeIterator::len).max();
            assert!(longest <= Some(MAX), "{unit:?}: {longest:?}");
        }
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
}
