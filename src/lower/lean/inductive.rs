//! The proof module by induction, for systems with more states than a certificate holds: one goal for each invariant and
//! transition, over all typed states, with the properties marked `lemma: true` known to hold before and after.
//!
//! What a goal needs is a script's luck: a goal that is left open is reported, never counted. Trusted are the statements.

use std::collections::BTreeSet;

use super::ast::Lean;
use super::claims::{Claim, Piece, body_holds, claim, pieces, theorem_name};
use super::definitions::GroundAction;
use super::proofs::{Conclusion, Prover, define};
use super::tactic::{Goal, definitions_of, untouched};
use super::text::Text;
use super::{facts, names};
use crate::finding::PropertyIx;
use crate::ir::{Cell, Domain, Value};
use crate::model::{Command, Property, PropertyKind, System};

/// What is said of a property whose proof would need every reachable state.
const NEEDS_ALL: &str =
    "more reachable states than a certificate holds, and this form is not proved by induction";

/// The most work that one goal may cost, in thousands of Lean's small allocations, whatever the machine: a goal that is beyond the
/// script should not take the time of the others.
const EFFORT: u32 = 20_000;

/// Writes inductions. `base` holds a search that did not see everything.
pub struct Inductive<'a> {
    /// The system, its actions, and the search.
    pub base: Prover<'a>,
    lemmas: Vec<PropertyIx>,
}

impl<'a> Inductive<'a> {
    /// Of the properties asked, those marked as lemmas that no run found breaks are known in every proof.
    #[must_use]
    pub fn new(base: Prover<'a>, properties: &[PropertyIx]) -> Self {
        let lemma = |ix: &PropertyIx| {
            base.system.property(*ix).is_some_and(|p| {
                p.lemma
                    && !p.expect_violated
                    && matches!(p.kind, PropertyKind::Always(_))
                    && broken(&base, p).is_none()
            })
        };
        let lemmas = properties.iter().copied().filter(lemma).collect();
        Self { base, lemmas }
    }

    /// How many goals a proof of these properties has.
    #[must_use]
    pub fn goals(&self, properties: &[PropertyIx]) -> usize {
        let each = |p: &Property| match claim(self.base.system, self.base.actions, p) {
            Claim::Every(_) if matches!(p.kind, PropertyKind::Always(_)) => self.base.actions.len(),
            Claim::Every(_) => pieces(self.base.system, self.base.actions, p).len().max(1),
            Claim::Refines => self.base.actions.len(),
            Claim::Some(_) | Claim::Way(_) | Claim::Without(..) | Claim::NotAsked(_) => 0,
        };
        let of = |ix: &PropertyIx| self.base.system.property(*ix).map_or(0, each);
        self.base.actions.len() + properties.iter().map(of).sum::<usize>()
    }

    /// What is known of every reachable state, on which all proofs rest.
    pub fn begin(&self, text: &mut Text) {
        text.push(&format!("set_option maxHeartbeats {EFFORT}"));
        text.push(&facts::facts(self.base.system));
        text.push(&proper(self.base.system));
        let mut parts = vec![Lean::name("(proper s)")];
        for (_, property) in self.lemma_properties() {
            if let Claim::Every(body) = claim(self.base.system, self.base.actions, property) {
                let says = define(text, property, &body.to_string());
                parts.push(Lean::name(format!("({says} s)")));
            }
        }
        parts.push(Lean::truth(true));
        text.push(&format!(
            "/-- What is known of every reachable state: it is typed, and every lemma holds. -/\ndef known (s : State) : Bool := {}",
            Lean::join("&&", parts, true)
        ));
        text.theorem(
            "start__known",
            "initials.all known = true",
            "by decide +kernel",
            None,
            None,
        );
        for a in self.base.actions {
            self.proper_kept(text, a);
        }
        for (ix, property) in self.lemma_properties() {
            for a in self.base.actions {
                self.kept(text, ix, property, a, "known s = true → ", "s k g r", "k");
            }
        }
        let mut cases = String::new();
        for a in self.base.actions {
            let n = &a.name;
            let mut proof = "rfl".to_owned();
            for (_, property) in self.lemma_properties().into_iter().rev() {
                proof = format!(
                    "both ({}__{n} s k g r) ({proof})",
                    theorem_name("kept", property)
                );
            }
            text.push(&format!(
                "theorem known__{n} (s : State) (k : known s = true) (g : guard'{n} s = true) (r : inRange'{n} s = true) :\n    \
                 known (effect'{n} s) = true :=\n  both (proper__{n} s (left_of k) g r) ({proof})"
            ));
            cases.push_str(&format!("\n  | {n} => exact known__{n}"));
        }
        text.push(&format!(
            "theorem known_kept (a : Action) : (s : State) → known s = true → guard a s = true → inRange a s = true →\n    \
             known (effect a s) = true := by\n  cases a with{cases}"
        ));
        text.push(INDUCTION);
    }

