//! Figures of ours against those of others: scikit-learn, SciPy, and the script
//! that the training uses.

use std::path::{Path, PathBuf};

use painpoint::evaluate::metrics::{self, LabelSets, Ranked};
use painpoint::evaluate::{
    Bootstrap, Dataset, Group, Mapping, Metric, Predictions, Predictor, Report, Settings, Task,
};
use painpoint::{ReadOptions, Reader};
use serde_json::Value;

use crate::support::{lines, painpoint, root};

/// Labels in the golden cases.
const LABELS: usize = 5;

fn assert_close(ours: Option<f64>, reference: &Value, what: &str) {
    match (ours, reference.as_f64()) {
        (None, None) => {}
        (Some(ours), Some(reference)) => {
            assert!(
                (ours - reference).abs() < 1e-9,
                "{what}: {ours} is not {reference}"
            );
        }
        other => panic!("{what}: {other:?}"),
    }
}

#[test]
fn figures_are_those_of_scikit_learn() {
    let cases: Vec<(Value, Value, Vec<Value>)> = lines("tests/golden/metrics.jsonl");
    assert_eq!(cases.len(), 1000);
    for (at, (gold, told, figures)) in cases.iter().enumerate() {
        let check = |name: &str, ours: Option<f64>, reference: &Value| {
            assert_close(ours, reference, &format!("case {at}, {name}"));
        };
        let (gold, told) = (label_sets(gold), label_sets(told));
        let ones = vec![1; gold.len()];
        let rows: Vec<LabelSets> = gold.iter().cloned().zip(told.iter().cloned()).collect();
        let counts = metrics::count(&rows, LABELS, &ones);
        let right: Vec<f64> = rows
            .iter()
            .map(|(gold, told)| f64::from(u8::from(gold == told)))
            .collect();
        let accuracy = metrics::mean(&right, &ones);
        if figures.len() == 4 {
            check("macro F1", metrics::macro_f1(&counts), &figures[0]);
            check("micro F1", metrics::micro_f1(&counts), &figures[1]);
            check("weighted F1", metrics::weighted_f1(&counts), &figures[2]);
            check("accuracy", accuracy, &figures[3]);
            continue;
        }
        check("accuracy", accuracy, &figures[0]);
        check("micro F1", metrics::micro_f1(&counts), &figures[0]);
        check("macro F1", metrics::macro_f1(&counts), &figures[1]);
        check("weighted F1", metrics::weighted_f1(&counts), &figures[2]);
        let pairs: Vec<(f64, f64)> = rows
            .iter()
            .map(|(gold, told)| (gold[0] as f64, told[0] as f64))
            .collect();
        check("tau-b", Ranked::new(&pairs).tau_b(&ones), &figures[3]);
        let distances: Vec<f64> = pairs
            .iter()
            .map(|(gold, told)| (gold - told).abs())
            .collect();
        check("mean error", metrics::mean(&distances, &ones), &figures[4]);
    }
}

/// A string of digits, one label a row; or a list of bit sets.
fn label_sets(rows: &Value) -> Vec<Vec<usize>> {
    match rows {
        Value::String(digits) => digits
            .bytes()
            .map(|digit| vec![usize::from(digit - b'0')])
            .collect(),
        sets => {
            let sets = sets.as_array().expect("a list").iter();
            sets.map(|set| {
                let set = set.as_u64().expect("bits");
                (0..LABELS).filter(|label| set >> label & 1 == 1).collect()
            })
            .collect()
        }
    }
}

fn by_id(path: &str) -> Reader {
    let id = Some("id".to_owned());
    let options = ReadOptions {
        text: id.iter().cloned().collect(),
        id,
        ..ReadOptions::default()
    };
    Reader::open(root(path), &options).expect("a file of the repository")
}

