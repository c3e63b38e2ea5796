//! `unreachable_state`: a way in where there is none; a question where guards keep runs out.

use super::{chain, general};
use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, Question, because, option};
use crate::critique::scene::Scene;
use crate::finding::SubjectKind;
use crate::finding::critique::Change;
use crate::ir::StateId;

/// What may lead to a state that no run reaches.
pub(super) fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    let Some(state) = scene
        .state(&case.subject.name)
        .filter(|_| case.subject.kind == SubjectKind::State)
    else {
        return Proposal::none();
    };
    let enters = scene.ways_in(state);
    if enters.is_empty() {
        let first = first_missing(scene, state);
        return Proposal::one(chain::into(scene, first)).or_ask(Some(wanted(scene, case, state)));
    }
    // Where only unreached states lead here, this is not the place to begin.
    let blocked = enters
        .iter()
        .any(|t| t.from.iter().any(|s| *s != state && !scene.unreached(*s)));
    if blocked {
        Proposal::ask(kept_out(case))
    } else {
        Proposal::none()
    }
}

/// The first of the unreached states without entry that are declared right before this one.
fn first_missing(scene: &Scene<'_>, state: StateId) -> StateId {
    scene
        .states()
        .take_while(|s| *s != state)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .take_while(|s| scene.unreached(*s) && scene.ways_in(*s).is_empty())
        .last()
        .unwrap_or(state)
}

fn wanted(scene: &Scene<'_>, case: &Case, state: StateId) -> Question {
    let name = scene.name(state).to_owned();
    let remove = Change::RemoveState {
        state: name.clone(),
    };
    Question {
        id: general::id(case),
        text: format!("Nothing leads to `{name}`. Is it needed?"),
        options: vec![
            option(
                "remove",
                "it is not needed",
                vec![because(remove, "no run reaches it")],
            ),
            option("keep", "it is needed: I write a way in", Vec::new()),
        ],
    }
}

fn kept_out(case: &Case) -> Question {
    let name = &case.subject.name;
    Question {
        id: general::id(case),
        text: format!(
            "Every way into `{name}` has a guard that is never true there. What is meant?"
        ),
        options: vec![
            option(
                "guard",
                "the guards are too strict: I loosen them",
                Vec::new(),
            ),
            option(
                "state",
                "it must not be reached: I remove it and what leads there",
                Vec::new(),
            ),
        ],
    }
}
