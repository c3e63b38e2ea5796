//! One finite guarded-command system per workflow, and `step`, its reference semantics in the plain words of S-1 to S-17.
//!
//! No input, output, clock or randomness. Everything here is trusted: engines are held against it, and every
//! counterexample is replayed by it before it is shown.

pub mod blame;
pub mod desugar;
pub mod eval;
pub mod replay;
pub mod simplify;
pub mod step;
pub mod subst;
pub mod system;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use blame::{Change, PlainStep, describe, failing_conjuncts};
pub use desugar::desugar;
pub use eval::{StateEnv, holds};
pub use replay::{ReplayError, abstract_state, replay, replay_run, replay_witness};
pub use simplify::{never_none, simplify};
pub use step::{Outcome, choice_tuples, enabled, initial_states, step};
pub use subst::after;
pub use system::{
    CellDecl, Choice, Command, CommandIx, Property, PropertyKind, Refinement, Slot, System, Update,
    Vacuity,
};
