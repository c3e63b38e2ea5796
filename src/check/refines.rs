//! Resolves `refines.map`: all of the other workflow in terms of this one (S-10).

use std::sync::Arc;

use super::checked::{CheckedRefinement, CheckedWorkflow};
use super::elaborate::Elaborator;
use super::error::CheckError;
use super::scope::{Entity, Scope, nearest};
use super::words::describe_ty;
use crate::ir::expr::ExprKind;
use crate::ir::symbols::EvSym;
use crate::ir::term::CmpOp;
use crate::ir::workflow::Refines;
use crate::ir::{
    ArtId, Cell, Domain, EnumId, EvId, Expr, FieldIx, Name, Span, Spanned, StateId, Symbols, Term,
    TermKind, Ty, Value,
};

/// Resolves the map. `enums` gives this workflow's enum type for each of the other's.
pub(super) fn refinement(
    r: &Refines,
    refined: Option<Arc<CheckedWorkflow>>,
    enums: &[EnumId],
    symbols: &Symbols,
    scope: &Scope,
    errors: &mut Vec<CheckError>,
) -> Option<CheckedRefinement> {
    let Some(refined) = refined else {
        errors.push(CheckError::RefinesNotRead {
            file: r.workflow.value.clone(),
            span: r.workflow.span,
        });
        return None;
    };
    let other = Arc::clone(&refined.symbols);
    surplus(r, &other, errors);
    let mut missing = Vec::new();

    let state = match &r.state {
        Some(expr) => StateMap {
            symbols,
            scope,
            other: &other,
            errors,
        }
        .term(expr),
        None => {
            missing.push("`state`".to_owned());
            None
        }
    };
    let mut vars = Vec::new();
    for var in &other.vars {
        let Some((_, expr)) = entry(r, &var.name) else {
            missing.push(format!("the variable `{}`", var.name));
            continue;
        };
        let ty = match var.domain {
            Domain::Enum { id, .. } => enums.get(id.ix()).copied().map(Ty::Enum),
            Domain::Bool | Domain::Int { .. } | Domain::State { .. } => Some(var.domain.ty()),
        };
        vars.extend(Elaborator::new(symbols, scope, errors).term(expr, ty));
    }
    let mut artifacts = Vec::new();
    for art in &other.artifacts {
        let Some((_, expr)) = entry(r, &art.name) else {
            missing.push(format!("the artifact `{}`", art.name));
            continue;
        };
        match plain(expr).and_then(|n| scope.get(n)) {
            Some(Entity::Artifact(a)) => artifacts.push(a),
            Some(
                Entity::Var(_)
                | Entity::Evidence(_)
                | Entity::State(_)
                | Entity::Actor(_)
                | Entity::Input(_),
            )
            | None => not_a_name(expr, &art.name, "an artifact", errors),
        }
    }
    let mut evidence = Vec::new();
    let mut fields = Vec::new();
    for (n, ev) in (0u16..).map(EvId).zip(&other.evidence) {
        let Some((_, expr)) = entry(r, &ev.name) else {
            missing.push(format!("the evidence `{}`", ev.name));
            continue;
        };
        match plain(expr).and_then(|n| scope.get(n)) {
            Some(Entity::Evidence(e)) => {
                if artifacts.len() == other.artifacts.len()
                    && let Some(why) = unfit(e, n, symbols, &other, &artifacts, enums)
                {
                    errors.push(CheckError::RefinesEvidence {
                        evidence: symbols.evidence.get(e.ix())?.name.clone(),
                        other: ev.name.clone(),
                        why,
                        span: expr.span,
                    });
                }
                evidence.push(e);
                fields.push(same_fields(symbols.evidence.get(e.ix())?, ev));
            }
            Some(
                Entity::Var(_)
                | Entity::Artifact(_)
                | Entity::State(_)
                | Entity::Actor(_)
                | Entity::Input(_),
            )
            | None => not_a_name(expr, &ev.name, "evidence", errors),
        }
    }
    if !missing.is_empty() {
        errors.push(CheckError::RefinesMissing {
            missing: missing.join(", "),
            span: r.workflow.span,
        });
    }
    Some(CheckedRefinement {
        state: state?,
        vars,
        evidence,
        fields,
        artifacts,
        file: r.workflow.value.clone(),
        span: r.span,
        refined,
    })
}

