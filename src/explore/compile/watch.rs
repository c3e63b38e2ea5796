//! What a search looks out for, in terms of the system: each watch is hit by the first state or step that fits it.

use crate::ir::Term;
use crate::model::CommandIx;

/// A watch, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Watch(pub u32);

impl Watch {
    /// The position.
    #[must_use]
    pub const fn ix(self) -> usize {
        self.0 as usize
    }
}

/// All watches of one search.
#[derive(Debug, Clone, Default)]
pub struct Watches {
    /// A state in which the term is true.
    pub states: Vec<(Watch, Term)>,
    /// An enabled command, with choices, where the term is true in the state before.
    pub enabled: Vec<(Watch, CommandIx, Term)>,
    /// A step of a command that stays in range, where the term is true in the state after.
    pub fired: Vec<(Watch, CommandIx, Term)>,
    /// A non-terminal state without enabled command.
    pub deadlock: Option<Watch>,
    /// A step that leaves a range.
    pub outside: Option<Watch>,
    /// A step, or an initial state, that the refined system does not have.
    pub refines: Option<Watch>,
    /// How many there are.
    pub count: u32,
}

impl Watches {
    /// The next free number.
    pub const fn add(&mut self) -> Watch {
        let watch = Watch(self.count);
        self.count += 1;
        watch
    }
}
