//! What must hold of the sources themselves, and of what they are built from.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};

use crate::support::root;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn sources(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).expect("a folder of the repository");
    let paths = entries.map(|entry| entry.expect("a file of the repository").path());
    let sources = paths.flat_map(|path| match path.is_dir() {
        true => sources(&path),
        false => vec![path],
    });
    let is_rust = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "rs");
    sources.filter(is_rust).collect()
}

/// The lint denies it everywhere; only what allows it can hold any.
#[test]
fn unsafe_code_is_in_the_kernels_alone() {
    let kernels = root("src/kernel");
    let (mut outside, mut inside) = (0, 0);
    for path in sources(&root("src")) {
        let source = std::fs::read_to_string(&path).expect("a file of the repository");
        let code = source.lines().map(|line| {
            let comment = line.find("//").unwrap_or(line.len());
            &line[..comment]
        });
        let word = |line: &str| {
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            let lint = line.contains("allow(unsafe_code)") || line.contains("expect(unsafe_code");
            lint || words.any(|word| word == "unsafe")
        };
        let found = code.filter(|line| word(line)).count();
        if path.starts_with(&kernels) {
            inside += found;
        } else {
            outside += 1;
            assert_eq!(found, 0, "{}", path.display());
        }
    }
    assert!(outside > 100 && inside > 0, "{outside}, {inside}");
}

/// The packages that this one is built from on this machine, tests included.
fn packages() -> Vec<Value> {
    let rustc = Command::new("rustc").arg("-vV").output();
    let rustc = String::from_utf8(rustc.expect("rustc runs").stdout).expect("UTF-8");
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: "));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let metadata = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", host.expect("a host")])
        .current_dir(root(""))
        .output()
        .expect("cargo runs");
    let stderr = String::from_utf8_lossy(&metadata.stderr);
    assert!(metadata.status.success(), "{stderr}");
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("a list").iter();
    packages
        .filter(|package| package["name"] != "painpoint")
        .cloned()
        .collect()
}

#[test]
fn dependencies_are_those_that_deny_toml_allows() {
    let rules = std::fs::read_to_string(root("deny.toml")).expect("a file of the repository");
    let rules: toml::Table = rules.parse().expect("TOML");
    let allowed = rules["licenses"]["allow"].as_array().expect("a list");
    let allowed: Vec<_> = allowed.iter().filter_map(toml::Value::as_str).collect();
    let denied = rules["bans"]["deny"].as_array().expect("a list").iter();
    let denied: Vec<_> = denied.filter_map(|ban| ban["crate"].as_str()).collect();
    assert!(!allowed.is_empty() && !denied.is_empty());

    let packages = packages();
    assert!(packages.len() > 100, "{}", packages.len());
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        assert!(!denied.contains(&name), "{name} is banned");
        assert_eq!(package["source"], CRATES_IO, "{name}");
        let licence = package["license"].as_str().unwrap_or_default();
        // Old packages have a slash for `OR`.
        let expression = Expression::parse_mode(licence, ParseMode::LAX);
        let expression = expression.unwrap_or_else(|error| panic!("{name}: {licence}: {error}"));
        let is_allowed = expression.evaluate(|term| allowed.contains(&&*term.to_string()));
        assert!(is_allowed, "{name}: {licence}");
    }
}
