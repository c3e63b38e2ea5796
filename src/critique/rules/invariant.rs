//! `invariant`: the step that breaks it may only fire where it stays true. The guard is the weakest one: the condition on the
//! state after the step, written in terms of the state before.

use super::step::joined;
use crate::check::CheckedForm;
use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, because};
use crate::critique::scene::Scene;
use crate::critique::spell::spell;
use crate::finding::critique::{Change, RecommendedChange};
use crate::ir::{EvId, Term, TermKind, TransitionId, Value};
use crate::model::{after, simplify};

/// A guard for the last step of the run.
pub(super) fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    let Some(property) = case.property.as_deref() else {
        return Proposal::none();
    };
    let declared = scene
        .checked
        .properties
        .iter()
        .find(|p| p.id.as_str() == property);
    let condition = match declared.map(|p| &p.form) {
        Some(CheckedForm::Always(term)) => term.clone(),
        Some(CheckedForm::Never(term)) => term.clone().negated(),
        Some(
            CheckedForm::AtRequire(..)
            | CheckedForm::AtEnsure(..)
            | CheckedForm::Precedes(..)
            | CheckedForm::Reachable(_)
            | CheckedForm::CanReach(_)
            | CheckedForm::Eventually(_)
            | CheckedForm::LeadsTo(..)
            | CheckedForm::InfinitelyOften(_),
        )
        | None => return Proposal::none(),
    };
    let Some((id, _)) = case.last_transition().and_then(|t| scene.transition(t)) else {
        return Proposal::none();
    };
    let mut tries = on_the_state_after(scene, property, id, &condition);
    tries.extend(fresh_before(scene, property, id, &condition));
    Proposal::tries(tries)
}

/// The guard that keeps a condition true across a step; none where it would never let the step happen, or is no guard.
pub(super) fn on_the_state_after(
    scene: &Scene<'_>,
    property: &str,
    id: TransitionId,
    condition: &Term,
) -> Vec<Vec<RecommendedChange>> {
    let Some(command) = scene.system.command(id) else {
        return Vec::new();
    };
    let mut parts = Vec::new();
    for part in conjuncts(condition) {
        let then = simplify(&after(scene.system, command, part));
        for part in conjuncts(&then) {
            match &part.kind {
                TermKind::Lit(Value::Bool(true)) => continue,
                TermKind::Lit(_) => return Vec::new(),
                _ => {}
            }
            match spell(scene.system, command, part) {
                Some(text) if !parts.contains(&text) => parts.push(text),
                Some(_) => {}
                None => return Vec::new(),
            }
        }
    }
    if parts.is_empty() {
        return Vec::new();
    }
    let change = Change::AddGuard {
        transition: command.name.to_string(),
        when: joined(&parts),
    };
    let reason = format!("`{}` breaks `{property}` without it", command.name);
    vec![vec![because(change, reason)]]
}

/// The conjuncts of a condition, as written.
pub(super) fn conjuncts(term: &Term) -> Vec<&Term> {
    match &term.kind {
        TermKind::And(parts) => parts.iter().flat_map(conjuncts).collect(),
        _ => vec![term],
    }
}

/// Evidence that the step copies from, or that the condition speaks of, fresh before the step.
fn fresh_before(
    scene: &Scene<'_>,
    property: &str,
    id: TransitionId,
    condition: &Term,
) -> Vec<Vec<RecommendedChange>> {
    let Some(t) = scene.checked.transitions.get(id.ix()) else {
        return Vec::new();
    };
    let mut evidence = Vec::new();
    collect(condition, &mut evidence);
    evidence.extend(t.record.iter().filter_map(|r| r.from));
    evidence.sort_unstable();
    evidence.dedup();
    let one = |e: EvId| {
        let change = Change::RequireFresh {
            transition: t.name.to_string(),
            evidence: scene.checked.symbols.ev_name(e).to_owned(),
        };
        vec![because(
            change,
            format!("`{}` breaks `{property}` without it", t.name),
        )]
    };
    evidence.into_iter().map(one).collect()
}

fn collect(term: &Term, found: &mut Vec<EvId>) {
    if let TermKind::Fresh(e, _) | TermKind::Stale(e, _) = &term.kind {
        found.push(*e);
    }
    for part in term.parts() {
        collect(part, found);
    }
}
