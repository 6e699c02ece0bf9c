//! A checkpoint at work: texts of documents in, amended scores out.

use std::sync::Arc;

use super::Checkpoint;
use super::asked::Asked;
use super::config::Config;
use super::labels::Labels;
use super::network::Network;
use super::tokens::Tokens;
use super::verdict::{self, Answers};
use crate::classify::Scores;
use crate::encode::Device;
use crate::encode::rust_bert::{Worker, failed, find, guarded};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::prepare::Document;
use crate::tokenize::Window;

/// The file in a checkpoint's folder that says what its labels mean.
const LABELS: &str = "labels.toml";

/// Answers in place of a model for the sentiment or for the topics.
pub(crate) struct Judge {
    name: String,
    labels: Labels,
    /// Below this probability of its label a sentiment is flagged.
    low_confidence: f32,
    worker: Worker<Vec<String>, Vec<Result<Vec<f32>>>>,
}

impl Judge {
    /// Loads a checkpoint to stand beside `model`, for so many threads of
    /// libtorch; 0 leaves their number to it.
    pub(crate) fn load(
        checkpoint: &Checkpoint,
        model: &Model,
        device: Device,
        threads: usize,
    ) -> Result<Self> {
        let folder = checkpoint.folder();
        let config = Config::load(folder)?;
        let beside = Some(folder.join(LABELS)).filter(|path| path.exists());
        let file = checkpoint.labels().or(beside.as_deref());
        let labels = Labels::load(&config.labels, config.several, file)?;
        let device = find(device)?;
        let loaded = guarded(|| {
            let tokens = Tokens::load(folder, &config)?;
            Ok((tokens, Network::load(folder, &config, device)?))
        });
        let (tokens, network) = loaded.map_err(|error| match error.kind() {
            ErrorKind::Encoder => Error::model("this checkpoint cannot be loaded")
                .with_path(folder)
                .with_source(error),
            _ => error,
        })?;
        let name = folder.canonicalize();
        let name = name.as_deref().unwrap_or(folder).file_name();
        Ok(Self {
            name: name.unwrap_or_default().to_string_lossy().into_owned(),
            labels,
            low_confidence: model.manifest().low_confidence,
            worker: Worker::start(threads, move |texts: Vec<String>| {
                Ok(probabilities(&tokens, &network, &texts))
            })?,
        })
    }

    /// What records call `model` when the judge has its say:
    /// `painpoint-base-1, sentiment by NAME`.
    pub(crate) fn model_id(&self, model: &str) -> Arc<str> {
        let matter = match self.labels {
            Labels::Sentiment(_) => "sentiment",
            Labels::Topics(_) => "topics",
        };
        format!("{model}, {matter} by {}", self.name).into()
    }

    /// Puts its answers in place of the model's. A document without scores is
    /// not asked about.
    pub(crate) fn answer(
        &self,
        documents: &[(Document, Vec<Window>)],
        scores: &mut [Option<Result<Scores>>],
    ) {
        let asked = documents.iter().zip(&*scores);
        let asked = asked.map(|((document, _), scores)| match scores {
            Some(Ok(scores)) => Asked::new(document, scores),
            _ => Asked::default(),
        });
        let mut asked: Vec<_> = asked.collect();
        let texts = asked.iter_mut().flat_map(|asked| asked.texts.drain(..));
        let texts: Vec<String> = texts.collect();
        let count = texts.len();
        let answers = self.worker.ask(texts);
        let mut answers = answers
            .unwrap_or_else(|error| vec![Err(error); count])
            .into_iter();
        for ((asked, (document, windows)), scores) in asked.iter().zip(documents).zip(scores) {
            // All of them, also behind one that failed.
            let told: Vec<_> = answers.by_ref().take(asked.count).collect();
            let amended = scores.take().map(|scores| {
                let told: Vec<_> = told.into_iter().collect::<Result<_>>()?;
                Ok(self.amend(scores?, document, windows, &Answers::new(asked, &told)))
            });
            *scores = amended;
        }
    }

    fn amend(
        &self,
        mut scores: Scores,
        document: &Document,
        windows: &[Window],
        answers: &Answers<'_>,
    ) -> Scores {
        scores.model = self.model_id(&scores.model);
        match &self.labels {
            Labels::Sentiment(tones) => {
                verdict::sentiment(tones, answers, &mut scores);
                let unsure = |&p: &f32| p < self.low_confidence;
                scores.low_confidence = scores.sentiment.iter().all(unsure);
            }
            Labels::Topics(topics) => {
                scores.topics =
                    verdict::topics(topics, answers, document, windows, &scores.segments);
            }
        }
        scores
    }
}

/// The probability of each label, text by text: the mean over a text's windows,
/// the longer of which count for more.
fn probabilities(tokens: &Tokens, network: &Network, texts: &[String]) -> Vec<Result<Vec<f32>>> {
    let cut = texts.iter().map(|text| guarded(|| tokens.windows(text)));
    let cut: Vec<Result<Vec<_>>> = cut.collect();
    let windows: Vec<&[u32]> = cut.iter().flatten().flatten().map(Vec::as_slice).collect();
    let told = match guarded(|| network.probabilities(&windows)) {
        Ok(told) => told,
        Err(error) => return texts.iter().map(|_| Err(error.clone())).collect(),
    };
    let mut told = windows.iter().zip(told);
    let texts = cut.iter().map(|cut| {
        let count = cut.as_ref().map_err(Error::clone)?.len();
        mean(told.by_ref().take(count))
    });
    texts.collect()
}

fn mean<'a>(told: impl Iterator<Item = (&'a &'a [u32], Vec<f32>)>) -> Result<Vec<f32>> {
    let mut tokens = 0.0;
    let mut sum = Vec::new();
    for (window, told) in told {
        let weight = window.len() as f32;
        tokens += weight;
        sum.resize(told.len(), 0.0);
        for (sum, probability) in sum.iter_mut().zip(told) {
            *sum += weight * probability;
        }
    }
    let mean: Vec<f32> = sum.iter().map(|sum| sum / tokens).collect();
    match mean.iter().all(|probability| probability.is_finite()) {
        true => Ok(mean),
        false => Err(failed("the checkpoint gives what is no number")),
    }
}
