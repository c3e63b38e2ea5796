//! The states seen by a search: numbered, with levels and parents, in a fixed number of shards so that threads can share the work.
//!
//! Which shard a state belongs to depends on the state alone, and each shard is filled in a fixed order. So numbers, parents and
//! everything that follows from them are the same from run to run and whatever the number of threads.

#![expect(
    clippy::indexing_slicing,
    reason = "numbers of states come from the space itself; a slip must stop the run, not answer"
)]

use crate::explore::pack::Packed;
use crate::explore::table::{Table, hash};

/// log2 of the number of shards.
pub const SHARD_BITS: u32 = 3;
/// The number of shards.
pub const SHARDS: usize = 1 << SHARD_BITS;

/// The number of a state: shard in the lowest bits, place in the shard above.
pub type StateIx = u32;
/// In place of the parent of an initial state.
pub const NO_STATE: StateIx = u32::MAX;

/// The states seen by a search.
#[derive(Debug)]
pub struct Space<const W: usize> {
    /// The shards.
    pub shards: Vec<Table<W>>,
    /// By level, how many states each shard has up to and including it.
    pub levels: Vec<[u32; SHARDS]>,
}

/// The shard a state belongs to.
#[inline]
#[must_use]
pub const fn shard_of(hash: u64) -> usize {
    hash as usize & (SHARDS - 1)
}

/// The number of a state at a place of a shard.
#[inline]
#[must_use]
pub const fn number(shard: usize, place: usize) -> StateIx {
    ((place as u32) << SHARD_BITS) | shard as u32
}

/// A run of states of one shard, to be worked through in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The shard.
    pub shard: usize,
    /// First place.
    pub start: usize,
    /// Place after the last.
    pub end: usize,
}

impl<const W: usize> Space<W> {
    /// No states.
    #[must_use]
    pub fn new() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Table::new()).collect(),
            levels: Vec::new(),
        }
    }

    /// Number of states.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.shards.iter().map(|s| s.len() as u64).sum()
    }

    /// All numbers are below this; some below it may be unused.
    #[must_use]
    pub fn bound(&self) -> usize {
        self.shards.iter().map(Table::len).max().unwrap_or(0) << SHARD_BITS
    }

    /// The state with this number.
    #[inline]
    #[must_use]
    pub fn state(&self, ix: StateIx) -> &Packed<W> {
        self.shards[ix as usize & (SHARDS - 1)].state((ix >> SHARD_BITS) as usize)
    }

    /// The state with this number, if there is one.
    #[inline]
    #[must_use]
    pub fn get(&self, ix: StateIx) -> Option<&Packed<W>> {
        let shard = &self.shards[ix as usize & (SHARDS - 1)];
        let place = (ix >> SHARD_BITS) as usize;
        (place < shard.len()).then(|| shard.state(place))
    }

    /// The state from which this one was first reached; `None` for an initial one.
    #[must_use]
    pub fn parent(&self, ix: StateIx) -> Option<StateIx> {
        let parent = self.shards[ix as usize & (SHARDS - 1)].parent((ix >> SHARD_BITS) as usize);
        (parent != NO_STATE).then_some(parent)
    }

    /// The number of a state.
    #[must_use]
    pub fn find(&self, state: &Packed<W>) -> Option<StateIx> {
        let hash = hash(state);
        let shard = shard_of(hash);
        self.shards[shard]
            .find(hash, state)
            .map(|n| number(shard, n))
    }

    /// Adds a state unless it is there.
    pub fn insert(&mut self, state: &Packed<W>, parent: StateIx) {
        let hash = hash(state);
        self.shards[shard_of(hash)].insert(hash, state, parent);
    }

    /// Every number in use, in rising order: nearly the order of levels, and neighbours lie together in memory.
    pub fn numbers(&self) -> impl Iterator<Item = StateIx> + '_ {
        let places = self.bound() >> SHARD_BITS;
        (0..places).flat_map(move |place| {
            self.shards
                .iter()
                .enumerate()
                .filter(move |(_, s)| place < s.len())
                .map(move |(shard, _)| number(shard, place))
        })
    }

    /// The states of the initial level up to this one are complete.
    pub fn close_level(&mut self) {
        let mut ends = [0; SHARDS];
        for (end, shard) in ends.iter_mut().zip(&self.shards) {
            *end = shard.len() as u32;
        }
        self.levels.push(ends);
    }

    /// The states of a level, in the order in which they are worked through.
    #[must_use]
    pub fn level(&self, level: usize) -> Vec<Piece> {
        let ends = self.levels[level];
        let starts = level.checked_sub(1).map_or([0; SHARDS], |l| self.levels[l]);
        (0..SHARDS)
            .map(|shard| Piece {
                shard,
                start: starts[shard] as usize,
                end: ends[shard] as usize,
            })
            .filter(|p| p.start < p.end)
            .collect()
    }

    /// The length of the shortest run to a state.
    #[must_use]
    pub fn depth(&self, ix: StateIx) -> usize {
        let (shard, place) = (ix as usize & (SHARDS - 1), ix >> SHARD_BITS);
        self.levels.partition_point(|ends| ends[shard] <= place)
    }

    /// The first in the order of levels among the states that fit; within a level the smallest number.
    #[must_use]
    pub fn first(&self, mut fits: impl FnMut(StateIx) -> bool) -> Option<StateIx> {
        (0..SHARDS)
            .filter_map(|shard| {
                (0..self.shards[shard].len())
                    .map(|place| number(shard, place))
                    .find(|ix| fits(*ix))
            })
            .min_by_key(|ix| (self.depth(*ix), *ix))
    }

    /// The numbers of the states on the way to a state, the initial one first.
    #[must_use]
    pub fn path(&self, to: StateIx) -> Vec<StateIx> {
        let mut path = vec![to];
        let mut at = to;
        while let Some(parent) = self.parent(at) {
            path.push(parent);
            at = parent;
        }
        path.reverse();
        path
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.shards.iter().map(Table::bytes).sum()
    }
}
