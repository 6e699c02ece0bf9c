//! Where pages, and records that are there at once, go. A file appears whole or
//! not at all: it is written beside its place and moved there at the end.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::NamedTempFile;

pub(crate) enum Output {
    Stdout(BufWriter<Stdout>),
    /// A device or a pipe, which cannot be moved to its place.
    Device(BufWriter<File>),
    File {
        out: BufWriter<NamedTempFile>,
        path: PathBuf,
    },
}

impl Output {
    /// Opens standard output, or a file that will be `path`.
    pub(crate) fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else {
            return Ok(Self::Stdout(BufWriter::new(io::stdout())));
        };
        if is_device(path) {
            let file = OpenOptions::new().write(true).open(path);
            let file = file.with_context(|| format!("{}: cannot write to it", path.display()))?;
            return Ok(Self::Device(BufWriter::new(file)));
        }
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let out = builder()
            .tempfile_in(folder)
            .with_context(|| format!("{}: cannot write into this folder", folder.display()))?;
        Ok(Self::File {
            out: BufWriter::new(out),
            path: path.to_owned(),
        })
    }

    /// Moves a file to its place.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush()?,
            Self::Device(mut out) => out.flush()?,
            Self::File { out, path } => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist(&path)
                    .with_context(|| format!("{}: cannot write this file", path.display()))?;
            }
        }
        Ok(())
    }
}

/// Whether something other than a file or a folder is there, such as `/dev/null`.
pub(crate) fn is_device(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".painpoint-");
    // As any program creates a file; a temporary one would be for its owner alone.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::Device(out) => out.write(bytes),
            Self::File { out, .. } => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::Device(out) => out.flush(),
            Self::File { out, .. } => out.flush(),
        }
    }
}
