//! The engine rust-bert, and checkpoints of other people. The tiny checkpoints
//! and what `transformers` says with them: tests/fixtures/checkpoints/make.py.

use std::path::{Path, PathBuf};

use painpoint::{
    Analysis, Analyzer, AnalyzerBuilder, Checkpoint, Device, Encoder, Engine, ErrorKind, Feedback,
};
use serde::Deserialize;
use serde_json::Value;

use crate::support::{odd_texts, painpoint, records, root, score, tiny_model};

#[derive(Deserialize)]
struct Expected {
    texts: Vec<String>,
    bert: Answers,
    distilbert: Answers,
    roberta: Answers,
    #[serde(rename = "xlm-roberta")]
    xlm_roberta: Answers,
}

#[derive(Deserialize)]
struct Answers {
    probabilities: Vec<Vec<f32>>,
}

fn checkpoint(name: &str) -> PathBuf {
    root("tests/fixtures/checkpoints").join(name)
}

fn expected() -> Expected {
    let json = std::fs::read(checkpoint("expected.json")).expect("a file of the repository");
    serde_json::from_slice(&json).expect("its form")
}

fn builder() -> AnalyzerBuilder {
    Analyzer::builder().model(tiny_model()).threads(1)
}

/// What is said of `texts` with a checkpoint beside the tiny model.
fn analyses(checkpoint: Checkpoint, texts: &[String]) -> Vec<Analysis> {
    let analyzer = builder()
        .checkpoint(checkpoint)
        .build()
        .expect("a checkpoint");
    let batch: Vec<_> = texts.iter().map(|text| Feedback::new("", text)).collect();
    let analyses = analyzer.analyze_batch(&batch).into_iter();
    analyses
        .map(|analysis| analysis.expect("any text"))
        .collect()
}

/// A copy of a checkpoint that a test may change.
fn copy(name: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for file in checkpoint(name)
        .read_dir()
        .expect("a folder of the repository")
    {
        let file = file.expect("an entry");
        std::fs::copy(file.path(), dir.path().join(file.file_name())).expect("a file");
    }
    dir
}

fn assert_close(ours: &[f32], theirs: &[f32], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert!((ours - theirs).abs() < 1e-4, "{what}: {ours} for {theirs}");
    }
}

#[test]
fn sentiments_are_those_of_transformers() {
    let expected = expected();
    let check = |name: &str, folder: &Path, told: &Answers| {
        let analyses = analyses(Checkpoint::new(folder), &expected.texts);
        for (analysis, told) in analyses.iter().zip(&told.probabilities) {
            let sentiment = analysis.sentiment.expect("a text with words");
            let (three, stars) = match told[..] {
                [one, two, three, four, five] => (
                    [one + two, three, four + five],
                    one + 2.0 * two + 3.0 * three + 4.0 * four + 5.0 * five,
                ),
                [negative, neutral, positive] => (
                    [negative, neutral, positive],
                    negative + 3.0 * neutral + 5.0 * positive,
                ),
                [negative, positive] => ([negative, 0.0, positive], negative + 5.0 * positive),
                _ => panic!("labels that this test does not know: {told:?}"),
            };
            assert_close(&sentiment.probabilities, &three, name);
            assert!((sentiment.stars - stars).abs() < 1e-3, "{name}");
            assert!(analysis.model.starts_with("tiny-model-1, sentiment by "));
        }
    };
    for (name, told) in [
        ("bert", &expected.bert),
        ("distilbert", &expected.distilbert),
        ("xlm-roberta", &expected.xlm_roberta),
    ] {
        check(name, &checkpoint(name), told);
        // The same from the files that tokenizer.json is made of.
        let dir = copy(name);
        std::fs::remove_file(dir.path().join("tokenizer.json")).expect("a file of the copy");
        check(name, dir.path(), told);
    }
}

