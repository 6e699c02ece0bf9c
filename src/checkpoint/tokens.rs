//! Text → the token ids of a checkpoint.

use std::path::{Path, PathBuf};

use rust_bert::pipelines::common::TokenizerOption;
use serde::Deserialize;
use tch::Device as TorchDevice;
use tokenizers::Tokenizer;

use super::config::{Architecture, Config};
use crate::encode::rust_bert::failed;
use crate::error::{Error, Result};

/// Texts are cut into tokens in pieces of at most so many bytes: not every
/// tokenizer of the world takes linear time.
const PIECE_BYTES: usize = 1 << 12;

/// The tokenizer of a checkpoint.
pub(super) struct Tokens {
    cutter: Cutter,
    /// Most tokens of a window, marks included.
    limit: usize,
    vocabulary: usize,
}

enum Cutter {
    /// `tokenizer.json`.
    Json(Box<Tokenizer>),
    /// The files that it is made of, read by `rust-bert`.
    Files(Box<TokenizerOption>),
}

/// What matters in `tokenizer_config.json`; what it leaves out is as
/// `transformers` has it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Settings {
    do_lower_case: Option<bool>,
    strip_accents: Option<bool>,
    add_prefix_space: bool,
}

impl Tokens {
    pub(super) fn load(folder: &Path, config: &Config) -> Result<Self> {
        let path = folder.join("tokenizer.json");
        let cutter = match path.exists() {
            true => json(&path)?,
            false => files(folder, config.architecture)?,
        };
        Ok(Self {
            cutter,
            limit: config.limit,
            vocabulary: config.vocabulary,
        })
    }

    /// Cuts `text` into windows; at least one, also of nothing.
    pub(super) fn windows(&self, text: &str) -> Result<Vec<Vec<u32>>> {
        let mut windows = Vec::new();
        for piece in pieces(text) {
            let ids = self.cutter.ids(piece)?;
            if let Some(id) = ids.iter().find(|&&id| id as usize >= self.vocabulary) {
                return Err(failed(format!(
                    "token {id} in a vocabulary of {}",
                    self.vocabulary
                )));
            }
            windows.extend(split(&ids, self.limit));
        }
        Ok(windows)
    }
}

impl Cutter {
    /// Token ids between two marks.
    fn ids(&self, text: &str) -> Result<Vec<u32>> {
        match self {
            Self::Json(tokenizer) => {
                let encoding = tokenizer.encode_fast(text, true).map_err(failed)?;
                Ok(encoding.get_ids().to_vec())
            }
            Self::Files(tokenizer) => {
                let (ids, _) = tokenizer.tokenize_and_pad([text], usize::MAX, TorchDevice::Cpu);
                let ids = ids.f_reshape([-1]).map_err(failed)?;
                let ids: Vec<i64> = Vec::try_from(&ids).map_err(failed)?;
                ids.into_iter()
                    .map(|id| u32::try_from(id).map_err(failed))
                    .collect()
            }
        }
    }
}

fn json(path: &Path) -> Result<Cutter> {
    let broken = |error: tokenizers::Error| {
        Error::model(format!("this tokenizer cannot be read ({error})")).with_path(path)
    };
    let mut tokenizer = Tokenizer::from_file(path).map_err(broken)?;
    // Windows are ours to cut.
    tokenizer.with_truncation(None).map_err(broken)?;
    tokenizer.with_padding(None);
    Ok(Cutter::Json(Box::new(tokenizer)))
}

fn files(folder: &Path, architecture: Architecture) -> Result<Cutter> {
    let settings = settings(folder)?;
    let found = |name: &str| -> Result<PathBuf> {
        let path = folder.join(name);
        match path.exists() {
            true => Ok(path),
            false => Err(Error::model(format!(
                "the checkpoint has neither tokenizer.json nor {name}"
            ))
            .with_path(folder)),
        }
    };
    let (vocabulary, merges) = match architecture {
        Architecture::Bert | Architecture::DistilBert => (found("vocab.txt")?, None),
        Architecture::Roberta => (found("vocab.json")?, Some(found("merges.txt")?)),
        Architecture::XlmRoberta => (found("sentencepiece.bpe.model")?, None),
    };
    let is_bert = matches!(architecture, Architecture::Bert | Architecture::DistilBert);
    let is_roberta = architecture == Architecture::Roberta;
    // The way to files is text for `rust-bert`.
    let text = |path: &PathBuf| path.to_str().map(str::to_owned);
    let unwritable = || Error::model("the folder's name is not Unicode").with_path(folder);
    let tokenizer = TokenizerOption::from_file(
        architecture.model_type(),
        &text(&vocabulary).ok_or_else(unwritable)?,
        merges.as_ref().and_then(text).as_deref(),
        is_bert && settings.do_lower_case.unwrap_or(true),
        settings.strip_accents.filter(|_| is_bert),
        is_roberta.then_some(settings.add_prefix_space),
    );
    Ok(Cutter::Files(Box::new(tokenizer.map_err(failed)?)))
}

fn settings(folder: &Path) -> Result<Settings> {
    let path = folder.join("tokenizer_config.json");
    match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|source| {
            Error::model("these settings of a tokenizer cannot be read")
                .with_path(path)
                .with_source(source)
        }),
        Err(_) => Ok(Settings::default()),
    }
}

/// Cuts `text` into pieces of at most [`PIECE_BYTES`], at white space where there
/// is some in the second half.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while rest.len() > PIECE_BYTES {
        let most = rest.floor_char_boundary(PIECE_BYTES);
        let space = rest[..most].rfind(char::is_whitespace);
        let at = space.filter(|&at| at >= PIECE_BYTES / 2).unwrap_or(most);
        let (piece, later) = rest.split_at(at);
        pieces.push(piece);
        rest = later;
    }
    pieces.push(rest);
    pieces
}

/// Cuts ids between two marks into windows of at most `limit`, each with the marks.
fn split(ids: &[u32], limit: usize) -> Vec<Vec<u32>> {
    match ids {
        [first, inner @ .., last] if ids.len() > limit => inner
            .chunks(limit - 2)
            .map(|part| [&[*first], part, &[*last]].concat())
            .collect(),
        ids => vec![ids.to_vec()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_have_their_marks_and_hold_every_token() {
        assert_eq!(split(&[0, 2], 4), [[0, 2]]);
        assert_eq!(split(&[0, 5, 6, 2], 4), [[0, 5, 6, 2]]);
        assert_eq!(
            split(&[0, 5, 6, 7, 2], 4),
            [&[0, 5, 6, 2][..], &[0, 7, 2][..]]
        );
    }

    #[test]
    fn pieces_are_the_text() {
        let texts = [
            String::new(),
            "ok".to_owned(),
            "很慢".repeat(10_000),
            "so slow ".repeat(10_000),
            "😡".repeat(10_000),
        ];
        for text in texts {
            let pieces = pieces(&text);
            assert_eq!(pieces.concat(), text);
            assert!(pieces.iter().all(|piece| piece.len() <= PIECE_BYTES));
        }
    }
}
