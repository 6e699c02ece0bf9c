//! Cases that probe one ability each: what a customer may say in many ways, and
//! what must not change the answer. After CheckList (Ribeiro et al. 2020);
//! `data/README.md` has the format.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::labels::Prediction;
use super::predict::Predictor;
use crate::error::{Error, Result};
use crate::feedback::Feedback;

/// How far a score may go the wrong way before it counts: what is left of a
/// score near ±1 when something is added is noise.
const SLACK: f64 = 0.05;

/// One case: a text, or versions of one, and what must hold of the answers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Case {
    /// Identifies it.
    pub id: String,
    /// The code of its language.
    pub language: String,
    /// The ability it probes, such as `negation_of_negative`.
    pub capability: String,
    /// What must hold.
    #[serde(flatten)]
    pub test: Probe,
}

/// What must hold of the answers to a case.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "test", rename_all = "snake_case")]
pub enum Probe {
    /// One text gets one of the accepted sentiments.
    Minimum {
        /// The text.
        text: String,
        /// The sentiments that are accepted.
        expected: Vec<String>,
    },
    /// Versions of one text get the same, accepted sentiment.
    Invariance {
        /// The versions.
        texts: Vec<String>,
        /// The sentiments that are accepted.
        expected: Vec<String>,
    },
    /// The score of a changed text does not go the other way.
    Direction {
        /// The text, and the changed one.
        texts: [String; 2],
        /// Where the change should lead.
        change: Change,
    },
}

/// Where a change of a text should lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// To a lower score.
    MoreNegative,
    /// To a higher score.
    MorePositive,
}

impl Case {
    /// Reads cases, one JSON object a line.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) with the number of the
    /// first line that is no case.
    pub fn parse(lines: &str) -> Result<Vec<Self>> {
        let lines = lines.lines().enumerate();
        let lines = lines.filter(|(_, line)| !line.trim().is_empty());
        lines
            .map(|(at, line)| {
                serde_json::from_str(line).map_err(|source| {
                    Error::input("is no case of behaviour")
                        .with_row(at as u64 + 1)
                        .with_source(source)
                })
            })
            .collect()
    }

    /// Its texts.
    pub fn texts(&self) -> &[String] {
        match &self.test {
            Probe::Minimum { text, .. } => std::slice::from_ref(text),
            Probe::Invariance { texts, .. } => texts,
            Probe::Direction { texts, .. } => texts,
        }
    }

    /// Whether the answers to its texts, in their order, are as they must be. A
    /// missing answer is not.
    pub fn passes(&self, answers: &[Result<Prediction>]) -> bool {
        let answers: Vec<&Prediction> = answers.iter().flatten().collect();
        if answers.len() != self.texts().len() {
            return false;
        }
        match &self.test {
            Probe::Minimum { expected, .. } | Probe::Invariance { expected, .. } => {
                let mut labels = answers.iter().map(|told| told.labels.sentiment.as_ref());
                let Some(Some(first)) = labels.next() else {
                    return false;
                };
                expected.contains(first) && labels.all(|label| label == Some(first))
            }
            Probe::Direction { change, .. } => {
                let scores: Vec<f64> = answers.iter().filter_map(|told| told.score).collect();
                let [base, changed] = scores[..] else {
                    return false;
                };
                match change {
                    Change::MoreNegative => changed - base <= SLACK,
                    Change::MorePositive => base - changed <= SLACK,
                }
            }
        }
    }
}

/// How often a system fails, by ability and language.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Behaviour {
    /// `{capability: {language: cases}}`, each with `all`.
    pub capabilities: BTreeMap<String, BTreeMap<String, Tally>>,
    /// The cases that failed.
    pub failures: Vec<Failure>,
}

/// Cases, and how many of them fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// All of them.
    pub cases: u64,
    /// Those that fail.
    pub failed: u64,
}

impl Tally {
    /// The share that fails.
    pub fn failure_rate(self) -> f64 {
        self.failed as f64 / self.cases.max(1) as f64
    }
}

/// A case that failed, with the answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failure {
    /// The case's id.
    pub id: String,
    /// Its language.
    pub language: String,
    /// The ability it probes.
    pub capability: String,
    /// Its texts.
    pub texts: Vec<String>,
    /// The sentiment of each; `None` where there was no answer.
    pub told: Vec<Option<String>>,
    /// The score of each.
    pub scores: Vec<Option<f64>>,
}

/// What all cases, or all languages, are called in a table.
pub const ALL: &str = "all";

impl Behaviour {
    /// Asks a system all cases.
    pub fn of(system: &dyn Predictor, cases: &[Case]) -> Self {
        let texts = cases.iter().flat_map(Case::texts);
        let feedback: Vec<_> = texts.map(|text| Feedback::new("", text)).collect();
        let answers = system.predict(&feedback.iter().collect::<Vec<_>>());
        Self::new(cases, &answers)
    }

