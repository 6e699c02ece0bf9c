//! Any text: the personal data found in it stands in order, inside the text, and
//! masks go in its place.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use painpoint::Redactor;

static REDACTOR: LazyLock<Redactor> = LazyLock::new(Redactor::new);

fuzz_target!(|text: &str| {
    let mut end = 0;
    for data in REDACTOR.find(text) {
        assert!(end <= data.span.start(), "{:?} overlaps", data.span);
        assert!(!data.span.of(text).is_empty());
        end = data.span.end();
    }
    REDACTOR.redact(text);
});
