//! What the labels of a checkpoint mean: by their names, or by a file in TOML.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};
use crate::label::Polarity;
use crate::taxonomy::{Taxonomy, Topic};

/// From this probability on a topic is spoken of.
const THRESHOLD: f32 = 0.5;

/// Names that say nothing to us.
const NONE: &str = "none";

/// What the labels mean, one after the other; `None` for those that say nothing
/// to us.
#[derive(Debug)]
pub(super) enum Labels {
    Sentiment(Vec<Option<Tone>>),
    Topics(Topics),
}

#[derive(Debug)]
pub(super) struct Topics {
    subjects: Vec<Option<Subject>>,
    pub(super) threshold: f32,
    /// Whether several labels may hold at once.
    several: bool,
}

impl Topics {
    /// Each topic once, with its labels by number.
    pub(super) fn by_topic(&self) -> Vec<(&Topic, Vec<(usize, &Subject)>)> {
        let mut topics: Vec<(&Topic, Vec<(usize, &Subject)>)> = Vec::new();
        for (number, subject) in self.subjects.iter().enumerate() {
            let Some(subject) = subject else { continue };
            let known = topics
                .iter_mut()
                .find(|(topic, _)| **topic == subject.topic);
            match known {
                Some((_, own)) => own.push((number, subject)),
                None => topics.push((&subject.topic, vec![(number, subject)])),
            }
        }
        topics
    }

