//! Tells what a source is from its name and first bytes.

use std::path::Path;

use serde::de::IgnoredAny;

use super::source::{Source, extension};
use super::{Format, ReadOptions, Role, conversation, dialect, json, mail, names};
use crate::error::{Error, Result};

/// How far NUL bytes are looked for; they come early in every binary format.
const BINARY_HEAD: usize = 8 << 10;

/// Where the end of the first line is no longer waited for: a document without
/// line breaks.
const LONG_LINE: usize = 1 << 20;

const UNPACK: &str = "unpack it first";
const EXTRACT: &str = "export its text as CSV, JSONL or plain text";

/// What to do with a file that holds less than it should.
pub(super) const WRITTEN_WHOLE: &str = "check that it was written and copied whole";

const FOUND_ALONE: &str = "leave the format out: it is found";

/// First bytes of a file of Office before 2007, and of any with a password.
pub(super) const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0";

/// First bytes of the formats that hold no text as it is.
const CONTAINERS: &[(&[u8], Format)] = &[
    // Of any workbook in a ZIP archive; its parts tell which.
    (b"PK\x03\x04", Format::Xlsx),
    (COMPOUND, Format::Xls),
    (b"PAR1", Format::Parquet),
    (b"ARROW1", Format::Arrow),
    // Of a stream; the first word of files has it after the mark.
    (b"\xFF\xFF\xFF\xFF", Format::Arrow),
];

/// First bytes of what is refused, what they stand for, and what to do.
#[rustfmt::skip] // a table
const REFUSED: &[(&[u8], &str, &str)] = &[
    // Packed in what has been unpacked already.
    (b"\x1F\x8B", "gzip data", UNPACK),
    (b"\x28\xB5\x2F\xFD", "Zstandard data", UNPACK),
    (b"BZh", "bzip2 data", UNPACK),
    (b"\xFD7zXZ\0", "xz data", UNPACK),
    (b"%PDF-", "a PDF document", EXTRACT),
    (b"\x89PNG", "a PNG picture", EXTRACT),
    (b"\xFF\xD8\xFF", "a JPEG picture", EXTRACT),
    (b"SQLite format 3\0", "an SQLite database", EXTRACT),
];

/// The format of a file that begins like this and holds no text as it is.
fn container(head: &[u8]) -> Option<Format> {
    let found = CONTAINERS.iter().find(|(magic, _)| head.starts_with(magic));
    found.map(|(_, format)| *format)
}

/// Whether this is how a file begins that holds no text as it is.
pub(super) fn is_binary(head: &[u8]) -> bool {
    container(head).is_some() || REFUSED.iter().any(|(magic, ..)| head.starts_with(magic))
}

/// Refuses what is empty, no text at all, or not of the format that it is said
/// to be, rather than read garbage from it.
pub(super) fn check(source: &Source, options: &ReadOptions) -> Result<()> {
    let head = source.head();
    if head.trim_ascii().is_empty() && source.ended() {
        return Err(source
            .origin
            .locate(Error::input("holds no rows").with_hint(WRITTEN_WHOLE)));
    }
    let error = match (container(head), options.format) {
        (Some(is), told) if told.is_none_or(|told| told.begins_as(is)) => return Ok(()),
        (Some(is), Some(told)) => {
            Error::input(format!("is {is}, not {told}")).with_hint(FOUND_ALONE)
        }
        (None, Some(told)) if told.is_container() => {
            Error::input(format!("does not begin as {told} does")).with_hint(FOUND_ALONE)
        }
        _ => match refusal(head) {
            Some((what, hint)) => Error::input(format!("is {what}, not text")).with_hint(hint),
            None => return Ok(()),
        },
    };
    Err(source.origin.locate(error))
}

/// What a file that begins like this is, if it is not read, and what to do.
fn refusal(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let known = REFUSED.iter().find(|(magic, ..)| head.starts_with(magic));
    let known = known.map(|(_, what, hint)| (*what, *hint));
    let zero = head[..head.len().min(BINARY_HEAD)].contains(&0);
    known.or(zero.then_some(("binary data", EXTRACT)))
}

