//! Records → batches of columns.
//!
//! A batch ends after so many records or bytes, whichever comes first: what is
//! in it depends on the records alone, so files have the same bytes however
//! their records were made.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_json::ReaderBuilder;
use arrow_json::reader::Decoder;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::kind::Kind;
use super::table::Table;
use crate::error::{Error, Result};

/// Records of a batch at most.
const MOST_RECORDS: usize = 1 << 15;

/// JSON that makes a batch, which is about what waits in memory.
const MOST_BYTES: usize = 16 << 20;

/// What programs of this kind write into their files.
pub(super) const WRITER: &str = concat!("painpoint ", env!("CARGO_PKG_VERSION"));

pub(super) struct Batches {
    table: Table,
    schema: SchemaRef,
    decoder: Decoder,
    bytes: usize,
}

impl Batches {
    pub(super) fn new(table: Table) -> Result<Self> {
        let columns = table.headers().zip(table.kinds());
        let fields: Fields = columns.map(|(name, kind)| field(name, &kind)).collect();
        let schema = Arc::new(Schema::new(fields));
        let decoder = ReaderBuilder::new(Arc::clone(&schema)).build_decoder();
        Ok(Self {
            table,
            schema,
            decoder: decoder.map_err(broken)?,
            bytes: 0,
        })
    }

    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Adds a record, given as its JSON; gives the batch that it completes.
    pub(super) fn put(&mut self, json: &[u8]) -> Result<Option<RecordBatch>> {
        let row = Row {
            table: &self.table,
            values: self.table.values(json)?,
        };
        self.decoder.serialize(&[row]).map_err(broken)?;
        self.bytes += json.len();
        match self.decoder.len() >= MOST_RECORDS || self.bytes >= MOST_BYTES {
            true => self.rest(),
            false => Ok(None),
        }
    }

    /// The batch that is left.
    pub(super) fn rest(&mut self) -> Result<Option<RecordBatch>> {
        self.bytes = 0;
        self.decoder.flush().map_err(broken)
    }
}

/// Any column may be empty: all of them are where a row could not be read.
fn field(name: &str, kind: &Kind) -> Field {
    Field::new(name, data_type(kind), true)
}

fn data_type(kind: &Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Number => DataType::Float64,
        Kind::Integer => DataType::Int64,
        Kind::Boolean => DataType::Boolean,
        Kind::List(item) => DataType::List(Arc::new(field("item", item))),
        Kind::Object(members) => {
            let members = members.iter();
            DataType::Struct(members.map(|(name, kind)| field(name, kind)).collect())
        }
    }
}

/// A row as the decoder takes it.
struct Row<'a> {
    table: &'a Table,
    values: Vec<Value>,
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.values.len()))?;
        for (name, value) in self.table.headers().zip(&self.values) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// A record that was changed since this program wrote it.
fn broken(source: ArrowError) -> Error {
    Error::input("a record does not fit the columns of a table").with_source(source)
}
