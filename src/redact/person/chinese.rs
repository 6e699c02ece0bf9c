//! Chinese names. No space parts them from the words beside them, so surnames,
//! the characters of given names and what stands around decide together.

use std::collections::{HashMap, HashSet};

use crate::redact::{Found, PersonalDataKind, lists};

use super::Names;

/// Titles behind a surname or a full name.
#[rustfmt::skip] // lists to be read and added to
const TITLES: &[&str] = &[
    "先生", "女士", "小姐", "太太", "夫人", "老师", "老師", "师傅", "師傅", "经理", "經理", "主任", "医生", "醫生", "大夫", "医师", "醫師",
    "护士长", "護理長", "护士", "護士", "護理師", "店长", "店長", "警官", "法官", "律师", "律師", "教练", "教練", "教授", "博士", "队长", "隊長", "院长", "院長", "校长",
    "校長", "园长", "園長", "站长", "站長", "科长", "科長", "处长", "處長", "局长", "局長", "总监", "總監", "总经理", "主管", "组长", "組長", "班长", "班長",
    "专员", "專員", "同学", "同學", "同志", "女仕", "姑娘", "大哥", "大姐", "大爷", "大爺", "大妈", "大媽", "大叔", "大娘", "大嫂", "阿姨", "叔叔", "伯伯", "奶奶", "爷爷",
    "爺爺", "哥", "姐", "姊", "叔", "伯", "姨", "嫂", "婶", "嬸", "总", "董事", "会计", "會計", "司机", "司機", "顾问", "顧問", "设计师", "設計師", "督导", "督導", "家长", "家長", "工程师", "工程師", "技师", "技師", "药师", "藥師", "空姐", "姓",
];

/// What somebody is, before a name.
#[rustfmt::skip] // lists to be read and added to
const BEFORE: &[&str] = &[
    "我叫", "我是", "本人", "名叫", "叫做", "叫", "名字是", "名字叫", "姓名", "收件人", "收货人", "收貨人", "寄件人", "联系人", "聯絡人", "户名", "戶名", "持卡人", "乘客",
    "旅客", "业主", "業主", "患者", "病人", "住戶", "住户", "訂購人", "订购人", "申訴人", "申诉人", "投诉人", "家属", "家屬", "署名", "客服", "顾问", "顧問", "专员", "專員", "店员", "店員", "店长", "店長",
    "经理", "經理", "主任", "师傅", "師傅", "司机", "司機", "骑手", "騎手", "快递员", "快遞員", "护士", "護士", "护士长", "護士長", "医生", "醫生", "老师", "老師", "教练", "教練", "阿姨", "管家", "保安",
    "女儿", "女兒", "儿子", "兒子", "老公", "老婆", "太太", "先生", "妈妈", "媽媽", "爸爸", "我妈", "我媽", "我爸", "父亲", "父親", "母亲", "母親", "妻子", "丈夫", "妹妹", "弟弟", "姐姐", "姊姊", "哥哥", "孙子", "孫子", "孙女", "孫女", "出席者", "阿姨", "小妹", "大叔", "大哥", "邻居", "鄰居", "房客", "舅舅", "姑姑", "叔叔", "表哥", "表姐", "外婆", "奶奶", "爷爷", "爺爺", "外公",
    "同事", "朋友", "室友", "同学", "同學", "主人", "房东", "房東", "接线员", "接線員", "客户", "客戶", "会员", "會員", "實習生", "实习生", "员工", "員工", "胸牌写", "名牌寫", "胸牌", "名牌", "收银员", "收銀員", "柜员", "櫃員", "导游", "導遊", "找", "给", "給", "感谢",
    "感謝", "谢谢", "謝謝", "多谢", "多謝", "表扬", "表揚", "投诉", "投訴", "推荐", "經辦", "经办人", "开户人", "被保险人", "被保險人", "法人", "代表", "老板", "老闆", "老闆娘", "老板娘", "财务", "財務", "销售", "銷售", "中介", "房仲", "美容师", "發型師", "发型师", "設計師", "設计师",
    "工號", "工号", "叫我", "帳戶名", "账户名", "戶口名", "收款人", "付款人", "投保人", "登记人", "敬啟", "此致", "技师", "技師", "前台", "管理员", "管理員", "服务员", "服務員", "的", "是", "由", "和", "与", "與", "跟", "及", "同",
];

