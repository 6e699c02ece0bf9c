//! Containers that hold so much and no more, and hold the same whatever order
//! or shards their values came in: what they keep depends on hashes, never on
//! arrival.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Takes in what another shard gathered.
pub trait Merge {
    fn absorb(&mut self, other: Self);
}

/// A hash of `parts` that is the same on every machine and in every version.
///
/// It has 53 bits, so that every reader of JSON holds it exactly.
pub(crate) fn hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    let bytes = digest.finalize();
    bytes[..8]
        .iter()
        .fold(0, |number, &byte| (number << 8) | u64::from(byte))
        >> 11
}

/// Largest value of [`hash`], plus one.
const HASHES: f64 = (1_u64 << 53) as f64;

/// How many different things were seen: exact up to 255, then estimated with a
/// standard error of 6 %.
///
/// It keeps the smallest hashes; the more things there are, the closer to zero
/// these lie (Bar-Yossef et al., Counting Distinct Elements in a Data Stream,
/// 2002). Crates for this (`hyperloglog`, `hypeerlog`) hash by `std::hash::Hash`,
/// whose bytes no version of Rust promises to the next, and keep thousands of
/// registers for three customers as for three million; what is saved here must
/// merge with what another build saves later, and stay small for each topic.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Distinct(BTreeSet<u64>);

impl Distinct {
    const MOST: usize = 256;

    pub(crate) fn add(&mut self, value: &str) {
        self.0.insert(hash([value]));
        self.trim();
    }

    /// How many there are, or about how many.
    pub fn count(&self) -> u64 {
        match self.0.last() {
            Some(&last) if self.0.len() >= Self::MOST => {
                ((Self::MOST - 1) as f64 * HASHES / last.max(1) as f64).round() as u64
            }
            _ => self.0.len() as u64,
        }
    }

    fn trim(&mut self) {
        while self.0.len() > Self::MOST {
            self.0.pop_last();
        }
    }
}

impl Merge for Distinct {
    fn absorb(&mut self, other: Self) {
        self.0.extend(other.0);
        self.trim();
    }
}

/// Values by name, for `MOST` names; what the names beyond have is together in
/// one more value.
///
/// It keeps the names with the smallest hashes. A name that is kept in the end
/// was kept by every shard that saw it, so its value is whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    from = "CappedForm<V>",
    into = "CappedForm<V>",
    bound(
        serialize = "V: Clone + Serialize",
        deserialize = "V: Deserialize<'de> + Default + Merge"
    )
)]
pub struct Capped<V, const MOST: usize> {
    values: BTreeMap<u64, (String, V)>,
    other: Option<V>,
}

#[derive(Serialize, Deserialize)]
struct CappedForm<V> {
    values: BTreeMap<String, V>,
    other: Option<V>,
}

impl<V: Default + Merge, const MOST: usize> Capped<V, MOST> {
    /// The value of `name`, or the one that it shares with others.
    pub(crate) fn entry(&mut self, name: &str) -> &mut V {
        let key = hash([name]);
        if !self.values.contains_key(&key) && self.values.len() >= MOST {
            let last = self.values.last_key_value().map(|(&last, _)| last);
            if last.is_some_and(|last| last < key) {
                return self.other.get_or_insert_default();
            }
            if let Some((_, (_, value))) = self.values.pop_last() {
                self.other.get_or_insert_default().absorb(value);
            }
        }
        let entry = self.values.entry(key);
        &mut entry.or_insert_with(|| (name.to_owned(), V::default())).1
    }
}

impl<V, const MOST: usize> Capped<V, MOST> {
    /// Names and values, by name.
    pub fn sorted(&self) -> BTreeMap<&str, &V> {
        let values = self.values.values();
        values.map(|(name, value)| (name.as_str(), value)).collect()
    }

    /// What the names beyond the most have together.
    pub fn other(&self) -> Option<&V> {
        self.other.as_ref()
    }
}

impl<V, const MOST: usize> Default for Capped<V, MOST> {
    fn default() -> Self {
        Self {
            values: BTreeMap::new(),
            other: None,
        }
    }
}

impl<V: Default + Merge, const MOST: usize> Merge for Capped<V, MOST> {
    fn absorb(&mut self, other: Self) {
        for (name, value) in other.values.into_values() {
            self.entry(&name).absorb(value);
        }
        if let Some(other) = other.other {
            self.other.get_or_insert_default().absorb(other);
        }
    }
}

