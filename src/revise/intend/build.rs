//! New parts of a workflow, as data.

use super::{Editor, NOWHERE, put};
use crate::finding::critique::TransitionSpec;
use crate::ir::expr::{BinaryOp, ExprKind};
use crate::ir::workflow::{Actor, Fairness, Transition};
use crate::ir::{Expr, Name};
use crate::revise::error::{Why, shown};

const fn expr(kind: ExprKind) -> Expr {
    Expr {
        kind,
        span: NOWHERE,
    }
}

/// An integer.
pub(super) const fn int(n: i64) -> Expr {
    expr(ExprKind::Int(n))
}

/// Two operands.
pub(super) fn binary(op: BinaryOp, a: Expr, b: Expr) -> Expr {
    expr(ExprKind::Binary(op, Box::new(a), Box::new(b)))
}

/// `not e`.
pub(super) fn not(e: Expr) -> Expr {
    expr(ExprKind::Not(Box::new(e)))
}

/// `true`.
pub(super) const fn truth() -> Expr {
    expr(ExprKind::Bool(true))
}

/// `name < n`.
pub(super) fn less_than(name: &Name, n: i64) -> Expr {
    binary(BinaryOp::Lt, expr(ExprKind::Name(name.clone())), int(n))
}

/// `name + 1`.
pub(super) fn one_more(name: &Name) -> Expr {
    binary(BinaryOp::Add, expr(ExprKind::Name(name.clone())), int(1))
}

/// `fresh(name)`.
pub(super) fn fresh(name: &Name) -> Expr {
    expr(ExprKind::Fresh(put(name.clone()), None))
}

/// A transition that does nothing but lead from here to there.
pub(super) fn step(
    id: Name,
    actor: Name,
    from: Vec<Name>,
    to: Name,
    when: Option<Expr>,
) -> Transition {
    Transition {
        id: put(id),
        actor: put(actor),
        from: Some(from.into_iter().map(put).collect()),
        to: Some(put(to)),
        choose: Vec::new(),
        when,
        set: Vec::new(),
        bump: Vec::new(),
        drop: Vec::new(),
        record: Vec::new(),
        fair: None,
        span: NOWHERE,
    }
}

impl Editor {
    /// A transition as a critique writes it, and its actor if that is to be declared.
    pub(super) fn transition_of(
        &mut self,
        spec: &TransitionSpec,
    ) -> Option<(Transition, Option<Actor>)> {
        let id = self.name(&spec.id);
        if self
            .w
            .transitions
            .iter()
            .any(|t| t.id.value.as_str() == spec.id)
        {
            self.wrong.push(Why::Taken {
                name: spec.id.clone(),
                by: "transition",
            });
        }
        let actor = self.actor_or_new(&spec.actor, false);
        let from: Vec<_> = spec.from.iter().map(|s| self.ordinary(s)).collect();
        let to = spec.to.as_ref().map(|s| self.state(s));
        let choose = self.typed(&spec.choose);
        let when = spec.when.as_ref().map(|e| self.expression("when", e));
        let set: Vec<_> = spec
            .set
            .iter()
            .map(|(v, e)| {
                let e = self.expression(&format!("set.{}", shown(v)), e);
                self.variable(v).zip(e).map(|(v, e)| (put(v), e))
            })
            .collect();
        let bump: Vec<_> = spec.bump.iter().map(|a| self.artifact(a)).collect();
        let drop: Vec<_> = spec.drop.iter().map(|e| self.evidence(e)).collect();
        let record: Vec<_> = spec
            .record
            .iter()
            .map(|(e, r)| self.record_of(e, r))
            .collect();
        let fair = match spec.fair.as_deref() {
            None => Some(None),
            Some("weak") => Some(Some(put(Fairness::Weak))),
            Some("strong") => Some(Some(put(Fairness::Strong))),
            Some(other) => self.fail(Why::Word {
                found: other.to_owned(),
                known: "`weak`, `strong`",
            }),
        };
        let lists = [
            ("`from`", &spec.from),
            ("`bump`", &spec.bump),
            ("`drop`", &spec.drop),
        ];
        for (what, list) in lists {
            let _ = self.no_doubles(what, list);
        }
        if !self.wrong.is_empty() {
            return None;
        }
        let all = |list: Vec<Option<Name>>| -> Option<Vec<_>> {
            list.into_iter().map(|n| n.map(put)).collect()
        };
        let from = all(from)?;
        let (actor, declare) = actor?;
        let to = match to {
            Some(to) => Some(put(to?)),
            None => None,
        };
        let when = match when {
            Some(when) => Some(when?),
            None => None,
        };
        let made = Transition {
            id: put(id?),
            actor: put(actor),
            from: (!from.is_empty()).then_some(from),
            to,
            choose: choose?,
            when,
            set: set.into_iter().collect::<Option<_>>()?,
            bump: all(bump)?,
            drop: all(drop)?,
            record: record.into_iter().collect::<Option<_>>()?,
            fair: fair?,
            span: NOWHERE,
        };
        Some((made, declare))
    }
}
