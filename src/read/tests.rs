use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::*;
use crate::feedback::Field;
use crate::language::Language;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/read")
        .join(name)
}

fn open(name: &str) -> Reader {
    Reader::open(fixture(name), &ReadOptions::default()).expect("the fixture opens")
}

fn read(name: &str, input: impl Into<Vec<u8>>) -> Reader {
    let input = io::Cursor::new(input.into());
    Reader::from_read(name, input, &ReadOptions::default()).expect("the input opens")
}

fn refusal(name: &str, options: &ReadOptions) -> String {
    Reader::open(fixture(name), options)
        .expect_err("the fixture is refused")
        .to_string()
}

/// Id and text of good rows, row number and message of bad ones.
fn summary(reader: Reader) -> Vec<String> {
    let row = |row: Result<Row>| match row {
        Ok(Row { feedback, .. }) => format!("{}: {}", feedback.id, feedback.text),
        Err(error) => format!(
            "row {}! {}",
            error.row().expect("has a row"),
            error.message()
        ),
    };
    reader.map(row).collect()
}

#[test]
fn a_table_gives_every_row_in_its_place() {
    let reader = open("reviews.csv");
    assert_eq!(
        reader.columns().to_string(),
        r#"CSV, text from "review", id from "review_id", language from "language", date from "date", rating from "stars" (1–5), 3 columns carried through"#
    );
    let progress = reader.progress();
    assert_eq!(
        summary(reader),
        [
            "r1: 配送太慢了，客服说\"再等等\"",
            "r2: Livraison en retard.\r\nPersonne ne répond.",
            "row 3! 4 cells where the header has 5",
            "row 4! not valid UTF-8: \"review\" of the row after byte 216",
            "r5: รอนานมาก 😡",
            "r6: الخدمة بطيئة جدا",
            "r7: ",
        ]
    );
    let size = fixture("reviews.csv").metadata().expect("exists").len();
    assert_eq!(progress.bytes(), size);
}

#[test]
fn other_cells_are_carried_and_the_language_is_known() {
    let row = open("reviews.csv")
        .nth(1)
        .expect("two rows")
        .expect("a good row");
    assert_eq!(row.number, 2);
    assert_eq!(row.feedback.language, Some(Language::French));
    let cell = |name: &str, value: &str| (name.to_owned(), Field::Text(value.to_owned()));
    let fields = [
        cell("date", "2026-03-03"),
        cell("language", "fr"),
        cell("stars", "2"),
    ];
    assert_eq!(row.feedback.fields, fields);
}

#[test]
fn tables_of_every_sort_are_read() {
    for (name, columns, rows) in [
        (
            "semicolons.csv",
            r#"CSV, text from "avis", id from "identifiant", place from "magasin", 1 column carried through"#,
            vec![
                "12: Trop cher, trop lent",
                "13: Vendeur aimable, mais rupture de stock",
            ],
        ),
        (
            "headerless.csv",
            r#"CSV without header, text from "column_3", date from "column_2", 2 columns carried through"#,
            vec![
                "headerless.csv#1: The parcel came two weeks late and the box was torn.",
                "headerless.csv#2: Nobody answers the phone at your support line.",
            ],
        ),
        (
            "header-only.csv",
            r#"CSV, text from "comment", id from "id""#,
            vec![],
        ),
        (
            "one-column.csv",
            r#"CSV, text from "评论""#,
            vec![
                "one-column.csv#1: 快递太慢，还弄丢了",
                "one-column.csv#2: 客服说\"不归我们管\"",
            ],
        ),
        (
            "reviews.tsv",
            r#"TSV, text from "ข้อความ", id from "รหัส", place from "ร้าน", 1 column carried through"#,
            vec!["1: รอนานมาก", "2: พนักงานพูดไม่ดี"],
        ),
    ] {
        let reader = open(name);
        assert_eq!(reader.columns().to_string(), columns);
        assert_eq!(summary(reader), rows, "{name}");
    }
}

