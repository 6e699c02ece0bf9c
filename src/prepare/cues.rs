//! Words that give away what is no feedback, in six languages and lower case.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// Notices of pages, anywhere in a line.
const NOTICES: &[&str] = &[
    "©",
    "all rights reserved",
    "copyright",
    "use cookies",
    "privacy policy",
    "terms of use",
    "tous droits réservés",
    "mentions légales",
    "droit d'auteur",
    "droits d’auteur",
    "nous contacter pour supprimer",
    "utilisation de cookies",
    "todos los derechos reservados",
    "aviso legal",
    "usamos cookies",
    "derechos de autor",
    "版权所有",
    "版權所有",
    "版權說明",
    "版权说明",
    "版权声明",
    "版權聲明",
    "免责声明",
    "免責聲明",
    "禁止转载",
    "禁止轉載",
    "原文标题",
    "原文標題",
    "本站",
    "网站地图",
    "隐私政策",
    "隱私權聲明",
    "使用cookie",
    "使用 cookie",
    "文库网",
    "文庫網",
    "สงวนลิขสิทธิ์",
    "นโยบายความเป็นส่วนตัว",
    "ใช้คุกกี้",
    "温馨提示",
    "溫馨提示",
    "侵犯",
    "侵权",
    "侵權",
];

/// What a caption starts with.
const CAPTIONS: &[&str] = &[
    "video:",
    "video :",
    "photo:",
    "photo :",
    "image:",
    "image credit",
    "photo credit",
    "picture:",
    "vidéo:",
    "vidéo :",
    "crédit photo",
    "crédits :",
    "image :",
    "vídeo:",
    "foto:",
    "imagen:",
    "crédito:",
    "图：",
    "图:",
    "圖：",
    "圖:",
    "图为",
    "圖為",
    "图片来源",
    "圖片來源",
    "图源",
    "視頻：",
    "视频：",
    "影片：",
    "ภาพ:",
    "ภาพ :",
    "ภาพจาก",
    "วิดีโอ:",
    "คลิป:",
    "เครดิตภาพ",
];

/// What heads a list of other articles.
const LIST_HEADINGS: &[&str] = &[
    "related articles",
    "related posts",
    "related stories",
    "you may also like",
    "more from",
    "most read",
    "recommended for you",
    "latest news",
    "articles liés",
    "articles similaires",
    "à lire aussi",
    "sur le même sujet",
    "les plus lus",
    "vous aimerez aussi",
    "artículos relacionados",
    "te puede interesar",
    "también te puede",
    "lo más visto",
    "lo más leído",
    "más noticias",
    "相关文章",
    "相關文章",
    "相关推荐",
    "相關推薦",
    "推荐阅读",
    "推薦閱讀",
    "最新文章",
    "最新文檔",
    "最新文档",
    "猜你喜欢",
    "猜你喜歡",
    "热门文章",
    "熱門文章",
    "延伸閱讀",
    "延伸阅读",
    "บทความที่เกี่ยวข้อง",
    "ข่าวที่เกี่ยวข้อง",
    "อ่านเพิ่มเติม",
    "เรื่องแนะนำ",
    "บทความแนะนำ",
    "ข่าวล่าสุด",
];

