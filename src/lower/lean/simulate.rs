//! Refinement as a simulation: initial states map to initial states, and each transition has its own theorem that its steps are
//! steps of the other workflow, guard included, or nothing there (S-10).

use std::collections::HashSet;

use super::claims::theorem_name;
use super::definitions::GroundAction;
use super::inductive::Inductive;
use super::proofs::{Conclusion, Prover};
use super::refine::Other;
use super::tactic::{Goal, definitions_of};
use super::text::Text;
use crate::finding::{PropertyIx, State, Trace, TraceStep};
use crate::model::{Outcome, Property, Refinement, System, abstract_state, initial_states, step};

/// Actions of the other workflow that are written out.
const MOST: usize = 500;

/// Where the other workflow has at most so many actions, all of them are tried in an induction: over all typed states a step may
/// be one that no run was seen to take.
const TRY_ALL: usize = 8;

/// States the theorem of this name about one action, that its steps are steps by these actions there; the last are definitions
/// to unfold. Returns how it follows for a state `s` that `h` says is reachable.
type Each<'e> = dyn Fn(&mut Text, &str, &GroundAction, &str, Vec<String>) -> String + 'e;

/// How the states found look from the other workflow.
struct Compared {
    /// By action: the other's actions that its steps are; none where they change nothing there.
    by_action: Vec<Vec<usize>>,
    /// The first that has no counterpart.
    broken: Option<Broken>,
}

/// Where the refinement fails.
enum Broken {
    /// An initial state, by its place.
    Start(usize),
    /// From a state by an action to a state, by their places.
    Step(usize, usize, usize),
}

