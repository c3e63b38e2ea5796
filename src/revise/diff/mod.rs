//! How two versions differ: what is written differently, what may happen now that could not and the other way round, which
//! promises are weaker, what a policy allows.
//!
//! What is said about behaviour is exact: both versions are explored to the end, or the answer is `unknown`. It is about finite
//! runs and what can be seen of them (transition, choices, state entered, step by step); fairness, actors and texts are compared
//! as they are written. What is said about conditions is Z3's word over all typed values, with examples that are evaluated again.

mod conditions;
mod elements;
mod graph;
mod implied;
mod reader;
mod rename;
mod render;
mod runs;
mod states;
mod structure;
#[cfg(test)]
mod tests;
mod value;
mod vocabulary;

use std::time::{Duration, Instant};

use serde_json::Value as Json;

pub use graph::{Limits, Stop};
pub use render::{brief, render};
pub use value::{
    Allowed, Behaviour, Change, Condition, ConditionKind, Diff, Example, Exists, FieldChange, How,
    OneWay, Part, PolicyDiff, Relation, Rename, Runs, Size, States, Version,
};

use crate::check::{CheckedPolicy, CheckedWorkflow};
use crate::engine::z3::policy::{Wider, wider_together};
use crate::host::cancel::CancelToken;
use crate::ir::{Digest, SourceId, Sources, canonical};
use crate::model::desugar;
use crate::report::plain;
use crate::syntax::parse_policy;
use conditions::{Versions, conditions};
use elements::{Element, of_policy, of_workflow};
use graph::{Graph, Labels, Named};
use implied::implied;
use rename::{Names, Pair, renames};
use structure::{Written, changes, unexplained};

/// One of two workflows.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The workflow.
    pub checked: &'a CheckedWorkflow,
    /// The texts its places point into; source 0 is its file.
    pub sources: &'a Sources,
    /// Its file, as the user named it.
    pub file: &'a str,
}

/// One of two policy files.
#[derive(Debug, Clone, Copy)]
pub struct PolicySide<'a> {
    /// The policy.
    pub checked: &'a CheckedPolicy,
    /// The text its places point into; source 0 is its file.
    pub sources: &'a Sources,
    /// Its file, as the user named it.
    pub file: &'a str,
    /// Its digest.
    pub digest: &'a Digest,
}

/// How to compare.
#[derive(Debug, Clone)]
pub struct Options {
    /// Distinct states that each version may have.
    pub max_states: usize,
    /// Wall time for what may happen, and once more for conditions.
    pub deadline: Duration,
    /// Stops everything.
    pub cancel: CancelToken,
}

impl Options {
    /// 200 000 states, a minute.
    #[must_use]
    pub const fn new(cancel: CancelToken) -> Self {
        Self {
            max_states: 200_000,
            deadline: Duration::from_secs(60),
            cancel,
        }
    }
}

/// How two workflows differ. `project` is the policy that both have to satisfy besides their own.
#[must_use]
pub fn workflows(old: Side<'_>, new: Side<'_>, project: &CheckedPolicy, options: &Options) -> Diff {
    let versions = [old, new].map(|s| Version {
        file: plain::line(s.file).into_owned(),
        workflow: Some(s.checked.ir.id.value.to_string()),
        version: Some(s.checked.ir.version.value),
        digest: digest(s.checked).to_string(),
    });
    let [first, second] = versions;
    let mut diff = empty(first, second);
    diff.warnings.extend(unlike(old.checked, new.checked));
    if diff.same {
        return diff;
    }
    let [a, b] = [old, new].map(|s| of_workflow(&s.checked.ir));
    diff.changes = told(
        (&a, old.sources, &form(old.checked)),
        (&b, new.sources, &form(new.checked)),
    );
    let fair = |c: &&Change| c.fields.iter().any(|f| f.field == "fair");
    if let Some(c) = diff.changes.iter().find(fair) {
        diff.warnings.push(format!(
            "fairness differs, as of `{}`: runs are compared step by step, so what has to happen in the end may differ all the same",
            c.name
        ));
    }
    diff.renames = renames(Pair {
        old: (old.checked, &a),
        new: (new.checked, &b),
    });
    let names = Names::of(&diff.renames);
    diff.behaviour = Some(behaviour(
        old.checked,
        new.checked,
        &names,
        options,
        &mut diff.unknown,
    ));
    diff.conditions = conditions(
        Versions {
            old: old.checked,
            new: new.checked,
            names: &names,
        },
        options.deadline,
        &options.cancel,
    );
    let [a, b] = [old.checked, new.checked].map(|c| (c, refined(c)));
    diff.conditions.extend(implied(a, b, &names));
    for c in diff
        .conditions
        .iter()
        .filter(|c| c.relation == Relation::Unknown)
    {
        let id = c.new.as_ref().or(c.old.as_ref()).map_or("", String::as_str);
        let why = c.why.as_deref().unwrap_or("no answer");
        diff.unknown.push(format!("what `{id}` says now: {why}"));
    }
    if diff.changes.iter().any(|c| c.part == Part::Rule) {
        let what = "the workflow's own policy together with the project's";
        let mine = [old, new].map(|s| (project, s.checked.policy.as_ref()));
        diff.policy = Some(policy(what, mine, options, &mut diff.unknown));
    }
    diff
}

