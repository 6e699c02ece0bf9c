//! Whether a workbook can be opened without filling the memory: a small file can
//! be made to unpack to anything, and what it says of itself can be a lie.

use std::collections::HashSet;
use std::io::{self, BufReader, Read};

use cfb::CompoundFile;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::book::{SAVE_AGAIN, too_much};
use crate::error::{Error, Result};
use crate::read::limits::Size;
use crate::read::whole::Whole;

/// What a cell takes in memory besides its text, where a sheet is held as a
/// rectangle: its value and its formula.
const CELL: u64 = 56;

/// The largest sheet of OpenDocument.
const MAX_ROWS: u64 = 1 << 20;
const MAX_COLUMNS: u64 = 1 << 14;

fn damaged(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::input("is no whole workbook")
        .with_source(error)
        .with_hint(SAVE_AGAIN)
}

fn too_large(most: u64) -> Error {
    Error::input(format!("unpacks to more than {}", Size(most))).with_hint(too_much())
}

/// Unpacks everything of a ZIP archive once, for its true size.
pub(super) fn check_archive(whole: Whole, most: u64) -> Result<ZipArchive<Whole>> {
    let mut archive = ZipArchive::new(whole).map_err(damaged)?;
    let mut left = most;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(damaged)?;
        let unpacked =
            io::copy(&mut part.take(left.saturating_add(1)), &mut io::sink()).map_err(damaged)?;
        left = left.checked_sub(unpacked).ok_or_else(|| too_large(most))?;
    }
    Ok(archive)
}

/// Adds up what the sheets of an OpenDocument file hold once repeated cells and
/// rows are written out: one cell may stand for a whole sheet of its text.
pub(super) fn check_repeats(archive: &mut ZipArchive<Whole>, most: u64) -> Result<()> {
    let part = archive.by_name("content.xml").map_err(damaged)?;
    let mut reader = Reader::from_reader(BufReader::new(part));
    reader.config_mut().check_end_names = false;
    reader.config_mut().expand_empty_elements = true;
    let mut sheet = Repeats::default();
    let mut total = 0_u64;
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(damaged)? {
            Event::Start(tag) => match tag.name().as_ref() {
                "table:table" => sheet = Repeats::default(),
                "table:table-row" => {
                    sheet.start_row(repeats(&tag, "table:number-rows-repeated", MAX_ROWS));
                }
                "table:table-cell" | "table:covered-table-cell" => {
                    let times = repeats(&tag, "table:number-columns-repeated", MAX_COLUMNS);
                    sheet.start_cell(times, &tag);
                }
                _ => {}
            },
            Event::Text(text) => sheet.cell += text.len() as u64,
            Event::CData(text) => sheet.cell += text.len() as u64,
            Event::GeneralRef(text) => sheet.cell += text.len() as u64,
            Event::End(tag) => match tag.name().as_ref() {
                "table:table-row" => {
                    sheet.end_row();
                    if total.saturating_add(sheet.bytes()) > most {
                        return Err(too_large(most));
                    }
                }
                "table:table-cell" | "table:covered-table-cell" => sheet.end_cell(),
                "table:table" => total = total.saturating_add(sheet.bytes()),
                _ => {}
            },
            Event::Eof => return Ok(()),
            _ => {}
        }
        buffer.clear();
    }
}

/// How often a cell or row stands there by an attribute of its tag.
fn repeats(tag: &BytesStart<'_>, attribute: &str, most: u64) -> u64 {
    let found = tag.try_get_attribute(attribute).ok().flatten();
    let times = found.and_then(|times| times.value.trim().parse().ok());
    times.unwrap_or(1).min(most)
}

/// A sheet of OpenDocument with its repetitions written out.
#[derive(Default)]
struct Repeats {
    /// Bytes of the text of all rows.
    text: u64,
    /// Rows, the last of which hold something, and the widest of them.
    rows: u64,
    columns: u64,
    /// Empty rows, and within a row empty cells, that nothing stands behind yet.
    empty_rows: u64,
    empty_cells: u64,
    row_times: u64,
    row_text: u64,
    row_columns: u64,
    cell_times: u64,
    /// Bytes of the text of a cell, and whether it holds a value without one.
    cell: u64,
    valued: bool,
}

