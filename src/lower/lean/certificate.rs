//! Sets of states as balanced trees of codes, and the theorems that make the kernel check that a set is closed.

use std::fmt::Write;

use super::codec::code_of;
use super::names;
use crate::finding::State;
use crate::ir::{StateId, Value};
use crate::model::System;

/// Nodes of a tree literal in one definition; larger literals are slow to elaborate.
const CHUNK: usize = 64;

/// One entry of a plan: where to go from a state to come nearer to a goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Steps to the goal.
    pub rank: u64,
    /// The constructor of the action to take; any where the rank is 0.
    pub action: String,
}

/// The definition of `name : Phase → Tree`, a balanced tree of codes for each control state; `None` when a state has no code.
#[must_use]
pub fn trees(system: &System, name: &str, states: &[State]) -> Option<String> {
    let mut entries = Vec::new();
    for state in states {
        entries.push((
            state.first().copied()?,
            code_of(system, state)?,
            String::new(),
        ));
    }
    Some(by_phase(system, name, "Tree", entries))
}

/// The definition of `name : Phase → Plan` in the same shape, with a move at each code.
#[must_use]
pub fn plan(system: &System, name: &str, states: &[State], moves: &[Move]) -> Option<String> {
    let mut entries = Vec::new();
    for (state, m) in states.iter().zip(moves) {
        let extra = format!(" (nat_lit {}) Action.{}", m.rank, m.action);
        entries.push((state.first().copied()?, code_of(system, state)?, extra));
    }
    Some(by_phase(system, name, "Plan", entries))
}

fn by_phase(
    system: &System,
    name: &str,
    ty: &str,
    mut entries: Vec<(Value, u128, String)>,
) -> String {
    entries.sort_unstable();
    let mut out = String::new();
    let mut cases = String::new();
    for n in 0..system.symbols.states.len() {
        let phase = StateId(u16::try_from(n).unwrap_or(u16::MAX));
        let here: Vec<String> = entries
            .iter()
            .filter(|(v, _, _)| *v == Value::state(phase))
            .map(|(_, code, extra)| format!("(nat_lit {code}){extra}"))
            .collect();
        let mut parts = 0;
        let root = subtree(&format!("{name}'{n}"), ty, &here, &mut out, &mut parts);
        let _ = writeln!(
            cases,
            "  | .{} => {root}",
            names::phase_constructor(system, phase)
        );
    }
    let _ = writeln!(
        out,
        "def {name} (p : Phase) : {ty} :=\n  match p with\n{cases}"
    );
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
        return format!("{ty}.leaf");
    };
    let (left, right) = entries.split_at(entries.len() / 2);
    let left = subtree(name, ty, left, out, parts);
    let right = subtree(name, ty, right.get(1..).unwrap_or(&[]), out, parts);
    let literal = format!("({ty}.node {left} {middle} {right})");
    if entries.len() < CHUNK {
        return literal;
    }
    *parts += 1;
    let part = format!("{name}'{parts}");
    let _ = writeln!(out, "def {part} : {ty} := {literal}");
    part
}

/// The theorems by which membership in a closed set follows for everything reachable. The set is a tree of codes for each
/// control state, so that an action is tried only where it can fire.
pub const CLOSURE: &str = "\
/-- Whether the state of this control state and code is in the set. -/
def isIn (states : Phase → Tree) (s : State) : Bool := pick (typed s) ((states s.phase).mem (code s)) false
/-- Nothing is asked of a state. -/
def anyState (_ : State) : Bool := true
/-- Of a member: if the action can fire, its successor is one. `d` is the code after, from the code before. -/
def closedBy (states : Phase → Tree) (c r t : State → Bool) (e : State → State) (d : State → Nat → Nat) (p : Phase) (n : Nat) : Bool :=
  pick (c (decode p n))
    (pick (r (decode p n)) (pick (t (decode p n)) ((states (e (decode p n)).phase).mem (d (decode p n) n)) false) true) true
