//! Files and streams → [`Row`]s, each with its [`Feedback`].
//!
//! [`source`] holds the bytes, which [`unpack`] and [`decode`] have made UTF-8;
//! [`limits`] bounds what it may ask for. [`sniff`] tells the format,
//! [`conversation`] the exports of messengers. [`choice`] finds the text among the
//! columns, [`roles`] what else they hold, and [`columns`] says so; [`grid`] makes
//! rows of the cells of a table, [`object`] of JSON values. Then one file a format:
//! [`table`] (CSV, TSV), [`jsonl`], [`json`], [`workbook`],
//! [`parquet`] and [`arrow`] with [`batches`], [`mail`] and [`text`]. [`turns`]
//! makes one row of a conversation that has a row a turn.

#[cfg(feature = "arrow")]
mod arrow;
#[cfg(feature = "arrow")]
mod batches;
mod choice;
mod columns;
#[cfg(any(feature = "arrow", feature = "excel"))]
mod contain;
mod conversation;
mod dates;
mod decode;
mod dialect;
mod grid;
mod json;
mod jsonl;
mod limits;
mod lines;
mod mail;
mod names;
mod object;
#[cfg(feature = "arrow")]
mod parquet;
mod ratings;
mod roles;
mod sample;
mod sniff;
mod source;
mod table;
mod text;
mod turns;
mod unpack;
#[cfg(any(feature = "arrow", feature = "excel"))]
mod whole;
#[cfg(feature = "excel")]
mod workbook;

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Encoding, UTF_8};

use crate::error::{Error, ErrorKind, Result};
use crate::feedback::Feedback;
use crate::label::FeedbackKind;

pub use columns::Columns;
pub use dates::DateOrder;
pub use limits::Limits;
pub(crate) use names::fold;
#[cfg(feature = "evaluate")]
pub(crate) use names::nearest;
pub use roles::{Role, RoleColumn};
use source::Source;
use turns::RollUp;

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
        /// An Excel workbook; workbooks are read with the feature `excel`.
        Xlsx => "xlsx",
        /// A binary Excel workbook.
        Xlsb => "xlsb",
        /// A workbook of Excel before 2007.
        Xls => "xls",
        /// An OpenDocument spreadsheet.
        Ods => "ods",
        /// A Parquet file; read with the feature `arrow`.
        Parquet => "parquet",
        /// An Arrow file, also called Feather, or stream; read with the feature `arrow`.
        Arrow => "arrow",
        /// One e-mail.
        Eml => "eml",
        /// E-mails one after another.
        Mbox => "mbox",
        /// Plain text.
        Text => "text",
        /// A page of Markdown.
        Markdown => "markdown",
        /// A page of HTML.
        Html => "html",
        /// WebVTT subtitles of one conversation.
        Vtt => "vtt",
        /// SRT subtitles of one conversation.
        Srt => "srt",
        /// One conversation as WhatsApp, LINE or WeChat export it.
        Chat => "chat",
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

labels! {
    /// What becomes a row of a table with a row for every turn of a conversation.
    TurnUnit {
        /// The turns of one conversation, together.
        Conversation => "conversation",
        /// Each turn alone.
        Row => "row",
    }
}

/// How a source is read; whatever is `None` is found out.
///
/// ```
/// use painpoint::ReadOptions;
/// let options = ReadOptions {
///     text: vec!["avis".to_owned()],
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
    /// The columns, or dotted JSON paths, of the text, joined by line breaks;
    /// found if there is none.
    pub text: Vec<String>,
    /// The column, or dotted JSON path, that identifies a row.
    pub id: Option<String>,
    /// The column, or dotted JSON path, of the language's code.
    pub language: Option<String>,
    /// The columns of further roles; `None` for a role that no column shall be
    /// taken for.
    pub columns: Vec<(Role, Option<String>)>,
    /// What sort of feedback every row is.
    pub kind: Option<FeedbackKind>,
    /// What one row of plain text is; by default a line, unless the file reads
    /// as a conversation.
    pub text_unit: Option<TextUnit>,
    /// What becomes a row of a table of turns; by default a conversation, where
    /// columns name it and its speakers.
    pub turns: Option<TurnUnit>,
    /// The most that the source may ask of the memory.
    pub limits: Limits,
}

impl ReadOptions {
    /// The columns that somebody named for a role.
    fn told(&self, role: Role) -> impl Iterator<Item = &str> {
        let own = match role {
            Role::Text => self.text.as_slice(),
            Role::Id => self.id.as_slice(),
            Role::Language => self.language.as_slice(),
            _ => &[],
        };
        let of_role = self.columns.iter().filter(move |(other, _)| *other == role);
        let further = of_role.filter_map(|(_, column)| column.as_ref());
        own.iter().chain(further).map(String::as_str)
    }

