//! One thread's part of a round: the steps of a run of states, into one buffer a shard, and the watches they hit.

#![expect(
    clippy::indexing_slicing,
    reason = "watches, rules and shards are counted by what sizes these tables; a slip must stop the run, not answer"
)]

use crate::eval::truth;
use crate::explore::compile::watch::{Watch, Watches};
use crate::explore::compile::{Local, Program, Rule, SlowRule, StepId};
use crate::explore::pack::Packed;
use crate::explore::refine::{Abstraction, Seen};
use crate::explore::search::Hit;
use crate::explore::space::{Piece, SHARDS, Space, StateIx, number, shard_of};
use crate::explore::table::hash;
use crate::ir::Value;
use crate::model::StateEnv;

/// Places in the memory of states that were put into a buffer lately.
const RECENT: usize = 1 << 13;

/// States found, with the parent of each.
#[derive(Debug, Default)]
pub struct Buffer<const W: usize> {
    states: Vec<Packed<W>>,
    parents: Vec<StateIx>,
}

impl<const W: usize> Buffer<W> {
    /// The states.
    #[must_use]
    pub fn states(&self) -> &[Packed<W>] {
        &self.states
    }

    /// Their parents.
    #[must_use]
    pub fn parents(&self) -> &[StateIx] {
        &self.parents
    }

    /// How many.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.states.len()
    }
}

/// One thread's tables.
pub struct Expander<'a, 'p, const W: usize> {
    program: &'a Program<'p, W>,
    watches: &'a Watches,
    abstraction: Option<&'a Abstraction<'p>>,
    /// What this thread knows of the abstract steps.
    seen: Seen,
    /// By watch, whether it was hit.
    hit: Vec<bool>,
    /// By rule, whether it may still hit a watch.
    open: Vec<bool>,
    /// States put into a buffer lately, by hash.
    recent: Vec<Packed<W>>,
    /// By shard.
    pub buffers: Vec<Buffer<W>>,
    /// Steps that stay in range.
    pub steps: u64,
    /// The first hits of this thread, in order.
    pub hits: Vec<(Watch, Hit)>,
}

impl<'a, 'p, const W: usize> Expander<'a, 'p, W> {
    /// The tables of a thread.
    #[must_use]
    pub fn new(
        program: &'a Program<'p, W>,
        watches: &'a Watches,
        abstraction: Option<&'a Abstraction<'p>>,
    ) -> Self {
        Self {
            program,
            watches,
            abstraction,
            seen: Seen::default(),
            hit: vec![false; watches.count as usize],
            open: vec![true; program.rules],
            recent: vec![[u64::MAX; W]; RECENT],
            buffers: (0..SHARDS).map(|_| Buffer::default()).collect(),
            steps: 0,
            hits: Vec::new(),
        }
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let buffers: usize = self.buffers.iter().map(|b| b.states.capacity()).sum();
        buffers * (8 * W + 4) + self.seen.bytes()
    }

    /// Forgets what was found, but for what hits were seen.
    pub fn clear(&mut self) {
        for buffer in &mut self.buffers {
            buffer.states.clear();
            buffer.parents.clear();
        }
    }

    /// Expands states in order; `hits` is what was hit in earlier rounds.
    pub fn expand(&mut self, space: &Space<W>, pieces: &[Piece], hits: &[Option<Hit>]) {
        for (mine, all) in self.hit.iter_mut().zip(hits) {
            *mine |= all.is_some();
        }
        for piece in pieces {
            let states = space.shards[piece.shard].states(piece.start, piece.end);
            for (place, state) in (piece.start..).zip(states) {
                self.state(number(piece.shard, place), state);
            }
        }
    }

    #[inline]
    fn state(&mut self, ix: StateIx, state: &Packed<W>) {
        let program = self.program;
        let Some(local) = program.local(state) else {
            return;
        };
        for (watch, condition) in &local.watches {
            if !self.hit[watch.ix()] && condition.holds(state) {
                self.record(*watch, ix, None);
            }
        }
        let mut enabled = false;
        for rule in &local.rules {
            if rule.guard.holds(state) {
                enabled = true;
                self.fire(ix, state, rule);
            }
        }
        if !local.slow.is_empty() {
            enabled |= self.slow(ix, state, local);
        }
        if !enabled && !local.terminal {
            self.record_any(self.watches.deadlock, ix, None);
        }
    }

