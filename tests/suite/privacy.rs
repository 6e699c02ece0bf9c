//! Personal data in the hand-made texts of `data/reading/privacy`, and that none
//! of it is written.

use std::collections::BTreeMap;

use painpoint::{Feedback, Field, OutputFormat, PersonalData, Redactor, Writer};
use serde::Deserialize;

use crate::support::{lines, records, say, score, tiny_analyzer};

const LANGUAGES: [&str; 6] = ["en", "fr", "es", "th", "zh-Hans", "zh-Hant"];

#[derive(Deserialize)]
struct Text {
    text: String,
    spans: Vec<Marked>,
}

#[derive(Deserialize)]
struct Marked {
    kind: String,
    text: String,
    /// Which one of those with the same text, from 1.
    occurrence: usize,
}

impl Text {
    /// The first set, whose even lines the rules were made with.
    fn all(language: &str) -> Vec<Self> {
        lines(&format!("data/reading/privacy/{language}.jsonl"))
    }

    /// A set that the rules were made with, too.
    fn more(language: &str) -> Vec<Self> {
        lines(&format!("data/reading/privacy/more/{language}.jsonl"))
    }

    /// A set that was written before the rules and kept apart until they were done.
    fn second(language: &str) -> Vec<Self> {
        lines(&format!("data/reading/privacy/second/{language}.jsonl"))
    }

    /// Kind, first byte and last of all that is marked.
    fn marked(&self) -> impl Iterator<Item = (&str, usize, usize)> {
        self.spans.iter().map(|span| {
            let mut places = self.text.match_indices(&span.text);
            let (start, _) = places.nth(span.occurrence - 1).expect("a marked place");
            (span.kind.as_str(), start, start + span.text.len())
        })
    }
}

/// Found and all that were marked, right and all that were found.
#[derive(Clone, Copy, Default)]
struct Tally([usize; 4]);

impl Tally {
    fn recall(self) -> f64 {
        share(self.0[0], self.0[1])
    }

