//! Which model reads, and what computes it, as the command line says it.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

use painpoint::{Analyzer, AnalyzerBuilder, Checkpoint, Device, Engine, Model};

use super::score::by_code;

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
    /// The models it names, in the order in which they are asked.
    pub(crate) fn models(&self) -> painpoint::Result<Vec<Model>> {
        Ok(match self {
            Self::Base => vec![Model::bundled()?],
            Self::Fast => vec![Model::bundled_fast()?],
            Self::Cascade => vec![Model::bundled_fast()?, Model::bundled()?],
            Self::Folder(folder) => vec![Model::load(folder)?],
        })
    }
}

#[derive(clap::Args)]
pub(crate) struct EngineArguments {
    /// base (the most accurate), fast (three times as fast), cascade (fast, and base where fast is unsure), or the folder of a model
    #[arg(long, value_name = "MODEL", default_value = "base")]
    pub(crate) model: ModelChoice,

    /// In a cascade, take the fast model's word where its sentiment has at least this probability; 0.8 if left out
    #[arg(long, value_name = "PROBABILITY", value_parser = probability)]
    sure: Option<f32>,

    /// Compute the encoder in int8 (fast), in f32 (the reference), or by rust-bert on libtorch (for comparison, and for a GPU)
    #[arg(long, value_name = "ENGINE", value_parser = engine, default_value_t = Engine::Int8)]
    pub(crate) engine: Engine,

    /// Where rust-bert computes: cpu, cuda or cuda:N
    #[arg(long, value_name = "DEVICE", default_value_t)]
    device: Device,

    /// Take the sentiment or the topics from this folder: a BERT, DistilBERT, RoBERTa or XLM-R checkpoint that classifies text
    #[arg(long, value_name = "DIR")]
    pub(crate) checkpoint: Option<PathBuf>,

    /// What the checkpoint's labels mean, in TOML; labels.toml in its folder if left out
    #[arg(long, value_name = "FILE", requires = "checkpoint")]
    labels: Option<PathBuf>,
}

/// The usual `--sure`: a third of the dev items go to the full model, and topics
/// are as good as three points below its.
const SURE: f32 = 0.8;

by_code!(pub(crate) engine, Engine);

fn probability(text: &str) -> Result<f32, String> {
    let probability = text.parse().ok();
    probability
        .filter(|probability| (0.0..=1.0).contains(probability))
        .ok_or_else(|| "a number from 0 to 1".to_owned())
}

impl EngineArguments {
    /// A model on an engine on the processor.
    pub(crate) fn of(model: ModelChoice, engine: Engine) -> Self {
        Self {
            model,
            sure: None,
            engine,
            device: Device::Cpu,
            checkpoint: None,
            labels: None,
        }
    }

    /// The usual model and engine, with the checkpoint in a folder.
    pub(crate) fn of_checkpoint(folder: PathBuf) -> Self {
        Self {
            checkpoint: Some(folder),
            ..Self::of(ModelChoice::Base, Engine::default())
        }
    }

    /// An analyzer that is still to be built.
    pub(crate) fn builder(&self) -> painpoint::Result<AnalyzerBuilder> {
        if self.sure.is_some() && !matches!(self.model, ModelChoice::Cascade) {
            super::usage("--sure is for --model cascade");
        }
        let builder = Analyzer::builder().engine(self.engine).device(self.device);
        let builder = match &self.model {
            ModelChoice::Base => builder,
            ModelChoice::Fast => builder.model(Model::bundled_fast()?),
            ModelChoice::Cascade => {
                builder.first(Model::bundled_fast()?, self.sure.unwrap_or(SURE))
            }
            ModelChoice::Folder(folder) => builder.model(Model::load(folder)?),
        };
        let Some(folder) = &self.checkpoint else {
            return Ok(builder);
        };
        let checkpoint = Checkpoint::new(folder);
        Ok(builder.checkpoint(match &self.labels {
            Some(file) => checkpoint.labelled_by(file),
            None => checkpoint,
        }))
    }
}
