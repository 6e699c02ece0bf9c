//! Complaints about one topic → issues: those that say nearly the same,
//! together under a phrase of their own.
//!
//! Two complaints are near if the words that they share weigh enough beside all
//! of their words; a word weighs more the fewer complaints have it. The complaint
//! with most others near makes an issue with them and with what is near to enough
//! of these; then the next of those that are left. Nothing is drawn by lot, so the
//! same complaints make the same issues.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Serialize;

use super::moves::Trend;
use super::time::Series;
use crate::aggregate::{Aggregates, Quote, Rate};
use crate::language::Language;
use crate::tokenize::Words;

/// Complaints about a topic that say nearly the same.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Issue {
    /// The phrase that most of them share.
    pub name: String,
    /// How many there are, of the topic's complaints that were looked at.
    pub rate: Rate,
    /// How badly they hurt on average.
    pub severity: f64,
    /// What they cost together, where the input says.
    pub value: Option<f64>,
    /// How many there are, period by period; empty without dates.
    pub history: Vec<u64>,
    /// Where they are going.
    pub trend: Option<Trend>,
    /// First days of the periods in which they leapt up.
    pub leaps: Vec<String>,
    /// The worst of them.
    pub quotes: Vec<Quote>,
}

/// The issues of a topic, and what is in none.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Issues {
    /// The commonest first.
    pub issues: Vec<Issue>,
    /// Complaints that are like too few others.
    pub unassigned: Option<Rate>,
    /// Whether all complaints were looked at, rather than a fair sample.
    pub complete: bool,
}

/// Fewer complaints are no issue, nor is a smaller share of a topic's.
const FEWEST: usize = 3;
const LEAST_SHARE: f64 = 0.005;

/// Near complaints share as many words, or all that one of them has: one word in
/// common is a subject, not an issue.
const SHARED_WORDS: usize = 2;

/// Shared weight over all weight from which two complaints are near.
const NEAR: f64 = 0.3;

/// Who is near to one in so many of an issue's first complaints joins them.
const JOINING: usize = 3;

/// Issues that are named for a topic.
const MOST_ISSUES: usize = 8;

/// Quotes that stand for an issue.
const QUOTES: usize = 5;

/// Words in a name at most.
const LONGEST_NAME: usize = 4;

/// Characters of a complaint that names an issue for want of a shared phrase.
const LONGEST_QUOTED_NAME: usize = 60;

/// Words from this weight on, one in seven complaints, can begin and end a name.
const TELLING: f64 = 2.0;

/// A word of more complaints than this share of a topic's says nothing of any.
const COMMON: f64 = 0.5;

/// How many complaints of all topics hold each word, which is what makes it rare.
pub(super) struct WordWeights {
    words: Words,
    complaints: BTreeMap<String, u32>,
    total: u32,
}

/// A complaint with its words.
struct Complaint<'a> {
    quote: &'a Quote,
    /// Where they are in its text, in order.
    words: Vec<Range<usize>>,
    /// Their numbers, ascending.
    set: Vec<usize>,
}

impl WordWeights {
    pub(super) fn new(aggregates: &Aggregates) -> Self {
        let mut weights = Self {
            words: Words::new(),
            complaints: BTreeMap::new(),
            total: 0,
        };
        for topic in aggregates.topics.values() {
            for quote in topic.complaints.kept() {
                weights.total += 1;
                let words = weights.split(quote).into_iter();
                let words: BTreeSet<_> = words.map(|word| key(&quote.text[word])).collect();
                for word in words {
                    *weights.complaints.entry(word).or_default() += 1;
                }
            }
        }
        weights
    }

    fn split(&self, quote: &Quote) -> Vec<Range<usize>> {
        let language = quote.language.as_deref().and_then(Language::from_code);
        self.words.find(&quote.text, language)
    }

    fn weight(&self, word: &str) -> f64 {
        let complaints = self.complaints.get(word).copied().unwrap_or(0);
        (f64::from(self.total + 1) / f64::from(complaints + 1)).ln()
    }

