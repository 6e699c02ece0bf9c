//! Thai writes a space where a clause or a sentence ends, and around numbers
//! and foreign words, where none does.

use std::sync::LazyLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};

use super::enclosed::Enclosed;
use super::sentences::is_emoji;
use super::{Cut, is_han, is_thai};

// In bytes, three a character.

/// What a bare space parts is no shorter: 12 characters.
const MIN_CLAUSE: usize = 36;
/// What a particle ends or a turn begins is no shorter: 5 characters.
const MIN_SURE: usize = 15;

/// Particles that end a statement.
const PARTICLES: &[&str] = &[
    "ครับ",
    "ครับผม",
    "คับ",
    "ค้าบ",
    "ค่ะ",
    "คะ",
    "ค่า",
    "ค้า",
    "จ้า",
    "จ้ะ",
    "จ๊ะ",
    "นะ",
    "เลย",
    "เนอะ",
    "555",
];

/// Words with which a clause goes on over a space.
const JOINING: &[&str] = &["และ", "หรือ", "คือ", "เช่น", "จน", "เพื่อ", "โดย", "ซึ่ง", "เพราะ"];

/// Words that begin a clause, mostly one that turns.
const TURNS: &[&str] = &["แต่", "แล้วก็", "ส่วน", "แถม", "เสียดาย", "อย่างไรก็ตาม"];

/// Where clauses of `part` may be cut; nowhere unless it has Thai in it.
pub(super) fn cuts(part: &str, enclosed: &Enclosed, cuts: &mut Vec<Cut>) {
    if !part.contains(is_thai) {
        return;
    }
    for (at, _) in part.match_indices(' ') {
        let (before, after) = (&part[..at], &part[at + 1..]);
        if enclosed.around(at).is_none()
            && let Some(least) = least_around_space(before, after)
        {
            cuts.push(Cut { at: at + 1, least });
        }
    }
    turns(part, cuts);
    for particle in ["ค่ะ", "ครับ"] {
        for (at, _) in part.match_indices(particle) {
            let end = at + particle.len();
            let goes_on = |particle: &&str| part[end..].starts_with(*particle);
            if part[end..].starts_with(is_thai) && !PARTICLES.iter().any(goes_on) {
                cuts.push(Cut {
                    at: end,
                    least: MIN_CLAUSE,
                });
            }
        }
    }
}

/// What a cut at a space must leave on each side; `None` where none is.
fn least_around_space(before: &str, after: &str) -> Option<usize> {
    let (last, next) = (before.chars().next_back()?, after.chars().next()?);
    let letter = |char: char| is_thai(char) && !matches!(char, '๐'..='๙');
    let starts = letter(next) && next != 'ๆ';
    if PARTICLES.iter().any(|particle| before.ends_with(particle)) {
        return (starts || next.is_uppercase() || is_han(next)).then_some(MIN_SURE);
    }
    let ends = letter(last) || is_emoji(last) || matches!(last, '!' | '?' | '…');
    if is_thai(last) && is_han(next) || is_han(last) && is_thai(next) {
        return Some(MIN_SURE);
    }
    let joins = |word: &&str| before.ends_with(*word) || after.starts_with(*word);
    if !ends || !starts || JOINING.iter().any(joins) || before.ends_with("ว่า") {
        return None;
    }
    // `ประทับใจค่ะ`: what is short and ends with a particle is a statement.
    let ahead = &after[..after.floor_char_boundary(MIN_CLAUSE * 2)];
    let polite = ahead
        .split(' ')
        .next()
        .is_some_and(|word| PARTICLES.iter().any(|particle| word.ends_with(particle)));
    // Not in แต่ละ (each) or แต่ง (decorate).
    let turns = TURNS.iter().any(|turn| after.starts_with(turn))
        && !after.starts_with("แต่ละ")
        && !after.starts_with("แต่ง");
    Some(if turns || polite {
        MIN_SURE
    } else {
        MIN_CLAUSE
    })
}

/// Dictionary rather than neural network: ten times as fast, and as good for
/// the few words looked for.
static WORDS: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));

/// Where a word that begins a clause stands as a word of its own in a run
/// without spaces: not in ตั้งแต่ (since), แต่ละ (each) or แต่ง (decorate).
fn turns(part: &str, cuts: &mut Vec<Cut>) {
    let mut start = 0;
    for run in part.split_inclusive(' ') {
        let inside = run.char_indices().nth(1).map_or("", |(at, _)| &run[at..]);
        if TURNS.iter().any(|word| inside.contains(word)) {
            let boundaries: Vec<usize> = WORDS.segment_str(run).collect();
            let words = boundaries
                .windows(2)
                .filter(|word| TURNS.contains(&&run[word[0]..word[1]]));
            cuts.extend(words.map(|word| Cut {
                at: start + word[0],
                least: MIN_CLAUSE,
            }));
        }
        start += run.len();
    }
}
