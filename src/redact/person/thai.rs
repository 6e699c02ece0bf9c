//! Thai names. They stand behind a title, and no space parts them from the
//! words that follow.

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};

use crate::redact::{Found, PersonalDataKind, lists};

use super::Names;

/// Titles that only a name can follow.
const FORMAL: &[&str] = &[
    "นางสาว",
    "น.ส.",
    "นาย",
    "นาง",
    "ด.ช.",
    "ด.ญ.",
    "เด็กชาย",
    "เด็กหญิง",
    "ดร.",
    "ผศ.",
    "รศ.",
    "ว่าที่ร้อยตรี",
];

/// Words before a name that are said of things and groups too.
const FAMILIAR: &[&str] = &[
    "คุณหมอ",
    "คุณครู",
    "คุณพี่",
    "คุณลุง",
    "คุณป้า",
    "คุณแม่",
    "คุณพ่อ",
    "คุณยาย",
    "คุณตา",
    "คุณ",
    "พี่",
    "น้อง",
    "ป้า",
    "ลุง",
    "เจ๊",
    "เฮีย",
    "ช่าง",
    "หมอ",
    "ครู",
    "อาจารย์",
    "พยาบาล",
    "เภสัชกร",
    "ทนาย",
    "โค้ช",
    "แอดมิน",
    "ตา",
    "ยาย",
    "น้า",
    "อา",
    "แม่",
    "พ่อ",
    "ไอ้",
    "เสี่ย",
    "หลวงพี่",
    "เทรนเนอร์",
];

/// Those of [`FAMILIAR`] that a name is behind even if nobody knows it.
const ALONE: &[&str] = &["คุณ", "พี่", "น้อง", "เจ๊", "เฮีย", "ลุง", "ป้า"];

/// Whose name `ชื่อ` is.
const ASKED: &[&str] = &[
    "ผม",
    "ดิฉัน",
    "ฉัน",
    "หนู",
    "เขา",
    "เค้า",
    "เธอ",
    "ป้าย",
    "พนักงาน",
    "ลูก",
    "ลูกชาย",
    "ลูกสาว",
    "น้อง",
    "ช่าง",
    "ยาม",
    "คนขับ",
    "แม่",
    "พ่อ",
    "ยาย",
    "ตา",
    "ใหม่",
];

/// Characters of a name that begins with a known one, at most.
const LONGEST_KNOWN: usize = 8;

/// Characters of Thai without a space that are looked at for a name.
const LONGEST_RUN: usize = 40;

/// Words of [`FAMILIAR`] that are shown without the name too often to be part of one
/// in the text that stands before them.
const SHORT: &[&str] = &["ตา", "ยาย", "น้า", "อา", "แม่", "พ่อ", "หมอ", "ครู", "ช่าง"];

/// Words that tell a name.
const TOLD: &[&str] = &[
    "ชื่อเล่น",
    "ชื่อว่า",
    "ชื่อ",
    "นามสกุล",
    "ผู้รับ",
    "ผู้ส่ง",
    "ลงชื่อ",
    "เซ็นรับโดย",
    "ป้ายชื่อ",
    "ชื่อใหม่",
];

