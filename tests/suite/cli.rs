//! The tool as its users meet it: exit codes, what goes where, wrong input.
//! With the tiny model, as none of this depends on what the model says.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{painpoint, records, root, score};

/// A file of that name and content, in a folder that goes with it.
fn file(name: &str, content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join(name);
    fs::write(&path, content).expect("a writable folder");
    (dir, path)
}

/// Runs `score` on a file: exit code, records, stderr.
fn run(path: &Path, arguments: &[&str]) -> (i32, Vec<Value>, String) {
    let output = score()
        .arg(path)
        .args(arguments)
        .output()
        .expect("the tool runs");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    (
        output.status.code().expect("an exit code"),
        records(&output.stdout),
        stderr,
    )
}

#[test]
fn a_csv_is_scored_without_flags() {
    let (code, records, stderr) = run(&root("data/samples/hotel_reviews.csv"), &[]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(records.len(), 42);
    assert_eq!(records[0]["id"], "H-1001");
    assert_eq!(records[0]["model"], "tiny-model-1");
    assert!(records[0]["fields"]["rating"].is_string());
    assert!(stderr.contains("text from \"review\"") && stderr.contains("id from \"review_id\""));
    assert!(stderr.contains("42 rows"));
}

#[test]
fn quiet_says_nothing() {
    let (code, records, stderr) = run(&root("data/samples/app_survey.tsv"), &["--quiet"]);
    assert_eq!((code, records.len(), stderr.as_str()), (0, 24, ""));
}

#[test]
fn a_folder_stands_for_its_files() {
    let (code, records, _) = run(&root("data/samples"), &[]);
    assert_eq!((code, records.len()), (0, 42 + 36 + 24 + 6));
    let transcripts = records
        .iter()
        .filter(|record| record["kind"] == "transcript");
    assert_eq!(transcripts.count(), 6);
}

#[test]
fn a_pattern_stands_for_the_files_that_it_fits() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let inner = dir.path().join("2026/march");
    fs::create_dir_all(&inner).expect("a writable folder");
    for (folder, name) in [
        (&inner, "b.csv"),
        (&inner, "c.txt"),
        (&dir.path().to_owned(), "a.csv"),
    ] {
        fs::write(folder.join(name), format!("text\n{name} was late\n")).expect("writable");
    }
    let named = inner.join("b.csv");
    let output = score()
        .args([&named, &dir.path().join("**/*.csv")])
        .output()
        .expect("the tool runs");
    let records = records(&output.stdout);
    let ids: Vec<_> = records.iter().map(|record| &record["id"]).collect();
    assert_eq!(ids, ["b.csv#1", "a.csv#1"]);
    let (code, _, stderr) = run(&dir.path().join("*.xlsx"), &[]);
    assert_eq!(code, 4);
    assert!(
        stderr.contains("*.xlsx: no file fits this pattern"),
        "{stderr}"
    );
}

#[test]
fn several_inputs_come_out_in_their_order() {
    let (_dir, first) = file("b.txt", "slow\nrude\n");
    let (_dir2, second) = file("a.jsonl", "{\"text\":\"dirty\"}\n\"bare string\"\n");
    let output = score()
        .args([&first, &second])
        .output()
        .expect("the tool runs");
    let ids: Vec<_> = records(&output.stdout)
        .iter()
        .map(|record| record["id"].to_string())
        .collect();
    assert_eq!(
        ids,
        [
            "\"b.txt#1\"",
            "\"b.txt#2\"",
            "\"a.jsonl#1\"",
            "\"a.jsonl#2\""
        ]
    );
}

#[test]
fn stdin_is_read_and_named_columns_are_used() {
    let rows = "n,what,lang\n7,muy lento,es\n8,trop lent,fr\n";
    let output = score()
        .args([
            "-",
            "--text",
            "what",
            "--id",
            "n",
            "--language-column",
            "lang",
        ])
        .write_stdin(rows)
        .output()
        .expect("the tool runs");
    let records = records(&output.stdout);
    assert_eq!(
        (&records[0]["id"], &records[0]["language"]),
        (&"7".into(), &"es".into())
    );
    assert_eq!(
        (&records[1]["id"], &records[1]["language"]),
        (&"8".into(), &"fr".into())
    );
}

#[test]
fn a_language_column_can_be_overruled() {
    let (_dir, path) = file(
        "a.csv",
        "review,language\nLivraison en retard et colis abîmé,es\n",
    );
    for (arguments, language) in [
        (&[][..], "es"),
        (&["--detect-language"], "fr"),
        (&["--language", "th"], "th"),
    ] {
        let (_, records, _) = run(&path, arguments);
        assert_eq!(records[0]["language"], language);
    }
}

