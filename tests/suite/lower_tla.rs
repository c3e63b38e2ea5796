//! The generated TLA+: what it looks like, that it is the same every time, and that TLC reads it as it is meant, whatever the
//! names and texts of a workflow are.

use std::time::Duration;

use tribunal::engine::Request;
use tribunal::engine::tlc::{TlcOptions, run};
use tribunal::finding::{EngineState, PropertyIx};
use tribunal::host::cancel::CancelToken;
use tribunal::host::tools::Tool;
use tribunal::lower::tla::{Meaning, lower};
use tribunal::model::{System, desugar};

use crate::tlc::checked;
use crate::tools::require;

/// Names that TLA+, TLC or the generated text have for themselves, and texts that try to end a comment.
const HOSTILE: &str = r#"
workflow_id: TLC
goal: "End *) here\n====\n---- MODULE x ----\nInit == FALSE (* and \\u000a \"quotes\" \\* more é — ∀ \u2028 x"
actors: [Next, Human]
states: [Init, EXTENDS, {id: TRUE_, needs: [can_go]}]
terminal: {success: [TRUE_], failure: []}
artifacts: [CHOOSE, vars]
evidence:
  can_go: {of: [CHOOSE, vars], fields: {given: {type: int, range: [-2, -1]}, num: {type: bool}, kind: {type: enum, values: [IF, THEN]}}}
vars:
  WF_x: {type: bool, init: false}
  Seen: {type: int, range: [-1, 1], init: -1}
  can_go_num: {type: enum, values: [IF, THEN], init: IF, phase: true}
  has_can_go: {type: bool, init: false}
transitions:
  - {id: go, actor: Next, from: [Init, EXTENDS], choose: {key: {type: int, range: [0, 1]}, VARIABLE: {type: bool}}, to: EXTENDS,
     set: {Seen: key, WF_x: VARIABLE}, record: {can_go: {given: "key - 2", num: VARIABLE, kind: can_go_num}}, fair: weak}
  - {id: Spec, actor: Human, from: EXTENDS, to: TRUE_, when: "fresh(can_go) and can_go.given == -1 and not can_go.num", fair: strong}
  - {id: TypeOK, actor: Next, from: EXTENDS, bump: [vars], drop: [can_go], set: {can_go_num: THEN}}
properties:
  - {id: go, always: "can_go.given < 0 or can_go.given == none", text: "line\n====\n(* x"}
  - {id: Spec, eventually: "state == TRUE_", requirement: "*)"}
  - {id: INVARIANT, at: go, require: "key >= 0"}
  - {id: check_go, at: Spec, ensure: "state == TRUE_ and can_go.kind != none"}
  - {id: in_range_, precedes: [go, Spec]}
  - {id: Once, reachable: "can_go_num == THEN and stale(can_go) == false"}
"#;

fn system(text: &str) -> System {
    desugar(&checked(text, None))
}

fn file<'f>(files: &'f [(String, String)], name: &str) -> &'f str {
    let found = files.iter().find(|(n, _)| n == name);
    &found.unwrap_or_else(|| panic!("no {name}")).1
}

#[test]
fn hostile_names_and_texts_keep_their_meaning() {
    let system = system(HOSTILE);
    let files = lower(&system);
    insta::assert_snapshot!("hostile", file(&files.files, "TLC_2.tla"));
    // What each name stands for can be found again.
    for (ix, command) in system.commands() {
        let operator = files
            .table
            .iter()
            .find(|(_, m)| **m == Meaning::Transition(ix));
        let (operator, _) = operator.expect("an operator");
        assert!(operator.contains(command.name.as_str()), "{operator}");
    }

    let (Some(java), Some(jar)) = (require(Tool::Java), require(Tool::TlcJar)) else {
        return;
    };
    let all: Vec<PropertyIx> = system.properties().map(|(ix, _)| ix).collect();
    let evidence = run(
        &Request {
            system: &system,
            properties: &all,
            deadline: Duration::from_secs(120),
            cancel: CancelToken::new(),
            artifacts: None,
            progress: &|_| {},
        },
        &TlcOptions {
            java: Some(java),
            jar: Some(jar),
            ..TlcOptions::found()
        },
    );
    assert!(
        matches!(evidence.state, EngineState::Ran { .. }),
        "{:?}",
        evidence.state
    );
    for (property, answer) in system.properties.iter().zip(&evidence.answers) {
        let expected = match (property.id.as_str(), property.form) {
            (_, "can_reach") => "not_asked",
            // `go` may choose otherwise for ever.
            ("Spec", _) => "violated",
            _ => "holds",
        };
        assert_eq!(
            answer.answer.word(),
            expected,
            "{}: {answer:?}",
            property.id
        );
    }
}

#[test]
fn the_module_of_checks_and_the_configurations_name_every_check() {
    let files = lower(&system(HOSTILE));
    insta::assert_snapshot!("hostile_check", file(&files.files, "TLC_check.tla"));
    let configurations: Vec<String> = files
        .files
        .iter()
        .filter(|(name, _)| name.ends_with(".cfg"))
        .map(|(name, text)| format!("# {name}\n{text}"))
        .collect();
    insta::assert_snapshot!("hostile_configurations", configurations.join("\n"));
}

#[test]
fn the_same_system_gives_the_same_bytes() {
    let (one, other) = (lower(&system(HOSTILE)), lower(&system(HOSTILE)));
    assert_eq!(one.files, other.files);
    let (one, other) = (
        file(&one.files, "TLC_2.tla"),
        lower(&system(&HOSTILE.replace("more é", "less"))),
    );
    assert_ne!(
        one,
        file(&other.files, "TLC_2.tla"),
        "the goal stands in a comment"
    );
}

