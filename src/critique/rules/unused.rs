//! `unused`: a person with nothing to do may be meant to decide; what anything else is for only its author knows.

use super::general;
use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, Question, because, option};
use crate::critique::scene::Scene;
use crate::critique::transcribe::whole;
use crate::finding::SubjectKind;
use crate::finding::critique::{Change, QuestionOption};
use crate::ir::ActorId;
use crate::ir::symbols::StateRole;

/// Work for an actor that has none, as a question.
pub(super) fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    if case.subject.kind != SubjectKind::Actor {
        return Proposal::none();
    }
    let name = &case.subject.name;
    let Some(id) = scene.idle().into_iter().find(|a| scene.actor(*a) == name) else {
        return Proposal::none();
    };
    let work = if scene.is_person(id) {
        gate(scene, name)
    } else {
        last_step(scene, id)
    };
    let Some(work) = work else {
        return Proposal::none();
    };
    Proposal::ask(Question {
        id: general::id(case),
        text: format!("`{name}` has nothing to do. What is it for?"),
        options: vec![
            work,
            option("nothing", "nothing: I take it out of the file", Vec::new()),
        ],
    })
}

/// A person says yes before the good end.
fn gate(scene: &Scene<'_>, name: &str) -> Option<QuestionOption> {
    let (last, end) = scene.checked.transitions.iter().find_map(|t| {
        let to = t.to.filter(|to| scene.role(*to) == StateRole::Success)?;
        Some((t.name.to_string(), scene.name(to)))
    })?;
    let change = Change::AddHumanCheckpoint {
        transition: last,
        state: scene.fresh(&format!("Before{end}")),
        actor: name.to_owned(),
        refuse_to: None,
    };
    Some(option(
        "decide",
        format!("`{name}` says yes or no before `{end}`"),
        vec![because(change, "a person decides before the end")],
    ))
}

/// Anybody else takes the step to the good end over.
fn last_step(scene: &Scene<'_>, id: ActorId) -> Option<QuestionOption> {
    let (ix, t) = scene
        .transitions()
        .find(|(_, t)| t.to.is_some_and(|to| scene.role(to) == StateRole::Success))?;
    let mut spec = whole(scene.checked.ir.transitions.get(ix.ix())?);
    let name = scene.actor(id).to_owned();
    spec.actor.clone_from(&name);
    let reason = format!("`{name}` takes `{}` over", t.name);
    Some(option(
        "take_over",
        format!("it fires `{}`", t.name),
        vec![
            because(
                Change::RemoveTransition {
                    transition: t.name.to_string(),
                },
                reason.clone(),
            ),
            because(Change::AddTransition { transition: spec }, reason),
        ],
    ))
}
