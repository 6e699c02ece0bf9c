//! Feedback as it is read, against the hand-made sets of `data/reading`.

use painpoint::{Analysis, Feedback, Flag};
use serde::Deserialize;

use crate::support::{lines, say, tiny_analyzer};

#[derive(Deserialize)]
struct Text {
    text: String,
    /// Missing where several languages are mixed, null where none can be told.
    language: Option<String>,
    /// The parts of a mixed text.
    #[serde(default)]
    languages: Vec<Text>,
}

/// Longer texts, in characters, say enough to be told almost always.
const SHORT: usize = 20;

const SIX: [&str; 6] = ["en", "fr", "es", "th", "zh-Hans", "zh-Hant"];

/// What the tiny model makes of texts; how they are read is no model's work.
fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Analysis> {
    let texts = texts.into_iter();
    let batch: Vec<_> = texts.map(|text| Feedback::new("", text)).collect();
    let analyses = tiny_analyzer(0).analyze_batch(&batch).into_iter();
    analyses
        .map(|analysis| analysis.expect("any text"))
        .collect()
}

fn code(analysis: &Analysis) -> &'static str {
    analysis.language.map_or("", |language| language.code())
}

#[test]
fn the_six_languages_are_told() {
    let texts: Vec<Text> = lines("data/reading/languages.jsonl");
    let analyses = read(texts.iter().map(|text| text.text.as_str()));
    // [right, all] of short texts and of long ones.
    let mut tally = [[0_usize; 2]; 2];
    for (text, analysis) in texts.iter().zip(analyses) {
        let Some(expected) = text.language.as_deref() else {
            continue;
        };
        if SIX.contains(&expected) {
            let [right, all] = &mut tally[usize::from(text.text.chars().count() > SHORT)];
            *right += usize::from(code(&analysis) == expected);
            *all += 1;
        }
    }
    let [short, long] = tally.map(|[right, all]| right as f64 / all as f64);
    say(format_args!(
        "language, short texts: {short:.3}, long texts: {long:.3}, right and all {tally:?}"
    ));
    assert!(short >= 0.97, "short texts: {short:.3}");
    assert!(long >= 0.98, "long texts: {long:.3}");
}

/// Of 84 parts 78 are told, and 36 of 40 texts called mixed. Missed are parts
/// of two words, `Tasty ramen!`, and those of sister languages.
#[test]
fn a_switch_of_language_is_told_by_segment() {
    let texts: Vec<Text> = lines("data/reading/languages.jsonl");
    let analyses = read(texts.iter().map(|text| text.text.as_str()));
    let [mut parts, mut right, mut mixed] = [0_usize; 3];
    for (text, analysis) in texts.iter().zip(analyses) {
        let says_mixed = analysis.flags.contains(&Flag::MixedLanguages);
        if text.languages.is_empty() {
            assert!(!says_mixed, "{}", text.text);
        }
        mixed += usize::from(says_mixed);
        let mut end = 0;
        for part in &text.languages {
            let start = end + text.text[end..].find(&part.text).expect("a part of it");
            end = start + part.text.len();
            let inside = |span: painpoint::Span| span.start() < end && span.end() > start;
            let mut told = analysis.segments.iter().filter(|tone| inside(tone.span));
            parts += 1;
            right += usize::from(told.all(|tone| {
                tone.language.map(|language| language.code()) == part.language.as_deref()
            }));
        }
    }
    say(format_args!(
        "mixed texts: {mixed}, parts: {right} of {parts}"
    ));
    assert!(right >= 77, "{right} of {parts} parts");
    assert!(mixed >= 35, "{mixed} texts");
}

/// `ok` is in any language; what is called English is called so with doubt.
#[test]
fn what_is_in_no_language_is_not_claimed() {
    let texts: Vec<Text> = lines("data/reading/languages.jsonl");
    let none = |text: &&Text| text.language.is_none() && text.languages.is_empty();
    let texts: Vec<_> = texts.iter().filter(none).collect();
    let analyses = read(texts.iter().map(|text| text.text.as_str()));
    let told = analyses
        .iter()
        .filter(|analysis| analysis.language.is_some());
    assert!(told.count() <= 2);
    for (text, analysis) in texts.iter().zip(&analyses) {
        assert!(analysis.language_confidence < 0.65, "{}", text.text);
    }
}

