//! A thread of mails, quoted below each other: `>` and `On … wrote:`, or blocks
//! of `From:`, `Sent:`, `To:`, `Subject:` as Outlook writes them.

use std::collections::HashMap;

use super::{MAX_NAME, Message, bare, conversation, last_clock};

/// What a line of the head of a mail begins with, in lower case.
const FROM: &[&str] = &["from", "de", "von", "发件人", "寄件者", "寄件人", "จาก"];
const HEADS: &[&str] = &[
    "sent",
    "date",
    "to",
    "cc",
    "bcc",
    "subject",
    "reply-to",
    "attachments",
    "envoyé",
    "envoyé le",
    "date d'envoi",
    "à",
    "objet",
    "sujet",
    "pièces jointes",
    "enviado",
    "enviado el",
    "fecha",
    "para",
    "asunto",
    "datos adjuntos",
    "gesendet",
    "an",
    "betreff",
    "datum",
    "发送时间",
    "日期",
    "时间",
    "收件人",
    "抄送",
    "主题",
    "寄件日期",
    "傳送日期",
    "傳送時間",
    "時間",
    "收件者",
    "副本",
    "主旨",
    "主題",
    "ส่ง",
    "วันที่",
    "ถึง",
    "สำเนา",
    "เรื่อง",
];

/// How the line above a quoted mail ends.
const WROTE: &[&str] = &[
    "wrote",
    "a écrit",
    "escribió",
    "escribio",
    "schrieb",
    "ha scritto",
    "写道",
    "寫道",
    "เขียนว่า",
    "เขียน",
];

/// How programs sign.
const SENT_FROM: &[&str] = &[
    "sent from my ",
    "get outlook for",
    "envoyé de mon ",
    "envoyé depuis mon ",
    "enviado desde mi ",
    "发自我的",
    "從我的",
    "ส่งจาก iphone",
    "ส่งจากโทรศัพท์",
];

/// A line of a head is no longer, in bytes, and no head has more lines.
const MAX_HEAD: usize = 400;
const MAX_HEAD_LINES: usize = 12;

/// A line without its marks of quotation.
struct Line<'a> {
    depth: usize,
    words: &'a str,
}

/// A mail under way.
struct Mail<'a> {
    message: Message<'a>,
    depth: usize,
    /// How often its subject says that it is an answer.
    replies: Option<usize>,
    signed: bool,
}

pub(super) fn read(text: &str) -> Option<Vec<Message<'_>>> {
    let lines: Vec<_> = text.lines().map(unquoted).collect();
    // Answers may stand between the lines that they quote: what changes its
    // depth goes on with the mail of that depth.
    let mut mails = vec![Mail::new(None, 0)];
    let mut by_depth = HashMap::from([(0, None)]);
    let mut at = 0;
    let mut on_top = true;
    while let Some(line) = lines.get(at) {
        if let Some((name, next)) = quoted_below(&lines, at) {
            let depth = lines.get(next).map_or(line.depth, |line| line.depth);
            mails.push(Mail::new(name, depth));
            by_depth.insert(depth, name);
            at = next;
            continue;
        }
        if let Some(head) = Head::at(&lines, at, on_top) {
            let mut mail = Mail::new(head.from, line.depth);
            mail.replies = head.replies;
            mails.push(mail);
            by_depth.insert(line.depth, head.from);
            at = head.next;
            on_top = false;
            continue;
        }
        at += 1;
        on_top &= line.words.is_empty();
        let Some(mail) = mails.last() else { break };
        if line.words.is_empty() || is_rule(line.words) {
            continue;
        }
        let resumed = by_depth.get(&line.depth);
        if let Some(&name) = resumed.filter(|_| line.depth != mail.depth) {
            let mut mail = Mail::new(name, line.depth);
            mail.message.label = None;
            mail.message.push("", line.words);
            mails.push(mail);
        } else if let Some(mail) = mails.last_mut() {
            mail.signed |= is_signature(line.words);
            if !mail.signed {
                mail.message.push("\n", line.words);
            }
        }
    }
    // A head alone is no thread.
    mails.retain(|mail| !mail.message.parts.is_empty());
    let newest_first = newest_first(&mails);
    let mut messages = conversation(mails.into_iter().map(|mail| mail.message).collect())?;
    if messages.iter().all(|message| message.name.is_none()) {
        return None;
    }
    name_the_first(&mut messages);
    if newest_first {
        let last = messages.len() - 1;
        for message in &mut messages {
            message.order = last - message.order;
        }
    }
    Some(messages)
}

