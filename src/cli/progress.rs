//! Progress with an ETA on stderr, for a person who watches, and a summary at
//! the end.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use painpoint::{Analysis, Polarity};

use super::say;

/// Bars are drawn this often at most.
const DRAW: Duration = Duration::from_millis(200);

/// What a run has seen so far.
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
    /// Bytes of the sources that are done.
    bytes_before: u64,
    pub(crate) rows: u64,
    pub(crate) failures: u64,
    languages: BTreeMap<&'static str, u64>,
    polarities: [u64; 3],
}

impl Progress {
    /// `bytes` is the size of all sources, where it is known.
    pub(crate) fn new(bytes: Option<u64>, quiet: bool) -> Self {
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
            rows: 0,
            failures: 0,
            languages: BTreeMap::new(),
            polarities: [0; 3],
        }
    }

    pub(crate) fn analysis(&mut self, analysis: &Analysis) {
        self.rows += 1;
        let language = analysis
            .language
            .map_or("unknown", |language| language.code());
        *self.languages.entry(language).or_default() += 1;
        if let Some(sentiment) = analysis.sentiment {
            self.polarities[sentiment.label as usize] += 1;
        }
    }

    pub(crate) fn failure(&mut self) {
        self.rows += 1;
        self.failures += 1;
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
        if self.rows == self.failures {
            return;
        }
        let mut languages: Vec<_> = self.languages.iter().collect();
        languages.sort_by(|(_, a), (_, b)| b.cmp(a));
        let languages: Vec<_> = languages
            .iter()
            .map(|(language, count)| format!("{language} {count}"))
            .collect();
        let polarities: Vec<_> = Polarity::ALL
            .iter()
            .zip(self.polarities)
            .map(|(polarity, count)| format!("{polarity} {count}"))
            .collect();
        say(format_args!("languages: {}", languages.join(", ")));
        say(format_args!("sentiment: {}", polarities.join(", ")));
    }

    fn pace(&self) -> String {
        let seconds = self.started.elapsed().as_secs_f64();
        let rate = self.rows as f64 / seconds.max(1e-3);
        let failures = match self.failures {
            0 => String::new(),
            count => format!(", {count} could not be read"),
        };
        let rows = if self.rows == 1 { "row" } else { "rows" };
        format!(
            "{} {rows}{failures} in {seconds:.1} s ({rate:.1} rows/s)",
            self.rows
        )
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("a template of ours")
}
