//! Which TLA+ variables hold which cell, and what everything is called.

use super::reserved::TLA;
use super::syntax::{BinOp, Expr};
use crate::finding::PropertyIx;
use crate::ir::{Cell, Domain, Name, StateId, Ty, Value};
use crate::lower::names::Names;
use crate::model::{CellDecl, CommandIx, Property, PropertyKind, Slot, System};

/// The variable of the control state.
const STATE: &str = "state";

/// What an identifier of the generated modules stands for. The fixed ones (`Init`, `Next`, …) are not among them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Item {
    /// The main module.
    Module,
    /// The module with the checks.
    CheckModule,
    /// The module of the refined workflow.
    RefinedModule,
    /// The variable of a cell.
    Cell(Slot),
    /// The flag beside an integer or boolean that may be `none`: true while it has a value.
    Given(Slot),
    /// The action of a transition.
    Transition(CommandIx),
    /// Whether the transition is enabled, given its choices.
    Can(CommandIx),
    /// Whether its step stays in range, given its choices.
    Fits(CommandIx),
    /// A choice; choices of one name share their identifier.
    Choice(Name),
    /// What a property says.
    Property(PropertyIx),
    /// The same, announcing itself when TLC first looks at it.
    Check(PropertyIx),
    /// The behaviour without the transitions that must come first (S-15).
    Without(PropertyIx),
    /// Its next-state relation.
    WithoutNext(PropertyIx),
}

/// The variables of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellVars {
    /// Holds the value: a string for enums, "none" when absent; 0 or FALSE for an absent integer or boolean.
    pub value: String,
    /// For an integer or boolean that may be absent.
    pub given: Option<String>,
}

/// The names and variables of one system's module.
#[derive(Debug, Clone)]
pub struct Layout<'a> {
    /// The system.
    pub system: &'a System,
    /// Every identifier that depends on it.
    pub names: Names<Item>,
    /// By slot.
    pub cells: Vec<CellVars>,
}

impl<'a> Layout<'a> {
    /// The layout of `system`; `module` is the name wanted for its module; cells for which `may_be_absent` says so get a flag
    /// though their declaration admits no `none` (for a refined workflow, whose cells are what the map makes of them).
    #[must_use]
    pub fn new(system: &'a System, module: &str, may_be_absent: &dyn Fn(Slot) -> bool) -> Self {
        let flagged = |slot: Slot, cell: &CellDecl| {
            (cell.optional || may_be_absent(slot))
                && matches!(cell.domain, Domain::Bool | Domain::Int { .. })
        };
        let slots = || (0u16..).map(Slot).zip(&system.cells);
        // The control state first, so that it always has its name.
        let mut wanted: Vec<(Item, String)> = vec![
            (Item::Cell(Slot(0)), STATE.to_owned()),
            (Item::Module, module.to_owned()),
        ];
        // What the user named comes before what is derived from it, so that it is the latter that gives way.
        for (slot, cell) in slots().skip(1) {
            if let Cell::Var(v) = cell.cell {
                wanted.push((Item::Cell(slot), system.symbols.var_name(v).to_owned()));
            }
        }
        for (ix, command) in system.commands() {
            wanted.push((Item::Transition(ix), command.name.to_string()));
        }
        for choice in system.commands.iter().flat_map(|c| &c.choices) {
            wanted.push((Item::Choice(choice.name.clone()), choice.name.to_string()));
        }
        for (ix, property) in system.properties() {
            wanted.push((Item::Property(ix), property_name(property)));
        }
        for (slot, cell) in slots() {
            let name = cell_name(system, cell.cell);
            if flagged(slot, cell) {
                wanted.push((Item::Given(slot), format!("{name}_given")));
            }
            wanted.push((Item::Cell(slot), name));
        }
        for (ix, command) in system.commands() {
            wanted.push((Item::Can(ix), format!("can_{}", command.name)));
            wanted.push((Item::Fits(ix), format!("fits_{}", command.name)));
        }
        for (ix, property) in system.properties() {
            wanted.push((
                Item::Check(ix),
                format!("check_{}", property_name(property)),
            ));
            wanted.push((Item::Without(ix), format!("without_{}", property.id)));
            wanted.push((
                Item::WithoutNext(ix),
                format!("next_without_{}", property.id),
            ));
        }
        wanted.push((Item::CheckModule, format!("{module}_check")));
        wanted.push((Item::RefinedModule, format!("{module}_refined")));

        let names = Names::new(&TLA, wanted);
        let cells = slots()
            .map(|(slot, cell)| CellVars {
                value: names.of(&Item::Cell(slot)).to_owned(),
                given: flagged(slot, cell).then(|| names.of(&Item::Given(slot)).to_owned()),
            })
            .collect();
        Self {
            system,
            names,
            cells,
        }
    }

