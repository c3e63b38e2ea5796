//! Refinement (S-10) as conditions on one frame: every step has a counterpart in the refined workflow, or changes nothing there.

use super::choices::mentioned_tuples;
use super::frame::{FrameScope, enum_width, within};
use super::property::{AfterScope, terminal_among};
use super::step::{Ranges, admitted, enabled};
use super::tree::{Smt, and, implies, not, or};
use super::value::{Scope, Val, literal, truth, value};
use crate::ir::{Cell, ChoiceIx, Symbols, Ty, Value};
use crate::model::{Command, Refinement, Slot, System};

/// That some step from the frame has no counterpart; `None` if the other workflow's choices are too many to write out.
#[must_use]
pub fn step_without_counterpart(system: &System, r: &Refinement, frame: u32) -> Option<Smt> {
    let mut parts = Vec::new();
    for command in &system.commands {
        let before = FrameScope::free(system, frame, command);
        let then = AfterScope {
            system,
            command,
            before,
        };
        let mut ways = vec![stutters(r, &before, &then)];
        for other in &r.abstract_system.commands {
            let updates = other.updates.iter().map(|u| &u.value);
            for t in mentioned_tuples(other, std::iter::once(&other.guard).chain(updates))? {
                ways.push(counterpart(system, r, other, &t, &before, &then));
            }
        }
        parts.push(and([
            enabled(system, command, &before),
            admitted(system, command, &before, Ranges::Kept),
            not(or(ways)),
        ]));
    }
    Some(or(parts))
}

/// That the frame, taken as an initial state, maps to no initial state of the other workflow.
#[must_use]
pub fn start_without_counterpart(system: &System, r: &Refinement, frame: u32) -> Smt {
    let here = FrameScope::plain(system, frame);
    let width = enum_width(system);
    let cells = r.abstract_system.cells.iter().zip(&r.map);
    not(and(cells.map(|(cell, term)| {
        let mapped = value(term, &here);
        or(cell.init.iter().map(|v| mapped.equals(&literal(*v, width))))
    })))
}

fn stutters(r: &Refinement, before: &FrameScope<'_>, then: &AfterScope<'_>) -> Smt {
    and(r
        .map
        .iter()
        .map(|term| value(term, before).equals(&value(term, then))))
}

/// That this command of the other workflow, with these choices, does what the step does.
fn counterpart(
    system: &System,
    r: &Refinement,
    other: &Command,
    choices: &[Value],
    before: &FrameScope<'_>,
    then: &AfterScope<'_>,
) -> Smt {
    let mapped = MapScope {
        refinement: r,
        inner: before,
        width: enum_width(system),
        choices,
    };
    let state = mapped.read(Cell::State);
    let from = or(other
        .from
        .iter()
        .map(|s| state.equals(&mapped.literal(Value::state(*s), Ty::State))));
    let cells = (0u16..).map(Slot).zip(&r.abstract_system.cells);
    let result = cells.zip(&r.map).map(|((slot, cell), term)| {
        let update = other.updates.iter().find(|u| u.slot == slot);
        let new = update.map_or_else(|| value(term, before), |u| value(&u.value, &mapped));
        let admitted = if update.is_none() {
            Smt::Bool(true)
        } else {
            let bounds = new
                .value
                .as_ref()
                .map_or(Smt::Bool(true), |v| within(cell.domain, v));
            if cell.optional {
                implies(new.given.clone(), bounds)
            } else {
                and([new.given.clone(), bounds])
            }
        };
        and([admitted, new.equals(&value(term, then))])
    });
    and([from, truth(&other.guard, &mapped)]
        .into_iter()
        .chain(result))
}

/// Reads terms of the other workflow in a state of this one.
struct MapScope<'a> {
    refinement: &'a Refinement,
    inner: &'a dyn Scope,
    width: u32,
    choices: &'a [Value],
}

impl Scope for MapScope<'_> {
    fn symbols(&self) -> &Symbols {
        &self.refinement.abstract_system.symbols
    }

    fn literal(&self, value: Value, _: Ty) -> Val {
        literal(value, self.width)
    }

    fn read(&self, cell: Cell) -> Val {
        self.refinement
            .abstract_system
            .slot(cell)
            .and_then(|s| self.refinement.map.get(s.ix()))
            .map_or_else(Val::none, |term| value(term, self.inner))
    }

    fn choice(&self, choice: ChoiceIx) -> Val {
        self.choices
            .get(choice.ix())
            .map_or_else(Val::none, |v| literal(*v, self.width))
    }

    fn input(&self, _: u16) -> Val {
        Val::none()
    }

    fn at_terminal(&self) -> Smt {
        terminal_among(
            &self.refinement.abstract_system,
            &self.read(Cell::State),
            self,
        )
    }
}
