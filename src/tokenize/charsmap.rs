//! SentencePiece's table of characters that are written otherwise: `ﬁ` as `fi`,
//! `ａ` as `a`, control characters not at all.

/// The replacements, read from `precompiled_charsmap`.
pub(super) struct Charsmap {
    /// A double array over UTF-8 bytes, as Darts writes it: see [`Unit`].
    units: Vec<Unit>,
    /// The replacements, each up to a NUL.
    texts: String,
    /// Whether a character of ASCII stays, and is no part of a line end.
    plain: [bool; 128],
}

/// A node of the double array.
#[derive(Clone, Copy)]
struct Unit(u32);

impl Unit {
    /// The byte that leads here; none for a value.
    fn label(self) -> u32 {
        self.0 & (1 << 31 | 0xFF)
    }

    /// Whether a key ends here.
    fn ends(self) -> bool {
        self.0 >> 8 & 1 == 1
    }

    /// What the numbers of the children are exclusive-or'ed with.
    fn offset(self) -> usize {
        ((self.0 >> 10) << ((self.0 & 1 << 9) >> 6)) as usize
    }

    /// Where in the texts the replacement begins.
    fn value(self) -> usize {
        (self.0 & !(1 << 31)) as usize
    }
}

impl Charsmap {
    /// Reads `bytes`: the length of the double array in bytes, the array, the
    /// texts; all numbers in 32 bits, the lowest byte first. `None` if they are
    /// not that.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk()?;
        let (units, texts) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let (units, []) = units.as_chunks() else {
            return None;
        };
        let mut map = Self {
            units: units
                .iter()
                .map(|&unit| Unit(u32::from_le_bytes(unit)))
                .collect(),
            texts: String::from_utf8(texts.to_vec()).ok()?,
            plain: [false; 128],
        };
        for byte in 0..128_u8 {
            map.plain[usize::from(byte)] =
                !matches!(byte, b'\r' | b'\n') && map.replacement(&[byte]).is_none();
        }
        Some(map)
    }

    /// What the shortest entry that `text` begins with is replaced by. The
    /// shortest and not the longest, as in the reference.
    pub(super) fn replacement(&self, text: &[u8]) -> Option<&str> {
        let mut at = self.units.first()?.offset();
        for &byte in text.iter().take_while(|&&byte| byte != 0) {
            at ^= usize::from(byte);
            let unit = *self.units.get(at)?;
            if unit.label() != u32::from(byte) {
                return None;
            }
            at ^= unit.offset();
            if unit.ends() {
                let text = self.texts.get(self.units.get(at)?.value()..)?;
                return text.split('\0').next();
            }
        }
        None
    }

    /// Whether `byte` is a character that stays, whatever it stands next to in
    /// ASCII.
    #[inline]
    pub(super) fn is_plain(&self, byte: u8) -> bool {
        self.plain
            .get(usize::from(byte))
            .is_some_and(|&plain| plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_bytes_are_refused_or_harmless() {
        assert!(Charsmap::parse(b"").is_none());
        assert!(Charsmap::parse(b"\x08\0\0\0abcd").is_none());
        assert!(Charsmap::parse(b"\x03\0\0\0abc").is_none());
        assert!(Charsmap::parse(b"\0\0\0\0\xff").is_none());
        // An array that leads out of itself.
        let map = Charsmap::parse(b"\x04\0\0\0\xff\xff\xff\xff").expect("the right form");
        assert_eq!(map.replacement(b"a"), None);
    }
}
