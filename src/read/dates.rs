//! A cell → a day or a moment in ISO 8601, whatever way it is written: by
//! numbers in any order, with the names of months, in Buddhist years.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Days between the day 0 of Excel and that of Unix: 1899-12-30 to 1970-01-01.
const EXCEL_TO_UNIX: i64 = 25_569;

/// Serial numbers that Excel gives the days from 1954 to 2119.
const EXCEL_DAYS: std::ops::Range<f64> = 20_000.0..80_000.0;

/// Years from the Buddha to Christ.
const BUDDHIST: i16 = 543;

/// Years from Christ to the Republic of China.
const REPUBLIC: i16 = 1911;

labels! {
    /// Which of three numbers of a date comes first, where their size does not
    /// say it.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    DateOrder {
        /// `2/3/2026` is the second of March.
        Day => "day",
        /// The third of February.
        Month => "month",
        /// `26/3/2` is the second of March.
        Year => "year",
    }
}

impl DateOrder {
    /// The date in a cell of a column that holds dates, in ISO 8601.
    pub(crate) fn read(self, cell: &str) -> Option<String> {
        let form = DateForm {
            order: self,
            named: true,
            buddhist: cell.contains(is_thai),
            ordered: false,
        };
        form.read(cell)
    }
}

/// How the dates of one column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DateForm {
    order: DateOrder,
    /// Whether its name says that it holds dates, so that bare numbers are some.
    named: bool,
    /// Whether years of two digits are Buddhist ones.
    buddhist: bool,
    /// Whether another order would have given other dates.
    ordered: bool,
}

impl DateForm {
    /// The form in which most of `cells` are dates, and how many are.
    pub(super) fn of<'a>(
        cells: impl Iterator<Item = &'a str> + Clone,
        named: bool,
        headers: &[String],
    ) -> (Self, usize) {
        let orders = preferred(cells.clone(), headers);
        let thai = |text: &str| text.contains(is_thai);
        let buddhist = headers.iter().any(|name| thai(name)) || cells.clone().any(thai);
        let form = |order| Self {
            order,
            named,
            buddhist,
            ordered: false,
        };
        let count = |order| {
            let read = |cell: &&str| form(order).read(cell).is_some();
            cells.clone().filter(read).count()
        };
        // Outside of China the year comes first only where nothing else is a
        // date: `31/02/26` is more likely a slip than a day of 2031.
        let [first, second, last] = orders;
        let better = if count(second) > count(first) {
            second
        } else {
            first
        };
        let best = match count(better) {
            0 => last,
            _ if count(last) > count(better) && last != DateOrder::Year => last,
            _ => better,
        };
        let differs = |cell: &str| {
            let read = orders.map(|order| form(order).read(cell));
            read.iter().any(|date| *date != read[0])
        };
        let ordered = cells.clone().any(differs);
        let found = Self {
            ordered,
            ..form(best)
        };
        (found, count(best))
    }

    /// What had to be decided about it.
    pub(super) fn note(self) -> Option<&'static str> {
        self.ordered.then_some(match self.order {
            DateOrder::Day => "day first",
            DateOrder::Month => "month first",
            DateOrder::Year => "year first",
        })
    }

    /// The date in ISO 8601; `None` if the cell holds none.
    pub(super) fn read(self, cell: &str) -> Option<String> {
        let cell = plain(cell);
        if cell
            .chars()
            .all(|char| char.is_ascii_digit() || char == '.')
            && cell.matches('.').count() < 2
        {
            return self.named.then(|| bare_number(&cell)).flatten();
        }
        let (date, time) = match time_at(&cell) {
            Some(at) => cell.split_at(at),
            None => (cell.as_str(), ""),
        };
        let date = date.trim_end_matches([' ', ',']);
        let date = match date.strip_suffix('t') {
            Some(day) if day.ends_with(|char: char| char.is_ascii_digit()) => day,
            _ => date,
        };
        let (date, afternoon) = match half_of_day(date) {
            Some((date, afternoon)) => (date, Some(afternoon)),
            None => (date, None),
        };
        let day = self.day(date)?;
        if time.is_empty() {
            return Some(day.to_string());
        }
        let (time, offset) = moment(time, afternoon)?;
        Some(format!("{}{offset}", day.to_datetime(time)))
    }

    fn day(self, text: &str) -> Option<Date> {
        let Parts {
            numbers,
            month,
            republic,
            year_first,
            thai,
        } = Parts::of(text)?;
        let buddhist = self.buddhist || thai;
        let year = |(digits, value): (usize, i16)| match (digits, value) {
            _ if republic => Some(value + REPUBLIC),
            (4, 1900..=2200) => Some(value),
            (4, 2400..=2700) => Some(value - BUDDHIST),
            (3, 100..=199) => Some(value + REPUBLIC),
            (1 | 2, _) if buddhist && value >= 50 => Some(2500 + value - BUDDHIST),
            (1 | 2, 0..=68) => Some(2000 + value),
            (1 | 2, _) => Some(1900 + value),
            _ => None,
        };
        let (y, m, d) = match (numbers.as_slice(), month) {
            (&[a, b], Some(month)) if a.0 == 4 => (year(a)?, month, b.1),
            (&[a, b], Some(month)) => (year(b)?, month, a.1),
            (&[a, b, c], None) if a.0 >= 3 || year_first => (year(a)?, b.1, c.1),
            (&[a, b, c], None) => match self.order {
                DateOrder::Day => (year(c)?, b.1, a.1),
                DateOrder::Month => (year(c)?, a.1, b.1),
                DateOrder::Year if c.0 > 2 => (year(c)?, a.1, b.1),
                DateOrder::Year => (year(a)?, b.1, c.1),
            },
            _ => return None,
        };
        Date::new(y, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok()
    }
}

