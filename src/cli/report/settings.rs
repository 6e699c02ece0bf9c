//! What a report is made from and how, whatever it looks like and whichever
//! command makes it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use painpoint::Error;
use painpoint::aggregate::{Aggregates, DateColumn, DateOrder, InputColumns, ScaleColumn};
use painpoint::report::{Period, Priorities, ReportOptions};

/// The built-in priorities, with what each means.
pub(super) const PRIORITIES: &str = include_str!("../../../data/report/priorities.toml");

/// What any command that makes a report is told about it.
#[derive(clap::Args, Default, PartialEq)]
pub(crate) struct Settings {
    /// Column of the input whose values make groups; may be repeated
    #[arg(long, value_name = "COLUMN")]
    group_by: Vec<String>,

    /// Column with what each row cost or is worth, such as refunds; summed for each topic and issue
    #[arg(long, value_name = "COLUMN")]
    value_column: Option<String>,

    /// Column with how many people saw each row, such as views or likes; summed for each topic
    #[arg(long, value_name = "COLUMN")]
    reach_column: Option<String>,

    /// Length of the periods: day, week or month; by the time spanned if left out
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    period: Option<Period>,

    /// Day of a fix: compares before with since
    #[arg(long, value_name = "DATE")]
    since: Option<String>,

    /// Aggregates of an earlier run to compare with
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// What makes a pain a priority, as TOML; see `painpoint report --print-priorities`
    #[arg(long, value_name = "FILE")]
    priorities: Option<PathBuf>,
}

/// Columns of finished records that are taken for what `score` did not take
/// them for.
#[derive(clap::Args)]
pub(crate) struct Columns {
    /// Column of the input with the date; known from the record if left out. 3/2/2026 is a day in February, or as said: when=month
    #[arg(long, value_name = "COLUMN", value_parser = date)]
    date: Option<DateColumn>,

    /// Column with stars or the like, from 1 to 5 or as said: stars=0..10
    #[arg(long, value_name = "COLUMN", value_parser = |text: &str| scale(text, 1.0, 5.0))]
    rating: Option<ScaleColumn>,

    /// Column with answers to how likely a customer is to recommend, from 0 to 10
    #[arg(long, value_name = "COLUMN", value_parser = |text: &str| scale(text, 0.0, 10.0))]
    nps: Option<ScaleColumn>,

    /// Column with answers to how satisfied a customer is, from 1 to 5 or as said
    #[arg(long, value_name = "COLUMN", value_parser = |text: &str| scale(text, 1.0, 5.0))]
    csat: Option<ScaleColumn>,

    /// Column with answers to how easy it was, from 1 to 7 or as said
    #[arg(long, value_name = "COLUMN", value_parser = |text: &str| scale(text, 1.0, 7.0))]
    ces: Option<ScaleColumn>,
}

impl Columns {
    pub(super) fn with(&self, settings: &Settings) -> InputColumns {
        InputColumns {
            date: self.date.clone(),
            rating: self.rating.clone(),
            nps: self.nps.clone(),
            csat: self.csat.clone(),
            ces: self.ces.clone(),
            ..settings.columns()
        }
    }
}

impl Settings {
    pub(super) fn columns(&self) -> InputColumns {
        InputColumns {
            group_by: self.group_by.clone(),
            value: self.value_column.clone(),
            reach: self.reach_column.clone(),
            ..InputColumns::default()
        }
    }

    pub(super) fn options(&self) -> anyhow::Result<ReportOptions> {
        let read = |path: &Path| {
            std::fs::read(path)
                .with_context(|| format!("{}: cannot read this file", path.display()))
        };
        let priorities = match &self.priorities {
            Some(path) => {
                let text = String::from_utf8(read(path)?)
                    .with_context(|| format!("{}: not valid UTF-8", path.display()))?;
                toml::from_str(&text).with_context(|| {
                    let path = path.display();
                    format!("{path}: no priorities; start from --print-priorities")
                })?
            }
            None => Priorities::default(),
        };
        let baseline = match &self.baseline {
            Some(path) => {
                let baseline = Aggregates::from_json(&read(path)?);
                Some(baseline.with_context(|| path.display().to_string())?)
            }
            None => None,
        };
        Ok(ReportOptions {
            priorities,
            period: self.period,
            since: self.since.clone(),
            baseline,
        })
    }
}

/// `when`, or `when=month`.
fn date(text: &str) -> Result<DateColumn, String> {
    let told = text
        .rsplit_once('=')
        .and_then(|(name, order)| Some((name, DateOrder::from_code(order)?)));
    let (name, order) = told.unwrap_or((text, DateOrder::Day));
    let name = name.to_owned();
    Ok(DateColumn { name, order })
}

/// `stars`, or `stars=0..10`.
fn scale(text: &str, lowest: f64, highest: f64) -> Result<ScaleColumn, Error> {
    let said = text.rsplit_once('=').and_then(|(name, scale)| {
        let (lowest, highest) = scale.split_once("..")?;
        Some((name, lowest.parse().ok()?, highest.parse().ok()?))
    });
    let (name, lowest, highest) = said.unwrap_or((text, lowest, highest));
    ScaleColumn::new(name, lowest, highest)
}

super::super::score::by_code!(period, Period);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_priorities_are_the_built_in_ones() {
        let printed: Priorities = toml::from_str(PRIORITIES).expect("a file of ours");
        assert_eq!(printed, Priorities::default());
    }

    #[test]
    fn scales_are_read() {
        for (text, name, lowest, highest) in [
            ("stars", "stars", 1.0, 5.0),
            ("stars=0..10", "stars", 0.0, 10.0),
            ("a=b", "a=b", 1.0, 5.0),
        ] {
            let column = scale(text, 1.0, 5.0).expect("a scale");
            assert_eq!(
                (column.name.as_str(), column.lowest, column.highest),
                (name, lowest, highest)
            );
        }
        assert!(scale("stars=5..1", 1.0, 5.0).is_err());
    }

    #[test]
    fn dates_are_read_day_first_unless_told() {
        for (text, name, order) in [
            ("when", "when", DateOrder::Day),
            ("when=month", "when", DateOrder::Month),
            ("a=b", "a=b", DateOrder::Day),
        ] {
            let column = date(text).expect("any name");
            assert_eq!((column.name.as_str(), column.order), (name, order));
        }
    }
}
