//! The topic head: each topic looks for itself among the tokens.
//!
//! Topic *t* has a query; a softmax over its match with every token says where
//! it looks, and what it sees there decides whether the topic is absent or
//! spoken of badly, neutrally or well. Where it looks is the evidence.

use std::ops::Range;

use ndarray::{Array2, s};

use crate::analysis::likeliest;
use crate::encode::Dense;
use crate::error::Result;
use crate::kernel;
use crate::label::Polarity;
use crate::model::manifest::TopicHeadShape;
use crate::model::weights::Weights;
use crate::taxonomy::Topic;

use super::sort_by_probability;

/// Classes of a topic: absent, then the polarities in the order of [`Polarity::ALL`].
const CLASSES: usize = 4;

/// A topic counts if it looks at least so much at what is not context. Of 0,
/// 0.1, 0.2, 0.3 and 0.5, and of not letting it look at the context at all, this
/// gave the most right topics on transcripts.
const LEAST_HEARD: f32 = 0.1;

/// A topic of a long document is quoted from at most so many windows, those that
/// are surest of it: a document of any length keeps no more attention than that.
const MOST_LOOKS: usize = 64;

pub(super) struct TopicHead {
    topics: Vec<Topic>,
    /// Queries times keys, `[topics, hidden]`: the match of a topic with a
    /// token is linear in the token's vector.
    attention: Array2<f32>,
    /// Queries times the keys' bias, `[topics]`.
    attention_bias: Vec<f32>,
    hidden: Option<Dense>,
    /// `[topics · CLASSES, width]`.
    output: Array2<f32>,
    output_bias: Array2<f32>,
    temperature: f32,
    thresholds: Vec<f32>,
}

/// A topic found in a window.
pub(crate) struct TopicHit {
    /// Its number in the model.
    topic: usize,
    probability: f32,
    polarities: [f32; 3],
    /// How much of the attention each token of the window has; sums to 1.
    attention: Vec<f32>,
}

impl TopicHit {
    /// Spreads the attention on some tokens of a window, which are in order,
    /// over all of its `tokens`.
    pub(super) fn spread(&mut self, some: &[usize], tokens: usize) {
        let mut attention = vec![0.0; tokens];
        for (&token, share) in some.iter().zip(&self.attention) {
            attention[token] = *share;
        }
        self.attention = attention;
    }
}

/// A topic found in a document.
pub(crate) struct TopicScores {
    pub(crate) topic: Topic,
    /// That it is spoken of.
    pub(crate) probability: f32,
    pub(crate) polarity: Polarity,
    /// Where the topic looked, in each window that speaks of it: the window's
    /// number and the attention on each of its tokens.
    pub(crate) attention: Vec<(usize, Vec<f32>)>,
}

/// Where each topic looked, and what it saw.
pub(super) struct Looks {
    /// `[topics, tokens]`; each row sums to 1.
    attention: Array2<f32>,
    /// `[topics, hidden]`: means of the tokens by attention.
    seen: Array2<f32>,
}

impl Looks {
    pub(super) fn attention(&self, topic: usize) -> Vec<f32> {
        self.attention.row(topic).to_vec()
    }

    pub(super) fn seen(&self, topic: usize) -> Vec<f32> {
        self.seen.row(topic).to_vec()
    }
}

impl TopicHead {
    pub(super) fn new(
        weights: &Weights<'_>,
        shape: &TopicHeadShape,
        inputs: usize,
        topics: Vec<Topic>,
    ) -> Result<Self> {
        let count = topics.len();
        let key = weights.matrix("heads.topics.key.weight", shape.key, inputs)?;
        let key_bias = weights.vector("heads.topics.key.bias", shape.key)?.to_vec();
        // Dot products of unit-like vectors grow with √width; so they are divided by it.
        let query =
            weights.matrix("heads.topics.query", count, shape.key)? / (shape.key as f32).sqrt();
        let (hidden, width) = match shape.hidden {
            0 => (None, inputs),
            width => (
                Some(Dense::new(weights, "heads.topics.hidden", inputs, width)?),
                width,
            ),
        };
        let key = key.as_slice().expect("a standard matrix");
        let mut attention = Array2::zeros((count, inputs));
        let mut attention_bias = Vec::with_capacity(count);
        for (query, mut out) in query.outer_iter().zip(attention.outer_iter_mut()) {
            let query = query.as_slice().expect("a row of a standard matrix");
            let out = out.as_slice_mut().expect("a row of a standard matrix");
            kernel::weighted_sum(query, key, out);
            attention_bias.push(kernel::dot(query, &key_bias));
        }
        Ok(Self {
            attention,
            attention_bias,
            hidden,
            output: weights.stack("heads.topics.output.weight", count, CLASSES, width)?,
            output_bias: weights.matrix("heads.topics.output.bias", count, CLASSES)?,
            temperature: shape.temperature,
            thresholds: shape.thresholds.clone(),
            topics,
        })
    }

