//! The steps between the states of a complete search, in compressed rows; only those that change something.
//!
//! A row lists (target, label). The label says which fair command makes the step, or that none does and whether a person does.

#![expect(
    clippy::indexing_slicing,
    reason = "rows are as many as there are numbers; a slip must stop the run, not answer"
)]

use std::thread;

use crate::explore::budget::{Budget, Stop};
use crate::explore::compile::{Program, StepId};
use crate::explore::pack::Packed;
use crate::explore::space::{NO_STATE, SHARDS, Space, StateIx, number, shard_of};
use crate::explore::table::hash;
use crate::model::{CommandIx, System};

/// Who makes a step: [`FREE`], [`HUMAN`], or `FAIR` + the position among the fair commands.
pub type Label = u16;
/// A command without fairness, not a person's.
pub const FREE: Label = 0;
/// A person's command without fairness.
pub const HUMAN: Label = 1;
/// The first of the fair commands.
pub const FAIR: Label = 2;

const CHUNK_BITS: u32 = 14;
const CHUNK: usize = 1 << CHUNK_BITS;
/// States expanded before their successors are looked up together.
const GROUP: usize = 128;

/// The labels of a system's commands.
#[derive(Debug, Clone)]
pub struct Labels {
    by_command: Vec<Label>,
    /// The fair commands, by label.
    pub fair: Vec<CommandIx>,
}

impl Labels {
    /// Labels for all commands.
    #[must_use]
    pub fn new(system: &System) -> Self {
        let mut fair = Vec::new();
        let by_command = system
            .commands()
            .map(|(ix, c)| match (c.fairness, c.human) {
                (Some(_), _) => {
                    fair.push(ix);
                    FAIR + (fair.len() - 1) as Label
                }
                (None, true) => HUMAN,
                (None, false) => FREE,
            })
            .collect();
        Self { by_command, fair }
    }

    /// The label of a step.
    #[inline]
    #[must_use]
    pub fn of(&self, id: StepId) -> Label {
        self.by_command[id.command.ix()]
    }

    /// The command of a fair label.
    #[must_use]
    pub fn command(&self, label: Label) -> Option<CommandIx> {
        self.fair
            .get(usize::from(label.checked_sub(FAIR)?))
            .copied()
    }

    /// How many labels there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.fair.len() + FAIR as usize
    }
}

/// Steps that change something, by state.
#[derive(Debug)]
pub struct Graph {
    chunks: Vec<Chunk>,
    /// What the labels mean.
    pub labels: Labels,
    /// All numbers are below this.
    pub bound: usize,
}

#[derive(Debug, Default)]
struct Chunk {
    /// Where each row starts; one more than there are rows.
    starts: Vec<u32>,
    targets: Vec<StateIx>,
    labels: Vec<Label>,
}

/// One state's steps.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// Where they lead.
    pub targets: &'a [StateIx],
    /// Who makes them.
    pub labels: &'a [Label],
}

impl<'a> Row<'a> {
    /// Target and label of each step.
    #[inline]
    pub fn steps(self) -> impl Iterator<Item = (StateIx, Label)> + use<'a> {
        self.targets
            .iter()
            .copied()
            .zip(self.labels.iter().copied())
    }
}

impl Graph {
    /// Makes the steps of every state of a complete search again and keeps them.
    ///
    /// # Errors
    /// Out of time or memory.
    pub fn new<const W: usize>(
        program: &Program<'_, W>,
        space: &Space<W>,
        budget: &Budget<'_>,
        held: usize,
        threads: usize,
    ) -> Result<Self, Stop> {
        let labels = Labels::new(program.system);
        let bound = space.bound();
        let count = bound.div_ceil(CHUNK);
        let threads = if bound < 4 * CHUNK { 1 } else { threads.max(1) };
        let room = budget.max_memory.saturating_sub(held as u64) / threads as u64;
        let work = |first: usize, last: usize| {
            let mut chunks = Vec::new();
            let mut bytes = 0;
            for chunk in first..last {
                budget.time()?;
                let made = Chunk::new(program, space, &labels, chunk << CHUNK_BITS);
                bytes += made.bytes();
                if bytes as u64 > room {
                    return Err(Stop::Memory);
                }
                chunks.push(made);
            }
            Ok(chunks)
        };
        let chunks = if threads == 1 {
            work(0, count)?
        } else {
            let each = count.div_ceil(threads);
            thread::scope(|scope| {
                let work = &work;
                let parts: Vec<_> = (0..threads)
                    .map(|t| {
                        scope
                            .spawn(move || work((t * each).min(count), ((t + 1) * each).min(count)))
                    })
                    .collect();
                let mut all = Vec::new();
                for part in parts {
                    match part.join() {
                        Ok(made) => all.extend(made?),
                        Err(panic) => std::panic::resume_unwind(panic),
                    }
                }
                Ok(all)
            })?
        };
        Ok(Self {
            chunks,
            labels,
            bound,
        })
    }

