//! Any lines, as records: each is counted or refused, the counts come back from
//! how they are saved, and any counts make a report.

#![no_main]

use libfuzzer_sys::fuzz_target;
use painpoint::aggregate::{Aggregates, InputColumns};
use painpoint::report::{Report, ReportOptions};

fuzz_target!(|input: &[u8]| {
    if let Ok(aggregates) = Aggregates::from_json(input) {
        report(aggregates);
    }
    let mut aggregates = Aggregates::new(InputColumns::default());
    let lines = input.split(|&byte| byte == b'\n');
    let taken = lines.filter(|line| aggregates.add_record(line).is_ok());
    if taken.count() == 0 {
        return;
    }
    let saved = aggregates.to_json();
    let again = Aggregates::from_json(saved.as_bytes()).expect("as it was saved");
    assert_eq!(again.to_json(), saved);
    let mut twice = again;
    twice.merge(aggregates).expect("counts of one kind");
    report(twice);
});

fn report(aggregates: Aggregates) {
    let options = ReportOptions {
        since: Some("2026-03-02".to_owned()),
        baseline: Some(aggregates.clone()),
        ..ReportOptions::default()
    };
    // Refused where the counts contradict each other.
    let _ = Report::new(&aggregates, &options);
}
