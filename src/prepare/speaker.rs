//! Who speaks in a conversation that was written down: `Customer: …`, `客服：…`.

use std::ops::Range;

use crate::label::Speaker;

/// What customers are called in transcripts, in lower case. Words that head
/// other things, as `service` heads a survey answer, are left out; where the
/// other side is named here, they are understood all the same.
const CUSTOMER: &[&str] = &[
    "customer",
    "client",
    "caller",
    "user",
    "guest",
    "passenger",
    "patient",
    "buyer",
    "me",
    "cliente",
    "clienta",
    "usager",
    "usagère",
    "assuré",
    "assurée",
    "abonné",
    "abonnée",
    "voyageur",
    "voyageuse",
    "patiente",
    "utilisateur",
    "utilisatrice",
    "usuario",
    "usuaria",
    "huésped",
    "pasajero",
    "pasajera",
    "paciente",
    "asegurado",
    "asegurada",
    "titular",
    "socio",
    "socia",
    "abonado",
    "abonada",
    "kunde",
    "kundin",
    "客户",
    "客戶",
    "顾客",
    "顧客",
    "用户",
    "用戶",
    "客人",
    "乘客",
    "旅客",
    "买家",
    "買家",
    "车主",
    "車主",
    "患者",
    "病患",
    "家长",
    "家長",
    "民眾",
    "民众",
    "市民",
    "住户",
    "住戶",
    "ลูกค้า",
    "ลค.",
    "ผู้โดยสาร",
    "ผู้โทร",
    "ผู้ใช้",
    "คนไข้",
    "สมาชิก",
    "ผู้เอาประกัน",
];

/// What those who answer for the company are called.
const AGENT: &[&str] = &[
    "agent",
    "operator",
    "rep",
    "representative",
    "advisor",
    "adviser",
    "receptionist",
    "conseiller",
    "conseillère",
    "agente",
    "téléconseiller",
    "téléconseillère",
    "opérateur",
    "opératrice",
    "technicien",
    "technicienne",
    "operador",
    "operadora",
    "asesor",
    "asesora",
    "recepcionista",
    "mitarbeiter",
    "mitarbeiterin",
    "客服",
    "坐席",
    "专员",
    "專員",
    "店员",
    "店員",
    "服务员",
    "服務員",
    "前台",
    "柜员",
    "櫃員",
    "櫃台",
    "接线员",
    "职员",
    "職員",
    "卖家",
    "賣家",
    "เจ้าหน้าที่",
    "จนท.",
    "พนักงาน",
    "แอดมิน",
    "แอด",
];

/// No label is longer, in bytes.
const MAX_LABEL: usize = 48;

/// Where a label stands, and what it says.
struct Label<'a> {
    start: usize,
    name: &'a str,
    speaker: Option<Speaker>,
}

/// Divides a text into turns, each beginning with its label. A text that is no
/// conversation is one turn of nobody.
pub(super) fn turns(text: &str) -> Vec<(Range<usize>, Option<Speaker>)> {
    let mut labels = labels(text);
    understand(&mut labels);
    let mut turns = Vec::new();
    let (mut start, mut speaker) = (0, None);
    if labels.iter().any(|label| label.speaker.is_some()) {
        for label in labels {
            turns.push((start..label.start, speaker));
            (start, speaker) = (label.start, label.speaker);
        }
    }
    turns.push((start..text.len(), speaker));
    turns.retain(|(range, _)| !range.is_empty());
    turns
}

/// Everything before a colon that may be a label: at the start of a line any
/// short name; within a line known ones only, and those only where both sides
/// of the conversation are named so.
fn labels(text: &str) -> Vec<Label<'_>> {
    let mut labels = Vec::new();
    let mut inline = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        for (at, _) in line.match_indices([':', '：']) {
            let before = line[..at].trim_end();
            if labels
                .last()
                .is_none_or(|label: &Label| label.start < line_start)
                && let Some(name) = line_label(before)
            {
                let speaker = known(name);
                labels.push(Label {
                    start: line_start,
                    name,
                    speaker,
                });
            } else if let Some(name) = inline_label(before) {
                let start = line_start + before.len() - name.len();
                inline.push(Label {
                    start,
                    name,
                    speaker: known(name),
                });
            }
        }
        line_start += line.len();
    }
    let names = |speaker| {
        labels
            .iter()
            .chain(&inline)
            .any(|label: &Label| label.speaker == Some(speaker))
    };
    if names(Speaker::Customer) && names(Speaker::Agent) {
        labels.append(&mut inline);
        labels.sort_by_key(|label| label.start);
    }
    labels
}

