//! `missing_assumption`, the one about ends: what is declared last and leads nowhere is where runs are meant to end.

use super::general;
use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, Question, because, option};
use crate::critique::scene::Scene;
use crate::finding::SubjectKind;
use crate::finding::critique::{Change, RecommendedChange};
use crate::ir::StateId;

/// Ends for a workflow that declares none. For the other sort, about people's fairness, no change says what a `text:` says.
pub(super) fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    if case.subject.kind == SubjectKind::Property || scene.checked.ir.terminal.is_some() {
        return Proposal::none();
    }
    if let Some(question) = several(scene, case) {
        return Proposal::ask(question);
    }
    let sinks = sinks(scene);
    let last = scene.last();
    let reached: Vec<&StateId> = sinks.iter().filter(|s| !scene.unreached(**s)).collect();
    match reached.as_slice() {
        // Nobody got to the last one yet, so it is what all else is for.
        _ if sinks.contains(&last) => Proposal::one(ends(scene, last, &[])),
        [only] => Proposal::one(ends(scene, **only, &[])).or_ask(Some(nowhere_to_end(scene, case))),
        _ => Proposal::ask(nowhere_to_end(scene, case)),
    }
}

/// States that lead nowhere.
fn sinks(scene: &Scene<'_>) -> Vec<StateId> {
    let nowhere = |s: &StateId| scene.ways_out(*s).is_empty() && *s != scene.checked.initial;
    scene.states().filter(nowhere).collect()
}

/// The question which end is the good one: where none is declared, and runs stop in several states, the last one among them.
pub(super) fn several(scene: &Scene<'_>, case: &Case) -> Option<Question> {
    let mut reached = sinks(scene);
    reached.retain(|s| !scene.unreached(*s));
    let open = scene.checked.ir.terminal.is_none();
    (open && reached.len() > 1 && reached.contains(&scene.last()))
        .then(|| which(scene, case, &reached))
}

fn ends(scene: &Scene<'_>, success: StateId, failure: &[StateId]) -> Vec<RecommendedChange> {
    let good = scene.name(success).to_owned();
    let reason = format!("where runs end is not declared, and nothing leads on from `{good}`");
    let change = Change::AddTerminal {
        success: vec![good],
        failure: failure.iter().map(|s| scene.name(*s).to_owned()).collect(),
    };
    vec![because(change, reason)]
}

/// Several states lead nowhere: which of them is success is not in the graph.
fn which(scene: &Scene<'_>, case: &Case, reached: &[StateId]) -> Question {
    let option_for = |good: &StateId| {
        let bad: Vec<StateId> = reached.iter().copied().filter(|s| s != good).collect();
        let failures: Vec<String> = bad
            .iter()
            .map(|s| format!("`{}`", scene.name(*s)))
            .collect();
        option(
            scene.name(*good),
            format!(
                "`{}` is the good end, {} are failures",
                scene.name(*good),
                failures.join(", ")
            ),
            ends(scene, *good, &bad),
        )
    };
    Question {
        id: general::id(case),
        text: "Runs stop in several states. Which of them is the good end?".to_owned(),
        options: reached.iter().take(6).map(option_for).collect(),
    }
}

/// Every state leads on.
fn nowhere_to_end(scene: &Scene<'_>, case: &Case) -> Question {
    let last = scene.name(scene.last()).to_owned();
    let stop = Change::AddRejectPath {
        from: vec![last.clone()],
        to: scene.fresh("Stopped"),
        actor: scene.person(),
        when: None,
    };
    Question {
        id: general::id(case),
        text: "Every state leads on, and no end is declared. Where do runs end?".to_owned(),
        options: vec![
            option(
                "never",
                "they run for ever by design: I write `terminal: none`",
                Vec::new(),
            ),
            option(
                "stopped",
                format!("a person may stop them in `{last}`"),
                vec![because(stop, "runs need an end")],
            ),
        ],
    }
}
