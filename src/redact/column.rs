//! Columns of a table that hold nothing but personal data, by their names in
//! six languages, and the masking of cells.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

use super::{PersonalDataKind, Redactor};
use crate::feedback::Field;
use crate::read::fold;

/// Whose data a column holds; such words may stand before or behind its name.
#[rustfmt::skip] // a list to be read and added to
const OWNERS: &[&str] = &[
    "customer", "client", "user", "buyer", "guest", "member", "contact", "caller", "patient", "passenger", "shopper", "respondent",
    "reviewer", "author", "recipient", "sender", "agent", "employee", "staff", "seller", "billing", "shipping", "delivery", "home", "work",
    "personal", "cliente", "usuario", "comprador", "huesped", "paciente", "del cliente", "del", "du client", "du", "de", "de l", "utilisateur", "acheteur", "auteur",
    "destinataire", "autor", "destinatario", "客户", "客戶", "顾客", "顧客", "用户", "用戶", "买家", "買家", "会员", "會員", "联系人", "聯絡人", "收件人",
    "收货人", "收貨人", "评论人", "評論人", "作者", "客服", "ลูกค้า", "ผู้ใช้", "ผู้ซื้อ", "สมาชิก", "ผู้รับ", "ของ",
];

/// Names of columns by kind, folded as [`fold`] folds.
#[rustfmt::skip] // lists to be read and added to
const NAMES: &[(PersonalDataKind, &[&str])] = &[
    (PersonalDataKind::Person, &[
        "name", "full name", "fullname", "first name", "firstname", "last name", "lastname", "surname", "family name", "given name",
        "middle name", "display name", "nickname", "nom", "prenom", "nom complet", "nom de famille", "nom et prenom", "prenom nom", "nombre", "nombre completo", "apellido",
        "apellidos", "nombre y apellidos", "nombres", "primer apellido", "segundo apellido", "姓名", "名字", "名称姓名", "称呼", "稱呼", "姓", "名", "真实姓名", "真實姓名", "联系人", "聯絡人", "收件人", "收货人", "收貨人", "ชื่อ",
        "ชื่อ นามสกุล", "ชื่อนามสกุล", "นามสกุล", "ชื่อเล่น", "ชื่อจริง", "ชื่อสกุล",
    ]),
    (PersonalDataKind::Phone, &[
        "phone", "phone number", "phone no", "telephone", "telephone number", "tel", "tel no", "mobile", "mobile number", "mobile phone", "cell", "cell phone",
        "cellphone", "whatsapp", "fax", "msisdn", "telephone portable", "portable", "numero de telephone", "telefono", "numero de telefono", "movil", "celular", "电话",
        "電話", "电话号码", "電話號碼", "手机", "手機", "手机号", "手機號", "手机号码", "手機號碼", "联系电话", "聯絡電話", "联系方式", "聯絡方式", "โทรศัพท์", "เบอร์โทร", "เบอร์โทรศัพท์", "เบอร์", "เบอร์มือถือ", "มือถือ",
    ]),
    (PersonalDataKind::Email, &[
        "email", "e mail", "mail", "email address", "e mail address", "mail address", "courriel", "adresse mail", "adresse email", "adresse e mail", "adresse courriel", "correo", "correo electronico",
        "邮箱", "郵箱", "电子邮箱", "電子郵箱", "电子邮件", "電子郵件", "邮件", "郵件", "信箱", "電郵", "电邮", "อีเมล", "อีเมล์", "เมล",
    ]),
    (PersonalDataKind::Address, &[
        "address", "address line 1", "address line 2", "address 1", "address 2", "street", "street address", "postal address", "mailing address", "adresse", "adresse postale", "rue", "direccion", "domicilio",
        "calle", "direccion postal", "地址", "住址", "收货地址", "收貨地址", "收件地址", "详细地址", "詳細地址", "ที่อยู่", "ที่อยู่จัดส่ง",
    ]),
    (PersonalDataKind::NationalId, &[
        "ssn", "social security number", "national id", "national insurance number", "nino", "passport", "passport number", "id card", "id card number", "numero de securite sociale",
        "nir", "dni", "nie", "nif", "curp", "rfc", "pasaporte", "身份证", "身份证号", "身份证号码", "身分證", "身分證字號", "身份證", "护照", "護照", "护照号", "證件號", "证件号", "เลขบัตรประชาชน", "บัตรประชาชน", "หมายเลขบัตรประชาชน",
    ]),
    (PersonalDataKind::Card, &[
        "card number", "credit card", "credit card number", "card no", "carte bancaire", "numero de carte", "numero de tarjeta", "tarjeta", "卡号", "卡號", "银行卡号", "信用卡号", "信用卡號", "เลขบัตรเครดิต",
    ]),
    (PersonalDataKind::Iban, &["iban", "bank account", "account number", "compte bancaire", "cuenta bancaria", "银行账号", "銀行帳號", "เลขบัญชี", "เลขที่บัญชี"]),
    (PersonalDataKind::Handle, &[
        "username", "user name", "handle", "screen name", "twitter handle", "pseudo", "pseudonyme", "nom d utilisateur", "nombre de usuario", "微信", "微信号", "微信號", "qq", "用户名", "用戶名", "昵称", "暱稱", "wechat", "line id", "ไลน์",
        "ไอดีไลน์", "ชื่อผู้ใช้",
    ]),
];

