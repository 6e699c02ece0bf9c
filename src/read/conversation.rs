//! Whether a text is one conversation, told by how its lines begin: a transcript
//! with speakers, an export of a messenger, subtitles, or letters back and forth.

use std::collections::HashSet;

use super::Format;

/// Longest name before a colon that is taken for a speaker's, in characters.
const LABEL: usize = 24;

/// Longest abbreviation in a name, with its point, in characters.
const ABBREVIATION: usize = 4;

/// Most speakers in a transcript.
const SPEAKERS: usize = 8;

/// Longest date and time with its words, in bytes: `12/3/26, 10:47 p. m.`
const STAMP: usize = 48;

/// Longest name of somebody who chats, in bytes.
const NAME: usize = 120;

/// What letters call their sender, in lower case.
const SENDERS: [&str; 9] = [
    "from",
    "de",
    "von",
    "จาก",
    "发件人",
    "發件人",
    "寄件人",
    "寄件者",
    "差出人",
];

/// The format of a conversation that has one of its own.
pub(super) fn format(head: &str) -> Option<Format> {
    let first = head.lines().find(|line| !line.trim().is_empty())?.trim();
    if first.starts_with("WEBVTT") {
        return Some(Format::Vtt);
    }
    if is_srt(head) {
        return Some(Format::Srt);
    }
    is_chat(head).then_some(Format::Chat)
}

/// Whether it reads as a transcript or as letters back and forth.
pub(super) fn is_conversation(head: &str) -> bool {
    is_transcript(head) || is_thread(head)
}

/// A number, then `00:00:01,000 --> 00:00:02,500`.
fn is_srt(head: &str) -> bool {
    let mut lines = head.lines().skip_while(|line| line.trim().is_empty());
    let number = lines.next().unwrap_or_default().trim();
    let times = lines.next().and_then(|line| line.split_once(" --> "));
    let is_time = |time: &str| {
        let starts = time.trim().get(..8);
        starts.is_some_and(|time| time.chars().all(|c| c.is_ascii_digit() || c == ':'))
    };
    !number.is_empty()
        && number.chars().all(|c| c.is_ascii_digit())
        && times.is_some_and(|(from, to)| is_time(from) && is_time(to))
}

/// Whether about half of the lines, or nearly all paragraphs, begin as messages in
/// an export of WhatsApp, LINE or WeChat do. There a message of several lines is
/// a paragraph, and what the messenger itself says is one, too.
fn is_chat(head: &str) -> bool {
    let (mut lines, mut paragraphs, mut messages) = (0, 0, 0);
    let mut blank = true;
    for line in head.lines() {
        let line = line.trim_matches(|c: char| c.is_whitespace() || is_mark(c));
        if line.is_empty() {
            blank = true;
            continue;
        }
        lines += 1;
        paragraphs += usize::from(std::mem::take(&mut blank));
        messages += usize::from(is_message(line));
    }
    messages >= 3 && messages * 5 >= 2 * lines.min(2 * paragraphs)
}

/// Marks of direction that exports put before names and lines.
fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}'
    )
}

fn is_message(line: &str) -> bool {
    let bracketed = || {
        let (stamp, said) = line.strip_prefix('[')?.split_once(']')?;
        Some(is_stamp(stamp) && said.contains([':', '：']))
    };
    let dashed = || {
        let (stamp, _) = line.split_once(" - ")?;
        Some(is_stamp(stamp))
    };
    let tabbed = || {
        let (time, message) = line.split_once('\t')?;
        let (name, _) = message.split_once('\t')?;
        Some(is_time(time) && !name.is_empty() && name.len() <= NAME)
    };
    // The name first, and the message on the lines after it.
    let named = || {
        let (rest, time) = line.rsplit_once(' ')?;
        let (name, date) = rest.rsplit_once(' ')?;
        Some(is_time(time) && is_date(date) && name.len() <= NAME)
    };
    bracketed() == Some(true)
        || dashed() == Some(true)
        || tabbed() == Some(true)
        || named() == Some(true)
}

