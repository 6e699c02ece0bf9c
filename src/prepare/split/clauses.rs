//! Clauses of languages in Latin script: where a statement follows another
//! behind a comma or an *and*, and before the words for *but*.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::Cut;
use super::enclosed::Enclosed;
use super::grammar::{CONTRASTS, Contrast, GRAMMARS, Grammar};
use crate::language::Language;

/// A clause is no shorter, in bytes.
const MIN_CLAUSE: usize = 12;
/// Speech without a mark is cut only behind this many bytes.
const MIN_SPOKEN: usize = 30;

/// A verb stands no further from the article of its subject, in words.
const VERB_WITHIN: usize = 5;

/// No further is looked back for the start of a word, in bytes.
const LONGEST: usize = 32;

/// What a word may be, as bits.
type Kinds = u8;
const SUBJECT: Kinds = 1;
const ARTICLE: Kinds = 2;
const VERB: Kinds = 4;
const JOINER: Kinds = 8;
const LEANING: Kinds = 16;
const SPEAKER: Kinds = 32;

/// The kinds of the words of each language of [`GRAMMARS`].
static KINDS: LazyLock<Vec<(&Grammar, HashMap<&str, Kinds>)>> = LazyLock::new(|| {
    let kinds = GRAMMARS.iter().map(|grammar| {
        let lists = [
            (grammar.subjects, SUBJECT),
            (grammar.speakers, SPEAKER),
            (grammar.articles, ARTICLE),
            (grammar.verbs, VERB),
            (grammar.joiners, JOINER),
            (grammar.leaning, LEANING),
        ];
        let mut kinds = HashMap::new();
        for (words, kind) in lists {
            for word in words.split_whitespace() {
                *kinds.entry(word).or_default() |= kind;
            }
        }
        (grammar, kinds)
    });
    kinds.collect()
});

struct Word {
    start: usize,
    kinds: Kinds,
    /// Whether a comma, a semicolon or a dash stands before it.
    marked: bool,
}

/// Where clauses of `part` may be cut.
pub(super) fn cuts(part: &str, enclosed: &Enclosed, language: Language, cuts: &mut Vec<Cut>) {
    contrasts(part, enclosed, language, cuts);
    let Some((grammar, kinds)) = KINDS
        .iter()
        .find(|(grammar, _)| grammar.language == language)
    else {
        return;
    };
    let words = words(part, grammar, kinds);
    let spoken = !words.iter().any(|word| word.marked);
    // The first word of the clause that is being read, and whether it has a verb.
    let (mut first, mut states) = (0, false);
    for (index, word) in words.iter().enumerate() {
        let after = |kinds| index > 0 && words[index - 1].kinds & kinds != 0;
        let joins = word.kinds & JOINER != 0 && !after(JOINER);
        let joiners = words[index..]
            .iter()
            .take(2)
            .take_while(|word| joins && word.kinds & JOINER != 0);
        let follows = &words[index + joiners.count()..];
        let stated = index >= first + 2 && (states || word.marked && joins);
        let leans = words[first].kinds & LEANING != 0;
        let opens = (word.marked || joins) && begins_statement(follows);
        let far = word.start - words[first].start >= MIN_SPOKEN;
        let speaks = spoken
            && far
            && word.kinds & SPEAKER != 0
            && !after(JOINER | LEANING | SUBJECT | ARTICLE);
        if stated && !leans && (opens || speaks) && enclosed.around(word.start).is_none() {
            cuts.push(Cut {
                at: word.start,
                least: MIN_CLAUSE,
            });
            (first, states) = (index, false);
        } else if word.marked && leans {
            // `If it rains, …`: what follows is the statement.
            (first, states) = (index, false);
        }
        states |= word.kinds & (VERB | SUBJECT) != 0;
    }
}

/// Whether words begin with a subject, and its verb soon after an article.
fn begins_statement(words: &[Word]) -> bool {
    let Some(first) = words.first() else {
        return false;
    };
    let rest = &words[1..];
    let mut clause = rest.iter().take_while(|word| !word.marked);
    if first.kinds & SUBJECT != 0 {
        return clause.next().is_some();
    }
    let near = clause.take(VERB_WITHIN);
    first.kinds & ARTICLE != 0 && near.skip(1).any(|word| word.kinds & VERB != 0)
}

fn words(part: &str, grammar: &Grammar, kinds: &HashMap<&str, Kinds>) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let (mut start, mut marked) = (0, false);
    for piece in part.split_inclusive([' ', '\n', ',', ';', '—', '–']) {
        let word = piece.trim_matches(|char: char| !char.is_alphanumeric());
        if !word.is_empty() {
            let offset = piece.find(|char: char| char.is_alphanumeric()).unwrap_or(0);
            let lower = lower(word);
            words.push(Word {
                // Opening marks belong to the word.
                start: start + piece[..offset].trim_start().as_ptr().addr() - piece.as_ptr().addr(),
                kinds: kinds_of(&lower, grammar, kinds),
                marked: marked && !word.starts_with(|char: char| char.is_ascii_digit()),
            });
            marked = false;
        }
        marked |= piece.ends_with([',', ';', '—', '–']) || piece.trim() == "-";
        start += piece.len();
    }
    words
}

fn lower(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.to_lowercase().replace('’', "'"))
}

/// Of an elided word, `j'ai`, `l'accueil`, `n'est`, both parts count.
fn kinds_of(word: &str, grammar: &Grammar, kinds: &HashMap<&str, Kinds>) -> Kinds {
    let known = |word: &str| kinds.get(word).copied();
    known(word).unwrap_or_else(|| {
        let ends = grammar.endings.iter().any(|ending| word.ends_with(ending));
        let elided = word.find('\'').map_or(0, |at| {
            let (article, rest) = word.split_at(at + 1);
            known(article).unwrap_or(0) | known(rest).unwrap_or(0) & VERB
        });
        elided | if ends { VERB } else { 0 }
    })
}

/// Cuts before the words that turn from praise to blame or back.
fn contrasts(part: &str, enclosed: &Enclosed, language: Language, cuts: &mut Vec<Cut>) {
    let Some(contrast) = CONTRASTS
        .iter()
        .find(|contrast| contrast.language == language)
    else {
        return;
    };
    for (at, _) in part.match_indices([' ', ',']) {
        let (before, after) = (&part[..at], &part[at + 1..]);
        if contrast.turns(before, after) && enclosed.around(at).is_none() {
            cuts.push(Cut {
                at: at + 1,
                least: MIN_CLAUSE,
            });
        }
    }
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
        let before = &before[before.ceil_char_boundary(before.len().saturating_sub(LONGEST))..];
        let last = before.rsplit(' ').next().unwrap_or(before).to_lowercase();
        !adds && !self.excepting.contains(&last.as_str())
    }
}

/// What follows a word at the start of a text, in any case.
fn starts_with_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    let same = match start.is_ascii() {
        true => start.eq_ignore_ascii_case(word),
        false => start.to_lowercase() == word,
    };
    (same && !rest.starts_with(char::is_alphanumeric)).then_some(rest)
}
