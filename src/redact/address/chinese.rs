//! Chinese addresses: the number of a house, and what stands around it.

use regex::Regex;

use crate::redact::{Found, PersonalDataKind};

/// Characters that end what stands before an address.
const STOPS: &str = "到至在住是址于於係喺给給往寄送发發从從去把我你您他她佢的了派投递遞入搬叫";

/// Marks of a road, a district or an estate.
const PLACES: &str = "路街道巷弄里村段圍围苑邨庭園园區区市縣县省鄉乡鎮镇同坊州港大廈厦閣阁城新";

/// Characters of an address before its number, at most.
const LONGEST: usize = 30;

#[derive(Clone, Debug)]
pub(super) struct Finder {
    house: Regex,
    more: Regex,
}

impl Finder {
    pub(super) fn new() -> Self {
        let number = r"(?:[0-9０-９]{1,5}(?:-[0-9]{1,5})*|[A-Z]|[一二三四五六七八九十百零〇幺两兩]{1,6}|[甲乙丙丁])";
        let unit = r"(?:之 ?[0-9]+ ?[号號]|[号號](?:楼|樓|院|之 ?[0-9]+)?(?:之[0-9]+)?|弄|栋|棟|幢|座|单元|單元|期|楼|樓|层|層|室|户|戶|房|门|門|组|鄰|巷|段)(?:之 ?[0-9]+)?";
        let pattern = |pattern: &str| Regex::new(pattern).expect("a pattern of ours");
        Self {
            house: pattern(&format!(
                r"{number} ?{unit}|(?:小区|小區|花园|花園|家园|家園|公寓|新村|苑|府|庭|湾|灣|邨|宿舍)[0-9]{{1,3}}-[0-9]{{1,4}}(?:-[0-9]{{1,4}})?"
            )),
            more: pattern(&format!(
                r"^(?:[ ，,、]{{0,2}}{number} ?{unit}|[ ]?[一-鿿]{{1,8}} ?{number} ?{unit}|[一-鿿]{{1,8}}[0-9]+(?:-[0-9]+)+|[-－ ]?[0-9０-９]{{1,5}}(?:-[0-9]{{1,5}})*|[ ，,、]{{0,2}}[零〇一二三四五六七八九幺]{{2,4}}|[A-Z](?-u:\b))"
            )),
        }
    }

    pub(super) fn find(&self, text: &str, found: &mut Found) {
        let mut from = 0;
        while let Some(house) = self.house.find_at(text, from) {
            let start = begin(text, from, house.start());
            let (mut end, mut units) = (house.end(), 1);
            while let Some(more) = self.more.find(&text[end..]) {
                let is_unit = !more.as_str().ends_with(|c: char| c.is_ascii_digit());
                let followed = text[end + more.len()..].chars().next();
                let sentence = more.as_str().chars().any(|c| STOPS.contains(c));
                if sentence
                    || followed.is_some_and(|c| "元块塊年月日点點分折%线線天次个個".contains(c))
                {
                    break;
                }
                end += more.len();
                units += usize::from(is_unit);
            }
            // `25号，23号` are days, `一楼，二楼` floors.
            let parts = &text[house.start()..end];
            let parted =
                parts.contains(['栋', '棟', '幢', '座', '弄', '元', '室', '户', '戶', '之']);
            let before = &text[start..house.start()];
            let followed = text[house.end()..].chars().next();
            let is_line = followed.is_some_and(|c| "线線店机機台柜櫃".contains(c));
            let in_place = before.chars().count() > 1
                && before.chars().any(|c| PLACES.contains(c))
                && text[house.start()..end]
                    .contains(['号', '號', '弄', '院', '楼', '樓', '座', '室']);
            let estate = house
                .as_str()
                .starts_with(|c: char| !c.is_ascii_alphanumeric())
                && house.as_str().contains('-')
                && house.as_str().ends_with(|c: char| c.is_ascii_digit());
            if !is_line && (in_place || estate || units > 1 && parted) {
                found.push(PersonalDataKind::Address, start, end);
                from = end;
            } else {
                from = house.end();
            }
        }
    }
}

/// Where the address begins whose first number is at `house`.
fn begin(text: &str, from: usize, house: usize) -> usize {
    let mut start = house;
    for (at, character) in text[from..house].char_indices().rev().take(LONGEST) {
        let is_name = ('\u{4e00}'..='\u{9fff}').contains(&character) || character.is_ascii_digit();
        let is_gap = character == ' ' && start != from + at + 1 || character == '-';
        if STOPS.contains(character) || !(is_name || is_gap || character == ' ') {
            break;
        }
        start = from + at;
    }
    start + text[start..house].len() - text[start..house].trim_start().len()
}
