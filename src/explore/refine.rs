//! Refinement, safety only (S-10): seen through the map, every start is a start of the other system and every step one of its
//! steps, or no change there.
//!
//! The other system's steps are those of `model::step`; what was looked up once is remembered.

use rustc_hash::FxHashSet;

use crate::explore::compile::Program;
use crate::explore::compile::node::{Node, Scope, encode};
use crate::explore::pack::{Layout, Packed};
use crate::explore::search::Hit;
use crate::explore::space::Space;
use crate::finding::State;
use crate::ir::{StateId, Value};
use crate::model::{Outcome, Refinement, System, choice_tuples, step};

/// Remembered steps, in bytes, beyond which a thread forgets them all.
const FORGET: usize = 64 << 20;
/// Stands for a value that the other system's cell cannot have.
const OUTSIDE: u32 = u32::MAX;

/// The map to the other system.
#[derive(Debug)]
pub struct Abstraction<'a> {
    other: &'a System,
    layout: Layout,
    /// By control state, the other system's cells.
    map: Vec<Vec<Node>>,
}

/// Abstract steps known to exist: the codes before, then the codes after.
#[derive(Debug, Default)]
pub struct Seen {
    steps: FxHashSet<Box<[u32]>>,
    key: Vec<u32>,
}

impl Seen {
    /// Bytes held, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.steps.capacity() * (24 + 4 * self.key.len())
    }
}

impl<'a> Abstraction<'a> {
    /// Compiles the map of a refinement for the states of `system`.
    #[must_use]
    pub fn new(system: &System, refinement: &'a Refinement) -> Self {
        let own = Layout::new(system);
        let map = (0..system.terminal.len() as u16)
            .map(|control| {
                let scope = Scope {
                    system,
                    layout: &own,
                    control: StateId(control),
                    choices: &[],
                };
                refinement
                    .map
                    .iter()
                    .map(|t| Node::new(t, &scope))
                    .collect()
            })
            .collect();
        Self {
            other: &refinement.abstract_system,
            layout: Layout::new(&refinement.abstract_system),
            map,
        }
    }

    /// Adds the codes of a state's image.
    fn image<const W: usize>(
        &self,
        program: &Program<'_, W>,
        state: &Packed<W>,
        into: &mut Vec<u32>,
    ) {
        let nodes = self.map.get(program.control(state).ix());
        for (node, field) in nodes.into_iter().flatten().zip(&self.layout.fields) {
            let code = encode(field, node.eval(state));
            into.push(code.map_or(OUTSIDE, |c| c as u32));
        }
    }

    /// The image as a state of the other system; `None` when it is none.
    fn values(&self, codes: &[u32]) -> Option<State> {
        codes
            .iter()
            .zip(&self.other.cells)
            .map(|(code, cell)| {
                if *code == OUTSIDE {
                    return None;
                }
                Some(cell.domain.nth(u64::from(*code)).unwrap_or(Value::None))
            })
            .collect()
    }

    /// The first initial state whose image is no initial state of the other system.
    #[must_use]
    pub fn wrong_start<const W: usize>(
        &self,
        program: &Program<'_, W>,
        space: &Space<W>,
    ) -> Option<Hit> {
        let wrong = space.first(|ix| {
            let mut codes = Vec::new();
            self.image(program, space.state(ix), &mut codes);
            !self.values(&codes).is_some_and(|values| {
                values.len() == self.other.cells.len()
                    && values
                        .iter()
                        .zip(&self.other.cells)
                        .all(|(v, c)| c.init.contains(v))
            })
        });
        wrong.map(|state| Hit { state, step: None })
    }

    /// Whether a step is one of the other system's, or no change there.
    #[must_use]
    pub fn allows<const W: usize>(
        &self,
        program: &Program<'_, W>,
        state: &Packed<W>,
        next: &Packed<W>,
        seen: &mut Seen,
    ) -> bool {
        let mut key = std::mem::take(&mut seen.key);
        key.clear();
        self.image(program, state, &mut key);
        let middle = key.len();
        self.image(program, next, &mut key);
        let (before, after) = key.split_at(middle);
        let allowed = !after.contains(&OUTSIDE)
            && (before == after || seen.steps.contains(key.as_slice()) || {
                let found = self.steps(before, after);
                if found {
                    if seen.steps.capacity() * (24 + 4 * key.len()) > FORGET {
                        seen.steps.clear();
                    }
                    seen.steps.insert(key.as_slice().into());
                }
                found
            });
        seen.key = key;
        allowed
    }

    /// Whether the other system has a step between these images.
    fn steps(&self, before: &[u32], after: &[u32]) -> bool {
        let (Some(before), Some(after)) = (self.values(before), self.values(after)) else {
            return false;
        };
        self.other.commands.iter().any(|command| {
            choice_tuples(command).any(|choices| {
                step(self.other, command, &before, &choices) == Outcome::Next(after.clone())
            })
        })
    }
}
