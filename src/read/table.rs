//! CSV and TSV.

use std::borrow::Cow;
use std::io::{self, Read};

use csv::ByteRecord;

use super::columns::{self, Choice, Columns};
use super::dialect::{self, Guess};
use super::names;
use super::sample::{self, Sample};
use super::source::{Origin, Source};
use super::{Format, ReadOptions, Row, Rows, broken, not_utf8};
use crate::error::{Error, Result};
use crate::feedback::Field;
use crate::label::FeedbackKind;

/// Lines in one row beyond which we ask whether a quote was left open. Letters
/// pasted into a cell run to a few dozen.
const MANY_LINES: usize = 20;

/// Longest first cell, in bytes, of lines in a text that look like rows: ids and
/// dates are shorter, and prose seldom has its first comma as early line by line.
const SHORT_CELL: usize = 24;

/// Opens a table: finds its separator, its header and its columns.
pub(super) fn open(
    mut source: Source,
    format: Format,
    options: &ReadOptions,
) -> Result<(Columns, Rows)> {
    source.skip(separator_line(source.head()));
    let guess = loop {
        let guess = match format {
            Format::Tsv => Guess::new(source.head(), source.ended(), b'\t'),
            _ => dialect::guess(source.head(), source.ended()),
        };
        // One row of data is enough to go by: a live pipe may not give more.
        let needed = if has_header(&guess, options) { 2 } else { 1 };
        if guess.records.len() >= needed || !source.grow()? {
            break guess;
        }
    };
    let origin = source.origin.clone();
    let header = has_header(&guess, options);
    let names = column_names(&guess, header).map_err(|error| origin.locate(error))?;
    let choice = choose(&guess, &names, header, options).map_err(|error| origin.locate(error))?;
    let columns = Columns {
        header,
        ..choice.columns(format, &names)
    };
    let mut table = Table {
        base: source.offset(),
        csv: Some(dialect::builder(guess.delimiter).from_reader(Bounded::new(source))),
        delimiter: guess.delimiter,
        record: ByteRecord::new(),
        header,
        names,
        choice,
        kind: options.kind,
        number: 0,
        origin,
    };
    if header {
        // In the head already, so it neither waits nor fails.
        table
            .read_record()
            .map_err(|error| table.origin.locate(error))?;
    }
    Ok((columns, Box::new(table)))
}

