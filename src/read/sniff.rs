//! Tells what a source is from its name and first bytes.

use std::path::Path;

use serde::de::IgnoredAny;

use super::dialect;
use super::json;
use super::names;
use super::source::{Source, extension};
use super::{Format, ReadOptions, Role};
use crate::error::{Error, Result};

/// How far NUL bytes are looked for; they come early in every binary format.
const BINARY_HEAD: usize = 8 << 10;

/// Where the end of the first line is no longer waited for: a document without
/// line breaks.
const LONG_LINE: usize = 1 << 20;

const SAVE_AS_CSV: &str = "save it as \"CSV UTF-8\" and read that";
const UNPACK: &str = "unpack it first";
const EXTRACT: &str = "export its text as CSV, JSONL or plain text";

/// First bytes, what they stand for, and what to do.
#[rustfmt::skip] // a table
const MAGIC: &[(&[u8], &str, &str)] = &[
    (b"PK\x03\x04", "an Excel workbook or another ZIP archive", SAVE_AS_CSV),
    (b"\xD0\xCF\x11\xE0", "an old Excel or Word file", SAVE_AS_CSV),
    (b"BZh", "bzip2 data", UNPACK),
    (b"\xFD7zXZ\0", "xz data", UNPACK),
    (b"PAR1", "a Parquet file", EXTRACT),
    (b"ARROW1", "an Arrow file", EXTRACT),
    (b"%PDF-", "a PDF document", EXTRACT),
    (b"\x89PNG", "a PNG picture", EXTRACT),
    (b"\xFF\xD8\xFF", "a JPEG picture", EXTRACT),
    (b"SQLite format 3\0", "an SQLite database", EXTRACT),
];

/// Whether this is how a file begins that holds no text.
pub(super) fn is_binary(head: &[u8]) -> bool {
    MAGIC.iter().any(|(magic, ..)| head.starts_with(magic))
}

/// Refuses what is empty or no text at all, rather than read garbage from it.
pub(super) fn check(source: &Source) -> Result<()> {
    let head = source.head();
    if head.trim_ascii().is_empty() && source.ended() {
        return Err(source.origin.locate(Error::input("holds no rows")));
    }
    let known = MAGIC.iter().find(|(magic, ..)| head.starts_with(magic));
    let (what, hint) = match known {
        Some((_, what, hint)) => (*what, *hint),
        None if head[..head.len().min(BINARY_HEAD)].contains(&0) => ("binary data", EXTRACT),
        None => return Ok(()),
    };
    let error = Error::input(format!("is {what}, not text")).with_hint(hint);
    Err(source.origin.locate(error))
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
            "txt" | "text" | "md" | "log" => Some(Self::Text),
            _ => None,
        }
    }
}

/// The format asked for, that of the extension, or that of the content.
pub(super) fn format(source: &mut Source, options: &ReadOptions) -> Result<Format> {
    if let Some(format) = options.format {
        return Ok(format);
    }
    let named = Format::of_name(source.origin.name());
    // The two JSON forms are often saved under each other's extension.
    let array = starts_with_array(source.head());
    Ok(match named {
        Some(Format::Json | Format::Jsonl) | None if array => Format::Json,
        Some(Format::Json) | None => json_form(source, options)?
            .or(named)
            .unwrap_or_else(|| table_or_text(source, options)),
        Some(format) => format,
    })
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
fn table_or_text(source: &Source, options: &ReadOptions) -> Format {
    let guess = dialect::guess(source.head(), source.ended());
    let header = guess.header();
    let known = header
        .iter()
        .any(|name| names::TEXT.is(name) || options.told(Role::Text).any(|told| told == name));
    if !known || guess.agreement < 0.8 {
        Format::Text
    } else if guess.delimiter == b'\t' {
        Format::Tsv
    } else {
        Format::Csv
    }
}
