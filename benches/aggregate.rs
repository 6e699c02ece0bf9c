//! A report of many records takes seconds, and memory that does not grow with
//! them: 10,000, 100,000 and a million records of made-up reviews, by the tool.
//! `cargo bench --bench aggregate` prints time and peak memory of each; it needs
//! Linux's /proc and Python, which makes the records.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn main() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let records = folder.path().join("records.jsonl");
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "| records | MB | s | peak memory, MiB |\n|---|---|---|---|"
    )?;
    for count in [10_000, 100_000, 1_000_000] {
        make(count, &records)?;
        let started = Instant::now();
        let mut tool = Command::new(env!("CARGO_BIN_EXE_painpoint"))
            .args(["report", "--quiet", "--value-column", "refund", "--output"])
            .arg(folder.path().join("report.html"))
            .arg(&records)
            .spawn()?;
        let peak = watch(&mut tool)? / 1024;
        let seconds = started.elapsed().as_secs_f64();
        let megabytes = fs::metadata(&records)?.len() / 1_000_000;
        writeln!(out, "| {count} | {megabytes} | {seconds:.1} | {peak} |")?;
    }
    Ok(())
}

fn make(count: usize, records: &Path) -> io::Result<()> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/data/report/half_year.py");
    let status = Command::new("python3")
        .args([script, "--records", "--count", &count.to_string()])
        .stdout(Stdio::from(File::create(records)?))
        .status()?;
    if status.success() {
        return Ok(());
    }
    Err(io::Error::other("the script failed"))
}

/// The most memory that a process held until it ended, in KiB, from `VmHWM`.
fn watch(tool: &mut Child) -> io::Result<u64> {
    let path = format!("/proc/{}/status", tool.id());
    let mut peak = 0;
    loop {
        let status = fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        peak = number.and_then(|it| it.parse().ok()).unwrap_or(peak);
        if let Some(status) = tool.try_wait()? {
            return match status.success() {
                true => Ok(peak),
                false => Err(io::Error::other("the report failed")),
            };
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
