//! Addresses in Latin script: a street with a number, and what stands around it.

use std::ops::Range;

use aho_corasick::AhoCorasick;
use regex::Regex;

use crate::redact::phone::tail;
use crate::redact::{Found, PersonalDataKind, lists};

/// Characters before the end of an address that its beginning is looked for in.
const LONGEST_LEAD: usize = 90;

/// Parts of an address before and behind its street, at most.
const MOST_PARTS: usize = 6;

/// Characters of a part, at most.
const LONGEST_PART: usize = 100;

/// Words of a part, at most.
const MOST_WORDS: usize = 7;

const LIST: &str = include_str!("../../../data/privacy/address-words.txt");

#[derive(Clone, Debug)]
pub(super) struct Finder {
    /// What every street has one of, which is quick to look for.
    hint: AhoCorasick,
    streets: [Regex; 3],
    /// Those that need no capitals.
    plain: [Regex; 4],
    /// What ends an address, with what must stand before it. The two are apart
    /// because only the first is quick to look for.
    ends: [(Regex, Regex); 2],
    /// Words for parts of a building and directions.
    units: lists::Set,
    small: lists::Set,
    /// Capitalised words that are no part of an address.
    others: lists::Set,
}

/// A word of a part of an address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// A number, a name or a word for a part of a building.
    Solid,
    /// `de`, `on`: within names only.
    Small,
    None,
}

impl Finder {
    pub(super) fn new() -> Self {
        let pattern = |pattern: &str| Regex::new(pattern).expect("a pattern of ours");
        let words = |name| lists::section(LIST, name).collect::<Vec<_>>().join("|");
        let (last, first, small) = (
            words("street behind"),
            words("street before"),
            words("small"),
        );
        let (plain_last, plain_first) = (words("plain behind"), words("plain before"));
        let number = r"[0-9]{1,5}(?:[A-Za-z](?-u:\b))?(?:[-–/][0-9]{1,5}[A-Za-z]?)?";
        // A word of a name: capitalised, or with an article to it.
        let name = r"(?:[dl]['’])?(?:(?:[A-ZÀ-ÞŒŠŽ]|St|Ste|Dr|Gral|Sta|Sto|Ma|Prof)\.|[A-ZÀ-Þ0-9ŒŠŽ][A-Za-zÀ-ɏ0-9'’-]+|[0-9])";
        let street = format!(
            "(?:(?:{name}|(?:{small})(?-u:\\b)|[A-Za-zÀ-ɏ]['’][A-ZÀ-ÞŒŠŽ][[A-Za-zÀ-ɏ]-]*) ?){{1,7}}"
        );
        let postcode =
            r"(?:[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9])";
        let town = format!("{name}(?:[ -](?:{name}|(?:{small})(?-u:\\b))){{0,5}}");
        let bis = r"(?: ?(?:bis|ter|quater)(?-u:\b))?";
        let behind = format!(
            r"(?:,? (?:n[.º°]+|núm\.?|num\.?|no\.?|#) ?{number}|, ?[0-9]{{1,4}}(?-u:\b)|[0-9]{{1,5}}(?-u:\b))"
        );
        Self {
            hint: AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .build(lists::section(LIST, "hints"))
                .expect("few short words"),
            streets: [
                pattern(&format!(
                    r"(?-u:\b)(?:(?:number|no\.?) )?{number},? (?:(?:[NSEW]|NE|NW|SE|SW)\.? )?(?:(?:[A-ZÀ-ÞŒŠŽ]|[0-9]{{1,3}}(?:st|nd|rd|th))[A-Za-zÀ-ɏ0-9'’.-]* ){{1,4}}(?:{last})(?-u:\b)\.?"
                )),
                pattern(&format!(
                    r"(?:{number}{bis},? )?(?-u:\b)(?i:{first})(?:[ -]|(?-u:\b)){street}{behind}?"
                )),
                pattern(&format!(
                    r"(?-u:\b)(?i:flat|apt|unit|blk|block|room|suite|plot|house|door|shop)\.? ?(?i:no\.? ?)?#?[0-9][0-9A-Za-z/-]{{0,5}},(?: {town},){{1,4}} {town}(?:[ ,-]+[0-9]{{5,6}})?"
                )),
            ],
            // Without capitals a street needs its number.
            plain: [
                pattern(&format!(
                    r"(?-u:\b)[0-9]{{1,5}}[a-z]?,? (?:[a-z'’]{{3,}} ){{1,2}}(?:{plain_last})(?-u:\b)"
                )),
                pattern(&format!(
                    r"(?-u:\b)[0-9]{{1,5}}{bis},? (?:{plain_first}) (?:[a-zß-ÿœ'’-]{{2,}} ?){{1,4}}(?:,? ?[0-9]{{4,5}}(?: [A-Za-zÀ-ɏ-]+)?)"
                )),
                pattern(
                    r"(?-u:\b)(?:calle|avenida|avda|av\.|paseo|plaza) (?:[a-zß-ÿœ]{2,} ){1,4}(?:n[.º°]+ ?)?[0-9]{1,5}(?-u:\b)",
                ),
                pattern(
                    r"(?-u:\b)(?i:p\.? ?o\.? box|apartado(?: de correos)?|apdo\.?|B\.?P\.?|casilla) [0-9]{2,6}(?-u:\b)",
                ),
            ],
            ends: [
                (
                    pattern(
                        r", (?:(?i:piso|depto|dpto)(?-u:\b)|[0-9]{1,2}\.?[ºª°])[^,;\n!?)(]{0,14}",
                    ),
                    pattern(&format!(r"(?-u:\b){name}(?: {name}){{0,3}} [0-9]{{2,5}}$")),
                ),
                (
                    pattern(&format!(r"(?-u:\b){postcode}(?-u:\b)")),
                    pattern(&format!(r"(?-u:\b)(?:{town}, ){{1,4}}(?:{town} )?$")),
                ),
            ],
            units: lists::section(LIST, "units").collect(),
            small: lists::section(LIST, "small").collect(),
            others: lists::section(LIST, "others").collect(),
        }
    }

