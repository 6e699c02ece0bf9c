//! One JSON value → one row.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::choice::{self, Choice};
use super::columns::{self, Columns};
use super::sample::{self, Sample};
use super::source::Origin;
use super::{Format, ReadOptions, Role, Row, not_utf8};
use crate::error::{Error, Result};
use crate::feedback::{Feedback, Field};
use crate::label::FeedbackKind;

/// Deepest value that is carried through; serde_json's own limit, so that
/// whoever parses the record can.
const MAX_DEPTH: usize = 128;

/// How deep dotted paths are looked for, unless a deeper one is named.
const PATH_DEPTH: usize = 3;

/// Names looked at; an object used as a dictionary may have thousands.
const MAX_NAMES: usize = 500;

/// Which members of an object hold what.
pub(super) struct Mapping {
    /// Dotted paths.
    names: Vec<String>,
    choice: Choice,
    /// The names that are not carried through.
    kept_back: Vec<String>,
    kind: Option<FeedbackKind>,
    origin: Origin,
}

/// Chooses the members by the first values of a source; those carried through
/// are the members of all of `values`.
pub(super) fn choose(
    values: &[Vec<u8>],
    format: Format,
    options: &ReadOptions,
    origin: &Origin,
) -> Result<(Columns, Mapping)> {
    let mut seen = Seen::default();
    let depth = options
        .all_told()
        .fold(PATH_DEPTH, |depth, path| depth.max(path.split('.').count()));
    for (at, value) in values.iter().enumerate() {
        let value = mend(std::str::from_utf8(value).unwrap_or_default());
        if let Ok(members) = serde_json::from_str::<Members<'_>>(&value) {
            if at < sample::ROWS {
                seen.objects += 1;
                seen.add("", &members, depth);
            }
            seen.add_members(&members);
        }
    }
    let is_string = |value: &Vec<u8>| value.trim_ascii_start().starts_with(b"\"");
    let strings = !values.is_empty() && values.iter().all(is_string);
    let mut options = options.clone();
    let told_text = options.told(Role::Text).next().is_some();
    if seen.objects == 0 {
        // Broken rows, bare strings, or none: nothing to choose from but what
        // was said.
        if !told_text {
            options.text = vec!["text".to_owned()];
        }
        seen.names = options.all_told().map(str::to_owned).collect();
        seen.samples.resize_with(seen.names.len(), Sample::default);
    }
    let Seen {
        names,
        samples,
        objects,
        members,
    } = seen;
    let choice = choice::choose(&names, &samples, objects, &options)
        .map_err(|error| origin.locate(error))?;
    let mut columns = choice.columns(format, &names);
    let kept_back = (0..names.len()).filter(|&at| !choice.carries(at));
    let kept_back: Vec<String> = kept_back.map(|at| names[at].clone()).collect();
    columns.carried = members
        .into_iter()
        .filter(|name| !kept_back.contains(name))
        .collect();
    if strings && !told_text {
        columns.text = vec!["string".to_owned()];
    }
    let mapping = Mapping {
        names,
        choice,
        kept_back,
        kind: options.kind,
        origin: origin.clone(),
    };
    Ok((columns, mapping))
}

impl Mapping {
    /// The row that `value` holds; errors know their place.
    pub(super) fn row(&self, value: &[u8], number: u64) -> Result<Row> {
        self.feedback(value, number)
            .map(|feedback| Row { number, feedback })
            .map_err(|error| self.locate(error, number))
    }

    /// `error`, in row `number`.
    pub(super) fn locate(&self, error: Error, number: u64) -> Error {
        self.origin.locate_row(error, number)
    }

    fn feedback(&self, value: &[u8], number: u64) -> Result<Feedback> {
        let value = std::str::from_utf8(value)
            .map_err(|error| not_utf8(format_args!("byte {} of the row", error.valid_up_to())))?;
        let value = &*mend(value);
        let id = || self.origin.id(number);
        match value.trim_start().as_bytes().first() {
            Some(b'{') => self.object(serde_json::from_str(value).map_err(invalid)?, id),
            Some(b'"') => {
                let text: String = serde_json::from_str(value).map_err(invalid)?;
                Ok(Feedback {
                    kind: self.kind,
                    ..Feedback::new(id(), text)
                })
            }
            _ => {
                serde_json::from_str::<&RawValue>(value).map_err(invalid)?;
                Err(Error::input("is neither an object nor a string")
                    .with_hint("write a row as {\"text\": \"…\"}"))
            }
        }
    }

