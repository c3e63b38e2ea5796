//! Refinement (S-10): the end of a run as the refined workflow sees it.

use super::{initial, successors};
use crate::eval::eval;
use crate::finding::{State, TraceStep};
use crate::model::eval::StateEnv;
use crate::model::system::{Refinement, System};

/// A state of the system as a state of the refined one; `None` when some value is not one that it has.
#[must_use]
pub fn abstract_state(system: &System, refinement: &Refinement, state: &State) -> Option<State> {
    let env = StateEnv {
        system,
        state,
        choices: &[],
    };
    let cells = refinement.abstract_system.cells.iter();
    cells
        .zip(&refinement.map)
        .map(|(cell, term)| Some(eval(term, &env)).filter(|v| cell.admits(*v)))
        .collect()
}

/// Whether the last entry is what the refined workflow cannot do: a start that is none, or a step that it does not have
/// and that is not nothing there.
pub(super) fn differs(system: &System, steps: &[TraceStep]) -> bool {
    let Some(refinement) = &system.refinement else {
        return false;
    };
    let there = &refinement.abstract_system;
    let seen = |entry: &TraceStep| abstract_state(system, refinement, &entry.state);
    let Some((last, before)) = steps.split_last() else {
        return false;
    };
    let Some(after) = seen(last) else {
        return true;
    };
    let Some(before) = before.last() else {
        return !initial(there, &after);
    };
    let Some(before) = seen(before) else {
        return true;
    };
    let has_step = || {
        let mut commands = there.commands.iter();
        commands.any(|c| successors(there, c, &before).any(|next| next == after))
    };
    before != after && !has_step()
}
