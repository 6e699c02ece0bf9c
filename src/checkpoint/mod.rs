//! A document → what a checkpoint of somebody else says of it, in our labels: in
//! place of the sentiment or the topics of our own model.
//!
//! Read [`config`] for what a checkpoint says of itself, [`labels`] for what its
//! labels mean, [`asked`] for what of a document is asked, [`tokens`] and
//! [`network`] for text → probabilities, and [`verdict`] for where these go;
//! [`judge`] joins them.

#[cfg(feature = "rust-bert")]
mod asked;
#[cfg(feature = "rust-bert")]
mod config;
#[cfg(feature = "rust-bert")]
mod judge;
#[cfg(feature = "rust-bert")]
mod labels;
#[cfg(feature = "rust-bert")]
mod network;
#[cfg(feature = "rust-bert")]
mod tokens;
#[cfg(feature = "rust-bert")]
mod verdict;
#[cfg(not(feature = "rust-bert"))]
mod without;

use std::path::{Path, PathBuf};

#[cfg(feature = "rust-bert")]
pub(crate) use judge::Judge;
#[cfg(not(feature = "rust-bert"))]
pub(crate) use without::Judge;

/// A folder with a model that classifies text, as `transformers` saves it: BERT,
/// DistilBERT, RoBERTa or XLM-R. Needs the feature `rust-bert`.
///
/// The folder holds `config.json`; `model.safetensors` or `pytorch_model.bin`;
/// and `tokenizer.json` or the files that it is made of: `vocab.txt`,
/// `vocab.json` and `merges.txt`, or `sentencepiece.bpe.model`.
///
/// Its labels must mean something to us. Names such as `negative`, `5 stars` or
/// the id of a topic do, and so does `LABEL_0` where there are two, three or
/// five of them, worst first. What others mean says a file, `labels.toml` in
/// the folder or [`labelled_by`](Self::labelled_by):
///
/// ```toml
/// threshold = 0.4                 # of topics; 0.5 if left out
///
/// [labels]
/// "joy" = "positive"
/// "sarcasm" = "none"              # says nothing to us
/// "late" = "delivery_speed"       # a topic
/// "nice staff" = "staff_attitude:positive"
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    folder: PathBuf,
    labels: Option<PathBuf>,
}

impl Checkpoint {
    /// The checkpoint in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            labels: None,
        }
    }

    /// Takes the meaning of its labels from this file.
    pub fn labelled_by(mut self, file: impl Into<PathBuf>) -> Self {
        self.labels = Some(file.into());
        self
    }

    /// The folder; records call the checkpoint by its name.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file that says what its labels mean, if one was named.
    pub fn labels(&self) -> Option<&Path> {
        self.labels.as_deref()
    }
}
