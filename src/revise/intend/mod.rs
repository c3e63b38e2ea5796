//! What the changes must come to: the same changes carried out on the decoded workflow, as data. Knows nothing of texts;
//! `patch` does the same work on the text, and the two are compared.

mod build;
mod declare;
mod ends;
mod guard;
mod names;
mod people;
mod rewrite;
mod shape;
mod tighter;

use std::sync::Arc;

use super::answers::Step;
use super::error::{ReviseError, Why};
use crate::check::CheckedWorkflow;
use crate::finding::critique::{Change, TransitionSpec};
use crate::ir::workflow::{State, Transition};
use crate::ir::{Name, SourceId, Span, Spanned, Workflow};

/// The workflow as the changes want it, its version untouched, and notes on how they were carried out.
///
/// # Errors
/// Everything that keeps a change from being carried out, change by change; later changes see what earlier ones did.
pub(super) fn changed(
    workflow: Workflow,
    refined: Option<&Arc<CheckedWorkflow>>,
    foreign: &[Name],
    steps: &[Step<'_>],
) -> Result<(Workflow, Vec<String>), Vec<ReviseError>> {
    let mut editor = Editor {
        w: workflow,
        refined: refined.cloned(),
        foreign: foreign.to_vec(),
        later_counters: Vec::new(),
        wrong: Vec::new(),
        notes: Vec::new(),
    };
    let mut errors = Vec::new();
    for (n, step) in steps.iter().enumerate() {
        editor.later_counters = steps
            .iter()
            .skip(n + 1)
            .filter_map(|s| match s.change {
                Change::BoundRevision { counter, .. } => Name::new(counter),
                _ => None,
            })
            .collect();
        let done = editor.change(step.change);
        if done.is_none() && editor.wrong.is_empty() {
            // No edit gives up without a reason; should one do so all the same, nothing is carried out.
            editor.wrong.push(Why::Nothing);
        }
        errors.extend(editor.wrong.drain(..).map(|why| step.error(why)));
    }
    if errors.is_empty() {
        Ok((editor.w, editor.notes))
    } else {
        Err(errors)
    }
}

/// A workflow being changed. An edit that returns `None` has said why in `wrong` and has changed nothing.
struct Editor {
    w: Workflow,
    refined: Option<Arc<CheckedWorkflow>>,
    /// Values of the refined workflow's enums.
    foreign: Vec<Name>,
    /// Counters of `bound_revision` further down the list.
    later_counters: Vec<Name>,
    wrong: Vec<Why>,
    notes: Vec<String>,
}

/// No place: what is put in here stands nowhere yet.
const NOWHERE: Span = Span::new(SourceId(0), 0, 0);

fn put<T>(value: T) -> Spanned<T> {
    Spanned::new(value, NOWHERE)
}

impl Editor {
    fn change(&mut self, change: &Change) -> Option<()> {
        match change {
            Change::AddState { state, needs } => self.add_state(state, needs),
            Change::AddTransition { transition } => self.add_transition(transition),
            Change::RemoveTransition { transition } => self.remove_transition(transition),
            Change::AddGuard { transition, when } => self.add_guard(transition, when),
            Change::RequireFresh {
                transition,
                evidence,
            } => self.require_fresh(transition, evidence),
            Change::BoundRevision {
                transitions,
                counter,
                limit,
            } => self.bound_revision(transitions, counter, *limit),
            Change::AddTerminal { success, failure } => self.add_terminal(success, failure),
            Change::AddRejectPath {
                from,
                to,
                actor,
                when,
            } => self.add_reject_path(from, to, actor, when.as_deref()),
            Change::AddEscalation {
                from,
                when,
                by,
                to,
                actor,
                resume,
                stop,
            } => self.add_escalation(&people::Escalation {
                from,
                when: when.as_deref(),
                by,
                to,
                actor,
                resume: resume.as_deref(),
                stop,
            }),
            Change::AddEvidence {
                evidence,
                of,
                recorded_by,
            } => self.add_evidence(evidence, of, recorded_by),
            Change::AskHuman { .. } => {
                self.wrong.push(Why::NestedQuestion);
                None
            }
            Change::RemoveState { state } => self.remove_state(state),
            Change::RenameState { state, to } => self.rename_state(state, to),
            Change::SplitState {
                state,
                into,
                incoming,
                when,
                needs,
            } => self.split_state(state, into, incoming, when, needs),
            Change::MergeStates { states, into } => self.merge_states(states, into),
            Change::TightenGuard { transition, when } => self.tighten_guard(transition, when),
            Change::AddHumanCheckpoint {
                transition,
                state,
                actor,
                refuse_to,
            } => self.add_human_checkpoint(transition, state, actor, refuse_to.as_deref()),
            Change::AddInvariant { property } => self.add_invariant(property),
            Change::ChangePolicy { rule } => self.change_policy(rule),
        }
    }

    /// Says why, and gives up.
    fn fail<T>(&mut self, why: Why) -> Option<T> {
        self.wrong.push(why);
        None
    }

    fn add_state(&mut self, state: &str, needs: &[String]) -> Option<()> {
        let id = self.new_name(state);
        let needs: Vec<_> = needs.iter().map(|e| self.evidence(e)).collect();
        let needs: Option<Vec<Name>> = needs.into_iter().collect();
        self.w.states.push(State {
            id: put(id?),
            needs: needs?.into_iter().map(put).collect(),
        });
        Some(())
    }

    fn add_transition(&mut self, spec: &TransitionSpec) -> Option<()> {
        let (made, actor) = self.transition_of(spec)?;
        self.w.actors.extend(actor);
        self.w.transitions.push(made);
        Some(())
    }

    fn remove_transition(&mut self, transition: &str) -> Option<()> {
        let at = self.transition(transition)?;
        let by = self.properties_that_name(transition);
        if !by.is_empty() {
            return self.fail(Why::InUse {
                what: "transition",
                name: transition.to_owned(),
                by,
            });
        }
        self.w.transitions.remove(at);
        Some(())
    }

    fn push_transition(&mut self, t: Transition) {
        self.w.transitions.push(t);
    }
}
