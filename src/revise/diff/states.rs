//! Reachable states that only one of two versions has, by the cells that both have: by name, with values by name.

use rustc_hash::FxHashMap;

use crate::ir::{Cell, Domain, Value};
use crate::model::System;
use crate::revise::diff::graph::{Graph, Node};
use crate::revise::diff::value::{Example, States};

/// What can be told without knowing what is reachable: which cells are compared.
#[must_use]
pub fn unknown(old: &System, new: &System) -> States {
    let (shared, left_out) = cells(old, new);
    States {
        compared: shared.into_iter().map(|c| c.name).collect(),
        left_out,
        kept: None,
        gained: None,
        lost: None,
        gained_example: None,
        lost_example: None,
    }
}

/// Compares the reachable states of two graphs.
///
/// # Errors
/// In words, if a run to an example does not replay.
pub fn compare(old: &Graph<'_>, new: &Graph<'_>) -> Result<States, String> {
    let (shared, left_out) = cells(old.named.system, new.named.system);
    let mut words = Words::default();
    let (before, after) = (
        seen(old, &shared, 0, &mut words),
        seen(new, &shared, 1, &mut words),
    );
    let gained = only(&after, &before);
    let lost = only(&before, &after);
    let nearest = |graph: &Graph<'_>, nodes: &[Node]| -> Result<Option<Example>, String> {
        let nearest = nodes.iter().min();
        nearest
            .map(|n| graph.example(&graph.run_to(*n)))
            .transpose()
    };
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Ok(States {
        compared: shared.into_iter().map(|c| c.name).collect(),
        left_out,
        kept: Some(count(after.len() - gained.len())),
        gained: Some(count(gained.len())),
        lost: Some(count(lost.len())),
        gained_example: nearest(new, &gained)?,
        lost_example: nearest(old, &lost)?,
    })
}

/// A cell that both have.
struct Shared {
    name: String,
    /// Its place in the old state and in the new one.
    slots: [usize; 2],
}

/// The cells that both have, and the names of the others.
fn cells(old: &System, new: &System) -> (Vec<Shared>, Vec<String>) {
    let name = |s: &System, cell: Cell| s.symbols.cell_name(cell);
    let mut shared = Vec::new();
    let mut left_out = Vec::new();
    for (i, c) in old.cells.iter().enumerate() {
        let mine = name(old, c.cell);
        let other = new
            .cells
            .iter()
            .position(|d| name(new, d.cell) == mine && alike(c.domain, d.domain));
        match other {
            Some(j) => shared.push(Shared {
                name: mine,
                slots: [i, j],
            }),
            None => left_out.push(mine),
        }
    }
    for (j, d) in new.cells.iter().enumerate() {
        let mine = name(new, d.cell);
        if !shared.iter().any(|s| s.slots[1] == j) && !left_out.contains(&mine) {
            left_out.push(mine);
        }
    }
    (shared, left_out)
}

/// Whether values can be the same: of one kind, whatever the ranges.
const fn alike(a: Domain, b: Domain) -> bool {
    matches!(
        (a, b),
        (Domain::Bool, Domain::Bool)
            | (Domain::Int { .. }, Domain::Int { .. })
            | (Domain::Enum { .. }, Domain::Enum { .. })
            | (Domain::State { .. }, Domain::State { .. })
    )
}

/// Numbers for values by their words, so that positions in lists do not matter.
#[derive(Default)]
struct Words(FxHashMap<String, i64>);

impl Words {
    fn code(&mut self, system: &System, slot: usize, value: Value) -> Value {
        match value {
            Value::None | Value::Bool(_) | Value::Int(_) => value,
            Value::Enum(_) => {
                let ty = system.cells.get(slot).map(|c| c.domain.ty());
                let word = ty.map_or_else(String::new, |ty| system.symbols.show(ty, value));
                let next = i64::try_from(self.0.len()).unwrap_or(i64::MAX);
                Value::Int(*self.0.entry(word).or_insert(next))
            }
        }
    }
}

/// Every state as it looks in the shared cells, with the nearest state that looks so.
fn seen(
    graph: &Graph<'_>,
    shared: &[Shared],
    side: usize,
    words: &mut Words,
) -> FxHashMap<Box<[Value]>, Node> {
    let system = graph.named.system;
    let mut codes: FxHashMap<(usize, Value), Value> = FxHashMap::default();
    let mut all = FxHashMap::default();
    for (node, state) in graph.states() {
        let look: Box<[Value]> = shared
            .iter()
            .map(|c| {
                let slot = c.slots.get(side).copied().unwrap_or(usize::MAX);
                let value = state.get(slot).copied().unwrap_or(Value::None);
                *codes
                    .entry((slot, value))
                    .or_insert_with(|| words.code(system, slot, value))
            })
            .collect();
        all.entry(look).or_insert(node);
    }
    all
}

fn only(mine: &FxHashMap<Box<[Value]>, Node>, other: &FxHashMap<Box<[Value]>, Node>) -> Vec<Node> {
    mine.iter()
        .filter(|(look, _)| !other.contains_key(*look))
        .map(|(_, node)| *node)
        .collect()
}
