//! The formulas. All but [`krippendorff_alpha`] take weights, how often each
//! row counts, so that a resampled set needs no copy of its rows.
//!
//! Their values are those of scikit-learn and SciPy; `tests/golden/metrics.py`
//! says how they were compared. A figure of nothing is `None`, never 0.

use serde::Serialize;

/// How often a label is there, is claimed, and is claimed where it is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Rows that have it.
    pub there: u64,
    /// Rows of which a system says so.
    pub claimed: u64,
    /// Both.
    pub hits: u64,
}

impl Count {
    /// The share of claims that are right.
    pub fn precision(self) -> Option<f64> {
        share(self.hits, self.claimed)
    }

    /// The share of rows with the label that are found.
    pub fn recall(self) -> Option<f64> {
        share(self.hits, self.there)
    }

    /// The harmonic mean of both; `None` where the label is neither there nor claimed.
    pub fn f1(self) -> Option<f64> {
        share(2 * self.hits, self.there + self.claimed)
    }
}

/// `part / whole`; `None` of nothing.
pub fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The labels of a row by number: those that are there, and those a system claims.
pub type LabelSets = (Vec<usize>, Vec<usize>);

/// Counts each of `labels` labels over rows. A row with one class has a set of
/// one; a label stands in a set once.
pub fn count(rows: &[LabelSets], labels: usize, weights: &[u32]) -> Vec<Count> {
    let mut counts = vec![Count::default(); labels];
    for ((there, claimed), &weight) in rows.iter().zip(weights) {
        let weight = u64::from(weight);
        for &label in there {
            counts[label].there += weight;
        }
        for &label in claimed {
            counts[label].claimed += weight;
            if there.contains(&label) {
                counts[label].hits += weight;
            }
        }
    }
    counts
}

/// The mean F1 of the labels that are there. A label that never is has no F1,
/// even if it is claimed (scikit-learn counts it as 0 unless told the labels).
pub fn macro_f1(counts: &[Count]) -> Option<f64> {
    let there = || counts.iter().filter(|count| count.there > 0);
    let sum: f64 = there().filter_map(|count| count.f1()).sum();
    let labels = there().count();
    (labels > 0).then(|| sum / labels as f64)
}

/// F1 of all labels as one. For rows with one class each it is the accuracy.
pub fn micro_f1(counts: &[Count]) -> Option<f64> {
    let all = counts.iter().fold(Count::default(), |sum, count| Count {
        there: sum.there + count.there,
        claimed: sum.claimed + count.claimed,
        hits: sum.hits + count.hits,
    });
    all.f1()
}

/// The mean F1, each label as heavy as it is frequent.
pub fn weighted_f1(counts: &[Count]) -> Option<f64> {
    let there: u64 = counts.iter().map(|count| count.there).sum();
    let sum: f64 = counts
        .iter()
        .filter_map(|count| Some(count.f1()? * count.there as f64))
        .sum();
    (there > 0).then(|| sum / there as f64)
}

/// The weighted mean.
pub fn mean(values: &[f64], weights: &[u32]) -> Option<f64> {
    let total: u64 = weights.iter().map(|&weight| u64::from(weight)).sum();
    let sum: f64 = values
        .iter()
        .zip(weights)
        .map(|(value, &weight)| value * f64::from(weight))
        .sum();
    (total > 0).then(|| sum / total as f64)
}

/// Two rankings of the same rows, for Kendall's tau-b. Sorting is done once,
/// for any number of weights.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// Row, rank in the first ranking, rank in the second; by the first.
    rows: Vec<(usize, usize, usize)>,
    /// Ranks of the second ranking.
    levels: usize,
}

impl Ranked {
    /// Of pairs of numbers, none of them NaN.
    pub fn new(pairs: &[(f64, f64)]) -> Self {
        let ranks = |value: &dyn Fn(&(f64, f64)) -> f64| {
            let mut values: Vec<f64> = pairs.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values.dedup();
            let rank = |pair| values.partition_point(|other| *other < value(pair));
            (pairs.iter().map(rank).collect::<Vec<_>>(), values.len())
        };
        let (first, _) = ranks(&|pair| pair.0);
        let (second, levels) = ranks(&|pair| pair.1);
        let mut rows: Vec<_> = first
            .into_iter()
            .zip(second)
            .enumerate()
            .map(|(row, (first, second))| (row, first, second))
            .collect();
        rows.sort_by_key(|&(_, first, _)| first);
        Self { rows, levels }
    }