    /// All variables, in the order of cells.
    #[must_use]
    pub fn variables(&self) -> Vec<String> {
        self.cells
            .iter()
            .flat_map(|c| std::iter::once(&c.value).chain(&c.given))
            .cloned()
            .collect()
    }

    /// The set of a domain's values.
    #[must_use]
    pub fn domain(&self, domain: Domain) -> Expr {
        match domain {
            Domain::Int { lo, hi } => Expr::binary(BinOp::To, Expr::Int(lo), Expr::Int(hi)),
            Domain::Bool | Domain::Enum { .. } | Domain::State { .. } => Expr::Set(
                domain
                    .values()
                    .map(|v| self.constant(domain.ty(), v))
                    .collect(),
            ),
        }
    }

    /// A value that is not `none`; for `none` of an enum type its string.
    #[must_use]
    pub fn constant(&self, ty: Ty, value: Value) -> Expr {
        match value {
            Value::Bool(b) => Expr::Bool(b),
            Value::Int(n) => Expr::Int(n),
            Value::Enum(_) | Value::None => Expr::Str(self.system.symbols.show(ty, value)),
        }
    }

    /// The names of a text domain's values, by position; empty for the others.
    #[must_use]
    pub fn words(&self, domain: Domain) -> Vec<String> {
        match domain {
            Domain::Bool | Domain::Int { .. } => Vec::new(),
            Domain::Enum { .. } | Domain::State { .. } => domain
                .values()
                .map(|v| self.system.symbols.show(domain.ty(), v))
                .collect(),
        }
    }

    /// The bound name of a choice.
    #[must_use]
    pub fn choice(&self, name: &Name) -> &str {
        self.names.of(&Item::Choice(name.clone()))
    }

    /// The terminal states.
    #[must_use]
    pub fn terminals(&self) -> Vec<StateId> {
        let count = u16::try_from(self.system.terminal.len()).unwrap_or(u16::MAX);
        (0..count)
            .map(StateId)
            .filter(|s| self.system.is_terminal(*s))
            .collect()
    }

    /// Whether a control state, given as a string, is one of these.
    #[must_use]
    pub fn state_in(&self, state: Expr, states: &[StateId]) -> Expr {
        let name = |s: &StateId| Expr::Str(self.system.symbols.state_name(*s).to_owned());
        match states {
            [] => Expr::Bool(false),
            [only] => Expr::binary(BinOp::Eq, state, name(only)),
            many => Expr::binary(BinOp::In, state, Expr::Set(many.iter().map(name).collect())),
        }
    }

    /// The variable of the control state.
    #[must_use]
    pub fn state() -> Expr {
        Expr::Var(STATE.to_owned())
    }

    /// A predicate that TLC takes for one of the state even if it is constant: TLC judges temporal formulas over constants
    /// wrongly (`<>TRUE` as violated), and evaluates constant operators once, before the search.
    #[must_use]
    pub fn of_the_state(&self, e: Expr) -> Expr {
        if e.reads_variable() {
            return e;
        }
        let state = Self::state();
        Expr::And(vec![Expr::binary(BinOp::Eq, state.clone(), state), e])
    }
}

/// The operator of a property: named for what it says.
fn property_name(property: &Property) -> String {
    match property.kind {
        PropertyKind::InRange => "InRange".to_owned(),
        PropertyKind::NoDeadlock => "NoDeadlock".to_owned(),
        PropertyKind::Refines => "Refines".to_owned(),
        PropertyKind::Always(_)
        | PropertyKind::AtRequire(..)
        | PropertyKind::AtEnsure(..)
        | PropertyKind::Precedes(..)
        | PropertyKind::Reachable(_)
        | PropertyKind::Fires(_)
        | PropertyKind::CanReach(_)
        | PropertyKind::Eventually(_)
        | PropertyKind::LeadsTo(..)
        | PropertyKind::InfinitelyOften(_) => property.id.clone(),
    }
}

/// The readable name of a cell's variable.
fn cell_name(system: &System, cell: Cell) -> String {
    let symbols = &system.symbols;
    match cell {
        Cell::State => "state".to_owned(),
        Cell::Var(v) => symbols.var_name(v).to_owned(),
        Cell::Has(e) => format!("has_{}", symbols.ev_name(e)),
        Cell::Bit(e, a) => format!("fresh_{}_{}", symbols.ev_name(e), symbols.art_name(a)),
        Cell::Field(e, f) => format!("{}_{}", symbols.ev_name(e), symbols.field_name(e, f)),
    }
}
