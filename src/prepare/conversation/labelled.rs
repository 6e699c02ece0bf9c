//! Lines that begin with who speaks: `Customer: …`, `客服：…`.

use super::{Channel, Message, Turn, bare, roles};
use crate::label::Speaker;

/// No label is longer, in bytes.
const MAX_LABEL: usize = 48;

/// Labels that nobody knows make a conversation only if they come again, as no
/// heading of a survey or of a review does: so many lines, and twice as many
/// as there are names.
const UNKNOWN_LINES: usize = 4;

/// Where a label stands, and what it says.
struct Label<'a> {
    start: usize,
    /// Where the words begin, behind the colon.
    words: usize,
    name: &'a str,
}

/// Divides a text into turns, each beginning with its label. A text that is no
/// conversation is one turn of nobody.
pub(in crate::prepare) fn turns(text: &str) -> Vec<Turn> {
    let labels = labels(text);
    let ends = labels.iter().skip(1).map(|label| label.start);
    let ends: Vec<_> = ends.chain([text.len()]).collect();
    let messages: Vec<_> = labels
        .iter()
        .zip(&ends)
        .map(|(label, &end)| {
            let mut message = Message::new(label.name);
            message.push("", bare(&text[label.words..end]));
            message
        })
        .collect();
    let speakers = roles::tell(&messages, Channel::Unknown);
    let is_conversation = labels
        .iter()
        .any(|label| roles::known(label.name).is_some())
        || is_exchange(&labels, &speakers);

    let mut turns = Vec::new();
    let mut add = |start: usize, end: usize, label: Option<&Label<'_>>, speaker| {
        if start < end {
            turns.push(Turn {
                range: start..end,
                words: label.map_or(start, |label| label.words),
                name: label.map(|label| label.name.to_owned()),
                speaker,
                order: turns.len(),
            });
        }
    };
    match labels.first().filter(|_| is_conversation) {
        Some(first) => {
            add(0, first.start, None, None);
            for ((label, end), speaker) in labels.iter().zip(ends).zip(speakers) {
                add(label.start, end, Some(label), speaker);
            }
        }
        None => add(0, text.len(), None, None),
    }
    turns
}

/// Whether names take turns, and what they say tells the customer from the
/// company.
fn is_exchange(labels: &[Label<'_>], speakers: &[Option<Speaker>]) -> bool {
    let mut names: Vec<_> = labels.iter().map(|label| label.name).collect();
    names.sort_unstable();
    names.dedup();
    let says = |speaker| speakers.contains(&Some(speaker));
    labels.len() >= UNKNOWN_LINES
        && labels.len() >= 2 * names.len()
        && says(Speaker::Customer)
        && says(Speaker::Agent)
}

/// Everything before a colon that may be a label: at the start of a line any
/// short name; within a line known ones only, and those only where both sides
/// of the conversation are named so.
fn labels(text: &str) -> Vec<Label<'_>> {
    let mut labels: Vec<Label<'_>> = Vec::new();
    let mut inline = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        for (at, colon) in line.match_indices([':', '：']) {
            let before = line[..at].trim_end();
            let words = line_start + at + colon.len();
            if labels.last().is_none_or(|label| label.start < line_start)
                && let Some(name) = line_label(before)
            {
                let start = line_start;
                labels.push(Label { start, words, name });
            } else if let Some(name) = inline_label(before) {
                let start = line_start + before.len() - name.len();
                inline.push(Label { start, words, name });
            }
        }
        line_start += line.len();
    }
    let names = |speaker| {
        let mut all = labels.iter().chain(&inline);
        all.any(|label| roles::known(label.name) == Some(speaker))
    };
    if names(Speaker::Customer) && names(Speaker::Agent) {
        labels.append(&mut inline);
        labels.sort_by_key(|label| label.start);
    }
    labels
}

/// The start of a line, if it may be a name: one to three words without marks.
pub(super) fn line_label(before: &str) -> Option<&str> {
    let name = bare(before);
    let plain =
        |char: char| char.is_alphanumeric() || " '’-._()（）ฯ".contains(char) || is_mark(char);
    (!name.is_empty()
        && name.len() <= MAX_LABEL
        && name.split(' ').count() <= 3
        && name.starts_with(char::is_alphabetic)
        && name.chars().all(plain))
    .then_some(name)
}

/// Thai vowels and tones are marks.
fn is_mark(char: char) -> bool {
    unicode_normalization::char::is_combining_mark(char)
}

/// A known label at the end of a text, after a space or a sentence.
fn inline_label(before: &str) -> Option<&str> {
    let start = before
        .char_indices()
        .rev()
        .take(MAX_LABEL / 2)
        .find(|&(_, char)| char.is_whitespace() || "。！？!?.…」”）)".contains(char))
        .map(|(at, char)| at + char.len_utf8())?;
    let name = &before[start..];
    roles::known(name).map(|_| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const C: Option<Speaker> = Some(Speaker::Customer);
    const A: Option<Speaker> = Some(Speaker::Agent);

    #[test]
    fn turns_begin_with_their_labels() {
        type Case = (&'static str, Option<Speaker>);
        let cases: [(&str, &[Case]); 11] = [
            ("", &[]),
            ("No conversation: none", &[("No conversation: none", None)]),
            (
                "Service: bad\nFood: cold",
                &[("Service: bad\nFood: cold", None)],
            ),
            (
                "Pros: quiet\nCons: my order was late\nPros: cheap\nCons: thanks for calling",
                &[(
                    "Pros: quiet\nCons: my order was late\nPros: cheap\nCons: thanks for calling",
                    None,
                )],
            ),
            (
                "Customer: hi\nAgent: yes?",
                &[("Customer: hi\n", C), ("Agent: yes?", A)],
            ),
            (
                "Client : bonjour : voilà\nsuite\nService clients : oui",
                &[
                    ("Client : bonjour : voilà\nsuite\n", C),
                    ("Service clients : oui", A),
                ],
            ),
            (
                "客户：到哪了？客服：在路上。",
                &[("客户：到哪了？", C), ("客服：在路上。", A)],
            ),
            ("我给客服：发了消息", &[("我给客服：发了消息", None)]),
            (
                "ลูกค้า: ช้ามาก\nเจ้าหน้าที่: ขออภัยค่ะ",
                &[("ลูกค้า: ช้ามาก\n", C), ("เจ้าหน้าที่: ขออภัยค่ะ", A)],
            ),
            (
                "Case 12\nHuésped: sucio\nRecepción: perdón",
                &[
                    ("Case 12\n", None),
                    ("Huésped: sucio\n", C),
                    ("Recepción: perdón", A),
                ],
            ),
            (
                "Maud: how can I help?\nIker: my order is late\nMaud: bear with me\nIker: again?",
                &[
                    ("Maud: how can I help?\n", A),
                    ("Iker: my order is late\n", C),
                    ("Maud: bear with me\n", A),
                    ("Iker: again?", C),
                ],
            ),
        ];
        for (text, expected) in cases {
            let turns = turns(text);
            let turns: Vec<_> = turns
                .into_iter()
                .map(|turn| (&text[turn.range], turn.speaker))
                .collect();
            assert_eq!(turns, expected, "{text:?}");
        }
    }
}
