//! Behaviour through the public interfaces. Small facts are tested beside the
//! code; here is the rest, one file a matter.

#![forbid(unsafe_code)]

mod accuracy;
mod api;
mod behaviour;
mod cli;
mod columns;
mod conversation;
mod determinism;
mod doctor;
mod durability;
mod encoder;
mod evaluation;
mod formats;
mod hostile;
mod model;
mod outputs;
mod pages;
mod pipeline;
mod privacy;
mod reading;
mod record;
mod report;
mod repository;
#[cfg(feature = "rust-bert")]
mod rust_bert;
mod sets;
mod support;
#[cfg(not(feature = "rust-bert"))]
mod without_rust_bert;
