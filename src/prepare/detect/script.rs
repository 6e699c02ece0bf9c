//! What scripts a text is written in, and how much in each.

use unicode_script::UnicodeScript;

use super::CLEAR_LETTERS;
use crate::language::Language;

/// What a letter says of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Script {
    /// A script of one language, or one we tell no other language of.
    Only(Language),
    Han,
    Kana,
    Latin,
    Cyrillic,
    Arabic,
    Devanagari,
    Hebrew,
}

/// How much of a text is written in each script.
pub(super) struct Counts(Vec<(Script, u32)>);

impl Counts {
    pub(super) fn of(text: &str) -> Self {
        let mut counts: Vec<(Script, u32)> = Vec::new();
        for script in text.chars().filter_map(script) {
            match counts.iter_mut().find(|(known, _)| *known == script) {
                Some((_, count)) => *count += 1,
                None => counts.push((script, 1)),
            }
        }
        Self(counts)
    }

    pub(super) fn get(&self, script: Script) -> u32 {
        let found = self.0.iter().find(|(known, _)| *known == script);
        found.map_or(0, |&(_, count)| count)
    }

    /// The script that says most, and its share of what is said. A Chinese
    /// character says as much as several letters, and Latin words are guests
    /// (brands, apps, `OK`) in text of another script, never the reverse.
    pub(super) fn leader(&self) -> Option<(Script, f32)> {
        let weight = |&(script, count): &(Script, u32)| {
            count
                * match script {
                    Script::Han => 6,
                    Script::Latin => 1,
                    _ => 4,
                }
        };
        let total: u32 = self.0.iter().map(weight).sum();
        let leader = self.0.iter().max_by_key(|entry| weight(entry))?;
        Some((leader.0, weight(leader) as f32 / total as f32))
    }
}

/// Whether so much of a text is in each of two scripts that there may be a
/// clause in a language of its own.
pub(in crate::prepare) fn mixes_scripts(text: &str) -> bool {
    !text.is_ascii() && {
        let counts = Counts::of(text);
        let clear = |&&(script, count): &&(Script, u32)| match script {
            // Japanese mixes it with Han.
            Script::Kana => false,
            Script::Latin => count >= 2 * CLEAR_LETTERS,
            _ => count >= CLEAR_LETTERS,
        };
        counts.0.iter().filter(clear).count() >= 2
    }
}

fn script(char: char) -> Option<Script> {
    use Language::*;
    use unicode_script::Script as Unicode;
    // What most letters are, for speed.
    match char {
        'a'..='z' | 'A'..='Z' => return Some(Script::Latin),
        '\0'..='\x7f' => return None,
        '\u{4E00}'..='\u{9FFF}' => return Some(Script::Han),
        '\u{E01}'..='\u{E3A}' | '\u{E40}'..='\u{E5B}' => return Some(Script::Only(Thai)),
        _ => {}
    }
    Some(match char.script() {
        Unicode::Latin => Script::Latin,
        Unicode::Han => Script::Han,
        // In Chinese too, の stands for 的 as an ornament.
        Unicode::Hiragana if char == 'の' => return None,
        Unicode::Hiragana | Unicode::Katakana => Script::Kana,
        Unicode::Cyrillic => Script::Cyrillic,
        Unicode::Arabic => Script::Arabic,
        Unicode::Devanagari => Script::Devanagari,
        Unicode::Hebrew => Script::Hebrew,
        Unicode::Thai => Script::Only(Thai),
        Unicode::Hangul => Script::Only(Korean),
        Unicode::Greek => Script::Only(Greek),
        Unicode::Armenian => Script::Only(Armenian),
        Unicode::Georgian => Script::Only(Georgian),
        Unicode::Bengali => Script::Only(Bengali),
        Unicode::Gurmukhi => Script::Only(Punjabi),
        Unicode::Gujarati => Script::Only(Gujarati),
        Unicode::Oriya => Script::Only(Odia),
        Unicode::Tamil => Script::Only(Tamil),
        Unicode::Telugu => Script::Only(Telugu),
        Unicode::Kannada => Script::Only(Kannada),
        Unicode::Malayalam => Script::Only(Malayalam),
        Unicode::Sinhala => Script::Only(Sinhala),
        Unicode::Myanmar => Script::Only(Burmese),
        Unicode::Ethiopic => Script::Only(Amharic),
        Unicode::Khmer => Script::Only(Khmer),
        _ => return None,
    })
}
