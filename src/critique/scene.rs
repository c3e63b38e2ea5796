//! One version of a workflow as the rules see it: roles in the graph of control states, never what a name means.

use std::collections::{BTreeSet, VecDeque};

use super::case::Case;
use crate::check::{CheckedTransition, CheckedWorkflow};
use crate::finding::{FindingKind, SubjectKind};
use crate::ir::symbols::{ActorKind, StateRole};
use crate::ir::{ActorId, Name, StateId, TransitionId};
use crate::model::System;
use crate::syntax::why_reserved;

/// The one name of an actor that the language itself knows: whoever has it is a person unless the file says otherwise.
const PERSON: &str = "Human";

/// A version, its findings, and what follows from its graph. Guards are left aside in the graph.
pub struct Scene<'a> {
    /// The version.
    pub checked: &'a CheckedWorkflow,
    /// Its system.
    pub system: &'a System,
    /// Its findings.
    pub cases: &'a [Case],
    depth: Vec<Option<u32>>,
}

impl<'a> Scene<'a> {
    /// The scene of a version and its findings.
    #[must_use]
    pub fn new(checked: &'a CheckedWorkflow, system: &'a System, cases: &'a [Case]) -> Self {
        let mut depth = vec![None; checked.symbols.states.len()];
        let mut work = VecDeque::from([(checked.initial, 0u32)]);
        while let Some((at, far)) = work.pop_front() {
            let Some(slot) = depth.get_mut(at.ix()).filter(|d| d.is_none()) else {
                continue;
            };
            *slot = Some(far);
            let next = checked.transitions.iter().filter(|t| t.from.contains(&at));
            work.extend(next.filter_map(|t| Some((t.to?, far + 1))));
        }
        Self {
            checked,
            system,
            cases,
            depth,
        }
    }

    /// All control states, in the order declared.
    pub fn states(&self) -> impl DoubleEndedIterator<Item = StateId> + use<> {
        let many = u16::try_from(self.checked.symbols.states.len()).unwrap_or(u16::MAX);
        (0..many).map(StateId)
    }

    /// The state of this name.
    #[must_use]
    pub fn state(&self, name: &str) -> Option<StateId> {
        self.states().find(|s| self.name(*s) == name)
    }

    /// A state's name.
    #[must_use]
    pub fn name(&self, state: StateId) -> &str {
        self.checked.symbols.state_name(state)
    }

    /// The state declared last.
    #[must_use]
    pub fn last(&self) -> StateId {
        self.states().next_back().unwrap_or(self.checked.initial)
    }

    /// How many steps it is from the start, guards left aside; `None` where nothing leads.
    #[must_use]
    pub fn depth(&self, state: StateId) -> Option<u32> {
        self.depth.get(state.ix()).copied().flatten()
    }

    /// What it is for.
    #[must_use]
    pub fn role(&self, state: StateId) -> StateRole {
        self.checked
            .symbols
            .state(state)
            .map_or(StateRole::Ordinary, |s| s.role)
    }

    /// Whether it is a declared end.
    #[must_use]
    pub fn is_end(&self, state: StateId) -> bool {
        self.role(state) != StateRole::Ordinary
    }

    /// All transitions with their indices, in the order declared.
    pub fn transitions(&self) -> impl Iterator<Item = (TransitionId, &'a CheckedTransition)> {
        (0u16..).map(TransitionId).zip(&self.checked.transitions)
    }

    /// The transition of this name.
    #[must_use]
    pub fn transition(&self, name: &str) -> Option<(TransitionId, &'a CheckedTransition)> {
        self.transitions().find(|(_, t)| t.name.as_str() == name)
    }