#[test]
fn a_live_pipe_is_answered_row_by_row() {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("painpoint"))
        .args(["score", "--quiet", "--input-format", "jsonl", "--model"])
        .arg(root("tests/fixtures/tiny-model"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the tool runs");
    let mut rows = child.stdin.take().expect("a pipe");
    let mut answers = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    for text in ["first", "second"] {
        writeln!(rows, "{{\"id\":\"{text}\",\"text\":\"{text}\"}}").expect("the tool reads");
        rows.flush().expect("the tool reads");
        // Hangs if the tool waits for more rows before it answers.
        let answer = answers.next().expect("an answer").expect("UTF-8");
        assert!(answer.contains(&format!("\"id\":\"{text}\"")));
    }
    drop(rows);
    assert!(child.wait().expect("an end").success());
}

#[test]
fn repetitions_are_flagged_alike_whatever_the_batch() {
    let mut rows = String::from("id,review\n");
    for number in 0..40 {
        rows.push_str(&format!(
            "{number},The parcel of shop {} came late and the box was open\n",
            number % 3
        ));
    }
    rows.push_str("a,Good\nb,Good\nc,The PARCEL of shop 1 came late; and the box was open!\n");
    let run = |batch: &str| {
        let mut command = score();
        command.args(["-", "--quiet", "--batch", batch]);
        let output = command.write_stdin(rows.as_str()).output();
        output.expect("the tool runs").stdout
    };
    let expected = run("1");
    assert!(run("7") == expected && run("256") == expected);
    let records = records(&expected);
    let flags = |row: usize| records[row]["flags"].to_string();
    assert_eq!(records[0]["duplicate_of"], Value::Null);
    assert_eq!(records[3]["duplicate_of"], "0");
    assert!(flags(3).contains("\"duplicate\""));
    assert_eq!(records[41]["duplicate_of"], Value::Null);
    let last = records.last().expect("a record");
    assert!(last["flags"].to_string().contains("\"duplicate\""));
}

#[test]
fn the_engine_is_int8_unless_another_is_named() {
    let path = root("data/samples/complaints.jsonl");
    let [plain, int8, float] = [&[][..], &["--engine", "int8"], &["--engine", "f32"]]
        .map(|arguments| run(&path, arguments).1);
    assert_eq!(plain, int8);
    // Close, and not the same.
    assert_ne!(int8, float);
    let score = |record: &Value| record["sentiment"]["score"].as_f64().expect("a score");
    for (int8, float) in int8.iter().zip(&float) {
        assert!((score(int8) - score(float)).abs() < 0.05, "{int8} {float}");
    }
}

#[test]
fn a_file_appears_whole_or_not_at_all() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let out = dir.path().join("records.csv");
    let status = score()
        .arg(root("data/samples/app_survey.tsv"))
        .arg("--output")
        .arg(&out)
        .output()
        .expect("the tool runs")
        .status;
    assert!(status.success());
    let table = fs::read_to_string(&out).expect("the output");
    assert!(table.starts_with("id,error,language,"));
    assert_eq!(
        csv::Reader::from_reader(table.as_bytes()).records().count(),
        24
    );

    // A run that fails leaves what was there, and nothing beside it.
    let (_input, empty) = file("empty.csv", "");
    let output = score()
        .arg(empty)
        .arg("--output")
        .arg(&out)
        .output()
        .expect("the tool runs");
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(fs::read_to_string(&out).expect("the output"), table);
    assert_eq!(fs::read_dir(dir.path()).expect("the folder").count(), 1);
}

#[test]
fn tables_carry_the_members_of_json_rows() {
    let output = score()
        .arg(root("data/samples/complaints.jsonl"))
        .args(["--quiet", "--output-format", "csv"])
        .output()
        .expect("the tool runs");
    let mut table = csv::Reader::from_reader(output.stdout.as_slice());
    let header = table.headers().expect("a header").clone();
    let product = header
        .iter()
        .position(|column| column == "product")
        .expect("a column");
    let first = table.records().next().expect("a row").expect("a sound row");
    assert!(!first[product].is_empty());
}

#[test]
fn an_output_folder_that_is_missing_is_named() {
    let (_dir, path) = file("a.txt", "slow");
    let (code, records, stderr) = run(&path, &["--output", "/no/such/folder/out.jsonl"]);
    assert_eq!((code, records.len()), (4, 0));
    assert!(stderr.contains("/no/such/folder"), "{stderr}");
}

