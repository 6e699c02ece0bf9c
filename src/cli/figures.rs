//! Figures → the tables of a page.

use std::collections::BTreeSet;

use painpoint::evaluate::behaviour::{ALL, Behaviour};
use painpoint::evaluate::{Figure, Group, Interval, Metric, PublicSet, Report, Task, Wrong};
use serde::Serialize;

use super::page::{Section, clip, percent, percent_or_none};

/// Failed cases of behaviour that a page shows.
const FAILURES: usize = 200;

/// Characters of a text that a page shows.
const TEXT: usize = 300;

/// Another system's figures of the same rows.
#[derive(Serialize)]
pub(crate) struct Baseline {
    pub(crate) name: &'static str,
    pub(crate) figures: Vec<Figure>,
}

/// All tables of a report.
pub(crate) fn sections(report: &Report, baselines: &[Baseline]) -> Vec<Section> {
    let mut sections = vec![all_rows(report, baselines)];
    let groupings: Vec<&str> = report
        .groups
        .iter()
        .skip(1)
        .map(|group| group.by.as_str())
        .collect();
    let mut seen = BTreeSet::new();
    for by in groupings.into_iter().filter(|by| seen.insert(*by)) {
        sections.push(apart(report, by));
    }
    for (task, classes) in &report.classes {
        let header = ["label", "rows", "precision", "recall", "F1"];
        let section = Section::new(format!("Labels of {task}"), "In percent.", &header);
        sections.push(section.with_rows(classes.iter().map(|class| {
            vec![
                class.label.clone(),
                class.rows.to_string(),
                percent_or_none(class.precision),
                percent_or_none(class.recall),
                percent_or_none(class.f1),
            ]
        })));
    }
    for (task, table) in &report.confusion {
        let told: BTreeSet<&String> = table.values().flat_map(|row| row.keys()).collect();
        let header: Vec<&str> = [""]
            .into_iter()
            .chain(told.iter().map(|label| label.as_str()))
            .collect();
        let note = "Rows: what is true; columns: what the system says.";
        let section = Section::new(format!("Confusion of {task}"), note, &header);
        sections.push(section.with_rows(table.iter().map(|(gold, row)| {
            let counts = told
                .iter()
                .map(|label| row.get(*label).copied().unwrap_or(0).to_string());
            [gold.clone()].into_iter().chain(counts).collect()
        })));
    }
    if !report.calibration.bins.is_empty() {
        sections.extend(calibration(report));
    }
    if !report.agreement.is_empty() {
        let header = ["task", "annotators", "rows", "level", "alpha"];
        let note = "Krippendorff's alpha: 1 is agreement, 0 chance.";
        let section = Section::new("Agreement of annotators", note, &header).brief();
        sections.push(section.with_rows(report.agreement.iter().map(|agreement| {
            vec![
                agreement.task.to_string(),
                agreement.annotators.to_string(),
                agreement.rows.to_string(),
                format!("{:?}", agreement.level).to_lowercase(),
                agreement
                    .alpha
                    .map_or_else(String::new, |alpha| format!("{alpha:.3}")),
            ]
        })));
    }
    sections.push(errors(
        "Most confident errors of sentiment",
        &report.most_confident_errors,
    ));
    sections.push(errors(
        "Rows with the most that is wrong",
        &report.worst_errors,
    ));
    sections
}

fn all_rows(report: &Report, baselines: &[Baseline]) -> Section {
    let mut header = vec!["task", "figure", "rows", "value", "95 % interval"];
    header.extend(baselines.iter().map(|baseline| baseline.name));
    let note = "Shares in percent. Mixed texts take no part in the sentiment of three classes. ece_by_chance is what a perfectly calibrated system would show of ece on as many rows.";
    let section = Section::new("All rows", note, &header).brief();
    section.with_rows(report.groups[0].figures.iter().map(|figure| {
        let mut row = vec![
            figure.task.to_string(),
            figure.metric.to_string(),
            figure.rows.to_string(),
            number(figure.metric, figure.value),
            figure
                .interval
                .map_or_else(String::new, |interval| span(figure.metric, interval)),
        ];
        row.extend(baselines.iter().map(|baseline| {
            let mut own = baseline.figures.iter();
            let own = own.find(|own| (own.task, own.metric) == (figure.task, figure.metric));
            own.map_or_else(String::new, |own| number(own.metric, own.value))
        }));
        row
    }))
}

/// A table with a column for each group.
fn apart(report: &Report, by: &str) -> Section {
    let groups: Vec<&Group> = report
        .groups
        .iter()
        .filter(|group| group.by == by)
        .collect();
    let header: Vec<&str> = ["task", "figure"]
        .into_iter()
        .chain(groups.iter().map(|group| group.name.as_str()))
        .collect();
    let sizes = groups.iter().map(|group| group.rows.to_string());
    let sizes: Vec<String> = ["rows".to_owned(), String::new()]
        .into_iter()
        .chain(sizes)
        .collect();
    let rows = report.groups[0].figures.iter().map(|all| {
        let cells = groups.iter().map(|group| {
            let own = group.figure(all.task, all.metric);
            own.map_or_else(String::new, with_interval)
        });
        [all.task.to_string(), all.metric.to_string()]
            .into_iter()
            .chain(cells)
            .collect()
    });
    let section = Section::new(format!("By {by}"), "With 95 % intervals.", &header).brief();
    section.with_rows([sizes].into_iter().chain(rows))
}

