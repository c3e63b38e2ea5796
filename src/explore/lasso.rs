//! Short lassos inside fair components: a cycle on which every fair command is disabled somewhere, or fires.

#![expect(
    clippy::indexing_slicing,
    reason = "every number of a state is below the graph's bound; a slip must stop the run, not answer"
)]

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::explore::fair::{LabelSet, Rules, enabled};
use crate::explore::graph::{FAIR, Graph, Label};
use crate::explore::space::StateIx;

/// A component to walk in.
pub struct Walk<'a> {
    /// The steps.
    pub graph: &'a Graph,
    /// What is fair, and what is avoided.
    pub rules: &'a Rules,
    /// Whether a state belongs to the component.
    pub inside: &'a dyn Fn(StateIx) -> bool,
}

/// A walk so far: steps from the first state on.
struct Walked {
    start: StateIx,
    steps: Vec<(Label, StateIx)>,
}

impl Walked {
    fn end(&self) -> StateIx {
        self.steps.last().map_or(self.start, |(_, to)| *to)
    }

    fn states(&self) -> impl Iterator<Item = StateIx> {
        std::iter::once(self.start).chain(self.steps.iter().map(|(_, to)| *to))
    }
}

impl Walk<'_> {
    /// A cycle through `start` that is fair and passes a state for which `also` holds; empty where stuttering in `start` is
    /// enough. `None` when there is none, which is not so in a fair component.
    #[must_use]
    pub fn cycle(
        &self,
        start: StateIx,
        also: Option<&dyn Fn(StateIx) -> bool>,
    ) -> Option<Vec<(Label, StateIx)>> {
        let mut walked = Walked {
            start,
            steps: Vec::new(),
        };
        loop {
            if let Some(also) = also
                && !walked.states().any(also)
            {
                self.extend(&mut walked, &|_, to| also(to))?;
            } else if let Some((label, weak)) = self.starving(&walked) {
                self.extend(&mut walked, &|by, to| {
                    by == label || (weak && !enabled(self.graph, to).has(label))
                })?;
            } else if walked.end() == start {
                return Some(walked.steps);
            } else {
                self.extend(&mut walked, &|_, to| to == start)?;
            }
        }
    }

    /// A fair command that the walk, gone round for ever, would starve; and whether it is weakly fair.
    fn starving(&self, walked: &Walked) -> Option<(Label, bool)> {
        let mut fired = LabelSet::NONE;
        let mut from = walked.start;
        for (by, to) in &walked.steps {
            fired.add(*by);
            for (target, label) in self.graph.row(from).steps() {
                if target == *to && self.rules.avoid.has(label) {
                    fired.add(label);
                }
            }
            from = *to;
        }
        let labels = FAIR..self.graph.labels.count() as Label;
        labels.filter(|l| !fired.has(*l)).find_map(|label| {
            let is_enabled = |ix| enabled(self.graph, ix).has(label);
            if self.rules.weak.has(label) && walked.states().all(is_enabled) {
                Some((label, true))
            } else if self.rules.strong.has(label) && walked.states().any(is_enabled) {
                Some((label, false))
            } else {
                None
            }
        })
    }

    /// Goes on by the shortest way whose last step is wanted.
    fn extend(&self, walked: &mut Walked, wanted: &dyn Fn(Label, StateIx) -> bool) -> Option<()> {
        let start = walked.end();
        let mut came: FxHashMap<StateIx, (Label, StateIx)> = FxHashMap::default();
        let mut queue = VecDeque::from([start]);
        while let Some(ix) = queue.pop_front() {
            for (to, by) in self.graph.row(ix).steps() {
                let as_told = self.name(ix, to, by);
                let Some(as_told) = as_told.filter(|_| (self.inside)(to)) else {
                    continue;
                };
                if wanted(by, to) {
                    let mut way = vec![(as_told, to)];
                    let mut at = ix;
                    while at != start {
                        let (by, from) = came[&at];
                        way.push((by, at));
                        at = from;
                    }
                    way.reverse();
                    walked.steps.extend(way);
                    return Some(());
                }
                if to != start && !came.contains_key(&to) {
                    came.insert(to, (as_told, ix));
                    queue.push_back(to);
                }
            }
        }
        None
    }

    /// The label under which a step can be taken: its own, or where that is avoided, that of another that does the same.
    fn name(&self, from: StateIx, to: StateIx, by: Label) -> Option<Label> {
        if !self.rules.avoid.has(by) {
            return Some(by);
        }
        let mut same = self.graph.row(from).steps();
        same.find(|(t, l)| *t == to && !self.rules.avoid.has(*l))
            .map(|(_, l)| l)
    }
}