    fn object(&self, members: Members<'_>, id: impl Fn() -> String) -> Result<Feedback> {
        let named = |at: usize| members.get(&self.names[at]);
        if self.choice.text.iter().all(|part| named(part.at).is_none()) {
            let text = &self.names[self.choice.text[0].at];
            return Err(Error::input(format!("has no \"{text}\""))
                .with_hint(format!("it has {}", columns::list(&members.names()))));
        }
        let cell = |at: usize| {
            let Some(value) = named(at) else {
                return Ok(None);
            };
            match value.get().as_bytes().first() {
                Some(b'"') => decode(value).map(|text| Some(text.into())),
                Some(b'n') => Ok(None),
                // Paragraphs, or the answers to one question.
                _ if self.choice.is_text(at) => {
                    let not_text = || format!("\"{}\" is not a string", self.names[at]);
                    let text = strings(value).ok_or_else(|| {
                        Error::input(not_text()).with_hint("put it in quotes if it is one")
                    })?;
                    Ok(Some(text.into()))
                }
                _ => Ok(scalar(value).map(Cow::Owned)),
            }
        };
        let mut feedback = self.choice.feedback(id, cell)?;
        feedback.kind = self.kind;
        feedback.fields.reserve(members.0.len());
        for (name, value) in members.0 {
            if !self.kept_back.contains(&name) {
                feedback.fields.push((name, field(value)?));
            }
        }
        Ok(feedback)
    }
}

/// Names and cells of the objects sampled.
#[derive(Default)]
struct Seen {
    objects: usize,
    /// Dotted paths of the values.
    names: Vec<String>,
    samples: Vec<Sample>,
    /// Names of the objects' own members.
    members: Vec<String>,
}

impl Seen {
    fn add_members(&mut self, members: &Members<'_>) {
        for (name, _) in &members.0 {
            if self.members.len() < MAX_NAMES && !self.members.contains(name) {
                self.members.push(name.clone());
            }
        }
    }

    fn add(&mut self, prefix: &str, members: &Members<'_>, depth: usize) {
        for (name, value) in &members.0 {
            let name = format!("{prefix}{name}");
            if value.get().starts_with('{') && depth > 1 {
                if let Ok(inner) = serde_json::from_str(value.get()) {
                    self.add(&format!("{name}."), &inner, depth - 1);
                }
                continue;
            }
            let at = self.names.iter().position(|known| *known == name);
            let at = match at {
                Some(at) => at,
                None if self.names.len() == MAX_NAMES => continue,
                None => {
                    self.names.push(name);
                    self.samples.push(Sample::default());
                    self.names.len() - 1
                }
            };
            let cell = scalar(value).or_else(|| strings(value));
            self.samples[at].add(&cell.unwrap_or_default());
        }
    }
}

/// The members of an object in their order, values as they were written. Of
/// members with one name the last counts, as elsewhere.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    fn names(&self) -> Vec<String> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The value at a dotted path; a member that has a dot in its name comes first.
    fn get(&self, path: &str) -> Option<&'a RawValue> {
        let member = |name: &str| {
            let found = self.0.iter().find(|(other, _)| other == name);
            found.map(|(_, value)| *value)
        };
        member(path).or_else(|| {
            let (outer, inner) = path.split_once('.')?;
            let members: Members<'a> = serde_json::from_str(member(outer)?.get()).ok()?;
            members.get(inner)
        })
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Self::Value, A::Error> {
                let mut members: Vec<(String, &RawValue)> = Vec::new();
                let mut places = HashMap::new();
                while let Some(name) = map.next_key::<String>()? {
                    let value = map.next_value()?;
                    match places.get(&name) {
                        Some(&at) => {
                            let (_, old): &mut (String, &RawValue) = &mut members[at];
                            *old = value;
                        }
                        None => {
                            places.insert(name.clone(), members.len());
                            members.push((name, value));
                        }
                    }
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

fn decode(value: &RawValue) -> Result<String> {
    serde_json::from_str(value.get()).map_err(invalid)
}

/// A string's text, or a number as written.
fn scalar(value: &RawValue) -> Option<String> {
    match value.get().as_bytes().first()? {
        b'"' => decode(value).ok(),
        b'-' | b'0'..=b'9' => Some(value.get().to_owned()),
        _ => None,
    }
}

/// The strings of an array, a line each; None if it holds anything else.
fn strings(value: &RawValue) -> Option<String> {
    let strings: Vec<String> = serde_json::from_str(value.get()).ok()?;
    Some(strings.join("\n"))
}

fn field(value: &RawValue) -> Result<Field> {
    match value.get().as_bytes().first() {
        Some(b'"') => Ok(Field::Text(decode(value)?)),
        _ if depth(value.get()) > MAX_DEPTH => {
            Err(Error::input(format!("nested more than {MAX_DEPTH} deep"))
                .with_hint("leave the field out, or write it as a text"))
        }
        // JSON knows no largest number, but whoever parses the record does.
        _ if !is_in_range(value.get()) => Ok(Field::Text(value.get().to_owned())),
        _ => Ok(Field::Json(value.get().to_owned())),
    }
}

/// Whether all numbers in valid JSON can be read as such.
fn is_in_range(json: &str) -> bool {
    // The shortest that cannot: 9e308.
    json.len() < 5
        || json.parse::<f64>().map_or_else(
            |_| serde_json::from_str::<serde_json::Value>(json).is_ok(),
            f64::is_finite,
        )
}

/// How deep arrays and objects nest in valid JSON.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn invalid(error: serde_json::Error) -> Error {
    let hint = if error.is_eof() {
        "it ends too early: a line break inside a text is written `\\n`"
    } else {
        "check quotes, commas and escapes there"
    };
    // serde_json counts columns in bytes.
    let message = error.to_string().replace(" at line 1 column", " at byte");
    Error::input(format!("not valid JSON: {message}")).with_hint(hint)
}

/// Puts right what is no JSON, but common: the row is worth more.
fn mend(json: &str) -> Cow<'_, str> {
    match mend_surrogates(json) {
        Cow::Borrowed(json) => mend_numbers(json),
        Cow::Owned(mended) => Cow::Owned(mend_numbers(&mended).into_owned()),
    }
}