    pub(super) fn find(&self, text: &str, found: &mut Found) {
        let mut addresses = Vec::new();
        let hinted = self.hint.is_match(text);
        let forms = [(&self.streets[..], false), (&self.plain[..], true)];
        for (streets, loose) in forms.into_iter().filter(|_| hinted) {
            for street in streets {
                let mut from = 0;
                while let Some(street) = street.find_at(text, from) {
                    from = self.extend(text, from, street.range(), loose, &mut addresses);
                }
            }
        }
        for (end, start) in &self.ends {
            let mut from = 0;
            while let Some(end) = end.find_at(text, from) {
                let lead = start.find(tail(&text[from..end.start()], LONGEST_LEAD));
                from = match lead {
                    Some(lead) => {
                        let street = end.start() - lead.len()..end.end();
                        self.extend(text, from, street, false, &mut addresses)
                    }
                    None => end.end(),
                };
            }
        }
        // A house with a name, and its street: `Mas des Cigales, 1240 route de Nyons`.
        addresses.sort_by_key(|address| (address.start, address.end));
        let mut addresses = addresses.into_iter();
        let Some(mut last) = addresses.next() else {
            return;
        };
        for address in addresses {
            let gap = text.get(last.end..address.start).unwrap_or_default();
            if gap.trim_matches([' ', ',']).is_empty() {
                last.end = last.end.max(address.end);
            } else {
                found.push(PersonalDataKind::Address, last.start, last.end);
                last = address;
            }
        }
        found.push(PersonalDataKind::Address, last.start, last.end);
    }

    /// Takes in what belongs to the address before and behind its street, back to
    /// `from` at most; gives where it ends. In a `loose` one nothing is capitalised.
    fn extend(
        &self,
        text: &str,
        from: usize,
        street: Range<usize>,
        loose: bool,
        addresses: &mut Vec<Range<usize>>,
    ) -> usize {
        let name = text[street.clone()].trim_start_matches(|c: char| !c.is_alphabetic());
        let first = name.split(' ').next().unwrap_or_default();
        let is_named = name.chars().skip(1).any(char::is_uppercase);
        // Colombia numbers its streets: `Calle 45 #12-34`.
        let is_numbered = text[street.clone()].contains('#');
        if !is_named && !is_numbered && !loose || self.others.contains(first) {
            return street.end;
        }
        let start = self.start(text, from, street.start);
        let end = self.end(text, street.end, loose && !is_named);
        let address = text[start..end].trim_end_matches([' ', ',', '.', '(', '\n']);
        // A street alone is a place that many people know: it needs a house or a postcode.
        if address.bytes().any(|byte| byte.is_ascii_digit()) || address.contains("s/n") {
            addresses.push(start..start + address.len());
        }
        end
    }

    /// What a word is in an address.
    fn word(&self, word: &str) -> Word {
        let bare = word.trim_matches(['(', ')', '.', '«', '»', '"', '“', '”', '#']);
        let first = bare.chars().next();
        let lower = bare.to_lowercase();
        // `IL` is a state, `il` is a word.
        let state = bare.len() == 2 && bare.bytes().all(|byte| byte.is_ascii_uppercase());
        if !state && self.others.contains(lower.as_str()) || bare.len() > 30 {
            Word::None
        } else if self.units.contains(lower.as_str())
            || first.is_some_and(|c| c.is_ascii_digit() || c.is_uppercase())
            || bare.contains(['º', 'ª', '°']) && bare.len() < 8
            || bare.starts_with("d'") && bare.chars().nth(2).is_some_and(char::is_uppercase)
        {
            Word::Solid
        } else if self.small.contains(lower.as_str()) {
            Word::Small
        } else {
            Word::None
        }
    }

