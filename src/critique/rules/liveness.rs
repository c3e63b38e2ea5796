//! `liveness`: something need not happen. Whether somebody is assumed to act is an assumption, so a person makes it.

use super::general;
use crate::check::{CheckedForm, CheckedTransition};
use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, Question, because, option};
use crate::critique::scene::Scene;
use crate::critique::transcribe::whole;
use crate::finding::critique::{Change, RecommendedChange};
use crate::ir::TransitionId;

/// Who is assumed to act in the end, or who is to be asked.
pub(super) fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    let asked = scene.checked.properties.iter().find(|p| {
        case.property.as_deref() == Some(p.id.as_str())
            && !matches!(p.form, CheckedForm::CanReach(_))
    });
    if asked.is_none() {
        // Whether some run gets there is no question of who acts.
        return Proposal::none();
    }
    let control = case.control();
    let from = case.loop_from.unwrap_or(0);
    let here: Vec<&str> = control.iter().skip(from).map(String::as_str).collect();
    let mut able: Vec<(TransitionId, &CheckedTransition)> = Vec::new();
    for name in here {
        let Some(state) = scene.state(name) else {
            continue;
        };
        for (id, t) in scene.at(state) {
            let idle = t.fairness.is_none() && !scene.is_person(t.actor);
            if idle && !able.iter().any(|(known, _)| *known == id) {
                able.push((id, t));
            }
        }
    }
    if able.is_empty() {
        return Proposal::none();
    }
    let names: Vec<String> = able.iter().map(|(_, t)| format!("`{}`", t.name)).collect();
    let property = case.property.as_deref().unwrap_or("it");
    let assume: Vec<RecommendedChange> = able
        .iter()
        .filter_map(|(id, _)| fair(scene, *id, property))
        .flatten()
        .collect();
    Proposal::ask(Question {
        id: general::id(case),
        text: format!("`{property}` holds only if somebody acts in the end. May that be assumed?"),
        options: vec![
            option(
                "assume",
                format!(
                    "yes: {} fire in the end if they stay enabled",
                    names.join(", ")
                ),
                assume,
            ),
            option(
                "change",
                "no: I change the workflow so that somebody must act",
                Vec::new(),
            ),
        ],
    })
}

/// The transition again, with weak fairness.
fn fair(scene: &Scene<'_>, id: TransitionId, property: &str) -> Option<Vec<RecommendedChange>> {
    let mut spec = whole(scene.checked.ir.transitions.get(id.ix())?);
    let name = spec.id.clone();
    spec.fair = Some("weak".to_owned());
    let reason = format!("`{property}` assumes that `{name}` happens in the end");
    Some(vec![
        because(
            Change::RemoveTransition { transition: name },
            reason.clone(),
        ),
        because(Change::AddTransition { transition: spec }, reason),
    ])
}
