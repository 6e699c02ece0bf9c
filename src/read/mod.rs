//! Files and streams → [`Row`]s, each with its [`Feedback`].
//!
//! [`source`] holds the bytes, which [`unpack`] and [`decode`] have made UTF-8;
//! [`sniff`] tells the format, [`columns`] finds
//! the text among the columns. Then one file a format: [`table`] (CSV, TSV),
//! [`jsonl`], [`json`] and [`text`].

mod columns;
mod decode;
mod dialect;
mod json;
mod jsonl;
mod lines;
mod names;
mod object;
mod sample;
mod sniff;
mod source;
mod table;
mod text;
mod unpack;

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::Encoding;

use crate::error::{Error, ErrorKind, Result};
use crate::feedback::Feedback;
use crate::label::FeedbackKind;

pub use columns::Columns;
pub(crate) use names::fold;
use source::Source;

labels! {
    /// How the rows of a source are written.
    Format {
        /// Cells between commas, semicolons, tabs or bars; the separator is found.
        Csv => "csv",
        /// Cells between tabs.
        Tsv => "tsv",
        /// A JSON object, or string, a line.
        Jsonl => "jsonl",
        /// A JSON array, an object that holds one, or one object.
        Json => "json",
        /// Plain text.
        Text => "text",
    }
}

labels! {
    /// What one row of plain text is.
    TextUnit {
        /// Each line that is not blank.
        Line => "line",
        /// The whole file: a letter, a conversation.
        File => "file",
    }
}

/// How a source is read; whatever is `None` is found out.
///
/// ```
/// use painpoint::ReadOptions;
/// let options = ReadOptions {
///     text: Some("avis".to_owned()),
///     ..ReadOptions::default()
/// };
/// assert!(options.format.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The format; by default told by the file's extension, then by its content.
    pub format: Option<Format>,
    /// The encoding by its name on the web, `gb18030` or `windows-1252`; by
    /// default told by the bytes.
    pub encoding: Option<String>,
    /// The column, or dotted JSON path, of the text.
    pub text: Option<String>,
    /// The column, or dotted JSON path, that identifies a row.
    pub id: Option<String>,
    /// The column, or dotted JSON path, of the language's code.
    pub language: Option<String>,
    /// What sort of feedback every row is.
    pub kind: Option<FeedbackKind>,
    /// What one row of plain text is; by default a line, unless the file reads
    /// as a conversation.
    pub text_unit: Option<TextUnit>,
}

impl ReadOptions {
    fn encoding(&self) -> Result<Option<&'static Encoding>> {
        let named = |name: &String| {
            Encoding::for_label(name.as_bytes()).ok_or_else(|| {
                Error::new(ErrorKind::Config, format!("no encoding is called \"{name}\""))
                    .with_hint("names are those of the web, such as gb18030, big5, utf-16le, windows-874 or windows-1252")
            })
        };
        self.encoding.as_ref().map(named).transpose()
    }
}

/// One row of a source.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number, from 1. Header and blank lines are not counted.
    pub number: u64,
    /// What it holds.
    pub feedback: Feedback,
}

type Rows = Box<dyn Iterator<Item = Result<Row>> + Send>;

/// Rows of one source, in their order.
///
/// A row that can't be read is an `Err` in its place, with path and row number,
/// and reading goes on. Memory does not grow with the number of rows.
pub struct Reader {
    columns: Columns,
    progress: ReadProgress,
    rows: Rows,
}

impl Reader {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// If the file can't be read, is empty, is no text, or no column
    /// of it can be told to be the text.
    pub fn open(path: impl AsRef<Path>, options: &ReadOptions) -> Result<Self> {
        let path = path.as_ref();
        let fail = |message: &str, error| Error::io(message, error).with_path(path);
        let file = File::open(path).map_err(|error| fail("cannot be opened", error))?;
        let is_dir = file
            .metadata()
            .map_err(|error| fail("cannot be read", error))?
            .is_dir();
        if is_dir {
            return Err(Error::new(ErrorKind::Io, "is a directory")
                .with_path(path)
                .with_hint("name the files in it"));
        }
        let encoding = options.encoding()?;
        Self::start(Source::file(path, file, encoding)?, options)
    }

    /// Reads from a stream; `name` stands for it in errors and ids.
    ///
    /// The columns are chosen from what the stream gives first, so that a live
    /// pipe is answered row by row.
    ///
    /// ```
    /// use painpoint::{ReadOptions, Reader};
    /// let input = "review_id,review\nr1,配送太慢了\n".as_bytes();
    /// let mut rows = Reader::from_read("stdin", input, &ReadOptions::default())?;
    /// assert_eq!(rows.columns().text, "review");
    /// assert_eq!(rows.next().unwrap()?.feedback.text, "配送太慢了");
    /// # Ok::<(), painpoint::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Reader::open`].
    pub fn from_read(
        name: &str,
        input: impl Read + Send + 'static,
        options: &ReadOptions,
    ) -> Result<Self> {
        let encoding = options.encoding()?;
        Self::start(Source::stream(Path::new(name), input, encoding)?, options)
    }

    fn start(mut source: Source, options: &ReadOptions) -> Result<Self> {
        sniff::check(&source)?;
        let format = sniff::format(&mut source, options)?;
        let progress = source.progress();
        let encoding = source.encoding();
        let (columns, rows) = match format {
            Format::Csv | Format::Tsv => table::open(source, format, options)?,
            Format::Jsonl => jsonl::open(source, options)?,
            Format::Json => json::open(source, options)?,
            Format::Text => text::open(source, options),
        };
        let columns = Columns {
            encoding,
            ..columns
        };
        Ok(Self {
            columns,
            progress,
            rows,
        })
    }

    /// What was taken for what; its `Display` says it in one line.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Bytes of the source read so far, packed as they are.
    pub fn bytes_read(&self) -> u64 {
        self.progress.bytes()
    }

    /// A handle on [`bytes_read`](Self::bytes_read) for another thread.
    pub fn progress(&self) -> ReadProgress {
        self.progress.clone()
    }
}

impl Iterator for Reader {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next()
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("columns", &self.columns)
            .field("bytes_read", &self.bytes_read())
            .finish_non_exhaustive()
    }
}

/// How far a [`Reader`] has come; follows it from any thread.
#[derive(Clone, Debug, Default)]
pub struct ReadProgress(Arc<AtomicU64>);

impl ReadProgress {
    /// Bytes of the source read so far.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn add(&self, bytes: usize) {
        self.0.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

/// The error of a source that broke off while it was read.
fn broken(error: io::Error) -> Error {
    Error::io("reading stopped", error)
}

/// The error of bytes that are not UTF-8.
fn not_utf8(place: impl fmt::Display) -> Error {
    Error::input(format!("not valid UTF-8: {place}"))
        .with_hint("if the file is in another encoding, name it with `--encoding`, such as gb18030")
}

#[cfg(test)]
mod tests;
