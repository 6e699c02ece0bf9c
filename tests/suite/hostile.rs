//! Files that were made, or broken, to be a nuisance: every one ends in good time
//! with an exit code, a record for each row, and words that help.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{painpoint, records, root, score};

/// No file here takes as long, even where nothing is optimised.
const TIME: Duration = Duration::from_secs(120);

/// A nasty file and what becomes of it.
struct Case {
    name: &'static str,
    content: Vec<u8>,
    arguments: Vec<&'static str>,
    code: i32,
    records: usize,
    /// Words of the error; the first one's, if there are several.
    says: &'static str,
}

/// A file that is read without an error.
fn read(name: &'static str, content: impl Into<Vec<u8>>, records: usize) -> Case {
    Case {
        name,
        content: content.into(),
        arguments: Vec::new(),
        code: 0,
        records,
        says: "",
    }
}

/// A file with rows that cannot be read, each of which gets a record.
fn bad_rows(
    name: &'static str,
    content: impl Into<Vec<u8>>,
    records: usize,
    says: &'static str,
) -> Case {
    Case {
        code: 3,
        says,
        ..read(name, content, records)
    }
}

/// A file that cannot be read at all.
fn refused(name: &'static str, content: impl Into<Vec<u8>>, says: &'static str) -> Case {
    Case {
        code: 4,
        says,
        ..read(name, content, 0)
    }
}

impl Case {
    fn with(mut self, arguments: &[&'static str]) -> Self {
        self.arguments.extend(arguments);
        self
    }

    fn check(&self) {
        let (_dir, path) = file(self.name, &self.content);
        let run = run(&path, &self.arguments);
        let Run { code, records, .. } = &run;
        let name = self.name;
        assert_eq!(*code, self.code, "{name}: {}", run.stderr);
        assert_eq!(records.len(), self.records, "{name}: {}", run.stderr);
        match self.code {
            0 => assert!(records.iter().all(|record| record["error"].is_null())),
            3 => {
                let errors = records.iter().map(|record| &record["error"]);
                let error = errors.clone().find(|error| !error.is_null());
                let error = error.expect("a bad row has a record");
                let what = error["what"].as_str().expect("a text");
                assert!(what.contains(self.says), "{name}: {what}");
                let named = error["file"].as_str().expect("a file");
                assert!(named.ends_with(name), "{name}: {named}");
                assert!(error["row"].is_u64(), "{name}: {error}");
                assert!(error["hint"].is_string(), "{name}: {error}");
            }
            _ => {
                let (said, hint) = run.stderr.rsplit_once("; ").unwrap_or_default();
                assert!(said.contains(name), "{name}: {}", run.stderr);
                assert!(said.contains(self.says), "{name}: {}", run.stderr);
                assert!(!hint.is_empty(), "{name}: {}", run.stderr);
            }
        }
    }
}

/// How a run of `score` ended.
struct Run {
    code: i32,
    records: Vec<Value>,
    stderr: String,
}

fn run(path: &Path, arguments: &[&str]) -> Run {
    let output = score()
        .arg(path)
        .args(arguments)
        .timeout(TIME)
        .output()
        .expect("the tool runs");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!stderr.contains("panicked"), "{stderr}");
    let code = output.status.code();
    Run {
        code: code.unwrap_or_else(|| panic!("{} was killed: {stderr}", path.display())),
        records: records(&output.stdout),
        stderr,
    }
}

fn file(name: &str, content: &[u8]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join(name);
    fs::write(&path, content).expect("a writable folder");
    (dir, path)
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(root("tests/fixtures/formats").join(name)).expect("a file of the repository")
}

/// The first part of a fixture, in tenths of it.
fn cut(name: &str, tenths: usize) -> Vec<u8> {
    let mut bytes = fixture(name);
    bytes.truncate(bytes.len() * tenths / 10);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory does not fail");
    encoder.finish().expect("memory does not fail")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("memory does not fail")
}

/// Bytes without order, the same every time.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..count).map(|_| next()).collect()
}

