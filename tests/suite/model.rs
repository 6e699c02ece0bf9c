//! A model that is not what its manifest says is refused, with a reason.

use std::fs;
use std::path::Path;

use painpoint::{Analyzer, ErrorKind, Feedback, Model};
use safetensors::SafeTensors;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::root;

const FILES: [&str; 3] = ["manifest.json", "tokenizer.json", "weights.safetensors"];

/// A copy of the tiny model that a test may spoil.
fn copy() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for name in FILES {
        let from = root("tests/fixtures/tiny-model").join(name);
        fs::copy(from, dir.path().join(name)).expect("a file of the tiny model");
    }
    dir
}

/// Changes the manifest and seals it again, as whoever makes a model does.
fn change_manifest(dir: &Path, change: impl FnOnce(&mut Value)) {
    let path = dir.join("manifest.json");
    let mut manifest = serde_json::from_slice(&fs::read(&path).expect("a manifest")).expect("JSON");
    change(&mut manifest);
    let unsealed = "0".repeat(64);
    manifest["seal"] = json!(unsealed);
    let manifest = manifest.to_string();
    let digest = Sha256::digest(&manifest);
    let seal: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(path, manifest.replace(&unsealed, &seal)).expect("a writable folder");
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
    for name in FILES {
        let dir = copy();
        fs::remove_file(dir.path().join(name)).expect("a file of the copy");
        assert!(refusal(dir.path()).contains(name));
    }
}

/// Loads the tiny model with `bytes` for one of its files, which is refused.
fn assert_refused(dir: &Path, name: &str, bytes: &[u8], what: &str) {
    fs::write(dir.join(name), bytes).expect("a writable folder");
    let Err(error) = Model::load(dir) else {
        panic!("{name}, {what}: taken");
    };
    assert_eq!(error.kind(), ErrorKind::Model, "{name}, {what}");
    assert_eq!(error.path(), Some(dir), "{name}, {what}");
    assert!(error.hint().is_some(), "{name}, {what}: {error}");
}

/// Bytes of a weight file before its tensors: a length, and what it is the length of.
fn header_length(weights: &[u8]) -> usize {
    let (length, _) = weights.split_first_chunk().expect("a length");
    8 + u64::from_le_bytes(*length) as usize
}

/// Every byte of the manifest and of the header of the weights, the first ones of
/// the tokenizer, and a thousand of the rest.
#[test]
fn a_flipped_byte_is_refused_wherever_it_is() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut flips = 0;
    for name in FILES {
        let dir = copy();
        let bytes = fs::read(dir.path().join(name)).expect("a file of the copy");
        let header = match name {
            "manifest.json" => bytes.len(),
            "tokenizer.json" => 1_000,
            _ => header_length(&bytes),
        };
        let random = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as usize % bytes.len()
        });
        for at in (0..header).chain(random.take(1_000)) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            assert_refused(dir.path(), name, &flipped, &format!("byte {at}"));
            flips += 1;
        }
        fs::write(dir.path().join(name), &bytes).expect("a writable folder");
        Model::load(dir.path()).expect("as it was");
    }
    assert!(flips > 14_000, "{flips}");
}

/// Cut at every line of the manifest, every tensor of the weights and every block of
/// the tokenizer; and with something at its end.
#[test]
fn a_file_of_another_length_is_refused() {
    for name in FILES {
        let dir = copy();
        let bytes = fs::read(dir.path().join(name)).expect("a file of the copy");
        let ends: Vec<usize> = match name {
            "manifest.json" => {
                let lines = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
                lines.map(|(at, _)| at).collect()
            }
            "tokenizer.json" => (0..bytes.len()).step_by(4096).collect(),
            _ => {
                let header = header_length(&bytes);
                let tensors: Value = serde_json::from_slice(&bytes[8..header]).expect("JSON");
                let tensors = tensors.as_object().expect("an object").values();
                let starts = tensors.filter_map(|tensor| tensor["data_offsets"][0].as_u64());
                (0..=8)
                    .chain(starts.map(|start| header + start as usize))
                    .collect()
            }
        };
        assert!(ends.len() > 40, "{name}: {}", ends.len());
        for end in ends {
            assert_refused(dir.path(), name, &bytes[..end], &format!("cut at {end}"));
        }
        for more in [&b" "[..], b"\n{}", b"\0"] {
            assert_refused(dir.path(), name, &[&bytes, more].concat(), "longer");
        }
    }
}

