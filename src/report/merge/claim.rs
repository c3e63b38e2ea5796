//! What an engine's answer is worth before it is held against the others: a refutation counts once its run replays, and what
//! is missing or odd counts as nothing said.

use crate::finding::{Answer, Coverage, EngineState, Evidence, PropertyIx, Trace};
use crate::model::{PropertyKind, ReplayError, System, replay, replay_witness};

/// One engine's answer to one property, checked.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Claim {
    /// It holds.
    Holds {
        /// How far.
        coverage: Coverage,
        /// A run that shows it was given and replayed.
        witness: Option<Trace>,
        /// Transitions whose fairness it rests on.
        assumptions: Vec<String>,
    },
    /// It does not: the run replayed, or there is none to show and the answer covers every reachable state.
    Refuted {
        /// The run.
        trace: Option<Trace>,
        /// Why, in the engine's words.
        notes: Vec<String>,
    },
    /// A run was given that shows nothing.
    Unreplayable(String),
    /// The engine does not know.
    Unknown(String),
    /// The engine ran out of time, memory or states.
    OutOfBudget(String),
    /// The engine is not there.
    Unavailable(String),
    /// The engine failed, or gave no answer.
    Failed(String),
    /// It cannot be asked this.
    NotAsked(String),
}

impl Claim {
    /// The checked answer of `evidence` to a property.
    pub(super) fn of(system: &System, property: PropertyIx, evidence: &Evidence) -> Self {
        let Some(said) = evidence.answers.iter().find(|a| a.property == property) else {
            return Self::silent(evidence);
        };
        match &said.answer {
            Answer::Holds { coverage, witness } => {
                let replayed = witness
                    .as_ref()
                    .map(|w| replay_witness(system, property, w));
                match replayed {
                    Some(Err(why)) => Self::Unreplayable(why.to_string()),
                    Some(Ok(())) | None => Self::Holds {
                        coverage: coverage.clone(),
                        witness: witness.clone(),
                        assumptions: said.assumptions.clone(),
                    },
                }
            }
            Answer::Violated {
                trace: Some(trace), ..
            } => match replay(system, property, trace) {
                Ok(()) => Self::Refuted {
                    trace: Some(trace.clone()),
                    notes: said.notes.clone(),
                },
                // Confirming it takes a search as large as the engine's own, so nothing is known to be wrong with the run.
                Err(ReplayError::TooLarge(states)) => Self::Unknown(format!(
                    "its run takes more than {states} states to confirm"
                )),
                Err(why) => Self::Unreplayable(why.to_string()),
            },
            Answer::Violated {
                trace: None,
                coverage,
            } => {
                if asks_for_a_run(system, property) && coverage.as_ref().is_some_and(covers_all) {
                    Self::Refuted {
                        trace: None,
                        notes: said.notes.clone(),
                    }
                } else {
                    Self::Unreplayable("no run was given".to_owned())
                }
            }
            Answer::Unknown(why) if is_budget(why) => Self::OutOfBudget(why.clone()),
            Answer::Unknown(why) => Self::Unknown(why.clone()),
            Answer::Unavailable(why) => Self::Unavailable(why.clone()),
            Answer::Error(why) => Self::Failed(why.clone()),
            Answer::NotAsked(why) => Self::NotAsked(why.clone()),
        }
    }

    fn silent(evidence: &Evidence) -> Self {
        match &evidence.state {
            EngineState::Ran { .. } => Self::Failed("it gave no answer".to_owned()),
            EngineState::Unavailable(why) => Self::Unavailable(why.clone()),
            EngineState::Failed { why, .. } => Self::Failed(why.clone()),
        }
    }

    /// The word for it in the evidence matrix.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Holds { .. } => "holds",
            Self::Refuted { .. } => "violated",
            Self::Unreplayable(_) | Self::Failed(_) => "error",
            Self::Unknown(_) | Self::OutOfBudget(_) => "unknown",
            Self::Unavailable(_) => "unavailable",
            Self::NotAsked(_) => "not_asked",
        }
    }

    /// Why there is no answer.
    pub(super) fn why(&self) -> Option<&str> {
        match self {
            Self::Holds { .. } | Self::Refuted { .. } => None,
            Self::Unreplayable(why)
            | Self::Unknown(why)
            | Self::OutOfBudget(why)
            | Self::Unavailable(why)
            | Self::Failed(why)
            | Self::NotAsked(why) => Some(why),
        }
    }
}

/// Whether the property asks for a run, so that its refutation has none to show.
fn asks_for_a_run(system: &System, property: PropertyIx) -> bool {
    match system.property(property).map(|p| &p.kind) {
        Some(PropertyKind::Reachable(_) | PropertyKind::Fires(_)) => true,
        Some(
            PropertyKind::Always(_)
            | PropertyKind::AtRequire(..)
            | PropertyKind::AtEnsure(..)
            | PropertyKind::Precedes(..)
            | PropertyKind::CanReach(_)
            | PropertyKind::Eventually(_)
            | PropertyKind::LeadsTo(..)
            | PropertyKind::InfinitelyOften(_)
            | PropertyKind::InRange
            | PropertyKind::NoDeadlock
            | PropertyKind::Refines,
        )
        | None => false,
    }
}

/// Whether an answer speaks of every reachable state.
const fn covers_all(coverage: &Coverage) -> bool {
    match coverage {
        Coverage::Exhaustive { .. }
        | Coverage::Inductive { .. }
        | Coverage::AllValues
        | Coverage::Theorem { .. } => true,
        Coverage::Bounded { .. } => false,
    }
}

/// Engines begin the reason with one of these words when they ran out of something.
fn is_budget(why: &str) -> bool {
    ["budget", "deadline", "timeout", "memory"]
        .iter()
        .any(|word| why.starts_with(word))
}