impl<'a> Mail<'a> {
    fn new(name: Option<&'a str>, depth: usize) -> Self {
        let message = name.map_or_else(Message::default, Message::new);
        Self {
            message,
            depth,
            replies: None,
            signed: false,
        }
    }
}

/// Programs put the newest on top. Where subjects gain a `Re:` down the file, or
/// the answer stands below what it quotes, it is the other way round.
fn newest_first(mails: &[Mail<'_>]) -> bool {
    if let (Some(first), Some(last)) = (mails.first(), mails.last())
        && first.depth > last.depth
    {
        return false;
    }
    let mut replies = mails.iter().filter_map(|mail| mail.replies);
    let first = replies.next();
    first.is_none_or(|first| replies.next_back().is_none_or(|last| first >= last))
}

/// A mail that was copied without its head is by whoever the next one is not.
fn name_the_first(messages: &mut [Message<'_>]) {
    let [first, second, rest @ ..] = messages else {
        return;
    };
    if first.name.is_none() {
        first.name = rest
            .iter()
            .filter_map(|message| message.name)
            .find(|&name| Some(name) != second.name);
    }
}

fn unquoted(line: &str) -> Line<'_> {
    let mut words = bare(line);
    let mut depth = 0;
    while let Some(rest) = words.strip_prefix('>') {
        depth += 1;
        words = rest.trim_start();
    }
    Line { depth, words }
}

/// The name in a line such as `On …, Ana <a@b.c> wrote:`, which programs break
/// in two where it is long, and the line after it.
fn quoted_below<'a>(lines: &[Line<'a>], at: usize) -> Option<(Option<&'a str>, usize)> {
    let line = &lines[at];
    if says_wrote(line.words) {
        let name = writer(line.words)?;
        return Some((Some(name), skip_empty(lines, at + 1)));
    }
    let next = lines.get(at + 1)?;
    let broken = line.depth == next.depth
        && line.words.len() <= MAX_HEAD
        && says_wrote(next.words)
        && last_clock(line.words).is_some();
    broken.then(|| {
        (
            writer(line.words).or_else(|| writer(next.words)),
            skip_empty(lines, at + 2),
        )
    })
}

fn says_wrote(words: &str) -> bool {
    words.len() <= MAX_HEAD
        && words.strip_suffix([':', '：']).is_some_and(|words| {
            let words = words.trim_end();
            WROTE.iter().any(|wrote| words.ends_with(wrote))
        })
}

fn skip_empty(lines: &[Line<'_>], from: usize) -> usize {
    let empty = lines[from..]
        .iter()
        .take_while(|line| line.words.is_empty());
    from + empty.count()
}

/// The name before an address in brackets, behind the time if there is one.
fn writer(words: &str) -> Option<&str> {
    let before = match words.find('<') {
        Some(at) => words[..at].trim_end().trim_end_matches('('),
        None => {
            let wrote = WROTE.iter().filter_map(|wrote| words.rfind(wrote)).min()?;
            &words[..wrote]
        }
    };
    let name = match last_clock(before) {
        Some(end) => before[end..]
            .trim_start_matches(|char: char| char.is_whitespace() || ",，;".contains(char)),
        None => before.rsplit([',', '，']).next()?,
    };
    // Half of the day stands behind the time: `4:51 PM Ana`.
    let name = [
        "AM ", "PM ", "am ", "pm ", "a. m., ", "p. m., ", "a. m. ", "p. m. ", "น. ",
    ]
    .iter()
    .find_map(|half| name.strip_prefix(half))
    .unwrap_or(name);
    let name = name.trim_start_matches(|char: char| char.is_whitespace() || ",，".contains(char));
    as_name(name)
}

fn as_name(name: &str) -> Option<&str> {
    let name = bare(name).trim_matches('"');
    (!name.is_empty() && name.len() <= MAX_NAME).then_some(name)
}

/// The head of a mail.
struct Head<'a> {
    from: Option<&'a str>,
    replies: Option<usize>,
    /// The line after it.
    next: usize,
}

