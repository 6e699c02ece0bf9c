//! Analyses and failures → records: positions in code points, four decimals,
//! personal data masked where that was asked for.

use std::borrow::Cow;

use super::{
    ActRecord, AnalysisRecord, ContextRecord, ConversationRecord, DroppedRecord, EmotionRecord,
    ErrorRecord, FailureRecord, Fields, PainPointRecord, Probabilities, Quote, RatingRecord,
    Record, SCHEMA, SegmentRecord, SentimentRecord, ToneRecord, TopicRecord, UrgencyRecord,
    WorstRecord,
};
use crate::analysis::{Analysis, Conversation, PainPoint, Tone, TopicMention};
use crate::error::Error;
use crate::feedback::{Context, Feedback, Rating};
use crate::redact::{PersonalData, Redactor, mask};
use crate::span::{CodePoints, Span};

impl<'a> ContextRecord<'a> {
    fn of(context: &'a Context, redactor: Option<&Redactor>) -> Self {
        let text = |value: &'a Option<String>| {
            let value = value.as_deref()?;
            Some(masked(value, redactor))
        };
        // Names stand alone here, without the words by which they are found;
        // an id has digits.
        let person = |value: &'a Option<String>| {
            let value = value.as_deref()?;
            let is_id = value.contains(|char: char| char.is_ascii_digit());
            Some(match redactor {
                Some(_) if !is_id => Cow::Borrowed("[PERSON]"),
                _ => masked(value, redactor),
            })
        };
        Self {
            date: context.date.as_deref(),
            rating: context.rating.map(RatingRecord::of),
            nps: context.nps,
            csat: context.csat.map(RatingRecord::of),
            ces: context.ces.map(RatingRecord::of),
            channel: text(&context.channel),
            product: text(&context.product),
            place: text(&context.place),
            segment: text(&context.segment),
            customer: person(&context.customer),
            conversation: text(&context.conversation),
            speaker: person(&context.speaker),
            turn: context.turn,
        }
    }
}

impl RatingRecord {
    fn of(rating: Rating) -> Self {
        Self {
            value: rating.value,
            lowest: rating.lowest,
            highest: rating.highest,
            share: (rating.share() * 1e4).round() / 1e4,
        }
    }
}

impl<'a> Record<'a> {
    pub(in crate::write) fn analysis(
        feedback: &'a Feedback,
        analysis: &'a Analysis,
        redactor: Option<&Redactor>,
    ) -> Self {
        let place = Place {
            text: &feedback.text,
            points: CodePoints::new(&feedback.text),
            personal: redactor.map_or_else(Vec::new, |redactor| redactor.find(&feedback.text)),
        };
        Self::Analysis(Box::new(AnalysisRecord {
            schema: SCHEMA,
            id: masked(&feedback.id, redactor),
            language: analysis.language.map(|language| language.code()),
            language_confidence: rounded(analysis.language_confidence),
            kind: feedback.kind,
            sentiment: analysis.sentiment.map(|sentiment| {
                let [negative, neutral, positive] = sentiment.probabilities.map(rounded);
                SentimentRecord {
                    label: sentiment.label,
                    score: rounded(sentiment.score()),
                    probabilities: Probabilities {
                        negative,
                        neutral,
                        positive,
                    },
                    stars: rounded(sentiment.stars),
                    mixed: sentiment.mixed,
                }
            }),
            emotions: analysis
                .emotions
                .iter()
                .map(|emotion| EmotionRecord {
                    label: emotion.label,
                    probability: rounded(emotion.probability),
                })
                .collect(),
            act: analysis.act.map(|act| ActRecord {
                label: act.label,
                probability: rounded(act.probability),
            }),
            urgency: analysis.urgency.as_ref().map(|urgency| UrgencyRecord {
                level: urgency.level,
                reasons: &urgency.reasons,
            }),
            topics: analysis
                .topics
                .iter()
                .map(|topic| place.topic(topic))
                .collect(),
            pain_points: analysis
                .pain_points
                .iter()
                .map(|pain| place.pain_point(pain))
                .collect(),
            segments: analysis
                .segments
                .iter()
                .map(|segment| SegmentRecord {
                    start: place.point(segment.span.start()),
                    end: place.point(segment.span.end()),
                    speaker: segment.speaker,
                    language: segment.language.map(|language| language.code()),
                    sentiment: segment.polarity,
                    score: rounded(segment.score),
                })
                .collect(),
            conversation: analysis
                .conversation
                .as_ref()
                .map(|conversation| place.conversation(conversation)),
            flags: analysis.flags.clone(),
            dropped: analysis
                .dropped
                .iter()
                .map(|dropped| DroppedRecord {
                    start: place.point(dropped.span.start()),
                    end: place.point(dropped.span.end()),
                    reason: dropped.reason,
                })
                .collect(),
            duplicate_of: analysis
                .duplicate_of
                .as_deref()
                .map(|id| masked(id, redactor)),
            context: ContextRecord::of(&feedback.context, redactor),
            fields: Fields::of(feedback, redactor),
            model: &analysis.model,
        }))
    }

