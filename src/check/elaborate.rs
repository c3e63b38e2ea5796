//! Turns an expression as written into a typed term: names resolved, quantifiers over lists written out.
//!
//! An enum value or state is resolved by the type expected where it stands; where one side of a comparison says the type,
//! the other side takes it.

use super::error::CheckError;
use super::infer::{Local, input_ty};
use super::scope::{Entity, Scope};
use super::words::{describe_ty, describe_value_types};
use crate::ir::expr::{BinaryOp, ExprKind};
use crate::ir::term::CmpOp;
use crate::ir::{
    ArtId, Cell, ChoiceIx, Domain, EvId, Expr, Name, Span, Spanned, Symbols, Term, TermKind, Ty,
    Value,
};

/// The most nodes of one term once its quantifiers are written out.
const TERM_LIMIT: usize = 20_000;

/// Elaborates the expressions of one place (one transition, one property, one rule).
pub(super) struct Elaborator<'a> {
    pub(super) symbols: &'a Symbols,
    pub(super) scope: &'a Scope,
    pub(super) locals: Vec<Local<'a>>,
    pub(super) errors: &'a mut Vec<CheckError>,
    nodes: usize,
    /// The expression being elaborated.
    whole: Option<Span>,
}

impl<'a> Elaborator<'a> {
    pub(super) const fn new(
        symbols: &'a Symbols,
        scope: &'a Scope,
        errors: &'a mut Vec<CheckError>,
    ) -> Self {
        Self {
            symbols,
            scope,
            locals: Vec::new(),
            errors,
            nodes: 0,
            whole: None,
        }
    }

    /// With the choices of a transition in scope.
    pub(super) fn with_choices(mut self, choices: &'a [(Name, Domain)]) -> Self {
        let numbered = (0u16..).map(ChoiceIx).zip(choices);
        self.locals
            .extend(numbered.map(|(ix, (name, domain))| Local::Choice(name, ix, *domain)));
        self
    }

    /// Looks a name up, its errors among those of this place.
    pub(super) fn lookup<T>(
        &mut self,
        find: impl FnOnce(&Scope, &mut Vec<CheckError>) -> Option<T>,
    ) -> Option<T> {
        find(self.scope, self.errors)
    }

    /// Reports a local name that something else has already.
    pub(super) fn check_local(&mut self, name: &Spanned<Name>) {
        let hidden = if let Some(entity) = self.scope.get(&name.value) {
            entity.what()
        } else if !self.scope.value(&name.value).is_empty() {
            "enum value"
        } else {
            return;
        };
        self.errors.push(CheckError::Shadows {
            name: name.value.clone(),
            what: hidden,
            span: name.span,
        });
    }

    /// The term of a whole expression, of type `want` where one is needed. `None` when something is wrong, which is reported.
    pub(super) fn term(&mut self, expr: &'a Expr, want: Option<Ty>) -> Option<Term> {
        self.nodes = 0;
        self.whole = Some(expr.span);
        self.node(expr, want)
    }

    pub(super) fn node(&mut self, expr: &'a Expr, want: Option<Ty>) -> Option<Term> {
        self.nodes += 1;
        if self.nodes > TERM_LIMIT {
            if self.nodes == TERM_LIMIT + 1 {
                self.errors.push(CheckError::Expansion {
                    limit: TERM_LIMIT,
                    span: self.whole.unwrap_or(expr.span),
                });
            }
            return None;
        }
        let mut term = self.form(expr, want)?;
        match want {
            Some(want) if term.ty == Ty::None => term.ty = want,
            Some(want) if term.ty != want => {
                self.errors.push(CheckError::TypeMismatch {
                    wanted: describe_ty(self.symbols, want),
                    found: describe_ty(self.symbols, term.ty),
                    span: expr.span,
                });
                return None;
            }
            Some(_) | None => {}
        }
        Some(term)
    }