/// `figures.json` is what `models/training/evaluate.py` says of `records.jsonl`.
#[test]
fn figures_are_those_of_the_training_script() {
    let corpus = ["en", "fr-c", "th-d", "zh-Hant-b"];
    let rows = corpus.iter().flat_map(|name| {
        let path = root(&format!("data/feedback/{name}.jsonl"));
        Reader::open(path, &ReadOptions::default()).expect("a file of the repository")
    });
    let data = Dataset::read(rows, &Mapping::default());
    let told = Predictions::read(
        "records",
        by_id("tests/golden/records.jsonl"),
        Mapping::default(),
    );
    let settings = Settings {
        bootstrap: Bootstrap {
            resamples: 20,
            seed: 1,
        },
        ..Settings::default()
    };
    let report = Report::new(&data, &told.predict(&data.feedback()), &settings);
    let reference =
        std::fs::read(root("tests/golden/figures.json")).expect("a file of the repository");
    let reference: Value = serde_json::from_slice(&reference).expect("JSON");
    assert_eq!(report.groups.len(), 5);
    for group in &report.groups {
        let reference = &reference[&group.name];
        assert_eq!(
            Some(group.rows as u64),
            reference["items"].as_u64(),
            "{}",
            group.name
        );
        for (name, task, metric) in SAME {
            let ours = group.figure(task, metric).map(|figure| figure.value);
            assert_close(ours, &reference[name], &format!("{}, {name}", group.name));
        }
        let chance = figure(group, Task::Sentiment, Metric::ErrorByChance);
        let theirs = reference["sentiment_ece_by_chance"]
            .as_f64()
            .expect("a figure");
        // Both are means over 200 random draws.
        assert!((chance - theirs).abs() < 0.01, "{chance} {theirs}");
    }
}

const SAME: [(&str, Task, Metric); 11] = [
    ("sentiment_macro_f1", Task::Sentiment, Metric::MacroF1),
    ("sentiment_accuracy", Task::Sentiment, Metric::Accuracy),
    ("sentiment_ece", Task::Sentiment, Metric::CalibrationError),
    ("mixed_f1", Task::Mixed, Metric::F1),
    ("emotions_macro_f1", Task::Emotions, Metric::MacroF1),
    ("topics_polarity_micro_f1", Task::Topics, Metric::MicroF1),
    ("topics_found_micro_f1", Task::Topics, Metric::FoundF1),
    ("act_accuracy", Task::Act, Metric::Accuracy),
    ("urgency_exact", Task::Urgency, Metric::Accuracy),
    ("urgency_within_one", Task::Urgency, Metric::WithinOne),
    ("language_accuracy", Task::Language, Metric::Accuracy),
];

fn figure(group: &Group, task: Task, metric: Metric) -> f64 {
    group.figure(task, metric).expect("a figure").value
}

/// A labelled table and what another system says of it.
fn files() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let put = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).expect("a writable folder");
        path
    };
    let rows = put(
        "rows.csv",
        "id,review,grade,channel\n1,Livraison en retard et colis abîmé,0,web\n2,很好，谢谢,1,app\n3,ส่งช้ามาก,0,web\n4,Great staff,1,app\n",
    );
    let told = put(
        "told.csv",
        "id,sentiment\n1,negative\n2,positive\n3,positive\n4,positive\n",
    );
    (dir, rows, told)
}

const MEANING: [&str; 6] = [
    "--column",
    "sentiment=grade",
    "--value",
    "sentiment:0=negative",
    "--value",
    "sentiment:1=positive",
];

