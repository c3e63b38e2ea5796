//! `unbounded_revision`: the way back is bounded, and where the bound is reached a person says go on or stop.

use crate::check::CheckedTransition;
use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, because};
use crate::critique::scene::Scene;
use crate::finding::critique::{Change, RecommendedChange};

/// How often agents may go round before a person is asked.
const ROUNDS: u32 = 3;

/// What may end a round that goes on for ever.
pub(super) fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    let mut round: Vec<&CheckedTransition> = Vec::new();
    let back = case.loop_from.map_or(0, |l| l + 1);
    for step in case.steps.iter().skip(back) {
        let fired = step.transition.as_deref().and_then(|t| scene.transition(t));
        if let Some((_, t)) = fired
            && t.to.is_some_and(|to| t.from.iter().any(|s| *s != to))
            && !round.iter().any(|known| known.name == t.name)
        {
            round.push(t);
        }
    }
    // The step that leads back furthest is the one that starts a new round.
    round.sort_by_key(|t| t.to.and_then(|to| scene.depth(to)));
    let mut tries: Vec<Vec<RecommendedChange>> =
        round.iter().filter_map(|t| bounded(scene, t)).collect();
    tries.extend(round.first().and_then(|t| checkpoint(scene, t)));
    Proposal::tries(tries)
}

fn bounded(scene: &Scene<'_>, back: &CheckedTransition) -> Option<Vec<RecommendedChange>> {
    let [from] = back.from.as_slice() else {
        return None;
    };
    let counter = scene.fresh("rounds");
    let place = scene.name(*from).to_owned();
    // Whoever led here asks for the new round, so it is for them to notice that there were enough.
    let asker = scene.ways_in(*from).first().map_or(back.actor, |t| t.actor);
    let person = scene.person();
    let bound = Change::BoundRevision {
        transitions: vec![back.name.to_string()],
        counter: counter.clone(),
        limit: ROUNDS,
    };
    let escalate = Change::AddEscalation {
        from: place.clone(),
        when: Some(format!("{counter} == {ROUNDS}")),
        by: scene.actor(asker).to_owned(),
        to: scene.fresh("Escalated"),
        actor: person.clone(),
        resume: None,
        stop: scene.failure(),
    };
    Some(vec![
        because(
            bound,
            format!("agents can go round through `{}` for ever", back.name),
        ),
        because(
            escalate,
            format!(
                "after {ROUNDS} rounds `{person}` says go on or stop, so `{place}` is no dead end"
            ),
        ),
    ])
}

fn checkpoint(scene: &Scene<'_>, back: &CheckedTransition) -> Option<Vec<RecommendedChange>> {
    let target = scene.name(back.to?).to_owned();
    let actor = scene.person();
    let change = Change::AddHumanCheckpoint {
        transition: back.name.to_string(),
        state: scene.fresh(&format!("Before{target}")),
        actor: actor.clone(),
        refuse_to: None,
    };
    let reason = format!("no round without `{actor}`");
    Some(vec![because(change, reason)])
}
