//! `painpoint topics`

use painpoint::{Language, Taxonomy};

use super::Outcome;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Language of the names: zh-Hans, zh-Hant, fr, es, th or en
    #[arg(long, value_name = "CODE", default_value = "en", value_parser = super::score::language)]
    language: Language,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let mut out = csv::WriterBuilder::new()
        .delimiter(b'\t')
        .from_writer(std::io::stdout().lock());
    out.write_record(["topic", "group", "name", "stage", "kind", "definition"])?;
    for topic in Taxonomy::built_in().topics() {
        out.write_record([
            topic.id(),
            topic.group(),
            topic.name(arguments.language),
            topic.stage().code(),
            topic.kind().code(),
            topic.definition(),
        ])?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
