//! Completes a run to a frame into what a property shows, by the conventions at `Trace`, and has `model` replay it.

use super::read::{ReadError, choices, run};
use super::session::Found;
use crate::finding::{PropertyIx, Trace, TraceStep};
use crate::ir::Value;
use crate::model::replay::{replay, replay_witness};
use crate::model::{CommandIx, Outcome, PropertyKind, System, step};

/// The run that the model shows for a property, from frame 0 to what happens in frame `last`; a violation, or for properties
/// that ask for a run a witness.
///
/// # Errors
/// If the model lacks a value, or what it shows is not so.
pub fn shown(
    found: &Found,
    system: &System,
    commands: &[CommandIx],
    property: PropertyIx,
    last: u32,
) -> Result<Trace, ReadError> {
    let trace = run(found, system, commands, last)?;
    let Some(kind) = system.property(property).map(|p| &p.kind) else {
        return Err(ReadError::NoRun("no such property".to_owned()));
    };
    let check = |trace: &Trace| match kind {
        PropertyKind::Reachable(_) | PropertyKind::Fires(_) => {
            replay_witness(system, property, trace)
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
        | PropertyKind::Refines => replay(system, property, trace),
    };
    let mut wrong = match check(&trace) {
        Ok(()) => return Ok(trace),
        Err(e) => e,
    };
    for ix in last_steps(system, kind) {
        let Some(command) = system.command(ix) else {
            continue;
        };
        let here = trace.steps.last().map_or(&[] as &[Value], |s| &s.state);
        let values = choices(found, system, command, last)?;
        let outcome = step(system, command, here, &values);
        let Some(longer) = with_step(trace.clone(), ix, values, outcome) else {
            continue;
        };
        match check(&longer) {
            Ok(()) => return Ok(longer),
            Err(e) => wrong = e,
        }
    }
    Err(ReadError::NoRun(wrong.to_string()))
}

/// The commands that the last step of a run can be by, for properties about steps.
fn last_steps(system: &System, kind: &PropertyKind) -> Vec<CommandIx> {
    match kind {
        PropertyKind::AtRequire(c, _)
        | PropertyKind::AtEnsure(c, _)
        | PropertyKind::Precedes(_, c)
        | PropertyKind::Fires(c) => vec![*c],
        PropertyKind::InRange | PropertyKind::Refines => {
            system.commands().map(|(ix, _)| ix).collect()
        }
        PropertyKind::Always(_)
        | PropertyKind::Reachable(_)
        | PropertyKind::CanReach(_)
        | PropertyKind::Eventually(_)
        | PropertyKind::LeadsTo(..)
        | PropertyKind::InfinitelyOften(_)
        | PropertyKind::NoDeadlock => Vec::new(),
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