    /// That one of the `own` labels of a topic holds, given the probability of
    /// every label.
    pub(super) fn probability(&self, own: &[(usize, &Subject)], told: &[f32]) -> f32 {
        let own = own.iter().map(|(number, _)| told[*number]);
        match self.several {
            true => own.fold(0.0, f32::max),
            false => own.sum::<f32>().min(1.0),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tone {
    Polarity(Polarity),
    /// `1..=5`.
    Stars(u8),
}

impl Tone {
    pub(super) fn polarity(self) -> Polarity {
        match self {
            Self::Polarity(polarity) => polarity,
            Self::Stars(..=2) => Polarity::Negative,
            Self::Stars(3) => Polarity::Neutral,
            Self::Stars(_) => Polarity::Positive,
        }
    }

    /// The stars that go with it.
    pub(super) fn stars(self) -> f32 {
        match self {
            Self::Polarity(Polarity::Negative) => 1.0,
            Self::Polarity(Polarity::Neutral) => 3.0,
            Self::Polarity(Polarity::Positive) => 5.0,
            Self::Stars(stars) => f32::from(stars),
        }
    }
}

/// A topic, and what is said of it where the label tells.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Subject {
    pub(super) topic: Topic,
    pub(super) polarity: Option<Polarity>,
}

#[derive(Clone, Debug, PartialEq)]
enum Meaning {
    Nothing,
    Tone(Tone),
    Subject(Subject),
}

/// The file.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    threshold: Option<f32>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

impl Labels {
    /// Reads what labels of these names mean, with the help of `file`; `several`
    /// of them may hold at once.
    pub(super) fn load(names: &[String], several: bool, file: Option<&Path>) -> Result<Self> {
        let Some(path) = file else {
            return Self::new(names, several, File::default());
        };
        let text = std::fs::read_to_string(path).map_err(|source| {
            Error::io("cannot read what the labels mean", source).with_path(path)
        })?;
        let file = toml::from_str(&text).map_err(|source| {
            Error::new(ErrorKind::Config, "this does not say what labels mean")
                .with_path(path)
                .with_source(source)
        })?;
        Self::new(names, several, file).map_err(|error| error.with_path(path))
    }

    fn new(names: &[String], several: bool, file: File) -> Result<Self> {
        let refuse = |what: String| Err(Error::new(ErrorKind::Config, what));
        if let Some(name) = file.labels.keys().find(|name| !names.contains(name)) {
            return refuse(format!(
                "the checkpoint has no label {name}, but {}",
                names.join(", ")
            ));
        }
        let mut meanings = Vec::new();
        let mut unknown = Vec::new();
        for name in names {
            let meaning = match file.labels.get(name) {
                Some(told) => match meaning(told) {
                    Some(meaning) => Some(meaning),
                    None => {
                        return refuse(format!(
                            "{told} is neither negative, neutral, positive, 1 to 5 stars, a topic nor none"
                        ));
                    }
                },
                None => numbered(name, names.len()).or_else(|| meaning(name)),
            };
            match meaning {
                Some(meaning) => meanings.push(meaning),
                None => unknown.push(name.as_str()),
            }
        }
        if !unknown.is_empty() {
            let message = format!(
                "what do these labels of the checkpoint mean: {}",
                unknown.join(", ")
            );
            return Err(Error::new(ErrorKind::Config, message).with_hint(
                "say it in labels.toml in its folder, or with --labels FILE: models/rust-bert/README.md",
            ));
        }
        let threshold = file.threshold.unwrap_or(THRESHOLD);
        if !(0.0..=1.0).contains(&threshold) {
            return refuse(format!("the threshold {threshold} is not in 0..1"));
        }
        let tones: Vec<_> = meanings.iter().map(Meaning::tone).collect();
        let subjects: Vec<_> = meanings.iter().map(Meaning::subject).collect();
        let any = (
            tones.iter().any(Option::is_some),
            subjects.iter().any(Option::is_some),
        );
        match any {
            (true, false) => Ok(Self::Sentiment(tones)),
            (false, true) => Ok(Self::Topics(Topics {
                subjects,
                threshold,
                several,
            })),
            (false, false) => refuse("no label of the checkpoint means anything".to_owned()),
            (true, true) => refuse(
                "some labels of the checkpoint are sentiments and some are topics".to_owned(),
            ),
        }
    }
}

impl Meaning {
    fn tone(&self) -> Option<Tone> {
        match self {
            Self::Tone(tone) => Some(*tone),
            _ => None,
        }
    }

    fn subject(&self) -> Option<Subject> {
        match self {
            Self::Subject(subject) => Some(subject.clone()),
            _ => None,
        }
    }
}

/// `negative`, `4 stars`, `delivery_speed`, `delivery_speed:negative` or `none`.
fn meaning(name: &str) -> Option<Meaning> {
    let name = name.trim().to_lowercase();
    if name == NONE {
        return Some(Meaning::Nothing);
    }
    if let Some(tone) = tone(&name) {
        return Some(Meaning::Tone(tone));
    }
    let (topic, polarity) = match name.split_once(':') {
        Some((topic, polarity)) => (topic, Some(Polarity::from_code(polarity)?)),
        None => (name.as_str(), None),
    };
    let topic = Taxonomy::built_in().topic(topic)?.clone();
    Some(Meaning::Subject(Subject { topic, polarity }))
}

fn tone(name: &str) -> Option<Tone> {
    let polarity = match name {
        "negative" | "neg" | "very negative" => Polarity::Negative,
        "neutral" | "neu" => Polarity::Neutral,
        "positive" | "pos" | "very positive" => Polarity::Positive,
        _ => {
            let stars = name.trim_end_matches('s').trim_end_matches("star");
            let stars = stars.trim_end_matches([' ', '-', '_']);
            let stars = stars.parse().ok().filter(|stars| (1..=5).contains(stars));
            return stars.map(Tone::Stars);
        }
    };
    Some(Tone::Polarity(polarity))
}

/// What `LABEL_0`, `LABEL_1` and so on are as a rule, where there are `count` of
/// them: worst first.
fn numbered(name: &str, count: usize) -> Option<Meaning> {
    let number: u8 = name.strip_prefix("LABEL_")?.parse().ok()?;
    let tone = match (count, number) {
        (2 | 3, 0) => Tone::Polarity(Polarity::Negative),
        (3, 1) => Tone::Polarity(Polarity::Neutral),
        (2, 1) | (3, 2) => Tone::Polarity(Polarity::Positive),
        (5, 0..=4) => Tone::Stars(number + 1),
        _ => return None,
    };
    Some(Meaning::Tone(tone))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(names: &[&str], file: &str) -> Result<Labels> {
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        Labels::new(
            &names,
            false,
            toml::from_str(file).expect("TOML of its form"),
        )
    }

    fn polarities(names: &[&str]) -> Vec<Polarity> {
        match labels(names, "").expect("names that say it") {
            Labels::Sentiment(tones) => tones.into_iter().flatten().map(Tone::polarity).collect(),
            Labels::Topics(_) => Vec::new(),
        }
    }

    #[test]
    fn usual_names_need_no_file() {
        use Polarity::{Negative, Neutral, Positive};
        let stars = [Negative, Negative, Neutral, Positive, Positive];
        let cases: [(&[&str], &[Polarity]); 8] = [
            (&["NEGATIVE", "POSITIVE"], &[Negative, Positive]),
            (
                &["Positive", "Neutral", "Negative"],
                &[Positive, Neutral, Negative],
            ),
            (&["POS", "NEU", "NEG"], &[Positive, Neutral, Negative]),
            (&["LABEL_0", "LABEL_1"], &[Negative, Positive]),
            (
                &["LABEL_0", "LABEL_1", "LABEL_2"],
                &[Negative, Neutral, Positive],
            ),
            (
                &["1 star", "2 stars", "3 stars", "4 stars", "5 stars"],
                &stars,
            ),
            (&["1", "2", "3", "4", "5"], &stars),
            (
                &["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4"],
                &stars,
            ),
        ];
        for (names, expected) in cases {
            assert_eq!(polarities(names), expected, "{names:?}");
        }
    }

    #[test]
    fn a_file_says_what_names_do_not() {
        let file = "threshold = 0.25\n[labels]\nlate = \"delivery_speed\"\nkind = \"staff_attitude:positive\"\nspam = \"none\"";
        let told = labels(&["late", "kind", "spam", "payment"], file).expect("a file of topics");
        let Labels::Topics(told) = told else {
            panic!("these are topics");
        };
        let topics = told.subjects.iter().map(|subject| {
            let subject = subject.as_ref()?;
            Some((subject.topic.id(), subject.polarity))
        });
        let expected = [
            Some(("delivery_speed", None)),
            Some(("staff_attitude", Some(Polarity::Positive))),
            None,
            Some(("payment", None)),
        ];
        assert_eq!(topics.collect::<Vec<_>>(), expected);
        assert_eq!(told.threshold, 0.25);
    }

    #[test]
    fn labels_of_one_topic_are_taken_together() {
        let file =
            "[labels]\nlate = \"delivery_speed:negative\"\nfast = \"delivery_speed:positive\"";
        let names = ["late", "payment", "fast"];
        for (several, expected) in [(false, 0.75), (true, 0.5)] {
            let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
            let told = Labels::new(&names, several, toml::from_str(file).expect("TOML"));
            let Ok(Labels::Topics(told)) = told else {
                panic!("these are topics");
            };
            let topics = told.by_topic();
            let [(topic, own), (_, payment)] = &topics[..] else {
                panic!("these are two topics");
            };
            assert_eq!(topic.id(), "delivery_speed");
            assert_eq!(told.probability(own, &[0.5, 0.25, 0.25]), expected);
            assert_eq!(told.probability(payment, &[0.5, 0.25, 0.25]), 0.25);
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_with_a_reason() {
        let cases: [(&[&str], &str, &str); 8] = [
            (&["joy", "anger"], "", "mean: joy, anger"),
            (&["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3"], "", "LABEL_3"),
            (&["0", "6 stars"], "", "mean: 0, 6 stars"),
            (&["negative", "payment"], "", "some are topics"),
            (&["none", "none"], "", "anything"),
            (&["a", "b"], "[labels]\nc = \"none\"", "no label c"),
            (&["a", "b"], "[labels]\na = \"nice\"", "nice is neither"),
            (&["neg", "pos"], "threshold = 2", "threshold"),
        ];
        for (names, file, expected) in cases {
            let error = labels(names, file).expect_err("a refusal");
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
}
