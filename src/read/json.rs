//! JSON documents: an array, an object that holds one, or objects one after
//! another. Elements are cut out one by one and never held together.

use std::io::{self, BufRead, BufReader};

use super::names::TEXT;
use super::object::{self, Mapping};
use super::sniff::WRITTEN_WHOLE;
use super::source::Source;
use super::{Columns, Format, Limits, ReadOptions, Role, Row, Rows, broken};
use crate::error::{Error, Result};

/// Opens a JSON document.
pub(super) fn open(mut source: Source, options: &ReadOptions) -> Result<(Columns, Rows)> {
    let (layout, values) = loop {
        let layout = layout(source.head(), options);
        let start = layout.map_or(0, |layout| layout.start);
        let held = layout.is_some_and(|layout| layout.held);
        let values = first_values(Elements::new(
            &source.head()[start..],
            held,
            source.limits.row(),
        ));
        // One row is enough to go by: a live pipe may not give more.
        if layout.is_some() && !values.is_empty() || !source.grow()? {
            break (layout.unwrap_or_default(), values);
        }
    };
    let (columns, mapping) = object::choose(&values, Format::Json, options, &source.origin)?;
    source.skip(layout.start);
    let limits = source.limits;
    let input = BufReader::with_capacity(128 << 10, source);
    let document = Document {
        elements: Some(Elements::new(input, layout.held, limits.row())),
        limits,
        value: Vec::new(),
        mapping,
        number: 0,
    };
    Ok((columns, Box::new(document)))
}

/// Whether `value` is an object that holds the array of rows.
pub(super) fn holds_rows(value: &[u8], options: &ReadOptions) -> bool {
    layout(value, options).is_some_and(|layout| layout.held)
}

fn first_values(mut elements: Elements<&[u8]>) -> Vec<Vec<u8>> {
    let mut values = Vec::new();
    let mut value = Vec::new();
    loop {
        match elements.next(&mut value) {
            Ok(Element::Whole) => values.push(value.clone()),
            Ok(Element::TooLong) => {}
            _ => break,
        }
    }
    values
}

/// Where the rows are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Layout {
    /// Byte at which they, or the array of them, start.
    start: usize,
    /// Whether an object holds them, so that the rest of it is not ours.
    held: bool,
}

/// Tells whether an object at the start is a row, or holds the array of rows:
/// the first of objects that have a text, or the first of objects where it has
/// no text itself. None while `head` does not show it.
fn layout(head: &[u8], options: &ReadOptions) -> Option<Layout> {
    let rows = Layout::default();
    let is_text = |name: &str| {
        let mut told = options.told(Role::Text).peekable();
        match told.peek() {
            Some(_) => told.any(|wanted| name == wanted || wanted.split('.').next() == Some(name)),
            None => TEXT.is(name),
        }
    };
    let mut at = spaces(head, 0);
    if *head.get(at)? != b'{' {
        return Some(rows);
    }
    at += 1;
    let mut array = None;
    let mut has_text = false;
    loop {
        while matches!(head.get(at), Some(b' ' | b'\t' | b'\r' | b'\n' | b',')) {
            at += 1;
        }
        let Some(b'"') = head.get(at) else { break };
        let Some(end) = Scan::default().feed(&head[at..]) else {
            break;
        };
        let name: String = serde_json::from_slice(&head[at..at + end]).unwrap_or_default();
        at = spaces(head, at + end);
        if head.get(at) != Some(&b':') {
            break;
        }
        at = spaces(head, at + 1);
        match head.get(at) {
            Some(b'[') => {
                let first = spaces(head, at + 1);
                if head.get(first) == Some(&b'{') {
                    if object_names(&head[first..])
                        .iter()
                        .any(|name| is_text(name))
                    {
                        return Some(Layout {
                            start: at,
                            held: true,
                        });
                    }
                    array = array.or(Some(at));
                }
            }
            Some(b'"') => has_text |= is_text(&name),
            _ => {}
        }
        match Scan::default().feed(head.get(at..)?) {
            Some(end) => at += end,
            None => break,
        }
    }
    match array {
        Some(start) if !has_text => Some(Layout { start, held: true }),
        _ if has_text || head.get(at) == Some(&b'}') => Some(rows),
        _ => None,
    }
}

