//! Probabilities and the document they belong to → an [`Analysis`].

mod conversation;
mod evidence;
mod pain_point;
mod urgency;
mod wordless;

use std::iter;
use std::sync::Arc;

use crate::analysis::{
    Analysis, Dropped, SegmentTone, Sentiment, TopicMention, UrgencyLevel, likeliest,
};
use crate::classify::Scores;
use crate::error::Result;
use crate::label::Flag;
use crate::prepare::Document;
use crate::tokenize::{Window, Words};
use conversation::Course;
use evidence::Evidence;
use urgency::Reasons;
use wordless::is_wordless;

/// What is needed to read scores.
pub(crate) struct Interpreter {
    words: Words,
    reasons: Reasons,
    course: Course,
}

impl Interpreter {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            words: Words::new(),
            reasons: Reasons::built_in()?,
            course: Course::built_in()?,
        })
    }

    /// What a document without a single token says: nothing.
    pub(crate) fn nothing(&self, document: &Document, model: &Arc<str>) -> Analysis {
        Analysis {
            model: Arc::clone(model),
            language: document.detection.language,
            language_confidence: document.detection.confidence,
            sentiment: None,
            emotions: Vec::new(),
            act: None,
            urgency: None,
            topics: Vec::new(),
            pain_points: Vec::new(),
            segments: Vec::new(),
            conversation: None,
            flags: iter::once(Flag::Empty)
                .chain(document.flags.iter().copied())
                .collect(),
            dropped: dropped(document),
            duplicate_of: None,
        }
    }

    /// What `document` says, given the `scores` of its `windows`.
    pub(crate) fn interpret(
        &self,
        document: &Document,
        windows: &[Window],
        mut scores: Scores,
    ) -> Analysis {
        let is_wordless = is_wordless(document);
        if is_wordless || document.flags.contains(&Flag::Meaningless) {
            scores.topics.clear();
        }
        // An answer may well be a figure.
        let mut segments = document.segments.iter();
        let is_answer = segments.any(|segment| segment.asked || segment.context);
        let evidence: Vec<Evidence> = scores
            .topics
            .iter()
            .map(|topic| evidence::find(document, windows, topic, &self.words))
            .collect();
        let pain_points = pain_point::find(&scores, &evidence);
        let reasons = self.reasons.of(document, &scores);
        let conversation = self.course.of(document, &scores);

        let segments = document.segments.iter().zip(&scores.segments);
        let segments = segments.filter_map(|(segment, sentiment)| {
            sentiment.map(|probabilities| SegmentTone {
                span: document.text.original(segment.range.clone()),
                speaker: segment.speaker,
                language: segment.language,
                polarity: likeliest(&probabilities),
                score: probabilities[2] - probabilities[0],
            })
        });
        let sentiment = Sentiment::new(scores.sentiment, scores.stars, scores.mixed);
        let contradicts = |rating| sentiment.contradicts(rating);
        let conditions = [
            (scores.low_confidence, Flag::LowConfidence),
            (document.detection.language.is_none(), Flag::UnknownLanguage),
            (document.mixed_languages, Flag::MixedLanguages),
            (
                document.rating.is_some_and(contradicts),
                Flag::ContradictsRating,
            ),
            (
                windows.iter().filter(|window| !window.opening).count() > 1,
                Flag::Long,
            ),
            (
                is_wordless && !is_answer && document.flags.is_empty(),
                Flag::TooShort,
            ),
        ];
        Analysis {
            model: scores.model,
            language: document.detection.language,
            language_confidence: document.detection.confidence,
            sentiment: Some(sentiment),
            act: Some(scores.act),
            urgency: Some(UrgencyLevel {
                level: scores.urgency,
                reasons,
            }),
            segments: segments.collect(),
            conversation,
            flags: conditions
                .iter()
                .filter_map(|&(holds, flag)| holds.then_some(flag))
                .chain(document.flags.iter().copied())
                .collect(),
            dropped: dropped(document),
            duplicate_of: None,
            pain_points,
            emotions: scores.emotions,
            topics: scores
                .topics
                .into_iter()
                .zip(evidence)
                .map(|(topic, evidence)| TopicMention {
                    topic: topic.topic,
                    polarity: topic.polarity,
                    probability: topic.probability,
                    evidence: evidence.spans,
                })
                .collect(),
        }
    }
}

fn dropped(document: &Document) -> Vec<Dropped> {
    document.dropped.iter().copied().map(Dropped::new).collect()
}
