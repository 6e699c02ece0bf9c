//! Markdown, of which the words stay: no marks, addresses and alternative texts.

use std::borrow::Cow;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::prepare::trace::Edit;

/// Whether a text has at least two of the forms that have no other use.
pub(super) fn is_likely(text: &str) -> bool {
    if memchr::memchr3(b'#', b'*', b'[', text.as_bytes()).is_none() {
        return false;
    }
    let heading = |line: &str| {
        let marks = line.len() - line.trim_start_matches('#').len();
        (1..=6).contains(&marks) && line[marks..].starts_with(' ')
    };
    let forms = [
        text.lines().any(heading),
        text.contains("](http") || text.contains("](/") || text.contains("!["),
        text.matches("**").nth(1).is_some(),
        text.contains("\n```"),
    ];
    forms.into_iter().filter(|&form| form).count() >= 2
}

/// Edits that leave the words.
pub(super) fn edits(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut done = 0;
    let mut images = 0_usize;
    let mut starts_block = false;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Image { .. }) => images += 1,
            Event::End(TagEnd::Image) => images = images.saturating_sub(1),
            Event::Start(Tag::TableCell) => starts_block = true,
            Event::Text(_) | Event::Code(_) | Event::Html(_) | Event::InlineHtml(_)
                if images == 0 && range.start >= done =>
            {
                // The range of code holds its marks.
                let marks = match event {
                    Event::Code(_) => text[range.clone()]
                        .bytes()
                        .take_while(|&byte| byte == b'`')
                        .count(),
                    _ => 0,
                };
                let (start, end) = (range.start + marks, range.end - marks);
                if start > end {
                    continue;
                }
                push(text, done, start, starts_block, &mut edits);
                (done, starts_block) = (end, false);
            }
            _ => {}
        }
    }
    push(text, done, text.len(), false, &mut edits);
    edits
}

/// Edits what stands between two pieces of words.
fn push(text: &str, start: usize, end: usize, starts_block: bool, edits: &mut Vec<Edit>) {
    let between = &text[start..end];
    let with = match starts_block || between.contains('\n') {
        true if between.contains("\n\n") => "\n\n",
        true => "\n",
        false => "",
    };
    if between != with {
        let with = Cow::Borrowed(with);
        edits.push(Edit {
            range: start..end,
            with,
        });
    }
}