    /// The theorems about one property.
    pub fn property(&self, text: &mut Text, ix: PropertyIx, property: &Property) -> Conclusion {
        match claim(self.base.system, self.base.actions, property) {
            Claim::Every(body) => self.every(text, ix, property, &body),
            Claim::Some(body) => self.some(text, ix, property, &body.to_string()),
            Claim::Way(_) | Claim::Without(..) => Conclusion::Unknown(NEEDS_ALL.to_owned()),
            Claim::Refines => self.refines(text, ix, property),
            Claim::NotAsked(why) => Conclusion::NotAsked(why.to_owned()),
        }
    }

    /// The lemmas, in order.
    fn lemma_properties(&self) -> Vec<(PropertyIx, &'a Property)> {
        let system: &'a System = self.base.system;
        let of = |ix: &PropertyIx| Some((*ix, system.property(*ix)?));
        self.lemmas.iter().filter_map(of).collect()
    }

    /// Properties that a proof rests on: the lemmas, which hold each other up.
    pub(super) fn rests_on(&self) -> Vec<PropertyIx> {
        self.lemmas.clone()
    }

    /// Definitions behind `known`.
    pub(super) fn unfold_known(&self) -> Vec<String> {
        let says = self.lemma_properties();
        let says = says.iter().map(|(_, p)| theorem_name("says", p));
        ["known", "proper"]
            .map(str::to_owned)
            .into_iter()
            .chain(says)
            .collect()
    }

    fn goal<'g>(&'g self, intro: &'g str, action: &GroundAction, more: Vec<String>) -> Goal<'g> {
        let mut unfold = self.unfold_known();
        unfold.extend(definitions_of(action));
        unfold.extend(more);
        let mut seen = BTreeSet::new();
        unfold.retain(|d| seen.insert(d.clone()));
        Goal {
            system: self.base.system,
            intro,
            unfold,
            given: None,
        }
    }

    /// An action keeps every state typed.
    fn proper_kept(&self, text: &mut Text, a: &GroundAction) {
        let mut goal = self.goal("s k g r", a, Vec::new());
        goal.unfold
            .retain(|d| !d.starts_with("says'") && d != "known");
        let writes = self
            .base
            .system
            .command(a.command)
            .is_none_or(|c| !c.updates.is_empty());
        goal.given = (!writes).then_some("k");
        text.theorem(
            &format!("proper__{}", a.name),
            &step_statement(
                "proper s = true → ",
                a,
                "",
                &format!("proper (effect'{} s)", a.name),
            ),
            &goal.script(),
            None,
            Some(a.command),
        );
    }

