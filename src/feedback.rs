//! What comes in: one piece of feedback and what stood beside it.

use crate::label::{FeedbackKind, Markup};
use crate::language::Language;

/// One piece of feedback: a review, a complaint, an answer, a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Feedback {
    /// Identifies the row in the output; need not be unique.
    pub id: String,
    /// What the customer wrote or said, untouched. All spans point into it.
    pub text: String,
    /// The language, where it is known; detected otherwise.
    pub language: Option<Language>,
    /// What sort of feedback it is, where that is known.
    pub kind: Option<FeedbackKind>,
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
            markup: None,
            fields: Vec::new(),
        }
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
