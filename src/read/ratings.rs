//! A cell → a value on a scale: points, stars, or words such as `satisfied`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::names::fold;
use crate::feedback::Rating;

/// The scale of one column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    lowest: f64,
    highest: f64,
    form: Form,
}

/// How the values of a scale are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Numbers,
    Stars,
    Words,
}

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Said {
    Number(f64),
    /// `4/5`: the most that can be given stands with it.
    OutOf(f64, f64),
    Stars(f64),
    Word(f64),
}

/// Scales that numbers may be on, as lowest and highest, the narrowest first.
const SCALES: [(f64, f64); 5] = [
    (1.0, 5.0),
    (0.0, 5.0),
    (1.0, 10.0),
    (0.0, 10.0),
    (0.0, 100.0),
];

/// The seven degrees of agreement that effort is asked in, besides [`SCALES`].
const SEVEN: (f64, f64) = (1.0, 7.0);

/// The scale of the recommendation question.
const RECOMMENDATION: (f64, f64) = (0.0, 10.0);

impl Scale {
    /// The scale that most of `cells` are on, the narrowest of several, and how
    /// many are. A header may name it: `note (1-10)`.
    pub(super) fn of<'a>(
        cells: impl Iterator<Item = &'a str> + Clone,
        header: &str,
        seven: bool,
    ) -> (Self, usize) {
        let said = || cells.clone().filter_map(said);
        let written = |form| {
            said()
                .filter(|said| {
                    form == match said {
                        Said::Number(_) | Said::OutOf(..) => Form::Numbers,
                        Said::Stars(_) => Form::Stars,
                        Said::Word(_) => Form::Words,
                    }
                })
                .count()
        };
        let five = |form| Self {
            lowest: 1.0,
            highest: 5.0,
            form,
        };
        for form in [Form::Stars, Form::Words] {
            let count = written(form);
            if count > 0 && count * 2 > said().count() {
                return (five(form), count);
            }
        }
        let most = said().find_map(|said| match said {
            Said::OutOf(_, most) => Some(most),
            _ => None,
        });
        let numbers = || {
            said().filter_map(|said| match said {
                Said::Number(value) | Said::OutOf(value, _) => Some(value),
                _ => None,
            })
        };
        let on = |(lowest, highest): (f64, f64)| {
            let on_it = |value: &f64| (lowest..=highest).contains(value);
            numbers().filter(on_it).count()
        };
        let all = numbers().count();
        let candidates = match named_scale(header) {
            Some(scale) => vec![scale],
            None => {
                let mut scales = SCALES.to_vec();
                if seven {
                    scales.insert(2, SEVEN);
                }
                scales.retain(|&(_, highest)| most.is_none_or(|most| highest == most));
                scales
            }
        };
        // A slip of the hand or two does not make it another scale.
        let fits = |scale: &&(f64, f64)| on(**scale) * 20 >= all * 19;
        // The first of equals: `max_by_key` would take the last.
        let best = candidates.iter().rev().max_by_key(|scale| on(**scale));
        let scale = candidates.iter().find(fits).or(best);
        let (lowest, highest) = *scale.unwrap_or(&SCALES[0]);
        let scale = Self {
            lowest,
            highest,
            form: Form::Numbers,
        };
        (scale, on((lowest, highest)))
    }

    /// The scale from 0 to 10 of the recommendation question.
    pub(super) fn recommendation() -> Self {
        let (lowest, highest) = RECOMMENDATION;
        Self {
            lowest,
            highest,
            form: Form::Numbers,
        }
    }

    /// The value of a cell; `None` if it holds none, or one off the scale.
    pub(super) fn read(self, cell: &str) -> Option<Rating> {
        let value = match (said(cell)?, self.form) {
            (Said::OutOf(value, most), Form::Numbers) if most == self.highest => value,
            (Said::Number(value), Form::Numbers) => value,
            (Said::Stars(value), Form::Stars) | (Said::Word(value), Form::Words) => value,
            _ => return None,
        };
        Rating::new(value, self.lowest, self.highest)
    }

    /// What had to be decided about it.
    pub(super) fn note(self) -> String {
        match self.form {
            Form::Numbers => format!("{}–{}", self.lowest, self.highest),
            Form::Stars => "stars".to_owned(),
            Form::Words => "words".to_owned(),
        }
    }

    /// Whether its values are plain numbers, which could be anything.
    pub(super) fn is_of_numbers(self) -> bool {
        self.form == Form::Numbers
    }
}