/// Words that follow a name, or stand where one would.
#[rustfmt::skip] // lists to be read and added to
const STOPS: &[&str] = &[
    "ที่", "มา", "ไม่", "เป็น", "บริการ", "พนักงาน", "ไรเดอร์", "หัวหน้า", "บอก", "ช่วย", "ให้", "กับ", "และ", "ได้", "จะ", "พูด", "ตอบ", "ดูแล", "ทำ", "แนะนำ", "ยืนยัน", "ใจดี", "ใจเย็น", "น่ารัก", "สุภาพ", "มาก", "เลย", "ค่ะ", "คะ", "ครับ",
    "เต้น", "เขียน", "ร้อง", "เล่น", "คุย", "ฟัง", "อ่าน", "โอน", "จ่าย", "ปล่อย", "ลาออก", "หน่อย", "รอ", "หัวเราะ", "อธิบาย", "ชวน", "ถอด", "ตะโกน", "ยิ้ม", "ฝาก", "เดินมา", "ตั้งใจ", "ละเอียด", "สี่", "สอง", "สาม", "ทิ้ง", "เหลือ", "เปลี่ยน", "ช่าง", "เสียง", "อัด", "หนี", "เลื่อน",
    "นะ", "อายุ", "เดือน", "ปี", "จ้า", "จ้ะ", "คน", "แผนก", "ฝ่าย", "สาขา", "ส่ง", "ไป", "แล้ว", "ยัง", "ก็", "ของ", "จาก", "ใน", "อยู่", "คือ", "หรือ", "แต่", "โทร", "รับ", "แจ้ง", "ขอ", "ว่า", "เอา", "ต้อง", "เคย", "กำลัง", "ถาม", "เธอ", "เขา", "แก", "ท่าน", "คิด", "ซ่อม", "ล้าง", "ตรวจ", "เรียก", "สั่ง", "ซื้อ", "ขาย",
    "เก็บ", "ใส่", "เปิด", "ปิด", "นั่ง", "ยืน", "เดิน", "ขับ", "ไหน", "อะไร", "ทุก", "หลาย", "สวย", "หล่อ", "เก่งมาก", "ดีมาก", "ดี", "ลูกค้า", "แอดมิน", "ผู้จัดการ", "เจ้าของ", "คนขับ", "หน้าร้าน", "ร้าน", "ประจำ", "ตอน", "ตั้งแต่", "เมื่อ", "วันนี้", "วาน", "เพราะ", "ถ้า", "เพิ่ง", "โดน", "ถูก", "ใช้", "พา", "อุ้ม", "ยก",
    "ติดต่อ", "รีวิว", "กด", "ลง", "ขึ้น", "เข้า", "ออก", "อายุ", "เบอร์", "เลข", "บ้าน", "ซอย", "ถนน", "เสีย", "พี่", "น้อง", "ด้วย", "ผิด", "หาย", "ชม", "ๆ", "คนนี้", "นี้", "นั้น", "เหมือน", "อีก", "ควร", "อยาก", "เห็น", "รู้", "ชอบ", "รัก", "สอน", "นวด", "ตัด", "แต่ง", "เช็ค", "ทัก", "หยิบ", "จัด", "แพ็ค", "ใหม่", "สาว", "ชาย", "หญิง", "เล็ก",
];

/// What a familiar title makes a word with: `คุณภาพ`, `พี่ชาย`, `ช่างแอร์`.
#[rustfmt::skip] // lists to be read and added to
const WORDS: &[&str] = &[
    "ภาพ", "ลูกค้า", "สมบัติ", "ค่า", "ประโยชน์", "ธรรม", "พ่อ", "แม่", "หมอ", "ครู", "เอง", "แอร์", "ไฟ", "ประปา", "ซ่อม", "เชื่อม", "ภาพ", "ตัดผม", "แต่งหน้า", "แต่งรถ", "ทำผม", "ทำเล็บ", "เทคนิค", "กล", "ไม้", "สี", "ทอง", "ประจำ", "ใหญ่", "สาว", "ชาย", "สะใภ้", "เขย", "หมา", "แมว", "ใหม่", "คนเล็ก",
    "คนโต", "เลี้ยง", "น้ำ", "บ้าน", "ค้า", "ครัว", "พันธุ์", "ข่าย", "ฟัน", "ดู", "เด็ก", "ผิวหนัง", "นวด", "สอน", "ลาย", "ฝัน", "ราง", "ยนต์", "พาณิชย์", "ชีพ", "หาร", "การ", "กาศ", "กลาง", "แบบ", "ทำ", "งาม", "พยาบาล", "แบบ", "ม่าย", "เอก", "จ้าง", "หน้า", "ทาง", "ท่า", "ทุน", "หนี้", "ก", "ขาย",
    "วัน", "สุข", "โชว์", "พระ", "ชี", "มด", "ลำไย", "เมีย", "ผัว", "ตา", "ยาย", "แท้", "ตัว", "ใจ", "ลูก", "ย่า", "นก", "ปลา", "สนม", "เงือก", "รอง", "รำ", "กวัก", "ไลน์", "หมีพูห์", "ประนอม", "บัว",
];

