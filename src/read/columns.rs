//! Finds the text, the id and the language among the columns of a source.

use std::fmt;

use super::names::{self, ID, LANGUAGE, TEXT};
use super::sample::Sample;
use super::{Format, ReadOptions};
use crate::error::{Error, Result};

/// Least letters a cell for a column to be taken as text by its content alone.
const TEXT_LENGTH: f32 = 12.0;

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
    /// Column or JSON path of the text; `line` or `file` for plain text, and
    /// `message` for e-mail, whose subject and body are the text.
    pub text: String,
    /// Column or JSON path of the id, where there is one.
    pub id: Option<String>,
    /// Column or JSON path of the language, where there is one.
    pub language: Option<String>,
    /// The columns carried through; of JSON rows, which carry all they have,
    /// those of the first rows.
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
            text: text.into(),
            id: None,
            language: None,
            carried: Vec::new(),
            header: true,
            conversation: false,
        }
    }
}

/// `CSV, text from "review", id from "review_id", 5 columns carried through`
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
            Format::Xlsx => "Excel",
            Format::Parquet => "Parquet",
            Format::Arrow => "Arrow",
            Format::Csv => "CSV",
            Format::Tsv => "TSV",
            Format::Jsonl => "JSONL",
            Format::Json => "JSON",
        };
        f.write_str(format)?;
        if self.format.is_text() {
            return f.write_str(match (self.conversation, self.text.as_str()) {
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
        write!(f, ", text from \"{}\"", self.text)?;
        if let Some(id) = &self.id {
            write!(f, ", id from \"{id}\"")?;
        }
        if let Some(language) = &self.language {
            write!(f, ", language from \"{language}\"")?;
        }
        match self.carried.len() {
            0 => Ok(()),
            1 => f.write_str(", 1 column carried through"),
            count => write!(f, ", {count} columns carried through"),
        }
    }
}

/// Which columns hold what, by their place among the names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) text: usize,
    pub(super) id: Option<usize>,
    pub(super) language: Option<usize>,
}

/// Chooses among the columns `names` by the options, their names and the cells
/// of the first `rows` rows.
pub(super) fn choose(
    names: &[String],
    samples: &[Sample],
    rows: usize,
    options: &ReadOptions,
) -> Result<Choice> {
    let named = |wanted: &Option<String>| {
        let wanted = wanted.as_deref();
        wanted.map(|wanted| find(names, wanted)).transpose()
    };
    let text = named(&options.text)?
        .or_else(|| find_text(names, samples))
        .ok_or_else(|| no_text(names))?;
    let id = named(&options.id)?.or_else(|| {
        first(names, |at| {
            at != text && ID.is(&names[at]) && (rows == 0 || samples[at].identifies(rows))
        })
    });
    let language = named(&options.language)?.or_else(|| {
        first(names, |at| {
            at != text && LANGUAGE.is(&names[at]) && samples[at].is_language(rows)
        })
    });
    Ok(Choice { text, id, language })
}

fn first(names: &[String], fits: impl Fn(usize) -> bool) -> Option<usize> {
    (0..names.len()).find(|&at| fits(at))
}

fn find_text(names: &[String], samples: &[Sample]) -> Option<usize> {
    let longest = |fits: &dyn Fn(usize) -> bool, least: f32| {
        let fitting = (0..names.len()).filter(|&at| samples[at].length() >= least && fits(at));
        // The first of equals: `max_by` would take the last.
        fitting
            .rev()
            .max_by(|&a, &b| samples[a].text_score().total_cmp(&samples[b].text_score()))
    };
    let is_text = |at: usize| TEXT.is(&names[at]);
    longest(&is_text, f32::MIN_POSITIVE)
        .or_else(|| longest(&|at| names::is_like_text(&names[at]), f32::MIN_POSITIVE))
        .or_else(|| longest(&|_| true, TEXT_LENGTH))
        // A text column whose first cells are all blank, and a table of nothing else.
        .or_else(|| longest(&is_text, 0.0))
        .or_else(|| (names.len() == 1).then_some(0))
}

fn find(names: &[String], wanted: &str) -> Result<usize> {
    names.iter().position(|name| name == wanted).ok_or_else(|| {
        let hint = match names::nearest(wanted, names) {
            Some(name) => format!("did you mean \"{name}\"? It has {}", list(names)),
            None => format!("it has {}", list(names)),
        };
        Error::input(format!("has no column \"{wanted}\"")).with_hint(hint)
    })
}

fn no_text(names: &[String]) -> Error {
    Error::input("none of its columns looks like the text").with_hint(format!(
        "name one with `--text NAME`; it has {}",
        list(names)
    ))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The choice in a table, by name.
    fn chosen(table: &[&[&str]]) -> (String, Option<String>, Option<String>) {
        let names: Vec<String> = table[0].iter().map(|&name| name.to_owned()).collect();
        let mut samples: Vec<Sample> = names.iter().map(|_| Sample::default()).collect();
        for row in &table[1..] {
            for (sample, cell) in samples.iter_mut().zip(*row) {
                sample.add(cell);
            }
        }
        let options = ReadOptions::default();
        let choice = choose(&names, &samples, table.len() - 1, &options).expect("has a text");
        let name = |at: usize| names[at].clone();
        (
            name(choice.text),
            choice.id.map(name),
            choice.language.map(name),
        )
    }

    #[test]
    fn columns_are_found_by_name_and_content() {
        struct Case(
            &'static [&'static [&'static str]],
            &'static str,
            Option<&'static str>,
        );
        for Case(table, text, id) in [
            Case(
                &[&["id", "message", "review"], &["1", "hi", "much too late"]],
                "review",
                Some("id"),
            ),
            Case(
                &[
                    &["review_id", "review_date", "x"],
                    &["a1", "2026", "Late and rude staff"],
                ],
                "x",
                Some("review_id"),
            ),
            Case(
                &[
                    &["编号", "评论时间", "用户评论内容"],
                    &["1", "2026-01-01", "太慢"],
                ],
                "用户评论内容",
                Some("编号"),
            ),
            Case(
                &[&["id", "avis"], &["7", "Trop cher"], &["7", "Trop lent"]],
                "avis",
                None,
            ),
            Case(&[&["review", "verbatim"], &["4", "Slow"]], "verbatim", None),
            Case(
                &[&["รหัส", "ร้าน", "ข้อความ"], &["1", "สาขาหนึ่ง", "ช้า"]],
                "ข้อความ",
                Some("รหัส"),
            ),
            Case(&[&["id", "text"]], "text", Some("id")),
        ] {
            let (found, found_id, _) = chosen(table);
            assert_eq!(
                (found.as_str(), found_id.as_deref()),
                (text, id),
                "{table:?}"
            );
        }
        let table: &[&[&str]] = &[&["lang", "text"], &["fr-FR", "Trop lent"]];
        assert_eq!(chosen(table).2.as_deref(), Some("lang"));
        let table: &[&[&str]] = &[&["language", "text"], &["rude", "Too slow"]];
        assert_eq!(chosen(table).2, None);
    }
}
