//! `step_property`: what must hold at a step becomes part of its guard.

use super::invariant::{conjuncts, on_the_state_after};
use crate::check::CheckedForm;
use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, because};
use crate::critique::scene::Scene;
use crate::critique::spell::spell;
use crate::finding::critique::{Change, RecommendedChange};
use crate::ir::{Term, TransitionId};

/// The demand as a guard: only the part that failed, then all of it.
pub(super) fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    let Some(property) = case.property.as_deref() else {
        return Proposal::none();
    };
    if let Some((transition, evidence)) = property
        .strip_prefix("needs:")
        .and_then(|rest| rest.split_once('/'))
    {
        let change = Change::RequireFresh {
            transition: transition.to_owned(),
            evidence: evidence.to_owned(),
        };
        let reason = format!("where `{transition}` leads, `{evidence}` has to be fresh");
        return Proposal::one(vec![because(change, reason)]);
    }
    let declared = scene
        .checked
        .properties
        .iter()
        .find(|p| p.id.as_str() == property);
    match declared.map(|p| &p.form) {
        Some(CheckedForm::AtRequire(id, term)) => Proposal::tries(demanded(scene, case, *id, term)),
        Some(CheckedForm::AtEnsure(id, term)) => {
            Proposal::tries(on_the_state_after(scene, property, *id, term))
        }
        Some(
            CheckedForm::Always(_)
            | CheckedForm::Never(_)
            | CheckedForm::Precedes(..)
            | CheckedForm::Reachable(_)
            | CheckedForm::CanReach(_)
            | CheckedForm::Eventually(_)
            | CheckedForm::LeadsTo(..)
            | CheckedForm::InfinitelyOften(_),
        )
        | None => Proposal::none(),
    }
}

fn demanded(
    scene: &Scene<'_>,
    case: &Case,
    id: TransitionId,
    term: &Term,
) -> Vec<Vec<RecommendedChange>> {
    let Some(command) = scene.system.command(id) else {
        return Vec::new();
    };
    let all: Vec<String> = conjuncts(term)
        .into_iter()
        .filter_map(|t| spell(scene.system, command, t))
        .collect();
    let failed: Vec<String> = all
        .iter()
        .filter(|text| case.core.contains(text))
        .cloned()
        .collect();
    let mut tries: Vec<Vec<RecommendedChange>> = [failed, all]
        .into_iter()
        .filter(|parts| !parts.is_empty())
        .map(|parts| {
            let change = Change::AddGuard {
                transition: command.name.to_string(),
                when: joined(&parts),
            };
            let property = case.property.as_deref().unwrap_or_default();
            vec![because(change, format!("`{property}` demands it"))]
        })
        .collect();
    tries.dedup();
    tries
}

/// Conditions joined by `and`, each in parentheses where it needs them.
pub(super) fn joined(parts: &[String]) -> String {
    match parts {
        [one] => one.clone(),
        _ => {
            let loose = |p: &String| {
                [" or ", "=>", "if ", "forall ", "exists "]
                    .iter()
                    .any(|w| p.contains(w))
            };
            let each: Vec<String> = parts
                .iter()
                .map(|p| {
                    if loose(p) {
                        format!("({p})")
                    } else {
                        p.clone()
                    }
                })
                .collect();
            each.join(" and ")
        }
    }
}
