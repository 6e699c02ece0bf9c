//! A run that was stopped → the same run, gone on with; several shares of a run
//! → one.
//!
//! Records go to a [`spool`] beside the output, `.NAME.partial`. A [`journal`] in
//! `.NAME.journal` holds the [`plan`], which is all that the bytes of the records
//! follow from, and how much of it is done. To go on, the inputs are read from
//! their start, since the flags of repetitions depend on all rows before; rows that
//! are done are not scored again. A [`shard`] does some of the rows, and its journal
//! stays beside its records for `painpoint merge`.

mod journal;
mod plan;
mod shard;
mod spool;

use std::io::{self, Read};

use sha2::{Digest, Sha256};

pub(crate) use journal::{Done, Journal};
pub(crate) use plan::{Plan, Watch, settings};
pub(crate) use shard::Shard;
pub(crate) use spool::{Spool, Start, facts_path};

/// SHA-256 in hexadecimal of all that is read, and its length.
pub(crate) fn sha256(mut input: impl Read) -> io::Result<(String, u64)> {
    let mut digest = Sha256::new();
    let mut length = 0;
    let mut buffer = vec![0; 1 << 18];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                digest.update(&buffer[..count]);
                length += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let digest = digest.finalize();
    let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((digest, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standard() {
        // FIPS 180-2, appendix B.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(&b"abc"[..]).ok(), Some((abc.to_owned(), 3)));
    }
}