fn entry<'r>(r: &'r Refines, name: &Name) -> Option<&'r (Spanned<Name>, Expr)> {
    r.map.iter().find(|(n, _)| n.value == *name)
}

const fn plain(expr: &Expr) -> Option<&Name> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Int(_)
        | ExprKind::Bool(_)
        | ExprKind::None
        | ExprKind::Terminal
        | ExprKind::State
        | ExprKind::Me
        | ExprKind::Field(..)
        | ExprKind::Index(..)
        | ExprKind::Fresh(..)
        | ExprKind::Stale(..)
        | ExprKind::Has(_)
        | ExprKind::Len(_)
        | ExprKind::Not(_)
        | ExprKind::Binary(..)
        | ExprKind::In { .. }
        | ExprKind::Quantified { .. }
        | ExprKind::If(..) => None,
    }
}

fn not_a_name(expr: &Expr, name: &Name, wanted: &'static str, errors: &mut Vec<CheckError>) {
    errors.push(CheckError::RefinesEntry {
        name: name.clone(),
        wanted,
        span: expr.span,
    });
}

/// Entries for names that the other workflow does not have.
fn surplus(r: &Refines, other: &Symbols, errors: &mut Vec<CheckError>) {
    let known: Vec<&str> = (other.vars.iter().map(|v| v.name.as_str()))
        .chain(other.artifacts.iter().map(|a| a.name.as_str()))
        .chain(other.evidence.iter().map(|e| e.name.as_str()))
        .collect();
    let mut seen: Vec<(&Name, Span)> = Vec::new();
    for (name, _) in &r.map {
        if !known.contains(&name.value.as_str()) {
            errors.push(CheckError::UnknownName {
                what: "variable, evidence or artifact of the other workflow",
                name: name.value.clone(),
                near: nearest(&name.value, known.iter().copied()),
                span: name.span,
            });
        }
        if let Some((_, first)) = seen.iter().find(|(n, _)| **n == name.value) {
            errors.push(CheckError::ListedTwice {
                name: name.value.clone(),
                first: *first,
                span: name.span,
            });
        }
        seen.push((&name.value, name.span));
    }
}

/// Why evidence `e` of this workflow cannot stand for `o` of the other; `None` when it can.
fn unfit(
    e: EvId,
    o: EvId,
    symbols: &Symbols,
    other: &Symbols,
    artifacts: &[ArtId],
    enums: &[EnumId],
) -> Option<String> {
    let mine = symbols.evidence.get(e.ix())?;
    let theirs = other.evidence.get(o.ix())?;
    for artifact in &theirs.of {
        let mapped = artifacts.get(artifact.ix())?;
        if !mine.of.contains(mapped) {
            return Some(format!("it is not made of `{}`", symbols.art_name(*mapped)));
        }
    }
    for field in &theirs.fields {
        let Some(own) = mine.fields.iter().find(|f| f.name == field.name) else {
            return Some(format!("it has no field `{}`", field.name));
        };
        let wanted = match field.domain {
            Domain::Enum { id, len } => Domain::Enum {
                id: *enums.get(id.ix())?,
                len,
            },
            Domain::Bool | Domain::Int { .. } | Domain::State { .. } => field.domain,
        };
        if own.domain != wanted {
            return Some(format!("its field `{}` has another type", field.name));
        }
    }
    None
}

/// For each field of the other's evidence, this workflow's of the same name.
fn same_fields(mine: &EvSym, theirs: &EvSym) -> Vec<(FieldIx, Ty)> {
    let numbered = || (0u16..).map(FieldIx).zip(&mine.fields);
    let names = theirs.fields.iter().map(|f| &f.name);
    names
        .filter_map(|name| numbered().find(|(_, f)| f.name == *name))
        .map(|(ix, f)| (ix, f.domain.ty()))
        .collect()
}

