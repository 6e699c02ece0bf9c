//! A table with one row a record. Lists stand in one cell, their items parted
//! by `"; "`; an item of `topics` is `topic:polarity`, of `pain_points`
//! `topic:severity`, of `quotes` `topic: words`.

use super::Layout;
use super::table::Table;
use crate::error::{Error, Result};

pub(super) struct Csv {
    table: Table,
}

impl Csv {
    pub(super) fn new(table: Table) -> Self {
        Self { table }
    }

    /// A table without rows has a header, too.
    pub(super) fn put_header(&self, out: &mut Vec<u8>) -> Result<()> {
        row(self.table.headers(), out)
    }
}

impl Layout for Csv {
    fn put(&mut self, json: &[u8], out: &mut Vec<u8>) -> Result<()> {
        row(self.table.cells(json)?, out)
    }
}

fn row(cells: impl IntoIterator<Item = impl AsRef<[u8]>>, out: &mut Vec<u8>) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let written = writer
        .write_record(cells)
        .and_then(|()| Ok(writer.flush()?));
    written.map_err(|source| Error::io("cannot write the records", source.into()))
}
