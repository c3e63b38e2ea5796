//! Types in words, for error messages.

use crate::ir::{EnumId, Name, Symbols, Ty};

/// A type with its article: `an integer`, `one of idle, busy`.
pub(super) fn describe_ty(symbols: &Symbols, ty: Ty) -> String {
    match ty {
        Ty::Bool => "a condition (true or false)".to_owned(),
        Ty::Int => "an integer".to_owned(),
        Ty::State => "a state".to_owned(),
        Ty::None => "none".to_owned(),
        Ty::Enum(id) => format!("one of {}", values(symbols, id)),
    }
}

/// A value that does not fit, by the types that have it.
pub(super) fn describe_value_types(
    symbols: &Symbols,
    name: &Name,
    is_state: bool,
    candidates: &[(EnumId, u16)],
) -> String {
    let enums = candidates
        .iter()
        .map(|(id, _)| format!("a value of the enum {}", values(symbols, *id)));
    let all: Vec<String> = is_state
        .then(|| "a state".to_owned())
        .into_iter()
        .chain(enums)
        .collect();
    format!("`{name}`, {}", all.join(" and "))
}

fn values(symbols: &Symbols, id: EnumId) -> String {
    let Some(sym) = symbols.enums.get(id.ix()) else {
        return "?".to_owned();
    };
    let words: Vec<&str> = sym.values.iter().map(Name::as_str).collect();
    words.join(", ")
}
