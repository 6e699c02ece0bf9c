//! Public sets, from made-up files in the form that each of them is had in.

use painpoint::evaluate::{Dataset, PublicSet};
use serde_json::{Value, json};

use crate::support::root;

/// Set, file or folder below `tests/fixtures/sets`, and what is true of its rows.
fn cases() -> Vec<(&'static str, &'static str, Value)> {
    let sentiments = |labels: &[&str]| -> Value {
        labels
            .iter()
            .map(|label| json!({ "sentiment": label }))
            .collect()
    };
    let topics = |rows: &[&[(&str, &str)]]| -> Value {
        let topic =
            |(topic, polarity): &(&str, &str)| json!({ "topic": topic, "polarity": polarity });
        let row =
            |row: &&[(&str, &str)]| json!({ "topics": row.iter().map(topic).collect::<Value>() });
        rows.iter().map(row).collect()
    };
    let emotions =
        |rows: &[&[&str]]| -> Value { rows.iter().map(|row| json!({ "emotions": row })).collect() };
    vec![
        (
            "allocine",
            "allocine/test.jsonl",
            sentiments(&["negative", "positive"]),
        ),
        (
            "asap",
            "asap/test.csv",
            json!([
                { "stars": 4.0, "topics": [
                    { "topic": "cleanliness", "polarity": "positive" },
                    { "topic": "food_taste", "polarity": "positive" },
                    { "topic": "waiting_responsiveness", "polarity": "negative" },
                ] },
                { "stars": 2.0, "topics": [
                    { "topic": "price_value", "polarity": "neutral" },
                    { "topic": "staff_attitude", "polarity": "negative" },
                ] },
            ]),
        ),
        (
            "brighter-es",
            "brighter-es/esp.csv",
            emotions(&[&["anger", "disgust"], &["joy", "surprise"], &[]]),
        ),
        (
            "brighter-zh",
            "brighter-zh/chn.csv",
            emotions(&[&["anger"], &["sadness"]]),
        ),
        (
            "chnsenticorp",
            "chnsenticorp/test.tsv",
            sentiments(&["negative", "positive"]),
        ),
        (
            "emoevent-en",
            "emoevent/en.tsv",
            emotions(&[&["sadness"], &[], &["worry"]]),
        ),
        (
            "emoevent-es",
            "emoevent/es.tsv",
            emotions(&[&["joy"], &["anger"]]),
        ),
        (
            "goemotions",
            "goemotions/test.tsv",
            emotions(&[&["frustration"], &["gratitude", "trust"], &[], &[]]),
        ),
        (
            "m-absa-coursera",
            "m-absa/coursera.txt",
            topics(&[&[
                ("staff_attitude", "positive"),
                ("product_quality", "negative"),
            ]]),
        ),
        (
            "m-absa-food",
            "m-absa/food.txt",
            topics(&[&[("food_taste", "negative"), ("delivery_speed", "neutral")]]),
        ),
        (
            "m-absa-hotel",
            "m-absa/hotel.txt",
            topics(&[
                &[
                    ("facilities_amenities", "negative"),
                    ("staff_attitude", "negative"),
                ],
                &[("overall_experience", "positive")],
            ]),
        ),
        (
            "m-absa-laptop",
            "m-absa/laptop.txt",
            topics(&[&[
                ("features_design", "neutral"),
                ("product_quality", "negative"),
            ]]),
        ),
        (
            "m-absa-phone",
            "m-absa/phone.txt",
            topics(&[&[
                ("delivery_speed", "positive"),
                ("product_quality", "positive"),
            ]]),
        ),
        (
            "m-absa-restaurant",
            "m-absa/restaurant.txt",
            topics(&[&[
                ("comfort_environment", "positive"),
                ("portion_variety", "negative"),
            ]]),
        ),
        (
            "semeval16-en",
            "semeval16/en.xml",
            topics(&[
                &[("food_taste", "positive"), ("price_value", "negative")],
                &[],
            ]),
        ),
        (
            "semeval16-es",
            "semeval16/es.xml",
            topics(&[&[
                ("staff_attitude", "positive"),
                ("comfort_environment", "negative"),
            ]]),
        ),
        (
            "semeval16-fr",
            "semeval16/fr.xml",
            topics(&[&[
                ("portion_variety", "neutral"),
                ("food_taste", "positive"),
                ("location_access", "positive"),
            ]]),
        ),
        (
            "truevoice",
            "truevoice/mari_test.csv",
            json!([
                { "act": "question", "topics": [{ "topic": "fees_billing", "polarity": null }] },
                { "act": "complaint", "topics": [{ "topic": "technical_performance", "polarity": null }] },
                { "act": "request", "topics": [] },
            ]),
        ),
        (
            "umsab-en",
            "umsab/en",
            sentiments(&["negative", "neutral", "positive"]),
        ),
        (
            "umsab-es",
            "umsab/es",
            sentiments(&["negative", "neutral", "positive"]),
        ),
        (
            "umsab-fr",
            "umsab/fr/test_text.txt",
            sentiments(&["negative", "neutral", "positive"]),
        ),
        (
            "wisesight",
            "wisesight",
            sentiments(&["negative", "neutral", "positive"]),
        ),
        (
            "wongnai",
            "wongnai/w_review_test.csv",
            json!([{ "stars": 4.0 }, { "stars": 1.0 }]),
        ),
    ]
}

#[test]
fn every_set_is_read_as_it_is_had() {
    let cases = cases();
    let names: Vec<_> = cases.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, PublicSet::names());
    for (name, path, expected) in cases {
        let set = PublicSet::named(name).expect("a set");
        let rows = set.rows(root("tests/fixtures/sets").join(path));
        let rows = rows.unwrap_or_else(|error| panic!("{name}: {error}"));
        let data = Dataset::read(rows, &set.mapping);
        assert!(data.failures.is_empty(), "{name}: {:?}", data.failures);
        let gold = data.rows.iter().map(|row| {
            let gold = serde_json::to_value(&row.gold).expect("labels are JSON");
            let Value::Object(mut gold) = gold else {
                panic!("{name}: {gold}")
            };
            gold.retain(|_, label| !label.is_null());
            Value::Object(gold)
        });
        assert_eq!(gold.collect::<Value>(), expected, "{name}");
        assert!(
            data.rows
                .iter()
                .all(|row| !row.feedback.text.trim().is_empty()),
            "{name}"
        );
    }
}

#[test]
fn the_wrong_file_of_a_set_is_refused_with_the_reason() {
    for (name, path, what) in [
        ("umsab-en", "wisesight", "test_text.txt: cannot be read"),
        (
            "emoevent-es",
            "goemotions/test.tsv",
            "no column \"tweet\"; it has Ugh",
        ),
        ("semeval16-fr", "asap/test.csv", "has no sentences"),
        ("truevoice", "asap/test.csv", "no column \"texts\""),
    ] {
        let set = PublicSet::named(name).expect("a set");
        let rows = set.rows(root("tests/fixtures/sets").join(path));
        let refusal = rows.err().expect(name).to_string();
        assert!(refusal.contains(what), "{name}: {refusal}");
    }
}
