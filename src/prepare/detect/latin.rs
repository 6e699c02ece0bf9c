//! Languages in Latin script: listed words, letters, n-grams and, where those say
//! little, runs of letters and statistics vote.

use std::borrow::Cow;

use super::votes::Votes;
use super::{Detection, letters, statistics, words};
use crate::language::Language;

// A listed word is one vote; these weights of the other witnesses gave the best
// worst language among those in Latin script, on rows kept apart for choices.
// More for the n-grams helps German and Portuguese, and hurts English; more for
// the runs of letters, which decide texts without a listed word, the reverse.
const LETTER: f32 = 0.3;
const LETTERS: f32 = 1.2;
const NGRAMS: f32 = 0.5;
const STATISTICS_GUESS: f32 = 0.3;
const STATISTICS_SURE: f32 = 0.9;

/// Before anything is read, feedback in Latin script is likelier in one of
/// these. More than a fifth of a vote takes texts from other languages.
const LIKELIER: [Language; 3] = [Language::English, Language::French, Language::Spanish];
const PRIOR: f32 = 0.2;

/// A lead of this many votes is beyond doubt.
const DECIDED: f32 = 2.0;

/// Below this confidence, two answers in five were right.
const UNKNOWN_BELOW: f32 = 0.15;

/// A part says clearly what language it is in with this many words, and this
/// many votes more than for any other: names are written in Latin script all
/// over the world.
const CLEAR_WORDS: usize = 3;
const CLEAR_LEAD: f32 = 0.9;
const CLEAR_CONFIDENCE: f32 = 0.3;

/// The language of a text. Whichlang is right more often but knows neither
/// Indonesian nor Polish; whatlang knows 69 languages and errs in short texts.
pub(super) fn latin(text: &str) -> Detection {
    let text = lower(&without_titles(text));
    let mut votes = votes(&text);
    add_ngrams(&mut votes, &text);
    // Those take longer than all the rest. Letters overturn no greater lead; the
    // statistics cast doubt on one, too: `ok` is listed as English.
    if votes.leader().lead < LETTERS {
        for (language, probability) in letters::probabilities(&text).into_iter().flatten() {
            votes.add(language, LETTERS * probability);
        }
    }
    if votes.leader().lead < DECIDED
        && let Some((language, sure)) = statistics::guess(&text)
    {
        let vote = STATISTICS_GUESS + (STATISTICS_SURE - STATISTICS_GUESS) * sure;
        votes.add(language, vote);
    }
    let leader = votes.leader();
    match leader.language {
        Some(language) if leader.confidence() >= UNKNOWN_BELOW => {
            Detection::new(language, leader.confidence())
        }
        _ => Detection::UNKNOWN,
    }
}

/// The language of a part, where that is clear and not the document's.
pub(super) fn clearly_latin(text: &str, document: Option<Language>) -> Option<Language> {
    let text = &without_titles(text);
    if words(text).take(CLEAR_WORDS).count() < CLEAR_WORDS || is_title(text) {
        return None;
    }
    let lower = lower(text);
    let mut votes = votes(&lower);
    // Most parts are in the language of the whole, and n-grams take their time.
    if document.is_some() && votes.leader().language == document {
        return None;
    }
    add_ngrams(&mut votes, &lower);
    let leader = votes.leader();
    let clear = leader.lead >= CLEAR_LEAD && leader.confidence() >= CLEAR_CONFIDENCE;
    leader.language.filter(|_| clear)
}

/// What words and letters say of a text in small letters.
fn votes(text: &str) -> Votes {
    let mut votes = Votes::default();
    for word in text.split(|char: char| !char.is_alphanumeric() && char != '\'') {
        let word = word.trim_matches('\'');
        // `don't` is listed whole; of `l'accueil` only what follows the article.
        let listed = words::languages(word).or_else(|| {
            let (_, elided) = word.rsplit_once('\'')?;
            words::languages(elided)
        });
        votes.share(listed.unwrap_or_default(), 1.0);
    }
    for letter in text.chars().filter(|char| !char.is_ascii()) {
        votes.share(words::languages_of_letter(letter), LETTER);
    }
    for language in LIKELIER {
        votes.add(language, PRIOR);
    }
    votes
}

fn add_ngrams(votes: &mut Votes, text: &str) {
    let code = whichlang::detect_language(text).three_letter_code();
    if let Some(language) = Language::from_code(code) {
        votes.add(language, NGRAMS);
    }
}

fn lower(text: &str) -> String {
    let mut lower = text.to_lowercase();
    if lower.contains('’') {
        lower = lower.replace('’', "'");
    }
    lower
}

/// A text without the lines and the quotations that are titles, unless all are.
fn without_titles(text: &str) -> Cow<'_, str> {
    const MARKS: [char; 6] = ['\n', '«', '»', '“', '”', '"'];
    if !text.contains(MARKS) {
        return Cow::Borrowed(text);
    }
    let parts = text.split_inclusive(MARKS);
    let kept: String = parts.filter(|part| !is_title(part)).collect();
    match kept.trim().is_empty() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(kept),
    }
}

/// Whether most words are capitalised: `The Lord of the Rings` is in no language
/// of its own, as people write the names of things as they are.
fn is_title(text: &str) -> bool {
    // Articles and prepositions are small in titles, too.
    let long = || words(text).skip(1).filter(|word| word.len() > 3);
    let capitals = long().filter(|word| word.starts_with(char::is_uppercase));
    capitals.count() * 3 > long().count() * 2
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split_whitespace();
    words.filter(|word| word.starts_with(char::is_alphabetic))
}
