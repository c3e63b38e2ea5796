//! Questions about guards over all typed values, reachable or not: do two hold together, do all fail, does one always or never
//! hold. A transition's choices are constants of its own.

use super::choices::mentioned_tuples;
use super::frame::{Choices, FrameScope, state_in};
use super::frames;
use super::names::label;
use super::script::Script;
use super::step::Ranges;
use super::tree::{and, not};
use super::value::truth;
use crate::ir::{ActorId, StateId};
use crate::model::{Command, CommandIx, System};

/// What is asked, and by which assumptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardQuestion {
    /// What.
    pub about: About,
    /// Boolean constants of the script.
    pub assuming: Vec<String>,
    /// In words.
    pub label: String,
}

/// What a question about guards is about. `sat` says yes to the first two and no to the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Can both hold in this state?
    Overlap(CommandIx, CommandIx, StateId),
    /// Can all guards from this state fail?
    Gap(StateId),
    /// Can the guard fail where the transition stands?
    CanFail(CommandIx),
    /// Can the guard hold where the transition stands?
    CanHold(CommandIx),
}

/// The script without its questions, and the questions.
#[must_use]
pub fn guards(system: &System) -> (Script, Vec<GuardQuestion>) {
    let mut script = frames::prelude(system, "guards, over all typed values");
    script.append(frames::frame(system, 0, Ranges::Kept));
    for (n, s) in (0u16..).map(StateId).zip(&system.symbols.states) {
        script.track(&here(s.name.as_str()), state_in(system, &[n], 0));
    }
    for command in &system.commands {
        let scope = FrameScope::free(system, 0, command);
        script.track(&stands(command), state_in(system, &command.from, 0));
        script.track(&can_hold(command), truth(&command.guard, &scope));
        script.track(&can_fail(command), not(truth(&command.guard, &scope)));
        if let Some(tuples) = mentioned_tuples(command, [&command.guard]) {
            let all = tuples.iter().map(|t| {
                let scope = FrameScope {
                    system,
                    frame: 0,
                    choices: Choices::Fixed(t),
                };
                not(truth(&command.guard, &scope))
            });
            script.track(&stuck(command), and(all));
        }
    }
    (script, questions(system))
}

/// Whether the user wrote a guard.
#[must_use]
pub const fn written(command: &Command) -> bool {
    command.guard.span.is_some()
}

fn questions(system: &System) -> Vec<GuardQuestion> {
    let mut all = Vec::new();
    for (ix, c) in system.commands() {
        if written(c) {
            all.push(GuardQuestion {
                about: About::CanHold(ix),
                assuming: vec![stands(c), can_hold(c)],
                label: format!("can the guard of {} hold?", c.name),
            });
            all.push(GuardQuestion {
                about: About::CanFail(ix),
                assuming: vec![stands(c), can_fail(c)],
                label: format!("can the guard of {} fail?", c.name),
            });
        }
    }
    for (a, first) in system.commands() {
        for (b, second) in system.commands() {
            if a >= b || actor(system, a) != actor(system, b) || !comparable(first, second) {
                continue;
            }
            for s in first.from.iter().filter(|s| second.from.contains(s)) {
                let state = system.symbols.state_name(*s);
                all.push(GuardQuestion {
                    about: About::Overlap(a, b, *s),
                    assuming: vec![here(state), can_hold(first), can_hold(second)],
                    label: format!(
                        "can {} and {} both fire in {state}?",
                        first.name, second.name
                    ),
                });
            }
        }
    }
    for (s, sym) in (0u16..).map(StateId).zip(&system.symbols.states) {
        let leaving: Vec<&Command> = system
            .commands
            .iter()
            .filter(|c| c.from.contains(&s))
            .collect();
        let askable = leaving
            .iter()
            .all(|c| written(c) && mentioned_tuples(c, [&c.guard]).is_some());
        if system.is_terminal(s) || leaving.is_empty() || !askable {
            continue;
        }
        let mut assuming = vec![here(sym.name.as_str())];
        assuming.extend(leaving.iter().map(|c| stuck(c)));
        all.push(GuardQuestion {
            about: About::Gap(s),
            assuming,
            label: format!("can all guards from {} fail?", sym.name),
        });
    }
    all
}

/// Two guards; or two transitions without guard that lead to different places. One without guard beside one with is plainly an
/// option that is always open, and nothing to look into.
fn comparable(a: &Command, b: &Command) -> bool {
    match (written(a), written(b)) {
        (true, true) => true,
        (false, false) => a.to != b.to,
        (true, false) | (false, true) => false,
    }
}

fn actor(system: &System, ix: CommandIx) -> Option<ActorId> {
    system.symbols.transitions.get(ix.ix()).map(|t| t.actor)
}

fn here(state: &str) -> String {
    format!("in.{}", label(state))
}

fn stands(c: &Command) -> String {
    format!("from.{}", c.name)
}

fn can_hold(c: &Command) -> String {
    format!("holds.{}", c.name)
}

fn can_fail(c: &Command) -> String {
    format!("fails.{}", c.name)
}

fn stuck(c: &Command) -> String {
    format!("stuck.{}", c.name)
}
