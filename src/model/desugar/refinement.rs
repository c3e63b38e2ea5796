//! The refined workflow's system and what each of its cells is in terms of this one's (S-10).

use super::desugar;
use crate::check::CheckedRefinement;
use crate::ir::{Cell, Term, Ty, Value};
use crate::model::system::Refinement;

/// The refinement of a workflow.
pub(super) fn refinement(r: &CheckedRefinement) -> Refinement {
    let abstract_system = desugar(&r.refined);
    let map = (abstract_system.cells.iter())
        .map(|c| counterpart(r, c.cell, c.domain.ty()))
        .collect();
    Refinement {
        map,
        abstract_system,
        span: r.span,
        file: r.file.clone(),
    }
}

/// What a cell of the other workflow is here. `check` has made sure that there is a counterpart of each.
fn counterpart(r: &CheckedRefinement, cell: Cell, ty: Ty) -> Term {
    let found = match cell {
        Cell::State => Some(r.state.clone()),
        Cell::Var(v) => r.vars.get(v.ix()).cloned(),
        Cell::Has(e) => {
            let mine = r.evidence.get(e.ix()).copied();
            mine.map(|e| Term::read(Cell::Has(e), Ty::Bool))
        }
        Cell::Bit(e, a) => {
            let (mine, art) = (r.evidence.get(e.ix()), r.artifacts.get(a.ix()));
            mine.zip(art)
                .map(|(e, a)| Term::read(Cell::Bit(*e, *a), Ty::Bool))
        }
        Cell::Field(e, f) => r.fields.get(e.ix()).and_then(|fields| {
            let (mine, ty) = fields.get(f.ix())?;
            Some(Term::read(
                Cell::Field(*r.evidence.get(e.ix())?, *mine),
                *ty,
            ))
        }),
    };
    found.unwrap_or_else(|| Term::lit(Value::None, ty))
}
