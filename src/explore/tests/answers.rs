//! Each form of property both ways, with counts and shortest runs worked out by hand.

use std::sync::Arc;

use super::{answer, counterexample, index, names, run, system, word};
use crate::check::check;
use crate::explore::{Options, explore};
use crate::finding::{Answer, Coverage, FindingKind, States};
use crate::ir::{SourceId, Value};
use crate::model::replay::{replay, replay_run};
use crate::model::{System, desugar};
use crate::syntax::parse_workflow;

/// Two counters 0..=2, each may be stepped up; 9 states, 6 steps up in each direction.
const GRID: &str = "\
actors: [A]
states: [Run]
terminal: none
vars: {x: {type: int, range: [0, 2], init: 0}, z: {type: int, range: [0, 2], init: 0}}
transitions:
  - {id: right, from: Run, actor: A, when: \"x < 2\", set: {x: x + 1}}
  - {id: up, from: Run, actor: A, when: \"z < 2\", set: {z: z + 1}}
";

#[test]
fn counts_states_steps_and_depth() {
    let system = system(GRID);
    let report = run(&system);
    let expected = States {
        distinct: 9,
        steps: Some(12),
        depth: Some(4),
        complete: true,
    };
    assert_eq!(report.states, expected);
    // (2, 2) is not terminal and enables nothing.
    let (steps, _) = counterexample(&system, &report, "deadlock");
    assert_eq!(steps.len(), 4);
}

#[test]
fn initial_values_make_several_starts_and_choices_count_one_by_one() {
    let system = system(
        "actors: [A]\nstates: [S, T]\nterminal: {success: [T], failure: []}\n\
         vars: {u: {type: bool, init: any}, k: {type: int, range: [0, 3], init: 0}}\n\
         transitions:\n\
         \x20 - {id: pick, from: S, to: T, actor: A, choose: {c: {type: int, range: [0, 3]}}, set: {k: c}}\n\
         \x20 - {id: same, from: S, to: T, actor: A, choose: {c: {type: int, range: [0, 3]}}}\n\
         \x20 - {id: stay, from: S, actor: A}\n",
    );
    let report = run(&system);
    // 2 starts and 2 * 4 ends; each start has 4 + 4 + 1 steps.
    assert_eq!(
        (report.states.distinct, report.states.steps),
        (10, Some(18))
    );
    assert_eq!(report.states.depth, Some(1));
}

#[test]
fn states_properties_give_the_shortest_run() {
    let system = system(&format!(
        "{GRID}properties:\n\
         \x20 - {{id: low, always: \"x + z <= 2\"}}\n\
         \x20 - {{id: fine, always: \"x + z <= 4\"}}\n\
         \x20 - {{id: not_both, never: \"x == 1 and z == 1\"}}\n\
         \x20 - {{id: seen, reachable: \"x == 2 and z == 0\"}}\n\
         \x20 - {{id: unseen, reachable: \"x == 2 and z == 2 and x == z + 1\"}}\n"
    ));
    let report = run(&system);
    assert_eq!(counterexample(&system, &report, "low").0.len(), 3);
    assert_eq!(counterexample(&system, &report, "not_both").0.len(), 2);
    let everything = Coverage::Exhaustive { distinct: 9 };
    assert_eq!(
        *answer(&system, &report, "fine"),
        Answer::Holds {
            coverage: everything.clone(),
            witness: None
        }
    );
    let Answer::Holds {
        witness: Some(trace),
        ..
    } = answer(&system, &report, "seen")
    else {
        panic!("it is reached");
    };
    assert_eq!(names(&system, trace), (vec!["right".to_owned(); 2], None));
    assert_eq!(
        *answer(&system, &report, "unseen"),
        Answer::Violated {
            trace: None,
            coverage: Some(everything)
        }
    );
}

#[test]
fn steps_are_judged_before_and_after_and_ranges_exactly() {
    let system = system(
        "actors: [A]\nstates: [S]\nterminal: none\n\
         vars: {x: {type: int, range: [0, 2], init: 0}}\n\
         transitions: [{id: up, from: S, actor: A, set: {x: x + 1}}]\n\
         properties:\n\
         \x20 - {id: before_two, at: up, require: \"x < 2\"}\n\
         \x20 - {id: before_three, at: up, require: \"x < 3\"}\n\
         \x20 - {id: after_two, at: up, ensure: \"x < 2\"}\n\
         \x20 - {id: after_three, at: up, ensure: \"x <= 2\"}\n",
    );
    let report = run(&system);
    assert_eq!((report.states.distinct, report.states.steps), (3, Some(2)));
    // At 2 the step is enabled and leaves the range: no deadlock, judged before, never after.
    assert_eq!(word(&system, &report, "deadlock"), "holds");
    assert_eq!(counterexample(&system, &report, "before_two").0.len(), 3);
    assert_eq!(word(&system, &report, "before_three"), "holds");
    assert_eq!(counterexample(&system, &report, "after_two").0.len(), 2);
    assert_eq!(word(&system, &report, "after_three"), "holds");
    let Answer::Violated {
        trace: Some(trace), ..
    } = answer(&system, &report, "in_range")
    else {
        panic!("it leaves the range");
    };
    assert!(trace.leaves_range && trace.steps.len() == 4);
    assert_eq!(replay(&system, index(&system, "in_range"), trace), Ok(()));
}

const LINE: &str = "\
actors: [A, {id: Human, kind: human}]
states: [S, T, U, Done]
terminal: {success: [Done], failure: []}
transitions:
  - {id: a, from: S, to: T, actor: A}
  - {id: b, from: T, to: U, actor: A}
  - {id: skip, from: S, to: U, actor: A}
  - {id: c, from: U, to: Done, actor: A}
";

#[test]
fn precedence_asks_the_system_without_the_first() {
    let system = system(&format!(
        "{LINE}properties:\n\
         \x20 - {{id: b_first, precedes: [b, c]}}\n\
         \x20 - {{id: b_or_skip, precedes: [[b, skip], c]}}\n"
    ));
    let report = run(&system);
    let (steps, _) = counterexample(&system, &report, "b_first");
    assert_eq!(steps, ["skip", "c"]);
    // Without b and skip: S and T are left.
    let Answer::Holds { coverage, .. } = answer(&system, &report, "b_or_skip") else {
        panic!("it holds");
    };
    assert_eq!(*coverage, Coverage::Exhaustive { distinct: 2 });
}

#[test]
fn can_reach_looks_at_what_may_happen_and_names_the_nearest_trap() {
    let system = system(
        "actors: [A]\nstates: [S, T, Trap, Done]\nterminal: {success: [Done], failure: []}\n\
         transitions:\n\
         \x20 - {id: a, from: S, to: T, actor: A}\n\
         \x20 - {id: back, from: T, to: S, actor: A}\n\
         \x20 - {id: end, from: T, to: Done, actor: A}\n\
         \x20 - {id: fall, from: T, to: Trap, actor: A}\n\
         \x20 - {id: turn, from: Trap, actor: A}\n\
         properties: [{id: start_again, can_reach: \"state in [S, Trap, Done]\"}]\n",
    );
    let report = run(&system);
    let (steps, looped) = counterexample(&system, &report, "can_reach_terminal");
    assert_eq!(
        (steps.as_slice(), looped),
        (["a".to_owned(), "fall".to_owned()].as_slice(), None)
    );
    assert_eq!(word(&system, &report, "start_again"), "holds");
    assert_eq!(word(&system, &report, "deadlock"), "holds");
}

#[test]
fn can_reach_goes_backwards_where_looking_forward_takes_long() {
    // The goal is left of the start; each look forward decides few states.
    let system = system(
        "actors: [A]\nstates: [S]\nterminal: none\n\
         vars: {x: {type: int, range: [0, 400], init: 200}}\n\
         transitions:\n\
         \x20 - {id: down, from: S, actor: A, when: \"x > 0 and x < 300\", set: {x: x - 1}}\n\
         \x20 - {id: up, from: S, actor: A, when: \"x < 400\", set: {x: x + 1}}\n\
         properties:\n\
         \x20 - {id: home, can_reach: \"x == 0\"}\n\
         \x20 - {id: far, can_reach: \"x == 400\"}\n",
    );
    let report = run(&system);
    assert_eq!(report.states.distinct, 401);
    assert_eq!(word(&system, &report, "far"), "holds");
    // From 300 on there is no way down.
    assert_eq!(counterexample(&system, &report, "home").0.len(), 100);
}

/// A lamp that an agent can switch, and a job that can be taken while the lamp is on.
fn lamp(take: &str, toggle: &str) -> System {
    system(&format!(
        "actors: [A, {{id: Human, kind: human}}]\nstates: [Open, Done]\nterminal: {{success: [Done], failure: []}}\n\
         vars: {{light: {{type: bool, init: false}}}}\n\
         transitions:\n\
         \x20 - {{id: toggle, from: Open, actor: A, set: {{light: \"not light\"}}{toggle}}}\n\
         \x20 - {{id: take, from: Open, to: Done, actor: Human, when: light{take}}}\n\
         properties:\n\
         \x20 - {{id: ends, eventually: terminal}}\n\
         \x20 - {{id: lit, leads_to: [\"not light\", \"light\"]}}\n\
         \x20 - {{id: blinks, infinitely_often: \"light or state == Done\"}}\n"
    ))
}

#[test]
fn without_fairness_a_run_may_stutter_at_once() {
    let system = lamp("", "");
    let report = run(&system);
    for id in ["ends", "lit", "blinks"] {
        assert_eq!(
            counterexample(&system, &report, id),
            (vec![], Some(0)),
            "{id}"
        );
    }
}

#[test]
fn weak_fairness_is_owed_only_to_what_stays_enabled() {
    let system = lamp(", fair: weak", ", fair: weak");
    let report = run(&system);
    // The lamp blinks for ever, so taking is never enabled for good.
    let (steps, looped) = counterexample(&system, &report, "ends");
    assert_eq!((steps.len(), looped), (2, Some(0)));
    assert!(steps.iter().all(|s| s == "toggle"));
    assert_eq!(word(&system, &report, "lit"), "holds");
    assert_eq!(word(&system, &report, "blinks"), "holds");
    let lit = &report.answers[index(&system, "lit").ix()];
    assert_eq!(lit.assumptions, ["toggle"]);
}

#[test]
fn strong_fairness_is_owed_to_what_is_enabled_again_and_again() {
    let system = lamp(", fair: strong", ", fair: weak");
    let report = run(&system);
    for id in ["ends", "lit", "blinks"] {
        assert_eq!(word(&system, &report, id), "holds", "{id}");
    }
    // A person's fairness is named where the verdict rests on it, and only there.
    let assumptions = |id| &report.answers[index(&system, id).ix()].assumptions;
    assert_eq!(*assumptions("ends"), ["toggle", "take"]);
    assert_eq!(*assumptions("lit"), ["toggle"]);
    assert_eq!(*assumptions("blinks"), ["toggle"]);
}

#[test]
fn strong_fairness_alone_does_not_help_where_nothing_enables() {
    let system = lamp(", fair: strong", "");
    let report = run(&system);
    assert_eq!(counterexample(&system, &report, "ends"), (vec![], Some(0)));
}

#[test]
fn fairness_counts_only_steps_that_change_something_and_stay_in_range() {
    let system = system(
        "actors: [A]\nstates: [S]\nterminal: none\n\
         vars: {x: {type: int, range: [0, 1], init: 0}}\n\
         transitions:\n\
         \x20 - {id: same, from: S, actor: A, set: {x: x}, fair: strong}\n\
         \x20 - {id: out, from: S, actor: A, set: {x: x + 2}, fair: strong}\n\
         properties: [{id: moves, eventually: \"x == 1\"}]\n",
    );
    let report = run(&system);
    assert_eq!(counterexample(&system, &report, "moves"), (vec![], Some(0)));
}

#[test]
fn a_lasso_visits_what_each_fairness_needs() {
    // Round and round S, T, U; fair commands leave from each, so the loop has to come by all that stay enabled.
    let system = system(
        "actors: [A]\nstates: [S, T, U]\nterminal: none\nvars: {k: {type: bool, init: false}}\n\
         transitions:\n\
         \x20 - {id: st, from: S, to: T, actor: A, fair: weak}\n\
         \x20 - {id: tu, from: T, to: U, actor: A, fair: weak}\n\
         \x20 - {id: us, from: U, to: S, actor: A, fair: weak}\n\
         \x20 - {id: flip, actor: A, set: {k: \"not k\"}, fair: strong}\n\
         properties: [{id: never_there, eventually: \"state == S and k and state == T\"}]\n",
    );
    let report = run(&system);
    let Answer::Violated {
        trace: Some(trace), ..
    } = answer(&system, &report, "never_there")
    else {
        panic!("it never happens");
    };
    assert_eq!(
        replay(&system, index(&system, "never_there"), trace),
        Ok(())
    );
    let (steps, looped) = names(&system, trace);
    assert_eq!(looped, Some(0));
    for id in ["st", "tu", "us", "flip"] {
        assert!(steps.contains(&id.to_owned()), "{steps:?}");
    }
}

#[test]
fn endless_revision_is_shown_once_with_a_round_without_the_person() {
    let review = |fair: &str| {
        system(&format!(
            "actors: [A, {{id: Human, kind: human}}]\nstates: [Draft, Review, Done]\n\
             terminal: {{success: [Done], failure: []}}\n\
             transitions:\n\
             \x20 - {{id: submit, from: Draft, to: Review, actor: A}}\n\
             \x20 - {{id: revise, from: Review, to: Draft, actor: A}}\n\
             \x20 - {{id: accept, from: Review, to: Done, actor: Human{fair}}}\n"
        ))
    };
    let free = review("");
    let report = run(&free);
    let [found] = report.observations.as_slice() else {
        panic!("{:#?}", report.observations);
    };
    assert_eq!(found.kind, FindingKind::UnboundedRevision);
    let trace = found.trace.as_ref().expect("a round");
    assert_eq!(replay_run(&free, trace), Ok(()));
    assert_eq!(
        names(&free, trace),
        (vec!["submit".to_owned(), "revise".to_owned()], Some(0))
    );
    // Enabled again and again, and strongly fair: the person ends it.
    assert_eq!(run(&review(", fair: strong")).observations, []);
    assert_eq!(run(&review(", fair: weak")).observations.len(), 1);
}

#[test]
fn stale_use_shows_the_run_and_is_silent_where_the_guard_asks() {
    let merge = |when: &str| {
        system(&format!(
            "actors: [A]\nstates: [S, Done]\nterminal: {{success: [Done], failure: []}}\n\
             artifacts: [plan]\nevidence: {{check: {{of: [plan]}}}}\n\
             transitions:\n\
             \x20 - {{id: look, from: S, actor: A, record: {{check: {{}}}}}}\n\
             \x20 - {{id: edit, from: S, actor: A, bump: [plan]}}\n\
             \x20 - {{id: merge, from: S, to: Done, actor: A, when: \"{when}\"}}\n"
        ))
    };
    let careless = merge("has(check)");
    let report = run(&careless);
    let [found] = report.observations.as_slice() else {
        panic!("{:#?}", report.observations);
    };
    assert_eq!(
        (found.kind, found.subject.name.as_str()),
        (FindingKind::StaleUse, "merge/check")
    );
    let trace = found.trace.as_ref().expect("a run");
    assert_eq!(names(&careless, trace).0, ["look", "edit", "merge"]);
    assert_eq!(replay_run(&careless, trace), Ok(()));
    assert_eq!(run(&merge("fresh(check)")).observations, []);
    assert_eq!(
        run(&merge("has(check) and (stale(check) or true)")).observations,
        []
    );
}

#[test]
fn vacuous_properties_are_named_with_the_reason() {
    let system = system(&format!(
        "{LINE}properties:\n\
         \x20 - {{id: left, always: \"state == U and state == S => false\"}}\n\
         \x20 - {{id: fine, always: \"state == U => state != S\"}}\n\
         \x20 - {{id: names_nothing, always: \"1 < 2\"}}\n"
    ));
    let found: Vec<(String, String)> = run(&system)
        .observations
        .iter()
        .filter(|o| o.kind == FindingKind::Vacuous)
        .map(|o| (o.subject.name.clone(), o.words[1].clone()))
        .collect();
    assert_eq!(
        found,
        [
            (
                "left".to_owned(),
                "`state == U and state == S` is never true".to_owned()
            ),
            (
                "names_nothing".to_owned(),
                "no transition changes anything it names".to_owned()
            ),
        ]
    );
}

#[test]
fn what_is_not_reached_says_what_came_closest() {
    let system = system(
        "actors: [A]\nstates: [S, T, U, V, Done]\nterminal: {success: [Done], failure: []}\n\
         vars: {x: {type: int, range: [0, 3], init: 0}, f: {type: bool, init: false}}\n\
         transitions:\n\
         \x20 - {id: up, from: S, actor: A, when: \"x < 2\", set: {x: x + 1}}\n\
         \x20 - {id: far, from: S, to: T, actor: A, when: \"x == 2 and f\"}\n\
         \x20 - {id: farther, from: S, to: T, actor: A, when: \"x == 3 and f\"}\n\
         \x20 - {id: go, from: T, to: U, actor: A}\n\
         \x20 - {id: end, from: S, to: Done, actor: A}\n",
    );
    let report = run(&system);
    let notes = |id| &report.answers[index(&system, id).ix()].notes;
    assert_eq!(
        *notes("state:T"),
        [
            "the transition that comes closest: `far` is tried in 3 reachable states of S and never enabled; at the nearest, `f` fails"
        ]
    );
    assert_eq!(*notes("state:U"), ["`go` leaves T, which no run reaches"]);
    assert_eq!(*notes("state:V"), ["no transition leads there"]);
    assert_eq!(
        *notes("fires:farther"),
        [
            "`farther` is tried in 3 reachable states of S and never enabled; at the nearest, `x == 3` and `f` fail"
        ]
    );
    assert!(notes("state:S").is_empty());
}

#[test]
fn a_property_that_is_not_asked_is_not_answered() {
    let system = system(GRID);
    let asked = [index(&system, "in_range")];
    let report = explore(&system, &Options::new(&asked));
    for (property, answer) in system.properties.iter().zip(&report.answers) {
        let expected = if property.id == "in_range" {
            "holds"
        } else {
            "not_asked"
        };
        assert_eq!(answer.answer.word(), expected, "{}", property.id);
    }
}

#[test]
fn a_command_with_very_many_choices_is_judged_like_any_other() {
    let system = system(
        "actors: [A]\nstates: [S]\nterminal: none\n\
         vars: {k: {type: int, range: [0, 10], init: 0}}\n\
         transitions: [{id: pick, from: S, actor: A, choose: {c: {type: int, range: [0, 5000]}}, \
         when: \"c <= 11\", set: {k: c}}]\n\
         properties:\n\
         \x20 - {id: small, at: pick, require: \"c < 11\"}\n\
         \x20 - {id: taken, at: pick, ensure: \"k == c\"}\n\
         \x20 - {id: ten, reachable: \"k == 10\"}\n",
    );
    let report = run(&system);
    assert_eq!(
        (report.states.distinct, report.states.steps),
        (11, Some(121))
    );
    for (id, expected) in [
        ("small", "violated"),
        ("taken", "holds"),
        ("ten", "holds"),
        ("in_range", "violated"),
        ("deadlock", "holds"),
        ("fires:pick", "holds"),
    ] {
        assert_eq!(word(&system, &report, id), expected, "{id}");
    }
    let Answer::Violated {
        trace: Some(trace), ..
    } = answer(&system, &report, "small")
    else {
        panic!("11 is chosen");
    };
    assert_eq!(trace.steps[1].choices, [Value::Int(11)]);
    assert_eq!(replay(&system, index(&system, "small"), trace), Ok(()));
}

/// A door that is opened and shut; `initial` and `step` are those of a door with a handle that is to refine it.
fn door(initial: &str, step: &str) -> System {
    let load = |text: &str, refined| {
        let parsed = parse_workflow(SourceId(0), text).unwrap_or_else(|e| panic!("{e:#?}"));
        Arc::new(check(parsed.value, refined).unwrap_or_else(|e| panic!("{e:#?}")))
    };
    let plain = load(
        "workflow_id: door\ngoal: g\nactors: [A]\nstates: [Shut, Open]\nterminal: none\n\
         vars: {locked: {type: bool, init: false}}\n\
         transitions:\n\
         \x20 - {id: open, from: Shut, to: Open, actor: A, when: \"not locked\"}\n\
         \x20 - {id: shut, from: Open, to: Shut, actor: A}\n\
         \x20 - {id: lock, from: Shut, actor: A, set: {locked: \"not locked\"}}\n",
        None,
    );
    let handle = load(
        &format!(
            "workflow_id: handle\ngoal: g\nactors: [A]\nstates: [Up, Down, Wide]\ninitial: {initial}\nterminal: none\n\
             refines: {{workflow: door.yaml, map: {{state: \"if state == Wide then Open else Shut\", locked: key}}}}\n\
             vars: {{key: {{type: bool, init: false}}}}\n\
             transitions:\n\
             \x20 - {{id: press, from: Up, to: Down, actor: A}}\n\
             \x20 - {{id: pull, from: Down, to: Wide, actor: A, when: \"not key\"}}\n\
             \x20 - {{id: push, from: Wide, to: Up, actor: A}}\n\
             \x20 - {{id: turn, from: {step}, actor: A, set: {{key: \"not key\"}}}}\n"
        ),
        Some(plain),
    );
    desugar(&handle)
}

#[test]
fn refinement_takes_stuttering_and_names_the_step_that_has_no_counterpart() {
    let good = door("Up", "[Up, Down]");
    assert_eq!(word(&good, &run(&good), "refines"), "holds");
    // Locking an open door is no step of the plain door.
    let bad = door("Up", "Wide");
    let report = run(&bad);
    assert_eq!(
        counterexample(&bad, &report, "refines").0,
        ["press", "pull", "turn"]
    );
    // Nor may it begin open.
    let open = door("Wide", "Up");
    let report = run(&open);
    assert_eq!(
        counterexample(&open, &report, "refines").0,
        Vec::<String>::new()
    );
    for (system, report) in [(&bad, run(&bad)), (&open, report)] {
        let Answer::Violated {
            trace: Some(trace), ..
        } = answer(system, &report, "refines")
        else {
            panic!("it does not refine");
        };
        assert_eq!(replay(system, index(system, "refines"), trace), Ok(()));
    }
}
