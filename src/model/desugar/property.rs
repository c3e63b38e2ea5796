//! The user's properties, then the automatic ones (S-9), in one fixed order.

use crate::check::{CheckedForm, CheckedProperty, CheckedWorkflow};
use crate::ir::term::CmpOp;
use crate::ir::workflow::TypeDecl;
use crate::ir::{Cell, Span, StateId, Term, TermKind, TransitionId, Ty, Value, VarId};
use crate::model::system::{Property, PropertyKind, Vacuity};

/// All properties of a workflow.
pub(super) fn properties(w: &CheckedWorkflow) -> Vec<Property> {
    let mut all: Vec<Property> = w.properties.iter().map(declared).collect();
    let whole = w.ir.id.span;
    all.push(automatic(
        "in_range",
        "in_range",
        PropertyKind::InRange,
        whole,
    ));
    all.push(automatic(
        "deadlock",
        "deadlock",
        PropertyKind::NoDeadlock,
        whole,
    ));
    for (id, state) in (0u16..).map(StateId).zip(&w.symbols.states) {
        let goal = equals(Cell::State, Value::state(id), Ty::State);
        let name = format!("state:{}", state.name);
        all.push(automatic(
            name,
            "state",
            PropertyKind::Reachable(goal),
            state.span,
        ));
    }
    phases(w, &mut all);
    for (id, t) in (0u16..).map(TransitionId).zip(&w.symbols.transitions) {
        let name = format!("fires:{}", t.name);
        all.push(automatic(name, "fires", PropertyKind::Fires(id), t.span));
    }
    if w.has_terminals {
        let span = w.ir.terminal.as_ref().map_or(whole, |t| t.span);
        let goal = Term::made(TermKind::Terminal, Ty::Bool);
        let kind = PropertyKind::CanReach(goal);
        all.push(automatic("can_reach_terminal", "can_reach", kind, span));
    }
    for (id, t) in (0u16..).map(TransitionId).zip(&w.transitions) {
        let needs = t.to.and_then(|to| w.needs.get(to.ix()));
        for (evidence, span) in needs.into_iter().flatten() {
            let fresh = Term::made(TermKind::Fresh(*evidence, None), Ty::Bool);
            let name = format!("needs:{}/{}", t.name, w.symbols.ev_name(*evidence));
            all.push(automatic(
                name,
                "needs",
                PropertyKind::AtEnsure(id, fresh),
                *span,
            ));
        }
    }
    if let Some(r) = &w.refinement {
        all.push(automatic(
            "refines",
            "refines",
            PropertyKind::Refines,
            r.span,
        ));
    }
    all
}

fn phases(w: &CheckedWorkflow, all: &mut Vec<Property>) {
    let vars = (0u16..).map(VarId).zip(&w.symbols.vars);
    for ((id, var), decl) in vars.zip(&w.ir.vars).filter(|((_, v), _)| v.phase) {
        let ty = var.domain.ty();
        for (n, value) in var.domain.values().enumerate() {
            let name = format!("phase:{}={}", var.name, w.symbols.show(ty, value));
            let span = match &decl.ty.value {
                TypeDecl::Enum { values } => values.get(n).map_or(var.span, |v| v.span),
                TypeDecl::Bool | TypeDecl::Int { .. } => var.span,
            };
            let kind = PropertyKind::Reachable(equals(Cell::Var(id), value, ty));
            all.push(automatic(name, "phase", kind, span));
        }
    }
}

fn equals(cell: Cell, value: Value, ty: Ty) -> Term {
    let sides = (Term::read(cell, ty), Term::lit(value, ty));
    Term::made(
        TermKind::Cmp(CmpOp::Eq, Box::new(sides.0), Box::new(sides.1)),
        Ty::Bool,
    )
}

fn automatic(
    id: impl Into<String>,
    form: &'static str,
    kind: PropertyKind,
    span: Span,
) -> Property {
    Property {
        id: id.into(),
        form,
        automatic: true,
        kind,
        text: None,
        requirement: None,
        expect_violated: false,
        lemma: false,
        span,
        vacuity: None,
    }
}

fn declared(p: &CheckedProperty) -> Property {
    let (kind, vacuity) = match &p.form {
        CheckedForm::Always(t) => (PropertyKind::Always(t.clone()), left_side(t)),
        CheckedForm::Never(t) => {
            let span = t.span;
            let never = Term {
                span,
                ..t.clone().negated()
            };
            (PropertyKind::Always(never), None)
        }
        CheckedForm::AtRequire(at, t) => (
            PropertyKind::AtRequire(*at, t.clone()),
            Some(Vacuity::NeverEnabled(*at)),
        ),
        CheckedForm::AtEnsure(at, t) => (
            PropertyKind::AtEnsure(*at, t.clone()),
            Some(Vacuity::NeverEnabled(*at)),
        ),
        CheckedForm::Precedes(first, then) => (PropertyKind::Precedes(first.clone(), *then), None),
        CheckedForm::Reachable(t) => (PropertyKind::Reachable(t.clone()), None),
        CheckedForm::CanReach(t) => (PropertyKind::CanReach(t.clone()), None),
        CheckedForm::Eventually(t) => (PropertyKind::Eventually(t.clone()), None),
        CheckedForm::LeadsTo(a, b) => (
            PropertyKind::LeadsTo(a.clone(), b.clone()),
            Some(Vacuity::NeverTrue(a.clone())),
        ),
        CheckedForm::InfinitelyOften(t) => (PropertyKind::InfinitelyOften(t.clone()), None),
    };
    Property {
        id: p.id.to_string(),
        form: p.key,
        automatic: false,
        kind,
        text: p.text.clone(),
        requirement: p.requirement.clone(),
        expect_violated: p.expect_violated,
        lemma: p.lemma,
        span: p.span,
        vacuity,
    }
}

/// `always: a => b` holds for no reason where a never does.
fn left_side(term: &Term) -> Option<Vacuity> {
    match &term.kind {
        TermKind::Implies(a, _) => Some(Vacuity::NeverTrue((**a).clone())),
        TermKind::Lit(_)
        | TermKind::Read(_)
        | TermKind::Choice(_)
        | TermKind::Input(_)
        | TermKind::Fresh(..)
        | TermKind::Stale(..)
        | TermKind::Terminal
        | TermKind::Not(_)
        | TermKind::And(_)
        | TermKind::Or(_)
        | TermKind::Cmp(..)
        | TermKind::In(..)
        | TermKind::Add(..)
        | TermKind::Sub(..)
        | TermKind::If(..) => None,
    }
}
