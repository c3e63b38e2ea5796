//! A whole journal held against the life cycle.
//!
//! Every event is judged by what its writer could know: the events before it by its parents. In a journal without forks
//! these are all lines above. Where branches were merged, an event that was right on its branch and that the other branch
//! has overtaken has no effect, and two decisions on one subject are a conflict.

use std::collections::HashSet;
use std::sync::Arc;

use super::conflict::{Conflict, Mention, conflicts};
use super::cycle::LifeCycle;
use super::life::Life;
use super::refusal::Refusal;
use crate::gate::event::Event;
use crate::journal::Stream;

/// An event that the life cycle does not allow where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The event.
    pub event: Mention,
    /// Why not.
    pub refusal: Refusal,
}

/// What a journal comes to.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Events that were not allowed, in the journal's order. They have no effect on the life.
    pub faults: Vec<Fault>,
    /// Decisions that contradict each other.
    pub conflicts: Vec<Conflict>,
    /// Where the workflow is after all events that count.
    pub life: Life,
}

/// Judges every event of a journal; `workflow` is the one whose journal it has to be, where that is known.
#[must_use]
pub fn judge(stream: &Stream<Event>, cycle: &Arc<LifeCycle>, workflow: Option<&str>) -> Judgement {
    let start = match workflow {
        Some(id) => Life::of(Arc::clone(cycle), id),
        None => Life::new(Arc::clone(cycle)),
    };
    let mut life = start.clone();
    let mut faults = Vec::new();
    let mut wrong: HashSet<usize> = HashSet::new();
    // The events above the current one, and whether each follows the one before it: then all of them are its past.
    let mut straight = true;
    let mut past: Vec<HashSet<usize>> = Vec::new();
    for (i, entry) in stream.entries.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|b| stream.entries.get(b));
        straight &= entry.parents.iter().eq(before.map(|b| &b.hash));
        let refused = if straight {
            life.allows(&entry.body).err()
        } else {
            let known = stream.ancestors(i);
            let refused = if known.len() == i {
                life.allows(&entry.body).err()
            } else {
                let seen = seen_by(stream, &known, &wrong, &start);
                seen.allows(&entry.body).err()
            };
            past.resize_with(i, HashSet::new);
            past.push(known);
            refused
        };
        match refused {
            Some(refusal) => {
                wrong.insert(i);
                faults.push(Fault {
                    event: Mention::of(entry),
                    refusal,
                });
            }
            None => life = life.after(&entry.body).unwrap_or(life),
        }
    }
    let conflicts = if straight {
        Vec::new()
    } else {
        // Up to the first fork everything above is known.
        for (i, known) in past.iter_mut().enumerate() {
            if known.is_empty() {
                *known = stream.ancestors(i);
            }
        }
        conflicts(stream, &past)
    };
    Judgement {
        faults,
        conflicts,
        life,
    }
}

/// The life that the writer of an entry saw; what was wrong then has no effect on it.
fn seen_by(
    stream: &Stream<Event>,
    known: &HashSet<usize>,
    wrong: &HashSet<usize>,
    start: &Life,
) -> Life {
    let events = stream.entries.iter().enumerate();
    events
        .filter(|(i, _)| known.contains(i) && !wrong.contains(i))
        .fold(start.clone(), |life, (_, entry)| {
            life.after(&entry.body).unwrap_or(life)
        })
}
