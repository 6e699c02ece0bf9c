//! Postal addresses, by the words for streets and houses and by their numbers.

mod chinese;
mod latin;
mod thai;

use super::Found;

#[derive(Clone, Debug)]
pub(super) struct Finder {
    latin: latin::Finder,
    chinese: chinese::Finder,
}

impl Finder {
    pub(super) fn new() -> Self {
        Self {
            latin: latin::Finder::new(),
            chinese: chinese::Finder::new(),
        }
    }

    pub(super) fn find(&self, text: &str, found: &mut Found) {
        self.latin.find(text, found);
        if !text.is_ascii() {
            self.chinese.find(text, found);
            thai::find(text, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::redact::tests::REDACTOR;

    #[test]
    fn addresses_in_many_countries() {
        let redactor = &*REDACTOR;
        for (text, redacted) in [
            (
                "Send it to 14 Elm Grove, Leeds LS6 2AB please",
                "Send it to [ADDRESS] please",
            ),
            (
                "I live at Flat 3, 22b Old Mill Lane.",
                "I live at [ADDRESS].",
            ),
            ("1600 Oak Avenue, Springfield, IL 62704", "[ADDRESS]"),
            (
                "Livrez au 12 bis, rue des Lilas, 69003 Lyon, merci",
                "Livrez au [ADDRESS], merci",
            ),
            ("calle Mayor 14, 3.º B, 28013 Madrid", "[ADDRESS]"),
            (
                "Av. Reforma 222, Col. Juárez, Ciudad de México",
                "[ADDRESS]",
            ),
            (
                "寄到北京市海淀区中关村大街27号院3号楼2单元501，谢谢",
                "寄到[ADDRESS]，谢谢",
            ),
            ("地址：台北市大安區和平東路二段106號3樓", "地址：[ADDRESS]"),
            ("送去九龍旺角彌敦道688號旺角中心18樓A室", "送去[ADDRESS]"),
            (
                "บ้านอยู่ 99/1 ซ.ลาดพร้าว 15 แขวงจอมพล เขตจตุจักร กรุงเทพฯ 10900 ค่ะ",
                "บ้านอยู่ [ADDRESS] ค่ะ",
            ),
        ] {
            assert_eq!(redactor.redact(text), redacted);
        }
    }

    #[test]
    fn places_and_counts_are_left() {
        let redactor = &*REDACTOR;
        for text in [
            "the shop on Baker Street",
            "2 nights in Oxford",
            "We waited 30 minutes in Park Road",
            "地铁4号线很挤",
            "3号楼的电梯坏了",
            "la rue était bloquée",
            "en la calle de siempre",
            "จ. 5 วัน",
            "解放路店的服务",
        ] {
            assert_eq!(redactor.redact(text), text);
        }
    }
}
