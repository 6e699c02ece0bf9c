//! What was taken for what, and how a person is told.

use std::fmt;

use super::Format;
use super::roles::{Role, RoleColumn};

/// What a [`Reader`](super::Reader) took for what.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Columns {
    /// The format.
    pub format: Format,
    /// The encoding, where it is not UTF-8.
    pub encoding: Option<&'static str>,
    /// The sheets of a workbook that are read.
    pub sheets: Vec<String>,
    /// Columns or JSON paths of the text; `line` or `file` for plain text, and
    /// `message` for e-mail, whose subject and body are the text. The cells of
    /// several, blank ones left out, are joined by line breaks in this order:
    /// positions count into the joined text.
    pub text: Vec<String>,
    /// Whether the names of these columns are questions, or `pros` and `cons`,
    /// with which their cells are read.
    pub asked: bool,
    /// Column or JSON path of the id, where there is one.
    pub id: Option<String>,
    /// Column or JSON path of the language, where there is one.
    pub language: Option<String>,
    /// The columns that have another role, those of the
    /// [`Context`](crate::Context) among them.
    pub others: Vec<RoleColumn>,
    /// Whether the turns of one conversation become one row.
    pub rolled_up: bool,
    /// The columns carried through; of JSON rows, which carry all they have,
    /// those of the rows in the first megabyte of a file, or first in a stream.
    pub carried: Vec<String>,
    /// Whether a table names its columns; else they are `column_1`, `column_2`…
    pub header: bool,
    /// Whether a plain text is read as one conversation.
    pub conversation: bool,
}

impl Columns {
    pub(super) fn new(format: Format, text: impl Into<String>) -> Self {
        Self {
            format,
            encoding: None,
            sheets: Vec::new(),
            text: vec![text.into()],
            asked: false,
            id: None,
            language: None,
            others: Vec::new(),
            rolled_up: false,
            carried: Vec::new(),
            header: true,
            conversation: false,
        }
    }

    /// Every column that has a role, with its role; several may be the text.
    pub fn roles(&self) -> impl Iterator<Item = (Role, &str)> {
        let text = self.text.iter().map(|column| (Role::Text, column.as_str()));
        let id = self.id.iter().map(|column| (Role::Id, column.as_str()));
        let language = self
            .language
            .iter()
            .map(|column| (Role::Language, column.as_str()));
        let others = self
            .others
            .iter()
            .map(|found| (found.role, found.column.as_str()));
        text.chain(id).chain(language).chain(others)
    }

    /// The first column of that role.
    pub fn column(&self, role: Role) -> Option<&str> {
        self.roles()
            .find(|(other, _)| *other == role)
            .map(|(_, column)| column)
    }
}

/// `CSV, text from "title" and "review", id from "review_id", date from "when"
/// (day first), 5 columns carried through`
impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(encoding) = self.encoding {
            write!(f, "{encoding}, ")?;
        }
        let format = match self.format {
            Format::Text => "plain text",
            Format::Html => "HTML",
            Format::Markdown => "Markdown",
            Format::Vtt => "WebVTT subtitles",
            Format::Srt => "SRT subtitles",
            Format::Chat => "chat export",
            Format::Eml => return f.write_str("e-mail, subject and body are the text"),
            Format::Mbox => return f.write_str("mailbox, a row a message"),
            Format::Xlsx | Format::Xlsb | Format::Xls => "Excel",
            Format::Ods => "OpenDocument",
            Format::Parquet => "Parquet",
            Format::Arrow => "Arrow",
            Format::Csv => "CSV",
            Format::Tsv => "TSV",
            Format::Jsonl => "JSONL",
            Format::Json => "JSON",
        };
        f.write_str(format)?;
        if self.format.is_text() {
            return f.write_str(match (self.conversation, self.text[0].as_str()) {
                (true, _) => ", the file is one conversation",
                (false, "file") => ", the file is one row",
                (false, _) => ", a row a line",
            });
        }
        match self.sheets.as_slice() {
            [] => {}
            [sheet] => write!(f, ", sheet \"{sheet}\"")?,
            sheets => write!(f, ", sheets {}", list(sheets))?,
        }
        if !self.header {
            f.write_str(" without header")?;
        }
        write!(f, ", text from {}", and(&self.text))?;
        if self.asked {
            f.write_str(" (read with these names)")?;
        }
        if let Some(id) = &self.id {
            write!(f, ", id from \"{id}\"")?;
        }
        if let Some(language) = &self.language {
            write!(f, ", language from \"{language}\"")?;
        }
        for column in &self.others {
            write!(f, ", {column}")?;
        }
        if self.rolled_up {
            let conversation = self.column(Role::Conversation).unwrap_or_default();
            write!(f, ", turns rolled up by \"{conversation}\"")?;
        }
        match self.carried.len() {
            0 => Ok(()),
            1 => f.write_str(", 1 column carried through"),
            count => write!(f, ", {count} columns carried through"),
        }
    }
}

/// `"title", "pros" and "cons"`
fn and(names: &[String]) -> String {
    match names {
        [names @ .., last] if !names.is_empty() => format!("{} and \"{last}\"", list(names)),
        _ => list(names),
    }
}

/// Names for a message; the first few dozen say enough. Not by `{:?}`, which
/// escapes the vowels of Thai.
pub(super) fn list(names: &[String]) -> String {
    const SHOWN: usize = 30;
    let mut list = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("\"{name}\""))
        .collect::<Vec<_>>();
    if names.len() > SHOWN {
        list.push(format!("{} more", names.len() - SHOWN));
    }
    list.join(", ")
}
