//! `painpoint report`: records → one HTML page, Markdown or text for a terminal.

mod gather;
mod page;

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use painpoint::aggregate::{Aggregates, InputColumns, ScaleColumn};
use painpoint::report::{Alert, Fired, Period, Priorities, Report, ReportOptions};
use painpoint::{Error, Language};
use serde::Serialize;

use super::output::Output;
use super::{Outcome, say};
use page::Form;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Records that `painpoint score` wrote, or aggregates that --json wrote; stdin if left out
    #[arg(value_name = "FILE")]
    inputs: Vec<PathBuf>,

    /// File to write, .html, .md or .txt; text on standard output if left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Form of the output; told by the ending of its name if left out
    #[arg(long, value_name = "FORM", value_parser = page::form)]
    form: Option<Form>,

    /// Language of the report: zh-Hans, zh-Hant, fr, es, th or en
    #[arg(long, value_name = "CODE", default_value = "en", value_parser = super::score::language)]
    language: Language,

    #[command(flatten)]
    settings: Settings,

    /// Write the aggregates, to be merged or compared with later, to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write every figure of the report, and the alerts, as JSON to this file
    #[arg(long, value_name = "FILE")]
    figures: Option<PathBuf>,

    /// End with exit code 1 if this holds, as P1>=1 or nps<20; may be repeated
    #[arg(long, value_name = "CONDITION", value_parser = alert)]
    fail_on: Vec<Alert>,

    /// Threads; 0 for one a core
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    threads: usize,

    /// Say nothing on stderr but errors
    #[arg(short, long)]
    quiet: bool,
}

/// What a report is made from and how, whatever it looks like.
#[derive(clap::Args)]
pub(crate) struct Settings {
    /// Column of the input with the date, 2026-03-02; known from the record if left out
    #[arg(long, value_name = "COLUMN")]
    date: Option<String>,

    /// Column with stars or the like, from 1 to 5 or as said: stars=0..10
    #[arg(long, value_name = "COLUMN", value_parser = |text: &str| scale(text, 1.0, 5.0))]
    rating: Option<ScaleColumn>,

    /// Column with answers to how likely a customer is to recommend, from 0 to 10
    #[arg(long, value_name = "COLUMN", value_parser = |text: &str| scale(text, 0.0, 10.0))]
    nps: Option<ScaleColumn>,

    /// Column with answers to how satisfied a customer is, from 1 to 5 or as said
    #[arg(long, value_name = "COLUMN", value_parser = |text: &str| scale(text, 1.0, 5.0))]
    csat: Option<ScaleColumn>,

    /// Column with answers to how easy it was, from 1 to 7 or as said
    #[arg(long, value_name = "COLUMN", value_parser = |text: &str| scale(text, 1.0, 7.0))]
    ces: Option<ScaleColumn>,

    /// Column whose values make groups; may be repeated
    #[arg(long, value_name = "COLUMN")]
    group_by: Vec<String>,

    /// Length of the periods: day, week or month; by the time spanned if left out
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    period: Option<Period>,

    /// Day of a fix: compares before with since
    #[arg(long, value_name = "DATE")]
    since: Option<String>,

    /// Aggregates of an earlier run to compare with
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// What makes a pain a priority, as TOML; see --print-priorities
    #[arg(long, value_name = "FILE")]
    priorities: Option<PathBuf>,

    /// Print the built-in priorities, to be changed and given with --priorities
    #[arg(long)]
    print_priorities: bool,
}

/// The built-in priorities, with what each means.
const PRIORITIES: &str = include_str!("../../../data/report/priorities.toml");

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    if arguments.settings.print_priorities {
        std::io::stdout().write_all(PRIORITIES.as_bytes())?;
        return Ok(Outcome::Done);
    }
    if arguments.inputs.is_empty() && std::io::stdin().is_terminal() {
        super::usage("name a file of records, or pipe records in");
    }
    let options = arguments.settings.options()?;
    let gathered = gather::gather(
        &arguments.inputs,
        &arguments.settings.columns(),
        arguments.threads,
    )?;
    if !arguments.quiet {
        say(format_args!("{} records", gathered.aggregates.records));
    }
    for (problem, count) in &gathered.unreadable {
        say(format_args!("painpoint: {problem}; lines: {count}"));
    }
    if let Some(path) = &arguments.json {
        write(Some(path), &gathered.aggregates.to_json())?;
    }
    let report = Report::new(&gathered.aggregates, &options)?;
    let fired: Vec<_> = arguments
        .fail_on
        .iter()
        .filter_map(|alert| alert.check(&report))
        .collect();
    if let Some(path) = &arguments.figures {
        let figures = Figures {
            alerts: &fired,
            report: &report,
        };
        write(
            Some(path),
            &(serde_json::to_string_pretty(&figures)? + "\n"),
        )?;
    }
    let output = arguments.output.as_deref();
    write_page(&report, output, arguments.form, arguments.language)?;
    for fired in &fired {
        say(format_args!(
            "painpoint: alert: {} (it is {:.1})",
            fired.alert, fired.value
        ));
    }
    Ok(match (fired.is_empty(), gathered.unreadable.is_empty()) {
        (false, _) => Outcome::Alert,
        (true, false) => Outcome::BadRows,
        (true, true) => Outcome::Done,
    })
}

