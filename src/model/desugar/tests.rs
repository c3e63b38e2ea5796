//! The sentences of S-2 to S-5, S-7, S-9 and S-14, each by a small system computed by hand.

use crate::finding::State;
use crate::model::step::{Outcome, enabled, initial_states, step};
use crate::model::system::{PropertyKind, System, Vacuity};
use crate::model::testing::{command, look, run, shown, start, system};

/// A workflow with one state and these transitions; two artifacts; evidence of one and of both.
fn one_state(rest: &str) -> System {
    system(&format!(
        "workflow_id: sample\ngoal: test\nactors: [Agent]\nstates: [S]\nterminal: none\nartifacts: [a, b]\n\
         evidence:\n  x: {{of: [a]}}\n  xy: {{of: [a, b], fields: {{k: {{type: int, range: [0, 9]}}}}}}\n  z: {{of: [b]}}\n{rest}"
    ))
}

fn after(s: &System, names: &[&str], cells: &[&str]) -> String {
    look(s, &run(s, names), cells)
}

#[test]
fn cells_are_state_variables_then_evidence_with_bits_and_fields() {
    let s = one_state(
        "vars:\n  v: {type: bool, init: any}\ntransitions:\n  - {id: t, actor: Agent, set: {v: not v}}\n",
    );
    let names: Vec<String> = s
        .cells
        .iter()
        .map(|c| s.symbols.cell_name(c.cell))
        .collect();
    assert_eq!(
        names,
        [
            "state",
            "v",
            "has(x)",
            "fresh(x, a)",
            "has(xy)",
            "fresh(xy, a)",
            "fresh(xy, b)",
            "xy.k",
            "has(z)",
            "fresh(z, b)"
        ]
    );
    let optional: Vec<bool> = s.cells.iter().map(|c| c.optional).collect();
    assert_eq!(optional.iter().filter(|o| **o).count(), 1);
    assert!(optional[7]);
    // S-7: no evidence exists at the start; `init: any` gives both values.
    let starts: Vec<State> = initial_states(&s).collect();
    assert_eq!(starts.len(), 2);
    assert_eq!(
        look(&s, &starts[1], &["v", "has(xy)", "fresh(xy, a)", "xy.k"]),
        "v=true has(xy)=false fresh(xy, a)=false xy.k=none"
    );
}

#[test]
fn right_hand_sides_read_the_state_before() {
    // S-2: a swap works, and a record reads what `set` has not yet changed.
    let s = one_state(
        "vars:\n  v: {type: int, range: [0, 9], init: 1}\n  w: {type: int, range: [0, 9], init: 2}\n\
         transitions:\n  - {id: swap, actor: Agent, set: {v: w, w: v}, record: {xy: {k: v}}}\n",
    );
    assert_eq!(after(&s, &["swap"], &["v", "w", "xy.k"]), "v=2 w=1 xy.k=1");
    assert_eq!(
        after(&s, &["swap", "swap"], &["v", "w", "xy.k"]),
        "v=1 w=2 xy.k=2"
    );
}

#[test]
fn what_is_not_assigned_does_not_change() {
    let s = one_state(
        "vars:\n  v: {type: bool, init: true}\ntransitions:\n  - {id: r, actor: Agent, record: {xy: {k: 4}}}\n  - {id: t, actor: Agent}\n",
    );
    let before = run(&s, &["r"]);
    assert_eq!(
        step(&s, command(&s, "t"), &before, &[]),
        Outcome::Next(before.clone())
    );
}

#[test]
fn a_bump_clears_one_bit_everywhere_and_nothing_sets_it_again() {
    let s = one_state(
        "transitions:\n  - {id: make, actor: Agent, record: {x: {}, xy: {k: 3}, z: {}}}\n  - {id: new_a, actor: Agent, bump: [a]}\n  - {id: new_b, actor: Agent, bump: [b]}\n",
    );
    let cells = [
        "fresh(x, a)",
        "fresh(xy, a)",
        "fresh(xy, b)",
        "fresh(z, b)",
        "xy.k",
    ];
    let table = [
        (&["make"][..], "true true true true 3"),
        (&["make", "new_a"], "false false true true 3"),
        (&["make", "new_a", "new_b"], "false false false false 3"),
        (&["make", "new_b", "new_b"], "true true false false 3"),
        // S-4: without evidence there is nothing to clear.
        (&["new_a"], "false false false false none"),
        // Recording again is of now.
        (&["make", "new_a", "make"], "true true true true 3"),
    ];
    for (names, expected) in table {
        let found: Vec<String> = cells
            .iter()
            .map(|c| shown(&s, &run(&s, names))[*c].clone())
            .collect();
        assert_eq!(found.join(" "), expected, "{names:?}");
    }
}