/// The orders, likeliest first, for dates that could be read in several.
fn preferred<'a>(mut cells: impl Iterator<Item = &'a str>, headers: &[String]) -> [DateOrder; 3] {
    let any = |test: fn(char) -> bool| headers.iter().any(|name| name.contains(test));
    // Those who write dots, or Buddhist years, put the day first, whatever the
    // language of the header.
    let by_day = |cell: &str| {
        let dotted = cell.matches('.').count() == 2;
        let numbers = cell.split(|char: char| !char.is_ascii_digit());
        let mut years = numbers.filter(|number| number.len() == 4);
        dotted || years.any(|year| ("2400"..="2700").contains(&year))
    };
    let european = headers.iter().any(|name| {
        let name = super::names::fold(name);
        name.split(' ').any(|word| DAY_FIRST_WORDS.contains(&word))
    });
    if cells.next().is_some_and(by_day) || any(is_thai) || european {
        [DateOrder::Day, DateOrder::Month, DateOrder::Year]
    } else if any(super::names::is_han) {
        [DateOrder::Year, DateOrder::Month, DateOrder::Day]
    } else {
        [DateOrder::Month, DateOrder::Day, DateOrder::Year]
    }
}

/// Words of headers in the languages of Latin script that put the day first;
/// none is English too.
#[rustfmt::skip] // lists to be read and added to
const DAY_FIRST_WORDS: &[&str] = &[
    "avis", "commentaire", "commentaires", "magasin", "boutique", "agence", "ville", "jour",
    "auteur", "titre", "langue", "reponse", "texte", "identifiant", "produit", "etoiles", "de",
    "du", "creation", "achat", "numero", "reclamation", "fecha", "comentario", "comentarios",
    "resena", "tienda", "sucursal", "ciudad", "nota", "calificacion", "respuesta", "titulo",
    "idioma", "cliente", "producto", "texto", "identificador", "estrellas", "hora", "dia", "queja",
    "datum", "bewertung", "kommentar", "filiale", "avaliacao", "loja", "recensione",
];

/// What a written day is made of.
#[derive(Default)]
struct Parts {
    /// Digits and value.
    numbers: Vec<(usize, i16)>,
    month: Option<i16>,
    /// Whether its years are those of the Republic of China.
    republic: bool,
    year_first: bool,
    thai: bool,
}

