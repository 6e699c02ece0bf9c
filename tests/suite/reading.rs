//! Feedback as it is read, against the hand-made sets of `data/reading`.

use painpoint::{Feedback, Flag};
use serde::Deserialize;

use crate::support::{lines, tiny_analyzer};

#[derive(Deserialize)]
struct Text {
    text: String,
    /// Missing where several languages are mixed, null where none can be told.
    language: Option<String>,
}

/// Longer texts, in characters, say enough to be told almost always.
const SHORT: usize = 20;

#[test]
fn the_six_languages_are_told() {
    let texts: Vec<Text> = lines("data/reading/languages.jsonl");
    let batch: Vec<_> = texts
        .iter()
        .map(|text| Feedback::new("", text.text.as_str()))
        .collect();
    let analyses = tiny_analyzer(0).analyze_batch(&batch);
    // [right, all] of short texts and of long ones.
    let mut tally = [[0_usize; 2]; 2];
    for (text, analysis) in texts.iter().zip(analyses) {
        let Some(code) = text.language.as_deref() else {
            continue;
        };
        if ["en", "fr", "es", "th", "zh-Hans", "zh-Hant"].contains(&code) {
            let told = analysis.expect("any text").language;
            let [right, all] = &mut tally[usize::from(text.text.chars().count() > SHORT)];
            *right += usize::from(told.is_some_and(|language| language.code() == code));
            *all += 1;
        }
    }
    let [short, long] = tally.map(|[right, all]| right as f64 / all as f64);
    assert!(short >= 0.93, "short texts: {short:.3}");
    assert!(long >= 0.98, "long texts: {long:.3}");
}

#[derive(Deserialize)]
struct Junk {
    id: String,
    text: String,
    class: String,
}

#[test]
fn what_is_no_feedback_is_flagged() {
    let rows: Vec<Junk> = lines("data/reading/junk.jsonl");
    let batch: Vec<_> = rows
        .iter()
        .map(|row| Feedback::new("", row.text.as_str()))
        .collect();
    let analyses = tiny_analyzer(0).analyze_batch(&batch);
    let junk = [
        Flag::Meaningless,
        Flag::Spam,
        Flag::NotFeedback,
        Flag::TooShort,
    ];
    // [flagged, all] of each class, in the even rows. The cues were written with all
    // rows in sight, so that this guards what is reached and measures nothing new.
    let classes = ["meaningless", "spam", "article", "boilerplate"];
    let mut tally = [[0_usize; 2]; 4];
    for (row, analysis) in rows.iter().zip(analyses) {
        let flags = analysis.expect("any text").flags;
        let is_flagged = flags.iter().any(|flag| junk.contains(flag));
        let is_even = row.id.ends_with(['0', '2', '4', '6', '8']);
        match classes.iter().position(|class| *class == row.class) {
            Some(class) if is_even => {
                tally[class][0] += usize::from(is_flagged);
                tally[class][1] += 1;
            }
            Some(_) => {}
            None => assert!(!is_flagged, "{}: {flags:?}", row.text),
        }
    }
    let least = [0.7, 0.9, 0.6, 0.8];
    for ((class, [flagged, all]), least) in classes.iter().zip(tally).zip(least) {
        let recall = flagged as f64 / all as f64;
        assert!(recall >= least, "{class}: {recall:.2}");
    }
}
