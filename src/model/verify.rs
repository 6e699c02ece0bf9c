//! A model's files are checked against its manifest, and that against itself, before
//! anything is read from them: a flipped byte is an error, never a slightly different answer.

use memchr::memmem;
use sha2::{Digest, Sha256};

use super::manifest::FileStamp;
use crate::error::{Error, Result};

/// What to do with a model that is not what it should be.
pub(super) const GET_AGAIN: &str = "the file is damaged or of another version: get the model again";

fn damaged(name: &str, what: &str) -> Error {
    Error::model(format!("{name} {what}")).with_hint(GET_AGAIN)
}

/// Compares `manifest` with the hash in it, which is that of its bytes with zeros
/// in the place of the hash.
pub(super) fn verify_seal(name: &str, manifest: &[u8], seal: &str) -> Result<()> {
    let broken = || damaged(name, "does not match its own SHA-256, `seal`");
    let at = memmem::rfind(manifest, seal.as_bytes()).ok_or_else(broken)?;
    let mut unsealed = manifest.to_vec();
    unsealed[at..at + seal.len()].fill(b'0');
    match sha256(&unsealed) == seal {
        true => Ok(()),
        false => Err(broken()),
    }
}

/// Compares `bytes` with what the manifest says of file `name`.
pub(super) fn verify(name: &str, bytes: &[u8], stamp: &FileStamp) -> Result<()> {
    let damaged = |what: String| damaged(name, &what);
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
    fn a_manifest_is_sealed() {
        let zeros = "0".repeat(64);
        let manifest = |seal: &str| format!("{{\"name\":\"a\",\"seal\":\"{seal}\"}}");
        let seal = sha256(manifest(&zeros).as_bytes());
        let check = |manifest: &str, seal: &str| verify_seal("m", manifest.as_bytes(), seal);
        assert!(check(&manifest(&seal), &seal).is_ok());
        assert!(check(&manifest(&seal).replace('a', "b"), &seal).is_err());
        assert!(check(&manifest(&zeros), &zeros).is_err());
        // Written in another way in the file, or not there at all.
        for seal in [&seal.to_uppercase(), "\u{0}", "", "seal"] {
            assert!(check(&manifest(seal), seal).is_err());
        }
    }

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
