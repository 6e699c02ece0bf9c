//! A Parquet file, packed with Zstandard; a batch is a row group.

use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::Layout;
use super::columnar::{Batches, WRITER};
use super::table::Table;
use crate::error::{Error, Result};

pub(super) struct Parquet {
    batches: Batches,
    writer: ArrowWriter<Vec<u8>>,
}

impl Parquet {
    pub(super) fn new(table: Table) -> Result<Self> {
        let batches = Batches::new(table)?;
        let properties = WriterProperties::builder()
            .set_created_by(WRITER.to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .build();
        let schema = batches.schema().clone();
        let writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties)).map_err(failed)?;
        Ok(Self { batches, writer })
    }

    fn write(&mut self, batch: Option<RecordBatch>, out: &mut Vec<u8>) -> Result<()> {
        if let Some(batch) = batch {
            let written = self.writer.write(&batch);
            written.and_then(|()| self.writer.flush()).map_err(failed)?;
        }
        out.append(self.writer.inner_mut());
        Ok(())
    }
}

impl Layout for Parquet {
    fn put(&mut self, json: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let batch = self.batches.put(json)?;
        self.write(batch, out)
    }

    fn end(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let batch = self.batches.rest()?;
        self.write(batch, out)?;
        self.writer.finish().map_err(failed)?;
        out.append(self.writer.inner_mut());
        Ok(())
    }
}

fn failed(source: ParquetError) -> Error {
    Error::input("the records make no Parquet file").with_source(source)
}