/// What buttons say, whole, but for signs and counts.
const BUTTONS: &[&str] = &[
    "share",
    "share this",
    "share this article",
    "tweet",
    "follow",
    "follow us",
    "like",
    "log in",
    "login",
    "sign in",
    "sign up",
    "subscribe",
    "read more",
    "menu",
    "search",
    "home",
    "comments",
    "comment",
    "reply",
    "report",
    "print",
    "skip to content",
    "back to top",
    "next",
    "previous",
    "contact us",
    "about us",
    "newsletter",
    "submit",
    "partager",
    "suivre",
    "s'abonner",
    "se connecter",
    "connexion",
    "lire la suite",
    "accueil",
    "rechercher",
    "commentaires",
    "répondre",
    "imprimer",
    "haut de page",
    "contact",
    "nous contacter",
    "s'inscrire",
    "signaler",
    "compartir",
    "seguir",
    "suscríbete",
    "suscribirse",
    "iniciar sesión",
    "leer más",
    "inicio",
    "buscar",
    "menú",
    "comentarios",
    "responder",
    "imprimir",
    "volver arriba",
    "contacto",
    "registrarse",
    "denunciar",
    "分享",
    "分享到",
    "关注",
    "關注",
    "关注我们",
    "關注我們",
    "登录",
    "登入",
    "登录注册",
    "注册",
    "註冊",
    "查看更多",
    "阅读全文",
    "閱讀全文",
    "展开全文",
    "首页",
    "首頁",
    "评论",
    "評論",
    "提交评论",
    "提交評論",
    "收藏",
    "点赞",
    "點讚",
    "举报",
    "檢舉",
    "打印",
    "返回顶部",
    "回頂端",
    "联系我们",
    "聯絡我們",
    "聯繫我們",
    "立即咨询",
    "立即詢價",
    "立即询价",
    "消息通知",
    "商務合作",
    "商务合作",
    "搜索",
    "搜尋",
    "订阅",
    "訂閱",
    "下载",
    "下載",
    "菜单",
    "文档简介",
    "文檔簡介",
    "打開微信掃一掃",
    "打开微信扫一扫",
    "แชร์",
    "ติดตาม",
    "เข้าสู่ระบบ",
    "สมัครสมาชิก",
    "หน้าแรก",
    "ค้นหา",
    "อ่านต่อ",
    "ความคิดเห็น",
    "ตอบกลับ",
    "เมนู",
    "ติดต่อเรา",
    "พิมพ์หน้านี้",
    "ถูกใจ",
    "สารบัญ",
    "กลับขึ้นบน",
    "anonim",
];

/// What bylines have: views, readers, authors.
const BYLINES: &[&str] = &[
    " views",
    " reads",
    "min read",
    "written by",
    "posted by",
    "published on",
    "updated on",
    "by staff",
    " vues",
    "publié le",
    "mis à jour",
    "rédigé par",
    "temps de lecture",
    " visitas",
    "publicado el",
    "actualizado el",
    "escrito por",
    "min de lectura",
    "次阅读",
    "次閱讀",
    "次浏览",
    "次瀏覽",
    "阅读量",
    "閱讀數",
    "责任编辑",
    "責任編輯",
    "作者：",
    "作者:",
    "来源：",
    "來源：",
    "发布时间",
    "發布時間",
    "記者：",
    "记者：",
    "ผู้เขียน",
    "เผยแพร่เมื่อ",
    "อัปเดตเมื่อ",
    "เข้าชม",
    "โดย ทีมงาน",
    "โพสต์เมื่อ",
];

