//! Rows of a [`Reader`](crate::Reader) → rows with their gold labels.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use super::cells::Cells;
use super::labels::{Labels, Prediction, Task};
use super::mapping::Mapping;
use crate::error::{Error, ErrorKind, Result};
use crate::feedback::Feedback;
use crate::read::{Row, nearest};

/// A row and what is known to be true of it.
#[derive(Clone, Debug)]
pub struct LabelledRow {
    /// The text and the other columns. Its language is not told: that is for a
    /// system to find out.
    pub feedback: Feedback,
    /// What is true of it.
    pub gold: Labels,
}

/// Labelled rows, in their order.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// The rows.
    pub rows: Vec<LabelledRow>,
    /// Rows that could not be read.
    pub failures: Vec<Error>,
    /// How many rows have no label; they are left out.
    pub unlabelled: usize,
    /// The labels that the set has, where they are fewer than a system's.
    pub inventories: BTreeMap<Task, Vec<String>>,
    /// What systems may say and the set counts under another label, by task.
    pub counts_as: BTreeMap<Task, BTreeMap<String, String>>,
    /// Cells that hold no label their task can have, such as a seventh star.
    pub unread: Vec<Error>,
    /// The columns of any row.
    pub(super) columns: BTreeSet<String>,
    /// What each annotator says of each row, by task.
    pub(super) annotations: BTreeMap<Task, Vec<Vec<Option<String>>>>,
}

impl Dataset {
    /// Reads rows whose labels stand beside the text.
    pub fn read(rows: impl IntoIterator<Item = Result<Row>>, mapping: &Mapping) -> Self {
        Self::build(rows, None, mapping)
    }

    /// Reads rows whose labels stand in other rows with the same id, such as a
    /// file of labels for a folder of reviews.
    pub fn join(
        rows: impl IntoIterator<Item = Result<Row>>,
        gold: impl IntoIterator<Item = Result<Row>>,
        mapping: &Mapping,
    ) -> Self {
        let mut failures = Vec::new();
        let mut labels = HashMap::new();
        for row in gold {
            match row {
                Ok(row) => drop(labels.insert(row.feedback.id.clone(), row.feedback)),
                Err(error) => failures.push(error),
            }
        }
        let mut data = Self::build(rows, Some(&labels), mapping);
        data.failures.splice(0..0, failures);
        data
    }

    fn build(
        rows: impl IntoIterator<Item = Result<Row>>,
        gold: Option<&HashMap<String, Feedback>>,
        mapping: &Mapping,
    ) -> Self {
        let inventories = mapping.tasks.iter();
        let inventories = inventories.filter_map(|(task, own)| Some((*task, own.labels.clone()?)));
        let counts_as = mapping.tasks.iter();
        let counts_as = counts_as.map(|(task, own)| (*task, own.counts_as.clone()));
        let mut data = Self {
            inventories: inventories.collect(),
            counts_as: counts_as.collect(),
            ..Self::default()
        };
        for row in rows {
            let Row { mut feedback, .. } = match row {
                Ok(row) => row,
                Err(error) => {
                    data.failures.push(error);
                    continue;
                }
            };
            feedback.language = None;
            let labels = match gold {
                None => Some(&feedback),
                Some(gold) => gold.get(&feedback.id),
            };
            let Some(labels) = labels else {
                data.unlabelled += 1;
                continue;
            };
            for (name, _) in &labels.fields {
                if !data.columns.contains(name) {
                    data.columns.insert(name.clone());
                }
            }
            let cells = Cells::new(&labels.fields, &feedback.text, mapping);
            let gold = cells.labels();
            data.unread.extend(cells.unread_stars(&gold).map(|cell| {
                Error::input(format!(
                    "row \"{}\": \"{cell}\" is not 1 to 5 stars",
                    feedback.id
                ))
                .with_hint(format!("say what it means: --value stars:{cell}=STARS"))
            }));
            if gold == Labels::default() {
                data.unlabelled += 1;
                continue;
            }
            for (task, own) in &mapping.tasks {
                if !own.annotators.is_empty() {
                    let units = data.annotations.entry(*task).or_default();
                    units.push(cells.annotations(*task));
                }
            }
            data.rows.push(LabelledRow { gold, feedback });
        }
        // A set that never says mixed does not label it.
        if data.rows.iter().all(|row| row.gold.mixed != Some(true)) {
            data.rows.iter_mut().for_each(|row| row.gold.mixed = None);
        }
        data
    }

    /// Whether every column that `mapping` names is in any row.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] with the first that is not, and those there are.
    pub fn check(&self, mapping: &Mapping) -> Result<()> {
        let there = |path: &&&String| {
            let first = path.split('.').next().unwrap_or_default();
            let mut columns = self.columns.iter();
            columns.any(|own| own.eq_ignore_ascii_case(path) || own.eq_ignore_ascii_case(first))
        };
        let missing = mapping
            .columns()
            .find(|any| !any.iter().any(|path| there(&path)));
        let Some(&name) = missing.as_ref().and_then(|any| any.first()) else {
            return Ok(());
        };
        let columns: Vec<&String> = self.columns.iter().collect();
        let list: Vec<String> = columns.iter().map(|own| format!("\"{own}\"")).collect();
        let hint = match nearest(name, &columns) {
            Some(near) => format!("did you mean \"{near}\"? There are {}", list.join(", ")),
            None if list.is_empty() => "the rows have a text and nothing else".to_owned(),
            None => format!("there are {}", list.join(", ")),
        };
        let message = format!("no row has a column \"{name}\"");
        Err(Error::new(ErrorKind::Config, message).with_hint(hint))
    }

