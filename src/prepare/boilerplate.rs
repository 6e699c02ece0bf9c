//! The lines of a page that are no part of its text: menus, buttons, captions,
//! notices, lists of other articles, spam.
//!
//! Only in texts like pages. In a review or a message every line counts, also
//! one that says `Read more`.

use std::collections::HashMap;
use std::ops::Range;

use super::cues;
use crate::label::DropReason;

/// A line that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DroppedLine {
    /// Bytes, without the end of the line.
    pub(super) range: Range<usize>,
    pub(super) reason: DropReason,
}

/// Lines of a text without markup that is like a page, and of one with it.
const MIN_LINES: usize = 8;
const MIN_MARKED_LINES: usize = 3;

/// Longer lines are prose, in characters; and with a mark at the end, these.
const PROSE: usize = 60;
const MARKED_PROSE: usize = 15;

/// Buttons and labels are no longer than this.
const LABEL: usize = 30;

/// Notices are no longer than this.
const NOTICE: usize = 400;

/// A line so often on one page is part of its frame.
const OFTEN: usize = 3;

/// Headings this short may come again in every chapter.
const HEADING: usize = 10;

/// A byline stands among the first lines.
const HEAD: usize = 12;

/// So many labels behind the last prose are the foot of a page.
const FOOT: usize = 3;

/// The lines to leave out of `text`.
pub(super) fn find(text: &str, is_marked: bool) -> Vec<DroppedLine> {
    let min_lines = if is_marked {
        MIN_MARKED_LINES
    } else {
        MIN_LINES
    };
    let breaks = memchr::memchr2_iter(b'\n', b'\r', text.as_bytes());
    if breaks.take(min_lines - 1).count() + 1 < min_lines {
        return Vec::new();
    }
    let lines: Vec<Line> = lines(text).collect();
    if lines.len() < min_lines {
        return Vec::new();
    }
    let mut reasons: Vec<Option<DropReason>> = Vec::with_capacity(lines.len());
    let mut in_list = false;
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for line in &lines {
        *seen.entry(line.text).or_default() += 1;
    }
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (index, line) in lines.iter().enumerate() {
        let starts_list = line.is_label(LABEL) && cues::is_list_heading(&line.lower);
        in_list = starts_list || in_list && !line.is_prose();
        let repeats = *first.entry(line.text).or_insert(index) < index
            && (seen[line.text] >= OFTEN && !line.is_label(HEADING)
                || index > 0 && lines[index - 1].text == line.text);
        reasons.push(if cues::is_spam_line(&line.lower) {
            Some(DropReason::Spam)
        } else if in_list || repeats || line.is_frame() || index < HEAD && line.is_byline() {
            Some(DropReason::Boilerplate)
        } else {
            None
        });
    }
    fill_notices(&lines, &mut reasons);
    fill_spam(&lines, &mut reasons);
    fill_head(&lines, &mut reasons);
    fill_foot(&lines, &mut reasons);
    if reasons.iter().all(Option::is_some) {
        // A page without text is still what somebody sent.
        return Vec::new();
    }
    lines
        .into_iter()
        .zip(reasons)
        .filter_map(|(line, reason)| {
            Some(DroppedLine {
                range: line.range,
                reason: reason?,
            })
        })
        .collect()
}

