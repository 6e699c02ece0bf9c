//! Public labelled sets: what their columns mean, and what others have
//! published on them. The sets themselves are for the user to get.

mod layout;
mod semeval;

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::labels::Task;
use super::mapping::{Mapping, invalid};
use crate::error::{Error, ErrorKind, Result};
use crate::read::Row;

pub use layout::Layout;

/// A public set: a file in `data/evaluation/sets`, compiled in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PublicSet {
    /// What it is called by those who made it.
    pub title: String,
    /// Under which licence it can be had.
    pub licence: String,
    /// Where, and which file of it is to be read.
    pub source: String,
    /// How its files are written.
    #[serde(default)]
    pub layout: Layout,
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
    /// Of what; of the first task that the set has labels for if left out.
    #[serde(default)]
    pub task: Option<Task>,
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
            include_str!(concat!("../../../data/evaluation/sets/", $name, ".toml")),
        )),+];
    };
}

sets![
    "allocine",
    "asap",
    "brighter-es",
    "brighter-zh",
    "chnsenticorp",
    "emoevent-en",
    "emoevent-es",
    "goemotions",
    "m-absa-coursera",
    "m-absa-food",
    "m-absa-hotel",
    "m-absa-laptop",
    "m-absa-phone",
    "m-absa-restaurant",
    "semeval16-en",
    "semeval16-es",
    "semeval16-fr",
    "truevoice",
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

    /// The rows of one of its files, or of a folder where texts and labels are
    /// files of their own.
    ///
    /// # Errors
    ///
    /// If it cannot be read or is not a file of this set.
    pub fn rows(&self, path: impl AsRef<Path>) -> Result<impl Iterator<Item = Result<Row>>> {
        self.layout.rows(path.as_ref(), &self.mapping)
    }

    /// What a published figure is a figure of.
    pub fn task(&self, published: &Published) -> Option<Task> {
        published
            .task
            .or_else(|| self.mapping.tasks.keys().next().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::Metric;
    use crate::label::Emotion;
    use crate::taxonomy::Taxonomy;

    fn topics() -> impl Iterator<Item = &'static str> {
        Taxonomy::built_in().topics().iter().map(|topic| topic.id())
    }

    #[test]
    fn every_set_is_whole() {
        for name in PublicSet::names() {
            let set = PublicSet::named(name).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(!set.mapping.tasks.is_empty(), "{name} labels nothing");
            assert!(!set.licence.is_empty() && !set.source.is_empty(), "{name}");
            for (task, own) in &set.mapping.tasks {
                let labels = own.labels.iter().flatten();
                let codes: Vec<&str> = match task {
                    Task::Topics => topics().collect(),
                    Task::Emotions => Emotion::ALL.iter().map(|label| label.code()).collect(),
                    _ => continue,
                };
                let told = own.values.values().chain(own.indicators.values());
                let told = told.filter(|_| *task != Task::Topics || own.indicators.is_empty());
                for label in labels.chain(told).chain(own.counts_as.values()) {
                    assert!(codes.contains(&label.as_str()), "{name}: {label}");
                }
                for label in own.counts_as.keys() {
                    assert!(codes.contains(&label.as_str()), "{name}: {label}");
                }
            }
            for figure in &set.published {
                assert!(set.task(figure).is_some(), "{name}: {figure:?}");
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
