//! States in the texts of expressions: the bytes of a name are replaced and nothing else, through line breaks and quotes.
//!
//! An enum may have a value spelled like a state. Such a word is taken for the state only where something beside it says so.

use std::collections::BTreeSet;

use super::draft::{Draft, Edited, Stuck, range, scalar};
use super::part::condition;
use super::yaml::quoted;
use crate::ir::Expr;
use crate::ir::expr::{BinaryOp, ExprDomain, ExprKind};
use crate::syntax::Node;

/// What becomes what.
pub(super) struct Words<'a> {
    /// These states …
    pub of: &'a [String],
    /// … become these.
    pub into: &'a [String],
    /// Words that are values of enums too.
    pub values: &'a BTreeSet<String>,
    /// All states, before.
    pub states: &'a BTreeSet<String>,
}

/// The bytes from here to there in the text of an expression, and what comes in their place.
type Edit = (usize, usize, String);

impl Words<'_> {
    /// The edits of the file that rewrite one expression; with `conditions`, only the conditions of its `if`s.
    pub(super) fn edits(
        &self,
        draft: &Draft,
        node: &Node,
        conditions: bool,
    ) -> Edited<Vec<(usize, usize, String)>> {
        let text = &scalar(node)?.text;
        let e = condition(text)?;
        let mut edits = Vec::new();
        if conditions {
            self.conditions(text, &e, &mut edits)?;
        } else {
            self.expr(text, &e, false, &mut edits)?;
        }
        edits.sort();
        if edits.is_empty() {
            return Ok(edits);
        }
        in_file(draft, node, edits)
    }

    fn conditions(&self, text: &str, e: &Expr, edits: &mut Vec<Edit>) -> Edited {
        if let ExprKind::If(c, a, b) = &e.kind {
            self.expr(text, c, false, edits)?;
            self.conditions(text, a, edits)?;
            self.conditions(text, b, edits)?;
        }
        Ok(())
    }

    fn hit(&self, e: &Expr, as_state: bool) -> bool {
        match &e.kind {
            ExprKind::Name(n) => {
                let n = n.as_str();
                self.of.iter().any(|o| o == n) && (as_state || !self.values.contains(n))
            }
            _ => false,
        }
    }

    /// Whether it shows by itself that this is a state.
    fn shows(&self, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::State => true,
            ExprKind::Name(n) => {
                self.states.contains(n.as_str()) && !self.values.contains(n.as_str())
            }
            ExprKind::If(_, a, b) => self.shows(a) || self.shows(b),
            _ => false,
        }
    }

    fn expr(&self, text: &str, e: &Expr, as_state: bool, edits: &mut Vec<Edit>) -> Edited {
        if self.hit(e, as_state) {
            let [one] = self.into else {
                return Err(Stuck(format!(
                    "several states in the place of one in `{text}`"
                )));
            };
            edits.push(whole(e, one.clone()));
            return Ok(());
        }
        match &e.kind {
            ExprKind::Not(a) | ExprKind::Index(_, a) => self.expr(text, a, false, edits),
            ExprKind::Binary(op @ (BinaryOp::Eq | BinaryOp::Ne), a, b) => {
                let states = self.shows(a) || self.shows(b);
                let word = if *op == BinaryOp::Eq { "in" } else { "not in" };
                let list = format!("{word} [{}]", self.into.join(", "));
                match (self.into, self.hit(a, states), self.hit(b, states)) {
                    ([_, _, ..], false, true) => {
                        self.expr(text, a, states, edits)?;
                        let from = solid(text, range(a.span).end);
                        edits.push((from, range(b.span).end, list));
                        Ok(())
                    }
                    ([_, _, ..], true, false) => {
                        let from = range(b.span);
                        edits.push((range(a.span).start, from.start, String::new()));
                        self.expr(text, b, states, edits)?;
                        edits.push((from.end, from.end, format!(" {list}")));
                        Ok(())
                    }
                    _ => {
                        self.expr(text, a, states, edits)?;
                        self.expr(text, b, states, edits)
                    }
                }
            }
            ExprKind::Binary(_, a, b) => {
                self.expr(text, a, false, edits)?;
                self.expr(text, b, false, edits)
            }
            ExprKind::In { item, list, .. } => {
                let states = self.shows(item) || list.iter().any(|i| self.shows(i));
                self.expr(text, item, states, edits)?;
                self.list(text, list, states, edits)
            }
            ExprKind::Quantified {
                var, domain, body, ..
            } => {
                if let ExprDomain::List(list) = domain {
                    let states = list.iter().any(|i| self.shows(i))
                        || self.is_compared(body, var.value.as_str());
                    self.list(text, list, states, edits)?;
                }
                self.expr(text, body, false, edits)
            }
            ExprKind::If(c, a, b) => {
                self.expr(text, c, false, edits)?;
                self.expr(text, a, as_state, edits)?;
                self.expr(text, b, as_state, edits)
            }
            _ => Ok(()),
        }
    }

    /// In a list the new names stand once; a second old name goes together with the comma before it.
    fn list(&self, text: &str, list: &[Expr], states: bool, edits: &mut Vec<Edit>) -> Edited {
        let mut done = false;
        let mut before = 0;
        for item in list {
            let end = range(item.span).end;
            if !self.hit(item, states) {
                self.expr(text, item, states, edits)?;
            } else if done {
                edits.push((solid(text, before), end, String::new()));
            } else {
                done = true;
                edits.push(whole(item, self.into.join(", ")));
            }
            before = end;
        }
        Ok(())
    }

    /// Whether a bound variable is compared with what shows that it is a state.
    fn is_compared(&self, e: &Expr, var: &str) -> bool {
        let is_var = |e: &Expr| matches!(&e.kind, ExprKind::Name(n) if n.as_str() == var);
        match &e.kind {
            ExprKind::Binary(BinaryOp::Eq | BinaryOp::Ne, a, b)
                if is_var(a) && self.shows(b) || is_var(b) && self.shows(a) =>
            {
                true
            }
            ExprKind::Binary(_, a, b) => self.is_compared(a, var) || self.is_compared(b, var),
            ExprKind::Not(a) | ExprKind::Quantified { body: a, .. } => self.is_compared(a, var),
            ExprKind::If(c, a, b) => {
                self.is_compared(c, var) || self.is_compared(a, var) || self.is_compared(b, var)
            }
            ExprKind::In { item, list, .. } => {
                is_var(item) && list.iter().any(|i| self.shows(i))
                    || self.shows(item) && list.iter().any(is_var)
            }
            _ => false,
        }
    }
}

