//! Topics with blame → pain points, worst first.

use crate::analysis::PainPoint;
use crate::classify::{Scores, TopicScores};
use crate::label::{Act, Polarity};

use super::evidence::Evidence;

// The shares of severity. Urgency leads, because it is what a reader acts on;
// the words follow, because calm reports of grave faults exist and so do
// furious letters about trifles. Changing them reorders the pain points of a
// document, nothing else.
const URGENCY_SHARE: f32 = 0.45;
const WORDS_SHARE: f32 = 0.35;
const GRAVITY_SHARE: f32 = 0.20;

/// `evidence` belongs to the topics of `scores`, one by one.
pub(super) fn find(scores: &Scores, evidence: &[Evidence]) -> Vec<PainPoint> {
    let topics = scores.topics.iter().zip(evidence);
    let mut points: Vec<_> = topics
        .filter(|(topic, _)| hurts(topic, scores))
        .map(|(topic, evidence)| PainPoint {
            topic: topic.topic.clone(),
            severity: URGENCY_SHARE * scores.urgency_degree
                + WORDS_SHARE * negativity(scores, evidence)
                + GRAVITY_SHARE * topic.topic.gravity(),
            evidence: evidence.spans.clone(),
        })
        .collect();
    points.sort_by(|a, b| b.severity.total_cmp(&a.severity));
    points
}

/// Blame hurts; so does a fault that a complaint merely states.
fn hurts(topic: &TopicScores, scores: &Scores) -> bool {
    match topic.polarity {
        Polarity::Negative => true,
        Polarity::Neutral => scores.act.label == Act::Complaint,
        Polarity::Positive => false,
    }
}

/// How negative the quoted segments are, `0.0..=1.0`: the worst of them, or
/// the whole text where no segment is quoted.
fn negativity(scores: &Scores, evidence: &Evidence) -> f32 {
    let quoted = evidence
        .segments
        .iter()
        .filter_map(|&index| scores.segments[index]);
    let worst = quoted.map(|[negative, ..]| negative).reduce(f32::max);
    worst.unwrap_or(scores.sentiment[Polarity::Negative as usize])
}
