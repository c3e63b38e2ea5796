//! An exact set of packed states, numbered in the order of insertion, with the parent of each.
//!
//! The states lie in one array; an open-addressing table holds their numbers with six bits of hash, so most probes that
//! miss never touch the array, and states that differ are never taken for equal.

#![expect(
    clippy::indexing_slicing,
    reason = "positions are taken modulo the table's length and numbers come from the table; a slip must stop the run, not answer"
)]

use crate::explore::pack::Packed;

/// States looked up together, so that waiting for memory overlaps.
const BATCH: usize = 32;
const TAG_SHIFT: u32 = 26;
/// The most states that one set can number.
pub const MOST: usize = (1 << TAG_SHIFT) - 2;

/// A set of packed states.
#[derive(Debug)]
pub struct Table<const W: usize> {
    /// 0 = free; else six bits of hash above the number plus one.
    slots: Vec<u32>,
    states: Vec<Packed<W>>,
    parents: Vec<u32>,
}

/// The hash of a state.
#[inline]
#[must_use]
pub fn hash<const W: usize>(state: &Packed<W>) -> u64 {
    let mut h = 0x9E37_79B9_7F4A_7C15;
    for word in state {
        let product = u128::from(h ^ word) * 0xA24B_AED4_963E_E407;
        h = (product as u64) ^ ((product >> 64) as u64) ^ 0x2545_F491_4F6C_DD1D;
    }
    h
}

#[inline]
const fn tag(hash: u64) -> u32 {
    // The lowest bits choose the shard, the highest the place.
    ((hash >> 8) as u32 & 63) << TAG_SHIFT
}

impl<const W: usize> Table<W> {
    /// The empty set.
    #[must_use]
    pub fn new() -> Self {
        Self {
            slots: vec![0; 64],
            states: Vec::new(),
            parents: Vec::new(),
        }
    }

    /// Number of states.
    #[inline]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.states.len()
    }

    /// The state with this number.
    #[inline]
    #[must_use]
    pub fn state(&self, n: usize) -> &Packed<W> {
        &self.states[n]
    }

    /// The states from number `start` on.
    #[must_use]
    pub fn states(&self, start: usize, end: usize) -> &[Packed<W>] {
        &self.states[start..end]
    }

    /// What was given as the parent of this number.
    #[must_use]
    pub fn parent(&self, n: usize) -> u32 {
        self.parents[n]
    }

    /// Bytes held.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        bytes::<W>(self.slots.len(), self.states.capacity())
    }

    /// Bytes held after up to `more` states, while growing: the old and the new arrays together.
    #[must_use]
    pub fn bytes_with(&self, more: usize) -> usize {
        let need = self.len() + more;
        let mut places = self.slots.len();
        while crowded(need, places) {
            places = grown(places);
        }
        let room = if need > self.states.capacity() {
            need + need / 4 + 1024
        } else {
            self.states.capacity()
        };
        bytes::<W>(places, room)
            + if places > self.slots.len() {
                self.slots.len() * 4
            } else {
                0
            }
    }

    #[inline]
    fn place(&self, hash: u64) -> usize {
        ((u128::from(hash) * self.slots.len() as u128) >> 64) as usize
    }

    /// From `place` on, the first entry with this tag, and where; an entry 0 when a free place comes first.
    #[inline]
    fn probe(&self, mut place: usize, tag: u32) -> (usize, u32) {
        loop {
            let entry = self.slots[place];
            if entry == 0 || entry & !(u32::MAX >> 6) == tag {
                return (place, entry);
            }
            place = self.after(place);
        }
    }

    #[inline]
    const fn after(&self, place: usize) -> usize {
        if place + 1 == self.slots.len() {
            0
        } else {
            place + 1
        }
    }

    /// The number of a state; `None` when it is not in the set.
    #[must_use]
    pub fn find(&self, hash: u64, state: &Packed<W>) -> Option<usize> {
        self.seek(hash, state).ok()
    }

    /// The number of a state, else the free place for it.
    #[inline]
    fn seek(&self, hash: u64, state: &Packed<W>) -> Result<usize, usize> {
        let tag = tag(hash);
        let mut place = self.place(hash);
        loop {
            let (at, entry) = self.probe(place, tag);
            if entry == 0 {
                return Err(at);
            }
            let n = number(entry);
            if self.states[n] == *state {
                return Ok(n);
            }
            place = self.after(at);
        }
    }

    /// Adds a state unless it is there; whether it was added.
    pub fn insert(&mut self, hash: u64, state: &Packed<W>, parent: u32) -> bool {
        if crowded(self.len() + 1, self.slots.len()) {
            self.grow();
        }
        let Err(place) = self.seek(hash, state) else {
            return false;
        };
        let n = self.states.len();
        if n == self.states.capacity() {
            self.states.reserve_exact(n / 4 + 64);
            self.parents.reserve_exact(n / 4 + 64);
        }
        self.states.push(*state);
        self.parents.push(parent);
        self.slots[place] = tag(hash) | (n as u32 + 1);
        true
    }

    /// Adds many states in order.
    pub fn insert_all(&mut self, states: &[Packed<W>], parents: &[u32]) {
        for (states, parents) in states.chunks(BATCH).zip(parents.chunks(BATCH)) {
            let mut hashes = [0; BATCH];
            let mut places = [0; BATCH];
            let mut firsts = [0; BATCH];
            for (i, state) in states.iter().enumerate() {
                hashes[i] = hash(state);
                places[i] = self.place(hashes[i]);
                firsts[i] = self.slots[places[i]];
            }
            let mut known = [[0; W]; BATCH];
            let mut found = [false; BATCH];
            for i in 0..states.len() {
                if firsts[i] != 0 {
                    let (_, entry) = self.probe(places[i], tag(hashes[i]));
                    if entry != 0 {
                        found[i] = true;
                        known[i] = self.states[number(entry)];
                    }
                }
            }
            for (i, (state, parent)) in states.iter().zip(parents).enumerate() {
                if !(found[i] && known[i] == *state) {
                    self.insert(hashes[i], state, *parent);
                }
            }
        }
    }

    /// The numbers of many states, in order.
    pub fn find_all(&self, states: &[Packed<W>], mut each: impl FnMut(usize, Option<usize>)) {
        for (chunk, states) in states.chunks(BATCH).enumerate() {
            let mut hashes = [0; BATCH];
            let mut places = [0; BATCH];
            let mut firsts = [0; BATCH];
            for (i, state) in states.iter().enumerate() {
                hashes[i] = hash(state);
                places[i] = self.place(hashes[i]);
                firsts[i] = self.slots[places[i]];
            }
            let mut known = [[0; W]; BATCH];
            let mut numbers = [usize::MAX; BATCH];
            for i in 0..states.len() {
                if firsts[i] != 0 {
                    let (_, entry) = self.probe(places[i], tag(hashes[i]));
                    if entry != 0 {
                        numbers[i] = number(entry);
                        known[i] = self.states[numbers[i]];
                    }
                }
            }
            for (i, state) in states.iter().enumerate() {
                let n = if numbers[i] != usize::MAX && known[i] == *state {
                    Some(numbers[i])
                } else {
                    self.find(hashes[i], state)
                };
                each(chunk * BATCH + i, n);
            }
        }
    }

    fn grow(&mut self) {
        let mut slots = vec![0; grown(self.slots.len())];
        std::mem::swap(&mut self.slots, &mut slots);
        drop(slots);
        for n in 0..self.states.len() {
            let hash = hash(&self.states[n]);
            let mut place = self.place(hash);
            while self.slots[place] != 0 {
                place = self.after(place);
            }
            self.slots[place] = tag(hash) | (n as u32 + 1);
        }
    }
}

