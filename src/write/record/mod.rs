//! The record, schema 1: what is written for each row.
//!
//! Its JSON form is these structs; [`record_schema`] is derived from them, so
//! the two cannot part, and the columns of tables have their types from it.
//! Positions count Unicode code points of the original text, half open.
//! Probabilities and scores have four decimals. `fill` makes records of
//! analyses, `codes` writes labels.

mod codes;
mod fill;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

use crate::feedback::Field;
use crate::label::{
    Act, DropReason, Effort, Emotion, FeedbackKind, Flag, PainKind, Polarity, Speaker, Stage,
    Urgency,
};
use codes::{label, label_list, optional_label};

/// The version of the record's form.
const SCHEMA: u32 = 1;

/// The JSON Schema (2020-12) of one record, as JSON text.
pub fn record_schema() -> String {
    serde_json::to_string_pretty(&schema()).expect("a schema is JSON")
}

pub(super) fn schema() -> Schema {
    schema_for!(Record<'_>)
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
    schema: u32,
    /// The row's own id, or its file and row number.
    id: Cow<'a, str>,
    /// BCP 47 code of the language; null if it could not be told.
    language: Option<&'static str>,
    #[schemars(range(min = 0, max = 1))]
    language_confidence: f64,
    /// What sort of feedback it is, where that is known.
    #[schemars(schema_with = "optional_label::<FeedbackKind>")]
    kind: Option<FeedbackKind>,
    /// Null for a text without words.
    sentiment: Option<SentimentRecord>,
    /// Likeliest first; none means calm.
    emotions: Vec<EmotionRecord>,
    /// Null for a text without words.
    act: Option<ActRecord>,
    /// Null for a text without words.
    urgency: Option<UrgencyRecord<'a>>,
    /// Likeliest first.
    topics: Vec<TopicRecord<'a>>,
    /// Worst first.
    pain_points: Vec<PainPointRecord<'a>>,
    /// Sentences and clauses in order.
    segments: Vec<SegmentRecord>,
    /// Null unless the text is a conversation in which the customer is known.
    conversation: Option<ConversationRecord>,
    #[schemars(schema_with = "label_list::<Flag>")]
    flags: Vec<Flag>,
    /// Parts of the text that were not scored, in order.
    dropped: Vec<DroppedRecord>,
    /// Id of the earlier row that this one repeats.
    duplicate_of: Option<Cow<'a, str>>,
    /// Where, when and of what it was said, as far as the row tells.
    context: ContextRecord<'a>,
    /// The other columns of the row.
    fields: Fields<'a>,
    /// Name and version of the model.
    model: &'a str,
}

/// Why a row could not be read.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct FailureRecord<'a> {
    /// Version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: u32,
    /// The row's own id, or its file and row number.
    id: Cow<'a, str>,
    error: ErrorRecord<'a>,
    /// The other columns of the row, where they could be read.
    fields: Fields<'a>,
    /// Name and version of the model.
    model: &'a str,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ErrorRecord<'a> {
    /// What is wrong.
    what: String,
    file: Option<String>,
    /// Counted from 1 without the header.
    row: Option<u64>,
    /// What to do about it.
    hint: Option<Cow<'a, str>>,
}

/// What columns of known roles say, in one form whatever the source; only what
/// is there.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ContextRecord<'a> {
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

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SentimentRecord {
    #[schemars(schema_with = "label::<Polarity>")]
    label: Polarity,
    /// P(positive) − P(negative).
    #[schemars(range(min = -1, max = 1))]
    score: f64,
    probabilities: Probabilities,
    /// The stars that this customer would give, expected value.
    #[schemars(range(min = 1, max = 5))]
    stars: f64,
    /// Whether clear praise and clear blame stand side by side.
    mixed: bool,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Probabilities {
    #[schemars(range(min = 0, max = 1))]
    negative: f64,
    #[schemars(range(min = 0, max = 1))]
    neutral: f64,
    #[schemars(range(min = 0, max = 1))]
    positive: f64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct EmotionRecord {
    #[schemars(schema_with = "label::<Emotion>")]
    label: Emotion,
    #[schemars(range(min = 0, max = 1))]
    probability: f64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ActRecord {
    #[schemars(schema_with = "label::<Act>")]
    label: Act,
    #[schemars(range(min = 0, max = 1))]
    probability: f64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct UrgencyRecord<'a> {
    #[schemars(schema_with = "label::<Urgency>")]
    level: Urgency,
    reasons: &'a [String],
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct TopicRecord<'a> {
    /// Id of the topic; `painpoint topics` lists them.
    topic: &'a str,
    #[schemars(schema_with = "label::<Polarity>")]
    polarity: Polarity,
    #[schemars(range(min = 0, max = 1))]
    probability: f64,
    evidence: Vec<Quote<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct PainPointRecord<'a> {
    /// Id of the topic; `painpoint topics` lists them.
    topic: &'a str,
    #[schemars(range(min = 0, max = 1))]
    severity: f64,
    #[schemars(schema_with = "label::<PainKind>")]
    kind: PainKind,
    #[schemars(schema_with = "label::<Stage>")]
    stage: Stage,
    evidence: Vec<Quote<'a>>,
}

/// A stretch of the original text, in code points.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Quote<'a> {
    start: usize,
    end: usize,
    text: Cow<'a, str>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SegmentRecord {
    start: usize,
    end: usize,
    /// Who says it, in a conversation.
    #[schemars(schema_with = "optional_label::<Speaker>")]
    speaker: Option<Speaker>,
    /// BCP 47 code: the record's, unless the segment is clearly in another
    /// language; null if none could be told.
    language: Option<&'static str>,
    #[schemars(schema_with = "label::<Polarity>")]
    sentiment: Polarity,
    #[schemars(range(min = -1, max = 1))]
    score: f64,
}

/// How a conversation went for the customer.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ConversationRecord {
    turns: usize,
    customer_turns: usize,
    /// The customer's first turn, read without what follows.
    start: ToneRecord,
    /// The customer's last two turns.
    end: ToneRecord,
    /// The customer's turn with the lowest score.
    worst: WorstRecord,
    /// Null where it is open.
    resolved: Option<bool>,
    /// Whether the customer says to have asked before.
    repeated_contact: bool,
    /// How much work the customer had.
    #[schemars(schema_with = "label::<Effort>")]
    effort: Effort,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ToneRecord {
    #[schemars(schema_with = "label::<Polarity>")]
    sentiment: Polarity,
    #[schemars(range(min = -1, max = 1))]
    score: f64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct WorstRecord {
    start: usize,
    end: usize,
    #[schemars(range(min = -1, max = 1))]
    score: f64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct DroppedRecord {
    start: usize,
    end: usize,
    #[schemars(schema_with = "label::<DropReason>")]
    reason: DropReason,
}

/// The columns that are carried through, as one JSON object.
#[derive(Default)]
struct Fields<'a>(Cow<'a, [(String, Field)]>);
