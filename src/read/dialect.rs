//! Finds the separator of a table, and how quotes stand inside of quoted cells.

use std::io::Read;

use csv::ByteRecord;

/// Separators in use, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// In a table of one column the commas belong to the text, so its separator is
/// one that no text holds.
pub(super) const NO_DELIMITER: u8 = 0x1F;

/// Rows that a guess looks at.
const SAMPLE: usize = 101;

/// How the cells of a table are parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// Whether `\"` is a quote inside of a quoted cell, as well as `""`.
    pub(super) escaped: bool,
}

/// A dialect, and the rows it gives.
pub(super) struct Guess {
    pub(super) dialect: Dialect,
    /// Share of the rows that are as wide as the first.
    pub(super) agreement: f32,
    /// The first rows that are complete, the header among them.
    pub(super) records: Vec<ByteRecord>,
}

impl Guess {
    /// Splits `head` at `delimiter`; `ended` if nothing comes after it.
    pub(super) fn new(head: &[u8], ended: bool, delimiter: u8) -> Self {
        let split = |escaped| Self::split(head, ended, Dialect { delimiter, escaped });
        let plain = split(false);
        // A path may end a cell: `"C:\"`. Then what follows tells.
        if !has_escaped_quote(head, delimiter) {
            return plain;
        }
        let escaped = split(true);
        match escaped.agreement >= plain.agreement {
            true => escaped,
            false => plain,
        }
    }

    fn split(head: &[u8], ended: bool, dialect: Dialect) -> Self {
        // A row of our own at the end melts into a last row that is cut off, and
        // stays apart from one that is complete: dropping it drops just that.
        let mark: &[u8] = if ended { b"" } else { b"~" };
        let records = dialect.reader().from_reader(head.chain(mark));
        let mut records: Vec<_> = records
            .into_byte_records()
            .map_while(Result::ok)
            .take(SAMPLE + 1)
            .collect();
        if !ended || records.len() > SAMPLE {
            records.pop();
        }
        let width = records.first().map_or(0, ByteRecord::len);
        let same = records.iter().filter(|row| row.len() == width).count();
        Self {
            dialect,
            agreement: same as f32 / records.len().max(1) as f32,
            records,
        }
    }

    /// Cells of the first row.
    pub(super) fn header(&self) -> Vec<String> {
        let cells = self.records.first().into_iter().flatten();
        cells
            .map(|cell| String::from_utf8_lossy(cell).trim().to_owned())
            .collect()
    }

    fn width(&self) -> usize {
        self.records.first().map_or(0, ByteRecord::len)
    }
}

/// The separator that gives the evenest rows, and among those the widest.
pub(super) fn guess(head: &[u8], ended: bool) -> Guess {
    let mut best: Option<Guess> = None;
    for delimiter in DELIMITERS {
        let guess = Guess::new(head, ended, delimiter);
        let better = best
            .as_ref()
            .is_none_or(|best| (guess.agreement, guess.width()) > (best.agreement, best.width()));
        if guess.width() > 1 && better {
            best = Some(guess);
        }
    }
    best.unwrap_or_else(|| Guess::new(head, ended, NO_DELIMITER))
}

impl Dialect {
    /// How every table is read; rows of any width come through, and are judged later.
    pub(super) fn reader(self) -> csv::ReaderBuilder {
        let mut builder = csv::ReaderBuilder::new();
        builder
            .delimiter(self.delimiter)
            .escape(self.escaped.then_some(b'\\'))
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(128 << 10);
        builder
    }
}

/// Whether a `\"` stands where no cell can end, and is no half of `\""`.
fn has_escaped_quote(head: &[u8], delimiter: u8) -> bool {
    memchr::memmem::find_iter(head, b"\\\"").any(|at| {
        let next = head.get(at + 2).copied();
        next.is_some_and(|next| next != delimiter && !matches!(next, b'"' | b'\r' | b'\n'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_told_from_the_commas_of_the_text() {
        for (head, delimiter) in [
            ("id,text\n1,a\n2,b\n", b','),
            ("id;avis\n1;lent, cher, sale\n2;bien, mais long\n", b';'),
            ("id\treview\n1\tslow, rude\n", b'\t'),
            ("id|评论|日期\n1|慢，差|2026\n", b'|'),
            ("id,text\n1,\"a;b\"\n2,\"c;d;e\"\n", b','),
            ("review\nslow, rude, far; never again\n", NO_DELIMITER),
        ] {
            let guess = guess(head.as_bytes(), true);
            assert_eq!(
                char::from(guess.dialect.delimiter),
                char::from(delimiter),
                "{head}"
            );
        }
    }

    #[test]
    fn a_row_cut_off_is_not_sampled() {
        let count = |head: &str| Guess::new(head.as_bytes(), false, b',').records.len();
        assert_eq!(count("text\nwhole\n"), 2);
        assert_eq!(count("text\nwhole\ncut"), 2);
        assert_eq!(count("text\nwhole\n\"cut\n"), 2);
    }

    #[test]
    fn quotes_behind_a_backslash_are_told_from_paths() {
        for (head, escaped) in [
            (
                "id,text\n1,\"she said \\\"no\\\", twice\"\n2,\"ok\"\n",
                true,
            ),
            ("id,text\n1,\"\\\"慢\\\"\"\n", true),
            ("id,text\n1,\"a \"\"big\"\" one\"\n", false),
            ("id,text\n1,\"in C:\\\"\n2,\"ok, fine\"\n", false),
            (
                "id,text\n1,\"in C:\\\",\n2,\"so \\\"\"they\"\" say\"\n",
                false,
            ),
        ] {
            let guess = guess(head.as_bytes(), true);
            assert_eq!(guess.dialect.escaped, escaped, "{head}");
        }
    }
}
