//! Puts questions before their answers: `Nothing` says nothing without one.

use std::borrow::Cow;

use super::trace::{Edit, TracedText};
use crate::feedback::Feedback;

/// Longest question that is read, in bytes. What is asked stands at the end of
/// a longer one, after what it is about.
const MAX: usize = 400;

/// The text with each question before its answer, as the heading `What did you
/// like least:` on a line of its own. Of 60 answers that mean nothing alone the
/// model tells the sentiment of 40 so, of 33 after a question mark and of 23
/// without the question (`data/reading/questions.jsonl`).
///
/// The questions come from no part of the original; those that have no place
/// in it, or are out of order, are left out.
pub(super) fn with_questions(feedback: &Feedback) -> TracedText {
    let text = &feedback.text;
    let mut last = 0;
    let mut edits = Vec::new();
    for question in &feedback.questions {
        let at = question.before;
        let asked = heading(&question.text);
        if asked.is_empty() || at < last || !text.is_char_boundary(at) {
            continue;
        }
        last = at;
        let inside_line = at > 0 && !text[..at].ends_with('\n');
        let start = if inside_line { "\n" } else { "" };
        edits.push(Edit {
            range: at..at,
            with: Cow::Owned(format!("{start}{asked}:\n")),
        });
    }
    TracedText::new(text).rewrite(edits)
}

/// The last [`MAX`] bytes of a question, on one line and without its marks.
fn heading(question: &str) -> String {
    let mark = |char: char| char.is_whitespace() || ".:?¿？：。".contains(char);
    let question = question.trim_matches(mark);
    let from = question.ceil_char_boundary(question.len().saturating_sub(MAX));
    let words = question[from..].split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Question;

    #[test]
    fn questions_stand_before_their_answers() {
        let question = |before, text: &str| Question {
            before,
            text: text.to_owned(),
        };
        for (text, questions, expected) in [
            (
                "Nothing",
                vec![question(0, "What\nnot? ")],
                "What not:\nNothing",
            ),
            (
                "价格\n没有",
                vec![question(0, "喜欢什么？"), question(7, "不喜欢什么？")],
                "喜欢什么:\n价格\n不喜欢什么:\n没有",
            ),
            ("ab", vec![question(1, "c?")], "a\nc:\nb"),
            (
                "é",
                vec![
                    question(1, "inside"),
                    question(9, "beyond"),
                    question(2, "end"),
                ],
                "é\nend:\n",
            ),
            (
                "ab",
                vec![question(1, "x"), question(0, "late"), question(2, " ")],
                "a\nx:\nb",
            ),
        ] {
            let mut feedback = Feedback::new("1", text);
            feedback.questions = questions;
            assert_eq!(with_questions(&feedback).as_str(), expected);
        }
        let long = format!(
            "{}{}",
            "Thinking of your stay. ".repeat(50),
            "ถูกใจอะไร".repeat(30)
        );
        let feedback = Feedback::new("1", "x").answering(long);
        assert!(with_questions(&feedback).as_str().len() <= MAX + 3);
    }
}