#[test]
fn texts_of_any_sort_are_read() {
    let emoji = "😡".repeat(10_000);
    let thai = format!("ช้า{}", "า".repeat(20_000));
    let marks = format!("e{} lent", "\u{301}".repeat(20_000));
    let bidi = "\u{202e}tfel ot thgir\u{202c} التطبيق לא עובד \u{2066}x\u{2069}\u{200f}";
    let megabyte = "x".repeat(1 << 20);
    let nested = "<div>".repeat(20_000) + "slow" + &"</div>".repeat(20_000);
    let quoted = ">".repeat(20_000) + " slow";
    let reply = (0..300).map(|depth| ">".repeat(depth) + " slow\n");
    let cases = [
        read("emoji.txt", emoji, 1),
        read("stretched.txt", thai, 1),
        read("marks.txt", marks, 1),
        read("bidi.txt", bidi, 1),
        read("megabyte.txt", megabyte.clone(), 1),
        read("spaces.txt", format!("slow{}rude", " ".repeat(1 << 20)), 1),
        read("commas.txt", ",".repeat(1 << 16), 1),
        read("brackets.txt", "([{".repeat(1 << 12), 1),
        read("one-byte.txt", "x", 1),
        read("invisible.txt", "\u{200b}\u{feff}\u{2060}", 1),
        read("private.txt", "\u{e000}\u{f8ff}\u{10ffff}\u{fffe}", 1),
        read("line-ends.txt", "slow\rrude\r\ndirty\n\n\r\nlate", 3),
        read("tags.html", nested, 1),
        read("unclosed.html", "<p".repeat(20_000), 1),
        read("entities.html", "&amp".repeat(20_000) + "&#x110000;&#0;", 1),
        read("quotes.md", quoted, 1),
        read("emphasis.md", "*_".repeat(20_000), 1),
        read("links.md", "[".repeat(20_000), 1),
        read("replies.txt", reply.collect::<String>(), 300),
        read("no-cues.vtt", "WEBVTT\n\n", 1),
        read("times.srt", "1\n99:99:99,999 --> 00:00:00,000\nslow\n", 1),
        read("many.txt", "late\n".repeat(2_000), 2_000),
    ];
    cases.iter().for_each(Case::check);
}

#[test]
fn tables_of_any_sort_are_read_or_say_what_is_wrong() {
    // A row is as wide as it is told to be; debug builds take their time over it.
    let columns = if cfg!(debug_assertions) {
        2_000
    } else {
        10_000
    };
    let header: Vec<_> = (0..columns).map(|at| format!("c{at}")).collect();
    let row = vec!["slow service"; columns].join(",");
    let wide = format!("{},review\n{row},late\n{row},rude\n", header.join(","));
    let commas = ",".repeat(5 * columns) + "review\n" + &",".repeat(5 * columns) + "late\n";
    let same = "review,".repeat(5_000) + "review\n" + &"late,".repeat(5_000) + "late\n";
    let megabyte = format!("id,review\n1,{}\n2,late\n", "x".repeat(1 << 20));
    let open = format!("id,review\n1,\"never closed\n{}", "2,late\n".repeat(50));
    let bad = |name, content: &str, says| bad_rows(name, content, 2, says);
    let cases = [
        read("wide.csv", wide, 2),
        read("commas.csv", commas, 1),
        read("same.csv", same, 1),
        read("megabyte.csv", megabyte.clone(), 2),
        read("bom.csv", "\u{feff}id,review\n1,late\n", 1),
        read("returns.csv", "id,review\r1,late\r2,rude\r", 2),
        read("separator.csv", "sep=;\nid;review\n1;late\n", 1),
        read("quotes.csv", "id,review\n1,\"\"\"\"\"\"\n2,\"\"\n", 2),
        read("no-end.csv", "id,review\n1,late", 1),
        read("header.csv", "id,review\n", 0),
        bad_rows("open-quote.csv", open, 1, "a quote opened in it"),
        bad("short.csv", "id,review,day\n1\n2,late,x\n", "1 cell where"),
        bad("long.csv", "id,review\n1,a,b,c\n2,late\n", "4 cells where"),
        bad_rows("megabyte.csv", megabyte, 2, "longer than 100 KiB")
            .with(&["--max-row-bytes", "100K"]),
    ];
    cases.iter().for_each(Case::check);
}

