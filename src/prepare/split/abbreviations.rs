//! Full stops that end no sentence.

/// Abbreviations that something follows, in lower case.
const LEADING: &[&str] = &[
    "acct", "approx", "aprox", "att", "av", "avda", "bd", "bldg", "blvd", "boul", "c.f", "cf",
    "dept", "depto", "dpto", "dr", "dra", "dña", "e.g", "ej", "env", "esp", "excl", "gral", "hab",
    "i.e", "incl", "inv", "izq", "lic", "m", "max", "mgr", "mlle", "mm", "mme", "mr", "mrs", "ms",
    "máx", "mín", "nro", "nº", "n°", "núm", "p.ej", "p.ex", "prof", "pág", "págs", "rd", "réf",
    "rte", "sr", "sra", "sras", "sres", "srta", "st", "sta", "ste", "sto", "tel", "tlf", "tél",
    "ud", "uds", "vd", "vs",
];

/// Abbreviations that a number follows; without one they are words or ends.
const NUMBERING: &[&str] = &[
    "art", "ch", "ext", "fig", "no", "nos", "p", "pp", "ref", "vol",
];

/// Abbreviations that may also end a sentence: units, times, dates, forms of firms.
const TRAILING: &[&str] = &[
    "a.m", "abr", "ago", "apr", "aug", "avr", "cm", "co", "corp", "dec", "dic", "déc", "ee.uu",
    "ene", "etc", "ex", "feb", "fri", "ft", "févr", "g", "h", "hr", "hrs", "hs", "in", "inc",
    "jan", "janv", "jr", "juil", "jul", "jun", "kg", "km", "lb", "lbs", "ltd", "min", "mins", "mn",
    "mon", "nov", "oct", "oz", "p.m", "s.a", "sat", "sec", "seg", "sep", "sept", "thu", "thur",
    "thurs", "tue", "tues", "u.k", "u.s", "wed", "wk", "wks", "yr", "yrs",
];

/// No further back is looked for the start of the last word, in bytes.
const LONGEST: usize = 16;

/// Whether the full stop at the end of `before` ends no sentence, given what
/// follows it.
pub(super) fn goes_on(before: &str, after: &str) -> bool {
    let Some(text) = before.trim_end().strip_suffix('.') else {
        return false;
    };
    if text.ends_with('.') {
        return false;
    }
    let next = after.trim_start().chars().next();
    let number = next.is_some_and(|char| char.is_ascii_digit() || char == '#');
    let small = number || next.is_some_and(char::is_lowercase);
    // A number of a list: `1. Livraison`.
    if (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let tail = &text[text.ceil_char_boundary(text.len().saturating_sub(LONGEST))..];
    let word = tail.rsplit([' ', '(', '\n', ',', '/', '\'', '’']).next();
    let word = word.unwrap_or(tail).to_lowercase();
    let figures = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    match word.as_str() {
        // `11 a. m.`
        "a" | "p" if after.trim_start().starts_with("m.") => true,
        "m" if tail.ends_with("a. m") || tail.ends_with("p. m") => small,
        // A date, `12.03. on`.
        word if word.contains('.') && word.bytes().all(figures) => small,
        // An initial: `J. Martin`.
        word if word.chars().count() == 1 && text.ends_with(char::is_uppercase) => true,
        word => {
            LEADING.contains(&word)
                || number && NUMBERING.contains(&word)
                || small && TRAILING.contains(&word)
                || is_thai(word)
        }
    }
}

/// Thai abbreviations are of consonants alone: `ธ.ค.`, `น.`, `ชม.`.
fn is_thai(word: &str) -> bool {
    let letters = word.rsplit('.').next().unwrap_or(word);
    let letters = letters.trim_start_matches(|char: char| char.is_ascii_digit());
    !letters.is_empty()
        && letters.len() <= 12
        && letters.chars().all(|char| matches!(char, 'ก'..='ฮ'))
}
