//! CSV and TSV.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

use csv::ByteRecord;

use super::dialect::{self, Dialect, Guess};
use super::grid::{self, Grid};
use super::limits::Size;
use super::source::Source;
use super::{Columns, Format, ReadOptions, Row, Rows, broken, not_utf8, sample};
use crate::error::{Error, Result};

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
        let needed = if grid::is_header(&guess.header(), options) {
            2
        } else {
            1
        };
        if guess.records.len() >= needed || !source.grow()? {
            break guess;
        }
    };
    let origin = source.origin.clone();
    let header = grid::is_header(&guess.header(), options);
    let names = column_names(&guess, header).map_err(|error| origin.locate(error))?;
    let rows = first_rows(&guess, names.len(), header);
    let grid = Grid::new(names, &rows, options, origin.clone())?;
    let columns = Columns {
        header,
        ..grid.columns(format)
    };
    let mut table = Table {
        base: source.offset(),
        csv: Some(guess.dialect.reader().from_reader(Bounded::new(source))),
        dialect: guess.dialect,
        record: ByteRecord::new(),
        header,
        grid,
        number: 0,
    };
    if header {
        // In the head already, so it neither waits nor fails.
        table.read_record().map_err(|error| origin.locate(error))?;
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

fn column_names(guess: &Guess, header: bool) -> Result<Vec<String>> {
    let cells = guess.records.first().into_iter().flatten();
    if !header {
        return Ok(cells
            .enumerate()
            .map(|(at, _)| grid::numbered(at))
            .collect());
    }
    let cells: std::result::Result<Vec<&str>, _> = cells.map(std::str::from_utf8).collect();
    Ok(grid::column_names(
        cells.map_err(|_| not_utf8("the header"))?,
    ))
}

/// Cells of the first rows that are as wide as the header.
fn first_rows(guess: &Guess, width: usize, header: bool) -> Vec<Vec<String>> {
    let rows = guess
        .records
        .iter()
        .skip(usize::from(header))
        .take(sample::ROWS);
    rows.filter(|row| row.len() == width)
        .map(|row| {
            let cells = row.iter().map(String::from_utf8_lossy);
            cells.map(Cow::into_owned).collect()
        })
        .collect()
}

struct Table {
    /// None once the source has ended.
    csv: Option<csv::Reader<Bounded>>,
    /// Where in the file `csv` began.
    base: u64,
    dialect: Dialect,
    record: ByteRecord,
    header: bool,
    grid: Grid,
    number: u64,
}

impl Iterator for Table {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match self.read_record() {
            Ok(None) => return None,
            Ok(Some(lines)) => {
                self.number += 1;
                self.check(lines)
                    .and_then(|()| self.grid.row(self.number, |at| self.cell(at)))
            }
            Err(error) => {
                self.number += 1;
                Err(error)
            }
        };
        Some(row.map_err(|error| self.grid.locate(error, self.number)))
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
                    if !blank || self.grid.names().len() == 1 && !self.record[0].is_empty() {
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
        let max = Size(input.max as u64);
        self.base += input.given;
        input.given = 0;
        self.csv = Some(self.dialect.reader().from_reader(input));
        Error::input(format!(
            "longer than {max}, skipped to the next line after that"
        ))
        .with_hint(
            "close the quote that it probably opens, or raise the limit with `--max-row-bytes`",
        )
    }

    /// Refuses a row of the wrong width, and one that swallowed those after it.
    fn check(&self, lines: usize) -> Result<()> {
        let (width, expected) = (self.record.len(), self.grid.names().len());
        let swallowed = lines > MANY_LINES && expected > 1 && {
            let is_row = |line: &&[u8]| {
                let mut cells = line.split(|&byte| byte == self.dialect.delimiter);
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
                        char::from(self.dialect.delimiter)
                    )
                } else {
                    "put cells that hold a line break between double quotes".to_owned()
                },
            ),
        )
    }

    fn cell(&self, at: usize) -> Result<&str> {
        std::str::from_utf8(&self.record[at]).map_err(|_| {
            let start = self.record.position().map_or(0, csv::Position::byte) + self.base;
            not_utf8(format_args!(
                "\"{}\" of the row after byte {start}",
                self.grid.names()[at]
            ))
        })
    }
}

/// A source that gives no more than the longest row between two calls of
/// [`allow_row`](Self::allow_row): an open quote must not fill the memory.
struct Bounded {
    source: BufReader<Source>,
    max: usize,
    left: usize,
    given: u64,
    exhausted: bool,
}

impl Bounded {
    fn new(source: Source) -> Self {
        let max = source.limits.row();
        Self {
            source: BufReader::with_capacity(64 << 10, source),
            max,
            left: max,
            given: 0,
            exhausted: false,
        }
    }

    fn allow_row(&mut self) {
        self.left = self.max;
        self.exhausted = false;
    }

    fn skip_line(&mut self) -> io::Result<()> {
        self.given += self.source.skip_until(b'\n')? as u64;
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
