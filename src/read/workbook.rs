//! Excel workbooks: the sheet whose columns hold a text, and those like it.
//!
//! A sheet is held while its rows are given, since its cells may refer to texts
//! anywhere in the file.

use std::io::{self, Read};
use std::vec;

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use zip::ZipArchive;

use super::contain::contain;
use super::grid::{self, Grid};
use super::limits::{RAISE_UNPACKED, Size};
use super::sniff::WRITTEN_WHOLE;
use super::source::{Origin, Source};
use super::whole::Whole;
use super::{Columns, Format, ReadOptions, ReadProgress, Row, Rows, names, sample};
use crate::error::{Error, Result};

/// Rows in which the header is looked for, below titles and notes.
const TITLES: usize = 20;

/// Widest table; Excel's own limit.
const MAX_WIDTH: usize = 16_384;

const SAVE_TABLE: &str = "save its table as \"CSV UTF-8\" and read that";
const SAVE_AGAIN: &str = "save it as \"Excel workbook (.xlsx)\" or \"CSV UTF-8\" and read that";

/// Opens a workbook: finds the sheets, their header and their columns.
pub(super) fn open(source: Source, options: &ReadOptions) -> Result<(Columns, Rows)> {
    let origin = source.origin.clone();
    let progress = source.progress();
    let most = source.limits.unpacked_bytes;
    let locate = |error| origin.locate(error);
    let whole = check_size(Whole::new(source)?, most).map_err(locate)?;
    let workbook = contain(|| Xlsx::new(whole)).map_err(locate)?;
    let mut book = Book {
        size: progress.bytes(),
        most,
        workbook,
        progress,
    };
    let found = find(&mut book, options, &origin)?;
    let columns = Columns {
        sheets: found
            .sheets
            .iter()
            .map(|sheet| sheet.name.clone())
            .collect(),
        header: found.header,
        ..found.grid.columns(Format::Xlsx)
    };
    let rows = SheetRows {
        book,
        left: found.sheets.into_iter(),
        sheet: Vec::new().into_iter(),
        columns: Vec::new(),
        grid: found.grid,
        number: 0,
    };
    Ok((columns, Box::new(rows)))
}

/// Unpacks everything once, for its true size: what an archive says of itself
/// can be a lie.
fn check_size(whole: Whole, most: u64) -> Result<Whole> {
    let fail = |error| {
        Error::input("is no whole ZIP archive, as Excel workbooks are")
            .with_source(error)
            .with_hint(SAVE_AGAIN)
    };
    let mut archive = ZipArchive::new(whole).map_err(fail)?;
    let mut left = most;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(fail)?;
        let unpacked = io::copy(&mut part.take(left.saturating_add(1)), &mut io::sink());
        let unpacked = unpacked.map_err(|error| fail(error.into()))?;
        left = left.checked_sub(unpacked).ok_or_else(|| {
            Error::input(format!("unpacks to more than {}", Size(most))).with_hint(too_much())
        })?;
    }
    Ok(archive.into_inner())
}

/// What to do with a workbook that is more than may be held.
fn too_much() -> String {
    format!("{SAVE_TABLE}, or {RAISE_UNPACKED}")
}

/// A row of a sheet: its cells that are not empty, by column.
type Cells = Vec<Cell>;
type Cell = (usize, String);

struct Book {
    workbook: Xlsx<Whole>,
    progress: ReadProgress,
    /// Bytes of the file.
    size: u64,
    /// Most bytes that the cells of a sheet may hold: many may refer to one text.
    most: u64,
}

impl Book {
    /// Rows of a sheet that are not blank, up to `most`.
    fn rows(&mut self, sheet: &str, most: usize) -> Result<Vec<Cells>> {
        let (rows, left) = contain(|| read_rows(&mut self.workbook, sheet, most, self.most))?;
        if left == 0 {
            let most = Size(self.most);
            return Err(
                Error::input(format!("sheet \"{sheet}\" holds more than {most}"))
                    .with_hint(too_much()),
            );
        }
        Ok(rows)
    }
}