fn run(command: &str, paths: &[&Path], arguments: &[&str]) -> (i32, String, String) {
    let mut tool = painpoint();
    let output = tool
        .arg(command)
        .args(paths)
        .args(arguments)
        .output()
        .expect("the tool runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code().expect("an exit code"),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn a_file_of_predictions_is_measured_with_a_signature() {
    let (dir, rows, told) = files();
    let told = told.display().to_string();
    let [json, markdown, html] =
        ["a.json", "a.md", "a.html"].map(|name| dir.path().join(name).display().to_string());
    let mut arguments = vec![
        "--predictions",
        &told,
        "--by",
        "channel,length",
        "--baselines",
    ];
    arguments.extend(["--json", &json, "--markdown", &markdown, "--html", &html]);
    arguments.extend(MEANING);
    let (code, stdout, stderr) = run("eval", &[&rows], &arguments);
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stdout.starts_with("painpoint:") && stdout.contains("By channel"),
        "{stdout}"
    );

    let document: Value =
        serde_json::from_slice(&std::fs::read(&json).expect("written")).expect("JSON");
    assert_eq!(document["groups"][0]["figures"][0]["value"], 0.75);
    assert_eq!(
        document["confusion"]["sentiment"]["negative"]["positive"],
        1
    );
    assert_eq!(document["most_confident_errors"][0]["id"], "3");
    assert_eq!(document["baselines"][0]["name"], "majority");
    let signature = document["signature"].as_str().expect("a line");
    assert!(
        signature.contains("|rows:4|") && signature.contains("|predictions:"),
        "{signature}"
    );
    for path in [&markdown, &html] {
        let text = std::fs::read_to_string(path).expect("written");
        assert!(
            text.contains("|rows:4|") && text.contains("ส่งช้ามาก"),
            "{path}"
        );
    }
    // The same figures again, to the byte.
    run("eval", &[&rows], &arguments);
    let again: Value =
        serde_json::from_slice(&std::fs::read(&json).expect("written")).expect("JSON");
    assert_eq!(document, again);
}

#[test]
fn a_model_is_measured_and_rows_without_labels_are_said() {
    let model = root("tests/fixtures/tiny-model").display().to_string();
    let gold = root("data/evaluation/samples.jsonl").display().to_string();
    let arguments = [
        "--gold",
        &gold,
        "--model",
        &model,
        "--resamples",
        "5",
        "--json",
        "-",
    ];
    let (code, stdout, stderr) = run("eval", &[&root("data/samples")], &arguments);
    assert_eq!(code, 0, "{stderr}");
    let document: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(document["rows"], 108);
    assert_eq!(document["system"], "tiny-model-1");
    let signature = document["signature"].as_str().expect("a line");
    assert!(
        signature.contains("|model:") && signature.contains("|engine:int8"),
        "{signature}"
    );

    let gold = root("data/behaviour/fr.jsonl").display().to_string();
    let (code, _, stderr) = run(
        "eval",
        &[&root("data/samples/app_survey.tsv")],
        &["--gold", &gold, "--model", &model],
    );
    assert_eq!(code, 4);
    assert!(stderr.contains("no row has a label"), "{stderr}");
}

#[test]
fn two_systems_are_compared() {
    let (dir, rows, told) = files();
    let other = dir.path().join("other.csv");
    std::fs::write(
        &other,
        "id,sentiment\n1,negative\n2,negative\n3,negative\n4,positive\n",
    )
    .expect("a writable folder");
    let mut arguments = vec!["--json", "-"];
    arguments.extend(MEANING);
    let (code, stdout, stderr) = run("compare", &[&told, &other, &rows], &arguments);
    assert_eq!(code, 0, "{stderr}");
    let document: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(document["differences"][0]["difference"], 0.0);
    assert_eq!(document["tests"][0]["only_first"], 1);
    assert_eq!(document["tests"][0]["p"], 1.0);
    assert_eq!(document["flips"].as_array().map(Vec::len), Some(2));

    // The labels of another system under names of its own.
    let foreign = dir.path().join("foreign.csv");
    let meaning = dir.path().join("foreign.toml");
    std::fs::write(&foreign, "id,guess\n1,0\n2,1\n3,1\n4,1\n").expect("a writable folder");
    let toml = "[sentiment]\ncolumn = \"guess\"\nvalues = { 0 = \"negative\", 1 = \"positive\" }\n";
    std::fs::write(&meaning, toml).expect("a writable folder");
    let meaning = meaning.display().to_string();
    let mut arguments = vec!["--predictions-mapping", &meaning, "--json", "-"];
    arguments.extend(MEANING);
    let (code, stdout, stderr) = run(
        "compare",
        &[&foreign, Path::new("majority"), &rows],
        &arguments,
    );
    assert_eq!(code, 0, "{stderr}");
    let document: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(document["differences"][0]["first"], 0.75);

    let (code, stdout, stderr) = run(
        "compare",
        &[Path::new("majority"), Path::new("lexicon"), &rows],
        &MEANING,
    );
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stdout.contains("Answers that differ, sentiment"),
        "{stdout}"
    );
    let (code, _, stderr) = run(
        "compare",
        &[Path::new("majority"), Path::new("linear"), &rows],
        &MEANING,
    );
    assert_eq!(code, 4);
    assert!(stderr.contains("--train"), "{stderr}");
}

