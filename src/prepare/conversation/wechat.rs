//! Messages copied from WeChat or QQ: `Name 2026-03-12 09:41:07` on a line, the
//! words below it, an empty line.

use super::{MAX_NAME, Message, bare, clock, conversation, is_placeholder};

pub(super) fn read(text: &str) -> Option<Vec<Message<'_>>> {
    let mut messages: Vec<Message<'_>> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if let Some(name) = head(line) {
            messages.push(Message::new(name));
            open = true;
        } else if let Some(message) = messages.last_mut().filter(|_| open) {
            let line = bare(line);
            // What follows an empty line is the program's.
            open = !line.is_empty() || message.parts.is_empty();
            if !is_placeholder(line) {
                message.push("\n", line);
            }
        }
    }
    conversation(messages)
}

/// The name before a date and a time that end the line.
fn head(line: &str) -> Option<&str> {
    let line = bare(line);
    let (rest, time) = line.rsplit_once(' ')?;
    let (name, date) = rest.trim_end().rsplit_once(' ')?;
    let name = bare(name);
    let is_date = (8..=10).contains(&date.len())
        && date
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"-/.".contains(&byte))
        && date.bytes().filter(|byte| !byte.is_ascii_digit()).count() == 2;
    let is_time = clock(time) == Some(time.len());
    (is_date && is_time && !name.is_empty() && name.len() <= MAX_NAME).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::conversation::tests::said;

    #[test]
    fn messages_are_read() {
        let text = "老秦 2026-08-03 19:20:16\n又停水了？\n急\n\n物业 2026-08-03 19:22:21\n[视频]\n\n\
                    物业 2026-8-3 9:22\n抱歉！\n\n老秦已退出群聊";
        assert_eq!(
            said(read(text)),
            [("老秦", "又停水了？\n急"), ("物业", "抱歉！")]
                .map(|(name, words)| (name.into(), words.into()))
        );
        assert!(read("Visited 2026-08-03 19:20\nGood.").is_none());
    }
}
