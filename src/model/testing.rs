//! Small systems from text, and their states in words, for the tests of this module.

use std::collections::{BTreeMap, HashSet, VecDeque};

use super::desugar::desugar;
use super::step::{Outcome, choice_tuples, initial_states, step};
use super::system::{Command, System};
use crate::check::load_str;
use crate::finding::{PropertyIx, State};
use crate::ir::Value;

/// The system of a text that begins after `actors`, `states` and so on are given by the caller.
pub fn system(text: &str) -> System {
    let checked = load_str(text).unwrap_or_else(|errors| panic!("{errors:#?}"));
    desugar(&checked)
}

/// The command of this id.
pub fn command<'s>(system: &'s System, name: &str) -> &'s Command {
    let mut all = system.commands.iter();
    all.find(|c| c.name.as_str() == name)
        .unwrap_or_else(|| panic!("no command {name}"))
}

/// The property of this id.
pub fn property(system: &System, id: &str) -> PropertyIx {
    let mut all = system.properties();
    all.find(|(_, p)| p.id == id)
        .map(|(ix, _)| ix)
        .unwrap_or_else(|| panic!("no property {id}"))
}

/// The only initial state.
pub fn start(system: &System) -> State {
    let all: Vec<State> = initial_states(system).collect();
    assert_eq!(all.len(), 1);
    all[0].clone()
}

/// The state after firing these commands, none of which has choices, from the only initial state.
pub fn run(system: &System, names: &[&str]) -> State {
    let mut state = start(system);
    for name in names {
        match step(system, command(system, name), &state, &[]) {
            Outcome::Next(next) => state = next,
            other => panic!("{name}: {other:?}"),
        }
    }
    state
}

/// All cells of a state in words.
pub fn shown(system: &System, state: &State) -> BTreeMap<String, String> {
    let name = |n: usize| system.symbols.cell_name(system.cells[n].cell);
    let value = |n: usize| system.symbols.show(system.cells[n].domain.ty(), state[n]);
    (0..state.len()).map(|n| (name(n), value(n))).collect()
}

/// The named cells of a state, as `name=value`, in the order asked for.
pub fn look(system: &System, state: &State, names: &[&str]) -> String {
    let all = shown(system, state);
    let one = |n: &&str| {
        format!(
            "{n}={}",
            all.get(*n).unwrap_or_else(|| panic!("no cell {n}"))
        )
    };
    names.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Every reachable state.
pub fn reachable(system: &System) -> Vec<State> {
    let mut queue: VecDeque<State> = initial_states(system).collect();
    let mut seen: HashSet<State> = queue.iter().cloned().collect();
    let mut all = Vec::new();
    while let Some(state) = queue.pop_front() {
        for c in &system.commands {
            for choices in choice_tuples(c) {
                if let Outcome::Next(next) = step(system, c, &state, &choices)
                    && seen.insert(next.clone())
                {
                    queue.push_back(next);
                }
            }
        }
        all.push(state);
    }
    all
}

/// A step: command, state before, choices, outcome.
pub type Fired<'s> = (&'s Command, State, Vec<Value>, Outcome);

/// Every step from a reachable state.
pub fn steps(system: &System) -> Vec<Fired<'_>> {
    let mut all = Vec::new();
    for state in reachable(system) {
        for c in &system.commands {
            for choices in choice_tuples(c) {
                let outcome = step(system, c, &state, &choices);
                if outcome != Outcome::Disabled {
                    all.push((c, state.clone(), choices, outcome));
                }
            }
        }
    }
    all
}
