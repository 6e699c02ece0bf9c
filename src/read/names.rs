//! Names that columns bear in six languages.
//!
//! A new language adds its names to these lists; nothing else changes.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Names of one kind of column.
pub(super) struct Names(&'static [&'static str]);

/// The text itself.
#[rustfmt::skip] // lists to be read and added to
pub(super) const TEXT: Names = Names(&[
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
pub(super) const ID: Names = Names(&[
    "id", "uid", "uuid", "guid", "key", "ref", "reference", "row id", "record id", "review id",
    "comment id", "feedback id", "message id", "complaint id", "ticket", "ticket id",
    "ticket number", "case", "case id", "case number", "respondent", "respondent id",
    "response id", "survey id", "answer id", "post id", "tweet id", "conversation id", "call id",
    "identifiant", "id avis", "id commentaire", "numéro", "n°", "référence", "numéro de ticket",
    "numéro de dossier", "dossier", "identificador", "número", "folio", "referencia",
    "número de caso", "id comentario", "编号", "序号", "评论编号", "评论id", "反馈编号", "工单号", "工单编号", "投诉编号",
    "編號", "序號", "流水號", "評論編號", "案件編號", "客訴編號", "工單編號", "單號", "รหัส", "ลำดับ", "เลขที่", "หมายเลข",
    "รหัสรีวิว",
]);

/// The language of a row.
#[rustfmt::skip] // lists to be read and added to
pub(super) const LANGUAGE: Names = Names(&[
    "language", "lang", "locale", "language code", "lang code", "review language", "langue",
    "code langue", "idioma", "lengua", "código de idioma", "语言", "语种", "語言", "語種", "ภาษา",
]);

/// Words that say that a name holding a name of [`TEXT`] means something about
/// the text and not the text: `review_date`, `评论时间`.
#[rustfmt::skip] // lists to be read and added to
const ABOUT: Names = Names(&[
    "id", "ids", "date", "time", "timestamp", "datetime", "count", "number", "num", "nb",
    "length", "rating", "score", "stars", "lang", "language", "langue", "idioma", "url", "link",
    "author", "user", "name", "status", "type", "channel", "source", "title", "label", "category",
    "fecha", "hora", "heure", "numéro", "número", "auteur", "autor", "titre", "título", "nota",
    "note", "tipo", "编号", "編號", "序号", "时间", "時間", "日期", "评分", "評分", "星级", "星級", "作者", "标题", "標題",
    "类型", "類型", "数量", "數量", "次数", "评论人", "評論人", "วันที่", "เวลา", "รหัส", "คะแนน",
]);

impl Names {
    /// Whether `name`, or the last part of it when it is a path, is one of these.
    pub(super) fn is(&self, name: &str) -> bool {
        let name = fold(name.rsplit_once('.').map_or(name, |(_, leaf)| leaf));
        self.0.iter().any(|known| fold(known) == name)
    }

    /// Whether one of these stands in `name` as a word.
    fn is_in(&self, name: &str) -> bool {
        let name = format!(" {} ", fold(name));
        self.0.iter().map(|known| fold(known)).any(|known| {
            // Chinese and Thai write no space between words.
            if known.is_ascii() {
                name.contains(&format!(" {known} "))
            } else {
                name.contains(&known)
            }
        })
    }
}

/// Whether `name` holds a name of the text as a word, and says nothing else of it.
pub(super) fn is_like_text(name: &str) -> bool {
    TEXT.is_in(name) && !ABOUT.is_in(name)
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
pub(super) fn nearest<'a>(wanted: &str, names: &'a [String]) -> Option<&'a str> {
    let wanted: Vec<char> = fold(wanted).chars().collect();
    let allowed = (wanted.len() / 3).max(1);
    let (distance, name) = names
        .iter()
        .map(|name| (edits(&wanted, &fold(name)), name))
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
