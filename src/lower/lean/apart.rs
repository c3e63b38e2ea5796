//! `precedes` without a second set of states: a condition on few cells that every run without the first transitions keeps, and
//! under which the second cannot fire.
//!
//! The condition is read off the states that such runs reach, with every cell dropped that it can do without. What it is found
//! by proves nothing: the kernel checks that each allowed action keeps it, by computing only where the action touches it.

use super::claims::{body_holds, theorem_name};
use super::definitions::GroundAction;
use super::names;
use super::proofs::{Conclusion, Prover};
use super::search::Reach;
use super::term::Scope;
use super::text::Text;
use crate::finding::PropertyIx;
use crate::ir::{Cell, StateId, Term, TermKind, Ty, Value};
use crate::model::{CommandIx, Property, Slot};

/// The most values of one cell that a condition lists.
const MOST_VALUES: usize = 4;

/// A condition: the control states it holds in, and the values it allows of some other cells.
struct Condition {
    /// In the order of the workflow.
    within: Vec<StateId>,
    /// Slots with the values allowed.
    cells: Vec<(Slot, Vec<Value>)>,
}

impl Condition {
    fn holds(&self, state: &[Value]) -> bool {
        let phase = state.first().copied();
        self.within.iter().any(|s| phase == Some(Value::state(*s)))
            && self.cells.iter().all(|(slot, values)| {
                state
                    .get(slot.ix())
                    .is_some_and(|value| values.contains(value))
            })
    }
}

