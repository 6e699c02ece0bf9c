//! Letter statistics (whatlang): of the scripts that a few languages share, and
//! the last word on short texts in Latin script.

use std::sync::LazyLock;

use whatlang::{Detector, Lang};

use super::Detection;
use super::script::Script;
use crate::language::Language;

/// Languages whose statistics take short texts from the others, and which
/// nobody writes feedback in.
const NEVER: [Lang; 9] = [
    Lang::Epo,
    Lang::Lat,
    Lang::Aka,
    Lang::Zul,
    Lang::Sna,
    Lang::Tuk,
    Lang::Uzb,
    Lang::Jav,
    Lang::Yid,
];

static STATISTICS: LazyLock<Detector> = LazyLock::new(|| Detector::with_denylist(NEVER.to_vec()));

/// The language of a text in Latin script, and how sure that is, `0.0..=1.0`.
pub(super) fn guess(text: &str) -> Option<(Language, f32)> {
    let info = STATISTICS.detect(text)?;
    let language = Language::from_code(info.lang().code())?;
    Some((language, info.confidence() as f32))
}

/// Scripts of a few languages, whose alphabets differ.
pub(super) fn by_letters(text: &str, script: Script, share: f32) -> Detection {
    let usual = match script {
        Script::Cyrillic => Language::Russian,
        Script::Arabic => Language::Arabic,
        Script::Devanagari => Language::Hindi,
        _ => Language::Hebrew,
    };
    let Some(info) = STATISTICS.detect(text) else {
        return Detection::new(usual, share * 0.5);
    };
    match Language::from_code(info.lang().code()) {
        // The commonest language, unless the statistics are sure of another.
        Some(language) if language == usual || info.is_reliable() => {
            Detection::new(language, share * (0.5 + 0.5 * info.confidence() as f32))
        }
        _ => Detection::new(usual, share * 0.5),
    }
}
