//! How labels and carried columns are written, and what the schema says of them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::Fields;
use crate::feedback::Field;
use crate::label::{
    Act, DropReason, Effort, Emotion, FeedbackKind, Flag, PainKind, Polarity, Speaker, Stage,
    Urgency,
};

/// A label set that is written as its codes.
pub(super) trait Codes: Copy + Serialize {
    fn codes() -> Vec<&'static str>;
}

macro_rules! codes {
    ($($label:ident),+) => {$(
        impl Serialize for $label {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl Codes for $label {
            fn codes() -> Vec<&'static str> {
                Self::ALL.iter().map(|label| label.code()).collect()
            }
        }
    )+};
}

codes!(
    Act,
    DropReason,
    Effort,
    Emotion,
    FeedbackKind,
    Flag,
    PainKind,
    Polarity,
    Speaker,
    Stage,
    Urgency
);

pub(super) fn label<L: Codes>(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "enum": L::codes() })
}

pub(super) fn optional_label<L: Codes>(_: &mut SchemaGenerator) -> Schema {
    let codes: Vec<_> = L::codes().into_iter().map(Some).chain([None]).collect();
    json_schema!({ "enum": codes })
}

pub(super) fn label_list<L: Codes>(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": label::<L>(generator) })
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, field) in self.0.iter() {
            match field {
                Field::Text(text) => map.serialize_entry(name, text)?,
                Field::Json(json) => {
                    let raw: &RawValue =
                        serde_json::from_str(json).map_err(serde::ser::Error::custom)?;
                    map.serialize_entry(name, raw)?;
                }
            }
        }
        map.end()
    }
}

impl JsonSchema for Fields<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Fields".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object" })
    }
}
