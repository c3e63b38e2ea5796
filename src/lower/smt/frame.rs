//! The state of a system as constants, one set a frame (a position in a run), and what is always true of them.

use super::names;
use super::script::{Item, Script, Sort};
use super::tree::{Smt, and, eq, implies, int, or};
use super::value::{Scope, Val, literal};
use crate::ir::{Cell, ChoiceIx, Domain, StateId, Symbols, Ty, Value};
use crate::model::{CellDecl, Command, System};

/// Bits enough for every enum and the control states of `system` and of the one it refines.
#[must_use]
pub fn enum_width(system: &System) -> u32 {
    let inner = system
        .refinement
        .as_ref()
        .map_or(1, |r| enum_width(&r.abstract_system));
    let symbols = &system.symbols;
    let most = symbols
        .enums
        .iter()
        .map(|e| e.values.len())
        .chain([symbols.states.len(), 2])
        .max()
        .unwrap_or(2);
    let bits = usize::BITS - most.saturating_sub(1).leading_zeros();
    bits.max(inner)
}

/// The sort of a domain's values.
#[must_use]
pub const fn sort_of(domain: Domain, width: u32) -> Sort {
    match domain {
        Domain::Bool => Sort::Bool,
        Domain::Int { .. } => Sort::Int,
        Domain::Enum { .. } | Domain::State { .. } => Sort::Enum(width),
    }
}

/// Declares the names of states and enum values.
pub fn define_values(script: &mut Script, symbols: &Symbols, width: u32) {
    for (n, s) in (0u16..).zip(&symbols.states) {
        script.items.push(Item::Define(
            names::state(s.name.as_str()),
            Sort::Enum(width),
            Smt::Enum(n, width),
        ));
    }
    for (id, e) in (0u16..).zip(&symbols.enums) {
        for (n, v) in (0u16..).zip(&e.values) {
            script.items.push(Item::Define(
                names::enum_value(id, v.as_str()),
                Sort::Enum(width),
                Smt::Enum(n, width),
            ));
        }
    }
}

/// Declares the cells of one frame.
pub fn declare_cells(script: &mut Script, system: &System, frame: u32) {
    let width = enum_width(system);
    for c in &system.cells {
        if c.optional {
            script.declare(names::given(&system.symbols, c.cell, frame), Sort::Bool);
        }
        script.declare(
            names::cell(&system.symbols, c.cell, frame),
            sort_of(c.domain, width),
        );
    }
}

/// Declares the choices of all commands in the step that leaves the frame, and keeps them in their types.
pub fn declare_choices(script: &mut Script, system: &System, frame: u32) {
    let width = enum_width(system);
    for command in &system.commands {
        for c in &command.choices {
            let name = names::choice(command.name.as_str(), c.name.as_str(), frame);
            let term = script.declare(name, sort_of(c.domain, width));
            script.assert(and([
                well_typed(c.domain, &term, system, width),
                within(c.domain, &term),
            ]));
        }
    }
}

/// Asserts what is true of every typed state whatever the integers: enum values exist, and evidence is kept canonical.
pub fn assert_typed(script: &mut Script, system: &System, frame: u32) {
    let width = enum_width(system);
    for c in &system.cells {
        let val = cell_value(system, c.cell, frame);
        if let Some(v) = &val.value {
            script.assert(implies(
                val.given.clone(),
                well_typed(c.domain, v, system, width),
            ));
        }
        match c.cell {
            Cell::Bit(e, _) => {
                let has = cell_value(system, Cell::Has(e), frame).truth();
                script.assert(implies(val.truth(), has));
            }
            Cell::Field(e, _) => {
                let has = cell_value(system, Cell::Has(e), frame).truth();
                script.assert(implies(val.given, has));
            }
            Cell::State | Cell::Var(_) | Cell::Has(_) => {}
        }
    }
}

/// That an integer cell lies in its range where it has a value; true for other cells.
#[must_use]
pub fn in_range(system: &System, decl: &CellDecl, frame: u32) -> Smt {
    let val = cell_value(system, decl.cell, frame);
    val.value.map_or(Smt::Bool(true), |v| {
        implies(val.given, within(decl.domain, &v))
    })
}

/// That the frame is an initial state.
#[must_use]
pub fn initial(system: &System, frame: u32) -> Smt {
    let width = enum_width(system);
    and(system.cells.iter().map(|c| {
        let here = cell_value(system, c.cell, frame);
        if c.init.len() as u64 == c.domain.size() && !c.init.contains(&Value::None) {
            // `init: any`
            return here.value.map_or(Smt::Bool(false), |v| {
                and([here.given, within(c.domain, &v)])
            });
        }
        or(c.init.iter().map(|v| here.equals(&literal(*v, width))))
    }))
}

/// The range of an integer; true of everything else, which `well_typed` covers.
#[must_use]
pub fn within(domain: Domain, term: &Smt) -> Smt {
    match domain {
        Domain::Int { lo, hi } => and([
            int("<=", Smt::Int(lo), term.clone()),
            int("<=", term.clone(), Smt::Int(hi)),
        ]),
        Domain::Bool | Domain::Enum { .. } | Domain::State { .. } => Smt::Bool(true),
    }
}

