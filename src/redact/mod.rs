//! Text → the personal data in it, and the text with that data masked.
//!
//! Each kind of personal data has a file that finds it: [`phone`], [`spoken`],
//! [`payment`], [`national_id`], [`online`], [`address`], [`person`]. [`column`]
//! knows the columns of a table that hold nothing else. No rule asks which
//! language a text is in, as one text may mix several.
//!
//! # What it can and cannot do
//!
//! Numbers with check digits and e-mail addresses are told by their form, so
//! few are missed and few are taken wrongly. Phone numbers are told by their form
//! and by the words before them; the numbers and mailboxes of companies (`0800`,
//! `400`, `support@`) are left as they are. Postal addresses are found by the
//! words for streets and houses and by their numbers, names of people by lists of common
//! names and by what stands beside them (titles, greetings, `my name is`,
//! signatures, speakers of a conversation). A rare name that nothing
//! introduces, a nickname that is a plain word, or an address without a number
//! is missed; a product with a person's name is at times taken for a person.
//! It lowers the risk that personal data spreads; it is no proof that a text
//! names nobody.

mod address;
mod column;
mod digits;
mod lists;
mod national_id;
mod online;
mod payment;
mod person;
mod phone;
mod spoken;

use std::borrow::Cow;

use crate::span::Span;

labels! {
    /// A kind of personal data. The order is that of precedence where two meet.
    PersonalDataKind {
        /// An e-mail address of a person.
        Email => "email",
        /// An international bank account number, with right check digits.
        Iban => "iban",
        /// A national identity, tax or insurance number of a person.
        NationalId => "national_id",
        /// The number of a payment card, with a right check digit.
        Card => "card",
        /// A phone number, also when it is spelled out in words.
        Phone => "phone",
        /// A postal address.
        Address => "address",
        /// What somebody is called on a social network or in a messenger.
        Handle => "handle",
        /// The name of a person, with their title.
        Person => "person",
    }
}

impl PersonalDataKind {
    /// What stands in the place of such data: `[PHONE]`.
    pub fn mask(self) -> &'static str {
        match self {
            Self::Email => "[EMAIL]",
            Self::Iban => "[IBAN]",
            Self::NationalId => "[ID]",
            Self::Card => "[CARD]",
            Self::Phone => "[PHONE]",
            Self::Address => "[ADDRESS]",
            Self::Handle => "[HANDLE]",
            Self::Person => "[PERSON]",
        }
    }
}

/// Personal data in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonalData {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: PersonalDataKind,
}

/// Finds and masks personal data.
///
/// ```
/// let redactor = painpoint::Redactor::new();
/// assert_eq!(
///     redactor.redact("My name is Ruth Okafor, ring me on 07700 900 341"),
///     "My name is [PERSON], ring me on [PHONE]",
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Redactor {
    online: online::Finder,
    spoken: spoken::Finder,
    national_id: national_id::Finder,
    payment: payment::Finder,
    address: address::Finder,
    person: person::Finder,
}

impl Default for Redactor {
    fn default() -> Self {
        Self::new()
    }
}

impl Redactor {
    /// A redactor; to be built once and used for many texts.
    pub fn new() -> Self {
        Self {
            online: online::Finder::new(),
            spoken: spoken::Finder::new(),
            national_id: national_id::Finder::new(),
            payment: payment::Finder::new(),
            address: address::Finder::new(),
            person: person::Finder::new(),
        }
    }

    /// The personal data in `text`, in its order, without overlaps.
    pub fn find(&self, text: &str) -> Vec<PersonalData> {
        let mut found = Found::default();
        self.online.find(text, &mut found);
        if digits::any(text) {
            self.payment.find(text, &mut found);
            self.national_id.find(text, &mut found);
            let runs = digits::runs(text);
            payment::cards(&runs, text, &mut found);
            phone::find(&runs, text, &mut found);
            self.address.find(text, &mut found);
        }
        self.spoken.find(text, &mut found);
        self.person.find(text, &mut found);
        found.merged()
    }

    /// `text` with a mask in the place of all personal data.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        mask(text, &self.find(text), Span::new(0, text.len()))
    }
}