#[test]
fn what_is_recorded_in_a_step_that_bumps_is_of_the_new_version() {
    let s = one_state(
        "transitions:\n  - {id: make, actor: Agent, record: {x: {}}}\n  - {id: both, actor: Agent, bump: [a, b], record: {xy: {}}}\n",
    );
    assert_eq!(
        after(
            &s,
            &["make", "both"],
            &["fresh(x, a)", "fresh(xy, a)", "fresh(xy, b)"]
        ),
        "fresh(x, a)=false fresh(xy, a)=true fresh(xy, b)=true"
    );
}

#[test]
fn copied_stamps_are_those_after_the_bumps_of_the_step() {
    let s = one_state(
        "transitions:\n\
         \x20 - {id: make_x, actor: Agent, record: {x: {}}}\n\
         \x20 - {id: make_xy, actor: Agent, record: {xy: {k: 1}}}\n\
         \x20 - {id: new_a, actor: Agent, bump: [a]}\n\
         \x20 - {id: new_b, actor: Agent, bump: [b]}\n\
         \x20 - {id: copy, actor: Agent, record: {xy: {from: x}}}\n\
         \x20 - {id: copy_narrow, actor: Agent, record: {x: {from: xy}}}\n\
         \x20 - {id: copy_and_bump, actor: Agent, bump: [a], record: {xy: {from: x, k: 2}}}\n\
         \x20 - {id: copy_and_drop, actor: Agent, drop: [x], record: {xy: {from: x}}}\n\
         \x20 - {id: copy_self, actor: Agent, bump: [b], record: {xy: {from: xy}}}\n\
         \x20 - {id: replace, actor: Agent, record: {x: {}, xy: {from: x}}}\n",
    );
    let cells = ["has(xy)", "fresh(xy, a)", "fresh(xy, b)", "xy.k"];
    let table = [
        // `b` is not among x's artifacts: stamped current.
        (&["make_x", "copy"][..], "true true true none"),
        (&["make_x", "new_a", "copy"], "true false true none"),
        (&["make_x", "new_b", "copy"], "true true true none"),
        // x does not exist: the record exists and is stale in what x would have said.
        (&["copy"], "true false true none"),
        // The bump of the same step counts.
        (&["make_x", "copy_and_bump"], "true false true 2"),
        // A drop of the same step does not: effects read the state before it.
        (&["make_x", "copy_and_drop"], "true true true none"),
        // From itself: keeps its bits but for the bump; fields not given become none.
        (&["make_xy", "new_a", "copy_self"], "true false false none"),
        (&["make_xy", "copy_self"], "true true false none"),
        (&["copy_self"], "true false false none"),
        // The source recorded in the same step: its bits are those of before.
        (&["make_x", "new_a", "replace"], "true false true none"),
        (&["replace"], "true false true none"),
    ];
    for (names, expected) in table {
        let found: Vec<String> = cells
            .iter()
            .map(|c| shown(&s, &run(&s, names))[*c].clone())
            .collect();
        assert_eq!(found.join(" "), expected, "{names:?}");
    }
    // Only the target's own artifacts are stamped.
    assert_eq!(
        after(
            &s,
            &["make_xy", "new_b", "copy_narrow"],
            &["has(x)", "fresh(x, a)", "fresh(xy, b)"]
        ),
        "has(x)=true fresh(x, a)=true fresh(xy, b)=false"
    );
}

#[test]
fn dropping_resets_everything() {
    let s = one_state(
        "transitions:\n  - {id: make, actor: Agent, record: {xy: {k: 5}}}\n  - {id: lose, actor: Agent, drop: [xy], bump: [a]}\n",
    );
    assert_eq!(run(&s, &["make", "lose"]), start(&s));
}

