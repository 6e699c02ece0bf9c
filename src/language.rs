//! The languages and scripts feedback is written in, and their codes.

/// Defines the enum from one row a language: variant, BCP-47 code, ISO 639-3
/// code, English name.
macro_rules! languages {
    ($($variant:ident => $code:literal, $iso3:literal, $name:literal;)+) => {
        /// A language, and for Chinese also the script it is written in.
        ///
        /// The first six are the ones the bundled model was measured on first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Language {
            $(#[doc = $name] $variant,)+
        }

        impl Language {
            /// Every language, in the order of this definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The BCP-47 code, as written in records: `fr`, `zh-Hant`.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The name in English.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The ISO 639-3 code; one for both scripts of Chinese.
            fn iso3(self) -> &'static str {
                match self { $(Self::$variant => $iso3,)+ }
            }
        }
    };
}

languages! {
    ChineseSimplified => "zh-Hans", "zho", "Chinese (Simplified)";
    ChineseTraditional => "zh-Hant", "zho", "Chinese (Traditional)";
    French => "fr", "fra", "French";
    Spanish => "es", "spa", "Spanish";
    Thai => "th", "tha", "Thai";
    English => "en", "eng", "English";
    Afrikaans => "af", "afr", "Afrikaans";
    Akan => "ak", "aka", "Akan";
    Amharic => "am", "amh", "Amharic";
    Arabic => "ar", "ara", "Arabic";
    Armenian => "hy", "hye", "Armenian";
    Azerbaijani => "az", "aze", "Azerbaijani";
    Belarusian => "be", "bel", "Belarusian";
    Bengali => "bn", "ben", "Bengali";
    Bulgarian => "bg", "bul", "Bulgarian";
    Burmese => "my", "mya", "Burmese";
    Catalan => "ca", "cat", "Catalan";
    Croatian => "hr", "hrv", "Croatian";
    Czech => "cs", "ces", "Czech";
    Danish => "da", "dan", "Danish";
    Dutch => "nl", "nld", "Dutch";
    Esperanto => "eo", "epo", "Esperanto";
    Estonian => "et", "est", "Estonian";
    Finnish => "fi", "fin", "Finnish";
    Georgian => "ka", "kat", "Georgian";
    German => "de", "deu", "German";
    Greek => "el", "ell", "Greek";
    Gujarati => "gu", "guj", "Gujarati";
    Hebrew => "he", "heb", "Hebrew";
    Hindi => "hi", "hin", "Hindi";
    Hungarian => "hu", "hun", "Hungarian";
    Indonesian => "id", "ind", "Indonesian";
    Italian => "it", "ita", "Italian";
    Japanese => "ja", "jpn", "Japanese";
    Javanese => "jv", "jav", "Javanese";
    Kannada => "kn", "kan", "Kannada";
    Khmer => "km", "khm", "Khmer";
    Korean => "ko", "kor", "Korean";
    Latin => "la", "lat", "Latin";
    Latvian => "lv", "lav", "Latvian";
    Lithuanian => "lt", "lit", "Lithuanian";
    Macedonian => "mk", "mkd", "Macedonian";
    Malayalam => "ml", "mal", "Malayalam";
    Marathi => "mr", "mar", "Marathi";
    Nepali => "ne", "nep", "Nepali";
    Norwegian => "nb", "nob", "Norwegian";
    Odia => "or", "ori", "Odia";
    Persian => "fa", "pes", "Persian";
    Polish => "pl", "pol", "Polish";
    Portuguese => "pt", "por", "Portuguese";
    Punjabi => "pa", "pan", "Punjabi";
    Romanian => "ro", "ron", "Romanian";
    Russian => "ru", "rus", "Russian";
    Serbian => "sr", "srp", "Serbian";
    Shona => "sn", "sna", "Shona";
    Sinhala => "si", "sin", "Sinhala";
    Slovak => "sk", "slk", "Slovak";
    Slovenian => "sl", "slv", "Slovenian";
    Swedish => "sv", "swe", "Swedish";
    Tagalog => "tl", "tgl", "Tagalog";
    Tamil => "ta", "tam", "Tamil";
    Telugu => "te", "tel", "Telugu";
    Turkish => "tr", "tur", "Turkish";
    Turkmen => "tk", "tuk", "Turkmen";
    Ukrainian => "uk", "ukr", "Ukrainian";
    Urdu => "ur", "urd", "Urdu";
    Uzbek => "uz", "uzb", "Uzbek";
    Vietnamese => "vi", "vie", "Vietnamese";
    Welsh => "cy", "cym", "Welsh";
    Yiddish => "yi", "yid", "Yiddish";
    Zulu => "zu", "zul", "Zulu";
}

