//! Random systems: every state has the steps that `model::step` gives it.

use std::collections::HashSet;

use proptest::prelude::*;

use crate::explore::compile::watch::Watches;
use crate::explore::compile::{GROUND, Program, tuple_at, tuple_count};
use crate::explore::testing::{condition, system};
use crate::finding::State;
use crate::ir::{Domain, Value};
use crate::model::{Outcome, System, choice_tuples, holds, initial_states, step};

/// Some states, reachable ones first, then made up ones; each with the steps by the reference.
fn states(system: &System, most: usize) -> Vec<State> {
    let mut all: Vec<State> = initial_states(system).collect();
    let mut seen: HashSet<State> = all.iter().cloned().collect();
    let mut at = 0;
    while at < all.len() && all.len() < most {
        for command in &system.commands {
            for choices in choice_tuples(command) {
                if let Outcome::Next(next) = step(system, command, &all[at], &choices)
                    && seen.insert(next.clone())
                {
                    all.push(next);
                }
            }
        }
        at += 1;
    }
    all
}

type Steps = Vec<(u16, Option<State>)>;

/// By command and choices in order, equal neighbours counted once: rules that do the same are one.
fn expected(system: &System, state: &State) -> Steps {
    let mut steps = Vec::new();
    for (ix, command) in system.commands() {
        for choices in choice_tuples(command) {
            match step(system, command, state, &choices) {
                Outcome::Disabled => {}
                Outcome::Next(next) => steps.push((ix.0, Some(next))),
                Outcome::LeavesRange { .. } => steps.push((ix.0, None)),
            }
        }
    }
    steps.sort();
    steps
}

fn found<const W: usize>(program: &Program<'_, W>, state: &State) -> Steps {
    let packed = program.layout.pack::<W>(state).expect("in range");
    let local = program.local(&packed).expect("a control state");
    let mut steps = Vec::new();
    for rule in local.rules.iter().filter(|r| r.guard.holds(&packed)) {
        let next = rule
            .effect
            .apply(&packed)
            .map(|n| program.layout.unpack(&n));
        for _ in 0..rule.weight {
            steps.push((rule.command.0, next.clone()));
        }
    }
    for rule in &local.slow {
        program.slow_steps(rule, &packed, |id, _, next| {
            steps.push((id.command.0, next.map(|n| n.0)));
        });
    }
    steps.sort();
    steps
}

fn agrees<const W: usize>(system: &System) {
    let program = Program::<W>::new(system, &Watches::default(), &[]);
    for state in states(system, 60) {
        assert_eq!(
            found(&program, &state),
            expected(system, &state),
            "{state:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn one_word_states_have_the_steps_of_the_reference(system in system(0)) {
        agrees::<1>(&system);
    }

    #[test]
    fn wide_states_have_the_steps_of_the_reference(system in system(5)) {
        agrees::<2>(&system);
        agrees::<4>(&system);
    }

    #[test]
    fn predicates_are_those_of_the_reference(system in system(0), condition in condition()) {
        let program = Program::<1>::new(&system, &Watches::default(), &[]);
        let predicate = program.predicate(&condition);
        for state in states(&system, 40) {
            let packed = program.layout.pack::<1>(&state).expect("in range");
            let control = program.control(&packed).ix();
            prop_assert_eq!(predicate[control].holds(&packed), holds(&system, &state, &condition));
        }
    }

    #[test]
    fn a_command_with_too_many_choices_is_stepped_all_the_same(mut system in system(0)) {
        for command in &mut system.commands {
            if let Some(choice) = command.choices.first_mut() {
                choice.domain = Domain::Int { lo: -1, hi: GROUND as i64 };
            }
        }
        let program = Program::<1>::new(&system, &Watches::default(), &[]);
        let state = initial_states(&system).next().expect("a start");
        prop_assert_eq!(found(&program, &state), expected(&system, &state));
    }

    #[test]
    fn choices_are_numbered_as_the_reference_lists_them(system in system(0)) {
        for command in &system.commands {
            let all: Vec<Vec<Value>> = choice_tuples(command).collect();
            prop_assert_eq!(tuple_count(command), all.len() as u64);
            for (n, choices) in (0u64..).zip(all) {
                prop_assert_eq!(tuple_at(command, n), choices);
            }
        }
    }
}