    /// The issues among `quotes`, of which `offered` there were in all; `series`
    /// tells the period of a date.
    pub(super) fn issues<'a>(
        &self,
        quotes: impl Iterator<Item = &'a Quote>,
        offered: u64,
        series: Option<&Series>,
    ) -> Issues {
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let complaints: Vec<_> = quotes
            .map(|quote| {
                let words = self.split(quote);
                let mut set: Vec<_> = words
                    .iter()
                    .map(|word| {
                        let next = numbers.len();
                        let word = key(&quote.text[word.clone()]);
                        *numbers.entry(word).or_insert(next)
                    })
                    .collect();
                set.sort_unstable();
                set.dedup();
                Complaint { quote, words, set }
            })
            .collect();
        let mut weights = vec![0.0; numbers.len()];
        for (word, &number) in &numbers {
            weights[number] = self.weight(word);
        }

        let near = neighbours(&complaints, &weights);
        let mut taken = vec![false; complaints.len()];
        let mut issues = Vec::new();
        let of = complaints.len() as u64;
        let fewest = FEWEST.max((LEAST_SHARE * of as f64).ceil() as usize);
        let mut assigned = 0;
        loop {
            let free = |at: usize| near[at].iter().filter(|&&other| !taken[other]).count();
            // The first of those with most, as the order of quotes is fixed.
            let densest = (0..complaints.len())
                .filter(|&at| !taken[at])
                .map(|at| (free(at), std::cmp::Reverse(at)))
                .max();
            let Some((count, std::cmp::Reverse(at))) = densest else {
                break;
            };
            if count + 1 < fewest || issues.len() == MOST_ISSUES {
                break;
            }
            let mut members: Vec<_> = std::iter::once(at)
                .chain(near[at].iter().copied().filter(|&other| !taken[other]))
                .collect();
            for &member in &members {
                taken[member] = true;
            }
            let core = members.len();
            for other in (0..complaints.len()).filter(|&other| !taken[other]) {
                let shared = near[other].iter().filter(|at| members[..core].contains(at));
                if JOINING * shared.count() >= core {
                    members.push(other);
                }
            }
            for &member in &members {
                taken[member] = true;
            }
            let members: Vec<_> = members.iter().map(|&at| &complaints[at]).collect();
            assigned += members.len() as u64;
            issues.push(Issue {
                name: self.name(&members),
                rate: Rate::new(members.len() as u64, of),
                severity: mean(members.iter().map(|member| member.quote.severity)),
                value: value(&members),
                history: series.map_or_else(Vec::new, |series| history(&members, series)),
                trend: None,
                leaps: Vec::new(),
                quotes: worst(&members),
            });
        }
        issues.sort_by(|a, b| b.rate.count.cmp(&a.rate.count).then(a.name.cmp(&b.name)));
        Issues {
            issues,
            unassigned: (of > 0).then(|| Rate::new(of - assigned, of)),
            complete: of == offered,
        }
    }

    /// The phrase that weighs most: its words, times the members that have it.
    /// It begins and ends with words that are rarer than most.
    fn name(&self, members: &[&Complaint<'_>]) -> String {
        let mut phrases: BTreeMap<Vec<String>, (usize, &str)> = BTreeMap::new();
        for member in members {
            let text = member.quote.text.as_str();
            let mut seen = BTreeSet::new();
            for length in 1..=LONGEST_NAME {
                for words in member.words.windows(length) {
                    let phrase: Vec<_> =
                        words.iter().map(|word| key(&text[word.clone()])).collect();
                    if seen.insert(phrase.clone()) {
                        let written = &text[words[0].start..words[length - 1].end];
                        phrases.entry(phrase).or_insert((0, written)).0 += 1;
                    }
                }
            }
        }
        let least = (members.len() / 2).max(2);
        let shared = phrases.iter().filter(|(_, (count, _))| *count >= least);
        let best = shared
            .map(|(phrase, &(count, written))| {
                let weights: Vec<_> = phrase.iter().map(|word| self.weight(word)).collect();
                let ends = weights[0].min(weights[weights.len() - 1]);
                let weight = weights.iter().sum::<f64>() * count as f64;
                // A phrase that starts or ends with `the` is no name.
                let weight = if ends < TELLING { weight * 0.2 } else { weight };
                (weight, written)
            })
            .max_by(|(a, first), (b, second)| a.total_cmp(b).then_with(|| second.cmp(first)));
        match best {
            Some((_, written)) => written.to_owned(),
            None => members[0]
                .quote
                .text
                .chars()
                .take(LONGEST_QUOTED_NAME)
                .collect(),
        }
    }
}

fn key(word: &str) -> String {
    word.to_lowercase()
}

