//! A source → bytes that can be read at any place.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use super::broken;
use super::limits::{RAISE_UNPACKED, Size};
use super::source::Source;
use crate::error::{Error, Result};

/// A source that can be read at any place.
pub(super) enum Whole {
    File(File),
    Memory(Cursor<Vec<u8>>),
}

impl Whole {
    /// The file itself, or the bytes of a source that is packed or piped in.
    ///
    /// Its progress is at the end then, which is its size: how far the rows have
    /// come is for whoever reads them to say.
    pub(super) fn new(mut source: Source) -> Result<Self> {
        let origin = source.origin.clone();
        match Self::file(&mut source) {
            Ok(Some(file)) => return Ok(file),
            Ok(None) => {}
            Err(error) => return Err(origin.locate(broken(error))),
        }
        let most = source.limits.unpacked_bytes;
        let mut bytes = Vec::new();
        let read = source.take(most.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| origin.locate(broken(error)))?;
        if bytes.len() as u64 > most {
            let error = Error::input(format!(
                "longer than {}, too long to be held in memory",
                Size(most)
            ));
            let hint = format!("save it as a file, not packed, and name that; or {RAISE_UNPACKED}");
            return Err(origin.locate(error.with_hint(hint)));
        }
        Ok(Self::Memory(Cursor::new(bytes)))
    }

    /// The file, if there is one and it is not packed.
    fn file(source: &mut Source) -> io::Result<Option<Self>> {
        let Some(mut file) = source.file.take() else {
            return Ok(None);
        };
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Ok(None);
        }
        let at = file.stream_position()?;
        file.rewind()?;
        let mut mark = [0; 4];
        let starts_alike = file.read_exact(&mut mark).is_ok() && source.head().starts_with(&mark);
        if starts_alike {
            file.rewind()?;
            source.progress().set_share(1, 1, metadata.len());
            return Ok(Some(Self::File(file)));
        }
        // Both handles share one place in the file.
        file.seek(SeekFrom::Start(at))?;
        Ok(None)
    }
}

impl Read for Whole {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Memory(bytes) => bytes.read(buffer),
        }
    }
}

impl Seek for Whole {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Memory(bytes) => bytes.seek(to),
        }
    }
}
