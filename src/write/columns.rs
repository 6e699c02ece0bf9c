//! The columns of a table of records: one list for every format that has
//! columns, and for whoever asks for some of them.
//!
//! A column is a member of the record, taken to the top, and has its type from
//! the record's schema; two are made of several members, so that a spreadsheet
//! has them in one cell. Names are never changed and never given up; new ones
//! come before `model`. The columns of the input come behind these.

use super::kind::Kind;

/// A column of ours.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) source: Source,
    pub(super) cell: Cell,
    meaning: &'static str,
}

/// Where a column comes from.
pub(super) enum Source {
    /// The member at the end of this path, `sentiment.label`.
    Member(&'static str),
    /// What is wrong with a row, and what to do about it.
    Error,
    /// What customers say of each pain point.
    Quotes,
}

/// What a table of text shows of a column.
#[derive(Clone, Copy)]
pub(super) enum Cell {
    /// The value; of a list its items, parted by `"; "`.
    Plain,
    /// These members of each item, parted by `:`.
    Items(&'static [&'static str]),
    /// JSON, and only where it was asked for.
    Json,
}

#[rustfmt::skip]
pub(super) const COLUMNS: &[Column] = {
    use Cell::{Items, Json, Plain};
    use Source::{Error, Member, Quotes};
    &[
        column("id", Member("id"), Plain, "the row's own id, or its file and row number"),
        column("error", Error, Plain, "why the row could not be read; empty where it could"),
        column("language", Member("language"), Plain, "BCP 47 code"),
        column("language_confidence", Member("language_confidence"), Plain, "from 0 to 1"),
        column("kind", Member("kind"), Plain, "what sort of feedback it is"),
        column("sentiment", Member("sentiment.label"), Plain, "negative, neutral or positive"),
        column("score", Member("sentiment.score"), Plain, "P(positive) less P(negative), from -1 to 1"),
        column("negative", Member("sentiment.probabilities.negative"), Plain, "its probability"),
        column("neutral", Member("sentiment.probabilities.neutral"), Plain, "its probability"),
        column("positive", Member("sentiment.probabilities.positive"), Plain, "its probability"),
        column("stars", Member("sentiment.stars"), Plain, "what this customer would give, from 1 to 5"),
        column("mixed", Member("sentiment.mixed"), Plain, "clear praise stands beside clear blame"),
        column("emotions", Member("emotions"), Items(&["label"]), "likeliest first"),
        column("act", Member("act.label"), Plain, "complaint, suggestion, request, question, praise or remark"),
        column("urgency", Member("urgency.level"), Plain, "P1 to P4"),
        column("urgency_reasons", Member("urgency.reasons"), Plain, "why it is so urgent"),
        column("topics", Member("topics"), Items(&["topic", "polarity"]), "what it speaks of, likeliest first"),
        column("pain_points", Member("pain_points"), Items(&["topic", "severity"]), "what hurts, worst first"),
        column("quotes", Quotes, Plain, "the customer's words on each pain point, topic: words"),
        column("flags", Member("flags"), Plain, "what to know before relying on the row"),
        column("duplicate_of", Member("duplicate_of"), Plain, "id of the earlier row that this one repeats"),
        column("act_probability", Member("act.probability"), Plain, "of the act"),
        column("segments", Member("segments"), Json, "sentences and clauses with their tone"),
        column("conversation", Member("conversation"), Json, "how a conversation went for the customer"),
        column("dropped", Member("dropped"), Json, "parts of the text that were not scored"),
        column("context", Member("context"), Json, "where, when and of what it was said"),
        column("model", Member("model"), Plain, "name and version of the model"),
    ]
};

const fn column(name: &'static str, source: Source, cell: Cell, meaning: &'static str) -> Column {
    Column {
        name,
        source,
        cell,
        meaning,
    }
}

/// The columns of a table of records, one a line: name, type, place in the
/// record and meaning, parted by tabs. CSV holds objects, and lists of objects
/// that have no short form, only where they are asked for.
pub fn record_columns() -> String {
    let line = |column: &Column| {
        let place = match column.source {
            Source::Member(path) => path,
            Source::Error => "error.what, error.hint",
            Source::Quotes => "pain_points.evidence.text",
        };
        let (name, kind, meaning) = (column.name, column.kind(), column.meaning);
        format!("{name}\t{kind}\t{place}\t{meaning}\n")
    };
    COLUMNS.iter().map(line).collect()
}

impl Column {
    pub(super) fn kind(&self) -> Kind {
        match self.source {
            Source::Member(path) => Kind::of_member(path),
            Source::Error => Kind::Text,
            Source::Quotes => Kind::List(Box::new(Kind::Text)),
        }
    }
}

impl Source {
    /// The path of the member that it comes from.
    pub(super) fn path(&self) -> &'static str {
        match self {
            Self::Member(path) => path,
            Self::Error => "error",
            Self::Quotes => "pain_points",
        }
    }
}