/// A map that can be `none` where the other workflow knows no `none`, and one that is constant.
const FINE: &str = r#"
workflow_id: fine
goal: "Count in evidence"
actors: [A]
states: [Run]
terminal: none
artifacts: [work]
evidence:
  tally: {of: [work], fields: {num: {type: int, range: [0, 2]}}}
refines:
  workflow: coarse.yaml
  map: {state: Go, n_seen: MAP}
transitions:
  - {id: start, actor: A, when: "not has(tally)", record: {tally: {num: 0}}}
  - {id: more, actor: A, when: "has(tally) and tally.num < 2", record: {tally: {num: "tally.num + 1"}}}
"#;

const COARSE: &str = r#"
workflow_id: coarse
goal: "Count"
actors: [A]
states: [Go, Halt]
terminal: none
vars:
  n_seen: {type: int, range: [0, 2], init: 0}
transitions:
  - {id: more, actor: A, from: Go, when: "n_seen < 2", set: {n_seen: n_seen + 1}}
"#;

#[test]
fn absent_and_constant_values_go_through_the_map_of_a_refinement() {
    let map = |map: &str| desugar(&checked(&FINE.replace("MAP", map), Some(COARSE)));
    let absent = map("\"tally.num\"");
    let files = lower(&absent);
    insta::assert_snapshot!("refinement_check", file(&files.files, "fine_check.tla"));
    insta::assert_snapshot!("refinement_refined", file(&files.files, "fine_refined.tla"));
    let (Some(java), Some(jar)) = (require(Tool::Java), require(Tool::TlcJar)) else {
        return;
    };
    let options = TlcOptions {
        java: Some(java),
        jar: Some(jar),
        ..TlcOptions::found()
    };
    for (map, expected) in [
        // `none` at the start is no 0.
        (&absent, "violated"),
        (&map("\"if has(tally) then tally.num else 0\""), "holds"),
        (&map("\"if has(tally) then tally.num else 1\""), "violated"),
        (&map("0"), "holds"),
        (&map("3"), "violated"),
    ] {
        let refines: Vec<PropertyIx> = map
            .properties()
            .filter(|(_, p)| p.id == "refines")
            .map(|(ix, _)| ix)
            .collect();
        let evidence = run(
            &Request {
                system: map,
                properties: &refines,
                deadline: Duration::from_secs(60),
                cancel: CancelToken::new(),
                artifacts: None,
                progress: &|_| {},
            },
            &options,
        );
        let answer = &evidence.answers[refines[0].ix()].answer;
        assert_eq!(answer.word(), expected, "{answer:?}");
    }
}

/// What S-13 says of absent values, each true where no evidence exists.
const ABSENT: &[&str] = &[
    "ev.num == none",
    "not (ev.num != none)",
    "not (ev.num < 1)",
    "not (ev.num >= 1)",
    "not (ev.num <= ev.num)",
    "ev.num != 1",
    "ev.num == ew.other",
    "(ev.num + 1) == none",
    "(1 - ev.num) == none",
    "(ev.num + ew.other) == ev.num",
    "not ((ev.num + 1) > 0)",
    "ev.num not in [0, 1]",
    "ev.num in [0, none]",
    "not (1 in [ev.num, 2])",
    "not ev.ok",
    "ev.ok == none",
    "ev.ok != true",
    "ev.ok != false",
    "ev.ok => false",
    "not (ev.ok or false)",
    "(if ev.ok then 1 else 2) == 2",
    "(if ev.ok then 1 else ev.num) == none",
    "(if w then 1 else none) == 1",
    "(if w then none else true) != true",
    "ev.kind == none",
    "ev.kind != hot",
    "ev.kind not in [hot, cold]",
    "(if w then hot else ev.kind) == hot",
    "not has(ev) and not fresh(ev) and not stale(ev)",
    "not fresh(ev, work) and not stale(ev, work)",
];

#[test]
fn absent_values_are_what_the_ir_says() {
    let properties: String = ABSENT
        .iter()
        .enumerate()
        .map(|(n, says)| format!("  - {{id: p{n}, always: \"{says}\"}}\n  - {{id: q{n}, reachable: \"not ({says})\"}}\n"))
        .collect();
    let text = format!(
        "workflow_id: absent\ngoal: \"none\"\nactors: [A]\nstates: [Run]\nterminal: none\nartifacts: [work]\n\
         vars: {{w: {{type: bool, init: true}}}}\n\
         evidence:\n  ev: {{of: [work], fields: {{num: {{type: int, range: [0, 1]}}, ok: {{type: bool}}, kind: {{type: enum, values: [hot, cold]}}}}}}\n  \
         ew: {{of: [work], fields: {{other: {{type: int, range: [0, 1]}}}}}}\n\
         transitions: [{{id: go, actor: A}}]\nproperties:\n{properties}"
    );
    let (Some(java), Some(jar)) = (require(Tool::Java), require(Tool::TlcJar)) else {
        return;
    };
    let system = system(&text);
    let asked: Vec<PropertyIx> = system
        .properties()
        .filter(|(_, p)| !p.automatic)
        .map(|(ix, _)| ix)
        .collect();
    let evidence = run(
        &Request {
            system: &system,
            properties: &asked,
            deadline: Duration::from_secs(60),
            cancel: CancelToken::new(),
            artifacts: None,
            progress: &|_| {},
        },
        &TlcOptions {
            java: Some(java),
            jar: Some(jar),
            ..TlcOptions::found()
        },
    );
    for ix in asked {
        let property = &system.properties[ix.ix()];
        let says = ABSENT[ix.ix() / 2];
        let expected = if property.form == "always" {
            "holds"
        } else {
            "violated"
        };
        let answer = &evidence.answers[ix.ix()].answer;
        assert_eq!(answer.word(), expected, "{says}: {answer:?}");
    }
}
