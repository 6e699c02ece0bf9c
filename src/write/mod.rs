//! Analyses → records, one for every row that came in, in its order.
//!
//! [`record`] says what a record holds. Every record is JSON first; `jsonl`
//! writes it as it is. The other formats have columns, of which `columns` is the
//! one list: `table` fills them, `csv` writes them as text, `parquet` and `arrow`
//! with the types that `kind` finds in the record's schema, by way of `columnar`.
//! A further format is a [`Layout`] in a file of its own.

#[cfg(feature = "arrow")]
mod arrow;
#[cfg(feature = "arrow")]
mod columnar;
mod columns;
mod csv;
mod jsonl;
mod kind;
mod line;
#[cfg(feature = "arrow")]
mod parquet;
mod record;
mod table;

use std::{fmt, io};

use crate::analysis::Analysis;
#[cfg(not(feature = "arrow"))]
use crate::error::ErrorKind;
use crate::error::{Error, Result};
use crate::feedback::Feedback;
use crate::redact::Redactor;
pub use columns::record_columns;
use line::Members;
use record::Record;
pub use record::record_schema;
use table::Table;

labels! {
    /// A way to write records. The columns of all tables are those of
    /// [`record_columns`].
    OutputFormat {
        /// One JSON object a line, with everything; see [`record_schema`].
        Jsonl => "jsonl",
        /// A table with one row a record; lists stand in one cell.
        Csv => "csv",
        /// A Parquet file with one row a record; lists stay lists.
        Parquet => "parquet",
        /// An Arrow file with the same columns.
        Arrow => "arrow",
    }
}

/// How a format lays records out as bytes, which it puts behind those in `out`.
trait Layout: Send {
    /// Adds a record, given as its JSON.
    fn put(&mut self, json: &[u8], out: &mut Vec<u8>) -> Result<()>;

    /// Adds what stands behind the last one.
    fn end(&mut self, _out: &mut Vec<u8>) -> Result<()> {
        Ok(())
    }
}

/// Writes records to `W`.
///
/// What is written depends on the records alone: the same ones give the same
/// bytes in every format. Parquet and Arrow files are written in batches and are
/// whole only once [`into_inner`](Self::into_inner) has ended them.
pub struct Writer<W: io::Write> {
    out: W,
    format: OutputFormat,
    /// Made for the first record.
    layout: Option<Box<dyn Layout>>,
    carried: Vec<String>,
    selected: Option<Vec<String>>,
    resumed: bool,
    model: String,
    redactor: Option<Redactor>,
    /// The last record, as JSON.
    record: Vec<u8>,
    /// Bytes that were laid out and not written yet.
    bytes: Vec<u8>,
}

impl<W: io::Write> fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("format", &self.format)
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

impl<W: io::Write> Writer<W> {
    /// A writer of `format`. Failures are written in the name of the model with
    /// the id `model`, analyses in the name of their own.
    ///
    /// A table has a column for each of the `carried` columns of the input;
    /// JSON carries whatever a row has.
    pub fn new(out: W, format: OutputFormat, model: &str, carried: &[String]) -> Self {
        Self {
            out,
            format,
            layout: None,
            carried: carried.to_vec(),
            selected: None,
            resumed: false,
            model: model.to_owned(),
            redactor: None,
            record: Vec::new(),
            bytes: Vec::new(),
        }
    }

    /// Masks the personal data in everything that is written from now on: in quotes,
    /// ids, carried columns and what is said of failures. Positions stay those of
    /// the original text.
    pub fn redact(mut self, redactor: Redactor) -> Self {
        self.redactor = Some(redactor);
        self
    }

    /// Goes on behind records of JSON Lines or CSV that are there already: a table
    /// gets no second header. The other formats have an end, and cannot be gone on
    /// with; [`write_record`](Self::write_record) makes them again of JSON Lines.
    pub fn resume(mut self) -> Self {
        self.resumed = true;
        self
    }

    /// Writes only the columns with these names, in their order: names of
    /// [`record_columns`] or of carried columns, `fields` for all of the latter.
    /// JSON has the members that these columns come from, each at its place, and
    /// why a row could not be read.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if there is no such column.
    pub fn select(mut self, columns: &[String]) -> Result<Self> {
        Table::select(columns, &self.carried)?;
        self.selected = Some(columns.to_vec());
        Ok(self)
    }

