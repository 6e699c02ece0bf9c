//! Every stage by itself, in five scripts, short texts and long; and all that
//! comes before the model, on the rows of the corpus: `cargo bench --bench stages`.

use std::io::Cursor;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use painpoint::stages::Stages;
use painpoint::{Duplicates, Feedback, Model, ReadOptions, Reader};
use rayon::prelude::*;

/// A sentence or two in each of several scripts.
const TEXTS: [(&str, &str); 6] = [
    (
        "en",
        "The room was lovely but the staff were rude and nobody ever answered the phone.",
    ),
    (
        "fr",
        "Livraison en retard, colis abîmé, et le service client ne répond pas !",
    ),
    (
        "es",
        "La comida llegó fría; pedí el reembolso hace una semana y nada de nada.",
    ),
    ("th", "ของมาส่งช้ามาก พนักงานพูดจาไม่ดีเลย แต่ของที่ได้ก็โอเคอยู่"),
    (
        "zh-Hans",
        "物流太慢了，客服态度也很差，要求退款却一直没人理我。",
    ),
    (
        "zh-Hant",
        "服務人員很親切，但是等了一個小時才有位子，而且餐點都冷掉了。",
    ),
];

fn main() {
    divan::main();
}

/// Short texts as they are, long ones forty times over.
fn cases() -> Vec<(String, Feedback)> {
    let sizes = [("short", 1), ("long", 40)];
    let cases = TEXTS.iter().flat_map(|(language, text)| {
        sizes.map(|(size, times)| {
            let text = format!("{text} ").repeat(times);
            (format!("{language} {size}"), Feedback::new("1", text))
        })
    });
    cases.collect()
}

fn names() -> Vec<String> {
    cases().into_iter().map(|(name, _)| name).collect()
}

fn case(name: &str) -> Feedback {
    let mut cases = cases().into_iter();
    cases
        .find(|(other, _)| other == name)
        .expect("a case of ours")
        .1
}

fn model() -> Model {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/models/painpoint-base");
    Model::load(dir).expect("the model of the repository")
}

fn stages() -> Stages {
    Stages::new(&model()).expect("the model of the repository")
}

fn bytes(feedback: &Feedback) -> BytesCount {
    BytesCount::of_str(&feedback.text)
}

#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let rows: String = (0..10_000)
        .map(|i| format!("{i},{},Lyon\n", TEXTS[i % 6].1.replace(',', "")))
        .collect();
    let table = format!("id,review,shop\n{rows}");
    bencher.counter(BytesCount::of_str(&table)).bench(|| {
        let input = Cursor::new(table.clone());
        let reader = Reader::from_read("rows.csv", input, &ReadOptions::default());
        assert_eq!(reader.expect("a table").flatten().count(), 10_000);
    });
}

/// Short rows of the corpus, in all six languages: half of it is shorter than
/// seventy characters.
const SHORT_ROWS: usize = 20_000;
const SHORT: usize = 100;

/// The short texts of the corpus as a file of that format.
fn short_rows(format: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/feedback");
    let entries = std::fs::read_dir(folder).expect("a folder of the repository");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    paths.sort();
    let texts = paths.into_iter().flat_map(|path| {
        let rows = std::fs::read_to_string(path).expect("a file of the repository");
        let texts = rows.lines().map(|row| {
            let row: serde_json::Value = serde_json::from_str(row).expect("JSON");
            row["text"].as_str().expect("a text").to_owned()
        });
        texts.collect::<Vec<_>>()
    });
    let texts: Vec<String> = texts
        .filter(|text| text.chars().count() <= SHORT)
        .take(SHORT_ROWS)
        .collect();
    assert_eq!(texts.len(), SHORT_ROWS);
    match format {
        "csv" => {
            let mut rows = csv::Writer::from_writer(Vec::new());
            rows.write_record(["id", "review", "shop"]).expect("memory");
            for (at, text) in texts.iter().enumerate() {
                let id = at.to_string();
                rows.write_record([id.as_str(), text, "Lyon"])
                    .expect("memory");
            }
            String::from_utf8(rows.into_inner().expect("memory")).expect("UTF-8")
        }
        _ => {
            let rows = texts.iter().enumerate().map(|(at, text)| {
                let row = serde_json::json!({"id": at, "review": text, "shop": "Lyon"});
                format!("{row}\n")
            });
            rows.collect()
        }
    }
}

