//! The proof module by certificate: the kernel checks that a finite set of states is closed, and what holds of its members
//! becomes an ordinary theorem about everything reachable.

use std::cell::RefCell;

use super::apart;
use super::certificate::{self, Move};
use super::claims::{Claim, body_holds, claim, theorem_name, touches};
use super::codec;
use super::definitions::GroundAction;
use super::search::{self, Reach};
use super::text::Text;
use crate::finding::{PropertyIx, Trace};
use crate::model::{CommandIx, Property, System};

/// What the proof of a property concludes if its theorems are accepted.
#[derive(Debug, Clone)]
pub enum Conclusion {
    /// It holds, by this theorem. For properties that ask for a run, with the run.
    Holds {
        /// The theorem that says so.
        theorem: String,
        /// Other properties whose theorems it uses.
        rests_on: Vec<PropertyIx>,
        /// The run of a witness.
        witness: Option<Trace>,
    },
    /// It does not hold, by this theorem.
    Violated {
        /// The theorem that says so.
        theorem: String,
        /// The run that shows it.
        trace: Option<Trace>,
    },
    /// Nothing was stated; why.
    NotAsked(String),
    /// Neither it nor its contrary could be stated; why.
    Unknown(String),
}

/// What a writer of proofs needs at hand.
pub struct Prover<'a> {
    /// The system.
    pub system: &'a System,
    /// Its actions.
    pub actions: &'a [GroundAction],
    /// Its reachable states.
    pub reach: &'a Reach,
    /// The largest set of states that is written out.
    pub limit: usize,
    /// The properties that say something of every state and are true of all reached.
    pub invariants: Vec<PropertyIx>,
    /// Goals that a way was proved to.
    pub ways: RefCell<Vec<Way>>,
}

/// A goal that a way was proved to, for properties that ask the same.
#[derive(Debug, Clone)]
pub struct Way {
    body: String,
    property: PropertyIx,
    theorem: String,
}

/// Of these properties, those that say something of every state and are true of all that were reached.
#[must_use]
pub fn true_everywhere(
    system: &System,
    actions: &[GroundAction],
    reach: &Reach,
    properties: &[PropertyIx],
) -> Vec<PropertyIx> {
    let holds = |ix: &PropertyIx| {
        system.property(*ix).is_some_and(|p| {
            matches!(claim(system, actions, p), Claim::Every(_))
                && reach
                    .states
                    .iter()
                    .all(|s| body_holds(system, actions, p, s))
        })
    };
    properties.iter().copied().filter(holds).collect()
}

