//! Workbooks of Excel and OpenDocument: the sheet whose columns hold a text, and
//! those like it.
//!
//! [`book`] opens a file and gives the rows of a sheet, [`bounds`] sees to it
//! that a small file does not unpack to anything, [`cell`] makes text of values.
//! A sheet is held while its rows are given, since its cells may refer to texts
//! anywhere in the file.

mod book;
mod bounds;
mod cell;

use std::vec;

use super::grid::{self, Grid};
use super::sniff::WRITTEN_WHOLE;
use super::source::{Origin, Source};
use super::whole::Whole;
use super::{Columns, ReadOptions, ReadProgress, Row, Rows, names, sample};
use crate::error::{Error, Result};
use book::{Book, Cells};

/// Rows in which the header is looked for, below titles and notes.
const TITLES: usize = 20;

/// Opens a workbook: finds the sheets, their header and their columns.
pub(super) fn open(source: Source, options: &ReadOptions) -> Result<(Columns, Rows)> {
    let origin = source.origin.clone();
    let progress = source.progress();
    let most_bytes = source.limits.unpacked_bytes;
    let book = Book::open(Whole::new(source)?, most_bytes);
    let mut book = book.map_err(|error| origin.locate(error))?;
    let found = find(&mut book, options, &origin)?;
    let columns = Columns {
        sheets: found
            .sheets
            .iter()
            .map(|sheet| sheet.name.clone())
            .collect(),
        header: found.header,
        ..found.grid.columns(book.format())
    };
    let rows = SheetRows {
        book,
        size: progress.bytes(),
        progress,
        left: found.sheets.into_iter(),
        sheet: Vec::new().into_iter(),
        columns: Vec::new(),
        grid: found.grid,
        number: 0,
    };
    Ok((columns, Box::new(rows)))
}

/// The sheets that are read, and what they have in common.
struct Found {
    sheets: Vec<Sheet>,
    grid: Grid,
    header: bool,
}

/// A sheet with a table.
struct Sheet {
    name: String,
    /// Rows above the first one of the table.
    above: usize,
    /// Which columns of the sheet are those of the table.
    columns: Vec<usize>,
    names: Vec<String>,
    header: bool,
}

/// Finds the first sheet whose text has a name that says so, else the first with
/// a text at all, and with it every sheet of the same columns.
fn find(book: &mut Book, options: &ReadOptions, origin: &Origin) -> Result<Found> {
    let mut tables = Vec::new();
    let mut refusal = None;
    for name in book.shown() {
        let head = book
            .rows(&name, TITLES + sample::ROWS)
            .map_err(|error| origin.locate(error))?;
        let Some((sheet, rows)) = Sheet::find(name, &head, options) else {
            continue;
        };
        match Grid::new(sheet.names.clone(), &rows, options, origin.clone()) {
            Ok(grid) => tables.push((sheet, grid)),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    let named = tables.iter().position(|(sheet, grid)| {
        let texts = grid.columns(book.format()).text;
        let is_text = |name: &String| names::TEXT.is(name) || names::is_like_text(name);
        sheet.header && texts.iter().any(is_text)
    });
    if tables.is_empty() {
        let empty = || origin.locate(Error::input("holds no rows").with_hint(WRITTEN_WHOLE));
        return Err(refusal.unwrap_or_else(empty));
    }
    let (first, grid) = tables.swap_remove(named.unwrap_or(0));
    let (header, names) = (first.header, first.names.clone());
    let mut sheets = vec![first];
    sheets.extend(
        tables
            .into_iter()
            .map(|(sheet, _)| sheet)
            .filter(|sheet| header && sheet.header && sheet.names == names),
    );
    Ok(Found {
        sheets,
        grid,
        header,
    })
}

impl Sheet {
    /// Finds the table below the titles of a sheet, and gives its first rows.
    fn find(
        name: String,
        head: &[Cells],
        options: &ReadOptions,
    ) -> Option<(Self, Vec<Vec<String>>)> {
        let widest = head.iter().map(Vec::len).max()?;
        // Titles and notes fill one cell or two, the header most of them.
        let above = head
            .iter()
            .take(TITLES)
            .position(|row| row.len() * 2 > widest)?;
        let first: Vec<String> = head[above].iter().map(|(_, cell)| cell.clone()).collect();
        let header = grid::is_header(&first, options);
        let rows = &head[above + usize::from(header)..];
        let mut columns: Vec<usize> = head[above..].iter().flatten().map(|(at, _)| *at).collect();
        columns.sort_unstable();
        columns.dedup();
        let names = if header {
            let cells = cells(&head[above], &columns);
            grid::column_names(cells.iter().map(String::as_str))
        } else {
            (0..columns.len()).map(grid::numbered).collect()
        };
        let rows = rows.iter().map(|row| cells(row, &columns)).collect();
        let sheet = Self {
            name,
            above: above + usize::from(header),
            columns,
            names,
            header,
        };
        Some((sheet, rows))
    }
}

/// The cells of those columns, empty ones among them; `columns` are in order.
fn cells(row: &Cells, columns: &[usize]) -> Vec<String> {
    let mut cells = vec![String::new(); columns.len()];
    for (column, cell) in row {
        if let Ok(at) = columns.binary_search(column) {
            cells[at].clone_from(cell);
        }
    }
    cells
}

struct SheetRows {
    book: Book,
    progress: ReadProgress,
    /// Bytes of the file.
    size: u64,
    /// Sheets to come.
    left: vec::IntoIter<Sheet>,
    /// Rows of the current sheet to come.
    sheet: vec::IntoIter<Cells>,
    columns: Vec<usize>,
    grid: Grid,
    number: u64,
}

impl Iterator for SheetRows {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = loop {
            if let Some(row) = self.sheet.next() {
                break row;
            }
            let sheet = self.left.next()?;
            match self.book.rows(&sheet.name, usize::MAX) {
                Ok(rows) => {
                    self.sheet = rows.into_iter();
                    self.sheet.by_ref().take(sheet.above).for_each(drop);
                    self.columns = sheet.columns;
                }
                Err(error) => {
                    self.number += 1;
                    return Some(Err(self.grid.locate(error, self.number)));
                }
            }
        };
        self.number += 1;
        let left = self.sheet.len() as u64;
        self.progress
            .set_share(self.number, self.number + left, self.size);
        let cells = cells(&row, &self.columns);
        Some(self.grid.row_of_cells(self.number, &cells))
    }
}
