//! A record → what it adds to the aggregates.
//!
//! Records are read with patience: fields that are missing, unknown or newer
//! than this program are no reason to lose a row.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::amount::{self, Amount};
use super::tally::Measure;
use super::{InputColumns, ScaleColumn};
use crate::label::{Act, Emotion, PainKind, Polarity, Stage, Urgency};
use crate::taxonomy::Taxonomy;

/// A record as it was written; see `write/record.rs`.
#[derive(Deserialize)]
struct RecordLine<'a> {
    #[serde(borrow, default)]
    id: Cow<'a, str>,
    language: Option<String>,
    kind: Option<String>,
    sentiment: Option<SentimentLine>,
    #[serde(default)]
    emotions: Vec<Labelled>,
    act: Option<Labelled>,
    urgency: Option<UrgencyLine>,
    #[serde(default)]
    topics: Vec<TopicLine>,
    #[serde(default)]
    pain_points: Vec<PainPointLine>,
    #[serde(default)]
    flags: Vec<String>,
    duplicate_of: Option<serde::de::IgnoredAny>,
    error: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    context: ContextLine,
    #[serde(borrow)]
    fields: Option<&'a RawValue>,
    #[serde(default)]
    model: String,
}

#[derive(Deserialize)]
struct SentimentLine {
    label: String,
    #[serde(default)]
    score: f64,
    #[serde(default)]
    mixed: bool,
}

#[derive(Deserialize)]
struct Labelled {
    label: String,
}

#[derive(Deserialize)]
struct UrgencyLine {
    level: String,
    #[serde(default)]
    reasons: Vec<String>,
}

#[derive(Deserialize)]
struct TopicLine {
    topic: String,
    polarity: String,
    #[serde(default)]
    evidence: Vec<EvidenceLine>,
}

#[derive(Deserialize)]
struct PainPointLine {
    topic: String,
    #[serde(default)]
    severity: f64,
    kind: Option<String>,
    stage: Option<String>,
    #[serde(default)]
    evidence: Vec<EvidenceLine>,
}

