//! The parts of the graph that a fair run can visit for ever (S-7, S-8).
//!
//! What a run visits for ever lies in one strongly connected component; a run may also stutter in one state. A component is
//! fair when every weakly fair command is disabled somewhere in it or makes a step inside, and every strongly fair one that
//! is enabled somewhere in it makes a step inside. Where only strong fairness fails, the states that enable the starved
//! commands are taken away and the rest is looked at again.

#![expect(
    clippy::indexing_slicing,
    reason = "every number of a state is below the graph's bound; a slip must stop the run, not answer"
)]

use std::ops::ControlFlow;

use crate::explore::budget::{Budget, Stop};
use crate::explore::graph::{Graph, Label};
use crate::explore::space::StateIx;

/// A set of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelSet([u64; LabelSet::WORDS]);

impl LabelSet {
    const WORDS: usize = 8;
    /// Labels that a set can tell apart.
    pub const MOST: usize = Self::WORDS * 64;
    /// No label.
    pub const NONE: Self = Self([0; Self::WORDS]);

    /// Adds a label.
    #[inline]
    pub fn add(&mut self, label: Label) {
        self.0[usize::from(label >> 6)] |= 1 << (label & 63);
    }

    /// Whether a label is in.
    #[inline]
    #[must_use]
    pub fn has(&self, label: Label) -> bool {
        (self.0[usize::from(label >> 6)] >> (label & 63)) & 1 == 1
    }

    /// Both sets' labels, as far as the first words go; the rest is empty.
    #[inline]
    fn and(&self, other: &Self, words: usize) -> Self {
        let mut out = Self::NONE;
        for i in 0..words {
            out.0[i] = self.0[i] & other.0[i];
        }
        out
    }

    fn is_empty(&self) -> bool {
        self.0 == [0; Self::WORDS]
    }
}

/// What counts as fair.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Labels of commands assumed weakly fair.
    pub weak: LabelSet,
    /// Labels of commands assumed strongly fair.
    pub strong: LabelSet,
    /// Labels whose steps the run does not take.
    pub avoid: LabelSet,
}

/// The search for fair components.
pub struct Components<'a> {
    graph: &'a Graph,
    rules: &'a Rules,
    words: usize,
    /// 0 = to visit; small = on the way; large = done, the same within one component; `OUTSIDE` = never visited.
    order: Vec<u32>,
    /// The next component's number, counting down.
    next: u32,
}

const OUTSIDE: u32 = u32::MAX;

impl<'a> Components<'a> {
    /// A search on this graph.
    #[must_use]
    pub fn new(graph: &'a Graph, rules: &'a Rules) -> Self {
        Self {
            graph,
            rules,
            words: graph.labels.count().div_ceil(64),
            order: vec![OUTSIDE; graph.bound],
            next: OUTSIDE - 1,
        }
    }

    /// After a search: whether two states lie in one component.
    #[must_use]
    pub fn together(&self, a: StateIx, b: StateIx) -> bool {
        self.order[a as usize] == self.order[b as usize]
    }

