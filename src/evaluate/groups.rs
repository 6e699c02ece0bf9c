//! Rows apart: by language, by length, by any column.

use std::fmt;

use super::figures::Pair;
use crate::feedback::{Feedback, Field};

/// What rows are told apart by.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grouping {
    /// The language: the gold one, or the one the system says.
    Language,
    /// Characters of the text.
    Length,
    /// What stands in a column.
    Column(String),
}

/// Lengths in characters that a class of length ends at: a tap on a phone, a
/// sentence, a paragraph.
const LENGTHS: [(usize, &str); 4] = [
    (40, "1 up to 40 characters"),
    (120, "2 up to 120 characters"),
    (400, "3 up to 400 characters"),
    (usize::MAX, "4 longer"),
];

impl From<&str> for Grouping {
    fn from(name: &str) -> Self {
        match name {
            "language" => Self::Language,
            "length" => Self::Length,
            column => Self::Column(column.to_owned()),
        }
    }
}

impl fmt::Display for Grouping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Language => "language",
            Self::Length => "length",
            Self::Column(column) => column,
        })
    }
}

impl Grouping {
    /// The group of a row.
    pub(super) fn of(&self, pair: &Pair<'_>) -> String {
        let unknown = || "unknown".to_owned();
        match self {
            Self::Language => {
                let gold = pair.row.gold.language.as_ref();
                let told = || pair.told.labels.language.as_ref();
                gold.or_else(told).cloned().unwrap_or_else(unknown)
            }
            Self::Length => {
                let characters = pair.row.feedback.text.chars().count();
                let class = LENGTHS.iter().find(|(most, _)| characters <= *most);
                class.map_or_else(unknown, |(_, name)| (*name).to_owned())
            }
            Self::Column(column) => cell(&pair.row.feedback, column).unwrap_or_else(unknown),
        }
    }
}

/// What stands in a column of a row; `None` in an empty cell.
pub(super) fn cell(feedback: &Feedback, column: &str) -> Option<String> {
    let mut fields = feedback.fields.iter();
    let (_, field) = fields.find(|(name, _)| name.eq_ignore_ascii_case(column))?;
    let text = match field {
        Field::Text(text) => text.clone(),
        Field::Json(json) => serde_json::from_str::<String>(json).unwrap_or_else(|_| json.clone()),
    };
    let text = text.trim();
    (!text.is_empty() && text != "null").then(|| text.to_owned())
}
