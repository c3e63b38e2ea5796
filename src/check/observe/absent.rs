//! `unguarded_none`: a field is read where nothing to its left says that the evidence exists (S-13).

use std::collections::BTreeSet;

use crate::check::{CheckedForm, CheckedTransition, CheckedWorkflow};
use crate::finding::{FindingKind, Observation, Subject, SubjectKind};
use crate::ir::term::CmpOp;
use crate::ir::{Cell, EvId, Span, Term, TermKind, Value};

/// Evidence that exists wherever control has come to.
type Known = BTreeSet<EvId>;

/// One for each transition or property and evidence.
pub(super) fn unguarded_none(w: &CheckedWorkflow) -> Vec<Observation> {
    let mut found = Vec::new();
    for t in &w.transitions {
        let mut reads = Vec::new();
        if let Some(guard) = &t.guard {
            unguarded(guard, &Known::new(), &mut reads);
        }
        let known = before(t);
        for (_, value) in &t.set {
            unguarded(value, &known, &mut reads);
        }
        for (_, value) in t.record.iter().flat_map(|r| &r.fields) {
            unguarded(value, &known, &mut reads);
        }
        report(w, t.name.as_str(), SubjectKind::Use, &reads, &mut found);
    }
    for p in &w.properties {
        let known = match &p.form {
            CheckedForm::AtRequire(id, _) => w.transitions.get(id.ix()).map(before),
            CheckedForm::AtEnsure(id, _) => w.transitions.get(id.ix()).map(after),
            CheckedForm::Always(_)
            | CheckedForm::Never(_)
            | CheckedForm::Precedes(..)
            | CheckedForm::Reachable(_)
            | CheckedForm::CanReach(_)
            | CheckedForm::Eventually(_)
            | CheckedForm::LeadsTo(..)
            | CheckedForm::InfinitelyOften(_) => None,
        };
        let mut reads = Vec::new();
        for term in p.form.terms() {
            unguarded(term, known.as_ref().unwrap_or(&Known::new()), &mut reads);
        }
        report(w, p.id.as_str(), SubjectKind::Property, &reads, &mut found);
    }
    found
}

fn report(
    w: &CheckedWorkflow,
    place: &str,
    kind: SubjectKind,
    reads: &[(EvId, Cell, Option<Span>)],
    found: &mut Vec<Observation>,
) {
    let evidence: BTreeSet<EvId> = reads.iter().map(|(e, ..)| *e).collect();
    for e in evidence {
        let mine = || reads.iter().filter(|(read, ..)| *read == e);
        let name = w.symbols.ev_name(e);
        let field = mine().next().map_or(Cell::Has(e), |(_, cell, _)| *cell);
        let field = w.symbols.cell_name(field);
        let subject = format!("{place}/{name}");
        found.push(Observation {
            kind: FindingKind::UnguardedNone,
            subject: Subject::new(
                kind,
                if kind == SubjectKind::Use {
                    &subject
                } else {
                    place
                },
            ),
            spans: mine().filter_map(|(_, _, span)| *span).collect(),
            words: vec![
                format!("`{place}` reads `{field}` where `{name}` may not exist."),
                format!("It is `none` there; write `fresh({name}) and …` or `has({name}) and …`."),
            ],
            trace: None,
            core: Vec::new(),
        });
    }
}

/// Evidence that exists whenever the transition can fire.
fn before(t: &CheckedTransition) -> Known {
    t.guard
        .as_ref()
        .map_or_else(Known::new, |g| exists(g, true))
}

/// Evidence that exists whenever the transition has fired.
fn after(t: &CheckedTransition) -> Known {
    let mut known = before(t);
    known.retain(|e| !t.drop.contains(e));
    known.extend(t.record.iter().map(|r| r.evidence));
    known
}

