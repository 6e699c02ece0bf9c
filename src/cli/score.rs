//! `painpoint score`: files or stdin → records.
//!
//! One thread reads, one gathers batches ([`batch`]), the analyzer's own threads
//! score, and this one writes ([`records`]). Few rows wait between them, so memory
//! does not grow with the input. What lasts of a run that is stopped is
//! [`durable`](super::durable)'s matter.

mod batch;
mod plan;
mod records;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::ArgMatches;
use painpoint::{
    Analyzer, Duplicates, Feedback, FeedbackKind, Format, Language, OutputFormat, ReadOptions,
    Redactor, TextUnit, Writer,
};

use super::columns::ColumnArguments;
use super::durable::{Shard, Spool, Start, Watch};
use super::engine::EngineArguments;
use super::limits::LimitArguments;
use super::output::{self, Output};
use super::overlap;
use super::progress::Progress;
use super::report::along::{Along, AlongArguments};
use super::selection::SelectionArguments;
use super::sources::Source;
use super::{Outcome, say};
use batch::{Batch, Gatherer, Stop};
use records::{Records, Sink, Written};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Files, folders or patterns ('exports/**/*.csv') with feedback: tables, workbooks, JSON, e-mail, chats, subtitles, pages, plain text; `-` for stdin (the default)
    #[arg(value_name = "FILE")]
    inputs: Vec<PathBuf>,

    /// Write records to this file instead of stdout; it appears when all is done, and a run that was stopped goes on
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

    #[command(flatten)]
    engine: EngineArguments,

    /// Threads; 0 for one a core
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    threads: usize,

    /// Rows that are scored together at most; changes speed and memory, never the output
    #[arg(long, value_name = "ROWS", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..))]
    batch: u32,

    /// A row from a pipe waits so long at most for others to be scored with it
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 20)]
    max_latency_ms: u64,

    /// Score one share of the rows, such as 3/16; `painpoint merge` puts all shares together
    #[arg(long, value_name = "NUMBER/COUNT", requires = "output", conflicts_with_all = ["report", "fail_on"])]
    shard: Option<Shard>,

    /// Go on with a run that was stopped, and fail if none was; without this, go on if one was
    #[arg(long, requires = "output", conflicts_with = "restart")]
    resume: bool,

    /// Begin anew even if a run was stopped that could be gone on with
    #[arg(long, requires = "output")]
    restart: bool,

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

pub(crate) fn run(arguments: &Arguments, matches: &ArgMatches) -> anyhow::Result<Outcome> {
    if arguments.inputs.is_empty() && std::io::stdin().is_terminal() {
        super::usage("name a file or a folder, or pipe feedback in");
    }
    let mut along = Along::new(&arguments.along)?;
    let options = arguments.read_options()?;
    let sources = Source::all(&arguments.inputs, &options)?;
    let taken = look_at(&sources, &options, arguments.quiet)?;
    let interrupted = on_ctrl_c()?;
    let mut spool = arguments.spool()?;
    let analyzer = arguments.analyzer()?;

    let watch = Watch::new(sources.iter().filter_map(Source::file));
    let plan = arguments.plan(&sources, &taken, &analyzer, matches)?;
    let left = match &mut spool {
        Some(spool) => spool.take_up(plan.as_ref(), arguments.start())?,
        None => None,
    };
    if let (Some(done), false) = (&left, arguments.quiet) {
        say(format_args!(
            "painpoint: goes on behind {} rows that an earlier run did; --restart begins anew",
            done.rows
        ));
    }
    if let (Some(along), Some(spool), Some(done)) = (&mut along, &spool, &left) {
        spool.each_line(done.bytes, |record| along.add(record))?;
    }
    let out: Sink = match &spool {
        Some(spool) => Box::new(spool.writer()),
        None => Box::new(Output::open(arguments.output.as_deref())?),
    };
    let mut writer = arguments.writer(out, &analyzer, &taken.carried)?;
    if left.is_some() {
        writer = writer.resume();
    }
    let bytes = sources.iter().map(Source::bytes).sum();
    let tally = left.as_ref().map(|done| done.tally.clone());
    let progress = Progress::new(bytes, arguments.quiet, tally.unwrap_or_default());

    let failed = AtomicBool::new(false);
    let gatherer = Gatherer {
        batch: arguments.batch as usize,
        latency: Duration::from_millis(arguments.max_latency_ms),
        shard: arguments.shard,
        done: left.as_ref().map_or(0, |done| done.rows),
        stop: Stop([&interrupted, &failed]),
        rows: 0,
        duplicates: Duplicates::new(),
    };
    let is_resumable = plan.is_some();
    let records = Records::start(
        Written {
            writer,
            selection: &arguments.selection,
            along,
        },
        progress,
        spool,
        plan,
        left,
        arguments.are_lines(),
    )?;
    let mut run = Run {
        arguments,
        analyzer: &analyzer,
        gatherer,
        records,
        failed: &failed,
    };
    for source in sources {
        let scored = run.source(source, &options);
        scored.map_err(|error| run.records.failed(error))?;
        if interrupted.load(Ordering::Relaxed) {
            run.records.stop(arguments.quiet)?;
            return Ok(Outcome::Interrupted);
        }
    }
    if is_resumable {
        watch.check()?;
    }
    let ended = run.records.end(run.gatherer.rows);
    ended.map_err(|error| run.records.failed(error))?;
    let (failures, alerted) = run.records.finish(arguments.quiet)?;
    Ok(match failures {
        _ if alerted => Outcome::Alert,
        0 => Outcome::Done,
        _ => Outcome::BadRows,
    })
}

