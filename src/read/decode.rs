//! Bytes in any encoding → UTF-8.
//!
//! As long as all is ASCII nothing need be known. The first other byte decides:
//! what is UTF-8 from there on is read as that, whatever may be broken later;
//! anything else is taken for what [`chardetng`] says of it. So a live pipe is
//! not waited for.

use std::io::{self, Cursor, Read};
use std::sync::{Arc, OnceLock};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use super::{mail, sniff};

/// How much of a file the choice of its encoding may look at.
const SAMPLE: usize = 256 << 10;

/// Least that is asked of the input at once.
const CHUNK: usize = 64 << 10;

/// An input in any encoding, read as UTF-8. Where it is UTF-8 already, broken
/// places come through as they are.
pub(super) struct Decoder {
    state: State,
    /// Whether the input comes at once, so that a longer sample costs no wait.
    prompt: bool,
    found: Found,
}

enum State {
    /// Nothing but ASCII so far.
    Ascii {
        input: Box<dyn Read + Send>,
        /// Whether not a byte has been read yet.
        fresh: bool,
    },
    Known(Box<dyn Read + Send>),
}

/// The name of an encoding, once it is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Found(Arc<OnceLock<&'static str>>);

impl Found {
    /// The name, unless the input is UTF-8 or not known to be anything else yet.
    pub(super) fn name(&self) -> Option<&'static str> {
        self.0.get().copied()
    }
}

impl Decoder {
    /// Decodes `input` from `encoding`, or from whatever it is found to be in.
    pub(super) fn new(
        input: Box<dyn Read + Send>,
        encoding: Option<&'static Encoding>,
        prompt: bool,
    ) -> Self {
        let mut decoder = Self {
            state: State::Ascii { input, fresh: true },
            prompt,
            found: Found::default(),
        };
        if let Some(encoding) = encoding {
            decoder.decode(encoding, Vec::new());
        }
        decoder
    }

    pub(super) fn found(&self) -> Found {
        self.found.clone()
    }

    /// From now on the input is in `encoding`; `read` has been read of it.
    fn decode(&mut self, encoding: &'static Encoding, read: Vec<u8>) {
        let State::Ascii { input, .. } = &mut self.state else {
            return;
        };
        let input = std::mem::replace(input, Box::new(io::empty()));
        let input = Cursor::new(read).chain(input);
        self.state = State::Known(if encoding == UTF_8 {
            Box::new(input)
        } else {
            // Set here alone, and only once: the state is `Ascii` no more.
            let _ = self.found.0.set(encoding.name());
            Box::new(transcoder(encoding, input))
        });
    }
}

fn transcoder<R: Read>(encoding: &'static Encoding, input: R) -> DecodeReaderBytes<R, Vec<u8>> {
    DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .build(input)
}

impl Read for Decoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let (input, fresh) = match &mut self.state {
                State::Known(input) => return input.read(buffer),
                State::Ascii { input, fresh } => (input, fresh),
            };
            let most = buffer.len().min(CHUNK);
            let count = input.read(&mut buffer[..most])?;
            let first = std::mem::replace(fresh, count == 0 && *fresh);
            let read = &buffer[..count];
            if first && mail::form(read).is_some() {
                // Each part of it names its own.
                let read = read.to_vec();
                self.decode(UTF_8, read);
                continue;
            }
            if read.is_ascii() && !(first && looks_like_utf16(read).is_some()) {
                return Ok(count);
            }
            let mut sample = read.to_vec();
            if self.prompt {
                let rest = SAMPLE.saturating_sub(count) as u64;
                input.by_ref().take(rest).read_to_end(&mut sample)?;
            }
            let encoding = encoding_of(&sample, first);
            self.decode(encoding, sample);
        }
    }
}

/// The encoding of text that begins with `sample`; `first` if nothing was
/// before it.
fn encoding_of(sample: &[u8], first: bool) -> &'static Encoding {
    if first {
        // No text: left as it is.
        if sniff::is_binary(sample) {
            return UTF_8;
        }
        if let Some((encoding, _)) = Encoding::for_bom(sample) {
            return encoding;
        }
        if let Some(encoding) = looks_like_utf16(sample) {
            return encoding;
        }
    }
    if is_utf8(sample) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(sample, false);
    detector.guess(None, Utf8Detection::Deny)
}

