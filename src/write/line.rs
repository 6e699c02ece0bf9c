//! A record's JSON → its members, each left as it is written until it is needed.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::error::{Error, Result};

/// The members of a JSON object, in their order. Numbers keep their digits.
pub(super) struct Members<'a>(pub(super) Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    /// The members of a record.
    pub(super) fn of_record(json: &'a [u8]) -> Result<Self> {
        serde_json::from_slice(json).map_err(|source| {
            Error::input("not a record of this program")
                .with_source(source)
                .with_hint("give a line of the JSON Lines that `painpoint score` writes")
        })
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let mut members = self.0.iter();
        Some(members.find(|(other, _)| other == name)?.1)
    }

    /// The members of the member called `name`; none if it is no object.
    pub(super) fn within(&self, name: &str) -> Self {
        let inner = self.get(name);
        let inner = inner.and_then(|json| serde_json::from_str(json.get()).ok());
        inner.unwrap_or(Self(Vec::new()))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Members).map(Self)
    }
}