/// For each complaint, those that are near.
fn neighbours(complaints: &[Complaint<'_>], weights: &[f64]) -> Vec<Vec<usize>> {
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); weights.len()];
    for (at, complaint) in complaints.iter().enumerate() {
        for &word in &complaint.set {
            holders[word].push(at);
        }
    }
    // Below some size no word is common: it may be the issue itself.
    let common = ((complaints.len() as f64 * COMMON) as usize).max(50);
    let total =
        |complaint: &Complaint<'_>| complaint.set.iter().map(|&it| weights[it]).sum::<f64>();
    let totals: Vec<f64> = complaints.iter().map(total).collect();
    let mut near = vec![Vec::new(); complaints.len()];
    // What each other complaint shares with the one at hand; all 0 in between.
    let mut shared = vec![(0, 0.0); complaints.len()];
    for (at, complaint) in complaints.iter().enumerate() {
        let mut sharing = Vec::new();
        for &word in &complaint.set {
            if holders[word].len() > common {
                continue;
            }
            let after = holders[word].partition_point(|&other| other <= at);
            for &other in &holders[word][after..] {
                if shared[other].0 == 0 {
                    sharing.push(other);
                }
                shared[other].0 += 1;
                shared[other].1 += weights[word];
            }
        }
        for other in sharing {
            let (words, weight) = std::mem::take(&mut shared[other]);
            let shortest = complaint.set.len().min(complaints[other].set.len());
            let all = totals[at] + totals[other] - weight;
            if words >= SHARED_WORDS.min(shortest) && weight >= NEAR * all {
                near[at].push(other);
                near[other].push(at);
            }
        }
    }
    near
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

fn value(members: &[&Complaint<'_>]) -> Option<f64> {
    let values = members.iter().filter_map(|member| member.quote.value);
    values.reduce(|sum, value| sum + value)
}

fn history(members: &[&Complaint<'_>], series: &Series) -> Vec<u64> {
    let mut history = vec![0; series.starts.len()];
    for member in members {
        if let Some(at) = member
            .quote
            .date
            .as_deref()
            .and_then(|date| series.place(date))
        {
            history[at] += 1;
        }
    }
    history
}

fn worst(members: &[&Complaint<'_>]) -> Vec<Quote> {
    let mut quotes: Vec<_> = members.iter().map(|member| member.quote).collect();
    quotes.sort_by(|a, b| b.severity.total_cmp(&a.severity).then(a.id.cmp(&b.id)));
    quotes.into_iter().take(QUOTES).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotes(texts: &[(&str, &str)]) -> Vec<Quote> {
        let quotes = texts
            .iter()
            .enumerate()
            .map(|(id, (language, text))| Quote {
                id: id.to_string(),
                text: (*text).to_owned(),
                language: Some((*language).to_owned()),
                severity: 0.5,
                ..Quote::default()
            });
        quotes.collect()
    }

    #[test]
    fn near_identical_complaints_are_one_issue_with_a_name() {
        let quotes = quotes(&[
            ("en", "the blue hinge snapped after two days"),
            ("en", "Blue hinge snapped within a week!"),
            ("en", "their blue hinge snapped, again"),
            ("en", "manual is in German only"),
            ("en", "smells of glue"),
            ("zh-Hans", "快递盒子压烂了，里面全碎"),
            ("zh-Hans", "收到快递盒子压烂了"),
            ("zh-Hans", "快递盒子压烂了真生气"),
            ("th", "แอปค้างตอนจ่ายเงิน"),
            ("th", "จ่ายเงินแล้วแอปค้างตอนจ่ายเงิน"),
            ("th", "แอปค้างตอนจ่ายเงินทุกครั้ง"),
        ]);
        let mut weights = WordWeights {
            words: Words::new(),
            complaints: BTreeMap::new(),
            total: 100,
        };
        for (word, count) in [("the", 60), ("a", 50), ("is", 40), ("in", 40), ("of", 40)] {
            weights.complaints.insert(word.to_owned(), count);
        }
        let issues = weights.issues(quotes.iter(), quotes.len() as u64, None);
        assert!(issues.complete);
        let names: Vec<_> = issues
            .issues
            .iter()
            .map(|it| it.name.to_lowercase())
            .collect();
        assert_eq!(names.len(), 3, "{names:?}");
        assert!(
            names.iter().any(|name| name == "blue hinge snapped"),
            "{names:?}"
        );
        assert!(names.iter().any(|name| name.contains("压烂")), "{names:?}");
        assert!(names.iter().any(|name| name.contains("ค้าง")), "{names:?}");
        assert_eq!(issues.unassigned, Some(Rate::new(2, 11)));
    }

    #[test]
    fn few_or_odd_complaints_make_no_issue() {
        let weights = WordWeights {
            words: Words::new(),
            complaints: BTreeMap::new(),
            total: 0,
        };
        let none = weights.issues([].iter(), 0, None);
        assert!(none.issues.is_empty() && none.unassigned.is_none());
        let quotes = quotes(&[("en", ""), ("en", "😡"), ("xx", "!!!"), ("en", "a b")]);
        assert!(weights.issues(quotes.iter(), 4, None).issues.is_empty());
    }
}