/// An edit of a whole part, parentheses around it included.
fn whole(e: &Expr, new: String) -> Edit {
    let bytes = range(e.span);
    (bytes.start, bytes.end, new)
}

/// The first byte from here on that is no white space.
fn solid(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or("");
    from + rest.len() - rest.trim_start().len()
}

/// Edits of an expression's text as edits of the file. YAML changes nothing but white space between the two, unless there
/// are escapes: then the scalar is written anew.
fn in_file(draft: &Draft, node: &Node, edits: Vec<Edit>) -> Edited<Vec<Edit>> {
    let scalar = scalar(node)?;
    let raw = draft.raw(node.span);
    let start = range(node.span).start;
    let skip = usize::from(!scalar.plain && raw.starts_with(['"', '\'']));
    let inside = raw.get(skip..raw.len() - skip).unwrap_or("");
    let solid_bytes = |text: &str| -> Vec<(usize, char)> {
        text.char_indices()
            .filter(|(_, c)| !c.is_whitespace())
            .collect()
    };
    let (here, there) = (solid_bytes(&scalar.text), solid_bytes(inside));
    let same = here.len() == there.len() && here.iter().zip(&there).all(|(a, b)| a.1 == b.1);
    let breaks_out = scalar.plain
        && scalar.flow
        && edits
            .iter()
            .any(|(_, _, new)| new.contains([',', '[', ']']));
    if !same || breaks_out {
        let mut text = scalar.text.clone();
        for (from, to, new) in edits.into_iter().rev() {
            text.replace_range(from..to, &new);
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        if draft.block_header(node).is_some() {
            return Err(Stuck("a block of text with escapes".to_owned()));
        }
        return Ok(vec![(start, draft.end(node), quoted(&words.join(" ")))]);
    }
    let lost = || Stuck("a place in an expression".to_owned());
    // The byte in the file of the first solid byte from `at` on, and the one right behind the last solid byte before `at`.
    let first = |at: usize| {
        let n = here.iter().position(|(i, _)| *i >= at).ok_or_else(lost)?;
        there.get(n).map(|(i, _)| start + skip + i).ok_or_else(lost)
    };
    let behind = |at: usize| {
        let n = here.iter().rposition(|(i, _)| *i < at).ok_or_else(lost)?;
        there
            .get(n)
            .map(|(i, c)| start + skip + i + c.len_utf8())
            .ok_or_else(lost)
    };
    edits
        .into_iter()
        .map(|(from, to, new)| {
            let ends_solid = here.iter().any(|(i, c)| i + c.len_utf8() == to);
            match (from == to, ends_solid) {
                (true, _) => Ok((behind(from)?, behind(from)?, new)),
                (false, true) => Ok((first(from)?, behind(to)?, new)),
                (false, false) => Ok((first(from)?, first(to)?, new)),
            }
        })
        .collect()
}
