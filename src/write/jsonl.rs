//! One record a line, as JSON: all of it, or what its chosen columns come from,
//! each at its place.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::Layout;
use super::line::Members;
use super::table::Table;
use crate::error::Result;

/// What stays in whatever is chosen: without them nobody could tell a failure
/// from a row that says nothing.
const ALWAYS: [&str; 2] = ["schema", "error"];

pub(super) struct Jsonl {
    /// The columns that were chosen, if any were.
    table: Option<Table>,
}

impl Jsonl {
    pub(super) fn new(table: Option<Table>) -> Self {
        Self { table }
    }
}

impl Layout for Jsonl {
    fn put(&mut self, json: &[u8], out: &mut Vec<u8>) -> Result<()> {
        match &self.table {
            Some(table) => {
                let always = ALWAYS.map(|name| vec![name]);
                let paths: Vec<_> = table.paths().chain(always).collect();
                let record = part(Members::of_record(json)?, &paths);
                serde_json::to_writer(&mut *out, &record).expect("memory takes any JSON");
            }
            None => out.extend_from_slice(json),
        }
        out.push(b'\n');
        Ok(())
    }
}

/// What is kept of a JSON value, as it was written.
enum Kept<'a> {
    Whole(&'a RawValue),
    Part(Vec<(String, Kept<'a>)>),
}

fn part<'a>(members: Members<'a>, paths: &[Vec<&str>]) -> Kept<'a> {
    let kept = members.0.into_iter().filter_map(|(name, json)| {
        let further: Vec<_> = paths
            .iter()
            .filter(|path| path[0] == name)
            .map(|path| path[1..].to_vec())
            .collect();
        let kept = match serde_json::from_str(json.get()) {
            _ if further.is_empty() => return None,
            Ok(members) if further.iter().all(|path| !path.is_empty()) => part(members, &further),
            _ => Kept::Whole(json),
        };
        Some((name, kept))
    });
    Kept::Part(kept.collect())
}

impl Serialize for Kept<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Whole(json) => json.serialize(serializer),
            Self::Part(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, kept) in members {
                    map.serialize_entry(name, kept)?;
                }
                map.end()
            }
        }
    }
}
