//! Behaviour through the public interfaces. Small facts are tested beside the
//! code; here is the rest, one file a matter.

mod accuracy;
mod api;
mod behaviour;
mod cli;
mod columns;
mod conversation;
mod durability;
mod encoder;
mod evaluation;
mod formats;
mod model;
mod pages;
mod pipeline;
mod privacy;
mod reading;
mod record;
mod report;
mod support;
