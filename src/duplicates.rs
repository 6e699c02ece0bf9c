//! Feedback that repeats earlier feedback: copied, or copied and retouched.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::feedback::Feedback;
use crate::label::Flag;

/// Finds repetitions among the latest texts, in the order in which they come.
///
/// Texts are compared by letters and digits alone. Short answers such as `Good`
/// are given by many people and never count; a sentence counts if it is the same,
/// and a longer text also if most of it is: at least 80 % of its runs of letters
/// are shared, as estimated by MinHash.
///
/// It remembers the latest 50,000 texts, in about 800 bytes each (40 MB) beside
/// their ids. The same texts in the same order give the same answers.
///
/// ```
/// use painpoint::Duplicates;
///
/// let mut duplicates = Duplicates::new();
/// assert!(duplicates.add("1", "The parcel came late and the box was open").is_none());
/// let repeat = duplicates.add("2", "the parcel came late, and the box was open!");
/// assert_eq!(&*repeat.expect("the same words").of, "1");
/// ```
#[derive(Debug, Default)]
pub struct Duplicates {
    /// The latest texts, oldest first.
    texts: VecDeque<Remembered>,
    /// The number of the first one in `texts`: how many were forgotten, in as many
    /// bits as tell the remembered ones apart.
    first: u32,
    /// The number of the latest text with these letters.
    exact: HashMap<u64, u32>,
    /// The number of the latest text with these values in a band of its signature.
    /// Sixteen entries a text: hence the few bits, in keys too. Two bands with one
    /// key cost a look at the wrong text.
    bands: HashMap<u32, u32>,
}

/// The earlier text that one repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repeat {
    /// The id of the first of them.
    pub of: Arc<str>,
    /// Whether all letters and digits are the same.
    pub exact: bool,
}

#[derive(Debug)]
struct Remembered {
    /// Of the first text that says so.
    id: Arc<str>,
    exact: u64,
    /// Missing for short texts.
    signature: Option<Box<Signature>>,
}

/// Texts that are remembered.
const REMEMBERED: usize = 50_000;

/// What a text says, in letters; a Chinese character says as much as three. From
/// here on a repetition is no chance, and from here on a near one.
const MIN_EXACT: usize = 20;
const MIN_NEAR: usize = 40;

/// Values of a signature, and how many of them a band has: of texts that share
/// 80 %, one in a thousand is missed.
const VALUES: usize = 64;
const BAND: usize = 4;

/// Values that near duplicates share: 80 %.
const SHARED: usize = 51;

type Signature = [u32; VALUES];