/// Dishes and shops, whose names are those of the cook.
const SHOPS: &[&str] = &[
    "ร้าน",
    "ไก่",
    "หมู",
    "เนื้อ",
    "เตี๋ยว",
    "หมี่",
    "ข้าวแกง",
    "ส้มตำ",
    "ก๋วยจั๊บ",
    "โจ๊ก",
    "ขนม",
    "ปลา",
    "น้ำพริก",
    "ครัว",
    "ตำ",
    "ยำ",
];

/// What follows a number, or a shop, that looks like a name.
const COUNTED: &[&str] = &[
    "เดือน",
    "วัน",
    "ปี",
    "คน",
    "ครั้ง",
    "ชั่วโมง",
    "นาที",
    "ชิ้น",
    "บาท",
    "สาขา",
];

/// Given names that are plain words too.
#[rustfmt::skip] // a list to be read and added to
const BARE_WORDS: &[&str] = &[
    "วินัย", "ทองดี", "ทองคำ", "ถาวร", "เดชา", "มารุต", "อุดม", "ประวิทย์", "วิชาญ", "สงวน", "สถาพร", "โสภณ", "ชำนาญ", "บรรจง", "พรรณี", "ไพศาล", "วิมล", "กิตติ", "สงกรานต์", "อาทิตย์", "สมบูรณ์", "ประสิทธิ์", "สวัสดิ์", "นิรันดร์", "สนธยา", "ไพบูลย์", "ศิริ", "ประดิษฐ์", "อำนาจ", "มงคล", "วิทยา", "อนุสรณ์", "บัณฑิต", "สุภาพ", "สมควร", "พยาบาล", "พิมพ์ใจ", "ขวัญใจ", "ดวงใจ", "เฉลิม", "เจริญ", "วัฒนา", "สันติ", "พัฒนา", "สุนทร", "สุวรรณ", "กาญจนา", "มณีรัตน์", "เพ็ญศรี",
];

/// Words that hold a title and have nothing to do with it.
#[rustfmt::skip] // a list to be read and added to
const GLUED: &[&str] = &[
    "ขอบคุณ", "เจ้านาย", "ป้าย", "อาทิตย์", "อายุ", "อาการ", "อากาศ", "อาหาร", "อาคาร", "อาจ", "อาย", "อาบ", "อาร์", "เวลา", "แม่พิมพ์", "ตาม", "ตาก", "ตาย", "ตาราง", "ตาล", "ตาชั่ง", "หมอน", "หมอก", "หมอชิต", "ครูด", "แม่น", "แม่บ้าน", "แม่ครัว", "แม่ค้า", "แม่นาก", "พ่อค้า", "พ่อครัว",
    "สายตา", "หน้าตา", "หน้าต่าง", "น้าม", "นางแบบ", "นางฟ้า", "นายก", "นายจ้าง", "นายหน้า", "ทนายความ", "ช่างเถอะ", "ช่างมัน", "อย่าง", "ป้ายชื่อ", "มายา", "พยายาม", "ยายาม", "ขยาย", "กระจาย", "ตาข่าย", "หาอา", "รายชื่อ", "เชื่อ", "ความชื่อ", "เครื่อง", "บริษัท", "แม่ประนอม", "คุณภาพ", "คุณสมบัติ",
    "ซื้อ", "ลุงซัม", "พี่ๆ", "น้องๆ", "ชื่อเสียง", "ชื่อดัง", "ชื่อบัญชี", "ชื่อร้าน", "ชื่อสินค้า", "ชื่อเต็ม", "ชื่อจริง", "ชื่อคน", "ชื่อนี้", "ชื่อผม", "ชื่อเรา", "ชื่ออะไร", "มีชื่อ", "ชื่อผู้", "ชื่อแบรนด์", "ชื่อรุ่น", "ชื่อเมนู", "ชื่อโรงแรม", "ชื่อบริษัท",
];

#[derive(Clone, Debug)]
pub(super) struct Finder {
    titles: AhoCorasick,
    names: AhoCorasick,
    given: AhoCorasick,
}

