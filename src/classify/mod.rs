//! Token vectors → probabilities of every label.
//!
//! Each window is reduced to its [`WindowScores`] as soon as it is encoded, so
//! that token vectors never pile up; the windows of a document are added to its
//! [`Sums`], which then become its [`Scores`].

mod pooled;
mod topics;

use std::sync::Arc;

use crate::analysis::Scored;
use crate::encode::Encoder;
use crate::error::{Error, OF_ANOTHER_AGE, Result};
use crate::label::{Act, Emotion, Polarity, Urgency};
use crate::model::Model;
use crate::model::manifest::HeadShape;
use crate::model::weights::Weights;
use crate::prepare::Document;
use crate::taxonomy::Taxonomy;
use crate::tokenize::Window;
use pooled::{Pool, PooledHead};
use topics::{TopicHead, TopicSum};
pub(crate) use topics::{TopicHit, TopicScores};

/// All heads of a model.
pub(crate) struct Classifier {
    sentiment: PooledHead<Polarity>,
    stars: PooledHead<f32>,
    emotions: PooledHead<Emotion>,
    act: PooledHead<Act>,
    urgency: PooledHead<Urgency>,
    mixed: PooledHead<()>,
    topics: TopicHead,
    low_confidence: f32,
    model_id: Arc<str>,
}

/// What is kept of an encoded window.
#[derive(Default)]
pub(crate) struct WindowScores {
    pool: Pool,
    segments: Vec<(usize, Pool)>,
    topics: Vec<TopicHit>,
    /// Of the opening of a conversation, which has a window to itself.
    opening: Pool,
}

/// What is kept of the windows of a document so far.
#[derive(Default)]
pub(crate) struct Sums {
    whole: Pool,
    opening: Pool,
    /// Of all segments, context or not.
    all: Pool,
    /// The last segment, which may go on in the next window, and its number; the
    /// same of the last turn.
    segment: (usize, Pool),
    turn: (usize, Pool),
    /// The sentiment of each segment and turn before it.
    segments: Vec<Option<[f32; 3]>>,
    turns: Vec<Option<[f32; 3]>>,
    topics: Vec<TopicSum>,
    windows: usize,
}

/// What the heads say of a document.
pub(crate) struct Scores {
    /// The model that says so.
    pub(crate) model: Arc<str>,
    /// In the order of [`Polarity::ALL`], as all triples here.
    pub(crate) sentiment: [f32; 3],
    /// Whether the likeliest sentiment is too unlikely to act on.
    pub(crate) low_confidence: bool,
    /// Expected value, `1.0..=5.0`.
    pub(crate) stars: f32,
    pub(crate) mixed: bool,
    /// Those above their thresholds, likeliest first.
    pub(crate) emotions: Vec<Scored<Emotion>>,
    pub(crate) act: Scored<Act>,
    pub(crate) urgency: Urgency,
    /// Expected urgency: 1 for `P1` down to 0 for `P4`.
    pub(crate) urgency_degree: f32,
    /// Those above their thresholds, likeliest first.
    pub(crate) topics: Vec<TopicScores>,
    /// The sentiment of each segment, by its number; `None` for a segment
    /// without tokens.
    pub(crate) segments: Vec<Option<[f32; 3]>>,
    /// The same of each turn.
    pub(crate) turns: Vec<Option<[f32; 3]>>,
    /// The sentiment of a conversation's opening without the rest.
    pub(crate) opening: Option<[f32; 3]>,
}

impl Scores {
    /// The probability of the likeliest sentiment.
    pub(crate) fn confidence(&self) -> f32 {
        self.sentiment.iter().copied().fold(0.0, f32::max)
    }
}

impl Classifier {
    /// Reads the heads of `model` for vectors of `encoder`.
    pub(crate) fn new(model: &Model, encoder: &dyn Encoder, taxonomy: &Taxonomy) -> Result<Self> {
        let manifest = model.manifest();
        let heads = &manifest.heads;
        if encoder.dimension() != manifest.encoder.hidden {
            return Err(Error::model(format!(
                "the encoder gives vectors of {}, the heads take {}",
                encoder.dimension(),
                manifest.encoder.hidden
            ))
            .with_hint("take the encoder that the heads were trained on"));
        }
        let loader = Loader {
            weights: model.weights()?,
            inputs: encoder.dimension(),
        };
        Ok(Self {
            sentiment: loader.head("sentiment", &heads.sentiment, Polarity::from_code)?,
            stars: loader.head("stars", &heads.stars, |label| {
                label.parse().ok().filter(|star| (1.0..=5.0).contains(star))
            })?,
            emotions: loader.head("emotions", &heads.emotions, Emotion::from_code)?,
            act: loader.head("act", &heads.act, Act::from_code)?,
            urgency: loader.head("urgency", &heads.urgency, Urgency::from_code)?,
            mixed: loader.head("mixed", &heads.mixed, |label| {
                (label == "mixed").then_some(())
            })?,
            topics: TopicHead::new(
                &loader.weights,
                &heads.topics,
                loader.inputs,
                taxonomy.select(&heads.topics.labels)?,
            )?,
            low_confidence: manifest.low_confidence,
            model_id: model.id().into(),
        })
    }

