//! One record a line, as JSON.

use std::io::{self, Write};

use super::record::Record;

pub(super) struct JsonlWriter<W> {
    out: W,
}

impl<W: Write> JsonlWriter<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out }
    }

    pub(super) fn write(&mut self, record: &Record<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, record)?;
        self.out.write_all(b"\n")
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    pub(super) fn into_inner(self) -> W {
        self.out
    }
}
