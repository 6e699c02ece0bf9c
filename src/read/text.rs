//! Plain text: a row a line, or the whole file as one row.

use std::collections::HashSet;
use std::io::{BufReader, Read};

use super::lines::{Line, next_line};
use super::source::{Origin, Source};
use super::{Columns, Format, ReadOptions, Row, Rows, TextUnit, broken, not_utf8};
use crate::error::{Error, Result};
use crate::feedback::Feedback;
use crate::label::FeedbackKind;

/// Longest name before a colon that is taken for a speaker's, in characters.
const LABEL: usize = 24;

/// Most speakers in a conversation.
const SPEAKERS: usize = 8;

/// Opens a plain text.
pub(super) fn open(source: Source, options: &ReadOptions) -> (Columns, Rows) {
    let told = options.text_unit.or_else(|| {
        let conversation = options.kind == Some(FeedbackKind::Transcript);
        conversation.then_some(TextUnit::File)
    });
    let found = told.is_none() && is_conversation(&String::from_utf8_lossy(source.head()));
    let unit = told.unwrap_or(if found {
        TextUnit::File
    } else {
        TextUnit::Line
    });
    let kind = options.kind.or(found.then_some(FeedbackKind::Transcript));
    let columns = Columns {
        conversation: unit == TextUnit::File && kind == Some(FeedbackKind::Transcript),
        ..Columns::new(Format::Text, unit.code())
    };
    let text = Text {
        origin: source.origin.clone(),
        max: source.max_row,
        input: Some(BufReader::with_capacity(128 << 10, source)),
        unit,
        kind,
        buffer: Vec::new(),
        number: 0,
    };
    (columns, Box::new(text))
}

/// Whether most lines start with one of a few speakers' names and a colon.
fn is_conversation(head: &str) -> bool {
    let lines: Vec<&str> = head
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let labels: Vec<&str> = lines.iter().filter_map(|line| speaker(line)).collect();
    let speakers: HashSet<&str> = labels.iter().copied().collect();
    lines.len() >= 4
        && labels.len() * 10 >= lines.len() * 6
        && (2..=SPEAKERS).contains(&speakers.len())
        && speakers.len() * 2 <= labels.len()
}

/// The name before the first colon of `[00:12] Agent: …`.
fn speaker(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(|c: char| c.is_ascii_digit() || "[]():.- \t".contains(c));
    let (label, said) = line.split_once([':', '：'])?;
    let label = label.trim();
    let is_name = !label.is_empty()
        && label.chars().count() <= LABEL
        && !label.contains([',', '.', '!', '?', '，', '。', '！', '？']);
    (is_name && !said.starts_with("//")).then_some(label)
}

struct Text {
    /// None once the source has ended.
    input: Option<BufReader<Source>>,
    unit: TextUnit,
    kind: Option<FeedbackKind>,
    max: usize,
    buffer: Vec<u8>,
    number: u64,
    origin: Origin,
}

impl Iterator for Text {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = match self.unit {
            TextUnit::Line => self.read_line()?,
            TextUnit::File => {
                let input = self.input.take()?;
                self.read_file(input)
            }
        };
        self.number += 1;
        let row = found.and_then(|()| self.row());
        Some(row.map_err(|error| self.origin.locate_row(error, self.number)))
    }
}

impl Text {
    /// Reads the next line that is not blank.
    fn read_line(&mut self) -> Option<Result<()>> {
        loop {
            return match next_line(self.input.as_mut()?, &mut self.buffer, self.max) {
                Ok(Line::Whole) if self.buffer.trim_ascii().is_empty() => continue,
                Ok(Line::Whole) => Some(Ok(())),
                Ok(Line::TooLong) => Some(Err(self.too_long())),
                Ok(Line::End) => {
                    self.input = None;
                    None
                }
                Err(error) => {
                    self.input = None;
                    Some(Err(broken(error)))
                }
            };
        }
    }

    fn read_file(&mut self, input: BufReader<Source>) -> Result<()> {
        let mut input = input.take(self.max as u64 + 1);
        input.read_to_end(&mut self.buffer).map_err(broken)?;
        if self.buffer.len() > self.max {
            return Err(self.too_long());
        }
        Ok(())
    }

    fn too_long(&self) -> Error {
        Error::input(format!("longer than {} bytes", self.max))
    }

    fn row(&self) -> Result<Row> {
        let text = std::str::from_utf8(&self.buffer)
            .map_err(|error| not_utf8(format_args!("byte {} of the row", error.valid_up_to())))?;
        Ok(Row {
            number: self.number,
            feedback: Feedback {
                kind: self.kind,
                ..Feedback::new(self.origin.id(self.number), text)
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversations_are_told_from_lists_of_reviews() {
        for text in [
            "Agent: Hello\nCustomer: It broke\nAgent: Sorry\nCustomer: Again!\n",
            "客服：您好\n顾客：还没到\n客服：抱歉\n顾客：第三次了\n",
            "[00:01] Agent: Hi\n[00:04] Client: Late.\nand broken\n[00:09] Agent: Oh\n[00:12] Client: Yes\n",
            "เจ้าหน้าที่: สวัสดีค่ะ\nลูกค้า: ช้ามาก\nเจ้าหน้าที่: ขออภัย\nลูกค้า: ครั้งที่สองแล้ว\n",
        ] {
            assert!(is_conversation(text), "{text}");
        }
        for text in [
            "Bad\nSlow\nRude\nNever again\n",
            "Pros: cheap\nDelivery was late\nCons: weak\nWill not return\nMeh\n",
            "Note: a\nNote: b\nNote: c\nNote: d\n",
            "Agent: Hello\nCustomer: It broke\n",
            "https://a.example\nhttp://b.example\nhttps://c.example\nhttp://d.example\n",
        ] {
            assert!(!is_conversation(text), "{text}");
        }
    }
}
