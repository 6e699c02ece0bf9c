//! The probabilities of a checkpoint's labels → scores as our own model gives them.

use super::asked::Asked;
use super::labels::{Tone, Topics};
use crate::analysis::likeliest;
use crate::classify::{Scores, TopicScores};
use crate::prepare::Document;
use crate::tokenize::Window;

/// What a checkpoint says of the texts of a document.
pub(super) struct Answers<'a> {
    asked: &'a Asked,
    /// The probabilities of the labels, text by text.
    told: &'a [Vec<f32>],
}

impl<'a> Answers<'a> {
    pub(super) fn new(asked: &'a Asked, told: &'a [Vec<f32>]) -> Self {
        Self { asked, told }
    }

    fn whole(&self) -> &'a [f32] {
        &self.told[self.asked.whole]
    }

    fn each(&self, texts: &'a [Option<usize>]) -> impl Iterator<Item = Option<&'a [f32]>> {
        texts
            .iter()
            .map(|text| text.map(|text| &self.told[text][..]))
    }
}

/// Overwrites every sentiment of a document.
pub(super) fn sentiment(tones: &[Option<Tone>], answers: &Answers<'_>, scores: &mut Scores) {
    let polarities = |told: &[f32]| read(tones, told).0;
    let each = |texts| {
        answers
            .each(texts)
            .map(|told| told.map(polarities))
            .collect()
    };
    (scores.sentiment, scores.stars) = read(tones, answers.whole());
    scores.segments = each(&answers.asked.segments);
    scores.turns = each(&answers.asked.turns);
    let opening = answers.asked.opening;
    scores.opening = opening.map(|text| polarities(&answers.told[text]));
}

/// The probabilities of the polarities, and the expected stars.
fn read(tones: &[Option<Tone>], told: &[f32]) -> ([f32; 3], f32) {
    let known = tones.iter().zip(told);
    let known = known.filter_map(|(tone, &probability)| Some(((*tone)?, probability)));
    // Labels that say nothing to us take no part.
    let total: f32 = known.clone().map(|(_, probability)| probability).sum();
    let mut sentiment = [0.0; 3];
    let mut stars = 0.0;
    for (tone, probability) in known.clone() {
        let share = match total > 0.0 {
            true => probability / total,
            false => 1.0 / known.clone().count() as f32,
        };
        sentiment[tone.polarity() as usize] += share;
        stars += share * tone.stars();
    }
    (sentiment, stars)
}

/// The topics of a document, likeliest first. `tones` are those of its segments.
pub(super) fn topics(
    labels: &Topics,
    answers: &Answers<'_>,
    document: &Document,
    windows: &[Window],
    tones: &[Option<[f32; 3]>],
) -> Vec<TopicScores> {
    let mut found = Vec::new();
    for (topic, own) in labels.by_topic() {
        let probability = labels.probability(&own, answers.whole());
        if probability < labels.threshold {
            continue;
        }
        let shares = answers.each(&answers.asked.segments);
        let shares = shares.map(|told| told.map_or(0.0, |told| labels.probability(&own, told)));
        let shares: Vec<f32> = shares.collect();
        let told = own
            .iter()
            .max_by(|(a, _), (b, _)| answers.whole()[*a].total_cmp(&answers.whole()[*b]));
        let told = told.and_then(|(_, subject)| subject.polarity);
        found.push(TopicScores {
            topic: topic.clone(),
            probability,
            polarity: told.unwrap_or_else(|| likeliest(&mean(&shares, tones))),
            attention: attention(&shares, document, windows),
        });
    }
    found.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    found
}

/// The tone of the segments, those that speak of a topic more count for more.
fn mean(shares: &[f32], tones: &[Option<[f32; 3]>]) -> [f32; 3] {
    let mut mean = [0.0; 3];
    for (share, tone) in shares.iter().zip(tones) {
        for (mean, probability) in mean.iter_mut().zip(tone.unwrap_or_default()) {
            *mean += share * probability;
        }
    }
    mean
}

/// Where a topic is spoken of, as if it looked at each segment as much as it is
/// likely there, and at all of its tokens alike.
fn attention(shares: &[f32], document: &Document, windows: &[Window]) -> Vec<(usize, Vec<f32>)> {
    let windows = windows.iter().enumerate();
    let windows = windows.filter(|(_, window)| !window.opening);
    let mut tokens = vec![0; document.segments.len()];
    for (_, window) in windows.clone() {
        for (segment, places) in &window.segments {
            tokens[*segment] += places.len();
        }
    }
    let looks = windows.map(|(index, window)| {
        let mut attention = vec![0.0; window.ids.len()];
        for (segment, places) in &window.segments {
            attention[places.clone()].fill(shares[*segment] / tokens[*segment] as f32);
        }
        (index, attention)
    });
    looks.collect()
}
