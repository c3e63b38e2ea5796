//! TLC as an engine: few runs, each with its exact checks, and an answer for every property.
//!
//! One run for all that is judged in states and on steps and for what is reached, one for all temporal properties, one for
//! each `precedes`. TLC stops at the first violation, so a violated run is repeated without what was violated.
//! A run counts only if every check it was to make announced itself. Traces are read from the messages, which every version
//! prints in tool mode; `-dumpTrace` is missing in some and not used.
//!
//! TLC itself is trusted as far as its answers agree with the embedded engine's; it keeps 64-bit fingerprints of states, so its
//! "exhaustive" is up to their collisions, whose probability it prints.

mod answers;
mod archive;
mod launch;
mod message;
mod printed;
mod session;
mod trace;
mod verdict;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use crate::engine::Request;
use crate::finding::{Answer, Engine, EngineState, Evidence};
use crate::host::clock::Stopwatch;

use session::Session;

/// Settings of the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlcOptions {
    /// The `java` program; `None` = the one found on this machine.
    pub java: Option<PathBuf>,
    /// The jar with TLC; `None` = the one found on this machine.
    pub jar: Option<PathBuf>,
    /// Threads of a safety run; liveness always has one.
    pub workers: u32,
    /// How many distinct states are expected; tunes Java. `None` = few.
    pub expected_states: Option<u64>,
    /// Where an archive of TLC's classes may be kept, which shortens its start; `None` = nowhere.
    pub cache: Option<PathBuf>,
}

impl TlcOptions {
    /// What is found on this machine, two threads, no cache.
    #[must_use]
    pub const fn found() -> Self {
        Self {
            java: None,
            jar: None,
            workers: 2,
            expected_states: None,
            cache: None,
        }
    }
}

/// Asks TLC about the properties of a request.
#[must_use]
pub fn run(request: &Request<'_>, options: &TlcOptions) -> Evidence {
    let watch = Stopwatch::start();
    let mut session = Session::new(request, watch);
    let state = match session.all(options) {
        Ok(()) => session.state(),
        Err(why) => {
            session.answers.rest(|| Answer::Unavailable(why.clone()));
            EngineState::Unavailable(why)
        }
    };
    Evidence {
        cached: false,
        engine: Engine::Tlc,
        state,
        states: session.states,
        commands: std::mem::take(&mut session.commands),
        answers: session.answers.finish(),
        observations: Vec::new(),
        seconds: watch.seconds(),
    }
}
