//! Folds constants without changing the value of a term in any state, absent values included (S-13). Tested by comparing
//! values before and after on random terms; nothing rests on it being complete.

use crate::eval::compare;
use crate::ir::term::CmpOp;
use crate::ir::{Cell, Term, TermKind, Ty, Value};

/// A term of the same value in every state, with constants folded and conjunctions flattened.
#[must_use]
pub fn simplify(term: &Term) -> Term {
    let kind = match &term.kind {
        TermKind::Lit(_)
        | TermKind::Read(_)
        | TermKind::Choice(_)
        | TermKind::Input(_)
        | TermKind::Fresh(..)
        | TermKind::Stale(..)
        | TermKind::Terminal => term.kind.clone(),
        TermKind::Not(a) => negation(simplify(a)),
        TermKind::And(parts) => junction(parts, true),
        TermKind::Or(parts) => junction(parts, false),
        TermKind::Implies(a, b) => implication(simplify(a), simplify(b)),
        TermKind::Cmp(op, a, b) => comparison(*op, simplify(a), simplify(b)),
        TermKind::In(a, list) => membership(simplify(a), list.iter().map(simplify).collect()),
        TermKind::Add(a, b) => arithmetic(simplify(a), simplify(b), true),
        TermKind::Sub(a, b) => arithmetic(simplify(a), simplify(b), false),
        TermKind::If(c, a, b) => choice(simplify(c), simplify(a), simplify(b)),
    };
    Term {
        kind,
        ty: term.ty,
        span: term.span,
    }
}

const fn truth(value: bool) -> TermKind {
    TermKind::Lit(Value::Bool(value))
}

/// The constant a term is as a condition: an absent boolean counts as false.
const fn constant(term: &Term) -> Option<bool> {
    match &term.kind {
        TermKind::Lit(v) => Some(v.is_true()),
        TermKind::Read(_)
        | TermKind::Choice(_)
        | TermKind::Input(_)
        | TermKind::Fresh(..)
        | TermKind::Stale(..)
        | TermKind::Terminal
        | TermKind::Not(_)
        | TermKind::And(_)
        | TermKind::Or(_)
        | TermKind::Implies(..)
        | TermKind::Cmp(..)
        | TermKind::In(..)
        | TermKind::Add(..)
        | TermKind::Sub(..)
        | TermKind::If(..) => None,
    }
}

const fn literal(term: &Term) -> Option<Value> {
    match &term.kind {
        TermKind::Lit(v) => Some(*v),
        TermKind::Read(_)
        | TermKind::Choice(_)
        | TermKind::Input(_)
        | TermKind::Fresh(..)
        | TermKind::Stale(..)
        | TermKind::Terminal
        | TermKind::Not(_)
        | TermKind::And(_)
        | TermKind::Or(_)
        | TermKind::Implies(..)
        | TermKind::Cmp(..)
        | TermKind::In(..)
        | TermKind::Add(..)
        | TermKind::Sub(..)
        | TermKind::If(..) => None,
    }
}

/// Whether a term can never be `none`: only then may a boolean stand for its own double negation or one-part conjunction.
#[must_use]
pub fn never_none(term: &Term) -> bool {
    match &term.kind {
        TermKind::Lit(v) => *v != Value::None,
        TermKind::Read(cell) => match cell {
            Cell::State | Cell::Var(_) | Cell::Has(_) | Cell::Bit(..) => true,
            Cell::Field(..) => false,
        },
        TermKind::Input(_) => false,
        TermKind::Add(a, b) | TermKind::Sub(a, b) => never_none(a) && never_none(b),
        TermKind::If(_, a, b) => never_none(a) && never_none(b),
        TermKind::Choice(_)
        | TermKind::Fresh(..)
        | TermKind::Stale(..)
        | TermKind::Terminal
        | TermKind::Not(_)
        | TermKind::And(_)
        | TermKind::Or(_)
        | TermKind::Implies(..)
        | TermKind::Cmp(..)
        | TermKind::In(..) => true,
    }
}