/// The part of `text` within `span`, with a mask in the place of whatever
/// belongs to `data`. Data that the span cuts in two is masked as if it were whole.
pub(crate) fn mask<'a>(text: &'a str, data: &[PersonalData], span: Span) -> Cow<'a, str> {
    let first = data.partition_point(|data| data.span.end() <= span.start());
    let within = data[first..]
        .iter()
        .take_while(|data| data.span.start() < span.end());
    let mut masked = String::new();
    let mut from = span.start();
    for data in within {
        masked.push_str(&text[from..data.span.start().max(from)]);
        masked.push_str(data.kind.mask());
        from = data.span.end().min(span.end());
    }
    if masked.is_empty() {
        return span.of(text).into();
    }
    masked.push_str(&text[from..span.end()]);
    masked.into()
}

/// What the finders have found so far, in any order.
#[derive(Default)]
struct Found(Vec<PersonalData>);

impl Found {
    fn push(&mut self, kind: PersonalDataKind, start: usize, end: usize) {
        if start < end {
            let span = Span::new(start, end);
            self.0.push(PersonalData { span, kind });
        }
    }

    /// In order, where several overlap as one: no finder's find is shown.
    fn merged(mut self) -> Vec<PersonalData> {
        self.0.sort_by_key(|data| (data.span, data.kind));
        let mut merged: Vec<PersonalData> = Vec::with_capacity(self.0.len());
        for data in self.0 {
            match merged.last_mut() {
                Some(last) if data.span.start() < last.span.end() => {
                    let end = last.span.end().max(data.span.end());
                    last.span = Span::new(last.span.start(), end);
                    last.kind = last.kind.min(data.kind);
                }
                _ => merged.push(data),
            }
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    /// One for all tests, as its patterns are slow to build without optimization.
    pub(in crate::redact) static REDACTOR: LazyLock<Redactor> = LazyLock::new(Redactor::new);

    /// What holds of any text.
    fn check(text: &str) {
        let data = REDACTOR.find(text);
        let mut end = 0;
        for data in &data {
            assert!(
                data.span.start() >= end && !data.span.is_empty(),
                "{text:?}"
            );
            assert!(
                text.is_char_boundary(data.span.start()) && text.is_char_boundary(data.span.end())
            );
            end = data.span.end();
        }
        let whole = Span::new(0, text.len());
        let kept: usize = data.iter().map(|data| data.span.len()).sum();
        let masks: usize = data.iter().map(|data| data.kind.mask().len()).sum();
        assert_eq!(mask(text, &data, whole).len(), text.len() - kept + masks);
    }

    #[test]
    fn odd_texts_are_read() {
        for text in [
            "",
            " ",
            "😡",
            "@",
            "a@",
            "阿",
            "我姓",
            "คุณ",
            "Mr",
            "Mr.",
            "O0O0O0O0",
            "+",
            "(((",
            "\u{0}",
            "Ann-",
            "'s",
        ] {
            check(text);
        }
    }

    #[test]
    fn quotes_cut_in_the_middle_of_data_show_none_of_it() {
        let text = "call 07700 900 341 now";
        let data = REDACTOR.find(text);
        assert_eq!(mask(text, &data, Span::new(0, 10)), "call [PHONE]");
        assert_eq!(mask(text, &data, Span::new(12, text.len())), "[PHONE] now");
        assert_eq!(mask(text, &data, Span::new(0, 5)), "call ");
        assert_eq!(mask(text, &data, Span::new(19, text.len())), "now");
    }

    #[test]
    fn long_texts_take_linear_time() {
        let units = [
            "1",
            "a@",
            "1 ",
            "A1 ",
            "阿",
            "一",
            "Ann ",
            "ชื่อ",
            "คุณ",
            "12, ",
            "1 Elm Road ",
            "rue A, ",
            "ann and ",
            "王先生和",
            "a_1 ",
            "0 0-",
            " ",
        ];
        for unit in units {
            let text = unit.repeat((200_000 / unit.len()).max(1));
            let start = std::time::Instant::now();
            check(&text);
            let elapsed = start.elapsed();
            assert!(elapsed.as_secs() < 20, "{unit:?}: {elapsed:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,80}") {
            check(&text);
        }

        #[test]
        fn any_near_miss_is_read(text in "[A-Za-z@0-9 .+()_王小阿号路คุณพี่ชื่อ,:-]{0,80}") {
            check(&text);
        }
    }
}
