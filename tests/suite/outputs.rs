//! What is written: the same records in every format, whole or in part, and the
//! report that is made along with them.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use painpoint::{Analysis, Error, Feedback, Field, OutputFormat, Reader, Writer, record_columns};
use serde_json::{Value, json};

use crate::support::{odd_texts, painpoint, records, root, score, tiny_analyzer};

const CARRIED: [&str; 3] = ["store", "paid", "id"];

fn carried() -> Vec<String> {
    CARRIED.map(String::from).to_vec()
}

/// Texts with what was read out of them, which takes a while.
static ANALYSES: LazyLock<Vec<(Feedback, Analysis)>> = LazyLock::new(|| {
    let analyzer = tiny_analyzer(0);
    let texts = odd_texts();
    // The longest add nothing here.
    let texts = texts.iter().filter(|text| text.len() < 10_000).enumerate();
    let feedback = texts.map(|(index, text)| {
        let mut feedback = Feedback::new(format!("r-{index}"), text.as_str());
        let store = Field::Text("Lyon \"2\", Est".to_owned());
        let json = |json: &str| Field::Json(json.to_owned());
        feedback.fields = vec![
            ("store".to_owned(), store),
            ("paid".to_owned(), json("12.50")),
            ("id".to_owned(), json("null")),
            ("more".to_owned(), json(r#"{"a":[1]}"#)),
        ];
        feedback.context.date = Some("2026-03-02".to_owned());
        feedback.context.nps = Some(7);
        feedback
    });
    let analyze = |feedback| {
        let analysis = analyzer.analyze(&feedback).expect("any text");
        (feedback, analysis)
    };
    feedback.map(analyze).collect()
});

/// Their records and two failures, in `format`.
fn written(format: OutputFormat, columns: &[&str]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), format, "tiny-model-1", &carried());
    if !columns.is_empty() {
        let columns: Vec<_> = columns.iter().map(|&name| name.to_owned()).collect();
        writer = writer.select(&columns).expect("columns that there are");
    }
    for (index, (feedback, analysis)) in ANALYSES.iter().enumerate() {
        writer.write(feedback, analysis).expect("memory");
        if index == 0 {
            let written = writer.write_failure(Some(feedback), &failure());
            written.expect("memory");
        }
    }
    writer.write_failure(None, &failure()).expect("memory");
    writer.into_inner().expect("memory")
}

/// An error with a place and a hint: that of a broken row.
fn failure() -> Error {
    let input = std::io::Cursor::new("{\"text\":\"a\"}\n{\"text\":\n");
    let reader = Reader::from_read("rows.jsonl", input, &Default::default()).expect("a source");
    let mut errors = reader.filter_map(Result::err);
    errors.next().expect("a broken row")
}

/// Formats that this build writes.
fn formats() -> impl Iterator<Item = OutputFormat> {
    let columnar = [OutputFormat::Parquet, OutputFormat::Arrow];
    let formats = OutputFormat::ALL.iter().copied();
    formats.filter(move |format| cfg!(feature = "arrow") || !columnar.contains(format))
}

/// What independent readers find in Parquet and Arrow, as JSON by their writer.
#[cfg(feature = "arrow")]
fn rows(format: OutputFormat, bytes: Vec<u8>) -> Vec<Value> {
    use arrow_json::WriterBuilder;
    use arrow_json::writer::LineDelimited;

    let batches: Vec<_> = match format {
        OutputFormat::Parquet => {
            let bytes = bytes::Bytes::from(bytes);
            let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(bytes, 64);
            let batches: Result<_, _> = reader.expect("a Parquet file").collect();
            batches.expect("sound row groups")
        }
        _ => {
            let reader = arrow_ipc::reader::FileReader::try_new(std::io::Cursor::new(bytes), None);
            let batches: Result<_, _> = reader.expect("an Arrow file").collect();
            batches.expect("sound batches")
        }
    };
    let mut writer = WriterBuilder::new().build::<_, LineDelimited>(Vec::new());
    for batch in &batches {
        writer.write(batch).expect("memory");
    }
    writer.finish().expect("memory");
    records(&writer.into_inner())
}

