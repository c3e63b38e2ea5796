//! Writes quantifiers over lists out: the body once for each element.

use super::elaborate::Elaborator;
use super::error::CheckError;
use super::infer::Local;
use crate::ir::expr::{ExprDomain, ExprKind, Quantifier};
use crate::ir::{Expr, Name, Span, Spanned, Term, TermKind, Ty, Value};

impl<'a> Elaborator<'a> {
    /// The conjunction, disjunction or sum that a quantifier stands for.
    pub(super) fn quantified(
        &mut self,
        quantifier: Quantifier,
        var: &'a Spanned<Name>,
        domain: &'a ExprDomain,
        body: &'a Expr,
        span: Span,
    ) -> Option<Term> {
        let list = match domain {
            ExprDomain::List(list) => list,
            ExprDomain::Actor(actor) => {
                return self.refuse("a quantifier over an actor's instances", actor.span);
            }
        };
        self.check_local(var);
        if self.locals.iter().any(|l| *l.name() == var.value) {
            self.errors.push(CheckError::Shadows {
                name: var.value.clone(),
                what: "local name",
                span: var.span,
            });
            return None;
        }
        for element in list {
            self.known_element(element);
        }
        let depth = self.locals.len();
        let mut parts = Vec::new();
        let mut complete = true;
        for element in list {
            self.locals.push(Local::Bound(&var.value, element, depth));
            match self.node(body, Some(Ty::Bool)) {
                Some(part) => parts.push(part),
                None => complete = false,
            }
            self.locals.truncate(depth);
        }
        if !complete {
            return None;
        }
        let here = |kind, ty| Term {
            kind,
            ty,
            span: Some(span),
        };
        Some(match quantifier {
            Quantifier::Forall => here(TermKind::And(parts), Ty::Bool),
            Quantifier::Exists => here(TermKind::Or(parts), Ty::Bool),
            Quantifier::Count => {
                let number = |n| here(TermKind::Lit(Value::Int(n)), Ty::Int);
                let ones = parts.into_iter().map(|p| {
                    let branches = (Box::new(number(1)), Box::new(number(0)));
                    here(TermKind::If(Box::new(p), branches.0, branches.1), Ty::Int)
                });
                sum(ones.collect(), span)
            }
        })
    }

    /// Reports an element that is an unknown name even if the body never reads it.
    fn known_element(&mut self, element: &Expr) {
        if let ExprKind::Name(name) = &element.kind {
            let known = self.locals.iter().any(|l| l.name() == name)
                || self.scope.get(name).is_some()
                || !self.scope.value(name).is_empty();
            if !known {
                self.unknown(name, element.span);
            }
        }
    }
}

/// The sum of `parts` as a balanced tree, so that its depth stays small.
fn sum(mut parts: Vec<Term>, span: Span) -> Term {
    let here = |kind| Term {
        kind,
        ty: Ty::Int,
        span: Some(span),
    };
    if parts.len() > 1 {
        let right = parts.split_off(parts.len() / 2);
        return here(TermKind::Add(
            Box::new(sum(parts, span)),
            Box::new(sum(right, span)),
        ));
    }
    parts
        .pop()
        .unwrap_or_else(|| here(TermKind::Lit(Value::Int(0))))
}
