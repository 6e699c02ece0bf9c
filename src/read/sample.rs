//! What the first cells of a column look like.

use std::collections::HashSet;

use crate::language::Language;

/// Rows that a sample looks at.
pub(super) const ROWS: usize = 100;

/// The cells of one column in the first rows.
#[derive(Debug, Default)]
pub(super) struct Sample {
    filled: usize,
    prose: usize,
    letters: usize,
    languages: usize,
    distinct: HashSet<String>,
    /// The cells that are short enough to be a value.
    values: Vec<String>,
}

/// Longest cell that may be a value rather than a text, in bytes.
const LONGEST_VALUE: usize = 300;

impl Sample {
    /// Takes one cell into account; blank ones say nothing.
    pub(super) fn add(&mut self, cell: &str) {
        let cell = cell.trim();
        if cell.is_empty() {
            return;
        }
        self.filled += 1;
        if is_prose(cell) {
            self.prose += 1;
            self.letters += letters(cell);
        }
        self.languages += usize::from(language(cell).is_some());
        self.distinct.insert(cell.to_owned());
        if cell.len() <= LONGEST_VALUE {
            self.values.push(cell.to_owned());
        }
    }

    /// Cells that are not blank.
    pub(super) fn filled(&self) -> usize {
        self.filled
    }

    /// Cells that differ.
    pub(super) fn distinct(&self) -> usize {
        self.distinct.len()
    }

    /// The cells that may be values, in their order.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> + Clone {
        self.values.iter().map(String::as_str)
    }

    /// Whether nearly all of its cells are values for which `test` holds; where
    /// there are none, nothing speaks against it.
    pub(super) fn is_mostly(&self, test: impl Fn(&str) -> bool) -> bool {
        let holds = self.values().filter(|value| test(value)).count();
        holds * 10 >= self.filled * 9
    }

    /// Average letters a cell, where cells are mostly words.
    pub(super) fn length(&self) -> f32 {
        if self.prose * 2 < self.filled {
            return 0.0;
        }
        self.letters as f32 / self.filled.max(1) as f32
    }

    /// How likely it is text: long, and not the same from row to row.
    pub(super) fn text_score(&self) -> f32 {
        self.length() * self.distinct.len() as f32 / self.filled.max(1) as f32
    }

    /// Whether its cells are words that differ from row to row, and no choice
    /// of a few answers.
    pub(super) fn is_answer(&self) -> bool {
        self.length() > 0.0 && self.distinct.len() * 3 > self.filled
    }

    /// Whether its cells are words of their own over each text: not the product
    /// that all are about, nor `Mr` and `Mrs`.
    pub(super) fn is_headline(&self) -> bool {
        self.length() > 0.0 && self.distinct.len() * 2 > self.filled
    }

    /// Whether its cells could tell `rows` rows apart.
    pub(super) fn identifies(&self, rows: usize) -> bool {
        let most = rows - rows / 20;
        self.filled >= most && self.distinct.len() >= most
    }

    /// Whether its cells are mostly language codes.
    pub(super) fn is_language(&self, rows: usize) -> bool {
        rows == 0 || self.languages * 2 > self.filled
    }
}

/// The language with that code, or with the first part of it: `fr-CA`, `en_US`.
pub(super) fn language(code: &str) -> Option<Language> {
    let code = code.trim();
    Language::from_code(code).or_else(|| {
        let first = code.split(['-', '_']).next().unwrap_or_default();
        Language::from_code(&first.to_lowercase())
    })
}

/// Letters, where a Chinese one counts for three: it says about as much.
pub(super) fn letters(text: &str) -> usize {
    let weight = |character| match character {
        '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' => 3,
        _ => usize::from(char::is_alphabetic(character)),
    };
    text.chars().map(weight).sum()
}

/// Whether it is words, and no number, date, address, link or code.
pub(super) fn is_prose(cell: &str) -> bool {
    let visible = cell
        .chars()
        .filter(|character| !character.is_whitespace())
        .count();
    let one_word = cell.is_ascii() && !cell.contains(char::is_whitespace);
    let code = one_word && cell.contains(|c: char| c.is_ascii_digit() || "@/_".contains(c));
    letters(cell) * 2 >= visible && !code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_told_from_codes() {
        for cell in ["Late again", "差", "ช้ามาก", "等了3天", "Très déçu !", "bad"]
        {
            assert!(is_prose(cell), "{cell}");
        }
        for cell in [
            "4.5",
            "2026-03-02",
            "2026-03-02T10:00:00Z",
            "R-17",
            "https://a.example/b",
            "a@b.example",
        ] {
            assert!(!is_prose(cell), "{cell}");
        }
    }
}