#[test]
fn a_step_that_leaves_a_range_has_no_successor() {
    // S-3: what is assigned is checked, not what is in between.
    let s = one_state(
        "vars:\n  v: {type: int, range: [0, 3], init: 3}\ntransitions:\n\
         \x20 - {id: up, actor: Agent, set: {v: v + 1}}\n\
         \x20 - {id: round_trip, actor: Agent, set: {v: v + 9 - 9}}\n\
         \x20 - {id: absent, actor: Agent, set: {v: xy.k}}\n\
         \x20 - {id: give_absent, actor: Agent, record: {xy: {k: xy.k}}}\n",
    );
    let at = start(&s);
    let v = s.slot(s.cells[1].cell).expect("a slot");
    let leaves = |name: &str| match step(&s, command(&s, name), &at, &[]) {
        Outcome::LeavesRange { slots, state } => (slots == [v]).then(|| look(&s, &state, &["v"])),
        Outcome::Disabled | Outcome::Next(_) => None,
    };
    assert_eq!(leaves("up").as_deref(), Some("v=4"));
    assert_eq!(leaves("round_trip"), None);
    // S-13: `none` is not a value of a variable, but a field may be given it.
    assert_eq!(leaves("absent").as_deref(), Some("v=none"));
    assert_eq!(
        after(&s, &["give_absent"], &["has(xy)", "xy.k"]),
        "has(xy)=true xy.k=none"
    );
}

#[test]
fn only_assignments_that_may_leave_a_range_are_marked() {
    let s = system(
        "workflow_id: sample\ngoal: test\nactors: [Agent]\nstates: [S, T]\nterminal: none\nartifacts: [a]\n\
         evidence:\n  e: {of: [a], fields: {k: {type: int, range: [0, 3]}, f: {type: bool}}}\n\
         vars:\n  v: {type: int, range: [0, 3], init: 0}\n  w: {type: int, range: [0, 2], init: 0}\n  b: {type: bool, init: false}\n\
         transitions:\n\
         \x20 - {id: plain_up, actor: Agent, set: {v: v + 1}}\n\
         \x20 - {id: guarded_up, actor: Agent, when: \"v < 3\", set: {v: v + 1}}\n\
         \x20 - {id: not_at_end, actor: Agent, when: \"v != 3 and b\", set: {v: v + 1}}\n\
         \x20 - {id: or_is_no_guard, actor: Agent, when: \"v < 3 or b\", set: {v: v + 1}}\n\
         \x20 - {id: negated, actor: Agent, when: \"not (v >= 3 or b)\", set: {v: v + 1}}\n\
         \x20 - {id: mirrored, actor: Agent, when: \"3 > v\", set: {v: v + 1}}\n\
         \x20 - {id: other_bound, actor: Agent, when: \"v > 0\", set: {v: v + 1}}\n\
         \x20 - {id: saturate, actor: Agent, set: {v: if v < 3 then v + 1 else v}}\n\
         \x20 - {id: wrap, actor: Agent, set: {v: if v == 3 then 0 else v + 1}}\n\
         \x20 - {id: wrong_wrap, actor: Agent, set: {v: if v == 2 then 0 else v + 1}}\n\
         \x20 - {id: wider, actor: Agent, set: {w: v}}\n\
         \x20 - {id: narrower, actor: Agent, set: {v: w + 1}}\n\
         \x20 - {id: literal, actor: Agent, set: {v: 3}}\n\
         \x20 - {id: outside, actor: Agent, set: {v: 4}}\n\
         \x20 - {id: chosen, actor: Agent, choose: {c: {type: int, range: [1, 2]}}, set: {v: c + 1}}\n\
         \x20 - {id: absent, actor: Agent, set: {v: e.k}}\n\
         \x20 - {id: present, actor: Agent, when: \"e.k >= 0\", set: {v: e.k}}\n\
         \x20 - {id: not_present, actor: Agent, when: \"not (e.k < 0)\", set: {v: e.k}}\n\
         \x20 - {id: absent_bool, actor: Agent, set: {b: e.f}}\n\
         \x20 - {id: definite_bool, actor: Agent, set: {b: not e.f}}\n\
         \x20 - {id: field, actor: Agent, record: {e: {k: e.k}}}\n\
         \x20 - {id: field_up, actor: Agent, record: {e: {k: e.k + 1}}}\n\
         \x20 - {id: nothing, actor: Agent, set: {b: none}}\n\
         \x20 - {id: move, actor: Agent, to: T}\n",
    );
    let checked: Vec<&str> = (s.commands.iter())
        .filter(|c| c.updates.iter().any(|u| u.checked))
        .map(|c| c.name.as_str())
        .collect();
    assert_eq!(
        checked,
        [
            "plain_up",
            "or_is_no_guard",
            "other_bound",
            "wrong_wrap",
            "wider",
            "outside",
            "absent",
            "not_present",
            "absent_bool",
            "field_up",
            "nothing",
        ]
    );
}

