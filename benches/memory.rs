//! Memory does not grow with the number of rows: 10,000, 100,000 and a million
//! rows are read, analyzed and written, with a stand-in for the encoder that
//! takes no time. `cargo bench --bench memory` prints peak memory after each;
//! it needs Linux's /proc.

use std::io::{self, Read, Write};
use std::time::Instant;

use painpoint::{
    Analyzer, Embeddings, Encoder, Feedback, Model, OutputFormat, ReadOptions, Reader, Result,
    Writer,
};

/// Rows that are analyzed together, as in the tool.
const BATCH: usize = 256;

fn main() -> io::Result<()> {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tiny-model");
    let model = Model::load(dir).expect("a model of the repository");
    let encoder = Box::new(StandIn { dimension: 64 });
    let builder = Analyzer::builder().model(model).encoder(encoder);
    let analyzer = builder.build().expect("a model of the repository");

    let mut out = io::stdout().lock();
    writeln!(out, "| rows | rows/s | peak memory, MiB |\n|---|---|---|")?;
    for rows in [10_000, 100_000, 1_000_000] {
        let started = Instant::now();
        stream(&analyzer, rows);
        let rate = rows as f64 / started.elapsed().as_secs_f64();
        writeln!(out, "| {rows} | {rate:.0} | {} |", peak_kib()? / 1024)?;
    }
    Ok(())
}

fn stream(analyzer: &Analyzer, rows: u64) {
    let table = Table {
        next: 0,
        rows,
        line: io::Cursor::new(b"id,review,shop\n".to_vec()),
    };
    let reader = Reader::from_read("rows.csv", table, &ReadOptions::default()).expect("a table");
    let mut writer = Writer::new(io::sink(), OutputFormat::Jsonl, analyzer.model_id(), &[]);
    let mut batch: Vec<Feedback> = Vec::with_capacity(BATCH);
    let mut written = 0;
    let mut rows_left = reader
        .map(|row| row.expect("a sound row").feedback)
        .peekable();
    while rows_left.peek().is_some() {
        batch.extend(rows_left.by_ref().take(BATCH));
        for (feedback, analysis) in batch.iter().zip(analyzer.analyze_batch(&batch)) {
            writer
                .write(feedback, &analysis.expect("any text"))
                .expect("a sink takes all");
            written += 1;
        }
        batch.clear();
    }
    assert_eq!(written, rows);
}

/// A table that is made while it is read.
struct Table {
    next: u64,
    rows: u64,
    line: io::Cursor<Vec<u8>>,
}

impl Read for Table {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.line.read(buffer)?;
        if read > 0 || self.next == self.rows {
            return Ok(read);
        }
        let texts = [
            "Too slow again",
            "Trop lent encore",
            "又慢又贵",
            "ช้ามาก",
            "Muy lento",
            "又慢又貴",
        ];
        let text = texts[self.next as usize % texts.len()];
        self.line = io::Cursor::new(format!("{0},{text} {0},Lyon\n", self.next).into_bytes());
        self.next += 1;
        self.line.read(buffer)
    }
}

/// Gives each token a vector made of its id.
struct StandIn {
    dimension: usize,
}

impl Encoder for StandIn {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn max_tokens(&self) -> usize {
        64
    }

    fn encode(&self, windows: &[&[u32]]) -> Result<Embeddings> {
        let ids = windows.iter().flat_map(|window| window.iter());
        let values = ids
            .flat_map(|&id| (0..self.dimension as u32).map(move |i| (id ^ i) as f32 % 7.0 - 3.0));
        Ok(Embeddings::new(values.collect(), self.dimension))
    }
}

/// The most memory this process has held, from `VmHWM`.
fn peak_kib() -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| io::Error::other("no VmHWM"))
}
