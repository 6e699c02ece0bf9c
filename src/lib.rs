//! Reads what customers say and says what hurts, where on the journey, how
//! badly and in what tone.
//!
//! ```
//! # #[cfg(feature = "bundled-model")] {
//! use painpoint::{Analyzer, Feedback};
//!
//! let analyzer = Analyzer::new()?;
//! let analysis = analyzer.analyze(&Feedback::new("1", "送来的时候盒子都压烂了，客服还不理人"))?;
//! for pain in &analysis.pain_points {
//!     println!("{}: severity {:.2}", pain.topic.id(), pain.severity);
//! }
//! # }
//! # Ok::<(), painpoint::Error>(())
//! ```
//!
//! # The way of a piece of feedback
//!
//! | stage | from | to |
//! |---|---|---|
//! | `read` | a file or a stream | [`Feedback`] |
//! | `prepare` | feedback | a clean document in segments, its language known |
//! | `tokenize` | a document | windows of tokens |
//! | `encode` | windows | a vector for every token, [`Encoder`] |
//! | `classify` | vectors | probabilities |
//! | `interpret` | probabilities | [`Analysis`] |
//! | `write` | analyses | records |
//! | [`aggregate`] | records or analyses | counts that merge |
//! | [`report`] | counts | what they mean: figures, intervals, priorities |
//!
//! A [`Checkpoint`] of somebody else can take the place of `classify` for the
//! sentiment or the topics.
//!
//! `analyzer.rs` joins the stages from `prepare` to `interpret`; [`Reader`] and
//! [`Writer`] stand before and behind it. A [`Redactor`] masks personal data in
//! whatever is written.
//!
//! # Features
//!
//! * `cli` (default): the command line tool; turn it off to embed the library.
//! * `evaluate` (with `cli`): accuracy on labelled rows, `painpoint::evaluate`.
//! * `bundled-model` (default): the model inside the program, [`Analyzer::new`].
//! * `arrow` (default): Parquet and Arrow files.
//! * `excel` (default): Excel workbooks.
//! * `chinese` (default): jieba's dictionary for quotes from Chinese text.
//! * `rust-bert`: [`Engine::RustBert`] and [`Checkpoint`], on libtorch.

#[macro_use]
mod label;

pub mod aggregate;
mod analysis;
mod analyzer;
mod checkpoint;
mod classify;
mod duplicates;
mod encode;
mod error;
#[cfg(feature = "evaluate")]
pub mod evaluate;
mod feedback;
#[cfg(test)]
mod golden;
mod interpret;
mod kernel;
mod language;
mod model;
mod prepare;
mod read;
mod redact;
pub mod report;
mod span;
#[doc(hidden)]
pub mod stages;
mod taxonomy;
mod tokenize;
mod write;

pub use analysis::{
    Analysis, Conversation, Dropped, PainPoint, Scored, SegmentTone, Sentiment, Tone, TopicMention,
    UrgencyLevel, WorstTurn,
};
pub use analyzer::{Analyzer, AnalyzerBuilder};
pub use checkpoint::Checkpoint;
pub use duplicates::{Duplicates, Repeat};
#[cfg(feature = "rust-bert")]
pub use encode::RustBertEncoder;
pub use encode::{Device, Embeddings, Encoder, Engine, FloatEncoder, Int8Encoder};
pub use error::{Error, ErrorKind, Result};
pub use feedback::{Context, Feedback, Field, Question, Rating};
pub use label::{
    Act, DropReason, Effort, Emotion, FeedbackKind, Flag, Markup, PainKind, Polarity, Speaker,
    Stage, Urgency,
};
pub use language::Language;
pub use model::Model;
pub use read::{
    Columns, Format, Limits, ReadOptions, ReadProgress, Reader, Role, RoleColumn, Row, TextUnit,
    TurnUnit,
};
pub use redact::{PersonalData, PersonalDataKind, Redactor};
pub use span::Span;
pub use taxonomy::{Taxonomy, Topic};
pub use write::{OutputFormat, Writer, record_columns, record_schema};

/// Compiles the examples of the README.
#[cfg(all(doctest, feature = "bundled-model"))]
#[doc = include_str!("../README.md")]
struct Readme;
