//! Any text: it is cleaned and split without a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use painpoint::Feedback;
use painpoint::stages::Stages;

fuzz_target!(|text: &str| {
    Stages::prepare(&Feedback::new("input", text));
});
