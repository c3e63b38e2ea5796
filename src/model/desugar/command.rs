//! One transition as a guarded command: S-2's order of effects worked into simultaneous assignments.

use super::evidence_cells;
use super::range::Ranges;
use crate::check::{CheckedRecord, CheckedTransition};
use crate::ir::symbols::ActorKind;
use crate::ir::{ArtId, Cell, EvId, Term, Ty, Value};
use crate::model::system::{Choice, Command, System, Update};

/// The command of a transition; `system` has its cells already.
pub(super) fn command(system: &System, t: &CheckedTransition) -> Command {
    let guard = t.guard.clone().unwrap_or_else(|| Term::truth(true));
    let choices: Vec<Choice> = (t.choices.iter())
        .map(|(name, domain)| Choice {
            name: name.clone(),
            domain: *domain,
        })
        .collect();
    let ranges = Ranges::under(system, &choices, &guard);
    let mut updates: Vec<Update> = assignments(system, t)
        .into_iter()
        .filter_map(|(cell, value)| {
            let slot = system.slot(cell)?;
            let decl = system.cell(slot)?;
            let checked = cell != Cell::State && !ranges.fits(&value, decl);
            Some(Update {
                slot,
                value,
                checked,
            })
        })
        .collect();
    updates.sort_by_key(|u| u.slot);
    let actor = system.symbols.actors.get(t.actor.ix());
    Command {
        name: t.name.clone(),
        from: t.from.clone(),
        to: t.to,
        choices,
        guard,
        updates,
        fairness: t.fairness,
        human: actor.is_some_and(|a| a.kind == ActorKind::Human),
        records: t.record.iter().map(|r| (r.evidence, r.span)).collect(),
        span: t.span,
        guard_span: t.guard_span,
    }
}

/// The new value of each cell that is written, in terms of the state before. No cell occurs twice.
fn assignments(system: &System, t: &CheckedTransition) -> Vec<(Cell, Term)> {
    let mut all = Vec::new();
    if let Some(to) = t.to {
        all.push((Cell::State, Term::lit(Value::state(to), Ty::State)));
    }
    for (var, value) in &t.set {
        all.push((Cell::Var(*var), value.clone()));
    }
    let symbols = &system.symbols;
    for (e, sym) in (0u16..).map(EvId).zip(&symbols.evidence) {
        if let Some(record) = t.record.iter().find(|r| r.evidence == e) {
            all.extend(
                evidence_cells(symbols, e)
                    .map(|(cell, _)| (cell, recorded(system, t, record, cell))),
            );
        } else if t.drop.contains(&e) {
            // Canonical form: what does not exist has no bits and no fields.
            all.extend(evidence_cells(symbols, e).map(|(cell, domain)| {
                let nothing = match cell {
                    Cell::Field(..) => Value::None,
                    Cell::State | Cell::Var(_) | Cell::Has(_) | Cell::Bit(..) => Value::Bool(false),
                };
                (cell, Term::lit(nothing, domain.ty()))
            }));
        } else {
            let stamped = t.bump.iter().filter(|a| sym.of.contains(a));
            all.extend(stamped.map(|a| (Cell::Bit(e, *a), Term::truth(false))));
        }
    }
    all
}

/// The new value of a cell of evidence that is recorded.
fn recorded(system: &System, t: &CheckedTransition, record: &CheckedRecord, cell: Cell) -> Term {
    match cell {
        Cell::State | Cell::Var(_) | Cell::Has(_) => Term::truth(true),
        Cell::Bit(_, artifact) => match record.from {
            None => Term::truth(true),
            Some(source) => copied_bit(system, t, source, artifact),
        },
        Cell::Field(e, ix) => {
            let given = record.fields.iter().find(|(f, _)| *f == ix);
            given.map_or_else(
                || {
                    let field = system.symbols.evidence.get(e.ix());
                    let field = field.and_then(|e| e.fields.get(ix.ix()));
                    Term::lit(Value::None, field.map_or(Ty::None, |f| f.domain.ty()))
                },
                |(_, value)| value.clone(),
            )
        }
    }
}

/// S-5: the source's bit as it is after this step's bumps; current where the source says nothing of the artifact.
fn copied_bit(system: &System, t: &CheckedTransition, source: EvId, artifact: ArtId) -> Term {
    let of = system.symbols.evidence.get(source.ix()).map(|s| &s.of);
    if !of.is_some_and(|of| of.contains(&artifact)) {
        Term::truth(true)
    } else if t.bump.contains(&artifact) {
        Term::truth(false)
    } else {
        // Bits are clear while the source does not exist, so this one read says all.
        Term::read(Cell::Bit(source, artifact), Ty::Bool)
    }
}
