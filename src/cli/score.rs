//! `painpoint score`: files or stdin → records.
//!
//! One thread reads, one gathers batches, the analyzer's own threads score, and
//! this one writes. Few rows wait between them, so memory does not grow with the
//! input.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use painpoint::{
    Analysis, Analyzer, Duplicates, Feedback, FeedbackKind, Format, Language, Model, OutputFormat,
    ReadOptions, Redactor, Row, TextUnit, Writer,
};

use super::columns::ColumnArguments;
use super::engine::EngineArguments;
use super::limits::LimitArguments;
use super::output::Output;
use super::overlap;
use super::progress::Progress;
use super::report::along::{Along, AlongArguments};
use super::selection::{Selection, SelectionArguments};
use super::sources::Source;
use super::{Outcome, say};

/// Rows that wait between the reader and the analyzer.
const WAITING_ROWS: usize = 64;

/// Rows of the first batch at most, so that records come soon; each one after it
/// may be twice as long, up to what was asked for.
const FIRST_ROWS: usize = 16;

/// A batch is scored once it holds this much text, however few its rows are.
const BATCH_BYTES: usize = 1 << 20;

/// A batch is scored as it is when no row comes for so long: rows that trickle
/// in from a pipe are answered at once.
const PATIENCE: Duration = Duration::from_millis(20);

/// How often a wait for rows looks whether Ctrl-C was pressed.
const LOOK_UP: Duration = Duration::from_millis(200);

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Files, folders or patterns ('exports/**/*.csv') with feedback: tables, workbooks, JSON, e-mail, chats, subtitles, pages, plain text; `-` for stdin (the default)
    #[arg(value_name = "FILE")]
    inputs: Vec<PathBuf>,

    /// Write records to this file instead of stdout; it appears when all is done
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write jsonl (everything), or a table with the same columns as csv, parquet or arrow; by the ending of the output file, else jsonl
    #[arg(long, value_name = "FORMAT", value_parser = output_format)]
    output_format: Option<OutputFormat>,

    /// Read all inputs as csv, tsv, jsonl, json, xlsx, xlsb, xls, ods, parquet, arrow, eml, mbox, text, markdown, html, vtt, srt or chat, whatever they are called
    #[arg(long, value_name = "FORMAT", value_parser = input_format)]
    input_format: Option<Format>,

    /// Encoding of all inputs, such as gb18030, big5 or windows-874; found if left out
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,

    #[command(flatten)]
    columns: ColumnArguments,

    #[command(flatten)]
    limits: LimitArguments,

    /// Language of all rows, such as zh-Hant or fr; detected if left out
    #[arg(long, value_name = "CODE", value_parser = language, conflicts_with = "language_column")]
    language: Option<Language>,

    /// Detect the language of each row, whatever its columns say
    #[arg(long, conflicts_with_all = ["language", "language_column"])]
    detect_language: bool,

    /// What the feedback is: review, complaint, survey, social, transcript or query
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<FeedbackKind>,

    /// Mask names, phone numbers, e-mail and postal addresses, card, account and identity numbers in all that is written
    #[arg(long)]
    redact: bool,

    /// A piece of feedback in plain text is a line or a file; transcripts are found
    #[arg(long, value_name = "UNIT", value_parser = text_unit)]
    text_unit: Option<TextUnit>,

    /// Folder of a model to use instead of the bundled one
    #[arg(long, value_name = "DIR")]
    model: Option<PathBuf>,

    #[command(flatten)]
    engine: EngineArguments,

    /// Threads; 0 for one a core
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    threads: usize,

    /// Rows that are scored together at most; changes speed and memory, never the output
    #[arg(long, value_name = "ROWS", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..))]
    batch: u32,

    /// Say nothing on stderr but errors
    #[arg(short, long)]
    quiet: bool,

    #[command(flatten)]
    selection: SelectionArguments,

    #[command(flatten)]
    along: AlongArguments,
}

/// Makes the argument parser of a label set.
macro_rules! by_code {
    ($visibility:vis $name:ident, $label:ident) => {
        $visibility fn $name(code: &str) -> Result<$label, String> {
            $label::from_code(code).ok_or_else(|| {
                let codes: Vec<_> = $label::ALL.iter().map(|label| label.code()).collect();
                format!("one of {}", codes.join(", "))
            })
        }
    };
}

pub(crate) use by_code;

by_code!(output_format, OutputFormat);
by_code!(input_format, Format);
by_code!(kind, FeedbackKind);
by_code!(text_unit, TextUnit);

pub(crate) fn language(code: &str) -> Result<Language, String> {
    Language::from_code(code)
        .ok_or_else(|| "a language code such as zh-Hans, zh-Hant, fr, es, th or en".to_owned())
}

