//! What several tests share.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
#[cfg(feature = "bundled-model")]
use painpoint::{Analysis, Feedback};
use painpoint::{Analyzer, Model};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A path below the root of the repository.
pub(crate) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Prints a figure for whoever runs the tests with `--nocapture`.
#[expect(clippy::print_stdout, reason = "this is what it is for")]
pub(crate) fn say(figure: std::fmt::Arguments<'_>) {
    println!("{figure}");
}

/// The tiny random model: right shapes, wrong answers, no time.
pub(crate) fn tiny_model() -> Model {
    Model::load(root("tests/fixtures/tiny-model")).expect("a model of the repository")
}

/// An analyzer with the tiny model.
pub(crate) fn tiny_analyzer(threads: usize) -> Analyzer {
    let builder = Analyzer::builder().model(tiny_model()).threads(threads);
    builder.build().expect("a model of the repository")
}

/// What the bundled model says of `texts`, in their order.
#[cfg(feature = "bundled-model")]
pub(crate) fn analyses<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Analysis> {
    let texts = texts.into_iter();
    let batch: Vec<_> = texts.map(|text| Feedback::new("", text)).collect();
    let analyzer = Analyzer::new().expect("the bundled model");
    let analyses = analyzer.analyze_batch(&batch).into_iter();
    analyses
        .map(|analysis| analysis.expect("any text"))
        .collect()
}

/// The values of a JSON Lines file of the repository.
pub(crate) fn lines<T: DeserializeOwned>(path: &str) -> Vec<T> {
    let bytes = std::fs::read(root(path)).expect("a file of the repository");
    values(&bytes)
}

/// The tool, with the tiny model, in a run of `score`.
pub(crate) fn score() -> Command {
    let mut command = painpoint();
    command
        .arg("score")
        .arg("--model")
        .arg(root("tests/fixtures/tiny-model"));
    command
}

/// The tool.
pub(crate) fn painpoint() -> Command {
    Command::new(assert_cmd::cargo::cargo_bin!("painpoint"))
}

/// The records in the output of a run.
pub(crate) fn records(output: &[u8]) -> Vec<Value> {
    values(output)
}

fn values<T: DeserializeOwned>(lines: &[u8]) -> Vec<T> {
    let lines = std::str::from_utf8(lines).expect("UTF-8").lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON of the expected form"))
        .collect()
}

/// Texts in many scripts and states, for whatever must hold of any text.
pub(crate) fn odd_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " \n\t ",
        "ok",
        "!!!",
        "😡",
        "The room was lovely but the staff were rude.",
        "Livraison en retard, et personne ne répond !",
        "La comida llegó fría; pedí el reembolso y nada.",
        "ของมาส่งช้ามาก พนักงานพูดจาไม่ดีเลย แต่ของดี",
        "物流太慢了，客服态度也很差，要求退款。",
        "服務人員很親切，但是等了一個小時才有位子。",
        "スタッフの対応は良かったが、部屋が狭すぎる。",
        "التطبيق لا يعمل منذ التحديث الأخير.",
        "\u{202e}txet desrever\u{202c} and back",
        "客户：订单还没发货。\n客服：抱歉，我帮您查一下。",
        "e\u{301}te\u{301} \u{200b}zero\u{200d}width \u{feff}mark \u{0}nul",
        "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}",
        "<script>alert(1)</script> </s><s> [MASK]",
    ]
    .map(String::from)
    .to_vec();
    texts.push("😡".repeat(10_000));
    texts.push("มาก".to_owned() + &"ก".repeat(20_000));
    texts.push("x".repeat(100_000));
    texts.push("Slow, rude and dirty. ".repeat(2_000));
    texts
}