/// What a column of that name holds, where it holds nothing but personal data.
fn kind(name: &str) -> Option<PersonalDataKind> {
    let whole = fold(name.rsplit_once('.').map_or(name, |(_, leaf)| leaf));
    // The names are written here as people write them; Thai ones fold like any other.
    static KINDS: LazyLock<HashMap<String, PersonalDataKind>> = LazyLock::new(|| {
        // The first kind that claims a name has it.
        let names = NAMES.iter().rev();
        names
            .flat_map(|(kind, names)| names.iter().map(|name| (fold(name), *kind)))
            .collect()
    });
    static WHOSE: LazyLock<Vec<String>> =
        LazyLock::new(|| OWNERS.iter().map(|owner| fold(owner)).collect());
    let known = |name: &str| KINDS.get(name).copied();
    let owned = |whole: &str| {
        WHOSE.iter().find_map(|owner| {
            let before = whole.strip_prefix(owner.as_str());
            let rest = before.or_else(|| whole.strip_suffix(owner.as_str()))?;
            let apart = rest.starts_with(' ') || rest.ends_with(' ') || !owner.is_ascii();
            known(rest.trim()).filter(|_| apart)
        })
    };
    known(&whole).or_else(|| owned(&whole))
}

impl Redactor {
    /// The cell of a column with its personal data masked: all of it where the
    /// name of the column says that it holds nothing else.
    pub(crate) fn field(&self, name: &str, field: &Field) -> Field {
        match field {
            Field::Text(text) => Field::Text(self.cell(kind(name), text)),
            Field::Json(json) => Field::Json(self.json(name, json)),
        }
    }

    fn cell(&self, kind: Option<PersonalDataKind>, text: &str) -> String {
        match kind {
            Some(kind) if !text.trim().is_empty() => kind.mask().to_owned(),
            _ => self.redact(text).into_owned(),
        }
    }

    /// JSON stays as it was written unless something in it is masked.
    fn json(&self, name: &str, json: &str) -> String {
        let Ok(mut value) = serde_json::from_str::<Value>(json) else {
            return self.redact(json).into_owned();
        };
        match self.value(kind(name), &mut value) {
            true => value.to_string(),
            false => json.to_owned(),
        }
    }

    /// Masks what is in `value`; says whether there was anything.
    fn value(&self, kind: Option<PersonalDataKind>, value: &mut Value) -> bool {
        let text = match value {
            Value::Null | Value::Bool(_) => return false,
            Value::Array(items) => {
                return items
                    .iter_mut()
                    .fold(false, |masked, item| self.value(kind, item) | masked);
            }
            Value::Object(entries) => {
                return entries.iter_mut().fold(false, |masked, (name, entry)| {
                    self.value(self::kind(name).or(kind), entry) | masked
                });
            }
            Value::Number(number) => number.to_string(),
            Value::String(text) => std::mem::take(text),
        };
        let masked = self.cell(kind, &text);
        let changed = masked != text;
        if changed || value.is_string() {
            *value = Value::String(masked);
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::REDACTOR;

    #[test]
    fn columns_of_people_are_known_in_six_languages() {
        for (name, code) in [
            ("Customer Name", "person"),
            ("customer_email", "email"),
            ("userPhone", "phone"),
            ("Téléphone", "phone"),
            ("nom du client", "person"),
            ("Correo electrónico", "email"),
            ("Dirección", "address"),
            ("客户姓名", "person"),
            ("手機號碼", "phone"),
            ("收货地址", "address"),
            ("ชื่อลูกค้า", "person"),
            ("เบอร์โทร", "phone"),
            ("contact.email", "email"),
        ] {
            assert_eq!(kind(name).map(PersonalDataKind::code), Some(code), "{name}");
        }
        for name in [
            "store",
            "product_name",
            "brand name",
            "email_sent_at",
            "phone model",
            "name_count",
            "店铺名称",
            "商品名稱",
            "ชื่อสินค้า",
            "date",
            "city",
        ] {
            assert_eq!(kind(name), None, "{name}");
        }
    }

    #[test]
    fn cells_are_masked_and_other_json_stays_as_written() {
        let redactor = &*REDACTOR;
        let masked =
            |name: &str, json: &str| match redactor.field(name, &Field::Json(json.to_owned())) {
                Field::Json(json) | Field::Text(json) => json,
            };
        assert_eq!(masked("paid", "12.50"), "12.50");
        assert_eq!(masked("tags", r#"[ "a", 1.10 ]"#), r#"[ "a", 1.10 ]"#);
        assert_eq!(masked("phone", "13812345678"), r#""[PHONE]""#);
        assert_eq!(masked("phone", "null"), "null");
        assert_eq!(
            masked(
                "meta",
                r#"{"customer":{"name":"Zx","mails":["a.b@c.example"]},"n":2}"#
            ),
            r#"{"customer":{"name":"[PERSON]","mails":["[EMAIL]"]},"n":2}"#
        );
        let text = redactor.field("Customer name", &Field::Text("anything".to_owned()));
        assert_eq!(text, Field::Text("[PERSON]".to_owned()));
        let empty = redactor.field("Customer name", &Field::Text(" ".to_owned()));
        assert_eq!(empty, Field::Text(" ".to_owned()));
    }
}
