//! E-mail addresses, and what people are called on social networks.

use std::ops::Range;

use regex::Regex;

use super::phone::{stands_free, tail};
use super::{Found, PersonalDataKind};

/// Mailboxes that belong to a company, whoever reads them.
#[rustfmt::skip] // lists to be read and added to
const COMPANY: &[&str] = &[
    "support", "service", "services", "customerservice", "customer.service", "customer-service", "customercare",
    "customer.care", "care", "help", "helpdesk", "info", "contact", "contacto", "contactus", "hello", "hola", "bonjour",
    "sales", "admin", "administrator", "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "feedback",
    "complaints", "billing", "orders", "returns", "refunds", "reservations", "booking", "bookings", "enquiries",
    "inquiries", "office", "webmaster", "postmaster", "newsletter", "marketing", "press", "careers", "jobs", "hr",
    "team", "mail", "sav", "serviceclient", "service.client", "service-client", "relation.client", "clients",
    "reclamations", "reclamation", "reservation", "commande", "commandes", "ne-pas-repondre", "nepasrepondre",
    "atencion", "atencionalcliente", "atencion.cliente", "clientes", "cliente", "reclamaciones", "quejas", "ventas",
    "pedidos", "soporte", "ayuda", "reservas", "informacion", "facturacion", "kefu", "cs", "hotline", "privacy",
    "security", "abuse", "dpo", "rgpd", "gdpr",
];

/// What a name on a social network is announced by.
const NETWORKS: &str = r"we ?chat|weixin|wx|vx|v信|微信号?|微信號|加v|薇信|威信|qq号?|微博|小红书号?|抖音号?|line(?: ?id)?|ไลน์(?:ไอดี)?|ไอดีไลน์|ไอจี|ไอดี|เฟซ(?:บุ๊ก)?|เฟส|ทวิต(?:เตอร์)?|แอด|แอดไลน์|ig|insta(?:gram)?|telegram|tg|signal|snap(?:chat)?|tiktok|twitter|discord|skype|facebook|fb|threads|whatsapp|messenger|handle|user ?name|user|usuario|pseudo|identifiant|compte|cuenta|账号|帳號|賬號|昵称|暱稱|用户名|用戶名";

/// Characters before a name on a network that what announces it is looked for in.
const LONGEST_LEAD: usize = 24;

#[derive(Clone, Debug)]
pub(super) struct Finder {
    email: Regex,
    announced: Regex,
    at: Regex,
    /// Words in small letters with a line between them: nobody else writes so.
    joined: Regex,
}

impl Finder {
    pub(super) fn new() -> Self {
        let pattern = |pattern: &str| Regex::new(pattern).expect("a pattern of ours");
        Self {
            email: pattern(
                r"[A-Za-zÀ-ɏ0-9._%+'-]{1,64}[@＠](?:[A-Za-zÀ-ɏ0-9-]{1,63}\.){1,6}[A-Za-zÀ-ɏ]{2,24}",
            ),
            announced: pattern(&format!(
                r"(?i)(?:{NETWORKS})(?:\s|号|號|為|为|是|係|叫|เป็น|ชื่อ|加|我|搵|找|สาธารณะ|(?:is|est|es|du|del|forum|foro|on|en|sur|me|at|id)(?-u:\b)|:|：|=|→|,|，|@|「|“|«|\x22){{0,8}}$"
            )),
            at: pattern(r"@([A-Za-z0-9_][A-Za-z0-9._-]{2,30})"),
            joined: pattern(r"[a-z][a-z0-9.]+(?:_[a-z0-9.]*[a-z0-9])+"),
        }
    }

