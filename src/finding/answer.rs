//! What one engine says about one property, and all it says in one run.

use std::fmt;

use super::kind::FindingKind;
use super::property::PropertyIx;
use super::subject::{CoreItem, Subject};
use super::trace::Trace;
use crate::ir::Span;

/// The engines that decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Engine {
    /// The embedded explicit-state engine.
    Explore,
    /// TLA+ by TLC.
    Tlc,
    /// Z3, embedded.
    Z3,
    /// Lean 4.
    Lean,
}

impl Engine {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 4] = [Self::Explore, Self::Tlc, Self::Z3, Self::Lean];

    /// The word for it on the command line and in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Explore => "explore",
            Self::Tlc => "tlc",
            Self::Z3 => "z3",
            Self::Lean => "lean",
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How far a `holds` reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coverage {
    /// Every reachable state was visited; so many distinct ones.
    Exhaustive {
        /// Distinct states.
        distinct: u64,
    },
    /// Inductive over all typed states (k-induction with this k), so for every reachable one.
    Inductive {
        /// The k of k-induction.
        k: u32,
    },
    /// All runs of up to so many steps.
    Bounded {
        /// Steps.
        steps: u32,
    },
    /// Over all typed values, reachable or not; for questions about guards and policies.
    AllValues,
    /// A theorem that Lean's kernel checked.
    Theorem {
        /// Its name.
        name: String,
    },
}

/// What an engine says about one property. None of these is a default, and only `Holds` can become green.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It holds. For `reachable` and `fires`, `state`, `phase`: it is reached; the trace shows how where the engine has one.
    Holds {
        /// How far the answer reaches.
        coverage: Coverage,
        /// For properties that ask for a run: the run.
        witness: Option<Trace>,
    },
    /// It does not hold. `None` where there is no run to show (something unreachable).
    Violated {
        /// The run that shows it.
        trace: Option<Trace>,
        /// How far the answer reaches; a `Violated` without trace needs `Exhaustive`.
        coverage: Option<Coverage>,
    },
    /// The engine ran and does not know. Why, in a few words: `budget`, `range-free`, `masked`, …
    Unknown(String),
    /// The engine is not there.
    Unavailable(String),
    /// The engine failed.
    Error(String),
    /// The engine cannot be asked this; neutral.
    NotAsked(String),
}

impl Answer {
    /// The word for it in reports.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Holds { .. } => "holds",
            Self::Violated { .. } => "violated",
            Self::Unknown(_) => "unknown",
            Self::Unavailable(_) => "unavailable",
            Self::Error(_) => "error",
            Self::NotAsked(_) => "not_asked",
        }
    }
}

/// An engine's answer to one property.
#[derive(Debug, Clone, PartialEq)]
pub struct PropertyAnswer {
    /// The property.
    pub property: PropertyIx,
    /// The answer.
    pub answer: Answer,
    /// Transitions whose fairness the answer rests on, by name; empty for safety.
    pub assumptions: Vec<String>,
    /// Why, in the user's words, for a person: the nearest blocked guard, the failing conjunct, the step that breaks induction.
    pub notes: Vec<String>,
    /// Wall seconds spent on it, where known.
    pub seconds: Option<f64>,
}

/// How big the search was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct States {
    /// Distinct states.
    pub distinct: u64,
    /// Steps between them (state, transition, choice) that have a successor; `None` where the engine counts otherwise.
    pub steps: Option<u64>,
    /// Length of the longest shortest path, in steps.
    pub depth: Option<u64>,
    /// Whether every reachable state was visited.
    pub complete: bool,
}

/// Something an engine noticed that no property asks for: a finding before it is merged with what others say.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Of which kind.
    pub kind: FindingKind,
    /// About what.
    pub subject: Subject,
    /// The place to point at, most important first.
    pub spans: Vec<Span>,
    /// In plain words, one sentence each; the first is the title.
    pub words: Vec<String>,
    /// A run that shows it.
    pub trace: Option<Trace>,
    /// The rules or conjuncts that cause it.
    pub core: Vec<CoreItem>,
}

/// Whether an engine was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineState {
    /// It ran; with its version.
    Ran {
        /// As the engine gives it.
        version: String,
    },
    /// It is not there: why, and how to get it.
    Unavailable(String),
    /// It was there and failed as a whole; answers it gave before stand.
    Failed {
        /// As far as known.
        version: Option<String>,
        /// What happened.
        why: String,
    },
}

/// Everything one engine said in one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Who speaks.
    pub engine: Engine,
    /// Whether it ran.
    pub state: EngineState,
    /// One for every property of the system, by property.
    pub answers: Vec<PropertyAnswer>,
    /// What it noticed besides.
    pub observations: Vec<Observation>,
    /// How big the search was, where the engine searches.
    pub states: Option<States>,
    /// Wall seconds.
    pub seconds: f64,
    /// The exact commands run, for the record.
    pub commands: Vec<String>,
    /// Whether nothing ran now: the answers are those of an earlier run on the same input.
    pub cached: bool,
}
