//! Which columns hold what, as the command line or a file says.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use painpoint::{ReadOptions, Role, TurnUnit};
use toml::{Table, Value};

/// What stands in the place of a column that shall not be looked for.
const NONE: &str = "none";

#[derive(clap::Args)]
pub(crate) struct ColumnArguments {
    /// Column or JSON field (a.b.c) that holds the text; several are joined; found if left out
    #[arg(long, value_name = "COLUMN")]
    text: Vec<String>,

    /// Column that holds the id; found, or file and row number, if left out
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,

    /// Column that holds the language of each row
    #[arg(long, value_name = "COLUMN")]
    language_column: Option<String>,

    /// Column of any other role, such as date=when; ROLE=none to take no column for it
    #[arg(long, value_name = "ROLE=COLUMN", value_parser = assignment)]
    column: Vec<Assignment>,

    /// TOML file that names columns by role: date = "when", text = ["title", "body"]
    #[arg(long, value_name = "FILE")]
    columns_file: Option<PathBuf>,

    /// A row of the output is a conversation or a row of the table, where rows are turns; conversations are found
    #[arg(long, value_name = "UNIT", value_parser = turn_unit)]
    turns: Option<TurnUnit>,
}

/// A role and its column, or none.
type Assignment = (Role, Option<String>);

fn assignment(argument: &str) -> Result<Assignment, String> {
    let (role, column) = argument
        .split_once('=')
        .ok_or_else(|| "a role and a column, such as date=when".to_owned())?;
    assign(role, column)
}

fn assign(role: &str, column: &str) -> Result<Assignment, String> {
    let role: Role = role
        .trim()
        .parse()
        .map_err(|error: painpoint::Error| error.to_string())?;
    match column.trim() {
        NONE if role == Role::Text => Err("there is no feedback without a text".to_owned()),
        NONE => Ok((role, None)),
        column => Ok((role, Some(column.to_owned()))),
    }
}

fn turn_unit(code: &str) -> Result<TurnUnit, String> {
    TurnUnit::from_code(code).ok_or_else(|| "one of conversation, row".to_owned())
}

impl ColumnArguments {
    /// `options` with the columns that were named; a flag comes before the file.
    pub(crate) fn complete(&self, options: ReadOptions) -> anyhow::Result<ReadOptions> {
        let mut columns = self.column.clone();
        let is_told = |role: Role| {
            let flag = match role {
                Role::Text => !self.text.is_empty(),
                Role::Id => self.id.is_some(),
                Role::Language => self.language_column.is_some(),
                _ => false,
            };
            flag || self.column.iter().any(|(told, _)| *told == role)
        };
        if let Some(path) = &self.columns_file {
            let further = read(path)?.into_iter();
            columns.extend(further.filter(|(role, _)| !is_told(*role)));
        }
        Ok(ReadOptions {
            text: self.text.clone(),
            id: self.id.clone(),
            language: self.language_column.clone(),
            columns,
            turns: self.turns,
            ..options
        })
    }
}

/// The columns that a file names.
fn read(path: &Path) -> anyhow::Result<Vec<Assignment>> {
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("{name}: cannot be read"))?;
    let table: Table = text
        .parse()
        .with_context(|| format!("{name}: is not TOML"))?;
    let mut assignments = Vec::new();
    for (role, value) in &table {
        let columns = match value {
            Value::String(column) => vec![column.as_str()],
            Value::Boolean(false) => vec![NONE],
            Value::Array(columns) => columns.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if columns.is_empty() {
            bail!("{name}: {role}: a column is named by a text, several by a list of texts");
        }
        for column in columns {
            let assignment = assign(role, column);
            assignments.push(assignment.map_err(|error| anyhow::anyhow!("{name}: {error}"))?);
        }
    }
    Ok(assignments)
}
