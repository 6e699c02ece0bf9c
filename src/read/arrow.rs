//! Arrow: a file or a stream of record batches, read from front to back. A file
//! is a stream between two marks, with an index behind it that is not needed.

use std::io::{BufReader, Read};

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::{Message, root_as_message};
use arrow_schema::{ArrowError, Fields};

use super::batches::{self, NextBatch};
use super::contain::contain;
use super::limits::Size;
use super::sniff::WRITTEN_WHOLE;
use super::source::Source;
use super::{Columns, Format, ReadOptions, Rows, broken};
use crate::error::{Error, Result};

/// What a file begins with, filled up to a multiple of eight bytes.
const FILE_MARK: &[u8] = b"ARROW1\0\0";

/// What every message begins with.
const CONTINUES: [u8; 4] = [0xFF; 4];

/// Opens an Arrow file or stream.
pub(super) fn open(mut source: Source, options: &ReadOptions) -> Result<(Columns, Rows)> {
    let origin = source.origin.clone();
    if source.head().starts_with(FILE_MARK) {
        source.skip(FILE_MARK.len());
        // Some writers fill the mark up to 64 bytes.
        let padding = source.head().chunks(8).take_while(|it| *it == [0; 8]);
        source.skip(8 * padding.count());
    }
    let mut stream = Stream {
        most: source.limits.unpacked_bytes,
        input: BufReader::with_capacity(128 << 10, source),
        decoder: StreamDecoder::new(),
    };
    let (fields, first) = stream.start().map_err(|error| origin.locate(error))?;
    let mut first = Some(first);
    let next: NextBatch = Box::new(move || match first.take() {
        Some(batch) => Ok(batch),
        None => stream.next(),
    });
    batches::open(&fields, next, Format::Arrow, options, origin)
}

struct Stream {
    /// Most bytes of one batch, unpacked: what a damaged length says must not be
    /// asked of the memory.
    most: u64,
    input: BufReader<Source>,
    decoder: StreamDecoder,
}

impl Stream {
    /// The columns, and the first batch if there is one.
    fn start(&mut self) -> Result<(Fields, Option<RecordBatch>)> {
        let first = self.next()?;
        match self.decoder.schema() {
            Some(schema) => Ok((schema.fields().clone(), first)),
            None => Err(cut_off()),
        }
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        while let Some(message) = self.message()? {
            let mut message = Buffer::from(message);
            let decoder = &mut self.decoder;
            let batch = contain(|| {
                let mut batch = None;
                while batch.is_none() && !message.is_empty() {
                    batch = decoder.decode(&mut message)?;
                }
                Ok::<_, ArrowError>(batch)
            })?;
            if batch.is_some() {
                return Ok(batch);
            }
        }
        Ok(None)
    }

    /// The next message with its body, checked for what it would unpack to; none
    /// at the end.
    fn message(&mut self) -> Result<Option<Vec<u8>>> {
        let mut message = self.read(8)?;
        if message.is_empty() || message == [CONTINUES, [0; 4]].concat() {
            return Ok(None);
        }
        let Some((&CONTINUES, length)) = message.split_first_chunk::<4>() else {
            return Err(cut_off());
        };
        let length: [u8; 4] = length.try_into().map_err(|_| cut_off())?;
        let head = self.read_whole(u32::from_le_bytes(length).into())?;
        let parsed = root_as_message(&head).map_err(|_| cut_off())?;
        let body_length = parsed.bodyLength().try_into().map_err(|_| cut_off())?;
        let body = self.read_whole(body_length)?;
        check_buffers(&parsed, &body, self.most)?;
        message.extend_from_slice(&head);
        message.extend_from_slice(&body);
        Ok(Some(message))
    }

    fn read_whole(&mut self, length: u64) -> Result<Vec<u8>> {
        if length > self.most {
            return Err(too_long(self.most));
        }
        let bytes = self.read(length)?;
        if (bytes.len() as u64) < length {
            return Err(cut_off());
        }
        Ok(bytes)
    }

    /// That many bytes, or as many as are left.
    fn read(&mut self, length: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut input = self.input.by_ref().take(length);
        input.read_to_end(&mut bytes).map_err(broken)?;
        Ok(bytes)
    }
}

/// Refuses buffers that lie outside of the body, where the decoder would panic,
/// and those that say they unpack to more than the memory should give.
fn check_buffers(message: &Message<'_>, body: &[u8], most: u64) -> Result<()> {
    let dictionary = || message.header_as_dictionary_batch()?.data();
    let batch = message.header_as_record_batch().or_else(dictionary);
    let Some(batch) = batch else {
        return Ok(());
    };
    let mut unpacked = 0_u64;
    for buffer in batch.buffers().into_iter().flatten() {
        let start = usize::try_from(buffer.offset()).map_err(|_| cut_off())?;
        let length = usize::try_from(buffer.length()).map_err(|_| cut_off())?;
        let end = start.checked_add(length).ok_or_else(cut_off)?;
        let bytes = body.get(start..end).ok_or_else(cut_off)?;
        if let (Some(_), Some(length)) = (batch.compression(), bytes.first_chunk()) {
            // −1 says that the buffer is not packed after all.
            unpacked = unpacked.saturating_add(i64::from_le_bytes(*length).max(0) as u64);
        }
    }
    if unpacked > most {
        return Err(too_long(most));
    }
    Ok(())
}

fn too_long(most: u64) -> Error {
    Error::input(format!("a batch in it is longer than {}", Size(most))).with_hint(
        "write it again in smaller batches, or raise the limit with `--max-unpacked-bytes`",
    )
}

fn cut_off() -> Error {
    Error::input("ends, or goes wrong, before its data does").with_hint(WRITTEN_WHOLE)
}
