//! The battery by hand, both ways for each kind, and against plain enumeration on policies made at random.

use proptest::prelude::*;

use super::{Inputs, battery, wider};
use crate::check::{CheckedPolicy, CheckedRule, check_policy};
use crate::finding::{FindingKind, Observation};
use crate::host::cancel::CancelToken;
use crate::ir::workflow::Action;
use crate::ir::{PolicyInput, SourceId, Ty, Value};
use crate::lower::smt::policy::Rules;
use crate::syntax::parse_policy;

fn policy(rules: &[&str]) -> CheckedPolicy {
    let mut text = "rules:\n".to_owned();
    for r in rules {
        text.push_str(&format!("  - {{{r}, reason: \"because\"}}\n"));
    }
    let parsed = parse_policy(SourceId(0), &text).unwrap_or_else(|e| panic!("{text}{e:?}"));
    check_policy(&parsed.value).unwrap_or_else(|e| panic!("{text}{e:?}"))
}

fn rule(id: &str, effect: &str, when: &str) -> String {
    format!("id: {id}, action: approve, effect: {effect}, when: \"{when}\"")
}

const SAFE: [(&str, &str, &str); 4] = [
    ("person", "require", "human_approvals >= 1"),
    ("version", "require", "aligned"),
    ("blocking_", "forbid", "blocking > 0"),
    ("author_", "forbid", "author_approves"),
];
const TWO: [(&str, &str, &str); 2] = [
    ("few", "permit", "warning <= 1"),
    ("many", "permit", "warning > 1"),
];

