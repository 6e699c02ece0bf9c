//! Arguments and inputs → what every byte of the output follows from.

use anyhow::bail;
use clap::{ArgMatches, CommandFactory};
use painpoint::Analyzer;

use super::{Arguments, TakenColumns};
use crate::cli::durable::{self, Plan};
use crate::cli::output;
use crate::cli::sources::Source;

/// Arguments from which no byte of a record follows, and those that a plan states in
/// another way. Any other one counts, so that a new one cannot be forgotten.
const NEUTRAL: [&str; 14] = [
    "output",
    "output_format",
    "model",
    "columns_file",
    "threads",
    "batch",
    "max_latency_ms",
    "shard",
    "resume",
    "restart",
    "quiet",
    "report",
    "report_language",
    "fail_on",
];

impl Arguments {
    /// What the bytes of the output follow from; `None` if they are not written to a
    /// file, cannot be gone on with, or come from what cannot be read again.
    pub(super) fn plan(
        &self,
        sources: &[Source],
        taken: &TakenColumns,
        analyzer: &Analyzer,
        matches: &ArgMatches,
    ) -> anyhow::Result<Option<Plan>> {
        let files: Option<Vec<_>> = sources.iter().map(Source::file).collect();
        let is_file = self
            .output
            .as_deref()
            .is_some_and(|path| !output::is_device(path));
        let Some(files) = files.filter(|_| is_file && self.is_resumable()) else {
            return match self.shard {
                Some(_) => bail!("--shard reads files and writes jsonl or csv to a file"),
                None => Ok(None),
            };
        };
        let command = crate::cli::Arguments::command();
        let command = command.find_subcommand("score").expect("this command");
        let matches = matches.subcommand_matches("score").expect("this command");
        let mut settings = durable::settings(command, matches, &NEUTRAL);
        let model = format!("{} ({})", analyzer.model_id(), analyzer.model_fingerprint());
        let format = self.output_format().to_string();
        for (name, value) in [
            ("painpoint", env!("CARGO_PKG_VERSION").to_owned()),
            ("model", model),
            ("output format", format),
        ] {
            settings.insert(name.to_owned(), value);
        }
        let files = files.into_iter().zip(&taken.of_each);
        Ok(Some(Plan::new(settings, files, self.shard)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neutral_arguments_exist() {
        let command = crate::cli::Arguments::command();
        let command = command.find_subcommand("score").expect("the main job");
        for id in NEUTRAL {
            assert!(
                command.get_arguments().any(|known| known.get_id() == id),
                "{id}"
            );
        }
    }
}
