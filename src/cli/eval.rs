//! `painpoint eval`: how good a system is, on labelled rows or on cases of
//! behaviour.

use std::path::PathBuf;

use painpoint::evaluate::behaviour::{Behaviour, Case};
use painpoint::evaluate::{Dataset, Published, Report, Signature};
use serde::Serialize;

use super::engine::EngineArguments;
use super::figures::{Baseline, behaviour_sections, published_figures, sections};
use super::labelled::{Labelled, System};
use super::page::Forms;
use super::{Outcome, say};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Labelled files or folders; with --behaviour, files or folders of cases
    #[arg(value_name = "FILE", required = true)]
    inputs: Vec<PathBuf>,

    /// Probe behaviour: each case asks for one ability, such as negation (format: data/README.md)
    #[arg(long, conflicts_with_all = ["gold", "mapping", "set", "split", "baselines"])]
    behaviour: bool,

    /// Measure what this file says instead of scoring: records, or rows with an id and labels
    #[arg(long, value_name = "FILE", conflicts_with_all = ["model", "engine", "checkpoint", "behaviour"])]
    predictions: Option<PathBuf>,

    #[command(flatten)]
    engine: EngineArguments,

    /// Set the figures beside those of baselines: majority, lexicon and, with --train, linear
    #[arg(long)]
    baselines: bool,

    /// Errors shown of each sort
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    errors: usize,

    #[command(flatten)]
    labelled: Labelled,

    #[command(flatten)]
    forms: Forms,
}

#[derive(Serialize)]
struct Measured<'a> {
    system: String,
    #[serde(flatten)]
    report: &'a Report,
    baselines: &'a [Baseline],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    published: &'a [Published],
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    if arguments.behaviour {
        return arguments.probe();
    }
    let labelled = &arguments.labelled;
    let set = labelled.public_set()?;
    let data = labelled.data(&arguments.inputs)?;
    let settings = labelled.settings(arguments.errors);
    let system = arguments.system(&data)?;
    let mut signature = Signature::new(&data, settings.bootstrap);
    signature = system.sign(signature, "");
    if let Some(name) = &labelled.set {
        signature = signature.with("set", name);
    }
    if let Some(part) = &labelled.split {
        signature = signature.with("split", part);
    }
    let told = labelled.ask_of(&*system.predictor, &data);
    let mut report = Report::new(&data, &told, &settings);
    report.explain(&data, &*system.predictor);
    if let Some(first) = report.failures.first() {
        let count = report.failures.len();
        say(format_args!(
            "painpoint: {count} rows take no part; the first: {first}"
        ));
    }
    let baselines = match arguments.baselines {
        true => arguments.baselines(&data)?,
        false => Vec::new(),
    };
    let published = set.as_ref().map_or(&[][..], |set| &set.published);
    let mut sections = sections(&report, &baselines);
    if let Some(set) = set.as_ref().filter(|set| !set.published.is_empty()) {
        sections.insert(1, published_figures(set, &report));
    }
    let measured = Measured {
        system: system.predictor.name(),
        report: &report,
        baselines: &baselines,
        published,
    };
    let title = format!("Accuracy of {}", system.predictor.name());
    arguments
        .forms
        .write(&signature, title, sections, &measured)?;
    Ok(match report.failures.is_empty() {
        true => Outcome::Done,
        false => Outcome::BadRows,
    })
}

impl Arguments {
    fn system(&self, data: &Dataset) -> anyhow::Result<System> {
        match &self.predictions {
            Some(path) => self.labelled.predictions(path, data),
            None => self.labelled.model(&self.engine),
        }
    }

    fn baselines(&self, data: &Dataset) -> anyhow::Result<Vec<Baseline>> {
        let mut settings = self.labelled.settings(0);
        settings.by = Vec::new();
        let mut names = vec!["majority", "lexicon"];
        if self.labelled.has_training() {
            names.push("linear");
        }
        let mut baselines = Vec::new();
        for name in names {
            let system = self.labelled.system(name, data)?;
            let told = self.labelled.ask(&*system.predictor, &data.feedback());
            let mut report = Report::new(data, &told, &settings);
            baselines.push(Baseline {
                name,
                figures: report.groups.swap_remove(0).figures,
            });
        }
        Ok(baselines)
    }

    /// Scores the cases of behaviour.
    fn probe(&self) -> anyhow::Result<Outcome> {
        let mut cases = Vec::new();
        for path in super::sources::files(&self.inputs)? {
            let text = std::fs::read_to_string(&path)
                .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
            let own = Case::parse(&text);
            cases.extend(own.map_err(|error| anyhow::anyhow!("{}, {error}", path.display()))?);
        }
        let system = self.system(&Dataset::default())?;
        let texts = cases.iter().flat_map(Case::texts);
        let feedback: Vec<_> = texts
            .map(|text| painpoint::Feedback::new("", text))
            .collect();
        let told = self
            .labelled
            .ask(&*system.predictor, &feedback.iter().collect::<Vec<_>>());
        let behaviour = Behaviour::new(&cases, &told);

        let signature = system.sign(Signature::of_cases(&cases), "");
        let title = format!("Behaviour of {}", system.predictor.name());
        let sections = behaviour_sections(&behaviour);
        self.forms.write(&signature, title, sections, &behaviour)?;
        Ok(Outcome::Done)
    }
}
