//! The guarded-command system: cells, commands, properties. Every lowering and every engine reads this and nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use crate::finding::PropertyIx;
use crate::ir::workflow::Fairness;
use crate::ir::{
    Cell, Domain, EvId, Name, Span, StateId, Symbols, Term, TransitionId, Value, VarId,
};

/// A cell by its position in [`System::cells`]; states of the system are vectors in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u16);

impl Slot {
    /// The position.
    #[must_use]
    pub const fn ix(self) -> usize {
        self.0 as usize
    }
}

/// Commands are in the order of transitions, so one index serves both.
pub type CommandIx = TransitionId;

/// The system of one version of one workflow.
#[derive(Debug, Clone)]
pub struct System {
    /// `workflow_id`.
    pub id: Name,
    /// `version`.
    pub version: u32,
    /// `goal`, for comments in generated text.
    pub goal: String,
    /// Names and types.
    pub symbols: Arc<Symbols>,
    /// Slot 0 is the control state; then variables in order; then per kind of evidence: has, its bits in the order of `of`, its fields.
    pub cells: Vec<CellDecl>,
    /// The slot of each cell.
    pub slots: HashMap<Cell, Slot>,
    /// The initial control state.
    pub initial: StateId,
    /// One per transition, in order.
    pub commands: Vec<Command>,
    /// The user's in the order written, then the automatic ones; by [`PropertyIx`].
    pub properties: Vec<Property>,
    /// By state: whether it is terminal. All false when none is declared.
    pub terminal: Vec<bool>,
    /// Whether the workflow has `terminal:` with states.
    pub has_terminals: bool,
    /// The workflow it refines.
    pub refinement: Option<Box<Refinement>>,
}

/// One cell of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellDecl {
    /// Which.
    pub cell: Cell,
    /// Its values apart from `none`.
    pub domain: Domain,
    /// Whether it may be `none` (fields of evidence).
    pub optional: bool,
    /// Its initial values: every combination of all cells' initial values is an initial state.
    pub init: Vec<Value>,
}

/// A free choice of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its name.
    pub name: Name,
    /// Its values.
    pub domain: Domain,
}

/// One transition as a guarded command. Enabled in a state with choice values c iff the control state is in `from` and
/// `guard` holds. Its step assigns all `updates` at once, each reading the state before; cells without update keep their value.
#[derive(Debug, Clone)]
pub struct Command {
    /// Its id.
    pub name: Name,
    /// The states it leaves; never a terminal one.
    pub from: Vec<StateId>,
    /// The state it enters; `None` = stays.
    pub to: Option<StateId>,
    /// Its choices, by `ChoiceIx`.
    pub choices: Vec<Choice>,
    /// `when:`; `true` when absent.
    pub guard: Term,
    /// At most one per slot, by slot. The control state is among them when `to` is given. S-2's order of effects is worked in
    /// already, and so is the canonical form of absent evidence.
    pub updates: Vec<Update>,
    /// Its fairness.
    pub fairness: Option<Fairness>,
    /// Whether a person fires it.
    pub human: bool,
    /// Evidence recorded, with the place of the entry.
    pub records: Vec<(EvId, Span)>,
    /// The whole entry.
    pub span: Span,
    /// The place of `when:`, else of the id.
    pub guard_span: Span,
}

/// One assignment of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// What is assigned.
    pub slot: Slot,
    /// The new value, in terms of the state before.
    pub value: Term,
    /// Whether the value may lie outside the cell's domain, so that S-3 has to be tested; false where it is a fact that it does not.
    pub checked: bool,
}

/// A property of the system.
#[derive(Debug, Clone)]
pub struct Property {
    /// The user's id, or for automatic ones: `deadlock`, `in_range`, `can_reach_terminal`, `state:S`, `phase:var=value`,
    /// `fires:t`, `needs:t/e`, `refines`.
    pub id: String,
    /// The key of its form in the IR; for automatic ones `deadlock`, `in_range`, `can_reach`, `state`, `phase`, `fires`, `needs`, `refines`.
    pub form: &'static str,
    /// Whether it is automatic (S-9).
    pub automatic: bool,
    /// What it says.
    pub kind: PropertyKind,
    /// `text:`.
    pub text: Option<String>,
    /// `requirement:`.
    pub requirement: Option<String>,
    /// S-16.
    pub expect_violated: bool,
    /// Helps proofs.
    pub lemma: bool,
    /// The place to point at.
    pub span: Span,
    /// How it could hold for no reason; `None` where it cannot.
    pub vacuity: Option<Vacuity>,
}