    pub(in crate::write) fn failure(
        feedback: Option<&'a Feedback>,
        failure: &'a Error,
        model: &'a str,
        redactor: Option<&Redactor>,
    ) -> Self {
        let file = failure.path().map(|path| path.display().to_string());
        let id = match (feedback, &file, failure.row()) {
            (Some(feedback), _, _) => masked(&feedback.id, redactor),
            (None, Some(file), Some(row)) => format!("{file}#{row}").into(),
            (None, Some(file), None) => file.clone().into(),
            (None, None, row) => row.map(|row| row.to_string()).unwrap_or_default().into(),
        };
        Self::Failure(FailureRecord {
            schema: SCHEMA,
            id,
            error: ErrorRecord {
                what: masked(&failure.what(), redactor).into_owned(),
                file,
                row: failure.row(),
                hint: failure.hint().map(|hint| masked(hint, redactor)),
            },
            fields: feedback
                .map_or_else(Fields::default, |feedback| Fields::of(feedback, redactor)),
            model,
        })
    }
}

/// Turns spans of one text into what the record says of them.
struct Place<'a> {
    text: &'a str,
    points: CodePoints,
    /// What of the text is masked, in its order.
    personal: Vec<PersonalData>,
}

impl<'a> Place<'a> {
    fn point(&self, offset: usize) -> usize {
        self.points.before(self.text, offset)
    }

    fn quotes(&self, evidence: &[Span]) -> Vec<Quote<'a>> {
        let quotes = evidence.iter().map(|span| Quote {
            start: self.point(span.start()),
            end: self.point(span.end()),
            text: mask(self.text, &self.personal, *span),
        });
        quotes.collect()
    }

    fn topic(&self, mention: &'a TopicMention) -> TopicRecord<'a> {
        TopicRecord {
            topic: mention.topic.id(),
            polarity: mention.polarity,
            probability: rounded(mention.probability),
            evidence: self.quotes(&mention.evidence),
        }
    }

    fn conversation(&self, conversation: &Conversation) -> ConversationRecord {
        let tone = |tone: Tone| ToneRecord {
            sentiment: tone.polarity,
            score: rounded(tone.score),
        };
        let worst = conversation.worst;
        ConversationRecord {
            turns: conversation.turns,
            customer_turns: conversation.customer_turns,
            start: tone(conversation.start),
            end: tone(conversation.end),
            worst: WorstRecord {
                start: self.point(worst.span.start()),
                end: self.point(worst.span.end()),
                score: rounded(worst.score),
            },
            resolved: conversation.resolved,
            repeated_contact: conversation.repeated_contact,
            effort: conversation.effort,
        }
    }

    fn pain_point(&self, pain: &'a PainPoint) -> PainPointRecord<'a> {
        PainPointRecord {
            topic: pain.topic.id(),
            severity: rounded(pain.severity),
            kind: pain.topic.kind(),
            stage: pain.topic.stage(),
            evidence: self.quotes(&pain.evidence),
        }
    }
}

/// Four decimals: more would only show noise of the arithmetic.
fn rounded(value: f32) -> f64 {
    (f64::from(value) * 1e4).round() / 1e4
}

fn masked<'a>(text: &'a str, redactor: Option<&Redactor>) -> Cow<'a, str> {
    redactor.map_or(text.into(), |redactor| redactor.redact(text))
}

impl<'a> Fields<'a> {
    fn of(feedback: &'a Feedback, redactor: Option<&Redactor>) -> Self {
        let Some(redactor) = redactor else {
            return Self(feedback.fields.as_slice().into());
        };
        let fields = feedback.fields.iter();
        let fields = fields.map(|(name, field)| (name.clone(), redactor.field(name, field)));
        Self(fields.collect())
    }
}
