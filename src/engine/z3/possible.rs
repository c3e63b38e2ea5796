//! Whether the guard of one transition can hold at all, over all typed values, reachable or not.

use std::time::Duration;

use super::read::{choices, state};
use super::session::{Gate, Said, Session, SessionError, guarded};
use super::words;
use crate::eval::truth;
use crate::host::cancel::CancelToken;
use crate::lower::smt::guards::{About, guards};
use crate::model::{CommandIx, StateEnv, System};

/// Wall time after which the question is given up; it takes a fraction of a second.
const DEADLINE: Duration = Duration::from_secs(20);
/// The most work, in Z3's resource units.
const EFFORT: u32 = 20_000_000;

/// An example, in words, of a state in which the guard of this transition holds where the transition stands; `None` if there
/// is none. The example is evaluated again before it is given.
///
/// # Errors
/// In words, if Z3 does not know.
pub fn possible(
    system: &System,
    transition: CommandIx,
    cancel: &CancelToken,
) -> Result<Option<String>, String> {
    guarded(DEADLINE, cancel, |gate| ask(system, transition, gate))
}

fn ask(system: &System, transition: CommandIx, gate: &Gate) -> Result<Option<String>, String> {
    let refused = |e: SessionError| e.to_string();
    let (script, questions) = guards(system);
    let mut session = Session::new(gate, EFFORT);
    session.tell(script).map_err(refused)?;
    let (Some(question), Some(command)) = (
        questions
            .into_iter()
            .find(|q| q.about == About::CanHold(transition)),
        system.command(transition),
    ) else {
        return Err("the transition has no guard to ask about".to_owned());
    };
    match session.ask(&question.label, &question.assuming) {
        Said::Unknown(why) => Err(why),
        Said::Unsat(_) => Ok(None),
        Said::Sat(found) => {
            let example = state(&found, system, 0).map_err(refused)?;
            let values = choices(&found, system, command, 0).map_err(refused)?;
            let env = StateEnv {
                system,
                state: &example,
                choices: &values,
            };
            if truth(&command.guard, &env) {
                Ok(Some(words::state(system, &example)))
            } else {
                Err("Z3 gave an example that is none".to_owned())
            }
        }
    }
}
