//! Heads on a mean of token vectors.

use std::ops::Range;

use crate::analysis::Scored;
use crate::encode::Dense;
use crate::error::Result;
use crate::kernel;
use crate::model::manifest::HeadShape;
use crate::model::weights::Weights;

use super::sort_by_probability;

/// A sum of token vectors that can still grow.
#[derive(Clone, Default)]
pub(super) struct Pool {
    sum: Vec<f32>,
    count: usize,
}

impl Pool {
    pub(super) fn of(rows: &[f32], dimension: usize) -> Self {
        let mut sum = vec![0.0; dimension];
        for row in rows.chunks_exact(dimension) {
            for (sum, value) in sum.iter_mut().zip(row) {
                *sum += value;
            }
        }
        Self {
            sum,
            count: rows.len() / dimension,
        }
    }

    /// Of the rows that are in none of the `left_out`, which are in order.
    pub(super) fn outside(rows: &[f32], dimension: usize, left_out: &[Range<usize>]) -> Self {
        let mut pool = Self::default();
        let mut at = 0;
        let end = rows.len() / dimension;
        for tokens in left_out.iter().cloned().chain(std::iter::once(end..end)) {
            pool.add(&Self::of(
                &rows[at * dimension..tokens.start * dimension],
                dimension,
            ));
            at = tokens.end;
        }
        pool
    }

    pub(super) fn add(&mut self, other: &Self) {
        if self.count == 0 {
            self.clone_from(other);
            return;
        }
        for (sum, value) in self.sum.iter_mut().zip(&other.sum) {
            *sum += value;
        }
        self.count += other.count;
    }

    /// As [`add`](Self::add), without a copy of the first: a long document has
    /// many segments, each with a sum.
    pub(super) fn absorb(&mut self, other: Self) {
        match self.count {
            0 => *self = other,
            _ => self.add(&other),
        }
    }

    /// The mean vector; `None` of no vectors.
    pub(super) fn mean(&self) -> Option<Vec<f32>> {
        let count = self.count as f32;
        (self.count > 0).then(|| self.sum.iter().map(|sum| sum / count).collect())
    }
}

/// One hidden layer with GELU, or none, and a linear layer on top.
pub(super) struct PooledHead<L> {
    hidden: Option<Dense>,
    output: Dense,
    labels: Vec<L>,
    temperature: f32,
    thresholds: Vec<f32>,
}

impl<L: Copy> PooledHead<L> {
    pub(super) fn new(
        weights: &Weights<'_>,
        name: &str,
        shape: &HeadShape,
        inputs: usize,
        labels: Vec<L>,
    ) -> Result<Self> {
        let (hidden, width) = match shape.hidden {
            0 => (None, inputs),
            width => {
                let hidden = Dense::new(weights, &format!("heads.{name}.hidden"), inputs, width)?;
                (Some(hidden), width)
            }
        };
        Ok(Self {
            hidden,
            output: Dense::new(
                weights,
                &format!("heads.{name}.output"),
                width,
                labels.len(),
            )?,
            labels,
            temperature: shape.temperature,
            thresholds: shape.thresholds.clone(),
        })
    }

    /// One logit a label, before temperature.
    pub(super) fn raw_logits(&self, mean: &[f32]) -> Vec<f32> {
        match &self.hidden {
            None => self.output.apply_row(mean),
            Some(hidden) => {
                let mut inner = hidden.apply_row(mean);
                kernel::gelu(&mut inner);
                self.output.apply_row(&inner)
            }
        }
    }

    /// Calibrated logits.
    fn logits(&self, mean: &[f32]) -> Vec<f32> {
        self.raw_logits(mean)
            .iter()
            .map(|logit| logit / self.temperature)
            .collect()
    }

    /// Probabilities of labels of which exactly one holds; they sum to 1.
    pub(super) fn distribution(&self, mean: &[f32]) -> Vec<Scored<L>> {
        let mut logits = self.logits(mean);
        kernel::softmax(&mut logits);
        self.scored(logits).collect()
    }

    /// The labels whose own probability reaches their threshold, likeliest first.
    pub(super) fn labels(&self, mean: &[f32]) -> Vec<Scored<L>> {
        let mut probabilities = self.logits(mean);
        kernel::sigmoid(&mut probabilities);
        let mut labels: Vec<_> = self
            .scored(probabilities)
            .zip(&self.thresholds)
            .filter_map(|(scored, &threshold)| (scored.probability >= threshold).then_some(scored))
            .collect();
        sort_by_probability(&mut labels, |scored| scored.probability);
        labels
    }

    fn scored(&self, probabilities: Vec<f32>) -> impl Iterator<Item = Scored<L>> {
        let labels = self.labels.iter().zip(probabilities);
        labels.map(|(&label, probability)| Scored { label, probability })
    }
}