impl Repeats {
    fn start_row(&mut self, times: u64) {
        self.row_times = times;
        (self.row_text, self.row_columns, self.empty_cells) = (0, 0, 0);
    }

    fn start_cell(&mut self, times: u64, tag: &str) {
        self.cell_times = times;
        self.valued = tag.contains("office:") || tag.contains("formula");
        self.cell = if self.valued { tag.len() as u64 } else { 0 };
    }

    fn end_cell(&mut self) {
        if self.cell == 0 {
            self.empty_cells += self.cell_times;
            return;
        }
        self.row_columns += self.empty_cells + self.cell_times;
        self.empty_cells = 0;
        self.row_text = self
            .row_text
            .saturating_add(self.cell.saturating_mul(self.cell_times));
        self.cell = 0;
    }

    fn end_row(&mut self) {
        if self.row_columns == 0 {
            self.empty_rows += self.row_times;
            return;
        }
        self.rows += self.empty_rows + self.row_times;
        self.empty_rows = 0;
        self.columns = self.columns.max(self.row_columns.min(MAX_COLUMNS));
        self.text = self
            .text
            .saturating_add(self.row_text.saturating_mul(self.row_times));
    }

    fn bytes(&self) -> u64 {
        let cells = self.rows.min(MAX_ROWS) * self.columns;
        self.text.saturating_add(cells * CELL)
    }
}

/// Adds up what the sheets of a workbook before 2007 hold: each is held as a
/// rectangle, and many cells may show one long text.
pub(super) fn check_compound(whole: Whole, most: u64) -> Result<Whole> {
    let mut file = CompoundFile::open(whole).map_err(damaged)?;
    // Of Excel 97 and later, and of Excel 5.
    let name = ["Workbook", "Book"]
        .into_iter()
        .find(|name| file.is_stream(name));
    let Some(name) = name else {
        return Err(Error::input(
            "is a file of Office that holds no table, or one with a password",
        )
        .with_hint(SAVE_AGAIN));
    };
    let mut stream = file.open_stream(name).map_err(damaged)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map_err(damaged)?;
    drop(stream);
    match records_size(&bytes) {
        Some(size) if size <= most => Ok(file.into_inner()),
        Some(_) => Err(too_large(most)),
        None => Err(Error::input("is no whole workbook").with_hint(SAVE_AGAIN)),
    }
}

// Types of records: a sheet or the book begins; its dimensions; where a sheet
// begins; shared texts and where they go on; cells. All cells begin with their
// row and column.
const BEGIN: u16 = 0x0809;
const DIMENSIONS: u16 = 0x0200;
const SHEET: u16 = 0x0085;
const SHARED_TEXTS: u16 = 0x00FC;
const CONTINUE: u16 = 0x003C;
const SHARED_TEXT_CELL: u16 = 0x00FD;
const CELLS: [u16; 8] = [
    SHARED_TEXT_CELL,
    0x0006, // formula
    0x00BD, // several numbers
    0x00D6, // rich text
    0x0203, // number
    0x0204, // text
    0x0205, // truth or error
    0x027E, // number
];

/// What the sheets of a stream of records hold once they are rectangles; `None`
/// if one begins in the middle of another, or where another does.
fn records_size(bytes: &[u8]) -> Option<u64> {
    let mut texts: Vec<u64> = Vec::new();
    let mut total = 0_u64;
    let mut sheet = Rectangle::default();
    let (mut begins, mut sheets) = (HashSet::new(), Vec::new());
    let mut records = Records(bytes).peekable();
    while let Some((kind, record)) = records.next() {
        let word = |at| number(record, at, 2).map(|word| word as u16);
        if kind == BEGIN {
            total = total.saturating_add(sheet.bytes());
            sheet = Rectangle::default();
            // Behind its type and length.
            begins.insert(record.as_ptr().addr() - bytes.as_ptr().addr() - 4);
        } else if kind == DIMENSIONS {
            total = total.saturating_add(declared(record) * CELL);
        } else if kind == SHEET {
            sheets.extend(number(record, 0, 4).map(|at| at as usize));
        } else if kind == SHARED_TEXTS {
            let mut parts = vec![record];
            while let Some((_, part)) = records.next_if(|&(kind, _)| kind == CONTINUE) {
                parts.push(part);
            }
            texts = SharedTexts::new(parts).lengths();
        } else if CELLS.contains(&kind)
            && let Some((row, column)) = word(0).zip(word(2))
        {
            // Several numbers end with the column of the last.
            let last = match kind {
                0x00BD => word(record.len().saturating_sub(2)).unwrap_or(column),
                _ => column,
            };
            sheet.add(row, column, last.max(column));
            if kind == SHARED_TEXT_CELL {
                let text = number(record, 6, 4).and_then(|text| texts.get(text as usize));
                total = total.saturating_add(*text.unwrap_or(&0));
            }
        }
    }
    let apart = sheets.iter().all(|at| begins.remove(at));
    apart.then(|| total.saturating_add(sheet.bytes()))
}

