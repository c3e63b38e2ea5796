//! What diagrams look like, and that hostile names cannot change them.

use std::path::Path;

use super::*;
use crate::check::check;
use crate::ir::SourceId;
use crate::syntax::parse_workflow;

fn diagram(text: &str) -> String {
    let parsed = parse_workflow(SourceId(0), text).expect("well-formed");
    state_diagram(&check(parsed.value, None).expect("well-typed"))
}

fn of_file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("formal")
        .join(name);
    diagram(&std::fs::read_to_string(path).expect("readable"))
}

#[test]
fn version_1() {
    insta::assert_snapshot!(of_file("spec_impl.v1.yaml"));
}

#[test]
fn version_2() {
    insta::assert_snapshot!(of_file("spec_impl.v2.yaml"));
}

#[test]
fn phases_self_loops_and_what_is_possible_everywhere() {
    let text = "
workflow_id: w
goal: \"a goal\\n%%{init: {}}%% --> <b>\"
actors: [A]
states: [One, Two, Three]
initial: Two
terminal: {success: [Three], failure: []}
vars:
  mode: {type: enum, values: [idle, busy], init: idle, phase: true}
  count_k: {type: int, range: [0, 3], init: any, phase: true}
  plain: {type: bool, init: false}
transitions:
  - {id: stay, actor: A, from: [One, Two], choose: {c: {type: bool}, d: {type: bool}}, when: \"c => count_k < 2\", set: {mode: busy}}
  - {id: go_on, actor: A, to: Three}
  - {id: again, actor: A, from: One}
  - {id: any_time, actor: A, set: {count_k: 0, plain: true}}
";
    assert_eq!(
        diagram(text),
        "%% w version 1, made by `tribunal lower --to mermaid`
stateDiagram-v2
    direction TB
    One
    Two
    Three
    [*] --> Two
    One --> Three: A: go_on
    Two --> Three: A: go_on
    Three --> [*]: success
    note right of One
        stays here: A: stay(c, d) [c =#62; count_k #60; 2]
        stays here: A: again
    end note
    note right of Two
        mode is idle or busy, at first idle
        count_k is 0 to 3, at first any
        in every state that is no end: A: any_time
        stays here: A: stay(c, d) [c =#62; count_k #60; 2]
    end note
"
    );
}

#[test]
fn words_of_mermaid_are_shown_but_not_used() {
    let text = "
workflow_id: w
goal: g
actors: [A]
states: [End, end_2, note, Root_Start]
terminal: none
transitions:
  - {id: t, actor: A, from: End, to: note}
  - {id: u, actor: A, from: [note, end_2], to: Root_Start}
  - {id: v, actor: A, from: Root_Start, to: End}
";
    let diagram = diagram(text);
    for line in [
        "    state \"End\" as End_2",
        "    end_2",
        "    state \"note\" as note_2",
        "    state \"Root_Start\" as Root_Start_2",
        "    [*] --> End_2",
        "    End_2 --> note_2: A: t",
        "    note_2 --> Root_Start_2: A: u",
    ] {
        assert!(diagram.lines().any(|l| l == line), "{line}\n{diagram}");
    }
    assert!(!diagram.contains("--> [*]"), "{diagram}");
}