#[derive(Deserialize)]
struct EvidenceLine {
    #[serde(default)]
    text: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ContextLine {
    date: Option<String>,
    rating: Option<RatingLine>,
    nps: Option<f64>,
    csat: Option<RatingLine>,
    ces: Option<RatingLine>,
    channel: Option<String>,
    product: Option<String>,
    place: Option<String>,
    segment: Option<String>,
    customer: Option<String>,
}

#[derive(Deserialize)]
struct RatingLine {
    value: Option<f64>,
    lowest: f64,
    highest: f64,
}

/// What became of a record.
pub(crate) enum Seen {
    /// It says something.
    Observation(Box<Observation>),
    /// It says nothing that counts, for the reason named.
    LeftOut(&'static str),
    /// Its row could not be read.
    Failure,
}

/// What a record adds.
pub(crate) struct Observation {
    pub(crate) id: String,
    pub(crate) model: String,
    pub(crate) date: Option<Date>,
    pub(crate) polarity: Polarity,
    pub(crate) score: f64,
    pub(crate) mixed: bool,
    pub(crate) emotions: Vec<String>,
    pub(crate) act: Option<String>,
    pub(crate) level: Option<Urgency>,
    pub(crate) reasons: Vec<String>,
    pub(crate) mentions: Vec<Mention>,
    pub(crate) measures: BTreeMap<Measure, f64>,
    /// How far up its scale the rating is, `0.0..=1.0`.
    pub(crate) rating_share: Option<f64>,
    pub(crate) amounts: BTreeMap<Amount, f64>,
    pub(crate) customer: Option<String>,
    pub(crate) language: Option<String>,
    /// Values of the record by what they cut records into.
    pub(crate) cuts: Vec<(String, String)>,
}

/// A topic that a record speaks of.
pub(crate) struct Mention {
    pub(crate) topic: String,
    pub(crate) polarity: Polarity,
    /// How badly it hurts, where it does.
    pub(crate) severity: Option<f64>,
    pub(crate) stage: Option<Stage>,
    pub(crate) kind: Option<PainKind>,
    /// The customer's words about it.
    pub(crate) quote: String,
}

/// Flags of records whose text is no customer's word.
const NO_VOICE: [&str; 4] = ["empty", "meaningless", "spam", "not_feedback"];

/// Quotes are cut after so many characters: proof, not the whole letter.
const LONGEST_QUOTE: usize = 400;

/// Names of columns and values are cut after so many.
const LONGEST_NAME: usize = 120;

/// Reads one record.
pub(crate) fn read(line: &[u8], columns: &InputColumns) -> serde_json::Result<Seen> {
    let line: RecordLine<'_> = serde_json::from_slice(line)?;
    if line.error.is_some() {
        return Ok(Seen::Failure);
    }
    if line.duplicate_of.is_some() {
        return Ok(Seen::LeftOut("duplicate"));
    }
    let silent = |flag: &&str| line.flags.iter().any(|other| other == flag);
    if let Some(flag) = NO_VOICE.into_iter().find(silent) {
        return Ok(Seen::LeftOut(flag));
    }
    let polarity = |code: &str| Polarity::from_code(code);
    let Some((sentiment, label)) = line
        .sentiment
        .as_ref()
        .and_then(|sentiment| Some((sentiment, polarity(&sentiment.label)?)))
    else {
        return Ok(Seen::LeftOut("empty"));
    };

    let context = &line.context;
    let fields = Fields::read(line.fields, columns);
    let date = match &columns.date {
        Some(column) => fields
            .text(&column.name)
            .and_then(|it| column.order.read(&it)),
        None => context.date.clone(),
    };
    let amounts = [
        (Amount::Value, &columns.value),
        (Amount::Reach, &columns.reach),
    ];
    let amounts = amounts.into_iter().filter_map(|(amount, column)| {
        let text = fields.text(column.as_ref()?)?;
        Some((amount, amount::read(&text)?))
    });
    let mut shares = BTreeMap::new();
    for (measure, column, given) in [
        (
            Measure::Nps,
            &columns.nps,
            context.nps.map(|nps| nps / 10.0),
        ),
        (Measure::Csat, &columns.csat, share(&context.csat)),
        (Measure::Ces, &columns.ces, share(&context.ces)),
        (Measure::Rating, &columns.rating, share(&context.rating)),
    ] {
        let share = match column {
            Some(column) => fields.share(column),
            None => given.filter(|share| (0.0..=1.0).contains(share)),
        };
        shares.extend(share.map(|share| (measure, share)));
    }

    let mut cuts: Vec<(String, String)> = [
        ("language", &line.language),
        ("kind", &line.kind),
        ("channel", &context.channel),
        ("product", &context.product),
        ("place", &context.place),
        ("segment", &context.segment),
    ]
    .into_iter()
    .filter_map(|(cut, value)| Some((cut.to_owned(), name(value.as_deref()?)?)))
    .collect();
    for column in &columns.group_by {
        let value = fields.text(column).and_then(|value| name(&value));
        if let Some(value) = value
            && !cuts.iter().any(|(cut, _)| cut == column)
        {
            cuts.push((column.clone(), value));
        }
    }

    let (level, reasons) = match line.urgency {
        Some(urgency) => (Urgency::from_code(&urgency.level), urgency.reasons),
        None => (None, Vec::new()),
    };
    Ok(Seen::Observation(Box::new(Observation {
        date: date.as_deref().and_then(day),
        polarity: label,
        score: sentiment.score.clamp(-1.0, 1.0),
        mixed: sentiment.mixed,
        emotions: line
            .emotions
            .into_iter()
            .filter(|emotion| Emotion::from_code(&emotion.label).is_some())
            .map(|emotion| emotion.label)
            .collect(),
        act: line
            .act
            .map(|act| act.label)
            .filter(|act| Act::from_code(act).is_some()),
        level,
        reasons,
        mentions: mentions(line.topics, line.pain_points),
        rating_share: shares.get(&Measure::Rating).copied(),
        amounts: amounts.collect(),
        measures: shares
            .into_iter()
            .map(|(measure, share)| (measure, measure.value(share)))
            .collect(),
        customer: line.context.customer,
        language: line.language,
        cuts,
        id: line.id.into_owned(),
        model: line.model,
    })))
}

/// Topics and pain points speak of the same mentions; here they are one.
fn mentions(topics: Vec<TopicLine>, pains: Vec<PainPointLine>) -> Vec<Mention> {
    let mut mentions: Vec<Mention> = Vec::with_capacity(topics.len());
    for topic in topics {
        let polarity = Polarity::from_code(&topic.polarity);
        let known = mentions.iter().any(|other| other.topic == topic.topic);
        if let Some(polarity) = polarity.filter(|_| !known) {
            mentions.push(Mention {
                stage: None,
                kind: None,
                severity: None,
                polarity,
                quote: quote(&topic.evidence),
                topic: topic.topic,
            });
        }
    }
    for pain in pains {
        let known = mentions.iter().position(|it| it.topic == pain.topic);
        let mention = match known {
            Some(index) => &mut mentions[index],
            None => {
                mentions.push(Mention {
                    topic: pain.topic,
                    polarity: Polarity::Negative,
                    severity: None,
                    stage: None,
                    kind: None,
                    quote: String::new(),
                });
                mentions.last_mut().expect("it was put there")
            }
        };
        mention.severity = Some(pain.severity.clamp(0.0, 1.0));
        mention.stage = pain.stage.as_deref().and_then(Stage::from_code);
        mention.kind = pain.kind.as_deref().and_then(PainKind::from_code);
        mention.quote = quote(&pain.evidence);
    }
    for mention in &mut mentions {
        if let Some(topic) = Taxonomy::built_in().topic(&mention.topic) {
            mention.stage.get_or_insert(topic.stage());
            mention.kind.get_or_insert(topic.kind());
        }
    }
    mentions
}

fn quote(evidence: &[EvidenceLine]) -> String {
    let texts = evidence.iter().map(|it| it.text.trim());
    let texts: Vec<_> = texts.filter(|text| says_something(text)).collect();
    cut(&texts.join(" … "), LONGEST_QUOTE)
}

/// Whether there is more to it than punctuation: words, or emoji.
fn says_something(text: &str) -> bool {
    let picture = |c: char| matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f000}'..);
    text.chars().any(|c| c.is_alphanumeric() || picture(c))
}

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn name(value: &str) -> Option<String> {
    let value = value.trim();
    (!value.is_empty()).then(|| cut(value, LONGEST_NAME))
}

fn share(rating: &Option<RatingLine>) -> Option<f64> {
    let rating = rating.as_ref()?;
    Some((rating.value? - rating.lowest) / (rating.highest - rating.lowest))
}

/// The day that a date or a moment starts with: `2026-03-02`, `2026-03-02T10:15`.
fn day(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

/// The other columns of the input, read only where one of them was named.
struct Fields(Map<String, Value>);

impl Fields {
    fn read(fields: Option<&RawValue>, columns: &InputColumns) -> Self {
        let map = fields
            .filter(|_| columns.are_named())
            .and_then(|fields| serde_json::from_str(fields.get()).ok());
        Self(map.unwrap_or_default())
    }

    fn text(&self, column: &str) -> Option<String> {
        match self.0.get(column)? {
            Value::String(text) => Some(text.clone()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
            value => Some(value.to_string()),
        }
    }

    fn share(&self, column: &ScaleColumn) -> Option<f64> {
        let value: f64 = self.text(&column.name)?.trim().parse().ok()?;
        let share = (value - column.lowest) / (column.highest - column.lowest);
        (0.0..=1.0).contains(&share).then_some(share)
    }
}
