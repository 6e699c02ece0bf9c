//! Speakers of a conversation that was written down, by the name before the colon.

use std::collections::BTreeMap;

/// Characters of a name at most.
const LONGEST: usize = 30;

/// What speakers are called who are not called by name, in lower case.
#[rustfmt::skip] // a list to be read and added to
const ROLES: &[&str] = &[
    "agent", "customer", "client", "cliente", "clienta", "asesor", "asesora", "agente", "conseiller", "conseillère",
    "support", "bot", "chatbot", "system", "système", "sistema", "user", "usuario", "usuaria", "utilisateur", "me", "moi",
    "yo", "you", "caller", "operator", "operador", "operadora", "opérateur", "opératrice", "service", "staff", "shop",
    "seller", "buyer", "vendeur", "acheteur", "vendedor", "vendedora", "comprador", "compradora", "advisor", "adviser",
    "rep", "representative", "host", "guest", "q", "a", "question", "answer", "réponse", "respuesta", "pregunta",
    "pros", "cons", "note", "nb", "ps", "re", "subject", "objet", "asunto", "date", "assistant", "asistente", "titular",
    "patient", "paciente", "nurse", "doctor", "driver", "manager", "hôte", "hotel", "restaurant", "tienda", "magasin",
    "客服", "客户", "客戶", "顾客", "顧客", "店員", "店员", "客人", "商家", "卖家", "賣家", "买家", "買家", "我", "你",
    "店家", "店主", "用户", "用戶", "乘客", "司机", "司機", "师傅", "師傅", "老板", "老闆", "经理", "經理", "人工客服",
    "机器人", "機器人", "智能客服", "坐席", "接线员", "接線員", "專員", "专员", "服務員", "服务员", "小姐", "先生", "女士",
    "前台", "櫃檯", "柜台", "问", "答", "問", "订单", "訂單", "备注", "備註", "电话", "電話", "地址", "姓名", "收件人",
    "收货人", "寄件人", "ลูกค้า", "ร้าน", "ร้านค้า", "พนักงาน", "แอดมิน", "เจ้าหน้าที่", "ผม", "ฉัน", "หนู", "เรา", "ระบบ", "บอท",
    "ช่าง", "คนขับ", "ไรเดอร์", "ผู้จัดการ", "ผู้ขาย", "ผู้ซื้อ", "ถาม", "ตอบ", "คอลเซ็นเตอร์", "หมอ", "พยาบาล", "แม่ค้า", "พ่อค้า",
];

/// What the speakers of `text` are called, if it is a conversation.
pub(super) fn labels(text: &str) -> Vec<&str> {
    let mut turns: BTreeMap<&str, usize> = BTreeMap::new();
    for line in text.lines() {
        if let Some(label) = label(line) {
            *turns.entry(label).or_default() += 1;
        }
    }
    // Lists of fields have colons too, but each of their names stands once.
    match turns.values().any(|&count| count > 1) {
        true => turns.into_keys().filter(|label| !is_role(label)).collect(),
        false => Vec::new(),
    }
}

fn label(line: &str) -> Option<&str> {
    let (label, _) = line.split_once([':', '：'])?;
    let label = label.trim();
    let short = !label.is_empty() && label.chars().count() <= LONGEST;
    (short && label.split_whitespace().count() <= 4).then_some(label)
}

fn is_role(label: &str) -> bool {
    let lower = label.to_lowercase();
    let first = lower.split([' ', '(', '（']).next().unwrap_or_default();
    ROLES.contains(&lower.as_str())
        || ROLES.contains(&first)
        || label.starts_with(char::is_lowercase)
        || label.contains(|c: char| c.is_numeric() || "[]/".contains(c))
}
