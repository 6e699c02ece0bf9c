//! Progress with an ETA on stderr, for a person who watches, and a summary at
//! the end.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use painpoint::{Analysis, Polarity};
use serde::{Deserialize, Serialize};

use super::say;

/// Bars are drawn this often at most.
const DRAW: Duration = Duration::from_millis(200);

/// What a run has seen so far.
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
    /// Bytes of the sources that are done.
    bytes_before: u64,
    tally: Tally,
    /// Of its rows, those that an earlier run scored.
    rows_before: u64,
}

/// What the rows of a run came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tally {
    pub(crate) rows: u64,
    pub(crate) failures: u64,
    /// Rows without a record, since they were not asked for.
    pub(crate) left_out: u64,
    languages: BTreeMap<String, u64>,
    polarities: [u64; 3],
}

impl Progress {
    /// `bytes` is the size of all sources, where it is known; `tally` is what an
    /// earlier run came to.
    pub(crate) fn new(bytes: Option<u64>, quiet: bool, tally: Tally) -> Self {
        let bar = match bytes {
            _ if quiet || !std::io::stderr().is_terminal() => ProgressBar::hidden(),
            Some(bytes) => ProgressBar::new(bytes).with_style(style(
                "{bar:30} {percent}% of {total_bytes}, {msg}, {elapsed} gone, {eta} to go",
            )),
            None => ProgressBar::new_spinner().with_style(style("{spinner} {msg}, {elapsed} gone")),
        };
        bar.enable_steady_tick(DRAW);
        Self {
            bar,
            started: Instant::now(),
            bytes_before: 0,
            rows_before: tally.rows,
            tally,
        }
    }

    pub(crate) fn analysis(&mut self, analysis: &Analysis) {
        let tally = &mut self.tally;
        tally.rows += 1;
        let language = analysis
            .language
            .map_or("unknown", |language| language.code());
        *tally.languages.entry(language.to_owned()).or_default() += 1;
        if let Some(sentiment) = analysis.sentiment {
            tally.polarities[sentiment.label as usize] += 1;
        }
    }

    pub(crate) fn failure(&mut self) {
        self.tally.rows += 1;
        self.tally.failures += 1;
    }

    pub(crate) fn left_out(&mut self) {
        self.tally.left_out += 1;
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Shows how many bytes of the current source are done.
    pub(crate) fn show(&self, bytes: u64) {
        self.bar.set_position(self.bytes_before + bytes);
        self.bar.set_message(self.pace());
    }

    pub(crate) fn source_done(&mut self, bytes: Option<u64>) {
        self.bytes_before += bytes.unwrap_or(0);
    }

    /// Takes the bar away and says what the run came to.
    pub(crate) fn finish(self, quiet: bool) {
        self.bar.finish_and_clear();
        if quiet {
            return;
        }
        say(format_args!("{}", self.pace()));
        let tally = &self.tally;
        if tally.rows == tally.failures {
            return;
        }
        let mut languages: Vec<_> = tally.languages.iter().collect();
        languages.sort_by(|(_, a), (_, b)| b.cmp(a));
        let languages: Vec<_> = languages
            .iter()
            .map(|(language, count)| format!("{language} {count}"))
            .collect();
        let polarities: Vec<_> = Polarity::ALL
            .iter()
            .zip(tally.polarities)
            .map(|(polarity, count)| format!("{polarity} {count}"))
            .collect();
        say(format_args!("languages: {}", languages.join(", ")));
        say(format_args!("sentiment: {}", polarities.join(", ")));
    }

    fn pace(&self) -> String {
        let Tally { rows, failures, .. } = self.tally;
        let seconds = self.started.elapsed().as_secs_f64();
        let rate = (rows - self.rows_before) as f64 / seconds.max(1e-3);
        let failures = match failures {
            0 => String::new(),
            count => format!(", {count} could not be read"),
        };
        let before = match self.rows_before {
            0 => String::new(),
            count => format!(", {count} of them earlier"),
        };
        let noun = if rows == 1 { "row" } else { "rows" };
        format!("{rows} {noun}{before}{failures} in {seconds:.1} s ({rate:.1} rows/s)")
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("a template of ours")
}