impl Prover<'_> {
    /// The theorems of the refinement by certificate: what the kernel finds of every member.
    pub(super) fn refines(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        property: &Property,
    ) -> Conclusion {
        text.push(&super::facts::facts(self.system));
        let rests_on = Vec::new();
        self.simulation(text, ix, property, rests_on, 0, &|text, name, a, by, _| {
            text.theorem(
                name,
                &format!("everywhere states ({by}) = true"),
                "by decide +kernel",
                Some(ix),
                Some(a.command),
            );
            format!(
                "transfer initials anyAction states ({by}) start__states closed__states {name} s h"
            )
        })
    }

    /// The theorems of a simulation; where the other workflow has at most `try_all` actions, each is tried for every transition.
    fn simulation(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        property: &Property,
        rests_on: Vec<PropertyIx>,
        try_all: usize,
        each: &Each<'_>,
    ) -> Conclusion {
        let Some(refinement) = &self.system.refinement else {
            return Conclusion::NotAsked("there is nothing to refine".to_owned());
        };
        let Some(other) = Other::of(self.system, refinement).filter(|o| o.actions.len() <= MOST)
        else {
            return Conclusion::Unknown(
                "the refined workflow is too large to be written out".to_owned(),
            );
        };
        text.push(&other.definitions(self.system, refinement));
        let mut compared = self.compare(refinement, &other);
        if other.actions.len() <= try_all {
            compared.by_action.fill((0..other.actions.len()).collect());
        }
        if let Some(Broken::Start(place)) = compared.broken {
            return self.no_start(text, ix, property, place);
        }
        let start = theorem_name("start", property);
        text.theorem(
            &start,
            "initials.all (fun s => fits s && Other.isInitial (mapped s)) = true",
            "by decide +kernel",
            Some(ix),
            None,
        );
        let mut cases = String::new();
        for (a, by) in self.actions.iter().zip(&compared.by_action) {
            let n = &a.name;
            let listed: Vec<String> = by
                .iter()
                .filter_map(|i| other.actions.get(*i))
                .map(|b| format!("Other.Action.{}", b.name))
                .collect();
            let listed = listed.join(", ");
            let by_these = format!("simulatesBy guard'{n} inRange'{n} effect'{n} [{listed}]");
            let name = format!("{}__{n}", theorem_name("simulates", property));
            let proof = each(text, &name, a, &by_these, other.unfold(by));
            cases.push_str(&format!(
                "\n  | {n} => exact fun s h g r => simulates_use guard'{n} inRange'{n} effect'{n} [{listed}] s ({proof}) g r"
            ));
        }
        if let Some(Broken::Step(from, action, to)) = compared.broken {
            return self.no_step(text, ix, property, (from, action, to));
        }
        let simulated = theorem_name("simulated", property);
        text.push(&format!(
            "theorem {simulated} (a : Action) : (s : State) → ReachableBy initials anyAction s → guard a s = true →\n    \
             inRange a s = true → fits (effect a s) = true ∧ Other.Follows (mapped s) (mapped (effect a s)) := by\n  \
             cases a with{cases}"
        ));
        let name = theorem_name("holds", property);
        text.theorem(
            &name,
            "Simulated",
            &format!("⟨start_use {start}, {simulated}⟩"),
            Some(ix),
            None,
        );
        text.theorem(
            &theorem_name("reached", property),
            "∀ s, ReachableBy initials anyAction s → Other.Reachable (mapped s)",
            &format!("reached_there {name}"),
            Some(ix),
            None,
        );
        Conclusion::Holds {
            theorem: name,
            rests_on,
            witness: None,
        }
    }

    /// Looks for the counterpart of every start and step that the search found.
    fn compare(&self, refinement: &Refinement, other: &Other) -> Compared {
        let there = &refinement.abstract_system;
        let seen: Vec<Option<State>> = (self.reach.states.iter())
            .map(|s| abstract_state(self.system, refinement, s))
            .collect();
        let at = |n: usize| seen.get(n).and_then(Option::as_ref);
        let starts: HashSet<State> = initial_states(there).take(100_000).collect();
        let mut compared = Compared {
            by_action: vec![Vec::new(); self.actions.len()],
            broken: None,
        };
        let initial = |n: &usize| matches!(self.reach.parents.get(*n), Some(None));
        compared.broken = (0..seen.len())
            .take_while(initial)
            .find(|n| !at(*n).is_some_and(|s| starts.contains(s)))
            .map(Broken::Start);
        for (from, edges) in self.reach.edges.iter().enumerate() {
            for (action, to) in edges {
                let (Some(before), Some(after)) = (at(from), at(*to)) else {
                    compared
                        .broken
                        .get_or_insert(Broken::Step(from, *action, *to));
                    continue;
                };
                if before == after {
                    continue;
                }
                let Some(by) = compared.by_action.get_mut(*action) else {
                    continue;
                };
                let does = |i: &usize| leads(there, other, *i, before, after);
                if by.iter().any(&does) {
                    continue;
                }
                match (0..other.actions.len()).find(does) {
                    Some(i) => by.push(i),
                    None => {
                        compared
                            .broken
                            .get_or_insert(Broken::Step(from, *action, *to));
                    }
                }
            }
        }
        compared
    }

    fn no_start(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        property: &Property,
        place: usize,
    ) -> Conclusion {
        let name = theorem_name("violated", property);
        text.theorem(
            &name,
            "initials.any (fun s => Bool.not (fits s && Other.isInitial (mapped s))) = true",
            "by decide +kernel",
            Some(ix),
            None,
        );
        let state = self.reach.states.get(place).cloned().unwrap_or_default();
        Conclusion::Violated {
            theorem: name,
            trace: Some(Trace {
                steps: vec![TraceStep {
                    transition: None,
                    choices: Vec::new(),
                    state,
                }],
                loop_from: None,
                leaves_range: false,
            }),
        }
    }

    fn no_step(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        property: &Property,
        (from, action, to): (usize, usize, usize),
    ) -> Conclusion {
        let Some(a) = self.actions.get(action) else {
            return Conclusion::Unknown("a step of no transition".to_owned());
        };
        let n = &a.name;
        let goal = format!(
            "fun s => guard'{n} s && inRange'{n} s && Bool.not (fits (effect'{n} s) && \
             Other.followsBy Other.actions (mapped s) (mapped (effect'{n} s)))"
        );
        let conclusion = self.violated(text, ix, property, &goal, self.reach, from, "anyAction");
        match conclusion {
            Conclusion::Violated {
                theorem,
                trace: Some(mut trace),
            } => {
                trace.steps.push(TraceStep {
                    transition: Some(a.command),
                    choices: a.choices.clone(),
                    state: self.reach.states.get(to).cloned().unwrap_or_default(),
                });
                Conclusion::Violated {
                    theorem,
                    trace: Some(trace),
                }
            }
            other @ (Conclusion::Violated { trace: None, .. }
            | Conclusion::Holds { .. }
            | Conclusion::NotAsked(_)
            | Conclusion::Unknown(_)) => other,
        }
    }
}

impl Inductive<'_> {
    /// The theorems of the refinement by induction: a goal a transition, over all typed states.
    pub(super) fn refines(
        &self,
        text: &mut Text,
        ix: PropertyIx,
        property: &Property,
    ) -> Conclusion {
        let base = &self.base;
        base.simulation(
            text,
            ix,
            property,
            self.rests_on(),
            TRY_ALL,
            &|text, name, a, by, more| {
                let mut unfold = self.unfold_known();
                unfold.extend(definitions_of(a));
                unfold.extend(more);
                let goal = Goal {
                    system: base.system,
                    intro: "s k",
                    unfold,
                    given: None,
                };
                let statement = format!("∀ s, known s = true → {by} s = true");
                text.theorem(name, &statement, &goal.script(), Some(ix), Some(a.command));
                format!("{name} s (known_everywhere s h)")
            },
        )
    }
}

/// Whether an action of the other workflow leads from one state to another there.
fn leads(there: &System, other: &Other, action: usize, before: &State, after: &State) -> bool {
    other.actions.get(action).is_some_and(|a| {
        there
            .command(a.command)
            .is_some_and(|c| step(there, c, before, &a.choices) == Outcome::Next(after.clone()))
    })
}
