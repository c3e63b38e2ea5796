//! Good traces pass; every way to doctor one is refused for its own reason.

use super::*;
use crate::check::load_refinement;
use crate::model::desugar::desugar;
use crate::model::testing::{command, property, start, system};

/// Work goes round between A and B; `up` counts, `end` is possible at two.
fn sample(fair: &str, properties: &str) -> System {
    system(&format!(
        "workflow_id: sample\ngoal: test\nactors: [Agent]\nstates: [A, B, C, D]\nterminal: {{success: [C], failure: []}}\n\
         vars:\n  v: {{type: int, range: [0, 2], init: 0}}\n\
         transitions:\n\
         \x20 - {{id: go, actor: Agent, from: A, to: B, choose: {{c: {{type: bool}}}}, when: \"c\"}}\n\
         \x20 - {{id: back, actor: Agent, from: B, to: A{fair}}}\n\
         \x20 - {{id: up, actor: Agent, from: B, set: {{v: v + 1}}}}\n\
         \x20 - {{id: end, actor: Agent, from: B, to: C, when: \"v == 2\"{fair}}}\n\
         \x20 - {{id: jam, actor: Agent, from: B, to: D}}\n\
         \x20 - {{id: idle, actor: Agent, from: A}}\n\
         {}{properties}",
        if properties.is_empty() {
            ""
        } else {
            "properties:\n"
        }
    ))
}

/// The trace that these steps make; a step is an id, with `!` behind it where it has the one choice `true`.
fn trace(s: &System, names: &[&str]) -> Trace {
    let mut steps = vec![TraceStep {
        transition: None,
        choices: Vec::new(),
        state: start(s),
    }];
    let mut leaves_range = false;
    for name in names {
        let (name, choices) = match name.strip_suffix('!') {
            Some(name) => (name, vec![Value::Bool(true)]),
            None => (*name, Vec::new()),
        };
        let before = &steps[steps.len() - 1].state;
        let state = match step(s, command(s, name), before, &choices) {
            Outcome::Next(state) => state,
            Outcome::LeavesRange { state, .. } => {
                leaves_range = true;
                state
            }
            Outcome::Disabled => panic!("{name} is not enabled"),
        };
        let (ix, _) = s
            .commands()
            .find(|(_, c)| c.name.as_str() == name)
            .expect("there");
        steps.push(TraceStep {
            transition: Some(ix),
            choices,
            state,
        });
    }
    Trace {
        steps,
        loop_from: None,
        leaves_range,
    }
}

fn lasso(s: &System, names: &[&str], from: usize) -> Trace {
    Trace {
        loop_from: Some(from),
        ..trace(s, names)
    }
}

fn judge(s: &System, id: &str, t: &Trace) -> Result<(), ReplayError> {
    replay(s, property(s, id), t)
}

#[test]
fn a_state_is_judged_at_the_end_alone() {
    let s = sample(
        "",
        "  - {id: p, always: \"v < 2\"}\n  - {id: q, never: \"state == B\"}\n",
    );
    let there = trace(&s, &["go!", "up", "up"]);
    assert_eq!(judge(&s, "p", &there), Ok(()));
    assert_eq!(judge(&s, "q", &there), Ok(()));
    assert_eq!(
        judge(&s, "p", &trace(&s, &["go!", "up"])),
        Err(ReplayError::NotShown)
    );
    // The state in the middle is wrong, the one at the end is not.
    assert_eq!(
        judge(&s, "q", &trace(&s, &["go!", "back"])),
        Err(ReplayError::NotShown)
    );
}