/// Words of spam and how much each proves: two are enough.
const SPAM: &[(&str, u32)] = &[
    // Links that were planted in pages, mostly in Chinese.
    ("无码", 1),
    ("無碼", 1),
    ("人妻", 1),
    ("熟妇", 1),
    ("少妇", 1),
    ("毛片", 1),
    ("三级", 1),
    ("a级", 1),
    ("成人", 1),
    ("国产", 1),
    ("一区二区", 2),
    ("在线观看", 1),
    ("在线视频", 1),
    ("免费视频", 1),
    ("免费网站", 1),
    ("高潮", 1),
    ("av", 1),
    ("啪啪", 1),
    ("午夜", 1),
    ("丝袜", 1),
    ("爆乳", 2),
    ("少妇", 1),
    ("色情", 1),
    ("乱码", 1),
    ("福利视频", 2),
    ("做爰", 2),
    ("做受", 2),
    ("蜘蛛池", 2),
    ("欧美", 1),
    ("奶头", 2),
    ("久久久", 1),
    ("高清", 1),
    ("成人网", 2),
    ("狠狠", 1),
    ("亚洲精品", 1),
    // Gambling.
    ("casino", 1),
    ("free spins", 2),
    ("no deposit", 1),
    ("welcome bonus", 1),
    ("jackpot", 1),
    ("betting tips", 2),
    ("tours gratuits", 2),
    ("sans dépôt", 1),
    ("apuestas", 1),
    ("giros gratis", 2),
    ("giros", 1),
    ("bono de", 1),
    ("สล็อต", 1),
    ("บาคาร่า", 2),
    ("คาสิโน", 1),
    ("เว็บพนัน", 1),
    ("เว็บตรง", 1),
    ("เครดิตฟรี", 1),
    ("ฝากถอน", 1),
    ("ไม่ผ่านเอเย่นต์", 2),
    ("หวยออนไลน์", 2),
    ("荷官", 2),
    ("首存", 1),
    ("首儲", 1),
    ("百家乐", 2),
    ("百家樂", 2),
    ("提款秒到", 2),
    ("出金保證", 2),
    ("必勝公式", 1),
    ("线上赌场", 2),
    // Loans.
    ("payday loan", 2),
    ("guaranteed approval", 2),
    ("prêt entre particuliers", 2),
    ("sans justificatif", 1),
    ("crédit rapide", 1),
    ("sin buró", 2),
    ("sin aval", 1),
    ("préstamos rápidos", 2),
    ("préstamos", 1),
    ("เงินกู้ด่วน", 2),
    ("เงินด่วน", 1),
    ("ไม่เช็กบูโร", 2),
    ("ไม่เช็คบูโร", 2),
    ("นอกระบบ", 1),
    ("無抵押", 1),
    ("无抵押", 1),
    ("當日撥款", 2),
    ("免聯徵", 2),
    ("免保人", 2),
    ("急用錢", 1),
    ("秒批", 1),
    // Work from home.
    ("work from home", 1),
    ("a week from home", 2),
    ("no skills needed", 1),
    ("make money online", 2),
    ("passive income", 1),
    ("dm me", 1),
    ("spots left", 1),
    ("whatsapp me", 1),
    ("gagner de l'argent", 1),
    ("depuis chez vous", 1),
    ("revenus complémentaires", 1),
    ("gana dinero", 1),
    ("desde casa", 1),
    ("manda mensaje", 1),
    ("al inbox", 1),
    ("งานพาร์ตไทม์", 1),
    ("งานพาร์ทไทม์", 1),
    ("ทำที่บ้าน", 1),
    ("รายได้วันละ", 1),
    ("รายได้เสริม", 1),
    ("สนใจพิมพ์", 1),
    ("สนใจทัก", 1),
    ("รับจำนวนจำกัด", 1),
    ("刷单兼职", 2),
    ("日赚", 1),
    ("在家兼職", 2),
    ("在家兼职", 2),
    ("月入", 1),
    ("誠徵夥伴", 1),
    ("动动手指", 1),
    ("名额有限", 1),
    // Services nobody asked for.
    ("buy followers", 2),
    ("backlinks", 2),
    ("seo service", 2),
    ("essay writing", 2),
    ("essay online", 1),
    ("viagra", 2),
    ("cialis", 2),
    ("spell caster", 2),
    ("lottery numbers", 1),
    ("hot singles", 2),
    ("link in my profile", 2),
    ("link in bio", 1),
    ("retour affectif", 2),
    ("désenvoûtement", 2),
    ("marabout", 1),
    ("voyant médium", 2),
    ("photos privées", 1),
    ("lien de mon profil", 1),
    ("acheter des abonnés", 2),
    ("amarres de amor", 2),
    ("ser amado", 1),
    ("comprar seguidores", 2),
    ("seguidores reales", 1),
    ("sin censura", 1),
    ("entra al enlace", 1),
    ("videos nuevos", 1),
    ("🔞", 1),
    ("ปั๊มไลค์", 2),
    ("ปั๊มผู้ติดตาม", 2),
    ("คลิปหลุด", 2),
    ("หนังโป๊", 2),
    ("ดูฟรี", 1),
    ("หน้าโปรไฟล์", 1),
    ("代开", 1),
    ("正规发票", 1),
    ("验证后付款", 2),
    ("祖传秘方", 2),
    ("专治", 1),
    ("无效退款", 1),
    ("加v信", 1),
    ("陪聊", 2),
    ("点我头像", 2),
    ("懂的来", 1),
    ("免费看", 1),
    ("免費看", 1),
    ("高清無碼", 2),
    ("頻道領取", 1),
    ("進群", 1),
    ("进群", 1),
    ("加微信", 1),
    ("加賴", 1),
    ("私訊我", 1),
];