/// Rows that are not blank, up to `most`, and how many of the `left` bytes they could
/// hold were not needed; they end where that is none.
fn read_rows(
    workbook: &mut Xlsx<Whole>,
    sheet: &str,
    most: usize,
    mut left: u64,
) -> std::result::Result<(Vec<Cells>, u64), XlsxError> {
    let mut reader = workbook.worksheet_cells_reader(sheet)?;
    let mut rows: Vec<Cells> = Vec::new();
    let mut place = None;
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        let text = text(cell.get_value());
        if text.trim().is_empty() || column as usize >= MAX_WIDTH {
            continue;
        }
        if place != Some(row) {
            if rows.len() == most {
                break;
            }
            rows.push(Vec::new());
            place = Some(row);
        }
        left = left.saturating_sub((size_of::<Cell>() + text.len()) as u64);
        if left == 0 {
            break;
        }
        if let Some(cells) = rows.last_mut() {
            cells.push((column as usize, text));
        }
    }
    Ok((rows, left))
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
    let sheets = book.workbook.sheets_metadata();
    let shown = sheets.iter().filter(|sheet| {
        sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
    });
    let shown: Vec<String> = shown.map(|sheet| sheet.name.clone()).collect();
    let mut tables = Vec::new();
    let mut refusal = None;
    for name in shown {
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
        let texts = grid.columns(Format::Xlsx).text;
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
        let Book { progress, size, .. } = &self.book;
        progress.set_share(self.number, self.number + left, *size);
        let cells = cells(&row, &self.columns);
        Some(self.grid.row_of_cells(self.number, &cells))
    }
}

/// What a cell shows, as far as a table without formats can; errors are empty.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        // Excel has no whole numbers of its own; Rust writes 4.0 as 4.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(time) => date_time(*time),
        DataRef::DateTimeIso(text) => text.trim_end_matches("T00:00:00").to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// `2026-03-02`, `2026-03-02T10:30:00`, or `10:30:00` for a time of no day.
fn date_time(value: ExcelDateTime) -> String {
    if value.is_duration() {
        let seconds = (value.as_f64() * 86_400.0).round() as i64;
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        return format!("{}:{:02}:{seconds:02}", minutes / 60, minutes % 60);
    }
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    let date = format!("{year}-{month:02}-{day:02}");
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    match value.as_f64() {
        days if !days.is_finite() => String::new(),
        days if days < 1.0 => time,
        days if days.fract() == 0.0 => date,
        _ => format!("{date}T{time}"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use calamine::CellErrorType;
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn cells_are_written_as_a_person_would() {
        let time = |days, kind| DataRef::DateTime(ExcelDateTime::new(days, kind, false));
        for (value, expected) in [
            (DataRef::Float(1041.0), "1041"),
            (DataRef::Float(4.5), "4.5"),
            (DataRef::Int(-3), "-3"),
            (DataRef::SharedString("慢"), "慢"),
            (DataRef::Bool(true), "true"),
            (DataRef::Error(CellErrorType::NA), ""),
            (DataRef::Empty, ""),
            (time(46083.0, DateTime), "2026-03-02"),
            (time(46083.4375, DateTime), "2026-03-02T10:30:00"),
            (time(0.4375, DateTime), "10:30:00"),
            (time(1.5, TimeDelta), "36:00:00"),
            (time(f64::NAN, DateTime), ""),
            (
                DataRef::DateTimeIso("2026-03-02T00:00:00".to_owned()),
                "2026-03-02",
            ),
        ] {
            assert_eq!(text(&value), expected, "{value:?}");
        }
    }

    #[test]
    fn an_archive_that_unpacks_to_too_much_is_refused() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for part in ["a.xml", "b.xml"] {
            let options = zip::write::SimpleFileOptions::default();
            let part = archive.start_file(part, options);
            part.expect("memory does not fail");
            archive.write_all(&[0; 600]).expect("memory does not fail");
        }
        let archive = archive.finish().expect("memory does not fail");
        assert!(check_size(Whole::Memory(archive.clone()), 1200).is_ok());
        let refusal = check_size(Whole::Memory(archive), 1199).err();
        let refusal = refusal.expect("it is too much");
        assert_eq!(refusal.message(), "unpacks to more than 1199 bytes");
    }
}