    /// The model as records name it.
    pub(crate) fn model_id(&self) -> &Arc<str> {
        &self.model_id
    }

    /// Reduces a window, whose token vectors stand in `rows` one after the other.
    /// Its context has been read with the rest, and is heard no further.
    pub(crate) fn window(&self, window: &Window, rows: &[f32]) -> WindowScores {
        let dimension = rows.len() / window.ids.len();
        let segments = window.segments.iter().map(|(index, tokens)| {
            let rows = &rows[tokens.start * dimension..tokens.end * dimension];
            (*index, Pool::of(rows, dimension))
        });
        let pool = match window.is_heard() {
            true => Pool::outside(rows, dimension, &window.context),
            false => Pool::default(),
        };
        if window.opening {
            return WindowScores {
                opening: pool,
                ..WindowScores::default()
            };
        }
        WindowScores {
            pool,
            segments: segments.collect(),
            topics: self.topics(window, rows, dimension),
            opening: Pool::default(),
        }
    }

    /// The topics that a window speaks of: none where it holds nothing but
    /// context, whatever its marks attract. A question counts for the tone of its
    /// answer, which may be one word; what it is about is not what the customer
    /// speaks of.
    fn topics(&self, window: &Window, rows: &[f32], dimension: usize) -> Vec<TopicHit> {
        if !window.is_heard() {
            return Vec::new();
        }
        let Some(own) = window.without_questions() else {
            return self.topics.hits(rows, &window.context);
        };
        let vectors = own
            .iter()
            .flat_map(|token| &rows[token * dimension..][..dimension]);
        let vectors: Vec<f32> = vectors.copied().collect();
        // Answers to questions are no conversation.
        let mut hits = self.topics.hits(&vectors, &[]);
        for hit in &mut hits {
            hit.spread(&own, window.ids.len());
        }
        hits
    }

    /// Adds the next window of `document` to `sums`. Windows come in order, so
    /// that a segment or a turn has its tone once another one begins.
    pub(crate) fn add(&self, document: &Document, sums: &mut Sums, window: WindowScores) {
        sums.opening.add(&window.opening);
        sums.whole.add(&window.pool);
        for (index, pool) in window.segments {
            if sums.segment.0 != index {
                self.end_segment(document, sums);
                sums.segment.0 = index;
            }
            sums.segment.1.absorb(pool);
        }
        self.topics
            .add(&mut sums.topics, sums.windows, window.topics);
        sums.windows += 1;
    }

    fn end_segment(&self, document: &Document, sums: &mut Sums) {
        let (index, pool) = std::mem::take(&mut sums.segment);
        let Some(mean) = pool.mean() else { return };
        sums.segments.resize(document.segments.len(), None);
        sums.segments[index] = Some(self.sentiment(&mean));
        sums.all.add(&pool);
        let turn = document.segments[index].turn;
        if sums.turn.0 != turn {
            self.end_turn(document, sums);
            sums.turn.0 = turn;
        }
        sums.turn.1.absorb(pool);
    }

    fn end_turn(&self, document: &Document, sums: &mut Sums) {
        let (turn, pool) = std::mem::take(&mut sums.turn);
        let Some(mean) = pool.mean() else { return };
        sums.turns.resize(document.turns.len(), None);
        sums.turns[turn] = Some(self.sentiment(&mean));
    }

    /// Scores a document; `sums` are those of all of its windows, at least one.
    pub(crate) fn document(&self, document: &Document, mut sums: Sums) -> Scores {
        self.end_segment(document, &mut sums);
        self.end_turn(document, &mut sums);
        sums.segments.resize(document.segments.len(), None);
        sums.turns.resize(document.turns.len(), None);
        // What is not context can be without tokens.
        let mean = sums.whole.mean().or_else(|| sums.all.mean());
        let mean = mean.expect("a window without tokens is heard");

        let sentiment = self.sentiment(&mean);
        let urgency = self.urgency.distribution(&mean);
        Scores {
            model: Arc::clone(&self.model_id),
            sentiment,
            low_confidence: sentiment.iter().all(|&p| p < self.low_confidence),
            stars: self
                .stars
                .distribution(&mean)
                .iter()
                .map(|s| s.label * s.probability)
                .sum::<f32>()
                // Probabilities sum to 1 but for rounding.
                .clamp(1.0, 5.0),
            mixed: !self.mixed.labels(&mean).is_empty(),
            emotions: self.emotions.labels(&mean),
            act: most_likely(&self.act.distribution(&mean)),
            urgency: most_likely(&urgency).label,
            urgency_degree: urgency
                .iter()
                .map(|s| degree(s.label) * s.probability)
                .sum::<f32>()
                .min(1.0),
            topics: self.topics.found(sums.topics),
            segments: sums.segments,
            turns: sums.turns,
            opening: sums.opening.mean().map(|mean| self.sentiment(&mean)),
        }
    }

