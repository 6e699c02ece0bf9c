//! Names that columns bear in six languages.
//!
//! A new language adds its names to these lists; nothing else changes.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Names of one kind of column.
pub(super) struct Names {
    known: &'static [&'static str],
    /// The same as [`fold`] leaves them, made when they are first asked for: a
    /// file has many cells to be held against them.
    folded: OnceLock<Vec<String>>,
}

/// The text itself.
#[rustfmt::skip] // lists to be read and added to
pub(super) static TEXT: Names = Names::new(&[
    "text", "texts", "review", "reviews", "review text", "review body", "review content",
    "comment", "comments", "comment text", "feedback", "feedback text", "body", "message",
    "messages", "content", "answer", "answers", "verbatim", "verbatims", "description", "opinion",
    "opinions", "complaint", "complaints", "complaint text", "transcript", "conversation",
    "response", "sentence", "utterance", "commentaire", "commentaires", "avis", "texte",
    "réponse", "réponses", "contenu", "remarque", "remarques", "réclamation", "plainte",
    "témoignage", "verbatim client", "comentario", "comentarios", "opinión", "opiniones",
    "reseña", "reseñas", "texto", "respuesta", "respuestas", "mensaje", "mensajes", "queja",
    "quejas", "reclamación", "reclamo", "contenido", "内容", "评论", "评价", "评语", "点评", "评论内容", "评价内容",
    "反馈", "反馈内容", "意见", "建议", "文本", "留言", "投诉", "投诉内容", "回答", "正文", "內容", "評論", "評價", "評語", "點評",
    "評論內容", "評價內容", "回饋", "反饋", "回饋內容", "意見", "建議", "投訴", "投訴內容", "客訴內容", "心得", "ความคิดเห็น",
    "ข้อความ", "รีวิว", "ความเห็น", "เนื้อหา", "ข้อเสนอแนะ", "คำตอบ", "ข้อร้องเรียน",
    "เรื่องร้องเรียน",
]);

/// What identifies a row.
#[rustfmt::skip] // lists to be read and added to
pub(super) static ID: Names = Names::new(&[
    "id", "uid", "uuid", "guid", "key", "ref", "reference", "row id", "record id", "review id",
    "comment id", "feedback id", "message id", "complaint id", "ticket", "ticket id",
    "ticket number", "case", "case id", "case number", "respondent", "respondent id",
    "response id", "survey id", "answer id", "post id", "tweet id", "conversation id", "call id",
    "identifiant", "id avis", "id commentaire", "numéro", "n°", "référence", "numéro de ticket",
    "numéro de dossier", "n° de dossier", "dossier", "identificador", "número", "folio", "referencia",
    "número de caso", "id comentario", "编号", "序号", "评论编号", "评论id", "反馈编号", "工单号", "工单编号", "投诉编号",
    "編號", "序號", "流水號", "評論編號", "案件編號", "客訴編號", "工單編號", "單號", "รหัส", "ลำดับ", "เลขที่", "หมายเลข",
    "รหัสรีวิว",
]);

/// The language of a row.
#[rustfmt::skip] // lists to be read and added to
pub(super) static LANGUAGE: Names = Names::new(&[
    "language", "lang", "locale", "language code", "lang code", "review language", "langue",
    "code langue", "idioma", "lengua", "código de idioma", "语言", "语种", "語言", "語種", "ภาษา",
]);

/// When it was said.
#[rustfmt::skip] // lists to be read and added to
pub(super) static DATE: Names = Names::new(&[
    "date", "review date", "created at", "created", "creation date", "submitted at", "submitted",
    "submission date", "posted at", "posted", "published at", "response date", "completed at",
    "recorded date", "end date", "received", "received at", "timestamp", "datetime", "time", "when",
    "day", "date de l'avis", "date avis", "date de création", "date de réponse", "date de soumission",
    "publié le", "déposé le", "créé le", "jour", "horodatage", "fecha", "fecha de la reseña",
    "fecha de creación", "fecha de respuesta", "fecha y hora", "marca temporal", "publicado el", "día",
    "日期", "时间", "時間", "评论时间", "评论日期", "評論時間", "評論日期", "创建时间", "建立時間", "提交时间", "提交時間",
    "填写时间", "填寫時間", "反馈时间", "发布时间", "發布時間", "วันที่", "วันเวลา", "เวลา", "วันที่รีวิว", "วันที่ตอบ",
    "ประทับเวลา",
]);

