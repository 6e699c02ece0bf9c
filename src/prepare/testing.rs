//! What the tests of several layers share.

use std::time::{Duration, Instant};

/// Gives `layer` a huge text of each unit; fails if one takes so long that the
/// time cannot be linear.
pub(super) fn assert_linear(units: &[&str], layer: impl Fn(&str)) {
    // Unoptimised code takes twenty times as long.
    let size = if cfg!(debug_assertions) {
        20_000
    } else {
        1_000_000
    };
    for unit in units {
        let text = unit.repeat(size / unit.len());
        let start = Instant::now();
        layer(&text);
        let elapsed = start.elapsed();
        assert!(
            elapsed < Duration::from_secs(10),
            "{unit:?} took {elapsed:?}"
        );
    }
}
