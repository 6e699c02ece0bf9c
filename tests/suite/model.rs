//! A model that is not what its manifest says is refused, with a reason.

use std::fs;
use std::path::Path;

use painpoint::{Analyzer, ErrorKind, Model};
use serde_json::{Value, json};

use crate::support::root;

/// A copy of the tiny model that a test may spoil.
fn copy() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for name in ["manifest.json", "tokenizer.json", "weights.safetensors"] {
        let from = root("tests/fixtures/tiny-model").join(name);
        fs::copy(from, dir.path().join(name)).expect("a file of the tiny model");
    }
    dir
}

fn change_manifest(dir: &Path, change: impl FnOnce(&mut Value)) {
    let path = dir.join("manifest.json");
    let mut manifest = serde_json::from_slice(&fs::read(&path).expect("a manifest")).expect("JSON");
    change(&mut manifest);
    fs::write(path, manifest.to_string()).expect("a writable folder");
}

/// The message of the error that the spoiled model gives.
fn refusal(dir: &Path) -> String {
    let error = match Model::load(dir) {
        Ok(model) => Analyzer::builder()
            .model(model)
            .build()
            .expect_err("a refusal"),
        Err(error) => error,
    };
    assert!(
        matches!(error.kind(), ErrorKind::Model | ErrorKind::Io),
        "{error}"
    );
    error.to_string()
}

#[test]
fn a_whole_model_is_taken() {
    let model = Model::load(copy().path()).expect("a whole model");
    assert_eq!(model.id(), "tiny-model-1");
    assert!(
        model
            .facts()
            .iter()
            .any(|(name, value)| *name == "topics" && value.contains("payment"))
    );
}

#[test]
fn a_missing_file_is_named() {
    for name in ["manifest.json", "tokenizer.json", "weights.safetensors"] {
        let dir = copy();
        fs::remove_file(dir.path().join(name)).expect("a file of the copy");
        assert!(refusal(dir.path()).contains(name));
    }
}

#[test]
fn a_flipped_byte_is_refused_wherever_it_is() {
    for name in ["tokenizer.json", "weights.safetensors"] {
        let bytes = fs::read(root("tests/fixtures/tiny-model").join(name)).expect("a file");
        for at in [0, 9, bytes.len() / 2, bytes.len() - 1] {
            let dir = copy();
            let mut bytes = bytes.clone();
            bytes[at] ^= 1;
            fs::write(dir.path().join(name), bytes).expect("a writable folder");
            assert!(refusal(dir.path()).contains("SHA-256"), "{name}, byte {at}");
        }
        let dir = copy();
        fs::write(dir.path().join(name), &bytes[1..]).expect("a writable folder");
        assert!(
            refusal(dir.path()).contains("bytes, the manifest says"),
            "{name}"
        );
    }
}

#[test]
fn a_manifest_that_contradicts_is_refused() {
    type Change = fn(&mut Value);
    let cases: [(Change, &str); 9] = [
        (|m| m["format"] = json!(2), "format 2"),
        (|m| m["encoder"]["hidden"] = json!(65), "multiple"),
        (|m| m["encoder"]["layers"] = json!(3), "encoder.layer.2"),
        (|m| m["encoder"]["vocabulary"] = json!(3199), "3199"),
        (|m| m["encoder"]["activation"] = json!("relu"), "activation"),
        (
            |m| m["heads"]["sentiment"]["labels"][0] = json!("LABEL_0"),
            "LABEL_0",
        ),
        (
            |m| m["heads"]["topics"]["labels"][0] = json!("weather"),
            "weather",
        ),
        (
            |m| m["heads"]["emotions"]["thresholds"] = json!([0.5]),
            "threshold",
        ),
        (|m| m["files"] = json!({}), "does not list"),
    ];
    for (change, expected) in cases {
        let dir = copy();
        change_manifest(dir.path(), change);
        let message = refusal(dir.path());
        assert!(message.contains(expected), "{message}");
    }
    let dir = copy();
    fs::write(dir.path().join("manifest.json"), "{").expect("a writable folder");
    assert!(refusal(dir.path()).contains("manifest"));
}

#[test]
#[cfg(feature = "bundled-model")]
fn the_bundled_model_is_the_one_in_the_repository() {
    let bundled = Model::bundled().expect("a whole model");
    let loaded = Model::load(root("models/painpoint-base")).expect("a whole model");
    assert_eq!(bundled.facts(), loaded.facts());
}
