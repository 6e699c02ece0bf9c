//! Rows that are turns → a row for each conversation.
//!
//! The turns of a conversation mostly stand together; where several run at
//! once, each is gathered until it has been silent for a while.

use std::collections::VecDeque;

use super::{Row, Rows};
use crate::error::Result;
use crate::feedback::Feedback;
use crate::label::FeedbackKind;

/// A conversation has ended once so many rows went by without it; if it goes on
/// later, that is another row of the output.
const SILENCE: u64 = 256;

/// Most conversations, and most bytes of their text, that are held at once.
/// Beyond that the first of them ends, so that memory stays bounded.
const MOST_HELD: usize = 1024;
const MOST_BYTES: usize = 16 << 20;

/// Longest label of a speaker, in words and bytes: no longer one is taken for a
/// label where the text is read.
const LABEL_WORDS: usize = 3;
const LABEL_BYTES: usize = 40;

/// Gathers the turns of conversations, in the order of their first turns.
pub(super) struct RollUp {
    rows: Rows,
    kind: Option<FeedbackKind>,
    /// Rows read so far.
    read: u64,
    ended: bool,
    held: VecDeque<Held>,
    bytes: usize,
}

/// What waits for its place in the output.
enum Held {
    Conversation(Conversation),
    /// A row that belongs to no conversation, or could not be read.
    Alone(Result<Row>),
}

struct Conversation {
    /// Its first row; the text is made at the end.
    row: Row,
    /// Number and words of each turn.
    turns: Vec<(Option<u64>, String)>,
    bytes: usize,
    /// How many rows had been read at its last turn.
    last: u64,
}

impl RollUp {
    pub(super) fn new(rows: Rows, kind: Option<FeedbackKind>) -> Self {
        Self {
            rows,
            kind,
            read: 0,
            ended: false,
            held: VecDeque::new(),
            bytes: 0,
        }
    }

    fn take(&mut self, row: Result<Row>) {
        self.read += 1;
        let mut row = match row {
            Ok(row) if row.feedback.context.conversation.is_some() => row,
            alone => return self.held.push_back(Held::Alone(alone)),
        };
        let turn = (row.feedback.context.turn, words(&mut row.feedback));
        let bytes = turn.1.len();
        self.bytes += bytes;
        let id = &row.feedback.context.conversation;
        let known = self.held.iter_mut().rev().find_map(|held| match held {
            Held::Conversation(known) if known.row.feedback.context.conversation == *id => {
                Some(known)
            }
            _ => None,
        });
        match known {
            Some(known) => {
                known.turns.push(turn);
                known.bytes += bytes;
                known.last = self.read;
            }
            None => self.held.push_back(Held::Conversation(Conversation {
                row,
                turns: vec![turn],
                bytes,
                last: self.read,
            })),
        }
    }

    /// Whether the first that waits need not wait any longer.
    fn is_due(&self) -> bool {
        let full = self.held.len() > MOST_HELD || self.bytes > MOST_BYTES;
        match self.held.front() {
            None => false,
            Some(Held::Alone(_)) => true,
            Some(Held::Conversation(first)) => {
                self.ended || full || self.read - first.last >= SILENCE
            }
        }
    }
}

impl Iterator for RollUp {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_due() && !self.ended {
            match self.rows.next() {
                Some(row) => self.take(row),
                None => self.ended = true,
            }
        }
        match self.held.pop_front()? {
            Held::Alone(row) => Some(row),
            Held::Conversation(conversation) => {
                self.bytes -= conversation.bytes;
                Some(Ok(conversation.row(self.kind)))
            }
        }
    }
}

impl Conversation {
    fn row(self, kind: Option<FeedbackKind>) -> Row {
        let Self {
            mut row, mut turns, ..
        } = self;
        // Equal numbers, as all are where some are missing, keep their order.
        if turns.iter().all(|(number, _)| number.is_some()) {
            turns.sort_by_key(|(number, _)| *number);
        }
        let lines = turns.into_iter().map(|(_, words)| words);
        let lines: Vec<_> = lines.filter(|words| !words.is_empty()).collect();
        let feedback = &mut row.feedback;
        feedback.text = lines.join("\n");
        feedback.kind = kind.or(Some(FeedbackKind::Transcript));
        feedback.questions.clear();
        feedback.context.speaker = None;
        feedback.context.turn = None;
        if let Some(id) = &feedback.context.conversation {
            feedback.id.clone_from(id);
        }
        row
    }
}

/// Takes what was said out of a turn: `Speaker: words`, and nothing if there
/// are none.
fn words(feedback: &mut Feedback) -> String {
    let text = std::mem::take(&mut feedback.text);
    let words = text.trim();
    let speaker = feedback
        .context
        .speaker
        .as_deref()
        .map(label)
        .unwrap_or_default();
    match (words.is_empty(), speaker.is_empty()) {
        (true, _) => String::new(),
        (false, true) => words.to_owned(),
        (false, false) => format!("{speaker}: {words}"),
    }
}