    /// Transitions that can leave a state for another one.
    #[must_use]
    pub fn ways_out(&self, state: StateId) -> Vec<&'a CheckedTransition> {
        let leads_on =
            |t: &&CheckedTransition| t.from.contains(&state) && t.to.is_some_and(|to| to != state);
        self.checked.transitions.iter().filter(leads_on).collect()
    }

    /// Transitions that can fire in a state.
    #[must_use]
    pub fn at(&self, state: StateId) -> Vec<(TransitionId, &'a CheckedTransition)> {
        self.transitions()
            .filter(|(_, t)| t.from.contains(&state))
            .collect()
    }

    /// Transitions that enter a state from another one.
    #[must_use]
    pub fn ways_in(&self, state: StateId) -> Vec<&'a CheckedTransition> {
        let enters =
            |t: &&CheckedTransition| t.to == Some(state) && t.from.iter().any(|s| *s != state);
        self.checked.transitions.iter().filter(enters).collect()
    }

    /// Whether the engines say that no run gets to a state.
    #[must_use]
    pub fn unreached(&self, state: StateId) -> bool {
        self.depth(state).is_none()
            || self.cases.iter().any(|c| {
                c.is(FindingKind::UnreachableState, SubjectKind::State)
                    && c.subject.name == self.name(state)
            })
    }

    /// An actor's name.
    #[must_use]
    pub fn actor(&self, id: ActorId) -> &str {
        self.checked.symbols.actor_name(id)
    }

    /// Whether an actor is a person.
    #[must_use]
    pub fn is_person(&self, id: ActorId) -> bool {
        self.checked
            .symbols
            .actors
            .get(id.ix())
            .is_some_and(|a| a.kind == ActorKind::Human)
    }

    /// Actors that fire nothing: people first, then the others, each in the order declared.
    #[must_use]
    pub fn idle(&self) -> Vec<ActorId> {
        let many = u16::try_from(self.checked.symbols.actors.len()).unwrap_or(u16::MAX);
        let fires = |a: &ActorId| self.checked.transitions.iter().any(|t| t.actor == *a);
        let mut idle: Vec<ActorId> = (0..many).map(ActorId).filter(|a| !fires(a)).collect();
        idle.sort_by_key(|a| !self.is_person(*a));
        idle
    }

    /// A person to ask: one with nothing to do, else one that acts already, else a new one.
    #[must_use]
    pub fn person(&self) -> String {
        let many = u16::try_from(self.checked.symbols.actors.len()).unwrap_or(u16::MAX);
        let idle = self.idle().into_iter().find(|a| self.is_person(*a));
        let acting = || (0..many).map(ActorId).find(|a| self.is_person(*a));
        idle.or_else(acting)
            .map_or_else(|| self.fresh(PERSON), |a| self.actor(a).to_owned())
    }

    /// The first declared end that is a failure, else a new name for one.
    #[must_use]
    pub fn failure(&self) -> String {
        let known = self.states().find(|s| self.role(*s) == StateRole::Failure);
        known.map_or_else(|| self.fresh("Rejected"), |s| self.name(s).to_owned())
    }

    /// A name that nothing has yet, transitions left aside: `base`, or `base2`, …
    #[must_use]
    pub fn fresh(&self, base: &str) -> String {
        let s = &self.checked.symbols;
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        taken.extend(s.states.iter().map(|x| x.name.as_str()));
        taken.extend(s.actors.iter().map(|x| x.name.as_str()));
        taken.extend(s.artifacts.iter().map(|x| x.name.as_str()));
        taken.extend(s.evidence.iter().map(|x| x.name.as_str()));
        taken.extend(s.vars.iter().map(|x| x.name.as_str()));
        taken.extend(s.enums.iter().flat_map(|e| &e.values).map(Name::as_str));
        let choices = self.checked.transitions.iter().flat_map(|t| &t.choices);
        taken.extend(choices.map(|(name, _)| name.as_str()));
        free(base, &taken)
    }

    /// A name that no transition has yet.
    #[must_use]
    pub fn fresh_transition(&self, base: &str) -> String {
        let taken = self.checked.transitions.iter().map(|t| t.name.as_str());
        free(base, &taken.collect())
    }

    /// A transition's guard as text.
    #[must_use]
    pub fn guard(&self, id: TransitionId) -> Option<String> {
        let written = self.checked.ir.transitions.get(id.ix())?;
        written.when.as_ref().map(ToString::to_string)
    }
}

fn free(base: &str, taken: &BTreeSet<&str>) -> String {
    let base: String = base.chars().take(Name::MAX_LEN - 4).collect();
    let ok = |name: &str| !taken.contains(name) && why_reserved(name).is_none();
    if ok(&base) {
        return base;
    }
    let numbered = (2u32..10_000).map(|n| format!("{base}{n}"));
    numbered.into_iter().find(|n| ok(n)).unwrap_or(base)
}

/// A name in the style of transitions: `ReadyForUse` becomes `ready_for_use`.
#[must_use]
pub fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut before_lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && before_lower {
            out.push('_');
        }
        before_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        out.push(c.to_ascii_lowercase());
    }
    out
}