/// What the customer gave.
#[rustfmt::skip] // lists to be read and added to
pub(super) static RATING: Names = Names::new(&[
    "rating", "ratings", "stars", "star", "star rating", "review rating", "overall rating", "score",
    "review score", "overall", "grade", "note", "notes", "étoiles", "nombre d'étoiles", "évaluation",
    "note globale", "note attribuée", "nota", "puntuación", "calificación", "valoración", "estrellas",
    "puntaje", "evaluación", "评分", "評分", "打分", "星级", "星級", "星等", "评星", "總評分", "总评分",
    "综合评分", "分数", "分數", "คะแนน", "ดาว", "จำนวนดาว", "คะแนนรีวิว", "เรตติ้ง",
]);

/// How likely the customer is to recommend.
#[rustfmt::skip] // lists to be read and added to
pub(super) static NPS: Names = Names::new(&[
    "nps", "nps score", "score nps", "nps rating", "net promoter score", "recommend",
    "likelihood to recommend", "would recommend", "likely to recommend", "recommendation",
    "recommandation", "probabilité de recommandation", "note nps", "recomendación",
    "probabilidad de recomendación", "puntuación nps", "推荐度", "推荐分", "推荐意愿", "推薦度", "推薦意願",
    "推薦分數", "nps评分", "nps得分", "nps分數", "คะแนน nps", "คะแนนแนะนำ", "โอกาสแนะนำ", "การแนะนำ",
]);

/// How satisfied the customer is.
#[rustfmt::skip] // lists to be read and added to
pub(super) static CSAT: Names = Names::new(&[
    "csat", "csat score", "satisfaction", "satisfaction score", "overall satisfaction",
    "customer satisfaction", "satisfaction client", "satisfaction globale", "score csat",
    "niveau de satisfaction", "satisfacción", "satisfacción general", "nivel de satisfacción",
    "满意度", "总体满意度", "整体满意度", "客户满意度", "滿意度", "整體滿意度", "ความพึงพอใจ",
    "ระดับความพึงพอใจ", "คะแนนความพึงพอใจ",
]);

/// How much effort it took.
#[rustfmt::skip] // lists to be read and added to
pub(super) static CES: Names = Names::new(&[
    "ces", "ces score", "customer effort", "customer effort score", "effort", "effort score", "ease",
    "score ces", "effort client", "facilité", "esfuerzo", "esfuerzo del cliente", "facilidad",
    "费力度", "客户费力度", "費力度", "顧客費力度", "ความง่าย", "ความพยายาม",
]);

/// How it reached the company.
#[rustfmt::skip] // lists to be read and added to
pub(super) static CHANNEL: Names = Names::new(&[
    "channel", "source", "platform", "medium", "contact channel", "feedback channel", "touchpoint",
    "canal", "plateforme", "canal de contact", "provenance", "plataforma", "canal de contacto",
    "origen", "渠道", "来源", "來源", "平台", "反馈渠道", "管道", "通路", "ช่องทาง", "แพลตฟอร์ม", "แหล่งที่มา",
    "ช่องทางการติดต่อ",
]);

/// What was bought or used.
#[rustfmt::skip] // lists to be read and added to
pub(super) static PRODUCT: Names = Names::new(&[
    "product", "product name", "product id", "product title", "item", "item name", "sku", "asin",
    "article", "app", "app name", "service name", "produit", "nom du produit", "référence produit",
    "producto", "nombre del producto", "artículo", "产品", "产品名称", "商品", "商品名称", "型号", "產品", "產品名稱",
    "商品名稱", "型號", "品項", "สินค้า", "ชื่อสินค้า", "ผลิตภัณฑ์", "รุ่น",
]);