/// From a file to documents, repetitions found, on all cores: all that comes
/// before the model.
#[divan::bench(args = ["csv", "jsonl"])]
fn read_and_prepare(bencher: Bencher<'_, '_>, format: &str) {
    let rows = short_rows(format);
    bencher
        .counter(ItemsCount::new(SHORT_ROWS))
        .counter(BytesCount::of_str(&rows))
        .with_inputs(|| rows.clone())
        .bench_values(|rows| {
            let name = format!("rows.{format}");
            let reader = Reader::from_read(&name, Cursor::new(rows), &ReadOptions::default());
            let mut duplicates = Duplicates::new();
            let rows = reader.expect("a table").map(|row| {
                let feedback = row.expect("a sound row").feedback;
                let repeat = duplicates.add(&feedback.id, &feedback.text);
                (feedback, repeat)
            });
            let prepared = rows
                .par_bridge()
                .map(|(feedback, repeat)| (black_box(Stages::prepare(&feedback)), repeat));
            assert_eq!(prepared.count(), SHORT_ROWS);
        });
}

/// Reads and verifies the model's files.
#[divan::bench(sample_count = 10)]
fn verify() -> Model {
    model()
}

/// Makes the stages of a verified model, one after the other.
#[divan::bench(sample_count = 10)]
fn load(bencher: Bencher<'_, '_>) {
    let model = model();
    bencher.bench(|| Stages::new(&model).expect("the model of the repository"));
}

#[divan::bench(args = names())]
fn prepare(bencher: Bencher<'_, '_>, name: &str) {
    let feedback = case(name);
    bencher
        .counter(bytes(&feedback))
        .bench(|| Stages::prepare(black_box(&feedback)));
}

#[divan::bench(args = names())]
fn tokenize(bencher: Bencher<'_, '_>, name: &str) {
    let (stages, feedback) = (stages(), case(name));
    let document = Stages::prepare(&feedback);
    let tokens = stages.tokenize(&document).tokens();
    bencher
        .counter(bytes(&feedback))
        .counter(ItemsCount::new(tokens))
        .bench(|| stages.tokenize(black_box(&document)));
}

#[divan::bench(args = names(), sample_count = 10)]
fn encode(bencher: Bencher<'_, '_>, name: &str) {
    let (stages, feedback) = (stages(), case(name));
    let windows = stages.tokenize(&Stages::prepare(&feedback));
    bencher
        .counter(bytes(&feedback))
        .bench(|| stages.encode(black_box(&windows)));
}

#[divan::bench(args = names())]
fn classify(bencher: Bencher<'_, '_>, name: &str) {
    let (stages, feedback) = (stages(), case(name));
    let document = Stages::prepare(&feedback);
    let windows = stages.tokenize(&document);
    let vectors = stages.encode(&windows);
    bencher
        .counter(bytes(&feedback))
        .bench(|| stages.classify(&document, black_box(&windows), &vectors));
}

#[divan::bench(args = names())]
fn interpret(bencher: Bencher<'_, '_>, name: &str) {
    let (stages, feedback) = (stages(), case(name));
    let document = Stages::prepare(&feedback);
    let windows = stages.tokenize(&document);
    let vectors = stages.encode(&windows);
    bencher
        .counter(bytes(&feedback))
        .with_inputs(|| stages.classify(&document, &windows, &vectors))
        .bench_values(|scores| stages.interpret(&document, &windows, scores));
}
