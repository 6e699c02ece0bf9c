//! What is planned and how much of it is done, on disk.
//!
//! Two lines: JSON, and the SHA-256 of that JSON. A file in which one bit is not as
//! it was written is refused, never believed.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::plan::Plan;
use super::sha256;
use crate::cli::progress::Tally;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Journal {
    pub(crate) plan: Plan,
    pub(crate) done: Done,
}

/// How far a run has come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Done {
    /// Rows of all inputs, in their order, that need not be scored again.
    pub(crate) rows: u64,
    /// Bytes of the records of these rows, with what stands before them.
    pub(crate) bytes: u64,
    pub(crate) tally: Tally,
    /// Bytes before the first record; then, of a shard, those of each block that is
    /// whole.
    pub(crate) blocks: Vec<u64>,
    /// Of a shard that is done, the SHA-256 of its output.
    pub(crate) sha256: Option<String>,
}

impl Journal {
    /// The journal in a file; `None` if there is no such file.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Option<Self>> {
        match fs::read(path) {
            Ok(bytes) => {
                let journal = Self::parse(&bytes);
                Ok(Some(journal.with_context(|| path.display().to_string())?))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{}: cannot read it", path.display())),
        }
    }

    /// Puts the journal in the place of another, so that there is always a whole one.
    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let context = || format!("{}: cannot write it", path.display());
        let mut fresh = path.as_os_str().to_owned();
        fresh.push(".new");
        let bytes = self.to_bytes().with_context(context)?;
        let write = || {
            let mut file = File::create(&fresh)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&fresh, path)
        };
        write().with_context(context)
    }

    fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(self)?;
        let (digest, _) = sha256(bytes.as_slice())?;
        bytes.extend(format!("\n{digest}\n").bytes());
        Ok(bytes)
    }

    fn parse(bytes: &[u8]) -> anyhow::Result<Self> {
        let json = bytes
            .split(|&byte| byte == b'\n')
            .next()
            .unwrap_or_default();
        let (digest, _) = sha256(json)?;
        if bytes[json.len()..] != *format!("\n{digest}\n").as_bytes() {
            bail!("is damaged");
        }
        serde_json::from_slice(json).context("was written by another version of painpoint")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::durable::Shard;

    fn journal() -> Journal {
        let mut plan = Plan::default();
        plan.settings
            .insert("--redact".to_owned(), "true".to_owned());
        plan.shard = Some(Shard { number: 2, of: 3 });
        let done = Done {
            rows: 4_096,
            bytes: 1 << 40,
            blocks: vec![0, 17_000, 16_500],
            sha256: Some("ba78".to_owned()),
            ..Done::default()
        };
        Journal { plan, done }
    }

    #[test]
    fn a_journal_is_read_as_it_was_written() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join(".名簿.journal");
        assert_eq!(Journal::read(&path).expect("no file is fine"), None);
        for rows in [0, u64::MAX] {
            let mut journal = journal();
            journal.done.rows = rows;
            journal.write(&path).expect("a writable folder");
            assert_eq!(Journal::read(&path).expect("sound"), Some(journal));
        }
        assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_journal_with_any_byte_changed_is_refused() {
        let sound = journal().to_bytes().expect("sound");
        assert!(Journal::parse(&sound).is_ok());
        for at in 0..sound.len() {
            for bit in 0..8 {
                let mut bytes = sound.clone();
                bytes[at] ^= 1 << bit;
                assert!(Journal::parse(&bytes).is_err(), "byte {at}, bit {bit}");
            }
            assert!(Journal::parse(&sound[..at]).is_err(), "cut at {at}");
            let mut longer = sound.clone();
            longer.insert(at, sound[at]);
            assert!(Journal::parse(&longer).is_err(), "twice byte {at}");
        }
        assert!(Journal::parse(&[&sound[..], b"\n"].concat()).is_err());
    }

    #[test]
    fn a_journal_of_another_form_is_refused() {
        for json in ["", "{}", "null", r#"{"plan":{},"done":{}}"#] {
            let (digest, _) = sha256(json.as_bytes()).expect("in memory");
            let error = Journal::parse(format!("{json}\n{digest}\n").as_bytes());
            let error = format!("{:#}", error.expect_err("not a journal"));
            assert!(error.contains("another version"), "{json}: {error}");
        }
    }
}