/// Before a surname that is told alone.
const SURNAME_CUES: &[&str] = &[
    "我姓",
    "免贵姓",
    "免貴姓",
    "敝姓",
    "鄙姓",
    "贵姓",
    "师傅姓",
    "師傅姓",
    "客服姓",
    "老师姓",
    "姓",
];

/// Words that begin like the nickname of somebody.
#[rustfmt::skip] // lists to be read and added to
const NICKNAME_WORDS: &[&str] = &[
    "小时", "小時", "小区", "小區", "小姐", "小吃", "小程", "小包", "小金", "小车", "小車", "小路", "小黄", "小黃", "小红", "小紅", "小白", "小孩", "小心", "小声", "小于", "小於", "小计", "小計",
    "小票", "小费", "小費", "小学", "小學", "小样", "小件", "小贩", "小事", "小偷", "小品", "小巧", "小型", "小块", "小塊", "小雪", "小雨", "小哥", "小妹", "小弟", "小二", "小伙", "小夥", "小朋", "小麦", "小麥", "小龙", "小龍",
    "小游", "小石", "小店", "小馆", "小館", "小菜", "小米", "小花", "小鱼", "小明星", "小众", "小康", "小毛", "小平", "小看", "小腿", "小腹", "小数", "小國", "小国", "小节", "小節", "小结", "小组", "小組", "小家", "小丑", "小说", "小說", "小字", "小人", "小额", "小額", "小瑕", "小毛病", "小强", "小王子", "小马", "小馬", "小羊", "小熊", "小牛", "小狗", "小猫", "小貓", "小鸡", "小城", "小镇", "小鎮", "小島", "小岛", "小山", "小河", "小溪", "小林", "小葉", "小叶", "小段", "小方", "小白菜", "小洋", "小洋葱", "小许", "小許", "小寶", "小宝", "小满", "小暑", "小寒", "小江南", "小天", "小蓝", "小藍", "小绿", "小绿", "小黑", "小灰", "小青菜", "小罗", "小米粥", "小田", "小房", "小厅", "小温馨", "小确", "小確", "小视", "小視", "小编", "小編", "小贵", "小貴", "小辣", "小火", "小包裝", "小管", "小单", "小單", "小龙虾", "小龍蝦", "小籠", "小笼", "小卷",
    "老板", "老闆", "老师", "老師", "老人", "老婆", "老公", "老家", "老是", "老爸", "老妈", "老媽", "老太", "老头", "老頭", "老年", "老店", "老牌", "老客", "老顾", "老用", "老旧", "老舊", "老化", "老实", "老實", "老百", "老外", "老铁", "老鐵", "老字", "老品", "老样", "老樣", "老早", "老式", "老款", "老街", "老城", "老路", "老房", "老鼠", "老虎", "老友", "老母", "老父", "老伴", "老爷", "老爺", "老奶", "老乡", "老鄉", "老总", "老干", "老伯", "老伙", "老几", "老大", "老二", "老三", "老四", "老古", "老江湖", "老毛病", "老夫", "老子", "老娘", "老生", "老马识", "老司机", "老司機", "老白", "老汤", "老湯", "老竇", "老豆", "小苏打", "小蘇打", "老区", "老何", "老本",
    "阿姨", "阿公", "阿嬤", "阿嬷", "阿婆", "阿妈", "阿媽", "阿爸", "阿伯", "阿叔", "阿里", "阿迪", "阿拉", "阿胶", "阿膠", "阿尔", "阿爾", "阿富", "阿联", "阿聯", "阿根", "阿姆", "阿爺", "阿爷", "阿嫲", "阿哥", "阿弟", "阿妹", "阿舍", "阿莫", "阿司", "阿斯", "阿波", "阿嫂", "阿祖", "阿彌", "阿弥", "阿们", "阿們", "阿兵", "阿兹", "阿茲", "阿扁", "阿信", "阿瓦", "阿凡", "阿奇", "阿瘦", "阿玛", "阿瑪", "阿芙", "阿桑", "阿囡", "阿婶", "阿嬸", "阿姐",
];