#[test]
fn topics_are_those_of_transformers() {
    let expected = expected();
    let dir = copy("roberta");
    for file in ["tokenizer.json", "vocab.json"] {
        let analyses = analyses(Checkpoint::new(dir.path()), &expected.texts);
        for ((analysis, told), text) in analyses
            .iter()
            .zip(&expected.roberta.probabilities)
            .zip(&expected.texts)
        {
            let probability = |id: &str| {
                let topics = analysis.topics.iter();
                let mut topics = topics.filter(|found| found.topic.id() == id);
                topics.next().map_or(0.0, |found| found.probability)
            };
            let ours = ["delivery_speed", "staff_attitude", "food_taste"].map(probability);
            assert_close(&ours, &told[..3], text);
            assert_eq!(analysis.topics.len(), 3, "weather is none of ours");
            assert!(analysis.model.starts_with("tiny-model-1, topics by "));
            for found in &analysis.topics {
                let quotes: Vec<_> = found.evidence.iter().map(|span| span.of(text)).collect();
                assert!(!quotes.is_empty() && quotes.iter().all(|quote| !quote.is_empty()));
            }
        }
        // The same from the files that tokenizer.json is made of; then without these.
        std::fs::remove_file(dir.path().join(file)).expect("a file of the copy");
    }
    let error = builder().checkpoint(Checkpoint::new(dir.path())).build();
    let error = error.expect_err("no tokenizer").to_string();
    assert!(error.contains("vocab.json"), "{error}");
}

#[test]
fn a_part_is_read_as_if_it_stood_alone() {
    let text = "The room was lovely. The staff were rude, though!";
    let texts: Vec<_> = [text, "The room was lovely.", "The staff were rude, though!"]
        .map(str::to_owned)
        .to_vec();
    let told = analyses(Checkpoint::new(checkpoint("xlm-roberta")), &texts);
    let score = |at: usize| told[at].sentiment.expect("a text with words").score();
    let segments: Vec<_> = told[0]
        .segments
        .iter()
        .map(|segment| segment.score)
        .collect();
    assert_eq!(segments, [score(1), score(2)]);
}

#[test]
fn any_text_is_read() {
    // Long enough for several windows, short enough for all of these runs.
    let texts = odd_texts().into_iter();
    let texts = texts.map(|text| text.chars().take(5_000).collect());
    let texts: Vec<String> = texts.collect();
    for name in ["bert", "roberta", "xlm-roberta"] {
        let dir = copy(name);
        for _ in 0..2 {
            for analysis in analyses(Checkpoint::new(dir.path()), &texts) {
                let Some(sentiment) = analysis.sentiment else {
                    continue;
                };
                let sum: f32 = sentiment.probabilities.iter().sum();
                assert!((sum - 1.0).abs() < 1e-3, "{name}: {sum}");
            }
            // Once with each kind of tokenizer.
            let _ = std::fs::remove_file(dir.path().join("tokenizer.json"));
        }
    }
}

#[test]
fn a_conversation_has_the_tone_of_the_customer() {
    let said = "Customer: It broke after a day.\nAgent: Sorry to hear that!\nCustomer: 没人理我。";
    let heard = "Customer: It broke after a day.\nCustomer: 没人理我。";
    let texts = [said, heard].map(str::to_owned);
    let told = analyses(Checkpoint::new(checkpoint("bert")), &texts);
    assert!(told[0].conversation.is_some());
    let sentiment = |at: usize| told[at].sentiment.expect("a text with words").probabilities;
    assert_eq!(sentiment(0), sentiment(1));
    assert_eq!(told[0].segments.len(), 3);
}

