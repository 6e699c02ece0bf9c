//! The cells of one row → its labels, as a [`Mapping`] says. Our own records
//! are rows too: their objects are understood where a label may stand.

mod several;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde_json::Value;

use super::labels::{Labels, Prediction, Task};
use super::mapping::{Mapping, TaskMapping};
use crate::feedback::Field;
use crate::language::Language;

/// What a sentiment is called that is none of the classes.
const MIXED: &str = "mixed";

/// The columns that a task's labels stand in where nothing else is said.
fn names(task: Task) -> &'static [&'static str] {
    match task {
        Task::Sentiment => &["sentiment", "polarity"],
        Task::Mixed => &["mixed"],
        // Not `rating`: it may go to 10, and is the customer's word, not a label.
        Task::Stars => &["stars"],
        Task::Emotions => &["emotions", "emotion"],
        Task::Topics => &["topics", "aspects"],
        Task::Act => &["act"],
        Task::Urgency => &["urgency"],
        Task::Language => &["language", "lang"],
    }
}

/// One row, ready to be asked for labels.
pub(super) struct Cells<'a> {
    fields: &'a [(String, Field)],
    /// The text that evidence points into.
    text: &'a str,
    mapping: &'a Mapping,
    /// Byte offset of every code point, once it is needed.
    points: OnceCell<Vec<usize>>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(fields: &'a [(String, Field)], text: &'a str, mapping: &'a Mapping) -> Self {
        Self {
            fields,
            text,
            mapping,
            points: OnceCell::new(),
        }
    }

    /// Why a row of our own records has no labels.
    pub(super) fn failure(&self) -> Option<String> {
        let error = self.get("error")?;
        let what = error.get("what").unwrap_or(&error);
        Some(what.as_str().unwrap_or("an error").to_owned())
    }

    /// All labels of the row.
    pub(super) fn labels(&self) -> Labels {
        let class = |task| self.asked(task).and_then(|task| self.class(task));
        let sentiment = class(Task::Sentiment);
        let mixed = match self.value(Task::Mixed) {
            Some(value) => self.flag(&value),
            None => self.mixed_beside_sentiment(sentiment.as_deref()),
        };
        Labels {
            mixed: mixed.filter(|_| !self.mapping.ignore.contains(&Task::Mixed)),
            sentiment: sentiment.filter(|label| label != MIXED),
            stars: self.asked(Task::Stars).and_then(|_| self.stars()),
            emotions: self.asked(Task::Emotions).and_then(|_| self.emotions()),
            topics: self.asked(Task::Topics).and_then(|_| self.topics()),
            act: class(Task::Act),
            urgency: class(Task::Urgency),
            language: class(Task::Language),
        }
    }

    /// The row as what a system says.
    pub(super) fn prediction(&self) -> Prediction {
        let labels = self.labels();
        let sentiment = self.value(Task::Sentiment);
        let member = |name: &str| sentiment.as_ref()?.get(name);
        let shares = member("probabilities").and_then(Value::as_object);
        let mut probabilities: BTreeMap<String, f64> = shares
            .into_iter()
            .flatten()
            .filter_map(|(label, share)| Some((label.clone(), share.as_f64()?)))
            .collect();
        let column = self
            .task(Task::Sentiment)
            .and_then(|task| task.confidence.as_ref());
        let confidence = column.and_then(|column| number(&self.get(column)?));
        if let (Some(label), Some(share)) = (&labels.sentiment, confidence) {
            probabilities.insert(label.clone(), share);
        }
        Prediction {
            score: member("score").and_then(Value::as_f64),
            probabilities,
            segments: self.segments(),
            labels,
        }
    }

    fn task(&self, task: Task) -> Option<&TaskMapping> {
        self.mapping.tasks.get(&task)
    }

    /// The task, unless rows are not measured on it.
    fn asked(&self, task: Task) -> Option<Task> {
        (!self.mapping.ignore.contains(&task)).then_some(task)
    }

    /// What stands in the column of a task.
    fn value(&self, task: Task) -> Option<Value> {
        let column = self.task(task).and_then(|task| task.column.as_deref());
        match column {
            Some(column) => self.get(column),
            None => names(task).iter().find_map(|name| self.get(name)),
        }
    }

    /// What stands in a column, or at a dotted path; nothing in an empty cell.
    fn get(&self, path: &str) -> Option<Value> {
        let own = |name: &str| {
            let field = self
                .fields
                .iter()
                .find(|(own, _)| own.eq_ignore_ascii_case(name));
            field.and_then(|(_, field)| parse(field))
        };
        own(path).or_else(|| {
            let (first, rest) = path.split_once('.')?;
            rest.split('.')
                .try_fold(own(first)?, |value, name| value.get(name).cloned())
        })
    }

    fn class(&self, task: Task) -> Option<String> {
        match self.value(task) {
            Some(value) => self.label(task, &raw(&value)?),
            None => self.majority(task),
        }
    }

    /// The class that most of the annotators see; none if two are level.
    fn majority(&self, task: Task) -> Option<String> {
        let mut votes: BTreeMap<String, usize> = BTreeMap::new();
        for label in self.annotations(task).into_iter().flatten() {
            *votes.entry(label).or_default() += 1;
        }
        let most = *votes.values().max()?;
        let mut first = votes.into_iter().filter(|(_, count)| *count == most);
        let label = first.next()?.0;
        first.next().is_none().then_some(label)
    }

    /// What each annotator says, in the order of the mapping.
    pub(super) fn annotations(&self, task: Task) -> Vec<Option<String>> {
        let columns = self.task(task).map_or(&[][..], |task| &task.annotators);
        let cells = columns.iter().map(|column| self.get(column));
        cells.map(|cell| self.label(task, &raw(&cell?)?)).collect()
    }

    /// What a value means; nothing if the set has no such label.
    fn label(&self, task: Task, raw: &str) -> Option<String> {
        let mapping = self.task(task);
        if let Some(label) = mapping.and_then(|mapping| mapping.values.get(raw)) {
            return Some(label.clone());
        }
        let label = match task {
            Task::Urgency => raw.to_uppercase(),
            Task::Language => match Language::from_code(raw) {
                Some(language) => language.code().to_owned(),
                None => raw.to_owned(),
            },
            _ => raw.to_lowercase(),
        };
        let known = |mapping: &TaskMapping| {
            let labels = mapping.labels.as_ref();
            labels.is_none_or(|labels| labels.contains(&label))
        };
        (mapping.is_none_or(known) || label == MIXED).then_some(label)
    }

    fn flag(&self, value: &Value) -> Option<bool> {
        match value {
            Value::Bool(flag) => Some(*flag),
            value => match raw(value)?.to_lowercase().as_str() {
                "true" | "yes" | "1" | MIXED => Some(true),
                "false" | "no" | "0" => Some(false),
                _ => None,
            },
        }
    }

    /// Our records say it inside `sentiment`, our corpus as a sentiment of its own.
    fn mixed_beside_sentiment(&self, sentiment: Option<&str>) -> Option<bool> {
        let value = self.value(Task::Sentiment);
        let member = value.as_ref().and_then(|value| value.get(MIXED));
        match member {
            Some(flag) => flag.as_bool(),
            None => sentiment.map(|label| label == MIXED),
        }
    }

    /// The cell of the stars, if it is filled and yet none could be read.
    pub(super) fn unread_stars(&self, labels: &Labels) -> Option<String> {
        self.asked(Task::Stars)
            .filter(|_| labels.stars.is_none())
            .and_then(|task| raw(&self.value(task)?))
    }

    fn stars(&self) -> Option<f64> {
        let beside = || {
            let sentiment = self.value(Task::Sentiment)?;
            sentiment.get("stars").and_then(Value::as_f64)
        };
        let stars = match self.value(Task::Stars) {
            Some(value) => {
                let raw = raw(&value)?;
                let values = self.task(Task::Stars).map(|task| &task.values);
                let raw = values.and_then(|values| values.get(&raw)).unwrap_or(&raw);
                raw.trim().parse().ok()
            }
            None => beside(),
        };
        stars.filter(|stars| (1.0..=5.0).contains(stars))
    }
}

/// The value of a field; lists and objects may stand in a cell of a table too.
fn parse(field: &Field) -> Option<Value> {
    let value = match field {
        Field::Json(json) => serde_json::from_str(json).ok()?,
        Field::Text(cell) => match cell.trim() {
            "" => Value::Null,
            cell if cell.starts_with(['[', '{']) => {
                serde_json::from_str(cell).unwrap_or_else(|_| cell.into())
            }
            cell => cell.into(),
        },
    };
    (!value.is_null()).then_some(value)
}

/// The text of a single value; of a label in our records its name.
fn raw(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Object(members) => {
            let names = ["label", "level"].iter();
            raw(names.copied().find_map(|name| members.get(name))?)
        }
        Value::Array(items) => match items.as_slice() {
            [item] => raw(item),
            _ => None,
        },
        Value::Null => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| raw(value)?.parse().ok())
}
