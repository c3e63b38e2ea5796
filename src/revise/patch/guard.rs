//! Guards in the text. What a guard says already stays as it is written, its line breaks and comments included.

use super::Patch;
use super::draft::{Draft, Edited, Step, range, scalar};
use super::part::condition;
use super::yaml::{Yaml, quoted};
use crate::ir::Expr;
use crate::ir::expr::{BinaryOp, ExprKind};
use crate::syntax::Node;

impl Patch {
    /// Adds a condition to a transition's guard, unless it is one of its parts already.
    pub(super) fn conjoin(&mut self, transition: &str, more: &Expr) -> Edited {
        let at = self.position("transitions", transition)?;
        self.conjoin_at(at, more)
    }

    /// The same for a transition by its position.
    pub(super) fn conjoin_at(&mut self, at: usize, more: &Expr) -> Edited {
        let way = [Step::Key("transitions"), Step::Item(at), Step::Key("when")];
        let Some(node) = self.draft.find(&way)? else {
            return self.put_in_transition(at, "when", &Yaml::Text(more.to_string()));
        };
        let old = condition(&scalar(&node)?.text)?;
        if conjuncts(&old).contains(&more.to_string()) {
            return Ok(());
        }
        let new = if joins(more, true) {
            more.to_string()
        } else {
            format!("({more})")
        };
        extend(&mut self.draft, &node, !joins(&old, false), &new)
    }
}

/// Writes `and new` behind a guard, and parentheses around what stands there if `enclose` says so.
fn extend(draft: &mut Draft, node: &Node, enclose: bool, new: &str) -> Edited {
    let scalar = scalar(node)?;
    let (open, close) = if enclose { ("(", ")") } else { ("", "") };
    let raw = draft.raw(node.span);
    let start = range(node.span).start;
    let body = raw.trim_end();
    if draft.block_header(node).is_some() {
        // On a line of its own, so that the lines that are there stay.
        let last = start + body.len();
        let line = draft.own_line(start)?;
        draft.splice(last, last, &format!("{close}{line}and {new}"))?;
        return draft.splice(start, start, open);
    }
    let inside = body
        .strip_prefix(['"', '\''])
        .and_then(|b| b.strip_suffix(['"', '\'']));
    match inside {
        Some(inside) if inside == scalar.text => {
            let (first, last) = (start + 1, start + body.len() - 1);
            draft.splice(last, last, &format!("{close} and {new}"))?;
            draft.splice(first, first, open)
        }
        Some(_) | None => {
            let old: Vec<&str> = scalar.text.split_whitespace().collect();
            let text = quoted(&format!("{open}{}{close} and {new}", old.join(" ")));
            draft.splice(start, start + body.len(), &text)
        }
    }
}

/// Whether an expression can stand as it is on this side of an `and` that is the outermost operator.
fn joins(e: &Expr, right: bool) -> bool {
    match &e.kind {
        ExprKind::Binary(op, ..) => match op {
            BinaryOp::Implies | BinaryOp::Or => false,
            BinaryOp::And => !right,
            BinaryOp::Eq
            | BinaryOp::Ne
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge
            | BinaryOp::Add
            | BinaryOp::Sub => true,
        },
        ExprKind::If(..) | ExprKind::Quantified { .. } => false,
        _ => true,
    }
}

/// What `and` joins, in canonical spelling; the parts of parts too.
pub(super) fn conjuncts(e: &Expr) -> Vec<String> {
    let mut all = vec![e.to_string()];
    if let ExprKind::Binary(BinaryOp::And, a, b) = &e.kind {
        all.extend(conjuncts(a));
        all.extend(conjuncts(b));
    }
    all
}
