//! The steps of a system between two frames (S-1 to S-3).

use super::frame::{Choices, FrameScope, cell_value, state_in, within};
use super::names;
use super::script::{Script, Sort};
use super::tree::{Smt, and, eq, implies, or};
use super::value::{Val, truth, value};
use crate::ir::Domain;
use crate::model::{Command, CommandIx, Slot, System};

/// What becomes of the integers' ranges in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ranges {
    /// A step that leaves a range has no successor: the system as it is (S-3).
    Kept,
    /// Integers go where they are assigned to: a larger system (S-17).
    TakenAway,
}

/// That the command can fire in the frame, whether or not the step stays in range.
#[must_use]
pub fn enabled(system: &System, command: &Command, scope: &FrameScope<'_>) -> Smt {
    and([
        state_in(system, &command.from, scope.frame),
        truth(&command.guard, scope),
    ])
}

/// The value of a cell after the command's step, in terms of the frame before.
#[must_use]
pub fn after(system: &System, command: &Command, slot: Slot, scope: &FrameScope<'_>) -> Val {
    command.updates.iter().find(|u| u.slot == slot).map_or_else(
        || {
            system
                .cell(slot)
                .map_or_else(Val::none, |c| cell_value(system, c.cell, scope.frame))
        },
        |u| value(&u.value, scope),
    )
}

/// That every cell the command assigns can hold the value it gets.
#[must_use]
pub fn admitted(system: &System, command: &Command, scope: &FrameScope<'_>, ranges: Ranges) -> Smt {
    and(command.updates.iter().map(|u| {
        let Some(cell) = system.cell(u.slot) else {
            return Smt::Bool(false);
        };
        let val = value(&u.value, scope);
        let bounds = match (ranges, cell.domain, val.value) {
            (Ranges::Kept, Domain::Int { .. }, Some(v)) => {
                implies(val.given.clone(), within(cell.domain, &v))
            }
            (
                Ranges::Kept | Ranges::TakenAway,
                Domain::Bool | Domain::Int { .. } | Domain::Enum { .. } | Domain::State { .. },
                _,
            ) => Smt::Bool(true),
        };
        if cell.optional {
            bounds
        } else {
            and([val.given, bounds])
        }
    }))
}

/// Declares the step from `frame` to the next by one of the commands: `fires.<transition>@<frame>` says by which.
pub fn assert_step(
    script: &mut Script,
    system: &System,
    commands: &[CommandIx],
    frame: u32,
    ranges: Ranges,
) {
    let mut any = Vec::new();
    for command in commands.iter().filter_map(|c| system.command(*c)) {
        let scope = FrameScope {
            system,
            frame,
            choices: Choices::Free(command),
        };
        let assigned = (0u16..).map(Slot).zip(&system.cells).map(|(slot, cell)| {
            let next = cell_value(system, cell.cell, frame + 1);
            becomes(&next, after(system, command, slot, &scope))
        });
        let relation = and([
            enabled(system, command, &scope),
            admitted(system, command, &scope, ranges),
        ]
        .into_iter()
        .chain(assigned));
        let name = names::fires(command.name.as_str(), frame);
        script.declare(name.clone(), Sort::Bool);
        script.assert(implies(Smt::Name(name.clone()), relation));
        any.push(Smt::Name(name));
    }
    script.assert(match any.len() {
        0 => Smt::Bool(false),
        _ => or(any),
    });
}

/// That a cell gets a value. A cell that cannot be `none` never does: `admitted` says so.
fn becomes(next: &Val, new: Val) -> Smt {
    match (&next.value, new.value) {
        (Some(n), Some(v)) => and([
            eq(next.given.clone(), new.given.clone()),
            implies(new.given, eq(n.clone(), v)),
        ]),
        (Some(_), None) | (None, Some(_)) | (None, None) => {
            eq(next.given.clone(), Smt::Bool(false))
        }
    }
}
