//! Record batches → rows, a slice at a time: what Parquet and Arrow share.

use std::sync::Arc;
use std::vec;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType, Fields};

use super::contain::contain;
use super::grid::Grid;
use super::source::Origin;
use super::{Columns, Format, ReadOptions, Row, Rows, sample};
use crate::error::Result;

/// Rows whose values are made text at once.
const SLICE: usize = 256;

/// How deep the members of structs are columns of their own; what is deeper comes
/// as one text.
const PATH_DEPTH: usize = 4;

/// What gives the next batch, `None` after the last.
pub(super) type NextBatch = Box<dyn FnMut() -> Result<Option<RecordBatch>> + Send>;

/// Opens a table whose batches `next` gives, up to the first that holds rows.
pub(super) fn open(
    fields: &Fields,
    next: NextBatch,
    format: Format,
    options: &ReadOptions,
    origin: Origin,
) -> Result<(Columns, Rows)> {
    let mut leaves = Vec::new();
    add_leaves(fields, "", &mut Vec::new(), &mut leaves);
    let (names, paths): (Vec<_>, Vec<_>) = leaves.into_iter().unzip();
    let mut batches = Batches {
        next: Some(next),
        paths,
        batch: None,
        at: 0,
    };
    let first = batches.next_slice().map_err(|error| origin.locate(error))?;
    let first = first.unwrap_or_default();
    let sample = &first[..first.len().min(sample::ROWS)];
    let grid = Grid::new(names, sample, options, origin)?;
    let columns = grid.columns(format);
    let rows = BatchRows {
        batches,
        slice: first.into_iter(),
        grid,
        number: 0,
    };
    Ok((columns, Box::new(rows)))
}

/// Names the columns, and the members of structs by dotted paths.
fn add_leaves(
    fields: &Fields,
    prefix: &str,
    path: &mut Vec<usize>,
    leaves: &mut Vec<(String, Vec<usize>)>,
) {
    for (at, field) in fields.iter().enumerate() {
        let name = format!("{prefix}{}", field.name());
        path.push(at);
        match field.data_type() {
            DataType::Struct(inner) if path.len() < PATH_DEPTH => {
                add_leaves(inner, &format!("{name}."), path, leaves);
            }
            _ => leaves.push((name, path.clone())),
        }
        path.pop();
    }
}

struct Batches {
    /// None once the source has ended, or can't be read on.
    next: Option<NextBatch>,
    /// Where the columns are, one step for each struct that they lie in.
    paths: Vec<Vec<usize>>,
    batch: Option<RecordBatch>,
    at: usize,
}

impl Batches {
    /// Cells of the next few rows; none after the last.
    fn next_slice(&mut self) -> Result<Option<Vec<Vec<String>>>> {
        loop {
            match &self.batch {
                Some(batch) if self.at < batch.num_rows() => {
                    let count = SLICE.min(batch.num_rows() - self.at);
                    let slice = batch.slice(self.at, count);
                    self.at += count;
                    let cells = contain(|| cells(&slice, &self.paths));
                    if cells.is_err() {
                        self.end();
                    }
                    return cells.map(Some);
                }
                _ => {}
            }
            let Some(next) = &mut self.next else {
                return Ok(None);
            };
            self.at = 0;
            match next() {
                Ok(Some(batch)) => self.batch = Some(batch),
                Ok(None) => self.end(),
                Err(error) => {
                    self.end();
                    return Err(error);
                }
            }
        }
    }

    fn end(&mut self) {
        self.next = None;
        self.batch = None;
    }
}

struct BatchRows {
    batches: Batches,
    slice: vec::IntoIter<Vec<String>>,
    grid: Grid,
    number: u64,
}

impl Iterator for BatchRows {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        self.number += 1;
        let cells = match self.slice.next() {
            Some(cells) => cells,
            None => match self.batches.next_slice() {
                Ok(slice) => {
                    self.slice = slice?.into_iter();
                    self.slice.next()?
                }
                Err(error) => return Some(Err(self.grid.locate(error, self.number))),
            },
        };
        Some(self.grid.row_of_cells(self.number, &cells))
    }
}

/// The cells of a batch, row by row.
fn cells(
    batch: &RecordBatch,
    paths: &[Vec<usize>],
) -> std::result::Result<Vec<Vec<String>>, ArrowError> {
    let mut rows = vec![Vec::with_capacity(paths.len()); batch.num_rows()];
    for path in paths {
        let (first, inner) = path.split_first().expect("a path has a step");
        let mut column = Arc::clone(batch.column(*first));
        // A value inside of a struct that is null is none.
        let mut null = vec![false; batch.num_rows()];
        for &step in inner {
            for (at, null) in null.iter_mut().enumerate() {
                *null |= column.is_null(at);
            }
            let inside = Arc::clone(column.as_struct().column(step));
            column = inside;
        }
        for ((row, cell), null) in rows.iter_mut().zip(texts(&column)?).zip(null) {
            row.push(if null { String::new() } else { cell });
        }
    }
    Ok(rows)
}

/// The values as text; nulls are empty.
fn texts(array: &ArrayRef) -> std::result::Result<Vec<String>, ArrowError> {
    Ok(match array.data_type() {
        DataType::Dictionary(_, values) => texts(&cast(array, values)?)?,
        DataType::Float64 => {
            let values = array.as_primitive::<Float64Type>().iter();
            values
                .map(|value| number(value.filter(|value| value.is_finite())))
                .collect()
        }
        DataType::Float32 => {
            let values = array.as_primitive::<Float32Type>().iter();
            values
                .map(|value| number(value.filter(|value| value.is_finite())))
                .collect()
        }
        // Old writers do not say of their strings that they are.
        DataType::Binary | DataType::BinaryView => texts(&cast(array, &DataType::LargeBinary)?)?,
        DataType::LargeBinary => {
            let values = array.as_binary::<i64>().iter();
            let text = |value: &[u8]| std::str::from_utf8(value).unwrap_or_default().to_owned();
            values
                .map(|value| value.map_or_else(String::new, text))
                .collect()
        }
        // The names of zones would need their tables; the instant does not.
        DataType::Timestamp(unit, Some(zone)) if &**zone != "+00:00" => {
            let utc = DataType::Timestamp(*unit, Some("+00:00".into()));
            texts(&cast(array, &utc)?)?
        }
        _ => {
            let options = FormatOptions::new().with_display_error(false);
            let formatter = ArrayFormatter::try_new(array, &options)?;
            let text = |at| formatter.value(at).try_to_string().unwrap_or_default();
            (0..array.len()).map(text).collect()
        }
    })
}

/// As Rust writes it; 4.0, which a whole number becomes beside missing ones, is 4.
fn number(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}
