//! Promises that a version makes besides its properties: `needs:` of its states, and what it refines.

use std::collections::BTreeSet;

use crate::check::CheckedWorkflow;
use crate::ir::Digest;
use crate::ir::workflow::Refines;
use crate::revise::diff::rename::Names;
use crate::revise::diff::value::{Condition, ConditionKind, Relation};

/// Those that differ. States that only one version has promise nothing about the other. The digests are those of the refined
/// workflows.
#[must_use]
pub fn implied(
    old: (&CheckedWorkflow, Option<Digest>),
    new: (&CheckedWorkflow, Option<Digest>),
    names: &Names,
) -> Vec<Condition> {
    let mut all = needs(old.0, new.0, names);
    all.extend(refines(old, new));
    all
}

fn needs(old: &CheckedWorkflow, new: &CheckedWorkflow, names: &Names) -> Vec<Condition> {
    let demanded = |w: &CheckedWorkflow, at: usize| -> BTreeSet<String> {
        let needs = w.needs.get(at).map_or(&[][..], Vec::as_slice);
        needs
            .iter()
            .map(|(e, _)| w.symbols.ev_name(*e).to_owned())
            .collect()
    };
    let mut all = Vec::new();
    for (i, s) in old.symbols.states.iter().enumerate() {
        let called = names.state(s.name.as_str());
        let states = &new.symbols.states;
        let Some(j) = states.iter().position(|t| t.name.as_str() == called) else {
            continue;
        };
        let (before, after) = (demanded(old, i), demanded(new, j));
        for e in before.difference(&after) {
            let why = format!("entering `{called}` does not demand fresh({e}) any more");
            let id = format!("needs:{}/{e}", s.name);
            all.push(said(Some(id), None, Relation::Weakened, why));
        }
        for e in after.difference(&before) {
            let why = format!("entering `{called}` demands fresh({e}) now");
            let id = format!("needs:{called}/{e}");
            all.push(said(None, Some(id), Relation::Strengthened, why));
        }
    }
    all
}

fn refines(
    (old, a): (&CheckedWorkflow, Option<Digest>),
    (new, b): (&CheckedWorkflow, Option<Digest>),
) -> Option<Condition> {
    let id = || Some("refines".to_owned());
    match (&old.ir.refines, &new.ir.refines) {
        (None, None) => None,
        (Some(r), None) => {
            let why = format!("it does not refine {} any more", r.workflow.value);
            Some(said(id(), None, Relation::Weakened, why))
        }
        (None, Some(r)) => {
            let why = format!("it refines {} now", r.workflow.value);
            Some(said(None, id(), Relation::Strengthened, why))
        }
        (Some(r), Some(s)) => {
            let spelled = |r: &Refines| -> Vec<(String, String)> {
                let state = r.state.iter().map(|e| ("state".to_owned(), e.to_string()));
                let map = r
                    .map
                    .iter()
                    .map(|(n, e)| (n.value.to_string(), e.to_string()));
                state.chain(map).collect()
            };
            let same = a == b && spelled(r) == spelled(s);
            let why = "it refines another workflow now, or by another map".to_owned();
            (!same).then(|| said(id(), id(), Relation::Incomparable, why))
        }
    }
}

const fn said(
    old: Option<String>,
    new: Option<String>,
    relation: Relation,
    why: String,
) -> Condition {
    Condition {
        kind: ConditionKind::Property,
        old,
        new,
        relation,
        why: Some(why),
        only_new: None,
        only_old: None,
    }
}