/// Where it was.
#[rustfmt::skip] // lists to be read and added to
pub(super) static PLACE: Names = Names::new(&[
    "store", "store name", "store id", "shop", "branch", "branch name", "location", "place", "site",
    "city", "town", "hotel", "hotel name", "restaurant", "restaurant name", "outlet", "property",
    "business name", "venue", "magasin", "boutique", "agence", "point de vente", "établissement",
    "ville", "lieu", "hôtel", "nom du magasin", "tienda", "sucursal", "local", "establecimiento",
    "ciudad", "lugar", "restaurante", "punto de venta", "门店", "门店名称", "店铺", "店名", "分店", "网点",
    "城市", "地点", "酒店", "酒店名称", "餐厅", "門市", "門市名稱", "店鋪", "店家", "分行", "據點", "地點", "飯店",
    "飯店名稱", "餐廳", "สาขา", "ร้าน", "ชื่อร้าน", "ร้านค้า", "สถานที่", "จังหวัด", "เมือง", "โรงแรม", "ร้านอาหาร",
]);

/// The group of customers.
#[rustfmt::skip] // lists to be read and added to
pub(super) static SEGMENT: Names = Names::new(&[
    "segment", "customer segment", "customer type", "client type", "user type", "tier",
    "membership", "membership level", "loyalty tier", "plan", "cohort", "customer group", "persona",
    "segment client", "type de client", "profil", "profil client", "segmento", "tipo de cliente",
    "segmento de cliente", "perfil", "客户类型", "用户类型", "客群", "会员等级", "客户等级", "客户群",
    "客戶類型", "用戶類型", "會員等級", "客戶等級", "顧客類型", "กลุ่มลูกค้า", "ประเภทลูกค้า", "ระดับสมาชิก", "กลุ่ม",
]);

/// Who the customer is.
#[rustfmt::skip] // lists to be read and added to
pub(super) static CUSTOMER: Names = Names::new(&[
    "customer", "customer id", "customer name", "client", "client id", "user", "user id", "user name",
    "username", "reviewer", "reviewer name", "reviewer id", "author", "author id", "member id",
    "account", "account id", "id client", "nom du client", "numéro client", "utilisateur", "auteur",
    "compte", "id cliente", "cliente", "nombre del cliente", "número de cliente", "usuario", "autor",
    "cuenta", "客户", "客户编号", "客户名称", "客户id", "用户", "用户id", "用户名", "用户名称", "昵称", "会员号",
    "作者", "评论人", "客戶", "客戶編號", "客戶名稱", "用戶", "顧客", "顧客姓名", "會員編號", "暱稱", "評論人",
    "ลูกค้า", "รหัสลูกค้า", "ชื่อลูกค้า", "ผู้ใช้", "ชื่อผู้ใช้", "ผู้รีวิว", "สมาชิก",
]);

/// Who speaks in one turn of a conversation.
#[rustfmt::skip] // lists to be read and added to
pub(super) static SPEAKER: Names = Names::new(&[
    "speaker", "speaker role", "speaker name", "role", "sender", "sender type", "sender role",
    "from", "author", "author type", "who", "party", "participant", "locuteur", "locutrice",
    "interlocuteur", "expéditeur", "émetteur", "rôle", "auteur", "hablante", "interlocutor",
    "remitente", "emisor", "rol", "autor", "说话人", "发言人", "发言者", "说话者", "发送人", "发送者", "角色",
    "說話人", "發言人", "發言者", "說話者", "傳送者", "發送者", "ผู้พูด", "ผู้ส่ง", "บทบาท",
]);

