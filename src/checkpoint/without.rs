//! What stands for a judge in a program without libtorch: there is none.

use std::sync::Arc;

use super::Checkpoint;
use crate::classify::Scores;
use crate::encode::{Device, without_libtorch};
use crate::error::Result;
use crate::model::Model;
use crate::prepare::Document;
use crate::tokenize::Window;

pub(crate) enum Judge {}

impl Judge {
    pub(crate) fn load(_: &Checkpoint, _: &Model, _: Device, _: usize) -> Result<Self> {
        Err(without_libtorch("checkpoints"))
    }

    pub(crate) fn model_id(&self, _: &str) -> Arc<str> {
        match *self {}
    }

    pub(crate) fn answer(&self, _: &[(Document, Vec<Window>)], _: &mut [Option<Result<Scores>>]) {
        match *self {}
    }
}
