//! What it takes to violate a property, or to reach what it asks for, as conditions on one frame and the choices of the step
//! that leaves it.

use super::choices::mentioned_tuples;
use super::frame::{Choices, FrameScope, at_terminal};
use super::refine;
use super::step::{Ranges, admitted, after, enabled};
use super::tree::{Smt, and, not, or};
use super::value::{Scope, Val, truth};
use crate::ir::{Cell, ChoiceIx, StateId, Symbols, Term, Ty, Value};
use crate::model::{Command, CommandIx, PropertyKind, System};

/// What a property comes to for a solver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A run to a frame where this holds, with some choices, violates it.
    Avoid(Smt),
    /// A run to a frame where this holds, with some choices, is what it asks for.
    Reach(Smt),
    /// It is not about single frames.
    Beyond(&'static str),
    /// Too large to write out.
    TooLarge(&'static str),
}

/// The condition of a property in a frame. That of `precedes` is for the system without the commands that come first.
#[must_use]
pub fn asked(system: &System, kind: &PropertyKind, frame: u32) -> Asked {
    let plain = FrameScope::plain(system, frame);
    match kind {
        PropertyKind::Always(p) => Asked::Avoid(not(truth(p, &plain))),
        PropertyKind::AtRequire(c, p) => with(system, *c, |command| {
            let scope = FrameScope::free(system, frame, command);
            Asked::Avoid(and([
                enabled(system, command, &scope),
                not(truth(p, &scope)),
            ]))
        }),
        PropertyKind::AtEnsure(c, p) => with(system, *c, |command| {
            let scope = FrameScope::free(system, frame, command);
            Asked::Avoid(breaks_ensure(system, command, p, scope))
        }),
        PropertyKind::Precedes(_, c) => with(system, *c, |command| {
            let scope = FrameScope::free(system, frame, command);
            Asked::Avoid(enabled(system, command, &scope))
        }),
        PropertyKind::InRange => Asked::Avoid(or(system.commands.iter().map(|command| {
            let scope = FrameScope::free(system, frame, command);
            leaves(system, command, &scope)
        }))),
        PropertyKind::NoDeadlock => deadlocked(system, frame).map_or(
            Asked::TooLarge("too many choices to write out"),
            Asked::Avoid,
        ),
        PropertyKind::Refines => {
            system
                .refinement
                .as_ref()
                .map_or(Asked::Beyond("there is nothing to refine"), |r| {
                    refine::step_without_counterpart(system, r, frame).map_or(
                        Asked::TooLarge("too many choices to write out"),
                        Asked::Avoid,
                    )
                })
        }
        PropertyKind::Reachable(p) => Asked::Reach(truth(p, &plain)),
        PropertyKind::Fires(c) => with(system, *c, |command| {
            let scope = FrameScope::free(system, frame, command);
            Asked::Reach(and([
                enabled(system, command, &scope),
                admitted(system, command, &scope, Ranges::Kept),
            ]))
        }),
        PropertyKind::CanReach(_) => {
            Asked::Beyond("Z3 is not asked about what can still be reached")
        }
        PropertyKind::Eventually(_)
        | PropertyKind::LeadsTo(..)
        | PropertyKind::InfinitelyOften(_) => Asked::Beyond("Z3 is not asked about liveness"),
    }
}

/// That a property is not violated in the frame, whatever the choices; `None` where that is too large to write out, or where
/// the property is not of that kind.
#[must_use]
pub fn safe(system: &System, kind: &PropertyKind, frame: u32) -> Option<Smt> {
    let plain = FrameScope::plain(system, frame);
    let for_all = |c: CommandIx, p: &Term, breaks: &dyn Fn(&Command, FrameScope<'_>) -> Smt| {
        let command = system.command(c)?;
        let updates = command.updates.iter().map(|u| &u.value);
        let tuples = mentioned_tuples(command, [&command.guard, p].into_iter().chain(updates))?;
        Some(and(tuples
            .iter()
            .map(|t| not(breaks(command, fixed(system, frame, t))))))
    };
    match kind {
        PropertyKind::Always(p) => Some(truth(p, &plain)),
        PropertyKind::AtRequire(c, p) => for_all(*c, p, &|command, scope| {
            and([enabled(system, command, &scope), not(truth(p, &scope))])
        }),
        PropertyKind::AtEnsure(c, p) => for_all(*c, p, &|command, scope| {
            breaks_ensure(system, command, p, scope)
        }),
        PropertyKind::Precedes(_, c) => for_all(*c, &Term::truth(true), &|command, scope| {
            enabled(system, command, &scope)
        }),
        PropertyKind::NoDeadlock => deadlocked(system, frame).map(not),
        PropertyKind::InRange
        | PropertyKind::Refines
        | PropertyKind::Reachable(_)
        | PropertyKind::Fires(_)
        | PropertyKind::CanReach(_)
        | PropertyKind::Eventually(_)
        | PropertyKind::LeadsTo(..)
        | PropertyKind::InfinitelyOften(_) => None,
    }
}

/// That no command can fire in the frame though it is not terminal (S-7); `None` if the choices are too many.
fn deadlocked(system: &System, frame: u32) -> Option<Smt> {
    let mut parts = vec![not(at_terminal(system, frame))];
    for command in &system.commands {
        for t in mentioned_tuples(command, [&command.guard])? {
            parts.push(not(enabled(system, command, &fixed(system, frame, &t))));
        }
    }
    Some(and(parts))
}

/// That a step of the command leaves a range.
#[must_use]
pub fn leaves(system: &System, command: &Command, scope: &FrameScope<'_>) -> Smt {
    and([
        enabled(system, command, scope),
        not(admitted(system, command, scope, Ranges::Kept)),
    ])
}

fn breaks_ensure(system: &System, command: &Command, p: &Term, scope: FrameScope<'_>) -> Smt {
    let then = AfterScope {
        system,
        command,
        before: scope,
    };
    and([
        enabled(system, command, &scope),
        admitted(system, command, &scope, Ranges::Kept),
        not(truth(p, &then)),
    ])
}

const fn fixed<'a>(system: &'a System, frame: u32, values: &'a [Value]) -> FrameScope<'a> {
    FrameScope {
        system,
        frame,
        choices: Choices::Fixed(values),
    }
}

fn with(system: &System, c: CommandIx, ask: impl FnOnce(&Command) -> Asked) -> Asked {
    system
        .command(c)
        .map_or(Asked::Beyond("there is no such transition"), ask)
}

/// Reads terms in the state after a command's step, in terms of the frame before.
#[derive(Debug, Clone, Copy)]
pub struct AfterScope<'a> {
    /// The system.
    pub system: &'a System,
    /// The command.
    pub command: &'a Command,
    /// The frame before, and the choices.
    pub before: FrameScope<'a>,
}

impl Scope for AfterScope<'_> {
    fn symbols(&self) -> &Symbols {
        &self.system.symbols
    }

    fn literal(&self, value: Value, ty: Ty) -> Val {
        self.before.literal(value, ty)
    }

    fn read(&self, cell: Cell) -> Val {
        self.system.slot(cell).map_or_else(Val::none, |slot| {
            after(self.system, self.command, slot, &self.before)
        })
    }

    fn choice(&self, choice: ChoiceIx) -> Val {
        self.before.choice(choice)
    }

    fn input(&self, input: u16) -> Val {
        self.before.input(input)
    }

    fn at_terminal(&self) -> Smt {
        terminal_among(self.system, &self.read(Cell::State), self)
    }
}

/// That a control state, given as a value, is a declared terminal one of `system`.
pub fn terminal_among(system: &System, state: &Val, scope: &dyn Scope) -> Smt {
    let ends = (0u16..)
        .map(StateId)
        .take(system.symbols.states.len())
        .filter(|s| system.is_terminal(*s));
    or(ends.map(|s| state.equals(&scope.literal(Value::state(s), Ty::State))))
}
