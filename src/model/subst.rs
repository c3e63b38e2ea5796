//! `after`: a condition on the state after a step, written in terms of the state before. Tested against `step`, which it
//! has to agree with.

use super::system::{Command, System};
use crate::ir::{ArtId, Cell, EvId, Term, TermKind, Ty, Value};

/// `term` as it is after `command` has fired, as a term over the state before: each cell that is written becomes its new value.
/// Choices stay, since condition and command speak of the same ones. It means nothing where the command is not enabled or
/// leaves a range.
#[must_use]
pub fn after(system: &System, command: &Command, term: &Term) -> Term {
    let go = |t: &Term| after(system, command, t);
    let boxed = |t: &Term| Box::new(after(system, command, t));
    let kind = match &term.kind {
        TermKind::Read(cell) => {
            return written(system, command, *cell).map_or_else(|| term.clone(), Clone::clone);
        }
        TermKind::Fresh(e, only) => stamp(system, command, *e, *only, true),
        TermKind::Stale(e, only) => stamp(system, command, *e, *only, false),
        TermKind::Terminal => match command.to {
            Some(to) => TermKind::Lit(Value::Bool(system.is_terminal(to))),
            None => TermKind::Terminal,
        },
        TermKind::Lit(_) | TermKind::Choice(_) | TermKind::Input(_) => return term.clone(),
        TermKind::Not(a) => TermKind::Not(boxed(a)),
        TermKind::And(parts) => TermKind::And(parts.iter().map(go).collect()),
        TermKind::Or(parts) => TermKind::Or(parts.iter().map(go).collect()),
        TermKind::Implies(a, b) => TermKind::Implies(boxed(a), boxed(b)),
        TermKind::Cmp(op, a, b) => TermKind::Cmp(*op, boxed(a), boxed(b)),
        TermKind::In(a, list) => TermKind::In(boxed(a), list.iter().map(go).collect()),
        TermKind::Add(a, b) => TermKind::Add(boxed(a), boxed(b)),
        TermKind::Sub(a, b) => TermKind::Sub(boxed(a), boxed(b)),
        TermKind::If(c, a, b) => TermKind::If(boxed(c), boxed(a), boxed(b)),
    };
    Term {
        kind,
        ty: term.ty,
        span: term.span,
    }
}

/// The new value of a cell, if the command writes it.
fn written<'c>(system: &System, command: &'c Command, cell: Cell) -> Option<&'c Term> {
    let slot = system.slot(cell)?;
    let update = command.updates.iter().find(|u| u.slot == slot)?;
    Some(&update.value)
}

/// `fresh` or `stale` of evidence after the step: unchanged where none of its cells is written, else spelled out.
fn stamp(
    system: &System,
    command: &Command,
    e: EvId,
    only: Option<ArtId>,
    fresh: bool,
) -> TermKind {
    let of = system
        .symbols
        .evidence
        .get(e.ix())
        .map_or(&[][..], |s| &s.of);
    let bits: Vec<ArtId> = only.map_or_else(|| of.to_vec(), |a| vec![a]);
    let cells = || std::iter::once(Cell::Has(e)).chain(bits.iter().map(|a| Cell::Bit(e, *a)));
    if cells().all(|c| written(system, command, c).is_none()) {
        return if fresh {
            TermKind::Fresh(e, only)
        } else {
            TermKind::Stale(e, only)
        };
    }
    let now = |c| written(system, command, c).map_or_else(|| Term::read(c, Ty::Bool), Clone::clone);
    let current = Term::all(bits.iter().map(|a| now(Cell::Bit(e, *a))).collect());
    let current = if fresh { current } else { current.negated() };
    TermKind::And(vec![now(Cell::Has(e)), current])
}
