//! The cases of `data/behaviour`: what a customer may say in many ways, and what
//! must not change the answer. `data/README.md` has the format.

#![cfg(feature = "bundled-model")]

use painpoint::Analyzer;
use painpoint::evaluate::behaviour::{ALL, Behaviour, Case};

use crate::support::root;

fn cases() -> Vec<Case> {
    let cases = FLOORS.iter().flat_map(|(code, _)| {
        let path = root(&format!("data/behaviour/{code}.jsonl"));
        let lines = std::fs::read_to_string(path).expect("a file of the repository");
        Case::parse(&lines).expect("cases")
    });
    cases.collect()
}

/// `painpoint eval --behaviour data/behaviour` prints the failures by ability.
#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "minutes without optimisation; run with --release"
)]
fn behaviour_stays_above_its_floors() {
    let system = Analyzer::new().expect("the bundled model");
    let behaviour = Behaviour::of(&system, &cases());
    for (code, floor) in FLOORS {
        let tally = behaviour.tally(ALL, code);
        let share = 1.0 - tally.failure_rate();
        assert!(
            share >= floor,
            "{code}: {share:.3} of {} cases pass",
            tally.cases
        );
    }
}

#[test]
fn cases_are_numbered_and_differ() {
    let mut seen = std::collections::HashSet::new();
    for case in cases() {
        for text in case.texts() {
            assert!(
                seen.insert(text.clone()),
                "{}: {text} is there twice",
                case.id
            );
        }
    }
}

/// Language, least share of passed cases: about three points below what was
/// measured when the model landed.
const FLOORS: [(&str, f64); 6] = [
    ("en", 0.81),
    ("fr", 0.83),
    ("es", 0.73),
    ("th", 0.81),
    ("zh-Hans", 0.82),
    ("zh-Hant", 0.80),
];