/// Evidence that must exist where `term`, read as a condition, is `value`.
fn exists(term: &Term, value: bool) -> Known {
    match &term.kind {
        TermKind::Fresh(e, _) | TermKind::Stale(e, _) | TermKind::Read(Cell::Has(e)) if value => {
            Known::from([*e])
        }
        TermKind::Not(a) => exists(a, !value),
        TermKind::And(parts) if value => union(parts, value),
        TermKind::And(parts) => common(parts, value),
        TermKind::Or(parts) if value => common(parts, value),
        TermKind::Or(parts) => union(parts, value),
        TermKind::Implies(a, b) if value => &exists(a, false) & &exists(b, true),
        TermKind::Implies(a, b) => &exists(a, true) | &exists(b, false),
        // `e.f != none`, and its negation, ask whether there is a value.
        TermKind::Cmp(op, a, b) => match (asks_for_none(a, b), op) {
            (Some(e), CmpOp::Ne) if value => Known::from([e]),
            (Some(e), CmpOp::Eq) if !value => Known::from([e]),
            (
                Some(_) | None,
                CmpOp::Eq | CmpOp::Ne | CmpOp::Lt | CmpOp::Le | CmpOp::Gt | CmpOp::Ge,
            ) => Known::new(),
        },
        TermKind::Fresh(..)
        | TermKind::Stale(..)
        | TermKind::Read(_)
        | TermKind::Lit(_)
        | TermKind::Choice(_)
        | TermKind::Input(_)
        | TermKind::Terminal
        | TermKind::In(..)
        | TermKind::Add(..)
        | TermKind::Sub(..)
        | TermKind::If(..) => Known::new(),
    }
}

fn union(parts: &[Term], value: bool) -> Known {
    parts.iter().flat_map(|p| exists(p, value)).collect()
}

fn common(parts: &[Term], value: bool) -> Known {
    let mut each = parts.iter().map(|p| exists(p, value));
    let first = each.next().unwrap_or_default();
    each.fold(first, |known, next| &known & &next)
}

/// The evidence whose field is compared with the literal `none`.
fn asks_for_none(a: &Term, b: &Term) -> Option<EvId> {
    let field_and_none = |field: &Term, none: &Term| {
        if let TermKind::Read(Cell::Field(e, _)) = &field.kind
            && none.kind == TermKind::Lit(Value::None)
        {
            Some(*e)
        } else {
            None
        }
    };
    field_and_none(a, b).or_else(|| field_and_none(b, a))
}

/// Collects the reads of fields of evidence that is not known to exist. Order is that of reading: left to right.
fn unguarded(term: &Term, known: &Known, found: &mut Vec<(EvId, Cell, Option<Span>)>) {
    match &term.kind {
        TermKind::Read(cell @ Cell::Field(e, _)) => {
            if !known.contains(e) {
                found.push((*e, *cell, term.span));
            }
        }
        TermKind::And(parts) | TermKind::Or(parts) => {
            let goes_on_where = matches!(term.kind, TermKind::And(_));
            let mut known = known.clone();
            for part in parts {
                unguarded(part, &known, found);
                known.extend(exists(part, goes_on_where));
            }
        }
        TermKind::Implies(a, b) => {
            unguarded(a, known, found);
            unguarded(b, &(known | &exists(a, true)), found);
        }
        TermKind::If(c, a, b) => {
            unguarded(c, known, found);
            unguarded(a, &(known | &exists(c, true)), found);
            unguarded(b, &(known | &exists(c, false)), found);
        }
        // Asking whether the field is absent needs no guard.
        TermKind::Cmp(_, a, b) if asks_for_none(a, b).is_some() => {}
        TermKind::Read(_)
        | TermKind::Lit(_)
        | TermKind::Choice(_)
        | TermKind::Input(_)
        | TermKind::Fresh(..)
        | TermKind::Stale(..)
        | TermKind::Terminal
        | TermKind::Not(_)
        | TermKind::Cmp(..)
        | TermKind::In(..)
        | TermKind::Add(..)
        | TermKind::Sub(..) => {
            for part in term.parts() {
                unguarded(part, known, found);
            }
        }
    }
}