/// Words whose last character looks like the surname before a title.
#[rustfmt::skip] // lists to be read and added to
const ENDS: &[&str] = &[
    "謝謝", "感謝", "多謝", "上周", "下周", "本周", "这周", "每周", "一周", "两周", "上週", "委任", "担任", "兼任", "电池", "電池", "关于", "關於", "由于", "对于", "至于", "等于", "属于", "非常", "经常", "平常", "正常", "日常", "课程", "課程", "工程", "流程", "过程", "行程", "对方", "對方", "官方", "地方", "双方", "厂方", "甲方",
    "乙方", "我方", "贵方", "校方", "院方", "警方", "店方", "保安", "公安", "西安", "长安", "任何", "如何", "为何", "主任", "责任", "信任", "语文", "語文", "中文", "英文", "历史", "歷史", "分钟", "分鐘", "点钟", "提高",
    "最高", "这么", "修车", "开车", "坐车", "打车", "叫车", "停车", "洗车", "租车", "汽车", "司机", "小黄", "一路", "线路", "道路", "迷路", "水管", "不管", "保管", "尽管", "主管", "城管", "总管", "国家", "全国", "中国", "美国", "英国", "法国",
    "平时", "小时", "及时", "准时", "同时", "当时", "按时", "旅游", "導游", "导游", "网游", "手游", "下游", "上游", "海南", "湖南", "河南", "云南", "东南", "西南", "钱包", "面包", "书包", "红包", "打包", "背包", "温馨", "感谢", "谢谢", "多谢", "致谢", "鸣谢",
    "一张", "两张", "几张", "这张", "那张", "紧张", "夸张", "主张", "慌张", "开张", "健康", "小康", "安康", "报警", "白白", "明白", "空白", "坦白", "大马", "斑马", "立马", "高高", "金金", "牙齿", "整齐", "毕业", "完毕", "关门", "开门", "上门", "部门",
];

/// Shops, things and places, whose names are made of names.
#[rustfmt::skip] // lists to be read and added to
const SHOPS: &[&str] = &[
    "路", "街", "道", "巷", "大道", "麻辣", "火锅", "火鍋", "鍋", "面馆", "麵", "餐", "饭店", "飯店", "飯糰", "酒店", "酒家", "酒楼", "茶楼", "店", "記", "记", "牌", "皮鞋", "鞋", "剪刀", "菜刀", "金店", "珠宝", "珠寶", "银楼", "銀樓", "转运", "药", "藥", "超市",
    "百货", "百貨", "商场", "商場", "大厦", "大廈", "广场", "廣場", "中学", "中學", "小学", "小學", "大学", "大學", "医院", "醫院", "公园", "公園", "公司", "集团", "集團", "纪念", "紀念", "故居", "牛肉", "鸭", "鴨", "豆腐", "豆花", "凉茶", "涼茶", "饼", "餅", "包子", "锅", "蒸", "菜",
    "系列", "同款", "版", "的歌", "代言", "站", "桥", "橋", "村", "镇", "镇", "号线", "號線", "蛋糕", "早餐", "早点", "水果", "奶茶", "咖啡", "甜品", "海鲜", "海鮮", "私房", "卤", "滷", "烧", "燒", "烤", "粉", "粥", "鸡", "雞", "鱼", "魚", "肉", "姜", "酱", "醬", "油", "酒", "颱風", "台风",
];

