use super::*;
use crate::label::Urgency;

/// A record, short enough to read.
fn record(id: usize, tone: &str, topic: &str, severity: Option<f64>, context: &str) -> String {
    let score = match tone {
        "negative" => -0.9,
        "positive" => 0.9,
        _ => 0.0,
    };
    let quote = format!(r#"[{{"start":0,"end":4,"text":"quote {id} ช้า 😡"}}]"#);
    let pain = severity.map_or(String::new(), |severity| {
        format!(
            r#"{{"topic":"{topic}","severity":{severity},"kind":"functional","stage":"delivery","evidence":{quote}}}"#
        )
    });
    format!(
        r#"{{"schema":1,"id":"r{id}","language":"fr","kind":"review","sentiment":{{"label":"{tone}","score":{score},"mixed":false}},"emotions":[{{"label":"anger","probability":0.8}}],"act":{{"label":"complaint","probability":0.9}},"urgency":{{"level":"P2","reasons":["repeated contact"]}},"topics":[{{"topic":"{topic}","polarity":"{tone}","probability":0.9,"evidence":{quote}}}],"pain_points":[{pain}],"segments":[],"flags":[],"context":{context},"fields":{{"store":"Lyon","stars":"4","answer":9}},"model":"m"}}"#
    )
}

fn gather(records: &[String], columns: &InputColumns) -> Aggregates {
    let mut aggregates = Aggregates::new(columns.clone());
    for record in records {
        aggregates.add_record(record.as_bytes()).expect("a record");
    }
    aggregates
}

fn many() -> Vec<String> {
    (0..600)
        .map(|id| {
            let tone = ["negative", "neutral", "positive"][id % 3];
            let topic = ["delivery_speed", "staff_attitude", "own_topic"][id % 7 % 3];
            let severity = (id % 3 == 0).then_some((id % 10) as f64 / 10.0);
            let context = format!(
                r#"{{"date":"2026-0{}-{:02}T10:00:00","customer":"c{}","channel":"app {}","rating":{{"value":{},"lowest":1,"highest":5}},"nps":{}}}"#,
                1 + id % 6,
                1 + id % 28,
                id % 400,
                id % 5,
                1 + id % 5,
                id % 11
            );
            record(id, tone, topic, severity, &context)
        })
        .collect()
}

#[test]
fn any_order_and_any_shards_give_the_same_bytes() {
    let columns = InputColumns {
        group_by: vec!["store".to_owned()],
        ..InputColumns::default()
    };
    let records = many();
    let whole = gather(&records, &columns).to_json();
    let mut backwards = records.clone();
    backwards.reverse();
    assert_eq!(gather(&backwards, &columns).to_json(), whole);
    for shards in [2, 7, 50] {
        let mut merged = Aggregates::new(columns.clone());
        for shard in backwards.chunks(backwards.len() / shards) {
            let shard = gather(shard, &columns).to_json();
            let shard = Aggregates::from_json(shard.as_bytes()).expect("its own form");
            merged.merge(shard).expect("the same columns");
        }
        assert_eq!(merged.to_json(), whole, "{shards} shards");
    }
}

#[test]
fn counts_are_those_of_the_records() {
    let context = r#"{"date":"2026-03-02","nps":3,"csat":{"value":5,"lowest":1,"highest":5},"ces":{"value":7,"lowest":1,"highest":7},"rating":{"value":5,"lowest":1,"highest":5},"customer":"c1"}"#;
    let records = [
        record(1, "negative", "delivery_speed", Some(0.5), context),
        record(2, "positive", "delivery_speed", None, "{}"),
        record(3, "negative", "delivery_speed", Some(0.7), "{}"),
        r#"{"schema":1,"id":"x","error":{"what":"bad row"},"fields":{},"model":"m"}"#.to_owned(),
        r#"{"schema":1,"id":"y","sentiment":null,"flags":["empty"],"fields":{},"model":"m"}"#
            .to_owned(),
        record(4, "negative", "delivery_speed", None, "{}")
            .replace(r#""flags""#, r#""duplicate_of":"r3","flags""#),
    ];
    let aggregates = gather(&records, &InputColumns::default());
    assert_eq!(aggregates.records, 6);
    assert_eq!(aggregates.failures, 1);
    assert_eq!(aggregates.left_out["empty"], 1);
    assert_eq!(aggregates.left_out["duplicate"], 1);
    let all = &aggregates.all;
    assert_eq!(all.records, 3);
    assert_eq!(all.sentiment(Polarity::Negative), Rate::new(2, 3));
    assert_eq!(all.urgency(Urgency::P2).count, 3);
    assert_eq!(all.rate(&all.emotions, "anger").count, 3);
    let mean = |measure| all.measures[&measure].mean();
    assert_eq!(mean(Measure::Nps), Some(-100.0));
    assert_eq!(mean(Measure::Csat), Some(100.0));
    assert_eq!(mean(Measure::Ces), Some(7.0));
    assert_eq!(mean(Measure::Rating), Some(5.0));
    let topic = &aggregates.topics["delivery_speed"];
    assert_eq!((topic.mentions.negative, topic.mentions.pain), (2, 2));
    assert_eq!(topic.severity.mean(), Some(0.6));
    assert_eq!(topic.stages["delivery"], 3);
    let group = &aggregates.groups["order"];
    assert_eq!((group.tally.records, group.pain.records), (3, 2));
    assert_eq!(aggregates.stages["delivery"].mentions, topic.mentions);
    assert_eq!(topic.customers.count(), 1);
    assert_eq!(aggregates.days.sorted()["2026-03-02"].tally.records, 1);
    assert_eq!(aggregates.cuts["language"].sorted()["fr"].tally.records, 3);
    assert_eq!(aggregates.contradictions.offered(), 1);
    let worst = aggregates.call_backs.kept().next().expect("two of them");
    assert_eq!(worst.quote.id, "r3");
    assert_eq!(worst.reasons, ["repeated contact"]);
}

#[test]
fn named_columns_are_read() {
    let columns = InputColumns {
        rating: Some(ScaleColumn::new("stars", 1.0, 5.0).expect("a scale")),
        nps: Some(ScaleColumn::new("answer", 0.0, 10.0).expect("a scale")),
        group_by: vec!["store".to_owned(), "nothing".to_owned()],
        ..InputColumns::default()
    };
    let aggregates = gather(&[record(1, "neutral", "payment", None, "{}")], &columns);
    assert_eq!(aggregates.all.measures[&Measure::Rating].mean(), Some(4.0));
    assert_eq!(aggregates.all.measures[&Measure::Nps].mean(), Some(100.0));
    assert_eq!(aggregates.cuts["store"].sorted()["Lyon"].tally.records, 1);
    assert!(!aggregates.cuts.contains_key("nothing"));
    let mut other = Aggregates::new(InputColumns::default());
    assert!(other.merge(aggregates).is_err());
    assert!(ScaleColumn::new("x", 5.0, 1.0).is_err());
}

#[test]
fn dates_and_amounts_are_read_as_they_are_written() {
    let with = |fields: &str| {
        let record = record(1, "negative", "payment", Some(0.5), "{}");
        record.replace(r#""store":"Lyon""#, fields)
    };
    let records = [
        with(r#""when":"03/02/2026","cost":"1.299,50 €","views":"1.2万""#),
        with(r#""when":"3 févr. 2026","cost":12,"views":"n/a""#),
        with(r#""when":"3 ก.พ. 2569","cost":"-0.5","views":null"#),
        with(r#""when":"someday","cost":"","views":[7]"#),
    ];
    let columns = |order| InputColumns {
        date: Some(DateColumn {
            name: "when".to_owned(),
            order,
        }),
        value: Some("cost".to_owned()),
        reach: Some("views".to_owned()),
        ..InputColumns::default()
    };
    let aggregates = gather(&records, &columns(DateOrder::Day));
    let days = aggregates.days.sorted();
    assert_eq!(days.len(), 1, "{:?}", days.keys());
    assert_eq!(days["2026-02-03"].tally.records, 3);
    let sums = |tally: &Tally| [Amount::Value, Amount::Reach].map(|it| tally.amounts[&it].sum());
    assert_eq!(sums(&aggregates.all), [1311.0, 12_000.0]);
    assert_eq!(sums(&aggregates.topics["payment"].pain), [1311.0, 12_000.0]);
    assert_eq!(aggregates.negative_amounts[&Amount::Value].count, 3);
    let month = gather(&records[..1], &columns(DateOrder::Month));
    assert!(month.days.sorted().contains_key("2026-03-02"));
}

#[test]
fn evidence_without_words_is_no_quote() {
    for (text, kept) in [
        ("\\\"\\\"", ""),
        ("...", ""),
        ("😡", "😡"),
        ("“ ไม่ดี ”", "“ ไม่ดี ”"),
    ] {
        let record = record(1, "negative", "payment", Some(0.5), "{}");
        let record = record.replace("quote 1 ช้า 😡", text);
        let aggregates = gather(&[record], &InputColumns::default());
        let call_back = aggregates.call_backs.kept().next().expect("one");
        assert_eq!(call_back.quote.text, kept);
    }
}

#[test]
fn nps_counts_promoters_and_detractors() {
    for (answer, value) in [
        (0, -100.0),
        (6, -100.0),
        (7, 0.0),
        (8, 0.0),
        (9, 100.0),
        (10, 100.0),
    ] {
        assert_eq!(
            Measure::Nps.value(f64::from(answer) / 10.0),
            value,
            "{answer}"
        );
    }
}

#[test]
fn anything_else_is_refused_or_counted() {
    let mut aggregates = Aggregates::new(InputColumns::default());
    for line in ["", "not JSON", "[]", "7", r#"{"topics":7}"#, "\u{0}"] {
        assert!(aggregates.add_record(line.as_bytes()).is_err(), "{line}");
    }
    assert!(aggregates.add_record(b"\xff\xfe").is_err());
    assert_eq!(aggregates.records, 0);
    aggregates.add_record(b"{}").expect("an empty record");
    assert_eq!(aggregates.left_out["empty"], 1);
    assert!(Aggregates::from_json(b"{}").is_err());
    let newer = aggregates
        .to_json()
        .replacen("\"version\":1", "\"version\":9", 1);
    let error = Aggregates::from_json(newer.as_bytes()).expect_err("a newer form");
    assert!(error.to_string().contains("version 9"), "{error}");
}
