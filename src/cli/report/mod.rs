//! `painpoint report`: records → one HTML page, Markdown or text for a terminal.

pub(crate) mod along;
mod gather;
mod page;
mod settings;

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use painpoint::report::{Alert, Fired, Report};
use painpoint::{Error, Language};
use serde::Serialize;

use super::output::Output;
use super::template::{self, Form};
use super::{Outcome, say};
use settings::{Columns, PRIORITIES, Settings};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Records that `painpoint score` wrote, or aggregates that --json wrote; stdin if left out
    #[arg(value_name = "FILE")]
    inputs: Vec<PathBuf>,

    /// File to write, .html, .md or .txt; text on standard output if left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Form of the output; told by the ending of its name if left out
    #[arg(long, value_name = "FORM", value_parser = template::form)]
    form: Option<Form>,

    /// Language of the report: zh-Hans, zh-Hant, fr, es, th or en
    #[arg(long, value_name = "CODE", default_value = "en", value_parser = super::score::language)]
    language: Language,

    #[command(flatten)]
    columns: Columns,

    #[command(flatten)]
    settings: Settings,

    /// Print the built-in priorities, to be changed and given with --priorities
    #[arg(long)]
    print_priorities: bool,

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

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    if arguments.print_priorities {
        std::io::stdout().write_all(PRIORITIES.as_bytes())?;
        return Ok(Outcome::Done);
    }
    if arguments.inputs.is_empty() && std::io::stdin().is_terminal() {
        super::usage("name a file of records, or pipe records in");
    }
    let options = arguments.settings.options()?;
    let gathered = gather::gather(
        &arguments.inputs,
        &arguments.columns.with(&arguments.settings),
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
    say_fired(&fired);
    Ok(match (fired.is_empty(), gathered.unreadable.is_empty()) {
        (false, _) => Outcome::Alert,
        (true, false) => Outcome::BadRows,
        (true, true) => Outcome::Done,
    })
}

fn say_fired(fired: &[Fired]) {
    for fired in fired {
        say(format_args!(
            "painpoint: alert: {} (it is {:.1})",
            fired.alert, fired.value
        ));
    }
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

fn alert(text: &str) -> Result<Alert, Error> {
    text.parse()
}
