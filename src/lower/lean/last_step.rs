//! Adds the last step to a run that shows a property of steps broken, by the conventions of `Trace`.

use super::definitions::GroundAction;
use crate::eval::truth;
use crate::finding::{Trace, TraceStep};
use crate::model::{Outcome, Property, PropertyKind, StateEnv, System, enabled, step};

/// Appends the step that breaks `property` in the last state of `trace`, where the property is one of steps.
pub fn append(system: &System, actions: &[GroundAction], property: &Property, trace: &mut Trace) {
    let Some(last) = trace.steps.last().map(|s| s.state.clone()) else {
        return;
    };
    for action in actions {
        let Some(command) = system.command(action.command) else {
            continue;
        };
        let outcome = step(system, command, &last, &action.choices);
        let env = StateEnv {
            system,
            state: &last,
            choices: &action.choices,
        };
        let breaks = match &property.kind {
            PropertyKind::AtRequire(c, p) => {
                *c == action.command
                    && enabled(system, command, &last, &action.choices)
                    && !truth(p, &env)
            }
            PropertyKind::AtEnsure(c, p) => match &outcome {
                Outcome::Next(next) => {
                    *c == action.command
                        && !truth(
                            p,
                            &StateEnv {
                                system,
                                state: next,
                                choices: &action.choices,
                            },
                        )
                }
                Outcome::Disabled | Outcome::LeavesRange { .. } => false,
            },
            PropertyKind::InRange => matches!(outcome, Outcome::LeavesRange { .. }),
            PropertyKind::Precedes(_, then) => {
                *then == action.command && enabled(system, command, &last, &action.choices)
            }
            PropertyKind::Fires(c) => *c == action.command && matches!(outcome, Outcome::Next(_)),
            PropertyKind::Always(_)
            | PropertyKind::Reachable(_)
            | PropertyKind::CanReach(_)
            | PropertyKind::Eventually(_)
            | PropertyKind::LeadsTo(..)
            | PropertyKind::InfinitelyOften(_)
            | PropertyKind::NoDeadlock
            | PropertyKind::Refines => return,
        };
        if !breaks {
            continue;
        }
        let (state, leaves_range) = match outcome {
            Outcome::Next(next) => (next, false),
            Outcome::LeavesRange { state, .. } => (state, true),
            Outcome::Disabled => continue,
        };
        trace.steps.push(TraceStep {
            transition: Some(action.command),
            choices: action.choices.clone(),
            state,
        });
        trace.leaves_range = leaves_range;
        return;
    }
}
