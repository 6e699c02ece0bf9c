//! What a cell shows, as far as a table without formats can.

use calamine::{Data, ExcelDateTime};

/// The text of a cell; errors are empty.
pub(super) fn text(value: Data) -> String {
    match value {
        Data::Int(number) => number.to_string(),
        // Excel has no whole numbers of its own; Rust writes 4.0 as 4.
        Data::Float(number) => number.to_string(),
        Data::String(text) | Data::DurationIso(text) => text,
        Data::Bool(value) => value.to_string(),
        Data::DateTime(time) => date_time(time),
        Data::DateTimeIso(text) => text.trim_end_matches("T00:00:00").to_owned(),
        Data::Error(_) | Data::Empty => String::new(),
    }
}

/// `2026-03-02`, `2026-03-02T10:30:00`, or `10:30:00` for a time of no day.
fn date_time(value: ExcelDateTime) -> String {
    if value.is_duration() {
        let seconds = (value.as_f64() * 86_400.0).round() as i64;
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        return format!("{}:{:02}:{seconds:02}", minutes / 60, minutes % 60);
    }
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    let date = format!("{year}-{month:02}-{day:02}");
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    match value.as_f64() {
        days if !days.is_finite() => String::new(),
        days if days < 1.0 => time,
        days if days.fract() == 0.0 => date,
        _ => format!("{date}T{time}"),
    }
}

#[cfg(test)]
mod tests {
    use calamine::CellErrorType;
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn cells_are_written_as_a_person_would() {
        let time = |days, kind| Data::DateTime(ExcelDateTime::new(days, kind, false));
        for (value, expected) in [
            (Data::Float(1041.0), "1041"),
            (Data::Float(4.5), "4.5"),
            (Data::Int(-3), "-3"),
            (Data::String("慢".to_owned()), "慢"),
            (Data::Bool(true), "true"),
            (Data::Error(CellErrorType::NA), ""),
            (Data::Empty, ""),
            (time(46083.0, DateTime), "2026-03-02"),
            (time(46083.4375, DateTime), "2026-03-02T10:30:00"),
            (time(0.4375, DateTime), "10:30:00"),
            (time(1.5, TimeDelta), "36:00:00"),
            (time(f64::NAN, DateTime), ""),
            (
                Data::DateTimeIso("2026-03-02T00:00:00".to_owned()),
                "2026-03-02",
            ),
        ] {
            assert_eq!(text(value.clone()), expected, "{value:?}");
        }
    }
}