/// What the reading thread sends: a row, or why there is none.
type Read = painpoint::Result<Row>;

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    if arguments.inputs.is_empty() && std::io::stdin().is_terminal() {
        super::usage("name a file or a folder, or pipe feedback in");
    }
    let along = Along::new(&arguments.along)?;
    let options = arguments.read_options()?;
    let sources = Source::all(&arguments.inputs, &options)?;
    let carried = look_at(&sources, &options, arguments.quiet)?;

    let mut builder = arguments.engine.builder().threads(arguments.threads);
    if let Some(dir) = &arguments.model {
        builder = builder.model(Model::load(dir)?);
    }
    let analyzer = builder.build()?;

    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    ctrlc::set_handler(move || {
        // Who presses it twice does not want to wait for the batch.
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(Outcome::INTERRUPTED.into());
        }
    })?;

    let output = Output::open(arguments.output.as_deref())?;
    let mut writer = Writer::new(
        output,
        arguments.output_format(),
        analyzer.model_id(),
        &carried,
    );
    if arguments.redact {
        writer = writer.redact(Redactor::new());
    }
    if !arguments.selection.select.is_empty() {
        writer = writer.select(&arguments.selection.select)?;
    }
    let mut run = Run {
        arguments,
        analyzer: &analyzer,
        writer,
        selection: Selection::new(&arguments.selection),
        along,
        duplicates: Duplicates::new(),
        progress: Progress::new(sources.iter().map(Source::bytes).sum(), arguments.quiet),
        interrupted: &interrupted,
        streaming: arguments.output.is_none(),
    };
    for source in sources {
        run.source(source, &options)?;
    }
    let (failures, along, output) = run.finish()?;

    if interrupted.load(Ordering::Relaxed) {
        match &arguments.output {
            Some(path) => say(format_args!(
                "painpoint: stopped; {} was not written",
                path.display()
            )),
            None => say(format_args!(
                "painpoint: stopped; the records so far are whole"
            )),
        }
        return Ok(Outcome::Interrupted);
    }
    output.finish()?;
    let alerted = along.map_or(Ok(false), Along::finish)?;
    Ok(match failures {
        _ if alerted => Outcome::Alert,
        0 => Outcome::Done,
        _ => Outcome::BadRows,
    })
}

/// Opens every source once: says what is taken from it, and names the columns
/// that are carried through. A source that cannot be read ends the run if it
/// is the only one; else it gets its record in the run.
fn look_at(
    sources: &[Source],
    options: &ReadOptions,
    quiet: bool,
) -> painpoint::Result<Vec<String>> {
    let mut carried = Vec::new();
    for source in sources {
        match source.columns(options) {
            Ok(columns) => {
                if !quiet {
                    say(format_args!("{}: {columns}", source.name()));
                }
                for column in &columns.carried {
                    if !carried.contains(column) {
                        carried.push(column.clone());
                    }
                }
            }
            Err(error) if sources.len() == 1 => return Err(error),
            Err(error) => say(format_args!("painpoint: {error}")),
        }
    }
    Ok(carried)
}

struct Run<'a> {
    arguments: &'a Arguments,
    analyzer: &'a Analyzer,
    writer: Writer<Output>,
    selection: Selection<'a>,
    /// The report of what is written, where one was asked for.
    along: Option<Along<'a>>,
    duplicates: Duplicates,
    progress: Progress,
    interrupted: &'a AtomicBool,
    /// Whether somebody may be waiting for each record.
    streaming: bool,
}

/// Rows that are scored together.
struct Batch {
    rows: Vec<Read>,
    /// How far the source was read then.
    bytes: u64,
}

/// What became of a [`Batch`], row by row.
struct Scored {
    rows: Vec<std::result::Result<(Feedback, Analysis), Failure>>,
    bytes: u64,
}

/// A row without an analysis, with what could be read of it.
struct Failure(Option<Box<Feedback>>, painpoint::Error);

impl<'a> Run<'a> {
    /// Writes what is left and sums up; gives the number of rows that failed,
    /// what was gathered for a report, and the output.
    fn finish(self) -> anyhow::Result<(u64, Option<Along<'a>>, Output)> {
        let output = self.writer.into_inner()?;
        let (rows, failures) = (self.progress.rows, self.progress.failures);
        self.progress.finish(self.arguments.quiet);
        if !self.arguments.quiet {
            self.selection.finish(rows);
        }
        Ok((failures, self.along, output))
    }

