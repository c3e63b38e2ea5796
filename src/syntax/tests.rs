//! Tests of reading whole files.

use super::*;
use crate::ir::Sources;
use crate::ir::workflow::{Form, Init, TerminalKind, TypeDecl};

const SMALLEST: &str = "workflow_id: spec_impl_v1
goal: \"Turn product goals into approved implementation workflows\"
actors:
  - Human
  - PlannerLLM
states:
  - DraftGoal
  - ProposedWorkflow
transitions:
  - id: propose
    from: DraftGoal
    to: ProposedWorkflow
    actor: PlannerLLM
";

fn source() -> SourceId {
    SourceId(0)
}

#[test]
fn smallest_workflow_gets_its_defaults() {
    let parsed = parse_workflow(source(), SMALLEST).unwrap();
    assert_eq!(parsed.warnings, []);
    let w = parsed.value;
    assert_eq!(
        (w.format, w.version.value, w.id.value.as_str()),
        (1, 1, "spec_impl_v1")
    );
    assert_eq!(w.terminal, None);
    assert_eq!(w.initial, None);
    assert_eq!(w.policy, None);
    let kinds: Vec<_> = w.actors.iter().map(|a| a.kind).collect();
    use crate::ir::symbols::ActorKind;
    assert_eq!(kinds, [ActorKind::Human, ActorKind::Agent]);
    let t = &w.transitions[0];
    assert_eq!(t.from.as_ref().unwrap()[0].value.as_str(), "DraftGoal");
    assert_eq!(t.when, None);
}

const FULL: &str = r#"ir: 1
workflow_id: review
version: 4
goal: "Review and merge"
constraints: ["merge only what was reviewed"]
refines:
  workflow: other.yaml
  map: {state: "if state == Draft then A else B", rounds: rounds, approval: approval}
actors:
  - Planner
  - {id: Human, kind: human}
  - {id: Ci, kind: service}
states:
  - Draft
  - {id: Merged, needs: [approval]}
  - Rejected
initial: Draft
terminal: {success: [Merged], failure: [Rejected]}
artifacts: [plan, branch]
evidence:
  check:    {of: [plan, branch], fields: {result: {type: enum, values: [pass, fail]}}}
  approval: {of: [plan]}
vars:
  rounds: {type: int, range: [-1, 3], init: 0}
  urgent: {type: bool, init: any}
  mode:   {type: enum, values: [idle, busy], init: idle, phase: true}
transitions:
  - id: approve
    actor: Human
    from: [Draft]
    to: Merged
    choose: {r: {type: enum, values: [pass, fail]}}
    when: "fresh(check) and check.result == pass"
    set: {rounds: rounds + 1, urgent: true}
    bump: [plan]
    drop: [check]
    record: {approval: {from: check, note: r}}
    fair: weak
properties:
  - {id: bounded,  always: "rounds <= 3", text: why, requirement: R1, expect: violated, lemma: true}
  - {id: aligned,  at: approve, require: "fresh(approval)"}
  - {id: voided,   at: approve, ensure: "not fresh(approval)"}
  - {id: order,    precedes: [[approve], approve]}
  - {id: can_end,  can_reach: terminal}
  - {id: answered, leads_to: ["state == Draft", "state in [Merged, Rejected]"]}
policy:
  rules:
    - {id: no_blocking, action: approve, effect: forbid, when: "blocking > 0", reason: "a blocking finding is open"}
"#;