impl Prover<'_> {
    /// The proof by such a condition; `None` where none was found. `reach` holds what runs without the first transitions reach,
    /// and the property is true of all of it.
    pub(super) fn apart(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        property: &Property,
        (allowed_name, allowed): (&str, &dyn Fn(&GroundAction) -> bool),
        reach: &Reach,
        then: CommandIx,
    ) -> Option<Conclusion> {
        let condition = self.condition(property, allowed, reach)?;
        let (within, rest) = (
            theorem_name("within", property),
            theorem_name("rest", property),
        );
        let phases: Vec<String> = condition
            .within
            .iter()
            .map(|s| names::phase(self.system, *s))
            .collect();
        text.push(&format!(
            "def {within} : List Phase := [{}]\ndef {rest} (s : State) : Bool := {}",
            phases.join(", "),
            self.rest(&condition)
        ));
        let inside = format!("inside {within} {rest}");
        let starts = theorem_name("starts", property);
        text.theorem(
            &starts,
            &format!("initials.all ({inside}) = true"),
            "by decide +kernel",
            Some(ix),
            None,
        );
        let kept = theorem_name("kept", property);
        let mut cases = String::new();
        for a in self.actions {
            let n = &a.name;
            if allowed(a) {
                cases.push_str(&self.keeps(text, ix, &condition, (&kept, &within, &rest), a));
            } else {
                cases.push_str(&format!(
                    "\n  | {n} => exact fun _ h _ _ _ _ => Bool.noConfusion (show false = true from h)"
                ));
            }
        }
        text.push(&format!(
            "theorem {kept} (a : Action) : (s : State) → {allowed_name} a = true → isIn states s = true → {inside} s = true →\n    \
             guard a s = true → inRange a s = true → {inside} (effect a s) = true := by\n  cases a with{cases}"
        ));
        let never = self.never(text, ix, property, (&within, &rest), then);
        let says = theorem_name("says", property);
        let holds = theorem_name("holds", property);
        text.theorem(
            &holds,
            &format!("∀ s, ReachableBy initials {allowed_name} s → {says} s = true"),
            &format!(
                "fun s h => (fun m => {never}) (kept_within initials {allowed_name} states ({inside}) start__states closed__states {starts} {kept} s h)"
            ),
            Some(ix),
            None,
        );
        Some(Conclusion::Holds {
            theorem: holds,
            rests_on: Vec::new(),
            witness: None,
        })
    }

    /// The theorem that an allowed action keeps the condition, and its case.
    fn keeps(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        condition: &Condition,
        (kept, within, rest): (&str, &str, &str),
        action: &GroundAction,
    ) -> String {
        let n = &action.name;
        let name = format!("{kept}__{n}");
        let inside = format!("inside {within} {rest}");
        let command = self.system.command(action.command);
        let untouched = command.is_some_and(|c| {
            c.to.is_none_or(|to| condition.within.contains(&to))
                && !c
                    .updates
                    .iter()
                    .any(|u| condition.cells.iter().any(|(slot, _)| *slot == u.slot))
        });
        if untouched {
            let proof = if command.is_some_and(|c| c.to.is_some()) {
                "fun _ h => (pick_and _ _ h).2"
            } else {
                "fun _ h => h"
            };
            text.theorem(
                &name,
                &format!("∀ s, {inside} s = true → {inside} (effect'{n} s) = true"),
                proof,
                Some(ix),
                Some(action.command),
            );
            return format!("\n  | {n} => exact fun s _ _ p _ _ => {name} s p");
        }
        text.theorem(
            &name,
            &format!(
                "leaving'{n}.all (fun q => pick (isAny {within} q) ((states q).all (keepsInside {within} {rest} when'{n} inRange'{n} effect'{n} q)) true) = true"
            ),
            "by decide +kernel",
            Some(ix),
            Some(action.command),
        );
        format!(
            "\n  | {n} => exact fun s _ m p g r => keepsInside_use states {within} leaving'{n} {rest} guard'{n} when'{n} inRange'{n} effect'{n} \
             (fun _ => rfl) {name} s m p g r"
        )
    }

    /// The theorems that the second transition cannot fire under the condition, and the proof of all of them; `m` is the fact
    /// that a state is a member and meets the condition.
    fn never(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        property: &Property,
        (within, rest): (&str, &str),
        then: CommandIx,
    ) -> String {
        let mut parts = Vec::new();
        for a in self.actions.iter().filter(|a| a.command == then) {
            let n = &a.name;
            let name = format!("{}__{n}", theorem_name("never", property));
            text.theorem(
                &name,
                &format!(
                    "leaving'{n}.all (fun q => pick (isAny {within} q) ((states q).all (neverInside {rest} when'{n} q)) true) = true"
                ),
                "by decide +kernel",
                Some(ix),
                Some(then),
            );
            parts.push(format!(
                "(neverInside_use states {within} leaving'{n} {rest} guard'{n} when'{n} (fun _ => rfl) {name} s m.1 m.2)"
            ));
        }
        parts
            .into_iter()
            .rev()
            .reduce(|acc, part| format!("(and_both _ _ {part} {acc})"))
            .unwrap_or_else(|| "rfl".to_owned())
    }

    /// What the condition asks of cells other than the control state.
    fn rest(&self, condition: &Condition) -> String {
        let parts = condition.cells.iter().filter_map(|(slot, values)| {
            let cell = self.system.cell(*slot)?;
            let ty = cell.domain.ty();
            let read = Term::read(cell.cell, ty);
            Some(match values.as_slice() {
                [Value::Bool(true)] if !cell.optional => read,
                [Value::Bool(false)] if !cell.optional => {
                    Term::made(TermKind::Not(Box::new(read)), Ty::Bool)
                }
                values => {
                    let list = values.iter().map(|v| Term::lit(*v, ty)).collect();
                    Term::made(TermKind::In(Box::new(read), list), Ty::Bool)
                }
            })
        });
        let all = Term::made(TermKind::And(parts.collect()), Ty::Bool);
        let scope = Scope {
            system: self.system,
            choices: &[],
        };
        scope.condition(&all).to_string()
    }

    /// The values that occur in `reach`, cell by cell, without the cells that the condition can do without.
    fn condition(
        &self,
        property: &Property,
        allowed: &dyn Fn(&GroundAction) -> bool,
        reach: &Reach,
    ) -> Option<Condition> {
        let seen = |slot: usize| {
            let mut values: Vec<Value> = reach
                .states
                .iter()
                .filter_map(|s| s.get(slot).copied())
                .collect();
            values.sort_unstable();
            values.dedup();
            values
        };
        let everywhere: Vec<StateId> = (0..self.system.symbols.states.len())
            .filter_map(|n| u16::try_from(n).ok().map(StateId))
            .collect();
        let phases = seen(0);
        let mut condition = Condition {
            within: everywhere
                .iter()
                .copied()
                .filter(|s| phases.contains(&Value::state(*s)))
                .collect(),
            cells: Vec::new(),
        };
        for cell in self.system.cells.iter().filter(|c| c.cell != Cell::State) {
            let slot = self.system.slot(cell.cell)?;
            let values = seen(slot.ix());
            if values.len() <= MOST_VALUES {
                condition.cells.push((slot, values));
            }
        }
        let bodies: Vec<bool> = self
            .reach
            .states
            .iter()
            .map(|s| body_holds(self.system, self.actions, property, s))
            .collect();
        let works = |c: &Condition| self.works(c, allowed, &bodies);
        if !works(&condition) {
            return None;
        }
        for at in (0..condition.cells.len()).rev() {
            let dropped = condition.cells.remove(at);
            if !works(&condition) {
                condition.cells.insert(at, dropped);
            }
        }
        let within = std::mem::replace(&mut condition.within, everywhere);
        if !works(&condition) {
            condition.within = within;
        }
        Some(condition)
    }

    /// Whether among the reachable states allowed actions keep the condition, and the property is true under it.
    fn works(
        &self,
        condition: &Condition,
        allowed: &dyn Fn(&GroundAction) -> bool,
        bodies: &[bool],
    ) -> bool {
        let inside: Vec<bool> = self
            .reach
            .states
            .iter()
            .map(|s| condition.holds(s))
            .collect();
        let is_inside = |i: usize| inside.get(i).copied().unwrap_or(false);
        self.reach
            .edges
            .iter()
            .zip(bodies)
            .enumerate()
            .all(|(i, (edges, body))| {
                !is_inside(i)
                    || (*body
                        && edges.iter().all(|(a, to)| {
                            is_inside(*to) || !self.actions.get(*a).is_some_and(allowed)
                        }))
            })
    }
}

