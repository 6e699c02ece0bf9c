//! How a conversation went: the model gives the tone of each turn,
//! `data/taxonomy/conversation.json` the phrases that tell the rest.
//!
//! Whether a matter is settled and how much work the customer had are sums of
//! what speaks for it and against it, so that each can be traced.

use std::collections::{BTreeMap, HashSet};

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use crate::analysis::{Conversation, Tone, WorstTurn, likeliest};
use crate::classify::Scores;
use crate::error::{Error, Result};
use crate::label::{Effort, Speaker};
use crate::language::Language;
use crate::prepare::{Document, Turn};

/// The end of a conversation is so many turns of the customer.
const LAST: usize = 2;

/// The company's last turns, which say what has been done.
const LAST_ANSWERS: usize = 3;

// Settled or not: the score of the customer's last turns, -1 to 1, and so much
// for each kind of phrase, counted twice at most. Between the two bounds it is
// open. Tuned, as all here, on one half of a set of 72 conversations.
const SETTLED: f32 = 0.6;
const DONE: f32 = 0.2;
const MOST_PHRASES: usize = 2;
const IS_SETTLED: f32 = 0.5;
const IS_UNSETTLED: f32 = -0.3;

// Effort: what makes work, less a good end.
const REPEATED: f32 = 1.0;
const REPEATED_IN_VAIN: f32 = 0.7;
const WAITING: f32 = 0.7;
const TRANSFER: f32 = 0.5;
/// For each person beyond the two that a chat with a bot has.
const FURTHER_AGENT: f32 = 0.5;
/// For each turn of the customer beyond the four that any matter takes.
const FURTHER_TURN: f32 = 0.15;
const GOOD_END: f32 = -0.3;
const IS_HIGH: f32 = 1.6;
const IS_LOW: f32 = -0.4;

/// Phrases that tell how a conversation went, by language.
pub(super) struct Course(BTreeMap<String, Cues>);

struct Cues {
    phrases: AhoCorasick,
    /// What each phrase tells.
    signs: Vec<Sign>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sign {
    /// The customer is content.
    Settled,
    /// The customer gives up or threatens.
    Unsettled,
    /// The company has done something.
    Done,
    /// The customer has asked before.
    Repeated,
    /// The company sends the customer on.
    Transfer,
    /// The customer waits.
    Waiting,
}

/// A turn with its tone and the different phrases of each sign in it.
struct Heard<'a> {
    turn: &'a Turn,
    sentiment: [f32; 3],
    signs: Vec<Sign>,
}

impl Heard<'_> {
    fn count(&self, sign: Sign) -> usize {
        self.signs.iter().filter(|&&found| found == sign).count()
    }
}

impl Course {
    pub(super) fn built_in() -> Result<Self> {
        #[derive(Deserialize)]
        struct File {
            cues: BTreeMap<Sign, BTreeMap<String, Vec<String>>>,
        }
        let File { cues } =
            serde_json::from_str(include_str!("../../data/taxonomy/conversation.json"))
                .expect("the phrases that are compiled in");
        let mut languages: BTreeMap<String, (Vec<String>, Vec<Sign>)> = BTreeMap::new();
        for (sign, by_language) in cues {
            for (language, cues) in by_language {
                let (phrases, signs) = languages.entry(language).or_default();
                signs.resize(signs.len() + cues.len(), sign);
                phrases.extend(cues);
            }
        }
        let languages = languages.into_iter().map(|(language, (phrases, signs))| {
            let phrases = AhoCorasick::new(phrases).map_err(|source| {
                Error::model("too many cues of conversations").with_source(source)
            })?;
            Ok((language, Cues { phrases, signs }))
        });
        Ok(Self(languages.collect::<Result<_>>()?))
    }

    /// How the conversation of `document` went; `None` where no turn of a
    /// customer is known.
    pub(super) fn of(&self, document: &Document, scores: &Scores) -> Option<Conversation> {
        let mut turns: Vec<_> = document
            .turns
            .iter()
            .zip(&scores.turns)
            .filter(|(turn, _)| turn.name.is_some() || turn.speaker.is_some())
            .filter_map(|(turn, sentiment)| {
                Some(Heard {
                    turn,
                    sentiment: (*sentiment)?,
                    signs: self.signs(document, turn),
                })
            })
            .collect();
        turns.sort_by_key(|heard| heard.turn.order);
        let by = |speaker| {
            let turns = turns.iter();
            turns.filter(move |heard| heard.turn.speaker == Some(speaker))
        };
        let customer: Vec<_> = by(Speaker::Customer).collect();
        let agents: Vec<_> = by(Speaker::Agent).collect();
        let worst = customer
            .iter()
            .min_by(|a, b| score(&a.sentiment).total_cmp(&score(&b.sentiment)))?;
        let last = &customer[customer.len().saturating_sub(LAST)..];
        let end = tone(&last.iter().map(|heard| heard.sentiment).collect::<Vec<_>>())?;
        let resolved = resolved(end.score, last, &agents);
        let repeated_contact = customer.iter().any(|heard| heard.count(Sign::Repeated) > 0);
        Some(Conversation {
            turns: turns.len(),
            customer_turns: customer.len(),
            start: tone(&[scores.opening.unwrap_or(customer.first()?.sentiment)])?,
            end,
            worst: WorstTurn {
                span: document.text.original(worst.turn.range.clone()),
                score: score(&worst.sentiment),
            },
            resolved,
            repeated_contact,
            effort: effort(end.score, resolved, &customer, &agents),
        })
    }