/// Length of the line `sep=;` that Excel puts before the header.
fn separator_line(head: &[u8]) -> usize {
    let end = head
        .iter()
        .position(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    let line = head[..end].trim_ascii_end();
    if line.starts_with(b"sep=") && line.len() <= 5 {
        end
    } else {
        0
    }
}

/// Whether the first row names the columns.
fn has_header(guess: &Guess, options: &ReadOptions) -> bool {
    let cells = guess.header();
    if options.all_told().any(|name| !name.starts_with("column_")) {
        return true;
    }
    match cells.as_slice() {
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

fn column_names(guess: &Guess, header: bool) -> Result<Vec<String>> {
    let cells = guess.records.first().into_iter().flatten().enumerate();
    let mut names: Vec<String> = Vec::new();
    for (at, cell) in cells {
        let numbered = format!("column_{}", at + 1);
        if !header {
            names.push(numbered);
            continue;
        }
        let cell = std::str::from_utf8(cell).map_err(|_| not_utf8("the header"))?;
        let name = match cell.trim() {
            "" => numbered,
            name if names.iter().any(|other| other == name) => format!("{name}_{}", at + 1),
            name => name.to_owned(),
        };
        names.push(name);
    }
    Ok(names)
}

fn choose(guess: &Guess, names: &[String], header: bool, options: &ReadOptions) -> Result<Choice> {
    let mut samples: Vec<Sample> = names.iter().map(|_| Sample::default()).collect();
    let rows = guess
        .records
        .iter()
        .skip(usize::from(header))
        .take(sample::ROWS);
    let mut count = 0;
    for row in rows.filter(|row| row.len() == names.len()) {
        count += 1;
        for (sample, cell) in samples.iter_mut().zip(row) {
            sample.add(&String::from_utf8_lossy(cell));
        }
    }
    columns::choose(names, &samples, count, options)
}

struct Table {
    /// None once the source has ended.
    csv: Option<csv::Reader<Bounded>>,
    /// Where in the file `csv` began.
    base: u64,
    delimiter: u8,
    record: ByteRecord,
    header: bool,
    names: Vec<String>,
    choice: Choice,
    kind: Option<FeedbackKind>,
    number: u64,
    origin: Origin,
}

impl Iterator for Table {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match self.read_record() {
            Ok(None) => return None,
            Ok(Some(lines)) => {
                self.number += 1;
                self.check(lines).and_then(|()| self.row())
            }
            Err(error) => {
                self.number += 1;
                Err(error)
            }
        };
        Some(row.map_err(|error| self.origin.locate_row(error, self.number)))
    }
}

impl Table {
    /// Reads the next row that is not blank; says on how many lines it stands.
    fn read_record(&mut self) -> Result<Option<usize>> {
        while let Some(csv) = &mut self.csv {
            let line = csv.position().line();
            csv.get_mut().allow_row();
            match csv.read_byte_record(&mut self.record) {
                Ok(true) => {
                    let blank = self.record.len() == 1 && self.record[0].trim_ascii().is_empty();
                    if !blank || self.names.len() == 1 && !self.record[0].is_empty() {
                        return Ok(Some((csv.position().line() - line) as usize));
                    }
                }
                Ok(false) => self.csv = None,
                Err(error) => return Err(self.recover(error)),
            }
        }
        Ok(None)
    }

    /// After a row too long goes on at the next line; after a failed read, ends.
    fn recover(&mut self, error: csv::Error) -> Error {
        let error = match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            other => io::Error::other(format!("{other:?}")),
        };
        let Some(mut input) = self.csv.take().map(csv::Reader::into_inner) else {
            return broken(error);
        };
        // The parser had used up its buffer when it asked for more than a row
        // may have, so no byte is lost with it.
        if !input.exhausted || input.skip_line().is_err() {
            return broken(error);
        }
        let max = input.source.max_row;
        self.base += input.given;
        input.given = 0;
        self.csv = Some(dialect::builder(self.delimiter).from_reader(input));
        Error::input(format!(
            "longer than {max} bytes, skipped to the next line after that"
        ))
        .with_hint("a quote in it is probably never closed")
    }

    /// Refuses a row of the wrong width, and one that swallowed those after it.
    fn check(&self, lines: usize) -> Result<()> {
        let (width, expected) = (self.record.len(), self.names.len());
        let swallowed = lines > MANY_LINES && expected > 1 && {
            let is_row = |line: &&[u8]| {
                let mut cells = line.split(|&byte| byte == self.delimiter);
                cells.next().is_some_and(|first| first.len() <= SHORT_CELL)
                    && cells.count() + 1 >= expected
            };
            let rows = self
                .record
                .iter()
                .flat_map(|cell| cell.split(|&byte| byte == b'\n'));
            rows.filter(is_row).count() * 5 >= lines * 4
        };
        if swallowed {
            return Err(
                Error::input(format!("a quote opened in it swallows {lines} lines"))
                    .with_hint("close the quote, or double it if it belongs to the text"),
            );
        }
        let surplus = self.record.iter().skip(expected);
        if width >= expected && surplus.into_iter().all(<[u8]>::is_empty) {
            return Ok(());
        }
        let against = if self.header {
            "the header"
        } else {
            "the first row"
        };
        let cells = if width == 1 { "cell" } else { "cells" };
        Err(
            Error::input(format!("{width} {cells} where {against} has {expected}")).with_hint(
                if width > expected {
                    format!(
                        "put cells that hold a {:?} between double quotes",
                        char::from(self.delimiter)
                    )
                } else {
                    "put cells that hold a line break between double quotes".to_owned()
                },
            ),
        )
    }

    fn row(&self) -> Result<Row> {
        let id = || self.origin.id(self.number);
        let cell = |at| self.cell(at).map(|cell| Some(Cow::Borrowed(cell)));
        let mut feedback = self.choice.feedback(id, cell)?;
        feedback.kind = self.kind;
        for (at, name) in self.names.iter().enumerate() {
            if self.choice.carries(at) {
                let cell = Field::Text(self.cell(at)?.to_owned());
                feedback.fields.push((name.clone(), cell));
            }
        }
        Ok(Row {
            number: self.number,
            feedback,
        })
    }

    fn cell(&self, at: usize) -> Result<&str> {
        std::str::from_utf8(&self.record[at]).map_err(|_| {
            let start = self.record.position().map_or(0, csv::Position::byte) + self.base;
            not_utf8(format_args!(
                "\"{}\" of the row after byte {start}",
                self.names[at]
            ))
        })
    }
}

/// A source that gives no more than the longest row between two calls of
/// [`allow_row`](Self::allow_row): an open quote must not fill the memory.
struct Bounded {
    source: Source,
    left: usize,
    given: u64,
    exhausted: bool,
}

impl Bounded {
    fn new(source: Source) -> Self {
        Self {
            left: source.max_row,
            source,
            given: 0,
            exhausted: false,
        }
    }

    fn allow_row(&mut self) {
        self.left = self.source.max_row;
        self.exhausted = false;
    }

    fn skip_line(&mut self) -> io::Result<()> {
        let mut byte = [0];
        while self.source.read(&mut byte)? == 1 {
            self.given += 1;
            if byte == *b"\n" {
                break;
            }
        }
        Ok(())
    }
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            self.exhausted = true;
            return Err(io::Error::other("row too long"));
        }
        let most = buffer.len().min(self.left);
        let read = self.source.read(&mut buffer[..most])?;
        self.left -= read;
        self.given += read as u64;
        Ok(read)
    }
}
