//! What `check` makes of names, types, quantifiers and reads, and what it notices.

use super::*;
use crate::finding::FindingKind;
use crate::ir::term::CmpOp;
use crate::ir::{Cell, Term, TermKind, Ty, Value};
use crate::syntax::parse_policy;

const HEAD: &str = "workflow_id: sample\ngoal: test\nactors: [Agent]\nstates: [S, T]\nterminal: none\nartifacts: [a, b]\n\
     evidence:\n  e: {of: [a, b], fields: {result: {type: enum, values: [pass, fail]}, num: {type: int, range: [0, 3]}, ok: {type: bool}}}\n  f: {of: [a], fields: {num: {type: int, range: [0, 3]}}}\n\
     vars:\n  v: {type: int, range: [0, 3], init: 0}\n  last: {type: enum, values: [pass, fail], init: pass}\n  mode: {type: enum, values: [fail, pass], init: pass}\n  flag: {type: bool, init: true}\n\
     transitions:\n  - {id: go, actor: Agent, from: S, to: T, set: {flag: not flag}}\n";

/// The text of a workflow with one property that says this of every state.
fn saying(expression: &str) -> String {
    format!("{HEAD}properties:\n  - {{id: p, always: \"{expression}\"}}\n")
}

fn loaded(text: &str) -> CheckedWorkflow {
    load_str(text).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// The term of an expression, in words that show its shape: `and[…]`, `v`, `1`.
fn shape(expression: &str) -> String {
    let w = loaded(&saying(expression));
    let [CheckedForm::Always(term)] = &[w.properties[0].form.clone()] else {
        panic!("one property")
    };
    show(&w, term)
}

fn show(w: &CheckedWorkflow, t: &Term) -> String {
    let parts = |name: &str| {
        let all: Vec<String> = t.parts().into_iter().map(|p| show(w, p)).collect();
        format!("{name}[{}]", all.join(" "))
    };
    match &t.kind {
        TermKind::Lit(v) => w.symbols.show(t.ty, *v),
        TermKind::Read(cell) => w.symbols.cell_name(*cell),
        TermKind::Choice(c) => format!("choice{}", c.0),
        TermKind::Input(n) => format!("input{n}"),
        TermKind::Fresh(e, None) => format!("fresh({})", w.symbols.ev_name(*e)),
        TermKind::Fresh(e, Some(a)) => {
            format!(
                "fresh({}, {})",
                w.symbols.ev_name(*e),
                w.symbols.art_name(*a)
            )
        }
        TermKind::Stale(e, _) => format!("stale({})", w.symbols.ev_name(*e)),
        TermKind::Terminal => "terminal".to_owned(),
        TermKind::Not(_) => parts("not"),
        TermKind::And(_) => parts("and"),
        TermKind::Or(_) => parts("or"),
        TermKind::Implies(..) => parts("=>"),
        TermKind::Cmp(op, ..) => parts(match op {
            CmpOp::Eq => "==",
            CmpOp::Ne => "!=",
            CmpOp::Lt => "<",
            CmpOp::Le => "<=",
            CmpOp::Gt => ">",
            CmpOp::Ge => ">=",
        }),
        TermKind::In(..) => parts("in"),
        TermKind::Add(..) => parts("+"),
        TermKind::Sub(..) => parts("-"),
        TermKind::If(..) => parts("if"),
    }
}

#[test]
fn expressions_become_terms() {
    let table = [
        (
            "flag and v > 1 and flag or not flag",
            "or[and[flag >[v 1] flag] not[flag]]",
        ),
        ("state in [S, T]", "in[state S T]"),
        ("v not in [1, 2]", "not[in[v 1 2]]"),
        (
            "has(e) and e.result == pass",
            "and[has(e) ==[e.result pass]]",
        ),
        // The side that has a type by itself says what the other means.
        ("pass == last", "==[pass last]"),
        ("e.ok == (v == 1)", "==[e.ok ==[v 1]]"),
        (
            "last == (if flag then pass else e.result)",
            "==[last if[flag pass e.result]]",
        ),
        ("v == none", "==[v none]"),
        ("none == none", "==[none none]"),
        ("S == state", "==[S state]"),
        // A state that is no enum value has one type by itself.
        ("S == T", "==[S T]"),
        (
            "fresh(e, b) => stale(f) => terminal",
            "=>[fresh(e, b) =>[stale(f) terminal]]",
        ),
        ("forall x in [1, v]: x < 3", "and[<[1 3] <[v 3]]"),
        (
            "exists x in [pass, fail]: last == x",
            "or[==[last pass] ==[last fail]]",
        ),
        (
            "count(x in [1, 2, v]: x == v) >= 2",
            ">=[+[if[==[1 v] 1 0] +[if[==[2 v] 1 0] if[==[v v] 1 0]]] 2]",
        ),
        (
            "forall x in [1, 2]: exists w in [x, 3]: w == v",
            "and[or[==[1 v] ==[3 v]] or[==[2 v] ==[3 v]]]",
        ),
    ];
    for (expression, expected) in table {
        assert_eq!(shape(expression), expected, "{expression}");
    }
}

#[test]
fn enum_values_are_those_of_the_type_expected() {
    // `pass` is first in `last` and in `e.result`, second in `mode`: equal lists are one type, others are not.
    let value = |expression: &str| {
        let w = loaded(&saying(expression));
        let CheckedForm::Always(term) = &w.properties[0].form else {
            panic!("always")
        };
        match &term.kind {
            TermKind::Cmp(_, a, b) => {
                assert_eq!(a.ty, b.ty);
                b.kind.clone()
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(value("last == pass"), TermKind::Lit(Value::Enum(0)));
    assert_eq!(value("mode == pass"), TermKind::Lit(Value::Enum(1)));
    let w = loaded(&saying("has(e) and last == e.result"));
    assert_eq!(w.symbols.enums.len(), 2);
    let refused = load_str(&saying("last == mode")).expect_err("two types");
    assert_eq!(refused[0].code, "TRIB-TYPE-MISMATCH");
}

#[test]
fn every_node_has_its_place() {
    fn places<'t>(term: &Term, text: &'t str, found: &mut Vec<&'t str>) {
        let span = term.span.expect("a place");
        found.push(&text[span.start as usize..(span.start + span.len) as usize]);
        for part in term.parts() {
            places(part, text, found);
        }
    }
    let text = saying("flag => count(x in [1, v]: x == v + 1) > 0");
    let w = loaded(&text);
    let CheckedForm::Always(term) = &w.properties[0].form else {
        panic!("always")
    };
    let mut found = Vec::new();
    places(term, &text, &mut found);
    let count = "count(x in [1, v]: x == v + 1)";
    let whole = "flag => count(x in [1, v]: x == v + 1) > 0";
    let compare = "count(x in [1, v]: x == v + 1) > 0";
    let one = ["x == v + 1", "x", "v + 1", "v", "1", count, count];
    let mut expected = vec![whole, "flag", compare, count, count];
    expected.extend(one);
    expected.push(count);
    expected.extend(one);
    expected.push("0");
    assert_eq!(found, expected);
}

#[test]
fn all_errors_are_reported_at_once_in_the_order_of_the_file() {
    let errors = load_str(
        "workflow_id: sample\ngoal: test\nactors: [Agent]\nstates: [S, T, S]\nterminal: {success: [U], failure: []}\n\
         vars:\n  v: {type: int, range: [0, 3], init: 9}\n\
         transitions:\n  - {id: go, actor: Agnt, from: S, to: T, when: \"w and v\", set: {v: true}}\n\
         properties:\n  - {id: p, precedes: [go, go]}\n",
    )
    .expect_err("refused");
    let codes: Vec<&str> = errors
        .iter()
        .map(|e| e.code.trim_start_matches("TRIB-"))
        .collect();
    assert_eq!(
        codes,
        [
            "DUPLICATE-NAME",
            "UNKNOWN-NAME",
            "INIT-OUTSIDE",
            "UNKNOWN-NAME",
            "UNKNOWN-NAME",
            "TYPE-MISMATCH",
            "TYPE-MISMATCH",
            "PRECEDES-SELF"
        ]
    );
    assert_eq!(errors[3].help.as_deref(), Some("did you mean `Agent`?"));
}

#[test]
fn codes_are_unique() {
    let mut codes = CheckError::ALL.to_vec();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), CheckError::ALL.len());
    assert!(codes.iter().all(|c| c.starts_with("TRIB-")));
}

#[test]
fn a_refinement_needs_the_other_file() {
    let text = format!("{HEAD}refines: {{workflow: other.yaml, map: {{state: S}}}}\n");
    let errors = load_str(&text).expect_err("refused");
    assert_eq!(errors[0].code, "TRIB-REFINES-NOT-READ");
}

#[test]
fn a_map_speaks_of_both_workflows() {
    let other = "workflow_id: other\ngoal: test\nactors: [Agent]\nstates: [T, U, S]\nterminal: none\n\
         vars:\n  w: {type: enum, values: [left, right], init: left}\n\
         transitions:\n  - {id: go, actor: Agent, from: T, to: S, set: {w: right}}\n";
    let map = |map: &str| {
        let text = format!("{HEAD}refines: {{workflow: other.yaml, map: {{{map}}}}}\n");
        let w = load_refinement(&text, other).unwrap_or_else(|errors| panic!("{errors:#?}"));
        w.refinement.clone().map(|r| (w, r)).expect("a refinement")
    };
    // Same names, other positions: S is 2 there, T is 0.
    let (_, r) = map("state: state, w: \"if flag then left else right\"");
    let TermKind::If(c, a, b) = &r.state.kind else {
        panic!("written out")
    };
    assert!(
        matches!(&c.kind, TermKind::Cmp(CmpOp::Eq, s, _) if s.kind == TermKind::Read(Cell::State))
    );
    assert_eq!(a.kind, TermKind::Lit(Value::Enum(2)));
    assert_eq!(b.kind, TermKind::Lit(Value::Enum(0)));
    let (w, r) = map("state: \"if state == T then U else T\", w: right");
    let TermKind::If(c, a, b) = &r.state.kind else {
        panic!("a branch")
    };
    let TermKind::Cmp(_, _, here) = &c.kind else {
        panic!("a comparison")
    };
    // T in the condition is this workflow's, the results are the other's.
    assert_eq!(here.kind, TermKind::Lit(Value::Enum(1)));
    assert_eq!(
        (&a.kind, &b.kind),
        (
            &TermKind::Lit(Value::Enum(1)),
            &TermKind::Lit(Value::Enum(0))
        )
    );
    // The other's enum joins this workflow's types.
    assert_eq!(w.symbols.show(r.vars[0].ty, Value::Enum(1)), "right");
}

#[test]
fn policies_read_inputs() {
    let text = "rules:\n  - {id: r, action: approve, effect: forbid, when: \"blocking > 0 and not aligned\", reason: why}\n";
    let policy = parse_policy(SourceId(0), text).expect("well-formed").value;
    let checked = check_policy(&policy).expect("well-typed");
    let rule = &checked.rules[0];
    assert_eq!(
        (rule.id.as_str(), rule.reason.as_deref()),
        ("r", Some("why"))
    );
    let parts = rule.when.parts();
    assert!(
        matches!(&parts[0].kind, TermKind::Cmp(CmpOp::Gt, a, _) if a.kind == TermKind::Input(0) && a.ty == Ty::Int)
    );
    assert!(
        matches!(&parts[1].kind, TermKind::Not(a) if a.kind == TermKind::Input(7) && a.ty == Ty::Bool)
    );
}

#[test]
fn states_that_nothing_leads_to_are_named() {
    let w = loaded(
        "workflow_id: s\ngoal: g\nactors: [Agent]\nstates: [A, B, C, D]\ninitial: B\nterminal: none\n\
         transitions:\n  - {id: go, actor: Agent, from: B, to: C, when: \"false\"}\n  - {id: stay, actor: Agent}\n",
    );
    let names: Vec<&str> = w
        .unconnected
        .iter()
        .map(|s| w.symbols.state_name(*s))
        .collect();
    assert_eq!(names, ["A", "D"]);
}

/// The subjects of the observations of one kind, in order.
fn noticed(text: &str, kind: FindingKind) -> Vec<String> {
    let w = loaded(text);
    let all = w.observations.iter().filter(|o| o.kind == kind);
    all.map(|o| o.subject.name.clone()).collect()
}

#[test]
fn reads_are_guarded_by_what_comes_before_them() {
    let table = [
        ("e.ok", true),
        ("has(e) and e.ok", false),
        ("fresh(e) and e.ok", false),
        ("fresh(e, a) and e.ok", false),
        ("stale(e) and e.ok", false),
        ("e.ok and has(e)", true),
        ("has(f) and e.ok", true),
        ("has(e) => e.ok", false),
        ("flag and fresh(e) => flag and e.ok", false),
        ("not has(e) or e.ok", false),
        ("has(e) or e.ok", true),
        ("not (has(e) and e.ok)", false),
        ("not (not has(e) or e.ok)", false),
        ("(has(e) or fresh(e)) and e.ok", false),
        ("(has(e) or flag) and e.ok", true),
        ("not (not has(e) or flag) and e.ok", false),
        ("not (flag => not has(e)) and e.ok", false),
        ("if has(e) then e.ok else flag", false),
        ("if has(e) then flag else e.ok", true),
        ("if not has(e) then flag else e.ok", false),
        ("e.num > 1", true),
        ("e.result == pass", true),
        ("v in [1, e.num]", true),
        // Asking for `none` is asking whether it is there.
        ("e.result == none", false),
        ("e.result != none and e.ok", false),
        ("e.result == none or e.ok", false),
        ("e.result == none and e.ok", true),
        ("forall x in [1, 2]: has(e) and e.num > x", false),
    ];
    for (expression, expected) in table {
        let found = noticed(&saying(expression), FindingKind::UnguardedNone);
        assert_eq!(found == ["p"], expected, "{expression}: {found:?}");
    }
}

#[test]
fn effects_and_step_properties_are_guarded_by_when() {
    let text = |when: &str, effect: &str, property: &str| {
        format!(
            "{HEAD}  - {{id: t, actor: Agent, from: T, when: \"{when}\"{effect}}}\nproperties:\n  - {{id: p, {property}}}\n"
        )
    };
    let harmless = "always: flag";
    let table = [
        ("has(e)", ", set: {v: e.num}", harmless, &[][..]),
        ("flag", ", set: {v: e.num}", harmless, &["t/e"]),
        ("flag", ", record: {f: {num: e.num}}", harmless, &["t/e"]),
        ("fresh(e)", ", record: {f: {num: e.num}}", harmless, &[]),
        ("f.num == e.num", "", harmless, &["t/e", "t/f"]),
        ("has(e)", "", "at: t, require: e.ok", &[]),
        ("flag", "", "at: t, require: e.ok", &["p"]),
        ("has(e)", "", "at: t, ensure: e.ok", &[]),
        ("has(e)", ", drop: [e]", "at: t, ensure: e.ok", &["p"]),
        ("flag", ", record: {e: {}}", "at: t, ensure: e.ok", &[]),
        ("flag", ", record: {e: {}}", "at: t, require: e.ok", &["p"]),
    ];
    for (when, effect, property, expected) in table {
        let found = noticed(&text(when, effect, property), FindingKind::UnguardedNone);
        assert_eq!(found, expected, "{when} {effect} {property}");
    }
}

#[test]
fn unused_is_what_nothing_reads_or_fires() {
    let text = "workflow_id: s\ngoal: g\nactors: [Agent, Idle]\nstates: [S, {id: T, needs: [needed]}]\nterminal: none\n\
         artifacts: [used, bumped]\n\
         evidence:\n  needed: {of: [used]}\n  copied: {of: [used]}\n  asked: {of: [used]}\n  written: {of: [used]}\n\
         vars:\n  read: {type: bool, init: true}\n  counted: {type: int, range: [0, 1], init: 0}\n  set_only: {type: bool, init: true}\n  told: {type: bool, init: true}\n\
         transitions:\n  - {id: go, actor: Agent, from: S, to: T, when: read and not has(asked), bump: [bumped], set: {set_only: false, counted: counted + 1},\n\
         \x20    record: {needed: {from: copied}, written: {}}}\n\
         properties:\n  - {id: p, reachable: told}\n";
    assert_eq!(
        noticed(text, FindingKind::Unused),
        ["Idle", "bumped", "written", "set_only"]
    );
    assert_eq!(noticed(text, FindingKind::Vacuous), ["p"]);
    assert_eq!(
        noticed(text, FindingKind::HiddenStaleness),
        Vec::<String>::new()
    );
}

#[test]
fn ends_are_declared_or_missed() {
    let text = |terminal: &str| {
        format!(
            "workflow_id: s\ngoal: g\nactors: [Agent]\nstates: [S, T]\n{terminal}transitions:\n  - {{id: go, actor: Agent, from: S, to: T}}\n"
        )
    };
    let table = [
        ("", &[FindingKind::MissingAssumption][..]),
        ("terminal: none\n", &[]),
        (
            "terminal: {success: [T]}\n",
            &[FindingKind::MissingRejectPath],
        ),
        ("terminal: {success: [T], failure: []}\n", &[]),
        ("terminal: {failure: [T]}\n", &[]),
    ];
    for (terminal, expected) in table {
        let w = loaded(&text(terminal));
        let found: Vec<FindingKind> = w.observations.iter().map(|o| o.kind).collect();
        assert_eq!(found, expected, "{terminal}");
    }
}
