//! Terms made ready for packed states: names become fields, the control state and the choices become constants, constants fold.
//!
//! Tested, not proved, against `eval`: both must give every term the same value in every state.

use crate::explore::pack::{Field, Layout, Packed};
use crate::ir::term::CmpOp;
use crate::ir::{ArtId, Cell, EvId, StateId, Term, TermKind, Value};
use crate::model::System;

/// `none` among the values of nodes.
pub const NONE: i64 = i64::MIN;

/// A compiled term. Its values are integers: 0 and 1 for booleans, positions for enums, [`NONE`] for `none`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// A constant.
    Lit(i64),
    /// A cell.
    Load(Field),
    /// True iff the part is not.
    Not(Box<Self>),
    /// True iff all parts are.
    And(Vec<Self>),
    /// True iff some part is.
    Or(Vec<Self>),
    /// A comparison (S-13).
    Cmp(CmpOp, Box<(Self, Self)>),
    /// Equal to one of the list.
    In(Box<Self>, Vec<Self>),
    /// Sum.
    Add(Box<(Self, Self)>),
    /// Difference.
    Sub(Box<(Self, Self)>),
    /// The second when the first is true, else the third.
    If(Box<(Self, Self, Self)>),
}

/// What is known of the state where a term is compiled.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The system.
    pub system: &'a System,
    /// The layout of its states.
    pub layout: &'a Layout,
    /// The control state in which the term is read.
    pub control: StateId,
    /// The values of the choices.
    pub choices: &'a [Value],
}

/// A value as a number.
#[must_use]
pub const fn number(value: Value) -> i64 {
    match value {
        Value::None => NONE,
        Value::Bool(b) => b as i64,
        Value::Int(n) => n,
        Value::Enum(n) => n as i64,
    }
}

impl Node {
    /// Compiles a term.
    #[must_use]
    pub fn new(term: &Term, scope: &Scope<'_>) -> Self {
        let sub = |t: &Term| Self::new(t, scope);
        match &term.kind {
            TermKind::Lit(v) => Self::Lit(number(*v)),
            TermKind::Read(cell) => scope.read(*cell),
            TermKind::Choice(c) => {
                Self::Lit(scope.choices.get(c.ix()).map_or(NONE, |v| number(*v)))
            }
            TermKind::Input(_) => Self::Lit(NONE),
            TermKind::Fresh(e, only) => {
                let mut parts = vec![scope.read(Cell::Has(*e))];
                parts.extend(scope.bits(*e, *only));
                Self::and(parts)
            }
            TermKind::Stale(e, only) => {
                let bits = scope.bits(*e, *only).collect();
                Self::and(vec![scope.read(Cell::Has(*e)), Self::and(bits).negated()])
            }
            TermKind::Terminal => Self::Lit(i64::from(scope.system.is_terminal(scope.control))),
            TermKind::Not(a) => sub(a).negated(),
            TermKind::And(parts) => Self::and(parts.iter().map(sub).collect()),
            TermKind::Or(parts) => Self::or(parts.iter().map(sub).collect()),
            TermKind::Implies(a, b) => Self::or(vec![sub(a).negated(), sub(b)]),
            TermKind::Cmp(op, a, b) => match (sub(a), sub(b)) {
                (Self::Lit(a), Self::Lit(b)) => Self::truth(compare(*op, a, b)),
                (a, b) => Self::Cmp(*op, Box::new((a, b))),
            },
            TermKind::In(a, list) => match (sub(a), list.iter().map(sub).collect::<Vec<_>>()) {
                (Self::Lit(a), list) if list.iter().all(|x| matches!(x, Self::Lit(_))) => {
                    Self::truth(list.contains(&Self::Lit(a)))
                }
                (a, list) => Self::In(Box::new(a), list),
            },
            TermKind::Add(a, b) => match (sub(a), sub(b)) {
                (Self::Lit(a), Self::Lit(b)) => Self::Lit(arithmetic(a, b, i64::checked_add)),
                (a, b) => Self::Add(Box::new((a, b))),
            },
            TermKind::Sub(a, b) => match (sub(a), sub(b)) {
                (Self::Lit(a), Self::Lit(b)) => Self::Lit(arithmetic(a, b, i64::checked_sub)),
                (a, b) => Self::Sub(Box::new((a, b))),
            },
            TermKind::If(c, a, b) => match sub(c) {
                Self::Lit(1) => sub(a),
                Self::Lit(_) => sub(b),
                c => Self::If(Box::new((c, sub(a), sub(b)))),
            },
        }
    }

    /// `true` or `false`.
    #[must_use]
    pub const fn truth(value: bool) -> Self {
        Self::Lit(value as i64)
    }