/// Names of the object's own members, as far as `json` goes.
fn object_names(json: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = 1;
    while let Some(&byte) = json.get(at) {
        if byte == b'}' {
            break;
        }
        let end = Scan::default().feed(&json[at..]).unwrap_or(0);
        if end == 0 {
            break;
        }
        let value = json[at..at + end].trim_ascii();
        at += end;
        if value.starts_with(b"\"") && json.get(spaces(json, at)) == Some(&b':') {
            names.push(serde_json::from_slice(value).unwrap_or_default());
        }
        while matches!(
            json.get(at),
            Some(b' ' | b'\t' | b'\r' | b'\n' | b',' | b':')
        ) {
            at += 1;
        }
    }
    names
}

fn spaces(json: &[u8], mut at: usize) -> usize {
    while json.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

struct Document {
    /// None once the document has ended, or can't be read on.
    elements: Option<Elements<BufReader<Source>>>,
    limits: Limits,
    value: Vec<u8>,
    mapping: Mapping,
    number: u64,
}

impl Iterator for Document {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        let elements = self.elements.as_mut()?;
        let found = elements.next(&mut self.value);
        let last = self.number;
        self.number += 1;
        let error = match found {
            Ok(Element::Whole) => return Some(self.mapping.row(&self.value, self.number)),
            Ok(Element::TooLong) => {
                let error = self.limits.row_too_long();
                return Some(Err(self.mapping.locate(error, self.number)));
            }
            Ok(Element::End) => {
                self.elements = None;
                return None;
            }
            Ok(Element::CutOff) => Error::input(format!(
                "the file ends before its JSON does, after row {last}"
            ))
            .with_hint(WRITTEN_WHOLE),
            Ok(Element::Unexpected(byte)) => Error::input(format!(
                "unexpected {:?} after row {last}: the rest can't be read",
                char::from(byte)
            ))
            .with_hint("repair the JSON there, or write a row a line as JSONL"),
            Err(error) => broken(error),
        };
        self.elements = None;
        Some(Err(self.mapping.locate(error, self.number)))
    }
}

/// What [`Elements::next`] found.
enum Element {
    /// A value is in the buffer, cut out by its brackets and quotes alone.
    Whole,
    /// The value was longer than allowed, and has been skipped.
    TooLong,
    /// The input ended inside an array or a value.
    CutOff,
    /// This can't stand where a value starts or after one.
    Unexpected(u8),
    /// No value is left.
    End,
}

/// Cuts the elements out of arrays, and the values that stand outside of one.
struct Elements<R> {
    input: R,
    max: usize,
    /// Whether an object holds the array, whose rest is then skipped.
    held: bool,
    in_array: bool,
    /// Whether a comma must come before the next element.
    after_value: bool,
}

impl<R: BufRead> Elements<R> {
    fn new(input: R, held: bool, max: usize) -> Self {
        Self {
            input,
            max,
            held,
            in_array: false,
            after_value: false,
        }
    }

