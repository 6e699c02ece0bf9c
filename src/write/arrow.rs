//! An Arrow file: batches as they lie in memory, not packed, so that programs
//! can map it instead of reading it.

use arrow_array::RecordBatch;
use arrow_ipc::writer::FileWriter;
use arrow_schema::ArrowError;

use super::Layout;
use super::columnar::Batches;
use super::table::Table;
use crate::error::{Error, Result};

pub(super) struct Arrow {
    batches: Batches,
    writer: FileWriter<Vec<u8>>,
}

impl Arrow {
    pub(super) fn new(table: Table) -> Result<Self> {
        let batches = Batches::new(table)?;
        let writer = FileWriter::try_new(Vec::new(), batches.schema()).map_err(failed)?;
        Ok(Self { batches, writer })
    }

    fn write(&mut self, batch: Option<RecordBatch>, out: &mut Vec<u8>) -> Result<()> {
        if let Some(batch) = batch {
            self.writer.write(&batch).map_err(failed)?;
        }
        out.append(self.writer.get_mut());
        Ok(())
    }
}

impl Layout for Arrow {
    fn put(&mut self, json: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let batch = self.batches.put(json)?;
        self.write(batch, out)
    }

    fn end(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let batch = self.batches.rest()?;
        self.write(batch, out)?;
        self.writer.finish().map_err(failed)?;
        out.append(self.writer.get_mut());
        Ok(())
    }
}

fn failed(source: ArrowError) -> Error {
    Error::input("the records make no Arrow file").with_source(source)
}
