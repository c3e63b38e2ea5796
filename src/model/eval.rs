//! Evaluates terms in a state of a system.

use super::system::System;
use crate::eval::{Env, truth};
use crate::ir::{ArtId, Cell, ChoiceIx, EvId, StateId, Term, Value};

/// A state of a system, with the choices of the step under consideration (empty where there is none).
#[derive(Debug, Clone, Copy)]
pub struct StateEnv<'a> {
    /// The system.
    pub system: &'a System,
    /// Its cells' values, by slot.
    pub state: &'a [Value],
    /// The values of the choices.
    pub choices: &'a [Value],
}

impl Env for StateEnv<'_> {
    fn read(&self, cell: Cell) -> Value {
        self.system
            .slot(cell)
            .and_then(|s| self.state.get(s.ix()))
            .copied()
            .unwrap_or(Value::None)
    }

    fn choice(&self, choice: ChoiceIx) -> Value {
        self.choices
            .get(choice.ix())
            .copied()
            .unwrap_or(Value::None)
    }

    fn input(&self, _: u16) -> Value {
        Value::None
    }

    fn artifacts(&self, evidence: EvId) -> &[ArtId] {
        self.system
            .symbols
            .evidence
            .get(evidence.ix())
            .map_or(&[], |e| &e.of)
    }

    fn at_terminal(&self) -> bool {
        match self.read(Cell::State) {
            Value::Enum(s) => self.system.is_terminal(StateId(s)),
            Value::None | Value::Bool(_) | Value::Int(_) => false,
        }
    }
}

/// Whether a condition without choices holds in a state.
#[must_use]
pub fn holds(system: &System, state: &[Value], condition: &Term) -> bool {
    truth(
        condition,
        &StateEnv {
            system,
            state,
            choices: &[],
        },
    )
}
