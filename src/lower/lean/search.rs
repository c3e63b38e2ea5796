//! A search with the reference semantics: the states that a certificate writes out, and the runs that literal lists of actions
//! show. What it finds is only a proposal; the kernel checks it.

use std::collections::{HashMap, VecDeque};

use super::definitions::GroundAction;
use crate::finding::State;
use crate::ir::Value;
use crate::model::{Outcome, System, initial_states, step};

/// The states reachable by some actions, in breadth-first order, with how each was first reached.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The states.
    pub states: Vec<State>,
    /// By state: the state and action it was reached from; `None` for initial ones.
    pub parents: Vec<Option<(usize, usize)>>,
    /// By state: successors as (action, state). States that were found but not looked at have no entry.
    pub edges: Vec<Vec<(usize, usize)>>,
    /// Whether these are all.
    pub complete: bool,
}

/// Everything reachable by the allowed actions; `None` when that is more than `limit` states.
#[must_use]
pub fn reach(
    system: &System,
    actions: &[GroundAction],
    allowed: impl Fn(&GroundAction) -> bool,
    limit: usize,
) -> Option<Reach> {
    Some(search(system, actions, allowed, limit)).filter(|r| r.complete)
}

/// What is reachable by the allowed actions, breadth first, until there are more than `limit` states.
#[must_use]
pub fn search(
    system: &System,
    actions: &[GroundAction],
    allowed: impl Fn(&GroundAction) -> bool,
    limit: usize,
) -> Reach {
    let mut index: HashMap<State, usize> = HashMap::new();
    let mut reach = Reach {
        states: Vec::new(),
        parents: Vec::new(),
        edges: Vec::new(),
        complete: true,
    };
    let mut queue = VecDeque::new();
    for state in initial_states(system) {
        if reach.states.len() >= limit {
            reach.complete = false;
            return reach;
        }
        index.insert(state.clone(), reach.states.len());
        queue.push_back((reach.states.len(), state.clone()));
        reach.states.push(state);
        reach.parents.push(None);
    }
    while let Some((from, state)) = queue.pop_front() {
        let mut out = Vec::new();
        for (i, action) in actions.iter().enumerate().filter(|(_, a)| allowed(a)) {
            let Some(command) = system.command(action.command) else {
                continue;
            };
            match step(system, command, &state, &action.choices) {
                Outcome::Disabled | Outcome::LeavesRange { .. } => {}
                Outcome::Next(next) => {
                    let known = index.get(&next).copied();
                    let to = known.unwrap_or(reach.states.len());
                    if known.is_none() {
                        if reach.states.len() >= limit {
                            reach.complete = false;
                            return reach;
                        }
                        index.insert(next.clone(), to);
                        reach.states.push(next.clone());
                        reach.parents.push(Some((from, i)));
                        queue.push_back((to, next));
                    }
                    out.push((i, to));
                }
            }
        }
        reach.edges.push(out);
    }
    reach
}

impl Reach {
    /// The actions that lead to a state from an initial one, and which initial one.
    #[must_use]
    pub fn path(&self, mut to: usize) -> (usize, Vec<usize>) {
        let mut actions = Vec::new();
        while let Some(Some((from, action))) = self.parents.get(to) {
            actions.push(*action);
            to = *from;
        }
        actions.reverse();
        (to, actions)
    }

    /// By state: the number of steps to a state of `goal`; `None` where there is no way.
    #[must_use]
    pub fn ranks(&self, goal: impl Fn(&[Value]) -> bool) -> Vec<Option<u64>> {
        let mut back: Vec<Vec<usize>> = vec![Vec::new(); self.states.len()];
        for (from, edges) in self.edges.iter().enumerate() {
            for (_, to) in edges {
                if let Some(list) = back.get_mut(*to) {
                    list.push(from);
                }
            }
        }
        let mut ranks: Vec<Option<u64>> =
            self.states.iter().map(|s| goal(s).then_some(0)).collect();
        let mut queue: VecDeque<usize> = ranks
            .iter()
            .enumerate()
            .filter(|(_, r)| r.is_some())
            .map(|(i, _)| i)
            .collect();
        while let Some(at) = queue.pop_front() {
            let next = ranks.get(at).copied().flatten().map(|r| r + 1);
            for from in back.get(at).into_iter().flatten() {
                if let Some(slot @ None) = ranks.get_mut(*from) {
                    *slot = next;
                    queue.push_back(*from);
                }
            }
        }
        ranks
    }
}