/// Where a sentence goes on after a name.
const GOES_ON: &str = "的说說打来來在是给給帮幫把就都也不很真和跟到讲講态態服修送做让讓被女先小老师師您你我他她呢吧啊哦啦嘅係畀唔同與与及从從有没沒竟居还還又才已敬親亲收電电手接介上下刚剛今昨後后前這这那用寄";

/// The surnames that stand behind `小` and `老` without anything else to tell them.
const TOP: &str = "王李张張刘劉陈陳杨楊赵趙吴吳周徐孙孫朱胡郭何罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾萧蕭肖董袁潘蔡蒋蔣余杜魏吕呂丁任沈姚卢盧姜崔钟鍾谭譚陆陸汪范廖贾賈韦韋邹鄒熊孟秦邱侯尹薛闫雷黎贺賀郝顾顧龚龔邵覃钱錢严嚴莫孔";

/// Letters of a foreign name at most.
const LONGEST_FOREIGN: usize = 20;

/// How many characters before a place are looked at.
const LOOK_BACK: usize = 8;

#[derive(Clone, Debug)]
pub(super) struct Finder {
    surnames: HashSet<&'static str>,
    common: HashSet<&'static str>,
    given: HashSet<char>,
    rare: HashSet<char>,
    /// First characters of titles.
    title_starts: HashSet<char>,
    /// By their first character.
    famous: HashMap<char, Vec<&'static str>>,
}

/// Characters of a text with their places.
struct Reading<'a> {
    finder: &'a Finder,
    text: &'a str,
    characters: Vec<(usize, char)>,
}

impl Finder {
    pub(super) fn new() -> Self {
        let mut famous: HashMap<char, Vec<_>> = HashMap::new();
        for name in lists::lines(include_str!(
            "../../../data/privacy/famous-names-chinese.txt"
        )) {
            famous
                .entry(name.chars().next().unwrap_or_default())
                .or_default()
                .push(name);
        }
        let characters = |list| lists::lines(list).flat_map(str::chars).collect();
        Self {
            surnames: lists::set(include_str!("../../../data/privacy/surnames-chinese.txt")),
            common: lists::set(include_str!(
                "../../../data/privacy/surnames-chinese-common.txt"
            )),
            given: characters(include_str!("../../../data/privacy/given-characters.txt")),
            rare: characters(include_str!(
                "../../../data/privacy/given-characters-rare.txt"
            )),
            title_starts: TITLES
                .iter()
                .filter_map(|title| title.chars().next())
                .collect(),
            famous,
        }
    }

    /// Whether all of `label` is a name.
    pub(super) fn is_name(&self, label: &str) -> bool {
        let introduced = format!("我叫{label}。");
        let reading = Reading {
            finder: self,
            text: &introduced,
            characters: introduced.char_indices().collect(),
        };
        let role = TITLES.contains(&label) || BEFORE.contains(&label);
        label.chars().all(is_han) && !role && reading.name(2) == label.chars().count()
    }

    pub(super) fn find<'a>(&self, text: &'a str, found: &mut Found, names: &mut Names<'a>) {
        if !text.contains(is_han) {
            return;
        }
        let reading = Reading {
            finder: self,
            text,
            characters: text.char_indices().collect(),
        };
        let mut at = 0;
        while at < reading.characters.len() {
            let famous = self.famous.get(&reading.character(at));
            let famous = famous.and_then(|names| {
                names
                    .iter()
                    .find(|name| reading.rest(at).starts_with(**name))
            });
            if let Some(famous) = famous {
                at += famous.chars().count();
                continue;
            }
            let length = reading.name(at);
            if length > 0 {
                let (start, end) = (reading.place(at), reading.place(at + length));
                found.push(PersonalDataKind::Person, start, end);
                names.add(&text[start..end]);
            }
            at += length.max(1);
        }
    }
}