fn negation(a: Term) -> TermKind {
    if let Some(c) = constant(&a) {
        return truth(!c);
    }
    match a.kind {
        TermKind::Not(inner) if never_none(&inner) => inner.kind,
        // `!=` is the negation of `==` whatever is absent; no such thing is true of orders.
        TermKind::Cmp(CmpOp::Eq, x, y) => TermKind::Cmp(CmpOp::Ne, x, y),
        TermKind::Cmp(CmpOp::Ne, x, y) => TermKind::Cmp(CmpOp::Eq, x, y),
        kind => TermKind::Not(Box::new(Term { kind, ..a })),
    }
}

/// A conjunction (`and`) or disjunction: nested ones flattened, neutral parts dropped, decided where a part decides it.
fn junction(parts: &[Term], and: bool) -> TermKind {
    let mut kept: Vec<Term> = Vec::new();
    for part in parts.iter().map(simplify) {
        match constant(&part) {
            Some(c) if c == and => continue,
            Some(c) => return truth(c),
            None => {}
        }
        let inner = match part.kind {
            TermKind::And(inner) if and => inner,
            TermKind::Or(inner) if !and => inner,
            kind => vec![Term { kind, ..part }],
        };
        for term in inner {
            if !kept.iter().any(|k| k.kind == term.kind) {
                kept.push(term);
            }
        }
    }
    match kept.as_slice() {
        [] => truth(and),
        [only] if never_none(only) => only.kind.clone(),
        _several if and => TermKind::And(kept),
        _several => TermKind::Or(kept),
    }
}

fn implication(a: Term, b: Term) -> TermKind {
    match (constant(&a), constant(&b)) {
        (Some(false), _) | (_, Some(true)) => truth(true),
        (Some(true), Some(false)) => truth(false),
        (None, Some(false)) => negation(a),
        (Some(true), None) if never_none(&b) => b.kind,
        (Some(true) | None, None) => TermKind::Implies(Box::new(a), Box::new(b)),
    }
}

fn comparison(op: CmpOp, a: Term, b: Term) -> TermKind {
    if let (Some(x), Some(y)) = (literal(&a), literal(&b)) {
        return truth(compare(op, x, y));
    }
    if a.kind == b.kind {
        match op {
            // Two reads of one thing are equal, absent or not.
            CmpOp::Eq => return truth(true),
            CmpOp::Ne | CmpOp::Lt | CmpOp::Gt => return truth(false),
            // Of something absent these are false.
            CmpOp::Le | CmpOp::Ge if never_none(&a) => return truth(true),
            CmpOp::Le | CmpOp::Ge => {}
        }
    }
    TermKind::Cmp(op, Box::new(a), Box::new(b))
}

fn membership(a: Term, list: Vec<Term>) -> TermKind {
    if list.is_empty() {
        return truth(false);
    }
    let values: Option<Vec<Value>> = list.iter().map(literal).collect();
    match (literal(&a), values) {
        (Some(item), Some(values)) => truth(values.contains(&item)),
        (Some(_) | None, _) => TermKind::In(Box::new(a), list),
    }
}

fn arithmetic(a: Term, b: Term, add: bool) -> TermKind {
    match (literal(&a), literal(&b)) {
        (Some(Value::None), _) | (_, Some(Value::None)) => return TermKind::Lit(Value::None),
        (Some(Value::Int(x)), Some(Value::Int(y))) => {
            let sum = if add {
                x.checked_add(y)
            } else {
                x.checked_sub(y)
            };
            return TermKind::Lit(sum.map_or(Value::None, Value::Int));
        }
        // Nothing added to an absent value is absent still.
        (_, Some(Value::Int(0))) => return a.kind,
        (Some(Value::Int(0)), _) if add => return b.kind,
        _no_constant => {}
    }
    if add {
        TermKind::Add(Box::new(a), Box::new(b))
    } else {
        TermKind::Sub(Box::new(a), Box::new(b))
    }
}

fn choice(c: Term, a: Term, b: Term) -> TermKind {
    match constant(&c) {
        Some(true) => a.kind,
        Some(false) => b.kind,
        None if a.kind == b.kind => a.kind,
        None => {
            let as_condition = never_none(&c)
                && c.ty == Ty::Bool
                && literal(&a) == Some(Value::Bool(true))
                && literal(&b) == Some(Value::Bool(false));
            if as_condition {
                c.kind
            } else {
                TermKind::If(Box::new(c), Box::new(a), Box::new(b))
            }
        }
    }
}