#[test]
fn doctored_steps_are_refused() {
    let s = sample("", "  - {id: p, always: \"v < 2\"}\n");
    let good = || trace(&s, &["go!", "up", "up"]);
    let refused = |change: fn(&mut Trace)| {
        let mut bad = good();
        change(&mut bad);
        judge(&s, "p", &bad).expect_err("refused")
    };
    assert_eq!(refused(|t| t.steps.clear()), ReplayError::Empty);
    assert_eq!(
        refused(|t| t.steps[0].state[1] = Value::Int(1)),
        ReplayError::NotInitial
    );
    assert_eq!(
        refused(|t| t.steps[0].state.truncate(1)),
        ReplayError::NotInitial
    );
    assert_eq!(
        refused(|t| t.steps[0].transition = t.steps[1].transition),
        ReplayError::NotInitial
    );
    assert_eq!(
        refused(|t| t.steps[1].transition = None),
        ReplayError::NoSuchStep(1)
    );
    assert_eq!(
        refused(|t| t.steps[1].choices.clear()),
        ReplayError::NoSuchStep(1)
    );
    assert_eq!(
        refused(|t| t.steps[1].choices[0] = Value::Int(0)),
        ReplayError::NoSuchStep(1)
    );
    assert_eq!(
        refused(|t| t.steps[1].choices[0] = Value::Bool(false)),
        ReplayError::Disabled(1)
    );
    assert_eq!(
        refused(|t| t.steps.swap_remove(1).choices.clear()),
        ReplayError::Disabled(1)
    );
    assert_eq!(
        refused(|t| t.steps[2].state[1] = Value::Int(2)),
        ReplayError::WrongState(2)
    );
    assert_eq!(
        refused(|t| t.steps[3].state[1] = Value::Int(3)),
        ReplayError::WrongState(3)
    );
    assert_eq!(
        refused(|t| t.leaves_range = true),
        ReplayError::StaysInRange
    );
    assert_eq!(refused(|t| t.loop_from = Some(0)), ReplayError::LoopOpen);
    assert_eq!(refused(|t| t.loop_from = Some(9)), ReplayError::LoopOpen);
    assert_eq!(
        refused(|t| t.loop_from = Some(3)),
        ReplayError::UnexpectedLoop
    );
    assert_eq!(
        replay(&s, PropertyIx(99), &good()),
        Err(ReplayError::NoProperty)
    );
}

#[test]
fn ranges() {
    let s = sample("", "");
    let over = trace(&s, &["go!", "up", "up", "up"]);
    assert!(over.leaves_range);
    assert_eq!(judge(&s, "in_range", &over), Ok(()));
    let unmarked = Trace {
        leaves_range: false,
        ..over.clone()
    };
    assert_eq!(
        judge(&s, "in_range", &unmarked),
        Err(ReplayError::LeavesRange(4))
    );
    let within = trace(&s, &["go!", "up", "up"]);
    assert_eq!(
        judge(&s, "in_range", &within),
        Err(ReplayError::StaysInRange)
    );
    // What would have been assigned is part of the claim.
    let mut other = over.clone();
    other.steps[4].state[1] = Value::Int(4);
    assert_eq!(
        judge(&s, "in_range", &other),
        Err(ReplayError::WrongState(4))
    );
    // A step out of range is not a state of a run.
    assert_eq!(
        judge(&s, "deadlock", &over),
        Err(ReplayError::LeavesRange(4))
    );
    assert_eq!(
        replay_witness(&s, property(&s, "fires:up"), &over),
        Err(ReplayError::LeavesRange(4))
    );
    assert_eq!(
        replay_witness(&s, property(&s, "fires:up"), &within),
        Ok(())
    );
}

