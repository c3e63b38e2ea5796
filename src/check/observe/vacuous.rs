//! `vacuous`, the part that shows without a search: a property none of whose names any transition changes.

use super::reads::{Read, reads};
use crate::check::{CheckedForm, CheckedWorkflow};
use crate::finding::{FindingKind, Observation, Subject, SubjectKind};

/// One for each property over states that no transition can make true or false.
pub(super) fn unmoved(w: &CheckedWorkflow) -> Vec<Observation> {
    let mut found = Vec::new();
    for p in &w.properties {
        match &p.form {
            // These speak of a transition, not only of what it changes.
            CheckedForm::AtRequire(..) | CheckedForm::AtEnsure(..) | CheckedForm::Precedes(..) => {
                continue;
            }
            CheckedForm::Always(_)
            | CheckedForm::Never(_)
            | CheckedForm::Reachable(_)
            | CheckedForm::CanReach(_)
            | CheckedForm::Eventually(_)
            | CheckedForm::LeadsTo(..)
            | CheckedForm::InfinitelyOften(_) => {}
        }
        let named = p.form.terms().into_iter().flat_map(reads);
        if named.into_iter().any(|r| changes(w, r)) {
            continue;
        }
        found.push(Observation {
            kind: FindingKind::Vacuous,
            subject: Subject::new(SubjectKind::Property, p.id.as_str()),
            spans: vec![p.span],
            words: vec![format!(
                "No transition changes anything that `{}` speaks of.",
                p.id
            )],
            trace: None,
            core: Vec::new(),
        });
    }
    found
}

/// Whether some transition writes this.
fn changes(w: &CheckedWorkflow, read: Read) -> bool {
    w.transitions.iter().any(|t| match read {
        Read::State => t.to.is_some_and(|to| t.from.iter().any(|s| *s != to)),
        Read::Var(v) => t.set.iter().any(|(var, _)| *var == v),
        Read::Evidence(e) => {
            let of = w.symbols.evidence.get(e.ix()).map_or(&[][..], |s| &s.of);
            t.drop.contains(&e)
                || t.record.iter().any(|r| r.evidence == e)
                || t.bump.iter().any(|a| of.contains(a))
        }
    })
}
