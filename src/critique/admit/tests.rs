//! Every reason for which a critique is refused, one change to a good critique each; and that nothing else is.

use serde_json::{Value, json};

use super::*;
use crate::check::load_str;
use crate::finding::{FindingKind, Subject, SubjectKind};
use crate::ir::Digest;

const TEXT: &str = "workflow_id: w
goal: Test
actors: [Author, {id: Boss, kind: human}]
states: [Draft, Review, Done]
terminal: {success: [Done], failure: []}
artifacts: [doc]
evidence:
  note: {of: [doc]}
transitions:
  - {id: write, from: Draft, to: Review, actor: Author, record: {note: {}}}
  - {id: accept, from: Review, to: Done, actor: Boss, when: fresh(note)}
";

fn target() -> Target {
    Target {
        workflow: "w".to_owned(),
        version: 3,
        digest: Digest::of(b"workflow"),
        report: Digest::of(b"report"),
    }
}

fn case(id: &str, kind: FindingKind, severity: Severity) -> Case {
    Case {
        id: id.to_owned(),
        kind,
        severity,
        title: format!("the title of {id}"),
        subject: Subject::new(SubjectKind::State, "Review"),
        property: None,
        steps: Vec::new(),
        loop_from: None,
        core: Vec::new(),
    }
}

fn findings() -> Vec<Case> {
    vec![
        case("F-1", FindingKind::Deadlock, Severity::Blocking),
        case("F-2", FindingKind::Unused, Severity::Warning),
    ]
}

/// Names all there is, builds on its own changes, and asks.
fn good() -> Value {
    json!({
        "format": 1, "workflow": "w", "targetVersion": 3,
        "digest": Digest::of(b"workflow"), "report": Digest::of(b"report"),
        "critic": "somebody", "decision": "revise",
        "issues": [
            {"id": "I1", "severity": "blocking", "type": "correctness_risk", "message": "stuck", "findings": ["F-1"]},
            {"id": "I2", "severity": "blocking", "type": "abstraction_debt", "message": "more than it weighs", "findings": ["F-2"]},
            {"id": "I3", "severity": "warning", "type": "correctness_risk", "message": "no engine sees this", "findings": []}
        ],
        "recommendedChanges": [
            {"action": "add_state", "state": "Archive", "needs": ["note"], "reason": "r", "answers": ["I1"]},
            {"action": "add_transition", "reason": "r", "answers": ["I1"],
             "transition": {"id": "keep", "actor": "Author", "from": ["Review"], "to": "Archive", "bump": ["doc"], "drop": ["note"]}},
            {"action": "bound_revision", "transitions": ["keep"], "counter": "turns", "limit": 2, "reason": "r"},
            {"action": "ask_human", "id": "Q1", "question": "which?", "reason": "r", "options": [
                {"id": "a", "text": "a", "changes": [{"action": "rename_state", "state": "Archive", "to": "Attic", "reason": "r"}]},
                {"id": "b", "text": "b", "changes": []}
            ]},
            {"action": "require_fresh", "transition": "accept", "evidence": "note", "reason": "r", "answers": ["I3"]}
        ],
        "waiverProposals": [{"finding": "F-2", "reason": "harmless"}]
    })
}

fn judged(document: Value) -> Result<Admitted, Vec<AdmitError>> {
    let critique: Critique = serde_json::from_value(document).expect("a critique");
    let workflow = load_str(TEXT).expect("a workflow");
    admit(&critique, &target(), &findings(), &workflow)
}

#[test]
fn a_good_critique_is_admitted_and_its_waivers_keep_their_weight() {
    let admitted = judged(good()).expect("admitted");
    assert_eq!(
        admitted.waivers(),
        [ProposedWaiver {
            finding: "F-2".to_owned(),
            severity: Severity::Warning,
            title: "the title of F-2".to_owned(),
            reason: "harmless".to_owned(),
        }]
    );
    let document = serde_json::to_value(admitted.critique()).expect("JSON");
    assert_eq!(document["recommendedChanges"][4]["evidence"], "note");
}

