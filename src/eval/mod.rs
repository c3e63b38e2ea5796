//! Evaluates a typed term, exactly as S-13 says of absent values. Trusted: the model and the gate's policy rest on it.

#[cfg(test)]
mod tests;

use crate::ir::term::CmpOp;
use crate::ir::{ArtId, Cell, ChoiceIx, EvId, Term, TermKind, Value};

/// Where the values of names come from.
pub trait Env {
    /// The value of a cell.
    fn read(&self, cell: Cell) -> Value;
    /// The value of a choice.
    fn choice(&self, choice: ChoiceIx) -> Value;
    /// The value of an input of a policy.
    fn input(&self, input: u16) -> Value;
    /// The artifacts that evidence is made from.
    fn artifacts(&self, evidence: EvId) -> &[ArtId];
    /// Whether the control state is a terminal one.
    fn at_terminal(&self) -> bool;
}

/// The value of `term` in `env`.
pub fn eval(term: &Term, env: &impl Env) -> Value {
    match &term.kind {
        TermKind::Lit(v) => *v,
        TermKind::Read(cell) => env.read(*cell),
        TermKind::Choice(c) => env.choice(*c),
        TermKind::Input(i) => env.input(*i),
        TermKind::Fresh(e, only) => Value::Bool(has(*e, env) && current(*e, *only, env)),
        TermKind::Stale(e, only) => Value::Bool(has(*e, env) && !current(*e, *only, env)),
        TermKind::Terminal => Value::Bool(env.at_terminal()),
        TermKind::Not(a) => Value::Bool(!truth(a, env)),
        TermKind::And(parts) => Value::Bool(parts.iter().all(|p| truth(p, env))),
        TermKind::Or(parts) => Value::Bool(parts.iter().any(|p| truth(p, env))),
        TermKind::Implies(a, b) => Value::Bool(!truth(a, env) || truth(b, env)),
        TermKind::Cmp(op, a, b) => Value::Bool(compare(*op, eval(a, env), eval(b, env))),
        TermKind::In(a, list) => {
            let item = eval(a, env);
            Value::Bool(list.iter().any(|x| eval(x, env) == item))
        }
        TermKind::Add(a, b) => arithmetic(eval(a, env), eval(b, env), i64::checked_add),
        TermKind::Sub(a, b) => arithmetic(eval(a, env), eval(b, env), i64::checked_sub),
        TermKind::If(c, a, b) => {
            if truth(c, env) {
                eval(a, env)
            } else {
                eval(b, env)
            }
        }
    }
}

/// Whether `term`, read as a condition, is true: an absent boolean is false (S-13).
pub fn truth(term: &Term, env: &impl Env) -> bool {
    eval(term, env).is_true()
}

fn has(e: EvId, env: &impl Env) -> bool {
    env.read(Cell::Has(e)).is_true()
}

fn current(e: EvId, only: Option<ArtId>, env: &impl Env) -> bool {
    match only {
        Some(a) => env.read(Cell::Bit(e, a)).is_true(),
        None => env
            .artifacts(e)
            .iter()
            .all(|a| env.read(Cell::Bit(e, *a)).is_true()),
    }
}

/// A comparison of two values of one type (S-13).
#[must_use]
pub fn compare(op: CmpOp, a: Value, b: Value) -> bool {
    match op {
        CmpOp::Eq => a == b,
        CmpOp::Ne => a != b,
        CmpOp::Lt => ints(a, b).is_some_and(|(a, b)| a < b),
        CmpOp::Le => ints(a, b).is_some_and(|(a, b)| a <= b),
        CmpOp::Gt => ints(a, b).is_some_and(|(a, b)| a > b),
        CmpOp::Ge => ints(a, b).is_some_and(|(a, b)| a >= b),
    }
}

const fn ints(a: Value, b: Value) -> Option<(i64, i64)> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some((a, b)),
        (
            Value::None | Value::Bool(_) | Value::Int(_) | Value::Enum(_),
            Value::None | Value::Bool(_) | Value::Int(_) | Value::Enum(_),
        ) => None,
    }
}

/// Literals have at most 7 digits and terms at most a bounded number of nodes, so a sum cannot leave 64 bits; should one all
/// the same, it is `none`, which no integer cell admits.
fn arithmetic(a: Value, b: Value, op: fn(i64, i64) -> Option<i64>) -> Value {
    ints(a, b)
        .and_then(|(a, b)| op(a, b))
        .map_or(Value::None, Value::Int)
}
