//! Replays traces: every step by `step`, and at the end what the property says. Trusted: no counterexample and no witness is
//! shown that did not pass here.

mod fair;
mod reach;
mod refine;

#[cfg(test)]
mod tests;

pub use refine::abstract_state;

use thiserror::Error;

use super::eval::{StateEnv, holds};
use super::step::{Outcome, choice_tuples, enabled, step};
use super::system::{Command, CommandIx, PropertyKind, System};
use crate::eval::truth;
use crate::finding::{PropertyIx, State, Trace, TraceStep};
use crate::ir::{StateId, Term, Value};

/// Why a trace does not show what it is said to show.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReplayError {
    /// There is no such property.
    #[error("the system has no such property")]
    NoProperty,
    /// No entry.
    #[error("the trace is empty")]
    Empty,
    /// The first state is not an initial one, or is said to come from a step.
    #[error("the trace does not begin in an initial state")]
    NotInitial,
    /// An entry names no transition, or one with choices that do not exist.
    #[error("entry {0} names no transition of the system, or no choices of it")]
    NoSuchStep(usize),
    /// A transition fires where it cannot.
    #[error("the transition of entry {0} is not enabled there")]
    Disabled(usize),
    /// A step leads elsewhere.
    #[error("the step of entry {0} does not lead to the state that is claimed")]
    WrongState(usize),
    /// A step leaves a range before the end, or without being marked.
    #[error("the step of entry {0} leaves a range")]
    LeavesRange(usize),
    /// The trace is marked as leaving a range, and does not.
    #[error("the last step does not leave a range")]
    StaysInRange,
    /// The run does not come back to where it is said to.
    #[error("the loop does not close")]
    LoopOpen,
    /// A fair transition is passed over for ever.
    #[error("the loop is not fair to transition `{0}`")]
    Unfair(String),
    /// The property speaks of infinite runs and the trace has no loop.
    #[error("the property speaks of infinite runs, but the trace has no loop")]
    NoLoop,
    /// The property speaks of finite runs and the trace has a loop.
    #[error("the trace has a loop, though the property speaks of its end")]
    UnexpectedLoop,
    /// The last step is not one of the transition in question.
    #[error("the last step is not one of the transition that the property speaks of")]
    WrongTransition,
    /// A transition that must not have fired before has.
    #[error("a transition that the property waits for fires in entry {0}")]
    Preceded(usize),
    /// The run is fine and does not show what is claimed.
    #[error("the run does not show what is claimed of the property")]
    NotShown,
    /// No run can show it.
    #[error("no single run can show this of such a property")]
    NoRunShows,
    /// Showing it takes a search, which was given up.
    #[error("more than {0} states would have to be searched to confirm it")]
    TooLarge(usize),
}

/// Confirms that `trace` is a run that violates the property.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn replay(system: &System, property: PropertyIx, trace: &Trace) -> Result<(), ReplayError> {
    let kind = &system
        .property(property)
        .ok_or(ReplayError::NoProperty)?
        .kind;
    let run = Run::of(system, trace)?;
    match kind {
        PropertyKind::Always(p) => run.ends_in(|s| !holds(system, s, p)),
        PropertyKind::AtRequire(c, p) => run.at_last_step(*c, |before, choices, _| {
            !truth(p, &env(system, before, choices))
        }),
        PropertyKind::AtEnsure(c, p) => {
            run.stays_in_range()?;
            run.at_last_step(*c, |_, choices, after| {
                !truth(p, &env(system, after, choices))
            })
        }
        PropertyKind::Precedes(first, then) => {
            run.without_before_last(first)?;
            run.at_last_step(*then, |_, _, _| true)
        }
        PropertyKind::Reachable(_) | PropertyKind::Fires(_) => Err(ReplayError::NoRunShows),
        PropertyKind::CanReach(p) => {
            run.ends_in(|_| true)?;
            if reach::can_reach(system, &run.last().state, p)? {
                Err(ReplayError::NotShown)
            } else {
                Ok(())
            }
        }
        PropertyKind::Eventually(p) => run.avoids(p, |n, _| n == 0),
        PropertyKind::LeadsTo(a, b) => run.avoids(b, |_, s| holds(system, s, a)),
        PropertyKind::InfinitelyOften(p) => {
            let (_, around) = run.fair_loop()?;
            shown(around.iter().all(|e| !holds(system, &e.state, p)))
        }
        PropertyKind::InRange => {
            run.no_loop()?;
            if trace.leaves_range {
                Ok(())
            } else {
                Err(ReplayError::StaysInRange)
            }
        }
        PropertyKind::NoDeadlock => run.ends_in(|s| deadlocked(system, s)),
        PropertyKind::Refines => {
            run.no_loop()?;
            run.stays_in_range()?;
            shown(refine::differs(system, &trace.steps))
        }
    }
}