    /// The negation.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Lit(v) => Self::truth(v != 1),
            other => Self::Not(Box::new(other)),
        }
    }

    /// The conjunction, flattened.
    #[must_use]
    pub fn and(parts: Vec<Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::Lit(1) => {}
                Self::Lit(_) => return Self::truth(false),
                Self::And(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        if kept.is_empty() {
            Self::truth(true)
        } else {
            Self::And(kept)
        }
    }

    /// The disjunction, flattened.
    #[must_use]
    pub fn or(parts: Vec<Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::Lit(1) => return Self::truth(true),
                Self::Lit(_) => {}
                Self::Or(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        if kept.is_empty() {
            Self::truth(false)
        } else {
            Self::Or(kept)
        }
    }

    /// The value in a state.
    #[must_use]
    pub fn eval<const W: usize>(&self, state: &Packed<W>) -> i64 {
        match self {
            Self::Lit(v) => *v,
            Self::Load(field) => decode(field, field.get(state)),
            Self::Not(a) => i64::from(!a.holds(state)),
            Self::And(parts) => i64::from(parts.iter().all(|p| p.holds(state))),
            Self::Or(parts) => i64::from(parts.iter().any(|p| p.holds(state))),
            Self::Cmp(op, ab) => i64::from(compare(*op, ab.0.eval(state), ab.1.eval(state))),
            Self::In(a, list) => {
                let item = a.eval(state);
                i64::from(list.iter().any(|x| x.eval(state) == item))
            }
            Self::Add(ab) => arithmetic(ab.0.eval(state), ab.1.eval(state), i64::checked_add),
            Self::Sub(ab) => arithmetic(ab.0.eval(state), ab.1.eval(state), i64::checked_sub),
            Self::If(cab) => {
                if cab.0.holds(state) {
                    cab.1.eval(state)
                } else {
                    cab.2.eval(state)
                }
            }
        }
    }

    /// Whether it is true in a state; `none` is not.
    #[inline]
    #[must_use]
    pub fn holds<const W: usize>(&self, state: &Packed<W>) -> bool {
        self.eval(state) == 1
    }

    /// Adds the fields read to `into`, each once.
    pub fn fields(&self, into: &mut Vec<Field>) {
        match self {
            Self::Lit(_) => {}
            Self::Load(field) => {
                if !into.contains(field) {
                    into.push(*field);
                }
            }
            Self::Not(a) => a.fields(into),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|p| p.fields(into)),
            Self::Cmp(_, ab) | Self::Add(ab) | Self::Sub(ab) => {
                ab.0.fields(into);
                ab.1.fields(into);
            }
            Self::In(a, list) => {
                a.fields(into);
                list.iter().for_each(|p| p.fields(into));
            }
            Self::If(cab) => {
                cab.0.fields(into);
                cab.1.fields(into);
                cab.2.fields(into);
            }
        }
    }
}

impl Scope<'_> {
    fn read(&self, cell: Cell) -> Node {
        if cell == Cell::State {
            return Node::Lit(i64::from(self.control.0));
        }
        match self.layout.field(self.system, cell) {
            None => Node::Lit(NONE),
            Some(field) if field.codes() == 1 => Node::Lit(decode(&field, 0)),
            Some(field) => Node::Load(field),
        }
    }

    fn bits(&self, e: EvId, only: Option<ArtId>) -> impl Iterator<Item = Node> {
        let of = match only {
            Some(a) => vec![a],
            None => self
                .system
                .symbols
                .evidence
                .get(e.ix())
                .map_or_else(Vec::new, |s| s.of.clone()),
        };
        of.into_iter().map(move |a| self.read(Cell::Bit(e, a)))
    }
}

/// The number that a code stands for.
#[inline]
#[must_use]
pub const fn decode(field: &Field, code: u64) -> i64 {
    if code < field.values {
        field.base + code as i64
    } else {
        NONE
    }
}

/// The code of a number; `None` when the field cannot hold it.
#[inline]
#[must_use]
pub const fn encode(field: &Field, number: i64) -> Option<u64> {
    if number == NONE {
        return if field.optional {
            Some(field.values)
        } else {
            None
        };
    }
    let code = number.wrapping_sub(field.base) as u64;
    if code < field.values {
        Some(code)
    } else {
        None
    }
}

const fn compare(op: CmpOp, a: i64, b: i64) -> bool {
    let present = a != NONE && b != NONE;
    match op {
        CmpOp::Eq => a == b,
        CmpOp::Ne => a != b,
        CmpOp::Lt => present && a < b,
        CmpOp::Le => present && a <= b,
        CmpOp::Gt => present && a > b,
        CmpOp::Ge => present && a >= b,
    }
}

fn arithmetic(a: i64, b: i64, op: fn(i64, i64) -> Option<i64>) -> i64 {
    if a == NONE || b == NONE {
        NONE
    } else {
        op(a, b).unwrap_or(NONE)
    }
}