    fn signs(&self, document: &Document, turn: &Turn) -> Vec<Sign> {
        let language = document.detection.language.unwrap_or(Language::English);
        let Some(cues) = self.0.get(language.code()) else {
            return Vec::new();
        };
        let words = document.text.as_str()[turn.words..turn.range.end].to_lowercase();
        let words = words.replace('’', "'");
        let found = cues.phrases.find_overlapping_iter(&words);
        let found: HashSet<_> = found.map(|found| found.pattern()).collect();
        found.into_iter().map(|phrase| cues.signs[phrase]).collect()
    }
}

fn score([negative, _, positive]: &[f32; 3]) -> f32 {
    positive - negative
}

/// The tone of some turns: the mean of their probabilities.
fn tone(turns: &[[f32; 3]]) -> Option<Tone> {
    let mean = [0, 1, 2].map(|polarity| {
        let sum: f32 = turns.iter().map(|turn| turn[polarity]).sum();
        sum / turns.len() as f32
    });
    (!turns.is_empty()).then(|| Tone {
        polarity: likeliest(&mean),
        score: score(&mean),
    })
}

/// Whether the matter is settled; `None` where that is open.
fn resolved(end: f32, last: &[&Heard<'_>], agents: &[&Heard<'_>]) -> Option<bool> {
    let answers = &agents[agents.len().saturating_sub(LAST_ANSWERS)..];
    let count = |turns: &[&Heard<'_>], sign| {
        let sum: usize = turns.iter().map(|heard| heard.count(sign)).sum();
        sum.min(MOST_PHRASES) as f32
    };
    let sum = end
        + SETTLED * (count(last, Sign::Settled) - count(last, Sign::Unsettled))
        + DONE * count(answers, Sign::Done);
    if sum > IS_SETTLED {
        Some(true)
    } else if sum < IS_UNSETTLED {
        Some(false)
    } else {
        None
    }
}

/// How much work the customer had.
fn effort(
    end: f32,
    resolved: Option<bool>,
    customer: &[&Heard<'_>],
    agents: &[&Heard<'_>],
) -> Effort {
    let any = |sign| customer.iter().any(|heard| heard.count(sign) > 0);
    let transfers = agents
        .iter()
        .filter(|heard| heard.count(Sign::Transfer) > 0);
    let names: HashSet<_> = agents.iter().map(|heard| &heard.turn.name).collect();
    let mut sum = TRANSFER * transfers.count() as f32
        + FURTHER_AGENT * names.len().saturating_sub(2) as f32
        + FURTHER_TURN * (customer.len() as f32 - 4.0)
        + GOOD_END * end;
    if any(Sign::Waiting) {
        sum += WAITING;
    }
    if any(Sign::Repeated) {
        sum += REPEATED;
        if resolved == Some(false) {
            sum += REPEATED_IN_VAIN;
        }
    }
    if sum > IS_HIGH {
        Effort::High
    } else if sum < IS_LOW {
        Effort::Low
    } else {
        Effort::Medium
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Feedback;
    use crate::prepare::prepare;

    /// What each turn of a text tells, in their order in the text.
    fn signs(text: &str) -> Vec<Vec<Sign>> {
        let course = Course::built_in().expect("the phrases that are compiled in");
        let document = prepare(&Feedback::new("", text));
        let turns = document.turns.iter();
        turns.map(|turn| course.signs(&document, turn)).collect()
    }

    #[test]
    fn phrases_tell_in_each_language() {
        use Sign::{Done, Repeated, Settled, Transfer, Unsettled, Waiting};
        let cases = [
            (
                "Customer: I've called three times\nAgent: I'll transfer you now",
                Repeated,
                Transfer,
            ),
            (
                "Client : je résilie mon abonnement demain\nConseiller : c'est fait, madame",
                Unsettled,
                Done,
            ),
            (
                "Cliente: llevo esperando toda la mañana\nAgente: le comunico con el área",
                Waiting,
                Transfer,
            ),
            (
                "ลูกค้า: ขอบคุณมากนะคะ\nพนักงาน: เดี๋ยวโอนสายให้นะคะ",
                Settled,
                Transfer,
            ),
            (
                "客户：这是我第三次打电话了\n客服：我帮您转接",
                Repeated,
                Transfer,
            ),
            (
                "客戶：我要去消保會申訴你們，消保官見\n客服：幫您轉接主管",
                Unsettled,
                Transfer,
            ),
        ];
        for (text, customer, agent) in cases {
            let signs = signs(text);
            assert!(
                signs[0].contains(&customer) && signs[1].contains(&agent),
                "{text}: {signs:?}"
            );
        }
    }

    #[test]
    fn what_speaks_for_it_is_added_up() {
        let document = prepare(&Feedback::new("", "Customer: a\nAgent: b"));
        let heard = |signs: &[Sign]| Heard {
            turn: &document.turns[0],
            sentiment: [0.2, 0.6, 0.2],
            signs: signs.to_vec(),
        };
        let plain = heard(&[]);
        let glad = heard(&[Sign::Settled]);
        let cross = heard(&[Sign::Unsettled, Sign::Repeated, Sign::Waiting]);
        assert_eq!(resolved(0.0, &[&plain], &[]), None);
        assert_eq!(resolved(0.0, &[&glad], &[]), Some(true));
        assert_eq!(resolved(0.5, &[&cross], &[]), None);
        assert_eq!(resolved(-0.9, &[&plain], &[]), Some(false));
        assert_eq!(effort(1.0, Some(true), &[&glad], &[&plain]), Effort::Low);
        assert_eq!(effort(0.0, None, &[&plain], &[&plain]), Effort::Low);
        assert_eq!(
            effort(-0.5, None, &[&plain, &plain, &plain], &[]),
            Effort::Medium
        );
        assert_eq!(
            effort(-0.9, Some(false), &[&cross], &[&plain]),
            Effort::High
        );
    }
}