/// `NaN` and `Infinity`, which Python writes where it has no number, become null.
fn mend_numbers(json: &str) -> Cow<'_, str> {
    const WORDS: [&str; 3] = ["NaN", "-Infinity", "Infinity"];
    if !WORDS.iter().any(|word| json.contains(word)) {
        return Cow::Borrowed(json);
    }
    let mut mended = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find(['"', 'N', '-', 'I']) {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        let word = WORDS.iter().find(|word| rest.starts_with(**word));
        let end = match word {
            Some(word) => {
                mended.push_str("null");
                rest = &rest[word.len()..];
                continue;
            }
            None if rest.starts_with('"') => string_end(rest),
            None => 1,
        };
        mended.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    mended.push_str(rest);
    Cow::Owned(mended)
}

/// Bytes of the string that `json` begins with.
fn string_end(json: &str) -> usize {
    let mut escaped = true; // the opening quote
    let end = json.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(json.len(), |end| end + 1)
}

/// Halves of surrogate pairs, which scrapers leave when they cut a text inside
/// an emoji, become U+FFFD: the row is worth more than the half character.
fn mend_surrogates(json: &str) -> Cow<'_, str> {
    if !json.contains("\\ud") && !json.contains("\\uD") {
        return Cow::Borrowed(json);
    }
    let mut mended = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = json[at..].find('\\') {
        at += found;
        at += match (surrogate(json, at), surrogate(json, at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(_), _) => {
                mended.push_str(&json[copied..at]);
                mended.push_str("\\ufffd");
                copied = at + 6;
                6
            }
            // The character after the backslash may be a second one, or wide.
            (None, _) => 1 + json[at + 1..].chars().next().map_or(0, char::len_utf8),
        };
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    mended.push_str(&json[copied..]);
    Cow::Owned(mended)
}

/// The surrogate escaped at `at`.
fn surrogate(json: &str, at: usize) -> Option<u32> {
    let digits = json.get(at..at + 6)?.strip_prefix("\\u")?;
    let unit = u32::from_str_radix(digits, 16).ok()?;
    (0xD800..=0xDFFF).contains(&unit).then_some(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_surrogates_are_mended() {
        for (json, mended) in [
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d""#, r#""\ufffd""#),
            (
                r#""\uDE00a\ud83d\ud83d\ude00""#,
                r#""\ufffda\ufffd\ud83d\ude00""#,
            ),
            (r#""\\ud83d""#, r#""\\ud83d""#),
            (r#""\é\ud8""#, r#""\é\ud8""#),
            (r#""\ud83d"#, r#""\ufffd"#),
            ("\\ud8é00\\", "\\ud8é00\\"),
        ] {
            assert_eq!(mend(json), mended);
        }
    }

    #[test]
    fn numbers_that_are_none_become_null() {
        for (json, mended) in [
            (
                r#"{"a":NaN,"b":[-Infinity, Infinity],"c":-1}"#,
                r#"{"a":null,"b":[null, null],"c":-1}"#,
            ),
            (
                r#"{"a":"NaN \" NaN","b":NaN}"#,
                r#"{"a":"NaN \" NaN","b":null}"#,
            ),
            (r#""NaN慢""#, r#""NaN慢""#),
            (r#""NaN \"#, r#""NaN \"#),
            ("NaN", "null"),
        ] {
            assert_eq!(mend(json), mended);
        }
    }

    #[test]
    fn numbers_beyond_range_are_told() {
        let digits = "9".repeat(400);
        for (json, expected) in [
            ("17", true),
            ("-1.5e300", true),
            ("9e308", false),
            ("-1e99999", false),
            (&digits, false),
            ("false", true),
            (r#"{"e":[1e5,"1e999"]}"#, true),
            (r#"{"e":[1e999]}"#, false),
        ] {
            assert_eq!(is_in_range(json), expected, "{json}");
        }
    }

    #[test]
    fn depth_ignores_brackets_in_strings() {
        assert_eq!(depth(r#"{"a":["[[[\"[",1]}"#), 2);
        assert_eq!(depth("1"), 0);
    }
}