impl Reading<'_> {
    fn place(&self, at: usize) -> usize {
        self.characters
            .get(at)
            .map_or(self.text.len(), |&(place, _)| place)
    }

    fn character(&self, at: usize) -> char {
        self.characters
            .get(at)
            .map_or('\0', |&(_, character)| character)
    }

    fn slice(&self, from: usize, to: usize) -> &str {
        &self.text[self.place(from)..self.place(to)]
    }

    fn rest(&self, at: usize) -> &str {
        &self.text[self.place(at)..]
    }

    /// What stands before, without quotes and spaces.
    fn before(&self, at: usize) -> &str {
        let before = self.slice(at.saturating_sub(LOOK_BACK), at);
        before.trim_end_matches([' ', '\u{3000}', '：', ':', '「', '“', '"', '『', '‘', '，'])
    }

    /// The characters of the name that begins here; 0 if none does.
    fn name(&self, at: usize) -> usize {
        let first = self.character(at);
        if first.is_ascii_uppercase() {
            return self.foreign(at);
        }
        if !is_han(first) {
            return 0;
        }
        let surname = self.surname(at);
        [
            self.told_surname(at, surname),
            self.titled(at, surname),
            self.nickname(at),
            self.full(at, surname),
            self.given(at),
        ]
        .into_iter()
        .max()
        .unwrap_or(0)
    }

    /// `Tony老师`, and the `May` of `阿May`
    fn foreign(&self, at: usize) -> usize {
        let length = (at..self.characters.len())
            .take(LONGEST_FOREIGN)
            .take_while(|&place| self.character(place).is_ascii_alphabetic())
            .count();
        let starts = at == 0 || !self.character(at - 1).is_ascii_alphanumeric();
        let name = length > 1
            && starts
            && self.character(at).is_ascii_uppercase()
            && !self
                .slice(at, at + length)
                .chars()
                .all(|c| c.is_ascii_uppercase());
        let end = at + length;
        let titled = TITLES
            .iter()
            .filter(|title| **title != "客服" && self.rest(end).starts_with(**title))
            .map(|title| title.chars().count())
            .max();
        match titled {
            Some(title) if name => length + title,
            _ => 0,
        }
    }

    /// Characters of the surname that may begin here.
    fn surname(&self, at: usize) -> usize {
        [2, 1]
            .into_iter()
            .find(|&length| self.finder.surnames.contains(self.slice(at, at + length)))
            .unwrap_or(0)
    }

    fn is_common(&self, at: usize, surname: usize) -> bool {
        surname == 2 || surname == 1 && self.finder.common.contains(self.slice(at, at + 1))
    }

    fn is_given(&self, at: usize) -> bool {
        self.finder.given.contains(&self.character(at))
    }

    fn is_rare(&self, at: usize) -> bool {
        self.finder.rare.contains(&self.character(at))
    }

    fn ends_here(&self, at: usize) -> bool {
        !is_han(self.character(at))
    }

    fn goes_on(&self, at: usize) -> bool {
        self.ends_here(at) || GOES_ON.contains(self.character(at))
    }

    fn is_shop(&self, end: usize) -> bool {
        SHOPS.iter().any(|shop| self.rest(end).starts_with(shop))
    }

    /// `我姓董`
    fn told_surname(&self, at: usize, surname: usize) -> usize {
        if surname == 0 || self.character(at.wrapping_sub(1)) != '姓' {
            return 0;
        }
        let before = self.slice(at.saturating_sub(4), at);
        let told = surname > 0
            && SURNAME_CUES.iter().any(|cue| before.ends_with(cue))
            && !before.ends_with("百姓");
        if told && self.goes_on(at + surname) {
            surname
        } else {
            0
        }
    }

    /// `王先生`, `刘建军师傅`, `陈生`
    fn titled(&self, at: usize, surname: usize) -> usize {
        if surname == 0 || self.ends_a_word(at) {
            return 0;
        }
        for given in 0..=2 {
            let end = at + surname + given;
            if !self.finder.title_starts.contains(&self.character(end)) {
                continue;
            }
            let named = (at + surname..end).all(|place| self.is_given(place));
            let longest = TITLES
                .iter()
                .filter(|title| self.rest(end).starts_with(**title))
                .max_by_key(|title| title.len());
            let Some(title) = longest.filter(|_| named) else {
                continue;
            };
            let characters = title.chars().count();
            let short = characters == 1;
            let next = self.character(end + characters);
            let sure = match (given, short) {
                (0, false) => {
                    self.is_common(at, surname) || !is_han(self.character(at.wrapping_sub(1)))
                }
                // `韩姐`, but no `空姐` and no `高总`+`部`.
                (0, true) => {
                    self.is_common(at, surname)
                        && !"部共计計是会會算的结結姐哥华華".contains(next)
                        && !is_han_word_before(self.character(at.wrapping_sub(1)))
                }
                (_, _) => self.is_common(at, surname),
            };
            if sure {
                return surname + given + characters;
            }
        }
        // Cantonese: `陳生`, but no `生日`.
        let next = self.character(at + surname + 1);
        let mister = self.character(at + surname) == '生'
            && !"日病活氣气意產产成理命前物态態效長长鮮鲜".contains(next);
        if mister && self.is_common(at, surname) && surname == 1 {
            2
        } else {
            0
        }
    }

    fn ends_a_word(&self, at: usize) -> bool {
        at > 0 && ENDS.contains(&self.slice(at - 1, at + 1))
    }

    /// `小王`, `老魏`, `阿凱`, `雪芬姨`
    fn nickname(&self, at: usize) -> usize {
        let (first, second) = (self.character(at), self.character(at + 1));
        let rest = self.rest(at);
        if first == '阿' && second.is_ascii_uppercase() {
            let letters = (at + 1..self.characters.len())
                .take(LONGEST_FOREIGN)
                .take_while(|&place| self.character(place).is_ascii_alphabetic());
            return 1 + letters.count();
        }
        let is_word = || NICKNAME_WORDS.iter().any(|word| rest.starts_with(word));
        if matches!(first, '小' | '老' | '阿') && is_han(second) && !is_word() {
            let before = self.character(at.wrapping_sub(1));
            let part = match first {
                '小' => "大最从從很太较較矮减減微缩縮中细細弱窄".contains(before),
                '老' => "古变變养養衰敬长長偏".contains(before),
                _ => false,
            };
            let goes_on = self.goes_on(at + 2)
                || TITLES
                    .iter()
                    .any(|title| self.rest(at + 2).starts_with(title));
            let top = TOP.contains(second);
            let surname = top && (goes_on || first == '小')
                || goes_on && self.is_common(at + 1, 1)
                || goes_on && first != '老' && self.is_rare(at + 1)
                || first == '阿' && self.is_given(at + 1)
                || first == '小' && self.is_given(at + 1) && self.is_cued(at);
            let title = TITLES
                .iter()
                .find(|title| self.rest(at + 2).starts_with(**title));
            let length = 2 + title.map_or(0, |title| title.chars().count());
            // `小夏`, and `小雨欣` with both characters of the given name.
            let more = first == '阿' || first == '小';
            let length = if title.is_none() && more && self.is_rare(at + 2) && !self.goes_on(at + 2)
            {
                3
            } else {
                length
            };
            let doubled = second == self.character(at + 2);
            if surname && !part && !self.is_shop(at + length) && !doubled {
                return length;
            }
        }
        // The given name before a title of the family.
        let given = [2, 1].into_iter().find(|&length| {
            let named = match length {
                2 => {
                    self.is_given(at)
                        && self.is_given(at + 1)
                        && (self.is_rare(at) || self.is_rare(at + 1))
                }
                _ => self.is_rare(at) && !is_han_word_before(self.character(at.wrapping_sub(1))),
            };
            named
                && matches!(
                    self.character(at + length),
                    '哥' | '姐' | '姊' | '姨' | '叔' | '伯' | '嫂' | '仔'
                )
        });
        given.map_or(0, |length| {
            if is_family(self.slice(at, at + length + 1)) {
                0
            } else {
                length + 1
            }
        })
    }

    /// `徐佩雯`, `孙浩`
    fn full(&self, at: usize, surname: usize) -> usize {
        if surname == 0 || self.ends_a_word(at) {
            return 0;
        }
        if !self.is_given(at + surname) && !self.is_given(at + surname + 1) {
            return 0;
        }
        let cued = self.is_cued(at);
        if is_word(self.slice(at, at + 2)) && !self.is_named(at) {
            return 0;
        }
        let starts = at == 0 || !is_han(self.character(at - 1));
        let common = self.is_common(at, surname);
        let [one, two] = [at + surname + 1, at + surname + 2];
        let both = self.is_given(one - 1) && self.is_given(two - 1);
        let rare = self.is_rare(one - 1) || self.is_rare(two - 1);
        let free = starts || cued;
        let doubled = self.character(one - 1) == self.character(two - 1);
        let three = is_han(self.character(two - 1))
            && !self.is_shop(two)
            && (both && rare && common && !doubled
                || both && common && free && self.goes_on(two) && !doubled
                || both && rare && common && free && self.goes_on(two)
                || self.is_named(at)
                    && common
                    && (self.is_given(one - 1) && self.is_given(two - 1))
                || self.is_named(at)
                    && common
                    && self.ends_here(two)
                    && (self.is_given(one - 1) || self.is_given(two - 1)));
        if three {
            return surname + 2;
        }
        let short = self.is_given(one - 1)
            && common
            && !self.is_shop(one)
            && !is_word(self.slice(at, one))
            && (starts && self.goes_on(one) && self.is_rare(one - 1)
                || cued && self.is_rare(one - 1) && self.goes_on(one)
                || self.is_named(at) && self.ends_here(one));
        if short { surname + 1 } else { 0 }
    }

    /// A given name alone, where somebody is called by it: `叫豆豆`, `「芳瑜」`, `的美珠，`
    fn given(&self, at: usize) -> usize {
        let possible = self.is_given(at)
            && (self.is_given(at + 1) || self.character(at) == self.character(at + 1));
        if !possible && self.character(at) != self.character(at + 1) {
            return 0;
        }
        let pair = is_han(self.character(at + 1)) && self.goes_on(at + 2);
        let rare = self.is_rare(at) && self.is_rare(at + 1);
        let both = self.is_given(at)
            && self.is_given(at + 1)
            && (self.is_rare(at) || self.is_rare(at + 1));
        let doubled = self.character(at) == self.character(at + 1);
        let ends = self.ends_here(at + 2);
        let shop = self.is_shop(at + 2);
        let starts = at == 0 || !is_han(self.character(at - 1));
        let named = self.is_named(at);
        let is_name = pair
            && !shop
            && !is_word(self.slice(at, at + 2))
            && (named && ends && (both || doubled) || rare && ends && (starts || self.is_cued(at)));
        if is_name { 2 } else { 0 }
    }

    fn is_cued(&self, at: usize) -> bool {
        let before = self.before(at);
        BEFORE.iter().any(|cue| before.ends_with(cue))
    }

    /// Whether a name must follow.
    fn is_named(&self, at: usize) -> bool {
        let before = self.before(at);
        [
            "我叫",
            "名叫",
            "叫做",
            "叫",
            "名字是",
            "本人",
            "收件人",
            "寄件人",
            "收货人",
            "收貨人",
            "户名",
            "戶名",
            "姓名",
            "联系人",
            "聯絡人",
            "胸牌写",
            "名牌寫",
            "业主",
            "業主",
            "持卡人",
            "家属",
            "家屬",
            "接线员",
            "接線員",
        ]
        .iter()
        .any(|cue| before.ends_with(cue))
    }
}

