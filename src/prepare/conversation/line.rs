//! The export of LINE: a line for each day, below it `09:41⇥Name⇥words`, words
//! of several lines in quotes.

use super::{MAX_NAME, Message, bare, clock, conversation, is_placeholder};

pub(super) fn read(text: &str) -> Option<Vec<Message<'_>>> {
    let mut messages: Vec<Message<'_>> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if let Some((name, words)) = head(line) {
            let mut message = Message::new(name);
            let quoted = words.strip_prefix('"');
            let closed = quoted.and_then(|words| words.strip_suffix('"'));
            open = quoted.is_some() && closed.is_none();
            // A line that is quoted by its writer keeps its quotes.
            let words = if open { &words[1..] } else { words };
            if !is_placeholder(words) {
                message.push("", words);
            }
            messages.push(message);
        } else if let Some(message) = messages.last_mut().filter(|_| open) {
            let line = bare(line);
            open = !line.ends_with('"');
            message.push("\n", line.strip_suffix('"').unwrap_or(line));
        }
    }
    conversation(messages)
}

/// Name and words; the program's own notes have no third column.
fn head(line: &str) -> Option<(&str, &str)> {
    let (time, rest) = line.split_once('\t')?;
    let (name, words) = rest.split_once('\t')?;
    let name = bare(name);
    let starts = bare(time).find(|char: char| char.is_ascii_digit())?;
    let is_time = time.len() <= 16 && clock(&bare(time)[starts..]).is_some();
    (is_time && !name.is_empty() && name.len() <= MAX_NAME).then_some((name, bare(words)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::conversation::tests::said;

    #[test]
    fn messages_are_read() {
        let text = "[LINE] Chat with Nid\nSaved on: 2026/05/20 22:14\n\n2026.05.11 Monday\n\
                    12:02\tPloy 🌷\topen today?\n12:02\tNid\t[Sticker]\n下午1:05\tNid\t\"yes,\ntill 9\"\n\
                    12:09\tPloy 🌷 left the chat\n12:10\tNid\t\"hm\"";
        assert_eq!(
            said(read(text)),
            [
                ("Ploy 🌷", "open today?"),
                ("Nid", "yes,\ntill 9"),
                ("Nid", "\"hm\"")
            ]
            .map(|(name, words)| (name.into(), words.into()))
        );
        assert!(read("12:02\tonly\tone").is_none());
        assert!(read("id\tname\ttext\n1\tA\tgood").is_none());
    }
}