#[test]
fn a_transition_leaves_its_states_or_every_one_that_is_not_terminal() {
    let s = system(
        "workflow_id: sample\ngoal: test\nactors: [Agent]\nstates: [A, B, C]\nterminal: {success: [C], failure: []}\n\
         transitions:\n  - {id: anywhere, actor: Agent}\n  - {id: some, actor: Agent, from: B, to: C}\n  - {id: go, actor: Agent, from: A, to: B}\n",
    );
    let from = |name: &str| -> Vec<u16> { command(&s, name).from.iter().map(|s| s.0).collect() };
    assert_eq!(from("anywhere"), [0, 1]);
    assert_eq!(from("some"), [1]);
    // S-7: a terminal state has no steps.
    let end = run(&s, &["go", "some"]);
    assert!(s.commands.iter().all(|c| !enabled(&s, c, &end, &[])));
    assert_eq!(s.terminal, [false, false, true]);
}

#[test]
fn properties_come_in_their_order_with_their_places() {
    let text = "workflow_id: sample\ngoal: test\nactors: [Agent]\nstates: [A, {id: B, needs: [e]}]\nterminal: {success: [B], failure: []}\n\
         artifacts: [a]\nevidence:\n  e: {of: [a]}\n\
         vars:\n  m: {type: enum, values: [idle, busy], init: idle, phase: true}\n  k: {type: bool, init: false, phase: true}\n\
         transitions:\n  - {id: work, actor: Agent, from: A, record: {e: {}}}\n  - {id: end, actor: Agent, from: A, to: B, when: \"fresh(e)\"}\n\
         properties:\n\
         \x20 - {id: p1, always: \"k => m == idle\"}\n  - {id: p2, never: \"k\", requirement: R7, text: why}\n\
         \x20 - {id: p3, at: end, require: \"k\", expect: violated}\n  - {id: p4, leads_to: [\"k\", \"terminal\"]}\n  - {id: p5, precedes: [work, end]}\n";
    let s = system(text);
    let ids: Vec<&str> = s.properties.iter().map(|p| p.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "p1",
            "p2",
            "p3",
            "p4",
            "p5",
            "in_range",
            "deadlock",
            "state:A",
            "state:B",
            "phase:m=idle",
            "phase:m=busy",
            "phase:k=false",
            "phase:k=true",
            "fires:work",
            "fires:end",
            "can_reach_terminal",
            "needs:end/e"
        ]
    );
    let place = |id: &str| {
        let p = s.properties.iter().find(|p| p.id == id).expect("there");
        let start = p.span.start as usize;
        &text[start..start + p.span.len as usize]
    };
    assert_eq!(place("p2"), "p2");
    assert_eq!(place("state:B"), "B");
    assert_eq!(place("phase:m=busy"), "busy");
    assert_eq!(place("fires:end"), "end");
    assert_eq!(place("needs:end/e"), "e");
    let vacuity: Vec<Option<&str>> = (s.properties.iter().take(6))
        .map(|p| {
            p.vacuity.as_ref().map(|v| match v {
                Vacuity::NeverTrue(_) => "never true",
                Vacuity::NeverEnabled(c) => s.symbols.transition_name(*c),
            })
        })
        .collect();
    assert_eq!(
        vacuity,
        [
            Some("never true"),
            None,
            Some("end"),
            Some("never true"),
            None,
            None
        ]
    );
    assert_eq!(s.properties[1].form, "never");
    assert_eq!(s.properties[1].requirement.as_deref(), Some("R7"));
    assert_eq!(s.properties[1].text.as_deref(), Some("why"));
    assert!(s.properties[2].expect_violated);
    assert!(matches!(s.properties[16].kind, PropertyKind::AtEnsure(c, _) if c.0 == 1));
}