/// What a program that is told of alerts reads.
#[derive(Serialize)]
struct Figures<'a> {
    alerts: &'a [Fired],
    report: &'a Report,
}

fn write(path: Option<&Path>, text: &str) -> anyhow::Result<()> {
    let mut output = Output::open(path)?;
    output.write_all(text.as_bytes())?;
    output.finish()
}

/// Writes `report` as its page, in the form that the name of `output` tells if
/// none is given.
pub(crate) fn write_page(
    report: &Report,
    output: Option<&Path>,
    form: Option<Form>,
    language: Language,
) -> anyhow::Result<()> {
    let ending = output.and_then(|path| path.extension()?.to_str());
    let form = form.unwrap_or(match ending {
        Some("html" | "htm") => Form::Html,
        Some("md") => Form::Markdown,
        _ => Form::Text,
    });
    write(output, &page::render(report, form, language)?)
}

impl Settings {
    pub(crate) fn columns(&self) -> InputColumns {
        InputColumns {
            date: self.date.clone(),
            rating: self.rating.clone(),
            nps: self.nps.clone(),
            csat: self.csat.clone(),
            ces: self.ces.clone(),
            group_by: self.group_by.clone(),
        }
    }

    pub(crate) fn options(&self) -> anyhow::Result<ReportOptions> {
        let read = |path: &Path| {
            std::fs::read(path)
                .with_context(|| format!("{}: cannot read this file", path.display()))
        };
        let priorities = match &self.priorities {
            Some(path) => {
                let text = String::from_utf8(read(path)?)
                    .with_context(|| format!("{}: not valid UTF-8", path.display()))?;
                toml::from_str(&text).with_context(|| {
                    let path = path.display();
                    format!("{path}: no priorities; start from --print-priorities")
                })?
            }
            None => Priorities::default(),
        };
        let baseline = match &self.baseline {
            Some(path) => {
                let baseline = Aggregates::from_json(&read(path)?);
                Some(baseline.with_context(|| path.display().to_string())?)
            }
            None => None,
        };
        Ok(ReportOptions {
            priorities,
            period: self.period,
            since: self.since.clone(),
            baseline,
        })
    }
}

/// `stars`, or `stars=0..10`.
fn scale(text: &str, lowest: f64, highest: f64) -> Result<ScaleColumn, Error> {
    let said = text.rsplit_once('=').and_then(|(name, scale)| {
        let (lowest, highest) = scale.split_once("..")?;
        Some((name, lowest.parse().ok()?, highest.parse().ok()?))
    });
    let (name, lowest, highest) = said.unwrap_or((text, lowest, highest));
    ScaleColumn::new(name, lowest, highest)
}

fn alert(text: &str) -> Result<Alert, Error> {
    text.parse()
}

super::score::by_code!(period, Period);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_priorities_are_the_built_in_ones() {
        let printed: Priorities = toml::from_str(PRIORITIES).expect("a file of ours");
        assert_eq!(printed, Priorities::default());
    }

    #[test]
    fn scales_are_read() {
        for (text, name, lowest, highest) in [
            ("stars", "stars", 1.0, 5.0),
            ("stars=0..10", "stars", 0.0, 10.0),
            ("a=b", "a=b", 1.0, 5.0),
        ] {
            let column = scale(text, 1.0, 5.0).expect("a scale");
            assert_eq!(
                (column.name.as_str(), column.lowest, column.highest),
                (name, lowest, highest)
            );
        }
        assert!(scale("stars=5..1", 1.0, 5.0).is_err());
    }
}
