//! Votes for languages, counted.

use crate::language::Language;

/// Votes by language.
pub(super) struct Votes([f32; Language::ALL.len()]);

/// The language with most votes; of equals the first.
pub(super) struct Leader {
    /// `None` where nobody voted.
    pub(super) language: Option<Language>,
    votes: f32,
    /// How many votes more than the next has.
    pub(super) lead: f32,
}

impl Votes {
    pub(super) fn add(&mut self, language: Language, votes: f32) {
        self.0[language as usize] += votes;
    }

    /// Shares votes among languages.
    pub(super) fn share(&mut self, languages: &[Language], votes: f32) {
        for &language in languages {
            self.add(language, votes / languages.len() as f32);
        }
    }

    pub(super) fn leader(&self) -> Leader {
        let (mut language, mut most, mut next) = (None, 0.0, 0.0);
        for (&candidate, &votes) in Language::ALL.iter().zip(&self.0) {
            if votes > most {
                (language, most, next) = (Some(candidate), votes, most);
            } else if votes > next {
                next = votes;
            }
        }
        Leader {
            language,
            votes: most,
            lead: most - next,
        }
    }
}

impl Default for Votes {
    fn default() -> Self {
        Self([0.0; Language::ALL.len()])
    }
}

impl Leader {
    /// From 0 to 1. Half a vote against every leader: nobody is sure of one word.
    pub(super) fn confidence(&self) -> f32 {
        self.lead / (self.votes + 0.5)
    }
}
