//! `painpoint schema`

use std::io::Write;

use super::Outcome;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print the columns of CSV, Parquet and Arrow instead: name, type, place in the record, meaning
    #[arg(long)]
    columns: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let mut out = std::io::stdout();
    match arguments.columns {
        true => write!(out, "{}", painpoint::record_columns())?,
        false => writeln!(out, "{}", painpoint::record_schema())?,
    }
    Ok(Outcome::Done)
}
