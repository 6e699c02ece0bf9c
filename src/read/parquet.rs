//! Parquet: row groups, read a few rows at a time wherever their columns lie.

use ::parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use ::parquet::file::reader::ChunkReader;
use arrow_schema::{ArrowError, Fields};
use bytes::Bytes;

use super::batches::{self, NextBatch};
use super::contain::contain;
use super::source::Source;
use super::whole::Whole;
use super::{Columns, Format, ReadOptions, Rows};
use crate::error::Result;

/// Rows that are decoded together.
const BATCH: usize = 512;

/// Opens a Parquet file.
pub(super) fn open(source: Source, options: &ReadOptions) -> Result<(Columns, Rows)> {
    let origin = source.origin.clone();
    let progress = source.progress();
    let whole = Whole::new(source)?;
    let size = progress.bytes();
    let opened = match whole {
        Whole::File(file) => contain(|| start(file)),
        Whole::Memory(bytes) => contain(|| start(Bytes::from(bytes.into_inner()))),
    };
    let Opened {
        fields,
        rows,
        mut reader,
    } = opened.map_err(|error| origin.locate(error))?;
    let mut done = 0;
    let next: NextBatch = Box::new(move || {
        let batch = contain(|| reader.next().transpose())?;
        done += batch.as_ref().map_or(0, |batch| batch.num_rows() as u64);
        progress.set_share(done, rows, size);
        Ok(batch)
    });
    batches::open(&fields, next, Format::Parquet, options, origin)
}

struct Opened {
    fields: Fields,
    rows: u64,
    reader: ParquetRecordBatchReader,
}

fn start<R: ChunkReader + 'static>(file: R) -> std::result::Result<Opened, ArrowError> {
    // What Arrow adds to the types changes how they lie in memory, not what
    // they say, and is one more thing that may be damaged.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)?;
    let rows = builder.metadata().file_metadata().num_rows();
    Ok(Opened {
        fields: builder.schema().fields().clone(),
        rows: rows.try_into().unwrap_or(0),
        reader: builder.with_batch_size(BATCH).build()?,
    })
}