    /// Shows every fair component within `nodes` to `each`, until that breaks.
    ///
    /// # Errors
    /// Out of time.
    pub fn visit(
        &mut self,
        nodes: Vec<StateIx>,
        budget: &Budget<'_>,
        mut each: impl FnMut(&[StateIx]) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Stop> {
        let mut work = vec![nodes];
        while let Some(nodes) = work.pop() {
            budget.time()?;
            for ix in &nodes {
                self.order[*ix as usize] = 0;
            }
            if self
                .tarjan(&nodes, budget, &mut work, &mut each)?
                .is_break()
            {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Pearce's form of Tarjan's algorithm, without recursion.
    fn tarjan(
        &mut self,
        nodes: &[StateIx],
        budget: &Budget<'_>,
        work: &mut Vec<Vec<StateIx>>,
        each: &mut impl FnMut(&[StateIx]) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Stop> {
        let graph = self.graph;
        let mut index = 1;
        // state, next step to look at, whether it is the first of its component so far
        let mut calls: Vec<(StateIx, u32, bool)> = Vec::new();
        let mut open: Vec<StateIx> = Vec::new();
        for (n, start) in nodes.iter().enumerate() {
            if n % (1 << 16) == 0 {
                budget.time()?;
            }
            if self.order[*start as usize] != 0 {
                continue;
            }
            self.order[*start as usize] = index;
            index += 1;
            calls.push((*start, 0, true));
            while let Some((ix, at, root)) = calls.last_mut() {
                let row = graph.row(*ix);
                let mine = self.order[*ix as usize];
                let mut low = mine;
                let mut enter = None;
                while let Some(target) = row.targets.get(*at as usize) {
                    let label = row.labels[*at as usize];
                    let theirs = self.order[*target as usize];
                    if theirs == 0 {
                        if !self.rules.avoid.has(label) {
                            enter = Some(*target);
                            break;
                        }
                    } else if theirs < low && !self.rules.avoid.has(label) {
                        low = theirs;
                    }
                    *at += 1;
                }
                if low < mine {
                    self.order[*ix as usize] = low;
                    *root = false;
                }
                if let Some(target) = enter {
                    self.order[target as usize] = index;
                    index += 1;
                    calls.push((target, 0, true));
                    continue;
                }
                let (ix, _, root) = (*ix, *at, *root);
                calls.pop();
                if !root {
                    open.push(ix);
                    continue;
                }
                let mine = self.order[ix as usize];
                let above = open
                    .iter()
                    .rev()
                    .take_while(|o| self.order[**o as usize] >= mine);
                let first = open.len() - above.count();
                open.push(ix);
                for member in &open[first..] {
                    self.order[*member as usize] = self.next;
                }
                index -= (open.len() - first) as u32;
                self.next -= 1;
                let broke = self.judge(&open[first..], work, each).is_break();
                open.truncate(first);
                if broke {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Shows a component that is fair, drops one that cannot be, and keeps for later what is left of one that is not.
    fn judge(
        &self,
        part: &[StateIx],
        work: &mut Vec<Vec<StateIx>>,
        each: &mut impl FnMut(&[StateIx]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let words = self.words;
        let mut used = LabelSet::NONE;
        let mut somewhere = LabelSet::NONE;
        let mut everywhere = LabelSet([u64::MAX; LabelSet::WORDS]);
        for ix in part {
            let enabled = self.enabled(*ix);
            everywhere = everywhere.and(&enabled, words);
            for i in 0..words {
                somewhere.0[i] |= enabled.0[i];
            }
            if part.len() > 1 {
                self.inside(*ix, &mut used);
            }
        }
        let starving = |fair: &LabelSet, enabled: &LabelSet| {
            let mut starving = fair.and(enabled, words);
            for i in 0..words {
                starving.0[i] &= !used.0[i];
            }
            starving
        };
        if !starving(&self.rules.weak, &everywhere).is_empty() {
            return ControlFlow::Continue(());
        }
        let starved = starving(&self.rules.strong, &somewhere);
        if starved.is_empty() {
            return each(part);
        }
        let kept = |ix: &StateIx| self.enabled(*ix).and(&starved, words).is_empty();
        let rest: Vec<StateIx> = part.iter().copied().filter(kept).collect();
        if !rest.is_empty() {
            work.push(rest);
        }
        ControlFlow::Continue(())
    }

    /// The labels of the steps from a state.
    fn enabled(&self, ix: StateIx) -> LabelSet {
        enabled(self.graph, ix)
    }

    /// Adds the labels of a state's steps that stay in its component, those avoided only where another makes the same step.
    fn inside(&self, ix: StateIx, used: &mut LabelSet) {
        let row = self.graph.row(ix);
        let mine = self.order[ix as usize];
        for (target, label) in row.steps() {
            if self.order[target as usize] == mine
                && (!self.rules.avoid.has(label) || self.passable(ix, target))
            {
                used.add(label);
            }
        }
    }

    /// Whether a step leads there that is not avoided.
    fn passable(&self, ix: StateIx, to: StateIx) -> bool {
        let row = self.graph.row(ix);
        row.steps()
            .any(|(t, l)| t == to && !self.rules.avoid.has(l))
    }
}

/// The labels of the steps from a state.
#[must_use]
pub fn enabled(graph: &Graph, ix: StateIx) -> LabelSet {
    let mut set = LabelSet::NONE;
    for label in graph.row(ix).labels {
        set.add(*label);
    }
    set
}
