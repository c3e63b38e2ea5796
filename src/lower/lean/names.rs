//! Lean names of everything in a system. User's names carry a `'` wherever another of ours could meet them: no id of the IR
//! contains one, so the names are distinct and can be read back.

use crate::ir::{Cell, Domain, EnumId, StateId, Ty, Value};
use crate::model::{Command, System};

/// The type `Int`, `Bool`, `Phase` or `Enum<k>` of a domain's values.
#[must_use]
pub fn type_name(domain: Domain) -> String {
    match domain {
        Domain::Bool => "Bool".to_owned(),
        Domain::Int { .. } => "Int".to_owned(),
        Domain::State { .. } => "Phase".to_owned(),
        Domain::Enum { id, .. } => enum_type(id),
    }
}

/// The inductive type of an enum type.
#[must_use]
pub fn enum_type(id: EnumId) -> String {
    format!("Enum{}", id.0)
}

/// A constructor of `Phase`, with its dot. The mark keeps it apart from keywords and from what Lean adds (`rec`, `casesOn`).
#[must_use]
pub fn phase(system: &System, state: StateId) -> String {
    format!("Phase.{}", phase_constructor(system, state))
}

/// The same without its type.
#[must_use]
pub fn phase_constructor(system: &System, state: StateId) -> String {
    format!("{}'", system.symbols.state_name(state))
}

/// A constructor of an enum type, with its type.
#[must_use]
pub fn enum_value(system: &System, id: EnumId, value: u16) -> String {
    format!(
        "{}.{}'",
        enum_type(id),
        system.symbols.enum_value(id, value)
    )
}

/// The field of `State` for a cell.
#[must_use]
pub fn field(system: &System, cell: Cell) -> String {
    let symbols = &system.symbols;
    match cell {
        Cell::State => "phase".to_owned(),
        Cell::Var(v) => format!("{}'", symbols.var_name(v)),
        Cell::Has(e) => format!("has'{}", symbols.ev_name(e)),
        Cell::Bit(e, a) => format!("current'{}'{}", symbols.ev_name(e), symbols.art_name(a)),
        Cell::Field(e, f) => format!("field'{}'{}", symbols.ev_name(e), symbols.field_name(e, f)),
    }
}

/// The constructor of `Action` for a command with these choices, without its type: `approve'`, `approve'pass`, `take'n3`.
#[must_use]
pub fn action(system: &System, command: &Command, choices: &[Value]) -> String {
    let mut text = format!("{}'", command.name);
    for (choice, value) in command.choices.iter().zip(choices) {
        match value {
            Value::Int(n) if *n < 0 => text.push_str(&format!("m{}", n.unsigned_abs())),
            Value::Int(n) => text.push_str(&format!("n{n}")),
            Value::None | Value::Bool(_) | Value::Enum(_) => {
                text.push_str(&system.symbols.show(ty(choice.domain), *value))
            }
        }
        text.push('\'');
    }
    text
}

/// The part of a theorem's name that stands for a property: `p'bounded` for the user's, `auto'state'Draft` for automatic ones.
#[must_use]
pub fn property(id: &str, automatic: bool) -> String {
    let tame = id.replace([':', '=', '/'], "'");
    if automatic {
        format!("auto'{tame}")
    } else {
        format!("p'{tame}")
    }
}

const fn ty(domain: Domain) -> Ty {
    domain.ty()
}
