//! The types of columns, from the record's schema.

use std::fmt;
use std::sync::LazyLock;

use serde_json::Value;

use super::record;

/// What a column, or a part of one, holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Text,
    Number,
    Integer,
    Boolean,
    List(Box<Kind>),
    Object(Vec<(String, Kind)>),
}

static SCHEMA: LazyLock<Value> = LazyLock::new(|| record::schema().to_value());

impl Kind {
    /// The type of the member at the end of `path` in a record that is no failure.
    pub(super) fn of_member(path: &str) -> Self {
        let record = &SCHEMA["$defs"]["AnalysisRecord"];
        let member = path
            .split('.')
            .fold(record, |schema, name| &resolved(schema)["properties"][name]);
        Self::of(member)
    }

    fn of(schema: &'static Value) -> Self {
        let schema = resolved(schema);
        let name = match &schema["type"] {
            // `["string", "null"]`
            Value::Array(names) => &names[0],
            name => name,
        };
        match name.as_str() {
            Some("number") => Self::Number,
            Some("integer") => Self::Integer,
            Some("boolean") => Self::Boolean,
            Some("array") => Self::List(Box::new(Self::of(&schema["items"]))),
            Some("object") => {
                let members = schema["properties"].as_object().into_iter().flatten();
                Self::Object(
                    members
                        .map(|(name, schema)| (name.clone(), Self::of(schema)))
                        .collect(),
                )
            }
            // Labels have no type, but codes to choose from.
            _ => Self::Text,
        }
    }
}

/// What a schema refers to, or may be besides null.
fn resolved(schema: &'static Value) -> &'static Value {
    if let Some(choices) = schema["anyOf"].as_array() {
        return resolved(&choices[0]);
    }
    match schema["$ref"]
        .as_str()
        .and_then(|path| path.strip_prefix('#'))
    {
        Some(path) => SCHEMA.pointer(path).expect("a schema of ours is whole"),
        None => schema,
    }
}

/// `list of {label text, probability number}`
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::Number => f.write_str("number"),
            Self::Integer => f.write_str("integer"),
            Self::Boolean => f.write_str("boolean"),
            Self::List(item) => write!(f, "list of {item}"),
            Self::Object(members) => {
                let members: Vec<_> = members
                    .iter()
                    .map(|(name, kind)| format!("{name} {kind}"))
                    .collect();
                write!(f, "{{{}}}", members.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns::COLUMNS;
    use super::*;

    #[test]
    fn columns_have_the_types_of_the_record() {
        let kinds = [
            ("id", "text"),
            ("score", "number"),
            ("mixed", "boolean"),
            ("kind", "text"),
            ("emotions", "list of {label text, probability number}"),
            ("urgency_reasons", "list of text"),
            (
                "pain_points",
                "list of {topic text, severity number, kind text, stage text, \
                 evidence list of {start integer, end integer, text text}}",
            ),
            ("flags", "list of text"),
        ];
        for (name, kind) in kinds {
            let column = COLUMNS.iter().find(|column| column.name == name);
            let column = column.expect("a column");
            assert_eq!(column.kind().to_string(), kind, "{name}");
        }
    }

    #[test]
    fn every_column_is_somewhere_in_the_record() {
        let record = SCHEMA["$defs"]["AnalysisRecord"]["properties"].as_object();
        let record = record.expect("an object");
        for column in COLUMNS.iter().filter(|column| column.name != "error") {
            let member = column.source.path().split('.').next();
            assert!(
                record.contains_key(member.expect("a name")),
                "{}",
                column.name
            );
            assert_ne!(column.kind(), Kind::Object(Vec::new()), "{}", column.name);
        }
        // And the other way round: a new member needs a column.
        for member in record
            .keys()
            .filter(|it| !["schema", "fields"].contains(&it.as_str()))
        {
            let from = |path: &str| path.split('.').next() == Some(member.as_str());
            let mut columns = COLUMNS.iter();
            assert!(columns.any(|column| from(column.source.path())), "{member}");
        }
    }
}