/// The conversation that a turn belongs to.
#[rustfmt::skip] // lists to be read and added to
pub(super) static CONVERSATION: Names = Names::new(&[
    "conversation id", "conversation", "conv id", "conversation number", "dialogue id", "dialog id",
    "thread id", "thread", "chat id", "session id", "session", "call id", "ticket id", "ticket",
    "ticket number", "case id", "case number", "interaction id", "id conversation",
    "id de conversation", "numéro de conversation", "id de la conversation", "fil", "session de chat",
    "id conversación", "id de conversación", "id de la conversación", "conversación", "hilo",
    "id de chat", "sesión", "会话", "会话id", "会话编号", "对话", "对话id", "对话编号", "通话编号", "工单号",
    "工单编号", "會話", "會話編號", "對話", "對話id", "對話編號", "通話編號", "工單編號", "案件編號",
    "รหัสการสนทนา", "การสนทนา", "บทสนทนา", "รหัสแชท", "รหัสสนทนา", "หมายเลขการสนทนา",
]);

/// The number of a turn in its conversation.
#[rustfmt::skip] // lists to be read and added to
pub(super) static TURN: Names = Names::new(&[
    "turn", "turn id", "turn number", "turn index", "sequence", "sequence number", "seq", "order",
    "index", "position", "message number", "message index", "utterance number", "line", "step",
    "tour", "tour de parole", "ordre", "numéro de message", "séquence", "turno", "orden",
    "número de mensaje", "secuencia", "轮次", "轮", "顺序", "消息序号", "序号", "輪次", "順序", "訊息序號", "序號",
    "ลำดับ", "ลำดับข้อความ", "รอบ",
]);

/// What was asked.
#[rustfmt::skip] // lists to be read and added to
pub(super) static QUESTION: Names = Names::new(&[
    "question", "question text", "survey question", "prompt", "item text", "question posée",
    "intitulé", "libellé de la question", "pregunta", "texto de la pregunta", "问题", "题目", "提问",
    "问卷题目", "問題", "題目", "提問", "問卷題目", "คำถาม", "ข้อคำถาม",
]);

/// The headline over the text.
#[rustfmt::skip] // lists to be read and added to
pub(super) static TITLE: Names = Names::new(&[
    "title", "review title", "headline", "subject", "summary", "review headline", "titre",
    "titre de l'avis", "objet", "sujet", "título", "título de la reseña", "asunto", "标题",
    "评论标题", "主题", "標題", "評論標題", "主題", "主旨", "หัวข้อ", "ชื่อเรื่อง", "หัวเรื่อง",
]);

/// What is praised, in a column of its own.
#[rustfmt::skip] // lists to be read and added to
pub(super) static PROS: Names = Names::new(&[
    "pros", "positives", "positive", "positive review", "likes", "liked", "advantages", "strengths",
    "points forts", "points positifs", "point fort", "avantages", "les plus", "lo mejor",
    "puntos fuertes", "puntos positivos", "aspectos positivos", "ventajas", "优点", "好的方面", "優點",
    "ข้อดี", "จุดเด่น", "จุดแข็ง", "สิ่งที่ชอบ",
]);

/// What is blamed, in a column of its own.
#[rustfmt::skip] // lists to be read and added to
pub(super) static CONS: Names = Names::new(&[
    "cons", "negatives", "negative", "negative review", "dislikes", "disliked", "disadvantages",
    "weaknesses", "points faibles", "points négatifs", "point faible", "inconvénients", "les moins",
    "lo peor", "puntos débiles", "puntos negativos", "aspectos negativos", "desventajas", "缺点",
    "不足", "不好的方面", "缺點", "ข้อเสีย", "จุดด้อย", "จุดอ่อน", "สิ่งที่ไม่ชอบ",
]);

/// Words that say that a number is a date.
static DATE_WORDS: Names = Names::new(&[
    "date",
    "dates",
    "datetime",
    "timestamp",
    "created",
    "submitted",
    "posted",
    "fecha",
    "日期",
    "วันที่",
]);

/// Words that say that a date is one of the customer and not of the feedback.
static BIRTH: Names = Names::new(&[
    "birth",
    "dob",
    "naissance",
    "nacimiento",
    "出生",
    "生日",
    "เกิด",
]);