    fn precision(self) -> f64 {
        share(self.0[2], self.0[3])
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// Tallies by language and kind, of [`SETS`].
type Table = BTreeMap<(String, String), [Tally; 3]>;

/// What the rules were made with, and two sets that were kept apart.
const SETS: [&str; 3] = ["made with", "apart", "apart, second"];

fn measure(redactor: &Redactor) -> Table {
    let mut table = Table::new();
    for language in LANGUAGES {
        let first = Text::all(language).into_iter().enumerate();
        let first = first.map(|(index, text)| (1 - index % 2, text));
        let more = Text::more(language).into_iter().map(|text| (0, text));
        let second = Text::second(language).into_iter().map(|text| (2, text));
        for (set, text) in first.chain(more).chain(second) {
            let mut count = |kind: &str, place: usize, right: bool| {
                for language in [language, "all"] {
                    for kind in [kind, "all"] {
                        let key = (language.to_owned(), kind.to_owned());
                        let Tally(tally) = &mut table.entry(key).or_default()[set];
                        tally[place] += usize::from(right);
                        tally[place + 1] += 1;
                    }
                }
            };
            let found = redactor.find(&text.text);
            for (kind, start, end) in text.marked() {
                // Found is what is masked from end to end.
                let covers =
                    |data: &PersonalData| data.span.start() <= start && end <= data.span.end();
                count(kind, 0, found.iter().any(covers));
            }
            for data in &found {
                let right = text.marked().any(|(kind, start, end)| {
                    kind == data.kind.code() && data.span.start() < end && start < data.span.end()
                });
                count(data.kind.code(), 2, right);
            }
        }
    }
    table
}

/// Recall and precision just under those measured, of each of [`SETS`].
#[rustfmt::skip] // a table to be read as one
const FLOORS: &[(&str, &str, [[f64; 2]; 3])] = &[
    ("all", "all", [[0.969, 0.988], [0.874, 0.949], [0.912, 0.952]]),
    ("all", "person", [[0.957, 0.982], [0.825, 0.909], [0.902, 0.951]]),
    ("all", "address", [[0.984, 1.0], [0.718, 0.975], [0.775, 0.948]]),
    ("all", "phone", [[0.985, 1.0], [0.95, 0.988], [1.0, 0.918]]),
    ("en", "all", [[0.98, 0.989], [0.898, 0.938], [0.976, 0.898]]),
    ("en", "person", [[0.97, 0.983], [0.845, 0.886], [0.966, 0.88]]),
    ("en", "address", [[1.0, 1.0], [0.725, 0.907], [1.0, 1.0]]),
    ("en", "phone", [[1.0, 1.0], [1.0, 1.0], [1.0, 0.855]]),
    ("fr", "all", [[0.969, 0.988], [0.937, 0.917], [0.942, 0.943]]),
    ("fr", "person", [[0.95, 0.981], [0.943, 0.831], [0.958, 0.958]]),
    ("fr", "address", [[1.0, 1.0], [0.798, 1.0], [0.664, 0.748]]),
    ("fr", "phone", [[1.0, 1.0], [0.939, 1.0], [1.0, 1.0]]),
    ("es", "all", [[0.988, 0.988], [0.873, 0.973], [0.827, 0.971]]),
    ("es", "person", [[1.0, 0.981], [0.881, 0.946], [0.825, 1.0]]),
    ("es", "address", [[1.0, 1.0], [0.543, 1.0], [0.331, 1.0]]),
    ("es", "phone", [[0.935, 1.0], [1.0, 1.0], [1.0, 0.798]]),
    ("th", "all", [[0.944, 0.988], [0.86, 0.926], [0.901, 0.967]]),
    ("th", "person", [[0.905, 0.981], [0.788, 0.876], [0.902, 0.952]]),
    ("th", "address", [[1.0, 1.0], [0.748, 1.0], [0.664, 1.0]]),
    ("th", "phone", [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]),
    ("zh-Hans", "all", [[0.962, 0.98], [0.827, 0.971], [0.909, 1.0]]),
    ("zh-Hans", "person", [[0.967, 0.967], [0.715, 0.969], [0.878, 1.0]]),
    ("zh-Hans", "address", [[0.914, 1.0], [0.855, 1.0], [1.0, 1.0]]),
    ("zh-Hans", "phone", [[1.0, 1.0], [0.939, 0.939], [1.0, 1.0]]),
    ("zh-Hant", "all", [[0.972, 1.0], [0.846, 0.983], [0.909, 0.966]]),
    ("zh-Hant", "person", [[0.955, 1.0], [0.798, 0.968], [0.878, 0.954]]),
    ("zh-Hant", "address", [[1.0, 1.0], [0.664, 1.0], [1.0, 1.0]]),
    ("zh-Hant", "phone", [[1.0, 1.0], [0.831, 1.0], [1.0, 1.0]]),
    ("all", "card", [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]),
    ("all", "iban", [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]),
    ("all", "email", [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]),
    ("all", "national_id", [[1.0, 1.0], [1.0, 0.942], [1.0, 1.0]]),
    ("all", "handle", [[0.939, 1.0], [0.816, 1.0], [1.0, 1.0]]),
];

#[test]
fn personal_data_is_found() {
    let table = measure(&Redactor::new());
    print(&table);
    for &(language, kind, floors) in FLOORS {
        let sets = &table[&(language.to_owned(), kind.to_owned())];
        for ((set, tally), [recall, precision]) in SETS.into_iter().zip(sets).zip(floors) {
            let (found, right) = (tally.recall(), tally.precision());
            assert!(
                found >= recall && right >= precision,
                "{language} {kind} {set}: recall {found:.3}, precision {right:.3}"
            );
        }
    }
}

fn print(table: &Table) {
    for ((language, kind), sets) in table {
        for (set, tally) in SETS.into_iter().zip(sets) {
            let [found, marked, right, all] = tally.0;
            let [recall, precision] =
                [tally.recall(), tally.precision()].map(|share| share * 100.0);
            say(format_args!(
                "{language:8} {kind:12} {set:14} recall {recall:5.1} ({found}/{marked}) precision {precision:5.1} ({right}/{all})"
            ));
        }
    }
}

#[test]
fn nothing_found_is_written() {
    let analyzer = tiny_analyzer(0);
    let redactor = Redactor::new();
    // A text in eight: the tiny model takes its time in a test.
    let texts = LANGUAGES.map(Text::all).into_iter().flatten().step_by(8);
    for Text { text, .. } in texts {
        let mut feedback = Feedback::new(text.as_str(), text.as_str());
        let json = serde_json::json!({ "in": [text] }).to_string();
        feedback.fields = vec![
            ("note".to_owned(), Field::Text(text.clone())),
            ("raw".to_owned(), Field::Json(json)),
        ];
        let carried = ["note".to_owned(), "raw".to_owned()];
        let analysis = analyzer.analyze(&feedback).expect("any text");
        let redacted = redactor.redact(&text);
        let found = redactor.find(&text);
        for format in [OutputFormat::Jsonl, OutputFormat::Csv] {
            let mut writer =
                Writer::new(Vec::new(), format, "m", &carried).redact(redactor.clone());
            writer
                .write(&feedback, &analysis)
                .expect("memory takes any record");
            let out = writer.into_inner().expect("memory takes any record");
            let out = String::from_utf8(out).expect("records are UTF-8");
            for secret in found.iter().map(|data| data.span.of(&text)) {
                // A short name may stand in another word: `ella` in `cancellation`.
                let shortest = if secret.is_ascii() { 7 } else { 3 };
                let told = secret.chars().count() < shortest || redacted.contains(secret);
                assert!(told || !out.contains(secret), "{secret:?} in {out}");
            }
        }
    }
}

#[test]
fn the_tool_masks_what_it_writes() {
    let rows = "id,comment,Customer name,store\n\
        ana.ruiz@mail.example,Ring me on 07700 900 341 please,Somebody,Leeds\n";
    let output = score()
        .args(["--redact", "--input-format", "csv", "-"])
        .write_stdin(rows)
        .output()
        .expect("the tool runs");
    let record = &records(&output.stdout)[0];
    assert_eq!(record["id"], "[EMAIL]");
    assert_eq!(record["fields"]["Customer name"], "[PERSON]");
    assert_eq!(record["fields"]["store"], "Leeds");
    let written = [output.stdout, output.stderr].concat();
    let written = String::from_utf8_lossy(&written);
    for secret in ["900 341", "ana.ruiz", "Somebody"] {
        assert!(!written.contains(secret), "{written}");
    }
}
