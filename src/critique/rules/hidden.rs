//! `hidden_staleness`: evidence copied from a source that says nothing of some artifact. Whether that matters is not in the
//! file, so a person is asked.

use super::general;
use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, Question, because, option};
use crate::critique::scene::Scene;
use crate::critique::transcribe::whole;
use crate::finding::SubjectKind;
use crate::finding::critique::Change;

/// Made from now on its own, or left as it is.
pub(super) fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    let Some((by, made)) = case
        .subject
        .name
        .split_once('/')
        .filter(|_| case.subject.kind == SubjectKind::Use)
    else {
        return Proposal::none();
    };
    let Some(written) = scene
        .transition(by)
        .and_then(|(id, _)| scene.checked.ir.transitions.get(id.ix()))
    else {
        return Proposal::none();
    };
    let mut anew = whole(written);
    if let Some(record) = anew.record.get_mut(made) {
        record.from = None;
    }
    let reason = format!("`{made}` is made of what is current when `{by}` fires");
    let changes = vec![
        because(
            Change::RemoveTransition {
                transition: by.to_owned(),
            },
            reason.clone(),
        ),
        because(Change::AddTransition { transition: anew }, reason),
    ];
    Proposal::ask(Question {
        id: general::id(case),
        text: format!("{}. What is `{made}` made of?", case.title),
        options: vec![
            option(
                "now",
                "of what is current at that moment, in all artifacts",
                changes,
            ),
            option(
                "source",
                "of its source: I give the source the artifacts it lacks",
                Vec::new(),
            ),
        ],
    })
}
