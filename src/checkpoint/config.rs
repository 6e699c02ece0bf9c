//! `config.json`: the architecture of a checkpoint, its shape and its labels.

use std::collections::BTreeMap;
use std::path::Path;

use rust_bert::pipelines::common::ModelType;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};

const CONFIG: &str = "config.json";

/// The two marks and a token between them.
const LEAST_LIMIT: usize = 3;

/// What `rust-bert` asks for, and `transformers` leaves out here and there; some
/// of it matters for training alone.
fn usual() -> Value {
    json!({
        "activation": "gelu",
        "attention_dropout": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "dropout": 0.1,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "initializer_range": 0.02,
        "qa_dropout": 0.1,
        "seq_classif_dropout": 0.2,
        "sinusoidal_pos_embds": false,
        "tie_weights_": true,
        "type_vocab_size": 2,
    })
}

/// What a checkpoint says of itself.
pub(super) struct Config {
    pub(super) architecture: Architecture,
    pub(super) labels: Vec<String>,
    /// Whether several labels may hold at once.
    pub(super) several: bool,
    /// Most tokens of a window, marks included.
    pub(super) limit: usize,
    pub(super) vocabulary: usize,
    /// All of it, completed.
    all: Value,
}

/// The form of a checkpoint's network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Architecture {
    Bert,
    DistilBert,
    Roberta,
    XlmRoberta,
}

impl Architecture {
    fn named(name: &str) -> Option<Self> {
        match name {
            "bert" => Some(Self::Bert),
            "distilbert" => Some(Self::DistilBert),
            "roberta" => Some(Self::Roberta),
            "xlm-roberta" => Some(Self::XlmRoberta),
            _ => None,
        }
    }

    /// What `rust-bert` calls it.
    pub(super) fn model_type(self) -> ModelType {
        match self {
            Self::Bert => ModelType::Bert,
            Self::DistilBert => ModelType::DistilBert,
            Self::Roberta => ModelType::Roberta,
            Self::XlmRoberta => ModelType::XLMRoberta,
        }
    }

    /// The token that fills up a window. RoBERTa counts its positions by it, from
    /// one behind its number on, and so has less room than positions.
    pub(super) fn filler(self) -> u32 {
        match self {
            Self::Bert | Self::DistilBert => 0,
            Self::Roberta | Self::XlmRoberta => 1,
        }
    }

    fn limit(self, positions: usize) -> usize {
        match self {
            Self::Bert | Self::DistilBert => positions,
            Self::Roberta | Self::XlmRoberta => positions.saturating_sub(2),
        }
    }
}

/// What we ask for ourselves.
#[derive(Deserialize)]
struct Own {
    model_type: String,
    #[serde(default)]
    id2label: BTreeMap<usize, String>,
    #[serde(default = "two")]
    num_labels: usize,
    #[serde(default)]
    problem_type: Option<String>,
    #[serde(default)]
    position_embedding_type: Option<String>,
    max_position_embeddings: usize,
    vocab_size: usize,
}

fn two() -> usize {
    2
}