theorem isIn_iff (states : Phase → Tree) (s : State) (h : isIn states s = true) :
    typed s = true ∧ (states s.phase).mem (code s) = true := by
  exact pick_and _ _ h
theorem closed_use (states : Phase → Tree) (leaving : List Phase) (g c r t : State → Bool) (e : State → State)
    (d : State → Nat → Nat) (hg : ∀ s, g s = pick (isAny leaving s.phase) (c s) false)
    (ht : ∀ s, typed s = true → r s = true → t s = true → typed (e s) = true) (hd : ∀ s, code (e s) = d s (code s))
    (h : leaving.all (fun q => (states q).all (closedBy states c r t e d q)) = true)
    (s : State) (hm : isIn states s = true) (hs : g s = true) (hr : r s = true) : isIn states (e s) = true := by
  have m := isIn_iff states s hm
  have f := pick_and _ _ (hg s ▸ hs)
  have k := Tree.all_mem _ _ _ ((List.all_eq_true.mp h) s.phase (isAny_mem _ _ f.1)) m.2
  unfold closedBy at k
  rw [decode_code s m.1, f.2, hr] at k
  have k := pick_and _ _ k
  rw [← hd s] at k
  exact pick_both _ _ (ht s m.1 hr k.1) k.2
/-- What it means that a set is closed under the allowed actions. -/
def Closed (allowed : Action → Bool) (states : Phase → Tree) : Prop :=
  ∀ (a : Action) (s : State), allowed a = true → isIn states s = true → guard a s = true → inRange a s = true →
    isIn states (effect a s) = true
/-- A set that holds every initial state and is closed under the allowed actions holds everything they reach. -/
theorem member_of (initials : List State) (allowed : Action → Bool) (states : Phase → Tree)
    (hi : initials.all (isIn states) = true) (hc : Closed allowed states) (s : State)
    (h : ReachableBy initials allowed s) : isIn states s = true := by
  induction h with
  | start s hs => exact (List.all_eq_true.mp hi) s hs
  | step a s _ ha g r ih => exact hc a s ha ih g r
/-- A condition checked of every member. -/
def everywhere (states : Phase → Tree) (p : State → Bool) : Bool :=
  allPhases.all (fun q => (states q).all (fun n => p (decode q n)))
/-- What the kernel found of every member of such a set holds of everything reachable. -/
theorem transfer (initials : List State) (allowed : Action → Bool) (states : Phase → Tree) (p : State → Bool)
    (hi : initials.all (isIn states) = true) (hc : Closed allowed states)
    (hp : everywhere states p = true) (s : State) (h : ReachableBy initials allowed s) : p s = true := by
  have m := isIn_iff states s (member_of initials allowed states hi hc s h)
  have q := Tree.all_mem _ _ _ ((List.all_eq_true.mp hp) s.phase (allPhases_complete s.phase)) m.2
  simp only [decode_code s m.1] at q
  exact q
/-- For each code: how far the goal is, and the action to take. -/
inductive Plan where
  | leaf
  | node (l : Plan) (n rank : Nat) (a : Action) (r : Plan)
/-- The distance plus one; 0 for a code that is not in the plan. -/
def Plan.rank (t : Plan) (k : Nat) : Nat :=
  Plan.rec (motive := fun _ => Nat) (nat_lit 0)
    (fun _ n rank _ _ l r => pick (Nat.beq k n) (Nat.succ rank) (pick (Nat.ble k n) l r)) t
/-- Whether the action of the plan at a code satisfies a condition. -/
def Plan.takes (t : Plan) (k : Nat) (p : Action → Bool) : Bool :=
  Plan.rec (motive := fun _ => Bool) false
    (fun _ n _ a _ l r => pick (Nat.beq k n) (p a) (pick (Nat.ble k n) l r)) t