    fn next(&mut self, value: &mut Vec<u8>) -> io::Result<Element> {
        loop {
            let Some(&byte) = self.input.fill_buf()?.first() else {
                return Ok(if self.in_array {
                    Element::CutOff
                } else {
                    Element::End
                });
            };
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {}
                b',' if self.after_value => self.after_value = false,
                b'[' if !self.in_array => {
                    self.in_array = true;
                    self.after_value = false;
                }
                b']' if self.in_array => {
                    self.input.consume(1);
                    if self.held && !self.skip_holder()? {
                        return Ok(Element::CutOff);
                    }
                    self.held = false;
                    self.in_array = false;
                    self.after_value = true;
                    continue;
                }
                b']' | b'}' | b',' | b':' => return Ok(Element::Unexpected(byte)),
                _ if self.in_array && self.after_value => return Ok(Element::Unexpected(byte)),
                _ => {
                    self.after_value = true;
                    return self.value(value);
                }
            }
            self.input.consume(1);
        }
    }

    /// Skips the rest of the object that held the array; false if it is cut off.
    fn skip_holder(&mut self) -> io::Result<bool> {
        let mut scan = Scan {
            depth: 1,
            ..Scan::default()
        };
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return Ok(false);
            }
            let end = scan.feed(chunk);
            let used = end.unwrap_or(chunk.len());
            self.input.consume(used);
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    fn value(&mut self, value: &mut Vec<u8>) -> io::Result<Element> {
        value.clear();
        let mut scan = Scan::default();
        let mut length = 0;
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                let bare = scan.is_bare() && !self.in_array;
                return Ok(if bare {
                    Element::Whole
                } else {
                    Element::CutOff
                });
            }
            let end = scan.feed(chunk);
            let used = end.unwrap_or(chunk.len());
            length += used;
            if length <= self.max {
                value.extend_from_slice(&chunk[..used]);
            }
            self.input.consume(used);
            if end.is_some() {
                let whole = length <= self.max;
                return Ok(if whole {
                    Element::Whole
                } else {
                    Element::TooLong
                });
            }
        }
    }
}

/// Finds where a value ends, fed piece by piece.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    /// Bytes of `bytes` up to the end of the value; None if it goes on.
    fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, &byte) in bytes.iter().enumerate() {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.in_string = false;
                        if self.depth == 0 {
                            return Some(at + 1);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'[' | b'{' => self.depth += 1,
                // A bare value: what ends it is not part of it.
                b']' | b'}' | b',' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => {
                    return Some(at);
                }
                b']' | b'}' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// Whether the value so far is a number or a word, which the end of the
    /// input may end.
    fn is_bare(&self) -> bool {
        self.depth == 0 && !self.in_string
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_in_every_layout() {
        let held = |start| Some(Layout { start, held: true });
        let rows = Some(Layout::default());
        for (head, expected) in [
            (r#"[{"text":"#, rows),
            (r#"{"text":"slow","tags":[{"a":1}]}"#, rows),
            (r#"{"tags":[{"a":1}],"text":"slow"}"#, rows),
            (r#"{"reviews":[{"x":1,"text":"#, held(11)),
            (
                r#"{"message":"ok","n":[1],"data":[{"review":"slow"}]}"#,
                held(31),
            ),
            (r#"{"n":1,"rows":[{"x":1},{"x":2}]}"#, held(14)),
            (r#"{"rows":[]}"#, rows),
            (r#"{"rows":[{]}"#, held(8)),
            (r#"{"n":1,"#, None),
        ] {
            let found = layout(head.as_bytes(), &ReadOptions::default());
            assert_eq!(found, expected, "{head}");
        }
    }

    #[test]
    fn elements_are_cut_at_any_buffer_size() {
        let json = r#" [ {"a":"]}\""} ,"x,\\", 12 ,[1,[2]],null]{"b":1}"#;
        for capacity in 1..9 {
            let input = BufReader::with_capacity(capacity, json.as_bytes());
            let mut elements = Elements::new(input, false, 100);
            let mut found = Vec::new();
            let mut value = Vec::new();
            while let Ok(Element::Whole) = elements.next(&mut value) {
                found.push(String::from_utf8_lossy(&value).into_owned());
            }
            let expected = [
                r#"{"a":"]}\""}"#,
                r#""x,\\""#,
                "12",
                "[1,[2]]",
                "null",
                r#"{"b":1}"#,
            ];
            assert_eq!(found, expected);
        }
    }
}
