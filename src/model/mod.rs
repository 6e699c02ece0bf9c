//! A model: its files, checked, and what they hold.
//!
//! Read [`manifest`] for what a model says of itself and [`weights`] for how
//! its numbers are stored.

pub(crate) mod manifest;
mod verify;
pub(crate) mod weights;

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use manifest::Manifest;
use weights::Weights;

const MANIFEST: &str = "manifest.json";
const TOKENIZER: &str = "tokenizer.json";
const WEIGHTS: &str = "weights.safetensors";

/// The bytes of a file of a model of this repository.
#[cfg(feature = "bundled-model")]
macro_rules! bundled_file {
    ($name:literal) => {
        Cow::Borrowed(
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/models/", $name)).as_slice(),
        )
    };
}

/// The verified files of a model.
pub struct Model {
    manifest: Manifest,
    files: Files,
}

/// The files of a model, as they are stored.
pub(crate) struct Files {
    pub(crate) manifest: Bytes,
    pub(crate) tokenizer: Bytes,
    pub(crate) weights: Bytes,
    /// The weights of the model whose word vectors it shares.
    pub(crate) shared: Option<Bytes>,
}

type Bytes = Cow<'static, [u8]>;

impl Model {
    /// The model that is compiled into this library, `models/painpoint-base`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if the library was built without the feature
    /// `bundled-model`; [`ErrorKind::Model`] if the files were damaged before
    /// they were compiled in.
    pub fn bundled() -> Result<Self> {
        let model = Self::bundled_unverified()?;
        model.verify()?;
        Ok(model)
    }

    /// The small model that is compiled into this library, `models/painpoint-fast`:
    /// several times as fast as [`bundled`](Self::bundled), less accurate, with the
    /// same tokenizer and labels.
    ///
    /// # Errors
    ///
    /// As [`bundled`](Self::bundled).
    pub fn bundled_fast() -> Result<Self> {
        let model = Self::bundled_fast_unverified()?;
        model.verify()?;
        Ok(model)
    }

    /// As [`bundled`](Self::bundled), but [`verify`](Self::verify) is still to
    /// be called.
    #[cfg(feature = "bundled-model")]
    pub(crate) fn bundled_unverified() -> Result<Self> {
        Self::unverified(Files {
            manifest: bundled_file!("painpoint-base/manifest.json"),
            tokenizer: bundled_file!("painpoint-base/tokenizer.json"),
            weights: bundled_file!("painpoint-base/weights.safetensors"),
            shared: None,
        })
    }

    #[cfg(feature = "bundled-model")]
    fn bundled_fast_unverified() -> Result<Self> {
        Self::unverified(Files {
            manifest: bundled_file!("painpoint-fast/manifest.json"),
            tokenizer: bundled_file!("painpoint-base/tokenizer.json"),
            weights: bundled_file!("painpoint-fast/weights.safetensors"),
            shared: Some(bundled_file!("painpoint-base/weights.safetensors")),
        })
    }

    #[cfg(not(feature = "bundled-model"))]
    pub(crate) fn bundled_unverified() -> Result<Self> {
        Err(Error::new(
            ErrorKind::Config,
            "no model is given, and none is compiled in",
        )
        .with_hint("name the folder of a model, or build with the feature bundled-model"))
    }

    #[cfg(not(feature = "bundled-model"))]
    fn bundled_fast_unverified() -> Result<Self> {
        Self::bundled_unverified()
    }

