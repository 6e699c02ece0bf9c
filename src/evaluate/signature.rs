//! What a figure was measured with, in one line, so that it can be quoted.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::behaviour::Case;
use super::bootstrap::Bootstrap;
use super::dataset::{self, Dataset};

/// Hexadecimal digits of a hash that are shown: enough to tell sets apart.
const DIGITS: usize = 12;

/// What a figure was measured with, after the signatures of sacreBLEU (Post
/// 2018): `painpoint:0.1.0|system:painpoint-base-3|data:0f3a…|rows:3071|…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature(Vec<(String, String)>);

impl Signature {
    /// Of cases of behaviour.
    pub fn of_cases(cases: &[Case]) -> Self {
        let mut hash = Sha256::new();
        for text in cases.iter().flat_map(Case::texts) {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        }
        Self(Vec::new())
            .with("painpoint", env!("CARGO_PKG_VERSION"))
            .with_hash("cases", &dataset::hex(hash))
            .with("count", cases.len())
    }

    /// Of rows and intervals; [`with`](Self::with) adds the rest.
    pub fn new(data: &Dataset, bootstrap: Bootstrap) -> Self {
        Self(Vec::new())
            .with("painpoint", env!("CARGO_PKG_VERSION"))
            .with_hash("data", &data.hash())
            .with("rows", data.rows.len())
            .with("resamples", bootstrap.resamples)
            .with("seed", bootstrap.seed)
    }

    /// Adds a setting.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        // It is one line whose parts stand between bars.
        let value = value.to_string().replace(['|', '\n', '\r'], " ");
        self.0.push((name.to_owned(), value));
        self
    }

    /// Adds a hash, shortened.
    #[must_use]
    pub fn with_hash(self, name: &str, hash: &str) -> Self {
        self.with(name, hash.get(..DIGITS).unwrap_or(hash))
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, value)) in self.0.iter().enumerate() {
            let bar = if at == 0 { "" } else { "|" };
            write!(f, "{bar}{name}:{value}")?;
        }
        Ok(())
    }
}

impl Serialize for Signature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
