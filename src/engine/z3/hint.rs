//! The smallest step that breaks an induction, in the user's words. A hint only: no run need get there.

use super::induct::Induction;
use super::read::{choices, fired, state};
use super::session::SessionError;
use super::small::smallest;
use super::words;
use crate::lower::smt::induction::Candidate;
use crate::model::{CommandIx, Outcome, System, step};

/// Where induction with k = 1 fails for a candidate; `None` where it does not, or where the step is not one of ours.
///
/// # Errors
/// If Z3 refuses the text.
pub fn hint(
    induction: &mut Induction<'_>,
    system: &System,
    commands: &[CommandIx],
    candidate: &Candidate,
    id: &str,
) -> Result<Option<String>, SessionError> {
    let Some((found, assuming)) = induction.broken(candidate) else {
        return Ok(None);
    };
    // Integers without range may lie beyond 64 bits; then there is nothing to show.
    let Ok(found) = smallest(&mut induction.session, system, 0, assuming, found) else {
        return Ok(None);
    };
    let Ok(ix) = fired(&found, system, commands, 0) else {
        return Ok(None);
    };
    let (Ok(before), Ok(after)) = (state(&found, system, 0), state(&found, system, 1)) else {
        return Ok(None);
    };
    let Some(command) = system.command(ix) else {
        return Ok(None);
    };
    let values = choices(&found, system, command, 0)?;
    let ours = match step(system, command, &before, &values) {
        Outcome::Next(next) | Outcome::LeavesRange { state: next, .. } => next == after,
        Outcome::Disabled => false,
    };
    Ok(ours.then(|| {
        format!(
            "the step that breaks induction: in {} {} leads to {}, where `{id}` fails; no run need get there",
            words::state(system, &before),
            words::fired(system, command, &values),
            words::state(system, &after),
        )
    }))
}
