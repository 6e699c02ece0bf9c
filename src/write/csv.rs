//! A table with one row a record. Lists stand in one cell, their items parted
//! by `"; "`; an item of `topics` is `topic:polarity`, of `pain_points`
//! `topic:severity`, of `quotes` `topic: words`.

use std::io::{self, Write};

use super::record::{AnalysisRecord, FailureRecord, Fields, Record};

/// The columns before those of the input.
const COLUMNS: [&str; 21] = [
    "id",
    "error",
    "language",
    "language_confidence",
    "kind",
    "sentiment",
    "score",
    "negative",
    "neutral",
    "positive",
    "stars",
    "mixed",
    "emotions",
    "act",
    "urgency",
    "urgency_reasons",
    "topics",
    "pain_points",
    "quotes",
    "flags",
    "model",
];

pub(super) struct CsvWriter<W: Write> {
    out: csv::Writer<W>,
    carried: Vec<String>,
    header_written: bool,
}

impl<W: Write> CsvWriter<W> {
    pub(super) fn new(out: W, carried: &[String]) -> Self {
        Self {
            out: csv::Writer::from_writer(out),
            carried: carried.to_vec(),
            header_written: false,
        }
    }

    /// The table has its header already.
    pub(super) fn omit_header(&mut self) {
        self.header_written = true;
    }

    pub(super) fn write(&mut self, record: &Record<'_>) -> io::Result<()> {
        self.write_header()?;
        let (cells, fields) = match record {
            Record::Analysis(record) => (analysis(record), &record.fields),
            Record::Failure(record) => (failure(record), &record.fields),
        };
        let carried = self.carried.iter().map(|column| cell_of(fields, column));
        self.out
            .write_record(cells.iter().map(String::as_str).chain(carried))?;
        Ok(())
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        // A table without rows still has its header.
        self.write_header()?;
        self.out.flush()
    }

    pub(super) fn into_inner(self) -> io::Result<W> {
        self.out
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
    }

    fn write_header(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.header_written, true) {
            return Ok(());
        }
        // A column of the input that is called like one of ours says whose it is.
        let carried = self
            .carried
            .iter()
            .map(|column| match COLUMNS.contains(&column.as_str()) {
                true => format!("input_{column}"),
                false => column.clone(),
            });
        self.out
            .write_record(COLUMNS.map(String::from).into_iter().chain(carried))?;
        Ok(())
    }
}

fn cell_of<'a>(fields: &'a Fields<'_>, column: &str) -> &'a str {
    let mut fields = fields.0.iter();
    fields
        .find(|(name, _)| name == column)
        .map_or("", |(_, field)| field.as_str())
}

fn analysis(record: &AnalysisRecord<'_>) -> [String; COLUMNS.len()] {
    let sentiment = |cell: fn(&super::record::SentimentRecord) -> String| {
        record.sentiment.as_ref().map(cell).unwrap_or_default()
    };
    let pains = record.pain_points.iter();
    let quotes = pains.clone().flat_map(|pain| {
        pain.evidence
            .iter()
            .map(|quote| format!("{}: {}", pain.topic, quote.text))
    });
    [
        record.id.clone().into_owned(),
        String::new(),
        record.language.unwrap_or_default().to_owned(),
        record.language_confidence.to_string(),
        record.kind.map_or("", |kind| kind.code()).to_owned(),
        sentiment(|s| s.label.to_string()),
        sentiment(|s| s.score.to_string()),
        sentiment(|s| s.probabilities.negative.to_string()),
        sentiment(|s| s.probabilities.neutral.to_string()),
        sentiment(|s| s.probabilities.positive.to_string()),
        sentiment(|s| s.stars.to_string()),
        sentiment(|s| s.mixed.to_string()),
        list(
            record
                .emotions
                .iter()
                .map(|emotion| emotion.label.to_string()),
        ),
        record
            .act
            .as_ref()
            .map(|act| act.label.to_string())
            .unwrap_or_default(),
        record
            .urgency
            .as_ref()
            .map(|urgency| urgency.level.to_string())
            .unwrap_or_default(),
        list(
            record
                .urgency
                .iter()
                .flat_map(|urgency| urgency.reasons)
                .cloned(),
        ),
        list(
            record
                .topics
                .iter()
                .map(|topic| format!("{}:{}", topic.topic, topic.polarity)),
        ),
        list(pains.map(|pain| format!("{}:{}", pain.topic, pain.severity))),
        list(quotes),
        list(record.flags.iter().map(|flag| flag.to_string())),
        record.model.to_owned(),
    ]
}

fn failure(record: &FailureRecord<'_>) -> [String; COLUMNS.len()] {
    let mut cells = [const { String::new() }; COLUMNS.len()];
    let error = &record.error;
    let hint = error
        .hint
        .as_ref()
        .map(|hint| format!("; {hint}"))
        .unwrap_or_default();
    cells[0] = record.id.clone().into_owned();
    cells[1] = format!("{}{hint}", error.what);
    cells[COLUMNS.len() - 1] = record.model.to_owned();
    cells
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("; ")
}
