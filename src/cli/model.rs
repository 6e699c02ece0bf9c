//! `painpoint model`, and the models that a command may be told to use.

use std::convert::Infallible;
use std::io::Write;
use std::path::PathBuf;
use std::str::FromStr;

use painpoint::{Analyzer, AnalyzerBuilder, Model};

use super::Outcome;

/// What `--model` names.
#[derive(Clone, Debug)]
pub(crate) enum ModelChoice {
    /// The full model inside the program.
    Base,
    /// The small model inside the program.
    Fast,
    /// The small one, and the full one about what it is unsure of.
    Cascade,
    /// A model in a folder.
    Folder(PathBuf),
}

impl FromStr for ModelChoice {
    type Err = Infallible;

    fn from_str(name: &str) -> Result<Self, Infallible> {
        Ok(match name {
            "base" => Self::Base,
            "fast" => Self::Fast,
            "cascade" => Self::Cascade,
            folder => Self::Folder(folder.into()),
        })
    }
}

impl ModelChoice {
    /// An analyzer of it; in a cascade the small model's word is taken where it
    /// is at least so `sure`.
    pub(crate) fn analyzer(&self, sure: f32) -> painpoint::Result<AnalyzerBuilder> {
        let builder = Analyzer::builder();
        Ok(match self {
            Self::Base => builder,
            Self::Fast => builder.model(Model::bundled_fast()?),
            Self::Cascade => builder.first(Model::bundled_fast()?, sure),
            Self::Folder(folder) => builder.model(Model::load(folder)?),
        })
    }
}

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// base, fast (both inside the program), or the folder of a model
    #[arg(value_name = "MODEL", default_value = "base")]
    model: ModelChoice,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let mut out = std::io::stdout().lock();
    let models = match &arguments.model {
        ModelChoice::Base => vec![Model::bundled()?],
        ModelChoice::Fast => vec![Model::bundled_fast()?],
        ModelChoice::Cascade => vec![Model::bundled_fast()?, Model::bundled()?],
        ModelChoice::Folder(folder) => vec![Model::load(folder)?],
    };
    for (name, value) in models.iter().flat_map(Model::facts) {
        writeln!(out, "{name:<12} {value}")?;
    }
    Ok(Outcome::Done)
}