    /// The topics that a window speaks of; its token vectors stand in `rows`. A
    /// topic that looks at nothing but the `context` is none of the customer's.
    pub(super) fn hits(&self, rows: &[f32], context: &[Range<usize>]) -> Vec<TopicHit> {
        let looks = self.look(rows);
        let mut hits = Vec::new();
        for (topic, &threshold) in self.thresholds.iter().enumerate() {
            let mut classes = self.raw_logits(topic, &looks.seen(topic));
            for class in &mut classes {
                *class /= self.temperature;
            }
            kernel::softmax(&mut classes);
            let [absent, polarities @ ..] = classes;
            let probability = 1.0 - absent;
            let attention = looks.attention.row(topic);
            let on_context = context
                .iter()
                .flat_map(|tokens| attention.slice(s![tokens.clone()]).to_vec());
            let heard = 1.0 - on_context.sum::<f32>();
            if probability >= threshold && heard >= LEAST_HEARD {
                hits.push(TopicHit {
                    topic,
                    probability,
                    polarities,
                    attention: looks.attention(topic),
                });
            }
        }
        hits
    }

    /// Lets each topic look at the tokens whose vectors stand in `rows`.
    pub(super) fn look(&self, rows: &[f32]) -> Looks {
        let (topics, dimension) = self.attention.dim();
        let mut attention = Array2::zeros((topics, rows.len() / dimension));
        let mut seen = Array2::zeros((topics, dimension));
        for (topic, &bias) in self.attention_bias.iter().enumerate() {
            let query = self.attention.row(topic);
            let query = query.as_slice().expect("a row of a standard matrix");
            let mut attention = attention.row_mut(topic);
            let attention = attention
                .as_slice_mut()
                .expect("a row of a standard matrix");
            kernel::dots(rows, query, attention);
            attention.iter_mut().for_each(|weight| *weight += bias);
            kernel::softmax(attention);
            let mut seen = seen.row_mut(topic);
            let seen = seen.as_slice_mut().expect("a row of a standard matrix");
            kernel::weighted_sum(attention, rows, seen);
        }
        Looks { attention, seen }
    }

    /// One logit a class of `topic`, given what it saw, before temperature.
    pub(super) fn raw_logits(&self, topic: usize, seen: &[f32]) -> [f32; CLASSES] {
        let inner = self.hidden.as_ref().map(|hidden| {
            let mut inner = hidden.apply_row(seen);
            kernel::gelu(&mut inner);
            inner
        });
        let inner = inner.as_deref().unwrap_or(seen);
        let mut classes = [0.0; CLASSES];
        let weights = s![topic * CLASSES..(topic + 1) * CLASSES, ..];
        let weights = self.output.slice(weights);
        kernel::dots(
            weights.as_slice().expect("rows of a standard matrix"),
            inner,
            &mut classes,
        );
        for (class, bias) in classes.iter_mut().zip(self.output_bias.row(topic)) {
            *class += bias;
        }
        classes
    }

    /// Adds the hits of a document's next window to what `sums`, one a topic,
    /// hold of those before it.
    pub(super) fn add(&self, sums: &mut Vec<TopicSum>, window: usize, hits: Vec<TopicHit>) {
        sums.resize_with(self.topics.len(), TopicSum::default);
        for hit in hits {
            sums[hit.topic].add(window, hit);
        }
    }

    /// The topics of a document, likeliest first.
    pub(super) fn found(&self, sums: Vec<TopicSum>) -> Vec<TopicScores> {
        let sums = self.topics.iter().zip(sums);
        let found = sums.filter(|(_, sum)| !sum.looks.is_empty());
        let found = found.map(|(topic, sum)| TopicScores {
            topic: topic.clone(),
            probability: sum.probability,
            polarity: likeliest(&sum.polarities),
            attention: sum.looks.into_iter().map(|(_, look)| look).collect(),
        });
        let mut found: Vec<_> = found.collect();
        sort_by_probability(&mut found, |topic| topic.probability);
        found
    }
}

/// A topic in the windows of a document so far.
#[derive(Default)]
pub(super) struct TopicSum {
    /// Those of the window that is surest of it.
    probability: f32,
    polarities: [f32; 3],
    /// The probability in a window, and where the topic looked there.
    looks: Vec<(f32, (usize, Vec<f32>))>,
}

impl TopicSum {
    fn add(&mut self, window: usize, hit: TopicHit) {
        if hit.probability > self.probability {
            self.probability = hit.probability;
            self.polarities = hit.polarities;
        }
        self.looks.push((hit.probability, (window, hit.attention)));
        if self.looks.len() > MOST_LOOKS {
            let looks = self.looks.iter().enumerate();
            let least = looks
                .rev()
                .min_by(|(_, (a, _)), (_, (b, _))| a.total_cmp(b));
            let (least, _) = least.expect("more looks than none");
            self.looks.remove(least);
        }
    }
}
