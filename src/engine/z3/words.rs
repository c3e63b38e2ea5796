//! States and steps in the user's words.

use crate::ir::{ArtId, Cell, Domain, EvId, Value};
use crate::model::{Command, System};

/// A state: where the control is, and what differs from the start.
#[must_use]
pub fn state(system: &System, values: &[Value]) -> String {
    let mut parts = Vec::new();
    for (cell, value) in system.cells.iter().zip(values) {
        let shown = || system.symbols.show(cell.domain.ty(), *value);
        match cell.cell {
            Cell::State => parts.push(shown()),
            Cell::Has(e) => parts.extend(evidence(system, values, e)),
            // Said with the evidence.
            Cell::Bit(..) => {}
            Cell::Var(_) | Cell::Field(..) => {
                if cell.init.as_slice() != [*value] {
                    let name = system.symbols.cell_name(cell.cell);
                    parts.push(match (cell.domain, value) {
                        (Domain::Bool, Value::Bool(true)) => name,
                        (Domain::Bool, Value::Bool(false)) => format!("not {name}"),
                        (
                            Domain::Bool
                            | Domain::Int { .. }
                            | Domain::Enum { .. }
                            | Domain::State { .. },
                            Value::None | Value::Bool(_) | Value::Int(_) | Value::Enum(_),
                        ) => format!("{name} == {}", shown()),
                    });
                }
            }
        }
    }
    parts.join(", ")
}

/// `fresh(e)`, or `stale(e)` and what of it is fresh; nothing where it does not exist.
fn evidence(system: &System, values: &[Value], e: EvId) -> Vec<String> {
    let set = |cell| {
        let slot = system.slot(cell);
        slot.and_then(|s| values.get(s.ix())) == Some(&Value::Bool(true))
    };
    if !set(Cell::Has(e)) {
        return Vec::new();
    }
    let name = system.symbols.ev_name(e);
    let of = system.symbols.evidence.get(e.ix()).map(|s| s.of.clone());
    let of = of.unwrap_or_default();
    let current: Vec<ArtId> = of
        .iter()
        .copied()
        .filter(|a| set(Cell::Bit(e, *a)))
        .collect();
    if current.len() == of.len() {
        return vec![format!("fresh({name})")];
    }
    let parts = current
        .iter()
        .map(|a| format!("fresh({name}, {})", system.symbols.art_name(*a)));
    std::iter::once(format!("stale({name})"))
        .chain(parts)
        .collect()
}

/// A transition with the values of its choices: `` `report` (s = 2) ``.
#[must_use]
pub fn fired(system: &System, command: &Command, choices: &[Value]) -> String {
    if choices.is_empty() {
        return format!("`{}`", command.name);
    }
    let values: Vec<String> = command
        .choices
        .iter()
        .zip(choices)
        .map(|(c, v)| format!("{} = {}", c.name, system.symbols.show(c.domain.ty(), *v)))
        .collect();
    format!("`{}` ({})", command.name, values.join(", "))
}

/// Names in a row: `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn listed(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