/// The value without members that are null, which other writers leave out.
#[cfg(feature = "arrow")]
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let known = members.iter().filter(|(_, value)| !value.is_null());
            known
                .map(|(name, value)| (name.clone(), without_nulls(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        value => value.clone(),
    }
}

#[cfg(feature = "arrow")]
#[test]
fn tables_say_what_the_records_say() {
    let expected = records(&written(OutputFormat::Jsonl, &[]));
    for format in [OutputFormat::Parquet, OutputFormat::Arrow] {
        let rows = rows(format, written(format, &[]));
        assert_eq!(rows.len(), expected.len(), "{format}");
        for (row, record) in rows.iter().zip(&expected) {
            for (column, path) in [
                ("id", "/id"),
                ("language", "/language"),
                ("language_confidence", "/language_confidence"),
                ("sentiment", "/sentiment/label"),
                ("score", "/sentiment/score"),
                ("positive", "/sentiment/probabilities/positive"),
                ("mixed", "/sentiment/mixed"),
                ("emotions", "/emotions"),
                ("act_probability", "/act/probability"),
                ("urgency_reasons", "/urgency/reasons"),
                ("topics", "/topics"),
                ("pain_points", "/pain_points"),
                ("segments", "/segments"),
                ("conversation", "/conversation"),
                ("dropped", "/dropped"),
                ("context", "/context"),
                ("flags", "/flags"),
                ("model", "/model"),
                ("store", "/fields/store"),
            ] {
                let value = without_nulls(record.pointer(path).unwrap_or(&Value::Null));
                assert_eq!(row[column], value, "{format}: {column} of {}", record["id"]);
            }
            assert_eq!(row["paid"].is_null(), record["fields"]["paid"].is_null());
            assert_eq!(row["input_id"], Value::Null);
            assert_eq!(row["error"].is_null(), record["error"].is_null());
        }
        let quotes = rows.iter().filter_map(|row| row["quotes"].as_array());
        assert!(quotes.flatten().count() > 20, "{format}");
        let paid = rows[0]["paid"].as_str();
        assert_eq!(paid, Some("12.50"), "{format}");
        let error = rows.last().expect("a row")["error"].as_str();
        assert!(
            error.is_some_and(|error| error.contains("not valid JSON")),
            "{format}"
        );
    }
}

#[test]
fn lines_that_were_written_before_give_the_same_bytes() {
    let lines = written(OutputFormat::Jsonl, &[]);
    for format in formats() {
        let mut writer = Writer::new(Vec::new(), format, "", &carried());
        for line in lines.split_inclusive(|&byte| byte == b'\n') {
            writer.write_record(line).expect("a record");
            assert_eq!(writer.last_record(), line.trim_ascii());
        }
        for line in [&b"no record"[..], b"", b"[]", b"\xff"] {
            assert!(writer.write_record(line).is_err(), "{format}");
        }
        let again = writer.into_inner().expect("memory");
        assert!(again == written(format, &[]), "{format}");
    }
}

#[test]
fn lines_can_be_gone_on_with() {
    for format in [OutputFormat::Jsonl, OutputFormat::Csv] {
        let lines = written(OutputFormat::Jsonl, &[]);
        let lines: Vec<_> = lines.split_inclusive(|&byte| byte == b'\n').collect();
        let (first, second) = lines.split_at(5);
        let mut writer = Writer::new(Vec::new(), format, "", &carried());
        for line in first {
            writer.write_record(line).expect("a record");
        }
        let out = writer.into_inner().expect("memory");
        let mut writer = Writer::new(out, format, "", &carried()).resume();
        for line in second {
            writer.write_record(line).expect("a record");
        }
        let out = writer.into_inner().expect("memory");
        assert!(out == written(format, &[]), "{format}");
    }
}

#[test]
fn no_rows_make_a_sound_file() {
    for format in formats() {
        let writer = Writer::new(Vec::new(), format, "m", &carried());
        let bytes = writer.into_inner().expect("memory");
        match format {
            OutputFormat::Jsonl => assert!(bytes.is_empty()),
            OutputFormat::Csv => assert!(bytes.starts_with(b"id,error,language,")),
            #[cfg(feature = "arrow")]
            format => assert!(rows(format, bytes).is_empty()),
            #[cfg(not(feature = "arrow"))]
            _ => {}
        }
    }
}

/// More records than fit into a batch: row groups end at the same ones whoever
/// writes them.
#[cfg(feature = "arrow")]
#[test]
fn long_files_have_row_groups_of_bounded_size() {
    let line = |id: usize| format!(r#"{{"id":"{id}","sentiment":null,"topics":[]}}"#);
    let write = |flush_every: usize| {
        let mut writer = Writer::new(Vec::new(), OutputFormat::Parquet, "m", &[]);
        writer = writer
            .select(&["id".to_owned(), "topics".to_owned()])
            .expect("columns");
        for id in 0..40_000 {
            writer.write_record(line(id).as_bytes()).expect("a record");
            if id % flush_every == 0 {
                writer.flush().expect("memory");
            }
        }
        writer.into_inner().expect("memory")
    };
    let bytes = write(1000);
    assert!(bytes == write(7777));
    let reader =
        parquet::file::reader::SerializedFileReader::new(bytes::Bytes::from(bytes.clone()));
    let reader = reader.expect("a Parquet file");
    let metadata = parquet::file::reader::FileReader::metadata(&reader);
    assert_eq!(metadata.num_row_groups(), 2);
    let writer = metadata.file_metadata().created_by();
    assert!(writer.is_some_and(|name| name.starts_with("painpoint ")));
    let rows = rows(OutputFormat::Parquet, bytes);
    assert!(
        rows.iter()
            .enumerate()
            .all(|(id, row)| row["id"].as_str().is_some_and(|it| it.parse() == Ok(id)))
    );
}

#[test]
fn chosen_columns_are_the_only_ones() {
    let chosen = ["score", "id", "quotes", "paid", "input_id", "id"];
    let whole = records(&written(OutputFormat::Jsonl, &[]));
    let pruned = records(&written(OutputFormat::Jsonl, &chosen));
    assert_eq!(pruned.len(), whole.len());
    for (pruned, whole) in pruned.iter().zip(&whole) {
        let mut expected = json!({ "schema": 1, "id": whole["id"] });
        let mut fields = json!({ "paid": 12.5, "id": null });
        if whole["error"].is_null() {
            expected["sentiment"] = match &whole["sentiment"] {
                Value::Null => Value::Null,
                sentiment => json!({ "score": sentiment["score"] }),
            };
            expected["pain_points"] = whole["pain_points"].clone();
        } else {
            expected["error"] = whole["error"].clone();
            if whole["fields"] == json!({}) {
                fields = json!({});
            }
        }
        expected["fields"] = fields;
        assert_eq!(*pruned, expected);
    }
    let fields = records(&written(OutputFormat::Jsonl, &["fields"]));
    assert_eq!(
        fields[0],
        json!({ "schema": 1, "fields": whole[0]["fields"] })
    );
    let table = written(OutputFormat::Csv, &chosen);
    let mut table = csv::Reader::from_reader(table.as_slice());
    let header: Vec<_> = table
        .headers()
        .expect("a header")
        .iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(header, ["score", "id", "quotes", "paid", "input_id"]);
    assert_eq!(table.records().count(), whole.len());
    #[cfg(feature = "arrow")]
    for format in [OutputFormat::Parquet, OutputFormat::Arrow] {
        let rows = rows(format, written(format, &chosen));
        let columns: Vec<_> = rows[5].as_object().expect("a row").keys().collect();
        assert_eq!(columns, ["score", "id", "quotes", "paid"], "{format}");
    }
}

#[test]
fn everything_that_is_listed_can_be_chosen() {
    let columns = record_columns();
    let names: Vec<_> = columns
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    for format in formats() {
        let bytes = written(format, &names);
        assert!(!bytes.is_empty());
        if format == OutputFormat::Csv {
            let mut table = csv::Reader::from_reader(bytes.as_slice());
            let segments = names
                .iter()
                .position(|&name| name == "segments")
                .expect("listed");
            let row = table.records().nth(7).expect("a row").expect("a sound row");
            let value: Value = serde_json::from_str(&row[segments]).expect("JSON");
            assert!(value.is_array());
        }
    }
    let writer = Writer::new(Vec::new(), OutputFormat::Csv, "m", &[]);
    let Err(error) = writer.select(&["sentimant".to_owned()]) else {
        panic!("there is no such column")
    };
    assert!(error.to_string().contains("sentiment"), "{error}");
}

#[test]
fn columns_are_listed_by_the_tool() {
    let output = painpoint()
        .args(["schema", "--columns"])
        .output()
        .expect("the tool runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), record_columns());
}

/// Runs `score` on a sample into a file: its bytes, exit code and stderr.
fn run(folder: &Path, name: &str, arguments: &[&str]) -> (Vec<u8>, Option<i32>, String) {
    let path = folder.join(name);
    let output = score()
        .arg(root("data/samples/app_survey.tsv"))
        .arg("--output")
        .arg(&path)
        .args(arguments)
        .output()
        .expect("the tool runs");
    (
        fs::read(&path).unwrap_or_default(),
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[cfg(feature = "arrow")]
#[test]
fn the_ending_tells_the_format_and_threads_change_nothing() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (name, magic) in [("a.parquet", &b"PAR1"[..]), ("a.arrow", b"ARROW1")] {
        let (bytes, code, stderr) = run(dir.path(), name, &["--threads", "1", "--batch", "1"]);
        assert_eq!(code, Some(0), "{stderr}");
        assert!(bytes.starts_with(magic));
        for arguments in [
            ["--threads", "2", "--batch", "7"],
            ["--threads", "2", "--batch", "256"],
        ] {
            assert!(
                run(dir.path(), name, &arguments).0 == bytes,
                "{name} {arguments:?}"
            );
        }
        let ending = name.split('.').next_back().expect("an ending");
        let told = run(dir.path(), "b.out", &["--output-format", ending]).0;
        assert!(told == bytes, "{name}");
        // What we write, we read.
        let options = painpoint::ReadOptions {
            text: vec!["quotes".to_owned()],
            ..Default::default()
        };
        let reader = Reader::open(dir.path().join(name), &options).expect("our own");
        assert_eq!(reader.count(), 24);
    }
}

#[test]
fn rows_that_were_not_asked_for_are_counted() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let input = dir.path().join("in.jsonl");
    let mut rows = fs::read_to_string(root("data/samples/complaints.jsonl")).expect("a sample");
    rows.push_str("\n{\"text\":\n{\"text\":\"!!!\"}\n");
    fs::write(&input, rows).expect("a writable folder");
    let run = |arguments: &[&str]| {
        let output = score()
            .arg(&input)
            .args(arguments)
            .output()
            .expect("the tool runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{stderr}");
        (records(&output.stdout), stderr)
    };
    let (all, stderr) = run(&[]);
    assert!(!stderr.contains("left out"), "{stderr}");
    let is_failure = |record: &Value| !record["error"].is_null();
    let tone = |record: &Value| {
        record["sentiment"]["label"]
            .as_str()
            .unwrap_or("")
            .to_owned()
    };
    let likelihood = |record: &Value| {
        let probability = &record["sentiment"]["probabilities"][tone(record)];
        probability.as_f64().unwrap_or(0.0)
    };
    let level = |record: &Value| record["urgency"]["level"].as_str().unwrap_or("").to_owned();
    type Keeps<'a> = &'a dyn Fn(&Value) -> bool;
    let cases: [(&[&str], Keeps<'_>); 5] = [
        (&["--only", "negative"], &|record| {
            tone(record) == "negative"
        }),
        (&["--only", "negative,positive"], &|record| {
            ["negative", "positive"].contains(&tone(record).as_str())
        }),
        (&["--only", "neutral", "--only", "P3,p4"], &|record| {
            tone(record) == "neutral" && ["P3", "P4"].contains(&level(record).as_str())
        }),
        (&["--only", "pain"], &|record| {
            record["pain_points"] != json!([])
        }),
        (&["--min-confidence", "0.4"], &|record| {
            likelihood(record) >= 0.4
        }),
    ];
    for (arguments, keeps) in cases {
        let (kept, stderr) = run(arguments);
        let expected: Vec<_> = all
            .iter()
            .filter(|it| is_failure(it) || keeps(it))
            .cloned()
            .collect();
        assert_eq!(kept, expected, "{arguments:?}");
        let left_out = all.len() - kept.len();
        let said = format!(
            "written: {}; left out by --only or --min-confidence: {left_out}",
            kept.len()
        );
        assert!(stderr.contains(&said), "{arguments:?}: {stderr}");
        assert!(kept.iter().any(is_failure));
    }
}

#[test]
fn a_report_along_is_the_report_of_the_records() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| dir.path().join(name).display().to_string();
    for (arguments, settings) in [
        (
            &["--redact"][..],
            &["--group-by", "channel", "--period", "month"][..],
        ),
        (&["--only", "negative,neutral"], &[]),
        (&[], &["--since", "2026-03-01"]),
    ] {
        for ending in ["html", "txt"] {
            let (along, after) = (
                path(&format!("along.{ending}")),
                path(&format!("after.{ending}")),
            );
            let mut all = vec!["--report", &along, "--report-language", "fr"];
            all.extend(arguments.iter().chain(settings));
            let (_, code, stderr) = run(dir.path(), "out.jsonl", &all);
            assert_eq!(code, Some(0), "{stderr}");
            let mut report = painpoint();
            report.arg("report").arg(path("out.jsonl")).args(settings);
            report.args(["--language", "fr", "--output", &after]);
            assert!(report.output().expect("the tool runs").status.success());
            let read = |path| fs::read_to_string(path).expect("a report");
            assert!(read(along) == read(after), "{arguments:?} {ending}");
        }
    }
}

#[test]
fn alerts_and_mistakes_along_with_scores_set_the_exit_code() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let run = |arguments: &[&str]| run(dir.path(), "out.jsonl", arguments);
    let (_, code, stderr) = run(&["--fail-on", "pain>=0"]);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("pain>=0"), "{stderr}");
    assert_eq!(run(&["--fail-on", "pain>100"]).1, Some(0));
    for mistake in [
        &["--group-by", "channel"][..],
        &["--report-language", "fr"],
        &["--report", "r.html", "--since", "May"],
        &["--only", "bad"],
        &["--min-confidence", "60"],
        &["--select", "sentimant"],
    ] {
        let (_, code, stderr) = run(mistake);
        assert_eq!(code, Some(2), "{mistake:?}: {stderr}");
    }
}
