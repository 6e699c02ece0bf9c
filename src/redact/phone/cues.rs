//! What the words before a number say of it.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::tail;

/// How far before a number the words may stand that say what it is, in characters.
const BEFORE: usize = 30;

/// How far the words of [`COMPANY`] may stand, in characters.
const CLOSE_BEFORE: usize = 18;

/// Words before the number of a person.
#[rustfmt::skip] // lists to be read and added to
const PHONE: &[&str] = &[
    "phone", "mobile", "cell", "tel", "number is", "call", "ring", "text me", "reach", "whatsapp",
    "landline", "contact", "my number", "tél", "portable", "fixe", "appel", "rappel", "joindre",
    "joignable", "numéro", "mon num", "teléfono", "telefono", "móvil", "movil", "celular", "mi cel",
    "llam", "whats", "número", "fijo", "电话", "電話", "手机", "手機", "联系", "聯絡", "聯繫", "打给", "打我",
    "打電", "致電", "回电", "回電", "打", "座机", "市話", "拨", "撥", "门号", "門號", "尾号", "โทร",
    "เบอร์", "มือถือ", "ติดต่อ",
];

/// Words before a number that is no phone number.
#[rustfmt::skip] // lists to be read and added to
const OTHER: &[&str] = &[
    "order", "tracking", "parcel", "invoice", "ticket", "receipt", "serial", "ref", "sku", "isbn",
    "ean", "imei", "batch", "booking", "account", "case", "policy", "voucher", "transaction",
    "commande", "suivi", "colis", "facture", "dossier", "billet", "contrat", "siret", "siren", "réf",
    "pedido", "seguimiento", "factura", "folio", "referencia", "guía", "contrato", "reserva",
    "billete", "lote", "matrícula", "订单", "訂單", "单号", "單號", "编号", "編號", "工单", "運單",
    "运单", "发票", "發票", "序号", "序號", "代码", "货号", "貨號", "條碼", "条码", "型號", "型号", "帳號",
    "账号", "ออเดอร์", "พัสดุ", "ใบเสร็จ", "เลขที่", "คำสั่งซื้อ", "รหัส", "ใบแจ้งหนี้", "เลขรายการ",
    "สัญญา",
];

/// Words before the number of a company.
#[rustfmt::skip] // lists to be read and added to
const COMPANY: &[&str] = &[
    "hotline", "helpline", "help line", "your number", "your line", "customer service", "switchboard",
    "head office", "freephone", "toll-free", "toll free", "your call cent", "votre standard",
    "votre numéro", "service client", "numéro vert", "numéro surtaxé", "votre ligne", "siège",
    "su número", "su teléfono", "atención al cliente", "servicio al cliente", "línea de atención",
    "centralita", "vuestro teléfono", "su línea", "热线", "熱線", "专线", "專線", "总公司", "總公司",
    "总部", "總部", "客服电话", "客服電話", "总机", "總機", "投诉电话", "你们电话", "สายด่วน",
    "คอลเซ็นเตอร์", "call center", "เบอร์บริษัท", "เบอร์ร้าน", "เบอร์ศูนย์",
];

/// What the words before a number say of it.
pub(super) struct Cues {
    pub(super) phone: bool,
    pub(super) other: bool,
    pub(super) company: bool,
}

/// What a word before a number says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Phone,
    Other,
    Company,
}

/// The words before numbers, and what each says.
static WORDS: LazyLock<(AhoCorasick, Vec<Says>)> = LazyLock::new(|| {
    let lists = [
        (PHONE, Says::Phone),
        (OTHER, Says::Other),
        (COMPANY, Says::Company),
    ];
    let all = || {
        lists
            .into_iter()
            .flat_map(|(words, says)| words.iter().map(move |word| (word, says)))
    };
    let automaton = AhoCorasick::new(all().map(|(word, _)| word));
    (
        automaton.expect("few short words"),
        all().map(|(_, says)| says).collect(),
    )
});

impl Cues {
    /// The nearest words count, and only those of the same sentence. Words of
    /// languages with spaces must begin where they seem to (`tel`, not `hotel`)
    /// and, if they are no phone's, end so too.
    pub(super) fn before(text: &str) -> Self {
        let window = sentence_end(tail(text, BEFORE)).to_lowercase();
        let close = window.len() - tail(&window, CLOSE_BEFORE).len();
        let (mut phone, mut other, mut company) = (None, None, false);
        let (automaton, says) = &*WORDS;
        for word in automaton.find_overlapping_iter(&window) {
            let (start, end) = (word.start(), word.end());
            let says = says[word.pattern().as_usize()];
            if says == Says::Company {
                company |= start >= close;
                continue;
            }
            let begins = !window[..start].ends_with(char::is_alphanumeric);
            let ends = says == Says::Phone || !window[end..].starts_with(char::is_alphabetic);
            if !window[start..end].is_ascii() || begins && ends {
                let nearest = if says == Says::Phone {
                    &mut phone
                } else {
                    &mut other
                };
                *nearest = (*nearest).max(Some(start));
            }
        }
        Self {
            phone: phone > other,
            other: other > phone,
            company,
        }
    }
}

fn sentence_end(text: &str) -> &str {
    let ends = |character| {
        matches!(
            character,
            '。' | '！' | '？' | '!' | '?' | '\n' | ';' | '；'
        )
    };
    text.rfind(ends)
        .map_or(text, |at| text[at..].trim_start_matches(ends))
}