/// How many cells room is made for by the dimensions of a sheet: first and last
/// row and column, the last ones counted from 1.
fn declared(record: &[u8]) -> u64 {
    // Of rows; Excel 5 numbers them by two bytes.
    let width = if record.len() == 10 { 2 } else { 4 };
    let place = |at, width| number(record, at, width).map_or(0, u64::from);
    let (top, bottom) = (place(0, width), place(width, width));
    let columns = place(2 * width + 2, 2) + 1;
    match bottom.checked_sub(top) {
        Some(rows) => rows * columns,
        None if bottom == 0 => columns,
        // The number of rows would wrap around.
        None => u64::from(u32::MAX) * columns,
    }
}

/// The little-endian number of so many bytes at a place.
fn number(bytes: &[u8], at: usize, width: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + width)?.iter().rev();
    Some(bytes.fold(0, |number, &byte| number << 8 | u32::from(byte)))
}

/// The types of records and what they hold.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = number(self.0, 0, 2)? as u16;
        let length = number(self.0, 2, 2)? as usize;
        let record = self.0.get(4..4 + length)?;
        self.0 = &self.0[4 + length..];
        Some((kind, record))
    }
}

/// The rectangle around cells, in rows and columns.
#[derive(Default)]
struct Rectangle(Option<[u16; 4]>);

impl Rectangle {
    fn add(&mut self, row: u16, first: u16, last: u16) {
        let [top, bottom, left, right] = self.0.unwrap_or([row, row, first, last]);
        let rows = [top.min(row), bottom.max(row)];
        self.0 = Some([rows[0], rows[1], left.min(first), right.max(last)]);
    }

    fn bytes(&self) -> u64 {
        let [top, bottom, left, right] = match self.0 {
            Some(sides) => sides.map(u64::from),
            None => return 0,
        };
        (bottom - top + 1) * (right - left + 1) * CELL
    }
}

/// The texts that cells share, in a record and those it goes on in.
struct SharedTexts<'a> {
    parts: std::vec::IntoIter<&'a [u8]>,
    part: &'a [u8],
}

impl<'a> SharedTexts<'a> {
    fn new(parts: Vec<&'a [u8]>) -> Self {
        let mut parts = parts.into_iter();
        let part = parts.next().unwrap_or_default();
        Self { parts, part }
    }

    /// Bytes of each text as UTF-8, at most; up to where the record makes no sense.
    fn lengths(mut self) -> Vec<u64> {
        let mut lengths = Vec::new();
        // How often texts are used, and how many there are.
        self.part = self.part.get(8..).unwrap_or_default();
        while let Some(length) = self.skip_text() {
            lengths.push(length);
        }
        lengths
    }

    /// Goes behind the next text: characters, their width, then styles and
    /// readings, whose sizes come first.
    fn skip_text(&mut self) -> Option<u64> {
        if self.part.is_empty() {
            self.part = self.parts.next()?;
        }
        let characters = number(self.part, 0, 2)? as usize;
        let mut flags = *self.part.get(2)?;
        let mut at = 3;
        let mut behind = 0;
        if flags & 8 != 0 {
            behind += 4 * number(self.part, at, 2)? as usize;
            at += 2;
        }
        if flags & 4 != 0 {
            behind += number(self.part, at, 4)? as usize;
            at += 4;
        }
        self.part = self.part.get(at..)?;
        let mut left = characters;
        loop {
            let width = 1 + usize::from(flags & 1);
            let taken = left.min(self.part.len() / width);
            self.part = &self.part[taken * width..];
            left -= taken;
            if left == 0 {
                break;
            }
            // What goes on in the next record says its width again.
            (flags, self.part) = self
                .parts
                .next()?
                .split_first()
                .map(|(flags, rest)| (*flags, rest))?;
        }
        while behind > self.part.len() {
            behind -= self.part.len();
            self.part = self.parts.next()?;
        }
        self.part = &self.part[behind..];
        Some(3 * characters as u64)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

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
        assert!(check_archive(Whole::Memory(archive.clone()), 1200).is_ok());
        let refusal = check_archive(Whole::Memory(archive), 1199).err();
        let refusal = refusal.expect("it is too much");
        assert_eq!(refusal.message(), "unpacks to more than 1199 bytes");
    }

