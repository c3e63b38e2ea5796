//! The main module: the workflow as a TLA+ specification that a person can read, with all its properties.

use super::action::{Action, admitted};
use super::comment;
use super::layout::{Item, Layout};
use super::property;
use super::syntax::{BinOp, Expr, Module, Unit};
use super::term::{Repr, Scope};
use crate::ir::workflow::Fairness;
use crate::ir::{Domain, Value};
use crate::model::{CellDecl, Slot};

/// The tuple of all variables.
const VARS: &str = "vars";

/// The module of one system; `properties` = whether its properties are written too.
#[must_use]
pub fn module(layout: &Layout<'_>, properties: bool) -> Module {
    let system = layout.system;
    let mut words = comment::lines(
        "Workflow",
        &format!("{}, version {}.", system.id, system.version),
    );
    words.extend(comment::lines("Goal:", &system.goal));
    words.push("Generated from the workflow's file; what is changed here is lost.".to_owned());
    let mut units = vec![Unit::Comment(words), Unit::Blank, variables(layout)];
    let tuple = Expr::Tuple(layout.variables().into_iter().map(Expr::Var).collect());
    units.extend([
        Unit::Define(VARS.to_owned(), vec![], tuple),
        Unit::Blank,
        Unit::Define("TypeOK".to_owned(), vec![], types(layout)),
        Unit::Blank,
        Unit::Define("Init".to_owned(), vec![], init(layout)),
    ]);
    for (ix, command) in system.commands() {
        units.extend(Action::new(layout, ix, command).units());
    }
    let actions = system
        .commands()
        .map(|(ix, _)| Expr::name(layout.names.of(&Item::Transition(ix))))
        .collect();
    units.extend([
        Unit::Blank,
        Unit::Define("Next".to_owned(), vec![], Expr::Or(actions)),
        Unit::Blank,
        Unit::Comment(vec![
            "A state without steps stutters, and so may any other unless fairness forbids it."
                .to_owned(),
        ]),
        Unit::Define("Safety".to_owned(), vec![], behaviour("Next")),
        Unit::Define("Spec".to_owned(), vec![], fair(layout)),
    ]);
    if properties {
        for (ix, property) in system.properties() {
            units.extend(property::units(layout, ix, property));
        }
    }
    Module {
        name: layout.names.of(&Item::Module).to_owned(),
        extends: vec!["Integers".to_owned()],
        units,
    }
}

/// `Init /\ [][next]_vars`.
#[must_use]
pub fn behaviour(next: &str) -> Expr {
    Expr::And(vec![
        Expr::name("Init"),
        Expr::Steps(Box::new(Expr::name(next)), VARS.to_owned()),
    ])
}

fn variables(layout: &Layout<'_>) -> Unit {
    let symbols = &layout.system.symbols;
    let mut list = Vec::new();
    for (vars, decl) in layout.cells.iter().zip(&layout.system.cells) {
        let cell = symbols.cell_name(decl.cell);
        let words = if cell == vars.value {
            String::new()
        } else {
            comment::line(&cell)
        };
        list.push((vars.value.clone(), words));
        if let Some(given) = &vars.given {
            list.push((given.clone(), comment::line(&format!("{cell} is not none"))));
        }
    }
    Unit::Variables(list)
}

/// What every state looks like. The engine checks it too: should it fail, the lowering is wrong.
fn types(layout: &Layout<'_>) -> Expr {
    let scope = Scope {
        layout,
        command: None,
        after: false,
    };
    let mut parts = Vec::new();
    for (decl, slot) in layout.system.cells.iter().zip((0u16..).map(Slot)) {
        match scope.slot(slot) {
            Repr::Bool(s) => {
                parts.push(boolean(s.value.clone()));
                parts.extend(flagged(s.given, s.value, Expr::Bool(false)));
            }
            Repr::Int(s) => {
                parts.push(admitted(layout, decl, Repr::Int(s.clone())));
                parts.extend(flagged(s.given, s.value, Expr::Int(0)));
            }
            repr @ (Repr::Text(_) | Repr::Nothing) => parts.push(admitted(layout, decl, repr)),
        }
    }
    Expr::And(parts)
}

/// The flag is boolean, and an absent value has one spelling.
fn flagged(given: Option<Expr>, value: Expr, empty: Expr) -> Vec<Expr> {
    given.map_or_else(Vec::new, |given| {
        let canonical = Expr::Or(vec![given.clone(), equals(value, empty)]);
        vec![boolean(given), canonical]
    })
}

fn boolean(e: Expr) -> Expr {
    Expr::binary(BinOp::In, e, Expr::name("BOOLEAN"))
}

fn init(layout: &Layout<'_>) -> Expr {
    let mut parts = Vec::new();
    for (vars, decl) in layout.cells.iter().zip(&layout.system.cells) {
        let value = Expr::Var(vars.value.clone());
        let flag = |given: bool| {
            vars.given
                .clone()
                .map(|f| equals(Expr::Var(f), Expr::Bool(given)))
        };
        let present: Vec<Value> = decl
            .init
            .iter()
            .copied()
            .filter(|v| *v != Value::None)
            .collect();
        let mut ways = Vec::new();
        if !present.is_empty() {
            let mut way = vec![one_of(layout, decl, value.clone(), &present)];
            way.extend(flag(true));
            ways.push(way);
        }
        if decl.init.contains(&Value::None) {
            let empty = match decl.domain {
                Domain::Bool => Expr::Bool(false),
                Domain::Int { .. } => Expr::Int(0),
                Domain::Enum { .. } | Domain::State { .. } => Expr::Str("none".to_owned()),
            };
            let mut way = vec![equals(value, empty)];
            way.extend(flag(false));
            ways.push(way);
        }
        if ways.len() == 1 {
            parts.extend(ways.into_iter().flatten());
        } else {
            parts.push(Expr::Or(ways.into_iter().map(Expr::And).collect()));
        }
    }
    Expr::And(parts)
}

fn equals(a: Expr, b: Expr) -> Expr {
    Expr::binary(BinOp::Eq, a, b)
}

fn one_of(layout: &Layout<'_>, decl: &CellDecl, value: Expr, values: &[Value]) -> Expr {
    let constant = |v: &Value| layout.constant(decl.domain.ty(), *v);
    match values {
        [only] => equals(value, constant(only)),
        many => {
            let set = if decl.domain.values().eq(many.iter().copied()) {
                layout.domain(decl.domain)
            } else {
                Expr::Set(many.iter().map(constant).collect())
            };
            Expr::binary(BinOp::In, value, set)
        }
    }
}

/// With fairness over all choices of each transition (S-8): `WF_vars(A)` speaks of `<<A>>_vars`, the steps that change something.
fn fair(layout: &Layout<'_>) -> Expr {
    let mut parts = vec![Expr::name("Safety")];
    for (ix, command) in layout.system.commands() {
        let kind = match command.fairness {
            None => continue,
            Some(Fairness::Weak) => "WF",
            Some(Fairness::Strong) => "SF",
        };
        let action = Expr::name(layout.names.of(&Item::Transition(ix)));
        parts.push(Expr::Fair(kind, VARS.to_owned(), Box::new(action)));
    }
    Expr::And(parts)
}
