//! Promises of the types themselves.

use std::error;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::io::Sink;
use std::panic::{RefUnwindSafe, UnwindSafe};

use painpoint::*;

/// Asserts that types have traits.
macro_rules! have {
    ($($bound:path),+ => $($type:ty),+ $(,)?) => {{
        fn check<T: ?Sized $(+ $bound)+>() {}
        $(check::<$type>();)+
    }};
}

#[test]
fn values_are_plain() {
    have! { Send, Sync, Unpin, UnwindSafe, RefUnwindSafe, Clone, Debug, PartialEq =>
        Analysis, Conversation, Dropped, PainPoint, Scored<Emotion>, SegmentTone, Sentiment, Tone,
        TopicMention, UrgencyLevel, WorstTurn, Repeat, Embeddings, Feedback, Question, Context,
        Rating, Field, Span, Topic, Language, ErrorKind, Engine,
    }
    have! { Copy, Eq, Ord, Hash, Debug, Display =>
        Act, DropReason, Effort, Emotion, FeedbackKind, Flag, Language, Markup, PainKind, Polarity,
        Speaker, Stage, Urgency, Engine,
    }
    have! { Eq, Hash, Display => Topic }
    have! { Copy, Eq, Ord, Hash => Span }
}

#[test]
fn what_works_can_be_shared_between_threads() {
    have! { Send, Sync, Debug =>
        Analyzer, Model, Int8Encoder, FloatEncoder, Taxonomy, Duplicates, Error,
    }
    have! { Send, Sync => dyn Encoder }
    have! { Send, Debug => AnalyzerBuilder, Reader }
    have! { Send => Writer<Sink> }
    have! { Clone, Display, error::Error => Error }
}