/// Where to put what into the good critique, and the code that must come of it, alone.
#[test]
fn everything_that_does_not_fit_is_refused_with_its_own_code() {
    let change = |action: &str, rest: Value| {
        let mut change = json!({"action": action, "reason": "r"});
        let own = change.as_object_mut().expect("an object");
        own.extend(rest.as_object().expect("an object").clone());
        change
    };
    let unknown = [
        change("add_state", json!({"state": "A", "needs": ["nothing"]})),
        change("remove_state", json!({"state": "Nowhere"})),
        change("rename_state", json!({"state": "Nowhere", "to": "B"})),
        change(
            "split_state",
            json!({"state": "Nowhere", "into": ["A", "B"]}),
        ),
        change(
            "split_state",
            json!({"state": "Review", "into": ["A", "B"], "incoming": {"never": "A"}}),
        ),
        change(
            "merge_states",
            json!({"states": ["Draft", "Nowhere"], "into": "Draft"}),
        ),
        change(
            "add_transition",
            json!({"transition": {"id": "t", "actor": "A", "from": ["Nowhere"]}}),
        ),
        change(
            "add_transition",
            json!({"transition": {"id": "t", "actor": "A", "to": "Nowhere"}}),
        ),
        change(
            "add_transition",
            json!({"transition": {"id": "t", "actor": "A", "drop": ["nothing"]}}),
        ),
        change(
            "add_transition",
            json!({"transition": {"id": "t", "actor": "A", "bump": ["nothing"]}}),
        ),
        change(
            "add_transition",
            json!({"transition": {"id": "t", "actor": "A", "set": {"nothing": "1"}}}),
        ),
        change(
            "add_transition",
            json!({"transition": {"id": "t", "actor": "A", "record": {"note": {"from": "nothing"}}}}),
        ),
        change("remove_transition", json!({"transition": "never"})),
        change("add_guard", json!({"transition": "never", "when": "true"})),
        change(
            "tighten_guard",
            json!({"transition": "never", "when": "true"}),
        ),
        change(
            "add_human_checkpoint",
            json!({"transition": "never", "state": "S", "actor": "Boss"}),
        ),
        change(
            "add_human_checkpoint",
            json!({"transition": "accept", "state": "S", "actor": "Boss", "refuse_to": "Nowhere"}),
        ),
        change(
            "add_reject_path",
            json!({"from": ["Nowhere"], "to": "No", "actor": "Boss"}),
        ),
        change(
            "add_escalation",
            json!({"from": "Nowhere", "by": "Author", "to": "Up", "actor": "Boss", "stop": "No"}),
        ),
        change(
            "add_escalation",
            json!({"from": "Draft", "by": "Author", "to": "Up", "actor": "Boss", "stop": "No", "resume": "Nowhere"}),
        ),
        change(
            "bound_revision",
            json!({"transitions": ["never"], "counter": "c", "limit": 1}),
        ),
        change(
            "add_evidence",
            json!({"evidence": "e", "of": {"artifacts": ["doc"]}, "recorded_by": ["never"]}),
        ),
        change(
            "require_fresh",
            json!({"transition": "accept", "evidence": "nothing"}),
        ),
        change(
            "add_invariant",
            json!({"property": {"id": "p", "at": "never", "require": "true"}}),
        ),
        // Removed by the change before.
        change(
            "ask_human",
            json!({"id": "Q2", "question": "q", "options": [
            {"id": "a", "text": "a", "changes": [
                {"action": "remove_transition", "transition": "write", "reason": "r"},
                {"action": "remove_transition", "transition": "write", "reason": "r"}]},
            {"id": "b", "text": "b", "changes": []}]}),
        ),
    ];
    let mut table: Vec<(&str, Value, &str)> = vec![
        ("/format", json!(2), "TRIB-CRITIQUE-FORMAT"),
        ("/workflow", json!("other"), "TRIB-CRITIQUE-WORKFLOW"),
        ("/targetVersion", json!(2), "TRIB-CRITIQUE-VERSION"),
        ("/targetVersion", json!(4), "TRIB-CRITIQUE-VERSION"),
        (
            "/digest",
            json!(Digest::of(b"other")),
            "TRIB-CRITIQUE-DIGEST",
        ),
        (
            "/report",
            json!(Digest::of(b"other")),
            "TRIB-CRITIQUE-REPORT",
        ),
        (
            "/issues/0/findings",
            json!(["F-9"]),
            "TRIB-CRITIQUE-FINDING",
        ),
        (
            "/waiverProposals/0/finding",
            json!("F-9"),
            "TRIB-CRITIQUE-FINDING",
        ),
        (
            "/issues/0/severity",
            json!("warning"),
            "TRIB-CRITIQUE-SEVERITY",
        ),
        (
            "/issues/1/severity",
            json!("info"),
            "TRIB-CRITIQUE-SEVERITY",
        ),
        (
            "/issues/0/type",
            json!("abstraction_debt"),
            "TRIB-CRITIQUE-DEBT",
        ),
        ("/decision", json!("accept"), "TRIB-CRITIQUE-ACCEPT"),
        ("/issues/2/id", json!("I2"), "TRIB-CRITIQUE-ISSUE"),
        (
            "/recommendedChanges/0/answers",
            json!(["I9"]),
            "TRIB-CRITIQUE-ISSUE",
        ),
        (
            "/waiverProposals",
            json!([{"finding": "F-2", "reason": "a"}, {"finding": "F-2", "reason": "b"}]),
            "TRIB-CRITIQUE-TWICE",
        ),
        (
            "/recommendedChanges/3/options",
            json!([{"id": "a", "text": "a", "changes": []}]),
            "TRIB-CRITIQUE-QUESTION",
        ),
        (
            "/recommendedChanges/3/options/1/id",
            json!("a"),
            "TRIB-CRITIQUE-QUESTION",
        ),
        (
            "/recommendedChanges/3/options/1/changes",
            json!([{"action": "ask_human", "id": "Q3", "question": "q", "reason": "r", "options": []}]),
            "TRIB-CRITIQUE-QUESTION",
        ),
        (
            "/issues/0/message",
            json!("x".repeat(2001)),
            "TRIB-CRITIQUE-LENGTH",
        ),
        (
            "/recommendedChanges/0/reason",
            json!("x".repeat(2001)),
            "TRIB-CRITIQUE-LENGTH",
        ),
        (
            "/recommendedChanges/1/transition/when",
            json!("x".repeat(20_001)),
            "TRIB-CRITIQUE-LENGTH",
        ),
        (
            "/waiverProposals/0/reason",
            json!("x".repeat(2001)),
            "TRIB-CRITIQUE-LENGTH",
        ),
        ("/critic", json!("x".repeat(201)), "TRIB-CRITIQUE-LENGTH"),
    ];
    table.extend(
        unknown
            .into_iter()
            .map(|c| ("/recommendedChanges/4", c, "TRIB-CRITIQUE-NAME")),
    );
    let mut codes: Vec<&str> = Vec::new();
    for (place, value, code) in table {
        let mut document = good();
        match document.pointer_mut(place) {
            Some(slot) => *slot = value.clone(),
            None => document["recommendedChanges"][1]["transition"]["when"] = value.clone(),
        }
        let errors = judged(document).expect_err(&format!("{place}: {value}"));
        let found: Vec<&str> = errors.iter().map(AdmitError::code).collect();
        if place == "/issues/2/id" {
            // What answered the old name answers nothing now.
            assert_eq!(found, ["TRIB-CRITIQUE-TWICE", code]);
        } else {
            assert_eq!(found, [code], "{place}: {value}: {errors:?}");
        }
        codes.extend(found);
    }
    for code in AdmitError::ALL {
        assert!(codes.contains(code), "{code} is never tested");
    }
}

#[test]
fn accepting_what_blocks_takes_a_proposed_waiver_and_leaves_its_weight() {
    let mut document = good();
    document["decision"] = json!("accept");
    document["waiverProposals"] = json!([{"finding": "F-1", "reason": "known"}]);
    let admitted = judged(document).expect("admitted");
    assert_eq!(admitted.waivers()[0].severity, Severity::Blocking);
}

#[test]
fn what_a_message_shows_of_a_critique_is_short_and_harmless() {
    let mut document = good();
    document["issues"][0]["findings"] = json!([format!("\u{1b}[2J{}", "x".repeat(500))]);
    let errors = judged(document).expect_err("an unknown finding");
    let text = errors[0].to_string();
    assert!(!text.contains('\u{1b}'), "{text:?}");
    assert!(text.contains("\\u{1b}") && text.len() < 200, "{text:?}");
}
