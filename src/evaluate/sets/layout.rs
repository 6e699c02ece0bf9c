//! Files of a public set, as those who made it wrote them → rows.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::semeval;
use crate::error::{Error, Result};
use crate::feedback::{Feedback, Field};
use crate::read::{ReadOptions, Reader, Row};

use crate::evaluate::mapping::Mapping;

/// How the files of a set are written.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Layout {
    /// A table with a header or JSON lines, as any other file.
    #[default]
    Plain,
    /// A table that cannot be guessed: without a header, with an uncommon
    /// separator, or with tabs and yet quoted cells.
    Table {
        /// What stands between cells.
        separator: char,
        /// Whether cells with separators or line breaks stand in quotes.
        quoted: bool,
        /// The names of the columns; those of the first line if left out.
        #[serde(default)]
        columns: Vec<String>,
    },
    /// A folder with a file of texts and a file of their labels, a line each;
    /// the columns are `text` and `label`.
    Lines {
        /// The name of the file of texts.
        texts: String,
        /// The name of the file of labels.
        labels: String,
    },
    /// XML as in SemEval's tasks on aspects.
    Semeval,
    /// Lines of a text, `####` and `[['target', 'category', 'polarity'], …]`.
    Triplets,
}

/// Rows, or why there is none, in the order of a file.
pub(super) type Rows = Box<dyn Iterator<Item = Result<Row>>>;

impl Layout {
    /// The rows of a file, or of a folder with the files of one part.
    pub(super) fn rows(&self, path: &Path, mapping: &Mapping) -> Result<Rows> {
        let rows = match self {
            Self::Plain => {
                let options = ReadOptions {
                    text: mapping.text.iter().cloned().collect(),
                    id: mapping.id.clone(),
                    ..ReadOptions::default()
                };
                return Ok(Box::new(Reader::open(path, &options)?));
            }
            Self::Table {
                separator,
                quoted,
                columns,
            } => table(path, &read(path)?, (*separator, *quoted), columns, mapping)?,
            Self::Lines { texts, labels } => lines(path, texts, labels)?,
            Self::Semeval => semeval::rows(path, &read(path)?)?,
            Self::Triplets => triplets(path, &read(path)?),
        };
        Ok(Box::new(rows.into_iter()))
    }
}

fn read(path: &Path) -> Result<String> {
    let bytes =
        fs::read(path).map_err(|error| Error::io("cannot be read", error).with_path(path))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        Error::input("is not UTF-8, as the files of this set are")
            .with_path(path)
            .with_source(error)
            .with_hint("get the file again, from where `data/README.md` says")
    })?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// A row with the columns of its labels; `id` is made up where the set has none.
pub(super) fn row(
    path: &Path,
    number: u64,
    id: Option<&str>,
    text: &str,
    fields: Vec<(String, Field)>,
) -> Row {
    let id = match id.filter(|id| !id.is_empty()) {
        Some(id) => id.to_owned(),
        None => {
            let name = path.file_name().unwrap_or(path.as_os_str());
            format!("{}#{number}", name.to_string_lossy())
        }
    };
    let mut feedback = Feedback::new(id, text);
    feedback.fields = fields;
    Row { number, feedback }
}

/// One label of a topic, as a row of JSON has it.
pub(super) fn topic(category: &str, polarity: &str) -> serde_json::Value {
    serde_json::json!({ "topic": category, "polarity": polarity })
}

/// The column of such labels.
pub(super) fn topics(labels: Vec<serde_json::Value>) -> Vec<(String, Field)> {
    let json = serde_json::Value::Array(labels).to_string();
    vec![("topics".to_owned(), Field::Json(json))]
}

