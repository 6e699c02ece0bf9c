//! Figures → HTML, Markdown or text, by templates that compute nothing but
//! places on a chart. Whatever customers wrote stays text in all of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, escape_formatter};
use painpoint::{Language, Taxonomy};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What figures are written as.
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

/// A text in each language of the interface.
type Translations = BTreeMap<String, String>;

/// The texts of the interface by key, those of labels by their codes.
static TEXTS: LazyLock<BTreeMap<String, Translations>> = LazyLock::new(|| {
    let mut texts: BTreeMap<String, Translations> =
        serde_json::from_str(include_str!("../../data/report/texts.json"))
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
    let names: Names = serde_json::from_str(include_str!("../../data/taxonomy/topics.json"))
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

/// `template` filled with `figures`, in `language` or else in English.
pub(crate) fn render(
    template: &str,
    form: Form,
    language: Language,
    figures: &impl Serialize,
) -> anyhow::Result<String> {
    let mut environment = Environment::new();
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()?,
    );
    environment.set_auto_escape_callback(move |_| match form {
        Form::Html => AutoEscape::Html,
        Form::Markdown | Form::Text => AutoEscape::Custom("ours".into()),
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
    environment.add_filter("amount", amount);
    environment.add_filter("px", |value: f64| format!("{value:.1}"));
    Ok(environment.render_str(template, Value::from(Serde(figures)))?)
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

/// A sum, its thousands parted; without hundredths where they say nothing.
fn amount(sum: f64) -> String {
    if sum.fract() != 0.0 && sum.abs() < 100.0 {
        return format!("{sum:.2}").replace('-', "−");
    }
    let digits = format!("{:.0}", sum.abs());
    let mut parted = String::from(if sum <= -0.5 { "−" } else { "" });
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            parted.push('\u{202f}');
        }
        parted.push(digit);
    }
    parted
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
    fn sums_are_easy_to_read() {
        for (sum, text) in [
            (0.0, "0"),
            (12.5, "12.50"),
            (-0.25, "−0.25"),
            (999.0, "999"),
            (6050.0, "6\u{202f}050"),
            (-1234567.8, "−1\u{202f}234\u{202f}568"),
        ] {
            assert_eq!(amount(sum), text);
        }
    }

    #[test]
    fn names_are_those_of_the_language() {
        assert_eq!(called("delivery", Language::French), "Livraison");
        assert_eq!(called("anger", Language::German), "anger");
        assert_eq!(called("own_topic", Language::Thai), "own_topic");
        assert_ne!(called("delivery_speed", Language::Thai), "delivery_speed");
    }
}