impl Parts {
    /// `None` if it holds anything that has no place in a date.
    fn of(text: &str) -> Option<Self> {
        let mut parts = Self::default();
        let mut rest = text;
        while let Some(char) = rest.chars().next() {
            let end = |test: fn(char) -> bool| rest.find(|char| !test(char)).unwrap_or(rest.len());
            let length = if char.is_ascii_digit() {
                let length = end(|char| char.is_ascii_digit());
                parts.numbers.push((length, rest[..length].parse().ok()?));
                length
            } else if is_han(char) {
                let word = HAN.iter().find(|word| rest.starts_with(**word))?;
                parts.year_first |= *word == "年";
                parts.republic |= matches!(*word, "民國" | "民国");
                word.len()
            } else if is_thai(char) {
                let length = end(|char| is_thai(char) || char == '.');
                let word = rest[..length].replace('.', "");
                parts.thai = true;
                parts.word(&word, thai_month(&word), THAI)?;
                length
            } else if char.is_alphabetic() {
                let length = end(char::is_alphabetic);
                let word = &rest[..length];
                parts.word(word, latin_month(word), LATIN)?;
                length
            } else if " -/.,·\u{2013}()".contains(char) {
                char.len_utf8()
            } else {
                return None;
            };
            rest = &rest[length..];
        }
        Some(parts)
    }

    /// Takes a word: a month, or one that dates are written with.
    fn word(&mut self, word: &str, month: Option<i16>, known: &[&str]) -> Option<()> {
        let is_known = || {
            let weekday = |name: &&str| word.chars().count() >= 3 && name.starts_with(word);
            known.contains(&word) || WEEKDAYS.iter().any(weekday)
        };
        match month {
            // `mar. 2 mars 2026`: the first is Tuesday.
            Some(month) => self.month = Some(month),
            None if is_known() => {}
            None => return None,
        }
        Some(())
    }
}

fn is_thai(char: char) -> bool {
    matches!(char, '\u{E00}'..='\u{E7F}')
}

fn is_han(char: char) -> bool {
    super::names::is_han(char)
}

/// What stands between the numbers of a Chinese date.
#[rustfmt::skip] // a list to be read and added to
const HAN: &[&str] = &[
    "年", "月", "日", "号", "號", "民國", "民国", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六",
    "星期日", "星期天", "周一", "周二", "周三", "周四", "周五", "周六", "周日", "週一", "週二", "週三",
    "週四", "週五", "週六", "週日",
];

/// Words in Thai dates that say nothing more.
#[rustfmt::skip] // a list to be read and added to
const THAI: &[&str] = &[
    "วันที่", "พศ", "คศ", "เดือน", "ปี", "วันจันทร์ที่", "วันอังคารที่", "วันพุธที่",
    "วันพฤหัสบดีที่", "วันศุกร์ที่", "วันเสาร์ที่", "วันอาทิตย์ที่",
];

/// Words in dates of Latin script that say nothing more.
#[rustfmt::skip] // a list to be read and added to
const LATIN: &[&str] = &[
    "de", "del", "le", "el", "of", "the", "st", "nd", "rd", "th", "er", "at", "a", "las", "on",
];

/// In lower case without accents.
#[rustfmt::skip] // a list to be read and added to
const WEEKDAYS: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "lundi",
    "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lunes", "martes",
    "miercoles", "jueves", "viernes", "sabado", "domingo",
];

/// By month; in lower case without accents.
#[rustfmt::skip] // a table
const LATIN_MONTHS: [[&str; 3]; 12] = [
    ["january", "janvier", "enero"], ["february", "fevrier", "febrero"],
    ["march", "mars", "marzo"], ["april", "avril", "abril"], ["may", "mai", "mayo"],
    ["june", "juin", "junio"], ["july", "juillet", "julio"], ["august", "aout", "agosto"],
    ["september", "septembre", "septiembre"], ["october", "octobre", "octubre"],
    ["november", "novembre", "noviembre"], ["december", "decembre", "diciembre"],
];