#[test]
fn json_of_any_sort_is_read_or_says_what_is_wrong() {
    let deep = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!("{{\"text\":\"late\",\"x\":{open}{close}}}\n")
    };
    let members: Vec<_> = (0..20_000).map(|at| format!("\"m{at}\":{at}")).collect();
    let many = format!("{{\"text\":\"late\",{}}}\n", members.join(","));
    let long = format!("\"{}\"\n{{\"text\":\"late\"}}\n", "x".repeat(200_000));
    let bad = |name, content: &str, says| bad_rows(name, content, 2, says);
    let cases = [
        read(
            "surrogates.jsonl",
            "{\"text\":\"\\ud83d late \\ude00\"}\n",
            1,
        ),
        read("nul.jsonl", "{\"text\":\"late\\u0000 again\"}\n", 1),
        read("nan.jsonl", "{\"text\":\"late\",\"x\":NaN}\n", 1),
        read(
            "huge-number.jsonl",
            "{\"text\":\"late\",\"x\":1e99999}\n",
            1,
        ),
        read("twice.jsonl", "{\"text\":\"a\",\"text\":\"late\"}\n", 1),
        read("no-name.jsonl", "{\"\":1,\"text\":\"late\"}\n", 1),
        read("deep.jsonl", deep(120), 1),
        read("many-members.jsonl", many, 1),
        read("escaped.json", "[\"\\u006cate\"]", 1),
        bad_rows("deeper.jsonl", deep(200), 1, "nested more than 128 deep"),
        bad_rows(
            "deepest.jsonl",
            deep(200_000),
            1,
            "nested more than 128 deep",
        ),
        bad(
            "numbers.jsonl",
            "17\n\"late\"\n",
            "is neither an object nor",
        ),
        bad(
            "no-text.jsonl",
            "{\"text\":\"a\"}\n{\"b\":1}\n",
            "has no \"text\"",
        ),
        bad(
            "cut.jsonl",
            "{\"text\":\"a\"}\n{\"text\":\"",
            "not valid JSON",
        ),
        bad(
            "cut.json",
            "[{\"text\":\"late\"},{\"te",
            "ends before its JSON",
        ),
        bad("commas.json", "[{\"text\":\"late\"},,,]", "unexpected ','"),
        bad_rows("open.json", "[".repeat(100_000), 1, "ends before its JSON"),
        bad_rows("long.jsonl", long, 2, "longer than 100 KiB").with(&["--max-row-bytes", "100K"]),
    ];
    cases.iter().for_each(Case::check);
}

#[test]
fn what_is_no_text_is_refused_with_the_next_step() {
    let mut noise = noise(100_000);
    noise[0] = 0;
    let cases = [
        refused("empty.csv", "", "holds no rows"),
        refused("blank.jsonl", " \n\t\n\n ", "holds no rows"),
        refused("bom.txt", "\u{feff}", "holds no rows"),
        refused("noise.csv", noise, "binary data"),
        refused("zeros.txt", vec![0; 100_000], "binary data"),
        refused("nul.csv", "id,review\n1,la\0te\n", "binary data"),
        refused("document.csv", "%PDF-1.7\n%âãÏÓ\n", "a PDF document"),
        refused(
            "old.xlsx",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
            "is no whole workbook",
        ),
        refused("archive.csv", b"BZh91AY&SY", "bzip2 data"),
        refused(
            "archive.zip",
            b"PK\x03\x04\x14\0\0\0\0\0",
            "is no whole workbook",
        ),
        refused("mark.parquet", "PAR1", "damaged"),
        refused("marks.parquet", "PAR1\0\0\0\0\0\0\0\x7FPAR1", "damaged"),
        refused("mark.arrow", "ARROW1\0\0", "ends, or goes wrong"),
        refused(
            "length.arrow",
            b"ARROW1\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F",
            "a batch in it",
        ),
        refused("number.csv", "a,b\n1,2\n3,4\n", "text"),
    ];
    cases.iter().for_each(Case::check);
}