    /// All columns that somebody named.
    fn all_told(&self) -> impl Iterator<Item = &str> {
        Role::ALL.iter().flat_map(|&role| self.told(role))
    }

    /// The encoding that a source of that name is decoded from, if it is known.
    fn encoding(&self, name: &Path) -> Result<Option<&'static Encoding>> {
        // One encoding may be named for many files; this one is not in any, or in
        // one for each part.
        let format = self.format.or_else(|| Format::of_name(name));
        let is_bytes = format.is_some_and(|format| {
            format.is_mail() || self.encoding.is_some() && format.is_container()
        });
        if is_bytes {
            return Ok(Some(UTF_8));
        }
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
    /// Its number, from 1; of turns that are rolled up, that of the first.
    /// Header and blank lines are not counted.
    pub number: u64,
    /// What it holds.
    pub feedback: Feedback,
}

type Rows = Box<dyn Iterator<Item = Result<Row>> + Send>;

/// Rows of one source, in their order.
///
/// A row that can't be read is an `Err` in its place, with path and row number,
/// and reading goes on. Memory does not grow with the number of rows, save those
/// of a sheet in a workbook.
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
        let fail = |message: &str, error| {
            Error::io(message, error)
                .with_path(path)
                .with_hint("check its name, and that you may read it")
        };
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
        let encoding = options.encoding(path)?;
        let source = Source::file(path, file, encoding, options.limits)?;
        Self::start(source, options)
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
    /// assert_eq!(rows.columns().text, ["review"]);
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
        let name = Path::new(name);
        let encoding = options.encoding(name)?;
        let source = Source::stream(name, input, encoding, options.limits)?;
        Self::start(source, options)
    }

    fn start(mut source: Source, options: &ReadOptions) -> Result<Self> {
        sniff::check(&source, options)?;
        let format = sniff::format(&mut source, options)?;
        let progress = source.progress();
        let encoding = source.encoding();
        let (columns, rows) = match format {
            Format::Csv | Format::Tsv => table::open(source, format, options)?,
            Format::Jsonl => jsonl::open(source, options)?,
            Format::Json => json::open(source, options)?,
            #[cfg(feature = "excel")]
            Format::Xlsx | Format::Xlsb | Format::Xls | Format::Ods => {
                workbook::open(source, options)?
            }
            #[cfg(not(feature = "excel"))]
            Format::Xlsx | Format::Xlsb | Format::Xls | Format::Ods => {
                return Err(without("excel", format, &source));
            }
            #[cfg(feature = "arrow")]
            Format::Parquet => parquet::open(source, options)?,
            #[cfg(feature = "arrow")]
            Format::Arrow => arrow::open(source, options)?,
            #[cfg(not(feature = "arrow"))]
            Format::Parquet | Format::Arrow => return Err(without("arrow", format, &source)),
            Format::Eml | Format::Mbox => mail::open(source, format, options),
            Format::Text
            | Format::Markdown
            | Format::Html
            | Format::Vtt
            | Format::Srt
            | Format::Chat => text::open(source, format, options),
        };
        let columns = Columns {
            encoding,
            ..columns
        };
        let rows = match columns.rolled_up {
            true => Box::new(RollUp::new(rows, options.kind)),
            false => rows,
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

    /// Says that of `rows` rows `done` have been read, in a source of `bytes`.
    #[cfg(any(feature = "arrow", feature = "excel"))]
    fn set_share(&self, done: u64, rows: u64, bytes: u64) {
        let share = bytes as f64 * done.min(rows) as f64 / rows.max(1) as f64;
        self.0.store(share as u64, Ordering::Relaxed);
    }

    fn add(&self, bytes: usize) {
        self.0.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

/// The error of a format that this build leaves out.
#[cfg(not(all(feature = "arrow", feature = "excel")))]
fn without(feature: &str, format: Format, source: &Source) -> Error {
    let error = Error::input(format!("is {format}, which this build does not read"));
    source.origin.locate(error.with_hint(format!(
        "build painpoint with the feature `{feature}`, or save the file as CSV or JSONL"
    )))
}

/// The error of a source that broke off while it was read; our own where we broke
/// it off.
fn broken(error: io::Error) -> Error {
    error
        .downcast()
        .unwrap_or_else(|error| Error::io("reading stopped", error).with_hint(sniff::WRITTEN_WHOLE))
}

/// The error of bytes that are not UTF-8.
fn not_utf8(place: impl fmt::Display) -> Error {
    Error::input(format!("not valid UTF-8: {place}"))
        .with_hint("if the file is in another encoding, name it with `--encoding`, such as gb18030")
}

#[cfg(test)]
mod tests;