impl Config {
    pub(super) fn load(folder: &Path) -> Result<Self> {
        let path = folder.join(CONFIG);
        let bytes = std::fs::read(&path).map_err(|source| {
            Error::io("cannot read what the checkpoint says of itself", source)
                .with_path(&path)
                .with_hint("a checkpoint is a folder as transformers saves it, with config.json")
        })?;
        Self::parse(&bytes).map_err(|error| error.with_path(path))
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        let broken = |source| {
            Error::model("this is not the configuration of a checkpoint").with_source(source)
        };
        let Own {
            model_type,
            id2label,
            num_labels,
            problem_type,
            position_embedding_type,
            max_position_embeddings,
            vocab_size,
        } = serde_json::from_slice(bytes).map_err(broken)?;
        let refuse = |what: String| Err(Error::model(what));
        let Some(architecture) = Architecture::named(&model_type) else {
            return refuse(format!(
                "the checkpoint is of the type {model_type}, which is none of bert, distilbert, roberta and xlm-roberta"
            ));
        };
        if let Some(kind) = position_embedding_type.filter(|kind| kind != "absolute") {
            return refuse(format!(
                "the checkpoint's positions are {kind}, not absolute"
            ));
        }
        // A configuration with two labels without a name says nothing of them.
        let labels: Vec<String> = match id2label.is_empty() {
            true => (0..num_labels).map(|id| format!("LABEL_{id}")).collect(),
            false if id2label.keys().copied().eq(0..id2label.len()) => {
                id2label.into_values().collect()
            }
            false => return refuse("the numbers of the labels are not 0, 1, 2, …".to_owned()),
        };
        if labels.len() < 2 {
            return refuse(format!(
                "the checkpoint has {} labels; one that gives a number cannot be used",
                labels.len()
            ));
        }
        let limit = architecture.limit(max_position_embeddings);
        if limit < LEAST_LIMIT {
            return refuse(format!(
                "{max_position_embeddings} positions leave no room for a token"
            ));
        }
        Ok(Self {
            architecture,
            several: problem_type.as_deref() == Some("multi_label_classification"),
            limit,
            vocabulary: vocab_size,
            all: complete(serde_json::from_slice(bytes).map_err(broken)?, &labels),
            labels,
        })
    }

    /// As `rust-bert` takes it.
    pub(super) fn shape<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_value(self.all.clone()).map_err(|source| {
            Error::model("rust-bert does not know this form of the architecture")
                .with_source(source)
        })
    }
}

fn complete(given: Map<String, Value>, labels: &[String]) -> Value {
    let mut all = usual();
    for (name, value) in given {
        all[name] = value;
    }
    let numbers = labels.iter().enumerate();
    all["id2label"] = numbers
        .map(|(id, label)| (id.to_string(), json!(label)))
        .collect();
    // Theirs to compute and ours to throw away.
    for name in [
        "label2id",
        "output_attentions",
        "output_hidden_states",
        "is_decoder",
    ] {
        all[name] = Value::Null;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(change: impl FnOnce(&mut Value)) -> Result<Config> {
        let mut value = json!({
            "model_type": "roberta", "max_position_embeddings": 514, "vocab_size": 50265,
            "id2label": {"2": "positive", "0": "negative", "1": "neutral"},
        });
        change(&mut value);
        Config::parse(value.to_string().as_bytes())
    }

    #[test]
    fn labels_stand_in_the_order_of_their_numbers() {
        let config = config(|_| {}).expect("a configuration");
        assert_eq!(config.labels, ["negative", "neutral", "positive"]);
        assert_eq!((config.limit, config.several), (512, false));
    }

    #[test]
    fn labels_without_a_name_are_two() {
        let config = config(|value| value["id2label"] = json!({})).expect("a configuration");
        assert_eq!(config.labels, ["LABEL_0", "LABEL_1"]);
        assert_eq!(
            config.all["id2label"],
            json!({"0": "LABEL_0", "1": "LABEL_1"})
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_a_reason() {
        type Change = fn(&mut Value);
        let cases: [(Change, &str); 7] = [
            (|c| c["model_type"] = json!("t5"), "type t5"),
            (|c| c["id2label"] = json!({"0": "score"}), "1 labels"),
            (
                |c| c["id2label"] = json!({"1": "a", "2": "b"}),
                "numbers of the labels",
            ),
            (
                |c| c["id2label"] = json!({"x": "a"}),
                "not the configuration",
            ),
            (|c| c["max_position_embeddings"] = json!(4), "no room"),
            (
                |c| c["max_position_embeddings"] = json!(-1),
                "not the configuration",
            ),
            (
                |c| c["position_embedding_type"] = json!("relative_key"),
                "relative_key",
            ),
        ];
        for (change, expected) in cases {
            let error = config(change).err().expect("a refusal").to_string();
            assert!(error.contains(expected), "{error}");
        }
        assert!(Config::parse(b"[]").is_err());
        assert!(Config::parse(b"\xff").is_err());
    }
}