/// What pages say around texts; such a text says little else.
const FURNITURE: &[&str] = &[
    "accept all",
    "reject all",
    "manage preferences",
    "use cookies",
    "improve your experience",
    "all rights reserved",
    "terms",
    "privacy",
    "accessibility",
    "write a review",
    "reviews",
    "home",
    "shop",
    "subscribe to our newsletter",
    "you may also like",
    "read more",
    "share this article",
    "image credit",
    "photo:",
    "how we test",
    "log in",
    "sign up",
    "my account",
    "add to cart",
    "sort by",
    "most recent",
    "filter",
    "tout accepter",
    "tout refuser",
    "paramétrer",
    "continuer sans accepter",
    "l'utilisation de cookies",
    "poursuivant votre navigation",
    "trier par",
    "les plus récents",
    "filtrer",
    "page précédente",
    "page suivante",
    "mentions légales",
    "cgv",
    "données personnelles",
    "plan du site",
    "réservé aux abonnés",
    "se connecter",
    "déjà inscrit",
    "signaler cet avis",
    "utile",
    "pas utile",
    "répondre",
    "avis vérifié",
    "en savoir plus",
    "mon compte",
    "ajouter au panier",
    "usamos cookies",
    "propias y de terceros",
    "aceptar todas",
    "rechazar",
    "configurar",
    "inicio",
    "opiniones",
    "saltar al contenido",
    "menú",
    "buscar",
    "cambiar país",
    "iniciar sesión",
    "publicidad",
    "sigue leyendo",
    "lo más visto",
    "te resultó útil",
    "traducir al",
    "denunciar abuso",
    "aviso legal",
    "política de privacidad",
    "añadir al carrito",
    "mi cuenta",
    "ordenar por",
    "ใช้คุกกี้",
    "ยอมรับทั้งหมด",
    "ตั้งค่าคุกกี้",
    "ขายแล้ว",
    "ถูกใจ",
    "แชร์",
    "เพิ่มลงรถเข็น",
    "ซื้อเลย",
    "สงวนลิขสิทธิ์",
    "นโยบายความเป็นส่วนตัว",
    "แผนผังเว็บไซต์",
    "กระทู้แนะนำ",
    "ตั้งกระทู้",
    "ห้องทั้งหมด",
    "แท็ก",
    "เข้าสู่ระบบ",
    "สมัครสมาชิก",
    "หน้าแรก",
    "ประสบการณ์ใช้งาน",
    "ภาพ:",
    "ภาพจาก",
    "综合排序",
    "销量",
    "价格",
    "筛选",
    "仅看有货",
    "上一页",
    "下一页",
    "使用cookie",
    "浏览体验",
    "同意",
    "拒绝",
    "了解详情",
    "版权所有",
    "隐私政策",
    "网站地图",
    "联系我们",
    "展开全文",
    "收起",
    "回复",
    "举报",
    "客户端",
    "责任编辑",
    "分享到",
    "朋友圈",
    "加入购物车",
    "立即购买",
    "图为",
    "登录",
    "注册",
    "首页",
    "使用 cookie",
    "瀏覽體驗",
    "接受全部",
    "管理偏好設定",
    "看板列表",
    "精華區",
    "最新文章",
    "上頁",
    "下頁",
    "最舊",
    "回到頂端",
    "版權所有",
    "隱私權聲明",
    "服務條款",
    "聯絡我們",
    "往下繼續閱讀",
    "廣告",
    "訂閱電子報",
    "登入",
    "註冊",
    "忘記密碼",
    "才可評論",
    "加入購物車",
    "首頁",
    "繁體中文",
];

