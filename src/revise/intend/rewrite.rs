//! States in expressions: one or several names become others, as data.
//!
//! An enum may have a value spelled like a state. Such a word is taken for the state only where something beside it says so;
//! should that guess be wrong, the types do not fit any more and `check` refuses the result.

use crate::ir::expr::{BinaryOp, ExprDomain, ExprKind};
use crate::ir::workflow::{Form, Refines, Workflow};
use crate::ir::{Expr, Name};

/// What becomes what.
pub(super) struct Rewriter<'a> {
    /// These states …
    pub of: &'a [Name],
    /// … become these: one, or several for one.
    pub into: &'a [Name],
    /// Words that are values of enums too.
    pub values: &'a [Name],
    /// All states, before.
    pub states: &'a [Name],
}

/// An expression in which several states would have to stand where one can.
pub(super) struct NoPlace(pub String);

impl Rewriter<'_> {
    /// Every expression of a workflow.
    ///
    /// # Errors
    /// The first expression that cannot be rewritten.
    pub(super) fn workflow(&self, w: &mut Workflow) -> Result<(), NoPlace> {
        for t in &mut w.transitions {
            for e in t
                .when
                .iter_mut()
                .chain(t.set.iter_mut().map(|(_, e)| e))
                .chain(
                    t.record
                        .iter_mut()
                        .flat_map(|r| r.fields.iter_mut().map(|(_, e)| e)),
                )
            {
                self.whole(e)?;
            }
        }
        for p in &mut w.properties {
            match &mut p.form {
                Form::Always(e)
                | Form::Never(e)
                | Form::AtRequire(_, e)
                | Form::AtEnsure(_, e)
                | Form::Reachable(e)
                | Form::CanReach(e)
                | Form::Eventually(e)
                | Form::InfinitelyOften(e) => self.whole(e)?,
                Form::LeadsTo(a, b) => {
                    self.whole(a)?;
                    self.whole(b)?;
                }
                Form::Precedes(..) => {}
            }
        }
        match &mut w.refines {
            Some(refines) => self.map(refines),
            None => Ok(()),
        }
    }

    /// The map of a refinement: the ends of the map of `state` are states of the other workflow.
    fn map(&self, refines: &mut Refines) -> Result<(), NoPlace> {
        for (_, e) in &mut refines.map {
            self.whole(e)?;
        }
        match &mut refines.state {
            Some(e) => self.conditions(e),
            None => Ok(()),
        }
    }

    /// Whether the map of a refinement names one of the states.
    pub(super) fn in_map(&self, refines: &Refines) -> bool {
        let probe = Rewriter { into: &[], ..*self };
        probe.map(&mut refines.clone()).is_err()
    }

    fn conditions(&self, e: &mut Expr) -> Result<(), NoPlace> {
        if let ExprKind::If(c, a, b) = &mut e.kind {
            self.whole(c)?;
            self.conditions(a)?;
            self.conditions(b)?;
        }
        Ok(())
    }

    fn whole(&self, e: &mut Expr) -> Result<(), NoPlace> {
        match self.expr(e, false) {
            Some(new) => {
                *e = new;
                Ok(())
            }
            None => Err(NoPlace(e.to_string())),
        }
    }

    /// Whether the expression names one of the states.
    pub(super) fn names(&self, e: &Expr, as_state: bool) -> bool {
        // A rewriter that has nothing to put in their place fails exactly where there is one.
        let probe = Rewriter { into: &[], ..*self };
        probe.expr(e, as_state).is_none()
    }

    fn hit(&self, e: &Expr, as_state: bool) -> bool {
        matches!(&e.kind, ExprKind::Name(n) if self.of.contains(n) && (as_state || !self.values.contains(n)))
    }

    /// Whether this is of the type of states, as far as it shows by itself.
    fn is_state(&self, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::State => true,
            ExprKind::Name(n) => self.states.contains(n) && !self.values.contains(n),
            ExprKind::If(_, a, b) => self.is_state(a) || self.is_state(b),
            _ => false,
        }
    }

    fn expr(&self, e: &Expr, as_state: bool) -> Option<Expr> {
        let new = |kind| Some(Expr { kind, span: e.span });
        let boxed = |e: &Expr, as_state| self.expr(e, as_state).map(Box::new);
        if self.hit(e, as_state) {
            return match self.into {
                [one] => new(ExprKind::Name(one.clone())),
                _ => None,
            };
        }
        match &e.kind {
            ExprKind::Int(_)
            | ExprKind::Bool(_)
            | ExprKind::None
            | ExprKind::Terminal
            | ExprKind::State
            | ExprKind::Me
            | ExprKind::Name(_)
            | ExprKind::Field(..)
            | ExprKind::Fresh(..)
            | ExprKind::Stale(..)
            | ExprKind::Has(_)
            | ExprKind::Len(_) => Some(e.clone()),
            ExprKind::Index(v, i) => new(ExprKind::Index(v.clone(), boxed(i, false)?)),
            ExprKind::Not(a) => new(ExprKind::Not(boxed(a, false)?)),
            ExprKind::Binary(op @ (BinaryOp::Eq | BinaryOp::Ne), a, b) => {
                let states = self.is_state(a) || self.is_state(b);
                let (left, right) = (self.hit(a, states), self.hit(b, states));
                let item = match (left, right) {
                    (true, false) => Some(b),
                    (false, true) => Some(a),
                    (true, true) | (false, false) => None,
                };
                match item {
                    Some(item) if self.into.len() > 1 => new(ExprKind::In {
                        item: boxed(item, states)?,
                        list: self.into.iter().map(|n| name(n, e)).collect(),
                        negated: *op == BinaryOp::Ne,
                    }),
                    Some(_) | None => {
                        new(ExprKind::Binary(*op, boxed(a, states)?, boxed(b, states)?))
                    }
                }
            }
            ExprKind::Binary(op, a, b) => {
                new(ExprKind::Binary(*op, boxed(a, false)?, boxed(b, false)?))
            }
            ExprKind::In {
                item,
                list,
                negated,
            } => {
                let states = self.is_state(item) || list.iter().any(|i| self.is_state(i));
                new(ExprKind::In {
                    item: boxed(item, states)?,
                    list: self.list(list, states)?,
                    negated: *negated,
                })
            }
            ExprKind::Quantified {
                quantifier,
                var,
                domain,
                body,
            } => {
                let domain = match domain {
                    ExprDomain::List(list) => {
                        let states = list.iter().any(|i| self.is_state(i))
                            || self.compares(body, &var.value);
                        ExprDomain::List(self.list(list, states)?)
                    }
                    ExprDomain::Actor(actor) => ExprDomain::Actor(actor.clone()),
                };
                new(ExprKind::Quantified {
                    quantifier: *quantifier,
                    var: var.clone(),
                    domain,
                    body: boxed(body, false)?,
                })
            }
            ExprKind::If(c, a, b) => new(ExprKind::If(
                boxed(c, false)?,
                boxed(a, as_state)?,
                boxed(b, as_state)?,
            )),
        }
    }

    /// The elements of a list; what is put in stands once.
    fn list(&self, list: &[Expr], states: bool) -> Option<Vec<Expr>> {
        let mut new: Vec<Expr> = Vec::new();
        let mut done = false;
        for item in list {
            if !self.hit(item, states) {
                new.push(self.expr(item, states)?);
            } else if !std::mem::replace(&mut done, true) {
                if self.into.is_empty() {
                    return None;
                }
                new.extend(self.into.iter().map(|n| name(n, item)));
            }
        }
        Some(new)
    }

    /// Whether a bound variable is compared with a state.
    fn compares(&self, e: &Expr, var: &Name) -> bool {
        let is_var = |e: &Expr| matches!(&e.kind, ExprKind::Name(n) if n == var);
        match &e.kind {
            ExprKind::Binary(op, a, b) => {
                let here = matches!(op, BinaryOp::Eq | BinaryOp::Ne)
                    && (is_var(a) && self.is_state(b) || is_var(b) && self.is_state(a));
                here || self.compares(a, var) || self.compares(b, var)
            }
            ExprKind::Not(a) => self.compares(a, var),
            ExprKind::If(c, a, b) => [c, a, b].iter().any(|e| self.compares(e, var)),
            ExprKind::In { item, list, .. } => {
                (is_var(item) && list.iter().any(|i| self.is_state(i)))
                    || (self.is_state(item) && list.iter().any(is_var))
            }
            ExprKind::Quantified { body, .. } => self.compares(body, var),
            _ => false,
        }
    }
}

fn name(n: &Name, at: &Expr) -> Expr {
    Expr {
        kind: ExprKind::Name(n.clone()),
        span: at.span,
    }
}