/// Names and abbreviations by month, without dots.
#[rustfmt::skip] // a table
const THAI_MONTHS: [[&str; 2]; 12] = [
    ["มกราคม", "มค"], ["กุมภาพันธ์", "กพ"], ["มีนาคม", "มีค"], ["เมษายน", "เมย"],
    ["พฤษภาคม", "พค"], ["มิถุนายน", "มิย"], ["กรกฎาคม", "กค"], ["สิงหาคม", "สค"],
    ["กันยายน", "กย"], ["ตุลาคม", "ตค"], ["พฤศจิกายน", "พย"], ["ธันวาคม", "ธค"],
];

/// The month that a name, or three letters of it, stand for.
fn latin_month(word: &str) -> Option<i16> {
    let mut months = (1..).zip(LATIN_MONTHS);
    let names = |(_, names): &(i16, [&str; 3])| names.iter().any(|name| name.starts_with(word));
    let (month, _) = months.find(names).filter(|_| word.len() >= 3)?;
    // `jui` is June and July.
    months.all(|other| !names(&other)).then_some(month)
}

fn thai_month(word: &str) -> Option<i16> {
    let named = |(_, names): &(i16, [&str; 2])| {
        let rest = |name: &&str| word.strip_prefix(*name);
        names
            .iter()
            .any(|name| rest(name).is_some_and(|rest| matches!(rest, "" | "พศ" | "คศ")))
    };
    let (month, _) = (1..).zip(THAI_MONTHS).find(named)?;
    Some(month)
}

/// The cell in lower case, without accents on Latin letters, with ASCII digits
/// and marks.
fn plain(cell: &str) -> String {
    let mut plain = String::with_capacity(cell.len());
    for char in cell.trim().chars() {
        match char {
            '๐'..='๙' => plain.push(char::from(b'0' + (char as u32 - '๐' as u32) as u8)),
            _ if is_thai(char) => plain.push(char),
            '时' | '時' | '点' | '點' => plain.push(':'),
            _ => {
                let base = char.nfkd().filter(|&char| !is_combining_mark(char));
                plain.extend(base.flat_map(char::to_lowercase));
            }
        }
    }
    plain
}

/// A day that is one number: `20260302`, a serial number of Excel, seconds or
/// milliseconds since 1970.
fn bare_number(cell: &str) -> Option<String> {
    let value: f64 = cell.parse().ok()?;
    let whole = cell.split('.').next().unwrap_or_default();
    match whole.len() {
        5 if EXCEL_DAYS.contains(&value) => {
            let seconds = ((value - EXCEL_TO_UNIX as f64) * 86_400.0).round() as i64;
            let moment = Timestamp::from_second(seconds).ok()?.to_string();
            // Excel knows no time zones, and a whole number is a day.
            let moment = moment.trim_end_matches('Z');
            Some(
                moment
                    .strip_suffix("T00:00:00")
                    .unwrap_or(moment)
                    .to_owned(),
            )
        }
        8 => {
            let number = |range: std::ops::Range<usize>| whole.get(range)?.parse::<i16>().ok();
            let (month, day) = (number(4..6)?, number(6..8)?);
            let year = number(0..4).filter(|year| (1900..=2200).contains(year))?;
            let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
            Some(date.ok()?.to_string())
        }
        10 => Some(
            Timestamp::from_second(whole.parse().ok()?)
                .ok()?
                .to_string(),
        ),
        13 => {
            let seconds = whole.parse::<i64>().ok()? / 1000;
            Some(Timestamp::from_second(seconds).ok()?.to_string())
        }
        _ => None,
    }
}

/// Where the hour begins: one or two digits before `:` or `h` and a digit.
fn time_at(cell: &str) -> Option<usize> {
    let bytes = cell.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let spaced = |at: usize| bytes.get(at) == Some(&b' ');
    let mark = (1..bytes.len()).find(|&at| match bytes[at] {
        b':' => digit(at - 1) && digit(at + 1),
        b'h' => (digit(at - 1) || spaced(at - 1)) && (digit(at + 1) || spaced(at + 1)),
        _ => false,
    })?;
    let end = cell[..mark].trim_end().len();
    let start = cell[..end]
        .trim_end_matches(|char: char| char.is_ascii_digit())
        .len();
    (1..=2).contains(&(end - start)).then_some(start)
}