    fn form(&mut self, expr: &'a Expr, want: Option<Ty>) -> Option<Term> {
        let span = expr.span;
        let make = |kind, ty| {
            Some(Term {
                kind,
                ty,
                span: Some(span),
            })
        };
        match &expr.kind {
            ExprKind::Int(n) => make(TermKind::Lit(Value::Int(*n)), Ty::Int),
            ExprKind::Bool(b) => make(TermKind::Lit(Value::Bool(*b)), Ty::Bool),
            ExprKind::None => make(TermKind::Lit(Value::None), Ty::None),
            ExprKind::Terminal => {
                self.not_in_policy("terminal", span)?;
                make(TermKind::Terminal, Ty::Bool)
            }
            ExprKind::State => {
                self.not_in_policy("state", span)?;
                make(TermKind::Read(Cell::State), Ty::State)
            }
            ExprKind::Me => self.refuse("`me`", span),
            ExprKind::Index(..) => self.refuse("`var[index]`", span),
            ExprKind::Len(_) => self.refuse("`len`", span),
            ExprKind::Name(name) => self.name(name, span, want),
            ExprKind::Field(e, f) => {
                let (cell, ty) = self.field(e, f)?;
                make(TermKind::Read(cell), ty)
            }
            ExprKind::Has(e) => {
                let e = self.evidence(e)?;
                make(TermKind::Read(Cell::Has(e)), Ty::Bool)
            }
            ExprKind::Fresh(e, a) => {
                let (e, a) = self.stamp(e, a.as_ref())?;
                make(TermKind::Fresh(e, a), Ty::Bool)
            }
            ExprKind::Stale(e, a) => {
                let (e, a) = self.stamp(e, a.as_ref())?;
                make(TermKind::Stale(e, a), Ty::Bool)
            }
            ExprKind::Not(a) => {
                let a = self.node(a, Some(Ty::Bool))?;
                make(TermKind::Not(Box::new(a)), Ty::Bool)
            }
            ExprKind::Binary(op, a, b) => {
                let kind = match op {
                    BinaryOp::And => TermKind::And(self.chain(*op, a, b)?),
                    BinaryOp::Or => TermKind::Or(self.chain(*op, a, b)?),
                    BinaryOp::Implies => {
                        let a = self.node(a, Some(Ty::Bool));
                        let b = self.node(b, Some(Ty::Bool));
                        TermKind::Implies(Box::new(a?), Box::new(b?))
                    }
                    BinaryOp::Eq => self.comparison(CmpOp::Eq, a, b)?,
                    BinaryOp::Ne => self.comparison(CmpOp::Ne, a, b)?,
                    BinaryOp::Lt => self.comparison(CmpOp::Lt, a, b)?,
                    BinaryOp::Le => self.comparison(CmpOp::Le, a, b)?,
                    BinaryOp::Gt => self.comparison(CmpOp::Gt, a, b)?,
                    BinaryOp::Ge => self.comparison(CmpOp::Ge, a, b)?,
                    BinaryOp::Add | BinaryOp::Sub => return self.sum(expr),
                };
                make(kind, Ty::Bool)
            }
            ExprKind::In {
                item,
                list,
                negated,
            } => {
                let ty = self.common_type(std::iter::once(&**item).chain(list));
                let item = self.node(item, ty);
                let list: Vec<_> = list.iter().map(|x| self.node(x, ty)).collect();
                let list: Option<Vec<_>> = list.into_iter().collect();
                let found = make(TermKind::In(Box::new(item?), list?), Ty::Bool)?;
                if *negated {
                    make(TermKind::Not(Box::new(found)), Ty::Bool)
                } else {
                    Some(found)
                }
            }
            ExprKind::Quantified {
                quantifier,
                var,
                domain,
                body,
            } => self.quantified(*quantifier, var, domain, body, span),
            ExprKind::If(c, a, b) => {
                let c = self.node(c, Some(Ty::Bool));
                let ty = want.or_else(|| self.common_type([&**a, &**b].into_iter()));
                let a = self.node(a, ty);
                let b = self.node(b, ty);
                let (c, a, b) = (c?, a?, b?);
                let ty = if a.ty == Ty::None { b.ty } else { a.ty };
                make(TermKind::If(Box::new(c), Box::new(a), Box::new(b)), ty)
            }
        }
    }

