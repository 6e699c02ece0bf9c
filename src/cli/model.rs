//! `painpoint model`

use std::io::Write;

use painpoint::Model;

use super::Outcome;
use super::engine::ModelChoice;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// base, fast, cascade (both of them), or the folder of a model
    #[arg(value_name = "MODEL", default_value = "base")]
    model: ModelChoice,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let mut out = std::io::stdout().lock();
    for (name, value) in arguments.model.models()?.iter().flat_map(Model::facts) {
        writeln!(out, "{name:<12} {value}")?;
    }
    Ok(Outcome::Done)
}