/// The scale that a header names: `note (1-10)`, `คะแนน 0–10`, `评分/5`.
fn named_scale(header: &str) -> Option<(f64, f64)> {
    let marked = header.replace(['\u{2013}', '\u{2014}', '~', '～', '到', '至'], "-");
    let mut numbers = Vec::new();
    for part in marked.split(|char: char| !(char.is_ascii_digit() || "-/".contains(char))) {
        if let Some((low, high)) = part.split_once('-').or(part.split_once('/')) {
            let low = if low.is_empty() && part.starts_with('/') {
                "1"
            } else {
                low
            };
            numbers.push((low.parse().ok()?, high.parse().ok()?));
        }
    }
    let known = |scale: &(f64, f64)| SCALES.contains(scale) || *scale == SEVEN;
    numbers.into_iter().find(known)
}

fn said(cell: &str) -> Option<Said> {
    let cell = cell.trim();
    if cell.is_empty() || cell.chars().count() > 60 {
        return None;
    }
    stars(cell)
        .map(Said::Stars)
        .or_else(|| number(cell))
        .or_else(|| word(cell).map(Said::Word))
}

/// `★★★☆☆`, `⭐⭐⭐`, `★★½`: the full ones count.
fn stars(cell: &str) -> Option<f64> {
    let mut value = 0.0;
    for char in cell.chars() {
        match char {
            '★' | '⭐' | '🌟' | '✭' | '⚫' | '●' => value += 1.0,
            '½' => value += 0.5,
            '☆' | '✩' | '✰' | '○' | '\u{FE0F}' | ' ' => {}
            _ => return None,
        }
    }
    (1.0..=5.0).contains(&value).then_some(value)
}

/// `4`, `4,5`, `80 %`, `4/5`, `4 étoiles`, `4 - Satisfied`, `4分`.
fn number(cell: &str) -> Option<Said> {
    let (value, rest) = leading_number(cell)?;
    let rest = fold_units(rest);
    if let Some(most) = OUT_OF.iter().find_map(|word| rest.strip_prefix(word)) {
        let (most, tail) = leading_number(most.trim_start())?;
        return is_unit(&fold_units(tail)).then_some(Said::OutOf(value, most));
    }
    // Choices of a survey: the number and what it stands for.
    let choice = ["-", "=", ":", "\u{2013}", "."];
    let explained = choice.iter().any(|mark| {
        rest.strip_prefix(mark)
            .is_some_and(|word| word.starts_with(' '))
    });
    (is_unit(&rest) || explained).then_some(Said::Number(value))
}

/// What stands between a value and the most that can be given.
const OUT_OF: &[&str] = &["/", "out of ", "sur ", "de ", "of ", "จาก", "เต็ม"];

/// What values are counted in; folded.
#[rustfmt::skip] // a list to be read and added to
const UNITS: &[&str] = &[
    "", "%", "star", "stars", "point", "points", "pts", "etoile", "etoiles", "estrella",
    "estrellas", "punto", "puntos", "星", "颗星", "顆星", "分", "ดาว", "คะแนน",
];

fn is_unit(rest: &str) -> bool {
    UNITS.contains(&rest)
}

/// Lower case without accents or spaces around it.
fn fold_units(rest: &str) -> String {
    rest.trim().to_lowercase().replace('é', "e")
}

/// The number that a text begins with, and what follows.
fn leading_number(text: &str) -> Option<(f64, &str)> {
    let end = text
        .find(|char: char| !(char.is_ascii_digit() || ".,".contains(char)))
        .unwrap_or(text.len());
    let digits = text[..end].trim_end_matches(['.', ',']);
    let rest = &text[digits.len()..];
    let value = digits.replace(',', ".").parse().ok()?;
    digits
        .starts_with(|char: char| char.is_ascii_digit())
        .then_some((value, rest))
}

/// The degree that a word stands for, from 1 to 5.
fn word(cell: &str) -> Option<f64> {
    static DEGREES: LazyLock<HashMap<String, u8>> = LazyLock::new(|| {
        let degrees = (1_u8..).zip(WORDS);
        degrees
            .flat_map(|(degree, words)| words.iter().map(move |word| (fold(word), degree)))
            .collect()
    });
    DEGREES.get(&fold(cell)).map(|&degree| f64::from(degree))
}