#[test]
fn behaviour_is_probed() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("en.jsonl");
    let cases = concat!(
        r#"{"id":"1","language":"en","capability":"negation","test":"minimum","text":"Not bad","expected":["positive"]}"#,
        "\n",
        r#"{"id":"2","language":"en","capability":"names","test":"invariance","texts":["Ann is rude","Ben is rude"],"expected":[]}"#,
        "\n",
    );
    std::fs::write(&path, cases).expect("a writable folder");
    let model = root("tests/fixtures/tiny-model").display().to_string();
    let arguments = ["--behaviour", "--model", &model, "--json", "-", "--quiet"];
    let (code, stdout, stderr) = run("eval", &[dir.path()], &arguments);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let document: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(document["capabilities"]["all"]["en"]["cases"], 2);
    // Nothing is accepted of the second.
    assert_eq!(document["capabilities"]["names"]["all"]["failed"], 1);
    let signature = document["signature"].as_str().expect("a line");
    assert!(signature.contains("|count:2|"), "{signature}");

    std::fs::write(&path, "{}\n").expect("a writable folder");
    let (code, _, stderr) = run("eval", &[&path], &arguments);
    assert_eq!(code, 4);
    assert!(stderr.contains("row 1"), "{stderr}");
}

#[test]
fn a_public_set_is_measured_beside_what_is_published() {
    let path = root("tests/fixtures/sets/umsab/fr");
    let model = root("tests/fixtures/tiny-model").display().to_string();
    let (code, stdout, stderr) = run("eval", &[&path], &["--set", "umsab-fr", "--model", &model]);
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stdout.contains("XLM-T, eight languages") && stdout.contains("|set:umsab-fr"),
        "{stdout}"
    );
    let (code, _, stderr) = run("eval", &[&path], &["--set", "umsab"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("umsab-fr"), "{stderr}");
}

/// The labelled rows of the corpus that nothing is trained on.
#[cfg(feature = "bundled-model")]
pub(crate) fn dev_items() -> Dataset {
    let folder = std::fs::read_dir(root("data/feedback")).expect("a folder of the repository");
    let mut paths: Vec<_> = folder
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "jsonl")
    });
    paths.sort();
    let rows = paths.iter().flat_map(|path| {
        Reader::open(path, &ReadOptions::default()).expect("a file of the repository")
    });
    let mut data = Dataset::read(rows, &Mapping::default());
    data.retain(|row| row.feedback.id.ends_with('0'));
    data
}

/// Whoever changes the model or the data runs `data/evaluation/measure`.
#[test]
#[cfg(feature = "bundled-model")]
fn the_reports_are_of_the_bundled_model_and_data() {
    let model = painpoint::Model::bundled().expect("the bundled model");
    let model = format!("|model:{}|", &model.fingerprint()[..12]);
    for name in ["feedback", "behaviour", "samples"] {
        let report = std::fs::read(root(&format!("data/evaluation/{name}.json")));
        let report: Value =
            serde_json::from_slice(&report.expect("a file of the repository")).expect("JSON");
        let signature = report["signature"].as_str().expect("a line");
        assert!(
            signature.contains(&model),
            "{name}: {signature} is not {model}"
        );
        if name == "feedback" {
            let data = format!("|data:{}|", &dev_items().hash()[..12]);
            assert!(
                signature.contains(&data),
                "{name}: {signature} is not {data}"
            );
        }
    }
}