fn of(rules: &[(&str, &str, &str)]) -> CheckedPolicy {
    let lines: Vec<String> = rules.iter().map(|(i, e, w)| rule(i, e, w)).collect();
    policy(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

fn with(extra: &[(&str, &str, &str)]) -> CheckedPolicy {
    of(&[&SAFE[..], &TWO, extra].concat())
}

/// The findings about `approve` and its rules: those about the four actions without rules are left out.
fn found(p: &CheckedPolicy, own: Option<&CheckedPolicy>) -> Vec<Observation> {
    let other = ["waive", "implement", "build", "release"];
    battery(p, own, &CancelToken::new())
        .into_iter()
        .filter(|o| !other.contains(&o.subject.name.as_str()))
        .collect()
}

fn kinds(all: &[Observation]) -> Vec<(FindingKind, String)> {
    all.iter()
        .map(|o| (o.kind, o.subject.name.clone()))
        .collect()
}

fn names(o: &Observation) -> Vec<&str> {
    o.core.iter().map(|c| c.name.as_str()).collect()
}

#[test]
fn a_policy_that_closes_every_hole_is_clean() {
    assert_eq!(kinds(&found(&with(&[]), None)), []);
}

#[test]
fn actions_without_rules_are_gaps() {
    let all = battery(&with(&[]), None, &CancelToken::new());
    let gaps: Vec<&str> = all.iter().map(|o| o.subject.name.as_str()).collect();
    assert_eq!(gaps, ["waive", "implement", "build", "release"]);
    assert!(all.iter().all(|o| o.kind == FindingKind::PolicyGap));
}

#[test]
fn a_permit_that_cannot_hold_allows_nothing() {
    let all = found(&of(&[("p", "permit", "warning < 0")]), None);
    assert_eq!(
        kinds(&all),
        [(FindingKind::PolicyNeverAllows, "approve".into())]
    );
    assert_eq!(names(&all[0]), ["p"]);
    // Zero is possible, less than zero is not: the bound on inputs matters, and is not off by one.
    let all = found(&of(&[("p", "permit", "warning <= 0")]), None);
    assert_eq!(all[0].kind, FindingKind::PolicyUnsafe);
}

#[test]
fn a_policy_without_permits_allows_nothing() {
    let all = found(&of(&SAFE), None);
    assert_eq!(
        kinds(&all),
        [(FindingKind::PolicyNeverAllows, "approve".into())]
    );
}

#[test]
fn a_contradiction_comes_with_a_smallest_core() {
    let all = found(
        &with(&[
            ("some", "require", "waived > 0"),
            ("quiet", "require", "info >= 0"),
            ("none_waived", "forbid", "waived >= 1"),
        ]),
        None,
    );
    assert_eq!(
        kinds(&all),
        [(FindingKind::PolicyContradiction, "approve".into())]
    );
    assert_eq!(names(&all[0]), ["some", "none_waived"]);
    let spans: Vec<_> = all[0].core.iter().map(|c| c.span).collect();
    assert!(spans.iter().all(Option::is_some) && spans[0] != spans[1]);
}

#[test]
fn a_contradiction_with_the_permits_names_them() {
    let all = found(
        &with(&[("odd", "forbid", "warning <= 1 or warning > 1")]),
        None,
    );
    assert_eq!(all[0].kind, FindingKind::PolicyContradiction);
    assert_eq!(names(&all[0]), ["odd"]);
    let all = found(
        &of(&[
            ("few", "permit", "warning <= 1"),
            ("lots", "require", "warning > 5"),
        ]),
        None,
    );
    assert_eq!(names(&all[0]), ["lots", "few"]);
}

#[test]
fn each_question_of_safety_is_asked() {
    for (n, input) in ["human_approvals", "aligned", "blocking", "author_approves"]
        .iter()
        .enumerate()
    {
        let mut rest = SAFE.to_vec();
        rest.remove(n);
        let all = found(&of(&[&rest[..], &TWO].concat()), None);
        assert_eq!(kinds(&all), [(FindingKind::PolicyUnsafe, "approve".into())]);
        assert_eq!(all[0].words.len(), 2, "{:?}", all[0].words);
        assert!(all[0].words[1].contains(input), "{:?}", all[0].words);
    }
}

#[test]
fn a_locked_session_stands_in_for_a_person_only_where_a_file_is_built() {
    let rules = |action: &str| {
        let line = |id: &str, effect: &str, when: &str| {
            format!("id: {id}, action: {action}, effect: {effect}, when: \"{when}\"")
        };
        let lines = [
            line("locked_", "permit", "locked"),
            line("unlocked", "forbid", "not locked"),
            line("blocking_", "forbid", "blocking > 0"),
        ];
        let p = policy(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        battery(&p, None, &CancelToken::new())
            .iter()
            .any(|o| o.kind == FindingKind::PolicyUnsafe)
    };
    assert!(!rules("build"));
    assert!(rules("implement"));
    assert!(rules("approve"));
}

#[test]
fn a_refusal_without_reason_is_a_gap() {
    let all = found(&of(&[&SAFE[..], &TWO[..1]].concat()), None);
    assert_eq!(kinds(&all), [(FindingKind::PolicyGap, "approve".into())]);
    assert!(
        all[0].words[1].contains("warning = 2"),
        "{:?}",
        all[0].words
    );
}

#[test]
fn a_rule_that_decides_nothing_is_shadowed() {
    let all = found(&with(&[("again", "forbid", "blocking > 1")]), None);
    assert_eq!(kinds(&all), [(FindingKind::PolicyShadowed, "again".into())]);
    assert_eq!(
        kinds(&found(&with(&[("more", "forbid", "info > 1")]), None)),
        []
    );
}

#[test]
fn what_is_always_allowed_is_said() {
    let all = found(&of(&TWO), None);
    assert_eq!(
        kinds(&all),
        [
            (FindingKind::PolicyAlwaysAllows, "approve".into()),
            (FindingKind::PolicyUnsafe, "approve".into())
        ]
    );
    assert_eq!(all[1].words.len(), 5, "all four leaks: {:?}", all[1].words);
}

#[test]
fn a_workflows_own_policy_tightens_and_may_leave_permitting_to_the_project() {
    let project = with(&[]);
    let stricter = of(&[("infos", "forbid", "info > 0")]);
    assert_eq!(kinds(&found(&project, Some(&stricter))), []);
    let idle = of(&[("again", "forbid", "blocking > 3")]);
    assert_eq!(
        kinds(&found(&project, Some(&idle))),
        [(FindingKind::PolicyShadowed, "again".into())]
    );
    let clash = of(&[("all_blocked", "require", "blocking > 0")]);
    let all = found(&project, Some(&clash));
    assert_eq!(
        kinds(&all),
        [(FindingKind::PolicyContradiction, "approve".into())]
    );
    assert_eq!(names(&all[0]), ["blocking_", "all_blocked"]);
    let narrow = of(&[("calm", "permit", "round == 0")]);
    assert_eq!(
        kinds(&found(&project, Some(&narrow))),
        [(FindingKind::PolicyGap, "approve".into())]
    );
}

#[test]
fn the_built_in_policy_is_clean() {
    let text = include_str!("../../../../formal/policy.yaml");
    let parsed = parse_policy(SourceId(0), text).expect("well-formed");
    let p = check_policy(&parsed.value).expect("well-typed");
    assert_eq!(kinds(&battery(&p, None, &CancelToken::new())), []);
}

#[test]
fn a_wider_policy_is_shown_with_inputs_and_a_stricter_one_is_not() {
    let (old, new) = (with(&[("calm", "forbid", "info > 2")]), with(&[]));
    let all = wider(&old, &new, &CancelToken::new()).expect("an answer");
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].action, Action::Approve);
    assert_eq!(all[0].example.get(PolicyInput::Info), Value::Int(3));
    assert_eq!(wider(&new, &old, &CancelToken::new()), Ok(Vec::new()));
    assert_eq!(wider(&new, &new, &CancelToken::new()), Ok(Vec::new()));
}

#[test]
fn a_cancelled_battery_is_not_clean() {
    let cancel = CancelToken::new();
    cancel.cancel();
    let all = battery(&with(&[]), None, &cancel);
    assert_eq!(all[0].kind, FindingKind::BudgetExceeded);
    assert!(all[0].words[1].contains("cancelled"), "{:?}", all[0].words);
}

/// Inputs that matter to rules over `blocking`, `human_approvals`, `aligned` and `author_approves` with constants up to 2 and
/// differences up to 2: from `blocking` 3 and a difference of 2 on nothing changes any more.
fn small_inputs() -> Vec<Inputs> {
    let mut all = Vec::new();
    for bits in 0..4u8 {
        for blocking in 0..5 {
            for people in 0..8 {
                let values = PolicyInput::ALL.iter().map(|i| match (i, i.ty()) {
                    (PolicyInput::Blocking, _) => Value::Int(blocking),
                    (PolicyInput::HumanApprovals, _) => Value::Int(people),
                    (PolicyInput::Aligned, _) => Value::Bool(bits & 1 == 1),
                    (PolicyInput::AuthorApproves, _) => Value::Bool(bits & 2 == 2),
                    (_, Ty::Int) => Value::Int(0),
                    (_, _) => Value::Bool(false),
                });
                all.push(Inputs::new(values.collect()).expect("typed"));
            }
        }
    }
    all
}

/// The findings about `approve` by trying every input, in the words of S-11 and not by the battery's formulas.
fn enumerated(p: &CheckedPolicy) -> Vec<(FindingKind, String)> {
    let all: Vec<&CheckedRule> = p.rules.iter().collect();
    let rules = |skip: Option<usize>| Rules {
        project: all
            .iter()
            .enumerate()
            .filter(|(n, _)| Some(*n) != skip)
            .map(|(_, r)| *r)
            .collect(),
        own: Vec::new(),
    };
    let inputs = small_inputs();
    let allowed: Vec<bool> = inputs.iter().map(|i| i.allowed_by(&rules(None))).collect();
    let mut found = Vec::new();
    let mut add = |kind, name: &str| found.push((kind, name.to_owned()));
    let is = |i: &Inputs, r: &CheckedRule| crate::eval::truth(&r.when, i);
    use crate::ir::workflow::Effect;
    if !allowed.contains(&true) {
        let some = (all.iter().filter(|r| r.effect == Effect::Permit))
            .any(|r| inputs.iter().any(|i| is(i, r)));
        add(
            if some {
                FindingKind::PolicyContradiction
            } else {
                FindingKind::PolicyNeverAllows
            },
            "approve",
        );
        return found;
    }
    if !allowed.contains(&false) {
        add(FindingKind::PolicyAlwaysAllows, "approve");
    }
    let leak = |i: &Inputs| {
        i.get(PolicyInput::Blocking) != Value::Int(0)
            || i.get(PolicyInput::HumanApprovals) == Value::Int(0)
            || i.get(PolicyInput::Aligned) == Value::Bool(false)
            || i.get(PolicyInput::AuthorApproves) == Value::Bool(true)
    };
    if inputs.iter().zip(&allowed).any(|(i, a)| *a && leak(i)) {
        add(FindingKind::PolicyUnsafe, "approve");
    }
    let no_reason = |i: &Inputs| {
        all.iter().all(|r| match r.effect {
            Effect::Permit => true,
            Effect::Require => is(i, r),
            Effect::Forbid => !is(i, r),
        })
    };
    if inputs
        .iter()
        .zip(&allowed)
        .any(|(i, a)| !*a && no_reason(i))
    {
        add(FindingKind::PolicyGap, "approve");
    }
    for (n, r) in all.iter().enumerate() {
        let rest = rules(Some(n));
        if inputs
            .iter()
            .zip(&allowed)
            .all(|(i, a)| i.allowed_by(&rest) == *a)
        {
            add(FindingKind::PolicyShadowed, r.id.as_str());
        }
    }
    found
}

fn condition() -> impl Strategy<Value = String> {
    let atom = prop_oneof![
        Just("aligned".to_owned()),
        Just("author_approves".to_owned()),
        (0..3i64).prop_map(|n| format!("blocking > {n}")),
        (0..3i64).prop_map(|n| format!("blocking == {n}")),
        (0..3i64).prop_map(|n| format!("human_approvals >= {n}")),
        (0..3i64).prop_map(|n| format!("human_approvals - 1 < blocking + {n} - 1")),
    ];
    (atom.clone(), atom, 0..4u8).prop_map(|(a, b, shape)| match shape {
        0 => a,
        1 => format!("not {a} or {b}"),
        2 => format!("{a} and not {b}"),
        _ => format!("{a} => {b}"),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_battery_agrees_with_trying_every_input(
        rules in prop::collection::vec((0..3usize, condition()), 1..6)
    ) {
        let effects = ["permit", "require", "forbid"];
        let lines: Vec<String> = rules
            .iter()
            .enumerate()
            .map(|(n, (e, w))| rule(&format!("r{n}"), effects[*e], w))
            .collect();
        let p = policy(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert_eq!(kinds(&found(&p, None)), enumerated(&p), "{:?}", lines);
    }
}
