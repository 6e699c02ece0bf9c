//! The forms that Chinese names take.

use super::words::Kind;
use super::{Reading, is_han};

/// The surnames that stand behind `小` and `老` without anything else to tell them.
const TOP: &str = "王李张張刘劉陈陳杨楊赵趙吴吳周徐孙孫朱胡郭何罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾萧蕭肖董袁潘蔡蒋蔣余杜魏吕呂丁任沈姚卢盧姜崔钟鍾谭譚陆陸汪范廖贾賈韦韋邹鄒熊孟秦邱侯尹薛闫雷黎贺賀郝顾顧龚龔邵覃钱錢严嚴莫孔";

/// Letters of a foreign name at most.
const LONGEST_FOREIGN: usize = 20;

impl Reading<'_> {
    /// The characters of the name that begins here; 0 if none does.
    pub(super) fn name(&self, at: usize) -> usize {
        let first = self.character(at);
        if first.is_ascii_uppercase() {
            return self.foreign(at);
        }
        let doubled = || first == self.character(at + 1);
        let possible = matches!(first, '小' | '老' | '阿' | '大') || self.words.begins(first);
        if !is_han(first) || !possible && !doubled() {
            return 0;
        }
        let surname = self.surname(at);
        [
            self.told_surname(at, surname),
            self.titled(at, surname),
            self.half_foreign(at, surname),
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
        let length = self.letters(at);
        let starts = at == 0 || !self.character(at - 1).is_ascii_alphanumeric();
        let end = at + length;
        let shouted = || self.slice(at, end).chars().all(|c| c.is_ascii_uppercase());
        if length < 2 || !starts || shouted() || self.rest(end).starts_with("客服") {
            return 0;
        }
        self.words
            .title(self.rest(end))
            .map_or(0, |title| length + title)
    }

    /// Letters of the Latin word that begins here.
    fn letters(&self, at: usize) -> usize {
        (at..self.characters.len())
            .take(LONGEST_FOREIGN)
            .take_while(|&place| self.character(place).is_ascii_alphabetic())
            .count()
    }

    /// `王Vivian`
    fn half_foreign(&self, at: usize, surname: usize) -> usize {
        let letters = self.letters(at + surname);
        let begins = self.character(at + surname).is_ascii_uppercase();
        let mixed = self.character(at + surname + 1).is_ascii_lowercase();
        let named = surname > 0 && letters > 2 && begins && mixed;
        let thanks = at > 0 && self.character(at - 1) == self.character(at);
        if named && !thanks && self.is_common(at, surname) && (self.starts(at) || self.is_cued(at))
        {
            surname + letters
        } else {
            0
        }
    }

    /// `我姓董`
    fn told_surname(&self, at: usize, surname: usize) -> usize {
        if self.character(at.wrapping_sub(1)) != '姓' || !is_han(self.character(at)) {
            return 0;
        }
        let before = self.slice(at.saturating_sub(4), at);
        let told = self.words.is_surname_cue(before)
            && !before.ends_with("百姓")
            && !before.ends_with("同姓");
        if told && self.goes_on(at + surname.max(1)) {
            surname.max(usize::from(self.ends_here(at + 1)))
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
            let Some(title) = self.words.title(self.rest(end)) else {
                continue;
            };
            let named = (at + surname..end).all(|place| self.is_given(place));
            let next = self.character(end + title);
            let common = self.is_common(at, surname);
            let sure = match (given, title) {
                // `王工`, but no `王工作`.
                (0, 1) if "工导導队隊".contains(self.character(end)) => {
                    common
                        && (self.starts(at) || self.is_cued(at))
                        && self.goes_on(end + 1)
                        && !self.is_word(at, at + 2)
                }
                // `韩姐`, but no `空姐` and no `高总`+`部`.
                (0, 1) => {
                    common
                        && !"部共计計是会會算的结結姐哥华華价價量体體能裁".contains(next)
                        && !is_han_word_before(self.character(at.wrapping_sub(1)))
                        && !self.is_word(at, at + 2)
                }
                (0, _) => common || self.starts(at) || self.is_cued(at),
                (_, 1) => common && (self.starts(at) || self.is_cued(at)) && self.goes_on(end + 1),
                _ => common && !self.is_word(at, at + 2),
            };
            if named && sure {
                return surname + given + title;
            }
        }
        // Cantonese: `陳生`, but no `生日`.
        let next = self.character(at + surname + 1);
        let mister = self.character(at + surname) == '生'
            && !"日病活氣气意產产成理命前物态態效長长鮮鲜怕".contains(next);
        if mister && self.is_common(at, surname) && surname == 1 {
            2
        } else {
            0
        }
    }

    /// `小王`, `老魏`, `阿凱`, `雪芬姨`
    fn nickname(&self, at: usize) -> usize {
        let first = self.character(at);
        let second = self.character(at + 1);
        // `大刘`
        if first == '大' && TOP.contains(second) {
            let alone = (self.starts(at) || self.is_cued(at)) && self.goes_on(at + 2);
            return if alone { 2 } else { 0 };
        }
        if !matches!(first, '小' | '老' | '阿') {
            return self.called_by_family(at);
        }
        if first == '阿' && second.is_ascii_uppercase() {
            return 1 + self.letters(at + 1);
        }
        if !is_han(second) || self.words.is_nickname_word(self.rest(at)) {
            return 0;
        }
        let before = self.character(at.wrapping_sub(1));
        let part = match first {
            '小' => "大最从從很太较較矮减減微缩縮中細细弱窄一二三两兩几幾".contains(before),
            '老' => "古变變养養衰敬長长偏".contains(before),
            _ => false,
        };
        let title = self.words.title(self.rest(at + 2));
        let goes_on = self.goes_on(at + 2) || title.is_some();
        let called = self.is_named(at)
            && (goes_on || first == '阿')
            && !"姐妹弟哥时時区區店吃".contains(second);
        let known = TOP.contains(second) && (goes_on || first == '小')
            || goes_on && self.is_common(at + 1, 1)
            || goes_on && first != '老' && self.is_rare(at + 1)
            || goes_on && first != '老' && self.is_given(at + 1) && self.starts(at)
            || first == '阿' && self.is_given(at + 1)
            || first == '小' && self.is_given(at + 1) && self.is_cued(at)
            || called;
        // `小夏`, and `小雨欣` with both characters of the given name.
        let more = first != '老' && self.is_rare(at + 2) && !self.goes_on(at + 2);
        let length = match title {
            Some(title) => 2 + title,
            None => 2 + usize::from(more),
        };
        let doubled = second == self.character(at + 2);
        if known && !part && !self.is_shop(at + length) && !doubled {
            length
        } else {
            0
        }
    }

    /// `雪芬姨`: the given name before a title of the family.
    fn called_by_family(&self, at: usize) -> usize {
        let given = [2, 1].into_iter().find(|&length| {
            let named = match length {
                2 => {
                    self.is_given(at)
                        && self.is_given(at + 1)
                        && (self.is_rare(at) || self.is_rare(at + 1))
                }
                _ => self.is_rare(at) && !is_han_word_before(self.character(at.wrapping_sub(1))),
            };
            let title = self.character(at + length);
            named && "哥姐姊姨叔伯嫂仔".contains(title)
        });
        match given {
            Some(length) if !self.rest(at).starts_with(['妹', '大']) => length + 1,
            _ => 0,
        }
    }

    /// `徐佩雯`, `孙浩`
    fn full(&self, at: usize, surname: usize) -> usize {
        if surname == 0 || self.ends_a_word(at) {
            return 0;
        }
        let [one, two] = [at + surname + 1, at + surname + 2];
        let named = self.is_named(at);
        let either = self.is_given(one - 1) || self.is_given(two - 1);
        if !named && (!either || self.is_word(at, at + 2)) {
            return 0;
        }
        let cued = self.is_cued(at);
        let common = self.is_common(at, surname);
        let both = self.is_given(one - 1) && self.is_given(two - 1);
        let rare = self.is_rare(one - 1) || self.is_rare(two - 1);
        let free = self.starts(at) || cued;
        let spoken_to = self.starts(at) && self.is_spoken_to(two);
        let doubled = self.character(one - 1) == self.character(two - 1);
        // `李陳秀英`: the surname of the husband first.
        let double = surname == 1
            && common
            && free
            && self.is_common(at + 1, 1)
            && self.is_given(at + 2)
            && self.is_given(at + 3)
            && (self.is_rare(at + 2) || self.is_rare(at + 3))
            && self.goes_on(at + 4);
        if double {
            return 4;
        }
        let stop = self.is_stop(two - 1)
            || ["一起", "一样", "一樣", "一直", "点的", "點的"]
                .iter()
                .any(|word| self.rest(two - 1).starts_with(word));
        let three = is_han(self.character(one - 1))
            && !stop
            && is_han(self.character(two - 1))
            && !self.is_shop(two)
            && (common && both && !doubled && (rare || free && self.goes_on(two))
                || named && common && both
                || named && either && self.goes_on(two) && (common || self.ends_here(two))
                || named && common && self.ends_here(two)
                || spoken_to && common && either);
        if three {
            return surname + 2;
        }
        let tells = named && (stop || self.goes_on(one)) && (common || self.ends_here(one));
        let short = is_han(self.character(one - 1))
            && !self.is_shop(one)
            && !self.is_stop(one - 1)
            && (tells && (self.is_given(one - 1) || self.ends_here(one))
                || self.starts(at) && self.is_spoken_to(one)
                || common
                    && !self.is_word(at, one)
                    && self.is_given(one - 1)
                    && (self.starts(at) && self.goes_on(one) && self.is_rare(one - 1)
                        || cued && self.is_rare(one - 1) && self.goes_on(one)));
        if short { surname + 1 } else { 0 }
    }

    /// Whether a character goes on with the sentence and is no part of a name.
    fn is_stop(&self, at: usize) -> bool {
        "的了是在和跟我你您他她说說都也不很就还還没沒有给給个個们們这這那吗嗎呢吧啊"
            .contains(self.character(at))
    }

    /// A given name alone, where somebody is called by it: `叫豆豆`, `「芳瑜」`, `的美珠，`
    fn given(&self, at: usize) -> usize {
        let doubled = self.character(at) == self.character(at + 1);
        let both = self.is_given(at) && self.is_given(at + 1);
        let pair = is_han(self.character(at + 1)) && self.goes_on(at + 2);
        if !pair || !both && !doubled || self.is_shop(at + 2) || self.is_word(at, at + 2) {
            return 0;
        }
        let rare = self.is_rare(at) && self.is_rare(at + 1);
        let some = self.is_rare(at) || self.is_rare(at + 1);
        let ends = self.ends_here(at + 2);
        let named = self.is_named(at);
        let stop = self.is_stop(at) || self.is(at, Kind::Famous) && doubled;
        let is_name = named && (ends || some) && (both && some || doubled && ends)
            || named && doubled && !stop
            || rare && ends && (self.starts(at) || self.is_cued(at))
            || rare && self.starts(at) && self.is_spoken_to(at + 2);
        if is_name && !stop { 2 } else { 0 }
    }
}

/// Characters that join the next to a word: `空姐`, `表哥`.
fn is_han_word_before(character: char) -> bool {
    "空大小学學表堂师師二三帅帥美外快店的".contains(character)
}
