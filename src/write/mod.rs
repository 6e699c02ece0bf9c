//! Analyses → records, one for every row that came in, in its order.
//!
//! [`record`] says what a record holds; [`jsonl`] and [`csv`] write it.

mod csv;
mod jsonl;
mod record;

use std::io;

use crate::analysis::Analysis;
use crate::error::{Error, Result};
use crate::feedback::Feedback;
use crate::redact::Redactor;
use record::Record;
pub use record::record_schema;

labels! {
    /// A way to write records.
    OutputFormat {
        /// One JSON object a line, with everything; see [`record_schema`].
        Jsonl => "jsonl",
        /// A table with one row a record; lists stand in one cell.
        Csv => "csv",
    }
}

/// Writes records to `W`.
pub struct Writer<W: io::Write> {
    format: FormatWriter<W>,
    model: String,
    redactor: Option<Redactor>,
}

enum FormatWriter<W: io::Write> {
    Jsonl(jsonl::JsonlWriter<W>),
    Csv(Box<csv::CsvWriter<W>>),
}

impl<W: io::Write> Writer<W> {
    /// A writer of `format`. Failures are written in the name of the model with
    /// the id `model`, analyses in the name of their own.
    ///
    /// A table has a column for each of the `carried` columns of the input;
    /// JSON carries whatever a row has.
    pub fn new(out: W, format: OutputFormat, model: &str, carried: &[String]) -> Self {
        Self {
            format: match format {
                OutputFormat::Jsonl => FormatWriter::Jsonl(jsonl::JsonlWriter::new(out)),
                OutputFormat::Csv => FormatWriter::Csv(Box::new(csv::CsvWriter::new(out, carried))),
            },
            model: model.to_owned(),
            redactor: None,
        }
    }

    /// Masks the personal data in everything that is written from now on: in quotes,
    /// ids, carried columns and what is said of failures. Positions stay those of
    /// the original text.
    pub fn redact(mut self, redactor: Redactor) -> Self {
        self.redactor = Some(redactor);
        self
    }

    /// Goes on behind records that are there already: a table gets no second
    /// header.
    pub fn resume(mut self) -> Self {
        if let FormatWriter::Csv(writer) = &mut self.format {
            writer.omit_header();
        }
        self
    }

    /// Writes what was read out of `feedback`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the output takes no more.
    pub fn write(&mut self, feedback: &Feedback, analysis: &Analysis) -> Result<()> {
        let redactor = self.redactor.as_ref();
        self.format
            .put(&Record::analysis(feedback, analysis, redactor))
    }

    /// Writes a record that stands for a row which could not be read, or for
    /// `feedback` which could not be analyzed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the output takes no more.
    pub fn write_failure(&mut self, feedback: Option<&Feedback>, failure: &Error) -> Result<()> {
        let redactor = self.redactor.as_ref();
        self.format
            .put(&Record::failure(feedback, failure, &self.model, redactor))
    }

    /// Hands everything written so far to the output.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the output takes no more.
    pub fn flush(&mut self) -> Result<()> {
        let flushed = match &mut self.format {
            FormatWriter::Jsonl(writer) => writer.flush(),
            FormatWriter::Csv(writer) => writer.flush(),
        };
        flushed.map_err(no_more)
    }

    /// Ends the output and gives it back.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the output takes no more.
    pub fn into_inner(mut self) -> Result<W> {
        self.flush()?;
        match self.format {
            FormatWriter::Jsonl(writer) => Ok(writer.into_inner()),
            FormatWriter::Csv(writer) => writer.into_inner().map_err(no_more),
        }
    }
}

impl<W: io::Write> FormatWriter<W> {
    fn put(&mut self, record: &Record<'_>) -> Result<()> {
        let written = match self {
            Self::Jsonl(writer) => writer.write(record),
            Self::Csv(writer) => writer.write(record),
        };
        written.map_err(no_more)
    }
}

/// The record of `feedback`, as JSON.
pub(crate) fn record_json(feedback: &Feedback, analysis: &Analysis) -> Result<Vec<u8>> {
    serde_json::to_vec(&Record::analysis(feedback, analysis, None)).map_err(|source| {
        Error::input("a field of this feedback is not the JSON that it says it is")
            .with_source(source)
    })
}

fn no_more(source: io::Error) -> Error {
    Error::io("cannot write the records", source)
}
