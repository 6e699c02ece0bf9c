//! The two scripts of Chinese, told by the characters that only one of them has.

use std::sync::LazyLock;

use super::script::{Counts, Script};
use super::{Detection, han};
use crate::language::Language;

/// Japanese has kana in almost every word; Chinese has none but ornaments.
pub(super) fn chinese_or_japanese(text: &str, counts: &Counts, share: f32) -> Detection {
    let (han, kana) = (counts.get(Script::Han), counts.get(Script::Kana));
    if kana * 8 > han {
        return Detection::new(Language::Japanese, share);
    }
    let (mut simplified, mut traditional) = (0_u32, 0_u32);
    for char in text.chars() {
        simplified += u32::from(SIMPLIFIED.contains(char));
        traditional += u32::from(TRADITIONAL.contains(char));
    }
    let told = simplified + traditional;
    if told == 0 {
        return Detection::new(Language::ChineseSimplified, share * 0.6);
    }
    let (language, count) = if traditional > simplified {
        (Language::ChineseTraditional, traditional)
    } else {
        (Language::ChineseSimplified, simplified)
    };
    // Laplace's rule of succession: ten telling characters are surer than one.
    Detection::new(language, share * (count + 1) as f32 / (told + 2) as f32)
}

/// The characters of a table of [`han`]: one bit for each of the basic plane.
struct Characters(Vec<u64>);

static SIMPLIFIED: LazyLock<Characters> = LazyLock::new(|| Characters::of(han::SIMPLIFIED));
static TRADITIONAL: LazyLock<Characters> = LazyLock::new(|| Characters::of(han::TRADITIONAL));

impl Characters {
    fn of(table: &str) -> Self {
        let mut bits = vec![0; 0x1_0000 / 64];
        for char in table.chars() {
            bits[char as usize / 64] |= 1 << (char as usize % 64);
        }
        Self(bits)
    }

    fn contains(&self, char: char) -> bool {
        let word = self.0.get(char as usize / 64);
        word.is_some_and(|word| word >> (char as usize % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_characters_are_sorted_and_disjoint() {
        for table in [han::SIMPLIFIED, han::TRADITIONAL] {
            let chars: Vec<_> = table.chars().collect();
            assert!(chars.is_sorted() && chars.len() * 3 == table.len());
        }
        assert!(
            han::SIMPLIFIED
                .chars()
                .all(|char| !TRADITIONAL.contains(char))
        );
    }
}
