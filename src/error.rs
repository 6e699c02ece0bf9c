//! What went wrong, where, and what to do next.

use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The result of every fallible function of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// The broad cause of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file could not be opened, read or written.
    Io,
    /// A file or a row is not what its format promises.
    Input,
    /// A model file is missing, damaged or of another format.
    Model,
    /// The encoder was given, or gave back, something it should not.
    Encoder,
    /// A setting contradicts another or is out of range.
    Config,
}

/// What to do about a model that knows labels which this version does not.
pub(crate) const OF_ANOTHER_AGE: &str = "use a painpoint of the same age as the model";

/// An error that names its cause, its place and the next step.
///
/// It is cheap to clone, so that one failure can stand in several records.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    path: Option<PathBuf>,
    row: Option<u64>,
    hint: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            kind,
            message: message.into(),
            path: None,
            row: None,
            hint: None,
            source: None,
        }))
    }

    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Input, message)
    }

    pub(crate) fn model(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Model, message)
    }

    pub(crate) fn io(message: impl Into<String>, source: std::io::Error) -> Self {
        Self::new(ErrorKind::Io, message).with_source(source)
    }

    fn change(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    pub(crate) fn with_path(self, path: impl Into<PathBuf>) -> Self {
        self.change(|inner| inner.path = Some(path.into()))
    }

    pub(crate) fn with_row(self, row: u64) -> Self {
        self.change(|inner| inner.row = Some(row))
    }

    pub(crate) fn with_hint(self, hint: impl Into<String>) -> Self {
        self.change(|inner| inner.hint = Some(hint.into()))
    }

    pub(crate) fn with_source(self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.change(|inner| inner.source = Some(Arc::new(source)))
    }

    /// The broad cause.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What went wrong, without place or advice.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What went wrong and its cause, without place or advice.
    pub(crate) fn what(&self) -> String {
        match &self.0.source {
            Some(source) => format!("{} ({source})", self.0.message),
            None => self.0.message.clone(),
        }
    }

    /// The file concerned.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// The row of that file, counted from 1 without the header.
    pub fn row(&self) -> Option<u64> {
        self.0.row
    }

    /// What the user can do about it, where something can be done.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
}

/// The place, what went wrong, its cause and the next step:
/// `reviews.csv, row 17: not valid UTF-8; save the file as UTF-8`. What
/// [`source`](StdError::source) gives is in it already.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        match (&inner.path, inner.row) {
            (Some(path), Some(row)) => write!(f, "{}, row {row}: ", path.display())?,
            (Some(path), None) => write!(f, "{}: ", path.display())?,
            (None, Some(row)) => write!(f, "row {row}: ")?,
            (None, None) => {}
        }
        f.write_str(&self.what())?;
        if let Some(hint) = &inner.hint {
            write!(f, "; {hint}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self})", self.0.kind)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_place_cause_and_next_step() {
        let error = Error::input("not valid UTF-8")
            .with_path("reviews.csv")
            .with_row(17)
            .with_hint("save the file as UTF-8");
        assert_eq!(
            error.to_string(),
            "reviews.csv, row 17: not valid UTF-8; save the file as UTF-8"
        );
        assert_eq!(error.clone().row(), Some(17));
    }
}
