//! A row of cells → [`Row`]: which columns hold what, for every table whatever
//! its format.

use std::borrow::Cow;
use std::collections::HashSet;

use super::choice::{self, Choice};
use super::columns::Columns;
#[cfg(any(feature = "arrow", feature = "excel"))]
use super::limits::Limits;
use super::names;
use super::sample::{self, Sample};
use super::source::Origin;
use super::{Format, ReadOptions, Row};
use crate::error::{Error, Result};
use crate::feedback::Field;
use crate::label::FeedbackKind;

/// The columns of a table, and what each of them is taken for.
pub(super) struct Grid {
    names: Vec<String>,
    choice: Choice,
    kind: Option<FeedbackKind>,
    #[cfg(any(feature = "arrow", feature = "excel"))]
    limits: Limits,
    origin: Origin,
}

impl Grid {
    /// Chooses among the columns `names` by the options, their names and the
    /// cells of the first `rows`.
    pub(super) fn new(
        names: Vec<String>,
        rows: &[Vec<String>],
        options: &ReadOptions,
        origin: Origin,
    ) -> Result<Self> {
        let mut samples: Vec<Sample> = names.iter().map(|_| Sample::default()).collect();
        let rows = &rows[..rows.len().min(sample::ROWS)];
        for row in rows {
            for (sample, cell) in samples.iter_mut().zip(row) {
                sample.add(cell);
            }
        }
        let choice = choice::choose(&names, &samples, rows.len(), options)
            .map_err(|error| origin.locate(error))?;
        Ok(Self {
            names,
            choice,
            kind: options.kind,
            #[cfg(any(feature = "arrow", feature = "excel"))]
            limits: options.limits,
            origin,
        })
    }

    /// What was taken for what.
    pub(super) fn columns(&self, format: Format) -> Columns {
        self.choice.columns(format, &self.names)
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Row `number`, from the cell of each column.
    pub(super) fn row<'a>(
        &self,
        number: u64,
        cell: impl Fn(usize) -> Result<&'a str>,
    ) -> Result<Row> {
        let id = || self.origin.id(number);
        let part = |at| Ok(Some(Cow::Borrowed(cell(at)?)));
        let mut feedback = self.choice.feedback(id, part)?;
        feedback.kind = self.kind;
        for (at, name) in self.names.iter().enumerate() {
            if self.choice.carries(at) {
                let cell = Field::Text(cell(at)?.to_owned());
                feedback.fields.push((name.clone(), cell));
            }
        }
        Ok(Row { number, feedback })
    }

    /// Row `number`, from cells that nobody has measured yet; errors know their
    /// place.
    #[cfg(any(feature = "arrow", feature = "excel"))]
    pub(super) fn row_of_cells(&self, number: u64, cells: &[String]) -> Result<Row> {
        let bytes: usize = cells.iter().map(String::len).sum();
        let row = match bytes <= self.limits.row() {
            true => self.row(number, |at| Ok(&cells[at])),
            false => Err(self.limits.row_too_long()),
        };
        row.map_err(|error| self.locate(error, number))
    }

    /// `error`, in row `number`.
    pub(super) fn locate(&self, error: Error, number: u64) -> Error {
        self.origin.locate_row(error, number)
    }
}

/// The names of columns by the cells of a header: those without one are
/// numbered, and so are those that stand twice.
pub(super) fn column_names<'a>(header: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashSet::new();
    let header = header.into_iter().enumerate();
    let names = header.map(|(at, cell)| {
        let name = match cell.trim() {
            "" => numbered(at),
            name if seen.contains(name) => format!("{name}_{}", at + 1),
            name => name.to_owned(),
        };
        seen.insert(name.clone());
        name
    });
    names.collect()
}

/// The name of a column that has none.
pub(super) fn numbered(at: usize) -> String {
    format!("column_{}", at + 1)
}

/// Whether the cells of the first row name the columns.
pub(super) fn is_header(cells: &[String], options: &ReadOptions) -> bool {
    if options.all_told().any(|name| !name.starts_with("column_")) {
        return true;
    }
    match cells {
        _ if cells.iter().any(|cell| names::is_known(cell)) => true,
        // Texts alone: a header that we don't know is short.
        [cell] => !is_data(cell) && sample::letters(cell) <= 20 && cell.split(' ').count() <= 2,
        cells => !cells.iter().any(|cell| is_data(cell)),
    }
}

/// Whether a cell would be odd as the name of a column. Survey exports name them
/// by whole questions.
fn is_data(cell: &str) -> bool {
    if cell.is_empty() || cell.ends_with(['?', '？', ':', '：']) {
        return false;
    }
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    digits * 2 > cell.chars().count()
        || cell.contains("://")
        || cell.ends_with(['.', '!', '。', '！', '…'])
        || sample::letters(cell) > 60
}
