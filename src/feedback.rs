//! What comes in: one piece of feedback and what stood beside it.

use crate::label::{FeedbackKind, Markup};
use crate::language::Language;

/// One piece of feedback: a review, a complaint, an answer, a conversation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Feedback {
    /// Identifies the row in the output; need not be unique.
    pub id: String,
    /// What the customer wrote or said, untouched. All spans point into it.
    pub text: String,
    /// The language, where it is known; detected otherwise.
    pub language: Option<Language>,
    /// What sort of feedback it is, where that is known.
    pub kind: Option<FeedbackKind>,
    /// What the customer was asked, in the order of the text.
    pub questions: Vec<Question>,
    /// Where, when and of what it was said, in one form for every source.
    pub context: Context,
    /// What the text is written in, where that is known; found by content otherwise.
    pub markup: Option<Markup>,
    /// The other columns of its row, in their order, carried into the record.
    pub fields: Vec<(String, Field)>,
}

impl Feedback {
    /// Feedback of unknown language and kind, without further fields.
    ///
    /// ```
    /// let feedback = painpoint::Feedback::new("r-1", "Livraison en retard");
    /// assert_eq!(feedback.text, "Livraison en retard");
    /// ```
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            text: text.into(),
            language: None,
            kind: None,
            questions: Vec::new(),
            context: Context::default(),
            markup: None,
            fields: Vec::new(),
        }
    }

    /// The same feedback as the answer to `question`.
    ///
    /// ```
    /// use painpoint::Feedback;
    /// let answer = Feedback::new("a-1", "Nothing").answering("What could we do better?");
    /// assert_eq!(answer.questions[0].before, 0);
    /// ```
    pub fn answering(mut self, question: impl Into<String>) -> Self {
        let text = question.into();
        self.questions = vec![Question { before: 0, text }];
        self
    }
}

/// A question whose answer is, or is part of, the text.
///
/// It is read before the answer, which may mean nothing without it, and counts
/// for its tone. It is not the customer's: no segment, no quote and no topic
/// comes from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The byte of the text where the answer begins.
    pub before: usize,
    /// What was asked.
    pub text: String,
}

/// Where, when and of what a piece of feedback was said, in one form whatever
/// the source called and wrote it; what is unknown is left out.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Context {
    /// The day, `2026-03-02`, or the moment, `2026-03-02T10:15:00`, with the
    /// offset from UTC where the source gives one (ISO 8601).
    pub date: Option<String>,
    /// What the customer gave: stars, points, a degree of satisfaction.
    pub rating: Option<Rating>,
    /// How likely the customer is to recommend, from 0 to 10.
    pub nps: Option<u8>,
    /// Answer to the question how satisfied the customer is.
    pub csat: Option<Rating>,
    /// Answer to the question how much effort it took.
    pub ces: Option<Rating>,
    /// How it reached the company.
    pub channel: Option<String>,
    /// What was bought or used.
    pub product: Option<String>,
    /// The shop, the branch, the town.
    pub place: Option<String>,
    /// The group of customers that this one belongs to.
    pub segment: Option<String>,
    /// Who the customer is, by name or number.
    pub customer: Option<String>,
    /// The conversation that it is part of, or all of.
    pub conversation: Option<String>,
    /// Who speaks, where it is one turn of a conversation.
    pub speaker: Option<String>,
    /// Its number among the turns of the conversation.
    pub turn: Option<u64>,
}

/// A value on a scale.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Rating {
    /// What was given.
    pub value: f64,
    /// The least that can be given.
    pub lowest: f64,
    /// The most that can be given.
    pub highest: f64,
}

impl Rating {
    /// `value` on a scale from `lowest` to `highest`; `None` if it is not on it.
    ///
    /// ```
    /// use painpoint::Rating;
    /// assert_eq!(Rating::new(4.0, 1.0, 5.0).map(Rating::share), Some(0.75));
    /// assert_eq!(Rating::new(6.0, 1.0, 5.0), None);
    /// ```
    pub fn new(value: f64, lowest: f64, highest: f64) -> Option<Self> {
        let on_scale = lowest < highest && (lowest..=highest).contains(&value);
        // So both ends are finite too, and no share is NaN.
        (on_scale && (highest - lowest).is_finite()).then_some(Self {
            value,
            lowest,
            highest,
        })
    }

    /// How far up the scale it is, `0.0..=1.0`, so that scales can be compared.
    pub fn share(self) -> f64 {
        (self.value - self.lowest) / (self.highest - self.lowest)
    }
}

/// The value of a column that is carried through.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Field {
    /// A cell of a table.
    Text(String),
    /// A value of a JSON row, as it was written: numbers keep their digits.
    Json(String),
}

impl Field {
    /// The cell's text, or the JSON as written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(text) | Self::Json(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_is_on_its_scale_and_has_a_share_of_it() {
        let cases = [
            (4.0, 1.0, 5.0, Some(0.75)),
            (-2.0, -2.0, 2.0, Some(0.0)),
            (6.0, 1.0, 5.0, None),
            (1.0, 1.0, 1.0, None),
            (3.0, 5.0, 1.0, None),
            (f64::NAN, 1.0, 5.0, None),
            (1.0, f64::NAN, 5.0, None),
            (1.0, 0.0, f64::INFINITY, None),
            (1.0, f64::NEG_INFINITY, 5.0, None),
            // Too wide for its own width.
            (1.0, f64::MIN, f64::MAX, None),
        ];
        for (value, lowest, highest, share) in cases {
            let rating = Rating::new(value, lowest, highest);
            assert_eq!(
                rating.map(Rating::share),
                share,
                "{value} in {lowest}..{highest}"
            );
        }
    }
}