#[test]
fn every_key_is_read() {
    let w = parse_workflow(source(), FULL).unwrap().value;
    assert_eq!(w.version.value, 4);
    assert_eq!(w.constraints[0].value, "merge only what was reviewed");
    let refines = w.refines.unwrap();
    assert_eq!(refines.workflow.value, "other.yaml");
    assert_eq!(
        refines.state.unwrap().to_string(),
        "if state == Draft then A else B"
    );
    assert_eq!(refines.map.len(), 2);
    assert_eq!(w.states[1].needs[0].value.as_str(), "approval");
    let TerminalKind::Declared { success, failure } = w.terminal.unwrap().kind else {
        panic!("declared")
    };
    assert_eq!((success.len(), failure.unwrap().len()), (1, 1));
    assert_eq!(w.evidence[0].fields[0].0.value.as_str(), "result");
    assert!(matches!(
        w.vars[0].ty.value,
        TypeDecl::Int { lo: -1, hi: 3, .. }
    ));
    assert!(matches!(w.vars[1].init, Init::Any(_)));
    assert!(w.vars[2].phase);
    let t = &w.transitions[0];
    assert_eq!(t.set[0].1.to_string(), "rounds + 1");
    assert_eq!(t.set[1].1.to_string(), "true");
    assert_eq!(t.record[0].from.as_ref().unwrap().value.as_str(), "check");
    assert_eq!(t.record[0].fields[0].0.value.as_str(), "note");
    assert!(w.properties[0].expect_violated && w.properties[0].lemma);
    assert!(matches!(w.properties[5].form, Form::LeadsTo(..)));
    assert_eq!(w.policy.unwrap().rules[0].when.to_string(), "blocking > 0");
}

#[test]
fn places_point_at_what_was_written() {
    let mut sources = Sources::default();
    let id = sources.add("full.yaml", FULL);
    let w = parse_workflow(id, FULL).unwrap().value;
    let text = |span| sources.text(span);
    assert_eq!(text(w.id.span), "review");
    assert_eq!(text(w.goal.span), "Review and merge");
    assert_eq!(
        text(w.transitions[0].when.as_ref().unwrap().span),
        "fresh(check) and check.result == pass"
    );
    assert_eq!(text(w.transitions[0].set[0].1.span), "rounds + 1");
    assert_eq!(
        text(w.properties[1].span),
        r#"{id: aligned,  at: approve, require: "fresh(approval)"}"#
    );
    assert!(text(w.transitions[0].span).starts_with("id: approve"));
    assert!(text(w.transitions[0].span).ends_with("fair: weak"));
    assert_eq!(
        text(w.vars[0].ty.span),
        "{type: int, range: [-1, 3], init: 0}"
    );
}

fn codes(errors: &[Diagnostic]) -> Vec<&'static str> {
    errors.iter().map(|d| d.code).collect()
}

#[test]
fn an_expression_over_several_lines_has_one_place() {
    let text = SMALLEST.to_owned() + "    when: >-\n      state == DraftGoal\n      and x\n";
    let mut sources = Sources::default();
    let id = sources.add("file", text.clone());
    let w = parse_workflow(id, &text).unwrap().value;
    let when = w.transitions[0].when.as_ref().unwrap();
    assert_eq!(when.to_string(), "state == DraftGoal and x");
    let crate::ir::expr::ExprKind::Binary(_, left, right) = &when.kind else {
        panic!("an `and`")
    };
    assert_eq!((left.span, right.span), (when.span, when.span));
    assert!(
        sources
            .text(when.span)
            .contains("state == DraftGoal\n      and x")
    );
}

#[test]
fn integers_and_booleans_of_yaml_are_expressions() {
    for (written, printed) in [
        ("3", "3"),
        ("-3", "-3"),
        ("true", "true"),
        ("\"3\"", "3"),
        ("'true'", "true"),
    ] {
        let text = format!("{SMALLEST}    when: {written}\n");
        let w = parse_workflow(source(), &text).unwrap().value;
        assert_eq!(w.transitions[0].when.as_ref().unwrap().to_string(), printed);
    }
}

#[test]
fn a_comment_behind_an_expression_is_a_warning_unless_it_is_quoted() {
    let warned = |when: &str| {
        let text = format!("{SMALLEST}    when: {when}\n    fair: weak # as agreed\n");
        codes(&parse_workflow(source(), &text).unwrap().warnings)
    };
    assert_eq!(warned("state == DraftGoal # only then"), ["TRIB-COMMENT"]);
    assert_eq!(warned("state == DraftGoal\t# only then"), ["TRIB-COMMENT"]);
    assert_eq!(
        warned("\"state == DraftGoal\" # only then"),
        Vec::<&str>::new()
    );
    assert_eq!(
        warned("state == DraftGoal\n    # only then"),
        Vec::<&str>::new()
    );
}

