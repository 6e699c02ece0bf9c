//! What stands beside capitalised words, and whether it makes them a name.

use super::Reading;
use super::evidence::{
    ACTIONS, BEFORE_A_NAME, BEFORE_A_NAME_ONLY, CLOSINGS, DETERMINERS, GREETINGS, INTRODUCTIONS,
    PARTICLES, PEOPLE, PLACES_AFTER, PLACES_BEFORE, PRODUCTS, TITLES, VERBS,
};
use crate::redact::person::words::Word;

impl Reading<'_> {
    /// Whether it is somebody or something that everybody knows, or a place.
    pub(super) fn is_blocked(&self, first: usize, last: usize) -> bool {
        self.is_place(first, last) || self.is_famous(first, last)
    }

    pub(super) fn is_famous(&self, first: usize, last: usize) -> bool {
        let lasts = first..self.words.len().min(last + 3);
        let mut starts = (first.saturating_sub(2)..=first)
            .filter(|&from| self.finder.famous_starts.contains(&*self.words[from].lower));
        starts.any(|from| {
            lasts.clone().any(|to| {
                let words: Vec<_> = self.words[from..=to]
                    .iter()
                    .map(|word| &*word.lower)
                    .collect();
                let possessive = self.text[self.words[to].end..].starts_with(['\'', '’']);
                let name = words.join(" ");
                self.finder.famous.contains(name.as_str())
                    || possessive && self.finder.famous.contains(format!("{name}'s").as_str())
            })
        })
    }

    /// `rue Jean Moulin`, `Baker Street`.
    pub(super) fn is_place(&self, first: usize, last: usize) -> bool {
        let is_before = (first.saturating_sub(3)..first).rev().find_map(|word| {
            let lower = &*self.words[word].lower;
            if PLACES_BEFORE.contains(lower) {
                return Some(true);
            }
            let passes = PARTICLES.contains(lower) || TITLES.contains(lower);
            (!passes || self.between(word) != " ").then_some(false)
        });
        let after = last + 1 < self.words.len() && self.between(last) == " ";
        is_before == Some(true)
            && self
                .between(first - 1)
                .trim_matches([' ', '-', '«', '"', '\u{a0}', '“', ':'])
                .is_empty()
            || first < last && PLACES_AFTER.contains(&*self.words[last].lower)
            || after
                && self.words[last + 1].capital
                && PLACES_AFTER.contains(&*self.words[last + 1].lower)
    }

    /// `the Frank 300`, `le lit Morgane`, `« Giulia »`, `Grace armchair`.
    pub(super) fn is_product(&self, first: usize, last: usize) -> bool {
        let (before, after) = (
            &self.text[..self.words[first].start],
            &self.text[self.words[last].end..],
        );
        let quoted = before
            .trim_end_matches([' ', '\u{a0}'])
            .ends_with(['«', '"', '“', '「', '『', '‘', '《'])
            && after
                .trim_start_matches([' ', '\u{a0}'])
                .starts_with(['»', '"', '”', '」', '』', '’', '》']);
        let digits = after
            .trim_start_matches([' ', '-'])
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        let numbered = (1..=4).contains(&digits) && after.starts_with([' ', '-']);
        let noun = last + 1 < self.words.len() && self.between(last) == " " && {
            let next = &*self.words[last + 1].lower;
            PRODUCTS.contains(next) || PLACES_AFTER.contains(next)
        };
        let series = ["系列", " 系列", "牌", "款", "口味", "同款", " แบรนด์", " รุ่น"]
            .iter()
            .any(|word| after.starts_with(word));
        // `1 Jan`, `2 Angel`
        let counted = before
            .trim_end_matches(' ')
            .ends_with(|c: char| c.is_ascii_digit())
            && before.ends_with(' ');
        let counted = counted && first == last && self.words[first].capital;
        counted || quoted || numbered || noun || series || self.is_determined(first)
    }

    /// Whether an article, or an article and the name of a thing, stands before.
    pub(super) fn is_determined(&self, first: usize) -> bool {
        let word = |back: usize| {
            let at = first.checked_sub(back)?;
            (self.between(at) == " ").then(|| &self.words[at])
        };
        let Some(before) = word(1) else { return false };
        if DETERMINERS.contains(&*before.lower) {
            // `la Conchi me atendió`
            let acts = first + 1 < self.words.len()
                && self.between(first) == " "
                && VERBS.contains(&*self.words[first + 1].lower);
            return !(acts && matches!(&*before.lower, "la" | "el"));
        }
        let thing = !before.capital
            && !PEOPLE.contains(&*before.lower)
            && !BEFORE_A_NAME.contains(&*before.lower);
        // English puts the thing behind the name, and verbs before it.
        let article = |word: &Word| {
            DETERMINERS.contains(&*word.lower)
                && !matches!(&*word.lower, "the" | "a" | "an" | "this" | "that")
        };
        // `le dijo Ana`, `la atendió Rosa`: no article but a pronoun.
        let verb = before.lower.ends_with(['ó', 'é', 'í']);
        thing && !verb && before.lower.chars().count() > 2 && word(2).is_some_and(article)
    }

    /// `my name is Zed`, `au nom de Santucci`, `Titular: Germán Otaola`.
    pub(super) fn is_introduced(&self, first: usize, last: usize) -> bool {
        let before = self.before(first);
        let introduced = INTRODUCTIONS.end(&before);
        let greeted = GREETINGS.end(&before) && {
            let after = self.text[self.words[last].end..].chars().next();
            self.is_known(first)
                || matches!(after, Some(',' | '!' | '.' | '\n') | None) && last == first
        };
        let lower = &*self.words[first].lower;
        (introduced || greeted)
            && !self.finder.famous.contains(lower)
            && !(self.finder.things.contains(lower) && last == first)
    }

    /// `your colleague Oliver`, `El chofer, Walter,`, `Maru, la anfitriona,`.
    pub(super) fn is_role(&self, first: usize, last: usize) -> bool {
        let before = first
            .checked_sub(1)
            .filter(|&before| PEOPLE.contains(&*self.words[before].lower));
        let after = self.text[self.words[last].end..].chars().next();
        let apposition = matches!(after, Some(',' | '.' | ')' | '!' | ';') | None);
        let behind = !self.words[first].shouted
            && before.is_some_and(|before| match self.between(before) {
                " " => !self.words[before].capital || self.is_known(first),
                ", " | " (" => apposition || last > first,
                _ => false,
            });
        let ahead = after == Some(',') && {
            let role = (last + 1..self.words.len().min(last + 4)).find(|&word| {
                !DETERMINERS.contains(&*self.words[word].lower)
                    && !matches!(
                        &*self.words[word].lower,
                        "my" | "our"
                            | "your"
                            | "mi"
                            | "mon"
                            | "ma"
                            | "notre"
                            | "votre"
                            | "nuestro"
                            | "su"
                    )
            });
            let same = role.is_some_and(|role| {
                self.text[self.words[last].end + 1..self.words[role].start].len() < 16
            });
            same && role
                .is_some_and(|role| PEOPLE.contains(&*self.words[role].lower) && role > last + 1)
        };
        behind || ahead
    }

    /// A name that is not known before a surname that is no word.
    pub(super) fn is_two_names(&self, first: usize, last: usize) -> bool {
        let (given, surname) = (&self.words[first], &self.words[last]);
        let word = self.finder.surname_words.contains(&*surname.lower);
        let told = !self.starts_sentence(first) || self.before(first).ends_with(':');
        let thing = (first..=last).any(|word| {
            let lower = &*self.words[word].lower;
            self.finder.things.contains(lower) || PRODUCTS.contains(lower)
        });
        let word = word || thing || self.finder.surname_words.contains(&*given.lower);
        let plain = !word && !given.shouted && !surname.shouted && given.lower.chars().count() > 2;
        told && plain && last - first < 3 && !self.is_product(first, last)
    }

    /// `K. Yamamoto`
    pub(super) fn is_initialled(&self, first: usize, last: usize) -> bool {
        let initial = self.words[first].lower.chars().count() == 1;
        let stop = self.text[self.words[first].end..].starts_with(". ");
        let surname = &self.words[last];
        initial
            && stop
            && last > first
            && surname.lower.chars().count() > 2
            && !surname.shouted
            && !self.finder.surname_words.contains(&*surname.lower)
    }

    /// `KONATE Moussa`
    pub(super) fn is_surname_first(&self, first: usize, last: usize) -> bool {
        let (surname, given) = (&self.words[first], &self.words[last]);
        last == first + 1
            && surname.shouted
            && surname.lower.chars().count() > 2
            && !given.shouted
            && self.finder.is_given(&given.lower)
            && !self.is_plain(first)
    }

    /// A word that is not known, of which is said what only people do.
    pub(super) fn is_acting(&self, first: usize, last: usize) -> bool {
        let next = last + 1;
        let word = &self.words[first];
        next < self.words.len()
            && last - first < 2
            && self.between(last) == " "
            && ACTIONS.contains(&*self.words[next].lower)
            && !word.shouted
            && word.lower.chars().count() > 2
            && !self.starts_sentence(first)
            && (first..=last).all(|word| {
                let lower = &*self.words[word].lower;
                !self.finder.things.contains(lower) && !self.finder.surname_words.contains(lower)
            })
            && !self.is_month(first)
    }

    /// A name that ends the text, or a line after `Regards`.
    pub(super) fn is_signature(&self, first: usize, last: usize) -> bool {
        let after = self.text[self.words[last].end..].trim_start_matches(['.', ' ', ')', '!']);
        let ends = after.is_empty() || after.starts_with('\n');
        if !ends || first == 0 || !self.starts_sentence(first) && !self.follows_closing(first) {
            return false;
        }
        let surname = (first..=last).any(|word| self.finder.is_surname(&self.words[word].lower));
        self.follows_closing(first)
            || self.is_known(first) && last > first
            || surname && last > first
    }

    pub(super) fn follows_closing(&self, first: usize) -> bool {
        let before = self.before(first);
        let before = before.trim_end_matches([',', '\n', ' ', '.', '-', '—', '!']);
        CLOSINGS.end(before) && !self.before(first).ends_with(['a', 'b', 's'])
    }

    /// Whether a verb, or thanks, say that a name which is also a word is a person's.
    pub(super) fn is_supported(&self, first: usize, last: usize) -> bool {
        let before = self.before(first);
        let thanked = BEFORE_A_NAME_ONLY.end(&before);
        let next = last + 1;
        let acts = next < self.words.len()
            && self.between(last) == " "
            && if self.finder.things.contains(&*self.words[first].lower) {
                ACTIONS.contains(&*self.words[next].lower)
            } else {
                VERBS.contains(&*self.words[next].lower)
            };
        (thanked || acts) && !self.is_month(first)
    }

    pub(super) fn is_month(&self, at: usize) -> bool {
        matches!(
            &*self.words[at].lower,
            "april" | "may" | "june" | "july" | "august" | "mar" | "abril" | "wednesday"
        )
    }

    /// `Leung Wing Sze`, `Lin Yu-chen`: a Chinese surname before one or two given names.
    pub(super) fn is_romanised(&self, first: usize, last: usize) -> bool {
        let count = last - first + 1;
        let given = &self.words[last];
        let hyphened = given.lower.split_once('-').is_some_and(|(one, two)| {
            let short = |part: &str| (1..=6).contains(&part.len());
            short(one) && short(two)
        });
        let named = match count {
            2 => hyphened || self.finder.is_given(&given.lower),
            3 => !self.starts_sentence(first),
            _ => false,
        };
        self.finder.romanised.contains(&*self.words[first].lower)
            && named
            && (hyphened || !self.starts_sentence(first))
            && (first + 1..=last)
                .all(|word| self.words[word].lower.len() <= 12 && !self.words[word].shouted)
    }

    pub(super) fn is_known(&self, at: usize) -> bool {
        let lower = &self.words[at].lower;
        self.finder.is_given(lower) || self.finder.is_surname(lower)
    }

    pub(super) fn starts_sentence(&self, at: usize) -> bool {
        let before = self.text[..self.words[at].start].trim_end_matches([
            ' ', '"', '«', '“', '\u{a0}', '(', '¿', '¡', '—', '-', '\u{3000}',
        ]);
        before.is_empty()
            || before.ends_with(['.', '!', '?', '\n', ':', '…', '。', '！', '？', '🙏', '：'])
    }
}