/// The theorems behind such proofs.
pub const APART: &str = "\
/-- In one of these control states, and with this true of the rest. -/
def inside (within : List Phase) (rest : State → Bool) (s : State) : Bool := pick (isAny within s.phase) (rest s) false
/-- What is true of the initial states, and kept by every allowed step from a member of a closed set, is true of all they reach. -/
theorem kept_within (initials : List State) (allowed : Action → Bool) (states : Phase → Tree) (p : State → Bool)
    (hi : initials.all (isIn states) = true) (hc : Closed anyAction states) (hp : initials.all p = true)
    (hk : (a : Action) → (s : State) → allowed a = true → isIn states s = true → p s = true →
      guard a s = true → inRange a s = true → p (effect a s) = true)
    (s : State) (h : ReachableBy initials allowed s) : isIn states s = true ∧ p s = true := by
  induction h with
  | start s hs => exact ⟨(List.all_eq_true.mp hi) s hs, (List.all_eq_true.mp hp) s hs⟩
  | step a s _ ha g r ih => exact ⟨hc a s rfl ih.1 g r, hk a s ha ih.1 ih.2 g r⟩
def keepsInside (within : List Phase) (p c r : State → Bool) (e : State → State) (q : Phase) (n : Nat) : Bool :=
  pick (p (decode q n)) (pick (c (decode q n)) (pick (r (decode q n)) (inside within p (e (decode q n))) true) true) true
theorem keepsInside_use (states : Phase → Tree) (within leaving : List Phase) (p g c r : State → Bool) (e : State → State)
    (hg : ∀ s, g s = pick (isAny leaving s.phase) (c s) false)
    (h : leaving.all (fun q => pick (isAny within q) ((states q).all (keepsInside within p c r e q)) true) = true)
    (s : State) (hm : isIn states s = true) (hp : inside within p s = true) (hs : g s = true) (hr : r s = true) :
    inside within p (e s) = true := by
  have m := isIn_iff states s hm
  have f := pick_and _ _ (hg s ▸ hs)
  have w := pick_and _ _ hp
  have k : pick (isAny within s.phase) ((states s.phase).all (keepsInside within p c r e s.phase)) true = true :=
    (List.all_eq_true.mp h) s.phase (isAny_mem _ _ f.1)
  rw [w.1] at k
  have k := Tree.all_mem _ _ _ k m.2
  unfold keepsInside at k
  rw [decode_code s m.1, w.2, f.2, hr] at k
  exact k
def neverInside (p c : State → Bool) (q : Phase) (n : Nat) : Bool := pick (p (decode q n)) (Bool.not (c (decode q n))) true
theorem neverInside_use (states : Phase → Tree) (within leaving : List Phase) (p g c : State → Bool)
    (hg : ∀ s, g s = pick (isAny leaving s.phase) (c s) false)
    (h : leaving.all (fun q => pick (isAny within q) ((states q).all (neverInside p c q)) true) = true)
    (s : State) (hm : isIn states s = true) (hp : inside within p s = true) : Bool.not (g s) = true := by
  rw [hg s]
  cases f : isAny leaving s.phase with
  | false => rfl
  | true =>
    have m := isIn_iff states s hm
    have w := pick_and _ _ hp
    have k : pick (isAny within s.phase) ((states s.phase).all (neverInside p c s.phase)) true = true :=
      (List.all_eq_true.mp h) s.phase (isAny_mem _ _ f)
    rw [w.1] at k
    have k := Tree.all_mem _ _ _ k m.2
    unfold neverInside at k
    rw [decode_code s m.1, w.2] at k
    exact k
";
