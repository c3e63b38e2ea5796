//! `precedence`: what must have happened leaves evidence, and the step asks for it.

use std::collections::BTreeMap;

use crate::check::CheckedForm;
use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, because};
use crate::critique::scene::Scene;
use crate::finding::critique::{Change, EvidenceSpec, RecommendedChange};
use crate::ir::{EvId, TransitionId};

/// Evidence that all of what comes first records already, else new evidence.
pub(super) fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    let Some(property) = case.property.as_deref() else {
        return Proposal::none();
    };
    let form = scene
        .checked
        .properties
        .iter()
        .find(|p| p.id.as_str() == property)
        .map(|p| &p.form);
    let Some(CheckedForm::Precedes(first, then)) = form else {
        return Proposal::none();
    };
    let symbols = &scene.checked.symbols;
    let then = symbols.transition_name(*then);
    let mut tries: Vec<Vec<RecommendedChange>> = recorded(scene, first)
        .into_iter()
        .map(|e| vec![guard(then, symbols.ev_name(e), property)])
        .collect();
    tries.push(anew(scene, first, then, property));
    Proposal::tries(tries)
}

/// Evidence that each of these transitions records.
fn recorded(scene: &Scene<'_>, first: &[TransitionId]) -> Vec<EvId> {
    let of = |id: &TransitionId| -> Vec<EvId> {
        let t = scene.checked.transitions.get(id.ix());
        t.map_or_else(Vec::new, |t| t.record.iter().map(|r| r.evidence).collect())
    };
    let Some((one, rest)) = first.split_first() else {
        return Vec::new();
    };
    let mut common = of(one);
    common.retain(|e| rest.iter().all(|other| of(other).contains(e)));
    common
}

fn guard(then: &str, evidence: &str, property: &str) -> RecommendedChange {
    let change = Change::AddGuard {
        transition: then.to_owned(),
        when: format!("has({evidence})"),
    };
    because(change, format!("`{property}` demands it"))
}

fn anew(
    scene: &Scene<'_>,
    first: &[TransitionId],
    then: &str,
    property: &str,
) -> Vec<RecommendedChange> {
    let symbols = &scene.checked.symbols;
    let names: Vec<String> = first
        .iter()
        .map(|t| symbols.transition_name(*t).to_owned())
        .collect();
    let Some(one) = names.first().cloned() else {
        return Vec::new();
    };
    let evidence = scene.fresh(&format!("{one}_done"));
    let artifact = symbols
        .artifacts
        .first()
        .map_or_else(|| scene.fresh("work"), |a| a.name.to_string());
    let record = Change::AddEvidence {
        evidence: evidence.clone(),
        of: EvidenceSpec {
            artifacts: vec![artifact],
            fields: BTreeMap::new(),
        },
        recorded_by: names,
    };
    vec![
        because(
            record,
            format!("`{then}` has to know that `{one}` happened"),
        ),
        guard(then, &evidence, property),
    ]
}