/// A flag that Ctrl-C and SIGTERM set.
fn on_ctrl_c() -> anyhow::Result<Arc<AtomicBool>> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    ctrlc::set_handler(move || {
        // Who presses it twice does not want to wait for the batch.
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(Outcome::INTERRUPTED.into());
        }
    })?;
    Ok(interrupted)
}

/// What is taken from the sources.
struct TakenColumns {
    /// The columns that are carried through, of all sources.
    carried: Vec<String>,
    /// What is taken from each, or why nothing can be.
    of_each: Vec<String>,
}

/// Opens every source once: says what is taken from it, and names the columns
/// that are carried through. A source that cannot be read ends the run if it
/// is the only one; else it gets its record in the run.
fn look_at(
    sources: &[Source],
    options: &ReadOptions,
    quiet: bool,
) -> painpoint::Result<TakenColumns> {
    let (mut carried, mut of_each) = (Vec::new(), Vec::new());
    for source in sources {
        match source.columns(options) {
            Ok(columns) => {
                if !quiet {
                    say(format_args!("{}: {columns}", source.name()));
                }
                of_each.push(columns.to_string());
                for column in columns.carried {
                    if !carried.contains(&column) {
                        carried.push(column);
                    }
                }
            }
            Err(error) if sources.len() == 1 => return Err(error),
            Err(error) => {
                say(format_args!("painpoint: {error}"));
                of_each.push(error.to_string());
            }
        }
    }
    Ok(TakenColumns { carried, of_each })
}

struct Run<'a> {
    arguments: &'a Arguments,
    analyzer: &'a Analyzer,
    gatherer: Gatherer<'a>,
    records: Records<'a>,
    /// Whether records cannot be written any more.
    failed: &'a AtomicBool,
}

impl Run<'_> {
    /// Scores one source from its first row to its last, or to Ctrl-C.
    fn source(&mut self, source: Source, options: &ReadOptions) -> anyhow::Result<()> {
        let bytes = source.bytes();
        let is_live = source.file().is_none();
        let (gatherer, records) = (&mut self.gatherer, &mut self.records);
        let stop = gatherer.stop;
        let score = |mut batch: Batch| {
            let feedback = batch.rows.iter_mut().flat_map(|row| &mut row.feedback);
            feedback.for_each(|feedback| self.arguments.complete(feedback));
            Some((batch::score(self.analyzer, batch.rows, stop)?, batch.end))
        };
        match source.open(options) {
            Ok((reader, place)) => {
                let rows = batch::read(reader)?;
                let mut given_up = false;
                overlap::in_order(gatherer.batches(rows, is_live), score, |scored| {
                    // A batch behind one that was given up would leave a gap.
                    let Some((rows, end)) = scored.filter(|_| !given_up) else {
                        given_up = true;
                        return Ok(());
                    };
                    let written = records.write(rows, end);
                    self.failed.store(written.is_err(), Ordering::Relaxed);
                    records.progress.show(place.bytes());
                    written
                })?;
            }
            Err(error) => {
                let rows = gatherer.take(Err(error)).into_iter().collect();
                let end = gatherer.rows;
                if let Some((rows, end)) = score(Batch { rows, end }) {
                    records.write(rows, end)?;
                }
            }
        }
        records.progress.source_done(bytes);
        Ok(())
    }
}

impl Arguments {
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

    /// Whether records can be added to those of a run that was stopped. A format that
    /// is whole only once it is ended begins anew.
    fn are_lines(&self) -> bool {
        matches!(
            self.output_format(),
            OutputFormat::Jsonl | OutputFormat::Csv
        )
    }

    /// Whether what an earlier run wrote is enough to go on with: a report is made of
    /// whole records.
    fn is_resumable(&self) -> bool {
        let are_records =
            self.output_format() == OutputFormat::Jsonl && self.selection.select.is_empty();
        self.are_lines() && (are_records || !self.along.is_wanted())
    }

    fn analyzer(&self) -> painpoint::Result<Analyzer> {
        self.engine.builder()?.threads(self.threads).build()
    }

    fn writer(
        &self,
        out: Sink,
        analyzer: &Analyzer,
        carried: &[String],
    ) -> painpoint::Result<Writer<Sink>> {
        let mut writer = Writer::new(out, self.output_format(), analyzer.model_id(), carried);
        if self.redact {
            writer = writer.redact(Redactor::new());
        }
        match self.selection.select.as_slice() {
            [] => Ok(writer),
            columns => writer.select(columns),
        }
    }

    /// The file beside the output, unless records go to stdout or to a device.
    fn spool(&self) -> anyhow::Result<Option<Spool>> {
        let path = self.output.as_deref();
        path.filter(|path| !output::is_device(path))
            .map(Spool::open)
            .transpose()
    }

    fn start(&self) -> Start {
        match (self.resume, self.restart) {
            (true, _) => Start::GoOn,
            (false, true) => Start::Anew,
            (false, false) => Start::GoOnOrAnew,
        }
    }

    /// Adds what the command line says of every row.
    fn complete(&self, feedback: &mut Feedback) {
        if self.detect_language {
            feedback.language = None;
        }
        feedback.language = self.language.or(feedback.language);
    }
}
