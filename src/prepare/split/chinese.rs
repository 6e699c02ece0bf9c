//! Chinese writes a comma between statements that other languages end with a
//! full stop, and in chat a space.

use super::enclosed::Enclosed;
use super::{Cut, is_han};

// Lengths in units: a character, or half a foreign word.

/// What a comma parts is no shorter.
const MIN_CLAUSE: usize = 4;
/// What a space parts is no shorter.
const MIN_SPACED: usize = 3;

/// No further is looked ahead for the end of a statement, in bytes.
const AHEAD: usize = 48;

/// Words with which a clause leans on the next one.
const LEANING: &[&str] = &[
    "因为", "因為", "由于", "由於", "如果", "要是", "假如", "只要", "除非", "为了", "為了", "既然",
    "当", "當", "每次", "每當", "每当", "不管", "无论", "無論", "除了", "自从", "自從", "对于",
    "對於", "关于", "關於", "作为", "作為", "等到",
];
/// Endings of such clauses.
const LEANING_ENDS: &[&str] = &[
    "时", "時", "时候", "時候", "的话", "的話", "之前", "之后", "之後", "以后", "以後", "以来",
    "以來",
];

/// Words that end like them: `等了2个小时`.
const OTHER_ENDS: &[&str] = &[
    "小时", "小時", "平时", "平時", "准时", "準時", "及时", "及時", "按时",
];

/// Words that turn from praise to blame or back, where a clause begins.
const TURNS: &[&str] = &[
    "但", "不过", "不過", "可是", "然而", "只是", "就是", "可惜", "唯一", "反而",
];
/// The same within a clause, where a comma was left out.
const SURE_TURNS: &[&str] = &["但是", "可惜", "然而"];

/// Where clauses of `part` may be cut; nowhere unless it has Chinese in it.
pub(super) fn cuts(part: &str, enclosed: &Enclosed, cuts: &mut Vec<Cut>) {
    if !part.contains(|char| is_han(char) || matches!(char, '，' | '；')) {
        return;
    }
    let mut before = None;
    // Since the last mark.
    let (mut start, mut said) = (0, 0);
    let mut chars = part.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        let end = at + char.len_utf8();
        let next = chars.peek().map(|&(_, next)| next);
        let han = |char: Option<char>| char.is_some_and(is_han);
        if is_han(char) {
            if said >= MIN_CLAUSE
                && matches!(char, '但' | '可' | '然')
                && SURE_TURNS.iter().any(|turn| part[at..].starts_with(turn))
                && !matches!(before, Some('不' | '非'))
                && enclosed.around(at).is_none()
            {
                cuts.push(Cut { at, least: 15 });
            }
            said += 1;
        } else if char.is_alphanumeric() {
            said += usize::from(!before.is_some_and(|char: char| char.is_ascii_alphanumeric())) * 2;
        }
        let spaced = matches!(char, ' ' | '\u{3000}') && han(before) && han(next);
        let comma = match char {
            '，' | '；' => true,
            ',' | ';' => han(before) || han(next) && !before.is_some_and(char::is_whitespace),
            // `update, 重新`
            ' ' => before == Some(',') && han(next),
            _ => false,
        };
        if spaced || comma || char == '、' {
            let least = if comma { MIN_CLAUSE } else { MIN_SPACED };
            let turns = TURNS.iter().any(|turn| part[end..].starts_with(turn));
            if char != '、'
                && enclosed.around(at).is_none()
                && (turns || said >= least && units_ahead(&part[end..]) >= least)
                && (turns || !leans(&part[start..at]))
            {
                cuts.push(Cut {
                    at: end,
                    least: if turns { 12 } else { 3 * least },
                });
            }
            (start, said) = (end, 0);
        }
        before = Some(char);
    }
}

fn leans(clause: &str) -> bool {
    LEANING.iter().any(|word| clause.starts_with(word))
        || LEANING_ENDS.iter().any(|word| clause.ends_with(word))
            && !OTHER_ENDS.iter().any(|word| clause.ends_with(word))
}

/// How much is said before the next mark.
fn units_ahead(text: &str) -> usize {
    let text = &text[..text.floor_char_boundary(AHEAD)];
    let (mut units, mut word) = (0, false);
    for char in text.trim_start().chars() {
        let foreign = !is_han(char) && char.is_alphanumeric();
        if matches!(char, '，' | '。' | '！' | '？' | '；' | '、' | '\u{3000}')
            || matches!(char, ' ' | ',' | '!' | '?') && !word
        {
            break;
        }
        units += if is_han(char) {
            1
        } else if foreign && !word {
            2
        } else {
            0
        };
        word = foreign;
    }
    units
}
