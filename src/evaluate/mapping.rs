//! Which columns hold the labels, and what their values mean.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::labels::Task;
use crate::error::{Error, ErrorKind, Result};

/// How the columns of a labelled set, or of a file of predictions, are read.
///
/// Without it, columns are found by their names, and values are our own labels.
///
/// ```
/// use painpoint::evaluate::{Mapping, Task};
///
/// let mapping = Mapping::from_toml(r#"
///     text = "review"
///     ignore = ["language"]
///
///     [sentiment]
///     column = "label"
///     values = { 0 = "negative", 1 = "positive" }
///     labels = ["negative", "positive"]  # the set has no neutral rows
///
///     [emotions]
///     column = "feelings"
///     separator = "+"
/// "#)?;
/// assert_eq!(mapping.tasks[&Task::Sentiment].column.as_deref(), Some("label"));
/// # Ok::<(), painpoint::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Mapping {
    /// The column of the text; found if left out.
    pub text: Option<String>,
    /// The column that identifies a row; found if left out.
    pub id: Option<String>,
    /// Tasks that the rows are not measured on, whatever their columns hold.
    #[serde(default)]
    pub ignore: Vec<Task>,
    /// What is known of each task.
    #[serde(flatten)]
    pub tasks: BTreeMap<Task, TaskMapping>,
}

/// Where the labels of one task stand.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskMapping {
    /// The column, or dotted JSON path.
    pub column: Option<String>,
    /// What each value means; a value that is not here stands for itself,
    /// unless `labels` lacks it.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// All labels that the set has, where they are fewer than ours or others:
    /// values that are none of them are no label, and systems are asked to
    /// choose among these.
    pub labels: Option<Vec<String>>,
    /// Labels that a system may say and the set has no name of its own for, with
    /// the one it counts them under: `{ frustration = "anger" }`. For emotions
    /// and topics.
    #[serde(default)]
    pub counts_as: BTreeMap<String, String>,
    /// What stands between several labels in a cell; `;` and `|` if left out.
    pub separator: Option<String>,
    /// Columns that say of one label each whether it applies, with that label:
    /// `{ fear = "worry" }`. For topics, `values` tells what their values say.
    #[serde(default)]
    pub indicators: BTreeMap<String, String>,
    /// The columns of several labellers, for their agreement; without `column`
    /// the label is what most of them say.
    #[serde(default)]
    pub annotators: Vec<String>,
    /// Of predictions, the column of the probability of the label.
    pub confidence: Option<String>,
}

impl Mapping {
    /// Reads a mapping from TOML.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if it is not TOML, or names a task or a key that
    /// there is not.
    pub fn from_toml(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(invalid)
    }

    /// The columns that it names, each with what is there if not this one: a task
    /// needs one of its indicators, not all.
    pub(super) fn columns(&self) -> impl Iterator<Item = Vec<&String>> {
        let asked = self.tasks.iter();
        let asked = asked.filter(|(task, _)| !self.ignore.contains(task));
        asked.flat_map(|(_, own)| {
            let single = own
                .column
                .iter()
                .chain(&own.annotators)
                .map(|name| vec![name]);
            let indicators: Vec<&String> = own.indicators.keys().collect();
            single.chain((!indicators.is_empty()).then_some(indicators))
        })
    }

    /// The labels that the set has of a task, where the mapping says.
    pub fn labels(&self, task: Task) -> Option<&[String]> {
        self.tasks.get(&task)?.labels.as_deref()
    }
}

/// The error of a file of settings that is not what it should be.
pub(super) fn invalid(source: toml::de::Error) -> Error {
    // Its own message spans lines, with a picture of the place.
    let message = match source.span() {
        Some(span) => format!("byte {}: {}", span.start, source.message()),
        None => source.message().to_owned(),
    };
    Error::new(ErrorKind::Config, message)
        .with_hint("see `painpoint eval --help` for the keys of a mapping")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_mappings_are_refused_with_the_reason() {
        for (toml, what) in [
            ("[mood]\ncolumn = \"a\"", "\"mood\" is none of"),
            ("[act]\ncolum = \"a\"", "unknown field `colum`"),
            ("ignore = [\"moods\"]", "\"moods\" is none of"),
            ("text = ", "byte"),
        ] {
            let error = Mapping::from_toml(toml).expect_err(toml);
            assert_eq!(error.kind(), ErrorKind::Config, "{toml}");
            assert!(error.to_string().contains(what), "{toml}: {error}");
        }
    }
}
