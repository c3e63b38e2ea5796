//! Which cells a workflow's expressions read.

use crate::check::CheckedWorkflow;
use crate::ir::Cell;
use crate::ir::{ArtId, EvId, FieldIx, Term, TermKind, VarId};

/// Something of the state that an expression speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    /// The control state.
    State,
    /// A variable.
    Var(VarId),
    /// Evidence: whether it exists, its stamps, a field.
    Evidence(EvId),
}

/// All that a term reads, in order.
pub(super) fn reads(term: &Term) -> Vec<Read> {
    let mut found = Vec::new();
    collect(term, &mut found);
    found
}

fn collect(term: &Term, found: &mut Vec<Read>) {
    match &term.kind {
        TermKind::Read(cell) => found.push(match cell {
            Cell::State => Read::State,
            Cell::Var(v) => Read::Var(*v),
            Cell::Has(e) | Cell::Bit(e, ArtId(_)) | Cell::Field(e, FieldIx(_)) => {
                Read::Evidence(*e)
            }
        }),
        TermKind::Fresh(e, _) | TermKind::Stale(e, _) => found.push(Read::Evidence(*e)),
        TermKind::Terminal => found.push(Read::State),
        TermKind::Lit(_)
        | TermKind::Choice(_)
        | TermKind::Input(_)
        | TermKind::Not(_)
        | TermKind::And(_)
        | TermKind::Or(_)
        | TermKind::Implies(..)
        | TermKind::Cmp(..)
        | TermKind::In(..)
        | TermKind::Add(..)
        | TermKind::Sub(..)
        | TermKind::If(..) => {}
    }
    for part in term.parts() {
        collect(part, found);
    }
}

/// All terms of a workflow: guards, right-hand sides, properties, the map of its refinement.
pub(super) fn all_terms(w: &CheckedWorkflow) -> Vec<&Term> {
    let mut all = Vec::new();
    for t in &w.transitions {
        all.extend(&t.guard);
        all.extend(t.set.iter().map(|(_, value)| value));
        all.extend(
            t.record
                .iter()
                .flat_map(|r| r.fields.iter().map(|(_, value)| value)),
        );
    }
    for p in &w.properties {
        all.extend(p.form.terms());
    }
    if let Some(r) = &w.refinement {
        all.push(&r.state);
        all.extend(&r.vars);
    }
    all
}