fn table(
    path: &Path,
    text: &str,
    (separator, quoted): (char, bool),
    columns: &[String],
    mapping: &Mapping,
) -> Result<Vec<Result<Row>>> {
    let mut table = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .quoting(quoted)
        .has_headers(columns.is_empty())
        .flexible(true)
        .from_reader(text.as_bytes());
    let columns: Vec<String> = match columns {
        [] => {
            let header = table.headers().map_err(|error| {
                Error::input("is no table")
                    .with_path(path)
                    .with_source(error)
            })?;
            header.iter().map(str::to_owned).collect()
        }
        columns => columns.to_vec(),
    };
    let place = |name: &Option<String>| {
        let name = name.as_ref()?;
        columns.iter().position(|own| own == name)
    };
    let text = place(&mapping.text).ok_or_else(|| {
        let wanted = mapping.text.as_deref().unwrap_or("text");
        Error::input(format!("has no column \"{wanted}\""))
            .with_path(path)
            .with_hint(format!(
                "it has {}; is it the file that `data/README.md` names for this set?",
                columns.join(", ")
            ))
    })?;
    let id = place(&mapping.id);
    let rows = table.records().zip(1..).map(|(cells, number)| {
        let wrong = |error: Error| error.with_path(path).with_row(number);
        let cells = cells.map_err(|error| wrong(Error::input("is no row").with_source(error)))?;
        if cells.len() != columns.len() {
            let message = format!("has {} cells, not {}", cells.len(), columns.len());
            return Err(wrong(Error::input(message)));
        }
        let fields = columns.iter().zip(&cells);
        let fields = fields.map(|(name, cell)| (name.clone(), Field::Text(cell.to_owned())));
        let id = id.map(|id| &cells[id]);
        Ok(row(path, number, id, &cells[text], fields.collect()))
    });
    Ok(rows.collect())
}

fn lines(path: &Path, texts: &str, labels: &str) -> Result<Vec<Result<Row>>> {
    let folder = match path.parent() {
        Some(parent) if path.is_file() => parent,
        _ => path,
    };
    let (texts_path, labels_path) = (folder.join(texts), folder.join(labels));
    let (texts, labels) = (read(&texts_path)?, read(&labels_path)?);
    let (texts, labels): (Vec<_>, Vec<_>) = (texts.lines().collect(), labels.lines().collect());
    if texts.len() != labels.len() {
        let message = format!("has {} labels for {} texts", labels.len(), texts.len());
        return Err(Error::input(message)
            .with_path(labels_path)
            .with_hint("get both files again, from the same place"));
    }
    let rows = texts.iter().zip(labels).zip(1..);
    let rows = rows.map(|((text, label), number)| {
        let label = Field::Text(label.trim().to_owned());
        let fields = vec![("label".to_owned(), label)];
        Ok(row(&texts_path, number, None, text, fields))
    });
    Ok(rows.collect())
}

fn triplets(path: &Path, text: &str) -> Vec<Result<Row>> {
    let lines = text.lines().zip(1..);
    let lines = lines.filter(|(line, _)| !line.trim().is_empty());
    lines
        .map(|(line, number)| {
            let Some((text, list)) = line.rsplit_once("####") else {
                return Err(Error::input("has no labels behind \"####\"")
                    .with_path(path)
                    .with_row(number));
            };
            let labels = list_of_lists(list).map(|(category, polarity)| topic(category, polarity));
            let fields = topics(labels.collect());
            Ok(row(path, number, None, text.trim(), fields))
        })
        .collect()
}

