//! The record, schema 1: what is written for each row.
//!
//! Its JSON form is these structs; [`record_schema`] is derived from them, so
//! the two cannot part. Positions count Unicode code points of the original
//! text, half open. Probabilities and scores have four decimals.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema, schema_for};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::analysis::{Analysis, Conversation, PainPoint, Tone, TopicMention};
use crate::error::Error;
use crate::feedback::{Context, Feedback, Field, Rating};
use crate::label::{
    Act, DropReason, Effort, Emotion, FeedbackKind, Flag, PainKind, Polarity, Speaker, Stage,
    Urgency,
};
use crate::redact::{PersonalData, Redactor, mask};
use crate::span::{CodePoints, Span};

/// The version of the record's form.
const SCHEMA: u32 = 1;

/// The JSON Schema (2020-12) of one record, as JSON text.
pub fn record_schema() -> String {
    let schema = schema_for!(Record<'_>);
    serde_json::to_string_pretty(&schema).expect("a schema is JSON")
}

/// What one row of feedback says, or why it could not be read.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Record<'a> {
    Analysis(Box<AnalysisRecord<'a>>),
    Failure(FailureRecord<'a>),
}

/// What one row of feedback says.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct AnalysisRecord<'a> {
    /// Version of this form.
    #[schemars(extend("const" = SCHEMA))]
    pub(super) schema: u32,
    /// The row's own id, or its file and row number.
    pub(super) id: Cow<'a, str>,
    /// BCP 47 code of the language; null if it could not be told.
    pub(super) language: Option<&'static str>,
    #[schemars(range(min = 0, max = 1))]
    pub(super) language_confidence: f64,
    /// What sort of feedback it is, where that is known.
    #[schemars(schema_with = "optional_label::<FeedbackKind>")]
    pub(super) kind: Option<FeedbackKind>,
    /// Null for a text without words.
    pub(super) sentiment: Option<SentimentRecord>,
    /// Likeliest first; none means calm.
    pub(super) emotions: Vec<EmotionRecord>,
    /// Null for a text without words.
    pub(super) act: Option<ActRecord>,
    /// Null for a text without words.
    pub(super) urgency: Option<UrgencyRecord<'a>>,
    /// Likeliest first.
    pub(super) topics: Vec<TopicRecord<'a>>,
    /// Worst first.
    pub(super) pain_points: Vec<PainPointRecord<'a>>,
    /// Sentences and clauses in order.
    pub(super) segments: Vec<SegmentRecord>,
    /// Null unless the text is a conversation in which the customer is known.
    pub(super) conversation: Option<ConversationRecord>,
    #[schemars(schema_with = "label_list::<Flag>")]
    pub(super) flags: Vec<Flag>,
    /// Parts of the text that were not scored, in order.
    pub(super) dropped: Vec<DroppedRecord>,
    /// Id of the earlier row that this one repeats.
    pub(super) duplicate_of: Option<Cow<'a, str>>,
    /// Where, when and of what it was said, as far as the row tells.
    pub(super) context: ContextRecord<'a>,
    /// The other columns of the row.
    pub(super) fields: Fields<'a>,
    /// Name and version of the model.
    pub(super) model: &'a str,
}

/// Why a row could not be read.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct FailureRecord<'a> {
    /// Version of this form.
    #[schemars(extend("const" = SCHEMA))]
    pub(super) schema: u32,
    /// The row's own id, or its file and row number.
    pub(super) id: Cow<'a, str>,
    pub(super) error: ErrorRecord<'a>,
    /// The other columns of the row, where they could be read.
    pub(super) fields: Fields<'a>,
    /// Name and version of the model.
    pub(super) model: &'a str,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ErrorRecord<'a> {
    /// What is wrong.
    pub(super) what: String,
    pub(super) file: Option<String>,
    /// Counted from 1 without the header.
    pub(super) row: Option<u64>,
    /// What to do about it.
    pub(super) hint: Option<Cow<'a, str>>,
}

/// What columns of known roles say, in one form whatever the source; only what
/// is there.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ContextRecord<'a> {
    /// `2026-03-02`, or with a time, and an offset from UTC if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    /// What the customer gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<RatingRecord>,
    /// How likely the customer is to recommend.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 10))]
    nps: Option<u8>,
    /// How satisfied the customer is.
    #[serde(skip_serializing_if = "Option::is_none")]
    csat: Option<RatingRecord>,
    /// How much effort it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    ces: Option<RatingRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Cow<'a, str>>,
    /// The group of customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    segment: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation: Option<Cow<'a, str>>,
    /// Who speaks, in one turn of a conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<Cow<'a, str>>,
    /// The number of that turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    turn: Option<u64>,
}

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