    /// Sums up answers to all texts of all cases, in their order.
    pub fn new(cases: &[Case], answers: &[Result<Prediction>]) -> Self {
        let mut capabilities: BTreeMap<String, BTreeMap<String, Tally>> = BTreeMap::new();
        let mut failures = Vec::new();
        let mut rest = answers;
        for case in cases {
            let own;
            (own, rest) = rest.split_at(case.texts().len().min(rest.len()));
            let failed = !case.passes(own);
            for capability in [case.capability.as_str(), ALL] {
                for language in [case.language.as_str(), ALL] {
                    let row = capabilities.entry(capability.to_owned()).or_default();
                    let tally = row.entry(language.to_owned()).or_default();
                    tally.cases += 1;
                    tally.failed += u64::from(failed);
                }
            }
            if failed {
                failures.push(Failure::new(case, own));
            }
        }
        Self {
            capabilities,
            failures,
        }
    }

    /// The cases of an ability, or of [`ALL`], in a language, or in [`ALL`].
    pub fn tally(&self, capability: &str, language: &str) -> Tally {
        let row = self.capabilities.get(capability);
        let tally = row.and_then(|row| row.get(language));
        tally.copied().unwrap_or_default()
    }
}

impl Failure {
    fn new(case: &Case, answers: &[Result<Prediction>]) -> Self {
        let told = |answer: &Result<Prediction>| answer.as_ref().ok()?.labels.sentiment.clone();
        Self {
            id: case.id.clone(),
            language: case.language.clone(),
            capability: case.capability.clone(),
            texts: case.texts().to_vec(),
            told: answers.iter().map(told).collect(),
            scores: answers
                .iter()
                .map(|answer| answer.as_ref().ok()?.score)
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::Labels;

    fn answer((label, score): (&str, f64)) -> Result<Prediction> {
        Ok(Prediction {
            labels: Labels {
                sentiment: Some(label.to_owned()),
                ..Labels::default()
            },
            score: Some(score),
            ..Prediction::default()
        })
    }

    const CASES: &str = r#"
{"id":"1","language":"fr","capability":"negation","test":"minimum","text":"Pas mal du tout","expected":["positive"]}
{"id":"2","language":"th","capability":"names","test":"invariance","texts":["ก","ข"],"expected":["neutral","negative"]}
{"id":"3","language":"fr","capability":"intensity","test":"direction","texts":["Long","Très long"],"change":"more_negative"}
"#;

    #[test]
    fn each_kind_of_case_passes_as_it_says() {
        let cases = Case::parse(CASES).expect("cases");
        let verdicts = |case: usize, answers: &[(&str, f64)]| {
            let answers: Vec<_> = answers.iter().copied().map(answer).collect();
            cases[case].passes(&answers)
        };
        for (case, answers, passes) in [
            (0, &[("positive", 0.9)][..], true),
            (0, &[("neutral", 0.0)], false),
            (0, &[], false),
            (1, &[("negative", -0.5), ("negative", -0.9)], true),
            (1, &[("negative", -0.5), ("neutral", 0.0)], false),
            (1, &[("positive", 0.5), ("positive", 0.5)], false),
            (2, &[("negative", -0.5), ("negative", -0.6)], true),
            (2, &[("negative", -0.5), ("negative", -0.46)], true),
            (2, &[("negative", -0.5), ("neutral", -0.1)], false),
        ] {
            assert_eq!(verdicts(case, answers), passes, "{case} {answers:?}");
        }
    }

    #[test]
    fn failures_are_counted_and_shown() {
        let cases = Case::parse(CASES).expect("cases");
        let answers = [
            ("neutral", 0.0),
            ("negative", -0.5),
            ("negative", -0.6),
            ("negative", -0.5),
            ("negative", -0.9),
        ];
        let report = Behaviour::new(&cases, &answers.map(answer));
        let tally = report.tally("negation", "fr");
        assert_eq!(
            (tally.cases, tally.failed, tally.failure_rate()),
            (1, 1, 1.0)
        );
        assert_eq!(
            report.tally(ALL, ALL),
            Tally {
                cases: 3,
                failed: 1
            }
        );
        assert_eq!(report.tally("none", "fr").failure_rate(), 0.0);
        assert_eq!(report.failures[0].told, [Some("neutral".to_owned())]);
        // Answers that are missing are failures, not a panic.
        assert_eq!(Behaviour::new(&cases, &[]).failures.len(), 3);
    }

    #[test]
    fn a_broken_case_is_named_by_its_line() {
        let error = Case::parse("\n{\"id\":\"1\"}\n").expect_err("no case");
        assert_eq!(error.row(), Some(2));
    }
}
