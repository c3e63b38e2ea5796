//! `eventually`, `leads_to`, `infinitely_often` and endless revision, decided on the graph.

use std::collections::hash_map::Entry;
use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use crate::explore::budget::{Budget, Stop};
use crate::explore::compile::Program;
use crate::explore::compile::guard::Condition;
use crate::explore::fair::{Components, LabelSet, Rules};
use crate::explore::graph::{FAIR, Graph, HUMAN, Label};
use crate::explore::lasso::Walk;
use crate::explore::reach::Bits;
use crate::explore::runs::Lasso;
use crate::explore::space::{Space, StateIx};
use crate::ir::workflow::Fairness;
use crate::model::Command;

/// A condition by control state.
pub type Predicate<const W: usize> = [Condition<W>];

/// States up to which it is tried one by one which fairness a verdict rests on.
const ONE_BY_ONE: u64 = 20_000;

/// The graph of a system, for questions about what goes on for ever.
pub struct Liveness<'a, const W: usize> {
    /// The system.
    pub program: &'a Program<'a, W>,
    /// Its states.
    pub space: &'a Space<W>,
    /// Its steps.
    pub graph: &'a Graph,
    /// What the run may cost.
    pub budget: &'a Budget<'a>,
}

/// What a fair run must not do for ever.
pub enum Question<'a, const W: usize> {
    /// Stay away from this, from one of the starts on: `None` = the initial states.
    Avoid(Option<&'a Predicate<W>>, &'a Predicate<W>),
    /// Stay away from this from some point on.
    Leave(&'a Predicate<W>),
}