impl Prover<'_> {
    /// What the proofs of all properties rest on; `None` when states are too wide to be coded.
    pub fn begin(&self, text: &mut Text) -> Option<()> {
        text.push(&codec::codec(self.system)?);
        text.push(certificate::CLOSURE);
        text.push(&codec::moves(self.system, self.actions)?);
        text.push(KEEPS);
        text.push(apart::APART);
        self.certificate(text)?;
        self.invariants(text);
        Some(())
    }

    /// The certificate that everything rests on: the set `states`, closed, one theorem a transition. `None` when states are too
    /// wide to be coded.
    fn certificate(&self, text: &mut Text) -> Option<()> {
        text.push(&certificate::trees(
            self.system,
            "states",
            &self.reach.states,
        )?);
        self.closure(text, "states", None, &|_| true);
        Some(())
    }

    /// The theorems that a tree is closed under the allowed actions, and that it holds the initial states.
    fn closure(
        &self,
        text: &mut Text,
        tree: &str,
        property: Option<PropertyIx>,
        allowed: &dyn Fn(&GroundAction) -> bool,
    ) {
        text.theorem(
            &format!("start__{tree}"),
            &format!("initials.all (isIn {tree}) = true"),
            "by decide +kernel",
            property,
            None,
        );
        let allowed_fn = allowed_name(tree);
        let mut cases = String::new();
        for a in self.actions {
            let n = &a.name;
            let stays = codec::stays_name(self.system, a);
            if allowed(a) {
                text.theorem(
                    &format!("closed__{tree}__{n}"),
                    &format!(
                        "leaving'{n}.all (fun q => ({tree} q).all (closedBy {tree} when'{n} inRange'{n} {stays} effect'{n} moved'{n} q)) = true"
                    ),
                    "by decide +kernel",
                    property,
                    Some(a.command),
                );
                cases.push_str(&format!(
                    "\n  | {n} => exact fun s _ m g r => closed_use {tree} leaving'{n} guard'{n} when'{n} inRange'{n} {stays} effect'{n} moved'{n} \
                     (fun _ => rfl) stays'{n}'typed moved'{n}'code closed__{tree}__{n} s m g r"
                ));
            } else {
                cases.push_str(&format!(
                    "\n  | {n} => exact fun _ h _ _ _ => Bool.noConfusion (show false = true from h)"
                ));
            }
        }
        text.push(&format!(
            "theorem closed__{tree} (a : Action) : (s : State) → {allowed_fn} a = true → isIn {tree} s = true →\n    \
             guard a s = true → inRange a s = true → isIn {tree} (effect a s) = true := by\n  cases a with{cases}"
        ));
    }

    /// The theorems about one property.
    pub fn property(&self, text: &mut Text, ix: PropertyIx, property: &Property) -> Conclusion {
        match claim(self.system, self.actions, property) {
            Claim::Every(body) => self.every(text, ix, property, &body.to_string()),
            Claim::Some(body) => self.some(text, ix, property, &body.to_string()),
            Claim::Way(body) => self.way(text, ix, property, &body.to_string()),
            Claim::Without(before, then, body) => {
                self.without(text, ix, property, (&before, then), &body.to_string())
            }
            Claim::Refines => self.refines(text, ix, property),
            Claim::NotAsked(why) => Conclusion::NotAsked(why.to_owned()),
        }
    }

    fn every(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        property: &Property,
        body: &str,
    ) -> Conclusion {
        let says = theorem_name("says", property);
        let statement = format!("∀ s, ReachableBy initials anyAction s → {says} s = true");
        let broken = self
            .reach
            .states
            .iter()
            .position(|s| !body_holds(self.system, self.actions, property, s));
        if let Some(state) = broken {
            define(text, property, body);
            self.attempts(text, ix, property, &says);
            return self.violated(
                text,
                ix,
                property,
                &format!("fun s => Bool.not ({says} s)"),
                self.reach,
                state,
                "anyAction",
            );
        }
        let name = theorem_name("holds", property);
        let place = self.invariants.iter().position(|i| *i == ix).unwrap_or(0);
        let path = "(pick_and _ _ ".repeat(place + 1);
        let rest = ").2".repeat(place);
        let proof = format!("fun s h => ({path}(all_hold s h){rest}).1)");
        text.theorem(&name, &statement, &proof, Some(ix), None);
        if !property.automatic && property.form != "at" {
            for a in self.actions {
                text.theorem(
                    &format!("{}__{}", theorem_name("kept", property), a.name),
                    &kept(&says, a),
                    &format!("fun s h _ g r => {name} _ (ReachableBy.step _ s h rfl g r)"),
                    Some(ix),
                    Some(a.command),
                );
            }
        }
        Conclusion::Holds {
            theorem: name,
            rests_on: Vec::new(),
            witness: None,
        }
    }

    /// The theorem that everything that holds in every state does, in one pass over the members.
    fn invariants(&self, text: &mut Text) {
        let mut all = "true".to_owned();
        for ix in self.invariants.iter().rev() {
            let Some(property) = self.system.property(*ix) else {
                continue;
            };
            if let Claim::Every(body) = claim(self.system, self.actions, property) {
                let says = define(text, property, &body.to_string());
                all = format!("(pick ({says} s) {all} false)");
            }
        }
        text.push(&format!("/-- Everything that is to hold in every state. -/\ndef all_says (s : State) : Bool := {all}"));
        text.theorem(
            "members",
            "everywhere states all_says = true",
            "by decide +kernel",
            None,
            None,
        );
        text.theorem(
            "all_hold",
            "∀ s, ReachableBy initials anyAction s → all_says s = true",
            "transfer initials anyAction states all_says start__states closed__states members",
            None,
            None,
        );
    }

    /// One attempt a transition at an invariant that fails, so that the failure has its place.
    fn attempts(&self, text: &mut Text, ix: PropertyIx, property: &Property, says: &str) {
        if property.automatic || property.form == "at" {
            return;
        }
        let start = theorem_name("starts", property);
        text.theorem(
            &start,
            &format!("initials.all {says} = true"),
            "by decide +kernel",
            Some(ix),
            None,
        );
        for a in self.actions {
            let name = format!("{}__{}", theorem_name("keeps", property), a.name);
            if !touches(self.system, a, property) {
                let statement =
                    format!("∀ s, {says} s = true → {says} (effect'{} s) = true", a.name);
                text.theorem(&name, &statement, "fun _ h => h", Some(ix), Some(a.command));
                continue;
            }
            text.theorem(
                &name,
                &format!(
                    "leaving'{n}.all (fun q => (states q).all (keepsAt {says} when'{n} inRange'{n} effect'{n} q)) = true",
                    n = a.name
                ),
                "by decide +kernel",
                Some(ix),
                Some(a.command),
            );
        }
    }

    fn some(&self, text: &mut Text, ix: PropertyIx, property: &Property, body: &str) -> Conclusion {
        let says = define(text, property, body);
        let Some(state) = self
            .reach
            .states
            .iter()
            .position(|s| body_holds(self.system, self.actions, property, s))
        else {
            let members = theorem_name("members", property);
            let name = theorem_name("never", property);
            text.theorem(
                &members,
                &format!("everywhere states (fun s => Bool.not ({says} s)) = true"),
                "by decide +kernel",
                Some(ix),
                None,
            );
            let proof = format!(
                "transfer initials anyAction states (fun s => Bool.not ({says} s)) start__states closed__states {members}"
            );
            let statement =
                format!("∀ s, ReachableBy initials anyAction s → Bool.not ({says} s) = true");
            text.theorem(&name, &statement, &proof, Some(ix), None);
            return Conclusion::Violated {
                theorem: name,
                trace: None,
            };
        };
        let name = theorem_name("reached", property);
        let mut trace = self.witness(text, ix, &name, &says, self.reach, state, "anyAction");
        self.end_with_step(property, &mut trace);
        Conclusion::Holds {
            theorem: name,
            rests_on: Vec::new(),
            witness: Some(trace),
        }
    }

    fn way(&self, text: &mut Text, ix: PropertyIx, property: &Property, body: &str) -> Conclusion {
        let ranks = self
            .reach
            .ranks(|s| body_holds(self.system, self.actions, property, s));
        let Some(ranks) = ranks.into_iter().collect::<Option<Vec<u64>>>() else {
            return Conclusion::NotAsked("from some reachable state there is no way there, and Lean is not asked to refute it".to_owned());
        };
        let says = define(text, property, body);
        let name = theorem_name("way", property);
        let statement =
            format!("∀ s, ReachableBy initials anyAction s → ∃ t, Path s t ∧ {says} t = true");
        let known = self.ways.borrow().iter().find(|w| w.body == body).cloned();
        if let Some(way) = known {
            text.theorem(&name, &statement, &way.theorem, Some(ix), None);
            return Conclusion::Holds {
                theorem: name,
                rests_on: vec![way.property],
                witness: None,
            };
        }
        let map = theorem_name("plan", property);
        let Some(tree) =
            certificate::plan(self.system, &map, &self.reach.states, &self.moves(&ranks))
        else {
            return Conclusion::NotAsked("states are too wide to be coded".to_owned());
        };
        text.push(&tree);
        let descends = theorem_name("descends", property);
        text.theorem(
            &descends,
            &format!("allPhases.all (fun q => (states q).all (descends {says} {map} q)) = true"),
            "by decide +kernel",
            Some(ix),
            None,
        );
        let proof = format!(
            "fun s h => goal_reached initials states {says} {map} start__states closed__states {descends} _ s h (Nat.le_refl _)"
        );
        text.theorem(&name, &statement, &proof, Some(ix), None);
        self.ways.borrow_mut().push(Way {
            body: body.to_owned(),
            property: ix,
            theorem: name.clone(),
        });
        Conclusion::Holds {
            theorem: name,
            rests_on: Vec::new(),
            witness: None,
        }
    }

    /// By state: its rank and an action that lowers it.
    fn moves(&self, ranks: &[u64]) -> Vec<Move> {
        let any = self.actions.first().map_or("", |a| a.name.as_str());
        ranks
            .iter()
            .zip(&self.reach.edges)
            .map(|(rank, edges)| {
                let down = edges
                    .iter()
                    .find(|(_, to)| ranks.get(*to).is_some_and(|r| r < rank));
                let action = down
                    .and_then(|(a, _)| self.actions.get(*a))
                    .map_or(any, |a| a.name.as_str());
                Move {
                    rank: *rank,
                    action: action.to_owned(),
                }
            })
            .collect()
    }

    fn without(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        property: &Property,
        (before, then): (&[CommandIx], CommandIx),
        body: &str,
    ) -> Conclusion {
        let allowed = |a: &GroundAction| !before.contains(&a.command);
        let Some(reach) = search::reach(self.system, self.actions, allowed, self.limit) else {
            return Conclusion::NotAsked(
                "too many states without the first transitions".to_owned(),
            );
        };
        let says = define(text, property, body);
        let tree = theorem_name("states", property);
        let cases: String = self
            .actions
            .iter()
            .map(|a| format!("\n  | .{} => {}", a.name, allowed(a)))
            .collect();
        let name = allowed_name(&tree);
        text.push(&format!(
            "def {name} (a : Action) : Bool :=\n  match a with{cases}"
        ));
        if let Some(state) = reach
            .states
            .iter()
            .position(|s| !body_holds(self.system, self.actions, property, s))
        {
            return self.violated(
                text,
                ix,
                property,
                &format!("fun s => Bool.not ({says} s)"),
                &reach,
                state,
                &name,
            );
        }
        if let Some(conclusion) = self.apart(text, ix, property, (&name, &allowed), &reach, then) {
            return conclusion;
        }
        let Some(literal) = certificate::trees(self.system, &tree, &reach.states) else {
            return Conclusion::NotAsked("states are too wide to be coded".to_owned());
        };
        text.push(&literal);
        self.closure(text, &tree, Some(ix), &allowed);
        let members = theorem_name("members", property);
        text.theorem(
            &members,
            &format!("everywhere {tree} {says} = true"),
            "by decide +kernel",
            Some(ix),
            None,
        );
        let holds = theorem_name("holds", property);
        let proof = format!(
            "transfer initials {name} {tree} {says} start__{tree} closed__{tree} {members}"
        );
        let statement = format!("∀ s, ReachableBy initials {name} s → {says} s = true");
        text.theorem(&holds, &statement, &proof, Some(ix), None);
        Conclusion::Holds {
            theorem: holds,
            rests_on: Vec::new(),
            witness: None,
        }
    }
}

pub(super) fn define(text: &mut Text, property: &Property, body: &str) -> String {
    let says = theorem_name("says", property);
    text.push(&format!("def {says} (s : State) : Bool := {body}"));
    says
}

fn kept(says: &str, action: &GroundAction) -> String {
    let a = format!("Action.{}", action.name);
    format!(
        "∀ s, ReachableBy initials anyAction s → {says} s = true → guard {a} s = true → inRange {a} s = true → {says} (effect {a} s) = true"
    )
}

fn allowed_name(tree: &str) -> String {
    if tree == "states" {
        "anyAction".to_owned()
    } else {
        format!("allowed__{tree}")
    }
}

/// Whether one action keeps a condition, asked of every member.
const KEEPS: &str = "\
def keepsAt (p g r : State → Bool) (e : State → State) (q : Phase) (n : Nat) : Bool :=
  pick (g (decode q n)) (pick (r (decode q n)) (pick (p (decode q n)) (p (e (decode q n))) true) true) true
";
