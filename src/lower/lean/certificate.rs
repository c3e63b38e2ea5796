//! Sets of states as balanced trees of codes, and the theorems that make the kernel check that a set is closed.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write;

use super::codec::code_of;
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
    /// By state: successors as (action, state).
    pub edges: Vec<Vec<(usize, usize)>>,
}

/// Explores with the reference semantics; `None` when there are more than `limit` states. What it finds is only a proposal:
/// the kernel checks that it is closed.
#[must_use]
pub fn reach(
    system: &System,
    actions: &[GroundAction],
    allowed: impl Fn(&GroundAction) -> bool,
    limit: usize,
) -> Option<Reach> {
    let mut index: HashMap<State, usize> = HashMap::new();
    let mut reach = Reach {
        states: Vec::new(),
        parents: Vec::new(),
        edges: Vec::new(),
    };
    let mut queue = VecDeque::new();
    for state in initial_states(system) {
        if reach.states.len() >= limit {
            return None;
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
                            return None;
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
    Some(reach)
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

/// Nodes of a tree literal in one definition; larger literals are slow to elaborate.
const CHUNK: usize = 64;

/// The definitions of a balanced tree of the codes of `states` under `name`; `None` when a state has no code.
#[must_use]
pub fn tree(system: &System, name: &str, states: &[State]) -> Option<String> {
    let mut codes = states
        .iter()
        .map(|s| code_of(system, s))
        .collect::<Option<Vec<_>>>()?;
    codes.sort_unstable();
    let entries: Vec<String> = codes.iter().map(ToString::to_string).collect();
    Some(balanced(name, "Tree", &entries))
}

/// The definitions of a map from the codes of `states` to ranks under `name`.
#[must_use]
pub fn ranks(system: &System, name: &str, states: &[State], ranks: &[u64]) -> Option<String> {
    let mut codes = states
        .iter()
        .zip(ranks)
        .map(|(s, r)| Some((code_of(system, s)?, *r)))
        .collect::<Option<Vec<_>>>()?;
    codes.sort_unstable();
    let entries: Vec<String> = codes.iter().map(|(c, r)| format!("{c} {r}")).collect();
    Some(balanced(name, "Ranks", &entries))
}

fn balanced(name: &str, ty: &str, entries: &[String]) -> String {
    let mut out = String::new();
    let mut parts = 0;
    let root = subtree(name, ty, entries, &mut out, &mut parts);
    let _ = writeln!(out, "def {name} : {ty} := {root}\n");
    out
}

/// A literal of these entries; parts that are large enough become definitions of their own, written to `out`.
fn subtree(
    name: &str,
    ty: &str,
    entries: &[String],
    out: &mut String,
    parts: &mut usize,
) -> String {
    let Some(middle) = entries.get(entries.len() / 2) else {
        return ".leaf".to_owned();
    };
    let (left, right) = entries.split_at(entries.len() / 2);
    let left = subtree(name, ty, left, out, parts);
    let right = subtree(name, ty, right.get(1..).unwrap_or(&[]), out, parts);
    let literal = format!("(.node {left} {middle} {right})");
    if entries.len() < CHUNK {
        return literal;
    }
    *parts += 1;
    let part = format!("{name}'{parts}");
    let _ = writeln!(out, "def {part} : {ty} := {literal}");
    part
}

/// The theorems by which membership in a closed set follows for everything reachable.
pub const CLOSURE: &str = "\
def closedAt (tree : Tree) (a : Action) (n : Nat) : Bool :=
  bif guard a (decode n) && inRange a (decode n) then typed (effect a (decode n)) && tree.mem (code (effect a (decode n))) else true
def startsIn (tree : Tree) (s : State) : Bool := typed s && tree.mem (code s)
/-- A set that holds every initial state and is closed under the allowed actions holds everything they reach. -/
theorem member_of (initials : List State) (allowed : Action → Bool) (tree : Tree) (hi : initials.all (startsIn tree) = true)
    (hc : ∀ a, allowed a = true → tree.all (closedAt tree a) = true) (s : State)
    (h : ReachableBy initials allowed s) : typed s = true ∧ tree.mem (code s) = true := by
  induction h with
  | start s hs =>
    have m := (List.all_eq_true.mp hi) s hs
    unfold startsIn at m
    simpa only [Bool.and_eq_true] using m
  | step a s _ ha g r ih =>
    have c := Tree.all_mem _ _ _ (hc a ha) ih.2
    unfold closedAt at c
    rw [decode_code s ih.1, g, r] at c
    simpa only [Bool.and_eq_true, Bool.and_self, cond_true] using c
/-- What the kernel found of every member of such a set holds of everything reachable. -/
theorem transfer (initials : List State) (allowed : Action → Bool) (tree : Tree) (p : State → Bool)
    (hi : initials.all (startsIn tree) = true) (hc : ∀ a, allowed a = true → tree.all (closedAt tree a) = true)
    (hp : tree.all (fun n => p (decode n)) = true) (s : State) (h : ReachableBy initials allowed s) : p s = true := by
  have m := member_of initials allowed tree hi hc s h
  have q := Tree.all_mem _ _ _ hp m.2
  simp only [decode_code s m.1] at q
  exact q
/-- A member is the goal, or has an action to a state of smaller rank. -/
def descends (goal : State → Bool) (ranks : Ranks) (n : Nat) : Bool :=
  goal (decode n) || allActions.any (fun a =>
    guard a (decode n) && (inRange a (decode n) && Nat.blt (ranks.find (code (effect a (decode n)))) (ranks.find n)))
theorem goal_reached (initials : List State) (tree : Tree) (goal : State → Bool) (ranks : Ranks)
    (hi : initials.all (startsIn tree) = true) (hc : ∀ a, anyAction a = true → tree.all (closedAt tree a) = true)
    (hd : tree.all (descends goal ranks) = true) : (k : Nat) → (s : State) → ReachableBy initials anyAction s →
    ranks.find (code s) ≤ k → ∃ t, Path s t ∧ goal t = true := by
  intro k
  induction k with
  | zero =>
    intro s h hk
    have m := member_of initials anyAction tree hi hc s h
    have d := Tree.all_mem _ _ _ hd m.2
    unfold descends at d
    rw [decode_code s m.1, Bool.or_eq_true] at d
    cases d with
    | inl hg => exact ⟨s, Path.here s, hg⟩
    | inr ha =>
      obtain ⟨a, _, ha⟩ := List.any_eq_true.mp ha
      simp only [Bool.and_eq_true, Nat.blt_eq] at ha
      omega
  | succ k ih =>
    intro s h hk
    have m := member_of initials anyAction tree hi hc s h
    have d := Tree.all_mem _ _ _ hd m.2
    unfold descends at d
    rw [decode_code s m.1, Bool.or_eq_true] at d
    cases d with
    | inl hg => exact ⟨s, Path.here s, hg⟩
    | inr ha =>
      obtain ⟨a, _, ha⟩ := List.any_eq_true.mp ha
      simp only [Bool.and_eq_true, Nat.blt_eq] at ha
      obtain ⟨t, p, hg⟩ := ih (effect a s) (ReachableBy.step a s h rfl ha.1 ha.2.1) (by omega)
      exact ⟨t, Path.step a s t ha.1 ha.2.1 p, hg⟩
";