/// Words that a question begins with, or has in it where no space parts words.
#[rustfmt::skip] // lists to be read and added to
const ASKING: &[&str] = &[
    "what ", "why ", "how ", "which ", "where ", "when ", "who ", "would you ", "did you ", "do you ",
    "please tell", "please describe", "please explain", "tell us ", "qu est ce ", "que ", "quel ",
    "quelle ", "quels ", "quelles ", "pourquoi ", "comment ", "avez vous ", "qu avez vous ",
    "dites nous ", "por que ", "como ", "cual ", "cuales ", "cuentanos ", "cuentenos ", "什么", "什麼",
    "为什么", "為什麼", "哪些", "哪里", "哪裡", "如何", "怎么", "怎麼", "请问", "請問", "请描述", "請描述",
    "请说明", "請說明", "อะไร", "อย่างไร", "ทำไม", "เพราะเหตุใด", "หรือไม่", "โปรดระบุ", "โปรดอธิบาย", "กรุณาอธิบาย",
];

/// Words that say that a name holding a name of [`TEXT`] means something about
/// the text and not the text: `review_date`, `评论时间`.
#[rustfmt::skip] // lists to be read and added to
static ABOUT: Names = Names::new(&[
    "id", "ids", "date", "time", "timestamp", "datetime", "count", "number", "num", "nb",
    "length", "rating", "score", "stars", "lang", "language", "langue", "idioma", "url", "link",
    "author", "user", "name", "status", "type", "channel", "source", "title", "label", "category",
    "fecha", "hora", "heure", "numéro", "número", "auteur", "autor", "titre", "título", "nota",
    "note", "tipo", "编号", "編號", "序号", "时间", "時間", "日期", "评分", "評分", "星级", "星級", "作者", "标题", "標題",
    "类型", "類型", "数量", "數量", "次数", "评论人", "評論人", "วันที่", "เวลา", "รหัส", "คะแนน",
]);

impl Names {
    const fn new(known: &'static [&'static str]) -> Self {
        Self {
            known,
            folded: OnceLock::new(),
        }
    }

    fn folded(&self) -> &[String] {
        let fold_all = || self.known.iter().map(|known| fold(known)).collect();
        self.folded.get_or_init(fold_all)
    }

    /// Whether `name`, or the last part of it when it is a path, is one of these.
    pub(super) fn is(&self, name: &str) -> bool {
        let name = fold(name.rsplit_once('.').map_or(name, |(_, leaf)| leaf));
        self.folded().contains(&name)
    }

    /// Whether `name` ends with one of these: `visited store`, `购买渠道`; `name`
    /// and the like may follow.
    pub(super) fn ends(&self, name: &str) -> bool {
        const AFTER: [&str; 4] = [" name", "名称", "名稱", "名"];
        let name = fold(name.rsplit_once('.').map_or(name, |(_, leaf)| leaf));
        let ends = |name: &str| {
            self.folded().iter().any(|known| {
                let before = name.strip_suffix(known.as_str());
                before.is_some_and(|before| !known.is_ascii() || before.ends_with(' '))
            })
        };
        ends(&name)
            || AFTER
                .iter()
                .any(|after| name.strip_suffix(after).is_some_and(ends))
    }

    /// Whether one of these stands in `name` as a word.
    pub(super) fn is_in(&self, name: &str) -> bool {
        let name = format!(" {} ", fold(name));
        self.folded().iter().any(|known| {
            // Chinese and Thai write no space between words.
            if known.is_ascii() {
                name.contains(&format!(" {known} "))
            } else {
                name.contains(known.as_str())
            }
        })
    }
}

/// Whether `name` holds a name of the text as a word, and says nothing else of it.
pub(super) fn is_like_text(name: &str) -> bool {
    TEXT.is_in(name) && !ABOUT.is_in(name)
}