impl<V: Default + Merge, const MOST: usize> From<CappedForm<V>> for Capped<V, MOST> {
    fn from(form: CappedForm<V>) -> Self {
        let mut capped = Self::default();
        for (name, value) in form.values {
            capped.entry(&name).absorb(value);
        }
        if let Some(other) = form.other {
            capped.other.get_or_insert_default().absorb(other);
        }
        capped
    }
}

impl<V: Clone, const MOST: usize> From<Capped<V, MOST>> for CappedForm<V> {
    fn from(capped: Capped<V, MOST>) -> Self {
        Self {
            values: capped.values.into_values().collect(),
            other: capped.other,
        }
    }
}

/// Something with a place in an order that its content alone decides.
pub trait Placed {
    /// The rank first, a hash of the rest second.
    fn place(&self) -> (u64, u64);
}

/// The `MOST` first of all that were offered: the worst, where the rank says how
/// bad they are; a fair sample, where all have one rank. Equals are kept once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    from = "FirstForm<T>",
    into = "FirstForm<T>",
    bound(
        serialize = "T: Clone + Serialize",
        deserialize = "T: Deserialize<'de> + Placed"
    )
)]
pub struct First<T, const MOST: usize> {
    offered: u64,
    kept: BTreeMap<(u64, u64), T>,
}

#[derive(Serialize, Deserialize)]
struct FirstForm<T> {
    offered: u64,
    kept: Vec<T>,
}

impl<T: Placed, const MOST: usize> First<T, MOST> {
    pub(crate) fn offer(&mut self, value: T) {
        self.offered += 1;
        self.keep(value);
    }

    fn keep(&mut self, value: T) {
        self.kept.insert(value.place(), value);
        if self.kept.len() > MOST {
            self.kept.pop_last();
        }
    }
}

impl<T, const MOST: usize> First<T, MOST> {
    /// How many were offered.
    pub fn offered(&self) -> u64 {
        self.offered
    }

    /// Those that were kept, in their order.
    pub fn kept(&self) -> impl ExactSizeIterator<Item = &T> {
        self.kept.values()
    }
}

impl<T, const MOST: usize> Default for First<T, MOST> {
    fn default() -> Self {
        Self {
            offered: 0,
            kept: BTreeMap::new(),
        }
    }
}

impl<T: Placed, const MOST: usize> Merge for First<T, MOST> {
    fn absorb(&mut self, other: Self) {
        self.offered.absorb(other.offered);
        for value in other.kept.into_values() {
            self.keep(value);
        }
    }
}

impl<T: Placed, const MOST: usize> From<FirstForm<T>> for First<T, MOST> {
    fn from(form: FirstForm<T>) -> Self {
        let mut first = Self {
            offered: form.offered,
            kept: BTreeMap::new(),
        };
        for value in form.kept {
            first.keep(value);
        }
        first
    }
}

impl<T, const MOST: usize> From<First<T, MOST>> for FirstForm<T> {
    fn from(first: First<T, MOST>) -> Self {
        Self {
            offered: first.offered,
            kept: first.kept.into_values().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    struct Count(u64);

    impl Merge for Count {
        fn absorb(&mut self, other: Self) {
            self.0 += other.0;
        }
    }

    #[test]
    fn distinct_counts_exactly_then_closely() {
        for (things, error) in [(0, 0), (7, 0), (255, 0), (10_000, 1500)] {
            let mut distinct = Distinct::default();
            for thing in (0..things).chain(0..things) {
                distinct.add(&thing.to_string());
            }
            let off = distinct.count().abs_diff(things);
            assert!(off <= error, "{things}: off by {off}");
        }
    }

    #[test]
    fn capped_values_are_whole_in_any_order_and_shards() {
        let names: Vec<_> = (0..50).map(|name| (name * name % 23).to_string()).collect();
        let of = |names: &[String]| {
            let mut capped = Capped::<Count, 8>::default();
            for name in names {
                capped.entry(name).0 += 1;
            }
            capped
        };
        let whole = of(&names);
        assert_eq!(whole.sorted().len(), 8);
        for (name, count) in whole.sorted() {
            let times = names.iter().filter(|other| *other == name).count();
            assert_eq!(count.0, times as u64, "{name}");
        }
        let mut merged = of(&names[30..]);
        merged.absorb(of(&names[..30]));
        assert_eq!(merged, whole);
        let json = serde_json::to_string(&whole).expect("JSON");
        assert_eq!(
            serde_json::from_str::<Capped<Count, 8>>(&json).expect("the same form"),
            whole
        );
    }
}
