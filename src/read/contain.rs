//! Keeps the panics of decoders inside.
//!
//! The crates that decode Parquet, Arrow and workbooks index into what a file
//! says of itself, and where it is damaged some of them panic. A file must not
//! end the program, nor fill its stderr.

use std::cell::Cell;
use std::error::Error as StdError;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use super::sniff::WRITTEN_WHOLE;
use crate::error::{Error, Result};

thread_local! {
    /// Whether a decoder is at work on this thread.
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `decode`; a panic becomes an error as its own failure does.
///
/// What it borrows may be left half changed, so nothing of it may be used after
/// an error.
pub(super) fn contain<T, E>(decode: impl FnOnce() -> std::result::Result<T, E>) -> Result<T>
where
    E: StdError + Send + Sync + 'static,
{
    hush();
    let before = CONTAINED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(decode));
    CONTAINED.set(before);
    let damaged =
        || Error::input("is damaged: it can't be read from here on").with_hint(WRITTEN_WHOLE);
    match result {
        Ok(result) => result.map_err(|error| damaged().with_source(error)),
        Err(_) => Err(damaged()),
    }
}

/// Sees to it that panics are printed, or whatever else the program does about
/// them, only where nobody contains them.
fn hush() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !CONTAINED.get() {
                usual(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn failures_and_panics_are_errors() {
        let done = contain(|| Ok::<_, io::Error>(7)).expect("nothing goes wrong");
        assert_eq!(done, 7);
        let failed = contain(|| Err::<(), _>(io::Error::other("short")));
        let error = failed.expect_err("it fails");
        assert!(error.to_string().contains("(short)"), "{error}");
        let panicked = contain(|| -> io::Result<()> { panic!("out of bounds") });
        let error = panicked.expect_err("it panics");
        assert!(error.message().contains("is damaged"), "{error}");
    }
}