/// Confirms that `trace` is a run that shows that the property holds: one that gets to the state, or fires the transition.
///
/// # Errors
/// The first thing that is wrong with it; `NoRunShows` for a property about all runs.
pub fn replay_witness(
    system: &System,
    property: PropertyIx,
    trace: &Trace,
) -> Result<(), ReplayError> {
    let kind = &system
        .property(property)
        .ok_or(ReplayError::NoProperty)?
        .kind;
    let run = Run::of(system, trace)?;
    match kind {
        PropertyKind::Reachable(p) => run.ends_in(|s| holds(system, s, p)),
        PropertyKind::Fires(c) => {
            run.stays_in_range()?;
            run.at_last_step(*c, |_, _, _| true)
        }
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
        | PropertyKind::Refines => Err(ReplayError::NoRunShows),
    }
}

/// Confirms that `trace` is a run of the system, and a fair one where it goes round for ever.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn replay_run(system: &System, trace: &Trace) -> Result<(), ReplayError> {
    let run = Run::of(system, trace)?;
    if trace.loop_from.is_some() {
        run.fair_loop()?;
    }
    Ok(())
}

/// A trace whose every step has been replayed.
struct Run<'a> {
    system: &'a System,
    trace: &'a Trace,
    last: &'a TraceStep,
}

impl<'a> Run<'a> {
    fn of(system: &'a System, trace: &'a Trace) -> Result<Self, ReplayError> {
        let (first, rest) = trace.steps.split_first().ok_or(ReplayError::Empty)?;
        if first.transition.is_some() || !first.choices.is_empty() || !initial(system, &first.state)
        {
            return Err(ReplayError::NotInitial);
        }
        let mut before = first;
        for (n, entry) in (1..).zip(rest) {
            let at_end = n == rest.len();
            check_step(system, before, entry, n, at_end && trace.leaves_range)?;
            before = entry;
        }
        if trace.leaves_range && rest.is_empty() {
            return Err(ReplayError::StaysInRange);
        }
        let run = Self {
            system,
            trace,
            last: before,
        };
        run.loop_closes()?;
        Ok(run)
    }

    const fn last(&self) -> &TraceStep {
        self.last
    }

    fn loop_closes(&self) -> Result<(), ReplayError> {
        let Some(from) = self.trace.loop_from else {
            return Ok(());
        };
        let start = self.trace.steps.get(from).ok_or(ReplayError::LoopOpen)?;
        if self.trace.leaves_range || start.state != self.last.state {
            return Err(ReplayError::LoopOpen);
        }
        Ok(())
    }

    fn no_loop(&self) -> Result<(), ReplayError> {
        match self.trace.loop_from {
            None => Ok(()),
            Some(_) => Err(ReplayError::UnexpectedLoop),
        }
    }

    fn stays_in_range(&self) -> Result<(), ReplayError> {
        if self.trace.leaves_range {
            return Err(ReplayError::LeavesRange(self.trace.steps.len() - 1));
        }
        Ok(())
    }

    /// The last state is one of the run, and `wrong` of it.
    fn ends_in(&self, wrong: impl Fn(&State) -> bool) -> Result<(), ReplayError> {
        self.no_loop()?;
        self.stays_in_range()?;
        shown(wrong(&self.last.state))
    }

    /// The last entry is a step of `command`, and `wrong` of the state before, the choices and the state after.
    fn at_last_step(
        &self,
        command: CommandIx,
        wrong: impl Fn(&State, &[Value], &State) -> bool,
    ) -> Result<(), ReplayError> {
        self.no_loop()?;
        let steps = &self.trace.steps;
        let before = steps.len().checked_sub(2).and_then(|n| steps.get(n));
        match before {
            Some(before) if self.last.transition == Some(command) => {
                shown(wrong(&before.state, &self.last.choices, &self.last.state))
            }
            Some(_) | None => Err(ReplayError::WrongTransition),
        }
    }

