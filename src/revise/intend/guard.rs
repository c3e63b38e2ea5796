//! Guards: conditions that are added.

use super::{Editor, build};
use crate::ir::Expr;
use crate::ir::expr::{BinaryOp, ExprKind};

impl Editor {
    pub(super) fn add_guard(&mut self, transition: &str, when: &str) -> Option<()> {
        let at = self.transition(transition);
        let when = self.expression("when", when);
        let (at, when) = (at?, when?);
        self.conjoin(at, when);
        Some(())
    }

    pub(super) fn require_fresh(&mut self, transition: &str, evidence: &str) -> Option<()> {
        let at = self.transition(transition);
        let evidence = self.evidence(evidence);
        let (at, evidence) = (at?, evidence?);
        self.conjoin(at, build::fresh(&evidence));
        Some(())
    }

    /// Adds a condition to a guard, unless it is one of its parts already.
    pub(super) fn conjoin(&mut self, transition: usize, more: Expr) {
        let Some(t) = self.w.transitions.get_mut(transition) else {
            return;
        };
        t.when = Some(match t.when.take() {
            None => more,
            Some(old) if demands(&old, &more.to_string()) => {
                self.notes
                    .push(format!("`{}` demands `{more}` already", t.id.value));
                old
            }
            Some(old) => build::binary(BinaryOp::And, old, more),
        });
    }
}

/// Whether a condition is one of the parts that `and` joins in a guard.
fn demands(guard: &Expr, condition: &str) -> bool {
    if guard.to_string() == condition {
        return true;
    }
    match &guard.kind {
        ExprKind::Binary(BinaryOp::And, a, b) => demands(a, condition) || demands(b, condition),
        _ => false,
    }
}
