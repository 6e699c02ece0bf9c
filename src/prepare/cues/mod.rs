//! Words that give away what is no feedback, in six languages and lower case:
//! lists of them beside this file, one a line, and what they come to.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// The lines of a list without its comments.
fn cues(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Words of spam and how much each proves: two are enough.
fn spam() -> impl Iterator<Item = (&'static str, u32)> {
    let rows = cues(include_str!("spam.tsv"));
    rows.filter_map(|row| {
        let (cue, weight) = row.split_once('\t')?;
        Some((cue, weight.parse().ok()?))
    })
}

/// What pages say around texts; such a text says little else.
const FURNITURE: &str = include_str!("furniture.txt");
/// What reports, manuals and descriptions of goods say, and customers rarely.
const ARTICLES: &str = include_str!("articles.txt");
/// Notices of pages, anywhere in a line.
const NOTICES: &str = include_str!("notices.txt");
/// What a caption starts with.
const CAPTIONS: &str = include_str!("captions.txt");
/// What heads a list of other articles.
const HEADINGS: &str = include_str!("headings.txt");
/// What buttons say, whole, but for signs and counts.
const BUTTONS: &str = include_str!("buttons.txt");
/// What bylines have: views, readers, authors.
const BYLINES: &str = include_str!("bylines.txt");

/// Who speaks of himself.
const FIRST_PERSON: &[&str] = &[
    "i", "i'm", "i've", "my", "me", "we", "our", "us", "je", "j'ai", "mon", "ma", "mes", "moi",
    "nous", "notre", "on", "yo", "mi", "mis", "me", "nos", "nuestro", "nuestra",
];
const FIRST_PERSON_PARTS: &[&str] = &[
    "我",
    "咱",
    "俺",
    "ผม",
    "ฉัน",
    "เรา",
    "หนู",
    "j'",
    "j’",
    "m'",
    "m’",
];

static NOTICE_CUES: LazyLock<AhoCorasick> = LazyLock::new(|| finder(cues(NOTICES)));

/// What a cue speaks for, and how much.
#[derive(Clone, Copy)]
enum Meaning {
    Spam(u32),
    Furniture,
    Article,
}

/// All cues that whole texts are searched for, at once.
static CUES: LazyLock<(AhoCorasick, Vec<Meaning>)> = LazyLock::new(|| {
    let spam = spam().map(|(cue, weight)| (cue, Meaning::Spam(weight)));
    let furniture = cues(FURNITURE).map(|cue| (cue, Meaning::Furniture));
    let articles = cues(ARTICLES).map(|cue| (cue, Meaning::Article));
    let (all, meanings): (Vec<_>, _) = spam.chain(furniture).chain(articles).unzip();
    (finder(all.into_iter()), meanings)
});

fn finder(cues: impl Iterator<Item = &'static str>) -> AhoCorasick {
    let mut builder = AhoCorasick::builder();
    builder.match_kind(MatchKind::LeftmostLongest);
    builder.build(cues).expect("few and short cues")
}

/// What the cues in a text come to, each counted once.
#[derive(Default)]
pub(super) struct Tally {
    spam: u32,
    furniture: usize,
    /// Bytes of furniture, repetitions included.
    furniture_length: usize,
    article: usize,
}

impl Tally {
    pub(super) fn of(lower: &str) -> Self {
        let (finder, meanings) = &*CUES;
        let mut tally = Self::default();
        let mut seen = Vec::new();
        for found in finder.find_iter(lower) {
            if !is_whole(lower, found.range()) {
                continue;
            }
            let cue = found.pattern().as_usize();
            let is_new = !seen.contains(&cue);
            if is_new {
                seen.push(cue);
            }
            match meanings[cue] {
                Meaning::Spam(weight) => tally.spam += weight * u32::from(is_new),
                Meaning::Furniture => {
                    tally.furniture += usize::from(is_new);
                    tally.furniture_length += found.len();
                }
                Meaning::Article => tally.article += usize::from(is_new),
            }
        }
        tally
    }

    /// Whether a whole text advertises: by its words, or by one keyword after the
    /// other for a search engine. Victims tell of spam too, and of themselves.
    pub(super) fn is_spam(&self, lower: &str) -> bool {
        self.spam > IS_SPAM || self.spam == IS_SPAM && !is_personal(lower) || is_stuffed(lower)
    }

    /// Whether a text is furniture of a page.
    pub(super) fn is_furniture(&self, lower: &str) -> bool {
        let words = lower.split(|char: char| !char.is_alphanumeric());
        self.furniture >= 2
            && self.furniture_length as f32 >= words.map(str::len).sum::<usize>() as f32 * MOSTLY
    }

    /// Whether a text reports, instructs or describes.
    pub(super) fn is_article(&self, lower: &str) -> bool {
        self.article >= 2 && !is_personal(lower)
    }
}

/// Enough for spam.
const IS_SPAM: u32 = 2;

/// The share of a text that furniture of pages makes up.
const MOSTLY: f32 = 0.45;

/// Whether a cue of Latin letters is no part of a longer word.
fn is_whole(text: &str, range: std::ops::Range<usize>) -> bool {
    let latin = |char: char| char.is_alphanumeric() && char < '\u{250}';
    let joined = |a: Option<char>, b: Option<char>| a.is_some_and(latin) && b.is_some_and(latin);
    let cue = &text[range.clone()];
    !joined(text[..range.start].chars().next_back(), cue.chars().next())
        && !joined(cue.chars().next_back(), text[range.end..].chars().next())
}

pub(super) fn is_notice(lower: &str) -> bool {
    NOTICE_CUES.is_match(lower)
}

pub(super) fn is_caption(lower: &str) -> bool {
    cues(CAPTIONS).any(|cue| lower.starts_with(cue))
}

pub(super) fn is_list_heading(lower: &str) -> bool {
    cues(HEADINGS).any(|cue| lower.starts_with(cue))
}

pub(super) fn is_button(lower: &str) -> bool {
    // Thai words may end in a mark.
    let bare = lower
        .trim_matches(|char: char| !char.is_alphabetic() && !matches!(char, '\u{E47}'..='\u{E4E}'));
    cues(BUTTONS).any(|cue| cue == bare)
}

pub(super) fn is_byline(lower: &str) -> bool {
    cues(BYLINES).any(|cue| lower.contains(cue))
}

pub(super) fn is_spam_line(lower: &str) -> bool {
    Tally::of(lower).spam >= IS_SPAM
}

/// Whether parts between bars repeat one word.
fn is_stuffed(lower: &str) -> bool {
    if !lower.contains(['|', '｜']) {
        return false;
    }
    let parts: Vec<&str> = lower.split(['|', '｜']).collect();
    let Some(first) = parts.first().filter(|_| parts.len() >= 3) else {
        return false;
    };
    let chars: Vec<(usize, char)> = first.char_indices().collect();
    let is_han = |char: char| matches!(char, '\u{4E00}'..='\u{9FFF}');
    let pairs = chars
        .windows(2)
        .filter(|pair| is_han(pair[0].1) && is_han(pair[1].1));
    let pairs = pairs.map(|pair| &first[pair[0].0..pair[1].0 + pair[1].1.len_utf8()]);
    let words = first
        .split_whitespace()
        .filter(|word| word.chars().count() > 3);
    let mut keys = pairs.take(MOST_KEYS).chain(words.take(MOST_KEYS));
    keys.any(|key| parts.iter().filter(|part| part.contains(key)).count() >= 3)
}

/// Words that are looked for in the other parts.
const MOST_KEYS: usize = 16;

fn is_personal(lower: &str) -> bool {
    FIRST_PERSON_PARTS.iter().any(|part| lower.contains(part))
        || lower
            .split(|char: char| !char.is_alphanumeric() && char != '\'')
            .any(|word| FIRST_PERSON.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_are_in_lower_case() {
        let lists = [
            FURNITURE, ARTICLES, NOTICES, CAPTIONS, HEADINGS, BUTTONS, BYLINES,
        ];
        let spam = spam().map(|(cue, _)| cue);
        for cue in lists.into_iter().flat_map(cues).chain(spam) {
            assert_eq!(cue, cue.to_lowercase());
            assert_eq!(cue, cue.trim_end());
        }
    }

    #[test]
    fn every_word_of_spam_has_its_weight() {
        assert_eq!(spam().count(), cues(include_str!("spam.tsv")).count());
    }

    #[test]
    fn words_are_matched_whole() {
        assert!(!is_spam_line("i have an avocado and a savant from china"));
        assert!(is_spam_line("free spins at the casino"));
    }
}