/// The start of a line, if it may be a name: one to three words without marks.
fn line_label(before: &str) -> Option<&str> {
    let name = before.trim_start();
    let plain = |char: char| char.is_alphanumeric() || " '’-.".contains(char) || is_mark(char);
    (!name.is_empty()
        && name.len() <= MAX_LABEL
        && name.split(' ').count() <= 3
        && name.starts_with(char::is_alphabetic)
        && name.chars().all(plain))
    .then_some(name)
}

/// Thai vowels and tones are marks.
fn is_mark(char: char) -> bool {
    unicode_normalization::char::is_combining_mark(char)
}

/// A known label at the end of a text, after a space or a sentence.
fn inline_label(before: &str) -> Option<&str> {
    let start = before
        .char_indices()
        .rev()
        .take(MAX_LABEL / 2)
        .find(|&(_, char)| char.is_whitespace() || "。！？!?.…」”）)".contains(char))
        .map(|(at, char)| at + char.len_utf8())?;
    let name = &before[start..];
    known(name).map(|_| name)
}

fn known(name: &str) -> Option<Speaker> {
    let name = name.to_lowercase();
    if CUSTOMER.contains(&name.as_str()) {
        Some(Speaker::Customer)
    } else if AGENT.contains(&name.as_str()) {
        Some(Speaker::Agent)
    } else {
        None
    }
}

/// Of two who speak, a known one tells who the other is: `Service desk` is the
/// company where the other is the customer.
fn understand(labels: &mut [Label<'_>]) {
    let mut names: Vec<_> = labels.iter().map(|label| label.name).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() != 2 {
        return;
    }
    let other = match labels.iter().find_map(|label| label.speaker) {
        Some(Speaker::Customer) => Speaker::Agent,
        Some(Speaker::Agent) => Speaker::Customer,
        None => return,
    };
    for label in labels {
        label.speaker.get_or_insert(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const C: Option<Speaker> = Some(Speaker::Customer);
    const A: Option<Speaker> = Some(Speaker::Agent);

    #[test]
    fn turns_begin_with_their_labels() {
        type Turn = (&'static str, Option<Speaker>);
        let cases: [(&str, &[Turn]); 9] = [
            ("", &[]),
            ("No conversation: none", &[("No conversation: none", None)]),
            (
                "Service: bad\nFood: cold",
                &[("Service: bad\nFood: cold", None)],
            ),
            (
                "Customer: hi\nAgent: yes?",
                &[("Customer: hi\n", C), ("Agent: yes?", A)],
            ),
            (
                "Client : bonjour : voilà\nsuite\nService clients : oui",
                &[
                    ("Client : bonjour : voilà\nsuite\n", C),
                    ("Service clients : oui", A),
                ],
            ),
            (
                "客户：到哪了？客服：在路上。",
                &[("客户：到哪了？", C), ("客服：在路上。", A)],
            ),
            ("我给客服：发了消息", &[("我给客服：发了消息", None)]),
            (
                "ลูกค้า: ช้ามาก\nเจ้าหน้าที่: ขออภัยค่ะ",
                &[("ลูกค้า: ช้ามาก\n", C), ("เจ้าหน้าที่: ขออภัยค่ะ", A)],
            ),
            (
                "Case 12\nHuésped: sucio\nRecepción: perdón",
                &[
                    ("Case 12\n", None),
                    ("Huésped: sucio\n", C),
                    ("Recepción: perdón", A),
                ],
            ),
        ];
        for (text, expected) in cases {
            let turns = turns(text);
            let turns: Vec<_> = turns
                .into_iter()
                .map(|(range, by)| (&text[range], by))
                .collect();
            assert_eq!(turns, expected, "{text:?}");
        }
    }
}
