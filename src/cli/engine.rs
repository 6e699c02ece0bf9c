//! Which model reads, and what computes it, as the command line says it.

use std::path::PathBuf;

use painpoint::{Analyzer, AnalyzerBuilder, Checkpoint, Device, Engine};

use super::score::by_code;

#[derive(clap::Args)]
pub(crate) struct EngineArguments {
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

by_code!(pub(crate) engine, Engine);

impl EngineArguments {
    /// An engine on the processor.
    pub(crate) fn of(engine: Engine) -> Self {
        Self {
            engine,
            device: Device::Cpu,
            checkpoint: None,
            labels: None,
        }
    }

    /// The usual engine, with the checkpoint in a folder.
    pub(crate) fn of_checkpoint(folder: PathBuf) -> Self {
        Self {
            checkpoint: Some(folder),
            ..Self::of(Engine::default())
        }
    }

    /// An analyzer that is still without a model.
    pub(crate) fn builder(&self) -> AnalyzerBuilder {
        let builder = Analyzer::builder().engine(self.engine).device(self.device);
        let Some(folder) = &self.checkpoint else {
            return builder;
        };
        let checkpoint = Checkpoint::new(folder);
        builder.checkpoint(match &self.labels {
            Some(file) => checkpoint.labelled_by(file),
            None => checkpoint,
        })
    }
}