/// What reports, manuals and descriptions of goods say, and customers rarely.
const ARTICLES: &[&str] = &[
    "according to a survey",
    "per cent",
    "year-on-year",
    "the operator said",
    "a spokesperson said",
    "announced on",
    "published on",
    "battleground",
    "features a",
    "dimensions:",
    "dishwasher-safe",
    "power:",
    "preset programmes",
    "to reset your",
    "then choose",
    "will be sent to",
    "ways to turn",
    "1. listen",
    "in this article",
    "the company said",
    "replacement buses",
    "tribunaux de commerce",
    "au premier trimestre",
    "au deuxième trimestre",
    "la profession",
    "existe en",
    "structure en",
    "déhoussable",
    "livré monté",
    "ouvrez la rubrique",
    "comptez trois jours",
    "historiquement",
    "interview.",
    "explique la",
    "explique le",
    "selon une étude",
    "directrice relation",
    "en hausse de",
    "la superintendencia",
    "dentro del plazo legal",
    "las compañías anunciaron",
    "confeccionada",
    "confeccionado",
    "compartimento acolchado",
    "disponible en",
    "para cambiar el titular",
    "reúna el",
    "formulario firmado",
    "se remonta a",
    "su uso varía",
    "columna de opinión",
    "según un estudio",
    "en el primer trimestre",
    "en algunos países",
    "สภาผู้บริโภคเผย",
    "อันดับหนึ่งคือ",
    "รองลงมา",
    "อาหารหมักพื้นบ้าน",
    "นิยมใช้",
    "กำลังไฟ",
    "วัตต์",
    "มีให้เลือก",
    "ผู้ถือบัตร",
    "มีค่าธรรมเนียม",
    "ระยะเวลาดำเนินการ",
    "ประกาศเพิ่ม",
    "เปิดจอง",
    "ในบทความนี้",
    "จากผลสำรวจ",
    "记者从",
    "获悉",
    "上半年",
    "同比",
    "据悉",
    "历史可以追溯",
    "已有",
    "如何注销",
    "第一步",
    "第二步",
    "定位紧凑型",
    "轴距",
    "搭载",
    "最大功率",
    "本文从",
    "本文將",
    "本文将",
    "做客服运营",
    "毫米",
    "挽回损失",
    "綜合報導",
    "報導）",
    "宣布，自",
    "平均調漲",
    "何謂",
    "接觸點",
    "工具。",
    "本產品採用",
    "毫升",
    "可供選擇",
    "可於翌日",
    "查詢，或",
    "領時須",
    "名列",
    "平均不到",
    "據悉",
    "根據調查",
];

/// Who speaks of himself.
const FIRST_PERSON: &[&str] = &[
    "i", "i'm", "i've", "my", "me", "we", "our", "us", "je", "j'ai", "mon", "ma", "mes", "moi",
    "nous", "notre", "on", "yo", "mi", "mis", "me", "nos", "nuestro", "nuestra",
];
const FIRST_PERSON_PARTS: &[&str] = &[
    "我",
    "咱",
    "俺",
    "ผม",
    "ฉัน",
    "เรา",
    "หนู",
    "j'",
    "j’",
    "m'",
    "m’",
];

static NOTICE_CUES: LazyLock<AhoCorasick> = LazyLock::new(|| finder(NOTICES.iter().copied()));

/// What a cue speaks for, and how much.
#[derive(Clone, Copy)]
enum Meaning {
    Spam(u32),
    Furniture,
    Article,
}

/// All cues that whole texts are searched for, at once.
static CUES: LazyLock<(AhoCorasick, Vec<Meaning>)> = LazyLock::new(|| {
    let spam = SPAM
        .iter()
        .map(|&(cue, weight)| (cue, Meaning::Spam(weight)));
    let furniture = FURNITURE.iter().map(|&cue| (cue, Meaning::Furniture));
    let articles = ARTICLES.iter().map(|&cue| (cue, Meaning::Article));
    let (cues, meanings): (Vec<_>, _) = spam.chain(furniture).chain(articles).unzip();
    (finder(cues.into_iter()), meanings)
});

fn finder(cues: impl Iterator<Item = &'static str>) -> AhoCorasick {
    let mut builder = AhoCorasick::builder();
    builder.match_kind(MatchKind::LeftmostLongest);
    builder.build(cues).expect("few and short cues")
}

/// What the cues in a text come to, each counted once.
#[derive(Default)]
pub(super) struct Tally {
    spam: u32,
    furniture: usize,
    /// Bytes of furniture, repetitions included.
    furniture_length: usize,
    article: usize,
}

impl Tally {
    pub(super) fn of(lower: &str) -> Self {
        let (finder, meanings) = &*CUES;
        let mut tally = Self::default();
        let mut seen = Vec::new();
        for found in finder.find_iter(lower) {
            if !is_whole(lower, found.range()) {
                continue;
            }
            let cue = found.pattern().as_usize();
            let is_new = !seen.contains(&cue);
            if is_new {
                seen.push(cue);
            }
            match meanings[cue] {
                Meaning::Spam(weight) => tally.spam += weight * u32::from(is_new),
                Meaning::Furniture => {
                    tally.furniture += usize::from(is_new);
                    tally.furniture_length += found.len();
                }
                Meaning::Article => tally.article += usize::from(is_new),
            }
        }
        tally
    }

