//! `tokenizer.json`: what is read of it, and what of it is taken for granted.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::charsmap::Charsmap;
use super::normalize::SPACE;
use super::trie::Trie;
use crate::error::{Error, Result};

/// A tokenizer as it is stored.
pub(super) struct Parts {
    pub(super) charsmap: Charsmap,
    pub(super) vocabulary: Vocabulary,
    /// The piece for what no other stands for.
    pub(super) unknown: u32,
    /// Pieces that are found in the text before anything else is done to it.
    pub(super) added: Vec<(u32, String)>,
}

/// The pieces of text that are tokens, numbered from 0.
pub(super) struct Vocabulary {
    pub(super) trie: Trie,
    /// Logarithms of the pieces' probabilities.
    pub(super) scores: Vec<f64>,
}

#[derive(Deserialize)]
struct File<'a> {
    version: String,
    added_tokens: Vec<AddedToken>,
    normalizer: Value,
    pre_tokenizer: Value,
    #[serde(borrow)]
    model: Model<'a>,
}

#[derive(Deserialize)]
struct AddedToken {
    id: u32,
    content: String,
    single_word: bool,
    lstrip: bool,
    rstrip: bool,
    normalized: bool,
}

#[derive(Deserialize)]
struct Model<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    unk_id: Option<u32>,
    #[serde(default)]
    byte_fallback: bool,
    vocab: Vocabulary,
}

/// A piece and its score. The score is read from its digits: how serde_json
/// rounds depends on what other crates ask of it.
#[derive(Deserialize)]
struct Scored<'a>(#[serde(borrow)] Cow<'a, str>, #[serde(borrow)] &'a RawValue);

/// Reads the text of a `tokenizer.json` and refuses what would need other code
/// than there is.
pub(super) fn parse(json: &[u8]) -> Result<Parts> {
    let broken = |source| Error::model("tokenizer.json cannot be used").with_source(source);
    let File {
        version,
        added_tokens,
        normalizer,
        pre_tokenizer,
        model,
    } = serde_json::from_slice(json).map_err(broken)?;
    let demand = |holds: bool, what: &str| match holds {
        true => Ok(()),
        false => Err(Error::model(format!(
            "tokenizer.json cannot be used: {what}"
        ))),
    };
    demand(version == "1.0", "its version is not 1.0")?;

    demand(model.kind == "Unigram", "its model is not Unigram")?;
    demand(!model.byte_fallback, "byte_fallback is not supported")?;
    let scores = &model.vocab.scores;
    let unknown = model.unk_id.filter(|&id| (id as usize) < scores.len());
    let Some(unknown) = unknown else {
        return Err(Error::model(
            "tokenizer.json names no piece for what is unknown",
        ));
    };

    let metaspace = json!({
        "type": "Metaspace",
        "replacement": SPACE,
        "prepend_scheme": "always",
        "split": true,
    });
    demand(
        pre_tokenizer == metaspace,
        "its pre_tokenizer is not Metaspace with ▁ before every word",
    )?;

    for token in &added_tokens {
        let content = &token.content;
        let plain = !(token.single_word || token.lstrip || token.rstrip || token.normalized);
        let known = model.vocab.trie.get(content.chars()) == Some(token.id);
        demand(
            plain && known && !content.is_empty(),
            &format!("its added token {content:?} is not simply a piece of the vocabulary"),
        )?;
    }
    Ok(Parts {
        charsmap: charsmap(&normalizer)?,
        vocabulary: model.vocab,
        unknown,
        added: added_tokens
            .into_iter()
            .map(|token| (token.id, token.content))
            .collect(),
    })
}

/// The one normaliser that we have: a charsmap, and one space for many.
fn charsmap(normalizer: &Value) -> Result<Charsmap> {
    let spaces = json!({"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "});
    let parts = normalizer["normalizers"].as_array().map(Vec::as_slice);
    let map = match parts {
        Some([map, rest])
            if normalizer["type"] == "Sequence"
                && map["type"] == "Precompiled"
                && *rest == spaces =>
        {
            map["precompiled_charsmap"].as_str()
        }
        _ => {
            return Err(Error::model(
                "tokenizer.json cannot be used: \
                 its normalizer is not Precompiled, then one space for many",
            ));
        }
    };
    map.and_then(|text| BASE64_STANDARD.decode(text).ok())
        .and_then(|bytes| Charsmap::parse(&bytes))
        .ok_or_else(|| Error::model("tokenizer.json has a broken precompiled_charsmap"))
}

impl<'de> Deserialize<'de> for Vocabulary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_seq(VocabularyVisitor)
    }
}

/// Room for this many pieces is made at first: with less, building takes half
/// as long again.
const USUAL_PIECES: usize = 1 << 17;

/// Puts one piece after the other into the trie, without a copy.
struct VocabularyVisitor;

impl<'de> Visitor<'de> for VocabularyVisitor {
    type Value = Vocabulary;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of pieces with their scores")
    }

    fn visit_seq<A: SeqAccess<'de>>(
        self,
        mut pieces: A,
    ) -> std::result::Result<Vocabulary, A::Error> {
        let mut trie = Trie::with_capacity(USUAL_PIECES);
        let mut scores = Vec::new();
        while let Some(Scored(piece, score)) = pieces.next_element()? {
            let id = u32::try_from(scores.len()).map_err(de::Error::custom)?;
            if !trie.insert(&piece, id) {
                return Err(de::Error::custom("too many pieces"));
            }
            scores.push(score.get().parse().map_err(de::Error::custom)?);
        }
        Ok(Vocabulary { trie, scores })
    }
}