    /// The model in folder `dir`, which holds `manifest.json`, `tokenizer.json` and
    /// `weights.safetensors`. Where the manifest says that it shares tokenizer and
    /// word vectors with another model, these are read from the folder of that
    /// name beside `dir`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if a file cannot be read; [`ErrorKind::Model`] if it
    /// is not the file that the manifest describes.
    pub fn load(dir: impl AsRef<Path>) -> Result<Self> {
        let dir = dir.as_ref();
        let read = |dir: &Path, name: &str| {
            let bytes = std::fs::read(dir.join(name)).map_err(|source| {
                Error::io("cannot read this file of the model", source)
                    .with_path(dir.join(name))
                    .with_hint("a model is a folder with manifest.json, tokenizer.json and weights.safetensors")
            });
            bytes.map(Cow::Owned)
        };
        let manifest = read(dir, MANIFEST)?;
        let in_dir = |error: Error| error.with_path(dir);
        let other = Manifest::parse(&manifest).map_err(in_dir)?.shares_with;
        let other = other.map(|name| dir.join("..").join(name));
        let model = Self::unverified(Files {
            manifest,
            tokenizer: read(other.as_deref().unwrap_or(dir), TOKENIZER)?,
            weights: read(dir, WEIGHTS)?,
            shared: other.map(|other| read(&other, WEIGHTS)).transpose()?,
        });
        let verified = model.and_then(|model| model.verify().map(|()| model));
        verified.map_err(in_dir)
    }

    /// The model in those files; [`verify`](Self::verify) is still to be called.
    pub(crate) fn unverified(files: Files) -> Result<Self> {
        Ok(Self {
            manifest: Manifest::parse(&files.manifest)?,
            files,
        })
    }

    /// Compares the files with what the manifest says of them, and of itself.
    pub(crate) fn verify(&self) -> Result<()> {
        let Self { manifest, files } = self;
        verify::verify_seal(MANIFEST, &files.manifest, &manifest.seal)?;
        let of_other = |name: &str| match &manifest.shares_with {
            Some(folder) => format!("{folder}/{name}"),
            None => name.to_owned(),
        };
        let shared = files.shared.iter().map(|bytes| (of_other(WEIGHTS), bytes));
        let own = [
            (of_other(TOKENIZER), &files.tokenizer),
            (WEIGHTS.to_owned(), &files.weights),
        ];
        for (name, bytes) in own.into_iter().chain(shared) {
            let stamp = manifest.files.get(&name).ok_or_else(|| {
                Error::new(
                    ErrorKind::Model,
                    format!("the manifest does not list {name}"),
                )
                .with_hint(verify::GET_AGAIN)
            })?;
            verify::verify(&name, bytes, stamp)?;
        }
        Ok(())
    }

    /// The model as records name it: its name and version, `painpoint-base-1`.
    pub fn id(&self) -> String {
        self.manifest.id()
    }

    /// SHA-256 of the manifest, in hexadecimal. The manifest holds the hashes
    /// of the other files, so this is a different one for any other model.
    pub fn fingerprint(&self) -> String {
        verify::sha256(&self.files.manifest)
    }

    /// Facts about the model, as name and value, for a person to read.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let Manifest {
            licence,
            encoder,
            heads,
            files,
            provenance,
            ..
        } = &self.manifest;
        let mut facts = vec![
            ("model", self.id()),
            ("licence", licence.clone()),
            (
                "encoder",
                format!(
                    "{} layers, hidden {}, {} heads, windows of {} tokens, vocabulary of {}",
                    encoder.layers,
                    encoder.hidden,
                    encoder.heads,
                    encoder.max_tokens,
                    encoder.vocabulary
                ),
            ),
        ];
        for (name, head) in heads.pooled() {
            facts.push((name, head.labels.join(", ")));
        }
        facts.push(("topics", heads.topics.labels.join(", ")));
        for (name, stamp) in files {
            let line = format!("{name}: {} bytes, SHA-256 {}", stamp.bytes, stamp.sha256);
            facts.push(("file", line));
        }
        facts.push(("provenance", provenance.to_string()));
        facts
    }

    pub(crate) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    pub(crate) fn tokenizer(&self) -> &[u8] {
        &self.files.tokenizer
    }

    pub(crate) fn weights(&self) -> Result<Weights<'_>> {
        let Files {
            weights, shared, ..
        } = &self.files;
        Weights::new(weights, shared.as_ref())
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Model").field(&self.id()).finish()
    }
}
