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

/// The verified files of a model.
pub struct Model {
    manifest: Manifest,
    manifest_bytes: Cow<'static, [u8]>,
    tokenizer: Cow<'static, [u8]>,
    weights: Cow<'static, [u8]>,
}

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

    /// As [`bundled`](Self::bundled), but [`verify`](Self::verify) is still to
    /// be called.
    #[cfg(feature = "bundled-model")]
    pub(crate) fn bundled_unverified() -> Result<Self> {
        macro_rules! file {
            ($name:literal) => {
                include_bytes!(concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/models/painpoint-base/",
                    $name
                ))
            };
        }
        Self::unverified(
            Cow::Borrowed(file!("manifest.json")),
            Cow::Borrowed(file!("tokenizer.json")),
            Cow::Borrowed(file!("weights.safetensors")),
        )
    }

    #[cfg(not(feature = "bundled-model"))]
    pub(crate) fn bundled_unverified() -> Result<Self> {
        Err(Error::new(
            ErrorKind::Config,
            "no model is given, and none is compiled in",
        )
        .with_hint("name the folder of a model, or build with the feature bundled-model"))
    }

    /// The model in folder `dir`, which holds `manifest.json`,
    /// `tokenizer.json` and `weights.safetensors`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if a file cannot be read; [`ErrorKind::Model`] if it
    /// is not the file that the manifest describes.
    pub fn load(dir: impl AsRef<Path>) -> Result<Self> {
        let dir = dir.as_ref();
        let read = |name: &str| {
            std::fs::read(dir.join(name)).map_err(|source| {
                Error::io("cannot read this file of the model", source)
                    .with_path(dir.join(name))
                    .with_hint("a model is a folder with manifest.json, tokenizer.json and weights.safetensors")
            })
        };
        let model = Self::unverified(
            Cow::Owned(read(MANIFEST)?),
            Cow::Owned(read(TOKENIZER)?),
            Cow::Owned(read(WEIGHTS)?),
        );
        let verified = model.and_then(|model| model.verify().map(|()| model));
        verified.map_err(|error| error.with_path(dir))
    }

    /// The model in those files; [`verify`](Self::verify) is still to be called.
    pub(crate) fn unverified(
        manifest: Cow<'static, [u8]>,
        tokenizer: Cow<'static, [u8]>,
        weights: Cow<'static, [u8]>,
    ) -> Result<Self> {
        Ok(Self {
            manifest: Manifest::parse(&manifest)?,
            manifest_bytes: manifest,
            tokenizer,
            weights,
        })
    }

    /// Compares the files with what the manifest says of them, and of itself.
    pub(crate) fn verify(&self) -> Result<()> {
        verify::verify_seal(MANIFEST, &self.manifest_bytes, &self.manifest.seal)?;
        for (name, bytes) in [(TOKENIZER, &self.tokenizer), (WEIGHTS, &self.weights)] {
            let stamp = self.manifest.files.get(name).ok_or_else(|| {
                Error::new(
                    ErrorKind::Model,
                    format!("the manifest does not list {name}"),
                )
                .with_hint(verify::GET_AGAIN)
            })?;
            verify::verify(name, bytes, stamp)?;
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
        verify::sha256(&self.manifest_bytes)
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
        &self.tokenizer
    }

    pub(crate) fn weights(&self) -> Result<Weights<'_>> {
        match &self.weights {
            Cow::Borrowed(bytes) => Weights::lasting(bytes),
            Cow::Owned(bytes) => Weights::passing(bytes),
        }
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Model").field(&self.id()).finish()
    }
}
