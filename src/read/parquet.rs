//! Parquet: row groups, read a few rows at a time wherever their columns lie.

use ::parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use ::parquet::file::metadata::RowGroupMetaData;
use ::parquet::file::reader::ChunkReader;
use arrow_schema::Fields;
use bytes::Bytes;

use super::batches::{self, NextBatch};
use super::contain::contain;
use super::source::Source;
use super::whole::Whole;
use super::{Columns, Format, Limits, ReadOptions, Rows};
use crate::error::Result;

/// Most rows that are decoded together, and about how many bytes of them.
const BATCH_ROWS: u64 = 512;
const BATCH_BYTES: u64 = 16 << 20;

/// Opens a Parquet file.
pub(super) fn open(source: Source, options: &ReadOptions) -> Result<(Columns, Rows)> {
    let origin = source.origin.clone();
    let progress = source.progress();
    let whole = Whole::new(source)?;
    let size = progress.bytes();
    let opened = match whole {
        Whole::File(file) => start(file, &options.limits),
        Whole::Memory(bytes) => start(Bytes::from(bytes.into_inner()), &options.limits),
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

fn start<R: ChunkReader + 'static>(file: R, limits: &Limits) -> Result<Opened> {
    // What Arrow adds to the types changes how they lie in memory, not what
    // they say, and is one more thing that may be damaged.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = contain(|| ParquetRecordBatchReaderBuilder::try_new_with_options(file, options))?;
    let metadata = builder.metadata();
    let rows = metadata.file_metadata().num_rows();
    let mut batch = BATCH_ROWS;
    for group in metadata.row_groups() {
        check_size(group, limits)?;
        batch = batch.min(batch_rows(group));
    }
    Ok(Opened {
        fields: builder.schema().fields().clone(),
        rows: rows.try_into().unwrap_or(0),
        reader: contain(|| builder.with_batch_size(batch as usize).build())?,
    })
}

/// Refuses columns that were made to unpack to anything. A page that lies about its
/// size is an error to the decoder, and no page is longer than 2 GiB.
fn check_size(group: &RowGroupMetaData, limits: &Limits) -> Result<()> {
    for column in group.columns() {
        let [packed, unpacked] = [column.compressed_size(), column.uncompressed_size()];
        limits.check_unpacked(packed.max(0) as u64, unpacked.max(0) as u64)?;
    }
    Ok(())
}

/// Rows of a group that are decoded together: few where each is a long document.
fn batch_rows(group: &RowGroupMetaData) -> u64 {
    let [rows, bytes] = [group.num_rows(), group.total_byte_size()].map(|n| n.max(1) as u64);
    (BATCH_BYTES / bytes.div_ceil(rows)).clamp(1, BATCH_ROWS)
}