/// Whether `name` says that its column holds dates, so that numbers are some.
pub(super) fn says_date(name: &str) -> bool {
    DATE_WORDS.is_in(name)
}

/// Whether `name` is about a day of the customer's life.
pub(super) fn is_birth(name: &str) -> bool {
    BIRTH.is_in(name)
}

/// Whether `name` is a question that was asked, as in the export of a survey.
pub(super) fn is_question(name: &str) -> bool {
    if name.contains(['?', '？', '¿']) {
        return true;
    }
    let folded = format!("{} ", fold(name));
    let words = folded.split(' ').count() - 1;
    ASKING.iter().any(|asking| match asking.is_ascii() {
        // Two words may still be a name: `how found`, `que fecha`.
        true => words >= 4 && folded.starts_with(asking),
        false => folded.chars().count() >= 6 && folded.contains(&fold(asking)),
    })
}

/// Whether it is a Chinese character.
pub(super) fn is_han(char: char) -> bool {
    matches!(char, '\u{3400}'..='\u{9FFF}')
}

/// Whether `name` is a name of a column and no cell: one that we know, or a few
/// words with one that we know among them. Chinese and Thai names count only
/// whole: reviews hold the same characters.
pub(super) fn is_known(name: &str) -> bool {
    let lists = [&TEXT, &ID, &LANGUAGE, &ABOUT];
    let words = name.split_whitespace().count();
    let short = name.is_ascii() && words <= 4 && !name.ends_with(['.', '!']);
    lists.iter().any(|names| names.is(name)) || short && lists.iter().any(|names| names.is_in(name))
}

/// Words of a name in lower case without accents, a space between them:
/// `Réponse_Client` and `reponseClient` are both `reponse client`.
pub(crate) fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let mut after_lower = false;
    for character in name
        .nfkd()
        .filter(|&character| !is_combining_mark(character))
    {
        let starts_word = after_lower && character.is_uppercase();
        if starts_word || !character.is_alphanumeric() {
            folded.push(' ');
        }
        if character.is_alphanumeric() {
            folded.extend(character.to_lowercase());
        }
        after_lower = character.is_lowercase();
    }
    folded
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The name of `names` most like `wanted`, if it could be a slip of the hand.
pub(crate) fn nearest<'a, N: AsRef<str>>(wanted: &str, names: &'a [N]) -> Option<&'a str> {
    let wanted: Vec<char> = fold(wanted).chars().collect();
    let allowed = (wanted.len() / 3).max(1);
    let (distance, name) = names
        .iter()
        .map(|name| (edits(&wanted, &fold(name.as_ref())), name.as_ref()))
        .min_by_key(|(distance, _)| *distance)?;
    (distance <= allowed).then_some(name)
}

/// Levenshtein distance.
fn edits(a: &[char], b: &str) -> usize {
    let mut row: Vec<usize> = (0..=a.len()).collect();
    for (line, right) in b.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (at, &left) in a.iter().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[a.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_every_language_and_spelling() {
        for name in [
            "Review",
            "reviewText",
            "REVIEW_TEXT",
            "Réponse",
            "reponse",
            "Opinion",
            "reseña",
        ]
        .iter()
        .chain(&["评论内容", "評論內容", "ความคิดเห็น", "data.body"])
        {
            assert!(TEXT.is(name), "{name}");
        }
        for name in [
            "review_date",
            "comment count",
            "评论时间",
            "store",
            "message_id",
        ] {
            assert!(!is_like_text(name), "{name}");
        }
        for name in ["Customer comments", "用户评论内容", "Any other comments?"] {
            assert!(is_like_text(name), "{name}");
        }
    }

    #[test]
    fn a_slip_is_put_right() {
        let names = ["review".to_owned(), "store".to_owned(), "评论".to_owned()];
        assert_eq!(nearest("reviw", &names), Some("review"));
        assert_eq!(nearest("Review", &names), Some("review"));
        assert_eq!(nearest("评价", &names), Some("评论"));
        assert_eq!(nearest("weather", &names), None);
    }
}