    fn without_before_last(&self, first: &[CommandIx]) -> Result<(), ReplayError> {
        let fired = |e: &TraceStep| e.transition.is_some_and(|t| first.contains(&t));
        match self.trace.steps.iter().position(fired) {
            Some(n) => Err(ReplayError::Preceded(n)),
            None => Ok(()),
        }
    }

    /// The index where the loop begins, and the entries whose states the run visits for ever; fair to every transition.
    fn fair_loop(&self) -> Result<(usize, &'a [TraceStep]), ReplayError> {
        let from = self.trace.loop_from.ok_or(ReplayError::NoLoop)?;
        let around = self.trace.steps.get(from..).ok_or(ReplayError::LoopOpen)?;
        match fair::unfair_to(self.system, around) {
            Some(command) => Err(ReplayError::Unfair(command.name.to_string())),
            None => Ok((from, around)),
        }
    }

    /// The run is fair, and from some entry on for which `starts` holds, that one included, it never sees `goal`.
    fn avoids(
        &self,
        goal: &Term,
        starts: impl Fn(usize, &State) -> bool,
    ) -> Result<(), ReplayError> {
        let (around, _) = self.fair_loop()?;
        let never = |from: usize| {
            let mut rest = self.trace.steps.iter().skip(from);
            rest.all(|e| !holds(self.system, &e.state, goal))
        };
        let mut entries = self.trace.steps.iter().enumerate();
        // A start within the loop comes round again, so the whole loop has to avoid the goal.
        shown(entries.any(|(n, e)| starts(n, &e.state) && never(n.min(around))))
    }
}

fn shown(claim: bool) -> Result<(), ReplayError> {
    if claim {
        Ok(())
    } else {
        Err(ReplayError::NotShown)
    }
}

const fn env<'a>(system: &'a System, state: &'a [Value], choices: &'a [Value]) -> StateEnv<'a> {
    StateEnv {
        system,
        state,
        choices,
    }
}

/// Whether a state is an initial one of the system.
fn initial(system: &System, state: &[Value]) -> bool {
    state.len() == system.cells.len()
        && (system.cells.iter().zip(state)).all(|(cell, v)| cell.init.contains(v))
}

fn check_step(
    system: &System,
    before: &TraceStep,
    entry: &TraceStep,
    n: usize,
    leaves: bool,
) -> Result<(), ReplayError> {
    let command = entry.transition.and_then(|t| system.command(t));
    let command = command.ok_or(ReplayError::NoSuchStep(n))?;
    let declared = command.choices.len() == entry.choices.len()
        && (command.choices.iter().zip(&entry.choices))
            .all(|(c, v)| c.domain.position(*v).is_some());
    if !declared {
        return Err(ReplayError::NoSuchStep(n));
    }
    match step(system, command, &before.state, &entry.choices) {
        Outcome::Disabled => Err(ReplayError::Disabled(n)),
        Outcome::Next(_) if leaves => Err(ReplayError::StaysInRange),
        Outcome::LeavesRange { .. } if !leaves => Err(ReplayError::LeavesRange(n)),
        Outcome::Next(state) | Outcome::LeavesRange { state, .. } => {
            if state == entry.state {
                Ok(())
            } else {
                Err(ReplayError::WrongState(n))
            }
        }
    }
}

/// S-7: not terminal, and no command enabled with any choices. A step that leaves a range counts as enabled.
fn deadlocked(system: &System, state: &State) -> bool {
    let can = |c: &Command| choice_tuples(c).any(|choices| enabled(system, c, state, &choices));
    let terminal = match state.first() {
        Some(Value::Enum(s)) => system.is_terminal(StateId(*s)),
        Some(Value::None | Value::Bool(_) | Value::Int(_)) | None => false,
    };
    !terminal && !system.commands.iter().any(can)
}

/// The states that one step leads to, in range, whether or not they differ from `state`.
fn successors<'a>(
    system: &'a System,
    command: &'a Command,
    state: &'a [Value],
) -> impl Iterator<Item = State> + 'a {
    choice_tuples(command).filter_map(
        move |choices| match step(system, command, state, &choices) {
            Outcome::Next(next) => Some(next),
            Outcome::Disabled | Outcome::LeavesRange { .. } => None,
        },
    )
}
