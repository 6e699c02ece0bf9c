//! Why a text is urgent: the model gives the level, `data/taxonomy/urgency.json`
//! the reasons that its topics and its words can have.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use crate::classify::Scores;
use crate::error::{Error, Result};
use crate::label::{Polarity, Urgency};
use crate::language::Language;
use crate::prepare::Document;

/// More reasons than this explain nothing.
const MOST_REASONS: usize = 2;

/// The reasons, gravest first.
pub(super) struct Reasons {
    reasons: Vec<Reason>,
    cues: BTreeMap<String, Cues>,
}

#[derive(Deserialize)]
struct Reason {
    name: String,
    /// Codes of the levels it can explain.
    levels: Vec<String>,
    /// Topics whose blame gives the reason.
    topics: Vec<String>,
    /// Phrases that give the reason, by language code.
    cues: BTreeMap<String, Vec<String>>,
}

impl Reason {
    /// Whether it stands where no other reason of the level is found: nothing
    /// else could give it.
    fn is_fallback(&self) -> bool {
        self.topics.is_empty() && self.cues.values().all(Vec::is_empty)
    }
}

/// The cues of one language.
struct Cues {
    phrases: AhoCorasick,
    /// The reason that each phrase gives.
    reasons: Vec<usize>,
}

impl Reasons {
    pub(super) fn built_in() -> Result<Self> {
        #[derive(Deserialize)]
        struct File {
            reasons: Vec<Reason>,
        }
        let File { reasons } =
            serde_json::from_str(include_str!("../../data/taxonomy/urgency.json"))
                .expect("the reasons that are compiled in");

        let mut phrases: BTreeMap<String, (Vec<&str>, Vec<usize>)> = BTreeMap::new();
        for (index, reason) in reasons.iter().enumerate() {
            for (language, cues) in &reason.cues {
                let (phrases, owners) = phrases.entry(language.clone()).or_default();
                phrases.extend(cues.iter().map(String::as_str));
                owners.resize(phrases.len(), index);
            }
        }
        let cues = phrases.into_iter().map(|(language, (phrases, reasons))| {
            let phrases = AhoCorasick::new(phrases)
                .map_err(|source| Error::model("too many cues of urgency").with_source(source))?;
            Ok((language, Cues { phrases, reasons }))
        });
        Ok(Self {
            cues: cues.collect::<Result<_>>()?,
            reasons,
        })
    }

    /// What speaks for the urgency in `scores`.
    pub(super) fn of(&self, document: &Document, scores: &Scores) -> Vec<String> {
        let cued = self.cued(document);
        let blamed = |id: &String| {
            let mut topics = scores.topics.iter();
            topics.any(|topic| topic.topic.id() == id && topic.polarity == Polarity::Negative)
        };
        let level = scores.urgency;
        let found: Vec<_> = self
            .of_level(level)
            .filter(|(index, reason)| cued[*index] || reason.topics.iter().any(blamed))
            .collect();
        let named = match found.is_empty() {
            false => found,
            true => self
                .of_level(level)
                .filter(|(_, reason)| reason.is_fallback())
                .collect(),
        };
        named
            .iter()
            .take(MOST_REASONS)
            .map(|(_, reason)| reason.name.clone())
            .collect()
    }

    fn of_level(&self, level: Urgency) -> impl Iterator<Item = (usize, &Reason)> {
        let reasons = self.reasons.iter().enumerate();
        reasons.filter(move |(_, reason)| reason.levels.iter().any(|code| code == level.code()))
    }

    /// For each reason, whether the text holds one of its cues.
    fn cued(&self, document: &Document) -> Vec<bool> {
        let mut cued = vec![false; self.reasons.len()];
        let language = document.detection.language.unwrap_or(Language::English);
        if let Some(cues) = self.cues.get(language.code()) {
            // Agents speak of fraud and of waiting in any call.
            let customer = document.segments.iter();
            let customer = customer.filter(|segment| !segment.context && !segment.asked);
            for segment in customer {
                let text = document.text.as_str()[segment.range.clone()].to_lowercase();
                let text = text.replace('’', "'");
                for found in cues.phrases.find_overlapping_iter(&text) {
                    cued[cues.reasons[found.pattern()]] = true;
                }
            }
        }
        cued
    }
}