impl Finder {
    pub(super) fn new() -> Self {
        let given: Vec<_> =
            lists::lines(include_str!("../../../data/privacy/given-names-thai.txt")).collect();
        let nicknames = lists::lines(include_str!("../../../data/privacy/nicknames-thai.txt"));
        let names: Vec<_> = given.iter().copied().chain(nicknames).collect();
        // Bare, only names too long to be a part of something else.
        let long = given.iter().filter(|name| name.chars().count() >= 5);
        let titles = FORMAL.iter().chain(FAMILIAR).chain(TOLD);
        let automaton = |start| {
            let mut builder = AhoCorasick::builder();
            builder
                .match_kind(MatchKind::LeftmostLongest)
                .start_kind(start);
            builder
        };
        Self {
            titles: automaton(StartKind::Unanchored)
                .build(titles)
                .expect("few short words"),
            names: automaton(StartKind::Anchored)
                .build(names)
                .expect("few short words"),
            given: automaton(StartKind::Unanchored)
                .build(long)
                .expect("few short words"),
        }
    }

    /// Whether all of `label` is a name.
    pub(super) fn is_name(&self, label: &str) -> bool {
        let titles = FORMAL.iter().chain(FAMILIAR);
        let bare = titles
            .filter_map(|title| label.strip_prefix(title))
            .min_by_key(|bare| bare.len())
            .unwrap_or(label);
        let name = self.names.find(Input::new(bare).anchored(Anchored::Yes));
        name.is_some_and(|name| name.end() == bare.len() || bare[name.end()..].starts_with(' '))
    }

