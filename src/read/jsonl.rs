//! JSON Lines: a value a line.

use std::io::BufReader;

use super::lines::{Line, next_line};
use super::object::{self, Mapping};
use super::source::Source;
use super::{Columns, Format, Limits, ReadOptions, Row, Rows, broken};
use crate::error::Result;

/// Opens a source of JSON lines.
pub(super) fn open(source: Source, options: &ReadOptions) -> Result<(Columns, Rows)> {
    let head = source.head();
    // The last line may be cut off. If it is the only one, the source has ended
    // or the line is longer than a row may be.
    let whole = match head.iter().rposition(|&byte| byte == b'\n') {
        Some(end) if !source.ended() => &head[..end],
        _ => head,
    };
    let lines = whole.split(|&byte| byte == b'\n');
    let values: Vec<Vec<u8>> = lines
        .filter(|line| !line.trim_ascii().is_empty())
        .map(<[u8]>::to_vec)
        .collect();
    let (columns, mapping) = object::choose(&values, Format::Jsonl, options, &source.origin)?;
    let lines = Lines {
        limits: source.limits,
        input: Some(BufReader::with_capacity(128 << 10, source)),
        line: Vec::new(),
        mapping,
        number: 0,
    };
    Ok((columns, Box::new(lines)))
}

struct Lines {
    /// None once the source has ended.
    input: Option<BufReader<Source>>,
    limits: Limits,
    line: Vec<u8>,
    mapping: Mapping,
    number: u64,
}

impl Iterator for Lines {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let found = next_line(self.input.as_mut()?, &mut self.line, self.limits.row());
            let error = match found {
                Ok(Line::Whole) if self.line.trim_ascii().is_empty() => continue,
                Ok(Line::Whole) => {
                    self.number += 1;
                    return Some(self.mapping.row(&self.line, self.number));
                }
                Ok(Line::TooLong) => self.limits.row_too_long(),
                Ok(Line::End) => {
                    self.input = None;
                    return None;
                }
                Err(error) => {
                    self.input = None;
                    broken(error)
                }
            };
            self.number += 1;
            return Some(Err(self.mapping.locate(error, self.number)));
        }
    }
}