/// What stands before a Chinese half of the day, and whether it is the second.
fn half_of_day(date: &str) -> Option<(&str, bool)> {
    let halves = [
        ("上午", false),
        ("早上", false),
        ("凌晨", false),
        ("下午", true),
        ("晚上", true),
    ];
    halves.iter().find_map(|&(word, afternoon)| {
        let before = date.trim_end().strip_suffix(word)?;
        Some((before.trim_end(), afternoon))
    })
}

/// A time and its offset from UTC as ISO writes it.
fn moment(text: &str, afternoon: Option<bool>) -> Option<(Time, String)> {
    let mut numbers = [0_i8; 3];
    let mut rest = text;
    for (at, number) in numbers.iter_mut().enumerate() {
        let digits = rest
            .find(|char: char| !char.is_ascii_digit())
            .unwrap_or(rest.len());
        if digits == 0 {
            break;
        }
        *number = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let after = rest.trim_start_matches(|char| ": hm分秒".contains(char));
        if at == 2 || !after.starts_with(|char: char| char.is_ascii_digit()) {
            break;
        }
        rest = after;
    }
    // Fractions of a second say nothing of feedback.
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = fraction.trim_start_matches(|char: char| char.is_ascii_digit());
    }
    let tail: String = rest.chars().filter(|char| !" .".contains(*char)).collect();
    let (tail, afternoon) = match (tail.strip_prefix("am"), tail.strip_prefix("pm")) {
        (Some(tail), _) => (tail, Some(false)),
        (_, Some(tail)) => (tail, Some(true)),
        _ => (tail.as_str(), afternoon),
    };
    let [hour, minute, second] = numbers;
    let hour = match afternoon {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    Some((Time::new(hour, minute, second, 0).ok()?, offset(tail)?))
}