/// Whether most of what is not ASCII is UTF-8: a file that is broken in places
/// is still what it is everywhere else. The end may be cut off.
fn is_utf8(sample: &[u8]) -> bool {
    let (mut whole, mut broken) = (0, 0);
    for chunk in sample.utf8_chunks() {
        whole += chunk
            .valid()
            .chars()
            .filter(|char| !char.is_ascii())
            .count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    let cut = sample.utf8_chunks().last().is_some_and(|chunk| {
        std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none())
    });
    let broken = broken - usize::from(cut);
    whole >= 10 * broken
}

/// Text in two bytes a character without a mark: in what is ASCII, if only line
/// ends, the same one of every two bytes is zero; and it says no nonsense.
fn looks_like_utf16(sample: &[u8]) -> Option<&'static Encoding> {
    let sample = &sample[..sample.len().min(4096) & !1];
    let zeros = |from: usize| {
        let bytes = sample.iter().skip(from).step_by(2);
        bytes.filter(|&&byte| byte == 0).count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    // Half of what is ASCII would be zeros, and other scripts have other bytes: a few
    // zeros in a text are damage.
    let is_ascii = |byte: &u8| *byte == 0 || byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    if 3 * (even + odd) < sample.len() && sample.iter().all(is_ascii) {
        return None;
    }
    let encoding = if odd > 3 * even {
        UTF_16LE
    } else if even > 3 * odd {
        UTF_16BE
    } else {
        return None;
    };
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let nonsense = |char: char| char.is_control() && !char.is_whitespace();
    (!text.contains(nonsense)).then_some(encoding)
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, GB18030, WINDOWS_874, WINDOWS_1252};

    use super::*;

    const TEXTS: [(&str, &str); 4] = [
        ("zh", "物流太慢了，客服态度也很差，要求退款却一直没人理我。"),
        (
            "zh-Hant",
            "服務人員很親切，但是等了一個小時才有位子，而且餐點都冷掉了。",
        ),
        (
            "fr",
            "Livraison en retard, colis abîmé, et le service à la clientèle ne répond pas !",
        ),
        ("th", "ของมาส่งช้ามาก พนักงานพูดจาไม่ดีเลย แต่ของที่ได้ก็โอเคอยู่"),
    ];

    fn decoded(bytes: Vec<u8>, prompt: bool) -> (String, Option<&'static str>) {
        let mut decoder = Decoder::new(Box::new(Cursor::new(bytes)), None, prompt);
        let mut text = Vec::new();
        decoder
            .read_to_end(&mut text)
            .expect("memory does not fail");
        (
            String::from_utf8_lossy(&text).into_owned(),
            decoder.found().name(),
        )
    }

    #[test]
    fn encodings_are_told() {
        for (number, encoding) in [GB18030, BIG5, WINDOWS_1252, WINDOWS_874]
            .iter()
            .enumerate()
        {
            let (_, text) = TEXTS[number];
            let table = format!("id,text\n1,{text}\n2,{text}\n");
            for prompt in [false, true] {
                let (bytes, ..) = encoding.encode(&table);
                let (read, _) = decoded(bytes.into_owned(), prompt);
                assert_eq!(read, table);
            }
        }
    }

    #[test]
    fn utf16_is_told_with_and_without_its_mark() {
        for (_, text) in TEXTS {
            let table = format!("id,text\n1,{text}\n");
            for mark in ["", "\u{FEFF}"] {
                let units: Vec<u16> = format!("{mark}{table}").encode_utf16().collect();
                let low: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
                let high: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
                for bytes in [low, high] {
                    let (read, name) = decoded(bytes, true);
                    assert_eq!(read.trim_start_matches('\u{FEFF}'), table);
                    assert!(name.is_some_and(|name| name.starts_with("UTF-16")));
                }
            }
        }
    }

    #[test]
    fn zeros_in_ascii_are_no_utf16() {
        for text in ["id,review\n1,la\0te\n", "\0slow", "slow\n\0\n\0rude\n"] {
            assert_eq!(looks_like_utf16(text.as_bytes()), None, "{text:?}");
        }
        let text: Vec<u8> = "late\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(looks_like_utf16(&text), Some(UTF_16BE));
    }

    #[test]
    fn utf8_comes_through_with_its_broken_places() {
        let mut bytes = TEXTS.map(|(_, text)| text).join("\n").into_bytes();
        bytes.extend_from_slice(b"\n\xFF broken \xE4\xBD");
        let (read, name) = decoded(bytes.clone(), true);
        assert_eq!(read, String::from_utf8_lossy(&bytes));
        assert_eq!(name, None);
    }
}
