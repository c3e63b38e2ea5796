//! Terms in the user's words, for notes. Explains only: no verdict rests on it.

use crate::ir::term::CmpOp;
use crate::ir::{ArtId, Symbols, Term, TermKind};

/// A term as an expression, without spare parentheses.
#[must_use]
pub fn show(symbols: &Symbols, term: &Term) -> String {
    write(symbols, term, 0)
}

/// `=>` 1, `or` 2, `and` 3, `not` 4, comparison 5, sum 6, atom 7.
fn write(symbols: &Symbols, term: &Term, around: u8) -> String {
    let at = |t: &Term, level| write(symbols, t, level);
    let list = |parts: &[Term], level, by: &str| {
        let parts: Vec<String> = parts.iter().map(|p| at(p, level)).collect();
        parts.join(by)
    };
    let only =
        |a: &Option<ArtId>| a.map_or_else(String::new, |a| format!(", {}", symbols.art_name(a)));
    let (level, text) = match &term.kind {
        TermKind::Lit(v) => (7, symbols.show(term.ty, *v)),
        TermKind::Read(cell) => (7, symbols.cell_name(*cell)),
        TermKind::Choice(c) => (7, format!("choice {}", c.0 + 1)),
        TermKind::Input(i) => (7, format!("input {i}")),
        TermKind::Fresh(e, a) => (7, format!("fresh({}{})", symbols.ev_name(*e), only(a))),
        TermKind::Stale(e, a) => (7, format!("stale({}{})", symbols.ev_name(*e), only(a))),
        TermKind::Terminal => (7, "terminal".to_owned()),
        TermKind::Not(a) => (4, format!("not {}", at(a, 4))),
        TermKind::And(parts) if parts.is_empty() => (7, "true".to_owned()),
        TermKind::Or(parts) if parts.is_empty() => (7, "false".to_owned()),
        TermKind::And(parts) => (3, list(parts, 4, " and ")),
        TermKind::Or(parts) => (2, list(parts, 3, " or ")),
        TermKind::Implies(a, b) => (1, format!("{} => {}", at(a, 2), at(b, 1))),
        TermKind::Cmp(op, a, b) => (5, format!("{} {} {}", at(a, 6), sign(*op), at(b, 6))),
        TermKind::In(a, parts) => (5, format!("{} in [{}]", at(a, 6), list(parts, 0, ", "))),
        TermKind::Add(a, b) => (6, format!("{} + {}", at(a, 6), at(b, 7))),
        TermKind::Sub(a, b) => (6, format!("{} - {}", at(a, 6), at(b, 7))),
        TermKind::If(c, a, b) => (
            0,
            format!("if {} then {} else {}", at(c, 1), at(a, 0), at(b, 0)),
        ),
    };
    if level < around {
        format!("({text})")
    } else {
        text
    }
}

const fn sign(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => "==",
        CmpOp::Ne => "!=",
        CmpOp::Lt => "<",
        CmpOp::Le => "<=",
        CmpOp::Gt => ">",
        CmpOp::Ge => ">=",
    }
}