    /// Writes what was read out of `feedback`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the output takes no more;
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) if a field of `feedback` says
    /// that it is JSON and is not; [`ErrorKind::Config`](crate::ErrorKind::Config)
    /// if the crate was built without the format.
    pub fn write(&mut self, feedback: &Feedback, analysis: &Analysis) -> Result<()> {
        let redactor = self.redactor.as_ref();
        self.record = json(&Record::analysis(feedback, analysis, redactor))?;
        self.put()
    }

    /// Writes a record that stands for a row which could not be read, or for
    /// `feedback` which could not be analyzed.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn write_failure(&mut self, feedback: Option<&Feedback>, failure: &Error) -> Result<()> {
        let redactor = self.redactor.as_ref();
        self.record = json(&Record::failure(feedback, failure, &self.model, redactor))?;
        self.put()
    }

    /// Writes a record that was written before, given as its JSON: a line of JSON
    /// Lines that nothing was left out of. It gives the bytes that the record gave.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write); [`ErrorKind::Input`](crate::ErrorKind::Input) if it
    /// is no record.
    pub fn write_record(&mut self, json: &[u8]) -> Result<()> {
        Members::of_record(json)?;
        self.record = json.trim_ascii().to_vec();
        self.put()
    }

    /// The record that was written last, as JSON, with whatever was masked in it
    /// and all of its columns. Nothing before the first.
    pub fn last_record(&self) -> &[u8] {
        &self.record
    }

    /// Hands everything written so far to the output, but for the records of a
    /// batch that is not full.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn flush(&mut self) -> Result<()> {
        self.open()?;
        self.hand_over()?;
        self.out.flush().map_err(no_more)
    }

    /// Ends the output and gives it back.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn into_inner(mut self) -> Result<W> {
        self.open()?;
        if let Some(layout) = &mut self.layout {
            layout.end(&mut self.bytes)?;
        }
        self.flush()?;
        Ok(self.out)
    }

    fn put(&mut self) -> Result<()> {
        self.open()?;
        if let Some(layout) = &mut self.layout {
            layout.put(&self.record, &mut self.bytes)?;
        }
        self.hand_over()
    }

    fn hand_over(&mut self) -> Result<()> {
        // Taken, so that one huge record does not hold its memory to the end.
        let bytes = std::mem::take(&mut self.bytes);
        self.out.write_all(&bytes).map_err(no_more)
    }

    fn open(&mut self) -> Result<()> {
        if self.layout.is_some() {
            return Ok(());
        }
        let selected = self.selected.as_ref();
        let selected = selected.map(|columns| Table::select(columns, &self.carried));
        let selected = selected.transpose()?;
        self.layout = Some(match self.format {
            OutputFormat::Jsonl => Box::new(jsonl::Jsonl::new(selected)),
            OutputFormat::Csv => {
                let table = selected.unwrap_or_else(|| Table::of_text(&self.carried));
                let csv = csv::Csv::new(table);
                if !self.resumed {
                    csv.put_header(&mut self.bytes)?;
                }
                Box::new(csv)
            }
            #[cfg(feature = "arrow")]
            OutputFormat::Parquet | OutputFormat::Arrow => {
                let table = selected.unwrap_or_else(|| Table::whole(&self.carried));
                match self.format {
                    OutputFormat::Parquet => Box::new(parquet::Parquet::new(table)?),
                    _ => Box::new(arrow::Arrow::new(table)?),
                }
            }
            #[cfg(not(feature = "arrow"))]
            OutputFormat::Parquet | OutputFormat::Arrow => {
                let message = format!("this program was built without {}", self.format);
                return Err(Error::new(ErrorKind::Config, message)
                    .with_hint("build it with the feature `arrow`, or write jsonl or csv"));
            }
        });
        Ok(())
    }
}

/// The record of `feedback`, as JSON.
pub(crate) fn record_json(feedback: &Feedback, analysis: &Analysis) -> Result<Vec<u8>> {
    json(&Record::analysis(feedback, analysis, None))
}

fn json(record: &Record<'_>) -> Result<Vec<u8>> {
    serde_json::to_vec(record).map_err(|source| {
        Error::input("a field of this feedback is not the JSON that it says it is")
            .with_source(source)
    })
}

fn no_more(source: io::Error) -> Error {
    Error::io("cannot write the records", source)
}
