//! `painpoint merge`: the outputs of all shards → the bytes of one run.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};

use super::Outcome;
use super::durable::{Journal, Shard, facts_path, sha256};
use super::output::Output;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Outputs of all shards, in any order; each has its .shard file beside it
    #[arg(value_name = "FILE", required = true)]
    shards: Vec<PathBuf>,

    /// Write to this file instead of stdout; it appears when all is done
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let shares = arguments.shards.iter().map(Share::open);
    let shares = complete(shares.collect::<anyhow::Result<_>>()?)?;
    let failures: u64 = shares
        .iter()
        .map(|share| share.facts.done.tally.failures)
        .sum();
    let mut output = Output::open(arguments.output.as_deref())?;
    write(shares, &mut output)?;
    output.finish()?;
    Ok(match failures {
        0 => Outcome::Done,
        _ => Outcome::BadRows,
    })
}

/// The output of one shard.
struct Share {
    path: PathBuf,
    shard: Shard,
    facts: Journal,
    records: BufReader<File>,
}

impl Share {
    /// Opens an output, and compares it with what the run that wrote it said of it.
    fn open(path: &PathBuf) -> anyhow::Result<Self> {
        let name = path.display();
        let facts = facts_path(path);
        let Some(facts) = Journal::read(&facts)? else {
            bail!(
                "{name}: there is no {} beside it; name what `score --shard` wrote, and keep its .shard file with it",
                facts.display()
            );
        };
        let Some(shard) = facts.plan.shard else {
            bail!("{name}: is no shard");
        };
        let cannot_read = || format!("{name}: cannot be read");
        let mut file = File::open(path).with_context(cannot_read)?;
        let (digest, length) = sha256(&file).with_context(cannot_read)?;
        if length != facts.done.bytes || Some(&digest) != facts.done.sha256.as_ref() {
            bail!("{name}: has changed since it was written; score this shard, {shard}, again");
        }
        file.rewind().with_context(cannot_read)?;
        Ok(Self {
            path: path.clone(),
            shard,
            facts,
            records: BufReader::new(file),
        })
    }
}

/// The shares in the order of their numbers, once every one is there.
fn complete(mut shares: Vec<Share>) -> anyhow::Result<Vec<Share>> {
    shares.sort_by_key(|share| share.shard.number);
    let first = &shares[0];
    for other in &shares[1..] {
        let names = format!("{} and {}", first.path.display(), other.path.display());
        if first.shard.of != other.shard.of {
            let (first, other) = (first.shard, other.shard);
            bail!("{names}: are shards {first} and {other}, which are not of one run");
        }
        if let Some(difference) = other.facts.plan.difference(&first.facts.plan) {
            bail!("{names}: are not of one run: {difference}");
        }
        if first.facts.done.rows != other.facts.done.rows {
            bail!("{names}: are not of one run: they read a different number of rows");
        }
    }
    for pair in shares.windows(2) {
        if pair[0].shard == pair[1].shard {
            bail!(
                "{} and {}: are both shard {}",
                pair[0].path.display(),
                pair[1].path.display(),
                pair[0].shard
            );
        }
    }
    let of = first.shard.of;
    let has = |number| shares.iter().any(|share| share.shard.number == number);
    let missing: Vec<_> = (1..=of)
        .filter(|&number| !has(number))
        .map(|number| Shard { number, of }.to_string())
        .collect();
    if !missing.is_empty() {
        bail!("not all shards are here: {} missing", missing.join(", "));
    }
    Ok(shares)
}

/// Writes what stands before the first record, then the blocks of all in turn.
fn write(mut shares: Vec<Share>, output: &mut Output) -> anyhow::Result<()> {
    let (first, others) = shares.split_at_mut(1);
    first[0].copy(0, output)?;
    for share in others {
        share.copy(0, &mut io::sink())?;
    }
    let most = shares.iter().map(|share| share.facts.done.blocks.len());
    for block in 1..most.max().unwrap_or_default() {
        for share in &mut shares {
            share.copy(block, output)?;
        }
    }
    Ok(())
}

impl Share {
    /// Copies a block, if there is one of that number; 0 is what stands before the first.
    fn copy(&mut self, block: usize, output: &mut impl Write) -> anyhow::Result<()> {
        let Some(&bytes) = self.facts.done.blocks.get(block) else {
            return Ok(());
        };
        if io::copy(&mut self.records.by_ref().take(bytes), output)? != bytes {
            bail!("{}: is cut short", self.path.display());
        }
        Ok(())
    }
}