#[test]
fn step_properties_look_at_the_last_step() {
    let s = sample(
        "",
        "  - {id: before, at: up, require: \"v < 2\"}\n  - {id: behind, at: up, ensure: \"v < 2\"}\n\
         \x20 - {id: choice, at: go, require: \"not c\"}\n  - {id: order, precedes: [[up], end]}\n  - {id: no_back, precedes: [[back], jam]}\n",
    );
    // `require` counts also where the step leaves a range; `ensure` has no state to look at there.
    let over = trace(&s, &["go!", "up", "up", "up"]);
    assert_eq!(judge(&s, "before", &over), Ok(()));
    assert_eq!(judge(&s, "behind", &over), Err(ReplayError::LeavesRange(4)));
    let twice = trace(&s, &["go!", "up", "up"]);
    assert_eq!(judge(&s, "before", &twice), Err(ReplayError::NotShown));
    assert_eq!(judge(&s, "behind", &twice), Ok(()));
    assert_eq!(judge(&s, "choice", &trace(&s, &["go!"])), Ok(()));
    assert_eq!(
        judge(&s, "choice", &trace(&s, &[])),
        Err(ReplayError::WrongTransition)
    );
    assert_eq!(
        judge(&s, "choice", &twice),
        Err(ReplayError::WrongTransition)
    );
    assert_eq!(
        judge(&s, "order", &trace(&s, &["go!", "up", "up", "end"])),
        Err(ReplayError::Preceded(2))
    );
    assert_eq!(judge(&s, "no_back", &trace(&s, &["go!", "jam"])), Ok(()));
    assert_eq!(
        judge(&s, "no_back", &trace(&s, &["go!", "up"])),
        Err(ReplayError::WrongTransition)
    );
    assert_eq!(
        judge(&s, "no_back", &trace(&s, &["go!", "back", "go!", "jam"])),
        Err(ReplayError::Preceded(2))
    );
}

#[test]
fn deadlocks_and_ends_that_cannot_be_reached() {
    let s = sample("", "  - {id: again, can_reach: \"state == A\"}\n");
    let jammed = trace(&s, &["go!", "jam"]);
    assert_eq!(judge(&s, "deadlock", &jammed), Ok(()));
    assert_eq!(judge(&s, "can_reach_terminal", &jammed), Ok(()));
    assert_eq!(judge(&s, "again", &jammed), Ok(()));
    // A terminal state is no deadlock; a self-loop is a step.
    let ended = trace(&s, &["go!", "up", "up", "end"]);
    assert_eq!(judge(&s, "deadlock", &ended), Err(ReplayError::NotShown));
    assert_eq!(
        judge(&s, "deadlock", &trace(&s, &[])),
        Err(ReplayError::NotShown)
    );
    assert_eq!(
        judge(&s, "can_reach_terminal", &trace(&s, &["go!"])),
        Err(ReplayError::NotShown)
    );
    assert_eq!(judge(&s, "again", &ended), Ok(()));
    // A step that leaves a range counts as enabled.
    let full = system(
        "workflow_id: s\ngoal: g\nactors: [Agent]\nstates: [A]\nterminal: none\nvars:\n  v: {type: int, range: [0, 0], init: 0}\n\
         transitions:\n  - {id: up, actor: Agent, set: {v: v + 1}}\n",
    );
    assert_eq!(
        judge(&full, "deadlock", &trace(&full, &[])),
        Err(ReplayError::NotShown)
    );
}

#[test]
fn lassos_without_fairness() {
    let s = sample(
        "",
        "  - {id: ends, eventually: terminal}\n  - {id: counts, eventually: \"v == 1\"}\n\
         \x20 - {id: home, leads_to: [\"state == B\", \"state == A\"]}\n  - {id: often_b, infinitely_often: \"state == B\"}\n",
    );
    assert_eq!(
        judge(&s, "ends", &trace(&s, &["go!"])),
        Err(ReplayError::NoLoop)
    );
    let round = lasso(&s, &["go!", "back"], 0);
    assert_eq!(judge(&s, "ends", &round), Ok(()));
    assert_eq!(judge(&s, "ends", &lasso(&s, &["go!", "up"], 2)), Ok(()));
    // The goal is seen on the way: too late for `eventually`, whatever comes later.
    let counted = lasso(&s, &["go!", "up", "up"], 3);
    assert_eq!(judge(&s, "counts", &counted), Err(ReplayError::NotShown));
    assert_eq!(judge(&s, "home", &counted), Ok(()));
    assert_eq!(judge(&s, "home", &round), Err(ReplayError::NotShown));
    assert_eq!(judge(&s, "often_b", &round), Err(ReplayError::NotShown));
    assert_eq!(
        judge(&s, "often_b", &lasso(&s, &["go!", "back", "idle"], 2)),
        Ok(())
    );
    assert_eq!(
        judge(&s, "home", &lasso(&s, &["go!"], 0)),
        Err(ReplayError::LoopOpen)
    );
    assert_eq!(replay_run(&s, &round), Ok(()));
}

