//! The breadth-first search: level by level, each round of it expanded and then inserted by as many threads as there are.
//!
//! In a round each thread expands its run of the frontier into one buffer a shard; then each thread empties the buffers of its
//! shards, in the frontier's order. So a state's parent is the first that reaches it in that order, whatever the threads do.

#![expect(
    clippy::indexing_slicing,
    reason = "shards and watches are counted by the same constants that size the buffers; a slip must stop the run, not answer"
)]

use std::thread;

use crate::explore::budget::{Budget, Stop};
use crate::explore::compile::watch::{Watch, Watches};
use crate::explore::compile::{Program, StepId};
use crate::explore::expand::Expander;
use crate::explore::refine::Abstraction;
use crate::explore::space::{NO_STATE, Piece, SHARDS, Space, StateIx};
use crate::explore::table::{MOST, Table};
use crate::model::initial_states;

/// States expanded in one round; few enough that the buffers stay small beside the table.
const ROUND: usize = 8192;
/// Successors that one round may give, roughly.
const ROUND_STEPS: usize = 1 << 18;
/// Below so many states a round is not worth waking a second thread for.
const WORTH_THREADS: usize = 2048;

/// The first state or step that fits a watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The state, or the state before the step.
    pub state: StateIx,
    /// The step.
    pub step: Option<StepId>,
}

/// What a search found.
#[derive(Debug)]
pub struct Searched<const W: usize> {
    /// The states.
    pub space: Space<W>,
    /// By watch.
    pub hits: Vec<Option<Hit>>,
    /// Steps that stay in range.
    pub steps: u64,
    /// Why it ended early.
    pub stopped: Option<Stop>,
}

impl<const W: usize> Searched<W> {
    /// What hit a watch.
    #[must_use]
    pub fn hit(&self, watch: Watch) -> Option<Hit> {
        self.hits.get(watch.ix()).copied().flatten()
    }
}

/// How to search.
pub struct How<'a> {
    /// What it may cost.
    pub budget: Budget<'a>,
    /// Threads at work.
    pub threads: usize,
    /// Called between rounds with the number of states so far.
    pub progress: &'a dyn Fn(u64),
    /// End as soon as this is hit.
    pub until: Option<Watch>,
}

/// Visits every state that can be reached.
#[must_use]
pub fn search<const W: usize>(
    program: &Program<'_, W>,
    watches: &Watches,
    abstraction: Option<&Abstraction<'_>>,
    how: &How<'_>,
) -> Searched<W> {
    let mut searched = Searched {
        space: Space::new(),
        hits: vec![None; watches.count as usize],
        steps: 0,
        stopped: None,
    };
    let mut expanders: Vec<Expander<'_, '_, W>> = (0..how.threads.max(1))
        .map(|_| Expander::new(program, watches, abstraction))
        .collect();
    searched.stopped = start(program, how, &mut searched)
        .and_then(|()| {
            if let (Some(watch), Some(abstraction)) = (watches.refines, abstraction) {
                searched.hits[watch.ix()] = abstraction.wrong_start(program, &searched.space);
            }
            levels(program, &mut searched, &mut expanders, how)
        })
        .err();
    searched
}

fn start<const W: usize>(
    program: &Program<'_, W>,
    how: &How<'_>,
    searched: &mut Searched<W>,
) -> Result<(), Stop> {
    for (n, state) in initial_states(program.system).enumerate() {
        if let Some(packed) = program.layout.pack(&state) {
            searched.space.insert(&packed, NO_STATE);
        }
        if n % 4096 == 4095 {
            check(how, &searched.space)?;
        }
    }
    searched.space.close_level();
    Ok(())
}

fn check<const W: usize>(how: &How<'_>, space: &Space<W>) -> Result<(), Stop> {
    how.budget.time()?;
    if space.len() > how.budget.max_states || space.shards.iter().any(|s| s.len() > MOST / 2) {
        return Err(Stop::States);
    }
    how.budget.memory(space.bytes())
}