    /// Kendall's tau-b: how far both rank the rows alike, from -1 to 1, corrected
    /// for ties; `None` if either has all rows level.
    pub fn tau_b(&self, weights: &[u32]) -> Option<f64> {
        let mut below = Sums::new(self.levels);
        let (mut alike, mut unlike, mut total) = (0_i64, 0_i64, 0_i64);
        let mut pairs_level_in_first = 0_i64;
        for level in self.rows.chunk_by(|a, b| a.1 == b.1) {
            let weight = |row: usize| i64::from(weights[row]);
            for &(row, _, second) in level {
                let before = below.before(second);
                let upto = below.before(second + 1);
                alike += weight(row) * before;
                unlike += weight(row) * (total - upto);
            }
            let size: i64 = level.iter().map(|&(row, ..)| weight(row)).sum();
            for &(row, _, second) in level {
                below.add(second, weight(row));
            }
            total += size;
            pairs_level_in_first += pairs(size);
        }
        let sizes = (0..self.levels).map(|level| below.before(level + 1) - below.before(level));
        let pairs_level_in_second: i64 = sizes.map(pairs).sum();
        let product = (pairs(total) - pairs_level_in_first) as f64
            * (pairs(total) - pairs_level_in_second) as f64;
        (product > 0.0).then(|| (alike - unlike) as f64 / product.sqrt())
    }
}

fn pairs(of: i64) -> i64 {
    of * (of - 1) / 2
}

/// Running sums over levels: a Fenwick tree.
struct Sums(Vec<i64>);

impl Sums {
    fn new(levels: usize) -> Self {
        Self(vec![0; levels + 1])
    }

    fn add(&mut self, level: usize, weight: i64) {
        let mut at = level + 1;
        while at < self.0.len() {
            self.0[at] += weight;
            at += at & at.wrapping_neg();
        }
    }

    /// The sum of the levels below `level`.
    fn before(&self, level: usize) -> i64 {
        let (mut at, mut sum) = (level, 0);
        while at > 0 {
            sum += self.0[at];
            at &= at - 1;
        }
        sum
    }
}

/// How different two labels are to Krippendorff's alpha.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Equal or not.
    Nominal,
    /// By how many labels lie between, in their order.
    Ordinal,
}

/// Krippendorff's alpha: the agreement of annotators beyond chance, 1 at best,
/// whatever labels are missing. `units` has what each annotator says of each
/// row, as a number below `labels`. `None` if no row has two labels or all
/// labels are the same.
pub fn krippendorff_alpha(
    units: &[Vec<Option<usize>>],
    labels: usize,
    level: Level,
) -> Option<f64> {
    let mut coincidences = vec![vec![0.0; labels]; labels];
    for unit in units {
        let mut counts = vec![0.0; labels];
        unit.iter()
            .flatten()
            .for_each(|&label| counts[label] += 1.0);
        let raters: f64 = counts.iter().sum();
        if raters < 2.0 {
            continue;
        }
        for (one, row) in coincidences.iter_mut().enumerate() {
            for (other, cell) in row.iter_mut().enumerate() {
                let same = if one == other { 1.0 } else { 0.0 };
                *cell += counts[one] * (counts[other] - same) / (raters - 1.0);
            }
        }
    }
    let sizes: Vec<f64> = coincidences.iter().map(|row| row.iter().sum()).collect();
    let total: f64 = sizes.iter().sum();
    let distance = |one: usize, other: usize| match level {
        _ if one == other => 0.0,
        Level::Nominal => 1.0,
        Level::Ordinal => {
            let (low, high) = (one.min(other), one.max(other));
            let between: f64 = sizes[low..=high].iter().sum();
            (between - (sizes[low] + sizes[high]) / 2.0).powi(2)
        }
    };
    let (mut observed, mut expected) = (0.0, 0.0);
    for (one, row) in coincidences.iter().enumerate() {
        for (other, cell) in row.iter().enumerate() {
            observed += cell * distance(one, other);
            expected += sizes[one] * sizes[other] * distance(one, other);
        }
    }
    (expected > 0.0).then(|| 1.0 - (total - 1.0) * observed / expected)
}

