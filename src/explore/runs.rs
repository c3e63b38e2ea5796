//! Runs to what a search found, as traces. Every step is made again by `model::step`.

use crate::explore::compile::{Program, StepId, tuple_at};
use crate::explore::graph::Label;
use crate::explore::pack::Packed;
use crate::explore::search::Hit;
use crate::explore::space::{Space, StateIx};
use crate::finding::{Trace, TraceStep};
use crate::model::{Outcome, step};

/// Turns numbers of states into traces.
#[derive(Clone, Copy)]
pub struct Runs<'a, const W: usize> {
    /// The system.
    pub program: &'a Program<'a, W>,
    /// Its states.
    pub space: &'a Space<W>,
}

/// A run on the graph: where it starts, its steps, and where in it the loop begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lasso {
    /// The states on the way to the loop, its first state included.
    pub stem: Vec<StateIx>,
    /// The steps of the loop: by which label, to which state. Empty when the run stutters.
    pub cycle: Vec<(Label, StateIx)>,
}

impl<const W: usize> Runs<'_, W> {
    /// The shortest run to a state.
    #[must_use]
    pub fn to(&self, ix: StateIx) -> Trace {
        self.along(&self.space.path(ix))
    }

    /// The shortest run to what hit a watch: a state, or a step and its end.
    #[must_use]
    pub fn hit(&self, hit: Hit) -> Trace {
        let mut trace = self.to(hit.state);
        let Some(id) = hit.step else {
            return trace;
        };
        let Some(command) = self.program.system.command(id.command) else {
            return trace;
        };
        let choices = tuple_at(command, id.tuple);
        let before = self.program.layout.unpack(self.space.state(hit.state));
        let (state, outside) = match step(self.program.system, command, &before, &choices) {
            Outcome::Next(state) => (state, false),
            Outcome::LeavesRange { state, .. } => (state, true),
            // The replay refuses the trace, which is right: the search was wrong.
            Outcome::Disabled => (before, false),
        };
        trace.leaves_range = outside;
        trace.steps.push(TraceStep {
            transition: Some(id.command),
            choices,
            state,
        });
        trace
    }

    /// The run through these states.
    #[must_use]
    pub fn along(&self, path: &[StateIx]) -> Trace {
        let mut steps = Vec::new();
        let mut before: Option<&Packed<W>> = None;
        for ix in path {
            let state = self.space.state(*ix);
            let id = before.and_then(|b| self.between(b, state, |_| true));
            steps.push(self.entry(id, state));
            before = Some(state);
        }
        Trace {
            steps,
            loop_from: None,
            leaves_range: false,
        }
    }

    /// A lasso; `label` gives the label of a command.
    #[must_use]
    pub fn lasso(&self, lasso: &Lasso, label: impl Fn(StepId) -> Label) -> Trace {
        let mut trace = self.along(&lasso.stem);
        trace.loop_from = Some(trace.steps.len().saturating_sub(1));
        let mut before = lasso.stem.last().copied();
        for (by, to) in &lasso.cycle {
            let state = self.space.state(*to);
            let id = before
                .and_then(|b| self.between(self.space.state(b), state, |id| label(id) == *by));
            trace.steps.push(self.entry(id, state));
            before = Some(*to);
        }
        trace
    }

    fn entry(&self, id: Option<StepId>, state: &Packed<W>) -> TraceStep {
        let command = id.and_then(|id| Some((id, self.program.system.command(id.command)?)));
        TraceStep {
            transition: id.map(|id| id.command),
            choices: command.map_or_else(Vec::new, |(id, c)| tuple_at(c, id.tuple)),
            state: self.program.layout.unpack(state),
        }
    }

    /// The first step between two states that fits.
    fn between(
        &self,
        from: &Packed<W>,
        to: &Packed<W>,
        fits: impl Fn(StepId) -> bool,
    ) -> Option<StepId> {
        let mut found = None;
        self.program.each_step(from, |id, next| {
            if found.is_none() && next.as_ref() == Some(to) && fits(id) {
                found = Some(id);
            }
        });
        found
    }
}
