//! The names that changes may use: what the workflow declares, and what earlier changes add. Names inside expressions are
//! resolved where the changes are carried out.

use std::collections::BTreeSet;

use super::error::AdmitError;
use crate::check::CheckedWorkflow;
use crate::finding::critique::{Change, TransitionSpec};

/// What is declared so far.
#[derive(Debug, Clone)]
pub(super) struct Names {
    states: BTreeSet<String>,
    transitions: BTreeSet<String>,
    evidence: BTreeSet<String>,
    artifacts: BTreeSet<String>,
    vars: BTreeSet<String>,
}

/// Collects what is not there.
struct Check<'a> {
    names: &'a Names,
    place: &'a str,
    errors: &'a mut Vec<AdmitError>,
}

impl Check<'_> {
    fn one(&mut self, known: &BTreeSet<String>, what: &'static str, name: &str) {
        if !known.contains(name) {
            self.errors.push(AdmitError::UnknownName {
                place: self.place.to_owned(),
                what,
                name: name.to_owned(),
            });
        }
    }

    fn states<'s>(&mut self, names: impl IntoIterator<Item = &'s String>) {
        for name in names {
            self.one(&self.names.states, "state", name);
        }
    }

    fn transitions<'s>(&mut self, names: impl IntoIterator<Item = &'s String>) {
        for name in names {
            self.one(&self.names.transitions, "transition", name);
        }
    }

    fn evidence<'s>(&mut self, names: impl IntoIterator<Item = &'s String>) {
        for name in names {
            self.one(&self.names.evidence, "evidence", name);
        }
    }

    fn spec(&mut self, spec: &TransitionSpec) {
        self.states(&spec.from);
        self.states(&spec.to);
        self.evidence(&spec.drop);
        self.evidence(spec.record.keys());
        self.evidence(spec.record.values().filter_map(|r| r.from.as_ref()));
        for name in &spec.bump {
            self.one(&self.names.artifacts, "artifact", name);
        }
        for name in spec.set.keys() {
            self.one(&self.names.vars, "variable", name);
        }
    }
}

impl Names {
    /// Those of a workflow.
    pub(super) fn of(workflow: &CheckedWorkflow) -> Self {
        let s = &workflow.symbols;
        Self {
            states: s.states.iter().map(|x| x.name.to_string()).collect(),
            transitions: s.transitions.iter().map(|x| x.name.to_string()).collect(),
            evidence: s.evidence.iter().map(|x| x.name.to_string()).collect(),
            artifacts: s.artifacts.iter().map(|x| x.name.to_string()).collect(),
            vars: s.vars.iter().map(|x| x.name.to_string()).collect(),
        }
    }

    /// Adds what another one knows.
    pub(super) fn join(&mut self, other: Self) {
        self.states.extend(other.states);
        self.transitions.extend(other.transitions);
        self.evidence.extend(other.evidence);
        self.artifacts.extend(other.artifacts);
        self.vars.extend(other.vars);
    }

    /// Reports the names of a change that are not there, then adds those that it makes.
    pub(super) fn change(&mut self, change: &Change, place: &str, errors: &mut Vec<AdmitError>) {
        let mut check = Check {
            names: &*self,
            place,
            errors,
        };
        Self::used(change, &mut check);
        self.made(change);
    }

    fn used(change: &Change, check: &mut Check<'_>) {
        match change {
            Change::AddState { needs, .. } => check.evidence(needs),
            Change::RemoveState { state } | Change::RenameState { state, .. } => {
                check.states([state]);
            }
            Change::SplitState {
                state,
                incoming,
                needs,
                ..
            } => {
                check.states([state]);
                check.transitions(incoming.keys());
                check.evidence(needs.values().flatten());
            }
            Change::MergeStates { states, .. } => check.states(states),
            Change::AddTransition { transition } => check.spec(transition),
            Change::RemoveTransition { transition }
            | Change::AddGuard { transition, .. }
            | Change::TightenGuard { transition, .. } => check.transitions([transition]),
            Change::AddHumanCheckpoint {
                transition,
                refuse_to,
                ..
            } => {
                check.transitions([transition]);
                check.states(refuse_to);
            }
            Change::AddRejectPath { from, .. } => check.states(from),
            Change::AddEscalation { from, resume, .. } => {
                check.states([from]);
                check.states(resume);
            }
            Change::BoundRevision { transitions, .. } => check.transitions(transitions),
            Change::AddEvidence { recorded_by, .. } => check.transitions(recorded_by),
            Change::RequireFresh {
                transition,
                evidence,
            } => {
                check.transitions([transition]);
                check.evidence([evidence]);
            }
            Change::AddInvariant { property } => check.transitions(&property.at),
            // Ends are declared where they are missing; rules and questions name nothing here.
            Change::AddTerminal { .. } | Change::ChangePolicy { .. } | Change::AskHuman { .. } => {}
        }
    }

    /// A transition that a revision adds under a name of its own: `word`, or `word_2`, …
    fn numbered(&mut self, word: &str) {
        let mut name = word.to_owned();
        let mut n = 2;
        while self.transitions.contains(&name) {
            name = format!("{word}_{n}");
            n += 1;
        }
        self.transitions.insert(name);
    }

    fn made(&mut self, change: &Change) {
        match change {
            Change::AddState { state, .. } => {
                self.states.insert(state.clone());
            }
            Change::RenameState { state, to } => {
                self.states.remove(state);
                self.states.insert(to.clone());
            }
            Change::SplitState {
                state,
                into,
                incoming,
                ..
            } => {
                self.states.remove(state);
                self.states.extend(into.iter().cloned());
                // A way in that no part is named for is doubled, one for each part.
                let doubled: Vec<String> = self
                    .transitions
                    .iter()
                    .filter(|t| !incoming.contains_key(*t))
                    .flat_map(|t| into.iter().map(move |part| format!("{t}_{part}")))
                    .collect();
                self.transitions.extend(doubled);
            }
            Change::MergeStates { states, into } => {
                self.states.retain(|s| !states.contains(s));
                self.states.insert(into.clone());
            }
            Change::RemoveState { state } => {
                self.states.remove(state);
            }
            Change::AddTransition { transition } => {
                self.transitions.insert(transition.id.clone());
            }
            Change::RemoveTransition { transition } => {
                self.transitions.remove(transition);
            }
            Change::AddHumanCheckpoint {
                state, transition, ..
            } => {
                self.states.insert(state.clone());
                self.numbered(&format!("{transition}_confirm"));
                self.numbered(&format!("{transition}_refuse"));
            }
            Change::AddRejectPath { to, .. } => {
                self.states.insert(to.clone());
                self.numbered("give_up");
            }
            Change::AddEscalation { to, stop, .. } => {
                self.states.extend([to.clone(), stop.clone()]);
                for word in ["escalate", "answer_go_on", "answer_stop"] {
                    self.numbered(word);
                }
            }
            Change::BoundRevision { counter, .. } => {
                self.vars.insert(counter.clone());
            }
            Change::AddTerminal { success, failure } => {
                self.states.extend(success.iter().chain(failure).cloned());
            }
            Change::AddEvidence { evidence, of, .. } => {
                self.evidence.insert(evidence.clone());
                self.artifacts.extend(of.artifacts.iter().cloned());
            }
            Change::AddGuard { .. }
            | Change::TightenGuard { .. }
            | Change::RequireFresh { .. }
            | Change::AddInvariant { .. }
            | Change::ChangePolicy { .. }
            | Change::AskHuman { .. } => {}
        }
    }
}