    fn sentiment(&self, mean: &[f32]) -> [f32; 3] {
        let mut probabilities = [0.0; 3];
        for scored in self.sentiment.distribution(mean) {
            probabilities[scored.label as usize] = scored.probability;
        }
        probabilities
    }
}

fn degree(urgency: Urgency) -> f32 {
    match urgency {
        Urgency::P1 => 1.0,
        Urgency::P2 => 2.0 / 3.0,
        Urgency::P3 => 1.0 / 3.0,
        Urgency::P4 => 0.0,
    }
}

/// The likeliest label, the first of equals.
fn most_likely<L: Copy>(distribution: &[Scored<L>]) -> Scored<L> {
    let best = distribution
        .iter()
        .rev()
        .max_by(|a, b| a.probability.total_cmp(&b.probability));
    *best.expect("a head has labels")
}

/// Likeliest first; equals keep their order.
fn sort_by_probability<T>(items: &mut [T], probability: impl Fn(&T) -> f32) {
    items.sort_by(|a, b| probability(b).total_cmp(&probability(a)));
}

struct Loader<'data> {
    weights: Weights<'data>,
    inputs: usize,
}

impl Loader<'_> {
    fn head<L: Copy>(
        &self,
        name: &str,
        shape: &HeadShape,
        label: impl Fn(&str) -> Option<L>,
    ) -> Result<PooledHead<L>> {
        let labels = shape.labels.iter().map(|code| {
            label(code).ok_or_else(|| {
                Error::model(format!(
                    "head {name} of the model has an unknown label {code}"
                ))
                .with_hint(OF_ANOTHER_AGE)
            })
        });
        let labels = labels.collect::<Result<_>>()?;
        PooledHead::new(&self.weights, name, shape, self.inputs, labels)
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use crate::encode::Engine;
    use crate::golden::{self, assert_close};

    /// On the reference engine rounding alone: 1e-3. On int8 the bytes of the
    /// activations; logits span about ±8.
    const TOLERANCES: [(Engine, f32, f32); 2] =
        [(Engine::Float, 1e-3, 1e-4), (Engine::Int8, 0.5, 0.03)];

    #[test]
    fn logits_match_the_reference() {
        for (model, golden) in golden::all() {
            for (engine, logits, attention) in TOLERANCES {
                check(&model, &golden, engine, logits, attention);
            }
        }
    }

    #[test]
    fn a_window_of_nothing_but_context_has_no_topics() {
        let (model, _) = golden::all().swap_remove(0);
        let encoder = Engine::Int8
            .load(&model)
            .expect("a model of the repository");
        let classifier = Classifier::new(&model, &*encoder, Taxonomy::built_in())
            .expect("a model of the repository");
        // One token, so that its marks have much of the attention.
        let window = |context: Option<Range<usize>>| Window {
            ids: vec![0, 7, 2],
            places: vec![0..0, 0..1, 0..0],
            segments: vec![(0, 1..2)],
            context: context.into_iter().collect(),
            opening: false,
        };
        let embeddings = encoder.encode(&[&[0, 7, 2]]).expect("valid ids");
        let topics = |window| {
            classifier
                .window(&window, embeddings.rows(0, 3))
                .topics
                .len()
        };
        assert!(topics(window(None)) > 0);
        assert_eq!(topics(window(Some(1..2))), 0);
    }

    fn check(model: &Model, golden: &golden::Golden, engine: Engine, logits: f32, attention: f32) {
        let encoder = engine.load(model).expect("a model of the repository");
        let classifier = Classifier::new(model, &*encoder, Taxonomy::built_in())
            .expect("a model of the repository");
        for item in &golden.items {
            let embeddings = encoder.encode(&[&item.ids]).expect("the encoder's own ids");
            let rows = embeddings.rows(0, item.ids.len());
            let mean = Pool::of(rows, encoder.dimension())
                .mean()
                .expect("a window has tokens");
            let what = format!("{engine}: {}", item.text);
            let expected = &item.logits;
            let pooled = [
                (classifier.sentiment.raw_logits(&mean), &expected.sentiment),
                (classifier.stars.raw_logits(&mean), &expected.stars),
                (classifier.emotions.raw_logits(&mean), &expected.emotions),
                (classifier.act.raw_logits(&mean), &expected.act),
                (classifier.urgency.raw_logits(&mean), &expected.urgency),
                (classifier.mixed.raw_logits(&mean), &expected.mixed),
            ];
            for (ours, reference) in pooled {
                assert_close(&ours, reference, logits, &what);
            }
            let looks = classifier.topics.look(rows);
            for (topic, reference) in expected.topics.iter().enumerate() {
                let ours = classifier.topics.raw_logits(topic, &looks.seen(topic));
                assert_close(&ours, reference, logits, &what);
            }
            for (topic, reference) in item.attention.iter().flatten().enumerate() {
                assert_close(&looks.attention(topic), reference, attention, &what);
            }
        }
    }
}