#[inline]
const fn number(entry: u32) -> usize {
    (entry & (u32::MAX >> 6)) as usize - 1
}

const fn bytes<const W: usize>(places: usize, room: usize) -> usize {
    places * 4 + room * (8 * W + 4)
}

/// Above four fifths probes get long.
const fn crowded(states: usize, places: usize) -> bool {
    states * 5 > places * 4
}

const fn grown(places: usize) -> usize {
    if places < 4096 {
        places * 4
    } else {
        places + places / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn is_exact_and_keeps_order_and_first_parents() {
        let mut table = Table::<2>::new();
        let mut reference = HashMap::new();
        let mut seed = 7u64;
        let (mut states, mut parents) = (Vec::new(), Vec::new());
        for i in 0..60_000u32 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            states.push([(seed >> 50) & 255, (seed >> 33) & 127]);
            parents.push(i);
        }
        for (part, p) in states.chunks(1000).zip(parents.chunks(1000)) {
            table.insert_all(part, p);
        }
        let mut order = Vec::new();
        for (s, p) in states.iter().zip(&parents) {
            reference.entry(*s).or_insert_with(|| {
                order.push(*s);
                *p
            });
        }
        assert_eq!(table.len(), reference.len());
        for (n, s) in order.iter().enumerate() {
            assert_eq!(table.state(n), s);
            assert_eq!(table.parent(n), reference[s]);
            assert_eq!(table.find(hash(s), s), Some(n));
        }
        assert_eq!(table.find(hash(&[256, 0]), &[256, 0]), None);
        let mut seen = 0;
        table.find_all(&[order[3], [256, 0], order[5]], |i, n| {
            assert_eq!(n, [Some(3), None, Some(5)][i]);
            seen += 1;
        });
        assert_eq!(seen, 3);
    }

    #[test]
    fn holds_at_most_22_bytes_a_state_of_one_word_when_large() {
        let mut table = Table::<1>::new();
        let mut most = 0;
        for n in 0..1_000_000u64 {
            table.insert(hash(&[n]), &[n], 0);
            if n > 100_000 && n % 1000 == 0 {
                most = most.max(table.bytes() / (n as usize));
            }
        }
        assert!(most <= 22, "{most}");
        let predicted = table.bytes_with(200_000);
        for n in 1_000_000..1_200_000u64 {
            table.insert(hash(&[n]), &[n], 0);
        }
        assert!(table.bytes() <= predicted);
    }
}