impl Language {
    /// The language a code stands for: BCP-47 in any case, with `-` or `_`,
    /// its region ignored except where it tells the script of Chinese; or
    /// ISO 639-3.
    ///
    /// ```
    /// use painpoint::Language;
    ///
    /// assert_eq!(Language::from_code("fr_CA"), Some(Language::French));
    /// assert_eq!(Language::from_code("zh-HK"), Some(Language::ChineseTraditional));
    /// assert_eq!(Language::from_code("unknown"), None);
    /// ```
    pub fn from_code(code: &str) -> Option<Self> {
        let mut parts = code.trim().split(['-', '_']);
        let base = parts.next()?.to_ascii_lowercase();
        match base.as_str() {
            "zh" | "zho" | "chi" | "cmn" => Some(chinese(parts)),
            // Spoken Chinese of Hong Kong, written in its script unless told otherwise.
            "yue" => Some(chinese(["hant"].into_iter().chain(parts))),
            "no" | "nor" | "nn" => Some(Self::Norwegian),
            "fas" => Some(Self::Persian),
            // Filipino is Tagalog by another name.
            "fil" => Some(Self::Tagalog),
            // Codes of before 1989, which Java wrote for long.
            "iw" => Some(Self::Hebrew),
            "in" => Some(Self::Indonesian),
            "ji" => Some(Self::Yiddish),
            base => Self::ALL
                .iter()
                .copied()
                .find(|language| language.code() == base || language.iso3() == base),
        }
    }

    /// Whether it is Chinese, in either script.
    pub fn is_chinese(self) -> bool {
        matches!(self, Self::ChineseSimplified | Self::ChineseTraditional)
    }
}

/// The script that the parts after `zh` tell; Simplified where they don't.
/// The last one that tells wins, but a script wins over a region: `zh-Hans-HK`.
fn chinese<'a>(parts: impl Iterator<Item = &'a str>) -> Language {
    let mut language = Language::ChineseSimplified;
    for part in parts {
        match part.to_ascii_lowercase().as_str() {
            "hans" => return Language::ChineseSimplified,
            "hant" | "tw" | "hk" | "mo" => language = Language::ChineseTraditional,
            _ => {}
        }
    }
    language
}

/// The code.
impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip_and_are_distinct() {
        for &language in Language::ALL {
            assert_eq!(Language::from_code(language.code()), Some(language));
            assert!(!language.name().is_empty());
        }
    }

    #[test]
    fn codes_are_read_as_people_write_them() {
        let cases = [
            ("zh", Some(Language::ChineseSimplified)),
            ("zh-CN", Some(Language::ChineseSimplified)),
            ("zh_Hans_HK", Some(Language::ChineseSimplified)),
            ("zh-TW", Some(Language::ChineseTraditional)),
            ("zh-HK", Some(Language::ChineseTraditional)),
            ("ZH-HANT", Some(Language::ChineseTraditional)),
            ("yue", Some(Language::ChineseTraditional)),
            ("FR", Some(Language::French)),
            ("fr_CA", Some(Language::French)),
            ("fr-FR", Some(Language::French)),
            (" es-419 ", Some(Language::Spanish)),
            ("tha", Some(Language::Thai)),
            ("fil-PH", Some(Language::Tagalog)),
            ("iw_IL", Some(Language::Hebrew)),
            ("in", Some(Language::Indonesian)),
            ("", None),
            ("xx", None),
            ("français", None),
        ];
        for (code, language) in cases {
            assert_eq!(Language::from_code(code), language, "{code:?}");
        }
    }
}
