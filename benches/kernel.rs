//! The dense layers in eight bits: operations a second at the encoder's shapes,
//! on every instruction set of this machine, and their share of what the set's
//! own instruction reaches on registers alone. `cargo bench --bench kernel`.
//!
//! Below it attention in floats, over windows of several lengths.
//!
//! A multiplication and an addition are two operations. Each figure is the best
//! of many runs on one thread.

use std::hint::black_box;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use painpoint::stages::{AttentionKernel, DenseKernel};

/// `[rows, inputs, outputs]`: queries, keys and values; attention's output; the
/// two layers of the feed-forward part.
const SHAPES: [[usize; 3]; 4] = [
    [128, 384, 1152],
    [128, 384, 384],
    [128, 384, 1536],
    [128, 1536, 384],
];

/// Tokens of a window.
const WINDOWS: [usize; 4] = [16, 40, 128, 512];

/// How long each figure is measured.
const PATIENCE: Duration = Duration::from_millis(500);

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "| set | shape | Gop/s | of the peak |\n|---|---|---|---|"
    )?;
    for shape in SHAPES {
        for mut kernel in DenseKernel::all(shape) {
            let peak = kernel
                .peak(1)
                .map(|_| rate(|| kernel.peak(black_box(10_000)).unwrap_or(0)));
            let rate = rate(|| kernel.run());
            let share = peak.map_or("".to_owned(), |peak| {
                format!("{:.0} % of {peak:.0}", 100.0 * rate / peak)
            });
            let (set, [rows, inputs, outputs]) = (kernel.set(), shape);
            writeln!(
                out,
                "| {set} | {rows} × {inputs} × {outputs} | {rate:.0} | {share} |"
            )?;
        }
    }
    writeln!(out, "\n| set | tokens | Gflop/s | µs |\n|---|---|---|---|")?;
    for tokens in WINDOWS {
        for mut kernel in AttentionKernel::all(tokens, 12, 32) {
            let rate = rate(|| kernel.run());
            let (set, micros) = (kernel.set(), kernel.run() as f64 / rate / 1e3);
            writeln!(out, "| {set} | {tokens} | {rate:.0} | {micros:.1} |")?;
        }
    }
    Ok(())
}

/// The most billions a second that `work` does, which says how many it did.
fn rate(mut work: impl FnMut() -> u64) -> f64 {
    let started = Instant::now();
    let mut best = 0.0;
    while started.elapsed() < PATIENCE {
        let begun = Instant::now();
        let operations = work() as f64;
        best = f64::max(best, operations / begun.elapsed().as_secs_f64() / 1e9);
    }
    best
}