    /// Where the parts behind the street end that belong to the address.
    fn end(&self, text: &str, street: usize, loose: bool) -> usize {
        let mut end = street;
        for part in 0..MOST_PARTS {
            // `2º dcha., 28014`
            let short = usize::from(text[end..].starts_with(".,"));
            let rest = &text[end + short..];
            let gap = rest.len()
                - rest
                    .trim_start_matches([' ', ',', '(', '-', '–', '\n'])
                    .len();
            let sign = &rest[..gap];
            // Behind a line break only a postcode, or the end of a line of it.
            let lines = sign.matches('\n').count();
            let breaks = gap == 0 && part > 0 || lines > 1 || gap > 4;
            if breaks || rest.starts_with(['.', '!', '?', ';', ':', ')', '\t']) && gap == 0 {
                break;
            }
            let whole = lines > 0;
            let length = match self.part(&rest[gap..], whole) {
                Some(length) => length,
                None if loose && sign.contains(',') => plain_part(&rest[gap..]),
                None => 0,
            };
            if length == 0 {
                break;
            }
            end += short + gap + length;
        }
        end
    }

    /// Bytes of the part of an address that `text` begins with.
    fn part(&self, text: &str, whole: bool) -> Option<usize> {
        let mut places = text.char_indices().take(LONGEST_PART);
        let stop = places.find(|&(_, sign)| matches!(sign, ',' | ';' | '\n' | '!' | '?' | ':'));
        let most = text.char_indices().nth(LONGEST_PART);
        let segment = &text[..stop.or(most).map_or(text.len(), |(at, _)| at)];
        let (mut end, mut names, mut words) = (0, false, 0);
        let mut at = 0;
        for word in segment.split(' ').take(MOST_WORDS) {
            let kind = self.word(word);
            if kind == Word::None || at == 0 && kind == Word::Small {
                break;
            }
            let bare = word.trim_start_matches(['(', '«', '"', '“', '#']);
            let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
            if kind == Word::Solid {
                end = at + word.len();
                names |= digits == 0 || digits > 3 || digits < bare.len();
                words += 1;
            }
            at += word.len() + 1;
            // A sentence ends here, unless the word is a short form.
            if word.ends_with('.') && word.chars().count() > 6 || word.ends_with(')') {
                break;
            }
        }
        let all = at > segment.trim_end().len();
        let enough = words > 0 && (names || all);
        (enough && (!whole || all)).then(|| {
            let part = &text[..end];
            part.trim_end_matches(['.', '"']).len()
        })
    }

    /// Where the parts before the street begin that belong to the address.
    fn start(&self, text: &str, from: usize, street: usize) -> usize {
        let mut start = street;
        for _ in 0..MOST_PARTS {
            let before = &text[from..start];
            let trimmed = before.trim_end_matches([' ', '-', '–']);
            let Some(segment) = trimmed.strip_suffix(',') else {
                break;
            };
            let segment = &segment[segment
                .rfind([',', ';', '\n', '!', '?', ':', '.'])
                .map_or(0, |at| at + 1)..];
            let (mut begin, mut unit) = (None, false);
            let segment_end = from + trimmed.len() - 1;
            let mut at = segment_end;
            for word in segment.rsplit(' ').take(MOST_WORDS) {
                let kind = self.word(word);
                if kind == Word::None {
                    break;
                }
                at -= word.len();
                if kind == Word::Solid && !word.is_empty() {
                    begin = Some(at);
                    unit |= self.units.contains(word.to_lowercase().as_str())
                        || word.bytes().any(|byte| byte.is_ascii_digit())
                        || segment_end - at < segment.trim_start().len() + 2;
                }
                at = at.saturating_sub(1).max(from);
            }
            match begin.filter(|_| unit) {
                Some(begin) if begin < start => start = begin,
                _ => break,
            }
        }
        start
    }
}

/// Bytes of a town without a capital: the two words before a comma or a postcode.
fn plain_part(text: &str) -> usize {
    let letters = |c: char| c.is_lowercase() || matches!(c, ' ' | '-' | '\'');
    let mut places = text.char_indices().take(LONGEST_PART);
    let words = places.find(|&(_, c)| !letters(c));
    let words = words.map_or(text.len().min(LONGEST_PART), |(at, _)| at);
    let town = text.get(..words).unwrap_or_default().trim_end();
    let follows = text[words..].starts_with(|c: char| c == ',' || c.is_ascii_digit());
    match town.split(' ').count() <= 2 && (follows || words == text.len()) {
        true => town.len(),
        false => 0,
    }
}