#[test]
fn a_header_is_told_from_the_first_row() {
    for (table, header) in [
        ("Avis client,Ville\nlent,Lyon\n", true),
        ("用户评论内容,城市\n太慢,上海\n", true),
        ("Any other comments?\nNo\n", true),
        (
            "What could we do better to make your next visit to our store a pleasure?,x\nNothing at all,y\n",
            true,
        ),
        ("客服人员态度太差\n太慢\n", false),
        ("Great product but broke\nSlow\n", false),
        ("5,Late again and again\n4,Fine after all\n", false),
        ("sep=;\nid;avis\n1;lent\n", true),
    ] {
        assert_eq!(read("a.csv", table).columns().header, header, "{table}");
    }
}

#[test]
fn an_open_quote_is_told_from_a_long_text() {
    let rows = summary(open("open-quote.csv"));
    assert_eq!(rows[0], "1: fine");
    assert_eq!(rows[1], "row 2! a quote opened in it swallows 38 lines");
    let letter = "The parcel you sent me in March was late, again.\n".repeat(40);
    let rows = summary(read("a.csv", format!("id,text\n1,\"{letter}\"\n2,b\n")));
    assert_eq!(rows, [format!("1: {letter}"), "2: b".to_owned()]);
}

#[test]
fn quotes_may_be_doubled_or_escaped() {
    let table =
        "id,text\n1,\"she said \\\"no\\\", twice\"\n2,\"a \"\"big\"\" one\"\n3,\"in C:\\\\\"\n";
    assert_eq!(
        summary(read("a.csv", table)),
        [
            "1: she said \"no\", twice",
            "2: a \"big\" one",
            "3: in C:\\"
        ]
    );
}

#[test]
fn members_of_later_rows_are_columns_too() {
    let row = "{\"text\":\"slow\",\"shop\":\"A\"}";
    let late = "{\"text\":\"rude\",\"shop\":\"B\",\"tip\":3}";
    let rows = [vec![row; 150], vec![late]].concat();
    for (name, input) in [
        ("a.jsonl", rows.join("\n") + "\n"),
        ("a.json", format!("[{}]", rows.join(","))),
    ] {
        let reader = read(name, input);
        assert_eq!(reader.columns().carried, ["shop", "tip"], "{name}");
        assert_eq!(reader.count(), 151, "{name}");
    }
}

#[test]
fn json_lines_give_every_row_in_its_place() {
    let reader = open("reviews.jsonl");
    assert_eq!(
        reader.columns().to_string(),
        r#"JSONL, text from "text", id from "id", rating from "rating" (1–5), place from "store", 3 columns carried through"#
    );
    assert_eq!(
        summary(reader),
        [
            "17: 退款一直没到账",
            "row 2! not valid JSON: expected `,` or `}` at byte 39",
            "c: Llegó tarde \u{FFFD} y roto 😡",
            "reviews.jsonl#4: Le colis n'est jamais arrivé",
            "e: ",
            "row 6! has no \"text\"",
            "row 7! is neither an object nor a string",
            "row 8! \"text\" is not a string",
            "i: ของเสีย",
        ]
    );
}

