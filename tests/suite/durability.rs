//! Nothing lost, nothing doubled: runs that are killed, stopped, crowded out or
//! shared among several, and pipes that are slow or in a hurry.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::support::{painpoint, records, root};

/// Moments at which runs are killed.
const KILLS: usize = 100;

/// A folder with feedback in it.
struct Folder(TempDir);

impl Folder {
    /// With `a.csv` and `b.jsonl`, of so many rows together, and a file between them
    /// that is not there.
    fn new(rows: usize) -> Self {
        let folder = Self(tempfile::tempdir().expect("a temporary folder"));
        let mut table = String::from("id,review,shop\n");
        let mut lines = String::new();
        for number in 0..rows / 2 {
            table.push_str(&format!("{number},{},\"Nº {number}\"\n", cell(number)));
            let id = number + rows / 2;
            let text = cell(id).trim_matches('"').replace('\n', " ");
            lines.push_str(&format!("{{\"id\":{id},\"text\":\"{text}\"}}\n"));
            if number % 40 == 7 {
                lines.push_str("{\"text\":\n");
            }
        }
        folder.write("a.csv", &table);
        folder.write("b.jsonl", &lines);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.path(name), content).expect("a writable folder");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("the file")
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a folder");
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
        let mut names: Vec<_> = entries
            .map(|entry| name(entry).to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// A run over all its feedback, in the folder.
    fn score(&self, output: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("painpoint"));
        command
            .current_dir(self.0.path())
            .args(["score", "a.csv", "missing.csv", "b.jsonl", "--quiet"])
            .args(["--output", output, "--model"])
            .arg(root("tests/fixtures/tiny-model"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    /// Runs to the end, which is 3, as some rows cannot be read.
    fn score_all(&self, output: &str, arguments: &[&str]) {
        let output = run(&mut self.score(output, arguments));
        assert_eq!(code(&output), 3, "{}", stderr(&output));
    }

    /// Starts a run, and waits until some of it is done.
    fn start(&self, output: &str, arguments: &[&str]) -> Child {
        let mut score = self.score(output, arguments);
        let mut child = score.spawn().expect("the tool runs");
        while self.rows_done(output).unwrap_or(0) == 0 {
            assert!(child.try_wait().expect("a child").is_none(), "too fast");
            std::thread::sleep(Duration::from_millis(5));
        }
        child
    }

    /// The rows that the journal of a run says are done, if there is one.
    fn rows_done(&self, output: &str) -> Option<u64> {
        let journal = fs::read(self.path(&format!(".{output}.journal"))).ok()?;
        let json = journal.split(|&byte| byte == b'\n').next()?;
        let journal: serde_json::Value = serde_json::from_slice(json).expect("JSON");
        journal["done"]["rows"].as_u64()
    }
}

/// A cell of a table: of several lines or scripts, or like another one far before.
fn cell(number: usize) -> String {
    match number % 7 {
        0 => format!("\"slow, late\nand rude {number}\""),
        1 => format!("物流太慢了 {number}"),
        2 => "The box was open and the cup inside was broken".to_owned(),
        3 => format!("colis abîmé {number}"),
        4 => "ok".to_owned(),
        5 => format!("ส่งช้า {number}"),
        _ => format!("llegó tarde {number} 😡"),
    }
}

fn run(command: &mut Command) -> Output {
    command.output().expect("the tool runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Asserts that a run failed, saying all of these words.
#[track_caller]
fn assert_refused(output: &Output, words: &[&str]) {
    let stderr = stderr(output);
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    for word in words {
        assert!(stderr.contains(word), "{stderr:?} does not say {word:?}");
    }
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let kill = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status();
    assert!(kill.expect("kill runs").success());
}

#[test]
fn killed_at_any_moment_a_run_comes_to_the_same_bytes() {
    // Long enough for kills to come amid them, with and without optimisation.
    let count = if cfg!(debug_assertions) { 300 } else { 1500 };
    let folder = Folder::new(count);
    // A linear congruential generator: the moments are the same in every run.
    let mut random = 0x00C0_FFEE_u64;
    let mut moment = || {
        random = random.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
        Duration::from_micros((random >> 33) % 120_000)
    };
    for format in ["jsonl", "csv"] {
        let (whole, killed) = (format!("whole.{format}"), format!("killed.{format}"));
        folder.score_all(&whole, &[]);
        let expected = folder.read(&whole);
        let (mut kills, mut went_on, mut rows) = (0, 0, 0);
        loop {
            let mut score = folder.score(&killed, &[]);
            let mut child = score.spawn().expect("the tool runs");
            let is_last = kills == KILLS / 2;
            // In every other run the clock starts with the first records, however long
            // the program takes to start.
            while !is_last
                && kills % 2 == 0
                && folder.rows_done(&killed).unwrap_or(0) <= rows
                && child.try_wait().expect("a child").is_none()
            {
                std::thread::sleep(Duration::from_millis(2));
            }
            if !is_last {
                std::thread::sleep(moment());
                child.kill().expect("a child");
                kills += 1;
            }
            let status = child.wait().expect("an end");
            let done = folder.rows_done(&killed).unwrap_or(0);
            went_on += usize::from(done > rows && rows > 0);
            rows = done;
            if status.code() == Some(3) {
                assert!(folder.read(&killed) == expected, "{format}, {kills} kills");
                fs::remove_file(folder.path(&killed)).expect("the output");
            }
            if is_last {
                assert_eq!(status.code(), Some(3));
                break;
            }
        }
        assert!(went_on >= 10, "{went_on} runs went on");
    }
    assert_eq!(
        folder.names(),
        ["a.csv", "b.jsonl", "whole.csv", "whole.jsonl"]
    );
    // Every row once.
    let whole = folder.read("whole.jsonl");
    let ids: Vec<_> = records(&whole)
        .iter()
        .filter_map(|record| record["id"].as_str()?.parse::<usize>().ok())
        .collect();
    assert_eq!(ids, (0..count).collect::<Vec<_>>());
}

#[test]
#[cfg(unix)]
fn ctrl_c_says_how_to_go_on_and_loses_nothing() {
    let folder = Folder::new(400);
    folder.score_all("whole.csv", &[]);
    for (name, signal_name) in [("it's.csv", "-INT"), ("term.csv", "-TERM")] {
        let child = folder.start(name, &["--restart"]);
        signal(&child, signal_name);
        let output = child.wait_with_output().expect("an end");
        let stderr = stderr(&output);
        assert_eq!(code(&output), 130, "{stderr}");
        assert!(!folder.path(name).exists());
        let (_, command) = stderr.split_once("again:\n").expect("what to do");
        assert!(!command.contains("--restart"), "{command}");
        // The words are a command that a shell takes.
        let output = run(Command::new("sh")
            .current_dir(folder.0.path())
            .args(["-c", command])
            .arg("sh"));
        assert_eq!(code(&output), 3, "{command}");
        assert!(folder.read(name) == folder.read("whole.csv"));
    }
}

/// A run whose first row takes far longer than the tests wait, at work on it.
#[cfg(unix)]
fn at_a_long_row(folder: &Folder, sentences: usize) -> Child {
    let row = "slow and dirty. ".repeat(sentences);
    folder.write("a.csv", &format!("review\n{row}\n"));
    let mut score = folder.score("out.jsonl", &["--restart"]);
    let child = score.spawn().expect("the tool runs");
    while !folder.path(".out.jsonl.journal").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    child
}

#[test]
#[cfg(unix)]
fn ctrl_c_does_not_wait_for_the_end_of_a_long_row() {
    let folder = Folder::new(400);
    let child = at_a_long_row(&folder, 100_000);
    signal(&child, "-INT");
    let output = child.wait_with_output().expect("an end");
    assert_eq!(code(&output), 130);
    assert_eq!(folder.rows_done("out.jsonl"), Some(0));
    assert!(stderr(&output).contains("0 rows are done"));
}

#[test]
#[cfg(unix)]
fn a_second_ctrl_c_leaves_at_once() {
    let folder = Folder::new(400);
    // Nothing is asked about stopping while this is prepared.
    let child = at_a_long_row(&folder, 900_000);
    signal(&child, "-INT");
    std::thread::sleep(Duration::from_millis(100));
    signal(&child, "-INT");
    let since = Instant::now();
    let output = child.wait_with_output().expect("an end");
    assert_eq!(code(&output), 130);
    assert!(since.elapsed() < Duration::from_secs(1));
}

#[test]
#[cfg(unix)]
fn a_run_with_other_settings_or_inputs_is_refused() {
    let folder = Folder::new(200);
    folder.score_all("whole.jsonl", &[]);
    let whole = folder.read("whole.jsonl");
    let table = String::from_utf8(folder.read("a.csv")).expect("UTF-8");
    let stop = |arguments: &[&str]| {
        let child = folder.start("out.jsonl", arguments);
        signal(&child, "-INT");
        assert_eq!(code(&child.wait_with_output().expect("an end")), 130);
    };
    stop(&[]);
    let partial = folder.read(".out.jsonl.partial");
    for (arguments, word) in [
        (&["--redact"][..], "--redact was false, and is now true"),
        (
            &["--language", "fr"],
            "--language was not given, and is now fr",
        ),
        (&["--engine", "f32"], "--engine was int8, and is now f32"),
        (
            &["--output-format", "csv"],
            "output format was jsonl, and is now csv",
        ),
        (&["--text", "shop"], "--text was not given, and is now shop"),
        (&["--column", "place=none"], "--column"),
        (&["--shard", "1/2"], "--shard"),
        (&["whole.jsonl"], "3 inputs were read, and now 4"),
    ] {
        let output = run(&mut folder.score("out.jsonl", arguments));
        assert_refused(&output, &["out.jsonl", word, "--restart"]);
    }
    folder.write("a.csv", &table.replace("late", "soon"));
    let output = run(&mut folder.score("out.jsonl", &[]));
    assert_refused(&output, &["a.csv has changed", "--restart"]);
    // Nothing of it did any harm, and what changes no byte may change.
    assert!(folder.read(".out.jsonl.partial") == partial);
    folder.write("a.csv", &table);
    folder.score_all("out.jsonl", &["--resume", "--threads", "1", "--batch", "9"]);
    assert!(folder.read("out.jsonl") == whole);

    let output = run(&mut folder.score("out.jsonl", &["--resume"]));
    assert_refused(&output, &["no run that stopped"]);
    stop(&["--redact"]);
    folder.score_all("out.jsonl", &["--restart"]);
    assert!(folder.read("out.jsonl") == whole);
    assert_eq!(
        folder.names(),
        ["a.csv", "b.jsonl", "out.jsonl", "whole.jsonl"]
    );
}

#[test]
#[cfg(unix)]
fn a_journal_or_a_partial_output_that_is_damaged_is_refused() {
    let folder = Folder::new(200);
    folder.score_all("whole.jsonl", &[]);
    let child = folder.start("out.jsonl", &[]);
    signal(&child, "-KILL");
    child.wait_with_output().expect("an end");
    let journal = String::from_utf8(folder.read(".out.jsonl.journal")).expect("JSON");
    folder.write(
        ".out.jsonl.journal",
        &journal.replacen("\"bytes\":", "\"bytes\":1", 1),
    );
    let output = run(&mut folder.score("out.jsonl", &[]));
    assert_refused(&output, &[".out.jsonl.journal", "is damaged", "--restart"]);

    folder.write(".out.jsonl.journal", &journal);
    folder.write(".out.jsonl.partial", "{}\n");
    let output = run(&mut folder.score("out.jsonl", &[]));
    assert_refused(&output, &[".out.jsonl.partial", "shorter", "--restart"]);

    folder.score_all("out.jsonl", &["--restart"]);
    assert!(folder.read("out.jsonl") == folder.read("whole.jsonl"));
}

#[test]
fn two_runs_do_not_write_one_output() {
    let folder = Folder::new(20);
    let mut first = folder.score("out.jsonl", &[]);
    // Waits for the pipe, with the output in its hands.
    let mut first = first
        .arg("-")
        .stdin(Stdio::piped())
        .spawn()
        .expect("the tool runs");
    writeln!(first.stdin.as_mut().expect("a pipe"), "slow").expect("the tool reads");
    while !folder.path(".out.jsonl.partial").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    // It is created just before it is locked.
    std::thread::sleep(Duration::from_millis(50));
    for arguments in [&[][..], &["--restart"], &["--resume"]] {
        let output = run(&mut folder.score("out.jsonl", arguments));
        assert_refused(&output, &["out.jsonl", "another run is writing this file"]);
    }
    drop(first.stdin.take());
    let output = first.wait_with_output().expect("an end");
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert_eq!(folder.names(), ["a.csv", "b.jsonl", "out.jsonl"]);
}

#[test]
#[cfg(unix)]
fn a_full_disk_is_named_and_the_run_goes_on_once_there_is_room() {
    let folder = Folder::new(200);
    folder.score_all("whole.jsonl", &[]);
    let score = folder.score("out.jsonl", &[]);
    // Files of 256 blocks at most; a write behind that fails instead of killing.
    let output = run(Command::new("sh")
        .current_dir(folder.0.path())
        .args(["-c", "trap '' XFSZ; ulimit -f 256; exec \"$@\"", "sh"])
        .arg(score.get_program())
        .args(score.get_args()));
    assert_refused(
        &output,
        &["cannot write", "rows are done and kept", "again"],
    );
    assert!(!folder.path("out.jsonl").exists());
    folder.score_all("out.jsonl", &["--resume"]);
    assert!(folder.read("out.jsonl") == folder.read("whole.jsonl"));
}

#[test]
#[cfg(target_os = "linux")]
fn devices_are_written_to_and_left_where_they_are() {
    use std::os::unix::fs::FileTypeExt;

    let folder = Folder::new(20);
    assert_refused(
        &run(&mut folder.score("/dev/full", &[])),
        &["cannot write the records"],
    );
    folder.score_all("/dev/null", &[]);
    let device = fs::metadata("/dev/null").expect("a device");
    assert!(device.file_type().is_char_device());
    let mut full = folder.score("/dev/stdout", &[]);
    let output = run(full.stdout(fs::File::create("/dev/full").expect("a device")));
    assert_refused(&output, &["cannot write the records"]);
}

#[test]
#[cfg(unix)]
fn what_is_taken_away_under_way_is_named() {
    let folder = Folder::new(300);
    let outputs = tempfile::tempdir().expect("a temporary folder");
    let score = |name: &str, meanwhile: &dyn Fn(&Path)| {
        let out = outputs.path().join(name);
        fs::create_dir_all(&out).expect("a writable folder");
        let path = out.join("out.jsonl");
        let mut score = folder.score(path.to_str().expect("UTF-8"), &[]);
        let child = score.spawn().expect("the tool runs");
        while !out.join(".out.jsonl.journal").exists() {
            std::thread::sleep(Duration::from_millis(5));
        }
        meanwhile(&out);
        child.wait_with_output().expect("an end")
    };
    let remove_partial = |out: &Path| fs::remove_file(out.join(".out.jsonl.partial"));
    let output = score("partial", &|out| remove_partial(out).expect("the file"));
    assert_refused(&output, &[".out.jsonl.partial", "was taken away"]);
    assert!(!stderr(&output).contains("kept"));

    let output = score("folder", &|out| {
        fs::remove_dir_all(out).expect("the folder")
    });
    assert_refused(&output, &[".out.jsonl"]);
    assert!(!stderr(&output).contains("kept"));

    // What is read changes while it is read.
    let append = |_: &Path| {
        let mut options = fs::OpenOptions::new();
        let mut file = options
            .append(true)
            .open(folder.path("a.csv"))
            .expect("the input");
        file.write_all(b"900,late again,x\n").expect("the input");
    };
    let output = score("input", &append);
    assert_refused(
        &output,
        &["a.csv", "changed while it was read", "--restart"],
    );
    assert!(!outputs.path().join("input/out.jsonl").exists());
    let output = score("input", &|_| ());
    assert_refused(&output, &["a.csv has changed", "--restart"]);
}

#[test]
fn shards_merge_into_the_bytes_of_one_run() {
    let folder = Folder::new(320);
    let merge = |names: &[String], output: &str| {
        let mut merge = Command::new(painpoint().get_program());
        merge.current_dir(folder.0.path()).arg("merge").args(names);
        run(merge.args(["--output", output]))
    };
    for format in ["jsonl", "csv"] {
        let whole = format!("whole.{format}");
        folder.score_all(&whole, &[]);
        for of in [1, 2, 4] {
            let name = |number| format!("{number}-of-{of}.{format}");
            let mut names: Vec<_> = (1..=of).map(name).collect();
            for (number, name) in (1..).zip(&names) {
                // All rows that cannot be read may be in other shards.
                let output = run(&mut folder.score(name, &["--shard", &format!("{number}/{of}")]));
                assert!([0, 3].contains(&code(&output)), "{}", stderr(&output));
            }
            names.reverse();
            let output = merge(&names, "merged");
            assert_eq!(code(&output), 3, "{}", stderr(&output));
            assert!(
                folder.read("merged") == folder.read(&whole),
                "{of} shards of {format}"
            );
        }
    }

    let names = |names: [&str; 4]| names.map(|name| format!("{name}-of-4.csv"));
    fs::remove_file(folder.path("merged")).expect("the output");
    let output = merge(&names(["1", "2", "4", "1"])[..3], "merged");
    assert_refused(&output, &["missing", "3/4"]);
    assert_refused(
        &merge(&names(["1", "2", "3", "2"]), "merged"),
        &["are both shard 2/4"],
    );
    let foreign = [
        &names(["1", "2", "3", "4"])[..3],
        &["2-of-2.csv".to_owned()],
    ]
    .concat();
    assert_refused(&merge(&foreign, "merged"), &["not of one run"]);
    let foreign = [
        &names(["1", "2", "3", "4"])[..3],
        &["4-of-4.jsonl".to_owned()],
    ]
    .concat();
    assert_refused(&merge(&foreign, "merged"), &["output format"]);
    assert_refused(
        &merge(&["whole.csv".to_owned()], "merged"),
        &["whole.csv.shard"],
    );

    // A shard that was touched, one of other settings, and one of other inputs.
    let mut shard = folder.read("3-of-4.csv");
    let last = shard.len() - 2;
    shard[last] ^= 1;
    fs::write(folder.path("3-of-4.csv"), shard).expect("a writable folder");
    let all = names(["1", "2", "3", "4"]);
    assert_refused(
        &merge(&all, "merged"),
        &["3-of-4.csv", "has changed", "3/4"],
    );
    run(&mut folder.score("3-of-4.csv", &["--shard", "3/4", "--redact"]));
    assert_refused(&merge(&all, "merged"), &["3-of-4.csv", "--redact"]);
    folder.write("b.jsonl", "{\"text\":\"late\"}\n");
    run(&mut folder.score("3-of-4.csv", &["--shard", "3/4"]));
    assert_refused(
        &merge(&all, "merged"),
        &["3-of-4.csv", "b.jsonl has changed"],
    );
    assert!(!folder.path("merged").exists());
}

#[test]
fn a_shard_that_was_killed_goes_on() {
    let folder = Folder::new(600);
    folder.score_all("whole.csv", &[]);
    for number in ["1/2", "2/2"] {
        let name = format!("{}.csv", &number[..1]);
        for _ in 0..3 {
            let mut child = folder
                .score(&name, &["--shard", number])
                .spawn()
                .expect("runs");
            std::thread::sleep(Duration::from_millis(400));
            child.kill().expect("a process of ours");
            child.wait().expect("an end");
        }
        folder.score_all(&name, &["--shard", number]);
    }
    let mut merge = painpoint();
    merge
        .current_dir(folder.0.path())
        .args(["merge", "1.csv", "2.csv"]);
    let output = merge.output().expect("the tool runs");
    assert!(output.stdout == folder.read("whole.csv"));
}

#[test]
fn shards_are_of_files_and_in_files() {
    for arguments in [
        &["--shard", "1/2"][..],
        &["--shard", "3/2", "--output", "x.jsonl"],
        &["--resume", "--restart", "--output", "x.jsonl"],
    ] {
        let mut score = painpoint();
        let output = score.args(["score", "a.csv"]).args(arguments).output();
        assert_eq!(output.expect("the tool runs").status.code(), Some(2));
    }
    let folder = Folder::new(20);
    let mut score = folder.score("out.jsonl", &["--shard", "1/2", "-"]);
    let mut child = score.stdin(Stdio::piped()).spawn().expect("the tool runs");
    writeln!(child.stdin.take().expect("a pipe"), "slow").expect("the tool reads");
    let output = child.wait_with_output().expect("an end");
    assert_refused(&output, &["--shard reads files"]);
    assert_eq!(folder.names(), ["a.csv", "b.jsonl"]);
}

/// A run on a pipe.
struct Live {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Live {
    fn new(format: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("painpoint"))
            .args(["score", "-", "--quiet", "--input-format", format])
            .args(["--text-unit", "line", "--model"])
            .arg(root("tests/fixtures/tiny-model"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the tool runs");
        let answers = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { child, answers }
    }

    fn ask(&mut self, rows: &str) {
        let stdin = self.child.stdin.as_mut().expect("a pipe");
        stdin.write_all(rows.as_bytes()).expect("the tool reads");
        stdin.flush().expect("the tool reads");
    }

    fn answers(&mut self, count: usize) {
        for _ in 0..count {
            let mut answer = String::new();
            self.answers.read_line(&mut answer).expect("UTF-8");
            assert!(answer.ends_with("}\n"));
        }
    }

    fn end(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().expect("an end").success());
    }
}

#[test]
fn a_line_is_answered_within_the_latency_and_lines_that_come_fast_together() {
    // The model is loaded, and a line alone is answered though the pipe stays open.
    let mut live = Live::new("text", &["--max-latency-ms", "1500"]);
    live.ask("late\n");
    live.answers(1);
    let since = Instant::now();
    live.ask("slow\n");
    std::thread::sleep(Duration::from_millis(300));
    live.ask("rude\ndirty\n");
    live.answers(1);
    let first = since.elapsed();
    assert!(first > Duration::from_millis(1_300), "it waited for others");
    assert!(first < Duration::from_millis(5_000), "but not for long");
    live.answers(2);
    let all = since.elapsed() - first;
    assert!(
        all < Duration::from_millis(500),
        "which came with it: {all:?}"
    );
    live.end();

    // By default nobody waits for others for long,
    let mut live = Live::new("text", &[]);
    live.ask("late\n");
    live.answers(1);
    let since = Instant::now();
    for _ in 0..10 {
        live.ask("slow\n");
        live.answers(1);
    }
    let ten = since.elapsed();
    assert!(ten < Duration::from_secs(5), "{ten:?}");
    live.end();

    // and a full batch does not wait at all.
    let mut live = Live::new("text", &["--max-latency-ms", "3600000"]);
    live.ask(&"slow\n".repeat(16));
    live.answers(16);
    live.ask(&"slow\n".repeat(32));
    live.answers(32);
    live.end();
}

#[test]
fn who_takes_no_records_is_sent_no_more_rows() {
    let mut live = Live::new("text", &[]);
    let mut rows = live.child.stdin.take().expect("a pipe");
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent);
    let line = format!("{}\n", "slow. ".repeat(300));
    let writer = std::thread::spawn(move || {
        while rows.write_all(line.as_bytes()).is_ok() {
            counter.fetch_add(line.len(), Ordering::Relaxed);
        }
    });
    let mut before = usize::MAX;
    while sent.load(Ordering::Relaxed) != before || before == 0 {
        before = sent.load(Ordering::Relaxed);
        std::thread::sleep(Duration::from_secs(2));
    }
    assert!(before < 8 << 20, "{before} bytes were taken");
    live.child.kill().expect("a process of ours");
    live.child.wait().expect("an end");
    writer.join().expect("an end");
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_rows() {
    let mut live = Live::new("jsonl", &[]);
    let peak = |live: &Live| -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", live.child.id()));
        let status = status.expect("a process of ours");
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let size = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        size.expect("kilobytes")
    };
    let mut pass = |rows: usize| {
        let mut stdin = live.child.stdin.take().expect("a pipe");
        // The model is not asked about rows without words, so that there can be many.
        let writer = std::thread::spawn(move || {
            for _ in 0..rows / 100 {
                stdin
                    .write_all("{\"text\":\"\"}\n".repeat(100).as_bytes())
                    .expect("the tool reads");
            }
            stdin
        });
        live.answers(rows);
        live.child.stdin = Some(writer.join().expect("an end"));
        peak(&live)
    };
    let (few, many) = (pass(5_000), pass(50_000));
    assert!(
        many < few + 8_000,
        "{few} kB for few rows, {many} kB for many"
    );
    live.end();
}

#[test]
#[cfg(unix)]
fn rows_of_a_pipe_that_were_scored_are_not_lost() {
    let folder = Folder::new(20);
    let path = folder.path("out.jsonl");
    let mut live = Live::new("text", &["--output", path.to_str().expect("UTF-8")]);
    live.ask("late\nslow\n");
    let rows_kept = || {
        let partial = fs::read(folder.path(".out.jsonl.partial")).unwrap_or_default();
        partial.iter().filter(|&&byte| byte == b'\n').count()
    };
    while rows_kept() < 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    signal(&live.child, "-INT");
    // Taken, as to wait for a child closes its pipe.
    let stdin = live.child.stdin.take();
    assert_eq!(live.child.wait().expect("an end").code(), Some(130));
    drop(stdin);
    assert!(!path.exists());
    assert_eq!(records(&folder.read(".out.jsonl.partial")).len(), 2);
}

#[test]
fn a_run_that_fails_before_its_first_row_leaves_nothing() {
    let folder = Folder::new(20);
    let mut score = folder.score("out.jsonl", &["--resume"]);
    assert_refused(&run(&mut score), &["no run that stopped"]);
    assert_eq!(folder.names(), ["a.csv", "b.jsonl"]);
}