    fn comparison(&mut self, op: CmpOp, a: &'a Expr, b: &'a Expr) -> Option<TermKind> {
        let ty = match op {
            CmpOp::Eq | CmpOp::Ne => self.common_type([a, b].into_iter()),
            CmpOp::Lt | CmpOp::Le | CmpOp::Gt | CmpOp::Ge => Some(Ty::Int),
        };
        let a = self.node(a, ty);
        let b = self.node(b, ty);
        Some(TermKind::Cmp(op, Box::new(a?), Box::new(b?)))
    }

    /// The members of a chain of `and` or of `or`, in order: `a and b and c` is one conjunction of three.
    fn chain(&mut self, op: BinaryOp, a: &'a Expr, b: &'a Expr) -> Option<Vec<Term>> {
        let mut members = Vec::new();
        let mut waiting = vec![b, a];
        while let Some(next) = waiting.pop() {
            if let ExprKind::Binary(inner, a, b) = &next.kind
                && *inner == op
            {
                waiting.extend([&**b, &**a]);
            } else {
                members.push(self.node(next, Some(Ty::Bool)));
            }
        }
        members.into_iter().collect()
    }

    /// Sums and differences, from the left. They nest as deep as they are long, so no recursion along them.
    fn sum(&mut self, expr: &'a Expr) -> Option<Term> {
        let mut first = expr;
        let mut rest = Vec::new();
        while let ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Sub), a, b) = &first.kind {
            rest.push((*op == BinaryOp::Add, &**b, first.span));
            first = a;
        }
        let mut sum = self.node(first, Some(Ty::Int));
        for (add, next, span) in rest.into_iter().rev() {
            let next = self.node(next, Some(Ty::Int));
            let sides = sum.zip(next).map(|(a, b)| (Box::new(a), Box::new(b)));
            sum = sides.map(|(a, b)| Term {
                kind: if add {
                    TermKind::Add(a, b)
                } else {
                    TermKind::Sub(a, b)
                },
                ty: Ty::Int,
                span: Some(span),
            });
        }
        sum
    }

    fn name(&mut self, name: &'a Name, span: Span, want: Option<Ty>) -> Option<Term> {
        let make = |kind, ty| {
            Some(Term {
                kind,
                ty,
                span: Some(span),
            })
        };
        match self.locals.iter().rev().find(|l| l.name() == name).copied() {
            Some(Local::Choice(_, ix, domain)) => {
                return make(TermKind::Choice(ix), domain.ty());
            }
            Some(Local::Bound(_, element, depth)) => {
                let inner = self.locals.split_off(depth);
                let term = self.node(element, want);
                self.locals.extend(inner);
                // The place of use, not that of the element, is where a reader looks for it.
                return term.map(|t| Term {
                    span: Some(span),
                    ..t
                });
            }
            None => {}
        }
        if let Some(Ty::Enum(id)) = want
            && let Some(position) = self.scope.value_of(name, id)
        {
            return make(TermKind::Lit(Value::Enum(position)), Ty::Enum(id));
        }
        match self.scope.get(name) {
            Some(Entity::Var(v)) => {
                let ty = self.symbols.vars.get(v.ix()).map(|s| s.domain.ty());
                return make(TermKind::Read(Cell::Var(v)), ty?);
            }
            Some(Entity::Input(n)) => {
                let ty = input_ty(n);
                return make(TermKind::Input(n), ty?);
            }
            Some(Entity::State(s)) if matches!(want, None | Some(Ty::State)) => {
                return make(TermKind::Lit(Value::state(s)), Ty::State);
            }
            Some(other @ (Entity::Evidence(_) | Entity::Artifact(_) | Entity::Actor(_))) => {
                self.errors.push(CheckError::WrongKind {
                    name: name.to_string(),
                    wanted: "a value",
                    found: other.a_what(),
                    span,
                });
                return None;
            }
            Some(Entity::State(_)) | None => {}
        }
        self.misplaced(name, span, want)
    }

    /// Reports a name that is no variable and, where it stands, no value either.
    fn misplaced(&mut self, name: &Name, span: Span, want: Option<Ty>) -> Option<Term> {
        let is_state = matches!(self.scope.get(name), Some(Entity::State(_)));
        let candidates = self.scope.value(name);
        if !is_state && candidates.is_empty() {
            let values = match want {
                Some(Ty::Enum(id)) => self.symbols.enums.get(id.ix()),
                Some(Ty::Bool | Ty::Int | Ty::State | Ty::None) | None => None,
            };
            let near =
                values.and_then(|e| super::scope::nearest(name, e.values.iter().map(Name::as_str)));
            match near {
                Some(near) => self.errors.push(CheckError::UnknownName {
                    what: "name or value",
                    name: name.clone(),
                    near: Some(near),
                    span,
                }),
                None => self.unknown(name, span),
            }
            return None;
        }
        match want {
            Some(want) => self.errors.push(CheckError::TypeMismatch {
                wanted: describe_ty(self.symbols, want),
                found: describe_value_types(self.symbols, name, is_state, candidates),
                span,
            }),
            None if candidates.len() == 1 => {
                let (id, position) = candidates.first().copied()?;
                return Some(Term {
                    kind: TermKind::Lit(Value::Enum(position)),
                    ty: Ty::Enum(id),
                    span: Some(span),
                });
            }
            None => self.errors.push(CheckError::UntypedValue {
                name: name.clone(),
                span,
            }),
        }
        None
    }

    pub(super) fn unknown(&mut self, name: &Name, span: Span) {
        self.errors.push(CheckError::UnknownName {
            what: if self.scope.policy {
                "policy input"
            } else {
                "name or value"
            },
            name: name.clone(),
            near: self.scope.near_any(name),
            span,
        });
    }

    fn evidence(&mut self, name: &Spanned<Name>) -> Option<EvId> {
        super::declare::evidence(self.scope, name, self.errors)
    }

    fn field(&mut self, e: &Spanned<Name>, f: &Spanned<Name>) -> Option<(Cell, Ty)> {
        let id = self.evidence(e)?;
        let (ix, domain) = super::transition::field(self.symbols, id, f, self.errors)?;
        Some((Cell::Field(id, ix), domain.ty()))
    }

    fn stamp(
        &mut self,
        e: &Spanned<Name>,
        a: Option<&Spanned<Name>>,
    ) -> Option<(EvId, Option<ArtId>)> {
        let id = self.evidence(e)?;
        let Some(a) = a else { return Some((id, None)) };
        let art = super::declare::artifact(self.scope, a, self.errors)?;
        let made_of = self.symbols.evidence.get(id.ix())?.of.contains(&art);
        if !made_of {
            self.errors.push(CheckError::NotMadeOf {
                evidence: e.value.clone(),
                artifact: a.value.clone(),
                span: a.span,
            });
            return None;
        }
        Some((id, Some(art)))
    }

    pub(super) fn refuse(&mut self, what: &'static str, span: Span) -> Option<Term> {
        self.errors.push(CheckError::Async { what, span });
        None
    }

    fn not_in_policy(&mut self, word: &str, span: Span) -> Option<()> {
        if !self.scope.policy {
            return Some(());
        }
        self.errors.push(CheckError::WrongKind {
            name: word.to_owned(),
            wanted: "a policy input",
            found: "of a workflow",
            span,
        });
        None
    }
}
