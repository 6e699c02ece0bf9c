//! Texts, plain or marked up: a row a line, or the whole file as one row. What is
//! marked up comes as it is; `prepare` reads the marks.

use std::io::{BufReader, Read};

use super::conversation::is_conversation;
use super::lines::{Line, next_line};
use super::source::{Origin, Source};
use super::{Columns, Format, Limits, ReadOptions, Row, Rows, TextUnit, broken, not_utf8};
use crate::error::Result;
use crate::feedback::Feedback;
use crate::label::{FeedbackKind, Markup};

/// Opens a text.
pub(super) fn open(source: Source, format: Format, options: &ReadOptions) -> (Columns, Rows) {
    let told = options.text_unit.or_else(|| {
        let conversation = options.kind == Some(FeedbackKind::Transcript);
        conversation.then_some(TextUnit::File)
    });
    let (unit, transcript) = match format {
        Format::Vtt | Format::Srt | Format::Chat => (TextUnit::File, true),
        Format::Html | Format::Markdown => (TextUnit::File, false),
        _ if told.is_none() && is_conversation(&String::from_utf8_lossy(source.head())) => {
            (TextUnit::File, true)
        }
        _ => (TextUnit::Line, false),
    };
    let unit = told.unwrap_or(unit);
    let kind = options
        .kind
        .or(transcript.then_some(FeedbackKind::Transcript));
    let columns = Columns {
        conversation: unit == TextUnit::File && kind == Some(FeedbackKind::Transcript),
        ..Columns::new(format, unit.code())
    };
    let text = Text {
        origin: source.origin.clone(),
        limits: source.limits,
        input: Some(BufReader::with_capacity(128 << 10, source)),
        unit,
        kind,
        markup: match format {
            Format::Html => Some(Markup::Html),
            Format::Markdown => Some(Markup::Markdown),
            _ => None,
        },
        buffer: Vec::new(),
        number: 0,
    };
    (columns, Box::new(text))
}

struct Text {
    /// None once the source has ended.
    input: Option<BufReader<Source>>,
    unit: TextUnit,
    kind: Option<FeedbackKind>,
    markup: Option<Markup>,
    limits: Limits,
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
            return match next_line(self.input.as_mut()?, &mut self.buffer, self.limits.row()) {
                Ok(Line::Whole) if self.buffer.trim_ascii().is_empty() => continue,
                Ok(Line::Whole) => Some(Ok(())),
                Ok(Line::TooLong) => Some(Err(self.limits.row_too_long())),
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
        let most = self.limits.row_bytes;
        let mut input = input.take(most.saturating_add(1));
        input.read_to_end(&mut self.buffer).map_err(broken)?;
        if self.buffer.len() as u64 > most {
            return Err(self.limits.row_too_long());
        }
        Ok(())
    }

    fn row(&self) -> Result<Row> {
        let text = std::str::from_utf8(&self.buffer)
            .map_err(|error| not_utf8(format_args!("byte {} of the row", error.valid_up_to())))?;
        Ok(Row {
            number: self.number,
            feedback: Feedback {
                kind: self.kind,
                markup: self.markup,
                ..Feedback::new(self.origin.id(self.number), text)
            },
        })
    }
}