impl Format {
    /// The format that the ending of a file's name speaks of; of what is inside
    /// where it is packed, as `reviews.csv.gz` is.
    pub fn of_name(path: impl AsRef<Path>) -> Option<Self> {
        match extension(path.as_ref()).as_str() {
            "csv" => Some(Self::Csv),
            "tsv" | "tab" => Some(Self::Tsv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "json" => Some(Self::Json),
            "txt" | "text" | "log" => Some(Self::Text),
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" | "xhtml" => Some(Self::Html),
            "vtt" => Some(Self::Vtt),
            "srt" => Some(Self::Srt),
            "eml" => Some(Self::Eml),
            "mbox" => Some(Self::Mbox),
            "xlsx" | "xlsm" => Some(Self::Xlsx),
            "xlsb" => Some(Self::Xlsb),
            "xls" => Some(Self::Xls),
            "ods" => Some(Self::Ods),
            "parquet" => Some(Self::Parquet),
            "arrow" | "arrows" | "feather" | "ipc" => Some(Self::Arrow),
            _ => None,
        }
    }

    /// Whether the rows are cells inside a file that is no text.
    pub(super) fn is_container(self) -> bool {
        self.is_workbook() || matches!(self, Self::Parquet | Self::Arrow)
    }

    pub(super) fn is_workbook(self) -> bool {
        matches!(self, Self::Xlsx | Self::Xlsb | Self::Xls | Self::Ods)
    }

    /// Whether it may begin like a format told by its first bytes, which are the
    /// same for several sorts of workbook.
    fn begins_as(self, told: Self) -> bool {
        self == told || self.is_workbook() && told.is_workbook()
    }

    /// Whether it is read as it stands, and not for columns.
    pub(super) fn is_text(self) -> bool {
        use Format::{Chat, Html, Markdown, Srt, Text, Vtt};
        matches!(self, Text | Html | Markdown | Vtt | Srt | Chat)
    }

    pub(super) fn is_mail(self) -> bool {
        matches!(self, Self::Eml | Self::Mbox)
    }
}

/// The format asked for, that of the extension, or that of the content.
pub(super) fn format(source: &mut Source, options: &ReadOptions) -> Result<Format> {
    if let Some(format) = options.format {
        return Ok(format);
    }
    if let Some(format) = container(source.head()) {
        return Ok(format);
    }
    // Systems like to export text under the name of a workbook.
    let named = Format::of_name(source.origin.name()).filter(|format| !format.is_container());
    // The two JSON forms are often saved under each other's extension.
    let array = starts_with_array(source.head());
    Ok(match named {
        Some(Format::Json | Format::Jsonl) | None if array => Format::Json,
        Some(Format::Text) => text_form(source).unwrap_or(Format::Text),
        Some(Format::Json) | None => json_form(source, options)?
            .or(named)
            .unwrap_or_else(|| table_or_text(source, options)),
        Some(format) => format,
    })
}

/// What a text is beyond plain, by its content.
fn text_form(source: &Source) -> Option<Format> {
    let head = source.head();
    mail::form(head).or_else(|| conversation::format(&String::from_utf8_lossy(head)))
}

/// Whether it says at once that it is HTML.
fn is_html(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let starts = |tag: &str| {
        let start = head.get(..tag.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
    };
    starts("<!doctype html") || starts("<html")
}

/// Which JSON form the source starts like; None if it is neither, or an array.
fn json_form(source: &mut Source, options: &ReadOptions) -> Result<Option<Format>> {
    while !source.head().trim_ascii_start().contains(&b'\n')
        && source.head().len() < LONG_LINE
        && source.grow()?
    {}
    let head = source.head().trim_ascii_start();
    let end = head
        .iter()
        .position(|&byte| byte == b'\n')
        .unwrap_or(head.len());
    let (line, rest) = head.split_at(end);
    let whole = serde_json::from_slice::<IgnoredAny>(line).is_ok();
    Ok(match line.first() {
        Some(b'"') if whole => Some(Format::Jsonl),
        // `{"text": "broken` on a line of its own is still JSONL if objects
        // start the lines after it, and a pretty-printed object otherwise.
        Some(b'{') if starts_with_object(rest) => Some(Format::Jsonl),
        Some(b'{') if whole && !json::holds_rows(line, options) => Some(Format::Jsonl),
        Some(b'{') => Some(Format::Json),
        _ => None,
    })
}

/// A bracket may also open a line of text: `[12:30] Agent: …`.
fn starts_with_array(head: &[u8]) -> bool {
    let inner = head.trim_ascii_start().strip_prefix(b"[");
    inner.is_some_and(|inner| {
        matches!(
            inner.trim_ascii_start().first(),
            None | Some(b'{' | b'"' | b']')
        )
    })
}

fn starts_with_object(head: &[u8]) -> bool {
    head.trim_ascii_start().starts_with(b"{\"")
}

/// A table has a header with a name we know, or were told, and rows as wide as it.
/// Anything else is text of some sort.
fn table_or_text(source: &Source, options: &ReadOptions) -> Format {
    let guess = dialect::guess(source.head(), source.ended());
    let header = guess.header();
    let known = header
        .iter()
        .any(|name| names::TEXT.is(name) || options.told(Role::Text).any(|told| told == name));
    if is_html(source.head()) {
        Format::Html
    } else if !known || guess.agreement < 0.8 {
        text_form(source).unwrap_or(Format::Text)
    } else if guess.dialect.delimiter == b'\t' {
        Format::Tsv
    } else {
        Format::Csv
    }
}
