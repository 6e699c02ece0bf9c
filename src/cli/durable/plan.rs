//! All that the bytes of the output follow from: the settings and the inputs.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::bail;
use clap::{ArgMatches, Command};
use serde::{Deserialize, Serialize};

use super::sha256;
use super::shard::Shard;

/// Name of a setting → its value. Flags that were not given are left out.
pub(crate) type Settings = BTreeMap<String, String>;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    pub(crate) settings: Settings,
    pub(crate) inputs: Vec<Input>,
    pub(crate) shard: Option<Shard>,
}

/// One input, as far as records depend on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    /// As it was named: records of failures hold it.
    path: String,
    /// What was taken from it, or why nothing was.
    taken: String,
    /// Of all its bytes; missing if it could not be read.
    sha256: Option<String>,
    bytes: u64,
}

impl Plan {
    /// A plan for files, with what is taken from each; they are read for their
    /// digests.
    pub(crate) fn new<'a>(
        settings: Settings,
        files: impl Iterator<Item = (&'a PathBuf, &'a String)>,
        shard: Option<Shard>,
    ) -> Self {
        let inputs = files.map(|(path, taken)| {
            let digest = File::open(path).and_then(sha256).ok();
            let (sha256, bytes) = digest.unzip();
            Input {
                path: path.display().to_string(),
                taken: taken.clone(),
                sha256,
                bytes: bytes.unwrap_or_default(),
            }
        });
        Self {
            settings,
            inputs: inputs.collect(),
            shard,
        }
    }

    /// What is not as in another plan, `then`, in words; the shard does not count.
    pub(crate) fn difference(&self, then: &Self) -> Option<String> {
        for name in self.settings.keys().chain(then.settings.keys()) {
            let (now, then) = (self.settings.get(name), then.settings.get(name));
            if now != then {
                let value = |value: Option<&String>| match value {
                    Some(value) => value.clone(),
                    None => "not given".to_owned(),
                };
                return Some(format!(
                    "{name} was {}, and is now {}",
                    value(then),
                    value(now)
                ));
            }
        }
        for (now, then) in self.inputs.iter().zip(&then.inputs) {
            if now.path != then.path {
                return Some(format!("{} was read, and now {}", then.path, now.path));
            }
            if (&now.sha256, now.bytes) != (&then.sha256, then.bytes) {
                return Some(format!("{} has changed", now.path));
            }
            if now.taken != then.taken {
                let (path, now, then) = (&now.path, &now.taken, &then.taken);
                return Some(format!("{path} was read as {then}, and now as {now}"));
            }
        }
        let (now, then) = (self.inputs.len(), then.inputs.len());
        (now != then).then(|| format!("{then} inputs were read, and now {now}"))
    }
}

/// The values of all arguments of a command, given or by default, but for those
/// whose `id` is among `neutral`.
pub(crate) fn settings(command: &Command, matches: &ArgMatches, neutral: &[&str]) -> Settings {
    let mut settings = Settings::new();
    for argument in command.get_arguments() {
        let id = argument.get_id().as_str();
        let (Some(name), false) = (argument.get_long(), neutral.contains(&id)) else {
            continue;
        };
        // Those that clap adds, as `--help`, have no values.
        if let Ok(Some(values)) = matches.try_get_raw(id) {
            let values: Vec<_> = values.map(|value| value.to_string_lossy()).collect();
            settings.insert(format!("--{name}"), values.join(", "));
        }
    }
    settings
}

/// Tells whether files are still as they were.
pub(crate) struct Watch(Vec<(PathBuf, Option<Stamp>)>);

type Stamp = (u64, Option<SystemTime>);

impl Watch {
    pub(crate) fn new<'a>(files: impl Iterator<Item = &'a PathBuf>) -> Self {
        Self(files.map(|path| (path.clone(), stamp(path))).collect())
    }

    /// # Errors
    ///
    /// If one of the files has another size or time than at first.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        for (path, then) in &self.0 {
            if stamp(path) != *then {
                bail!(
                    "{}: changed while it was read, so that nothing was written; run again with --restart once it is left alone",
                    path.display()
                );
            }
        }
        Ok(())
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let stamp = |metadata: Metadata| (metadata.len(), metadata.modified().ok());
    path.metadata().ok().map(stamp)
}