/// What would make a property hold for no good reason.
#[derive(Debug, Clone)]
pub enum Vacuity {
    /// No reachable state satisfies this: the left side of `always: a => b`, or the first part of a `leads_to`.
    NeverTrue(Term),
    /// This transition is never enabled.
    NeverEnabled(CommandIx),
}

/// What properties say. `never: p` is `Always(not p)`.
#[derive(Debug, Clone)]
pub enum PropertyKind {
    /// In every reachable state.
    Always(Term),
    /// In every reachable state in which the command is enabled with some choices, this holds there with them (S-14).
    AtRequire(CommandIx, Term),
    /// In the state after every step of the command; may read the choices (S-14). Also `needs`.
    AtEnsure(CommandIx, Term),
    /// The command is enabled nowhere in the system without these commands (S-15).
    Precedes(Vec<CommandIx>, CommandIx),
    /// Some reachable state satisfies it. Also the automatic ones of states and phases.
    Reachable(Term),
    /// Some run fires the command with a step that stays in range.
    Fires(CommandIx),
    /// From every reachable state one that satisfies it can be reached.
    CanReach(Term),
    /// Every fair run gets there.
    Eventually(Term),
    /// Whenever the first holds, every fair run gets to the second.
    LeadsTo(Term, Term),
    /// Every fair run gets there again and again.
    InfinitelyOften(Term),
    /// No step leaves a range (S-3).
    InRange,
    /// No reachable non-terminal state without enabled command (S-7).
    NoDeadlock,
    /// The refinement of [`System::refinement`] (S-10).
    Refines,
}

/// A refined workflow and what its cells are in terms of this one's.
#[derive(Debug, Clone)]
pub struct Refinement {
    /// The other workflow's system.
    pub abstract_system: System,
    /// By slot of the other system: its value in terms of this system's cells. The one for the control state is a tree of `if`
    /// whose conditions are of this system and whose leaves are literals of the *other* system's states; never a read of this
    /// system's state. Enum values need no care: this system's tables have the other's enum types too, positions agree.
    pub map: Vec<Term>,
    /// Where `refines:` is written.
    pub span: Span,
    /// The other file, as written.
    pub file: String,
}

impl System {
    /// The slot of a cell; `None` only for a cell of another system.
    #[must_use]
    pub fn slot(&self, cell: Cell) -> Option<Slot> {
        self.slots.get(&cell).copied()
    }

    /// The slot of a variable.
    #[must_use]
    pub fn var_slot(&self, var: VarId) -> Option<Slot> {
        self.slot(Cell::Var(var))
    }

    /// A cell's declaration.
    #[must_use]
    pub fn cell(&self, slot: Slot) -> Option<&CellDecl> {
        self.cells.get(slot.ix())
    }

    /// A command.
    #[must_use]
    pub fn command(&self, ix: CommandIx) -> Option<&Command> {
        self.commands.get(ix.ix())
    }

    /// A property.
    #[must_use]
    pub fn property(&self, ix: PropertyIx) -> Option<&Property> {
        self.properties.get(ix.ix())
    }

    /// All properties with their indices.
    pub fn properties(&self) -> impl Iterator<Item = (PropertyIx, &Property)> {
        (0u32..).map(PropertyIx).zip(&self.properties)
    }

    /// All commands with their indices.
    pub fn commands(&self) -> impl Iterator<Item = (CommandIx, &Command)> {
        (0u16..).map(TransitionId).zip(&self.commands)
    }

    /// Whether a control state is terminal.
    #[must_use]
    pub fn is_terminal(&self, state: StateId) -> bool {
        self.terminal.get(state.ix()).copied().unwrap_or(false)
    }
}

impl CellDecl {
    /// Whether the cell can hold this value.
    #[must_use]
    pub fn admits(&self, value: Value) -> bool {
        match value {
            Value::None => self.optional,
            Value::Bool(_) | Value::Int(_) | Value::Enum(_) => {
                self.domain.position(value).is_some()
            }
        }
    }
}
