//! A peer that is a program: a task in, an answer out, both JSON objects with
//! the same fields as in `task.py`.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// What went wrong, in words.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// What to measure, and how.
#[derive(Deserialize)]
pub struct Task {
    /// Of the engine: its name, or the file of its graph.
    pub model: String,
    pub threads: usize,
    /// Documents that are encoded together.
    pub batch: usize,
    /// The document that is encoded first, and timed alone.
    short: Vec<u32>,
    /// How often that is timed.
    calls: usize,
    /// A file with `documents`, the token ids of each.
    set: PathBuf,
    /// Every so-manieth of them is used.
    step: usize,
    /// How often these are timed.
    passes: usize,
    /// Where their vectors go, `f32` one after the other.
    vectors: Option<PathBuf>,
    /// When this process was started, in seconds since 1970.
    started: f64,
}

#[derive(Deserialize)]
struct Set {
    documents: Vec<Vec<u32>>,
}

#[derive(Serialize)]
struct Answer {
    first_result_s: f64,
    documents: usize,
    tokens: usize,
    passes: Vec<Span>,
    calls_ms: Vec<f64>,
    calls_cpu_ms: Option<f64>,
    peak_mib: f64,
}

/// How long something took, on the wall and on all cores together.
#[derive(Serialize)]
struct Span {
    wall_s: f64,
    cpu_s: f64,
}

impl Task {
    /// The one argument of this program.
    ///
    /// # Errors
    ///
    /// If there is none, or it is not a task.
    pub fn from_arguments() -> Result<Self> {
        let argument = std::env::args().nth(1);
        let argument = argument.ok_or("the argument is a task; benches/peers/run writes it")?;
        Ok(serde_json::from_str(&argument)?)
    }

    /// Measures `encode`, which gives a vector for each document, and writes the answer.
    ///
    /// # Errors
    ///
    /// Those of `encode` and of files.
    pub fn measure(&self, encode: impl Fn(&[&[u32]]) -> Result<Vec<Vec<f32>>>) -> Result<()> {
        encode(&[&self.short])?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
        let first_result_s = now - self.started;

        let set: Set = serde_json::from_slice(&fs::read(&self.set)?)?;
        let documents = set.documents.iter().step_by(self.step);
        let chosen: Vec<&[u32]> = documents.map(Vec::as_slice).collect();
        if let Some(path) = &self.vectors {
            let values = encode(&chosen)?;
            let bytes = values
                .iter()
                .flatten()
                .flat_map(|value| value.to_le_bytes());
            fs::write(path, bytes.collect::<Vec<u8>>())?;
        }
        let passes = (0..self.passes).map(|_| timed(|| encode(&chosen)));
        let passes = passes.collect::<Result<_>>()?;
        let before = cpu_seconds()?;
        let calls = (0..self.calls).map(|_| timed(|| encode(&[&self.short])));
        let calls = calls.collect::<Result<Vec<_>>>()?;
        let cpu = cpu_seconds()? - before;
        let answer = Answer {
            first_result_s,
            documents: chosen.len(),
            tokens: chosen.iter().map(|ids| ids.len()).sum(),
            passes,
            calls_cpu_ms: (!calls.is_empty()).then(|| 1e3 * cpu / calls.len() as f64),
            calls_ms: calls.iter().map(|call| 1e3 * call.wall_s).collect(),
            peak_mib: peak_mib()?,
        };
        writeln!(io::stdout(), "{}", serde_json::to_string(&answer)?)?;
        Ok(())
    }
}

/// Positions of `documents` in order of length, `size` at a time.
pub fn batches(documents: &[&[u32]], size: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.sort_by_key(|&index| documents[index].len());
    order.chunks(size).map(<[_]>::to_vec).collect()
}

/// The vectors of `batches` in the order of the documents.
pub fn in_order(batches: &[Vec<usize>], vectors: Vec<Vec<Vec<f32>>>) -> Vec<Vec<f32>> {
    let indices = batches.iter().flatten();
    let mut pairs: Vec<_> = indices.zip(vectors.into_iter().flatten()).collect();
    pairs.sort_by_key(|(index, _)| **index);
    pairs.into_iter().map(|(_, vector)| vector).collect()
}

/// The mean of rows of `width` values.
pub fn mean(rows: &[f32], width: usize) -> Vec<f32> {
    let mut mean = vec![0.0; width];
    for row in rows.chunks_exact(width) {
        for (mean, value) in mean.iter_mut().zip(row) {
            *mean += value;
        }
    }
    let count = (rows.len() / width) as f32;
    mean.iter_mut().for_each(|value| *value /= count);
    mean
}

fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<Span> {
    let (cpu, wall) = (cpu_seconds()?, Instant::now());
    work()?;
    Ok(Span {
        wall_s: wall.elapsed().as_secs_f64(),
        cpu_s: cpu_seconds()? - cpu,
    })
}

/// Processor time of this process so far, in steps of 10 ms.
fn cpu_seconds() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no name in /proc/self/stat")?;
    // User and system time are fields 14 and 15 of all, in ticks of 1/100 s.
    let ticks: Vec<f64> = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse)
        .collect::<std::result::Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / 100.0)
}

/// The most memory this process has held.
fn peak_mib() -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number
        .ok_or("no VmHWM in /proc/self/status")?
        .parse::<f64>()?
        / 1024.0)
}
