use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::feedback::Feedback;
use crate::prepare::testing::assert_linear;
use crate::prepare::{Document, prepare};

/// Name and words of each message; names that are not written are empty.
pub(super) fn said(messages: Option<Vec<Message<'_>>>) -> Vec<(String, String)> {
    let messages = messages.unwrap_or_default().into_iter();
    messages
        .map(|message| {
            let mut words = String::new();
            for part in &message.parts {
                words += part.glue;
                words += part.words;
            }
            let name = message.label.unwrap_or_default();
            (name.to_owned(), words.trim_start().to_owned())
        })
        .collect()
}

/// The values of a JSON Lines file of the repository.
fn rows(path: &str) -> Vec<Value> {
    let path = format!("{}/data/{path}", env!("CARGO_MANIFEST_DIR"));
    let lines = std::fs::read_to_string(path).expect("a file of the repository");
    let lines = lines.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn document(text: &Value) -> Document {
    prepare(&Feedback::new("", text.as_str().expect("a text")))
}

fn dense(text: &str) -> String {
    text.split_whitespace().collect()
}

const LANGUAGES: [&str; 6] = ["en", "fr", "es", "th", "zh-Hans", "zh-Hant"];

#[test]
fn turns_and_roles_of_the_set_are_found() {
    // By form: turns that are found, turns, roles that are right.
    let mut tally: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for language in LANGUAGES {
        for row in rows(&format!("reading/conversations/{language}.jsonl")) {
            let document = document(&row["file"]);
            let mut turns: Vec<_> = document.turns.iter().collect();
            turns.sort_by_key(|turn| turn.order);
            let mut rest = turns.into_iter();
            let counts = tally.entry(row["form"].to_string()).or_default();
            for truth in row["turns"].as_array().expect("turns") {
                let words = dense(truth["text"].as_str().expect("a text"));
                let mut ahead = rest.clone();
                let found = ahead.find(|turn| {
                    dense(&document.text.as_str()[turn.words..turn.range.end]) == words
                });
                counts[1] += 1;
                let Some(turn) = found else { continue };
                rest = ahead;
                counts[0] += 1;
                let role = match truth["role"].as_str().expect("a role") {
                    "customer" => Some(Speaker::Customer),
                    "agent" | "bot" => Some(Speaker::Agent),
                    _ => turn.speaker,
                };
                counts[2] += usize::from(role == turn.speaker);
            }
        }
    }
    assert_eq!(tally.len(), 7);
    for (form, [found, all, right]) in tally {
        let share = |part: usize| part as f64 / all as f64;
        assert!(share(found) > 0.98, "{form}: {found} of {all} turns");
        assert!(share(right) > 0.93, "{form}: {right} of {all} roles");
    }
}

#[test]
fn other_feedback_is_no_conversation() {
    let [mut wrong, mut all] = [0_usize; 2];
    for language in LANGUAGES {
        for row in rows(&format!("feedback/{language}.jsonl")) {
            let id = row["id"].as_str().expect("an id");
            if row["kind"] != "transcript" && id.ends_with('0') {
                all += 1;
                wrong += usize::from(document(&row["text"]).turns.len() > 1);
            }
        }
    }
    assert!(all > 200 && wrong * 200 < all, "{wrong} of {all}");
}

/// What the forms look for, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "\n",
        "\r\n",
        "\n\n",
        "\t",
        " ",
        ": ",
        "：",
        "> ",
        "Ana",
        "客服",
        "Customer",
        "\u{200e}",
        "[12/03/2026, 09:41:07] Ana: hi",
        "12/3/26, 9:41\u{202f}AM - Bo: hi\n",
        "(09:41) Bo: é",
        "09:41\tAna\t\"hi",
        "下午2:03\tAna\thi\"",
        "Ana 2026-03-12 09:41:07\n",
        "WEBVTT\n\n",
        "00:00:00.303 --> 00:00:03.209\n",
        "<v Ana>",
        "</v>",
        "<Media omitted>",
        "[Sticker]",
        "On 1 May 2026 at 9:00, Bo <b@c.example> wrote:\n",
        "From: Ana\nSubject: RE: x\n",
        "发件人：周敏 <z@b.example>\n",
        "-----",
        "--\n",
        "e\u{301}",
        "ก็ดี",
        "😡😡😡😡",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_file_keeps_its_order(text in pieces()) {
        let feedback = Feedback::new("", text);
        let document = prepare(&feedback);
        let clean = document.text.as_str();
        let mut end = 0;
        for turn in &document.turns {
            prop_assert_eq!(turn.range.start, end);
            prop_assert!(clean.get(turn.words..turn.range.end).is_some());
            prop_assert!(turn.words >= turn.range.start);
            prop_assert!(turn.order < document.turns.len().max(1) || feedback.text.is_empty());
            end = turn.range.end;
        }
        prop_assert_eq!(end, clean.len());
        let mut end = 0;
        for segment in &document.segments {
            let span = document.text.original(segment.range.clone());
            prop_assert!(span.start() >= end && !span.is_empty());
            prop_assert!(feedback.text.get(span.range()).is_some());
            end = span.end();
        }
    }
}

#[test]
fn huge_files_are_read_in_linear_time() {
    let units = [
        "[12/03/2026, 09:41:07] Ana: hi\n",
        "12/3/26, 9:41 AM - ",
        "9:41\tAna\t\"hi\n",
        "Ana 2026-03-12 09:41:07\n",
        "00:00:00.303 --> 00:00:03.209\nAna: hi\n",
        "On 1 May 2026 at 9:00\n",
        "From: Ana\n",
        "Subject: Re: x\n",
        "On 1 May 2026 at 9:00, Bo <b@c.example> wrote:\n> hi\n",
        ">",
        "> a\nb\n",
        "Customer: hi\n",
        "Customer: Agent: ",
        "9:41",
    ];
    assert_linear(&units, |text| drop(prepare(&Feedback::new("", text))));
}