/// A line between two notices is one of them.
fn fill_notices(lines: &[Line<'_>], reasons: &mut [Option<DropReason>]) {
    let notice = |line: &Line<'_>| line.length <= NOTICE && cues::is_notice(&line.lower);
    for index in 1..lines.len().saturating_sub(1) {
        if notice(&lines[index - 1]) && notice(&lines[index + 1]) {
            reasons[index].get_or_insert(DropReason::Boilerplate);
        }
    }
}

/// Between lines of spam stand others that say less.
fn fill_spam(lines: &[Line<'_>], reasons: &mut [Option<DropReason>]) {
    let mut last = None;
    for index in 0..lines.len() {
        if reasons[index] != Some(DropReason::Spam) {
            continue;
        }
        if let Some(last) = last
            && lines[last + 1..index].iter().all(|line| !line.is_prose())
        {
            reasons[last + 1..index].fill(Some(DropReason::Spam));
        }
        last = Some(index);
    }
    // The end of a list of links.
    if let Some(last) = last {
        for (line, reason) in lines.iter().zip(reasons).skip(last + 1) {
            if line.is_prose() || !line.text.ends_with(['|', '｜']) {
                break;
            }
            *reason = Some(DropReason::Spam);
        }
    }
}

/// An author's name stands between the title and a button or a date.
fn fill_head(lines: &[Line<'_>], reasons: &mut [Option<DropReason>]) {
    for index in 1..lines.len().min(HEAD).saturating_sub(1) {
        let between =
            reasons[index].is_none() && reasons[index + 1] == Some(DropReason::Boilerplate);
        if between && lines[index].length <= LABEL / 2 && !lines[index].is_sentence() {
            reasons[index] = Some(DropReason::Boilerplate);
        }
    }
}

/// Labels behind the last prose, if one of them is known for what it is.
fn fill_foot(lines: &[Line<'_>], reasons: &mut [Option<DropReason>]) {
    let Some(last) = lines
        .iter()
        .zip(&*reasons)
        .rposition(|(line, reason)| reason.is_none() && (line.is_prose() || line.is_sentence()))
    else {
        return;
    };
    let foot = last + 1..lines.len();
    let known = reasons[foot.clone()].contains(&Some(DropReason::Boilerplate));
    if known && foot.len() >= FOOT {
        for reason in &mut reasons[foot] {
            reason.get_or_insert(DropReason::Boilerplate);
        }
    }
}

/// A line with something in it.
struct Line<'a> {
    range: Range<usize>,
    text: &'a str,
    lower: String,
    /// In characters.
    length: usize,
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    text.split_inclusive(['\n', '\r']).filter_map(move |whole| {
        let start = at;
        at += whole.len();
        let line = whole.trim();
        let start = start + (whole.len() - whole.trim_start().len());
        (!line.is_empty()).then(|| Line {
            range: start..start + line.len(),
            text: line,
            lower: line.to_lowercase(),
            length: line.chars().count(),
        })
    })
}

impl Line<'_> {
    fn is_sentence(&self) -> bool {
        self.text.ends_with([
            '.', '!', '?', '…', ';', '。', '！', '？', '；', '”', '"', '»', '」',
        ]) && self.length >= MARKED_PROSE
    }

    fn is_prose(&self) -> bool {
        self.length > PROSE || self.is_sentence()
    }

    fn is_label(&self, longest: usize) -> bool {
        self.length <= longest
    }

    /// Whether it belongs to the frame of any page.
    fn is_frame(&self) -> bool {
        self.length <= NOTICE && cues::is_notice(&self.lower)
            || self.length <= PROSE * 2 && cues::is_caption(&self.lower)
            || self.is_label(LABEL) && (cues::is_button(&self.lower) || is_date(self.text))
            || is_menu(self.text)
    }

    fn is_byline(&self) -> bool {
        self.length <= PROSE && !self.is_sentence() && cues::is_byline(&self.lower)
    }
}

/// Digits and their marks only: a date, a time, a count.
fn is_date(text: &str) -> bool {
    let digit = |char: char| char.is_ascii_digit();
    text.chars().any(digit)
        && text
            .chars()
            .all(|char| digit(char) || " -/:.,年月日時分時时".contains(char))
}

/// Several short names between bars or arrows.
fn is_menu(text: &str) -> bool {
    const SIGNS: [char; 7] = ['|', '｜', '›', '»', '>', '·', '•'];
    let parts: Vec<_> = text
        .split(SIGNS)
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    parts.len() >= 3 && parts.iter().all(|part| part.chars().count() <= LABEL)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dropped(text: &str) -> Vec<(&str, DropReason)> {
        let lines = find(text, false).into_iter();
        lines.map(|line| (&text[line.range], line.reason)).collect()
    }

    #[test]
    fn only_pages_lose_lines() {
        let cases = [
            "",
            "Read more",
            "Slow.\nShare\nRude.",
            "© me\nPhoto: the mould",
            "Cons:\n- slow\n- rude\n- dirty\n- loud\n- dear\n- late\n- cold\nI will not be back here.",
        ];
        for text in cases {
            assert_eq!(dropped(text), [], "{text:?}");
        }
    }

    #[test]
    fn a_page_without_text_is_kept() {
        assert_eq!(dropped(&"Share\nLogin\n".repeat(5)), []);
    }

    #[test]
    fn the_frame_of_a_page_goes() {
        let text = "Home > Shop > Reviews\nWhy I left my bank\nAnna Berg\n+ Follow\n2024-05-01 10:20\n\
            I waited forty minutes on the phone, twice, and nobody could tell me where my card was.\n\
            Photo: the branch in Main Street\n\
            In the end I closed the account.\n\
            Related articles\nTen best cards\nHow to save\n© 2024 Example Ltd. All rights reserved.";
        let lines: Vec<_> = dropped(text).into_iter().map(|(line, _)| line).collect();
        assert_eq!(
            lines,
            [
                "Home > Shop > Reviews",
                "Anna Berg",
                "+ Follow",
                "2024-05-01 10:20",
                "Photo: the branch in Main Street",
                "Related articles",
                "Ten best cards",
                "How to save",
                "© 2024 Example Ltd. All rights reserved.",
            ]
        );
    }
}