fn levels<const W: usize>(
    program: &Program<'_, W>,
    searched: &mut Searched<W>,
    expanders: &mut [Expander<'_, '_, W>],
    how: &How<'_>,
) -> Result<(), Stop> {
    let widest = program.locals.iter().map(|l| l.width(program.system)).max();
    let round = (ROUND_STEPS / widest.unwrap_or(1).max(1)).clamp(1, ROUND);
    let mut level = 0;
    loop {
        let frontier = searched.space.level(level);
        if frontier.is_empty() {
            searched.space.levels.pop();
            return Ok(());
        }
        for pieces in rounds(&frontier, round) {
            check(how, &searched.space)?;
            (how.progress)(searched.space.len());
            expand(searched, expanders, &pieces);
            insert(searched, expanders, how)?;
            if how.until.is_some_and(|w| searched.hits[w.ix()].is_some()) {
                return Ok(());
            }
        }
        searched.space.close_level();
        level += 1;
    }
}

/// Cuts a frontier into rounds of at most so many states.
fn rounds(frontier: &[Piece], most: usize) -> Vec<Vec<Piece>> {
    let mut rounds = vec![Vec::new()];
    let mut room = most;
    for piece in frontier {
        let mut rest = *piece;
        while rest.start < rest.end {
            if room == 0 {
                rounds.push(Vec::new());
                room = most;
            }
            let n = room.min(rest.end - rest.start);
            if let Some(last) = rounds.last_mut() {
                last.push(Piece {
                    end: rest.start + n,
                    ..rest
                });
            }
            rest.start += n;
            room -= n;
        }
    }
    rounds
}

/// Every thread expands its run of the pieces.
fn expand<const W: usize>(
    searched: &mut Searched<W>,
    expanders: &mut [Expander<'_, '_, W>],
    pieces: &[Piece],
) {
    let states: usize = pieces.iter().map(|p| p.end - p.start).sum();
    let threads = if states < WORTH_THREADS {
        1
    } else {
        expanders.len()
    };
    let parts = rounds(pieces, states.div_ceil(threads).max(1));
    let (space, hits) = (&searched.space, &searched.hits);
    if let [pieces] = parts.as_slice() {
        expanders[0].expand(space, pieces, hits);
    } else {
        thread::scope(|scope| {
            for (expander, pieces) in expanders.iter_mut().zip(&parts) {
                scope.spawn(|| expander.expand(space, pieces, hits));
            }
        });
    }
    for expander in expanders {
        searched.steps += std::mem::take(&mut expander.steps);
        for (watch, hit) in expander.hits.drain(..) {
            searched.hits[watch.ix()].get_or_insert(hit);
        }
    }
}

/// Every thread inserts what was found into its shards.
fn insert<const W: usize>(
    searched: &mut Searched<W>,
    expanders: &mut [Expander<'_, '_, W>],
    how: &How<'_>,
) -> Result<(), Stop> {
    let shards = &mut searched.space.shards;
    let mut bytes: usize = expanders.iter().map(|e| e.bytes()).sum();
    let mut found = 0;
    for (ix, shard) in shards.iter().enumerate() {
        let new = expanders.iter().map(|e| e.buffers[ix].len()).sum();
        found += new;
        bytes += shard.bytes_with(new);
    }
    how.budget.memory(bytes)?;
    let buffers: Vec<_> = expanders.iter().map(|e| &e.buffers).collect();
    let fill = |(ix, shard): (usize, &mut Table<W>)| {
        for buffers in &buffers {
            shard.insert_all(buffers[ix].states(), buffers[ix].parents());
        }
    };
    if expanders.len() == 1 || found < WORTH_THREADS {
        shards.iter_mut().enumerate().for_each(fill);
    } else {
        let each = SHARDS.div_ceil(expanders.len());
        thread::scope(|scope| {
            for (part, shards) in shards.chunks_mut(each).enumerate() {
                let fill = &fill;
                scope.spawn(move || {
                    for (ix, shard) in shards.iter_mut().enumerate() {
                        fill((part * each + ix, shard));
                    }
                });
            }
        });
    }
    for expander in expanders {
        expander.clear();
    }
    Ok(())
}
