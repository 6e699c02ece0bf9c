//! The record's form: real output against its own schema, by an independent
//! validator, and against the texts that it quotes.

use painpoint::{Error, ErrorKind, Feedback, Field, OutputFormat, Reader, Writer, record_schema};
use serde_json::Value;

use crate::support::{odd_texts, painpoint, records, tiny_analyzer};

/// Records of many texts, with the text of each; the last stand for failures.
fn written(format: OutputFormat, carried: &[String]) -> (Vec<String>, Vec<u8>) {
    let analyzer = tiny_analyzer(0);
    let texts = odd_texts();
    let mut writer = Writer::new(Vec::new(), format, analyzer.model_id(), carried);
    for (index, text) in texts.iter().enumerate() {
        let mut feedback = Feedback::new(format!("r-{index}"), text.as_str());
        feedback.fields = vec![
            (
                "store".to_owned(),
                Field::Text("Lyon \"2\", Est".to_owned()),
            ),
            ("paid".to_owned(), Field::Json("12.50".to_owned())),
            ("id".to_owned(), Field::Json("null".to_owned())),
        ];
        let analysis = analyzer.analyze(&feedback).expect("any text");
        writer
            .write(&feedback, &analysis)
            .expect("memory takes any record");
        if index == 0 {
            writer
                .write_failure(Some(&feedback), &failure())
                .expect("memory takes any record");
        }
    }
    writer
        .write_failure(None, &failure())
        .expect("memory takes any record");
    let out = writer.into_inner().expect("memory takes any record");
    (texts, out)
}

/// An error with a place and a hint: that of a broken row.
fn failure() -> Error {
    let input = std::io::Cursor::new("{\"text\":\"a\"}\n{\"text\":\n");
    let reader = Reader::from_read("rows.jsonl", input, &Default::default()).expect("a source");
    let mut errors = reader.filter_map(Result::err);
    errors.next().expect("a broken row")
}

#[test]
fn records_keep_their_schema() {
    let schema: Value = serde_json::from_str(&record_schema()).expect("a schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema is valid");
    let (_, out) = written(OutputFormat::Jsonl, &[]);
    for record in records(&out) {
        let errors: Vec<_> = validator
            .iter_errors(&record)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}\n{record}");
        // The schema is strict: a stranger is noticed.
        let mut strange = record;
        strange["stranger"] = Value::Null;
        assert!(!validator.is_valid(&strange));
    }
}

#[test]
fn the_tool_prints_the_same_schema() {
    let output = painpoint().arg("schema").output().expect("the tool runs");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        record_schema()
    );
}

#[test]
fn positions_count_code_points_of_the_original() {
    let (texts, out) = written(OutputFormat::Jsonl, &[]);
    let records = records(&out);
    let analyses = records.iter().filter(|record| record["error"].is_null());
    let mut quotes = 0;
    for (record, text) in analyses.zip(texts) {
        let points: Vec<char> = text.chars().collect();
        let position = |value: &Value| value.as_u64().expect("a position") as usize;
        for topic in record["topics"].as_array().expect("a list") {
            for quote in topic["evidence"].as_array().expect("a list") {
                let quoted = &points[position(&quote["start"])..position(&quote["end"])];
                assert_eq!(quoted.iter().collect::<String>(), quote["text"]);
                quotes += 1;
            }
        }
        for segment in record["segments"].as_array().expect("a list") {
            assert!(position(&segment["start"]) < position(&segment["end"]));
            assert!(position(&segment["end"]) <= points.len());
        }
    }
    assert!(quotes > 20);
}

#[test]
fn columns_are_carried_as_they_were() {
    let (_, out) = written(OutputFormat::Jsonl, &[]);
    let text = String::from_utf8(out).expect("records are UTF-8");
    assert!(
        text.lines()
            .next()
            .expect("a record")
            .contains(r#""fields":{"store":"Lyon \"2\", Est","paid":12.50,"id":null}"#)
    );
}

#[test]
fn failures_say_what_where_and_what_to_do() {
    let (_, out) = written(OutputFormat::Jsonl, &[]);
    let records = records(&out);
    let ours = &records[1];
    assert_eq!(ours["id"], "r-0");
    assert_eq!(ours["fields"]["store"], "Lyon \"2\", Est");
    let failure = records.last().expect("a record");
    assert_eq!(failure["id"], "rows.jsonl#2");
    assert_eq!(failure["error"]["file"], "rows.jsonl");
    assert_eq!(failure["error"]["row"], 2);
    assert!(
        failure["error"]["what"]
            .as_str()
            .expect("a text")
            .contains("not valid JSON")
    );
    assert!(failure["error"]["hint"].is_string());
    assert_eq!(self::failure().kind(), ErrorKind::Input);
}

#[test]
fn tables_have_a_row_for_every_record() {
    let carried = ["store", "paid", "id"].map(String::from);
    let (texts, out) = written(OutputFormat::Csv, &carried);
    let mut table = csv::Reader::from_reader(out.as_slice());
    let header = table.headers().expect("a header").clone();
    let column = |name: &str| {
        header
            .iter()
            .position(|column| column == name)
            .expect("a column")
    };
    let rows: Vec<_> = table
        .records()
        .collect::<Result<_, _>>()
        .expect("a sound table");
    assert_eq!(rows.len(), texts.len() + 2);
    assert_eq!(&rows[3][column("id")], "r-2");
    assert_eq!(&rows[3][column("input_id")], "null");
    assert_eq!(&rows[3][column("paid")], "12.50");
    assert_eq!(&rows[3][column("store")], "Lyon \"2\", Est");
    assert!(["negative", "neutral", "positive"].contains(&&rows[3][column("sentiment")]));
    assert!(rows.last().expect("a row")[column("error")].contains("not valid JSON"));
}
