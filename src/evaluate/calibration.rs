//! Whether a system that is 80 % sure is right four times in five.

use rand::RngExt;
use serde::Serialize;

use super::bootstrap::Bootstrap;

/// Bins of equal width, as most papers since Guo et al. (2017) have them.
const BINS: usize = 15;

/// Draws by which the error of a perfectly calibrated system is found.
const DRAWS: u32 = 200;

/// The shares of rows that [`Covered`] looks at.
const COVERAGES: [f64; 10] = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];

/// How confident a system is against how often it is right.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Bins of confidence that have rows, from unsure to sure: the reliability table.
    pub bins: Vec<Bin>,
    /// How accurate it is on the rows it is surest of.
    pub coverage: Vec<Covered>,
}

/// The rows whose confidence lies in a bin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Least confidence.
    pub from: f64,
    /// Confidence that is no longer in it, but for 1.
    pub to: f64,
    /// Rows in it.
    pub rows: usize,
    /// Their mean confidence.
    pub confidence: f64,
    /// The share of them that is right.
    pub accuracy: f64,
}

/// What a system that answers only where it is sure gets right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Covered {
    /// The share of rows that is answered.
    pub coverage: f64,
    /// The least confidence among them.
    pub confidence: f64,
    /// The share of them that is right.
    pub accuracy: f64,
}

/// The confidence in the answer to a row, and whether it is right.
pub(super) type Answer = (f64, bool);

impl Calibration {
    pub(super) fn new(answers: &[Answer]) -> Self {
        let mut bins = [(0_usize, 0.0, 0_usize); BINS];
        for &(confidence, right) in answers {
            let bin = &mut bins[bin(confidence)];
            bin.0 += 1;
            bin.1 += confidence;
            bin.2 += usize::from(right);
        }
        let bins = bins.iter().enumerate().filter(|(_, bin)| bin.0 > 0);
        let bins = bins.map(|(at, &(rows, confidence, right))| Bin {
            from: at as f64 / BINS as f64,
            to: (at + 1) as f64 / BINS as f64,
            rows,
            confidence: confidence / rows as f64,
            accuracy: right as f64 / rows as f64,
        });
        let mut sorted = answers.to_vec();
        sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
        let covered = |&coverage: &f64| {
            let rows = (coverage * sorted.len() as f64).round() as usize;
            let kept = &sorted[..rows];
            let right = kept.iter().filter(|(_, right)| *right).count();
            Some(Covered {
                coverage,
                confidence: kept.last()?.0,
                accuracy: right as f64 / rows as f64,
            })
        };
        Self {
            bins: bins.collect(),
            coverage: COVERAGES.iter().filter_map(covered).collect(),
        }
    }
}

fn bin(confidence: f64) -> usize {
    ((confidence * BINS as f64) as usize).min(BINS - 1)
}

/// Expected calibration error: how far confidence and accuracy are apart, each
/// bin as heavy as its rows.
pub(super) fn error(answers: &[Answer], weights: &[u32]) -> Option<f64> {
    let mut gaps = [0.0; BINS];
    let mut rows = 0.0;
    for (&(confidence, right), &weight) in answers.iter().zip(weights) {
        let weight = f64::from(weight);
        gaps[bin(confidence)] += weight * (confidence - f64::from(u8::from(right)));
        rows += weight;
    }
    let gap: f64 = gaps.iter().map(|gap: &f64| gap.abs()).sum();
    (rows > 0.0).then(|| gap / rows)
}

/// The mean error of a system that is right exactly as often as it says, on as
/// many rows: only what is above it is a fault of the system.
pub(super) fn error_by_chance(answers: &[Answer], bootstrap: Bootstrap) -> Option<f64> {
    let ones = vec![1; answers.len()];
    let errors = (0..DRAWS).filter_map(|draw| {
        let mut random = bootstrap.random(draw);
        let drawn: Vec<Answer> = answers
            .iter()
            .map(|&(confidence, _)| (confidence, random.random::<f64>() < confidence))
            .collect();
        error(&drawn, &ones)
    });
    let errors: Vec<f64> = errors.collect();
    (!errors.is_empty()).then(|| errors.iter().sum::<f64>() / errors.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_the_gap_between_confidence_and_accuracy() {
        // Two bins: 0.9 sure and half right; 0.5 sure and all right.
        let answers = [(0.9, true), (0.9, false), (0.5, true), (0.5, true)];
        let value = error(&answers, &[1; 4]).expect("rows");
        assert!(
            (value - (0.4 * 2.0 + 0.5 * 2.0) / 4.0).abs() < 1e-12,
            "{value}"
        );
        assert_eq!(error(&[], &[]), None);
        assert_eq!(error_by_chance(&[], Bootstrap::default()), None);
        // Sure and right: no error, and none by chance.
        assert_eq!(
            error_by_chance(&[(1.0, true)], Bootstrap::default()),
            Some(0.0)
        );
    }

    #[test]
    fn the_surest_rows_come_first() {
        let answers: Vec<Answer> = (0..10)
            .map(|row| (f64::from(row) / 10.0, row >= 5))
            .collect();
        let calibration = Calibration::new(&answers);
        let half = calibration.coverage[5];
        assert_eq!(
            (half.coverage, half.confidence, half.accuracy),
            (0.5, 0.5, 1.0)
        );
        assert_eq!(calibration.coverage[0].accuracy, 0.5);
        assert_eq!(
            calibration.bins.iter().map(|bin| bin.rows).sum::<usize>(),
            10
        );
        assert!(Calibration::new(&[]).coverage.is_empty());
    }

    #[test]
    fn confidence_out_of_range_is_put_in_the_last_bin() {
        assert_eq!(
            [0.0, 0.99, 1.0, 7.0, -1.0, f64::NAN].map(bin),
            [0, 14, 14, 14, 0, 0]
        );
    }
}
