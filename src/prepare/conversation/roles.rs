//! Who is the customer, and who answers for the company.
//!
//! What speakers are called and what only one side says stands in
//! `data/taxonomy/speakers.json`. A role is told where that, or the other
//! side's role, speaks for it.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use super::{Channel, Message};
use crate::label::Speaker;

// What is found is added up: for the company above zero, for the customer below.
// A label that is known by itself outweighs all else; a word such as `shop` in
// a name outweighs `miss` in it; phrases count up to three times.
const LABEL: i32 = 20;
const COMPANY_PART: i32 = 4;
const CUSTOMER_PART: i32 = 3;
const PHRASE: i32 = 2;
const MOST_PHRASES: i32 = 3;
const FIRST: i32 = 1;

/// A sum that decides by itself.
const ENOUGH: i32 = 2;

#[derive(Deserialize)]
struct File {
    customer: Side,
    agent: Side,
}

#[derive(Deserialize)]
struct Side {
    /// What the side is called in transcripts, in lower case. Words that head
    /// other things too, as `service` heads a survey answer, are left out.
    labels: Vec<String>,
    /// Words in the names of such a side: whole ones, but any part in Thai and
    /// Chinese.
    parts: Vec<String>,
    /// What only this side says.
    phrases: Vec<String>,
}

struct Lexicon {
    sides: File,
    phrases: AhoCorasick,
    /// The phrases before this one are the customer's.
    agents_phrases: usize,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let sides: File = serde_json::from_str(include_str!("../../../data/taxonomy/speakers.json"))
        .expect("the speakers that are compiled in");
    let phrases = sides.customer.phrases.iter().chain(&sides.agent.phrases);
    Lexicon {
        phrases: AhoCorasick::new(phrases).expect("few phrases"),
        agents_phrases: sides.customer.phrases.len(),
        sides,
    }
});

/// The role of a speaker who is called by it.
pub(super) fn known(name: &str) -> Option<Speaker> {
    let name = name.to_lowercase();
    if LEXICON.sides.customer.labels.contains(&name) {
        Some(Speaker::Customer)
    } else if LEXICON.sides.agent.labels.contains(&name) {
        Some(Speaker::Agent)
    } else {
        None
    }
}

/// Tells the role of each message's speaker.
pub(super) fn tell(messages: &[Message<'_>], channel: Channel) -> Vec<Option<Speaker>> {
    let mut numbers: HashMap<Option<&str>, usize> = HashMap::new();
    let mut sums: Vec<i32> = Vec::new();
    let mut phrases: Vec<[i32; 2]> = Vec::new();
    let speakers: Vec<_> = messages
        .iter()
        .map(|message| {
            let number = *numbers.entry(message.name).or_insert_with(|| {
                sums.push(message.name.map_or(0, called));
                phrases.push([0; 2]);
                sums.len() - 1
            });
            count_phrases(message, &mut phrases[number]);
            number
        })
        .collect();
    for (sum, [customer, agent]) in sums.iter_mut().zip(phrases) {
        *sum += PHRASE * (agent.min(MOST_PHRASES) - customer.min(MOST_PHRASES));
    }
    let first = messages
        .iter()
        .zip(&speakers)
        .min_by_key(|(message, _)| message.order);
    if let Some((_, &first)) = first {
        sums[first] += match channel {
            Channel::Call => FIRST,
            Channel::Writing => -FIRST,
            Channel::Unknown => 0,
        };
    }
    let roles = decide(&sums, &speakers);
    speakers.iter().map(|&speaker| roles[speaker]).collect()
}

/// What a name says of its bearer.
fn called(name: &str) -> i32 {
    match known(name) {
        Some(Speaker::Customer) => return -LABEL,
        Some(Speaker::Agent) => return LABEL,
        None => {}
    }
    let name = name.to_lowercase();
    let words: Vec<_> = name
        .split(|char: char| !char.is_alphanumeric() && char != '\'')
        .collect();
    let has = |parts: &[String]| {
        parts.iter().any(|part| match part.chars().all(is_spaced) {
            true => words.contains(&part.as_str()),
            false => name.contains(part.as_str()),
        })
    };
    let mut sum = 0;
    if has(&LEXICON.sides.agent.parts) {
        sum += COMPANY_PART;
    }
    if has(&LEXICON.sides.customer.parts) {
        sum -= CUSTOMER_PART;
    }
    sum
}

/// Whether a script puts spaces between words.
fn is_spaced(char: char) -> bool {
    char < '\u{E00}'
}

/// Adds up what only customers and what only agents say.
fn count_phrases(message: &Message<'_>, counts: &mut [i32; 2]) {
    for words in message.words() {
        let words = words.to_lowercase().replace('’', "'");
        for found in LEXICON.phrases.find_iter(&words) {
            let agents = found.pattern().as_usize() >= LEXICON.agents_phrases;
            counts[usize::from(agents)] += 1;
        }
    }
}

/// The role of each speaker, given the sums and who speaks in turn.
fn decide(sums: &[i32], turns: &[usize]) -> Vec<Option<Speaker>> {
    let mut roles: Vec<_> = sums
        .iter()
        .map(|&sum| match sum {
            ENOUGH.. => Some(Speaker::Agent),
            _ if sum <= -ENOUGH => Some(Speaker::Customer),
            _ => None,
        })
        .collect();
    // Nobody talks to himself: where one side is missing, it is whoever speaks
    // least for the other.
    if let Some(least) = extreme(sums, |sum| sum)
        && roles.contains(&Some(Speaker::Agent))
        && !roles.contains(&Some(Speaker::Customer))
    {
        roles[least] = Some(Speaker::Customer);
    }
    if let Some(most) = extreme(sums, |sum| -sum)
        && roles.contains(&Some(Speaker::Customer))
        && !roles.contains(&Some(Speaker::Agent))
    {
        roles[most] = Some(Speaker::Agent);
    }
    // The rest answer those who speak before and after them.
    let mut company = vec![0_i32; sums.len()];
    for pair in turns.windows(2) {
        for (&one, &other) in [(&pair[0], &pair[1]), (&pair[1], &pair[0])] {
            company[one] += match roles[other] {
                Some(Speaker::Customer) => 1,
                Some(Speaker::Agent) => -1,
                None => 0,
            };
        }
    }
    for ((role, &sum), answers) in roles.iter_mut().zip(sums).zip(company) {
        let side = if sum != 0 { sum } else { answers };
        if role.is_none() && sums.len() > 1 && side != 0 {
            let agent = side > 0;
            *role = Some(if agent {
                Speaker::Agent
            } else {
                Speaker::Customer
            });
        }
    }
    roles
}

/// The only speaker with the least key.
fn extreme(sums: &[i32], key: impl Fn(i32) -> i32) -> Option<usize> {
    let keys: Vec<_> = sums.iter().map(|&sum| key(sum)).collect();
    let least = *keys.iter().min()?;
    let mut holders = keys.iter().enumerate().filter(|(_, key)| **key == least);
    let (holder, _) = holders.next()?;
    (sums.len() > 1 && holders.next().is_none()).then_some(holder)
}