/// `Z` or `+08:00`; empty where none is given, and for names of zones, which
/// several countries share.
fn offset(tail: &str) -> Option<String> {
    if tail.starts_with('z') || matches!(tail, "utc" | "gmt") {
        return Some("Z".to_owned());
    }
    let Some(sign) = tail.chars().next().filter(|char| matches!(char, '+' | '-')) else {
        let plain = !tail.contains(|char: char| char.is_ascii_digit());
        return plain.then(String::new);
    };
    let digits: String = tail.chars().filter(char::is_ascii_digit).take(4).collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { "00" } else { minutes };
    let valid = hours.parse::<u8>().is_ok_and(|hours| hours <= 14)
        && minutes.len() == 2
        && minutes.parse::<u8>().is_ok_and(|minutes| minutes < 60);
    valid.then(|| format!("{sign}{hours}:{minutes}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The column's form and its dates.
    fn dates(header: &str, cells: &[&str]) -> (Option<&'static str>, Vec<Option<String>>) {
        let (form, _) = DateForm::of(cells.iter().copied(), true, &[header.to_owned()]);
        let dates = cells.iter().map(|cell| form.read(cell)).collect();
        (form.note(), dates)
    }

    #[test]
    fn dates_of_every_spelling_are_read() {
        for (header, cell, expected) in [
            ("date", "2026-03-02", "2026-03-02"),
            ("date", "2026/3/2", "2026-03-02"),
            ("date", "2026-03-02 10:15", "2026-03-02T10:15:00"),
            ("date", "2026-03-02T10:15:09.123Z", "2026-03-02T10:15:09Z"),
            (
                "date",
                "2026-03-02T10:15:09+0800",
                "2026-03-02T10:15:09+08:00",
            ),
            ("date", "2026-03-02 10:15:09 UTC", "2026-03-02T10:15:09Z"),
            ("date", "Mar 2, 2026", "2026-03-02"),
            (
                "date",
                "Monday, March 2nd, 2026 at 3:05 PM",
                "2026-03-02T15:05:00",
            ),
            ("date", "2 Mar 2026", "2026-03-02"),
            ("date", "2-Mar-26", "2026-03-02"),
            (
                "date de l'avis",
                "lun. 2 févr. 2026 à 14 h 12",
                "2026-02-02T14:12:00",
            ),
            ("date", "mar. 3 mars 2026", "2026-03-03"),
            ("date", "1er août 2026", "2026-08-01"),
            ("fecha", "2 de septiembre de 2026", "2026-09-02"),
            ("fecha", "2/3/26", "2026-03-02"),
            ("日期", "2026年3月2日", "2026-03-02"),
            (
                "日期",
                "2026年3月2日 星期一 下午3:05",
                "2026-03-02T15:05:00",
            ),
            ("日期", "26/3/2", "2026-03-02"),
            ("日期", "民國115年3月2日", "2026-03-02"),
            ("时间", "2026年3月2日10时15分", "2026-03-02T10:15:00"),
            ("วันที่", "2 มีนาคม 2569", "2026-03-02"),
            ("วันที่", "๒ มี.ค. ๖๙", "2026-03-02"),
            ("วันที่", "2/3/2569", "2026-03-02"),
            ("วันที่", "02/03/69 10:15 น.", "2026-03-02T10:15:00"),
            ("date", "02.03.2026", "2026-03-02"),
            ("date", "20260302", "2026-03-02"),
            ("date", "46083", "2026-03-02"),
            ("date", "46083.5", "2026-03-02T12:00:00"),
            ("timestamp", "1772446509", "2026-03-02T10:15:09Z"),
            ("timestamp", "1772446509123", "2026-03-02T10:15:09Z"),
        ] {
            let (_, dates) = dates(header, &[cell]);
            assert_eq!(dates[0].as_deref(), Some(expected), "{cell}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for cell in [
            "",
            "today",
            "31/2/2026",
            "2026",
            "3/2",
            "room 3 2 26",
            "10:15",
            "4.5",
            "99999999",
            "jui 2 2026",
            "1.2.3.4",
            "2026-13-45",
            "٢٠٢٦",
            "😡",
            "٣/٢/٢٠٢٦",
            "25:99 2/3/2026",
        ] {
            assert_eq!(dates("date", &[cell]).1[0], None, "{cell}");
        }
        let (form, _) = DateForm::of(["46083"].into_iter(), false, &[]);
        assert_eq!(form.read("46083"), None, "a number alone is no date");
    }

    #[test]
    fn the_order_is_told_by_the_column_and_then_by_the_header() {
        type Case = (
            &'static str,
            &'static [&'static str],
            &'static str,
            &'static str,
        );
        let cases: [Case; 9] = [
            (
                "date",
                &["3/2/2026", "25/2/2026"],
                "day first",
                "2026-02-03",
            ),
            (
                "date",
                &["3/2/2026", "2/25/2026"],
                "month first",
                "2026-03-02",
            ),
            ("date", &["3/2/2026"], "month first", "2026-03-02"),
            ("date", &["3.2.2026"], "day first", "2026-02-03"),
            ("Date de création", &["3/2/2026"], "day first", "2026-02-03"),
            ("fecha", &["3/2/26"], "day first", "2026-02-03"),
            ("date", &["3/2/2569"], "day first", "2026-02-03"),
            ("วันที่", &["3/2/2569"], "day first", "2026-02-03"),
            ("日期", &["03/2/26", "03/2/27"], "year first", "2003-02-26"),
        ];
        for (header, cells, note, first) in cases {
            let (found, dates) = dates(header, cells);
            assert_eq!(
                (found, dates[0].as_deref()),
                (Some(note), Some(first)),
                "{header} {cells:?}"
            );
        }
        assert_eq!(dates("date", &["2026-03-02"]).0, None);
    }

    proptest! {
        #[test]
        fn any_cell_is_read_or_not(cell in ".{0,40}|[0-9/:. -]{0,20}|[0-9年月日มีค.h: ]{0,20}") {
            let (form, _) = DateForm::of([cell.as_str()].into_iter(), true, &[]);
            if let Some(date) = form.read(&cell) {
                prop_assert!(date.is_char_boundary(10) && date[..10].parse::<Date>().is_ok());
            }
        }
    }
}