#[test]
fn a_damaged_checkpoint_is_refused_with_a_reason() {
    type Change = fn(&Path);
    fn change_config(dir: &Path, name: &str, value: Value) {
        let path = dir.join("config.json");
        let json = std::fs::read(&path).expect("a configuration");
        let mut json: Value = serde_json::from_slice(&json).expect("JSON");
        json[name] = value;
        std::fs::write(path, json.to_string()).expect("a writable folder");
    }
    let cases: [(Change, &str); 9] = [
        (
            |dir| std::fs::remove_file(dir.join("config.json")).expect("a file"),
            "config.json",
        ),
        (
            |dir| std::fs::remove_file(dir.join("model.safetensors")).expect("a file"),
            "neither model.safetensors nor",
        ),
        (
            |dir| std::fs::write(dir.join("model.safetensors"), "no").expect("a writable folder"),
            "model.safetensors",
        ),
        (
            |dir| std::fs::write(dir.join("tokenizer.json"), "{}").expect("a writable folder"),
            "tokenizer.json",
        ),
        (
            |dir| change_config(dir, "hidden_size", 32.into()),
            "cannot be loaded",
        ),
        (
            |dir| change_config(dir, "hidden_size", 17.into()),
            "cannot be loaded",
        ),
        (
            |dir| change_config(dir, "num_hidden_layers", 3.into()),
            "layer.2",
        ),
        (
            |dir| change_config(dir, "hidden_act", "silu".into()),
            "rust-bert does not know",
        ),
        (
            |dir| std::fs::write(dir.join("labels.toml"), "[label]").expect("a writable folder"),
            "labels.toml",
        ),
    ];
    for (change, expected) in cases {
        let dir = copy("bert");
        change(dir.path());
        let error = builder().checkpoint(Checkpoint::new(dir.path())).build();
        let error = error.expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_gpu_that_is_not_there_is_refused() {
    let far = Device::Cuda(1000);
    let engine = builder().engine(Engine::RustBert).device(far).build();
    let beside = builder()
        .checkpoint(Checkpoint::new(checkpoint("bert")))
        .device(far)
        .build();
    for refused in [engine, beside] {
        let error = refused.expect_err("a thousand GPUs");
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("cuda:1000"), "{error}");
    }
}

#[test]
fn the_tool_scores_and_measures_with_a_checkpoint() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let rows = dir.path().join("rows.jsonl");
    let lines =
        ["{\"id\":\"1\",\"text\":\"The room was lovely.\",\"sentiment\":\"negative\"}\n"; 2];
    std::fs::write(&rows, lines.concat().replacen("\"1\"", "\"0\"", 1)).expect("a writable folder");
    let folder = checkpoint("xlm-roberta");

    let mut command = score();
    command.args(["--engine", "rust-bert", "--quiet", "--checkpoint"]);
    let output = command.arg(&folder).arg(&rows).output().expect("a run");
    assert!(output.status.success(), "{output:?}");
    let told = records(&output.stdout);
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["model"], "tiny-model-1, sentiment by xlm-roberta");
    assert!(told[0]["sentiment"]["label"].is_string());

    let predictions = dir.path().join("told.jsonl");
    std::fs::write(&predictions, &output.stdout).expect("a writable folder");
    let told = ["--predictions".as_ref(), predictions.as_os_str()];
    let tiny = root("tests/fixtures/tiny-model");
    let asked = [
        "--model".as_ref(),
        tiny.as_os_str(),
        "--checkpoint".as_ref(),
        folder.as_os_str(),
    ];
    for system in [&told[..], &asked[..]] {
        let mut command = painpoint();
        command
            .args(["eval", "--quiet", "--json", "-"])
            .args(system);
        let output = command.arg(&rows).output().expect("a run");
        assert!(output.status.success(), "{output:?}");
    }
}

/// The largest difference between the vectors of two encoders.
fn difference(ours: &dyn Encoder, theirs: &dyn Encoder, windows: &[&[u32]]) -> f32 {
    let [ours, theirs] = [ours, theirs].map(|encoder| encoder.encode(windows).expect("windows"));
    assert_eq!(ours.len(), theirs.len());
    let rows = ours
        .rows(0, ours.len())
        .iter()
        .zip(theirs.rows(0, ours.len()));
    rows.map(|(ours, theirs)| (ours - theirs).abs())
        .fold(0.0, f32::max)
}

#[test]
fn vectors_are_those_of_the_reference() {
    let model = tiny_model();
    let load = |engine: Engine| engine.load(&model).expect("an engine");
    let windows: Vec<Vec<u32>> = (1..64)
        .map(|length| (0..length).map(|i| (length * 97 + i * 31) % 3000).collect())
        .collect();
    let windows: Vec<&[u32]> = windows.iter().map(Vec::as_slice).collect();
    let worst = difference(&*load(Engine::Float), &*load(Engine::RustBert), &windows);
    assert!(worst < 1e-4, "{worst}");
}

/// Everything that is said of a text but its numbers.
#[cfg(feature = "bundled-model")]
fn labels(analysis: &Analysis) -> String {
    let sentiment = analysis.sentiment.map(|said| (said.label, said.mixed));
    let emotions = analysis.emotions.iter().map(|said| said.label);
    let topics = analysis.topics.iter();
    let topics = topics.map(|said| (said.topic.id(), said.polarity, &said.evidence));
    let pain = analysis.pain_points.iter().map(|pain| pain.topic.id());
    let segments = analysis.segments.iter().map(|segment| segment.polarity);
    format!(
        "{sentiment:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        analysis.act.map(|said| said.label),
        analysis.urgency,
        analysis.flags,
        emotions.collect::<Vec<_>>(),
        topics.collect::<Vec<_>>(),
        pain.collect::<Vec<_>>(),
        segments.collect::<Vec<_>>(),
    )
}

