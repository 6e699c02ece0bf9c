//! The bytes of one source: its first stretch can be looked at before it is read.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use super::decode::{Decoder, Found};
use super::limits::Limits;
use super::unpack::{self, unpack};
use super::{ReadProgress, broken};
use crate::error::{Error, Result};

/// How much of a file the choice of format and columns may look at.
const HEAD: usize = 1 << 20;

/// Least that is asked of the input at once.
const CHUNK: usize = 64 << 10;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Where rows come from: for their ids and errors.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    path: PathBuf,
    name: String,
}

impl Origin {
    fn new(path: &Path) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str());
        Self {
            path: path.to_owned(),
            name: name.to_string_lossy().into_owned(),
        }
    }

    /// The id of a row that has none of its own.
    pub(super) fn id(&self, row: u64) -> String {
        format!("{}#{row}", self.name)
    }

    /// `error`, in the file.
    pub(super) fn locate(&self, error: Error) -> Error {
        error.with_path(&self.path)
    }

    /// `error`, in a row of the file.
    pub(super) fn locate_row(&self, error: Error, row: u64) -> Error {
        self.locate(error).with_row(row)
    }

    /// The file's name without its folder.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

/// A file name's extension, in lower case; that of what is inside if it is packed.
pub(super) fn extension(path: &Path) -> String {
    let of = |path: &Path| {
        let extension = path.extension().unwrap_or_default();
        extension.to_string_lossy().to_lowercase()
    };
    let extension = of(path);
    if unpack::ENDINGS.contains(&extension.as_str()) {
        of(&path.with_extension(""))
    } else {
        extension
    }
}

/// An input whose head is kept until it has been read.
pub(super) struct Source {
    pub(super) origin: Origin,
    pub(super) limits: Limits,
    input: Box<dyn Read + Send>,
    head: Vec<u8>,
    /// Bytes of `head` already read, the byte order mark from the start.
    at: usize,
    ended: bool,
    encoding: Found,
    progress: ReadProgress,
    /// The file once more, for formats that are not read from front to back.
    #[cfg(any(feature = "arrow", feature = "excel"))]
    pub(super) file: Option<File>,
}

impl Source {
    /// A file, which makes nobody wait: as much of it as the head may hold.
    pub(super) fn file(
        path: &Path,
        file: File,
        encoding: Option<&'static Encoding>,
        limits: Limits,
    ) -> Result<Self> {
        #[cfg(any(feature = "arrow", feature = "excel"))]
        let again = file.try_clone().ok();
        let mut source = Self::new(path, file, encoding, limits, true)?;
        #[cfg(any(feature = "arrow", feature = "excel"))]
        {
            source.file = again;
        }
        while source.head.len() < HEAD && source.grow()? {}
        Ok(source)
    }

    /// A stream: the first line, or what comes with it.
    pub(super) fn stream(
        name: &Path,
        input: impl Read + Send + 'static,
        encoding: Option<&'static Encoding>,
        limits: Limits,
    ) -> Result<Self> {
        Self::new(name, input, encoding, limits, false)
    }

    fn new(
        path: &Path,
        input: impl Read + Send + 'static,
        encoding: Option<&'static Encoding>,
        limits: Limits,
        prompt: bool,
    ) -> Result<Self> {
        let origin = Origin::new(path);
        let progress = ReadProgress::default();
        let counted = Counted(input, progress.clone());
        let input = unpack(counted, progress.clone(), limits)
            .map_err(|error| origin.locate(broken(error)))?;
        let input = Decoder::new(input, encoding, prompt);
        let mut source = Self {
            origin,
            limits,
            encoding: input.found(),
            input: Box::new(input),
            head: Vec::new(),
            at: 0,
            ended: false,
            progress,
            #[cfg(any(feature = "arrow", feature = "excel"))]
            file: None,
        };
        while source.head.trim_ascii().is_empty() && source.grow()? {}
        if source.head.starts_with(BOM) {
            source.at = BOM.len();
        }
        Ok(source)
    }

    /// The name of the encoding, where it is known not to be UTF-8.
    pub(super) fn encoding(&self) -> Option<&'static str> {
        self.encoding.name()
    }

    /// The head, without byte order mark.
    pub(super) fn head(&self) -> &[u8] {
        &self.head[self.at..]
    }

    /// Whether the head is the whole source.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// Bytes before the head, for positions in the file.
    pub(super) fn offset(&self) -> u64 {
        self.at as u64
    }

    pub(super) fn progress(&self) -> ReadProgress {
        self.progress.clone()
    }

    /// Takes more into the head: to the next line end at least, as far as it
    /// goes without waiting. False at the end of the source, and once the head
    /// could hold the longest row.
    pub(super) fn grow(&mut self) -> Result<bool> {
        let start = self.head.len();
        // Twice the size each time, so that whoever scans the head again after
        // each growth is done in linear time.
        let enough = start + start.max(CHUNK);
        while !self.ended && self.head.len() < enough.min(self.limits.row()) {
            let from = self.head.len();
            self.head.resize(enough, 0);
            let read = self.pull_head(from);
            self.head.truncate(from + *read.as_ref().unwrap_or(&0));
            self.ended = read.map_err(|error| self.origin.locate(broken(error)))? == 0;
            if self.head[from..].contains(&b'\n') {
                break;
            }
        }
        Ok(self.head.len() > start)
    }

    fn pull_head(&mut self, from: usize) -> io::Result<usize> {
        retry(|| self.input.read(&mut self.head[from..]))
    }

    /// Skips bytes of the head.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let head = &self.head[self.at..];
        if head.is_empty() {
            self.head = Vec::new();
            self.at = 0;
            if self.ended {
                return Ok(0);
            }
            return retry(|| self.input.read(buffer));
        }
        let count = head.len().min(buffer.len());
        buffer[..count].copy_from_slice(&head[..count]);
        self.at += count;
        Ok(count)
    }
}

/// An input whose bytes are counted as they come, packed and in their encoding.
struct Counted<R>(R, ReadProgress);

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        self.1.add(count);
        Ok(count)
    }
}

/// Reads again when a signal came in between.
fn retry(mut read: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match read() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
