//! `step`: the reference semantics (S-1 to S-3, S-7). Slow and plain on purpose; engines are held against it.

use super::eval::StateEnv;
use super::system::{Command, Slot, System};
use crate::eval::{eval, truth};
use crate::finding::State;
use crate::ir::Value;

/// What firing a command in a state with given choices comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The command is not enabled there.
    Disabled,
    /// The state after.
    Next(State),
    /// The step leaves the range of these cells, so it has no successor (S-3). The values it would have assigned.
    LeavesRange {
        /// Cells with a value outside their domain.
        slots: Vec<Slot>,
        /// All cells after the assignment, those values included.
        state: State,
    },
}

/// All initial states: every combination of the cells' initial values, in order, the last cell running fastest.
pub fn initial_states(system: &System) -> impl Iterator<Item = State> {
    tuples(system.cells.iter().map(|c| c.init.clone()).collect())
}

/// All combinations of values of a command's choices, in order; one empty tuple when it has none.
pub fn choice_tuples(command: &Command) -> impl Iterator<Item = Vec<Value>> + use<> {
    tuples(
        command
            .choices
            .iter()
            .map(|c| c.domain.values().collect())
            .collect(),
    )
}

/// Whether the command can fire in `state` with these choices, whether or not the step stays in range.
#[must_use]
pub fn enabled(system: &System, command: &Command, state: &[Value], choices: &[Value]) -> bool {
    let here = state.first().copied();
    command.from.iter().any(|s| here == Some(Value::state(*s)))
        && truth(
            &command.guard,
            &StateEnv {
                system,
                state,
                choices,
            },
        )
}

/// Fires `command` in `state` with these choices.
#[must_use]
pub fn step(system: &System, command: &Command, state: &[Value], choices: &[Value]) -> Outcome {
    if !enabled(system, command, state, choices) {
        return Outcome::Disabled;
    }
    let env = StateEnv {
        system,
        state,
        choices,
    };
    let mut next = state.to_vec();
    let mut outside = Vec::new();
    for update in &command.updates {
        let value = eval(&update.value, &env);
        if !system.cell(update.slot).is_some_and(|c| c.admits(value)) {
            outside.push(update.slot);
        }
        if let Some(cell) = next.get_mut(update.slot.ix()) {
            *cell = value;
        }
    }
    if outside.is_empty() {
        Outcome::Next(next)
    } else {
        Outcome::LeavesRange {
            slots: outside,
            state: next,
        }
    }
}

/// The cartesian product of `domains`, lazily, the last one running fastest.
fn tuples(domains: Vec<Vec<Value>>) -> impl Iterator<Item = Vec<Value>> {
    let total = domains
        .iter()
        .try_fold(1u64, |n, d| n.checked_mul(d.len() as u64))
        .unwrap_or(u64::MAX);
    (0..total).map(move |mut n| {
        let mut tuple: Vec<Value> = domains
            .iter()
            .rev()
            .filter_map(|d| {
                let len = d.len() as u64;
                let value = d.get(usize::try_from(n % len).ok()?).copied();
                n /= len;
                value
            })
            .collect();
        tuple.reverse();
        tuple
    })
}