    pub(super) fn find<'a>(&self, text: &'a str, found: &mut Found, names: &mut Names<'a>) {
        let mut from = 0;
        while let Some(title) = self.titles.find(Input::new(text).range(from..)) {
            let word = &text[title.range()];
            from = title.end();
            let Some(end) = self.end(text, title.start(), title.end()) else {
                continue;
            };
            let is_told = TOLD.contains(&word);
            let start = if is_told {
                title.end() + spaces(&text[title.end()..])
            } else {
                title.start()
            };
            found.push(PersonalDataKind::Person, start, end);
            let name = &text[start..end];
            if name.chars().count() >= 4 {
                names.add(name);
            }
            if is_told && name.chars().count() >= 3 {
                names.add(name);
            }
            from = end;
        }
        for name in self.given.find_iter(text) {
            let end = self.surname(text, name.end());
            let word = BARE_WORDS.contains(&&text[name.range()]);
            if !word && !text[name.end()..].starts_with(is_mark) {
                found.push(PersonalDataKind::Person, name.start(), end);
            }
        }
    }

    /// Where the name ends that stands behind the title.
    fn end(&self, text: &str, start: usize, title_end: usize) -> Option<usize> {
        let title = &text[start..title_end];
        let before = text[..start].chars().next_back();
        let attached = before.is_some_and(is_thai);
        let glued = GLUED.iter().any(|word| {
            let at = word.find(title).unwrap_or(0);
            text[..start].ends_with(&word[..at]) && text[start..].starts_with(&word[at..])
        });
        if glued {
            return None;
        }
        let formal = FORMAL.contains(&title);
        let told = TOLD.contains(&title);
        let rest = &text[title_end..];
        let gap = spaces(rest);
        let name = rest[gap..].trim_start_matches(['"', '“', '\'', ' ']);
        let gap = rest.len() - name.len();
        let quoted = rest[..gap].contains(['"', '“', '\'']);
        // `คุณ` is also `you`: its name is written right behind it.
        if !formal && !told && gap > 0 || name.starts_with(is_mark) {
            return None;
        }
        let name_start = title_end + gap;
        let known = self
            .names
            .find(Input::new(name).anchored(Anchored::Yes))
            .map(|known| known.end());
        let known = known
            .filter(|&end| !name[end..].starts_with(is_mark) && !(name[end..].starts_with('์')));
        if !formal
            && !told
            && WORDS
                .iter()
                .any(|word| name.starts_with(word) && known.is_none_or(|end| end <= word.len()))
        {
            return None;
        }
        let shop = SHOPS.iter().any(|shop| text[..start].ends_with(shop));
        if shop {
            return None;
        }
        let short = SHORT.contains(&title);
        // Behind other words a title may be a part of one of them, unless the name is long.
        let enough = if matches!(title, "หมอ" | "ครู" | "ช่าง") {
            9
        } else {
            15
        };
        let cut = cut(name);
        let length = match known {
            // `น้องฟ้ากับ`: what follows a known name goes on.
            Some(end) if !short || !attached || formal => {
                let goes_on = end >= cut || starts_with_stop(&name[end..]);
                let ends = !name[cut..].starts_with(is_thai);
                match (
                    goes_on,
                    ends && name[..cut].chars().count() <= LONGEST_KNOWN,
                ) {
                    (true, _) => Some(end),
                    // `พี่แจ็คกี้`: longer than the name that is known.
                    (false, true) => Some(cut),
                    (false, false) => (end >= enough).then_some(end),
                }
            }
            Some(end) if end >= enough => Some(end),
            Some(_) => None,
            None => {
                let characters = name[..cut].chars().count();
                let ends = !name[cut..].starts_with(is_thai);
                let fits = match (formal || told, attached && short) {
                    (true, _) => {
                        (2..=16).contains(&characters)
                            && (formal
                                || ends
                                    && (quoted
                                        || ASKED.iter().any(|word| text[..start].ends_with(word))))
                    }
                    (false, false) => {
                        (2..=6).contains(&characters)
                            && ends
                            && !attached
                            && ALONE.contains(&title)
                            && !starts_with_stop(name)
                    }
                    (false, true) => false,
                };
                fits.then_some(cut)
            }
        }?;
        let after = &name[length..];
        let counted = COUNTED.iter().any(|word| after.starts_with(word));
        if starts_with_stop(name) && known.is_none() || length == 0 || counted {
            return None;
        }
        let end = name_start + length;
        Some(if formal || told || known.is_some_and(|known| known > 12) {
            self.surname(text, end)
        } else {
            self.initial(text, end)
        })
    }

    /// `end`, or the end of the surname that follows after a space.
    fn surname(&self, text: &str, end: usize) -> usize {
        let Some(rest) = text[end..].strip_prefix(' ') else {
            return end;
        };
        let word = thai_run(rest);
        let characters = rest[..word].chars().count();
        let is_surname = (4..=20).contains(&characters)
            && !starts_with_stop(rest)
            && !TOLD
                .iter()
                .chain(FORMAL)
                .any(|title| rest.starts_with(title));
        if is_surname {
            end + 1 + word
        } else {
            self.initial(text, end)
        }
    }

    /// `end`, or the end of an initial that follows: `สุรเดช ว.`
    fn initial(&self, text: &str, end: usize) -> usize {
        let mut rest = text[end..].chars();
        match (rest.next(), rest.next(), rest.next()) {
            (Some(' '), Some(letter), Some('.')) if ('ก'..='ฮ').contains(&letter) => {
                end + 2 + letter.len_utf8()
            }
            _ => end,
        }
    }
}

/// Bytes of `name` before the first word that goes on with the sentence.
fn cut(name: &str) -> usize {
    let thai = thai_run(name);
    let name = &name[..thai];
    let places = name.char_indices().map(|(at, _)| at).skip(2).take(24);
    places
        .into_iter()
        .find(|&at| starts_with_stop(&name[at..]) && !name[at..].starts_with(is_mark))
        .unwrap_or(thai)
}

/// Bytes of Thai at the start of `text`, as far as a name may reach.
fn thai_run(text: &str) -> usize {
    let thai = text.chars().take(LONGEST_RUN).take_while(|&c| is_thai(c));
    thai.map(char::len_utf8).sum()
}

fn starts_with_stop(text: &str) -> bool {
    STOPS.iter().any(|stop| text.starts_with(stop))
}

fn spaces(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', ':']).len()
}

fn is_thai(character: char) -> bool {
    ('ก'..='๎').contains(&character) && character != '฿'
}

/// Vowels and tones that stand on the consonant before them.
fn is_mark(character: char) -> bool {
    matches!(character, 'ะ'..='ู' | '็'..='๎')
}
