//! Lines that begin with a time and a name: the exports of WhatsApp,
//! `[12/03/2026, 09:41:07] Ana: …` and `12/3/26, 9:41 AM - Ana: …` in any locale,
//! and the transcripts of live chats, `(09:41:07) Ana: …`.

use super::{
    MAX_NAME, Message, bare, conversation, is_mark_of_direction, is_placeholder, last_clock,
};

/// No time is longer, in bytes.
const MAX_STAMP: usize = 64;

pub(super) fn read(text: &str) -> Option<Vec<Message<'_>>> {
    let mut messages: Vec<Message<'_>> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if let Some(rest) = after_stamp(bare(line)) {
            let said = said(rest);
            open = said.is_some();
            if let Some((name, words)) = said {
                let mut message = Message::new(name);
                // What begins with a mark of direction nobody typed.
                if !words.trim_start().starts_with(is_mark_of_direction) && !is_placeholder(words) {
                    message.push("", bare(words));
                }
                messages.push(message);
            }
        } else if let Some(message) = messages.last_mut().filter(|_| open) {
            message.push("\n", bare(line));
        }
    }
    conversation(messages)
}

/// What follows the time at the start of a line.
fn after_stamp(line: &str) -> Option<&str> {
    let (stamp, rest) = match line.chars().next()? {
        '[' => line[1..].split_once(']')?,
        '(' => line[1..].split_once(')')?,
        char if char.is_ascii_digit() => {
            let end = line
                .match_indices([' ', '\u{A0}', '\u{202F}'])
                .find_map(|(at, space)| {
                    let dash = line[at + space.len()..].strip_prefix(['-', '–'])?;
                    dash.starts_with(' ').then_some((&line[..at], dash))
                });
            end?
        }
        _ => return None,
    };
    is_stamp(stamp).then_some(rest)
}

/// A time of day, maybe with a date and half of the day: `2/7/2026 上午10:15`.
fn is_stamp(stamp: &str) -> bool {
    let letters = stamp.chars().filter(|char| char.is_alphabetic()).count();
    stamp.len() <= MAX_STAMP
        && letters <= 6
        && stamp.starts_with(|char: char| char.is_ascii_digit() || !char.is_ascii())
        && last_clock(stamp).is_some()
}

/// Name and words; the program's own notes have no name.
fn said(rest: &str) -> Option<(&str, &str)> {
    let near = rest
        .char_indices()
        .find(|(at, char)| ":：".contains(*char) || *at > MAX_NAME)?;
    let (name, words) = rest.split_at(near.0);
    let words = words.strip_prefix([':', '：'])?;
    let name = bare(name);
    (!name.is_empty()).then_some((name, words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::conversation::tests::said;

    #[test]
    fn every_style_is_read() {
        let texts = [
            "[12/03/2026, 09:41:20] \u{200E}Messages are encrypted.\n[12/03/2026, 09:42:42] Ana: Hi\nthere\n\
             \u{200E}[12/03/2026, 09:48:15] Ana: \u{200E}image omitted\n[12/03/2026, 09:49:00] Bo: Hello",
            "12/3/26, 9:41\u{202F}AM - Messages are encrypted.\n12/3/26, 9:42\u{202F}AM - Ana: Hi\nthere\n\
             12/3/26, 9:43 AM - Ana: <Media omitted>\n12/3/26, 9:44 AM - Bo: Hello\n12/3/26, 9:45 AM - Bo left",
            "04/04/2026 à 07:52 - Ana: Hi\nthere\n04/04/2026 à 07:53 - Bo: Hello",
            "12/3/26, 10:47 p. m. - Ana: Hi\nthere\n13/3/26, 8:02 a. m. - Bo: Hello",
            "2/7/2026 上午10:15 - Ana: Hi\nthere\n2/7/2026 下午2:03 - Bo: Hello",
            "Started: Thursday\r\n[10:02] Ana : Hi\r\nthere\r\n[10:03] Bo has joined\r\n[10:03] Bo：Hello\r\n[10:04] Chat ended",
            "(09:41:07) Ana: Hi\nthere\n\n(09:41:09) Bo: Hello",
        ];
        for text in texts {
            let expected = [("Ana", "Hi\nthere"), ("Bo", "Hello")];
            let expected = expected.map(|(name, words)| (name.into(), words.into()));
            assert_eq!(said(read(text)), expected, "{text:?}");
        }
        for text in [
            "",
            "[10:02] one: line",
            "10:30 - breakfast was cold\n11:00 - nobody came",
            "(see page 2) it says: no\n(see page 3) it says: yes",
            "[1] slow: very\n[2] rude: very",
        ] {
            assert!(read(text).is_none(), "{text:?}");
        }
    }
}