#[test]
fn wrong_encodings_are_told_or_answered() {
    let late = "物流太慢了，客服也不理人";
    let (chinese, ..) = encoding_rs::GB18030.encode(late);
    let mut broken = "très très déçu, vraiment, après déjà été trompé\n"
        .repeat(3)
        .into_bytes();
    broken.extend_from_slice(b"tr\xE8s lent\n");
    let utf16: Vec<u8> = late.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases = [
        read("gb.txt", chinese.clone(), 1),
        bad_rows("gb.txt", chinese, 1, "not valid UTF-8").with(&["--encoding", "utf-8"]),
        bad_rows("broken.txt", broken, 4, "not valid UTF-8"),
        read("half.txt", [&b"\xFF\xFE"[..], &utf16[..9]].concat(), 1),
        read("not-utf-16.txt", late, 1).with(&["--encoding", "utf-16le"]),
        read("lone.txt", b"\xFF\xFEs\0\x3D\xD8l\0", 1),
        Case {
            code: 2,
            ..refused("late.txt", "late", "").with(&["--encoding", "klingon"])
        },
    ];
    for case in cases {
        if case.code == 2 {
            let (_dir, path) = file(case.name, &case.content);
            let run = run(&path, &case.arguments);
            assert_eq!(run.code, 2);
            assert!(run.stderr.contains("no encoding is called \"klingon\""));
        } else {
            case.check();
        }
    }
}

#[test]
fn what_is_cut_off_gives_the_rows_before_and_an_error() {
    let jsonl = fixture("en.jsonl.gz");
    let mut garbage = jsonl.clone();
    garbage.extend_from_slice(b"garbage");
    let mut flipped = jsonl.clone();
    let last = flipped.len() - 5;
    flipped[last] ^= 0x40;
    let rows = "{\"text\":\"late\"}\n".repeat(50_000);
    let mut packed = zstd(rows.as_bytes());
    packed.truncate(packed.len() / 2);
    for (name, content) in [
        ("cut.jsonl.gz", cut("en.jsonl.gz", 5)),
        ("head.jsonl.gz", jsonl[..4].to_vec()),
        ("flipped.jsonl.gz", flipped),
        ("cut.jsonl.zst", packed),
        ("mark.jsonl.zst", b"\x28\xB5\x2F\xFD".to_vec()),
        ("cut.parquet", cut("en.parquet", 9)),
        ("cut.arrow", cut("en.arrow", 5)),
        ("cut.xlsx", cut("en.xlsx", 9)),
        ("head.xlsx", cut("en.xlsx", 1)),
        ("garbage.jsonl.gz", garbage),
    ] {
        let (_dir, path) = file(name, &content);
        let run = run(&path, &[]);
        assert!([3, 4].contains(&run.code), "{name}: {}", run.stderr);
        let errors = run.records.iter().map(|record| &record["error"]);
        let errors = errors.filter(|error| !error.is_null()).count();
        assert_eq!(errors, usize::from(run.code == 3), "{name}");
        assert!(run.stderr.contains(name) || run.code == 3, "{name}");
    }
}

#[test]
fn archives_in_archives_are_refused() {
    let late = gzip(b"id,review\n1,late\n");
    let cases = [
        read("late.csv.gz", late.clone(), 1),
        refused("late.csv.gz", gzip(&late), "gzip data"),
        refused("late.csv.gz", zstd(&late), "gzip data"),
        refused(
            "late.csv.zst",
            gzip(&zstd(b"id,review\n1,late\n")),
            "Zstandard data",
        ),
    ];
    cases.iter().for_each(Case::check);
}