/// A speaker's name as the label of a turn, which has only words in it:
/// `support_agent (Ana)` speaks as `support agent Ana`.
fn label(speaker: &str) -> String {
    let mark = unicode_normalization::char::is_combining_mark;
    let kept = |char: char| char.is_alphanumeric() || "'’-".contains(char) || mark(char);
    let words = speaker
        .split(|char| !kept(char))
        .filter(|word| !word.is_empty());
    let mut label = words.take(LABEL_WORDS).collect::<Vec<_>>().join(" ");
    label.truncate(label.floor_char_boundary(LABEL_BYTES));
    match label.starts_with(|char: char| !char.is_alphabetic()) {
        true => format!("Speaker {label}"),
        false => label.trim_end().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn turn(number: u64, conversation: &str, speaker: &str, text: &str) -> Result<Row> {
        let mut feedback = Feedback::new(number.to_string(), text);
        feedback.context.conversation = Some(conversation.to_owned()).filter(|id| !id.is_empty());
        feedback.context.speaker = Some(speaker.to_owned()).filter(|speaker| !speaker.is_empty());
        Ok(Row { number, feedback })
    }

    /// Number, id and text of what comes out.
    fn rolled(rows: Vec<Result<Row>>) -> Vec<String> {
        let rows = RollUp::new(Box::new(rows.into_iter()), None);
        let said = |row: Result<Row>| match row {
            Ok(Row { number, feedback }) => {
                format!(
                    "{number} {}: {}",
                    feedback.id,
                    feedback.text.replace('\n', " | ")
                )
            }
            Err(error) => format!("! {}", error.message()),
        };
        rows.map(said).collect()
    }

    #[test]
    fn turns_of_one_conversation_become_one_row() {
        let rows = vec![
            turn(1, "a", "Customer", "It broke"),
            turn(2, "b", "顾客", "还没到"),
            turn(3, "a", "Agent", " Sorry\nindeed "),
            Err(Error::input("cut off")),
            turn(5, "", "Customer", "alone"),
            turn(6, "b", "客服", ""),
            turn(7, "b", "", "第三次了"),
        ];
        assert_eq!(
            rolled(rows),
            [
                "1 a: Customer: It broke | Agent: Sorry | indeed",
                "2 b: 顾客: 还没到 | 第三次了",
                "! cut off",
                "5 5: alone",
            ]
        );
    }

    #[test]
    fn numbered_turns_are_put_in_order() {
        let numbered = |row: u64, turn_number: u64, text: &str| {
            let mut row = turn(row, "a", "", text).expect("a row");
            row.feedback.context.turn = Some(turn_number);
            Ok(row)
        };
        let rows = vec![
            numbered(1, 2, "second"),
            numbered(2, 1, "first"),
            numbered(3, 10, "last"),
        ];
        assert_eq!(rolled(rows), ["1 a: first | second | last"]);
    }

    #[test]
    fn silence_ends_a_conversation_and_memory_is_bounded() {
        let others =
            |range: std::ops::Range<u64>| range.map(|n| turn(n, &format!("c{n}"), "", "x"));
        let mut rows = vec![turn(0, "a", "", "start")];
        rows.extend(others(1..SILENCE));
        rows.push(turn(SILENCE, "a", "", "in time"));
        rows.extend(others(SILENCE + 1..2 * SILENCE + 1));
        rows.push(turn(2 * SILENCE + 1, "a", "", "too late"));
        let rows = rolled(rows);
        assert_eq!(rows[0], "0 a: start | in time");
        assert_eq!(rows.last().map(String::as_str), Some("513 a: too late"));

        // One that goes on for ever holds up no more than so many others.
        let rows = (0..5000).map(|n| match n % 100 {
            0 => turn(n, "always", "", "x"),
            _ => turn(n, &n.to_string(), "", "x"),
        });
        let mut rolled = RollUp::new(Box::new(rows), None);
        let mut most = 0;
        while rolled.next().is_some() {
            most = most.max(rolled.held.len());
        }
        assert!(most <= MOST_HELD, "{most}");
    }

    #[test]
    fn names_become_labels() {
        for (speaker, expected) in [
            ("Customer", "Customer"),
            ("support_agent (Ana)", "support agent Ana"),
            ("client·e", "client e"),
            ("ลูกค้า", "ลูกค้า"),
            ("客服 01", "客服 01"),
            ("12345", "Speaker 12345"),
            ("", ""),
            ("😡", ""),
        ] {
            assert_eq!(label(speaker), expected, "{speaker}");
        }
    }
}