/// A date, then a time, and little else: `04/04/2026 à 07:52`.
fn is_stamp(text: &str) -> bool {
    let text = text.trim_matches(is_mark);
    let end = text.find([' ', ',', '\u{A0}', '\u{202F}']);
    let (date, rest) = text.split_at(end.unwrap_or(0));
    let time = rest.find(|c: char| c.is_ascii_digit());
    text.len() <= STAMP && is_date(date) && time.is_some_and(|at| has_time(&rest[at..]))
}

/// Three numbers: `12/3/26`, `2026.03.12`, `2026年3月12日`.
fn is_date(text: &str) -> bool {
    let mut parts = text.split(['/', '.', '-', '年', '月', '日']);
    let mut is_number = |longest: usize| {
        parts.next().is_some_and(|part| {
            (1..=longest).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    is_number(4) && is_number(2) && is_number(4)
}

/// `15:10`, `下午02:12`, `3:10 PM`.
fn is_time(text: &str) -> bool {
    let digit = text.find(|c: char| c.is_ascii_digit());
    text.len() <= 20 && digit.is_some_and(|at| at <= 9 && has_time(&text[at..]))
}

/// Whether `text` begins with hours and minutes.
fn has_time(text: &str) -> bool {
    let (hours, rest) = text.split_once([':', '.', 'h']).unwrap_or_default();
    let minutes = rest.as_bytes().get(..2);
    (1..=2).contains(&hours.len())
        && hours.bytes().all(|byte| byte.is_ascii_digit())
        && minutes.is_some_and(|minutes| minutes.iter().all(u8::is_ascii_digit))
}

/// Whether most lines start with one of a few speakers' names and a colon.
fn is_transcript(head: &str) -> bool {
    let lines: Vec<&str> = head
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let labels: Vec<&str> = lines.iter().filter_map(|line| speaker(line)).collect();
    let speakers: HashSet<&str> = labels.iter().copied().collect();
    lines.len() >= 4
        && labels.len() * 10 >= lines.len() * 6
        && (2..=SPEAKERS).contains(&speakers.len())
        && speakers.len() * 2 <= labels.len()
}

/// The name before the first colon of `[00:12] Agent: …`. Without a time before it
/// what has a comma is a sentence.
fn speaker(line: &str) -> Option<&str> {
    let said = line.trim_start_matches(|c: char| c.is_ascii_digit() || "[]():.- \t".contains(c));
    let timed = line.len() - said.len() >= "0:00 ".len();
    let (label, said) = said.split_once([':', '：'])?;
    let label = label.trim();
    // `M. Tessier`, `จนท.`; the word at the end of a sentence is seldom as short.
    let mut before_points = label
        .split_inclusive('.')
        .filter(|part| part.ends_with('.'));
    let abbreviates = |part: &str| {
        let word = part.rsplit(' ').next().unwrap_or(part);
        word.chars().count() <= ABBREVIATION
    };
    let is_name = !label.is_empty()
        && label.chars().count() <= LABEL
        && !label.contains(['!', '?', '。', '！', '？'])
        && before_points.all(abbreviates)
        && (timed || !label.contains([',', '，']));
    (is_name && !said.starts_with("//")).then_some(label)
}

/// Whether it is a letter and what it answers: quoted after a line that says
/// whose it is, or below a sender and a date of its own.
fn is_thread(head: &str) -> bool {
    let lines: Vec<&str> = head
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let answered = lines.windows(2).any(|pair| {
        let says_whose = pair[0].contains('@') && pair[0].ends_with([':', '：']);
        says_whose && pair[1].starts_with('>')
    });
    let value = |line: &&str| {
        line.split_once([':', '：'])
            .map(|(name, _)| name.trim().to_lowercase())
    };
    let senders = lines.windows(2).filter(|pair| {
        let sender = value(&pair[0]).is_some_and(|name| SENDERS.contains(&&*name));
        sender && value(&pair[1]).is_some_and(|name| name.chars().count() <= LABEL)
    });
    answered || senders.count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversations_are_told_from_lists_of_reviews() {
        for text in [
            "Agent: Hello\nCustomer: It broke\nAgent: Sorry\nCustomer: Again!\n",
            "客服：您好\n顾客：还没到\n客服：抱歉\n顾客：第三次了\n",
            "[00:01] Agent: Hi\n[00:04] Client: Late.\nand broken\n[00:09] Agent: Oh\n[00:12] Client: Yes\n",
            "เจ้าหน้าที่: สวัสดีค่ะ\nลูกค้า: ช้ามาก\nเจ้าหน้าที่: ขออภัย\nลูกค้า: ครั้งที่สองแล้ว\n",
            "M. Roy: Bonjour\nจนท.: ค่ะ\nM. Roy: Encore en retard\nจนท.: ค่ะ\n",
            "[18:02] Clara, asistente: ¡Hola!\n[18:03] Tú: Sí\n[18:03] Clara, asistente: ¿Qué?\n[18:04] Tú: Nada\n",
            "Toujours rien.\n\nLe 3 mars, Support <s@a.example> a écrit :\n\n> Bonjour\n",
            "发件人：甲\n日期：3月1日\n\n还没到\n\n发件人：乙\n日期：2月1日\n\n稍等\n",
        ] {
            assert!(is_conversation(text), "{text}");
        }
        for text in [
            "Bad\nSlow\nRude\nNever again\n",
            "Pros: cheap\nDelivery was late\nCons: weak\nWill not return\nMeh\n",
            "Note: a\nNote: b\nNote: c\nNote: d\n",
            "Agent: Hello\nCustomer: It broke\n",
            "It broke. Pros: no\nIt broke. Cons: all\nLate. Pros: no\nLate. Cons: all\n",
            "https://a.example\nhttp://b.example\nhttps://c.example\nhttp://d.example\n",
            "Write to me@a.example:\nThe parcel was late\n",
        ] {
            assert!(!is_conversation(text), "{text}");
        }
    }

    #[test]
    fn exports_and_subtitles_have_their_formats() {
        for (text, expected) in [
            (
                "WEBVTT - call 7\n\n00:00.000 --> 00:02.000\nHello\n",
                Some(Format::Vtt),
            ),
            (
                "1\n00:00:01,000 --> 00:00:02,000\nHello\n",
                Some(Format::Srt),
            ),
            ("1\n00:00 we waited\n", None),
            (
                "[12/03/2026, 09:41:20] \u{200E}Ana: Hi\n\u{200E}[12/03/2026, 09:42:42] Bo: ok\n[12/03/2026, 09:44:39] Ana: bye\n",
                Some(Format::Chat),
            ),
            (
                "12/3/26, 10:47\u{202F}p.\u{A0}m. - A: a\n12/3/26, 10:49\u{202F}p.\u{A0}m. - B: b\n12/3/26, 10:50\u{202F}p.\u{A0}m. - A: c\n",
                Some(Format::Chat),
            ),
            (
                "04/04/2026 à 07:53 - A: un\n04/04/2026 à 07:53 - B: deux\n04/04/2026 à 07:55 - A: trois\n",
                Some(Format::Chat),
            ),
            (
                "2026/03/30（週一）\n下午02:12\tKai 凱\t退貨\n下午02:12\t客服\t您好\n下午02:13\tKai 凱\tMM-40981\n",
                Some(Format::Chat),
            ),
            (
                "甲 2026-05-28 21:36:40\n在吗\n急\n真的急\n\n乙 2026-05-28 21:37:49\n在\n\n甲 2026-05-28 21:38:03\n好\n",
                Some(Format::Chat),
            ),
            // A table of times, a list with dates, one message only.
            ("time\tstore\ttext\n", None),
            ("2026-03-01 late\n2026-03-02 rude\n2026-03-03 dirty\n", None),
            ("[12/03/2026, 09:41:20] Ana: Hi\n", None),
            (
                "[12:30] Agent: Hello\n[12:31] Client: Late\n[12:32] Agent: Oh\n",
                None,
            ),
            ("", None),
        ] {
            assert_eq!(format(text), expected, "{text}");
        }
    }
}
