//! The policy that the gate enforces is the one that Z3 verified: for every action, on every combination of inputs up to a
//! bound, what `gate::policy` decides by evaluation is what the encoding says, asked of Z3 itself.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tribunal::check::{CheckedPolicy, CheckedRule, check_policy};
use tribunal::gate::policy::{Decision, Effective, PolicyInputs};
use tribunal::ir::workflow::Action;
use tribunal::ir::{PolicyInput, SourceId, Term, TermKind, Ty};
use tribunal::lower::smt::names;
use tribunal::lower::smt::policy::{Rules, allowed, inputs};
use tribunal::lower::smt::tree::{Smt, and, eq, int, ite, not};
use tribunal::syntax::parse_policy;

/// Integers from 0 to this; the built-in policy's largest number is 3.
const BOUND: usize = 4;

fn policy(text: &str) -> CheckedPolicy {
    let parsed = parse_policy(SourceId(0), text).unwrap_or_else(|e| panic!("{text}\n{e:?}"));
    check_policy(&parsed.value).unwrap_or_else(|e| panic!("{text}\n{e:?}"))
}

fn built_in() -> CheckedPolicy {
    policy(include_str!("../../formal/policy.yaml"))
}

fn mentioned(term: &Term, found: &mut BTreeSet<PolicyInput>) {
    if let TermKind::Input(i) = term.kind {
        found.insert(PolicyInput::ALL[usize::from(i)]);
    }
    term.parts()
        .into_iter()
        .for_each(|part| mentioned(part, found));
}

/// What the gate decides on every combination of `rest`, as a tree of choices; counts them.
fn table(
    decide: &dyn Fn(&PolicyInputs) -> bool,
    given: PolicyInputs,
    rest: &[PolicyInput],
    count: &mut usize,
) -> Smt {
    let Some((first, rest)) = rest.split_first() else {
        *count += 1;
        return Smt::Bool(decide(&given));
    };
    let name = Smt::Name(names::input(first.word()));
    if first.ty() == Ty::Bool {
        let mut with = |b: bool| table(decide, given.clone().truth(*first, b), rest, count);
        let (yes, no) = (with(true), with(false));
        return ite(name, yes, no);
    }
    let mut tree = table(decide, given.clone().number(*first, BOUND), rest, count);
    for n in (0..BOUND).rev() {
        let branch = table(decide, given.clone().number(*first, n), rest, count);
        let here = eq(name.clone(), Smt::Int(i64::try_from(n).expect("small")));
        tree = ite(here, branch, tree);
    }
    tree
}

/// Compares the two for one action; the number of combinations decided.
fn agree(project: &CheckedPolicy, own: Option<&CheckedPolicy>, action: Action) -> usize {
    let of = |p: &CheckedPolicy| -> Vec<CheckedRule> {
        let rules = p.rules.iter().filter(|r| r.action == action);
        rules.cloned().collect()
    };
    let (project_rules, own_rules) = (of(project), own.map(of).unwrap_or_default());
    let rules = Rules {
        project: project_rules.iter().collect(),
        own: own_rules.iter().collect(),
    };
    let mut names_used = BTreeSet::new();
    rules
        .all()
        .for_each(|r| mentioned(&r.when, &mut names_used));
    let used: Vec<PolicyInput> = names_used.into_iter().collect();
    let effective = Effective::new(project.clone(), own.cloned());
    let decide = |i: &PolicyInputs| {
        effective.decide(action, i).expect("every input is given") == Decision::Allowed
    };
    let mut count = 0;
    let tree = table(&decide, PolicyInputs::none(), &used, &mut count);
    let bounds = used.iter().filter(|i| i.ty() == Ty::Int).map(|i| {
        let bound = Smt::Int(i64::try_from(BOUND).expect("small"));
        int("<=", Smt::Name(names::input(i.word())), bound)
    });
    let mut script = inputs();
    script.assert(and(bounds));
    script.assert(not(eq(tree, allowed(&rules))));
    let solver = z3::Solver::new();
    solver.from_string(script.print());
    let said = solver.check();
    assert_eq!(
        said,
        z3::SatResult::Unsat,
        "{}: gate and Z3 differ on {:?}",
        action.word(),
        solver.get_model()
    );
    count
}

