//! Cells of many forms, and what is read in them.

use super::*;
use crate::span::Span;

fn fields(cells: &[(&str, &str)]) -> Vec<(String, Field)> {
    let field = |cell: &str| match cell.strip_prefix("json:") {
        Some(json) => Field::Json(json.to_owned()),
        None => Field::Text(cell.to_owned()),
    };
    let cells = cells.iter();
    cells
        .map(|(name, cell)| ((*name).to_owned(), field(cell)))
        .collect()
}

fn read(cells: &[(&str, &str)], text: &str, toml: &str) -> Labels {
    let mapping = Mapping::from_toml(toml).expect("a mapping");
    Cells::new(&fields(cells), text, &mapping).labels()
}

fn emotions(labels: &Labels) -> Option<Vec<&str>> {
    let emotions = labels.emotions.as_ref()?;
    Some(emotions.iter().map(String::as_str).collect())
}

#[test]
fn columns_are_found_by_name_in_tables_and_json() {
    let cells = [
        ("Sentiment", "Negative"),
        ("stars", "2"),
        ("emotions", "anger; worry"),
        ("topics", "delivery_speed:negative|price_value"),
        ("act", "json:\"complaint\""),
        ("urgency", "p2"),
        ("lang", "zh-TW"),
    ];
    let labels = read(&cells, "", "");
    assert_eq!(labels.sentiment.as_deref(), Some("negative"));
    assert_eq!((labels.mixed, labels.stars), (Some(false), Some(2.0)));
    assert_eq!(emotions(&labels), Some(vec!["anger", "worry"]));
    assert_eq!(labels.urgency.as_deref(), Some("P2"));
    assert_eq!(labels.language.as_deref(), Some("zh-Hant"));
    let found = labels.topics_with_polarity();
    assert!(
        found.contains(&("delivery_speed", Some("negative"))),
        "{found:?}"
    );
    assert!(found.contains(&("price_value", None)), "{found:?}");
}

#[test]
fn a_mixed_text_has_none_of_the_classes() {
    let labels = read(&[("sentiment", "mixed")], "", "");
    assert_eq!((labels.sentiment, labels.mixed), (None, Some(true)));
}

#[test]
fn values_mean_what_the_mapping_says() {
    let toml = "[sentiment]\ncolumn = \"q\"\nvalues = { 0 = \"negative\", 2 = \"positive\" }\nlabels = [\"negative\", \"positive\"]";
    for (cell, label) in [
        ("json:0", Some("negative")),
        ("2", Some("positive")),
        ("positive", Some("positive")),
        ("1", None),
        ("", None),
    ] {
        let labels = read(&[("q", cell)], "", toml);
        assert_eq!(labels.sentiment.as_deref(), label, "{cell:?}");
    }
}

#[test]
fn a_column_for_each_label_is_read() {
    let toml = "[emotions]\nindicators = { fear = \"worry\", joy = \"joy\" }\n\
        [topics]\nindicators = { \"Food#Taste\" = \"food_taste\", Price = \"price_value\" }\nvalues = { -1 = \"negative\", 1 = \"positive\" }";
    let cells = [
        ("fear", "1"),
        ("joy", "json:0"),
        ("Food#Taste", "-1"),
        ("Price", "-2"),
    ];
    let labels = read(&cells, "", toml);
    assert_eq!(emotions(&labels), Some(vec!["worry"]));
    let found: Vec<_> = labels.topics_with_polarity().into_iter().collect();
    assert_eq!(found, [("food_taste", Some("negative"))]);
    assert_eq!(read(&[], "", toml).emotions, None);
}

#[test]
fn what_most_annotators_say_is_the_label() {
    let toml = "[act]\nannotators = [\"a\", \"b\", \"c\"]";
    for (votes, label) in [
        (["praise", "praise", "remark"], Some("praise")),
        (["praise", "remark", ""], None),
        (["", "", "request"], Some("request")),
    ] {
        let cells = [("a", votes[0]), ("b", votes[1]), ("c", votes[2])];
        assert_eq!(read(&cells, "", toml).act.as_deref(), label, "{votes:?}");
    }
}

#[test]
fn evidence_is_found_by_quote_and_by_position() {
    let text = "ส่งช้ามาก 😡 pas de réponse";
    for (evidence, words) in [
        ("\"réponse\"", vec!["réponse"]),
        ("{\"start\":10,\"end\":11}", vec!["😡"]),
        ("[{\"start\":0,\"end\":5},\"pas\"]", vec!["ส่งช้", "pas"]),
        ("\"not there\"", vec![]),
        ("{\"start\":7,\"end\":3}", vec![]),
        ("{\"start\":0,\"end\":900}", vec![]),
    ] {
        let topics = format!(
            "json:[{{\"topic\":\"delivery_speed\",\"polarity\":\"negative\",\"evidence\":{evidence}}}]"
        );
        let labels = read(&[("topics", &topics)], text, "");
        let spans = labels.topics.expect("topics")[0].evidence.clone();
        let found: Vec<_> = spans.into_iter().map(|span| span.of(text)).collect();
        assert_eq!(found, words, "{evidence}");
    }
}

#[test]
fn our_records_are_predictions() {
    let sentiment = r#"json:{"label":"negative","score":-0.7,"probabilities":{"negative":0.8,"neutral":0.1,"positive":0.1},"stars":1.5,"mixed":true}"#;
    let cells = [
        ("sentiment", sentiment),
        ("emotions", r#"json:[{"label":"anger","probability":0.9}]"#),
        ("act", r#"json:{"label":"complaint","probability":0.9}"#),
        ("urgency", r#"json:{"level":"P1","reasons":[]}"#),
        ("segments", r#"json:[{"start":0,"end":2,"score":-0.5}]"#),
    ];
    let (fields, mapping) = (fields(&cells), Mapping::default());
    let told = Cells::new(&fields, "très", &mapping).prediction();
    assert_eq!(told.confidence(), Some(0.8));
    assert_eq!(
        (told.labels.mixed, told.labels.stars),
        (Some(true), Some(1.5))
    );
    assert_eq!(told.labels.act.as_deref(), Some("complaint"));
    assert_eq!(told.labels.urgency.as_deref(), Some("P1"));
    assert_eq!(told.segments, [(Span::new(0, 2), -0.5)]);
}

#[test]
fn nothing_makes_it_panic() {
    for cell in [
        "json:{",
        "[",
        "{\"label\":{}}",
        "json:[[[]]]",
        "json:null",
        ";;|",
        ":",
        "\u{0}",
    ] {
        let cells: Vec<_> = ["sentiment", "emotions", "topics", "stars", "act", "mixed"]
            .map(|name| (name, cell))
            .into();
        read(&cells, "text", "");
    }
}
