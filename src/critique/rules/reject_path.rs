//! `missing_reject_path`: a person may say no where a person decides, else right before the good end.

use crate::critique::proposal::{Proposal, because};
use crate::critique::scene::Scene;
use crate::finding::critique::{Change, RecommendedChange};
use crate::ir::StateId;
use crate::ir::symbols::StateRole;

/// A way to a failed end.
pub(super) fn advise(scene: &Scene<'_>) -> Proposal {
    let open = |s: &StateId| !scene.is_end(*s) && !scene.unreached(*s);
    let decided: Vec<StateId> = scene
        .states()
        .filter(open)
        .filter(|s| scene.ways_out(*s).iter().any(|t| scene.is_person(t.actor)))
        .collect();
    let before_success: Vec<StateId> = scene
        .states()
        .filter(open)
        .filter(|s| {
            let ends_well = |to: StateId| scene.role(to) == StateRole::Success;
            scene
                .ways_out(*s)
                .iter()
                .any(|t| t.to.is_some_and(ends_well))
        })
        .collect();
    let mut tries: Vec<Vec<RecommendedChange>> = Vec::new();
    for from in [decided, before_success, vec![scene.checked.initial]] {
        if !from.is_empty() {
            tries.push(path(scene, &from));
        }
    }
    tries.dedup();
    Proposal::tries(tries)
}

fn path(scene: &Scene<'_>, from: &[StateId]) -> Vec<RecommendedChange> {
    let actor = scene.person();
    let reason = format!("no run can end in failure; `{actor}` must be able to say no");
    let change = Change::AddRejectPath {
        from: from.iter().map(|s| scene.name(*s).to_owned()).collect(),
        to: scene.failure(),
        actor,
        when: None,
    };
    vec![because(change, reason)]
}
