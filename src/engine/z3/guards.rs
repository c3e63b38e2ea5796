//! Findings about guards, over all typed values, reachable or not. Every example is evaluated again before it is given.

use std::collections::BTreeMap;

use super::read::{choices, state};
use super::session::{Found, Gate, Said, Session, SessionError};
use super::small::smallest;
use super::words;
use crate::eval::truth;
use crate::finding::{FindingKind, Observation, State, Subject, SubjectKind};
use crate::ir::{StateId, Value};
use crate::lower::smt::choices::mentioned_tuples;
use crate::lower::smt::guards::{About, guards, written};
use crate::lower::smt::script::Script;
use crate::model::{Command, CommandIx, StateEnv, System};

/// What the questions about guards came to.
#[derive(Debug)]
pub struct Guards {
    /// The findings.
    pub observations: Vec<Observation>,
    /// Questions without answer, in words.
    pub unknown: Vec<String>,
    /// What was told and asked.
    pub record: Script,
}

/// Asks all questions about guards.
///
/// # Errors
/// If Z3 refuses the text, or gives an example that is none.
pub fn judge(gate: &Gate, effort: u32, system: &System) -> Result<Guards, SessionError> {
    let mut session = Session::new(gate, effort);
    let (script, questions) = guards(system);
    session.tell(script)?;
    let mut observations = Vec::new();
    let mut unknown = Vec::new();
    let mut overlaps: BTreeMap<(CommandIx, CommandIx), Vec<(StateId, State)>> = BTreeMap::new();
    for q in questions {
        let said = session.ask(&q.label, &q.assuming);
        match (&q.about, said) {
            (_, Said::Unknown(why)) => unknown.push(format!("{} {why}", q.label)),
            (About::Overlap(a, b, s), Said::Sat(found)) => {
                // Only the first state of a pair is looked at closely; the others are listed.
                let seen = overlaps.entry((*a, *b)).or_default();
                let example = if seen.is_empty() {
                    let found = smallest(&mut session, system, 0, q.assuming, found)?;
                    both_hold(system, *a, *b, &found, &q.label)?
                } else {
                    both_hold(system, *a, *b, &found, &q.label)?
                };
                seen.push((*s, example));
            }
            (About::Gap(s), Said::Sat(found)) => {
                let found = smallest(&mut session, system, 0, q.assuming, found)?;
                let example = state(&found, system, 0)?;
                if !leaving(system, *s).all(|c| never_fires(system, c, &example)) {
                    return Err(SessionError::NoValue(q.label));
                }
                observations.push(gap(system, *s, &example));
            }
            (About::CanFail(c), Said::Unsat(_)) => {
                observations.extend(constant(system, *c, true));
            }
            (About::CanHold(c), Said::Unsat(_)) => {
                observations.extend(constant(system, *c, false));
            }
            (About::CanFail(_) | About::CanHold(_), Said::Sat(_))
            | (About::Overlap(..) | About::Gap(_), Said::Unsat(_)) => {}
        }
    }
    for ((a, b), states) in overlaps {
        observations.extend(overlap(system, a, b, &states));
    }
    Ok(Guards {
        observations,
        unknown,
        record: session.into_record(),
    })
}

fn both_hold(
    system: &System,
    a: CommandIx,
    b: CommandIx,
    found: &Found,
    label: &str,
) -> Result<State, SessionError> {
    let example = state(found, system, 0)?;
    for c in [a, b].iter().filter_map(|ix| system.command(*ix)) {
        let values = choices(found, system, c, 0)?;
        if !guard_holds(system, c, &example, &values) {
            return Err(SessionError::NoValue(label.to_owned()));
        }
    }
    Ok(example)
}

fn guard_holds(system: &System, c: &Command, state: &[Value], choices: &[Value]) -> bool {
    truth(
        &c.guard,
        &StateEnv {
            system,
            state,
            choices,
        },
    )
}

fn never_fires(system: &System, c: &Command, state: &[Value]) -> bool {
    mentioned_tuples(c, [&c.guard])
        .is_some_and(|all| all.iter().all(|t| !guard_holds(system, c, state, t)))
}

fn leaving(system: &System, s: StateId) -> impl Iterator<Item = &Command> {
    system.commands.iter().filter(move |c| c.from.contains(&s))
}

fn overlap(
    system: &System,
    a: CommandIx,
    b: CommandIx,
    states: &[(StateId, State)],
) -> Option<Observation> {
    let (first, second) = (system.command(a)?, system.command(b)?);
    let (_, example) = states.first()?;
    let names: Vec<String> = states
        .iter()
        .map(|(s, _)| system.symbols.state_name(*s).to_owned())
        .collect();
    let actor = system.symbols.transitions.get(a.ix())?.actor;
    let how = if written(first) {
        "the guards of both can hold together"
    } else {
        "neither has a guard"
    };
    Some(Observation {
        kind: FindingKind::GuardOverlap,
        subject: Subject::new(
            SubjectKind::TransitionPair,
            format!("{}/{}", first.name, second.name),
        ),
        spans: vec![first.guard_span, second.guard_span],
        words: vec![
            format!(
                "{} can choose between `{}` and `{}` in {}",
                system.symbols.actor_name(actor),
                first.name,
                second.name,
                words::listed(&names)
            ),
            format!("{how}, for instance: {}", words::state(system, example)),
        ],
        trace: None,
        core: Vec::new(),
    })
}

fn gap(system: &System, s: StateId, example: &[Value]) -> Observation {
    let name = system.symbols.state_name(s);
    let transitions: Vec<String> = leaving(system, s)
        .map(|c| format!("`{}`", c.name))
        .collect();
    let spans = system.symbols.state(s).map(|x| x.span);
    Observation {
        kind: FindingKind::GuardGap,
        subject: Subject::new(SubjectKind::State, name),
        spans: spans
            .into_iter()
            .chain(leaving(system, s).map(|c| c.guard_span))
            .collect(),
        words: vec![
            format!("in {name} no guard may hold"),
            format!(
                "{} cannot fire, for instance: {}",
                words::listed(&transitions),
                words::state(system, example)
            ),
            "whether a run gets there is another question".to_owned(),
        ],
        trace: None,
        core: Vec::new(),
    }
}

fn constant(system: &System, ix: CommandIx, value: bool) -> Option<Observation> {
    let c = system.command(ix)?;
    let (kind, title, advice) = if value {
        (
            FindingKind::GuardAlwaysTrue,
            format!("the guard of `{}` always holds", c.name),
            "it holds for all values of its type: leave it out, or write what was meant",
        )
    } else {
        (
            FindingKind::GuardNeverTrue,
            format!("the guard of `{}` never holds", c.name),
            "no values of its type satisfy it, so the transition cannot fire",
        )
    };
    Some(Observation {
        kind,
        subject: Subject::new(SubjectKind::Transition, c.name.as_str()),
        spans: vec![c.guard_span],
        words: vec![title, advice.to_owned()],
        trace: None,
        core: Vec::new(),
    })
}
