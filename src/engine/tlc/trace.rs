//! TLC's traces as runs of the system: states are matched with `model::step`, which also tells which transition and which
//! choices led from one to the next. What does not match is an error, not a finding.

use super::printed::{LassoEnd, PrintedTrace, state};
use crate::eval::truth;
use crate::finding::{PropertyIx, State, Trace, TraceStep};
use crate::ir::{Term, Value};
use crate::lower::tla::{Meaning, TlaFiles};
use crate::model::{
    Command, CommandIx, Outcome, PropertyKind, StateEnv, System, choice_tuples, enabled, step,
};

/// Why a trace is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TraceError {
    /// A state cannot be read.
    #[error("state {0} of TLC's trace is no state of the workflow")]
    Unreadable(usize),
    /// The first state is not initial.
    #[error("TLC's trace begins in a state that is not initial")]
    NotInitial,
    /// No transition makes this step.
    #[error("no transition makes step {0} of TLC's trace")]
    NoStep(usize),
    /// The last state does not show what TLC says it shows.
    #[error("the last state of TLC's trace does not violate the property")]
    NotViolated,
}

/// The run of the system that TLC printed as violating `property`, completed by the step that the property speaks of.
///
/// # Errors
/// When the model disagrees with TLC.
pub fn resolve(
    system: &System,
    files: &TlaFiles,
    printed: &PrintedTrace,
    property: PropertyIx,
) -> Result<Trace, TraceError> {
    let mut trace = run(system, files, printed)?;
    let Some(kind) = system.property(property).map(|p| &p.kind) else {
        return Err(TraceError::NotViolated);
    };
    let last = trace.steps.last().map(|s| s.state.clone());
    let last = last.ok_or(TraceError::NotViolated)?;
    let seek = Seek {
        system,
        state: &last,
    };
    let completing = match kind {
        PropertyKind::AtRequire(t, p) => {
            Some(seek.step(*t, &|choices, _| !holds(system, p, &last, choices)))
        }
        PropertyKind::AtEnsure(t, p) => Some(seek.step(*t, &|choices, outcome| match outcome {
            Outcome::Next(next) => !holds(system, p, next, choices),
            Outcome::Disabled | Outcome::LeavesRange { .. } => false,
        })),
        PropertyKind::Precedes(_, t) => Some(seek.step(*t, &|_, _| true)),
        PropertyKind::InRange => Some(seek.any_step(&|_, outcome| match outcome {
            Outcome::LeavesRange { .. } => true,
            Outcome::Disabled | Outcome::Next(_) => false,
        })),
        PropertyKind::Always(_)
        | PropertyKind::Reachable(_)
        | PropertyKind::Fires(_)
        | PropertyKind::CanReach(_)
        | PropertyKind::Eventually(_)
        | PropertyKind::LeadsTo(..)
        | PropertyKind::InfinitelyOften(_)
        | PropertyKind::NoDeadlock
        | PropertyKind::Refines => None,
    };
    if let Some(found) = completing {
        let (step, leaves_range) = found.ok_or(TraceError::NotViolated)?;
        trace.steps.push(step);
        trace.leaves_range = leaves_range;
    }
    Ok(trace)
}

fn run(system: &System, files: &TlaFiles, printed: &PrintedTrace) -> Result<Trace, TraceError> {
    let mut states: Vec<(State, Option<CommandIx>)> = Vec::new();
    for (n, shown) in printed.states.iter().enumerate() {
        let state =
            state(system, &files.cells, &shown.values).ok_or(TraceError::Unreadable(n + 1))?;
        states.push((state, command_of(files, shown.action.as_deref())));
    }
    let mut rest = states.iter();
    let (first, _) = rest.next().ok_or(TraceError::Unreadable(1))?;
    let initial = system
        .cells
        .iter()
        .zip(first)
        .all(|(c, v)| c.init.contains(v));
    if !initial {
        return Err(TraceError::NotInitial);
    }
    let mut steps = vec![TraceStep {
        transition: None,
        choices: Vec::new(),
        state: first.clone(),
    }];
    let mut here = first;
    for (n, (next, hint)) in rest.enumerate() {
        steps.push(between(system, here, next, *hint).ok_or(TraceError::NoStep(n + 1))?);
        here = next;
    }
    let loop_from = match &printed.end {
        None => None,
        Some(LassoEnd::Stutters) => Some(steps.len().saturating_sub(1)),
        Some(LassoEnd::Back(to, action)) => {
            let (target, _) = states.get(*to).ok_or(TraceError::Unreadable(*to + 1))?;
            if *to + 1 < states.len() || here != target {
                let hint = command_of(files, action.as_deref());
                let back = between(system, here, target, hint);
                steps.push(back.ok_or(TraceError::NoStep(states.len()))?);
                Some(*to)
            } else {
                // Back from a state to itself: it stays there.
                Some(steps.len().saturating_sub(1))
            }
        }
    };
    Ok(Trace {
        steps,
        loop_from,
        leaves_range: false,
    })
}

fn command_of(files: &TlaFiles, operator: Option<&str>) -> Option<CommandIx> {
    match files.table.get(operator?)? {
        Meaning::Transition(ix) => Some(*ix),
        Meaning::Property(_) | Meaning::Check(_) => None,
    }
}

/// A step from one state to the other, preferably by the transition that TLC names.
fn between(
    system: &System,
    from: &State,
    to: &State,
    hint: Option<CommandIx>,
) -> Option<TraceStep> {
    let seek = Seek {
        system,
        state: from,
    };
    let reaches = |_: &[_], outcome: &Outcome| match outcome {
        Outcome::Next(next) => next == to,
        Outcome::Disabled | Outcome::LeavesRange { .. } => false,
    };
    hint.and_then(|t| seek.step(t, &reaches))
        .or_else(|| seek.any_step(&reaches))
        .map(|(step, _)| step)
}

type Wanted<'w> = dyn Fn(&[Value], &Outcome) -> bool + 'w;

/// Looks for a step from a state.
struct Seek<'a> {
    system: &'a System,
    state: &'a State,
}

impl Seek<'_> {
    /// The first step of this transition that is wanted, and whether it leaves a range.
    fn step(&self, ix: CommandIx, wanted: &Wanted<'_>) -> Option<(TraceStep, bool)> {
        let command = self.system.command(ix)?;
        self.steps(command)
            .find(|(choices, outcome)| wanted(choices, outcome))
            .map(|(choices, outcome)| {
                let (state, leaves) = match outcome {
                    Outcome::Next(state) => (state, false),
                    Outcome::LeavesRange { state, .. } => (state, true),
                    Outcome::Disabled => (self.state.clone(), false),
                };
                let step = TraceStep {
                    transition: Some(ix),
                    choices,
                    state,
                };
                (step, leaves)
            })
    }

    fn any_step(&self, wanted: &Wanted<'_>) -> Option<(TraceStep, bool)> {
        self.system
            .commands()
            .find_map(|(ix, _)| self.step(ix, wanted))
    }

    fn steps(&self, command: &Command) -> impl Iterator<Item = (Vec<Value>, Outcome)> {
        choice_tuples(command)
            .filter(|choices| enabled(self.system, command, self.state, choices))
            .map(|choices| {
                let outcome = step(self.system, command, self.state, &choices);
                (choices, outcome)
            })
    }
}

fn holds(system: &System, p: &Term, state: &State, choices: &[Value]) -> bool {
    truth(
        p,
        &StateEnv {
            system,
            state,
            choices,
        },
    )
}