/// The p-value of McNemar's exact test: how likely a split of the rows that
/// only one of two systems has right is to be as uneven as this, if both were
/// equally good.
pub fn mcnemar_exact(only_first: u64, only_second: u64) -> f64 {
    use statrs::distribution::{Binomial, DiscreteCDF};
    let rows = only_first + only_second;
    let fair = Binomial::new(0.5, rows).expect("0.5 is a probability");
    (2.0 * fair.cdf(only_first.min(only_second))).min(1.0)
}

/// p-values corrected for their number by Holm's method, in their order.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut corrected = vec![0.0; p_values.len()];
    let mut least: f64 = 0.0;
    for (smaller, &at) in order.iter().enumerate() {
        least = least.max((p_values.len() - smaller) as f64 * p_values[at]);
        corrected[at] = least.min(1.0);
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: Option<f64>, expected: f64) {
        let value = value.expect("a value");
        assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
    }

    #[test]
    fn figures_of_nothing_are_none() {
        assert_eq!(Count::default().f1(), None);
        assert_eq!(macro_f1(&[]), None);
        assert_eq!(weighted_f1(&[Count::default()]), None);
        assert_eq!(mean(&[], &[]), None);
        assert_eq!(mean(&[1.0], &[0]), None);
        assert_eq!(Ranked::new(&[]).tau_b(&[]), None);
        assert_eq!(Ranked::new(&[(1.0, 2.0), (1.0, 3.0)]).tau_b(&[1, 1]), None);
        assert_eq!(krippendorff_alpha(&[], 2, Level::Nominal), None);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn a_weight_is_as_many_rows() {
        let rows = [(vec![0], vec![0]), (vec![1], vec![0]), (vec![1], vec![1])];
        let weights = [2, 0, 3];
        let copies: Vec<LabelSets> = rows
            .iter()
            .zip(weights)
            .flat_map(|(row, weight)| vec![row.clone(); weight as usize])
            .collect();
        let ones = vec![1; copies.len()];
        assert_eq!(count(&rows, 2, &weights), count(&copies, 2, &ones));

        let pairs = [(1.0, 3.0), (2.0, 1.0), (2.0, 2.5), (4.0, 4.0), (0.5, 2.5)];
        let weights = [2, 1, 0, 3, 1];
        let copies: Vec<(f64, f64)> = pairs
            .iter()
            .zip(weights)
            .flat_map(|(pair, weight)| vec![*pair; weight as usize])
            .collect();
        let direct = Ranked::new(&copies).tau_b(&vec![1; copies.len()]);
        assert_eq!(Ranked::new(&pairs).tau_b(&weights), direct);
        close(Ranked::new(&[(1.0, 1.0), (2.0, 2.0)]).tau_b(&[1, 1]), 1.0);
    }

    /// The example of Krippendorff (2011), "Computing Krippendorff's
    /// Alpha-Reliability", section C: four observers, twelve units, five
    /// labels, some missing; 0.743 for nominal and 0.815 for ordinal data.
    #[test]
    fn alpha_is_that_of_the_published_example() {
        let observers = [
            "123321412***",
            "1233224125*3",
            "*3332342251*",
            "12332441251*",
        ];
        let units: Vec<Vec<Option<usize>>> = (0..12)
            .map(|unit| {
                let labels = observers.iter().map(|row| row.as_bytes()[unit]);
                labels
                    .map(|label| label.checked_sub(b'1').map(usize::from))
                    .collect()
            })
            .collect();
        let alpha = |level| krippendorff_alpha(&units, 5, level).expect("labels that differ");
        assert!(
            (alpha(Level::Nominal) - 0.743).abs() < 5e-4,
            "{}",
            alpha(Level::Nominal)
        );
        assert!(
            (alpha(Level::Ordinal) - 0.815).abs() < 5e-4,
            "{}",
            alpha(Level::Ordinal)
        );
    }

    /// `scipy.stats.binomtest(b, b + c).pvalue` of SciPy 1.17.
    #[test]
    fn mcnemar_is_a_sign_test() {
        for (first, second, p) in [
            (0, 0, 1.0),
            (1, 0, 1.0),
            (0, 6, 0.03125),
            (3, 12, 0.03515625),
            (40, 60, 0.056_887_933_640_989_81),
        ] {
            let value = mcnemar_exact(first, second);
            assert!((value - p).abs() < 1e-9, "{first}, {second}: {value}");
        }
    }

    #[test]
    fn holm_corrects_step_by_step() {
        let corrected = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (value, expected) in corrected.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            close(Some(*value), expected);
        }
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
    }
}
