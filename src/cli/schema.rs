//! `painpoint schema`

use std::io::Write;

use super::Outcome;

pub(crate) fn run() -> anyhow::Result<Outcome> {
    writeln!(std::io::stdout(), "{}", painpoint::record_schema())?;
    Ok(Outcome::Done)
}