#[test]
fn json_values_are_carried_as_written() {
    let input =
        r#"{"id":17,"text":"退款","rating":1.50,"tags":["refund", {"a":1}],"store":"上海"}"#;
    let row = read("a.jsonl", input)
        .next()
        .expect("a row")
        .expect("a good row");
    assert_eq!(row.feedback.id, "17");
    let json = |name: &str, value: &str| (name.to_owned(), Field::Json(value.to_owned()));
    assert_eq!(
        row.feedback.fields,
        [
            json("rating", "1.50"),
            json("tags", r#"["refund", {"a":1}]"#),
            ("store".to_owned(), Field::Text("上海".to_owned())),
        ]
    );
}

#[test]
fn json_documents_of_every_layout_are_read() {
    for (name, columns, rows) in [
        (
            "reviews.json",
            r#"JSON, text from "review", id from "id", 1 column carried through"#,
            vec![
                "a: Slow [very] \"slow\"",
                "b: Trop cher",
                "row 3! not valid JSON: expected `,` or `}` at byte 29",
                "d: 太慢",
            ],
        ),
        (
            "held.json",
            r#"JSON, text from "data.body", 2 columns carried through"#,
            vec!["held.json#1: Muy lento", "held.json#2: 客服態度差"],
        ),
        (
            "cut-off.json",
            r#"JSON, text from "string""#,
            vec![
                "cut-off.json#1: Slow",
                "cut-off.json#2: Rude",
                "row 3! the file ends before its JSON does, after row 2",
            ],
        ),
        (
            "one.json",
            r#"JSON, text from "text", id from "id", 1 column carried through"#,
            vec!["z: จัดส่งช้า"],
        ),
    ] {
        let reader = open(name);
        assert_eq!(reader.columns().to_string(), columns);
        assert_eq!(summary(reader), rows, "{name}");
    }
    assert_eq!(summary(read("a.json", "[]")), [""; 0]);
    // Pages of an answer, one after the other: the second is not lost in silence.
    let pages = "{\"data\":[{\"text\":\"a\"}],\"page\":1} {\"data\":[{\"text\":\"b\"}]}";
    assert_eq!(
        summary(read("a.json", pages)),
        ["a.json#1: a", "row 2! has no \"text\""]
    );
    assert_eq!(
        summary(read("a.json", r#"["a" "b"]"#)),
        [
            "a.json#1: a",
            "row 2! unexpected '\"' after row 1: the rest can't be read"
        ]
    );
}

#[test]
fn json_of_other_tools_is_read() {
    // Python writes NaN for what it has no number for.
    let input =
        "{\"text\":\"NaN is \\\"slow\\\"\",\"rating\":NaN}\n{\"text\":NaN,\"rating\":-Infinity}\n";
    let reader = read("a.jsonl", input);
    assert_eq!(
        summary(reader),
        ["a.jsonl#1: NaN is \"slow\"", "a.jsonl#2: "]
    );
    let row = read("a.jsonl", input)
        .next()
        .expect("a row")
        .expect("a good row");
    let rating = ("rating".to_owned(), Field::Json("null".to_owned()));
    assert_eq!(row.feedback.fields, [rating]);
    // Paragraphs in an array, found by name and by length.
    for input in [
        r#"{"id":"r1","comments":["Trop lent.","Trop cher."]}"#,
        r#"{"id":"r1","q7":["Trop lent.","Trop cher, et froid."],"n":[1,2]}"#,
    ] {
        let rows = summary(read("a.jsonl", input));
        assert!(rows[0].starts_with("r1: Trop lent.\nTrop cher"), "{rows:?}");
    }
    // A path may be named that is deeper than those looked at.
    let options = ReadOptions {
        text: vec!["a.b.c.d.said".to_owned()],
        ..ReadOptions::default()
    };
    let input = r#"{"id":1,"a":{"b":{"c":{"d":{"said":"太慢"}}}}}"#.as_bytes();
    let reader = Reader::from_read("a.jsonl", input, &options).expect("opens");
    assert_eq!(summary(reader), ["1: 太慢"]);
}

#[test]
fn deep_nesting_is_an_error_of_its_row() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let rows = format!("{{\"text\":\"a\",\"x\":{deep}}}\n{{\"text\":\"b\"}}\n{deep}\n");
    let rows = summary(read("a.jsonl", rows));
    assert_eq!(rows[0], "row 1! nested more than 128 deep");
    assert_eq!(rows[1], "a.jsonl#2: b");
    assert_eq!(rows[2], "row 3! is neither an object nor a string");
}

#[test]
fn plain_text_is_lines_or_a_conversation() {
    let reader = open("lines.txt");
    assert_eq!(reader.columns().to_string(), "plain text, a row a line");
    let lines = [
        "lines.txt#1: Trop lent",
        "lines.txt#2: 服务很差",
        "lines.txt#3: รอนานมาก",
    ];
    assert_eq!(summary(reader), lines);

    let mut reader = open("conversation.txt");
    assert_eq!(
        reader.columns().to_string(),
        "plain text, the file is one conversation"
    );
    let row = reader.next().expect("a row").expect("a good row");
    assert_eq!(row.feedback.kind, Some(FeedbackKind::Transcript));
    assert!(row.feedback.text.ends_with("第三次了！\n"));
    assert!(reader.next().is_none());

    let options = ReadOptions {
        text_unit: Some(TextUnit::Line),
        ..ReadOptions::default()
    };
    let reader = Reader::open(fixture("conversation.txt"), &options).expect("opens");
    assert_eq!(reader.count(), 4);
}

#[test]
fn what_is_no_text_is_refused_with_the_next_step() {
    let options = ReadOptions::default();
    for (name, message) in [
        ("empty.csv", "holds no rows"),
        ("workbook.csv", "is no whole workbook"),
        ("missing.csv", "cannot be opened"),
        ("", "is a directory"),
    ] {
        let refusal = refusal(name, &options);
        assert!(refusal.contains(message), "{name}: {refusal}");
        assert!(refusal.contains(name), "{refusal}");
    }
    let nul = Reader::from_read("stdin", &b"id,text\n1,\0\0\n"[..], &options);
    assert!(
        nul.expect_err("is binary")
            .message()
            .contains("binary data")
    );
}

#[test]
fn other_encodings_and_packed_files_are_read() {
    let reader = open("gb18030.csv");
    assert!(reader.columns().to_string().starts_with("GB"));
    assert_eq!(summary(reader), ["1: 太慢"]);
    let reader = open("utf-16.csv");
    assert!(reader.columns().to_string().starts_with("UTF-16LE, CSV"));
    assert_eq!(summary(reader), ["1: déçu"]);

    let table = std::fs::read(fixture("reviews.csv")).expect("exists");
    let expected = summary(open("reviews.csv"));
    let packed = zstd::encode_all(&table[..], 1).expect("memory does not fail");
    let size = packed.len() as u64;
    let reader = read("reviews.csv.zst", packed);
    let progress = reader.progress();
    assert_eq!(summary(reader), expected);
    assert_eq!(progress.bytes(), size);
}

#[test]
fn an_encoding_may_be_named() {
    let options = |name: &str| ReadOptions {
        encoding: Some(name.to_owned()),
        ..ReadOptions::default()
    };
    // One byte is too little to go by.
    let table = || io::Cursor::new(b"id,text\n1,d\xE7u\n".to_vec());
    let reader = Reader::from_read("t.csv", table(), &options("windows-1252"));
    assert_eq!(summary(reader.expect("opens")), ["1: dçu"]);
    let error = Reader::from_read("t.csv", table(), &options("cp-2026")).expect_err("is none");
    assert!(
        error
            .message()
            .contains("no encoding is called \"cp-2026\"")
    );
}

#[test]
fn a_missing_column_is_answered_with_what_is_there() {
    let options = ReadOptions {
        text: vec!["reviw".to_owned()],
        ..ReadOptions::default()
    };
    for name in ["reviews.csv", "reviews.json"] {
        let refusal = refusal(name, &options);
        assert!(
            refusal.contains("has no column \"reviw\"; did you mean \"review\"?"),
            "{refusal}"
        );
    }
    let table = &b"id,date\n1,2026-03-02\n"[..];
    let error = Reader::from_read("a.csv", table, &ReadOptions::default());
    let error = error.expect_err("nothing is text").to_string();
    assert!(
        error.contains("`--text NAME`; it has \"id\", \"date\""),
        "{error}"
    );
}

#[test]
fn mailboxes_give_every_message_in_its_place() {
    let mailbox = "From a@a.example Mon Mar  2 10:20:00 2026\n\
        Message-ID: <1@a.example>\nSubject: =?utf-8?B?5aSq5oWi?=\n\n\
        Slow.\n\nFrom now on I buy elsewhere.\n>From me, that is.\n\n\
        From b@a.example Mon Mar  2 10:21:00 2026\nno header\n\n\n\
        From c@a.example Mon Mar  2 10:22:00 2026\nSubject: Only this\n";
    assert_eq!(
        summary(read("a.mbox", mailbox)),
        [
            "1@a.example: 太慢\n\nSlow.\n\nFrom now on I buy elsewhere.\nFrom me, that is.",
            "row 2! is no e-mail: it has no headers",
            "a.mbox#3: Only this",
        ]
    );
}

#[test]
fn formats_are_told_by_content() {
    for (input, format) in [
        ("{\"text\":\"a\"}\n{\"text\":\"b\"}\n", Format::Jsonl),
        ("{\"text\":\"a\n{\"text\":\"b\"}\n", Format::Jsonl),
        ("\"a\"\n\"b\"\n", Format::Jsonl),
        ("{\n\"text\":\"a\"}\n", Format::Json),
        (" [\"a\"]", Format::Json),
        ("id\treview\n1\tslow, rude\n", Format::Tsv),
        ("id;avis\n1;lent\n", Format::Csv),
        ("评论\n太慢\n", Format::Csv),
        ("Too slow, too rude\nBad, bad\n", Format::Text),
        ("[12:30] Agent: Hello\n[12:31] Client: Late\n", Format::Text),
        ("\"Never again\", he said\n", Format::Text),
        ("<!DOCTYPE html>\n<p>Slow</p>\n", Format::Html),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\nSlow\n", Format::Vtt),
        (
            "From: a@a.example\nMessage-ID: <1@a.example>\nSubject: x\n\nSlow\n",
            Format::Eml,
        ),
        (
            "From a@a.example Mon Mar  2 10:20:00 2026\nReceived: by b\n\nSlow\n",
            Format::Mbox,
        ),
        ("From: a\nTo: b\n\nSlow\n", Format::Text),
        ("From 10:30 on nobody answered\nSlow\n", Format::Text),
    ] {
        assert_eq!(read("stdin", input).columns().format, format, "{input:?}");
    }
    assert_eq!(
        summary(read("stdin", "{\"data\":[{\"text\":\"a\"}]}\n")),
        ["stdin#1: a"]
    );
    // Saved under the other's extension.
    assert_eq!(
        read("a.json", "{\"text\":\"a\"}\n{\"text\":\"b\"}\n")
            .columns()
            .format,
        Format::Jsonl
    );
    assert_eq!(
        read("a.jsonl", "[{\"text\":\"a\"}]").columns().format,
        Format::Json
    );
}

#[test]
fn long_rows_come_whole() {
    let long = "太慢了。".repeat(100_000);
    let emoji = "😡".repeat(10_000);
    for (name, input) in [
        ("a.csv", format!("text\n{long}\n{emoji}\n")),
        (
            "a.jsonl",
            format!("{{\"text\":\"{long}\"}}\n{{\"text\":\"{emoji}\"}}\n"),
        ),
        ("a.json", format!("[\"{long}\",\"{emoji}\"]")),
        ("a.txt", format!("{long}\n{emoji}\n")),
    ] {
        let rows = summary(read(name, input));
        assert_eq!(
            rows,
            [format!("{name}#1: {long}"), format!("{name}#2: {emoji}")]
        );
    }
}

#[test]
fn rows_too_long_are_errors_and_the_next_is_read() {
    let long = "x".repeat(5000);
    for (name, input) in [
        ("a.csv", format!("text\nfirst\n\"{long}\nlost\nlast\n")),
        ("a.jsonl", format!("\"first\"\n\"{long}\"\n\"last\"\n")),
        ("a.json", format!("[\"first\",\"{long}\",\"last\"]")),
        ("a.txt", format!("first\n{long}\nlast\n")),
        (
            "a.mbox",
            ["first", &long, &"short\n".repeat(500), "last"]
                .map(|text| format!("From a Mon Mar  2 10:20:00 2026\nX: y\n\n{text}\n\n"))
                .concat(),
        ),
    ] {
        let options = ReadOptions {
            limits: Limits {
                row_bytes: 1000,
                ..Limits::default()
            },
            ..ReadOptions::default()
        };
        let reader = Reader::from_read(name, io::Cursor::new(input), &options);
        let rows = summary(reader.expect("opens"));
        assert_eq!(rows[0], format!("{name}#1: first"));
        assert!(
            rows[1].starts_with("row 2! longer than 1000 bytes"),
            "{name}: {}",
            rows[1]
        );
        assert_eq!(
            rows.last().map(String::as_str),
            Some(&*format!("{name}#{}: last", rows.len()))
        );
    }
}

/// Gives one line a call, and counts them.
struct Lines(Vec<&'static str>, Arc<AtomicUsize>);

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(line) = self.0.get(self.1.load(Ordering::Relaxed)) else {
            return Ok(0);
        };
        self.1.fetch_add(1, Ordering::Relaxed);
        buffer[..line.len()].copy_from_slice(line.as_bytes());
        Ok(line.len())
    }
}

#[test]
fn a_live_pipe_is_answered_row_by_row() {
    for (header, lines) in [
        (
            1,
            vec!["id,review\n", "1,太慢\n", "2,Trop lent\n", "3,Slow\n"],
        ),
        (
            0,
            vec!["1,\"Too slow, again.\"\n", "2,\"太慢\"\n", "3,Late\n"],
        ),
        (
            0,
            vec![
                "{\"text\":\"太慢\"}\n",
                "{\"text\":\"b\"}\n",
                "{\"text\":\"c\"}\n",
            ],
        ),
        (
            1,
            vec![
                "[\n",
                "{\"text\":\"太慢\"},\n",
                "{\"text\":\"b\"},\n",
                "{\"text\":\"c\"}]\n",
            ],
        ),
        (0, vec!["太慢\n", "Trop lent\n", "Slow\n"]),
    ] {
        let given = Arc::new(AtomicUsize::new(0));
        let count = lines.len() - header;
        let options = ReadOptions {
            format: lines[0].starts_with("1,").then_some(Format::Csv),
            ..ReadOptions::default()
        };
        let input = Lines(lines.clone(), Arc::clone(&given));
        let mut reader = Reader::from_read("stdin", input, &options).expect("opens");
        for row in 1..=count {
            assert!(reader.next().expect("a row").is_ok());
            assert_eq!(given.load(Ordering::Relaxed), row + header, "{lines:?}");
        }
        assert!(reader.next().is_none());
    }
}

#[test]
fn a_failed_read_ends_the_rows_with_its_error() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("unplugged"))
        }
    }
    for head in [
        "id,text\n1,a\n",
        "{\"text\":\"a\"}\n",
        "[\"a\",\n",
        "a\nb\n",
        "From a@a.example Mon Mar  2 10:20:00 2026\nReceived: by b\n\nSlow\n",
    ] {
        let input = head.as_bytes().chain(Broken);
        let mut reader = Reader::from_read("stdin", input, &ReadOptions::default()).expect("opens");
        let error = reader.find_map(Result::err).expect("the failure is told");
        assert_eq!(error.kind(), ErrorKind::Io, "{head:?}");
        assert!(reader.next().is_none(), "{head:?}");
    }
}

