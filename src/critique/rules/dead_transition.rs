//! `dead_transition`, `guard_never_true`: whether it is needed, a person says.

use super::general;
use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, Question, because, option};
use crate::critique::scene::Scene;
use crate::finding::SubjectKind;
use crate::finding::critique::Change;

/// Take it out, or mend its guard. Nothing where its states are not reached, since the fault lies there.
pub(super) fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    let Some((_, t)) = scene
        .transition(&case.subject.name)
        .filter(|_| case.subject.kind == SubjectKind::Transition)
    else {
        return Proposal::none();
    };
    if t.from.iter().all(|s| scene.unreached(*s)) {
        return Proposal::none();
    }
    let name = t.name.to_string();
    let remove = Change::RemoveTransition {
        transition: name.clone(),
    };
    Proposal::ask(Question {
        id: general::id(case),
        text: format!("`{name}` never fires. Is it needed?"),
        options: vec![
            option(
                "remove",
                "it is not needed",
                vec![because(remove, "it never fires")],
            ),
            option("guard", "it is needed: I mend its guard", Vec::new()),
        ],
    })
}
