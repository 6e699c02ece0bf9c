//! `painpoint doctor`: what it says, and when it says that something is wrong.

use serde_json::Value;

use crate::support::{painpoint, root};

/// Exit code and findings of a run.
fn findings(arguments: &[&str]) -> (Option<i32>, Value) {
    let output = painpoint()
        .args(["doctor", "--json", "--threads", "1"])
        .args(arguments)
        .output()
        .expect("the tool runs");
    let findings = serde_json::from_slice(&output.stdout);
    (output.status.code(), findings.expect("JSON"))
}

#[test]
fn what_is_wrong_is_a_problem_and_code_1() {
    // Random weights know no answers.
    let tiny = root("tests/fixtures/tiny-model");
    let (code, findings) = findings(&["--model", tiny.to_str().expect("UTF-8")]);
    assert_eq!(code, Some(1), "{findings:#}");
    assert_eq!(findings["model"]["id"], "tiny-model-1");
    assert_eq!(findings["engine"], "int8");
    let kernels = ["scalar", "avx2", "avx512_vnni", "neon_dotprod"];
    assert!(kernels.contains(&findings["kernel"].as_str().expect("a name")));
    assert!(findings["machine"]["cores"].as_u64() > Some(0));
    assert!(findings["terminal"]["stdout"] == false);
    assert!(findings["speed"]["documents_per_second"].as_f64() > Some(0.0));
    assert_eq!(findings["speed"]["threads"], 1);
    let test = &findings["self_test"];
    let wrong =
        test["sentences"].as_u64().expect("a number") - test["right"].as_u64().expect("a number");
    let problems = findings["problems"].as_array().expect("a list");
    assert!(wrong > 0 && problems.len() as u64 == wrong, "{findings:#}");
    assert!(
        problems[0]
            .as_str()
            .expect("a text")
            .contains("the model says")
    );
    #[cfg(target_os = "linux")]
    assert!(findings["resident_bytes"].as_u64() > Some(1 << 20));
}

#[test]
fn a_model_that_is_damaged_is_a_problem() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for name in ["manifest.json", "tokenizer.json", "weights.safetensors"] {
        let from = root("tests/fixtures/tiny-model").join(name);
        let mut bytes = std::fs::read(from).expect("a file of the tiny model");
        if name == "weights.safetensors" {
            bytes[10_000] ^= 1;
        }
        std::fs::write(dir.path().join(name), bytes).expect("a writable folder");
    }
    let (code, findings) = findings(&["--model", dir.path().to_str().expect("UTF-8")]);
    assert_eq!(code, Some(1));
    assert!(findings["model"].is_null() && findings["self_test"].is_null());
    let problem = findings["problems"][0].as_str().expect("a problem");
    assert!(
        problem.contains("weights.safetensors has SHA-256"),
        "{problem}"
    );
    // The rest is said all the same.
    assert!(findings["kernel"].is_string());
}

#[test]
fn the_locale_is_looked_at() {
    let say = |locale: &str| {
        let output = painpoint()
            .args(["doctor", "--model", "/no/such/model"])
            .env("LC_ALL", locale)
            .output()
            .expect("the tool runs");
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let utf8 = say("fr_FR.UTF-8");
    assert!(utf8.contains("locale fr_FR.UTF-8, UTF-8"), "{utf8}");
    assert!(
        utf8.contains("problem") && utf8.contains("/no/such/model"),
        "{utf8}"
    );
    let latin = say("fr_FR.ISO-8859-1");
    assert!(
        latin.contains("note") && latin.contains("the locale is not UTF-8"),
        "{latin}"
    );
}

#[test]
#[cfg(feature = "bundled-model")]
fn the_bundled_model_is_well() {
    let (code, findings) = findings(&[]);
    assert_eq!(code, Some(0), "{findings:#}");
    assert_eq!(findings["self_test"]["right"], 10);
    assert!(findings["problems"].as_array().is_some_and(Vec::is_empty));
    let features = findings["features"].as_array().expect("a list");
    assert!(features.contains(&"bundled-model".into()));
}
