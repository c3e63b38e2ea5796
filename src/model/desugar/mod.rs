//! `desugar`: a checked workflow as one guarded-command system. Trusted: it works S-2, S-4, S-5, S-7, S-9 and S-14 into
//! plain simultaneous assignments and properties, so that nothing behind it has to know them.

mod command;
mod property;
mod range;
mod refinement;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use super::system::{CellDecl, Slot, System};
use crate::check::CheckedWorkflow;
use crate::ir::symbols::StateRole;
use crate::ir::{Cell, Domain, EvId, FieldIx, Symbols, Value, VarId};

/// The system of a workflow. Total: what could go wrong was refused by `check`.
#[must_use]
pub fn desugar(w: &CheckedWorkflow) -> System {
    let cells = cells(w);
    let slots: HashMap<Cell, Slot> = (0u16..)
        .zip(&cells)
        .map(|(n, c)| (c.cell, Slot(n)))
        .collect();
    let mut system = System {
        id: w.ir.id.value.clone(),
        version: w.ir.version.value,
        goal: w.ir.goal.value.clone(),
        symbols: Arc::clone(&w.symbols),
        cells,
        slots,
        initial: w.initial,
        commands: Vec::new(),
        properties: property::properties(w),
        terminal: (w.symbols.states.iter())
            .map(|s| s.role != StateRole::Ordinary)
            .collect(),
        has_terminals: w.has_terminals,
        refinement: None,
    };
    system.commands = (w.transitions.iter())
        .map(|t| command::command(&system, t))
        .collect();
    system.refinement = (w.refinement.as_ref()).map(|r| Box::new(refinement::refinement(r)));
    system
}

/// The cells, in the order of [`System::cells`], with their values at the start (S-7: no evidence exists).
fn cells(w: &CheckedWorkflow) -> Vec<CellDecl> {
    let symbols = &w.symbols;
    let mut cells = vec![CellDecl {
        cell: Cell::State,
        domain: Domain::State {
            len: u16::try_from(symbols.states.len()).unwrap_or(u16::MAX),
        },
        optional: false,
        init: vec![Value::state(w.initial)],
    }];
    cells.extend((0u16..).zip(&symbols.vars).map(|(n, v)| CellDecl {
        cell: Cell::Var(VarId(n)),
        domain: v.domain,
        optional: false,
        init: v.init.clone(),
    }));
    for n in (0u16..).take(symbols.evidence.len()) {
        cells.extend(evidence_cells(symbols, EvId(n)).map(|(cell, domain)| {
            let optional = matches!(cell, Cell::Field(..));
            CellDecl {
                cell,
                domain,
                optional,
                init: vec![if optional {
                    Value::None
                } else {
                    Value::Bool(false)
                }],
            }
        }));
    }
    cells
}

/// The cells of one kind of evidence, in order: whether it exists, its bits, its fields.
fn evidence_cells(symbols: &Symbols, e: EvId) -> impl Iterator<Item = (Cell, Domain)> {
    let sym = symbols.evidence.get(e.ix());
    let bits = sym.into_iter().flat_map(|s| &s.of);
    let fields = sym.into_iter().flat_map(|s| &s.fields);
    std::iter::once((Cell::Has(e), Domain::Bool))
        .chain(bits.map(move |a| (Cell::Bit(e, *a), Domain::Bool)))
        .chain(
            (0u16..)
                .zip(fields)
                .map(move |(n, f)| (Cell::Field(e, FieldIx(n)), f.domain)),
        )
}