    /// A state's steps.
    #[inline]
    #[must_use]
    pub fn row(&self, ix: StateIx) -> Row<'_> {
        let chunk = &self.chunks[ix as usize >> CHUNK_BITS];
        let at = ix as usize & (CHUNK - 1);
        let (start, end) = (chunk.starts[at] as usize, chunk.starts[at + 1] as usize);
        Row {
            targets: &chunk.targets[start..end],
            labels: &chunk.labels[start..end],
        }
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.chunks.iter().map(Chunk::bytes).sum()
    }
}

impl Chunk {
    fn bytes(&self) -> usize {
        self.starts.capacity() * 4 + self.targets.capacity() * 4 + self.labels.capacity() * 2
    }

    fn new<const W: usize>(
        program: &Program<'_, W>,
        space: &Space<W>,
        labels: &Labels,
        first: usize,
    ) -> Self {
        let mut chunk = Self {
            starts: vec![0],
            ..Self::default()
        };
        let mut group = Group::<W>::new();
        let mut at = first;
        while at < first + CHUNK {
            for ix in at..at + GROUP {
                let state = space.get(ix as StateIx);
                group.add(program, labels, state);
            }
            group.look_up(space);
            group.rows(&mut chunk);
            at += GROUP;
        }
        chunk.targets.shrink_to_fit();
        chunk.labels.shrink_to_fit();
        chunk
    }
}

/// Some states' successors, waiting to be looked up.
struct Group<const W: usize> {
    /// By row, where it ends.
    ends: Vec<usize>,
    targets: Vec<StateIx>,
    labels: Vec<Label>,
    /// By shard: successors, and their places in `targets`.
    waiting: Vec<(Vec<Packed<W>>, Vec<usize>)>,
}

impl<const W: usize> Group<W> {
    fn new() -> Self {
        Self {
            ends: Vec::new(),
            targets: Vec::new(),
            labels: Vec::new(),
            waiting: (0..SHARDS).map(|_| Default::default()).collect(),
        }
    }

    fn add(&mut self, program: &Program<'_, W>, labels: &Labels, state: Option<&Packed<W>>) {
        if let Some(state) = state {
            program.each_step(state, |id, next| {
                if let Some(next) = next
                    && next != *state
                {
                    let waiting = &mut self.waiting[shard_of(hash(&next))];
                    waiting.0.push(next);
                    waiting.1.push(self.targets.len());
                    self.targets.push(NO_STATE);
                    self.labels.push(labels.of(id));
                }
            });
        }
        self.ends.push(self.targets.len());
    }

    fn look_up(&mut self, space: &Space<W>) {
        for (shard, (states, places)) in self.waiting.iter_mut().enumerate() {
            space.shards[shard].find_all(states, |i, n| {
                if let Some(n) = n {
                    self.targets[places[i]] = number(shard, n);
                }
            });
            states.clear();
            places.clear();
        }
        assert!(
            !self.targets.contains(&NO_STATE),
            "a complete search has every successor"
        );
    }

    /// Appends the rows, each step once.
    fn rows(&mut self, chunk: &mut Chunk) {
        let mut start = 0;
        for end in &self.ends {
            let row = chunk.targets.len();
            for i in start..*end {
                let (target, label) = (self.targets[i], self.labels[i]);
                let known = (row..chunk.targets.len())
                    .any(|k| chunk.targets[k] == target && chunk.labels[k] == label);
                if !known {
                    chunk.targets.push(target);
                    chunk.labels.push(label);
                }
            }
            chunk.starts.push(chunk.targets.len() as u32);
            start = *end;
        }
        self.ends.clear();
        self.targets.clear();
        self.labels.clear();
    }
}
