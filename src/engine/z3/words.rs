//! States and steps in the user's words.

use crate::ir::{Domain, Value};
use crate::model::{Command, System};

/// A state: where the control is, and what differs from the start.
#[must_use]
pub fn state(system: &System, values: &[Value]) -> String {
    let mut parts = Vec::new();
    for (n, (cell, value)) in system.cells.iter().zip(values).enumerate() {
        if n == 0 {
            parts.push(system.symbols.show(cell.domain.ty(), *value));
        } else if cell.init.as_slice() != [*value] {
            let name = system.symbols.cell_name(cell.cell);
            parts.push(match (cell.domain, value) {
                (Domain::Bool, Value::Bool(true)) => name,
                (Domain::Bool, Value::Bool(false)) => format!("not {name}"),
                (
                    Domain::Bool | Domain::Int { .. } | Domain::Enum { .. } | Domain::State { .. },
                    Value::None | Value::Bool(_) | Value::Int(_) | Value::Enum(_),
                ) => format!("{name} == {}", system.symbols.show(cell.domain.ty(), *value)),
            });
        }
    }
    parts.join(", ")
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