fn well_typed(domain: Domain, term: &Smt, system: &System, width: u32) -> Smt {
    match domain {
        Domain::Bool | Domain::Int { .. } => Smt::Bool(true),
        Domain::Enum { len, .. } | Domain::State { len } => {
            if u64::from(len) == 1u64 << width {
                return Smt::Bool(true);
            }
            let last = named(domain, len.saturating_sub(1), system, width);
            Smt::App("bvule", vec![term.clone(), last])
        }
    }
}

/// A value of an enum or a control state by its name.
fn named(domain: Domain, n: u16, system: &System, width: u32) -> Smt {
    match domain {
        Domain::State { .. } => system
            .symbols
            .state(StateId(n))
            .map_or(Smt::Enum(n, width), |s| {
                Smt::Name(names::state(s.name.as_str()))
            }),
        Domain::Enum { id, .. } => {
            Smt::Name(names::enum_value(id.0, system.symbols.enum_value(id, n)))
        }
        Domain::Bool | Domain::Int { .. } => Smt::Enum(n, width),
    }
}

/// The value of a cell in a frame. A cell of another system has no value.
#[must_use]
pub fn cell_value(system: &System, cell: Cell, frame: u32) -> Val {
    let Some(decl) = system.slot(cell).and_then(|s| system.cell(s)) else {
        return Val::none();
    };
    let value = Smt::Name(names::cell(&system.symbols, cell, frame));
    if decl.optional {
        Val::maybe(Smt::Name(names::given(&system.symbols, cell, frame)), value)
    } else {
        Val::sure(value)
    }
}

/// That the control state of a frame is one of these.
#[must_use]
pub fn state_in(system: &System, states: &[StateId], frame: u32) -> Smt {
    let here = cell_value(system, Cell::State, frame);
    let width = enum_width(system);
    let Some(here) = here.value else {
        return Smt::Bool(false);
    };
    let domain = Domain::State { len: 0 };
    or(states
        .iter()
        .map(|s| eq(here.clone(), named(domain, s.0, system, width))))
}

/// That the control state of a frame is a declared terminal one.
#[must_use]
pub fn at_terminal(system: &System, frame: u32) -> Smt {
    let all: Vec<StateId> = (0u16..)
        .map(StateId)
        .take(system.symbols.states.len())
        .filter(|s| system.is_terminal(*s))
        .collect();
    if all.is_empty() {
        return Smt::Bool(false);
    }
    state_in(system, &all, frame)
}

/// How the choices of a command appear in its terms.
#[derive(Debug, Clone, Copy)]
pub enum Choices<'a> {
    /// There are none.
    None,
    /// As constants of the frame.
    Free(&'a Command),
    /// As these values.
    Fixed(&'a [Value]),
}

/// Reads terms in a frame.
#[derive(Debug, Clone, Copy)]
pub struct FrameScope<'a> {
    /// The system.
    pub system: &'a System,
    /// The number of the frame.
    pub frame: u32,
    /// The choices.
    pub choices: Choices<'a>,
}

impl<'a> FrameScope<'a> {
    /// Reads terms without choices.
    #[must_use]
    pub const fn plain(system: &'a System, frame: u32) -> Self {
        Self {
            system,
            frame,
            choices: Choices::None,
        }
    }

    /// Reads terms of a command whose choices are constants of the frame.
    #[must_use]
    pub const fn free(system: &'a System, frame: u32, command: &'a Command) -> Self {
        Self {
            system,
            frame,
            choices: Choices::Free(command),
        }
    }
}

impl Scope for FrameScope<'_> {
    fn symbols(&self) -> &Symbols {
        &self.system.symbols
    }

    fn literal(&self, value: Value, ty: Ty) -> Val {
        let width = enum_width(self.system);
        let symbols = &self.system.symbols;
        match (value, ty) {
            (Value::Enum(n), Ty::State) if usize::from(n) < symbols.states.len() => {
                Val::sure(named(Domain::State { len: 0 }, n, self.system, width))
            }
            (Value::Enum(n), Ty::Enum(id))
                if symbols
                    .enums
                    .get(id.ix())
                    .is_some_and(|e| usize::from(n) < e.values.len()) =>
            {
                Val::sure(named(Domain::Enum { id, len: 0 }, n, self.system, width))
            }
            (
                Value::None | Value::Bool(_) | Value::Int(_) | Value::Enum(_),
                Ty::Bool | Ty::Int | Ty::Enum(_) | Ty::State | Ty::None,
            ) => literal(value, width),
        }
    }

    fn read(&self, cell: Cell) -> Val {
        cell_value(self.system, cell, self.frame)
    }

    fn choice(&self, choice: ChoiceIx) -> Val {
        match self.choices {
            Choices::None => Val::none(),
            Choices::Free(command) => {
                command
                    .choices
                    .get(choice.ix())
                    .map_or_else(Val::none, |c| {
                        Val::sure(Smt::Name(names::choice(
                            command.name.as_str(),
                            c.name.as_str(),
                            self.frame,
                        )))
                    })
            }
            Choices::Fixed(values) => values
                .get(choice.ix())
                .map_or_else(Val::none, |v| literal(*v, enum_width(self.system))),
        }
    }

    fn input(&self, _: u16) -> Val {
        Val::none()
    }

    fn at_terminal(&self) -> Smt {
        at_terminal(self.system, self.frame)
    }
}
