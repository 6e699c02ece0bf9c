//! Behaviour through the public interfaces. Small facts are tested beside the
//! code; here is the rest, one file a matter.

mod accuracy;
mod api;
mod behaviour;
mod cli;
mod encoder;
mod formats;
mod model;
mod pipeline;
mod reading;
mod record;
mod report;
mod support;
