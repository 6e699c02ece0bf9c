//! The share of the rows that one of several runs scores.
//!
//! Rows are dealt out in blocks, in turn: the first [`BLOCK`] rows to shard 1, the
//! next to shard 2. So each shard has its part of every input, and a merge that
//! knows how long each block is need not understand what is written in it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Rows of a block: few, so that small inputs are dealt out evenly, too.
const BLOCK: u64 = 64;

/// Shards of a run at most; a merge names those that are missing.
const MOST: u32 = 9_999;

/// One share of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shard {
    /// From 1.
    pub(crate) number: u32,
    pub(crate) of: u32,
}

impl Shard {
    /// Whether it scores that row, counted from 0.
    pub(crate) fn has(self, row: u64) -> bool {
        row / BLOCK % u64::from(self.of) == u64::from(self.number - 1)
    }

    /// Its blocks that end before that row, one of its own.
    pub(crate) fn blocks_before(self, row: u64) -> usize {
        (row / BLOCK / u64::from(self.of)) as usize
    }

    /// Its blocks among so many rows.
    pub(crate) fn blocks(self, rows: u64) -> usize {
        let behind_ours = u64::from(self.of - self.number);
        ((rows.div_ceil(BLOCK) + behind_ours) / u64::from(self.of)) as usize
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text
            .split_once('/')
            .and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parsed {
            Some((number, of)) if (1..=of).contains(&number) && of <= MOST => {
                Ok(Self { number, of })
            }
            _ => Err("a shard and how many there are, such as 3/16".to_owned()),
        }
    }
}

/// `3/16`
impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_shard() {
        for of in 1..=5 {
            for rows in [0, 1, 63, 64, 65, 128, 640, 1000] {
                let mut blocks = 0;
                for number in 1..=of {
                    let shard = Shard { number, of };
                    let own: Vec<u64> = (0..rows).filter(|&row| shard.has(row)).collect();
                    let last = own.last().map(|&row| shard.blocks_before(row) + 1);
                    assert_eq!(last.unwrap_or(0), shard.blocks(rows), "{shard} of {rows}");
                    blocks += shard.blocks(rows) as u64;
                }
                assert_eq!(blocks, rows.div_ceil(BLOCK));
                for row in 0..rows {
                    let shards = (1..=of).filter(|&number| Shard { number, of }.has(row));
                    assert_eq!(shards.count(), 1);
                }
            }
        }
    }

    #[test]
    fn shards_are_named_by_number_and_count() {
        assert_eq!("3/16".parse(), Ok(Shard { number: 3, of: 16 }));
        for wrong in [
            "", "3", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "a/b", "1/10000", "１/２",
        ] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
