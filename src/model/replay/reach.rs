//! Whether a goal can be reached, by a plain search: the only way to confirm that it cannot be.

use std::collections::{HashSet, VecDeque};

use super::{ReplayError, successors};
use crate::finding::State;
use crate::ir::Term;
use crate::model::eval::holds;
use crate::model::system::System;

/// The most states that are searched.
pub(super) const LIMIT: usize = 200_000;

/// Whether some run from `start` gets to a state in which `goal` holds.
pub(super) fn can_reach(system: &System, start: &State, goal: &Term) -> Result<bool, ReplayError> {
    let mut seen: HashSet<State> = HashSet::from([start.clone()]);
    let mut queue: VecDeque<State> = VecDeque::from([start.clone()]);
    while let Some(state) = queue.pop_front() {
        if holds(system, &state, goal) {
            return Ok(true);
        }
        for command in &system.commands {
            for next in successors(system, command, &state) {
                if seen.insert(next.clone()) {
                    if seen.len() > LIMIT {
                        return Err(ReplayError::TooLarge(LIMIT));
                    }
                    queue.push_back(next);
                }
            }
        }
    }
    Ok(false)
}