    /// Whether a whole text advertises: by its words, or by one keyword after the
    /// other for a search engine. Victims tell of spam too, and of themselves.
    pub(super) fn is_spam(&self, lower: &str) -> bool {
        self.spam > IS_SPAM || self.spam == IS_SPAM && !is_personal(lower) || is_stuffed(lower)
    }

    /// Whether a text is furniture of a page.
    pub(super) fn is_furniture(&self, lower: &str) -> bool {
        let words = lower.split(|char: char| !char.is_alphanumeric());
        self.furniture >= 2
            && self.furniture_length as f32 >= words.map(str::len).sum::<usize>() as f32 * MOSTLY
    }

    /// Whether a text reports, instructs or describes.
    pub(super) fn is_article(&self, lower: &str) -> bool {
        self.article >= 2 && !is_personal(lower)
    }
}

/// Enough for spam.
const IS_SPAM: u32 = 2;

/// The share of a text that furniture of pages makes up.
const MOSTLY: f32 = 0.45;

/// Whether a cue of Latin letters is no part of a longer word.
fn is_whole(text: &str, range: std::ops::Range<usize>) -> bool {
    let latin = |char: char| char.is_alphanumeric() && char < '\u{250}';
    let joined = |a: Option<char>, b: Option<char>| a.is_some_and(latin) && b.is_some_and(latin);
    let cue = &text[range.clone()];
    !joined(text[..range.start].chars().next_back(), cue.chars().next())
        && !joined(cue.chars().next_back(), text[range.end..].chars().next())
}

pub(super) fn is_notice(lower: &str) -> bool {
    NOTICE_CUES.is_match(lower)
}

pub(super) fn is_caption(lower: &str) -> bool {
    CAPTIONS.iter().any(|cue| lower.starts_with(cue))
}

pub(super) fn is_list_heading(lower: &str) -> bool {
    LIST_HEADINGS.iter().any(|cue| lower.starts_with(cue))
}

pub(super) fn is_button(lower: &str) -> bool {
    // Thai words may end in a mark.
    let bare = lower
        .trim_matches(|char: char| !char.is_alphabetic() && !matches!(char, '\u{E47}'..='\u{E4E}'));
    BUTTONS.contains(&bare)
}

pub(super) fn is_byline(lower: &str) -> bool {
    BYLINES.iter().any(|cue| lower.contains(cue))
}

pub(super) fn is_spam_line(lower: &str) -> bool {
    Tally::of(lower).spam >= IS_SPAM
}

/// Whether parts between bars repeat one word.
fn is_stuffed(lower: &str) -> bool {
    if !lower.contains(['|', '｜']) {
        return false;
    }
    let parts: Vec<&str> = lower.split(['|', '｜']).collect();
    let Some(first) = parts.first().filter(|_| parts.len() >= 3) else {
        return false;
    };
    let chars: Vec<(usize, char)> = first.char_indices().collect();
    let is_han = |char: char| matches!(char, '\u{4E00}'..='\u{9FFF}');
    let pairs = chars
        .windows(2)
        .filter(|pair| is_han(pair[0].1) && is_han(pair[1].1));
    let pairs = pairs.map(|pair| &first[pair[0].0..pair[1].0 + pair[1].1.len_utf8()]);
    let words = first
        .split_whitespace()
        .filter(|word| word.chars().count() > 3);
    let mut keys = pairs.take(MOST_KEYS).chain(words.take(MOST_KEYS));
    keys.any(|key| parts.iter().filter(|part| part.contains(key)).count() >= 3)
}

/// Words that are looked for in the other parts.
const MOST_KEYS: usize = 16;

fn is_personal(lower: &str) -> bool {
    FIRST_PERSON_PARTS.iter().any(|part| lower.contains(part))
        || lower
            .split(|char: char| !char.is_alphanumeric() && char != '\'')
            .any(|word| FIRST_PERSON.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_are_in_lower_case() {
        let spam = SPAM.iter().map(|(cue, _)| cue);
        let all = spam
            .chain(NOTICES)
            .chain(CAPTIONS)
            .chain(LIST_HEADINGS)
            .chain(BUTTONS);
        for cue in all.chain(BYLINES).chain(FURNITURE).chain(ARTICLES) {
            assert_eq!(*cue, cue.to_lowercase());
        }
    }

    #[test]
    fn words_are_matched_whole() {
        assert!(!is_spam_line("i have an avocado and a savant from china"));
        assert!(is_spam_line("free spins at the casino"));
    }
}
