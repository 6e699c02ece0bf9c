//! Systems to hold others against: what the most frequent label gets right,
//! what counting words does, what n-grams learn in a minute.

mod lexicon;
mod linear;
mod majority;

pub use lexicon::Lexicon;
pub use linear::Linear;
pub use majority::Majority;