impl Duplicates {
    /// Nothing remembered yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The earlier text that this one repeats, if any; it is remembered in turn.
    pub fn add(&mut self, id: &str, text: &str) -> Option<Repeat> {
        let folded: Vec<char> = text
            .chars()
            .filter(|char| char.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        let says = folded
            .iter()
            .map(|&char| if is_dense(char) { 3 } else { 1 })
            .sum::<usize>();
        if says < MIN_EXACT {
            return None;
        }
        let exact = hash(folded.iter().map(|&char| u64::from(char)));
        let signature = (says >= MIN_NEAR).then(|| Box::new(signature(&folded)));
        let same = self
            .exact
            .get(&exact)
            .and_then(|&number| self.texts.get(self.place(number)));
        let repeat = match same {
            Some(same) => Some(Repeat {
                of: Arc::clone(&same.id),
                exact: true,
            }),
            None => signature
                .as_deref()
                .and_then(|signature| self.near(signature)),
        };
        let id = repeat
            .as_ref()
            .map_or_else(|| Arc::from(id), |repeat| Arc::clone(&repeat.of));
        self.remember(Remembered {
            id,
            exact,
            signature,
        });
        repeat
    }

    /// Adds a piece of feedback, and says in its analysis what it repeats.
    pub fn mark(&mut self, feedback: &Feedback, analysis: &mut Analysis) {
        if let Some(repeat) = self.add(&feedback.id, &feedback.text) {
            repeat.mark(analysis);
        }
    }

    /// Where the text with that number stands among the remembered ones.
    fn place(&self, number: u32) -> usize {
        number.wrapping_sub(self.first) as usize
    }

    fn near(&self, signature: &Signature) -> Option<Repeat> {
        let candidates = bands(signature).filter_map(|band| self.bands.get(&band));
        let alike = |other: &Signature| signature.iter().zip(other).filter(|(a, b)| a == b).count();
        // The most alike, and of those the earliest.
        let found = candidates.filter_map(|&number| {
            let place = self.place(number);
            let remembered = self.texts.get(place)?;
            let alike = alike(remembered.signature.as_deref()?);
            (alike >= SHARED).then_some((alike, std::cmp::Reverse(place), remembered))
        });
        let (_, _, found) = found.max_by_key(|&(alike, place, _)| (alike, place))?;
        Some(Repeat {
            of: Arc::clone(&found.id),
            exact: false,
        })
    }

    fn remember(&mut self, text: Remembered) {
        if self.texts.len() == REMEMBERED {
            self.forget_first();
        }
        let number = self.first.wrapping_add(self.texts.len() as u32);
        self.exact.insert(text.exact, number);
        for band in text.signature.iter().flat_map(|signature| bands(signature)) {
            self.bands.insert(band, number);
        }
        self.texts.push_back(text);
    }

    fn forget_first(&mut self) {
        let Some(first) = self.texts.pop_front() else {
            return;
        };
        let number = self.first;
        self.first = number.wrapping_add(1);
        if self.exact.get(&first.exact) == Some(&number) {
            self.exact.remove(&first.exact);
        }
        for band in first
            .signature
            .iter()
            .flat_map(|signature| bands(signature))
        {
            if self.bands.get(&band) == Some(&number) {
                self.bands.remove(&band);
            }
        }
    }
}

impl Repeat {
    /// Says in the analysis of the later text what it repeats.
    pub fn mark(self, analysis: &mut Analysis) {
        let flag = if self.exact {
            Flag::Duplicate
        } else {
            Flag::NearDuplicate
        };
        analysis.flags.push(flag);
        analysis.duplicate_of = Some(self.of);
    }
}

/// Characters that each say as much as several letters.
fn is_dense(char: char) -> bool {
    matches!(char, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
}

/// The keys of the bands of a signature.
fn bands(signature: &Signature) -> impl Iterator<Item = u32> {
    let (bands, _) = signature.as_chunks::<BAND>();
    (0..).zip(bands).map(|(index, band)| {
        let values = band.iter().map(|&value| u64::from(value));
        (hash(std::iter::once(index).chain(values)) >> 32) as u32
    })
}

/// MinHash by one permutation (Li, Owen and Zhang, 2012): the least hash in each
/// of [`VALUES`] bins; an empty bin takes the next full one's, changed by the
/// distance (Shrivastava and Li, 2014).
fn signature(folded: &[char]) -> Signature {
    const EMPTY: u64 = u64::MAX;
    let dense = folded.iter().filter(|&&char| is_dense(char)).count();
    let run = if dense * 2 > folded.len() { 2 } else { 4 };
    let mut bins = [EMPTY; VALUES];
    for letters in folded.windows(run.min(folded.len())) {
        let hash = hash(letters.iter().map(|&char| u64::from(char)));
        let bin = &mut bins[(hash >> 32) as usize % VALUES];
        *bin = (hash & 0xFFFF_FFFF).min(*bin);
    }
    std::array::from_fn(|index| {
        let next = (0..VALUES).find(|distance| bins[(index + distance) % VALUES] != EMPTY);
        let distance = next.unwrap_or_default();
        let value = bins[(index + distance) % VALUES] as u32;
        value.wrapping_add((distance as u32).wrapping_mul(0x9E37_79B9))
    })
}

/// FNV-1a over whole values, finished as in SplitMix64 so that every bit counts.
fn hash(values: impl Iterator<Item = u64>) -> u64 {
    let mut hash = values.fold(0xCBF2_9CE4_8422_2325_u64, |hash, value| {
        (hash ^ value).wrapping_mul(0x0000_0100_0000_01B3)
    });
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "I waited two hours for a table, the soup was cold and nobody said sorry. I will not come back.";
    const RETOUCHED: &str = "I waited two hours for a table, the soup was cold and nobody said sorry! I will not be back.";

    #[test]
    fn repetitions_are_told() {
        let other = "I waited two hours for a parcel, the box was open and nobody rang. I will not order here again.";
        let cases = [
            ("1", "Good", None),
            ("2", "Good", None),
            ("3", "很好", None),
            ("4", "很好", None),
            ("5", "客服态度太差了，再也不来", None),
            ("6", "客服态度太差了！再也不来。", Some(("5", true))),
            ("7", LONG, None),
            ("8", &LONG.to_uppercase(), Some(("7", true))),
            ("9", RETOUCHED, Some(("7", false))),
            ("10", other, None),
            ("11", "", None),
            ("12", "😡😡😡😡😡😡", None),
            (
                "13",
                "等了一个半小时才上菜，而且菜是冷的，服务员还一直翻白眼，再也不会来了。",
                None,
            ),
            (
                "14",
                "等了一个半小时才上菜，而且菜是凉的，服务员还一直翻白眼，再也不会来了！",
                Some(("13", false)),
            ),
        ];
        let mut duplicates = Duplicates::new();
        for (id, text, expected) in cases {
            let repeat = duplicates.add(id, text);
            let repeat = repeat.as_ref().map(|repeat| (&*repeat.of, repeat.exact));
            assert_eq!(repeat, expected, "{text}");
        }
    }

    #[test]
    fn old_texts_are_forgotten() {
        // Numbers may begin again at 0.
        let mut duplicates = Duplicates {
            first: u32::MAX - 1,
            ..Duplicates::new()
        };
        duplicates.add("first", LONG);
        assert!(duplicates.add("second", RETOUCHED).is_some());
        // Short enough for signatures to be left out, which take the time.
        for number in 0..REMEMBERED {
            duplicates.add("", &format!("{number:020}"));
        }
        assert_eq!(duplicates.texts.len(), REMEMBERED);
        assert!(duplicates.exact.len() <= REMEMBERED);
        assert!(duplicates.bands.is_empty());
        assert_eq!(duplicates.add("again", LONG), None);
        assert!(duplicates.add("and again", RETOUCHED).is_some());
    }
}
