//! From feedback to analyses with the real model, over the bundled samples:
//! `cargo bench --bench end_to_end`.

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use painpoint::{Analyzer, Feedback, Model, ReadOptions, Reader};

fn main() {
    divan::main();
}

/// The complaints and reviews of the bundled samples, all six languages.
fn samples() -> Vec<Feedback> {
    let rows = ["hotel_reviews.csv", "complaints.jsonl", "app_survey.tsv"].map(|name| {
        let path = format!("{}/data/samples/{name}", env!("CARGO_MANIFEST_DIR"));
        Reader::open(path, &ReadOptions::default()).expect("a sample of the repository")
    });
    rows.into_iter()
        .flatten()
        .map(|row| row.expect("a sound sample").feedback)
        .collect()
}

fn analyzer(threads: usize) -> Analyzer {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/models/painpoint-base");
    let model = Model::load(dir).expect("the model of the repository");
    let builder = Analyzer::builder().model(model).threads(threads);
    builder.build().expect("the model of the repository")
}

#[divan::bench(args = [1, 2], sample_count = 5)]
fn batch(bencher: Bencher<'_, '_>, threads: usize) {
    let (analyzer, samples) = (analyzer(threads), samples());
    let bytes: usize = samples.iter().map(|feedback| feedback.text.len()).sum();
    bencher
        .counter(ItemsCount::new(samples.len()))
        .counter(BytesCount::new(bytes))
        .bench(|| analyzer.analyze_batch(black_box(&samples)));
}

#[divan::bench(sample_count = 20)]
fn one_short_text(bencher: Bencher<'_, '_>) {
    let analyzer = analyzer(1);
    let feedback = Feedback::new("1", "Livraison en retard et personne ne répond !");
    bencher.bench(|| analyzer.analyze(black_box(&feedback)));
}

#[divan::bench(sample_count = 5)]
fn start(bencher: Bencher<'_, '_>) {
    bencher.bench(|| analyzer(1));
}
