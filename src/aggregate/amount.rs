//! Amounts of money or of people, as cells write them → sums.

use serde::{Deserialize, Serialize};

use super::sketch::Merge;

labels! {
    /// What is summed over records, where the input has a column of it.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    Amount {
        /// What a record cost or is worth, in the unit of its column.
        Value => "value",
        /// How many people saw a record.
        Reach => "reach",
    }
}

/// A sum, kept in whole hundredths so that the order of its parts does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// How many amounts it is of.
    pub count: u64,
    hundredths: i64,
}

impl Total {
    pub(crate) fn push(&mut self, amount: f64) {
        self.absorb(Self {
            count: 1,
            hundredths: (amount * 100.0).round() as i64,
        });
    }

    /// The sum.
    pub fn sum(self) -> f64 {
        self.hundredths as f64 / 100.0
    }
}

impl Merge for Total {
    fn absorb(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.hundredths = self.hundredths.saturating_add(other.hundredths);
    }
}

/// What stands behind a number that is given in thousands or more, and the
/// zeros it stands for.
const UNITS: [(&str, f64); 8] = [
    ("k", 1e3),
    ("m", 1e6),
    ("w", 1e4),
    ("千", 1e3),
    ("万", 1e4),
    ("萬", 1e4),
    ("亿", 1e8),
    ("億", 1e8),
];

/// The amount in a cell: `€1.299,50`, `1 299.5`, `(12)`, `1.2万`, `3K`.
///
/// A mark before exactly three digits parts thousands where it may: `1,299` is
/// more than a thousand, and so is `1.299`; `0.125` is less than one.
pub(super) fn read(cell: &str) -> Option<f64> {
    let cell = cell.to_lowercase();
    let first = cell.find(|c: char| c.is_ascii_digit())?;
    let last = cell.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (before, number, after) = (&cell[..first], &cell[first..last], cell[last..].trim());
    let is_mark = |c: char| matches!(c, '.' | ',');
    let parts = |c: char| is_mark(c) || c.is_whitespace() || matches!(c, '\'' | '’');
    // Dates and sentences with a number in them are no amounts; names of
    // currencies have three letters.
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    let foreign = |c: char| !c.is_ascii_digit() && !parts(c);
    if number.contains(foreign) || letters(before) > 3 || letters(after) > 3 {
        return None;
    }
    let unit = UNITS.iter().find(|(unit, _)| {
        let behind = after.strip_prefix(unit);
        behind.is_some_and(|it| !it.starts_with(|c: char| c.is_ascii_alphabetic()))
    });
    let size = unit.map_or(1.0, |(_, size)| *size);

    let mut digits: String = number.chars().filter(|&c| !parts(c)).collect();
    if let Some(at) = number.rfind(is_mark) {
        let (whole, behind) = (&number[..at], &number[at + 1..]);
        let again = whole.contains(&number[at..=at]);
        let other = whole.contains(is_mark) && !again;
        let may_part = behind.len() == 3 && !other && !whole.starts_with('0') && unit.is_none();
        if !again && !may_part {
            let fraction = behind.chars().filter(char::is_ascii_digit).count();
            digits.insert(digits.len() - fraction, '.');
        }
    }
    let value: f64 = digits.parse().ok()?;
    let negative = before.contains(['-', '−']) || (before.contains('(') && after.contains(')'));
    let value = if negative { -value } else { value } * size;
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let cases = [
            ("12", Some(12.0)),
            (" 12.50 ", Some(12.5)),
            ("€1.299,50", Some(1299.5)),
            ("$1,299.50", Some(1299.5)),
            ("1 299,5 EUR", Some(1299.5)),
            ("1,299", Some(1299.0)),
            ("1.299", Some(1299.0)),
            ("1,299,000", Some(1_299_000.0)),
            ("0.125", Some(0.125)),
            ("12.345,678", Some(12_345.678)),
            ("-3", Some(-3.0)),
            ("−3,5", Some(-3.5)),
            ("(12)", Some(-12.0)),
            ("1.2万", Some(12_000.0)),
            ("1.234萬", Some(12_340.0)),
            ("3K", Some(3000.0)),
            ("¥88元", Some(88.0)),
            ("฿450", Some(450.0)),
            ("", None),
            ("-", None),
            ("n/a", None),
            ("about 12 pounds", None),
            ("2026-03-02", None),
            ("nan", None),
            ("inf", None),
            ("1e999", None),
        ];
        for (cell, amount) in cases {
            assert_eq!(read(cell), amount, "{cell}");
        }
    }

    #[test]
    fn sums_do_not_depend_on_the_order() {
        let amounts = [0.1, 0.2, 0.3, 1e9, -1e9];
        let sum = |amounts: &mut dyn Iterator<Item = f64>| {
            let mut total = Total::default();
            amounts.for_each(|amount| total.push(amount));
            total
        };
        let forwards = sum(&mut amounts.into_iter());
        assert_eq!(forwards, sum(&mut amounts.into_iter().rev()));
        assert_eq!(forwards.sum(), 0.6);
    }
}