    /// Leaves only the rows that `keep` says.
    pub fn retain(&mut self, mut keep: impl FnMut(&LabelledRow) -> bool) {
        let kept: Vec<bool> = self.rows.iter().map(&mut keep).collect();
        let mut own = kept.iter();
        self.rows.retain(|_| own.next().is_some_and(|kept| *kept));
        for units in self.annotations.values_mut() {
            let mut own = kept.iter();
            units.retain(|_| own.next().is_some_and(|kept| *kept));
        }
    }

    /// What a system is given of the rows.
    pub fn feedback(&self) -> Vec<&Feedback> {
        self.rows.iter().map(|row| &row.feedback).collect()
    }

    /// The tasks that any row is labelled for.
    pub fn tasks(&self) -> Vec<Task> {
        let tasks = Task::ALL.iter().copied();
        tasks
            .filter(|&task| self.rows.iter().any(|row| row.gold.has(task)))
            .collect()
    }

    /// What a system says, in no labels but those that the set has.
    pub(super) fn in_its_terms(&self, mut told: Prediction) -> Prediction {
        for (task, names) in &self.counts_as {
            told.count_as(*task, names);
        }
        for (task, labels) in &self.inventories {
            told.restrict(*task, labels);
        }
        told
    }

    /// SHA-256 of ids, texts and labels, in hexadecimal: the same for the same
    /// rows in the same order, whatever the files they came in.
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for row in &self.rows {
            let labels = serde_json::to_string(&row.gold).expect("labels are JSON");
            for part in [&row.feedback.id, &row.feedback.text, &labels] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        }
        hex(hash)
    }
}

/// A hash in hexadecimal.
pub(super) fn hex(hash: Sha256) -> String {
    let bytes = hash.finalize();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{ReadOptions, Reader};

    fn rows(text: &'static str) -> Reader {
        Reader::from_read("test", text.as_bytes(), &ReadOptions::default()).expect("rows")
    }

    #[test]
    fn the_corpus_and_other_labels_by_id_read_the_same() {
        let item = "{\"id\":\"fr-1\",\"text\":\"Colis perdu\",\"language\":\"fr\",\"sentiment\":\"negative\",\"emotions\":[]}\n";
        let beside = Dataset::read(rows(item), &Mapping::default());
        let texts = "id,text\nfr-1,Colis perdu\nfr-2,Merci\n";
        let labels = "id,text,language,sentiment,emotions\nfr-1,-,fr,negative,[]\n";
        let joined = Dataset::join(rows(texts), rows(labels), &Mapping::default());
        assert_eq!(beside.rows[0].gold, joined.rows[0].gold);
        assert_eq!(beside.hash(), joined.hash());
        assert_eq!((joined.rows.len(), joined.unlabelled), (1, 1));
        assert_eq!(beside.rows[0].feedback.language, None);
        let tasks = [Task::Sentiment, Task::Emotions, Task::Language];
        assert_eq!(beside.tasks(), tasks);
    }

    #[test]
    fn a_column_that_is_in_no_row_is_named_with_those_there_are() {
        let mapping = Mapping::from_toml(
            "[act]\ncolumn = \"kind\"\n[stars]\ncolumn = \"meta.grade\"\n[emotions]\nindicators = { joy = \"joy\", fear = \"worry\" }",
        );
        let mut mapping = mapping.expect("a mapping");
        let text = "{\"text\":\"a\",\"Kind\":\"praise\",\"meta\":{\"grade\":\"7\"},\"fear\":1}\n";
        let data = Dataset::read(rows(text), &mapping);
        data.check(&mapping).expect("all are there");
        let unread = data.unread[0].to_string();
        assert!(unread.contains("\"7\" is not 1 to 5 stars"), "{unread}");

        mapping.tasks.entry(Task::Act).or_default().column = Some("kinds".to_owned());
        let refusal = data
            .check(&mapping)
            .expect_err("no such column")
            .to_string();
        assert!(
            refusal.contains("no row has a column \"kinds\"; did you mean \"Kind\"?"),
            "{refusal}"
        );
        mapping.ignore.push(Task::Act);
        data.check(&mapping).expect("act is not asked for");
    }

    #[test]
    fn bad_rows_do_not_stop_it() {
        let data = Dataset::read(
            rows(
                "{\"text\":\"a\",\"act\":\"praise\"}\n{broken\n{\"text\":\"b\",\"act\":\"remark\"}\n",
            ),
            &Mapping::default(),
        );
        assert_eq!((data.rows.len(), data.failures.len()), (2, 1));
    }

    #[test]
    fn mixed_is_measured_only_where_the_set_has_it() {
        let plain = "text,sentiment\na,negative\nb,positive\n";
        let mixed = "text,sentiment\na,negative\nb,mixed\n";
        assert!(
            !Dataset::read(rows(plain), &Mapping::default())
                .tasks()
                .contains(&Task::Mixed)
        );
        assert!(
            Dataset::read(rows(mixed), &Mapping::default())
                .tasks()
                .contains(&Task::Mixed)
        );
    }
}