fn is_han(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}

/// Characters that join the next to a word: `空姐`, `表哥`.
fn is_han_word_before(character: char) -> bool {
    "空大小学學表堂师師二三帅帥美外快店的".contains(character) && character != '\0'
}

fn is_family(name: &str) -> bool {
    ["妹", "大", "小", "老"]
        .iter()
        .any(|first| name.starts_with(first))
}

/// Two characters that are a word before they are a name.
fn is_word(pair: &str) -> bool {
    #[rustfmt::skip] // a list to be read and added to
    const WORDS: &[&str] = &[
        "王子", "王者", "王牌", "王道", "高端", "高级", "高級", "高档", "高檔", "高速", "高清", "高跟", "金牌", "金色", "白色", "黄色", "黃色", "马路", "馬路", "方案", "方式", "方法", "方向", "方面", "程序", "任务", "任務", "安装", "安裝", "安排", "安静", "安靜", "水果", "水晶", "成人", "成本", "成分", "成交", "成品", "温度", "溫度", "温柔", "溫柔", "连续", "連續", "连接", "連接", "路上", "路边", "路邊", "史上", "时尚", "時尚", "常用", "常见", "常見", "万能", "萬能", "石头", "石頭", "白白", "明显", "明顯", "康乐", "毛巾", "毛孔", "龙头", "龍頭", "钱包", "錢包", "任天", "文字", "文具", "文件", "游戏", "遊戲", "季节", "季節", "江浙", "童装", "童裝", "严格", "嚴格", "简单", "簡單", "简直", "簡直", "项链", "項鍊", "程式", "万分", "高達", "高达",
        "高兴", "安全", "方便", "后来", "成功", "时间", "明天", "白天", "黄昏", "白露", "常常", "高雄", "金額", "金额", "安心", "温馨", "溫馨", "文明", "文化", "文艺", "方正", "康复", "平安", "明明", "江湖", "龙虾", "马上", "馬上", "石家", "任意", "任性", "何以",
        "全家", "全新", "全国", "全國", "金融", "白金", "黄金", "黃金", "白银", "温泉", "溫泉", "华丽", "華麗", "单身", "强烈", "应该", "高峰", "高杰", "项目", "程度", "周年", "周一", "周二", "周三", "周四", "周五", "周六", "周日", "周末", "许可", "余额", "高明", "和平", "和睦", "辛勤", "严重", "嚴重", "美丽", "美麗", "珍珠",
        "翡翠", "玲珑", "芬芳", "优雅", "優雅", "文雅", "高雅", "古典", "古董", "雷雨", "石榴", "石英", "杨梅", "楊梅", "杨桃", "梅花", "桂花", "兰花", "海鲜", "康健", "庄严", "安宁", "安寧", "江山", "江南", "胡椒", "毛衣", "牛仔", "马桶", "馬桶", "叶子", "葉子", "李子", "包子", "梁山", "唐山", "白菜", "温和", "伟大", "偉大", "俊俏", "豪华", "豪華", "佳佳",
        "施工", "路平", "车辆", "连忙", "关心", "關心", "关门", "梅子", "秦岭", "唐朝", "宋朝", "明朝", "汤圆", "湯圓", "金华", "夏天", "夏日", "秋天", "田园", "田園", "尚可", "易拉", "万一", "萬一", "万元", "萬元", "管家", "游泳", "童年", "符合", "支持", "计划", "相信", "海洋", "花生", "云南", "容易", "来源", "成都", "成立", "成果", "宁波", "寧波", "兰州", "蘭州", "江苏", "武汉", "武漢", "安徽", "贵州", "广州", "福州", "常州", "温州", "徐州", "郑州", "杭州", "泰山", "黄山", "武林",
    ];
    WORDS.contains(&pair)
}
