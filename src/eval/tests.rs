//! S-13 as a table: every operator on values that are there and values that are not.

use super::*;
use crate::ir::Ty;

/// Evidence 0 is made of artifact 0 and 1; cells as given.
struct Cells {
    has: bool,
    bits: [bool; 2],
}

impl Env for Cells {
    fn read(&self, cell: Cell) -> Value {
        match cell {
            Cell::Has(_) => Value::Bool(self.has),
            Cell::Bit(_, a) => Value::Bool(self.bits[a.ix()]),
            Cell::State | Cell::Var(_) | Cell::Field(..) => Value::None,
        }
    }

    fn choice(&self, _: ChoiceIx) -> Value {
        Value::Int(7)
    }

    fn input(&self, _: u16) -> Value {
        Value::Bool(true)
    }

    fn artifacts(&self, _: EvId) -> &[ArtId] {
        &[ArtId(0), ArtId(1)]
    }

    fn at_terminal(&self) -> bool {
        true
    }
}

const EMPTY: Cells = Cells {
    has: false,
    bits: [false, false],
};

const NONE: Value = Value::None;
const T: Value = Value::Bool(true);
const F: Value = Value::Bool(false);

const fn int(n: i64) -> Value {
    Value::Int(n)
}

fn lit(v: Value) -> Box<Term> {
    Box::new(Term::lit(v, Ty::None))
}

fn value(kind: TermKind) -> Value {
    eval(&Term::made(kind, Ty::None), &EMPTY)
}

#[test]
fn comparisons_with_absent_values() {
    use CmpOp::{Eq, Ge, Gt, Le, Lt, Ne};
    // left, right, then the results of ==, !=, <, <=, >, >=
    let table = [
        (NONE, NONE, [T, F, F, F, F, F]),
        (NONE, int(1), [F, T, F, F, F, F]),
        (int(1), NONE, [F, T, F, F, F, F]),
        (int(1), int(1), [T, F, F, T, F, T]),
        (int(1), int(2), [F, T, T, T, F, F]),
        (int(2), int(-1), [F, T, F, F, T, T]),
        (NONE, F, [F, T, F, F, F, F]),
        (Value::Enum(0), NONE, [F, T, F, F, F, F]),
        (Value::Enum(3), Value::Enum(3), [T, F, F, F, F, F]),
    ];
    for (a, b, expected) in table {
        for (op, wanted) in [Eq, Ne, Lt, Le, Gt, Ge].into_iter().zip(expected) {
            let found = value(TermKind::Cmp(op, lit(a), lit(b)));
            assert_eq!(found, wanted, "{a:?} {op:?} {b:?}");
        }
    }
}

#[test]
fn not_less_of_an_absent_value_is_true_though_greater_or_equal_is_false() {
    let less = Term::made(TermKind::Cmp(CmpOp::Lt, lit(NONE), lit(int(1))), Ty::Bool);
    assert_eq!(value(TermKind::Not(Box::new(less))), T);
    assert_eq!(value(TermKind::Cmp(CmpOp::Ge, lit(NONE), lit(int(1)))), F);
}

#[test]
fn booleans_that_are_absent_are_false() {
    // left, right, then not left, and, or, =>
    let table = [
        (NONE, NONE, [T, F, F, T]),
        (NONE, T, [T, F, T, T]),
        (T, NONE, [F, F, T, F]),
        (NONE, F, [T, F, F, T]),
        (F, NONE, [T, F, F, T]),
        (T, T, [F, T, T, T]),
        (T, F, [F, F, T, F]),
    ];
    for (a, b, expected) in table {
        let parts = || vec![*lit(a), *lit(b)];
        let found = [
            value(TermKind::Not(lit(a))),
            value(TermKind::And(parts())),
            value(TermKind::Or(parts())),
            value(TermKind::Implies(lit(a), lit(b))),
        ];
        assert_eq!(found, expected, "{a:?} {b:?}");
    }
    assert_eq!(value(TermKind::And(Vec::new())), T);
    assert_eq!(value(TermKind::Or(Vec::new())), F);
}

#[test]
fn arithmetic_membership_and_branches() {
    assert_eq!(value(TermKind::Add(lit(int(2)), lit(int(3)))), int(5));
    assert_eq!(value(TermKind::Sub(lit(int(2)), lit(int(3)))), int(-1));
    assert_eq!(value(TermKind::Add(lit(NONE), lit(int(3)))), NONE);
    assert_eq!(value(TermKind::Sub(lit(int(3)), lit(NONE))), NONE);
    let list = || vec![*lit(int(1)), *lit(NONE)];
    assert_eq!(value(TermKind::In(lit(int(1)), list())), T);
    assert_eq!(value(TermKind::In(lit(int(2)), list())), F);
    assert_eq!(value(TermKind::In(lit(NONE), list())), T);
    assert_eq!(value(TermKind::In(lit(NONE), vec![*lit(int(1))])), F);
    assert_eq!(
        value(TermKind::If(lit(NONE), lit(int(1)), lit(int(2)))),
        int(2)
    );
    assert_eq!(value(TermKind::If(lit(T), lit(NONE), lit(int(2)))), NONE);
}

#[test]
fn stamps() {
    let (e, first) = (EvId(0), Some(ArtId(0)));
    // exists, bits, then fresh(e), stale(e), fresh(e, first), stale(e, first)
    let table = [
        (false, [false, false], [F, F, F, F]),
        (true, [true, true], [T, F, T, F]),
        (true, [true, false], [F, T, T, F]),
        (true, [false, true], [F, T, F, T]),
        (true, [false, false], [F, T, F, T]),
    ];
    for (has, bits, expected) in table {
        let found = [
            TermKind::Fresh(e, None),
            TermKind::Stale(e, None),
            TermKind::Fresh(e, first),
            TermKind::Stale(e, first),
        ]
        .map(|kind| eval(&Term::made(kind, Ty::Bool), &Cells { has, bits }));
        assert_eq!(found, expected, "{has} {bits:?}");
    }
}

#[test]
fn names_are_read_from_the_environment() {
    assert_eq!(value(TermKind::Choice(ChoiceIx(0))), int(7));
    assert_eq!(value(TermKind::Input(0)), T);
    assert_eq!(value(TermKind::Terminal), T);
    assert_eq!(value(TermKind::Read(Cell::State)), NONE);
}
