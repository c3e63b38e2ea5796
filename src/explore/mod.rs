//! The embedded engine: visits every reachable state of a `model::System` and answers all its properties.
//!
//! Trusted for verdicts that no other engine confirms. Held against `model::step` and the independent interpreter by tests;
//! every trace is made by `model::step` and replayed before it is shown.

mod agenda;
mod blocked;
mod budget;
mod compile;
mod expand;
mod fair;
mod graph;
mod growth;
mod judge;
mod lasso;
mod liveness;
mod observe;
mod pack;
mod reach;
mod refine;
mod runs;
mod search;
mod space;
mod table;
mod vacuity;
pub mod words;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::time::Instant;

pub use crate::explore::budget::Stop;
use crate::explore::judge::judge;
use crate::explore::pack::Layout;
use crate::finding::{Answer, Observation, PropertyAnswer, PropertyIx, States};
use crate::host::cancel::CancelToken;
use crate::model::System;

/// How to explore.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The properties to answer; the others are `not_asked`.
    pub properties: &'a [PropertyIx],
    /// Whether to look for what no property asks: endless revision, stale uses, vacuity.
    pub observe: bool,
    /// Distinct states after which the run soon ends with `unknown (budget)`.
    pub max_states: u64,
    /// Bytes that the run's tables may hold.
    pub max_memory: u64,
    /// Threads at work; what is answered does not depend on it.
    pub threads: usize,
    /// When to give up.
    pub deadline: Option<Instant>,
    /// Set when the user interrupts.
    pub cancel: Option<&'a CancelToken>,
    /// Called now and then with the number of states so far.
    pub progress: &'a dyn Fn(u64),
}

impl<'a> Options<'a> {
    /// One thread, 50 million states, 2 GiB, no deadline.
    #[must_use]
    pub fn new(properties: &'a [PropertyIx]) -> Self {
        Self {
            properties,
            observe: true,
            max_states: 50_000_000,
            max_memory: 2 << 30,
            threads: 1,
            deadline: None,
            cancel: None,
            progress: &|_| {},
        }
    }
}

/// What exploring came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// One for every property, in order.
    pub answers: Vec<PropertyAnswer>,
    /// What was noticed besides.
    pub observations: Vec<Observation>,
    /// How big the search was.
    pub states: States,
    /// Why the search ended early.
    pub stopped: Option<Stop>,
}

/// Words of the widest states that can be packed.
const WIDEST: usize = 32;

/// Visits every reachable state and answers the properties asked.
#[must_use]
pub fn explore(system: &System, options: &Options<'_>) -> Report {
    match Layout::new(system).words {
        0..=1 => judge::<1>(system, options),
        2 => judge::<2>(system, options),
        3..=4 => judge::<4>(system, options),
        5..=8 => judge::<8>(system, options),
        9..=WIDEST => judge::<WIDEST>(system, options),
        wide => too_wide(system, options, wide),
    }
}

/// No state can be packed, so nothing is known.
fn too_wide(system: &System, options: &Options<'_>, words: usize) -> Report {
    let why =
        format!("states of {words} words of 64 bits are wider than the {WIDEST} this engine packs");
    let answers = system.properties().map(|(property, _)| PropertyAnswer {
        property,
        answer: if options.properties.contains(&property) {
            Answer::Unknown(why.clone())
        } else {
            not_asked()
        },
        assumptions: Vec::new(),
        notes: Vec::new(),
        seconds: None,
    });
    Report {
        answers: answers.collect(),
        observations: Vec::new(),
        states: States {
            distinct: 0,
            steps: None,
            depth: None,
            complete: false,
        },
        stopped: Some(Stop::Memory),
    }
}

fn not_asked() -> Answer {
    Answer::NotAsked("not among the properties asked".to_owned())
}