    /// Scores one source from its first row to its last, or to Ctrl-C.
    fn source(&mut self, source: Source, options: &ReadOptions) -> anyhow::Result<()> {
        let bytes = source.bytes();
        match source.open(options) {
            Ok((reader, place)) => {
                let (sender, rows) = mpsc::sync_channel(WAITING_ROWS);
                // Not joined: a thread that waits for a silent pipe cannot be ended.
                std::thread::Builder::new()
                    .name("painpoint-read".to_owned())
                    .spawn(move || read(reader, &sender))?;
                let (arguments, analyzer) = (self.arguments, self.analyzer);
                let failed = AtomicBool::new(false);
                let stop = [self.interrupted, &failed];
                let mut most_rows = FIRST_ROWS;
                overlap::in_order(
                    move || {
                        most_rows = most_rows.min(arguments.batch as usize);
                        let rows = next_batch(&rows, most_rows, stop)?;
                        most_rows *= 2;
                        let bytes = place.bytes();
                        Some(Batch { rows, bytes })
                    },
                    |batch| arguments.score(analyzer, batch),
                    |scored| {
                        let written = self.write(scored);
                        failed.store(written.is_err(), Ordering::Relaxed);
                        written
                    },
                )?;
            }
            Err(error) => self.write_failure(Failure(None, error))?,
        }
        self.progress.source_done(bytes);
        Ok(())
    }

    fn write(&mut self, scored: Scored) -> anyhow::Result<()> {
        for row in scored.rows {
            match row {
                Ok((feedback, mut analysis)) => {
                    self.duplicates.mark(&feedback, &mut analysis);
                    self.progress.analysis(&analysis);
                    if self.selection.takes(&analysis) {
                        self.writer.write(&feedback, &analysis)?;
                        self.add_to_report()?;
                    }
                }
                Err(failure) => self.write_failure(failure)?,
            }
        }
        if self.streaming {
            self.writer.flush()?;
        }
        self.progress.show(scored.bytes);
        Ok(())
    }

    fn write_failure(&mut self, Failure(feedback, error): Failure) -> anyhow::Result<()> {
        self.progress.failure();
        self.writer.write_failure(feedback.as_deref(), &error)?;
        self.add_to_report()
    }

    fn add_to_report(&mut self) -> anyhow::Result<()> {
        if let Some(along) = &mut self.along {
            along.add(self.writer.last_record())?;
        }
        Ok(())
    }
}

/// Sends every row until nobody listens any more.
fn read(reader: painpoint::Reader, rows: &SyncSender<Read>) {
    for row in reader {
        if rows.send(row).is_err() {
            return;
        }
    }
}

/// The rows that are there, up to so many; waits for the first. `None` at the
/// end of the source, and once anything says stop.
fn next_batch(
    rows: &Receiver<Read>,
    most_rows: usize,
    stop: [&AtomicBool; 2],
) -> Option<Vec<Read>> {
    let mut batch = vec![first_row(rows, stop)?];
    let mut bytes = size(&batch[0]);
    while batch.len() < most_rows && bytes < BATCH_BYTES {
        let Ok(row) = rows.recv_timeout(PATIENCE) else {
            break;
        };
        bytes += size(&row);
        batch.push(row);
    }
    Some(batch)
}

fn first_row(rows: &Receiver<Read>, stop: [&AtomicBool; 2]) -> Option<Read> {
    while !stop.iter().any(|flag| flag.load(Ordering::Relaxed)) {
        match rows.recv_timeout(LOOK_UP) {
            Ok(row) => return Some(row),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    None
}

/// Bytes of text in a row.
fn size(row: &Read) -> usize {
    row.as_ref().map_or(0, |row| row.feedback.text.len())
}

impl Arguments {
    fn score(&self, analyzer: &Analyzer, Batch { rows, bytes }: Batch) -> Scored {
        let rows: Vec<_> = rows
            .into_iter()
            .map(|row| row.map(|row| self.complete(row.feedback)))
            .collect();
        let feedback: Vec<_> = rows.iter().flatten().collect();
        let mut analyses = analyzer.analyze_batch(&feedback).into_iter();
        let rows = rows.into_iter().map(|row| {
            let feedback = row.map_err(|error| Failure(None, error))?;
            let analysis = analyses.next().expect("an analysis of each row");
            match analysis {
                Ok(analysis) => Ok((feedback, analysis)),
                Err(error) => Err(Failure(Some(Box::new(feedback)), error)),
            }
        });
        Scored {
            rows: rows.collect(),
            bytes,
        }
    }

    fn read_options(&self) -> anyhow::Result<ReadOptions> {
        self.columns.complete(ReadOptions {
            format: self.input_format,
            encoding: self.encoding.clone(),
            kind: self.kind,
            text_unit: self.text_unit,
            limits: self.limits.limits(),
            ..ReadOptions::default()
        })
    }

    fn output_format(&self) -> OutputFormat {
        let ending = || self.output.as_ref()?.extension()?.to_str();
        let told = self
            .output_format
            .or_else(|| OutputFormat::from_code(ending()?));
        told.unwrap_or(OutputFormat::Jsonl)
    }

    /// Adds what the command line says of every row.
    fn complete(&self, mut feedback: Feedback) -> Feedback {
        if self.detect_language {
            feedback.language = None;
        }
        feedback.language = self.language.or(feedback.language);
        feedback
    }
}
