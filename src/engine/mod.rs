//! Runs engines on a system and reads their answers into `Evidence`. One module an engine; they do not know each other.

pub mod explore;
pub mod lean;
pub mod tlc;
pub mod z3;

use std::path::Path;
use std::time::Duration;

use crate::finding::{Engine, PropertyIx};
use crate::host::cancel::CancelToken;
use crate::model::System;

/// What an engine is asked to do.
#[derive(Clone)]
pub struct Request<'a> {
    /// The system.
    pub system: &'a System,
    /// The properties to answer; an engine answers `not_asked` for all others.
    pub properties: &'a [PropertyIx],
    /// Wall time after which the engine gives up with `unknown (deadline)`.
    pub deadline: Duration,
    /// Set when the user interrupts.
    pub cancel: CancelToken,
    /// Where to keep generated text and logs; `None` = nowhere.
    pub artifacts: Option<&'a Path>,
    /// Called now and then while the engine works.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

/// A sign of life of an engine at work.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Who.
    pub engine: Engine,
    /// What it is doing, in a few words.
    pub doing: String,
    /// Distinct states so far, where it counts them.
    pub states: Option<u64>,
    /// States a second, where known.
    pub rate: Option<f64>,
}
