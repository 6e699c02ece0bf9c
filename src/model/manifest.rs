//! `manifest.json`: what a model is made of and what its numbers mean.
//!
//! Label names and their order, temperatures and thresholds live here and
//! nowhere in code.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use serde::Deserialize;

use super::verify::GET_AGAIN;
use crate::error::{Error, Result};
use crate::kernel::MAX_INPUTS;

/// The format that this version reads.
const FORMAT: u32 = 1;

/// What a logit may be divided by: beyond, probabilities are all 0 and 1, or all
/// the same.
const TEMPERATURES: RangeInclusive<f32> = 0.01..=100.0;

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Manifest {
    format: u32,
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) licence: String,
    /// The model that it takes its tokenizer and its word vectors from, by the name
    /// of the folder, which lies beside its own.
    #[serde(default)]
    pub(crate) shares_with: Option<String>,
    pub(crate) encoder: EncoderShape,
    pub(crate) tokenizer: TokenizerMarks,
    pub(crate) heads: HeadShapes,
    /// Below this probability of its label a sentiment is flagged.
    pub(crate) low_confidence: f32,
    /// Size and hash of every other file of the model; those of another as
    /// `FOLDER/FILE`.
    pub(crate) files: BTreeMap<String, FileStamp>,
    pub(crate) provenance: serde_json::Value,
    /// Hash of the manifest itself, with zeros in the place of this.
    pub(crate) seal: String,
}

/// The shape of a BERT encoder.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct EncoderShape {
    architecture: String,
    activation: String,
    pub(crate) layers: usize,
    pub(crate) hidden: usize,
    pub(crate) heads: usize,
    pub(crate) intermediate: usize,
    /// Longest window, with its two marks.
    pub(crate) max_tokens: usize,
    pub(crate) vocabulary: usize,
    pub(crate) layer_norm_eps: f32,
}

/// The tokens that open and close a window.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TokenizerMarks {
    pub(crate) start: String,
    pub(crate) end: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct HeadShapes {
    pub(crate) sentiment: HeadShape,
    pub(crate) stars: HeadShape,
    pub(crate) emotions: HeadShape,
    pub(crate) act: HeadShape,
    pub(crate) urgency: HeadShape,
    pub(crate) mixed: HeadShape,
    pub(crate) topics: TopicHeadShape,
}

/// A head on a pooled vector.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct HeadShape {
    pub(crate) labels: Vec<String>,
    /// Width of its hidden layer; 0 for none.
    pub(crate) hidden: usize,
    /// Logits are divided by it.
    pub(crate) temperature: f32,
    /// Of the labels that are decided one by one.
    #[serde(default)]
    pub(crate) thresholds: Vec<f32>,
}

/// The head that looks for each topic among the tokens.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TopicHeadShape {
    pub(crate) labels: Vec<String>,
    pub(crate) polarities: Vec<String>,
    /// Width of keys and queries.
    pub(crate) key: usize,
    /// Width of the hidden layer; 0 for none.
    pub(crate) hidden: usize,
    pub(crate) temperature: f32,
    pub(crate) thresholds: Vec<f32>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct FileStamp {
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

impl Manifest {
    /// Parses and checks what can be checked without the other files.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self> {
        // The format comes first: a later one may have other fields.
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let broken = |source| {
            Error::model("the manifest is not what it should be")
                .with_source(source)
                .with_hint(GET_AGAIN)
        };
        let Format { format } = serde_json::from_slice(bytes).map_err(broken)?;
        if format != FORMAT {
            return Err(Error::model(format!(
                "the model has format {format}, this version reads format {FORMAT}"
            ))
            .with_hint("use a painpoint of the same age as the model"));
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(broken)?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<()> {
        let Self { encoder, heads, .. } = self;
        let demand = |holds: bool, what: &str| match holds {
            true => Ok(()),
            false => Err(Error::model(format!("the manifest's {what}")).with_hint(GET_AGAIN)),
        };
        debug_assert_eq!(self.format, FORMAT);
        demand(
            self.shares_with.as_deref().is_none_or(is_folder_name),
            "model to share with is no name of a folder",
        )?;
        demand(
            encoder.architecture == "bert",
            "architecture is not \"bert\"",
        )?;
        demand(encoder.activation == "gelu", "activation is not \"gelu\"")?;
        for (name, width) in [
            ("hidden size", encoder.hidden),
            ("intermediate size", encoder.intermediate),
        ] {
            demand(
                (1..=MAX_INPUTS).contains(&width),
                &format!("{name} is not in 1..={MAX_INPUTS}"),
            )?;
        }
        demand(
            encoder.heads > 0 && encoder.hidden % encoder.heads == 0,
            "hidden size is not a multiple of its attention heads",
        )?;
        demand(
            encoder.max_tokens > 2,
            "longest window has no room for a token",
        )?;
        demand(
            encoder.layer_norm_eps > 0.0,
            "layer norm epsilon is not positive",
        )?;
        demand(
            (0.0..=1.0).contains(&self.low_confidence),
            "low_confidence is not in 0..1",
        )?;
        for (name, head) in heads.pooled() {
            demand(
                !head.labels.is_empty(),
                &format!("head {name} has no labels"),
            )?;
            demand(
                TEMPERATURES.contains(&head.temperature),
                &format!("temperature of {name} is not in 0.01..=100"),
            )?;
            demand(
                is_distinct(&head.labels),
                &format!("head {name} has a label twice"),
            )?;
        }
        for (name, head) in [("emotions", &heads.emotions), ("mixed", &heads.mixed)] {
            demand(
                head.thresholds.len() == head.labels.len(),
                &format!("head {name} does not have a threshold for each label"),
            )?;
        }
        let topics = &heads.topics;
        demand(topics.key > 0, "topic keys have no width")?;
        demand(
            TEMPERATURES.contains(&topics.temperature),
            "temperature of topics is not in 0.01..=100",
        )?;
        demand(is_distinct(&topics.labels), "head topics has a label twice")?;
        demand(
            topics.thresholds.len() == topics.labels.len(),
            "head topics does not have a threshold for each label",
        )?;
        demand(
            topics.polarities == ["absent", "negative", "neutral", "positive"],
            "topic polarities are not absent, negative, neutral, positive",
        )
    }

    /// The model as records name it, such as `painpoint-base-1`.
    pub(crate) fn id(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }
}

/// One beside this, and no way to elsewhere.
fn is_folder_name(name: &str) -> bool {
    let plain = |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char);
    name.starts_with(|char: char| char.is_ascii_alphanumeric()) && name.chars().all(plain)
}

fn is_distinct(labels: &[String]) -> bool {
    labels.iter().collect::<BTreeSet<_>>().len() == labels.len()
}

impl HeadShapes {
    /// Name and shape of the heads on pooled vectors.
    pub(crate) fn pooled(&self) -> [(&'static str, &HeadShape); 6] {
        [
            ("sentiment", &self.sentiment),
            ("stars", &self.stars),
            ("emotions", &self.emotions),
            ("act", &self.act),
            ("urgency", &self.urgency),
            ("mixed", &self.mixed),
        ]
    }
}