    pub(super) fn find(&self, text: &str, found: &mut Found) {
        if text.contains(['@', '＠']) {
            for email in self.email.find_iter(text) {
                let local = email.as_str().split(['@', '＠']).next().unwrap_or_default();
                let spare = local.len() - local.trim_start_matches(['.', '\'', '-']).len();
                if !COMPANY.contains(&local[spare..].to_lowercase().as_str()) {
                    found.push(PersonalDataKind::Email, email.start() + spare, email.end());
                }
            }
            for handle in self.at.find_iter(text) {
                let before = text[..handle.start()].chars().next_back();
                if before.is_none_or(|before| {
                    !before.is_ascii_alphanumeric() && !"._-+".contains(before)
                }) {
                    let name = handle.as_str().trim_end_matches(['.', '-', '_']);
                    // A company's own name has no sign or digit in it.
                    if is_made_up(&name[1..]) || name[1..].starts_with('_') {
                        let end =
                            handle.start() + name.len() + trailing_underscore(handle.as_str());
                        found.push(PersonalDataKind::Handle, handle.start(), end);
                    }
                }
            }
        }
        let joined = text.contains('_').then(|| self.joined.find_iter(text));
        for handle in joined.into_iter().flatten() {
            if stands_free(text, handle.start(), handle.end()) {
                found.push(PersonalDataKind::Handle, handle.start(), handle.end());
            }
        }
        for name in made_up(text) {
            // The word may be glued to the name: `微信bean_tea77`, `line nok.shop22`.
            let lead = tail(&text[..name.start], LONGEST_LEAD);
            let from = name.start - lead.len();
            let Some(announced) = self.announced.find(lead) else {
                continue;
            };
            // `online`, `design`: the word before must begin where it seems to.
            let start = from + announced.start();
            let before = text[..start].chars().next_back();
            let begins = !announced
                .as_str()
                .starts_with(|c: char| c.is_ascii_alphabetic())
                || before.is_none_or(|before| !before.is_ascii_alphanumeric());
            if begins && !text[name.end..].starts_with('@') {
                found.push(PersonalDataKind::Handle, name.start, name.end);
            }
        }
    }
}

/// Places of the words that look like names on a social network.
fn made_up(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + bytes[from..].iter().position(|&byte| is_part(byte))?;
            let rest = &bytes[start..];
            let length = rest.iter().position(|&byte| !is_part(byte));
            let end = start + length.unwrap_or(rest.len());
            from = end;
            let word = &text[start..end];
            let skip = word.len() - word.trim_start_matches(['.', '-', '_']).len();
            let name = word.trim_end_matches(['.', '-']);
            if name.len() > skip
                && (4..=31).contains(&(name.len() - skip))
                && is_made_up(&name[skip..])
            {
                return Some(start + skip..start + name.len());
            }
        }
    })
}

/// Whether somebody made it up to be unique: letters with a digit or a sign, and no
/// mere word, number, date or version.
fn is_made_up(name: &str) -> bool {
    let letters = name.bytes().filter(u8::is_ascii_alphabetic).count();
    let marked = name
        .bytes()
        .any(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b'.'));
    letters >= 3 && marked && !name.ends_with(".com")
}

/// 1 if the handle itself ends with an underscore.
fn trailing_underscore(handle: &str) -> usize {
    usize::from(handle.trim_end_matches(['.', '-']).ends_with('_'))
}

#[cfg(test)]
mod tests {
    use crate::redact::tests::REDACTOR;

    #[test]
    fn mail_and_handles() {
        let redactor = &*REDACTOR;
        for (text, redacted) in [
            (
                "write to ana.ruiz+shop@mail.example.com.",
                "write to [EMAIL].",
            ),
            ("courriel : zoé@exemple.example", "courriel : [EMAIL]"),
            ("发到wang_01@mail.example就行", "发到[EMAIL]就行"),
            (
                "I wrote to support@shop.example twice",
                "I wrote to support@shop.example twice",
            ),
            ("加我微信：bean_tea77，谢谢", "加我微信：[HANDLE]，谢谢"),
            ("ไลน์ nok.shop22 ค่ะ", "ไลน์ [HANDLE] ค่ะ"),
            (
                "I am @river.and.stone on Instagram",
                "I am [HANDLE] on Instagram",
            ),
            ("the online design-v2 tool", "the online design-v2 tool"),
            ("a @ b", "a @ b"),
        ] {
            assert_eq!(redactor.redact(text), redacted);
        }
    }
}