    /// An action keeps an invariant. `assumed` and `intro` say what is assumed besides the step.
    #[expect(
        clippy::too_many_arguments,
        reason = "two call sites that differ in what is assumed"
    )]
    fn kept(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        property: &Property,
        a: &GroundAction,
        assumed: &str,
        intro: &str,
        given: &str,
    ) {
        let n = &a.name;
        let says = theorem_name("says", property);
        let mut goal = self.goal(intro, a, vec![says.clone()]);
        let stays = |c: &Command| matches!(&property.kind, PropertyKind::Always(p) if untouched(self.base.system, c, p));
        let h;
        if self.base.system.command(a.command).is_some_and(stays) {
            h = self
                .given_lemma(property)
                .unwrap_or_else(|| given.to_owned());
            goal.given = Some(&h);
        }
        let after = if intro.ends_with(" l") {
            format!("known (effect'{n} s) = true → ")
        } else {
            String::new()
        };
        text.theorem(
            &format!("{}__{n}", theorem_name("kept", property)),
            &step_statement(assumed, a, &after, &format!("{says} (effect'{n} s)")),
            &goal.script(),
            Some(ix),
            Some(a.command),
        );
    }

    /// How a lemma follows from `known`, held by the name `k`.
    fn given_lemma(&self, property: &Property) -> Option<String> {
        let place = self
            .lemma_properties()
            .iter()
            .position(|(_, p)| p.id == property.id)?;
        let mut at = "(right_of k)".to_owned();
        for _ in 0..place {
            at = format!("(right_of {at})");
        }
        Some(format!("(left_of {at})"))
    }

    fn every(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        property: &Property,
        body: &Lean,
    ) -> Conclusion {
        let says = theorem_name("says", property);
        let name = theorem_name("holds", property);
        let statement = format!("∀ s, ReachableBy initials anyAction s → {says} s = true");
        let mut rests_on = self.rests_on();
        rests_on.retain(|l| *l != ix);
        let lemma = self
            .given_lemma(property)
            .filter(|_| self.lemmas.contains(&ix));
        if lemma.is_none() {
            define(text, property, &body.to_string());
        }
        if let Some(state) = broken(&self.base, property) {
            let not = format!("fun s => Bool.not ({says} s)");
            return self.base.violated(
                text,
                ix,
                property,
                &not,
                self.base.reach,
                state,
                "anyAction",
            );
        }
        let proof = if let Some(of_known) = lemma {
            format!("fun s h => have k := known_everywhere s h; {of_known}")
        } else if matches!(property.kind, PropertyKind::Always(_)) {
            self.induction(text, ix, property, &says)
        } else {
            self.at_once(text, ix, property, &says)
        };
        text.theorem(&name, &statement, &proof, Some(ix), None);
        Conclusion::Holds {
            theorem: name,
            rests_on,
            witness: None,
        }
    }

    /// One goal a transition, and the start.
    fn induction(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        property: &Property,
        says: &str,
    ) -> String {
        let start = theorem_name("starts", property);
        text.theorem(
            &start,
            &format!("initials.all {says} = true"),
            "by decide +kernel",
            Some(ix),
            None,
        );
        let kept = theorem_name("kept", property);
        let assumed = format!("known s = true → {says} s = true → ");
        let mut cases = String::new();
        for a in self.base.actions {
            self.kept(text, ix, property, a, &assumed, "s k h g r l", "h");
            cases.push_str(&format!("\n  | {n} => exact {kept}__{n}", n = a.name));
        }
        text.push(&format!(
            "theorem {kept} (a : Action) : (s : State) → {assumed}guard a s = true → inRange a s = true →\n    \
             known (effect a s) = true → {says} (effect a s) = true := by\n  cases a with{cases}"
        ));
        format!("holds_by_induction {says} {start} {kept}")
    }

    /// A property of steps, or of what can fire: it follows from what is known, action by action.
    fn at_once(&self, text: &mut Text, ix: PropertyIx, property: &Property, says: &str) -> String {
        let each = pieces(self.base.system, self.base.actions, property);
        if each.is_empty() {
            let here = theorem_name("everywhere", property);
            let mut unfold = self.unfold_known();
            unfold.push(says.to_owned());
            let all = self.base.actions.iter();
            unfold.extend(
                all.flat_map(|a| ["guard", "leaving", "when"].map(|d| format!("{d}'{}", a.name))),
            );
            let goal = Goal {
                system: self.base.system,
                intro: "s k",
                unfold,
                given: None,
            };
            let statement = format!("∀ s, known s = true → {says} s = true");
            text.theorem(&here, &statement, &goal.script(), Some(ix), None);
            return format!("fun s h => {here} s (known_everywhere s h)");
        }
        let parts: Vec<String> = each
            .iter()
            .map(|p| self.piece(text, ix, property, p))
            .collect();
        let all = parts
            .into_iter()
            .rev()
            .reduce(|acc, part| format!("both ({part}) ({acc})"))
            .unwrap_or_else(|| "rfl".to_owned());
        format!("fun s h => have k := known_everywhere s h; {all}")
    }

    /// The goal of one action; how its part follows from `known`, held by the name `k`.
    fn piece(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        property: &Property,
        piece: &Piece<'_>,
    ) -> String {
        let a = piece.action;
        let name = format!("{}__{}", theorem_name("step", property), a.name);
        let Some(after) = &piece.after else {
            let statement = format!("∀ s, known s = true → {} = true", piece.body);
            let script = self.goal("s k", a, Vec::new()).script();
            text.theorem(&name, &statement, &script, Some(ix), Some(a.command));
            return format!("{name} s k");
        };
        let known = format!("known (effect'{} s) = true → ", a.name);
        text.theorem(
            &name,
            &step_statement("known s = true → ", a, &known, &after.to_string()),
            &self.goal("s k g r l", a, Vec::new()).script(),
            Some(ix),
            Some(a.command),
        );
        format!(
            "after_step (fun g r => {name} s k g r (known__{} s k g r))",
            a.name
        )
    }

    fn some(&self, text: &mut Text, ix: PropertyIx, property: &Property, body: &str) -> Conclusion {
        let reach = self.base.reach;
        let found = |s: &Vec<Value>| body_holds(self.base.system, self.base.actions, property, s);
        let Some(state) = reach.states.iter().position(found) else {
            return Conclusion::Unknown(format!(
                "none of the {} states nearest to the start shows it, and that it is not reached is not proved by induction",
                reach.states.len()
            ));
        };
        let says = define(text, property, body);
        let name = theorem_name("reached", property);
        let mut trace = self
            .base
            .witness(text, ix, &name, &says, reach, state, "anyAction");
        self.base.end_with_step(property, &mut trace);
        Conclusion::Holds {
            theorem: name,
            rests_on: Vec::new(),
            witness: Some(trace),
        }
    }
}