#[test]
#[cfg(feature = "bundled-model")]
#[cfg_attr(
    debug_assertions,
    ignore = "minutes without optimisation; run with --release"
)]
fn the_samples_have_the_labels_of_the_reference() {
    let files = [
        "hotel_reviews.csv",
        "complaints.jsonl",
        "app_survey.tsv",
        "transcripts",
    ];
    let files = files.map(|name| root("data/samples").join(name));
    let files = files.iter().flat_map(|path| match path.read_dir() {
        Ok(folder) => folder
            .map(|entry| entry.expect("an entry").path())
            .collect(),
        Err(_) => vec![path.clone()],
    });
    let rows = files.flat_map(|path| {
        painpoint::Reader::open(path, &painpoint::ReadOptions::default()).expect("a sample")
    });
    let batch: Vec<_> = rows.map(|row| row.expect("a row").feedback).collect();
    let said = [Engine::Float, Engine::RustBert].map(|engine| {
        let analyzer = Analyzer::builder().engine(engine).build();
        analyzer.expect("the bundled model").analyze_batch(&batch)
    });
    assert_eq!(said[0].len(), 108);
    let mut worst: f32 = 0.0;
    for (row, (ours, theirs)) in said[0].iter().zip(&said[1]).enumerate() {
        let (ours, theirs) = (
            ours.as_ref().expect("any text"),
            theirs.as_ref().expect("any text"),
        );
        assert_eq!(labels(ours), labels(theirs), "{}", batch[row].text);
        let three = |said: &Analysis| said.sentiment.map_or([0.0; 3], |said| said.probabilities);
        for (ours, theirs) in three(ours).iter().zip(three(theirs)) {
            worst = worst.max((ours - theirs).abs());
        }
    }
    assert!(worst < 1e-4, "{worst}");
}

#[test]
#[cfg(feature = "bundled-model")]
#[cfg_attr(
    debug_assertions,
    ignore = "minutes without optimisation; run with --release"
)]
fn vectors_of_the_bundled_model_are_those_of_our_engines() {
    #[derive(Deserialize)]
    struct Golden {
        items: Vec<Item>,
    }
    #[derive(Deserialize)]
    struct Item {
        ids: Vec<u32>,
        mean: Vec<f32>,
    }
    let json = std::fs::read(root("tests/golden/base.json")).expect("a file of the repository");
    let golden: Golden = serde_json::from_slice(&json).expect("a golden file");
    let model = painpoint::Model::bundled().expect("the bundled model");
    let load = |engine: Engine| engine.load(&model).expect("an engine");
    let (libtorch, float, int8) = (
        load(Engine::RustBert),
        load(Engine::Float),
        load(Engine::Int8),
    );
    let (mut worst, mut worst_mean, mut least_cosine) = (0_f32, 0_f32, 1_f64);
    for Item { ids, mean } in &golden.items {
        worst = worst.max(difference(&*float, &*libtorch, &[ids]));
        let [theirs, eight] = [&libtorch, &int8].map(|encoder| document(&**encoder, ids));
        for (ours, reference) in theirs.iter().zip(mean) {
            worst_mean = worst_mean.max((*ours as f32 - reference).abs());
        }
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let cosine = dot(&theirs, &eight) / (dot(&theirs, &theirs) * dot(&eight, &eight)).sqrt();
        least_cosine = least_cosine.min(cosine);
    }
    assert!(worst < 1e-4, "f32: {worst}");
    assert!(worst_mean < 1e-4, "transformers: {worst_mean}");
    assert!(least_cosine > 0.998, "int8: {least_cosine}");
}

/// The mean of a window's vectors.
#[cfg(feature = "bundled-model")]
fn document(encoder: &dyn Encoder, ids: &[u32]) -> Vec<f64> {
    let embeddings = encoder.encode(&[ids]).expect("a window");
    let mut mean = vec![0.0; encoder.dimension()];
    for row in embeddings.rows(0, ids.len()).chunks_exact(mean.len()) {
        for (mean, &value) in mean.iter_mut().zip(row) {
            *mean += f64::from(value) / ids.len() as f64;
        }
    }
    mean
}
