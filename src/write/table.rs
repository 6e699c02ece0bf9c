//! A record's JSON → what stands in the columns of one output.

use serde_json::Value;

use super::columns::{COLUMNS, Cell, Column, Source};
#[cfg(feature = "arrow")]
use super::kind::Kind;
use super::line::Members;
use crate::error::{Error, ErrorKind, Result};

/// The name that stands for all columns of the input.
const FIELDS: &str = "fields";

/// The columns of one output, in their order.
pub(super) struct Table {
    columns: Vec<Chosen>,
    /// Whether all columns of the input were asked for: of JSON rows also those
    /// that no row before had.
    has_fields: bool,
}

#[derive(Clone)]
enum Chosen {
    Ours(&'static Column),
    /// A column of the input.
    Carried {
        name: String,
        header: String,
    },
}

impl Table {
    /// All columns that a table of text shows.
    pub(super) fn of_text(carried: &[String]) -> Self {
        let shown = |column: &&Column| !matches!(column.cell, Cell::Json);
        Self::of(COLUMNS.iter().filter(shown), carried)
    }

    /// All columns.
    pub(super) fn whole(carried: &[String]) -> Self {
        Self::of(COLUMNS.iter(), carried)
    }

    fn of(ours: impl Iterator<Item = &'static Column>, carried: &[String]) -> Self {
        let mut headers: Vec<_> = COLUMNS.iter().map(|it| it.name.to_owned()).collect();
        let carried = carried.iter().map(|name| {
            // A column that is called like one of ours says whose it is.
            let mut header = name.clone();
            while headers.contains(&header) {
                header.insert_str(0, "input_");
            }
            headers.push(header.clone());
            let name = name.clone();
            Chosen::Carried { name, header }
        });
        Self {
            columns: ours.map(Chosen::Ours).chain(carried).collect(),
            has_fields: true,
        }
    }

    /// The columns with these names, in their order.
    pub(super) fn select(names: &[String], carried: &[String]) -> Result<Self> {
        let all = Self::whole(carried);
        let mut chosen: Vec<Chosen> = Vec::new();
        for name in names {
            let is_meant = |column: &&Chosen| match column {
                Chosen::Carried { .. } if name == FIELDS => true,
                column => column.header() == name,
            };
            let mut known = name == FIELDS;
            for column in all.columns.iter().filter(is_meant) {
                known = true;
                if !chosen.iter().any(|it| it.header() == column.header()) {
                    chosen.push(column.clone());
                }
            }
            if !known {
                let names: Vec<_> = all.headers().collect();
                let message = format!("{name}: there is no such column");
                return Err(Error::new(ErrorKind::Config, message)
                    .with_hint(format!("there are {}", names.join(", "))));
            }
        }
        Ok(Self {
            columns: chosen,
            has_fields: names.iter().any(|name| name == FIELDS),
        })
    }

    /// Names of the columns.
    pub(super) fn headers(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(Chosen::header)
    }

    /// Their types.
    #[cfg(feature = "arrow")]
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.columns.iter().map(|column| match column {
            Chosen::Ours(column) => column.kind(),
            Chosen::Carried { .. } => Kind::Text,
        })
    }

    /// The members of a record that they come from, as paths.
    pub(super) fn paths(&self) -> impl Iterator<Item = Vec<&str>> {
        let columns = self.columns.iter().map(|column| match column {
            Chosen::Ours(column) => column.source.path().split('.').collect(),
            Chosen::Carried { name, .. } => vec![FIELDS, name],
        });
        columns.chain(self.has_fields.then(|| vec![FIELDS]))
    }

    /// What a record has in each column.
    #[cfg(feature = "arrow")]
    pub(super) fn values(&self, json: &[u8]) -> Result<Vec<Value>> {
        let mut record = Record::read(json)?;
        let values = self.columns.iter().map(|column| match column {
            Chosen::Ours(column) => record.value(&column.source),
            Chosen::Carried { name, .. } => match record.fields.get(name).map(|it| it.get()) {
                None | Some("null") => Value::Null,
                Some(_) => record.field(name).into(),
            },
        });
        Ok(values.collect())
    }

    /// The same in a table of text.
    pub(super) fn cells(&self, json: &[u8]) -> Result<Vec<String>> {
        let mut record = Record::read(json)?;
        let cells = self.columns.iter().map(|column| match column {
            Chosen::Ours(column) => column.cell.text(&record.value(&column.source)),
            Chosen::Carried { name, .. } => record.field(name).unwrap_or_default(),
        });
        Ok(cells.collect())
    }
}

impl Chosen {
    fn header(&self) -> &str {
        match self {
            Self::Ours(column) => column.name,
            Self::Carried { header, .. } => header,
        }
    }
}

/// A record while its columns are filled.
struct Record<'a> {
    members: Members<'a>,
    fields: Members<'a>,
    /// Members that a column has asked for: others come from the same ones.
    parsed: Vec<(&'static str, Value)>,
}

impl<'a> Record<'a> {
    fn read(json: &'a [u8]) -> Result<Self> {
        let members = Members::of_record(json)?;
        Ok(Self {
            fields: members.within(FIELDS),
            members,
            parsed: Vec::new(),
        })
    }

    /// The text of a column of the input; of a JSON value the JSON.
    fn field(&self, name: &str) -> Option<String> {
        let json = self.fields.get(name)?.get();
        Some(serde_json::from_str(json).unwrap_or_else(|_| json.to_owned()))
    }

    fn member(&mut self, path: &'static str) -> &Value {
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        let known = self.parsed.iter().position(|(other, _)| *other == name);
        let at = known.unwrap_or_else(|| {
            let json = self.members.get(name);
            let value = json.and_then(|json| serde_json::from_str(json.get()).ok());
            self.parsed.push((name, value.unwrap_or_default()));
            self.parsed.len() - 1
        });
        let names = rest.split('.').filter(|name| !name.is_empty());
        names.fold(&self.parsed[at].1, |value, name| &value[name])
    }

    fn value(&mut self, source: &Source) -> Value {
        match source {
            Source::Member(path) => self.member(path).clone(),
            Source::Error => {
                let error = self.member("error");
                let parts = ["what", "hint"].map(|part| error[part].as_str());
                let parts: Vec<_> = parts.into_iter().flatten().collect();
                match parts.is_empty() {
                    true => Value::Null,
                    false => parts.join("; ").into(),
                }
            }
            Source::Quotes => {
                let Some(pains) = self.member("pain_points").as_array() else {
                    return Value::Null;
                };
                let quotes = pains.iter().flat_map(|pain| {
                    let evidence = pain["evidence"].as_array().into_iter().flatten();
                    evidence.map(|quote| {
                        format!("{}: {}", plain(&pain["topic"]), plain(&quote["text"]))
                    })
                });
                quotes.collect()
            }
        }
    }
}

impl Cell {
    fn text(self, value: &Value) -> String {
        let list = |text: &dyn Fn(&Value) -> String| {
            let items = value.as_array().into_iter().flatten();
            items.map(text).collect::<Vec<_>>().join("; ")
        };
        match self {
            Self::Plain if value.is_array() => list(&plain),
            Self::Plain => plain(value),
            Self::Items(members) => list(&|item| {
                let members = members.iter().map(|member| plain(&item[member]));
                members.collect::<Vec<_>>().join(":")
            }),
            Self::Json if value.is_null() => String::new(),
            Self::Json => value.to_string(),
        }
    }
}

/// A value in a cell: numbers as short as they can be, `1` for 1.0.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number
            .as_f64()
            .map_or_else(|| number.to_string(), |it| it.to_string()),
        value => value.to_string(),
    }
}
