//! The same input gives the same bytes, whatever the run is cut into.

use std::fmt;

use crate::support::{painpoint, root, score};

/// What changes how a run is cut, and may not change what it says.
#[derive(Clone, Copy)]
struct Cut {
    threads: u32,
    batch: u32,
}

impl Cut {
    /// Every number of threads with every size of batch; debug builds, which take
    /// minutes over that, try its corners.
    fn all() -> impl Iterator<Item = Self> {
        let (threads, batches): (&[u32], &[u32]) = match cfg!(debug_assertions) {
            true => (&[1, 3], &[1, 256]),
            false => (&[1, 2, 3, 8], &[1, 7, 64, 256]),
        };
        let cut = |&threads| batches.iter().map(move |&batch| Self { threads, batch });
        threads.iter().flat_map(cut)
    }

    fn arguments(self) -> [String; 4] {
        let Self { threads, batch } = self;
        [
            "--threads",
            &threads.to_string(),
            "--batch",
            &batch.to_string(),
        ]
        .map(str::to_owned)
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} threads, batches of {}", self.threads, self.batch)
    }
}

/// The bytes that `command` writes for the samples.
fn bytes(mut command: assert_cmd::Command, cut: Cut, arguments: &[&str]) -> Vec<u8> {
    let output = command
        .arg(root("data/samples"))
        .arg("--quiet")
        .args(cut.arguments())
        .args(arguments)
        .output()
        .expect("the tool runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{cut}: {stderr}");
    output.stdout
}

#[test]
fn no_cut_changes_a_byte() {
    for engine in ["int8", "f32"] {
        for format in ["jsonl", "csv"] {
            let arguments = ["--engine", engine, "--output-format", format];
            let mut cuts = Cut::all();
            let first = cuts.next().expect("there are some");
            let expected = bytes(score(), first, &arguments);
            assert!(expected.len() > 10_000, "{}", expected.len());
            for cut in cuts {
                let found = bytes(score(), cut, &arguments);
                assert!(found == expected, "{engine}, {format}: {cut}");
            }
        }
    }
}

/// The shipped model, whose windows and numbers are others: the ends of the matrix.
#[test]
#[cfg(feature = "bundled-model")]
#[cfg_attr(
    debug_assertions,
    ignore = "the bundled model takes minutes where nothing is optimised"
)]
fn no_cut_changes_a_byte_of_the_bundled_model() {
    let score = || {
        let mut command = painpoint();
        command.arg("score");
        command
    };
    let cut = |threads, batch| Cut { threads, batch };
    let expected = bytes(score(), cut(1, 1), &[]);
    for cut in [cut(2, 7), cut(3, 64), cut(8, 256)] {
        assert!(bytes(score(), cut, &[]) == expected, "{cut}");
    }
}

/// Shards that are each cut in another way, joined in any order.
#[test]
fn no_number_of_shards_changes_a_byte() {
    let folder = tempfile::tempdir().expect("a folder for the shards");
    let cut = |threads, batch| Cut { threads, batch };
    let expected = bytes(score(), cut(1, 64), &[]);
    for of in [1, 3, 8] {
        let mut merge = painpoint();
        merge.arg("merge");
        for number in (1..=of).rev() {
            let path = folder.path().join(format!("{number}-of-{of}.jsonl"));
            let shard = ["--shard", &format!("{number}/{of}"), "--output"];
            let mut score = score();
            score.args(shard).arg(&path);
            bytes(score, cut(number % 3 + 1, 1 << number), &[]);
            merge.arg(path);
        }
        let merged = merge.output().expect("the tool runs");
        let stderr = String::from_utf8_lossy(&merged.stderr);
        assert!(merged.status.success(), "{of} shards: {stderr}");
        assert!(merged.stdout == expected, "{of} shards");
    }
}