#[test]
fn what_unpacks_to_anything_is_refused_by_a_limit_that_moves() {
    let row = format!("{{\"text\":\"late\",\"x\":\"{}\"}}\n", "0".repeat(50_000));
    let rows = row.repeat(100);
    let limit = ["--max-unpacked-bytes", "1M"];
    let zeros = vec![b'0'; 8 << 20];
    for (name, content) in [
        ("bomb.txt.gz", gzip(&zeros)),
        ("bomb.txt.zst", zstd(&zeros)),
        ("bomb.jsonl.zst", zstd(rows.as_bytes())),
    ] {
        let (_dir, path) = file(name, &content);
        let run = run(&path, &limit);
        assert_eq!(run.code, 3, "{name}: {}", run.stderr);
        assert!(run.records.len() < 100, "{name}");
        let error = &run.records.last().expect("a record")["error"];
        let what = error["what"].as_str().expect("the last is an error");
        assert!(
            what.contains("unpacks to more than 1 MiB"),
            "{name}: {what}"
        );
        let hint = error["hint"].as_str().expect("a next step");
        assert!(hint.contains("--max-unpacked-bytes"), "{name}: {hint}");
    }
    // The same zeros as they come, once the limit is where it was: one long row.
    read("bomb.txt.gz", gzip(&zeros[..100_000]), 1).check();
    let cases = [
        bad_rows("long.txt.gz", gzip(&zeros), 1, "longer than 2 MiB")
            .with(&["--max-row-bytes", "2M"]),
        #[cfg(feature = "excel")]
        refused("bomb.xlsx", workbook(4 << 20), "unpacks to more than 1 MiB").with(&limit),
        #[cfg(feature = "excel")]
        read("bomb.xlsx", workbook(4 << 20), 5),
        #[cfg(feature = "arrow")]
        refused(
            "bomb.parquet",
            parquet(4 << 20),
            "unpacks to more than 1 MiB",
        )
        .with(&limit),
        #[cfg(feature = "arrow")]
        bad_rows("long.parquet", parquet(4 << 20), 1, "longer than 2 MiB")
            .with(&["--max-row-bytes", "2M"]),
        #[cfg(feature = "arrow")]
        read("whole.parquet", parquet(100_000), 1),
        #[cfg(feature = "arrow")]
        refused(
            "held.parquet.gz",
            gzip(&fixture("en.parquet")),
            "too long to be held",
        )
        .with(&["--max-unpacked-bytes", "1K"]),
    ];
    cases.iter().for_each(Case::check);
}

/// A workbook with one text, and that much air beside its sheet.
#[cfg(feature = "excel")]
fn workbook(air: usize) -> Vec<u8> {
    let bytes = fixture("en.xlsx");
    let archive = zip::ZipWriter::new_append(std::io::Cursor::new(bytes));
    let mut archive = archive.expect("a workbook");
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    archive.start_file("air.bin", options).expect("a new name");
    archive
        .write_all(&vec![0; air])
        .expect("memory does not fail");
    let bytes = archive.finish().expect("memory does not fail");
    bytes.into_inner()
}

/// A table with one text of that many letters.
#[cfg(feature = "arrow")]
fn parquet(letters: usize) -> Vec<u8> {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;
    use parquet::basic::Compression;
    use parquet::file::properties::WriterProperties;

    let text: ArrayRef = Arc::new(StringArray::from(vec!["0".repeat(letters)]));
    let batch = RecordBatch::try_from_iter([("text", text)]).expect("one column");
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(Default::default()))
        .set_dictionary_enabled(false);
    let properties = Some(properties.build());
    let mut bytes = Vec::new();
    let writer = ArrowWriter::try_new(&mut bytes, batch.schema(), properties);
    let mut writer = writer.expect("a schema");
    writer.write(&batch).expect("memory does not fail");
    writer.close().expect("memory does not fail");
    bytes
}

/// A line that does not end takes no more memory than one that is just too long.
#[test]
#[cfg(target_os = "linux")]
fn a_line_without_end_fills_no_memory() {
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("painpoint"))
        .args(["score", "--max-row-bytes", "1M", "--input-format", "jsonl"])
        .arg("--model")
        .arg(root("tests/fixtures/tiny-model"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the tool runs");
    let mut rows = child.stdin.take().expect("a pipe");
    rows.write_all(b"\"first\"\n\"").expect("the tool reads");
    for _ in 0..256 {
        rows.write_all(&[b'x'; 1 << 20]).expect("the tool reads");
    }
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
    let status = status.expect("the process is there");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|peak| peak.trim().strip_suffix(" kB"));
    let peak: u64 = peak.expect("a peak").trim().parse().expect("a number");
    rows.write_all(b"\"\n\"last\"\n").expect("the tool reads");
    drop(rows);
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(3));
    let records = records(&output.stdout);
    assert_eq!(records.len(), 3);
    let what = records[1]["error"]["what"].as_str().expect("an error");
    assert!(what.contains("longer than 1 MiB"), "{what}");
    assert!(records[2]["error"].is_null());
    assert!(peak < 128 << 10, "{peak} kB for a line of 256 MiB");
}

