//! Terms of the language as SMT terms, with `none` beside the value (S-13). Tested against `eval` on all values of small
//! domains; the soundness of Z3's `holds` rests on it.

use super::tree::{Smt, and, eq, implies, int, ite, not, or};
use crate::ir::term::CmpOp;
use crate::ir::{ArtId, Cell, ChoiceIx, EvId, Symbols, Term, TermKind, Ty, Value};

/// A value that may be absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Val {
    /// Whether there is a value.
    pub given: Smt,
    /// The value where there is one, anything elsewhere; `None` when it is known that there is none.
    pub value: Option<Smt>,
}

impl Val {
    /// A value that is there.
    #[must_use]
    pub const fn sure(value: Smt) -> Self {
        Self {
            given: Smt::Bool(true),
            value: Some(value),
        }
    }

    /// No value.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            given: Smt::Bool(false),
            value: None,
        }
    }

    /// A value that is there if `given`.
    #[must_use]
    pub const fn maybe(given: Smt, value: Smt) -> Self {
        Self {
            given,
            value: Some(value),
        }
    }

    /// Read as a condition: an absent boolean is false.
    #[must_use]
    pub fn truth(self) -> Smt {
        self.value
            .map_or(Smt::Bool(false), |v| and([self.given, v]))
    }

    /// Both absent, or both there and equal.
    #[must_use]
    pub fn equals(&self, other: &Self) -> Smt {
        let same_presence = eq(self.given.clone(), other.given.clone());
        match (&self.value, &other.value) {
            (Some(a), Some(b)) => and([
                same_presence,
                implies(self.given.clone(), eq(a.clone(), b.clone())),
            ]),
            (Some(_), None) | (None, Some(_)) | (None, None) => same_presence,
        }
    }
}

/// Where the values of names come from.
pub trait Scope {
    /// The tables of the workflow that the terms belong to.
    fn symbols(&self) -> &Symbols;
    /// A constant of this type.
    fn literal(&self, value: Value, ty: Ty) -> Val;
    /// A cell.
    fn read(&self, cell: Cell) -> Val;
    /// A choice.
    fn choice(&self, choice: ChoiceIx) -> Val;
    /// An input of a policy.
    fn input(&self, input: u16) -> Val;
    /// Whether the control state is a declared terminal one.
    fn at_terminal(&self) -> Smt;
}

/// A literal; enum values of so many bits.
#[must_use]
pub fn literal(value: Value, width: u32) -> Val {
    match value {
        Value::None => Val::none(),
        Value::Bool(b) => Val::sure(Smt::Bool(b)),
        Value::Int(n) => Val::sure(Smt::Int(n)),
        Value::Enum(n) => Val::sure(Smt::Enum(n, width)),
    }
}

/// `term` read as a condition.
pub fn truth(term: &Term, scope: &dyn Scope) -> Smt {
    value(term, scope).truth()
}

/// The value of `term`.
pub fn value(term: &Term, scope: &dyn Scope) -> Val {
    match &term.kind {
        TermKind::Lit(v) => scope.literal(*v, term.ty),
        TermKind::Read(cell) => scope.read(*cell),
        TermKind::Choice(c) => scope.choice(*c),
        TermKind::Input(i) => scope.input(*i),
        TermKind::Fresh(e, only) => Val::sure(and([has(*e, scope), current(*e, *only, scope)])),
        TermKind::Stale(e, only) => {
            Val::sure(and([has(*e, scope), not(current(*e, *only, scope))]))
        }
        TermKind::Terminal => Val::sure(scope.at_terminal()),
        TermKind::Not(a) => Val::sure(not(truth(a, scope))),
        TermKind::And(parts) => Val::sure(and(parts.iter().map(|p| truth(p, scope)))),
        TermKind::Or(parts) => Val::sure(or(parts.iter().map(|p| truth(p, scope)))),
        TermKind::Implies(a, b) => Val::sure(implies(truth(a, scope), truth(b, scope))),
        TermKind::Cmp(op, a, b) => Val::sure(compare(*op, &value(a, scope), &value(b, scope))),
        TermKind::In(a, list) => {
            let item = value(a, scope);
            Val::sure(or(list.iter().map(|x| value(x, scope).equals(&item))))
        }
        TermKind::Add(a, b) => arithmetic("+", value(a, scope), value(b, scope)),
        TermKind::Sub(a, b) => arithmetic("-", value(a, scope), value(b, scope)),
        TermKind::If(c, a, b) => branch(truth(c, scope), value(a, scope), value(b, scope)),
    }
}

fn has(e: EvId, scope: &dyn Scope) -> Smt {
    scope.read(Cell::Has(e)).truth()
}

fn current(e: EvId, only: Option<ArtId>, scope: &dyn Scope) -> Smt {
    let all = scope
        .symbols()
        .evidence
        .get(e.ix())
        .map_or(&[] as &[ArtId], |s| &s.of);
    let asked = only.as_ref().map_or(all, std::slice::from_ref);
    and(asked.iter().map(|a| scope.read(Cell::Bit(e, *a)).truth()))
}

fn compare(op: CmpOp, a: &Val, b: &Val) -> Smt {
    let order = |op| match (&a.value, &b.value) {
        (Some(x), Some(y)) => and([
            a.given.clone(),
            b.given.clone(),
            int(op, x.clone(), y.clone()),
        ]),
        (Some(_), None) | (None, Some(_)) | (None, None) => Smt::Bool(false),
    };
    match op {
        CmpOp::Eq => a.equals(b),
        CmpOp::Ne => not(a.equals(b)),
        CmpOp::Lt => order("<"),
        CmpOp::Le => order("<="),
        CmpOp::Gt => order(">"),
        CmpOp::Ge => order(">="),
    }
}

fn arithmetic(op: &'static str, a: Val, b: Val) -> Val {
    match (a.value, b.value) {
        (Some(x), Some(y)) => Val::maybe(and([a.given, b.given]), int(op, x, y)),
        (Some(_), None) | (None, Some(_)) | (None, None) => Val::none(),
    }
}

/// `if c then a else b`.
pub fn branch(c: Smt, a: Val, b: Val) -> Val {
    Val {
        given: ite(c.clone(), a.given, b.given),
        value: match (a.value, b.value) {
            (Some(x), Some(y)) => Some(ite(c, x, y)),
            (Some(x), None) | (None, Some(x)) => Some(x),
            (None, None) => None,
        },
    }
}
