//! `stale_use`: whoever uses evidence asks whether it is fresh.

use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, because};
use crate::finding::SubjectKind;
use crate::finding::critique::Change;

/// Demands freshness where it is not asked.
pub(super) fn advise(case: &Case) -> Proposal {
    if case.subject.kind != SubjectKind::Use {
        return Proposal::none();
    }
    let Some((transition, evidence)) = case.subject.name.split_once('/') else {
        return Proposal::none();
    };
    let change = Change::RequireFresh {
        transition: transition.to_owned(),
        evidence: evidence.to_owned(),
    };
    let reason = format!("`{transition}` uses `{evidence}`, and a run gets there with a stale one");
    Proposal::one(vec![because(change, reason)])
}
