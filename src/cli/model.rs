//! `painpoint model`

use std::io::Write;
use std::path::PathBuf;

use painpoint::Model;

use super::Outcome;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folder of the model; the bundled one if left out
    #[arg(value_name = "DIR")]
    model: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let mut out = std::io::stdout().lock();
    let model = match &arguments.model {
        Some(dir) => Model::load(dir)?,
        None => Model::bundled()?,
    };
    for (name, value) in model.facts() {
        writeln!(out, "{name:<12} {value}")?;
    }
    Ok(Outcome::Done)
}
