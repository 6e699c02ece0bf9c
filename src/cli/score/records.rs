//! Analyses → records, and what makes them last.

use std::io::Write;
use std::time::{Duration, Instant};

use painpoint::Writer;

use super::batch::{Failure, Scored};
use crate::cli::durable::{Done, Journal, Plan, Shard, Spool};
use crate::cli::progress::{Progress, Tally};
use crate::cli::report::along::Along;
use crate::cli::selection::SelectionArguments;
use crate::cli::{chain, say};

/// Records are made to last this often at most, and in such a part of the time: a
/// disk that takes long to say that it holds them is asked more rarely.
const CHECKPOINT: Duration = Duration::from_millis(200);
const CHECKPOINT_PART: u32 = 20;

pub(super) type Sink = Box<dyn Write>;

/// What becomes of an analysis: a record, if it is asked for, and a part of the report.
pub(super) struct Written<'a> {
    pub(super) writer: Writer<Sink>,
    pub(super) selection: &'a SelectionArguments,
    /// The report of what is written, where one was asked for.
    pub(super) along: Option<Along<'a>>,
}

pub(super) struct Records<'a> {
    written: Written<'a>,
    pub(super) progress: Progress,
    /// The file that they go to; without one, somebody may be waiting for each.
    spool: Option<Spool>,
    /// Of a run that can be gone on with.
    journal: Option<Journal>,
    /// Whether those of a run that fails are of use.
    are_lines: bool,
    /// Rows of all sources that are done.
    rows: u64,
    /// Where the block begins that is being written.
    block: u64,
    next_checkpoint: Instant,
}

impl<'a> Records<'a> {
    /// The first records, or those behind what an earlier run `left`. Without a `plan`
    /// the run cannot be gone on with.
    pub(super) fn start(
        written: Written<'a>,
        progress: Progress,
        spool: Option<Spool>,
        plan: Option<Plan>,
        left: Option<Done>,
        are_lines: bool,
    ) -> anyhow::Result<Self> {
        let begins = left.is_none();
        let done = left.unwrap_or_default();
        let mut records = Self {
            written,
            progress,
            spool,
            are_lines,
            rows: done.rows,
            block: done.blocks.iter().sum(),
            journal: plan.map(|plan| Journal { plan, done }),
            next_checkpoint: Instant::now(),
        };
        if begins && records.journal.is_some() {
            // The header of a table is a block of its own.
            records.end_block()?;
            records.checkpoint()?;
        }
        Ok(records)
    }

    /// Writes the records of a batch, behind which so many rows of all sources are done.
    pub(super) fn write(&mut self, batch: Vec<Scored>, rows: u64) -> anyhow::Result<()> {
        for Scored { number, result } in batch {
            self.end_blocks(|shard| shard.blocks_before(number))?;
            match result {
                Ok((feedback, analysis)) => {
                    self.progress.analysis(&analysis);
                    if self.written.selection.takes(&analysis) {
                        self.written.writer.write(&feedback, &analysis)?;
                        self.written.add_to_report()?;
                    } else {
                        self.progress.left_out();
                    }
                }
                Err(Failure(feedback, error)) => {
                    self.progress.failure();
                    let feedback = feedback.as_deref();
                    self.written.writer.write_failure(feedback, &error)?;
                    self.written.add_to_report()?;
                }
            }
        }
        self.rows = rows;
        match &mut self.spool {
            None => self.written.writer.flush()?,
            // What came through a pipe cannot be read again.
            Some(spool) if self.journal.is_none() && self.are_lines => {
                self.written.writer.flush()?;
                spool.keep();
            }
            Some(_) if Instant::now() < self.next_checkpoint => {}
            Some(_) => {
                let began = Instant::now();
                self.checkpoint()?;
                let pause = CHECKPOINT.max(began.elapsed() * CHECKPOINT_PART);
                self.next_checkpoint = Instant::now() + pause;
            }
        }
        Ok(())
    }

    /// Hands over what is left, once all these rows of all sources are done.
    pub(super) fn end(&mut self, rows: u64) -> anyhow::Result<()> {
        self.end_blocks(|shard| shard.blocks(rows))?;
        self.rows = rows;
        self.checkpoint()
    }

