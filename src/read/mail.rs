//! E-mail: a message is a row, its subject and body the text.
//!
//! The body is what was written for people who read plain text; where there is
//! only HTML it comes as it is, and `prepare` reads the marks.

use std::io::{BufReader, Read};

use mail_parser::{Address, Message, MessageParser, PartType};

use super::lines::{Line, next_line};
use super::source::{Origin, Source};
use super::{Columns, Format, Limits, ReadOptions, Row, Rows, broken};
use crate::error::{Error, Result};
use crate::feedback::{Context, Feedback, Field};
use crate::label::FeedbackKind;

const SENDER: &str = "from";
const RECEIVERS: &str = "to";
const DATE: &str = "date";
const SUBJECT: &str = "subject";

/// Headers that only machines write, in lower case: a letter pasted into a text
/// file keeps sender, date and subject at most.
const MACHINE_HEADERS: [&str; 5] = [
    "received",
    "message-id",
    "mime-version",
    "return-path",
    "delivered-to",
];

/// What a source that begins with `head` is, if it is e-mail.
pub(super) fn form(head: &[u8]) -> Option<Format> {
    let mut lines = head.split(|&byte| byte == b'\n');
    let mut first = lines.next()?;
    let format = if is_separator(first) {
        first = lines.next()?;
        Format::Mbox
    } else {
        Format::Eml
    };
    let mut of_machine = false;
    for line in std::iter::once(first).chain(lines) {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let colon = line.iter().position(|&byte| byte == b':')?;
        let name = &line[..colon];
        if name.is_empty() || !name.iter().all(|&byte| byte.is_ascii_graphic()) {
            return None;
        }
        let is_name = |header: &&str| name.eq_ignore_ascii_case(header.as_bytes());
        of_machine |= MACHINE_HEADERS.iter().any(is_name);
    }
    of_machine.then_some(format)
}

/// Whether it parts two messages: `From ana@mail.example Mon Mar  2 10:00:00 2026`.
/// A sentence may begin with the word, too.
fn is_separator(line: &[u8]) -> bool {
    let is_time = |word: &[u8]| {
        word.len() >= 4
            && word.contains(&b':')
            && word
                .iter()
                .all(|&byte| byte.is_ascii_digit() || byte == b':')
    };
    line.starts_with(b"From ") && line.split(u8::is_ascii_whitespace).any(is_time)
}

/// Opens a message, or a mailbox of them.
pub(super) fn open(source: Source, format: Format, options: &ReadOptions) -> (Columns, Rows) {
    let columns = Columns {
        id: Some("Message-ID".to_owned()),
        carried: [SENDER, RECEIVERS, DATE, SUBJECT]
            .map(str::to_owned)
            .to_vec(),
        ..Columns::new(format, "message")
    };
    let mail = Mail {
        origin: source.origin.clone(),
        limits: source.limits,
        input: Some(BufReader::with_capacity(128 << 10, source)),
        format,
        kind: options.kind,
        line: Vec::new(),
        message: Vec::new(),
        number: 0,
    };
    (columns, Box::new(mail))
}

struct Mail {
    /// None once the source has ended.
    input: Option<BufReader<Source>>,
    format: Format,
    kind: Option<FeedbackKind>,
    limits: Limits,
    line: Vec<u8>,
    message: Vec<u8>,
    number: u64,
    origin: Origin,
}

impl Iterator for Mail {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = if self.format == Format::Eml {
            let input = self.input.take()?;
            self.read_all(input)
        } else {
            self.read_next()?
        };
        self.number += 1;
        let row = found.and_then(|()| self.row());
        Some(row.map_err(|error| self.origin.locate_row(error, self.number)))
    }
}

impl Mail {
    fn read_all(&mut self, input: BufReader<Source>) -> Result<()> {
        let most = self.limits.row_bytes;
        let mut input = input.take(most.saturating_add(1));
        input.read_to_end(&mut self.message).map_err(broken)?;
        if self.message.len() as u64 > most {
            return Err(self.limits.row_too_long());
        }
        Ok(())
    }

