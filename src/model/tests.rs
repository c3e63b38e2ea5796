//! `after` against `step` and `simplify` against `eval`, on random conditions in every reachable state of a system that has
//! one of everything.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::eval::StateEnv;
use super::step::Outcome;
use super::system::System;
use super::testing::{Fired, reachable, steps, system};
use super::{after, never_none, simplify};
use crate::eval::{eval, truth};
use crate::finding::State;
use crate::ir::term::CmpOp;
use crate::ir::{ArtId, Cell, ChoiceIx, Domain, EvId, FieldIx, Term, TermKind, Ty, Value, VarId};

static SYSTEM: LazyLock<System> = LazyLock::new(|| {
    system(
        "workflow_id: sample\ngoal: test\nactors: [Agent]\nstates: [A, B, C]\nterminal: {success: [C], failure: []}\n\
         artifacts: [a, b]\n\
         evidence:\n  e: {of: [a, b], fields: {num: {type: int, range: [0, 2]}, ok: {type: bool}}}\n  f: {of: [b]}\n\
         vars:\n  v: {type: int, range: [0, 2], init: 0}\n  t: {type: bool, init: any}\n\
         transitions:\n\
         \x20 - {id: go, actor: Agent, from: A, to: B, choose: {c: {type: int, range: [0, 2]}, d: {type: bool}}, set: {v: c, t: d}, record: {e: {num: v, ok: d}}}\n\
         \x20 - {id: back, actor: Agent, from: B, to: A, bump: [a], set: {v: v + 1}}\n\
         \x20 - {id: copy, actor: Agent, from: [A, B], bump: [b], record: {f: {from: e}}}\n\
         \x20 - {id: swap, actor: Agent, from: A, when: \"has(e)\", drop: [f], record: {e: {from: f, num: e.num}}}\n\
         \x20 - {id: lose, actor: Agent, from: B, drop: [e], set: {t: e.ok and not t}}\n\
         \x20 - {id: end, actor: Agent, from: B, to: C, when: \"fresh(f)\"}\n",
    )
});

static STATES: LazyLock<Vec<State>> = LazyLock::new(|| reachable(&SYSTEM));

static STEPS: LazyLock<Vec<Fired<'static>>> = LazyLock::new(|| steps(&SYSTEM));

const E: EvId = EvId(0);
const F: EvId = EvId(1);

fn boxed(t: Term) -> Box<Term> {
    Box::new(t)
}

fn boolean() -> BoxedStrategy<Term> {
    let read = |c| Term::read(c, Ty::Bool);
    let made = |k| Term::made(k, Ty::Bool);
    let leaf = prop_oneof![
        any::<bool>().prop_map(Term::truth),
        Just(Term::lit(Value::None, Ty::Bool)),
        Just(read(Cell::Var(VarId(1)))),
        Just(read(Cell::Has(E))),
        Just(read(Cell::Bit(E, ArtId(1)))),
        Just(read(Cell::Field(E, FieldIx(1)))),
        Just(made(TermKind::Fresh(E, None))),
        Just(made(TermKind::Fresh(E, Some(ArtId(0))))),
        Just(made(TermKind::Fresh(F, None))),
        Just(made(TermKind::Stale(E, None))),
        Just(made(TermKind::Stale(E, Some(ArtId(1))))),
        Just(made(TermKind::Stale(F, None))),
        Just(made(TermKind::Terminal)),
        (0u16..3).prop_map(move |s| {
            let state = Term::lit(Value::Enum(s), Ty::State);
            let here = Term::read(Cell::State, Ty::State);
            made(TermKind::Cmp(CmpOp::Eq, boxed(here), boxed(state)))
        }),
    ];
    leaf.prop_recursive(4, 24, 3, move |inner| {
        let two = || (inner.clone(), inner.clone());
        prop_oneof![
            inner.clone().prop_map(Term::negated),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Term::all),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Term::any),
            two().prop_map(move |(a, b)| made(TermKind::Implies(boxed(a), boxed(b)))),
            (two(), inner.clone()).prop_map(move |((c, a), b)| made(TermKind::If(
                boxed(c),
                boxed(a),
                boxed(b)
            ))),
            two().prop_map(move |(a, b)| made(TermKind::Cmp(CmpOp::Eq, boxed(a), boxed(b)))),
            (op(), integer(), integer()).prop_map(move |(op, a, b)| made(TermKind::Cmp(
                op,
                boxed(a),
                boxed(b)
            ))),
            (integer(), prop::collection::vec(integer(), 0..3))
                .prop_map(move |(a, list)| made(TermKind::In(boxed(a), list))),
        ]
    })
    .boxed()
}

fn integer() -> BoxedStrategy<Term> {
    let made = |k| Term::made(k, Ty::Int);
    let leaf = prop_oneof![
        (-1i64..4).prop_map(|n| Term::lit(Value::Int(n), Ty::Int)),
        Just(Term::lit(Value::None, Ty::Int)),
        Just(Term::read(Cell::Var(VarId(0)), Ty::Int)),
        Just(Term::read(Cell::Field(E, FieldIx(0)), Ty::Int)),
    ];
    leaf.prop_recursive(3, 8, 2, move |inner| {
        let two = || (inner.clone(), inner.clone());
        prop_oneof![
            two().prop_map(move |(a, b)| made(TermKind::Add(boxed(a), boxed(b)))),
            two().prop_map(move |(a, b)| made(TermKind::Sub(boxed(a), boxed(b)))),
        ]
    })
    .boxed()
}