/// Answers by degree, from the worst to the best, in English, French, Spanish,
/// Thai and both scripts of Chinese.
#[rustfmt::skip] // lists to be read and added to
const WORDS: [&[&str]; 5] = [
    &[
        "very dissatisfied", "very unsatisfied", "extremely dissatisfied", "completely dissatisfied",
        "terrible", "very poor", "very bad", "awful", "strongly disagree", "very difficult",
        "très insatisfait", "très insatisfaite", "pas du tout satisfait", "pas du tout satisfaite",
        "très mécontent", "très mécontente", "très mauvais", "pas du tout d'accord", "très difficile",
        "muy insatisfecho", "muy insatisfecha", "nada satisfecho", "nada satisfecha", "muy malo",
        "muy mala", "muy mal", "pésimo", "totalmente en desacuerdo", "muy difícil",
        "ไม่พอใจมาก", "ไม่พอใจอย่างมาก", "ไม่พอใจอย่างยิ่ง", "แย่มาก", "ไม่เห็นด้วยอย่างยิ่ง", "ยากมาก", "น้อยที่สุด",
        "非常不满意", "很不满意", "非常不满", "非常差", "很差", "非常不同意", "非常困难",
        "非常不滿意", "很不滿意", "非常不滿", "非常不同意", "非常困難",
    ],
    &[
        "dissatisfied", "unsatisfied", "somewhat dissatisfied", "poor", "bad", "disagree", "difficult",
        "insatisfait", "insatisfaite", "peu satisfait", "peu satisfaite", "plutôt insatisfait",
        "plutôt insatisfaite", "mécontent", "mécontente", "mauvais", "pas d'accord",
        "plutôt pas d'accord", "difficile",
        "insatisfecho", "insatisfecha", "poco satisfecho", "poco satisfecha", "algo insatisfecho",
        "malo", "mala", "mal", "en desacuerdo", "difícil",
        "ไม่พอใจ", "แย่", "ไม่ดี", "ไม่เห็นด้วย", "ยาก", "น้อย",
        "不满意", "不满", "差", "较差", "不同意", "困难", "不滿意", "不滿", "較差", "困難",
    ],
    &[
        "neutral", "neither satisfied nor dissatisfied", "average", "ok", "okay", "fair",
        "neither agree nor disagree", "so so",
        "neutre", "ni satisfait ni insatisfait", "ni satisfaite ni insatisfaite", "moyen", "moyenne",
        "ni d'accord ni pas d'accord", "neutro", "ni satisfecho ni insatisfecho",
        "ni satisfecha ni insatisfecha", "regular", "ni de acuerdo ni en desacuerdo",
        "เฉยๆ", "เฉย ๆ", "ปานกลาง", "พอใช้", "一般", "一般般", "中立", "普通", "还行", "還行", "尚可",
    ],
    &[
        "satisfied", "somewhat satisfied", "good", "agree", "easy",
        "satisfait", "satisfaite", "plutôt satisfait", "plutôt satisfaite", "assez satisfait",
        "assez satisfaite", "content", "contente", "bien", "bon", "d'accord", "plutôt d'accord",
        "facile", "satisfecho", "satisfecha", "algo satisfecho", "bastante satisfecho", "bueno",
        "buena", "de acuerdo", "fácil",
        "พอใจ", "ค่อนข้างพอใจ", "ดี", "เห็นด้วย", "ง่าย", "มาก",
        "满意", "比较满意", "较满意", "好", "同意", "容易", "滿意", "比較滿意", "較滿意",
    ],
    &[
        "very satisfied", "extremely satisfied", "completely satisfied", "excellent", "very good",
        "strongly agree", "very easy",
        "très satisfait", "très satisfaite", "tout à fait satisfait", "tout à fait satisfaite",
        "très content", "très contente", "très bien", "très bon", "tout à fait d'accord",
        "très facile", "muy satisfecho", "muy satisfecha", "totalmente satisfecho", "excelente",
        "muy bueno", "muy buena", "muy bien", "totalmente de acuerdo", "muy fácil",
        "พอใจมาก", "พอใจมากที่สุด", "พอใจอย่างยิ่ง", "ดีมาก", "ดีเยี่ยม", "เห็นด้วยอย่างยิ่ง", "ง่ายมาก", "มากที่สุด",
        "非常满意", "很满意", "十分满意", "非常好", "很好", "非常同意", "非常容易",
        "非常滿意", "很滿意", "十分滿意",
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The note of the scale, how many cells are on it, and the first value.
    fn scale(header: &str, cells: &[&str]) -> (String, usize, Option<f64>) {
        let (scale, count) = Scale::of(cells.iter().copied(), header, header == "ces");
        let first = cells.first().and_then(|cell| scale.read(cell));
        (scale.note(), count, first.map(|rating| rating.value))
    }

    #[test]
    fn scales_are_told_by_their_values() {
        type Case = (
            &'static str,
            &'static [&'static str],
            &'static str,
            usize,
            Option<f64>,
        );
        let cases: [Case; 22] = [
            ("rating", &["4", "5", "1", ""], "1–5", 3, Some(4.0)),
            ("note", &["4,5", "3"], "1–5", 2, Some(4.5)),
            ("rating", &["0", "5"], "0–5", 2, Some(0.0)),
            ("nota", &["7", "10", "1"], "1–10", 3, Some(7.0)),
            ("score", &["7", "0"], "0–10", 2, Some(7.0)),
            ("score", &["85", "40"], "0–100", 2, Some(85.0)),
            ("score", &["85 %", "40%"], "0–100", 2, Some(85.0)),
            ("score", &["850", "1200"], "1–5", 0, None),
            ("note (1-10)", &["4", "5"], "1–10", 2, Some(4.0)),
            ("คะแนน 0–10", &["4", "5"], "0–10", 2, Some(4.0)),
            ("评分/5", &["4", "5"], "1–5", 2, Some(4.0)),
            ("ces", &["6", "7"], "1–7", 2, Some(6.0)),
            ("rating", &["4/5", "8/10"], "1–5", 1, Some(4.0)),
            (
                "rating",
                &["8 out of 10", "10 out of 10"],
                "1–10",
                2,
                Some(8.0),
            ),
            ("x", &["4 étoiles", "5 étoiles"], "1–5", 2, Some(4.0)),
            ("星级", &["4星", "2分"], "1–5", 2, Some(4.0)),
            (
                "x",
                &["4 - Satisfied", "5 - Very satisfied"],
                "1–5",
                2,
                Some(4.0),
            ),
            ("x", &["★★★☆☆", "⭐⭐⭐⭐⭐", "★½"], "stars", 3, Some(3.0)),
            (
                "x",
                &["Very satisfied", "Neutral", "poor"],
                "words",
                3,
                Some(5.0),
            ),
            (
                "满意度",
                &["非常满意", "一般", "不满意"],
                "words",
                3,
                Some(5.0),
            ),
            (
                "滿意度",
                &["很滿意", "普通", "不滿意"],
                "words",
                3,
                Some(5.0),
            ),
            ("x", &["4 nights", "red", "😡"], "1–5", 0, None),
        ];
        for (header, cells, note, count, first) in cases {
            assert_eq!(
                scale(header, cells),
                (note.to_owned(), count, first),
                "{header} {cells:?}"
            );
        }
    }

    #[test]
    fn satisfaction_is_understood_in_every_language() {
        for (word, degree) in [
            ("Tout à fait satisfait", 5.0),
            ("plutôt satisfaite", 4.0),
            ("Ni satisfait ni insatisfait", 3.0),
            ("muy satisfecho", 5.0),
            ("Insatisfecha", 2.0),
            ("พอใจมาก", 5.0),
            ("ไม่พอใจ", 2.0),
            ("ไม่พอใจมาก", 1.0),
            ("非常不满意", 1.0),
            ("很滿意", 5.0),
        ] {
            assert_eq!(super::word(word), Some(degree), "{word}");
        }
    }

    #[test]
    fn degrees_do_not_share_a_word() {
        let mut words: Vec<_> = WORDS
            .iter()
            .flat_map(|words| words.iter().map(|word| fold(word)))
            .collect();
        words.sort();
        let all = words.len();
        words.dedup();
        // `非常不同意` is written alike in both scripts.
        assert!(all - words.len() <= 1, "{words:?}");
    }
}