#[derive(Deserialize)]
struct Cut {
    text: String,
    sentences: Vec<String>,
    clauses: Vec<String>,
}

/// Where the parts of a text begin, but the first.
fn starts(text: &str, parts: &[String]) -> Vec<usize> {
    let mut end = 0;
    let starts = parts.iter().map(|part| {
        let start = end + text[end..].find(part).expect("a part of the text");
        end = start + part.len();
        start
    });
    starts.skip(1).collect()
}

/// Segments against the sentences and clauses that readers see, in %: recall of
/// the ends of sentences, F1 of the ends of clauses, first by Unicode's
/// rules and the words for *but* alone, then now. Odd lines were looked at when the rules were made, even
/// lines were not.
///
/// ```text
///          odd lines                   even lines
///          sentences   clauses         sentences   clauses
/// en       76 →  91    61 → 94        60 →  68    59 → 74
/// fr       72 →  86    72 → 87        78 →  96    69 → 85
/// es       69 →  81    72 → 86        86 →  86    69 → 80
/// th       69 →  85    73 → 85        76 →  76    78 → 79
/// zh-Hans  71 →  79    63 → 90        84 → 100    66 → 97
/// zh-Hant  62 →  86    58 → 94        80 → 100    67 → 95
/// ```
///
/// What is missed is speech without a mark, and clauses whose subject has no
/// article or whose verb is rare.
#[test]
fn segments_are_the_clauses_that_readers_see() {
    // Language, floors of the recall of sentences and the F1 of clauses.
    let floors = [
        ("en", 0.79, 0.84),
        ("fr", 0.90, 0.85),
        ("es", 0.82, 0.82),
        ("th", 0.79, 0.81),
        ("zh-Hans", 0.87, 0.93),
        ("zh-Hant", 0.90, 0.93),
    ];
    for (language, sentences_floor, clauses_floor) in floors {
        let texts: Vec<Cut> = lines(&format!("data/reading/sentences/{language}.jsonl"));
        let analyses = read(texts.iter().map(|text| text.text.as_str()));
        // Of odd lines and of even ones.
        let mut tally = [Ends::default(); 2];
        for (index, (text, analysis)) in texts.iter().zip(analyses).enumerate() {
            let segments = analysis.segments.iter().skip(1);
            let cuts: Vec<_> = segments.map(|tone| tone.span.start()).collect();
            let found = |starts: &[usize]| starts.iter().filter(|at| cuts.contains(at)).count();
            let (of_sentences, of_clauses) = (
                starts(&text.text, &text.sentences),
                starts(&text.text, &text.clauses),
            );
            tally[index % 2].add(Ends {
                ended: found(&of_sentences),
                sentences: of_sentences.len(),
                right: found(&of_clauses),
                ours: cuts.len(),
                clauses: of_clauses.len(),
            });
        }
        let mut all = tally[0];
        all.add(tally[1]);
        for (lines, ends) in [
            ("odd lines", tally[0]),
            ("even lines", tally[1]),
            ("all", all),
        ] {
            let (recall, f1) = (ends.recall(), ends.f1());
            say(format_args!(
                "{language}, {lines}: sentences {recall:.3}, clauses {f1:.3}"
            ));
        }
        let (recall, f1) = (all.recall(), all.f1());
        assert!(
            recall >= sentences_floor,
            "{language}: sentences {recall:.3}"
        );
        assert!(f1 >= clauses_floor, "{language}: clauses {f1:.3}");
    }
}

/// Ends of sentences and clauses.
#[derive(Clone, Copy, Default)]
struct Ends {
    /// Ends of sentences that were found.
    ended: usize,
    sentences: usize,
    /// Ends of clauses that were found.
    right: usize,
    /// Those of our segments.
    ours: usize,
    clauses: usize,
}

impl Ends {
    fn add(&mut self, other: Self) {
        self.ended += other.ended;
        self.sentences += other.sentences;
        self.right += other.right;
        self.ours += other.ours;
        self.clauses += other.clauses;
    }

    /// Of the ends of sentences.
    fn recall(&self) -> f64 {
        self.ended as f64 / self.sentences as f64
    }

    /// Of the ends of clauses.
    fn f1(&self) -> f64 {
        2.0 * self.right as f64 / (self.ours + self.clauses) as f64
    }
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
