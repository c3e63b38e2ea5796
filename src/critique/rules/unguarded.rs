//! `unguarded_none`: first ask whether the evidence exists, then read it.

use super::step::joined;
use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, because};
use crate::critique::scene::Scene;
use crate::finding::SubjectKind;
use crate::finding::critique::Change;

/// A guard that asks first. In a property nothing but the property's own text can.
pub(super) fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    let Some((transition, evidence)) = case
        .subject
        .name
        .split_once('/')
        .filter(|_| case.subject.kind == SubjectKind::Use)
    else {
        return Proposal::none();
    };
    let Some((id, _)) = scene.transition(transition) else {
        return Proposal::none();
    };
    let there = format!("has({evidence})");
    let change = match scene.guard(id) {
        // What is to its left counts, so it goes before what was there.
        Some(guard) => Change::TightenGuard {
            transition: transition.to_owned(),
            when: joined(&[there, guard]),
        },
        None => Change::AddGuard {
            transition: transition.to_owned(),
            when: there,
        },
    };
    let reason = format!("`{transition}` reads `{evidence}` where there may be none");
    Proposal::one(vec![because(change, reason)])
}
