//! `can_reach` (AG EF): whether from every reachable state some run gets to the goal, by going backwards from the goal.
//!
//! The search's own tree shows a way for all states above a goal, and a few forward looks for most others; steps are kept only
//! for what those leave undecided.

#![expect(
    clippy::indexing_slicing,
    reason = "every number of a state is below the space's bound; a slip must stop the run, not answer"
)]

use std::ops::ControlFlow;

use crate::explore::budget::{Budget, Stop};
use crate::explore::compile::Program;
use crate::explore::compile::guard::Condition;
use crate::explore::graph::Graph;
use crate::explore::space::{Space, StateIx};

/// Forward looks over all undecided states before steps are kept.
const LOOKS: usize = 3;

/// The question and what it is asked of.
pub struct Reach<'a, const W: usize> {
    /// The system.
    pub program: &'a Program<'a, W>,
    /// All its states.
    pub space: &'a Space<W>,
    /// Its steps, if they are kept anyway.
    pub graph: Option<&'a Graph>,
    /// What the run may cost.
    pub budget: &'a Budget<'a>,
    /// Bytes held already.
    pub held: usize,
}

impl<const W: usize> Reach<'_, W> {
    /// The first state in the order of levels from which no run gets to the goal; `None` when there is none. The goal is a
    /// condition by control state.
    ///
    /// # Errors
    /// Out of time or memory.
    pub fn stranded(&self, goal: &[Condition<W>]) -> Result<Option<StateIx>, Stop> {
        let bound = self.space.bound();
        self.budget.memory(self.held + bound / 8 + 8 * bound)?;
        let mut good = Bits::new(bound);
        for ix in self.space.numbers() {
            let state = self.space.state(ix);
            let here = goal.get(self.program.control(state).ix());
            if here.is_some_and(|g| g.holds(state)) {
                self.mark(ix, &mut good);
            }
        }
        let mut left: Vec<StateIx> = self.space.numbers().filter(|ix| !good.has(*ix)).collect();
        for _ in 0..LOOKS {
            let before = left.len();
            self.look(&mut left, &mut good)?;
            if left.is_empty() {
                return Ok(None);
            }
            if left.len() == before {
                break;
            }
        }
        self.backwards(&left, &mut good)?;
        Ok(self.space.first(|ix| !good.has(ix)))
    }

    /// Marks a state and all above it in the search's tree.
    fn mark(&self, ix: StateIx, good: &mut Bits) {
        let mut at = Some(ix);
        while let Some(ix) = at.filter(|ix| !good.has(*ix)) {
            good.set(ix);
            at = self.space.parent(ix);
        }
    }

    /// Looks from each undecided state for a decided successor, last states first.
    fn look(&self, left: &mut Vec<StateIx>, good: &mut Bits) -> Result<(), Stop> {
        let mut rest = Vec::new();
        for (n, ix) in left.iter().rev().enumerate() {
            if good.has(*ix) {
                continue;
            }
            if n % (1 << 16) == 0 {
                self.budget.time()?;
            }
            let found = self.each(*ix, |to| {
                if good.has(to) {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            });
            if found.is_break() {
                self.mark(*ix, good);
            } else {
                rest.push(*ix);
            }
        }
        rest.retain(|ix| !good.has(*ix));
        rest.reverse();
        *left = rest;
        Ok(())
    }

    /// Keeps the steps between undecided states, turned round, and walks them from those next to decided ones.
    fn backwards(&self, left: &[StateIx], good: &mut Bits) -> Result<(), Stop> {
        let mut steps: Vec<(StateIx, StateIx)> = Vec::new();
        let mut ready: Vec<StateIx> = Vec::new();
        for (n, ix) in left.iter().enumerate() {
            if n % (1 << 12) == 0 {
                self.budget.time()?;
                self.budget
                    .memory(self.held + 16 * steps.len() + 8 * left.len() + good.bytes())?;
            }
            let start = steps.len();
            let found = self.each(*ix, |to| {
                if good.has(to) {
                    return ControlFlow::Break(());
                }
                steps.push((to, *ix));
                ControlFlow::Continue(())
            });
            if found.is_break() {
                steps.truncate(start);
                ready.push(*ix);
            }
        }
        steps.sort_unstable();
        steps.dedup();
        for ix in &ready {
            good.set(*ix);
        }
        while let Some(ix) = ready.pop() {
            let first = steps.partition_point(|(to, _)| *to < ix);
            for (to, from) in &steps[first..] {
                if *to != ix {
                    break;
                }
                if !good.has(*from) {
                    good.set(*from);
                    ready.push(*from);
                }
            }
        }
        Ok(())
    }

    /// The states one step away.
    fn each(&self, ix: StateIx, mut f: impl FnMut(StateIx) -> ControlFlow<()>) -> ControlFlow<()> {
        if let Some(graph) = self.graph {
            return graph.row(ix).targets.iter().try_for_each(|to| f(*to));
        }
        let state = self.space.state(ix);
        self.program
            .each_next(state, |next| match self.space.find(&next) {
                Some(to) if next != *state => f(to),
                Some(_) | None => ControlFlow::Continue(()),
            })
    }
}

/// A set of numbers of states.
#[derive(Debug, Clone)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// None of those below `bound`.
    #[must_use]
    pub fn new(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(64)])
    }

    /// Adds a number.
    #[inline]
    pub fn set(&mut self, ix: StateIx) {
        self.0[ix as usize / 64] |= 1 << (ix % 64);
    }

    /// Whether a number is in.
    #[inline]
    #[must_use]
    pub fn has(&self, ix: StateIx) -> bool {
        (self.0[ix as usize / 64] >> (ix % 64)) & 1 == 1
    }

    /// Bytes held.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.0.len() * 8
    }
}
