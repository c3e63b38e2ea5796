//! Concurrency between instances and channels: recognised, and refused with one code of its own.

use crate::ir::Span;
use crate::ir::expr::{Expr, ExprDomain, ExprKind};

/// The first thing in `e` that is about instances or channels: its place and what it is.
pub(super) fn find(e: &Expr) -> Option<(Span, &'static str)> {
    let here = |what| Some((e.span, what));
    match &e.kind {
        ExprKind::Me => here("the acting instance"),
        ExprKind::Index(..) => here("a cell of one instance"),
        ExprKind::Len(_) => here("the length of a channel"),
        ExprKind::Int(_)
        | ExprKind::Bool(_)
        | ExprKind::None
        | ExprKind::Terminal
        | ExprKind::State
        | ExprKind::Name(_)
        | ExprKind::Field(..)
        | ExprKind::Fresh(..)
        | ExprKind::Stale(..)
        | ExprKind::Has(_) => None,
        ExprKind::Not(inner) => find(inner),
        ExprKind::Binary(_, left, right) => find(left).or_else(|| find(right)),
        ExprKind::In { item, list, .. } => find(item).or_else(|| list.iter().find_map(find)),
        ExprKind::Quantified { domain, body, .. } => match domain {
            ExprDomain::Actor(name) => Some((name.span, "the instances of an actor")),
            ExprDomain::List(items) => items.iter().find_map(find).or_else(|| find(body)),
        },
        ExprKind::If(condition, yes, no) => {
            find(condition).or_else(|| find(yes)).or_else(|| find(no))
        }
    }
}
