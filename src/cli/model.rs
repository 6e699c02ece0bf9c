//! `painpoint model`

use std::io::Write;
use std::path::{Path, PathBuf};

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
    for (name, value) in load(arguments.model.as_deref())?.facts() {
        writeln!(out, "{name:<12} {value}")?;
    }
    Ok(Outcome::Done)
}

/// The model in `dir`, or the bundled one.
pub(crate) fn load(dir: Option<&Path>) -> painpoint::Result<Model> {
    match dir {
        Some(dir) => Model::load(dir),
        None => Model::bundled(),
    }
}
