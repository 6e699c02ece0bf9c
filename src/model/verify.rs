//! A model's files are checked against its manifest before anything is read
//! from them: a flipped byte is an error, never a slightly different answer.

use sha2::{Digest, Sha256};

use super::manifest::FileStamp;
use crate::error::{Error, Result};

/// Compares `bytes` with what the manifest says of file `name`.
pub(crate) fn verify(name: &str, bytes: &[u8], stamp: &FileStamp) -> Result<()> {
    let damaged = |what: String| {
        Error::model(format!("{name} {what}"))
            .with_hint("the file is damaged or of another version: get the model again")
    };
    if bytes.len() as u64 != stamp.bytes {
        let found = bytes.len();
        return Err(damaged(format!(
            "has {found} bytes, the manifest says {}",
            stamp.bytes
        )));
    }
    let found = sha256(bytes);
    if found != stamp.sha256 {
        return Err(damaged(format!(
            "has SHA-256 {found}, the manifest says {}",
            stamp.sha256
        )));
    }
    Ok(())
}

/// SHA-256 in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_is_refused() {
        let stamp = FileStamp {
            bytes: 3,
            // SHA-256 of "abc", FIPS 180-2.
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".into(),
        };
        assert!(verify("f", b"abc", &stamp).is_ok());
        assert!(verify("f", b"abd", &stamp).is_err());
        assert!(verify("f", b"ab", &stamp).is_err());
    }
}