/// A value on a scale.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct RatingRecord {
    value: f64,
    /// The least that can be given.
    lowest: f64,
    /// The most that can be given.
    highest: f64,
    /// How far up the scale it is.
    #[schemars(range(min = 0, max = 1))]
    share: f64,
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

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct SentimentRecord {
    #[schemars(schema_with = "label::<Polarity>")]
    pub(super) label: Polarity,
    /// P(positive) − P(negative).
    #[schemars(range(min = -1, max = 1))]
    pub(super) score: f64,
    pub(super) probabilities: Probabilities,
    /// The stars that this customer would give, expected value.
    #[schemars(range(min = 1, max = 5))]
    pub(super) stars: f64,
    /// Whether clear praise and clear blame stand side by side.
    pub(super) mixed: bool,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Probabilities {
    #[schemars(range(min = 0, max = 1))]
    pub(super) negative: f64,
    #[schemars(range(min = 0, max = 1))]
    pub(super) neutral: f64,
    #[schemars(range(min = 0, max = 1))]
    pub(super) positive: f64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct EmotionRecord {
    #[schemars(schema_with = "label::<Emotion>")]
    pub(super) label: Emotion,
    #[schemars(range(min = 0, max = 1))]
    pub(super) probability: f64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ActRecord {
    #[schemars(schema_with = "label::<Act>")]
    pub(super) label: Act,
    #[schemars(range(min = 0, max = 1))]
    pub(super) probability: f64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct UrgencyRecord<'a> {
    #[schemars(schema_with = "label::<Urgency>")]
    pub(super) level: Urgency,
    pub(super) reasons: &'a [String],
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct TopicRecord<'a> {
    /// Id of the topic; `painpoint topics` lists them.
    pub(super) topic: &'a str,
    #[schemars(schema_with = "label::<Polarity>")]
    pub(super) polarity: Polarity,
    #[schemars(range(min = 0, max = 1))]
    pub(super) probability: f64,
    pub(super) evidence: Vec<Quote<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct PainPointRecord<'a> {
    /// Id of the topic; `painpoint topics` lists them.
    pub(super) topic: &'a str,
    #[schemars(range(min = 0, max = 1))]
    pub(super) severity: f64,
    #[schemars(schema_with = "label::<PainKind>")]
    pub(super) kind: PainKind,
    #[schemars(schema_with = "label::<Stage>")]
    pub(super) stage: Stage,
    pub(super) evidence: Vec<Quote<'a>>,
}

/// A stretch of the original text, in code points.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Quote<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: Cow<'a, str>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct SegmentRecord {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Who says it, in a conversation.
    #[schemars(schema_with = "optional_label::<Speaker>")]
    pub(super) speaker: Option<Speaker>,
    /// BCP 47 code: the record's, unless the segment is clearly in another
    /// language; null if none could be told.
    pub(super) language: Option<&'static str>,
    #[schemars(schema_with = "label::<Polarity>")]
    pub(super) sentiment: Polarity,
    #[schemars(range(min = -1, max = 1))]
    pub(super) score: f64,
}

/// How a conversation went for the customer.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ConversationRecord {
    pub(super) turns: usize,
    pub(super) customer_turns: usize,
    /// The customer's first turn, read without what follows.
    pub(super) start: ToneRecord,
    /// The customer's last two turns.
    pub(super) end: ToneRecord,
    /// The customer's turn with the lowest score.
    pub(super) worst: WorstRecord,
    /// Null where it is open.
    pub(super) resolved: Option<bool>,
    /// Whether the customer says to have asked before.
    pub(super) repeated_contact: bool,
    /// How much work the customer had.
    #[schemars(schema_with = "label::<Effort>")]
    pub(super) effort: Effort,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ToneRecord {
    #[schemars(schema_with = "label::<Polarity>")]
    pub(super) sentiment: Polarity,
    #[schemars(range(min = -1, max = 1))]
    pub(super) score: f64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct WorstRecord {
    pub(super) start: usize,
    pub(super) end: usize,
    #[schemars(range(min = -1, max = 1))]
    pub(super) score: f64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct DroppedRecord {
    pub(super) start: usize,
    pub(super) end: usize,
    #[schemars(schema_with = "label::<DropReason>")]
    pub(super) reason: DropReason,
}

impl<'a> Record<'a> {
    pub(super) fn analysis(
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

    pub(super) fn failure(
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

/// The columns that are carried through, as one JSON object.
#[derive(Default)]
pub(super) struct Fields<'a>(pub(super) Cow<'a, [(String, Field)]>);

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

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, field) in self.0.iter() {
            match field {
                Field::Text(text) => map.serialize_entry(name, text)?,
                Field::Json(json) => {
                    let raw: &RawValue =
                        serde_json::from_str(json).map_err(serde::ser::Error::custom)?;
                    map.serialize_entry(name, raw)?;
                }
            }
        }
        map.end()
    }
}

impl JsonSchema for Fields<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Fields".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object" })
    }
}

/// A label set that is written as its codes.
pub(super) trait Codes: Copy + Serialize {
    fn codes() -> Vec<&'static str>;
}

macro_rules! codes {
    ($($label:ident),+) => {$(
        impl Serialize for $label {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl Codes for $label {
            fn codes() -> Vec<&'static str> {
                Self::ALL.iter().map(|label| label.code()).collect()
            }
        }
    )+};
}

codes!(
    Act,
    DropReason,
    Effort,
    Emotion,
    FeedbackKind,
    Flag,
    PainKind,
    Polarity,
    Speaker,
    Stage,
    Urgency
);

fn label<L: Codes>(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "enum": L::codes() })
}

fn optional_label<L: Codes>(_: &mut SchemaGenerator) -> Schema {
    let codes: Vec<_> = L::codes().into_iter().map(Some).chain([None]).collect();
    json_schema!({ "enum": codes })
}

fn label_list<L: Codes>(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": label::<L>(generator) })
}
