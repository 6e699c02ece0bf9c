//! Tables of figures → a terminal, Markdown, or one HTML page.

use std::path::PathBuf;

use anyhow::Context;
use comfy_table::{CellAlignment, LineStyle, Table, TableStyle, presets};
use painpoint::Language;
use painpoint::evaluate::Signature;
use serde::Serialize;

use super::output::Output;
use super::template::{self, Form};

/// Characters of a cell that a terminal shows; the other forms have all of it.
const TERMINAL_CELL: usize = 40;

/// A line below the header, and nothing else.
const TERMINAL: TableStyle = TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

/// What a command has to show.
#[derive(Serialize)]
struct Page {
    title: String,
    signature: String,
    sections: Vec<Section>,
}

/// What the JSON holds.
#[derive(Serialize)]
struct Document<'a, T> {
    signature: &'a Signature,
    #[serde(flatten)]
    measured: &'a T,
}

/// One table.
#[derive(Serialize)]
pub(crate) struct Section {
    title: String,
    /// How to read it.
    note: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Columns of numbers, which stand to the right.
    numeric: Vec<bool>,
    /// Whether a terminal shows it too.
    #[serde(skip)]
    brief: bool,
}

/// Where the forms of a page go; `-` is stdout. The terminal's own is shown
/// unless another one goes to stdout.
#[derive(clap::Args)]
pub(crate) struct Forms {
    /// Write everything measured as JSON to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write the tables as Markdown to this file
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,

    /// Write the tables as one HTML page to this file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

impl Forms {
    /// Writes every form that was asked for. The JSON holds the signature and
    /// what is `measured`.
    pub(crate) fn write(
        &self,
        signature: &Signature,
        title: String,
        sections: Vec<Section>,
        measured: &impl Serialize,
    ) -> anyhow::Result<()> {
        let page = Page {
            title,
            signature: signature.to_string(),
            sections,
        };
        let document = Document {
            signature,
            measured,
        };
        let mut to_stdout = false;
        let mut form = |path: &Option<PathBuf>, form: &dyn Fn() -> anyhow::Result<String>| {
            let Some(path) = path else { return Ok(()) };
            let stdout = path.as_os_str() == "-";
            to_stdout |= stdout;
            put((!stdout).then_some(path), &form()?)
        };
        form(&self.json, &|| {
            Ok(serde_json::to_string_pretty(&document)? + "\n")
        })?;
        form(&self.markdown, &|| Ok(page.markdown()))?;
        form(&self.html, &|| page.html())?;
        if !to_stdout {
            put(None, &page.terminal())?;
        }
        Ok(())
    }
}

fn put(path: Option<&PathBuf>, text: &str) -> anyhow::Result<()> {
    let mut output = Output::open(path.map(PathBuf::as_path))?;
    std::io::Write::write_all(&mut output, text.as_bytes())?;
    output.finish()
}

impl Section {
    pub(crate) fn new(title: impl Into<String>, note: &str, header: &[&str]) -> Self {
        Self {
            title: title.into(),
            note: note.to_owned(),
            header: header.iter().map(|&name| name.to_owned()).collect(),
            rows: Vec::new(),
            numeric: Vec::new(),
            brief: false,
        }
    }

    /// A table that a terminal shows too.
    pub(crate) fn brief(mut self) -> Self {
        self.brief = true;
        self
    }

    pub(crate) fn with_rows(mut self, rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        self.rows = rows.into_iter().collect();
        let number = |cell: &String| {
            let cell = cell.trim_start_matches(['-', '−', '+']);
            cell.is_empty() || cell.starts_with(|c: char| c.is_ascii_digit())
        };
        // Ids are numbers too, but names.
        let numeric = |column: usize| {
            column > 0
                && self
                    .rows
                    .iter()
                    .all(|row| row.get(column).is_none_or(number))
        };
        self.numeric = (0..self.header.len()).map(numeric).collect();
        self
    }

    fn table(&self, style: TableStyle, cell: impl Fn(&str) -> String) -> Table {
        let mut table = Table::new();
        table.load_style(style);
        table.set_header(self.header.iter().map(|name| cell(name)));
        for row in &self.rows {
            table.add_row(row.iter().map(|text| cell(text)));
        }
        for (column, numeric) in table.column_iter_mut().zip(&self.numeric) {
            if *numeric {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }
}

impl Page {
    fn terminal(&self) -> String {
        let mut text = format!("{}\n", self.signature);
        for section in self.sections.iter().filter(|section| section.brief) {
            let table = section.table(TERMINAL, |cell| clip(&one_line(cell), TERMINAL_CELL));
            text += &format!("\n{}\n{}\n", section.title, table.trim_fmt());
        }
        text
    }

    fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n`{}`\n", self.title, self.signature);
        for section in &self.sections {
            text += &format!("\n## {}\n\n", section.title);
            if !section.note.is_empty() {
                text += &format!("{}\n\n", section.note);
            }
            let cell = |cell: &str| {
                let cell = one_line(cell).replace('\\', "\\\\").replace('|', "\\|");
                cell.replace('<', "&lt;").replace('`', "\\`")
            };
            text += &format!(
                "{}\n",
                section.table(presets::ASCII_MARKDOWN, cell).trim_fmt()
            );
        }
        text
    }

    fn html(&self) -> anyhow::Result<String> {
        let template = include_str!("templates/figures.html");
        template::render(template, Form::Html, Language::English, self)
            .context("the page cannot be made")
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first characters of a text.
pub(crate) fn clip(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A share in percent.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

/// A share in percent, or nothing.
pub(crate) fn percent_or_none(share: Option<f64>) -> String {
    share.map_or_else(String::new, percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        let rows = [
            vec![
                "fr".to_owned(),
                "86.9".to_owned(),
                "a|b\n<script>".to_owned(),
            ],
            vec!["ไทย".to_owned(), "-7".to_owned(), "太慢了".repeat(40)],
        ];
        let section = Section::new("By language", "In percent.", &["", "F1", "text"]);
        Page {
            title: "Figures".to_owned(),
            signature: "painpoint:0".to_owned(),
            sections: vec![section.brief().with_rows(rows)],
        }
    }

    #[test]
    fn texts_of_customers_cannot_break_a_page() {
        let html = page().html().expect("a template of ours");
        assert!(html.contains("a|b &lt;script&gt;"), "{html}");
        let markdown = page().markdown();
        assert!(
            markdown.contains("| fr  | 86.9 | a\\|b &lt;script>"),
            "{markdown}"
        );
        assert_eq!(
            markdown
                .lines()
                .filter(|line| line.starts_with('|'))
                .count(),
            4
        );
    }

    #[test]
    fn a_terminal_shows_the_start_of_long_cells() {
        let text = page().terminal();
        assert!(
            text.lines().all(|line| line.chars().count() < 100),
            "{text}"
        );
        assert!(text.contains('…'));
    }

    #[test]
    fn numbers_stand_to_the_right() {
        assert_eq!(page().sections[0].numeric, [false, true, false]);
    }
}