/// Input that cannot be read at all: exit code 4, no record, and a message
/// that names the file and holds these words.
#[test]
fn unreadable_input_is_refused_with_a_reason() {
    struct Case {
        name: &'static str,
        content: &'static [u8],
        text: Option<&'static str>,
        words: [&'static str; 2],
    }
    let case = |name, content, words| Case {
        name,
        content,
        text: None,
        words,
    };
    let cases = [
        case("empty.csv", b"", ["empty.csv", "no rows"]),
        case("blank.txt", b"\n \n\n", ["blank.txt", "no rows"]),
        case(
            "sheet.csv",
            b"PK\x03\x04\x14\x00\x06\x00",
            ["sheet.csv", "Excel"],
        ),
        case(
            "photo.txt",
            b"\x89PNG\r\n\x1a\n\x00\x00",
            ["photo.txt", "PNG"],
        ),
        case(
            "noise.jsonl",
            b"\x00\x01\x02\xff\xfe\x00",
            ["noise.jsonl", "binary"],
        ),
        case("numbers.csv", b"a,b\n1,2\n3,4\n", ["numbers.csv", "--text"]),
        Case {
            text: Some("reviews"),
            ..case("rows.csv", b"id,review\n1,slow\n", ["reviews", "review"])
        },
    ];
    for Case {
        name,
        content,
        text,
        words,
    } in cases
    {
        let (_dir, path) = file(name, content);
        let arguments: Vec<_> = text.iter().flat_map(|text| ["--text", text]).collect();
        let (code, records, stderr) = run(&path, &arguments);
        assert_eq!((code, records.len()), (4, 0), "{name}: {stderr}");
        for word in words {
            assert!(
                stderr.contains(word),
                "{name}: {stderr:?} does not say {word:?}"
            );
        }
    }
    let (code, _, stderr) = run(Path::new("/no/such/file.csv"), &[]);
    assert_eq!(code, 4);
    assert!(stderr.contains("/no/such/file.csv"));
}

/// Rows that cannot be read: exit code 3, a record in place of each.
#[test]
fn bad_rows_get_a_record_and_the_run_goes_on() {
    let cases: [(&str, &[u8]); 4] = [
        (
            "broken.jsonl",
            b"{\"text\":\"a\"}\n{\"text\":\n{\"text\":\"c\"}\n",
        ),
        // Ten accents in UTF-8, one in another encoding.
        (
            "broken.csv",
            b"id,review\n1,\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\n2,tr\xe8s lent\n3,bad\n",
        ),
        ("ragged.csv", b"id,review,shop\n1,good,x\n2\n3,bad,y\n"),
        (
            "types.jsonl",
            b"{\"text\":\"a\"}\n{\"text\":17}\n{\"text\":\"c\"}\n",
        ),
    ];
    for (name, content) in cases {
        let (_dir, path) = file(name, content);
        let (code, records, stderr) = run(&path, &[]);
        assert_eq!((code, records.len()), (3, 3), "{name}: {stderr}");
        assert!(records[0]["error"].is_null() && records[2]["error"].is_null());
        let error = &records[1]["error"];
        assert_eq!(error["row"], 2, "{name}");
        assert!(error["file"].as_str().expect("a file").ends_with(name));
        assert!(!error["what"].as_str().expect("a text").is_empty());
        assert!(stderr.contains("1 could not be read"), "{stderr}");
    }
}

#[test]
fn an_unreadable_file_among_others_gets_a_record() {
    let (_dir, good) = file("good.txt", "slow");
    let output = score()
        .arg(&good)
        .arg("/no/such/file.csv")
        .arg(&good)
        .output()
        .expect("the tool runs");
    assert_eq!(output.status.code(), Some(3));
    let records = records(&output.stdout);
    assert_eq!(records.len(), 3);
    assert_eq!(records[1]["error"]["file"], "/no/such/file.csv");
}

#[test]
fn a_line_of_a_megabyte_is_read_to_its_end() {
    let text = "slow and dirty. ".repeat(1 << 16);
    let (_dir, path) = file("long.txt", format!("{text}\nshort\n"));
    let (code, records, stderr) = run(&path, &[]);
    assert_eq!((code, records.len()), (0, 2), "{stderr}");
    let segments = records[0]["segments"].as_array().expect("a list");
    assert_eq!(segments.len(), 1 << 16);
    assert_eq!(
        segments.last().expect("a segment")["end"],
        text.trim_end().len()
    );
}

#[test]
fn lone_surrogates_do_not_lose_the_row() {
    let (_dir, path) = file("cut.jsonl", "{\"id\":1,\"text\":\"lent \\ud83d\"}\n");
    let (code, records, stderr) = run(&path, &[]);
    assert_eq!((code, records.len()), (0, 1), "{stderr}");
    assert_eq!(records[0]["id"], "1");
}

#[test]
fn usage_errors_exit_with_2() {
    for arguments in [
        &["score", "--threads", "many"][..],
        &["score", "--batch", "0"],
        &["score", "--engine", "f64"],
        &["judge"],
        &[],
    ] {
        let output = painpoint().args(arguments).output().expect("the tool runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("painpoint"))
        .args(["score", "--quiet", "--batch", "1", "--model"])
        .arg(root("tests/fixtures/tiny-model"))
        .arg(root("data/feedback/en.jsonl"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool runs");
    let mut first = String::new();
    let mut records = BufReader::new(child.stdout.take().expect("a pipe"));
    records.read_line(&mut first).expect("a record");
    drop(records);
    let output = child.wait_with_output().expect("an end");
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[test]
#[cfg(unix)]
fn ctrl_c_leaves_nothing_half_written() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let child = Command::new(assert_cmd::cargo::cargo_bin!("painpoint"))
        .args(["score", "--input-format", "text", "--output"])
        .arg(dir.path().join("out.jsonl"))
        .arg("--model")
        .arg(root("tests/fixtures/tiny-model"))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.expect("the tool runs");
    let mut rows = child.stdin.take().expect("a pipe");
    writeln!(rows, "slow").expect("the tool reads");
    rows.flush().expect("the tool reads");
    // The output's temporary file shows that the run is under way.
    let under_way = || fs::read_dir(dir.path()).expect("the folder").count() > 0;
    while !under_way() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.expect("kill runs").success());
    let output = child.wait_with_output().expect("an end");
    drop(rows);
    assert_eq!(output.status.code(), Some(130));
    assert!(String::from_utf8_lossy(&output.stderr).contains("was not written"));
    assert!(!dir.path().join("out.jsonl").exists());
}

#[test]
fn topics_are_listed_in_the_users_language() {
    let output = painpoint()
        .args(["topics", "--language", "zh-TW"])
        .output()
        .expect("the tool runs");
    let list = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(list.lines().count(), 30);
    assert!(list.contains("product_quality\tproduct\t產品"));
}

#[test]
#[cfg(feature = "bundled-model")]
#[cfg_attr(
    debug_assertions,
    ignore = "minutes without optimisation; run with --release"
)]
fn a_cascade_asks_the_full_model_what_the_small_one_is_unsure_of() {
    let ids = |arguments: &[&str]| -> Vec<String> {
        let output = painpoint()
            .args(["score", "--quiet", "--model"])
            .args(arguments)
            .arg(root("data/samples/app_survey.tsv"))
            .output()
            .expect("the tool runs");
        let records = records(&output.stdout);
        let ids = records.iter().map(|record| record["model"].to_string());
        ids.map(|id| id.trim_matches('"').to_owned()).collect()
    };
    let (base, fast) = (ids(&["base"]), ids(&["fast"]));
    assert_eq!(base.len(), 24);
    assert!(base.iter().all(|id| id.starts_with("painpoint-base-")));
    assert!(fast.iter().all(|id| id.starts_with("painpoint-fast-")));
    assert_eq!(ids(&["cascade", "--sure", "0"]), fast);
    assert_eq!(ids(&["cascade", "--sure", "1"]), base);
    let some = ids(&["cascade"]);
    assert!(some.contains(&base[0]) && some.contains(&fast[0]));

    for arguments in [
        ["--model", "cascade", "--sure", "90"],
        ["--model", "fast", "--sure", "0.9"],
    ] {
        let mut refused = painpoint();
        refused
            .arg("score")
            .args(arguments)
            .arg(root("data/samples"));
        let refused = refused.output().expect("the tool runs");
        assert_eq!(refused.status.code(), Some(2));
    }
}

#[test]
fn the_model_is_shown_once_it_is_verified() {
    let output = painpoint()
        .arg("model")
        .arg(root("tests/fixtures/tiny-model"))
        .output()
        .expect("the tool runs");
    assert!(String::from_utf8_lossy(&output.stdout).contains("tiny-model-1"));
    let output = painpoint()
        .args(["model", "/no/such/model"])
        .output()
        .expect("the tool runs");
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&output.stderr).contains("manifest.json"));
}
