//! Whether one condition implies another, over all typed values, reachable or not. Every example is evaluated again before it is
//! given.

use std::time::Duration;

use super::read::{choices, state};
use super::session::{Found, Said, Session, SessionError, guarded};
use super::small::smallest;
use super::words;
use crate::eval::truth;
use crate::host::cancel::CancelToken;
use crate::ir::{Term, Value};
use crate::lower::smt::frame::FrameScope;
use crate::lower::smt::frames;
use crate::lower::smt::script::Script;
use crate::lower::smt::step::Ranges;
use crate::lower::smt::tree::{and, not};
use crate::lower::smt::value::truth as condition;
use crate::model::{Command, CommandIx, StateEnv, System};

/// Does `premise` and `first` together imply `second`?
#[derive(Debug, Clone)]
pub struct Implication {
    /// In words, for the record.
    pub label: String,
    /// The command whose choices the terms may name.
    pub command: Option<CommandIx>,
    /// What is true anyway.
    pub premise: Vec<Term>,
    /// The one condition.
    pub first: Term,
    /// The other.
    pub second: Term,
}

/// What Z3 says to an implication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Implied {
    /// For all typed values.
    Yes,
    /// Not for these, as words: the first holds, the second does not.
    No(String),
    /// Not known: why.
    Unknown(String),
}

/// The most work one question may cost, in Z3's resource units.
const EFFORT: u32 = 2_000_000;
/// Questions put in one conversation: every one makes the next ones slower.
const TOGETHER: usize = 8;

/// An answer for every question, in order. Terms read cells and choices of `system`, and nothing else of it counts.
#[must_use]
pub fn implications(
    system: &System,
    questions: &[Implication],
    deadline: Duration,
    cancel: &CancelToken,
) -> Vec<Implied> {
    if questions.is_empty() {
        return Vec::new();
    }
    guarded(deadline, cancel, |gate| {
        questions
            .chunks(TOGETHER)
            .flat_map(|some| {
                let mut session = Session::new(gate, EFFORT);
                let mut script = frames::prelude(system, "conditions, over all typed values");
                script.append(frames::frame(system, 0, Ranges::Kept));
                let told = session.tell(script);
                some.iter()
                    .map(|q| {
                        told.clone()
                            .and_then(|()| ask(&mut session, system, q))
                            .unwrap_or_else(|e| Implied::Unknown(e.to_string()))
                    })
                    .collect::<Vec<_>>()
            })
            .collect()
    })
}

fn ask(
    session: &mut Session<'_>,
    system: &System,
    question: &Implication,
) -> Result<Implied, SessionError> {
    let command = question.command.and_then(|ix| system.command(ix));
    let scope = command.map_or_else(
        || FrameScope::plain(system, 0),
        |c| FrameScope::free(system, 0, c),
    );
    let name = session.fresh_name("ask");
    let mut script = Script::default();
    let premise = question.premise.iter().map(|t| condition(t, &scope));
    let apart = [
        condition(&question.first, &scope),
        not(condition(&question.second, &scope)),
    ];
    script.track(&name, and(premise.chain(apart)));
    session.tell(script)?;
    let assuming = vec![name];
    match session.ask(&question.label, &assuming) {
        Said::Unsat(_) => Ok(Implied::Yes),
        Said::Unknown(why) => Ok(Implied::Unknown(why)),
        Said::Sat(found) => {
            let found = smallest(session, system, 0, assuming, found)?;
            example(system, command, &found, question).map(Implied::No)
        }
    }
}

/// The values of a model in words, if the conditions are there what the model says.
fn example(
    system: &System,
    command: Option<&Command>,
    found: &Found,
    question: &Implication,
) -> Result<String, SessionError> {
    let here = state(found, system, 0)?;
    let chosen = match command {
        Some(c) => choices(found, system, c, 0)?,
        None => Vec::new(),
    };
    let holds = |t: &Term| {
        truth(
            t,
            &StateEnv {
                system,
                state: &here,
                choices: &chosen,
            },
        )
    };
    if !holds(&question.first) || holds(&question.second) || !question.premise.iter().all(holds) {
        return Err(SessionError::NoValue(question.label.clone()));
    }
    Ok(told(system, command, &here, &chosen))
}

/// The state, and of the choices those that the command has.
fn told(system: &System, command: Option<&Command>, here: &[Value], chosen: &[Value]) -> String {
    let mut parts = vec![words::state(system, here)];
    for (c, v) in command.iter().flat_map(|c| &c.choices).zip(chosen) {
        let value = system.symbols.show(c.domain.ty(), *v);
        parts.push(format!("{} chosen as {value}", c.name));
    }
    parts.join(", ")
}