/// Bytes that look like the formats' own, and some that do not.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        &b"\""[..],
        b",",
        b"\n",
        b"\r\n",
        b";",
        b"\t",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"\\",
        b"\\ud83d",
        b"\"text\":",
        b"text",
        b"id",
        b"1",
        b" ",
        b"\xFF",
        b"\xEF\xBB\xBF",
        "慢".as_bytes(),
        b"a: b\n",
    ]);
    let structured = prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat());
    prop_oneof![4 => structured, 1 => prop::collection::vec(any::<u8>(), 0..200)]
}

/// Gives that many bytes a call.
struct Steps(Vec<u8>, usize);

impl Read for Steps {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(self.0.len()).min(buffer.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0.drain(..count);
        Ok(count)
    }
}

proptest! {
    #[test]
    fn any_bytes_end_without_panic(
        bytes in bytes(),
        format in 0..=Format::ALL.len(),
        step in 1..100_usize,
        row_bytes in prop::sample::select(vec![0, 1, 10, 1 << 20]),
    ) {
        let options = ReadOptions {
            format: Format::ALL.get(format).copied(),
            limits: Limits { row_bytes, ..Limits::default() },
            ..ReadOptions::default()
        };
        let most = bytes.len() as u64 + 1;
        if let Ok(reader) = Reader::from_read("stdin", Steps(bytes, step), &options) {
            for (row, number) in reader.zip(1..) {
                let found = row.map_or_else(|error| error.row(), |row| Some(row.number));
                prop_assert_eq!(found, Some(number));
                prop_assert!(number <= most);
            }
        }
    }

    #[test]
    fn texts_survive_every_format(text in "[^\r]{1,40}", other in "[a-z]{3}") {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["text", "other"]).expect("memory does not fail");
        csv.write_record([&text, &other]).expect("memory does not fail");
        let json = serde_json::json!({ "text": text, "other": other }).to_string();
        let table = csv.into_inner().expect("memory does not fail");
        // A NUL byte makes a table binary; JSON escapes it.
        let table = (!text.contains('\0')).then_some(("a.csv", table));
        let inputs = [("a.json", format!("[{json}]").into_bytes()), ("a.jsonl", json.into_bytes())];
        for (name, input) in inputs.into_iter().chain(table) {
            let row = read(name, input).next().expect("a row").expect("a good row");
            prop_assert_eq!(&row.feedback.text, &text);
        }
    }
}
