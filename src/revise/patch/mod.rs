//! The changes on the text itself. Works from the tree of the YAML and from the scalars' texts; what it makes of them is
//! compared with what `intend` made of the decoded workflow, with which it shares no code.

mod declare;
mod draft;
mod guard;
mod part;
mod people;
mod place;
mod remove;
mod rewrite;
mod rules;
mod shape;
mod split;
mod yaml;

use draft::{Draft, Edited, Step, Stuck};
use yaml::Yaml;

use super::answers;
use super::error::{ReviseError, Why};
use crate::finding::critique::Change;
use crate::ir::Name;
use crate::syntax::{Node, NodeKind};

/// The keys of a workflow, in the usual order.
const KEYS: [&str; 16] = [
    "ir",
    "workflow_id",
    "version",
    "goal",
    "constraints",
    "refines",
    "actors",
    "states",
    "initial",
    "terminal",
    "artifacts",
    "evidence",
    "vars",
    "transitions",
    "properties",
    "policy",
];
/// The keys of a transition, in the usual order.
const TRANSITION_KEYS: [&str; 11] = [
    "id", "actor", "from", "to", "choose", "when", "set", "bump", "drop", "record", "fair",
];

/// The text with all changes made, and its version raised by one.
///
/// # Errors
/// `TRIB-REVISE-LAYOUT` for the first change that this text has no place for.
pub(super) fn patched(
    text: &str,
    foreign: &[Name],
    steps: &[answers::Step<'_>],
) -> Result<String, Vec<ReviseError>> {
    let mut patch = Patch {
        draft: Draft::new(text),
        later: Vec::new(),
        foreign: foreign.iter().map(ToString::to_string).collect(),
    };
    for (n, step) in steps.iter().enumerate() {
        let rest = steps.get(n + 1..).unwrap_or_default();
        patch.later = rest
            .iter()
            .filter_map(|s| match s.change {
                Change::BoundRevision { counter, .. } => Some(counter.clone()),
                _ => None,
            })
            .collect();
        patch
            .change(step.change)
            .map_err(|Stuck(what)| vec![step.error(Why::Layout { what })])?;
    }
    patch
        .raise_version()
        .map_err(|Stuck(what)| vec![ReviseError::of_all(Why::Layout { what })])?;
    Ok(patch.draft.text)
}

struct Patch {
    draft: Draft,
    /// Counters of `bound_revision` further down the list.
    later: Vec<String>,
    /// Values of the refined workflow's enums.
    foreign: Vec<String>,
}

impl Patch {
    fn change(&mut self, change: &Change) -> Edited {
        match change {
            Change::AddState { state, needs } => self.add_state(state, needs),
            Change::AddTransition { transition } => {
                self.declare_actor(&transition.actor, false)?;
                self.append_transition(part::transition(transition)?)
            }
            Change::RemoveTransition { transition } => {
                let at = self.position("transitions", transition)?;
                self.draft.remove(&[Step::Key("transitions")], at)
            }
            Change::AddGuard { transition, when } => {
                self.conjoin(transition, &part::condition(when)?)
            }
            Change::RequireFresh {
                transition,
                evidence,
            } => self.conjoin(transition, &part::condition(&format!("fresh({evidence})"))?),
            Change::BoundRevision {
                transitions,
                counter,
                limit,
            } => self.bound_revision(transitions, counter, *limit),
            Change::AddTerminal { success, failure } => {
                for state in success {
                    self.make_end(state, "success")?;
                }
                for state in failure {
                    self.make_end(state, "failure")?;
                }
                Ok(())
            }
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
            } => {
                let resume = resume.as_deref().unwrap_or(from);
                self.add_escalation([from, by, to, actor, resume, stop], when.as_deref())
            }
            Change::AddEvidence {
                evidence,
                of,
                recorded_by,
            } => self.add_evidence(evidence, of, recorded_by),
            Change::RemoveState { state } => {
                let at = self.position("states", state)?;
                self.draft.remove(&[Step::Key("states")], at)
            }
            Change::RenameState { state, to } => self.rename_state(state, to),
            Change::SplitState {
                state,
                into,
                incoming,
                when,
                needs,
            } => self.split_state(state, into, incoming, when, needs),
            Change::MergeStates { states, into } => self.merge_states(states, into),
            Change::TightenGuard { transition, when } => {
                let at = self.position("transitions", transition)?;
                self.set_in(
                    &[Step::Key("transitions"), Step::Item(at)],
                    &TRANSITION_KEYS,
                    "when",
                    &part::guard(when)?,
                )
            }
            Change::AddHumanCheckpoint {
                transition,
                state,
                actor,
                refuse_to,
            } => self.add_human_checkpoint(transition, state, actor, refuse_to.as_deref()),
            Change::AddInvariant { property } => {
                self.append("properties", Yaml::Lines(part::property(property)?))
            }
            Change::ChangePolicy { rule } => self.change_policy(rule),
            Change::AskHuman { .. } => Err(Stuck("an action without a text".to_owned())),
        }
    }

    fn raise_version(&mut self) -> Edited {
        let now = match self.draft.find(&[Step::Key("version")])? {
            Some(node) => draft::scalar(&node)?
                .text
                .parse::<u32>()
                .map_err(|_| Stuck("a version that is no integer".to_owned()))?,
            None => 1,
        };
        let next = now
            .checked_add(1)
            .ok_or_else(|| Stuck("the last version".to_owned()))?;
        self.set_in(&[], &KEYS, "version", &Yaml::Word(next.to_string()))
    }

    /// Gives a key of a map a value; `keys` are the map's keys in the usual order.
    fn set_in(&mut self, way: &[Step<'_>], keys: &[&str], key: &str, value: &Yaml) -> Edited {
        let mut below = way.to_vec();
        below.push(Step::Key(key));
        match self.draft.find(&below)? {
            Some(_) => self.draft.replace(&below, value),
            None => self.draft.put(way, before(keys, key), key, value),
        }
    }

    /// Adds an element to a list of the workflow, which it may not have yet.
    fn append(&mut self, key: &str, value: Yaml) -> Edited {
        let way = [Step::Key(key)];
        match self.draft.find(&way)? {
            Some(_) => self.draft.append(&way, &value),
            None => {
                let list = match value {
                    Yaml::Word(_) => Yaml::List(vec![value]),
                    _ => Yaml::Items(vec![value]),
                };
                self.draft.put(&[], before(&KEYS, key), key, &list)
            }
        }
    }

    /// Adds an entry to a map of the workflow, which it may not have yet.
    fn declare(&mut self, key: &str, name: &str, value: Yaml) -> Edited {
        let way = [Step::Key(key)];
        match self.draft.find(&way)? {
            Some(_) => self.draft.put(&way, &[], name, &value),
            None => {
                let map = Yaml::Lines(vec![(name.to_owned(), value)]);
                self.draft.put(&[], before(&KEYS, key), key, &map)
            }
        }
    }

    /// The ids of a list of the workflow, in order.
    fn ids(&self, key: &str) -> Edited<Vec<String>> {
        let Some(node) = self.draft.find(&[Step::Key(key)])? else {
            return Ok(Vec::new());
        };
        let NodeKind::List(items) = &node.kind else {
            return Err(Stuck(format!("`{key}` is no list")));
        };
        items.iter().map(id).collect()
    }

    /// The position of a declaration in a list of the workflow.
    fn position(&self, key: &str, id: &str) -> Edited<usize> {
        self.ids(key)?
            .iter()
            .position(|t| t == id)
            .ok_or_else(|| Stuck(format!("`{id}` in `{key}`")))
    }

    /// Adds a transition at the end.
    fn append_transition(&mut self, entries: Vec<(String, Yaml)>) -> Edited {
        self.append("transitions", Yaml::Lines(entries))
    }

    /// Gives a transition, by position, a key that it does not have.
    fn put_in_transition(&mut self, at: usize, key: &str, value: &Yaml) -> Edited {
        let way = [Step::Key("transitions"), Step::Item(at)];
        self.draft
            .put(&way, before(&TRANSITION_KEYS, key), key, value)
    }
}

/// The keys that usually stand before one.
fn before<'k>(keys: &'k [&'k str], key: &str) -> &'k [&'k str] {
    let n = keys.iter().position(|k| *k == key).unwrap_or(keys.len());
    keys.get(..n).unwrap_or(keys)
}

/// The id of a declaration: the word itself, or its key `id`.
fn id(node: &Node) -> Edited<String> {
    match &node.kind {
        NodeKind::Scalar(scalar) => Ok(scalar.text.clone()),
        NodeKind::Map(entries) => {
            let id = entries.iter().find(|e| e.key.text == "id");
            let id = id.ok_or_else(|| Stuck("a declaration without an id".to_owned()))?;
            Ok(draft::scalar(&id.value)?.text.clone())
        }
        NodeKind::List(_) => Err(Stuck("a list where a declaration is expected".to_owned())),
    }
}
