//! The topics that feedback is sorted by, and what is known of each.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use crate::error::{Error, OF_ANOTHER_AGE, Result};
use crate::label::{PainKind, Stage};
use crate::language::Language;

/// Something that feedback can be about; cheap to clone. Topics are the same
/// that have the same id.
#[derive(Clone)]
pub struct Topic(Arc<Definition>);

#[derive(Deserialize)]
struct Definition {
    id: String,
    group: String,
    #[serde(deserialize_with = "stage")]
    stage: Stage,
    #[serde(deserialize_with = "pain_kind")]
    kind: PainKind,
    base_urgency: u8,
    definition: String,
    names: BTreeMap<String, String>,
}

/// The largest base urgency that a topic can have.
const GRAVEST: u8 = 3;

impl Topic {
    /// The topic's id, the same in every language: `delivery_speed`.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The id of the group it belongs to: `order`.
    pub fn group(&self) -> &str {
        &self.0.group
    }

    /// Its name in `language`, in English where there is none.
    pub fn name(&self, language: Language) -> &str {
        let names = &self.0.names;
        let name = names
            .get(language.code())
            .or_else(|| names.get(Language::English.code()));
        name.map_or(self.id(), String::as_str)
    }

    /// What it covers, in English.
    pub fn definition(&self) -> &str {
        &self.0.definition
    }

    /// Where on the journey it mostly shows.
    pub fn stage(&self) -> Stage {
        self.0.stage
    }

    /// Whether pain about it is functional or emotional.
    pub fn kind(&self) -> PainKind {
        self.0.kind
    }

    /// How grave trouble with it is by itself, `0.0..=1.0`.
    pub fn gravity(&self) -> f32 {
        f32::from(self.0.base_urgency) / f32::from(GRAVEST)
    }
}

impl PartialEq for Topic {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Topic {}

impl Hash for Topic {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id().hash(state);
    }
}

/// The id.
impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl fmt::Debug for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Topic").field(&self.id()).finish()
    }
}

/// A set of topics.
#[derive(Clone, Debug)]
pub struct Taxonomy {
    topics: Vec<Topic>,
}

impl Taxonomy {
    /// The built-in customer experience taxonomy: 28 topics in eight groups,
    /// and `overall_experience`.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: LazyLock<Taxonomy> = LazyLock::new(|| {
            #[derive(Deserialize)]
            struct File {
                topics: Vec<Definition>,
            }
            let File { topics } =
                serde_json::from_str(include_str!("../data/taxonomy/topics.json"))
                    .expect("the taxonomy that is compiled in");
            assert!(topics.iter().all(|topic| topic.base_urgency <= GRAVEST));
            Taxonomy {
                topics: topics
                    .into_iter()
                    .map(|topic| Topic(Arc::new(topic)))
                    .collect(),
            }
        });
        &BUILT_IN
    }

    /// Every topic, in the order of the file.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// The topic with that id.
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id() == id)
    }

    /// The topics with those ids, in their order.
    pub(crate) fn select(&self, ids: &[String]) -> Result<Vec<Topic>> {
        ids.iter()
            .map(|id| {
                self.topic(id).cloned().ok_or_else(|| {
                    Error::model(format!(
                        "the model knows a topic {id} that the taxonomy lacks"
                    ))
                    .with_hint(OF_ANOTHER_AGE)
                })
            })
            .collect()
    }
}

/// Makes a deserializer for a label out of its code.
macro_rules! by_code {
    ($name:ident, $label:ident) => {
        fn $name<'de, D: serde::Deserializer<'de>>(
            input: D,
        ) -> std::result::Result<$label, D::Error> {
            let code = String::deserialize(input)?;
            $label::from_code(&code)
                .ok_or_else(|| serde::de::Error::custom(format!("no such label: {code}")))
        }
    };
}

by_code!(stage, Stage);
by_code!(pain_kind, PainKind);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_taxonomy_is_whole() {
        let taxonomy = Taxonomy::built_in();
        assert_eq!(taxonomy.topics().len(), 29);
        for topic in taxonomy.topics() {
            for code in ["zh-Hans", "zh-Hant", "fr", "es", "th", "en"] {
                assert!(
                    topic.0.names.contains_key(code),
                    "{topic:?} has no name in {code}"
                );
            }
        }
        let topic = taxonomy.topic("staff_attitude").expect("a topic of ours");
        assert_eq!(topic.kind(), PainKind::Emotional);
        assert_eq!(topic.name(Language::German), topic.name(Language::English));
    }
}