#[test]
fn weak_fairness_is_owed_where_a_change_is_possible_all_the_time() {
    let s = sample(", fair: weak", "  - {id: ends, eventually: terminal}\n");
    // Stuttering in B owes `back`.
    assert_eq!(
        judge(&s, "ends", &lasso(&s, &["go!"], 1)),
        Err(ReplayError::Unfair("back".to_owned()))
    );
    // Going round takes `back`; `end` is possible nowhere on the way.
    assert_eq!(judge(&s, "ends", &lasso(&s, &["go!", "back"], 0)), Ok(()));
    // At two, `end` is possible in B only, so weak fairness does not owe it.
    assert_eq!(
        judge(
            &s,
            "ends",
            &lasso(&s, &["go!", "up", "up", "back", "go!"], 3)
        ),
        Ok(())
    );
    assert_eq!(
        replay_run(&s, &lasso(&s, &["go!"], 1)),
        Err(ReplayError::Unfair("back".to_owned()))
    );
}

#[test]
fn strong_fairness_is_owed_where_a_change_is_possible_again_and_again() {
    let s = sample(", fair: strong", "  - {id: ends, eventually: terminal}\n");
    assert_eq!(
        judge(
            &s,
            "ends",
            &lasso(&s, &["go!", "up", "up", "back", "go!"], 3)
        ),
        Err(ReplayError::Unfair("end".to_owned()))
    );
    assert_eq!(
        judge(&s, "ends", &lasso(&s, &["go!", "up", "back", "go!"], 2)),
        Ok(())
    );
}

#[test]
fn steps_that_change_nothing_owe_nothing() {
    // A fair self-loop, a fair bump of nothing and a fair step out of range do not keep a run from stuttering.
    let s = system(
        "workflow_id: s\ngoal: g\nactors: [Agent]\nstates: [A]\nterminal: none\nartifacts: [a]\nevidence:\n  e: {of: [a]}\n\
         vars:\n  v: {type: int, range: [0, 0], init: 0}\n\
         transitions:\n  - {id: idle, actor: Agent, fair: strong}\n  - {id: renew, actor: Agent, bump: [a], fair: strong}\n\
         \x20 - {id: up, actor: Agent, set: {v: v + 1}, fair: strong}\n\
         properties:\n  - {id: p, eventually: \"has(e)\"}\n",
    );
    assert_eq!(judge(&s, "p", &lasso(&s, &[], 0)), Ok(()));
}

#[test]
fn witnesses() {
    let s = sample("", "  - {id: two, reachable: \"v == 2\"}\n");
    let there = trace(&s, &["go!", "up", "up"]);
    assert_eq!(replay_witness(&s, property(&s, "two"), &there), Ok(()));
    assert_eq!(replay_witness(&s, property(&s, "state:B"), &there), Ok(()));
    assert_eq!(
        replay_witness(&s, property(&s, "state:A"), &there),
        Err(ReplayError::NotShown)
    );
    assert_eq!(
        replay_witness(&s, property(&s, "fires:go"), &there),
        Err(ReplayError::WrongTransition)
    );
    assert_eq!(
        replay_witness(&s, property(&s, "deadlock"), &there),
        Err(ReplayError::NoRunShows)
    );
    assert_eq!(judge(&s, "two", &there), Err(ReplayError::NoRunShows));
}

