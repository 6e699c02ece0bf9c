//! A report made along with records, while they are written: the same as if it
//! were made from the finished file.

use std::path::PathBuf;

use painpoint::Language;
use painpoint::aggregate::Aggregates;
use painpoint::report::{Alert, Report, ReportOptions};

use super::settings::Settings;
use super::{alert, say_fired, write_page};

#[derive(clap::Args)]
#[command(next_help_heading = "Report")]
pub(crate) struct AlongArguments {
    /// Also write what all these records say together to this file, .html, .md or .txt
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Language of the report: zh-Hans, zh-Hant, fr, es, th or en
    #[arg(long, value_name = "CODE", value_parser = super::super::score::language)]
    report_language: Option<Language>,

    /// End with exit code 1 if this holds, as P1>=1 or nps<20; may be repeated
    #[arg(long, value_name = "CONDITION", value_parser = alert)]
    fail_on: Vec<Alert>,

    #[command(flatten)]
    settings: Settings,
}

impl AlongArguments {
    pub(crate) fn is_wanted(&self) -> bool {
        self.report.is_some() || !self.fail_on.is_empty()
    }
}

/// The records so far.
pub(crate) struct Along<'a> {
    arguments: &'a AlongArguments,
    options: ReportOptions,
    aggregates: Aggregates,
}

impl<'a> Along<'a> {
    /// `None` where nobody wants to know.
    pub(crate) fn new(arguments: &'a AlongArguments) -> anyhow::Result<Option<Self>> {
        if !arguments.is_wanted() {
            if arguments.report_language.is_some() || arguments.settings != Settings::default() {
                super::super::usage("what was said of a report has no use without --report FILE");
            }
            return Ok(None);
        }
        let options = arguments.settings.options()?;
        let aggregates = Aggregates::new(arguments.settings.columns());
        // What is wrong with the options is said now, not after hours of scoring.
        Report::new(&aggregates, &options)?;
        Ok(Some(Self {
            arguments,
            options,
            aggregates,
        }))
    }

    /// Takes in a record, given as its JSON.
    pub(crate) fn add(&mut self, record: &[u8]) -> painpoint::Result<()> {
        self.aggregates.add_record(record)
    }

    /// Writes the report, and says whether an alert fired.
    pub(crate) fn finish(self) -> anyhow::Result<bool> {
        let report = Report::new(&self.aggregates, &self.options)?;
        if let Some(path) = &self.arguments.report {
            let language = self.arguments.report_language.unwrap_or(Language::English);
            write_page(&report, Some(path), None, language)?;
        }
        let alerts = self.arguments.fail_on.iter();
        let fired: Vec<_> = alerts.filter_map(|alert| alert.check(&report)).collect();
        say_fired(&fired);
        Ok(!fired.is_empty())
    }
}