theorem Plan.takes_some (k : Nat) (p : Action → Bool) (t : Plan) (h : t.takes k p = true) : ∃ a, p a = true := by
  induction t with
  | leaf => exact Bool.noConfusion h
  | node l n _ a r il ir =>
    have h : pick (Nat.beq k n) (p a) (pick (Nat.ble k n) (l.takes k p) (r.takes k p)) = true := h
    cases hk : Nat.beq k n with
    | true => rw [hk] at h; exact ⟨a, h⟩
    | false =>
      rw [hk] at h
      cases hle : Nat.ble k n with
      | true => rw [hle] at h; exact il h
      | false => rw [hle] at h; exact ir h
/-- The rank of a state. -/
def rankOf (plan : Phase → Plan) (s : State) : Nat := (plan s.phase).rank (code s)
def nearer (plan : Phase → Plan) (p : Phase) (n : Nat) (a : Action) : Bool :=
  bif guard a (decode p n) then
    (bif inRange a (decode p n) then Nat.blt (rankOf plan (effect a (decode p n))) ((plan p).rank n) else false)
  else false
/-- A member is the goal, or its planned action leads to a state of smaller rank. -/
def descends (goal : State → Bool) (plan : Phase → Plan) (p : Phase) (n : Nat) : Bool :=
  bif goal (decode p n) then true else (plan p).takes n (nearer plan p n)
theorem descends_use (goal : State → Bool) (plan : Phase → Plan) (s : State) (t : typed s = true)
    (h : descends goal plan s.phase (code s) = true) :
    goal s = true ∨ ∃ a, guard a s = true ∧ inRange a s = true ∧ rankOf plan (effect a s) < rankOf plan s := by
  unfold descends at h
  rw [decode_code s t] at h
  cases hg : goal s with
  | true => exact Or.inl rfl
  | false =>
    rw [hg] at h
    obtain ⟨a, ha⟩ := Plan.takes_some _ _ _ h
    unfold nearer at ha
    rw [decode_code s t] at ha
    cases hgu : guard a s with
    | false => rw [hgu] at ha; exact Bool.noConfusion ha
    | true =>
      cases hr : inRange a s with
      | false => rw [hgu, hr] at ha; exact Bool.noConfusion ha
      | true =>
        rw [hgu, hr] at ha
        exact Or.inr ⟨a, hgu, hr, Nat.blt_eq.mp ha⟩
theorem goal_reached (initials : List State) (states : Phase → Tree) (goal : State → Bool) (plan : Phase → Plan)
    (hi : initials.all (isIn states) = true) (hc : Closed anyAction states)
    (hd : allPhases.all (fun q => (states q).all (descends goal plan q)) = true) : (k : Nat) → (s : State) →
    ReachableBy initials anyAction s → rankOf plan s ≤ k → ∃ t, Path s t ∧ goal t = true := by
  intro k
  induction k with
  | zero =>
    intro s h hk
    have m := isIn_iff states s (member_of initials anyAction states hi hc s h)
    have d := Tree.all_mem _ _ _ ((List.all_eq_true.mp hd) s.phase (allPhases_complete s.phase)) m.2
    cases descends_use goal plan s m.1 d with
    | inl hg => exact ⟨s, Path.here s, hg⟩
    | inr ha =>
      obtain ⟨a, _, _, lt⟩ := ha
      omega
  | succ k ih =>
    intro s h hk
    have m := isIn_iff states s (member_of initials anyAction states hi hc s h)
    have d := Tree.all_mem _ _ _ ((List.all_eq_true.mp hd) s.phase (allPhases_complete s.phase)) m.2
    cases descends_use goal plan s m.1 d with
    | inl hg => exact ⟨s, Path.here s, hg⟩
    | inr ha =>
      obtain ⟨a, g, r, lt⟩ := ha
      obtain ⟨t, p, hg⟩ := ih (effect a s) (ReachableBy.step a s h rfl g r) (by omega)
      exact ⟨t, Path.step a s t g r p, hg⟩
";