/// The first state found in which the property's claim is false.
fn broken(base: &Prover<'_>, property: &Property) -> Option<usize> {
    let states = base.reach.states.iter();
    states
        .into_iter()
        .position(|s| !body_holds(base.system, base.actions, property, s))
}

fn step_statement(before: &str, a: &GroundAction, after: &str, then: &str) -> String {
    let n = &a.name;
    format!("∀ s, {before}guard'{n} s = true → inRange'{n} s = true → {after}{then} = true")
}

/// What is true of every typed state: integers lie in their ranges, and evidence that does not exist has no stamps and no fields.
fn proper(system: &System) -> String {
    let field = |cell| Lean::Field(Box::new(Lean::name("s")), names::field(system, cell));
    let mut parts = Vec::new();
    for cell in &system.cells {
        let x = field(cell.cell);
        if let Domain::Int { lo, hi } = cell.domain {
            let test = if cell.optional { "optIntIn" } else { "intIn" };
            parts.push(Lean::App(
                test,
                vec![Lean::Int(lo), Lean::Int(hi), x.clone()],
            ));
        }
        match cell.cell {
            Cell::Bit(e, _) => {
                parts.push(Lean::infix("||", field(Cell::Has(e)), Lean::negation(x)));
            }
            Cell::Field(e, _) => {
                let same = match cell.domain {
                    Domain::Bool => "boolEq".to_owned(),
                    Domain::Int { .. } => "intEq".to_owned(),
                    Domain::Enum { .. } | Domain::State { .. } => {
                        format!("{}.same", names::type_name(cell.domain))
                    }
                };
                let absent = Lean::App("optEq", vec![Lean::name(same), x, Lean::name("none")]);
                parts.push(Lean::infix("||", field(Cell::Has(e)), absent));
            }
            Cell::State | Cell::Var(_) | Cell::Has(_) => {}
        }
    }
    format!(
        "/-- Integers lie in their ranges; evidence that does not exist has no stamps and no fields. -/\ndef proper (s : State) : Bool := {}",
        Lean::join("&&", parts, true)
    )
}

const INDUCTION: &str = "\
theorem known_everywhere (s : State) (h : ReachableBy initials anyAction s) : known s = true := by
  induction h with
  | start s hs => exact (List.all_eq_true.mp start__known) s hs
  | step a s _ _ g r ih => exact known_kept a s ih g r
/-- A condition that holds at the start and is kept by every action holds in every reachable state. -/
theorem holds_by_induction (p : State → Bool) (hi : initials.all p = true)
    (hk : (a : Action) → (s : State) → known s = true → p s = true → guard a s = true → inRange a s = true →
      known (effect a s) = true → p (effect a s) = true)
    (s : State) (h : ReachableBy initials anyAction s) : p s = true := by
  induction h with
  | start s hs => exact (List.all_eq_true.mp hi) s hs
  | step a s hs _ g r ih =>
    exact hk a s (known_everywhere s hs) ih g r (known_kept a s (known_everywhere s hs) g r)
";
