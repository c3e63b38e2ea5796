//! Why something is never reached: the transition that came closest, and what in its guard failed. Explains only.

use crate::explore::compile::{Program, tuple_at, tuple_count};
use crate::explore::space::Space;
use crate::explore::words::show;
use crate::finding::State;
use crate::ir::term::CmpOp;
use crate::ir::{Cell, StateId, Symbols, TermKind, Value};
use crate::model::{Command, CommandIx, PropertyKind, System, enabled, failing_conjuncts};

/// Combinations of choices looked at for one transition.
const TUPLES: u64 = 64;
/// States looked at; beyond, the counts say "at least".
const STATES: usize = 200_000;

/// How near a transition came.
struct Near {
    command: CommandIx,
    /// States of its `from` that are reached.
    states: u64,
    /// The fewest conjuncts of its guard that fail in one of them, that state, and the choices.
    best: Option<(usize, State, Vec<Value>)>,
}

/// Notes for a `reachable` or `fires` that fails.
#[must_use]
pub fn notes<const W: usize>(
    program: &Program<'_, W>,
    space: &Space<W>,
    kind: &PropertyKind,
) -> Vec<String> {
    let system = program.system;
    let target = match kind {
        PropertyKind::Fires(c) => return explain(program, space, &[*c], ""),
        PropertyKind::Reachable(term) => match &term.kind {
            TermKind::Cmp(CmpOp::Eq, a, b) => match (&a.kind, &b.kind) {
                (TermKind::Read(cell), TermKind::Lit(value)) => (*cell, *value),
                _ => return Vec::new(),
            },
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let into: Vec<CommandIx> = system
        .commands()
        .filter(|(_, c)| leads_to(system, c, target))
        .map(|(ix, _)| ix)
        .collect();
    if into.is_empty() {
        return vec!["no transition leads there".to_owned()];
    }
    explain(program, space, &into, "the transition that comes closest: ")
}

/// Whether a command may give the cell this value.
fn leads_to(system: &System, command: &Command, (cell, value): (Cell, Value)) -> bool {
    if cell == Cell::State {
        return command.to.map(Value::state) == Some(value);
    }
    let slot = system.slot(cell);
    command.updates.iter().any(|u| {
        Some(u.slot) == slot
            && match u.value.kind {
                TermKind::Lit(v) => v == value,
                _ => true,
            }
    })
}

fn explain<const W: usize>(
    program: &Program<'_, W>,
    space: &Space<W>,
    commands: &[CommandIx],
    what: &str,
) -> Vec<String> {
    let system = program.system;
    let mut near: Vec<Near> = commands
        .iter()
        .map(|c| Near {
            command: *c,
            states: 0,
            best: None,
        })
        .collect();
    for ix in space.numbers().take(STATES) {
        let control = program.control(space.state(ix));
        let mut state = None;
        for near in &mut near {
            let Some(command) = system.command(near.command) else {
                continue;
            };
            if !command.from.contains(&control) {
                continue;
            }
            near.states += 1;
            if near.best.as_ref().is_some_and(|b| b.0 <= 1) {
                continue;
            }
            let state = state.get_or_insert_with(|| program.layout.unpack(space.state(ix)));
            near.look(system, command, state);
        }
    }
    let Some(best) = near.iter().min_by_key(|n| {
        let failing = n.best.as_ref().map_or(usize::MAX, |b| b.0);
        (
            n.states == 0,
            failing,
            std::cmp::Reverse(n.states),
            n.command,
        )
    }) else {
        return Vec::new();
    };
    system
        .command(best.command)
        .map(|command| best.words(system, command, what))
        .into_iter()
        .collect()
}

impl Near {
    fn look(&mut self, system: &System, command: &Command, state: &State) {
        for tuple in 0..tuple_count(command).min(TUPLES) {
            let choices = tuple_at(command, tuple);
            let failing = if enabled(system, command, state, &choices) {
                0
            } else {
                failing_conjuncts(system, state, &choices, &command.guard).len()
            };
            if self.best.as_ref().is_none_or(|b| failing < b.0) {
                self.best = Some((failing, state.clone(), choices));
            }
        }
    }

    fn words(&self, system: &System, command: &Command, what: &str) -> String {
        let symbols = &system.symbols;
        let name = &command.name;
        let Some((failing, state, choices)) = &self.best else {
            let from = list(symbols, &command.from);
            return format!("`{name}` leaves {from}, which no run reaches");
        };
        let reached = match self.states {
            1 => "1 reachable state".to_owned(),
            n => format!("{n} reachable states"),
        };
        let from = list(symbols, &command.from);
        if *failing == 0 {
            return format!(
                "`{name}` is enabled in some of the {reached} of {from}, but every step of it leaves a range or leads elsewhere"
            );
        }
        let conjuncts: Vec<String> = failing_conjuncts(system, state, choices, &command.guard)
            .into_iter()
            .map(|t| format!("`{}`", show(symbols, t)))
            .collect();
        let verb = if conjuncts.len() == 1 {
            "fails"
        } else {
            "fail"
        };
        let what_fails = conjuncts.join(" and ");
        format!(
            "{what}`{name}` is tried in {reached} of {from} and never enabled; at the nearest, {what_fails} {verb}"
        )
    }
}

fn list(symbols: &Symbols, states: &[StateId]) -> String {
    let names: Vec<&str> = states.iter().map(|s| symbols.state_name(*s)).collect();
    names.join(", ")
}
