//! Fairness of a loop (S-8): only steps that change something and stay in range count, whatever name they bear.

use super::successors;
use crate::finding::TraceStep;
use crate::ir::workflow::Fairness;
use crate::model::system::{Command, System};

/// A command that a run which goes round `around` for ever is unfair to; `None` when it is fair to all. The last entry of
/// `around` comes back to the state of the first; a single entry stands for stuttering there.
pub(super) fn unfair_to<'s>(system: &'s System, around: &[TraceStep]) -> Option<&'s Command> {
    let mut commands = system.commands.iter();
    commands.find(|command| {
        let Some(fairness) = command.fairness else {
            return false;
        };
        let can_change = |entry: &TraceStep| {
            successors(system, command, &entry.state).any(|next| next != entry.state)
        };
        // The last entry repeats the first one's state where there are several.
        let states = match around.split_last() {
            Some((_, rest)) if !rest.is_empty() => rest,
            Some(_) | None => around,
        };
        let owed = match fairness {
            Fairness::Weak => states.iter().all(can_change),
            Fairness::Strong => states.iter().any(can_change),
        };
        owed && !taken(system, command, around)
    })
}

/// Whether some pair of different neighbouring states in the loop is a step of `command`.
fn taken(system: &System, command: &Command, around: &[TraceStep]) -> bool {
    around.iter().zip(around.iter().skip(1)).any(|(a, b)| {
        a.state != b.state && successors(system, command, &a.state).any(|next| next == b.state)
    })
}