/// How two policy files differ.
#[must_use]
pub fn policies(old: PolicySide<'_>, new: PolicySide<'_>, options: &Options) -> Diff {
    let [first, second] = [old, new].map(|s| Version {
        file: plain::line(s.file).into_owned(),
        workflow: None,
        version: None,
        digest: s.digest.to_string(),
    });
    let mut diff = empty(first, second);
    if diff.same {
        return diff;
    }
    let read = [old, new].map(|s| {
        let text = s.sources.get(SourceId(0)).map_or("", |f| f.text.as_str());
        parse_policy(SourceId(0), text).map_or_else(
            |_| (Vec::new(), Json::Null),
            |p| (of_policy(&p.value), canonical::policy_json(&p.value)),
        )
    });
    let [(a, x), (b, y)] = &read;
    diff.changes = told((a, old.sources, x), (b, new.sources, y));
    let mine = [(old.checked, None), (new.checked, None)];
    diff.policy = Some(policy(
        "the two policies as they stand",
        mine,
        options,
        &mut diff.unknown,
    ));
    diff
}

fn empty(old: Version, new: Version) -> Diff {
    Diff {
        same: old.digest == new.digest,
        old,
        new,
        warnings: Vec::new(),
        changes: Vec::new(),
        renames: Vec::new(),
        behaviour: None,
        conditions: Vec::new(),
        policy: None,
        unknown: Vec::new(),
    }
}

/// The digest of a workflow (S-12), by those of the workflows it refines.
fn digest(checked: &CheckedWorkflow) -> Digest {
    canonical::digest(&checked.ir, refined(checked).as_ref())
}

fn refined(checked: &CheckedWorkflow) -> Option<Digest> {
    checked.refinement.as_ref().map(|r| digest(&r.refined))
}

fn form(checked: &CheckedWorkflow) -> Json {
    canonical::to_json(&checked.ir, refined(checked).as_ref())
}

/// What makes it doubtful that these are two versions of one thing.
fn unlike(old: &CheckedWorkflow, new: &CheckedWorkflow) -> Option<String> {
    let (a, b) = (&old.ir.id.value, &new.ir.id.value);
    (a != b).then(|| {
        format!("`{a}` and `{b}` are two workflows, not two versions of one: names that they share may mean different things")
    })
}

type Told<'a> = (&'a [Element], &'a Sources, &'a Json);

fn told(old: Told<'_>, new: Told<'_>) -> Vec<Change> {
    let [a, b] = [old, new].map(|(elements, sources, _)| Written { elements, sources });
    let mut all = changes(a, b);
    all.extend(unexplained(old.2, new.2, &all));
    all.sort_by_key(|c| c.part);
    all
}

fn behaviour(
    old: &CheckedWorkflow,
    new: &CheckedWorkflow,
    names: &Names,
    options: &Options,
    unknown: &mut Vec<String>,
) -> Behaviour {
    let limits = Limits {
        max_states: options.max_states,
        deadline: Instant::now().checked_add(options.deadline),
        cancel: options.cancel.clone(),
    };
    let (old, new) = (desugar(old), desugar(new));
    let mut labels = Labels::default();
    let plain = |system| Named {
        system,
        names: None,
    };
    let [a, b] = [&old, &new].map(|s| Graph::of(plain(s), &mut labels, &limits));
    let [before, after] = [&a, &b].map(|g| g.as_ref().ok().map(Graph::size));
    for (which, graph) in [("old", &a), ("new", &b)] {
        if let Err(why) = graph {
            unknown.push(format!("what may happen in the {which} version: {why}"));
        }
    }
    let (Ok(a), Ok(b)) = (a, b) else {
        return Behaviour {
            old: before,
            new: after,
            runs: runs::unknown("a version was not explored to the end"),
            runs_if_renamed: None,
            states: states::unknown(&old, &new),
        };
    };
    let found = runs::compare(&a, &b, &labels, &limits);
    told_unknown(&found, "by name", unknown);
    let runs_if_renamed = (!names.is_empty()).then(|| {
        let mut labels = Labels::default();
        let renamed = Named {
            system: &old,
            names: Some(names),
        };
        let graphs = Graph::of(renamed, &mut labels, &limits)
            .and_then(|a| Ok((a, Graph::of(plain(&new), &mut labels, &limits)?)));
        let found = match graphs {
            Ok((a, b)) => runs::compare(&a, &b, &labels, &limits),
            Err(why) => runs::unknown(&why.to_string()),
        };
        told_unknown(&found, "with the guessed renames", unknown);
        found
    });
    let states = states::compare(&a, &b).unwrap_or_else(|why| {
        unknown.push(format!("reachable states: {why}"));
        states::unknown(&old, &new)
    });
    Behaviour {
        old: before,
        new: after,
        runs: found,
        runs_if_renamed,
        states,
    }
}

/// What is not known of runs, also where the list of places at which runs part is cut short.
fn told_unknown(runs: &Runs, how: &str, unknown: &mut Vec<String>) {
    for (word, way) in [("gained", &runs.gained), ("lost", &runs.lost)] {
        if let Some(why) = &way.why {
            let what = match way.exist {
                Exists::Some => "all places at which runs part",
                Exists::None | Exists::Unknown => "whether runs are",
            };
            unknown.push(format!("{what} {word}, {how}: {why}"));
        }
    }
}

fn policy(
    what: &str,
    [old, new]: [(&CheckedPolicy, Option<&CheckedPolicy>); 2],
    options: &Options,
    unknown: &mut Vec<String>,
) -> PolicyDiff {
    let mut ask = |from, to, word: &str| match wider_together(from, to, &options.cancel) {
        Ok(found) => Some(found.iter().map(allowed).collect()),
        Err(why) => {
            unknown.push(format!("which actions are {word}: {why}"));
            None
        }
    };
    PolicyDiff {
        what: what.to_owned(),
        allows: ask(old, new, "allowed now"),
        refuses: ask(new, old, "refused now"),
    }
}

fn allowed(found: &Wider) -> Allowed {
    Allowed {
        action: found.action.word().to_owned(),
        example: found.example.words(&[]),
    }
}
