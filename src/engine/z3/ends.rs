//! Completes a run to a frame into what a property shows, by the conventions at `Trace`, and checks that it shows it.

use super::read::{ReadError, choices, run};
use super::session::Found;
use crate::eval::{eval, truth};
use crate::finding::{Trace, TraceStep};
use crate::ir::Value;
use crate::lower::smt::choices::mentioned_tuples;
use crate::model::{
    Command, CommandIx, Outcome, PropertyKind, Refinement, StateEnv, System, enabled, holds, step,
};

/// The run that the model shows for a property, from frame 0 to what happens in frame `last`.
///
/// # Errors
/// If the model lacks a value, or what it shows is not so.
pub fn shown(
    found: &Found,
    system: &System,
    commands: &[CommandIx],
    kind: &PropertyKind,
    last: u32,
) -> Result<Trace, ReadError> {
    let trace = run(found, system, commands, last)?;
    let here = trace.steps.last().map_or(&[] as &[Value], |s| &s.state);
    let state_only = |so: bool| so.then(|| trace.clone());
    let stepping = |among: &[CommandIx],
                    so: &dyn Fn(&Command, &[Value], &Outcome) -> bool|
     -> Result<Option<Trace>, ReadError> {
        for ix in among {
            let Some(command) = system.command(*ix) else {
                continue;
            };
            let values = choices(found, system, command, last)?;
            let outcome = step(system, command, here, &values);
            if so(command, &values, &outcome) {
                return Ok(with_step(trace.clone(), *ix, values, outcome));
            }
        }
        Ok(None)
    };
    let all: Vec<CommandIx> = system.commands().map(|(ix, _)| ix).collect();
    let shown = match kind {
        PropertyKind::Always(p) => state_only(!holds(system, here, p)),
        PropertyKind::Reachable(p) => state_only(holds(system, here, p)),
        PropertyKind::NoDeadlock => state_only(deadlocked(system, here)),
        PropertyKind::AtRequire(c, p) => stepping(&[*c], &|_, values, outcome| {
            *outcome != Outcome::Disabled && !truth(p, &at(system, here, values))
        })?,
        PropertyKind::AtEnsure(c, p) => stepping(&[*c], &|_, values, outcome| match outcome {
            Outcome::Next(next) => !truth(p, &at(system, next, values)),
            Outcome::Disabled | Outcome::LeavesRange { .. } => false,
        })?,
        PropertyKind::Precedes(before, c) => {
            let early = trace
                .steps
                .iter()
                .filter_map(|s| s.transition)
                .all(|t| !before.contains(&t));
            if early {
                stepping(&[*c], &|_, _, outcome| *outcome != Outcome::Disabled)?
            } else {
                None
            }
        }
        PropertyKind::Fires(c) => {
            stepping(&[*c], &|_, _, outcome| matches!(outcome, Outcome::Next(_)))?
        }
        PropertyKind::InRange => stepping(&all, &|_, _, outcome| {
            matches!(outcome, Outcome::LeavesRange { .. })
        })?,
        PropertyKind::Refines => match &system.refinement {
            Some(r) if last == 0 && !starts(system, r, here) => Some(trace.clone()),
            Some(r) => stepping(&all, &|_, _, outcome| match outcome {
                Outcome::Next(next) => !matched(system, r, here, next),
                Outcome::Disabled | Outcome::LeavesRange { .. } => false,
            })?,
            None => None,
        },
        PropertyKind::CanReach(_)
        | PropertyKind::Eventually(_)
        | PropertyKind::LeadsTo(..)
        | PropertyKind::InfinitelyOften(_) => None,
    };
    shown.ok_or_else(|| ReadError::NoRun("its end does not show what it should".to_owned()))
}

const fn at<'a>(system: &'a System, state: &'a [Value], choices: &'a [Value]) -> StateEnv<'a> {
    StateEnv {
        system,
        state,
        choices,
    }
}

fn with_step(
    mut trace: Trace,
    ix: CommandIx,
    choices: Vec<Value>,
    outcome: Outcome,
) -> Option<Trace> {
    let (state, leaves_range) = match outcome {
        Outcome::Disabled => return None,
        Outcome::Next(state) => (state, false),
        Outcome::LeavesRange { state, .. } => (state, true),
    };
    trace.steps.push(TraceStep {
        transition: Some(ix),
        choices,
        state,
    });
    trace.leaves_range = leaves_range;
    Some(trace)
}

fn deadlocked(system: &System, state: &[Value]) -> bool {
    let terminal = match state.first() {
        Some(Value::Enum(s)) => system.terminal.get(usize::from(*s)).copied(),
        Some(Value::None | Value::Bool(_) | Value::Int(_)) | None => None,
    };
    terminal == Some(false)
        && system.commands.iter().all(|c| {
            mentioned_tuples(c, [&c.guard])
                .is_some_and(|all| all.iter().all(|t| !enabled(system, c, state, t)))
        })
}

fn mapped(system: &System, r: &Refinement, state: &[Value]) -> Vec<Value> {
    let env = at(system, state, &[]);
    r.map.iter().map(|t| eval(t, &env)).collect()
}

fn starts(system: &System, r: &Refinement, state: &[Value]) -> bool {
    let cells = &r.abstract_system.cells;
    mapped(system, r, state)
        .iter()
        .zip(cells)
        .all(|(v, c)| c.init.contains(v))
}

/// Whether a step of this system is a step of the refined one, or changes nothing there (S-10).
fn matched(system: &System, r: &Refinement, before: &[Value], after: &[Value]) -> bool {
    let (from, to) = (mapped(system, r, before), mapped(system, r, after));
    from == to
        || r.abstract_system.commands.iter().any(|c| {
            let updates = c.updates.iter().map(|u| &u.value);
            mentioned_tuples(c, std::iter::once(&c.guard).chain(updates)).is_some_and(|all| {
                all.iter()
                    .any(|t| step(&r.abstract_system, c, &from, t) == Outcome::Next(to.clone()))
            })
        })
}
