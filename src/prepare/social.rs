//! What people write on social networks, in a form that the model knows.
//!
//! Measured with the bundled model on pairs: hashtags in camel case and emoji
//! outside its vocabulary are misread. Mentions, addresses and laughter (`555`,
//! `哈哈`, `jaja`, `mdr`, `kkk`) are read well, and stay.

use std::borrow::Cow;

use super::trace::Edit;

/// Emoji outside the vocabulary, which are read as blame whatever they show, and
/// those of the same meaning within.
const EMOJI: [(char, &str); 13] = [
    ('🥳', "🎉"),
    ('🥹', "😊"),
    ('🫡', "👍"),
    ('🫶', "❤"),
    ('🏅', "🏆"),
    ('🤠', "😎"),
    ('🥲', "😢"),
    ('🫠', "😩"),
    ('🥵', "😫"),
    ('🥱', "😴"),
    ('🤮', "😖"),
    ('🤢', "😖"),
    ('🤬', "😡"),
];

/// Edits that write hashtags as words and emoji as others.
pub(super) fn edits(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let has_tags = memchr::memchr(b'#', text.as_bytes()).is_some();
    // Emoji are all that takes four bytes, but for rare letters.
    let has_emoji = text.bytes().any(|byte| byte >= 0xF0);
    if !has_tags && !has_emoji {
        return edits;
    }
    let mut tag_until = 0;
    let mut last = ' ';
    for (at, char) in text.char_indices() {
        if char == '#' && !last.is_alphanumeric() {
            let end = tag_end(text, at + 1);
            let tag = &text[at + 1..end];
            if let Some(first) = tag.chars().next().filter(|_| is_camel(tag)) {
                tag_until = end;
                // Together, so that a quote of the first word has the mark, too.
                edits.push(Edit {
                    range: at..at + 1 + first.len_utf8(),
                    with: Cow::Owned(first.to_string()),
                });
            }
        } else if at < tag_until && last.is_lowercase() && char.is_uppercase() {
            edits.push(Edit {
                range: at..at,
                with: Cow::Borrowed(" "),
            });
        } else if let Some((_, known)) = EMOJI.iter().find(|(emoji, _)| *emoji == char) {
            edits.push(Edit {
                range: at..at + char.len_utf8(),
                with: Cow::Borrowed(known),
            });
        }
        last = char;
    }
    edits
}

fn tag_end(text: &str, start: usize) -> usize {
    let end = text[start..].find(|char: char| !char.is_alphanumeric() && char != '_');
    end.map_or(text.len(), |end| start + end)
}

/// Whether a word is made of several: `WorstService`.
fn is_camel(word: &str) -> bool {
    let pairs = word.chars().zip(word.chars().skip(1));
    pairs
        .filter(|(a, b)| a.is_lowercase() && b.is_uppercase())
        .count()
        > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::testing::assert_linear;
    use crate::prepare::trace::TracedText;

    #[test]
    fn tags_and_emoji_are_readable() {
        let cases = [
            ("#WorstServiceEver", "Worst Service Ever"),
            (
                "Colis perdu #ServiceNul #PlusJamais",
                "Colis perdu Service Nul Plus Jamais",
            ),
            ("#ÉquipeÀÉviter", "Équipe ÀÉviter"),
            (
                "#nul #NUL #1 C#Sharp #话题# iPhone",
                "#nul #NUL #1 C#Sharp #话题# iPhone",
            ),
            ("merci 🫶🥳", "merci ❤🎉"),
            ("😡 #", "😡 #"),
        ];
        for (text, expected) in cases {
            let edited = TracedText::new(text).rewrite(edits(text));
            assert_eq!(edited.as_str(), expected);
        }
    }

    #[test]
    fn huge_tags_take_linear_time() {
        assert_linear(&["#aB", "#"], |text| drop(edits(text)));
        assert_linear(&["aB"], |text| drop(edits(&format!("#{text}"))));
    }
}