fn calibration(report: &Report) -> [Section; 2] {
    let header = ["confidence", "rows", "mean confidence", "right"];
    let note = "How often a sentiment of that confidence is right, in percent.";
    let bins = report.calibration.bins.iter().map(|bin| {
        vec![
            format!("{}–{}", percent(bin.from), percent(bin.to)),
            bin.rows.to_string(),
            percent(bin.confidence),
            percent(bin.accuracy),
        ]
    });
    let reliability = Section::new("Reliability", note, &header).with_rows(bins);
    let header = ["answered", "from confidence", "right"];
    let note =
        "What is right if only the rows that the system is surest of are answered, in percent.";
    let covered = report.calibration.coverage.iter().map(|covered| {
        vec![
            percent(covered.coverage),
            percent(covered.confidence),
            percent(covered.accuracy),
        ]
    });
    [
        reliability,
        Section::new("Coverage", note, &header).with_rows(covered),
    ]
}

fn errors(title: &str, wrong: &[Wrong]) -> Section {
    let header = ["id", "gold", "told", "sure", "wrong", "moved by", "text"];
    let note = "Moved by: the sentences and clauses without which the answer is less likely, and by how much.";
    Section::new(title, note, &header)
        .brief()
        .with_rows(wrong.iter().map(|wrong| {
            let moved = wrong.moved_by.iter().map(|moved| {
                let text = clip(&moved.text, TEXT);
                match moved.adds {
                    Some(adds) => format!("{adds:+.2} {text}"),
                    None => text,
                }
            });
            let tasks = wrong.tasks.iter().map(|task| task.code());
            vec![
                wrong.id.clone(),
                wrong.gold.clone().unwrap_or_default(),
                wrong.told.clone().unwrap_or_default(),
                percent_or_none(wrong.confidence),
                tasks.collect::<Vec<_>>().join(" "),
                moved.collect::<Vec<_>>().join(" / "),
                clip(&wrong.text, TEXT),
            ]
        }))
}

/// Ours beside what others have published of the same set.
pub(crate) fn published_figures(set: &PublicSet, report: &Report) -> Section {
    let header = ["system", "figure", "value", "source", "note"];
    let note = format!("{}. Licence: {}.", set.title, set.licence);
    let figures = set.published.iter();
    let figures: BTreeSet<(Task, &str)> = figures
        .filter_map(|figure| Some((set.task(figure)?, figure.metric.as_str())))
        .collect();
    let ours = figures.into_iter().filter_map(|(task, code)| {
        let figure = report.groups[0].figure(task, Metric::from_code(code)?)?;
        let value = with_interval(figure);
        Some(vec![
            "painpoint".to_owned(),
            code.to_owned(),
            value,
            "this run".to_owned(),
            String::new(),
        ])
    });
    let theirs = set.published.iter().map(|figure| {
        vec![
            figure.system.clone(),
            figure.metric.clone(),
            percent(figure.value),
            figure.source.clone(),
            figure.note.clone().unwrap_or_default(),
        ]
    });
    Section::new("Published", &note, &header)
        .brief()
        .with_rows(ours.chain(theirs))
}

/// Failure rates and the cases behind them.
pub(crate) fn behaviour_sections(behaviour: &Behaviour) -> Vec<Section> {
    let languages: Vec<&String> = behaviour
        .capabilities
        .get(ALL)
        .into_iter()
        .flat_map(|row| row.keys())
        .filter(|name| *name != ALL)
        .collect();
    let mut header = vec!["capability", "cases"];
    header.extend(languages.iter().map(|language| language.as_str()));
    header.push(ALL);
    let row = |capability: &str| {
        let cell = |language: &str| match behaviour.tally(capability, language) {
            tally if tally.cases == 0 => String::new(),
            tally => format!("{:.0}", 100.0 * tally.failure_rate()),
        };
        let mut cells = vec![
            capability.to_owned(),
            behaviour.tally(capability, ALL).cases.to_string(),
        ];
        cells.extend(languages.iter().map(|language| cell(language)));
        cells.push(cell(ALL));
        cells
    };
    let names = behaviour.capabilities.keys().map(String::as_str);
    let names = names.filter(|name| *name != ALL).chain([ALL]);
    let rates = Section::new("Failure rates", "In percent of the cases.", &header)
        .brief()
        .with_rows(names.map(row));

    let title = format!("Failed cases: {}", behaviour.failures.len());
    let failures = behaviour.failures.iter().take(FAILURES).map(|failure| {
        let told = failure
            .told
            .iter()
            .map(|label| label.as_deref().unwrap_or("-"));
        let scores = failure
            .scores
            .iter()
            .flatten()
            .map(|score| format!("{score:+.2}"));
        vec![
            failure.id.clone(),
            failure.capability.clone(),
            told.collect::<Vec<_>>().join(" / "),
            scores.collect::<Vec<_>>().join(" / "),
            failure.texts.join(" / "),
        ]
    });
    let header = ["id", "capability", "told", "scores", "texts"];
    vec![rates, Section::new(title, "", &header).with_rows(failures)]
}

/// Shares are shown in percent, others as they are.
pub(crate) fn number(metric: Metric, value: f64) -> String {
    let text = match metric {
        Metric::MeanError | Metric::TauB | Metric::Brier => format!("{value:.3}"),
        _ => percent(value),
    };
    // A small difference below nothing would be shown as -0.0.
    match text.strip_prefix('-') {
        Some(rest) if !rest.contains(|c: char| ('1'..='9').contains(&c)) => rest.to_owned(),
        _ => text,
    }
}

/// Both ends of an interval.
pub(crate) fn span(metric: Metric, interval: Interval) -> String {
    format!(
        "{} to {}",
        number(metric, interval.low),
        number(metric, interval.high)
    )
}

fn with_interval(figure: &Figure) -> String {
    let value = number(figure.metric, figure.value);
    match figure.interval {
        Some(interval) => format!("{value} ({})", span(figure.metric, interval)),
        None => value,
    }
}
