//! Labelled rows and what systems say of them → figures with their intervals.
//!
//! [`Dataset`] reads rows with their gold labels, as a [`Mapping`] says; a
//! [`Predictor`] (an [`Analyzer`](crate::Analyzer), a file of [`Predictions`],
//! a baseline) answers them; [`Report`] measures the answers and
//! [`Comparison`] holds two systems against each other on the same rows.
//! [`metrics`] has the formulas, [`Bootstrap`] the intervals, [`behaviour`]
//! the cases that probe one ability each.
//!
//! ```
//! # #[cfg(feature = "bundled-model")] {
//! use painpoint::evaluate::{Dataset, Mapping, Predictor, Report, Settings};
//! use painpoint::{Analyzer, ReadOptions, Reader};
//!
//! let rows = "text,sentiment\nTrès déçu,negative\nMerci beaucoup !,positive\n".as_bytes();
//! let rows = Reader::from_read("labelled", rows, &ReadOptions::default())?;
//! let data = Dataset::read(rows, &Mapping::default());
//! let answers = Analyzer::new()?.predict(&data.feedback());
//! let report = Report::new(&data, &answers, &Settings::default());
//! for figure in &report.groups[0].figures {
//!     println!("{} {}: {:.3}", figure.task, figure.metric, figure.value);
//! }
//! # }
//! # Ok::<(), painpoint::Error>(())
//! ```

pub mod baseline;
pub mod behaviour;
mod bootstrap;
mod calibration;
mod cells;
mod compare;
mod dataset;
mod errors;
mod evidence;
mod figures;
mod groups;
mod labels;
mod mapping;
pub mod metrics;
mod predict;
mod report;
mod sets;
mod signature;
mod strays;

pub use bootstrap::{Bootstrap, Interval};
pub use calibration::{Bin, Calibration, Covered};
pub use compare::{Comparison, Difference, Flip, Test};
pub use dataset::{Dataset, LabelledRow};
pub use errors::{Moved, Wrong};
pub use figures::{Figure, Metric};
pub use groups::Grouping;
pub use labels::{Labels, Prediction, Task, TopicLabel};
pub use mapping::{Mapping, TaskMapping};
pub use predict::{Predictions, Predictor};
pub use report::{Agreement, ClassFigures, Group, Report, Settings};
pub use sets::{Layout, PublicSet, Published};
pub use signature::Signature;
pub use strays::Stray;
