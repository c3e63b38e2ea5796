//! The type an expression has by itself, without looking at where it stands: what the other side of a comparison goes by.

use super::elaborate::Elaborator;
use super::scope::Entity;
use crate::ir::expr::{BinaryOp, ExprKind, Quantifier};
use crate::ir::{ChoiceIx, Domain, Expr, Name, PolicyInput, Ty};

/// A name bound around an expression.
#[derive(Clone, Copy)]
pub(super) enum Local<'a> {
    /// A choice of the transition.
    Choice(&'a Name, ChoiceIx, Domain),
    /// A bound variable, standing for an element of its list as read at this depth of binding.
    Bound(&'a Name, &'a Expr, usize),
}

impl Local<'_> {
    pub(super) const fn name(&self) -> &Name {
        match self {
            Self::Choice(name, ..) | Self::Bound(name, ..) => name,
        }
    }
}

/// The type of a policy's input.
pub(super) fn input_ty(input: u16) -> Option<Ty> {
    PolicyInput::ALL.get(usize::from(input)).map(|i| i.ty())
}

impl Elaborator<'_> {
    /// The type that sides of a comparison share: from a side that has one by itself, else from a value that only one type has.
    pub(super) fn common_type<'e>(
        &self,
        sides: impl Iterator<Item = &'e Expr> + Clone,
    ) -> Option<Ty> {
        let mut own = sides
            .clone()
            .filter_map(|e| self.own_type(e, self.locals.len(), false));
        own.next().or_else(|| {
            let mut sides = sides;
            sides.find_map(|e| self.own_type(e, self.locals.len(), true))
        })
    }

    /// The type an expression has by itself, read with the first `depth` locals; with `guess`, also from the one type a value has.
    fn own_type(&self, expr: &Expr, depth: usize, guess: bool) -> Option<Ty> {
        match &expr.kind {
            ExprKind::Int(_) => Some(Ty::Int),
            ExprKind::State => Some(Ty::State),
            ExprKind::None | ExprKind::Me | ExprKind::Index(..) => None,
            ExprKind::Bool(_)
            | ExprKind::Terminal
            | ExprKind::Fresh(..)
            | ExprKind::Stale(..)
            | ExprKind::Has(_)
            | ExprKind::Not(_)
            | ExprKind::In { .. } => Some(Ty::Bool),
            ExprKind::Len(_) => Some(Ty::Int),
            ExprKind::Binary(op, ..) => Some(match op {
                BinaryOp::Add | BinaryOp::Sub => Ty::Int,
                BinaryOp::Implies
                | BinaryOp::Or
                | BinaryOp::And
                | BinaryOp::Eq
                | BinaryOp::Ne
                | BinaryOp::Lt
                | BinaryOp::Le
                | BinaryOp::Gt
                | BinaryOp::Ge => Ty::Bool,
            }),
            ExprKind::Quantified { quantifier, .. } => Some(match quantifier {
                Quantifier::Count => Ty::Int,
                Quantifier::Forall | Quantifier::Exists => Ty::Bool,
            }),
            ExprKind::If(_, a, b) => self
                .own_type(a, depth, guess)
                .or_else(|| self.own_type(b, depth, guess)),
            ExprKind::Field(e, f) => match self.scope.get(&e.value) {
                Some(Entity::Evidence(id)) => {
                    let fields = &self.symbols.evidence.get(id.ix())?.fields;
                    let field = fields.iter().find(|s| s.name == f.value)?;
                    Some(field.domain.ty())
                }
                Some(
                    Entity::Var(_)
                    | Entity::Artifact(_)
                    | Entity::State(_)
                    | Entity::Actor(_)
                    | Entity::Input(_),
                )
                | None => None,
            },
            ExprKind::Name(name) => self.own_type_of_name(name, depth, guess),
        }
    }

    fn own_type_of_name(&self, name: &Name, depth: usize, guess: bool) -> Option<Ty> {
        let mut locals = self.locals.iter().take(depth).rev();
        match locals.find(|l| l.name() == name) {
            Some(Local::Choice(_, _, domain)) => return Some(domain.ty()),
            Some(Local::Bound(_, element, depth)) => return self.own_type(element, *depth, guess),
            None => {}
        }
        let values = self.scope.value(name);
        match self.scope.get(name) {
            Some(Entity::Var(v)) => self.symbols.vars.get(v.ix()).map(|s| s.domain.ty()),
            Some(Entity::Input(n)) => input_ty(n),
            Some(Entity::State(_)) => (guess && values.is_empty()).then_some(Ty::State),
            Some(Entity::Evidence(_) | Entity::Artifact(_) | Entity::Actor(_)) => None,
            None => match values {
                [(id, _)] if guess => Some(Ty::Enum(*id)),
                _ambiguous => None,
            },
        }
    }
}
