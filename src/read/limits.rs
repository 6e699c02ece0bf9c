//! How much a source may ask of the memory, and of the time.

use std::fmt;

use crate::error::Error;

/// What is packed may unpack to more than the limit if it is to no more than so
/// many times its size. Feedback unpacks to about five times its size, and logs
/// that repeat themselves to a hundred.
const MOST_TIMES: u64 = 250;

/// The most that a source may ask of the memory. What asks for more is an error
/// that says so: a row in its place, and reading goes on behind it; else the source.
///
/// ```
/// use painpoint::{Limits, ReadOptions};
/// let options = ReadOptions {
///     limits: Limits {
///         row_bytes: 1 << 20,
///         ..Limits::default()
///     },
///     ..ReadOptions::default()
/// };
/// assert_eq!(options.limits.unpacked_bytes, 1 << 30);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one row; 16 MiB by default.
    pub row_bytes: u64,
    /// Bytes that a workbook may unpack to, the cells of one of its sheets, a batch of
    /// an Arrow file, and a workbook or Parquet file that is packed or piped and
    /// so has to be held; 1 GiB by default.
    ///
    /// Files in gzip and Zstandard, and columns of Parquet files, are unpacked
    /// piece by piece and may be of any size. They are refused where they unpack to more
    /// than this and to more than 250 times their size, as no feedback does.
    pub unpacked_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            row_bytes: 16 << 20,
            unpacked_bytes: 1 << 30,
        }
    }
}

impl Limits {
    /// Longest row, as far as this machine can count.
    pub(super) fn row(&self) -> usize {
        usize::try_from(self.row_bytes).unwrap_or(usize::MAX)
    }

    /// The error of a row that is longer than it may be.
    pub(super) fn row_too_long(&self) -> Error {
        Error::input(format!("longer than {}", Size(self.row_bytes)))
            .with_hint("raise the limit with `--max-row-bytes` if it is one row after all")
    }

    /// Refuses what was made to unpack to anything: so many bytes so far, out of
    /// so many.
    pub(super) fn check_unpacked(&self, packed: u64, unpacked: u64) -> Result<(), Error> {
        if unpacked <= self.unpacked_bytes || unpacked / MOST_TIMES <= packed {
            return Ok(());
        }
        let most = Size(self.unpacked_bytes);
        Err(Error::input(format!(
            "unpacks to more than {most} and to more than {MOST_TIMES} times its size"
        ))
        .with_hint(RAISE_UNPACKED))
    }
}

/// What to do where a source is more than may be held.
pub(super) const RAISE_UNPACKED: &str =
    "raise the limit with `--max-unpacked-bytes` if you trust where it is from";

/// A number of bytes as people say it: `64 MiB`, `1000 bytes`.
pub(super) struct Size(pub(super) u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")].into_iter();
        let mut whole = units.filter(|(bits, _)| self.0 > 0 && self.0.trailing_zeros() >= *bits);
        match whole.next() {
            Some((bits, unit)) => write!(f, "{} {unit}", self.0 >> bits),
            None => write!(f, "{} bytes", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_in_whole_units() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (1000, "1000 bytes"),
            (1 << 10, "1 KiB"),
            (64 << 20, "64 MiB"),
            (3 << 30, "3 GiB"),
            ((1 << 30) + 1, "1073741825 bytes"),
        ] {
            assert_eq!(Size(bytes).to_string(), expected);
        }
    }

    #[test]
    fn only_what_is_large_and_out_of_proportion_is_refused() {
        let limits = Limits {
            unpacked_bytes: 1000,
            ..Limits::default()
        };
        for (packed, unpacked, is_refused) in [
            (1, 1000, false),
            (1, 1001, true),
            (4, 1001, false),
            (4, 1249, false),
            (4, 1250, true),
            (u64::MAX, u64::MAX, false),
        ] {
            let checked = limits.check_unpacked(packed, unpacked);
            assert_eq!(checked.is_err(), is_refused, "{packed}, {unpacked}");
        }
    }
}
