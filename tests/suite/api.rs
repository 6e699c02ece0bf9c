//! Promises of the types themselves.

use std::panic::{RefUnwindSafe, UnwindSafe};

use painpoint::{Analysis, Analyzer, Error, Feedback, Model, Reader, Span, Taxonomy, Topic};

#[test]
fn types_can_be_shared_between_threads() {
    fn send_and_sync<T: Send + Sync>() {}
    fn send<T: Send>() {}
    fn unwind_safe<T: UnwindSafe + RefUnwindSafe>() {}

    send_and_sync::<Analyzer>();
    send_and_sync::<Model>();
    send_and_sync::<Feedback>();
    send_and_sync::<Analysis>();
    send_and_sync::<Error>();
    send_and_sync::<Taxonomy>();
    send::<Reader>();
    unwind_safe::<Feedback>();
    unwind_safe::<Analysis>();
    unwind_safe::<Span>();
    unwind_safe::<Topic>();
}