    /// Reads the next message of a mailbox, and the separator after it.
    fn read_next(&mut self) -> Option<Result<()>> {
        self.message.clear();
        let mut too_long = false;
        let mut after_blank = true;
        loop {
            let input = self.input.as_mut()?;
            match next_line(input, &mut self.line, self.limits.row()) {
                Ok(Line::Whole) if after_blank && is_separator(&self.line) => {
                    if self.message.is_empty() {
                        continue;
                    }
                    break;
                }
                Ok(Line::Whole) => {
                    after_blank = self.line.is_empty();
                    if after_blank && self.message.is_empty() {
                        continue;
                    }
                    too_long |= self.message.len() + self.line.len() >= self.limits.row();
                    if !too_long {
                        self.message.extend_from_slice(unquoted(&self.line));
                        self.message.push(b'\n');
                    }
                }
                Ok(Line::TooLong) => {
                    after_blank = false;
                    too_long = true;
                    // Not empty, for the separator to end it.
                    self.message.push(b'\n');
                }
                Ok(Line::End) => {
                    self.input = None;
                    if self.message.is_empty() {
                        return None;
                    }
                    break;
                }
                Err(error) => {
                    self.input = None;
                    return Some(Err(broken(error)));
                }
            }
        }
        Some(if too_long {
            Err(self.limits.row_too_long())
        } else {
            Ok(())
        })
    }

    fn row(&self) -> Result<Row> {
        let parsed = MessageParser::default().parse(&self.message);
        let message = parsed
            .filter(|message| !message.headers().is_empty())
            .ok_or_else(|| {
                Error::input("is no e-mail: it has no headers")
                    .with_hint("export it as .eml or .mbox once more")
            })?;
        let id = message.message_id().filter(|id| !id.is_empty());
        let id = id.map_or_else(|| self.origin.id(self.number), str::to_owned);
        let subject = message.subject().unwrap_or_default().trim();
        let date = message.date().filter(|date| date.is_valid());
        let date = date.map(|date| date.to_rfc3339());
        let fields = [
            (SENDER, addresses(message.from())),
            (RECEIVERS, addresses(message.to())),
            (DATE, date.clone().unwrap_or_default()),
            (SUBJECT, subject.to_owned()),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), Field::Text(value)));
        let body = body(&message);
        let parts = [subject, body.trim_end()];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        Ok(Row {
            number: self.number,
            feedback: Feedback {
                kind: self.kind,
                context: Context {
                    date,
                    ..Context::default()
                },
                fields: fields.to_vec(),
                ..Feedback::new(id, parts.collect::<Vec<_>>().join("\n\n"))
            },
        })
    }
}

/// The line without the `>` that kept it from being taken for a separator.
fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|&&byte| byte == b'>').count();
    if quotes > 0 && line[quotes..].starts_with(b"From ") {
        &line[1..]
    } else {
        line
    }
}

/// What was written, in plain text where there is some; attachments are left out.
fn body(message: &Message<'_>) -> String {
    let mut body = String::new();
    for part in message.text_bodies() {
        if let PartType::Text(text) | PartType::Html(text) = &part.body {
            if !body.is_empty() {
                body.push('\n');
            }
            body.push_str(text);
        }
    }
    body
}

/// `Ana Ruiz <ana@mail.example>, bo@mail.example`
fn addresses(addresses: Option<&Address<'_>>) -> String {
    let written = addresses
        .into_iter()
        .flat_map(Address::iter)
        .filter_map(|address| match (address.name(), address.address()) {
            (Some(name), Some(address)) => Some(format!("{name} <{address}>")),
            (name, address) => name.or(address).map(str::to_owned),
        });
    written.collect::<Vec<_>>().join(", ")
}