fn op() -> impl Strategy<Value = CmpOp> {
    prop::sample::select(vec![
        CmpOp::Eq,
        CmpOp::Ne,
        CmpOp::Lt,
        CmpOp::Le,
        CmpOp::Gt,
        CmpOp::Ge,
    ])
}

fn env<'a>(state: &'a State, choices: &'a [Value]) -> StateEnv<'a> {
    StateEnv {
        system: &SYSTEM,
        state,
        choices,
    }
}

proptest! {
    #[test]
    fn after_says_before_the_step_what_holds_behind_it(condition in boolean()) {
        for (command, before, choices, outcome) in STEPS.iter() {
            if let Outcome::Next(next) = outcome {
                let earlier = after(&SYSTEM, command, &condition);
                prop_assert_eq!(
                    truth(&earlier, &env(before, choices)),
                    truth(&condition, &env(next, choices)),
                    "{} in {:?}", command.name, before
                );
            }
        }
    }

    #[test]
    fn simplify_changes_no_value(term in prop_oneof![boolean(), integer()]) {
        let simple = simplify(&term);
        for state in STATES.iter() {
            prop_assert_eq!(eval(&simple, &env(state, &[])), eval(&term, &env(state, &[])), "{:?}", simple);
        }
        prop_assert_eq!(&simplify(&simple).kind, &simple.kind, "not done in one go");
    }

    #[test]
    fn what_is_said_never_to_be_none_never_is(term in prop_oneof![boolean(), integer()]) {
        if never_none(&term) {
            for state in STATES.iter() {
                prop_assert_ne!(eval(&term, &env(state, &[])), Value::None);
            }
        }
    }
}

#[test]
fn every_unmarked_assignment_stays_in_its_domain() {
    let mut unmarked = 0;
    for (command, before, choices, _) in STEPS.iter() {
        for update in command.updates.iter().filter(|u| !u.checked) {
            let value = eval(&update.value, &env(before, choices));
            let cell = SYSTEM.cell(update.slot).expect("a cell");
            assert!(
                cell.admits(value),
                "{} {:?} {value:?}",
                command.name,
                cell.cell
            );
            unmarked += 1;
        }
    }
    assert!(unmarked > 1000, "{unmarked}");
}

#[test]
fn absent_evidence_is_canonical_in_every_reachable_state() {
    for state in STATES.iter() {
        let env = env(state, &[]);
        let absent = |e| !truth(&Term::read(Cell::Has(e), Ty::Bool), &env);
        for (cell, value) in SYSTEM.cells.iter().zip(state) {
            match cell.cell {
                Cell::Bit(e, _) if absent(e) => assert_eq!(*value, Value::Bool(false)),
                Cell::Field(e, _) if absent(e) => assert_eq!(*value, Value::None),
                Cell::State | Cell::Var(_) | Cell::Has(_) | Cell::Bit(..) | Cell::Field(..) => {}
            }
        }
    }
}

#[test]
fn choices_stay_as_they_are() {
    let go = SYSTEM.commands.first().expect("go");
    let choice = Term::made(TermKind::Choice(ChoiceIx(0)), Ty::Int);
    let same = Term::made(
        TermKind::Cmp(
            CmpOp::Eq,
            boxed(Term::read(Cell::Var(VarId(0)), Ty::Int)),
            boxed(choice.clone()),
        ),
        Ty::Bool,
    );
    // `go` sets v to its choice, so behind it the two are the same choice.
    match after(&SYSTEM, go, &same).kind {
        TermKind::Cmp(CmpOp::Eq, a, b) => {
            assert_eq!((a.kind, b.kind), (choice.kind.clone(), choice.kind))
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(go.choices[0].domain, Domain::Int { lo: 0, hi: 2 });
}

#[test]
fn a_negated_order_is_not_turned_round() {
    let field = || boxed(Term::read(Cell::Field(E, FieldIx(0)), Ty::Int));
    let one = || boxed(Term::lit(Value::Int(1), Ty::Int));
    let less = Term::made(TermKind::Cmp(CmpOp::Lt, field(), one()), Ty::Bool);
    assert!(matches!(
        simplify(&less.clone().negated()).kind,
        TermKind::Not(_)
    ));
    let equal = Term::made(TermKind::Cmp(CmpOp::Eq, field(), one()), Ty::Bool);
    assert!(matches!(
        simplify(&equal.negated()).kind,
        TermKind::Cmp(CmpOp::Ne, ..)
    ));
    // A lone absent boolean is not its own conjunction.
    let flag = || Term::read(Cell::Field(E, FieldIx(1)), Ty::Bool);
    assert!(matches!(
        simplify(&Term::all(vec![flag()])).kind,
        TermKind::And(_)
    ));
    assert!(matches!(
        simplify(&flag().negated().negated()).kind,
        TermKind::Not(_)
    ));
}