#[test]
fn limits_are_sizes() {
    for size in ["0", "-1", "many", "1.5G", ""] {
        let output = painpoint()
            .args(["score", "--max-row-bytes", size])
            .output()
            .expect("the tool runs");
        assert_eq!(output.status.code(), Some(2), "{size}");
    }
}

/// What is no file at all, or no more.
#[test]
#[cfg(unix)]
fn what_is_no_file_is_read_once_or_refused() {
    use std::os::unix::fs::symlink;

    let dir = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| dir.path().join(name);
    for (device, says) in [("/dev/null", "holds no rows"), ("/dev/zero", "binary data")] {
        let run = run(Path::new(device), &[]);
        assert_eq!(run.code, 4, "{device}");
        assert!(run.stderr.contains(says), "{device}: {}", run.stderr);
    }

    // An empty folder, and one with no way out.
    fs::create_dir(at("folder")).expect("a writable folder");
    let empty = run(&at("folder"), &[]);
    assert_eq!(empty.code, 4);
    assert!(
        empty.stderr.contains("no file in this folder"),
        "{}",
        empty.stderr
    );
    for name in ["folder/a", "folder/b"] {
        symlink(".", at(name)).expect("a link");
    }
    fs::write(at("folder/late.txt"), "late\n").expect("a writable folder");
    assert_eq!(run(&at("folder"), &[]).records.len(), 1);

    symlink(at("nothing.txt"), at("link.txt")).expect("a link");
    let dangling = run(&at("link.txt"), &[]);
    assert_eq!(dangling.code, 4);
    assert!(
        dangling.stderr.contains("cannot be opened"),
        "{}",
        dangling.stderr
    );

    // A named pipe is opened once: what was read of it does not come again.
    let pipe = at("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo runs").success());
    let rows: String = (0..2_000).map(|row| format!("late {row}\n")).collect();
    std::thread::scope(|scope| {
        scope.spawn(|| fs::write(&pipe, rows.as_bytes()).expect("the tool reads"));
        let run = run(&pipe, &["--input-format", "text"]);
        assert_eq!((run.code, run.records.len()), (0, 2_000), "{}", run.stderr);
    });
}

#[test]
#[cfg(unix)]
fn a_file_without_permission_says_so() {
    use std::os::unix::fs::PermissionsExt;

    let (_dir, path) = file("secret.csv", b"id,review\n1,late\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("our own file");
    // The superuser may read everything.
    if fs::read(&path).is_ok() {
        return;
    }
    let run = run(&path, &[]);
    assert_eq!(run.code, 4);
    assert!(
        run.stderr.contains("secret.csv: cannot be opened"),
        "{}",
        run.stderr
    );
}

/// Removed or cut short while it is read: what was opened is read to its end.
#[test]
#[cfg(unix)]
fn a_file_that_changes_under_way_ends_in_order() {
    let padding = "x".repeat(4_000);
    let rows = format!("{{\"text\":\"late\",\"x\":\"{padding}\"}}\n").repeat(2_000);
    for cut in [false, true] {
        let (_dir, path) = file("rows.jsonl", rows.as_bytes());
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("painpoint"))
            .args(["score", "--quiet", "--model"])
            .arg(root("tests/fixtures/tiny-model"))
            .arg(&path)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the tool runs");
        let mut output = vec![0];
        let mut out = child.stdout.take().expect("a pipe");
        out.read_exact(&mut output).expect("a record");
        let file = fs::OpenOptions::new().write(true).open(&path);
        match cut {
            true => file.and_then(|file| file.set_len(rows.len() as u64 - 100)),
            false => fs::remove_file(&path),
        }
        .expect("our own file");
        out.read_to_end(&mut output).expect("records");
        let end = child.wait_with_output().expect("an end");
        assert!(end.stderr.is_empty());
        let records = records(&output);
        assert_eq!(records.len(), 2_000);
        let errors = records.iter().filter(|record| !record["error"].is_null());
        assert_eq!(errors.count(), usize::from(cut));
        assert_eq!(end.status.code(), Some(if cut { 3 } else { 0 }));
    }
}
