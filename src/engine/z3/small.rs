//! Makes a model small: as many cells as possible at their initial values, integers near them. Greedy and in a fixed order, so
//! the same question has the same answer.

use super::read::state;
use super::session::{Found, Said, Session, SessionError};
use crate::ir::{Domain, Value};
use crate::lower::smt::frame::{cell_value, enum_width};
use crate::lower::smt::script::Script;
use crate::lower::smt::tree::Smt;
use crate::lower::smt::value::literal;
use crate::model::{CellDecl, System};

/// A model of what `assuming` says in which the state of `frame` is small.
///
/// # Errors
/// If Z3 refuses the text, or a model lacks a value.
pub fn smallest(
    session: &mut Session<'_>,
    system: &System,
    frame: u32,
    mut assuming: Vec<String>,
    mut found: Found,
) -> Result<Found, SessionError> {
    let mut now = state(&found, system, frame)?;
    // All preferences are told at once: telling is what costs.
    let mut script = Script::default();
    let mut preferences = Vec::new();
    for (cell, value) in system.cells.iter().zip(&now) {
        let values = preferred(cell, *value).into_iter();
        let named: Vec<(Value, String)> =
            values.map(|v| (v, session.fresh_name("prefer"))).collect();
        for (v, name) in &named {
            script.track(name, is(system, cell, frame, *v));
        }
        preferences.push(named);
    }
    session.tell(script)?;
    for (n, (cell, named)) in system.cells.iter().zip(preferences).enumerate() {
        let current = now.get(n).copied().unwrap_or(Value::None);
        let mut settled = false;
        for (value, name) in named {
            assuming.push(name);
            settled = current == value;
            if settled {
                break;
            }
            match session.ask("is there a smaller one?", &assuming) {
                Said::Sat(better) => {
                    now = state(&better, system, frame)?;
                    found = better;
                    settled = true;
                    break;
                }
                Said::Unsat(_) | Said::Unknown(_) => {
                    assuming.pop();
                }
            }
        }
        if !settled {
            let name = session.fresh_name("prefer");
            let mut script = Script::default();
            script.track(&name, is(system, cell, frame, current));
            session.tell(script)?;
            assuming.push(name);
        }
    }
    Ok(found)
}

fn is(system: &System, cell: &CellDecl, frame: u32, value: Value) -> Smt {
    cell_value(system, cell.cell, frame).equals(&literal(value, enum_width(system)))
}

/// Values to try, the best first; the current one last, so that one of them does unless a better model changes it.
fn preferred(cell: &CellDecl, current: Value) -> Vec<Value> {
    let mut all: Vec<Value> = cell.init.iter().take(1).copied().collect();
    match cell.domain {
        Domain::Int { lo, hi } => {
            let near = [
                lo,
                lo.saturating_add(1),
                hi,
                hi.saturating_add(1),
                lo.saturating_sub(1),
            ];
            all.extend([0, 1, 2].into_iter().chain(near).map(Value::Int));
        }
        Domain::Bool | Domain::Enum { .. } | Domain::State { .. } => {
            all.extend(cell.domain.values().take(12));
        }
    }
    all.push(current);
    let mut distinct = Vec::new();
    for v in all {
        if !distinct.contains(&v) {
            distinct.push(v);
        }
    }
    distinct
}