impl<const W: usize> Liveness<'_, W> {
    /// The rules of fairness, leaving out these commands' labels.
    #[must_use]
    pub fn rules(&self, without: &[Label]) -> Rules {
        let mut rules = Rules {
            weak: LabelSet::NONE,
            strong: LabelSet::NONE,
            avoid: LabelSet::NONE,
        };
        for label in self.fair().filter(|l| !without.contains(l)) {
            match self.command(label).and_then(|c| c.fairness) {
                Some(Fairness::Weak) => rules.weak.add(label),
                Some(Fairness::Strong) => rules.strong.add(label),
                None => {}
            }
        }
        rules
    }

    fn fair(&self) -> impl Iterator<Item = Label> + use<W> {
        FAIR..self.graph.labels.count() as Label
    }

    fn command(&self, label: Label) -> Option<&Command> {
        self.program
            .system
            .command(self.graph.labels.command(label)?)
    }

    fn holds(&self, predicate: &Predicate<W>, ix: StateIx) -> bool {
        let state = self.space.state(ix);
        let here = predicate.get(self.program.control(state).ix());
        here.is_some_and(|p| p.holds(state))
    }

    /// The states that a run that breaks the property visits from some point on.
    #[must_use]
    pub fn region(&self, question: &Question<'_, W>) -> Vec<StateIx> {
        match question {
            Question::Leave(goal) => self
                .space
                .numbers()
                .filter(|ix| !self.holds(goal, *ix))
                .collect(),
            Question::Avoid(..) => {
                let mut seen = Bits::new(self.graph.bound);
                let mut all = self.starts(question);
                all.iter().for_each(|ix| seen.set(*ix));
                let mut done = 0;
                while let Some(ix) = all.get(done) {
                    for to in self.graph.row(*ix).targets {
                        if !seen.has(*to) {
                            seen.set(*to);
                            if self.allowed(question, *to) {
                                all.push(*to);
                            }
                        }
                    }
                    done += 1;
                }
                all
            }
        }
    }

    fn allowed(&self, question: &Question<'_, W>, ix: StateIx) -> bool {
        match question {
            Question::Avoid(_, goal) | Question::Leave(goal) => !self.holds(goal, ix),
        }
    }

    fn starts(&self, question: &Question<'_, W>) -> Vec<StateIx> {
        let fits = |ix: &StateIx| match question {
            Question::Leave(_) => false,
            Question::Avoid(None, goal) => {
                self.space.parent(*ix).is_none() && !self.holds(goal, *ix)
            }
            Question::Avoid(Some(first), goal) => self.holds(first, *ix) && !self.holds(goal, *ix),
        };
        self.space.numbers().filter(fits).collect()
    }

    /// Whether a fair run does it.
    ///
    /// # Errors
    /// Out of time or memory.
    pub fn possible(&self, region: &[StateIx], rules: &Rules) -> Result<bool, Stop> {
        let mut components = Components::new(self.graph, rules);
        let found = components.visit(region.to_vec(), self.budget, |_| ControlFlow::Break(()))?;
        Ok(found.is_break())
    }

    /// A short fair run that does it.
    ///
    /// # Errors
    /// Out of time or memory.
    pub fn lasso(
        &self,
        question: &Question<'_, W>,
        region: Vec<StateIx>,
        rules: &Rules,
    ) -> Result<Option<Lasso>, Stop> {
        let mut fair = Bits::new(self.graph.bound);
        let mut components = Components::new(self.graph, rules);
        let _ = components.visit(region, self.budget, |part| {
            part.iter().for_each(|ix| fair.set(*ix));
            ControlFlow::Continue(())
        })?;
        let stem = match question {
            Question::Leave(_) => self
                .space
                .first(|ix| fair.has(ix))
                .map(|ix| self.space.path(ix)),
            Question::Avoid(..) => self.stem(question, &fair),
        };
        Ok(stem.and_then(|stem| {
            let start = *stem.last()?;
            let inside = |ix| fair.has(ix) && components.together(ix, start);
            let walk = Walk {
                graph: self.graph,
                rules,
                inside: &inside,
            };
            let cycle = walk.cycle(start, None)?;
            Some(Lasso { stem, cycle })
        }))
    }

    /// The shortest way from an initial state over a start to a fair state that stays away from the goal after the start.
    fn stem(&self, question: &Question<'_, W>, fair: &Bits) -> Option<Vec<StateIx>> {
        let mut starts = self.starts(question);
        starts.sort_by_key(|ix| (self.space.depth(*ix), *ix));
        let mut starts = starts.into_iter().peekable();
        let mut came: FxHashMap<StateIx, Option<StateIx>> = FxHashMap::default();
        let mut level = self.space.depth(*starts.peek()?);
        let mut now: Vec<StateIx> = Vec::new();
        loop {
            while let Some(ix) = starts.next_if(|ix| self.space.depth(*ix) == level) {
                if let Entry::Vacant(free) = came.entry(ix) {
                    free.insert(None);
                    now.push(ix);
                }
            }
            if let Some(end) = now.iter().copied().find(|ix| fair.has(*ix)) {
                let mut way = vec![end];
                while let Some(Some(from)) = way.last().and_then(|ix| came.get(ix)) {
                    way.push(*from);
                }
                way.reverse();
                let mut stem = self.space.path(*way.first()?);
                stem.extend(way.into_iter().skip(1));
                return Some(stem);
            }
            let mut next = Vec::new();
            for ix in &now {
                for to in self.graph.row(*ix).targets {
                    if !came.contains_key(to) && self.allowed(question, *to) {
                        came.insert(*to, Some(*ix));
                        next.push(*to);
                    }
                }
            }
            if next.is_empty() && starts.peek().is_none() {
                return None;
            }
            now = next;
            level += 1;
        }
    }

    /// The fair commands that a verdict rests on, those that are not needed left out: a person's first of all, and on small
    /// systems all others one by one too.
    ///
    /// # Errors
    /// Out of time or memory.
    pub fn needed(&self, region: &[StateIx]) -> Result<Vec<Label>, Stop> {
        let (humans, others): (Vec<Label>, Vec<Label>) = self
            .fair()
            .partition(|l| self.command(*l).is_some_and(|c| c.human));
        let fails = |without: &[Label]| self.possible(region, &self.rules(without));
        let mut without = Vec::new();
        let mut open = Vec::new();
        if !humans.is_empty() && fails(&humans)? {
            open.extend(humans);
        } else {
            without.extend(humans);
        }
        open.extend(others);
        if self.space.len() <= ONE_BY_ONE {
            for label in open.clone() {
                without.push(label);
                if fails(&without)? {
                    without.pop();
                }
            }
        }
        Ok(self.fair().filter(|l| !without.contains(l)).collect())
    }

    /// A fair run that goes round two or more control states for ever without a step of a person.
    ///
    /// # Errors
    /// Out of time or memory.
    pub fn revision(&self) -> Result<Option<Lasso>, Stop> {
        let mut rules = self.rules(&[]);
        rules.avoid.add(HUMAN);
        for label in self.fair() {
            if self.command(label).is_some_and(|c| c.human) {
                rules.avoid.add(label);
            }
        }
        let control = |ix: StateIx| self.program.control(self.space.state(ix));
        let mut fair = Bits::new(self.graph.bound);
        let mut components = Components::new(self.graph, &rules);
        let all = self.space.numbers().collect();
        let _ = components.visit(all, self.budget, |part| {
            let here = part.first().map(|ix| control(*ix));
            if part.iter().any(|ix| Some(control(*ix)) != here) {
                part.iter().for_each(|ix| fair.set(*ix));
            }
            ControlFlow::Continue(())
        })?;
        let Some(start) = self.space.first(|ix| fair.has(ix)) else {
            return Ok(None);
        };
        let inside = |ix| fair.has(ix) && components.together(ix, start);
        let walk = Walk {
            graph: self.graph,
            rules: &rules,
            inside: &inside,
        };
        let elsewhere = |ix: StateIx| control(ix) != control(start);
        Ok(walk.cycle(start, Some(&elsewhere)).map(|cycle| Lasso {
            stem: self.space.path(start),
            cycle,
        }))
    }
}
