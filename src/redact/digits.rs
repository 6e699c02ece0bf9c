//! Text → its runs of digits, which cards and phone numbers are looked for in.

use std::ops::Range;

/// A run longer than this is no number that anybody writes to be called or paid.
const MOST_DIGITS: usize = 40;

/// Digits that stand together.
pub(super) struct Group {
    pub(super) range: Range<usize>,
    pub(super) digits: String,
}

/// Groups with no more than a sign or two between them: `06 39-98`.
pub(super) type Run = Vec<Group>;

/// Whether there is a digit of any script that [`runs`] knows.
pub(super) fn any(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        || !text.is_ascii() && text.chars().any(|character| value(character).is_some())
}

/// Digits of the shortest number that names a person.
const FEWEST: usize = 6;

/// Characters that the letters and signs of a code may take before and after its
/// digits, at most.
const AROUND: usize = 14;

/// The parts of `text` that have enough digits for the number of a person, with
/// the letters before and after them, in order and apart.
pub(super) fn near(text: &str) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let (mut start, mut end, mut count, mut between) = (0, 0, 0, 0);
    let mut close = |start: usize, end: usize, count: usize| {
        if count < FEWEST {
            return;
        }
        let before = super::phone::tail(&text[..start], AROUND).len();
        let after = text[end..].char_indices().nth(AROUND);
        let after = after.map_or(text.len(), |(at, _)| end + at);
        match parts.last_mut() {
            Some(last) if last.end >= start - before => last.end = after,
            _ => parts.push(start - before..after),
        }
    };
    for (at, character) in text.char_indices() {
        if value(character).is_some() {
            if count == 0 {
                start = at;
            }
            (end, between) = (at + character.len_utf8(), 0);
            count += 1;
        } else if count > 0 {
            between += 1;
            if between > 2 {
                close(start, end, count);
                (count, between) = (0, 0);
            }
        }
    }
    close(start, end, count);
    parts
}

/// All runs in order. Full-width and Thai digits count, and so does the letter
/// O where a zero is meant: `O81-244-9O36`.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut run = Run::new();
    let mut before = None;
    let mut characters = text.char_indices().peekable();
    // Signs since the last group.
    let mut signs = 0;
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|&(_, next)| next);
        let digit = value(character).or_else(|| letter_o(character, before, next));
        if let Some(digit) = digit {
            let end = at + character.len_utf8();
            match run.last_mut() {
                Some(group) if signs == 0 => {
                    group.range.end = end;
                    group.digits.push(digit);
                }
                _ => run.push(Group {
                    range: at..end,
                    digits: digit.into(),
                }),
            }
            signs = 0;
        } else if !run.is_empty() {
            signs += 1;
            if signs > 2 || !is_sign(character) {
                runs.push(std::mem::take(&mut run));
                signs = 0;
            }
        }
        before = Some(character);
    }
    runs.push(run);
    runs.retain(|run| {
        let digits = run.iter().map(|group| group.digits.len());
        run.iter().all(|group| group.digits.len() <= MOST_DIGITS) && digits.sum::<usize>() >= 7
    });
    runs
}

fn value(character: char) -> Option<char> {
    let zero = match character {
        '0'..='9' => '0',
        '０'..='９' => '０',
        '๐'..='๙' => '๐',
        _ => return None,
    };
    char::from_digit(u32::from(character) - u32::from(zero), 10)
}

fn letter_o(character: char, before: Option<char>, next: Option<char>) -> Option<char> {
    let is_digit = |character: Option<char>| character.is_some_and(|c| value(c).is_some());
    let stands_free = || before.is_none_or(|before| !before.is_alphanumeric()) || is_digit(before);
    (matches!(character, 'O' | 'o') && is_digit(next) && stands_free()).then_some('0')
}

fn is_sign(character: char) -> bool {
    matches!(
        character,
        ' ' | '\u{a0}'
            | '\u{202f}'
            | '\u{3000}'
            | '-'
            | '‐'
            | '‑'
            | '–'
            | '.'
            | '('
            | ')'
            | '（'
            | '）'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_read_in_every_script() {
        for (text, digits) in [
            ("tel 06 39-98.00(12) ok", "06|39|98|00|12"),
            ("１３９１２２０４５７７", "13912204577"),
            ("๐-๗๔๓๑-๒๖๖๘", "0|7431|2668"),
            ("O81-244-9O36", "081|244|9036"),
            ("1234 , 5678", ""),
            ("no 007", ""),
        ] {
            let runs = runs(text);
            let read: Vec<_> = runs.iter().flatten().map(|g| g.digits.as_str()).collect();
            assert_eq!(read.join("|"), digits, "{text}");
        }
    }
}
