//! Any bytes, as any format: every row is an answer or an error, none a panic,
//! and what was read can be prepared.

#![no_main]

use libfuzzer_sys::fuzz_target;
use painpoint::stages::Stages;
use painpoint::{Format, ReadOptions, Reader};

/// Rows after which an input has shown what it can do.
const ENOUGH: usize = 2_000;

fuzz_target!(|input: &[u8]| {
    // Mostly found by content, as fixtures are; a tail that no text has names one.
    let (bytes, format) = match input {
        [bytes @ .., choice, 0xFF] => {
            let choice = usize::from(*choice) % Format::ALL.len();
            (bytes, Some(Format::ALL[choice]))
        }
        bytes => (bytes, None),
    };
    let options = ReadOptions {
        format,
        ..ReadOptions::default()
    };
    let input = std::io::Cursor::new(bytes.to_vec());
    let Ok(reader) = Reader::from_read("input", input, &options) else {
        return;
    };
    for row in reader.take(ENOUGH).flatten() {
        Stages::prepare(&row.feedback);
    }
});
