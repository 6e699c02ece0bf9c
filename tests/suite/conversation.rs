//! How conversations went, against the hand-made set of
//! `data/reading/conversations`.

use painpoint::{Feedback, Speaker};

use crate::support::tiny_analyzer;

const CALL: &str = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v Ana>My parcel is late</v>\n\n\
    00:00:03.000 --> 00:00:05.000\n<v Ana>again!</v>\n\n00:00:06.000 --> 00:00:07.000\n\
    <v Help Desk>Let me check that for you.</v>\n\n00:00:08.000 --> 00:00:09.000\n\
    <v Ana>This is the third time I called.</v>\n";

#[test]
fn an_export_is_read_as_a_conversation() {
    let analyses = tiny_analyzer(1).analyze_batch(&[Feedback::new("", CALL)]);
    let analysis = analyses[0].as_ref().expect("any text");
    let said: Vec<_> = analysis
        .segments
        .iter()
        .map(|segment| (segment.span.of(CALL), segment.speaker))
        .collect();
    let customer = Some(Speaker::Customer);
    let cut = "Ana>My parcel is late</v>\n\n00:00:03.000 --> 00:00:05.000\n<v Ana>again!";
    assert_eq!(
        said,
        [
            (cut, customer),
            ("Help Desk>Let me check that for you.", Some(Speaker::Agent)),
            ("Ana>This is the third time I called.", customer),
        ]
    );
    let conversation = analysis.conversation.expect("a conversation");
    assert_eq!((conversation.turns, conversation.customer_turns), (3, 2));
    assert!(conversation.repeated_contact);
    let worst = conversation.worst.span.of(CALL);
    assert!(worst.starts_with("Ana>"), "{worst}");
    for pain in &analysis.pain_points {
        for span in &pain.evidence {
            assert!(!span.of(CALL).contains("check"), "agents have no pain");
        }
    }
}

#[test]
fn what_is_no_conversation_has_no_course() {
    for text in [
        "",
        "The room was small.",
        "Service: bad\nFood: cold",
        "Agent: hello?",
    ] {
        let analyses = tiny_analyzer(1).analyze_batch(&[Feedback::new("", text)]);
        let analysis = analyses[0].as_ref().expect("any text");
        assert!(analysis.conversation.is_none(), "{text:?}");
    }
}

#[cfg(feature = "bundled-model")]
mod measured {
    use painpoint::Conversation;
    use serde_json::Value;

    use crate::support::{analyses, lines, say};

    /// Something the set says of a conversation, and its floor: about three
    /// points below what was measured.
    struct Measure {
        name: &'static str,
        holds: fn(&Value, &Conversation, &str) -> bool,
        floor: f64,
    }

    const MEASURES: [Measure; 6] = [
        Measure {
            name: "start",
            holds: |row, said, _| row["start"] == said.start.polarity.code(),
            floor: 0.67,
        },
        Measure {
            name: "end",
            holds: |row, said, _| row["end"] == said.end.polarity.code(),
            floor: 0.63,
        },
        Measure {
            name: "worst",
            holds: near_the_worst,
            floor: 0.55,
        },
        Measure {
            name: "resolved",
            holds: |row, said, _| row["resolved"].as_bool() == said.resolved,
            floor: 0.77,
        },
        Measure {
            name: "repeated contact",
            holds: |row, said, _| row["repeated_contact"] == said.repeated_contact,
            floor: 0.95,
        },
        Measure {
            name: "effort",
            holds: |row, said, _| row["effort"] == said.effort.code(),
            floor: 0.74,
        },
    ];

    /// Whether our worst turn is theirs, or the customer's before or after it.
    fn near_the_worst(row: &Value, said: &Conversation, file: &str) -> bool {
        let dense = |text: &str| text.split_whitespace().collect::<String>();
        let ours = dense(said.worst.span.of(file));
        let turns = row["turns"].as_array().expect("turns");
        let customers: Vec<_> = (0..turns.len())
            .filter(|&turn| turns[turn]["role"] == "customer")
            .collect();
        let worst = row["worst"].as_u64().expect("a turn") as usize;
        let place = customers.iter().position(|&turn| turn == worst);
        let place = place.expect("a turn of the customer");
        let near = &customers[place.saturating_sub(1)..customers.len().min(place + 2)];
        near.iter().any(|&turn| {
            // Times of cues may stand within a turn: its first line is enough.
            let words = turns[turn]["text"].as_str().expect("a text");
            let first: String = dense(words).chars().take(12).collect();
            ours.contains(&first)
        })
    }

    #[test]
    #[cfg_attr(
        debug_assertions,
        ignore = "minutes without optimisation; run with --release"
    )]
    fn the_course_of_conversations_stays_above_its_floors() {
        let languages = ["en", "fr", "es", "th", "zh-Hans", "zh-Hant"];
        let rows: Vec<Value> = languages
            .iter()
            .flat_map(|language| lines(&format!("data/reading/conversations/{language}.jsonl")))
            .collect();
        let files: Vec<_> = rows
            .iter()
            .map(|row| row["file"].as_str().expect("a text"))
            .collect();
        let analyses = analyses(files.iter().copied());
        for Measure { name, holds, floor } in MEASURES {
            let right = rows.iter().zip(&files).zip(&analyses);
            let right = right.filter(|((row, file), analysis)| {
                let said = analysis.conversation.as_ref();
                said.is_some_and(|said| holds(row, said, file))
            });
            let share = right.count() as f64 / rows.len() as f64;
            say(format_args!("conversations, {name}: {share:.3}"));
            assert!(share >= floor, "{name}: {share:.3}");
        }
    }
}