/// Resolves the entry `state`: conditions are of this workflow, results are states of the other.
struct StateMap<'a, 'e> {
    symbols: &'a Symbols,
    scope: &'a Scope,
    other: &'a Symbols,
    errors: &'e mut Vec<CheckError>,
}

impl<'a> StateMap<'a, '_> {
    fn term(&mut self, expr: &'a Expr) -> Option<Term> {
        let found = match &expr.kind {
            ExprKind::If(c, a, b) => {
                let c =
                    Elaborator::new(self.symbols, self.scope, self.errors).term(c, Some(Ty::Bool));
                let a = self.term(a);
                let b = self.term(b);
                return Some(Self::branch(c?, a?, b?, expr.span));
            }
            ExprKind::Name(name) => {
                let found = self.position(name);
                if found.is_none() {
                    let states = self.other.states.iter().map(|s| s.name.as_str());
                    self.errors.push(CheckError::UnknownName {
                        what: "state of the other workflow",
                        name: name.clone(),
                        near: nearest(name, states),
                        span: expr.span,
                    });
                }
                return found.map(|s| Self::leaf(s, expr.span));
            }
            ExprKind::State => return self.same_states(expr.span),
            ExprKind::Int(_) => Ty::Int,
            ExprKind::None => Ty::None,
            ExprKind::Bool(_)
            | ExprKind::Terminal
            | ExprKind::Me
            | ExprKind::Field(..)
            | ExprKind::Index(..)
            | ExprKind::Fresh(..)
            | ExprKind::Stale(..)
            | ExprKind::Has(_)
            | ExprKind::Len(_)
            | ExprKind::Not(_)
            | ExprKind::Binary(..)
            | ExprKind::In { .. }
            | ExprKind::Quantified { .. } => Ty::Bool,
        };
        self.errors.push(CheckError::TypeMismatch {
            wanted: "a state of the other workflow".to_owned(),
            found: describe_ty(self.symbols, found),
            span: expr.span,
        });
        None
    }

    /// `state`: each state stands for the one of the same name, written out.
    fn same_states(&mut self, span: Span) -> Option<Term> {
        let mut pairs = Vec::new();
        for (id, sym) in (0u16..).map(StateId).zip(&self.symbols.states) {
            let there = self.position(&sym.name);
            if there.is_none() {
                self.errors.push(CheckError::UnknownName {
                    what: "state of the other workflow",
                    name: sym.name.clone(),
                    near: None,
                    span,
                });
            }
            pairs.push((id, there?));
        }
        let (_, last) = pairs.pop()?;
        let mut term = Self::leaf(last, span);
        for (here, there) in pairs.into_iter().rev() {
            let at = Term {
                kind: TermKind::Cmp(
                    CmpOp::Eq,
                    Box::new(Term::read(Cell::State, Ty::State)),
                    Box::new(Term::lit(Value::state(here), Ty::State)),
                ),
                ty: Ty::Bool,
                span: Some(span),
            };
            term = Self::branch(at, Self::leaf(there, span), term, span);
        }
        Some(term)
    }

    fn position(&self, name: &Name) -> Option<StateId> {
        let mut all = (0u16..).map(StateId).zip(&self.other.states);
        all.find(|(_, s)| s.name == *name).map(|(id, _)| id)
    }

    const fn leaf(state: StateId, span: Span) -> Term {
        Term {
            kind: TermKind::Lit(Value::state(state)),
            ty: Ty::State,
            span: Some(span),
        }
    }

    fn branch(c: Term, a: Term, b: Term, span: Span) -> Term {
        Term {
            kind: TermKind::If(Box::new(c), Box::new(a), Box::new(b)),
            ty: Ty::State,
            span: Some(span),
        }
    }
}
