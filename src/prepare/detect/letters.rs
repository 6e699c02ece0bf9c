//! What runs of letters say of the language of a short text in Latin script.
//!
//! Naive Bayes over runs of two to four letters, in the languages that short
//! feedback is mistaken for each other in. The table is written by
//! `models/training/letters.py`, which says what it was counted in.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::words;
use crate::language::Language;

/// In the order of the columns of the table.
const LANGUAGES: [Language; 8] = [
    Language::English,
    Language::French,
    Language::Spanish,
    Language::Portuguese,
    Language::Italian,
    Language::German,
    Language::Dutch,
    Language::Indonesian,
];

/// Before a letter is read, English, French and Spanish are this much likelier in
/// feedback than their neighbours, as a logarithm: a lower one tells more of
/// the neighbours' first words and fewer of theirs.
const LIKELIER: usize = 3;
const PRIOR: f32 = 5.0;

/// Fewer letters tell nothing, `ok` and `N/A`; more have said what they can.
const LEAST: usize = 5;
const MOST: usize = 60;

/// The longest run of the table.
const LONGEST: usize = 4;

/// How much a run of letters speaks for each language.
type Evidence = [f32; LANGUAGES.len()];

static TABLE: LazyLock<HashMap<u64, Evidence>> = LazyLock::new(|| {
    let rows = include_str!("letters.tsv").lines();
    let rows = rows.filter_map(|row| {
        let (run, tenths) = row.split_once('\t')?;
        let mut tenths = tenths.split('\t');
        let evidence = LANGUAGES.map(|_| {
            let value = tenths.next().and_then(|value| value.parse::<f32>().ok());
            value.unwrap_or_default() / 10.0
        });
        Some((key(run.chars()), evidence))
    });
    rows.collect()
});

/// A run of at most four letters of the basic plane as a number.
fn key(run: impl Iterator<Item = char>) -> u64 {
    run.fold(0, |key, letter| key << 16 | letter as u64 & 0xFFFF)
}

/// The probability of each language of a text in small letters; `None` for a text
/// of few letters, and for one with a letter that none of them has.
pub(super) fn probabilities(text: &str) -> Option<[(Language, f32); LANGUAGES.len()]> {
    let letters = || text.chars().filter(|char| char.is_alphabetic());
    letters().nth(LEAST - 1)?;
    if letters().any(is_foreign) {
        return None;
    }
    let mut sums: Evidence = [0.0; LANGUAGES.len()];
    sums[..LIKELIER].fill(PRIOR);
    let mut word = vec!['_'];
    for char in text.chars().take(MOST) {
        if char.is_alphabetic() || char == '\'' && word.len() > 1 {
            word.push(char);
        } else if word.len() > 1 {
            word.push('_');
            add(&word, &mut sums);
            word.truncate(1);
        }
    }
    // The last word may have been cut, so nothing says that it ends.
    add(&word, &mut sums);
    let most = sums.iter().copied().fold(f32::MIN, f32::max);
    let shares = sums.map(|sum| (sum - most).exp());
    let total: f32 = shares.iter().sum();
    Some(std::array::from_fn(|at| {
        (LANGUAGES[at], shares[at] / total)
    }))
}

/// Whether a letter is one of other languages only.
fn is_foreign(letter: char) -> bool {
    let languages = match letter.is_ascii() {
        true => &[],
        false => words::languages_of_letter(letter),
    };
    !languages.is_empty()
        && !languages
            .iter()
            .any(|language| LANGUAGES.contains(language))
}

/// Adds what the runs of a word say.
fn add(word: &[char], sums: &mut Evidence) {
    for length in 2..=LONGEST {
        for run in word.windows(length) {
            if let Some(evidence) = TABLE.get(&key(run.iter().copied())) {
                for (sum, value) in sums.iter_mut().zip(evidence) {
                    *sum += value;
                }
            }
        }
    }
}
