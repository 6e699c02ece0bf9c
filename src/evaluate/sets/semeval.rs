//! XML of SemEval's tasks on aspects (2015 and 2016, subtask 1) → rows: one a
//! sentence, with the category and the polarity of each opinion in it.

use std::path::Path;

use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::layout::{row, topic, topics};
use crate::error::{Error, Result};
use crate::read::Row;

/// A sentence that is being read.
#[derive(Default)]
struct Sentence {
    id: String,
    text: String,
    opinions: Vec<serde_json::Value>,
    /// Those who made the set left it out of what is scored.
    out_of_scope: bool,
}

pub(super) fn rows(path: &Path, xml: &str) -> Result<Vec<Result<Row>>> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut rows = Vec::new();
    let mut sentence: Option<Sentence> = None;
    let mut in_text = false;
    loop {
        let place = reader.buffer_position();
        let broken = |error: &dyn std::fmt::Display| {
            Error::input(format!("is broken XML at byte {place}: {error}"))
                .with_path(path)
                .with_hint("get the file again, from where `data/README.md` says")
        };
        match reader.read_event().map_err(|error| broken(&error))? {
            Event::Eof => break,
            Event::Start(tag) if tag.name().as_ref() == "sentence" => {
                sentence = Some(Sentence {
                    id: attribute(&tag, "id"),
                    out_of_scope: attribute(&tag, "OutOfScope").eq_ignore_ascii_case("true"),
                    ..Sentence::default()
                });
            }
            Event::Start(tag) if tag.name().as_ref() == "text" => in_text = true,
            Event::End(tag) if tag.name().as_ref() == "text" => in_text = false,
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == "Opinion" => {
                if let Some(sentence) = &mut sentence {
                    let label = [attribute(&tag, "category"), attribute(&tag, "polarity")];
                    sentence.opinions.push(topic(&label[0], &label[1]));
                }
            }
            Event::Text(words) if in_text => {
                if let Some(sentence) = &mut sentence {
                    sentence.text += &words;
                }
            }
            Event::GeneralRef(entity) if in_text => {
                if let Some(sentence) = &mut sentence {
                    let entity = format!("&{};", &*entity);
                    sentence.text += &unescape(&entity).map_err(|error| broken(&error))?;
                }
            }
            Event::End(tag) if tag.name().as_ref() == "sentence" => {
                let number = rows.len() as u64 + 1;
                let scored = |read: &Sentence| !read.out_of_scope && !read.text.trim().is_empty();
                let read = sentence.take().filter(scored);
                rows.extend(read.map(|read| {
                    let fields = topics(read.opinions);
                    Ok(row(path, number, Some(&read.id), read.text.trim(), fields))
                }));
            }
            _ => {}
        }
    }
    if rows.is_empty() {
        return Err(Error::input("has no sentences")
            .with_path(path)
            .with_hint("is it the XML of SemEval's task on aspects, subtask 1?"));
    }
    Ok(rows)
}

/// The value of an attribute; empty if there is none.
fn attribute(tag: &BytesStart<'_>, name: &str) -> String {
    let attribute = tag.try_get_attribute(name).ok().flatten();
    attribute.map_or_else(String::new, |attribute| {
        let plain = unescape(&attribute.value).map(String::from);
        plain.unwrap_or_else(|_| attribute.value.into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r##"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Reviews>
  <Review rid="9"><sentences>
    <sentence id="9:0">
      <text>Le &quot;chef&quot; &amp; son équipe : r&#233;ussi.</text>
      <Opinions>
        <Opinion target="chef" category="FOOD#QUALITY" polarity="positive" from="4" to="8"/>
        <Opinion target="équipe" category="SERVICE#GENERAL" polarity="positive" from="17" to="23"></Opinion>
      </Opinions>
    </sentence>
    <sentence id="9:1" OutOfScope="TRUE"><text>Mon frère habite Lyon.</text></sentence>
    <sentence id="9:2"><text>On était douze.</text></sentence>
  </sentences></Review>
</Reviews>"##;

    #[test]
    fn a_sentence_is_a_row_with_its_opinions() {
        let rows = rows(Path::new("fr.xml"), FILE).expect("sentences");
        let rows: Vec<_> = rows
            .into_iter()
            .map(|row| row.expect("a row").feedback)
            .collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].id, "9:0");
        assert_eq!(rows[0].text, "Le \"chef\" & son équipe : réussi.");
        assert_eq!(
            rows[0].fields[0].1.as_str(),
            r##"[{"topic":"FOOD#QUALITY","polarity":"positive"},{"topic":"SERVICE#GENERAL","polarity":"positive"}]"##
        );
        assert_eq!(
            (rows[1].id.as_str(), rows[1].fields[0].1.as_str()),
            ("9:2", "[]")
        );
    }

    #[test]
    fn what_is_no_such_file_is_refused() {
        for (xml, what) in [
            ("", "no sentences"),
            ("<html><body>Not found</body></html>", "no sentences"),
            ("<Reviews><sentence id='1'></Review>", "broken XML at byte"),
        ] {
            let error = rows(Path::new("a.xml"), xml).expect_err(xml).to_string();
            assert!(
                error.starts_with("a.xml: ") && error.contains(what),
                "{error}"
            );
        }
    }
}
