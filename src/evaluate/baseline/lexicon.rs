//! Counts good and bad words.

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;
use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::evaluate::{Labels, Prediction, Predictor};
use crate::feedback::Feedback;

/// Counts the words of `data/lexicon/sentiment.json`, six languages at once;
/// more good ones than bad is positive. Knows nothing of negation.
#[derive(Debug)]
pub struct Lexicon {
    words: AhoCorasick,
    /// Words up to this number are good, the others bad.
    good: usize,
}

#[derive(Deserialize)]
struct File {
    words: BTreeMap<String, Words>,
}

#[derive(Deserialize)]
struct Words {
    good: Vec<String>,
    bad: Vec<String>,
}

impl Lexicon {
    /// The words that are compiled in.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if they do not make a list
    /// of words to search for.
    pub fn new() -> Result<Self> {
        let broken = |message: String| Error::new(crate::ErrorKind::Config, message);
        let file: File = serde_json::from_str(include_str!("../../../data/lexicon/sentiment.json"))
            .map_err(|error| broken(format!("the lexicon is not what it should be: {error}")))?;
        let good: Vec<&String> = file.words.values().flat_map(|words| &words.good).collect();
        let bad = file.words.values().flat_map(|words| &words.bad);
        let words = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(good.iter().copied().chain(bad))
            .map_err(|error| broken(format!("the lexicon cannot be searched for: {error}")))?;
        Ok(Self {
            words,
            good: good.len(),
        })
    }

    /// Good and bad words in a text.
    fn count(&self, text: &str) -> [usize; 2] {
        let text = text.to_lowercase();
        let mut counts = [0, 0];
        for found in self.words.find_iter(&text) {
            if stands_alone(&text, found.range()) {
                counts[usize::from(found.pattern().as_usize() >= self.good)] += 1;
            }
        }
        counts
    }
}

/// Whether a find is not a part of a longer word. Chinese and Thai do not mark
/// where words end.
fn stands_alone(text: &str, place: std::ops::Range<usize>) -> bool {
    let letter = |c: char| c.is_alphabetic() && c < '\u{0e00}';
    let first = text[place.clone()].chars().next().is_some_and(letter);
    let before = text[..place.start].chars().next_back().is_some_and(letter);
    let after = text[place.end..].chars().next().is_some_and(letter);
    !first || !(before || after)
}

impl Predictor for Lexicon {
    fn name(&self) -> String {
        "lexicon".to_owned()
    }

    fn predict(&self, feedback: &[&Feedback]) -> Vec<Result<Prediction>> {
        let answer = |feedback: &&Feedback| {
            let [good, bad] = self.count(&feedback.text);
            let label = match good.cmp(&bad) {
                std::cmp::Ordering::Less => "negative",
                std::cmp::Ordering::Equal => "neutral",
                std::cmp::Ordering::Greater => "positive",
            };
            Ok(Prediction {
                labels: Labels {
                    sentiment: Some(label.to_owned()),
                    mixed: Some(good > 0 && bad > 0),
                    ..Labels::default()
                },
                // One more of each, so that a single word is not certainty.
                score: Some((good as f64 - bad as f64) / (good + bad + 1) as f64),
                ..Prediction::default()
            })
        };
        feedback.iter().map(answer).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_six_languages() {
        let lexicon = Lexicon::new().expect("the lexicon");
        for (text, label) in [
            ("Great food, lovely staff", "positive"),
            ("Terrible. Rude and slow", "negative"),
            ("Service lent et décevant", "negative"),
            ("Todo excelente, muy amable", "positive"),
            ("อร่อยมาก พนักงานดีมาก", "positive"),
            ("物流太慢，客服态度差", "negative"),
            ("服務親切，好吃", "positive"),
            ("The parcel is blue", "neutral"),
            // Not the word, a part of another.
            ("Badminton", "neutral"),
            ("", "neutral"),
        ] {
            let feedback = Feedback::new("1", text);
            let told = lexicon.predict(&[&feedback]);
            let told = told[0].as_ref().expect("an answer");
            assert_eq!(told.labels.sentiment.as_deref(), Some(label), "{text}");
        }
    }
}
