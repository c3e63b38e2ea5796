//! Names of SMT constants. Every name of the user's stands behind a prefix that ends in a dot, so no name can be a keyword of
//! the target language, and since names hold neither `.` nor `@`, different things have different constants.

use crate::ir::{Cell, Symbols};

/// A cell in the state with this number.
#[must_use]
pub fn cell(symbols: &Symbols, cell: Cell, frame: u32) -> String {
    match cell {
        Cell::State => format!("state@{frame}"),
        Cell::Var(v) => format!("var.{}@{frame}", symbols.var_name(v)),
        Cell::Has(e) => format!("has.{}@{frame}", symbols.ev_name(e)),
        Cell::Bit(e, a) => format!(
            "fresh.{}.{}@{frame}",
            symbols.ev_name(e),
            symbols.art_name(a)
        ),
        Cell::Field(e, f) => format!(
            "field.{}.{}@{frame}",
            symbols.ev_name(e),
            symbols.field_name(e, f)
        ),
    }
}

/// Whether a cell that may be `none` has a value, in the state with this number.
#[must_use]
pub fn given(symbols: &Symbols, c: Cell, frame: u32) -> String {
    format!("given.{}", cell(symbols, c, frame))
}

/// A choice of a transition, in the step that leaves the state with this number.
#[must_use]
pub fn choice(transition: &str, name: &str, frame: u32) -> String {
    format!("choice.{transition}.{name}@{frame}")
}

/// Whether the step that leaves the state with this number is by this transition.
#[must_use]
pub fn fires(transition: &str, frame: u32) -> String {
    format!("fires.{transition}@{frame}")
}

/// A control state.
#[must_use]
pub fn state(name: &str) -> String {
    format!("state.{name}")
}

/// A value of an enum type, which is known by its number.
#[must_use]
pub fn enum_value(id: u16, name: &str) -> String {
    format!("enum{id}.{name}")
}

/// An input of a policy.
#[must_use]
pub fn input(word: &str) -> String {
    format!("input.{word}")
}

/// A property's id, or any other label made of names, as part of a symbol: characters that simple symbols lack are replaced
/// by ones that names lack.
#[must_use]
pub fn label(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            ':' => '~',
            '/' => '.',
            '(' => '<',
            ')' => '>',
            ',' => '%',
            ' ' => '^',
            c if c.is_ascii_alphanumeric() || "_=".contains(c) => c,
            _ => '!',
        })
        .collect()
}
