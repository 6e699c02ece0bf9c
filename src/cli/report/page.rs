//! A report → its page.

use painpoint::Language;
use painpoint::report::Report;
use serde::Serialize;

use super::super::template::{self, Form};

const HTML: &str = include_str!("../templates/report.html");
const STYLE: &str = include_str!("../templates/report.css");
const SCRIPT: &str = include_str!("../templates/report.js");
const MARKDOWN: &str = include_str!("../templates/report.md");
const TEXT: &str = include_str!("../templates/report.txt");

/// What the templates are filled with.
#[derive(Serialize)]
struct Page<'a> {
    report: &'a Report,
    language: &'static str,
    style: &'static str,
    script: &'static str,
    version: &'static str,
}

/// `report` as `form`, in `language` or else in English.
pub(super) fn render(report: &Report, form: Form, language: Language) -> anyhow::Result<String> {
    let template = match form {
        Form::Html => HTML,
        Form::Markdown => MARKDOWN,
        Form::Text => TEXT,
    };
    let page = Page {
        report,
        language: language.code(),
        style: STYLE,
        script: SCRIPT,
        version: env!("CARGO_PKG_VERSION"),
    };
    template::render(template, form, language, &page)
}