fn agree_on_all(project: &CheckedPolicy, own: Option<&CheckedPolicy>) -> usize {
    Action::ALL
        .into_iter()
        .map(|a| agree(project, own, a))
        .sum()
}

#[test]
fn the_built_in_policy_is_enforced_as_it_was_verified() {
    let decided = agree_on_all(&built_in(), None);
    // approve alone speaks of 5 numbers and 5 truth values.
    assert!(decided >= 5usize.pow(5) * 32, "{decided} combinations");
}

#[test]
fn with_a_workflows_own_policy_it_is_enforced_as_it_was_verified() {
    for own in [
        // No permit: the project's policy permits.
        "  - {id: a, action: approve, effect: forbid, when: \"warning > 0\"}\n",
        "  - {id: a, action: approve, effect: require, when: \"proof_complete\"}\n",
        // A permit: both have to permit.
        "  - {id: a, action: approve, effect: permit, when: \"human_approvals >= 2\"}\n",
        "  - {id: a, action: waive, effect: forbid, when: \"true\"}\n",
        // A permit that never holds, and one that always does.
        "  - {id: a, action: release, effect: permit, when: \"blocking < 0\"}\n",
        "  - {id: a, action: build, effect: permit, when: \"true\"}\n",
        "  - {id: a, action: implement, effect: permit, when: \"round == 0\"}\n  \
           - {id: b, action: implement, effect: permit, when: \"round == 2\"}\n  \
           - {id: c, action: implement, effect: forbid, when: \"round > 1 and warning > 0\"}\n",
    ] {
        agree_on_all(&built_in(), Some(&policy(&format!("rules:\n{own}"))));
    }
}

/// A condition over few inputs, so that rules meet.
fn condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (
            prop_oneof![Just("blocking"), Just("warning"), Just("human_approvals")],
            prop_oneof![
                Just("=="),
                Just("!="),
                Just("<"),
                Just(">="),
                Just(">"),
                Just("<=")
            ],
            0..5u8
        )
            .prop_map(|(name, op, n)| format!("{name} {op} {n}")),
        prop_oneof![
            Just("aligned"),
            Just("complete"),
            Just("true"),
            Just("false")
        ]
        .prop_map(str::to_owned),
        Just("blocking + warning > human_approvals".to_owned()),
        Just("warning in [1, 3]".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("not ({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) and ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) or ({b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a}) => ({b})")),
        ]
    })
}

fn rules(prefix: &'static str, most: usize) -> impl Strategy<Value = String> {
    let rule = (
        prop_oneof![Just("approve"), Just("waive")],
        prop_oneof![Just("permit"), Just("require"), Just("forbid")],
        condition(),
    );
    proptest::collection::vec(rule, 1..=most).prop_map(move |rules| {
        let lines = rules.iter().enumerate().map(|(n, (action, effect, when))| {
            format!(
                "  - {{id: {prefix}{n}, action: {action}, effect: {effect}, when: \"{when}\"}}\n"
            )
        });
        format!("rules:\n{}", lines.collect::<String>())
    })
}

#[test]
fn random_policies_are_enforced_as_they_are_encoded() {
    let mut runner = TestRunner::new(Config {
        cases: 150,
        failure_persistence: None,
        ..Config::default()
    });
    let both = (rules("p", 6), proptest::option::of(rules("w", 3)));
    runner
        .run(&both, |(project, own)| {
            let own = own.map(|text| policy(&text));
            agree_on_all(&policy(&project), own.as_ref());
            Ok(())
        })
        .expect("no counterexample");
}