/// The tiny model, and beside it one like it that has its tokenizer and its word
/// vectors from there.
fn two() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let [full, small] = ["full", "small"].map(|name| dir.path().join(name));
    fs::create_dir(&small).expect("a writable folder");
    fs::rename(copy().keep(), &full).expect("a writable folder");
    let weights = fs::read(full.join("weights.safetensors")).expect("the weights");
    let tensors = SafeTensors::deserialize(&weights).expect("safetensors");
    let own = tensors.tensors().into_iter();
    let own = own.filter(|(name, _)| !name.starts_with("embeddings.word_embeddings."));
    let own = safetensors::serialize(own, None).expect("safetensors");
    fs::write(small.join("weights.safetensors"), &own).expect("a writable folder");
    fs::copy(full.join("manifest.json"), small.join("manifest.json")).expect("a manifest");
    change_manifest(&small, |manifest| {
        let files = manifest["files"].as_object_mut().expect("files");
        for name in FILES.iter().filter(|name| **name != "manifest.json") {
            let stamp = files.remove(*name).expect("its stamp");
            files.insert(format!("full/{name}"), stamp);
        }
        let sha256 = Sha256::digest(&own);
        let sha256: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        let stamp = json!({"bytes": own.len(), "sha256": sha256});
        files.insert("weights.safetensors".to_owned(), stamp);
        manifest["shares_with"] = json!("full");
    });
    dir
}

#[test]
fn a_model_may_share_word_vectors_with_one_beside_it() {
    let dir = two();
    let analyze = |name: &str| {
        let model = Model::load(dir.path().join(name)).expect("a whole model");
        let analyzer = Analyzer::builder().model(model).build();
        let feedback = Feedback::new("1", "The parcel came late and nobody answered.");
        let analysis = analyzer.expect("a whole model").analyze(&feedback);
        format!("{:?}", analysis.expect("any text"))
    };
    assert_eq!(analyze("small"), analyze("full"));

    let small = dir.path().join("small");
    for (folder, expected) in [
        ("../small", "no name of a folder"),
        ("other", "cannot read"),
    ] {
        let dir = two();
        let small = dir.path().join("small");
        change_manifest(&small, |manifest| manifest["shares_with"] = json!(folder));
        let refusal = refusal(&small);
        assert!(refusal.contains(expected), "{refusal}");
    }
    let weights = dir.path().join("full/weights.safetensors");
    let mut bytes = fs::read(&weights).expect("the weights");
    *bytes.last_mut().expect("bytes") ^= 1;
    fs::write(&weights, bytes).expect("a writable folder");
    let refusal = refusal(&small);
    assert!(
        refusal.contains("full/weights.safetensors has SHA-256"),
        "{refusal}"
    );
}

#[test]
fn a_manifest_that_contradicts_is_refused() {
    type Change = fn(&mut Value);
    let cases: [(Change, &str); 15] = [
        (|m| m["format"] = json!(2), "format 2"),
        (|m| m["encoder"]["hidden"] = json!(65), "multiple"),
        (|m| m["encoder"]["hidden"] = json!(0), "hidden size"),
        (
            |m| m["encoder"]["intermediate"] = json!(1u64 << 40),
            "intermediate",
        ),
        (|m| m["encoder"]["layers"] = json!(3), "encoder.layer.2"),
        (|m| m["encoder"]["vocabulary"] = json!(3199), "3199"),
        (|m| m["encoder"]["activation"] = json!("relu"), "activation"),
        (
            |m| m["heads"]["sentiment"]["labels"][0] = json!("LABEL_0"),
            "LABEL_0",
        ),
        (
            |m| m["heads"]["stars"]["labels"][0] = json!("NaN"),
            "unknown label NaN",
        ),
        (
            |m| m["heads"]["act"]["labels"][1] = m["heads"]["act"]["labels"][0].clone(),
            "act has a label twice",
        ),
        (
            |m| m["heads"]["mixed"]["temperature"] = json!(1e-30),
            "temperature of mixed",
        ),
        (
            |m| m["heads"]["topics"]["temperature"] = json!(1e30),
            "temperature of topics",
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
