//! Compressed input, unpacked on the way: gzip and Zstandard, told by their first bytes.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::ReadProgress;
use super::limits::Limits;

const GZIP: &[u8] = b"\x1F\x8B";
const ZSTD: &[u8] = b"\x28\xB5\x2F\xFD";

/// Endings that say no more than that a file is packed.
pub(super) const ENDINGS: [&str; 4] = ["gz", "gzip", "zst", "zstd"];

/// What `input` holds, unpacked if it is packed; once only, whatever is inside.
/// `packed` says how much of it has been read.
pub(super) fn unpack(
    input: impl Read + Send + 'static,
    packed: ReadProgress,
    limits: Limits,
) -> io::Result<Box<dyn Read + Send>> {
    let mut input = BufReader::with_capacity(128 << 10, input);
    let head = loop {
        match input.fill_buf() {
            Ok(head) => break head,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    };
    let decoder: Box<dyn Read + Send> = if head.starts_with(GZIP) {
        Box::new(MultiGzDecoder::new(input))
    } else if head.starts_with(ZSTD) {
        Box::new(zstd::Decoder::with_buffer(input)?)
    } else {
        return Ok(Box::new(input));
    };
    Ok(Box::new(Weighed {
        decoder,
        packed,
        unpacked: 0,
        limits,
    }))
}

/// A decoder that ends where it gives far more than it was given.
struct Weighed {
    decoder: Box<dyn Read + Send>,
    packed: ReadProgress,
    unpacked: u64,
    limits: Limits,
}

impl Read for Weighed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.decoder.read(buffer)?;
        self.unpacked += count as u64;
        let checked = self
            .limits
            .check_unpacked(self.packed.bytes(), self.unpacked);
        checked.map_err(io::Error::other).map(|()| count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn unpacked(bytes: Vec<u8>) -> io::Result<String> {
        let mut text = String::new();
        let packed = ReadProgress::default();
        packed.add(bytes.len());
        let limits = Limits {
            unpacked_bytes: 1000,
            ..Limits::default()
        };
        unpack(io::Cursor::new(bytes), packed, limits)?.read_to_string(&mut text)?;
        Ok(text)
    }

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder
            .write_all(text.as_bytes())
            .expect("memory does not fail");
        encoder.finish().expect("memory does not fail")
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let zstd = zstd::encode_all(&b"late"[..], 1).expect("memory does not fail");
        // Files of both kinds may be laid end to end.
        let parts = [gzip("la"), gzip("te")].concat();
        for bytes in [b"late".to_vec(), gzip("late"), parts, zstd] {
            assert_eq!(unpacked(bytes).expect("it is whole"), "late");
        }
        assert_eq!(unpacked(Vec::new()).expect("it is whole"), "");
    }

    #[test]
    fn what_unpacks_to_anything_ends() {
        let bomb = "0".repeat(1_000_000);
        for bytes in [
            gzip(&bomb),
            zstd::encode_all(bomb.as_bytes(), 1).expect("memory does not fail"),
        ] {
            let error = unpacked(bytes).expect_err("it is too much");
            assert!(error.to_string().contains("250 times"), "{error}");
        }
        assert!(unpacked(gzip(&"0".repeat(1000))).is_ok());
    }

    #[test]
    fn what_is_cut_off_is_an_error() {
        let mut bytes = gzip("late");
        bytes.truncate(bytes.len() - 6);
        assert!(unpacked(bytes).is_err());
    }
}
