//! How much a source may ask of the memory, as the command line says.

use painpoint::Limits;

#[derive(clap::Args)]
pub(crate) struct LimitArguments {
    /// Longest row that is read; a longer one gets a record that says so
    #[arg(long, value_name = "BYTES", default_value = "16M", value_parser = bytes)]
    max_row_bytes: u64,

    /// What a packed input may unpack to where it has to be held, or is unpacked to more than 250 times its size
    #[arg(long, value_name = "BYTES", default_value = "1G", value_parser = bytes)]
    max_unpacked_bytes: u64,
}

impl LimitArguments {
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            row_bytes: self.max_row_bytes,
            unpacked_bytes: self.max_unpacked_bytes,
        }
    }
}

/// `1000`, `64K`, `64M` or `1G`, where K is 1024.
fn bytes(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let units = [("K", 10), ("M", 20), ("G", 30), ("T", 40)].into_iter();
    let mut unit = units.filter_map(|(unit, bits)| {
        let upper = text.strip_suffix(unit);
        Some((upper.or(text.strip_suffix(&unit.to_lowercase()))?, bits))
    });
    let (digits, bits) = unit.next().unwrap_or((text, 0));
    let number = digits.trim().parse::<u64>().ok();
    number
        .and_then(|number| number.checked_mul(1 << bits))
        .filter(|&bytes| bytes > 0)
        .ok_or_else(|| "a number of bytes above 0, such as 500000, 64M or 2G".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, expected) in [
            ("1000", Some(1000)),
            ("64K", Some(64 << 10)),
            (" 64 m", Some(64 << 20)),
            ("2G", Some(2 << 30)),
            ("1t", Some(1 << 40)),
            ("0", None),
            ("0M", None),
            ("-1", None),
            ("1.5G", None),
            ("G", None),
            ("", None),
            ("64MB", None),
            ("99999999999999999999", None),
            ("18446744073709551615K", None),
        ] {
            assert_eq!(bytes(text).ok(), expected, "{text:?}");
        }
    }
}
