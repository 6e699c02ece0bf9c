//! `painpoint compare`: two systems on the same rows.

use std::path::PathBuf;

use painpoint::evaluate::{Comparison, Flip, Signature, Task};
use serde::Serialize;

use super::figures::{number, span};
use super::labelled::Labelled;
use super::page::{Forms, Section, clip};
use super::{Outcome, say};

/// Answers that differ which a page shows of each task.
const FLIPS: usize = 100;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A system: base, fast or cascade, int8, f32 or rust-bert (engines of base), the folder of a
    /// model or of a checkpoint, a file of predictions (records, or id and label columns), or
    /// majority, lexicon, linear
    first: String,

    /// The system it is compared with
    second: String,

    /// Labelled files or folders
    #[arg(value_name = "FILE", required = true)]
    inputs: Vec<PathBuf>,

    #[command(flatten)]
    labelled: Labelled,

    #[command(flatten)]
    forms: Forms,
}

#[derive(Serialize)]
struct Compared<'a> {
    first: &'a str,
    second: &'a str,
    #[serde(flatten)]
    comparison: &'a Comparison,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let labelled = &arguments.labelled;
    let data = labelled.data(&arguments.inputs)?;
    let settings = labelled.settings(0);
    let mut signature = Signature::new(&data, settings.bootstrap);
    let mut told = Vec::new();
    for (place, name) in [("first-", &arguments.first), ("second-", &arguments.second)] {
        let system = labelled.system(name, &data)?;
        signature = system.sign(signature, place);
        told.push(labelled.ask_of(&*system.predictor, &data));
    }
    let comparison = Comparison::new(&data, &told[0], &told[1], &settings);
    if comparison.left_out > 0 {
        say(format_args!(
            "painpoint: {} of {} rows are left out: one of the systems says nothing of them",
            comparison.left_out,
            data.rows.len()
        ));
    }
    let title = format!("{} against {}", arguments.second, arguments.first);
    let compared = Compared {
        first: &arguments.first,
        second: &arguments.second,
        comparison: &comparison,
    };
    arguments
        .forms
        .write(&signature, title, sections(&comparison), &compared)?;
    Ok(Outcome::Done)
}

fn sections(comparison: &Comparison) -> Vec<Section> {
    let header = [
        "rows",
        "task",
        "figure",
        "first",
        "second",
        "second − first",
        "95 % interval",
    ];
    let note = "Shares in percent. The interval is that of the difference, on the same resampled sets for both; one without 0 in it is a difference that is not luck.";
    let differences = Section::new("Figures", note, &header).brief();
    let rows = comparison.differences.iter().map(|row| {
        vec![
            row.group.clone(),
            row.task.to_string(),
            row.metric.to_string(),
            number(row.metric, row.first),
            number(row.metric, row.second),
            number(row.metric, row.difference),
            row.interval
                .map_or_else(String::new, |interval| span(row.metric, interval)),
        ]
    });
    let differences = differences.with_rows(rows);

    let header = [
        "rows",
        "task",
        "labelled",
        "only first right",
        "only second right",
        "p",
        "p corrected",
        "Cohen's g",
        "odds ratio",
    ];
    let note = "McNemar's exact test, corrected by Holm's method for all tests of this table. Cohen's g: 0.05 is small, 0.15 medium, 0.25 large.";
    let tests = Section::new("Tests", note, &header).brief();
    let rows = comparison.tests.iter().map(|test| {
        let two =
            |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.2}"));
        vec![
            test.group.clone(),
            test.task.to_string(),
            test.rows.to_string(),
            test.only_first.to_string(),
            test.only_second.to_string(),
            probability(test.p),
            probability(test.p_corrected),
            two(test.cohens_g),
            two(test.odds_ratio),
        ]
    });
    let tests = tests.with_rows(rows);

    let flips = comparison
        .flips
        .chunk_by(|a, b| a.task == b.task)
        .map(flipped);
    [differences, tests].into_iter().chain(flips).collect()
}

/// The answers of one task that differ.
fn flipped(flips: &[Flip]) -> Section {
    let task = flips[0].task;
    let title = format!("Answers that differ, {task}: {}", flips.len());
    let mut section = Section::new(title, "", &["id", "gold", "first", "second", "text"]);
    if task == Task::Sentiment {
        section = section.brief();
    }
    section.with_rows(flips.iter().take(FLIPS).map(|flip| {
        let label = |label: &Option<String>| label.clone().unwrap_or_default();
        let (gold, first, second) = (label(&flip.gold), label(&flip.first), label(&flip.second));
        vec![flip.id.clone(), gold, first, second, clip(&flip.text, 300)]
    }))
}

fn probability(p: f64) -> String {
    match p {
        p if p < 0.001 => format!("{p:.1e}"),
        p => format!("{p:.3}"),
    }
}