/// The sample as seen by a workflow in which work is open or closed and reviews count up to a limit.
fn refining(state: &str, tries: &str) -> System {
    let coarse = "workflow_id: coarse\ngoal: test\nactors: [Agent]\nstates: [Open, Closed]\nterminal: {success: [Closed], failure: []}\n\
         artifacts: [text]\nevidence:\n  review: {of: [text], fields: {good: {type: bool}}}\n\
         vars:\n  tries: {type: int, range: [0, 1], init: 0}\n  mood: {type: enum, values: [calm, upset], init: calm}\n\
         transitions:\n\
         \x20 - {id: look, actor: Agent, from: Open, choose: {g: {type: bool}}, set: {tries: tries + 1}, record: {review: {good: g}}}\n\
         \x20 - {id: edit, actor: Agent, from: Open, bump: [text]}\n\
         \x20 - {id: close, actor: Agent, from: Open, to: Closed, when: \"fresh(review)\"}\n";
    let fine = format!(
        "workflow_id: fine\ngoal: test\nrefines:\n  workflow: coarse.yaml\n  map: {{state: \"{state}\", text: doc, review: check, tries: \"{tries}\", mood: \"if v == 2 then upset else calm\"}}\n\
         actors: [Agent]\nstates: [Draft, Final]\nterminal: {{success: [Final], failure: []}}\n\
         artifacts: [extra, doc]\nevidence:\n  check: {{of: [extra, doc], fields: {{why: {{type: bool}}, good: {{type: bool}}}}}}\n\
         vars:\n  v: {{type: int, range: [0, 3], init: 0}}\n\
         transitions:\n\
         \x20 - {{id: test, actor: Agent, from: Draft, when: \"v < 1\", set: {{v: v + 1}}, record: {{check: {{good: true}}}}}}\n\
         \x20 - {{id: retest, actor: Agent, from: Draft, record: {{check: {{good: true}}}}}}\n\
         \x20 - {{id: jump, actor: Agent, from: Draft, set: {{v: 2}}}}\n\
         \x20 - {{id: change, actor: Agent, from: Draft, bump: [doc]}}\n\
         \x20 - {{id: pad, actor: Agent, from: Draft, bump: [extra]}}\n\
         \x20 - {{id: finish, actor: Agent, from: Draft, to: Final}}\n"
    );
    let checked = load_refinement(&fine, coarse).unwrap_or_else(|errors| panic!("{errors:#?}"));
    desugar(&checked)
}

const PLAIN: &str = "if state == Final then Closed else Open";

#[test]
fn refinement_maps_steps_to_steps_or_to_nothing() {
    let s = refining(PLAIN, "v");
    let differs = |names: &[&str]| judge(&s, "refines", &trace(&s, names));
    let same = Err(ReplayError::NotShown);
    // `test` is a `look`, `change` an `edit`; `pad` changes nothing that the other has.
    assert_eq!(differs(&["test"]), same);
    assert_eq!(differs(&["test", "change"]), same);
    assert_eq!(differs(&["test", "pad"]), same);
    assert_eq!(differs(&["test", "finish"]), same);
    assert_eq!(differs(&[]), same);
    // Not fresh there: `close` is not enabled. Stale only in what the other does not know of: it is.
    assert_eq!(differs(&["finish"]), Ok(()));
    assert_eq!(differs(&["test", "change", "finish"]), Ok(()));
    assert_eq!(differs(&["test", "pad", "finish"]), same);
    // A check again without counting is no `look`; the first one as well.
    assert_eq!(differs(&["retest"]), Ok(()));
    assert_eq!(differs(&["test", "retest"]), same);
    // A value outside the other's range, and a mood that no step of the other changes.
    assert_eq!(differs(&["jump"]), Ok(()));
    assert_eq!(
        judge(&s, "refines", &lasso(&s, &["test", "retest"], 1)),
        Err(ReplayError::UnexpectedLoop)
    );
}

#[test]
fn refinement_begins_at_a_start() {
    let s = refining("if v == 0 then Closed else Open", "v");
    assert_eq!(judge(&s, "refines", &trace(&s, &[])), Ok(()));
    let s = refining(PLAIN, "v + 1");
    assert_eq!(judge(&s, "refines", &trace(&s, &[])), Ok(()));
}
