//! Lists of names and of words beside them, one a line, from general knowledge.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// Names and words to look up in, over and over.
pub(super) type Set = HashSet<&'static str, BuildHasherDefault<Fnv>>;

/// FNV-1a. The lists are ours, so nobody can choose what collides in them, and
/// for short words it is some times as fast as the hash of the standard library.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        // The table takes its place from the high bits and the low ones.
        self.0 ^ self.0 >> 32
    }
}

/// The lines of a list without its comments.
pub(super) fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    let lines = list.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The lines of a list, to look names up in.
pub(super) fn set(list: &'static str) -> Set {
    lines(list).collect()
}

/// The lines of the part of a list that stands under `[name]`.
pub(super) fn section(
    list: &'static str,
    name: &'static str,
) -> impl Iterator<Item = &'static str> {
    let is_head = |line: &&str| line.starts_with('[');
    lines(list)
        .skip_while(move |line| line.trim_matches(['[', ']']) != name || !is_head(line))
        .skip(1)
        .take_while(move |line| !is_head(line))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn lists_are_in_order_and_name_everything_once() {
        let lists = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/privacy");
        for list in std::fs::read_dir(lists).expect("the lists") {
            let path = list.expect("a list").path();
            let text = std::fs::read_to_string(&path).expect("a text");
            for part in text.split("\n[") {
                let names: Vec<_> = part
                    .lines()
                    .filter(|line| !line.starts_with('#') && !line.is_empty())
                    .filter(|line| !line.ends_with(']'))
                    .collect();
                let wrong = names.windows(2).find(|pair| pair[0] >= pair[1]);
                assert_eq!(wrong, None, "{}", path.display());
            }
        }
    }
}
