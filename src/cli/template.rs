//! A report → HTML, Markdown or text, by templates that compute nothing but
//! places on a chart.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, context, escape_formatter};
use painpoint::report::Report;
use painpoint::{Language, Taxonomy};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Html,
    Markdown,
    Text,
}

pub(crate) fn form(code: &str) -> Result<Form, String> {
    match code {
        "html" => Ok(Form::Html),
        "md" | "markdown" => Ok(Form::Markdown),
        "txt" | "text" => Ok(Form::Text),
        _ => Err("one of html, md, txt".to_owned()),
    }
}

const HTML: &str = include_str!("../templates/report.html");
const STYLE: &str = include_str!("../templates/report.css");
const SCRIPT: &str = include_str!("../templates/report.js");
const MARKDOWN: &str = include_str!("../templates/report.md");
const TEXT: &str = include_str!("../templates/report.txt");

/// A text in each language of the interface.
type Translations = BTreeMap<String, String>;

/// The texts of the interface by key, those of labels by their codes.
static TEXTS: LazyLock<BTreeMap<String, Translations>> = LazyLock::new(|| {
    let mut texts: BTreeMap<String, Translations> =
        serde_json::from_str(include_str!("../../../data/report/texts.json"))
            .expect("the texts that are compiled in");
    #[derive(Deserialize)]
    struct Named {
        id: String,
        names: Translations,
    }
    #[derive(Deserialize)]
    struct Names {
        stages: Vec<Named>,
        groups: BTreeMap<String, Translations>,
    }
    let names: Names = serde_json::from_str(include_str!("../../../data/taxonomy/topics.json"))
        .expect("the taxonomy that is compiled in");
    texts.extend(
        names
            .stages
            .into_iter()
            .map(|stage| (stage.id, stage.names)),
    );
    // A group can have the id of a column: `product`.
    let groups = names.groups.into_iter();
    texts.extend(groups.map(|(group, names)| (format!("group {group}"), names)));
    texts
});

/// `report` as `form`, in `language` or else in English.
pub(crate) fn render(report: &Report, form: Form, language: Language) -> anyhow::Result<String> {
    let mut environment = Environment::new();
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()?,
    );
    let (name, template) = match form {
        Form::Html => ("html", HTML),
        Form::Markdown => ("md", MARKDOWN),
        Form::Text => ("txt", TEXT),
    };
    environment.set_auto_escape_callback(|name| match name {
        "html" => AutoEscape::Html,
        _ => AutoEscape::Custom("ours".into()),
    });
    environment.set_formatter(move |out, state, value| {
        let text = match value.as_str() {
            // What a macro gives has been escaped.
            Some(text) if !value.is_safe() => plain(text),
            _ => return Ok(write!(out, "{value}")?),
        };
        match form {
            Form::Html => escape_formatter(out, state, &Value::from(text))?,
            Form::Markdown => out.write_str(&markdown(&text))?,
            Form::Text => out.write_str(&text)?,
        }
        Ok(())
    });
    environment.add_filter("name", move |code: String| called(&code, language));
    environment.add_filter("percent", |share: f64| format!("{:.1} %", 100.0 * share));
    environment.add_filter("number", |value: f64| {
        format!("{value:.2}").replace('-', "−")
    });
    environment.add_filter("signed", |value: f64| {
        format!("{value:+.2}").replace('-', "−")
    });
    environment.add_filter("points", |share: f64| {
        format!("{:+.1}", 100.0 * share).replace('-', "−")
    });
    environment.add_filter("digest", |source: &str| digest(source));
    environment.add_filter("px", |value: f64| format!("{value:.1}"));
    environment.add_template(name, template)?;
    let rendered = environment.get_template(name)?.render(context! {
        report => Value::from(Serde(report)),
        language => language.code(),
        style => STYLE,
        script => SCRIPT,
        version => env!("CARGO_PKG_VERSION"),
    })?;
    Ok(rendered)
}

/// How a page's policy names the one style or script that it lets in, so that
/// none that came with a quote could ever run (CSP Level 3, hash sources).
fn digest(source: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(source)))
}

/// What `code` is called: a text of the interface, a topic, a language; or
/// itself, as for ids of the user's own.
fn called(code: &str, language: Language) -> String {
    if let Some(texts) = TEXTS.get(code) {
        let text = texts.get(language.code());
        let text = text.or_else(|| texts.get(Language::English.code()));
        return text.map_or(code, String::as_str).to_owned();
    }
    match Taxonomy::built_in().topic(code) {
        Some(topic) => topic.name(language).to_owned(),
        None => code.strip_prefix("group ").unwrap_or(code).to_owned(),
    }
}

/// Marks of Markdown lose their meaning, and HTML in it, too.
fn markdown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe
}

/// Without line breaks and without codes that a terminal would act on.
fn plain(text: &str) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(visible).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_in_six_languages() {
        for (key, texts) in &*TEXTS {
            for code in ["en", "zh-Hans", "zh-Hant", "fr", "es", "th"] {
                assert!(
                    texts.get(code).is_some_and(|text| !text.is_empty()),
                    "{key} {code}"
                );
            }
        }
    }

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(markdown("<b>*a*|\n"), "&lt;b&gt;\\*a\\*\\|\n");
        assert_eq!(plain("\u{1b}[31mred\u{7}"), " [31mred ");
    }

    #[test]
    fn names_are_those_of_the_language() {
        assert_eq!(called("delivery", Language::French), "Livraison");
        assert_eq!(called("anger", Language::German), "anger");
        assert_eq!(called("own_topic", Language::Thai), "own_topic");
        assert_ne!(called("delivery_speed", Language::Thai), "delivery_speed");
    }
}
