//! Calls as subtitles: WebVTT and SubRip. Cues cut sentences in two; those of
//! one speaker are joined.

use std::collections::HashMap;

use super::{MAX_NAME, Message, bare, clock};
use crate::prepare::conversation::labelled::line_label;

/// A line of a cue, and who the cue says speaks.
struct CueLine<'a> {
    name: Option<&'a str>,
    words: &'a str,
    /// The words with a name that only this form could be wrong about.
    whole: &'a str,
}

pub(super) fn read(text: &str) -> Option<Vec<Message<'_>>> {
    let (lines, cues) = cue_lines(text);
    // One line with an arrow may stand in any text.
    if cues < 2 {
        return None;
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in lines.iter().filter_map(|line| line.name) {
        *counts.entry(name).or_default() += 1;
    }
    // Where most cues are labelled, all labels are believed; elsewhere only
    // those that come again: `He said: no` is none.
    let every_cue = counts.values().sum::<usize>() * 4 >= cues * 3;

    let mut messages: Vec<Message<'_>> = Vec::new();
    for line in &lines {
        let name = line.name.filter(|name| every_cue || counts[name] > 1);
        let words = if name.is_some() {
            line.words
        } else {
            line.whole
        };
        match messages.last_mut() {
            Some(message) if name.is_none() || name == message.name => {
                let last = message.parts.last().map_or("", |part| part.words);
                message.push(glue(last, words), words);
            }
            _ => {
                let mut message = name.map_or_else(Message::default, Message::new);
                message.push("", words);
                messages.push(message);
            }
        }
    }
    messages.retain(|message| !message.parts.is_empty());
    for (order, message) in messages.iter_mut().enumerate() {
        message.order = order;
    }
    (!messages.is_empty()).then_some(messages)
}

/// What stands between the halves of a sentence: nothing in scripts without
/// spaces.
fn glue(before: &str, after: &str) -> &'static str {
    let dense = |char: Option<char>| {
        char.is_some_and(|char| matches!(char, '\u{E00}'..='\u{E7F}' | '\u{2E80}'..))
    };
    match dense(before.chars().next_back()) && dense(after.chars().next()) {
        true => "",
        false => " ",
    }
}

/// The lines of the cues, and how many cues there are.
fn cue_lines(text: &str) -> (Vec<CueLine<'_>>, usize) {
    let mut lines = Vec::new();
    let mut cues = 0;
    let mut in_cue = false;
    let mut at_head = false;
    for line in text.lines() {
        let line = bare(line);
        if is_timing(line) {
            cues += 1;
            (in_cue, at_head) = (true, true);
        } else if line.is_empty() {
            in_cue = false;
        } else if in_cue {
            lines.push(cue_line(line, at_head));
            at_head = false;
        }
    }
    (lines, cues)
}

/// `00:00:02.753 --> 00:00:06.027`, settings behind it.
fn is_timing(line: &str) -> bool {
    line.split_once("-->").is_some_and(|(from, to)| {
        from.len() <= 16 && clock(from.trim()).is_some() && clock(to.trim_start()).is_some()
    })
}

fn cue_line(line: &str, at_head: bool) -> CueLine<'_> {
    let unnamed = |words| CueLine {
        name: None,
        words,
        whole: words,
    };
    let line = line.strip_suffix("</v>").unwrap_or(line);
    if let Some(voice) = line.strip_prefix("<v")
        && let Some((name, words)) = voice.split_once('>')
        // Classes may follow the tag: `<v.loud Ana>`.
        && let Some((_, name)) = name.split_once(' ')
        && name.len() <= MAX_NAME
    {
        let words = bare(words);
        return CueLine {
            name: Some(bare(name)),
            words,
            whole: words,
        };
    }
    let colon = line.char_indices().find(|(_, char)| ":：".contains(*char));
    match colon {
        Some((at, colon)) if at_head => match line_label(&line[..at]) {
            Some(name) => CueLine {
                name: Some(name),
                words: bare(&line[at + colon.len_utf8()..]),
                whole: line,
            },
            None => unnamed(line),
        },
        _ => unnamed(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::conversation::tests::said;

    #[test]
    fn cues_of_a_speaker_are_joined() {
        let voices = "WEBVTT - call\n\nNOTE kept\n\n1\n00:00:00.303 --> 00:00:03.209 align:start\n\
                      <v Ana>My power</v>\n\n00:00:03.375 --> 00:00:05.585\n<v Ana>is out,\nagain.</v>\n\n\
                      00:05.670 --> 00:07.744\n<v.loud Bo>One: moment.</v>";
        let heads = "1\r\n00:00:00,546 --> 00:00:02,442\r\nAna: My power\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n\
                     is out,\r\nagain.\r\n\r\n3\r\n00:00:05,000 --> 00:00:06,000\r\nBo: One: moment.\r\n\r\n\
                     4\r\n00:00:07,000 --> 00:00:08,000\r\nBo:\r\n\r\n5\r\n00:00:09,000 --> 00:00:10,000\r\nAna: \r\n";
        for text in [voices, heads] {
            let said = said(read(text));
            let said: Vec<_> = said
                .iter()
                .map(|(name, words)| (name.as_str(), words.as_str()))
                .collect();
            assert_eq!(
                said,
                [("Ana", "My power is out, again."), ("Bo", "One: moment.")],
                "{text:?}"
            );
        }
        let chinese = "1\n00:00:00,000 --> 00:00:01,000\n客户：这个东西\n\n2\n00:00:01,000 --> 00:00:02,000\n是坏的。";
        assert_eq!(
            said(read(chinese)),
            [("".into(), "客户：这个东西是坏的。".into())]
        );
        for text in ["", "WEBVTT", "A --> B", "00:00:01 --> 00:00:02\none cue"] {
            assert!(read(text).is_none(), "{text:?}");
        }
    }
}
