//! Rows → batches → analyses. A batch is gathered from the rows that wait, and a row
//! from a pipe waits no longer for others than it was told to.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use painpoint::{Analysis, Analyzer, Duplicates, Feedback, Reader, Repeat, Row};

use crate::cli::durable::Shard;

/// Rows that wait between the reader and the analyzer, at most so many.
const WAITING_ROWS: usize = 64;

/// Nothing is read behind a row of so much text until it is taken: there is never
/// more than one of them waiting.
const LARGE_ROW: usize = 64 << 10;

/// Rows of the first batch at most, so that records come soon; each one after it
/// may be twice as long, up to what was asked for.
const FIRST_ROWS: usize = 16;

/// A batch is scored once it holds this much text, however few its rows are.
const BATCH_BYTES: usize = 1 << 20;

/// How often a wait for rows looks whether the run shall stop.
const LOOK_UP: Duration = Duration::from_millis(200);

/// Rows that are scored together.
pub(super) struct Batch {
    pub(super) rows: Vec<Taken>,
    /// Rows of all sources up to its end, those left out too.
    pub(super) end: u64,
}

/// A row that is to get a record.
pub(super) struct Taken {
    /// Among the rows of all sources, from 0.
    pub(super) number: u64,
    pub(super) feedback: painpoint::Result<Feedback>,
    /// The earlier row that it repeats.
    repeat: Option<Repeat>,
}

/// What became of a [`Taken`].
pub(super) struct Scored {
    pub(super) number: u64,
    pub(super) result: Result<(Feedback, Analysis), Failure>,
}

/// A row without an analysis, with what could be read of it.
pub(super) struct Failure(
    pub(super) Option<Box<Feedback>>,
    pub(super) painpoint::Error,
);

/// Says that the run shall stop, once one of the flags is set.
#[derive(Clone, Copy)]
pub(super) struct Stop<'a>(pub(super) [&'a AtomicBool; 2]);

impl Stop<'_> {
    pub(super) fn is_set(self) -> bool {
        self.0.iter().any(|flag| flag.load(Ordering::Relaxed))
    }
}

/// Takes rows of one source after another.
pub(super) struct Gatherer<'a> {
    /// Rows of a batch at most.
    pub(super) batch: usize,
    /// How long a row of a pipe waits for others.
    pub(super) latency: Duration,
    /// The rows that are scored here; all, if there are no shards.
    pub(super) shard: Option<Shard>,
    /// Rows that an earlier run scored.
    pub(super) done: u64,
    /// No more rows are taken once it is set.
    pub(super) stop: Stop<'a>,
    /// Rows taken so far.
    pub(super) rows: u64,
    /// Asked about every row, also those scored elsewhere: what a row repeats does not
    /// depend on who scores it.
    pub(super) duplicates: Duplicates,
}

impl Gatherer<'_> {
    /// The batches of a source; they grow. `live` says that somebody writes it
    /// while it is read.
    pub(super) fn batches(
        &mut self,
        rows: Receiver<Waiting>,
        live: bool,
    ) -> impl FnMut() -> Option<Batch> + Send {
        let mut most_rows = FIRST_ROWS;
        move || {
            most_rows = most_rows.min(self.batch);
            let batch = self.next(&rows, most_rows, live);
            most_rows *= 2;
            batch
        }
    }

    /// `None` at the end of the source, and when the run shall stop.
    fn next(&mut self, rows: &Receiver<Waiting>, most_rows: usize, live: bool) -> Option<Batch> {
        let mut batch = Vec::new();
        let mut size = 0;
        let mut until = None;
        while batch.len() < most_rows && size < BATCH_BYTES {
            let Some(row) = self.wait(rows, until) else {
                break;
            };
            let Some(taken) = self.take(row) else {
                continue;
            };
            if live && batch.is_empty() {
                until = Some(Instant::now() + self.latency);
            }
            size += taken.feedback.as_ref().map_or(0, bytes);
            batch.push(taken);
        }
        (!batch.is_empty()).then_some(Batch {
            rows: batch,
            end: self.rows,
        })
    }

    /// The next row, if it comes in time.
    fn wait(
        &self,
        rows: &Receiver<Waiting>,
        until: Option<Instant>,
    ) -> Option<painpoint::Result<Row>> {
        while !self.stop.is_set() {
            let patience = until.map_or(LOOK_UP, |until| {
                LOOK_UP.min(until.saturating_duration_since(Instant::now()))
            });
            match rows.recv_timeout(patience) {
                Ok(waiting) => return Some(waiting.row),
                Err(RecvTimeoutError::Timeout) if patience == LOOK_UP => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// Counts a row; `None` if it gets its record elsewhere.
    pub(super) fn take(&mut self, row: painpoint::Result<Row>) -> Option<Taken> {
        let number = self.rows;
        self.rows += 1;
        let feedback = row.map(|row| row.feedback);
        let repeat = feedback
            .as_ref()
            .ok()
            .and_then(|feedback| self.duplicates.add(&feedback.id, &feedback.text));
        let is_ours = self.shard.is_none_or(|shard| shard.has(number));
        (is_ours && number >= self.done).then_some(Taken {
            number,
            feedback,
            repeat,
        })
    }
}

/// A row on its way from the reader.
pub(super) struct Waiting {
    row: painpoint::Result<Row>,
    /// Goes with a large row, so that the reader notices when that is taken.
    _taken: Option<Sender<Infallible>>,
}

/// The rows of a reader, as a thread of their own reads them.
pub(super) fn read(reader: Reader) -> std::io::Result<Receiver<Waiting>> {
    let (sender, rows) = mpsc::sync_channel(WAITING_ROWS);
    // Not joined: a thread that waits for a silent pipe cannot be ended.
    std::thread::Builder::new()
        .name("painpoint-read".to_owned())
        .spawn(move || {
            for row in reader {
                let size = row.as_ref().map_or(0, |row| bytes(&row.feedback));
                let (large, taken) = mpsc::channel();
                let large = (size >= LARGE_ROW).then_some(large);
                if sender.send(Waiting { row, _taken: large }).is_err() {
                    return;
                }
                // Nothing ever comes: this ends when the other side is dropped.
                let _ = taken.recv();
            }
        })?;
    Ok(rows)
}

/// How much text a row holds.
fn bytes(feedback: &Feedback) -> usize {
    let fields = feedback.fields.iter();
    let fields = fields.map(|(name, value)| name.len() + value.as_str().len());
    feedback.text.len() + fields.sum::<usize>()
}

/// What `analyzer` says of the rows, in their order; `None` if it was stopped
/// before it was through with them.
pub(super) fn score(analyzer: &Analyzer, rows: Vec<Taken>, stop: Stop<'_>) -> Option<Vec<Scored>> {
    let feedback: Vec<_> = rows.iter().flat_map(|row| &row.feedback).collect();
    let analyses = analyzer.analyze_batch_until(&feedback, || stop.is_set())?;
    let mut analyses = analyses.into_iter();
    let mut result = |feedback: painpoint::Result<Feedback>, repeat: Option<Repeat>| {
        let feedback = feedback.map_err(|error| Failure(None, error))?;
        match analyses.next().expect("an analysis of each row") {
            Ok(mut analysis) => {
                if let Some(repeat) = repeat {
                    repeat.mark(&mut analysis);
                }
                Ok((feedback, analysis))
            }
            Err(error) => Err(Failure(Some(Box::new(feedback)), error)),
        }
    };
    let scored = rows.into_iter().map(|row| Scored {
        number: row.number,
        result: result(row.feedback, row.repeat),
    });
    Some(scored.collect())
}
