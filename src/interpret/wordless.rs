//! Whether a text names anything that it could be about.
//!
//! The model says something of any tokens, of `1,2` too. But a topic is spoken
//! of in words or in pictures, and figures say only how good the whole is, and
//! that where their scale stands with them: `10/10`.

use std::sync::LazyLock;

use regex::Regex;

use crate::prepare::Document;

/// A letter, a picture (emoji, stars) or a face made of marks.
const NAMES: &str = r"[\p{L}\p{So}]|[:;=]['’-]?[()/|]|<3|\^_?\^";

/// A figure out of 5, 10, 20 or 100 and nothing else, in the digits of the six
/// languages. `24/7` and `7/9` are none.
const RATING: &str =
    r"^\W*\d{1,3}(?:[.,]\d+)?\s*[/／]\s*(?:[5５๕]|[12１２๑๒][0０๐]|[1１๑][0０๐]{2})\W*$";

static SAYS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!("{NAMES}|{RATING}")).expect("a pattern of ours"));

/// Whether the customer says nothing but figures and marks.
pub(super) fn is_wordless(document: &Document) -> bool {
    let own = document.segments.iter();
    let mut own = own.filter(|segment| !segment.context && !segment.asked);
    !own.any(|segment| {
        let range = segment.range.clone();
        let label = document.turns[segment.turn].words.min(range.end);
        SAYS.is_match(&document.text.as_str()[range.start.max(label)..range.end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Feedback;
    use crate::prepare::prepare;

    #[test]
    fn words_pictures_and_ratings_say_something() {
        let cases = [
            ("bad", false),
            ("差", false),
            ("ดี", false),
            ("سيئ", false),
            ("10分", false),
            ("x", false),
            ("😡", false),
            ("★★☆☆☆", false),
            ("5⭐", false),
            (":(", false),
            ("=)", false),
            ("<3", false),
            ("10/10", false),
            (" 4,5 / 5 !!!", false),
            ("１０／１０", false),
            ("๙/๑๐", false),
            ("10/10. 10/10!", false),
            ("1,2", true),
            ("5", true),
            ("$20", true),
            ("100%", true),
            ("24/7", true),
            ("01/02/2024", true),
            ("#12-4471", true),
            ("๑๒๓", true),
            ("...", true),
            ("？！", true),
            ("。。。，，，111", true),
            ("-", true),
        ];
        for (text, expected) in cases {
            let document = prepare(&Feedback::new("", text));
            assert_eq!(is_wordless(&document), expected, "{text}");
        }
    }

    #[test]
    fn only_the_customers_own_words_count() {
        let asked = Feedback::new("", "5").answering("How many stars?");
        assert!(is_wordless(&prepare(&asked)));
        let told = "Agent: How many stars would you give us?\nCustomer: 3";
        assert!(is_wordless(&prepare(&Feedback::new("", told))));
        let told = "Agent: How many stars would you give us?\nCustomer: none";
        assert!(!is_wordless(&prepare(&Feedback::new("", told))));
    }
}
