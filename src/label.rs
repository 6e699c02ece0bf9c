//! The sets of labels. Each label's wire code stands beside it, once; a model
//! names its labels by these codes, in its own order. A set that a later version
//! may enlarge is `#[non_exhaustive]`.

/// Defines an enum of labels with their wire codes.
macro_rules! labels {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $label:ident => $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$doc])* $label,)+
        }

        impl $name {
            /// Every label, in the order of this definition.
            pub const ALL: &'static [Self] = &[$(Self::$label,)+];

            /// The label as written in records and model files.
            pub fn code(self) -> &'static str {
                match self { $(Self::$label => $code,)+ }
            }

            /// The label with that code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$label),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.code())
            }
        }
    };
}

labels! {
    /// What a text is written in, besides words.
    #[non_exhaustive]
    Markup {
        /// Nothing.
        Plain => "plain",
        /// HTML, a page or a fragment.
        Html => "html",
        /// Markdown.
        Markdown => "markdown",
    }
}

labels! {
    /// Why a part of a text was left out of what is scored.
    #[non_exhaustive]
    DropReason {
        /// Part of the page around the text: menus, buttons, captions, notices.
        Boilerplate => "boilerplate",
        /// Advertising that has nothing to do with the text.
        Spam => "spam",
    }
}

labels! {
    /// Whether something is said to be bad, neither, or good.
    Polarity {
        /// Bad.
        Negative => "negative",
        /// Neither, or only stated.
        Neutral => "neutral",
        /// Good.
        Positive => "positive",
    }
}

labels! {
    /// A tone that a careful reader hears in the customer's words.
    #[non_exhaustive]
    Emotion {
        /// Hot displeasure at somebody.
        Anger => "anger",
        /// Displeasure at being blocked.
        Frustration => "frustration",
        /// An expectation not met.
        Disappointment => "disappointment",
        /// Fear of what may come.
        Worry => "worry",
        /// Sorrow.
        Sadness => "sadness",
        /// Revulsion.
        Disgust => "disgust",
        /// Not understanding.
        Confusion => "confusion",
        /// The unexpected, good or bad.
        Surprise => "surprise",
        /// Delight.
        Joy => "joy",
        /// Thanks that are meant.
        Gratitude => "gratitude",
        /// Confidence that is spoken.
        Trust => "trust",
    }
}

labels! {
    /// What the customer does by writing.
    #[non_exhaustive]
    Act {
        /// Blames, or reports a fault.
        Complaint => "complaint",
        /// Proposes a change.
        Suggestion => "suggestion",
        /// Asks for something to be done.
        Request => "request",
        /// Asks to be told something.
        Question => "question",
        /// Commends.
        Praise => "praise",
        /// States.
        Remark => "remark",
    }
}

labels! {
    /// How soon somebody should look at it; `P1` is the most urgent.
    Urgency {
        /// Safety, fraud, money lost, service blocked, legal or public threat, leaving now.
        P1 => "P1",
        /// Broken, wrong or repeated, needs action.
        P2 => "P2",
        /// Dissatisfied, nothing blocked.
        P3 => "P3",
        /// Minor wish, plain remark, question or praise.
        P4 => "P4",
    }
}

labels! {
    /// What sort of feedback a row holds.
    #[non_exhaustive]
    FeedbackKind {
        /// A review of a product, a place or a service.
        Review => "review",
        /// A letter, form or message to complain.
        Complaint => "complaint",
        /// An answer to a survey.
        Survey => "survey",
        /// A post on a social network.
        Social => "social",
        /// A conversation, written down.
        Transcript => "transcript",
        /// A question or an order to a help desk.
        Query => "query",
    }
}

labels! {
    /// Where a pain point sits: in what was delivered, or in how the customer was made to feel.
    PainKind {
        /// Something does not work as it should.
        Functional => "functional",
        /// The customer was let down by people, place or trust.
        Emotional => "emotional",
    }
}

labels! {
    /// A stretch of the customer's journey.
    #[non_exhaustive]
    Stage {
        /// Hears of it.
        Awareness => "awareness",
        /// Compares and asks.
        Consideration => "consideration",
        /// Orders and pays.
        Purchase => "purchase",
        /// Waits for it and receives it.
        Delivery => "delivery",
        /// Uses it.
        Use => "use",
        /// Needs help with it.
        Support => "support",
        /// Stays, recommends, or leaves.
        Loyalty => "loyalty",
    }
}

labels! {
    /// What a reader of a record should know before relying on it.
    #[non_exhaustive]
    Flag {
        /// Nothing of the text is left to read: it is empty, or all of it is
        /// white space, characters that nobody sees, or parts that were dropped.
        Empty => "empty",
        /// The probability of the sentiment is too low to act on.
        LowConfidence => "low_confidence",
        /// The language could not be told.
        UnknownLanguage => "unknown_language",
        /// The text is in two languages or more, each with a clear share.
        MixedLanguages => "mixed_languages",
        /// The text was read in several windows, as it is longer than the encoder.
        Long => "long",
        /// The text says nothing: keys hit at random, a test row, marks only. It
        /// has no topics.
        Meaningless => "meaningless",
        /// The text advertises something.
        Spam => "spam",
        /// The text is no customer's word: an article, instructions, parts of a page.
        NotFeedback => "not_feedback",
        /// The text is a word or two that tell nothing, such as `ok`, or a figure
        /// without a scale, such as `1,2`; the latter has no topics.
        TooShort => "too_short",
        /// The text lost characters before it came here.
        Damaged => "damaged",
        /// The text is of another tone than the rating beside it.
        ContradictsRating => "contradicts_rating",
        /// The text repeats an earlier one.
        Duplicate => "duplicate",
        /// The text repeats most of an earlier one.
        NearDuplicate => "near_duplicate",
    }
}

labels! {
    /// How much work a customer had to get something done.
    Effort {
        /// Asked once, and was answered.
        Low => "low",
        /// What most matters take.
        Medium => "medium",
        /// Asked again and again, was sent around, or waited.
        High => "high",
    }
}

labels! {
    /// Who speaks in a segment of a conversation.
    Speaker {
        /// The customer.
        Customer => "customer",
        /// Whoever answers for the company.
        Agent => "agent",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each code leads back to its label, so no two labels share one.
    macro_rules! round_trip {
        ($($set:ident)+) => {$(
            for &label in $set::ALL {
                assert_eq!($set::from_code(label.code()), Some(label));
                assert_eq!(label.to_string(), label.code());
            }
            assert_eq!($set::from_code("LABEL_0"), None);
        )+};
    }

    #[test]
    fn codes_round_trip() {
        round_trip! {
            Markup DropReason Polarity Emotion Act Urgency FeedbackKind PainKind Stage Flag
            Effort Speaker
        }
    }
}