    /// Puts the output in its place, and the report; gives the number of rows that could
    /// not be read, and whether an alert fired.
    pub(super) fn finish(self, quiet: bool) -> anyhow::Result<(u64, bool)> {
        let Written {
            writer,
            selection,
            along,
        } = self.written;
        writer.into_inner()?.flush()?;
        let failures = self.progress.tally().failures;
        if let Some(spool) = self.spool {
            let mut facts = self.journal.filter(|journal| journal.plan.shard.is_some());
            if let Some(facts) = &mut facts {
                facts.done.sha256 = Some(spool.sha256()?);
            }
            spool.finish(facts.as_ref())?;
        }
        let Tally { rows, left_out, .. } = *self.progress.tally();
        self.progress.finish(quiet);
        if selection.is_set() && !quiet {
            say(format_args!(
                "written: {}; left out by --only or --min-confidence: {left_out}",
                rows - left_out
            ));
        }
        let alerted = along.map_or(Ok(false), Along::finish)?;
        Ok((failures, alerted))
    }

    /// Ends a run that the user stopped, and says what is to be done with its records.
    pub(super) fn stop(mut self, quiet: bool) -> anyhow::Result<()> {
        self.written.writer.flush()?;
        self.checkpoint()?;
        self.progress.finish(quiet);
        let rows = self.rows;
        match (&self.spool, self.journal) {
            (None, _) => say(format_args!(
                "painpoint: stopped; the records so far are whole"
            )),
            (Some(spool), Some(_)) => say(format_args!(
                "painpoint: stopped; {rows} rows are done and kept in {}. To go on, run the same command again:\n  {}",
                spool.partial().display(),
                command_line()
            )),
            (Some(spool), None) if self.are_lines && rows > 0 => say(format_args!(
                "painpoint: stopped; {} was not written. What came through a pipe cannot be read again: the records of its {rows} rows are in {}",
                spool.path().display(),
                spool.partial().display()
            )),
            (Some(spool), None) => say(format_args!(
                "painpoint: stopped; {} was not written",
                spool.path().display()
            )),
        }
        Ok(())
    }

    /// `error`, which ended the run, with what can be done after it.
    pub(super) fn failed(&self, error: anyhow::Error) -> anyhow::Error {
        match self.spool.as_ref().and_then(Spool::rows_kept) {
            Some(rows) => anyhow::anyhow!(
                "{}; {rows} rows are done and kept: once this is mended, run the same command again to go on",
                chain(&error)
            ),
            None => error,
        }
    }

    /// Makes everything written so far last.
    fn checkpoint(&mut self) -> anyhow::Result<()> {
        if let (Some(spool), Some(journal)) = (&mut self.spool, &mut self.journal) {
            self.written.writer.flush()?;
            journal.done.rows = self.rows;
            journal.done.bytes = spool.bytes()?;
            journal.done.tally = self.progress.tally().clone();
            spool.checkpoint(journal)?;
        }
        Ok(())
    }

    /// Ends the block of a shard as often as it takes for so many to be whole.
    fn end_blocks(&mut self, whole: impl Fn(Shard) -> usize) -> anyhow::Result<()> {
        let shard = |journal: &Journal| journal.plan.shard;
        let Some(shard) = self.journal.as_ref().and_then(shard) else {
            return Ok(());
        };
        let blocks = |journal: &Journal| journal.done.blocks.len();
        while self.journal.as_ref().map_or(0, blocks) <= whole(shard) {
            self.end_block()?;
        }
        Ok(())
    }

    fn end_block(&mut self) -> anyhow::Result<()> {
        if let (Some(spool), Some(journal)) = (&self.spool, &mut self.journal) {
            self.written.writer.flush()?;
            let end = spool.bytes()?;
            journal.done.blocks.push(end - self.block);
            self.block = end;
        }
        Ok(())
    }
}

impl Written<'_> {
    fn add_to_report(&mut self) -> painpoint::Result<()> {
        match &mut self.along {
            Some(along) => along.add(self.writer.last_record()),
            None => Ok(()),
        }
    }
}

/// The command that this program was called with, as a shell takes it, for another
/// run that goes on.
fn command_line() -> String {
    let arguments = std::env::args_os().filter(|argument| argument != "--restart");
    let quoted = arguments.map(|argument| {
        let argument = argument.to_string_lossy().into_owned();
        let plain = |char: char| char.is_alphanumeric() || "-_./:=,@%+".contains(char);
        match !argument.is_empty() && argument.chars().all(plain) {
            true => argument,
            false if cfg!(windows) => format!("\"{argument}\""),
            false => format!("'{}'", argument.replace('\'', r"'\''")),
        }
    });
    quoted.collect::<Vec<_>>().join(" ")
}
