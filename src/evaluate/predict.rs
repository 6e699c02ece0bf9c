//! Feedback → what a system says of it.

use std::collections::{HashMap, HashSet};

use super::cells::Cells;
use super::labels::Prediction;
use super::mapping::Mapping;
use crate::analyzer::Analyzer;
use crate::error::{Error, Result};
use crate::feedback::Feedback;
use crate::read::Row;

/// A system that can be measured.
pub trait Predictor: Sync {
    /// What tables call it.
    fn name(&self) -> String;

    /// What it says of each piece of feedback, in their order and number.
    fn predict(&self, feedback: &[&Feedback]) -> Vec<Result<Prediction>>;
}

impl Predictor for Analyzer {
    fn name(&self) -> String {
        self.model_id().to_owned()
    }

    fn predict(&self, feedback: &[&Feedback]) -> Vec<Result<Prediction>> {
        let analyses = self.analyze_batch(feedback).into_iter();
        analyses
            .map(|analysis| Ok(Prediction::from(&analysis?)))
            .collect()
    }
}

/// What any system said, read from a file: our own records, or rows of another
/// system with an id and the columns of its labels.
#[derive(Clone, Debug)]
pub struct Predictions {
    name: String,
    rows: HashMap<String, Feedback>,
    mapping: Mapping,
    /// What was wrong about the file.
    problems: Vec<Error>,
}

impl Predictions {
    /// Takes rows, which are found by their ids; of two with the same id the
    /// last one counts. Rows that cannot be read are predictions that are missing.
    pub fn read(
        name: impl Into<String>,
        rows: impl IntoIterator<Item = Result<Row>>,
        mapping: Mapping,
    ) -> Self {
        let (name, mut by_id, mut problems) = (name.into(), HashMap::new(), Vec::new());
        for row in rows {
            let feedback = match row {
                Ok(row) => row.feedback,
                Err(error) => {
                    problems.push(error);
                    continue;
                }
            };
            let id = feedback.id.clone();
            if by_id.insert(id.clone(), feedback).is_some() {
                let message = format!("{name} has the id \"{id}\" again");
                problems.push(Error::input(message).with_hint("the last of them counts"));
            }
        }
        Self {
            name,
            rows: by_id,
            mapping,
            problems,
        }
    }

    /// What is wrong about the file: rows that cannot be read, ids that stand
    /// twice, and against the rows it is about to be asked of, ids of none of
    /// them or of several.
    pub fn problems(&self, asked: &[&Feedback]) -> Vec<Error> {
        let mut problems = self.problems.clone();
        let mut ids = HashSet::new();
        for feedback in asked {
            if !ids.insert(feedback.id.as_str()) && self.rows.contains_key(&feedback.id) {
                let message = format!("several rows have the id \"{}\"", feedback.id);
                let hint = format!("what {} says of it counts for all of them", self.name);
                problems.push(Error::input(message).with_hint(hint));
            }
        }
        let mut strange: Vec<&String> = self.rows.keys().collect();
        strange.retain(|id| !ids.contains(id.as_str()));
        strange.sort();
        problems.extend(strange.into_iter().map(|id| {
            let message = format!("{} has the id \"{id}\", which no row has", self.name);
            Error::input(message).with_hint("it is left out")
        }));
        problems
    }

    fn of(&self, feedback: &Feedback) -> Result<Prediction> {
        let row = self.rows.get(&feedback.id).ok_or_else(|| {
            Error::input(format!(
                "{} says nothing of row \"{}\"",
                self.name, feedback.id
            ))
            .with_hint("rows and predictions are matched by their ids")
        })?;
        let cells = Cells::new(&row.fields, &feedback.text, &self.mapping);
        match cells.failure() {
            Some(what) => Err(Error::input(format!("row \"{}\": {what}", feedback.id))),
            None => Ok(cells.prediction()),
        }
    }
}

impl Predictor for Predictions {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn predict(&self, feedback: &[&Feedback]) -> Vec<Result<Prediction>> {
        feedback.iter().map(|feedback| self.of(feedback)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{ReadOptions, Reader};

    #[test]
    fn ids_that_do_not_fit_are_said() {
        let rows = "id,sentiment\n1,positive\n1,negative\n9,neutral\n";
        let options = ReadOptions {
            text: vec!["id".to_owned()],
            id: Some("id".to_owned()),
            ..ReadOptions::default()
        };
        let rows = Reader::from_read("told.csv", rows.as_bytes(), &options).expect("rows");
        let told = Predictions::read("told.csv", rows, Mapping::default());
        let feedback = ["1", "1", "2"].map(|id| Feedback::new(id, "很好"));
        let problems = told.problems(&feedback.iter().collect::<Vec<_>>());
        let problems: Vec<_> = problems.iter().map(Error::message).collect();
        assert_eq!(
            problems,
            [
                "told.csv has the id \"1\" again",
                "several rows have the id \"1\"",
                "told.csv has the id \"9\", which no row has",
            ]
        );
    }

    #[test]
    fn predictions_are_found_by_id_and_missing_ones_are_said() {
        let rows = "{\"id\":\"2\",\"text\":\"\",\"sentiment\":\"positive\"}\n{\"id\":\"3\",\"text\":\"\",\"error\":{\"what\":\"too long\"}}\n";
        let rows = Reader::from_read("other", rows.as_bytes(), &ReadOptions::default());
        let told = Predictions::read("other", rows.expect("rows"), Mapping::default());
        let feedback = ["1", "2", "3"].map(|id| Feedback::new(id, "Merci"));
        let feedback: Vec<_> = feedback.iter().collect();
        let told = told.predict(&feedback);
        let message = |at: usize| told[at].as_ref().expect_err("no prediction").to_string();
        assert!(message(0).contains("says nothing of row \"1\""));
        assert!(message(2).contains("too long"));
        let label = told[1]
            .as_ref()
            .expect("a prediction")
            .labels
            .class(crate::evaluate::Task::Sentiment);
        assert_eq!(label, Some("positive"));
    }
}