    #[inline]
    fn fire(&mut self, ix: StateIx, state: &Packed<W>, rule: &Rule<W>) {
        let next = rule.effect.apply(state);
        if self.open[rule.ix] {
            self.watch(ix, state, rule, next.as_ref());
        }
        match next {
            Some(next) => {
                self.steps += rule.weight;
                if self.abstraction.is_some() {
                    self.refine(ix, state, &next, rule.id());
                }
                self.push(ix, state, &next);
            }
            None => self.record_any(self.watches.outside, ix, Some(rule.id())),
        }
    }

    /// Looks at the watches of a rule that is enabled.
    fn watch(&mut self, ix: StateIx, state: &Packed<W>, rule: &Rule<W>, next: Option<&Packed<W>>) {
        let mut open = false;
        let before = rule.enabled.iter().map(|w| (w, Some(state)));
        let after = rule.fired.iter().map(|w| (w, next));
        for ((watch, condition), state) in before.chain(after) {
            if self.hit[watch.ix()] {
                continue;
            }
            if state.is_some_and(|s| condition.holds(s)) {
                self.record(*watch, ix, Some(rule.id()));
            } else {
                open = true;
            }
        }
        self.open[rule.ix] = open;
    }

    #[cold]
    fn slow(&mut self, ix: StateIx, state: &Packed<W>, local: &Local<W>) -> bool {
        let program = self.program;
        let values = program.layout.unpack(state);
        let mut enabled = false;
        for rule in &local.slow {
            program.slow_steps(rule, state, |id, choices, next| {
                enabled = true;
                self.slow_watch(
                    ix,
                    rule,
                    id,
                    choices,
                    &values,
                    next.as_ref().map(|n| n.0.as_slice()),
                );
                match next {
                    Some((_, next)) => {
                        self.steps += 1;
                        if self.abstraction.is_some() {
                            self.refine(ix, state, &next, id);
                        }
                        self.push(ix, state, &next);
                    }
                    None => self.record_any(self.watches.outside, ix, Some(id)),
                }
            });
        }
        enabled
    }

    fn slow_watch(
        &mut self,
        ix: StateIx,
        rule: &SlowRule,
        id: StepId,
        choices: &[Value],
        before: &[Value],
        after: Option<&[Value]>,
    ) {
        let system = self.program.system;
        let enabled = rule.enabled.iter().map(|w| (w, Some(before)));
        let fired = rule.fired.iter().map(|w| (w, after));
        for ((watch, term), state) in enabled.chain(fired) {
            let is_true = |state| {
                truth(
                    term,
                    &StateEnv {
                        system,
                        state,
                        choices,
                    },
                )
            };
            if !self.hit[watch.ix()] && state.is_some_and(is_true) {
                self.record(*watch, ix, Some(id));
            }
        }
    }

    #[cold]
    fn refine(&mut self, ix: StateIx, state: &Packed<W>, next: &Packed<W>, step: StepId) {
        if let (Some(watch), Some(abstraction)) = (self.watches.refines, self.abstraction)
            && !self.hit[watch.ix()]
            && !abstraction.allows(self.program, state, next, &mut self.seen)
        {
            self.record(watch, ix, Some(step));
        }
    }

    /// Puts a successor into its buffer, unless it is the state itself or was put there a moment ago.
    #[inline]
    fn push(&mut self, ix: StateIx, state: &Packed<W>, next: &Packed<W>) {
        if next == state {
            return;
        }
        let hash = hash(next);
        let recent = &mut self.recent[(hash >> 16) as usize % RECENT];
        if recent == next {
            return;
        }
        *recent = *next;
        let buffer = &mut self.buffers[shard_of(hash)];
        buffer.states.push(*next);
        buffer.parents.push(ix);
    }

    fn record_any(&mut self, watch: Option<Watch>, state: StateIx, step: Option<StepId>) {
        if let Some(watch) = watch
            && !self.hit[watch.ix()]
        {
            self.record(watch, state, step);
        }
    }

    #[cold]
    fn record(&mut self, watch: Watch, state: StateIx, step: Option<StepId>) {
        self.hit[watch.ix()] = true;
        self.hits.push((watch, Hit { state, step }));
    }
}
