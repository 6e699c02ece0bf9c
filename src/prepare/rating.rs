//! A text that is a rating and nothing else, in words that the model knows.
//!
//! The model reads `1/10` and `★☆☆☆☆` as praise: most feedback of figures and
//! stars alone is.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// What feedback of one to five stars says. Of the bundled models the full one
/// hears 1.1, 2.1, 3.0, 4.3 and 4.6 stars in it, the small one 1.2, 2.1, 2.8, 4.3 and
/// 4.5, and both no emotion; to the small one `1 star` is praise.
const WORDS: [&str; 5] = [
    "bad, very bad",
    "bad",
    "neither good nor bad",
    "good",
    "excellent",
];

/// Stars of a scale that is drawn.
const DRAWN: usize = 5;

/// `1/10`, `4,5 / 5 !!!`, `1/5 étoiles`: a figure out of 5, 10, 20 or 100, which may
/// be below nothing.
static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    let figures = r"(?P<below>-?)(?P<value>\d{1,3}(?:[.,]\d+)?)\s*/\s*(?P<most>5|10|20|100)";
    let units = "stars?|étoiles?|estrellas?|points?|puntos?|[颗顆]?星|分|ดาว|คะแนน";
    Regex::new(&format!(r"^(?i)\s*{figures}\s*(?:{units})?[\s\p{{P}}]*$"))
        .expect("a pattern of ours")
});

/// The rating that `text` is, in words; `None` if it is none, or says more.
pub(super) fn in_words(text: &str) -> Option<&'static str> {
    // Whatever is longer says more.
    if text.len() > 60 {
        return None;
    }
    let stars = drawn(text).or_else(|| figures(text))?;
    Some(WORDS[stars.clamp(1, WORDS.len()) - 1])
}

/// `★☆☆☆☆`, `⭐⭐`. One star alone may be an ornament.
fn drawn(text: &str) -> Option<usize> {
    let (mut full, mut hollow) = (0, 0);
    for char in text.chars() {
        match char {
            '★' | '⭐' | '🌟' | '✭' => full += 1,
            '☆' | '✩' | '✰' => hollow += 1,
            '\u{FE0F}' | '!' | '.' | '！' | '。' => {}
            _ if char.is_whitespace() => {}
            _ => return None,
        }
    }
    let is_scale = match hollow {
        0 => (2..=DRAWN).contains(&full),
        _ => full + hollow == DRAWN,
    };
    is_scale.then_some(full)
}

fn figures(text: &str) -> Option<usize> {
    let ascii = |char: char| match char {
        '๐'..='๙' => char::from(b'0' + (u32::from(char) - u32::from('๐')) as u8),
        _ => char,
    };
    let text: String = text.nfkc().map(ascii).collect();
    let found = FIGURES.captures(&text)?;
    let number = |name: &str| found[name].replace(',', ".").parse::<f64>().ok();
    let share = number("value")? / number("most")?;
    match &found["below"] {
        "" => Some((share * DRAWN as f64).round() as usize),
        _ => Some(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_ratings_are_read() {
        let cases = [
            ("1/10", Some("bad, very bad")),
            ("0/10", Some("bad, very bad")),
            ("-10/10", Some("bad, very bad")),
            ("4/10", Some("bad")),
            ("5/10", Some("neither good nor bad")),
            ("10/10!!!", Some("excellent")),
            ("100/10", Some("excellent")),
            (" 4,5 / 5 ", Some("excellent")),
            ("2/5", Some("bad")),
            ("16/20.", Some("good")),
            ("15/100", Some("bad, very bad")),
            ("１／１０", Some("bad, very bad")),
            ("๒/๑๐", Some("bad, very bad")),
            ("1/5 étoiles", Some("bad, very bad")),
            ("2/5颗星", Some("bad")),
            ("★☆☆☆☆", Some("bad, very bad")),
            ("☆☆☆☆☆", Some("bad, very bad")),
            ("★★★☆☆", Some("neither good nor bad")),
            ("⭐⭐⭐⭐⭐ !", Some("excellent")),
            ("⭐️⭐️", Some("bad")),
            ("⭐", None),
            ("★★☆", None),
            ("★★★★★★", None),
            ("24/7", None),
            ("5", None),
            ("01/02/2024", None),
            ("1/10 never again", None),
            ("★☆☆☆☆ never again", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(in_words(text), expected, "{text}");
        }
    }
}
