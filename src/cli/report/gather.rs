//! Files of records, and of aggregates → aggregates.
//!
//! One thread reads lines, the others gather; each has aggregates of its own,
//! merged at the end.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, SyncSender};

use anyhow::Context;
use painpoint::aggregate::{Aggregates, InputColumns};

/// Lines travel between threads in blocks of about so many bytes.
const BLOCK: usize = 1 << 18;

/// How aggregates begin, as this program writes them. Records begin otherwise.
const AGGREGATES: &[u8] = b"{\"version\":";

pub(super) struct Gathered {
    pub(super) aggregates: Aggregates,
    /// What was wrong with lines that are no records, and how many lines.
    pub(super) unreadable: BTreeMap<String, u64>,
}

/// Gathers what is in the files at `paths`; in standard input if there are none.
pub(super) fn gather(
    paths: &[PathBuf],
    columns: &InputColumns,
    threads: usize,
) -> anyhow::Result<Gathered> {
    let threads = match threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let (blocks, waiting) = mpsc::sync_channel(2 * threads);
    let waiting = Mutex::new(waiting);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| work(&waiting, columns)))
            .collect();
        let finished = read_all(paths, &blocks);
        // No more blocks: the workers end.
        drop(blocks);
        let mut whole = finished?;
        for worker in workers {
            let part = worker.join().expect("a worker does not panic");
            for (problem, count) in part.unreadable {
                *whole.unreadable.entry(problem).or_default() += count;
            }
            merge(&mut whole.aggregates, part.aggregates)?;
        }
        let aggregates = whole.aggregates;
        Ok(Gathered {
            aggregates: aggregates.unwrap_or_else(|| Aggregates::new(columns.clone())),
            unreadable: whole.unreadable,
        })
    })
}

/// Whole lines, ends included.
type Block = Vec<u8>;

#[derive(Default)]
struct Part {
    aggregates: Option<Aggregates>,
    unreadable: BTreeMap<String, u64>,
}

fn work(blocks: &Mutex<Receiver<Block>>, columns: &InputColumns) -> Part {
    let mut part = Part::default();
    loop {
        let block = blocks.lock().expect("no thread panics with it").recv();
        let Ok(block) = block else { return part };
        let aggregates = part
            .aggregates
            .get_or_insert_with(|| Aggregates::new(columns.clone()));
        for line in block.split(|&byte| byte == b'\n') {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            if let Err(error) = aggregates.add_record(line) {
                // Without the place in the line, which differs from line to line.
                *part
                    .unreadable
                    .entry(error.message().to_owned())
                    .or_default() += 1;
            }
        }
    }
}

/// Hands records to the workers; aggregates are merged here.
fn read_all(paths: &[PathBuf], blocks: &SyncSender<Block>) -> anyhow::Result<Part> {
    let mut part = Part::default();
    if paths.is_empty() {
        let stdin = std::io::stdin().lock();
        read(stdin, &mut part, blocks).context("stdin")?;
    }
    for path in paths {
        if path == Path::new("-") {
            read(std::io::stdin().lock(), &mut part, blocks).context("stdin")?;
            continue;
        }
        let name = || path.display().to_string();
        let file = File::open(path).with_context(name)?;
        read(file, &mut part, blocks).with_context(name)?;
    }
    Ok(part)
}

fn read(input: impl Read, part: &mut Part, blocks: &SyncSender<Block>) -> anyhow::Result<()> {
    let mut input = BufReader::with_capacity(BLOCK, input);
    if input.fill_buf()?.starts_with(AGGREGATES) {
        let mut json = Vec::new();
        input.read_to_end(&mut json)?;
        return merge(&mut part.aggregates, Some(Aggregates::from_json(&json)?));
    }
    loop {
        let mut block = Vec::with_capacity(BLOCK + (BLOCK >> 2));
        input.by_ref().take(BLOCK as u64).read_to_end(&mut block)?;
        if block.is_empty() {
            return Ok(());
        }
        if block.last() != Some(&b'\n') {
            input.read_until(b'\n', &mut block)?;
        }
        // Nobody takes blocks any more only if all workers ended, which they do last.
        let _ = blocks.send(block);
    }
}

fn merge(whole: &mut Option<Aggregates>, part: Option<Aggregates>) -> anyhow::Result<()> {
    match (whole.as_mut(), part) {
        (Some(whole), Some(part)) => whole.merge(part)?,
        (None, part) => *whole = part,
        (Some(_), None) => {}
    }
    Ok(())
}
