//! Budgets, deadlines, interruption: what is found stands, what is not decided is unknown.

use std::cell::Cell;
use std::time::Instant;

use super::{all, answer, counterexample, index, run, system, word};
use crate::explore::{Options, Report, Stop, explore};
use crate::finding::{Answer, Coverage};
use crate::host::cancel::CancelToken;
use crate::model::System;

/// Three counters to 99: a million states, in a million of which the first is below 100.
fn cube() -> System {
    system(
        "actors: [A]\nstates: [Run]\nterminal: none\n\
         vars:\n\
         \x20 a: {type: int, range: [0, 99], init: 0}\n\
         \x20 b: {type: int, range: [0, 99], init: 0}\n\
         \x20 c: {type: int, range: [0, 99], init: 0}\n\
         transitions:\n\
         \x20 - {id: up_a, from: Run, actor: A, when: \"a < 99\", set: {a: a + 1}, fair: weak}\n\
         \x20 - {id: up_b, from: Run, actor: A, when: \"b < 99\", set: {b: b + 1}}\n\
         \x20 - {id: up_c, from: Run, actor: A, when: \"c < 99 and a < 3\", set: {c: c + 1}}\n\
         properties:\n\
         \x20 - {id: early, always: \"a + b + c < 10\"}\n\
         \x20 - {id: late, always: \"a + b + c < 400\"}\n\
         \x20 - {id: seen, reachable: \"a == 2\"}\n\
         \x20 - {id: unseen, reachable: \"a == 99 and b == 99\"}\n\
         \x20 - {id: ends, eventually: \"a == 99\"}\n\
         \x20 - {id: back, can_reach: \"a == 99\"}\n\
         \x20 - {id: first, precedes: [up_a, up_b]}\n",
    )
}

fn run_with(system: &System, change: impl FnOnce(&mut Options<'_>)) -> Report {
    let asked = all(system);
    let mut options = Options::new(&asked);
    change(&mut options);
    explore(system, &options)
}

#[test]
fn a_budget_of_states_leaves_what_was_found_and_knows_nothing_else() {
    let system = cube();
    let report = run_with(&system, |o| o.max_states = 5000);
    assert_eq!(report.stopped, Some(Stop::States));
    assert!(!report.states.complete);
    let seen = report.states.distinct;
    assert!((5000..5000 + 3 * 8192).contains(&seen), "{seen}");
    assert_eq!(counterexample(&system, &report, "early").0.len(), 10);
    assert!(matches!(
        answer(&system, &report, "seen"),
        Answer::Holds {
            coverage: Coverage::Bounded { .. },
            witness: Some(_)
        }
    ));
    for id in ["late", "unseen", "ends", "back", "in_range", "deadlock"] {
        let expected = Answer::Unknown(format!("budget: {seen} states seen"));
        assert_eq!(*answer(&system, &report, id), expected, "{id}");
    }
    // Found in the smaller system at once.
    assert_eq!(counterexample(&system, &report, "first").0, ["up_b"]);
    let note = &report.answers[index(&system, "late").ix()].notes[0];
    assert!(note.starts_with("`a` takes"), "{note}");
}

#[test]
fn a_budget_of_memory_is_kept() {
    let system = cube();
    let report = run_with(&system, |o| o.max_memory = 300_000);
    assert_eq!(report.stopped, Some(Stop::Memory));
    // 16 bytes a state at the least.
    assert!(
        report.states.distinct < 300_000 / 16,
        "{}",
        report.states.distinct
    );
    assert!(report.states.distinct > 1000);
    assert_eq!(word(&system, &report, "late"), "unknown");
    assert_eq!(word(&system, &report, "early"), "violated");
}

/// All of the cube's states with a <= 3 take part, 100 x 100 x 4 of them, or with less c.
#[test]
fn where_the_graph_does_not_fit_only_liveness_is_unknown() {
    let system = system(
        "actors: [A]\nstates: [Run]\nterminal: none\n\
         vars:\n\
         \x20 a: {type: int, range: [0, 99], init: 0}\n\
         \x20 b: {type: int, range: [0, 99], init: 0}\n\
         transitions:\n\
         \x20 - {id: up_a, from: Run, actor: A, when: \"a < 99\", set: {a: a + 1}, fair: weak}\n\
         \x20 - {id: up_b, from: Run, actor: A, when: \"b < 99\", set: {b: b + 1}}\n\
         properties:\n\
         \x20 - {id: late, always: \"a + b < 400\"}\n\
         \x20 - {id: back, can_reach: \"a == 99\"}\n\
         \x20 - {id: ends, eventually: \"a == 99\"}\n",
    );
    let all = run(&system);
    assert_eq!(all.states.distinct, 10_000);
    assert_eq!(word(&system, &all, "ends"), "holds");
    let report = run_with(&system, |o| o.max_memory = 380_000);
    assert!(report.states.complete);
    assert_eq!(word(&system, &report, "late"), "holds");
    assert_eq!(word(&system, &report, "back"), "holds");
    let expected = "budget: 10000 states seen, memory is used up".to_owned();
    assert_eq!(*answer(&system, &report, "ends"), Answer::Unknown(expected));
}

#[test]
fn an_interruption_ends_the_run() {
    let system = cube();
    let token = CancelToken::new();
    let told = Cell::new(0);
    let report = {
        let asked = all(&system);
        let progress = |states| {
            told.set(states);
            if states > 1000 {
                token.cancel();
            }
        };
        let options = Options::new(&asked);
        let options = Options {
            cancel: Some(&token),
            progress: &progress,
            ..options
        };
        explore(&system, &options)
    };
    assert_eq!(report.stopped, Some(Stop::Cancelled));
    assert!(told.get() > 1000);
    assert!(report.states.distinct < 100_000);
    assert_eq!(word(&system, &report, "late"), "unknown");
    assert_eq!(word(&system, &report, "early"), "violated");
}

#[test]
fn a_deadline_ends_the_run() {
    let system = cube();
    let report = run_with(&system, |o| o.deadline = Some(Instant::now()));
    assert_eq!(report.stopped, Some(Stop::Deadline));
    assert_eq!(
        *answer(&system, &report, "early"),
        Answer::Unknown("deadline: 1 states seen".to_owned())
    );
}

#[test]
fn a_large_run_is_the_same_with_two_threads_and_again() {
    let system = cube();
    let one = run_with(&system, |o| o.max_states = 60_000);
    for threads in [2, 2, 3] {
        let other = run_with(&system, |o| {
            o.max_states = 60_000;
            o.threads = threads;
        });
        assert_eq!(one, other);
    }
}