/// Category and polarity of each item of `[['target', 'category', 'polarity'], …]`.
/// Read from behind, since quotes inside a target are not escaped:
/// `['l'accueil', 'service general', 'positive']`.
fn list_of_lists(list: &str) -> impl Iterator<Item = (&str, &str)> {
    let list = list.trim().strip_prefix("[[");
    let items = list.and_then(|list| list.strip_suffix("]]")).into_iter();
    items
        .flat_map(|items| items.split("], ["))
        .filter_map(|item| {
            let mut parts = item.rsplitn(3, ", ");
            let mut part = || Some(parts.next()?.trim_matches(['\'', '"']));
            let (polarity, category) = (part()?, part()?);
            Some((category, polarity))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(name: &str, text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join(name);
        fs::write(&path, text).expect("a writable folder");
        (dir, path)
    }

    fn read_all(layout: &Layout, mapping: &str, path: &Path) -> Vec<Result<Row>> {
        let mapping = Mapping::from_toml(mapping).expect("a mapping");
        layout.rows(path, &mapping).expect("rows").collect()
    }

    #[test]
    fn a_quoted_table_without_a_header() {
        let layout = Layout::Table {
            separator: ';',
            quoted: true,
            columns: vec!["review".to_owned(), "stars".to_owned()],
        };
        let (_dir, path) = write("w.csv", "\u{feff}\"อร่อย; แต่รอนาน\nมาก\";3\nดี;5\nเกิน;5;5\n");
        let rows = read_all(&layout, "text = \"review\"", &path);
        let first = rows[0].as_ref().expect("a row");
        assert_eq!(first.feedback.text, "อร่อย; แต่รอนาน\nมาก");
        assert_eq!(first.feedback.fields[1].1.as_str(), "3");
        let refusal = rows[2].as_ref().expect_err("three cells").to_string();
        assert!(
            refusal.contains("w.csv, row 3: has 3 cells, not 2"),
            "{refusal}"
        );
    }

    #[test]
    fn quotes_are_letters_where_cells_are_not_quoted() {
        let layout = Layout::Table {
            separator: '\t',
            quoted: false,
            columns: Vec::new(),
        };
        let (_dir, path) = write("t.tsv", "label\ttext_a\n0\t\"房间太小\n1\t很好\n");
        let rows = read_all(&layout, "text = \"text_a\"", &path);
        let texts: Vec<_> = rows
            .iter()
            .flatten()
            .map(|row| &row.feedback.text)
            .collect();
        assert_eq!(texts, ["\"房间太小", "很好"]);

        let mapping = Mapping::from_toml("text = \"review\"").expect("a mapping");
        let refusal = layout.rows(&path, &mapping).err().expect("no such column");
        let refusal = refusal.to_string();
        assert!(
            refusal.contains("no column \"review\"; it has label, text_a"),
            "{refusal}"
        );
    }

    #[test]
    fn texts_and_labels_in_files_of_their_own() {
        let layout = Layout::Lines {
            texts: "test_text.txt".to_owned(),
            labels: "test_labels.txt".to_owned(),
        };
        let (dir, texts) = write("test_text.txt", "Merci !\n\nTrop tard\n");
        let labels = dir.path().join("test_labels.txt");
        fs::write(&labels, "2\n1\n0").expect("a writable folder");
        for path in [dir.path(), &texts] {
            let rows: Vec<_> = read_all(&layout, "", path).into_iter().flatten().collect();
            assert_eq!(rows.len(), 3);
            assert_eq!(rows[2].feedback.text, "Trop tard");
            assert_eq!(rows[2].feedback.id, "test_text.txt#3");
            assert_eq!(rows[2].feedback.fields[0].1.as_str(), "0");
        }
        fs::write(&labels, "2\n1\n").expect("a writable folder");
        let refusal = layout.rows(dir.path(), &Mapping::default()).err();
        let refusal = refusal.expect("a label is missing").to_string();
        assert!(refusal.contains("has 2 labels for 3 texts"), "{refusal}");
    }

    #[test]
    fn triplets_are_read_from_behind() {
        let line = "L'accueil, lent####[['L'accueil', 'service general', 'negative'], [\"NULL\", 'hotel prices', 'neutral']]\n\nsans étiquette\nRien####[]\n";
        let (_dir, path) = write("test.txt", line);
        let rows = read_all(&Layout::Triplets, "", &path);
        let first = &rows[0].as_ref().expect("a row").feedback;
        assert_eq!(first.text, "L'accueil, lent");
        assert_eq!(
            first.fields[0].1.as_str(),
            r#"[{"topic":"service general","polarity":"negative"},{"topic":"hotel prices","polarity":"neutral"}]"#
        );
        let refusal = rows[1].as_ref().expect_err("no labels").to_string();
        assert!(refusal.contains("row 3: has no labels"), "{refusal}");
        assert_eq!(
            rows[2].as_ref().expect("a row").feedback.fields[0]
                .1
                .as_str(),
            "[]"
        );
    }

    #[test]
    fn nothing_makes_it_panic() {
        let table = Layout::Table {
            separator: '\t',
            quoted: true,
            columns: vec!["text".to_owned()],
        };
        let bytes = [
            "",
            "\u{feff}",
            "####",
            "a####[[",
            "####[[]]\n[[####]]",
            "\"",
            "\"\n\t",
            "<a",
            "<a></b>",
            "&#0;",
        ];
        for text in bytes {
            for layout in [&table, &Layout::Triplets, &Layout::Semeval] {
                let (_dir, path) = write("f", text);
                let mapping = Mapping::from_toml("text = \"text\"").expect("a mapping");
                if let Ok(rows) = layout.rows(&path, &mapping) {
                    rows.count();
                }
            }
        }
    }
}