impl<'a> Head<'a> {
    /// The head whose first line is this one: it says who writes, or it stands
    /// on top of the file.
    fn at(lines: &[Line<'a>], at: usize, on_top: bool) -> Option<Self> {
        let mut head = Self {
            from: None,
            replies: None,
            next: at,
        };
        let mut known = 0;
        while known < MAX_HEAD_LINES
            && let Some(line) = lines.get(head.next)
            && let Some((key, value)) = field(line.words)
        {
            known += 1;
            if FROM.contains(&key.as_str()) {
                let name = value.split(['<', '[']).next().unwrap_or(value);
                head.from = as_name(name).or_else(|| as_name(value));
            } else if ["subject", "objet", "asunto", "主题", "主旨", "主題", "เรื่อง"]
                .contains(&key.as_str())
            {
                let marks = ["re:", "回复", "回覆"];
                let value = value.to_lowercase();
                head.replies = Some(marks.iter().map(|mark| value.matches(mark).count()).sum());
            }
            head.next += 1;
        }
        let is_head = (head.from.is_some() && known >= 2) || (head.replies.is_some() && on_top);
        is_head.then_some(head)
    }
}

/// A line of a head: what it is, in lower case, and what it says.
fn field(words: &str) -> Option<(String, &str)> {
    if words.len() > MAX_HEAD {
        return None;
    }
    let (key, value) = words.split_once([':', '：'])?;
    let key = key
        .trim_matches(|char: char| char.is_whitespace() || char == '*')
        .to_lowercase();
    let is_known = FROM.contains(&key.as_str()) || HEADS.contains(&key.as_str());
    is_known.then_some((key, bare(value)))
}

/// A line between mails: `-----Original Message-----`, `________`.
fn is_rule(words: &str) -> bool {
    ["-----", "_____", "-- -"]
        .iter()
        .any(|rule| words.starts_with(rule))
}

/// Where the words end and a signature begins.
fn is_signature(words: &str) -> bool {
    let lower = words.chars().take(40).collect::<String>().to_lowercase();
    words == "--" || SENT_FROM.iter().any(|sent| lower.starts_with(sent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::conversation::tests::said;

    fn check(text: &str, expected: &[(&str, &str, usize)]) {
        let messages = read(text);
        let orders: Vec<_> = messages
            .iter()
            .flatten()
            .map(|message| message.order)
            .collect();
        let said = said(messages);
        let told: Vec<_> = said
            .iter()
            .zip(orders)
            .map(|((name, words), order)| (name.as_str(), words.as_str(), order))
            .collect();
        assert_eq!(told, expected, "{text:?}");
    }

    #[test]
    fn quoted_mails_are_read() {
        for intro in [
            "On Wed, Jul 8, 2026 at 4:51 PM Bo Li <b@c.example> wrote:",
            "Le jeu. 14 mai 2026 à 10:22, Bo Li <b@c.example> a écrit :",
            "El jue, 12 mar 2026 a las 12:31, Bo Li (<b@c.example>) escribió:",
            "Bo Li <b@c.example> 於 2026年3月16日 週一 下午4:58 寫道：",
            "ในวันที่ อ. 17 มี.ค. 2026 เวลา 16:20 Bo Li <b@c.example> เขียนว่า:",
            "On Wed, Jul 8, 2026 at 4:51 PM\nBo Li <b@c.example> wrote:",
        ] {
            let text = format!(
                "Still broken.\n\nSent from my phone\n\n{intro}\n\n> Try again.\n>\n> Bo\n"
            );
            check(
                &text,
                &[("", "Still broken.", 1), ("Bo Li", "Try again.\nBo", 0)],
            );
        }
        check(
            "On 1 May 2026 at 9:00, Bo <b@c.example> wrote:\n> Which one?\nThe red one.\n> And when?\nToday.",
            &[
                ("Bo", "Which one?", 0),
                ("", "The red one.", 1),
                ("", "And when?", 2),
                ("", "Today.", 3),
            ],
        );
    }

    #[test]
    fn heads_are_read() {
        check(
            "From: Ana <a@b.example>\nSent: Monday\nSubject: RE: Refund\n\nStill waiting.\n\n-----Original Message-----\n\
             From: Help Desk\nSent: Sunday\nTo: Ana\nSubject: Refund\n\nSoon.",
            &[("Ana", "Still waiting.", 1), ("Help Desk", "Soon.", 0)],
        );
        check(
            "发件人：周敏 <z@b.example>\n主题：赔偿\n\n在哪里？\n\n发件人：客服\n主题：回复: 赔偿\n\n快了。",
            &[("周敏", "在哪里？", 0), ("客服", "快了。", 1)],
        );
    }

    #[test]
    fn other_texts_are_no_mails() {
        for text in [
            "",
            "Subject: late\n\nMy parcel is late.",
            "From: Lyon\nTo: Paris\nThe train was late.",
            "> quoted\nnot much else",
            "He wrote:\nnothing",
        ] {
            assert!(read(text).is_none(), "{text:?}");
        }
    }
}