#[test]
fn single_expressions() {
    let e = parse_expr(SourceId(3), 10, "a and b", true).unwrap();
    assert_eq!(e.span, Span::new(SourceId(3), 10, 7));
    let crate::ir::expr::ExprKind::Binary(_, _, right) = &e.kind else {
        panic!("an `and`")
    };
    assert_eq!(right.span, Span::new(SourceId(3), 16, 1));
    let e = parse_expr(SourceId(3), 10, "a and b", false).unwrap();
    let crate::ir::expr::ExprKind::Binary(_, _, right) = &e.kind else {
        panic!("an `and`")
    };
    assert_eq!(right.span, Span::new(SourceId(3), 10, 7));
    let refused = parse_expr(source(), 0, "a and busy[me]", true).unwrap_err();
    assert_eq!(
        (refused.code, refused.labels[0].0),
        ("TRIB-ASYNC", Span::new(source(), 6, 8))
    );
    assert_eq!(
        refused.message,
        "this version of tribunal does not verify concurrent instances and channels yet"
    );
}

#[test]
fn policies_are_told_from_workflows() {
    let policy = "# rules\nrules:\n  - {id: a, action: waive, effect: require, when: waiver_has_reason, reason: say why}\n";
    assert_eq!(sniff(policy), FileKind::Policy);
    assert_eq!(sniff("{\"rules\": []}"), FileKind::Policy);
    assert_eq!(sniff("\u{feff}rules : []\n"), FileKind::Policy);
    for text in [
        SMALLEST,
        FULL,
        "",
        "rulesets: []\n",
        "rules: []\nworkflow_id: w\n",
        "policy:\n  rules: []\n",
    ] {
        assert_eq!(sniff(text), FileKind::Workflow, "{text}");
    }
    let rule = &parse_policy(source(), policy).unwrap().value.rules[0];
    use crate::ir::workflow::{Action, Effect};
    assert_eq!(
        (rule.action.value, rule.effect.value),
        (Action::Waive, Effect::Require)
    );
    assert_eq!(rule.reason.as_ref().unwrap().value, "say why");
    assert_eq!(
        codes(&parse_policy(source(), SMALLEST).unwrap_err())[0],
        "TRIB-UNKNOWN-KEY"
    );
    assert!(codes(&parse_workflow(source(), policy).unwrap_err()).contains(&"TRIB-MISSING-KEY"));
}

/// One edit of a text at a character: cut, or put in something.
fn edited(text: &str, at: usize, cut: usize, put: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = at % chars.len();
    let end = (at + cut).min(chars.len());
    chars[..at]
        .iter()
        .chain(put.chars().collect::<Vec<_>>().iter())
        .chain(&chars[end..])
        .collect()
}

/// Whatever is said about a text points into it, and something is said when it is refused.
fn check_text(text: &str) {
    let mut diagnostics = Vec::new();
    match parse_workflow(source(), text) {
        Ok(parsed) => diagnostics.extend(parsed.warnings),
        Err(errors) => {
            assert!(!errors.is_empty(), "{text}");
            diagnostics.extend(errors);
        }
    }
    for d in diagnostics {
        let span = d.labels[0].0;
        let end = (span.start + span.len) as usize;
        assert!(
            text.get(span.start as usize..end).is_some(),
            "{} {span:?}\n{text}",
            d.code
        );
        assert!(SyntaxError::ALL.contains(&d.code), "{}", d.code);
    }
}

proptest::proptest! {
    #[test]
    fn edits_of_a_workflow_never_panic(
        edits in proptest::collection::vec(
            (proptest::prelude::any::<usize>(), 0usize..6, "[-\\[\\]{}:,#&*!|>'\"%@` \n\ta-c0-9é]{0,3}"), 1..4),
    ) {
        let mut text = FULL.to_owned();
        for (at, cut, put) in edits {
            text = edited(&text, at, cut, &put);
        }
        check_text(&text);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}|[-\\[\\]{}:,#&*!|>'\"%@`? \n\ta-c]{0,60}") {
        check_text(&text);
    }
}