    /// Whether the repetitions of a sheet stay within so many bytes.
    fn fits(sheet: &str, most: u64) -> bool {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        let part = archive.start_file("content.xml", options);
        part.expect("memory does not fail");
        write!(archive, "<table:table>{sheet}</table:table>").expect("memory does not fail");
        let archive = archive.finish().expect("memory does not fail");
        let archive = ZipArchive::new(Whole::Memory(archive));
        check_repeats(&mut archive.expect("was just made"), most).is_ok()
    }

    #[test]
    fn repetitions_that_come_to_too_much_are_refused() {
        let cell = |times: u32| {
            format!(
                "<table:table-cell table:number-columns-repeated=\"{times}\"><text:p>slow</text:p></table:table-cell>"
            )
        };
        let row = |times: u32, cells: &str| {
            format!(
                "<table:table-row table:number-rows-repeated=\"{times}\">{cells}</table:table-row>"
            )
        };
        let empty = "<table:table-cell table:number-columns-repeated=\"16000\"/>";
        for (sheet, size) in [
            (row(1, &cell(1)), 60),
            (row(2, &cell(3)), 2 * 3 * 60),
            (row(1, &(cell(1) + empty)), 60),
            (row(1, &(empty.to_owned() + &cell(1))), 16_001 * 56 + 4),
            // What a program writes below and beside every table.
            (row(1, &cell(1)) + &row(1_000_000, empty), 60),
            (
                row(1, &cell(1)) + &row(1_000, empty) + &row(1, &cell(1)),
                1_002 * 56 + 8,
            ),
        ] {
            assert!(fits(&sheet, size), "{sheet}");
            assert!(!fits(&sheet, size - 1), "{sheet}");
        }
    }

    #[test]
    fn records_are_sized_as_rectangles_of_their_texts() {
        let record = |kind: u16, bytes: &[u8]| {
            let mut record = kind.to_le_bytes().to_vec();
            record.extend((bytes.len() as u16).to_le_bytes());
            record.extend(bytes);
            record
        };
        // `slow`, then a text of six wide characters, cut in the middle.
        let texts = b"\x02\0\0\0\x02\0\0\0\x04\0\0slow\x06\0\x01a\0b\0";
        let rest = b"\x01c\0d\0e\0f\0";
        let cell = |row: u8, column: u8, text: u8| {
            record(SHARED_TEXT_CELL, &[row, 0, column, 0, 0, 0, text, 0, 0, 0])
        };
        let book = [
            record(BEGIN, b""),
            record(SHARED_TEXTS, texts),
            record(CONTINUE, rest),
            record(BEGIN, b""),
            cell(0, 0, 0),
            cell(9, 1, 1),
            record(BEGIN, b""),
            record(0x00BD, b"\x01\0\x02\0 numbers \x04\0"),
        ];
        let book = book.concat();
        let size = (20 + 3) * CELL + 3 * 4 + 3 * 6;
        assert_eq!(records_size(&book), Some(size));
        for cut in 0..book.len() {
            records_size(&book[..cut]);
        }
        assert_eq!(records_size(b"\xFF\xFF\xFF\xFF"), Some(0));
        let vast = record(DIMENSIONS, b"\0\0\0\0\xFF\xFF\xFF\xFF\0\0\xFF\0\0\0");
        assert!(records_size(&vast) > Some(1 << 40));
        // The book begins at byte 0, and nothing at byte 4.
        let at = |place: u8| record(SHEET, &[place, 0, 0, 0]);
        assert_eq!(records_size(&[&*book, &*at(0)].concat()), Some(size));
        assert_eq!(records_size(&[&*book, &*at(4)].concat()), None);
        assert_eq!(records_size(&[&*book, &*at(0), &*at(0)].concat()), None);
    }
}
