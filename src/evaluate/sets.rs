//! Public labelled sets: what their columns mean, and what others have
//! published on them. The sets themselves are for the user to get.

use serde::{Deserialize, Serialize};

use super::mapping::{Mapping, invalid};
use crate::error::{Error, ErrorKind, Result};

/// A public set: a file in `data/evaluation/sets`, compiled in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PublicSet {
    /// What it is called by those who made it.
    pub title: String,
    /// Under which licence it can be had.
    pub licence: String,
    /// Where, and which file of it is to be read.
    pub source: String,
    /// What others have measured on it.
    #[serde(default)]
    pub published: Vec<Published>,
    /// What its columns mean.
    pub mapping: Mapping,
}

/// A figure that others have published.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// Whose.
    pub system: String,
    /// Which: `accuracy`, `macro_f1`, `micro_f1`.
    pub metric: String,
    /// Its value, `0.0..=1.0`.
    pub value: f64,
    /// Where it stands.
    pub source: String,
    /// On which part, or in which way, if it is not the one measured here.
    #[serde(default)]
    pub note: Option<String>,
}

macro_rules! sets {
    ($($name:literal),+ $(,)?) => {
        /// Name and description of each.
        const SETS: &[(&str, &str)] = &[$((
            $name,
            include_str!(concat!("../../data/evaluation/sets/", $name, ".toml")),
        )),+];
    };
}

sets![
    "allocine",
    "asap",
    "brighter-es",
    "brighter-zh",
    "chnsenticorp",
    "umsab-en",
    "umsab-es",
    "umsab-fr",
    "wisesight",
    "wongnai",
];

impl PublicSet {
    /// The names of the sets that are known.
    pub fn names() -> Vec<&'static str> {
        SETS.iter().map(|(name, _)| *name).collect()
    }

    /// The set of that name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if there is none.
    pub fn named(name: &str) -> Result<Self> {
        let set = SETS.iter().find(|(own, _)| *own == name);
        let Some((_, toml)) = set else {
            let message = format!("no public set is called \"{name}\"");
            return Err(Error::new(ErrorKind::Config, message)
                .with_hint(format!("there are {}", Self::names().join(", "))));
        };
        toml::from_str(toml).map_err(invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::Metric;

    #[test]
    fn every_set_is_whole() {
        for name in PublicSet::names() {
            let set = PublicSet::named(name).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(!set.mapping.tasks.is_empty(), "{name} labels nothing");
            assert!(!set.licence.is_empty() && !set.source.is_empty(), "{name}");
            for figure in &set.published {
                assert!((0.0..=1.0).contains(&figure.value), "{name}: {figure:?}");
                assert!(
                    Metric::from_code(&figure.metric).is_some(),
                    "{name}: {figure:?}"
                );
            }
        }
        assert!(PublicSet::named("imdb").is_err());
    }
}
