//! A way in to states that nothing enters: through them in the order in which they are declared.

use crate::critique::proposal::because;
use crate::critique::scene::{Scene, snake};
use crate::critique::transcribe::plain;
use crate::finding::critique::{Change, RecommendedChange};
use crate::ir::StateId;

/// Transitions that lead from a reached state through `first` and the states without entry that are declared behind it.
/// Empty where there is nowhere to start.
pub(super) fn into(scene: &Scene<'_>, first: StateId) -> Vec<RecommendedChange> {
    entry(scene, first).map_or_else(Vec::new, |entry| from(scene, entry, first))
}

/// The same, from this state.
pub(super) fn from(scene: &Scene<'_>, entry: StateId, first: StateId) -> Vec<RecommendedChange> {
    let missing: Vec<StateId> = scene
        .states()
        .skip_while(|s| *s != first)
        .take_while(|s| scene.unreached(*s) && scene.ways_in(*s).is_empty())
        .collect();
    let idle = scene.idle();
    let mut at = entry;
    let mut changes = Vec::new();
    for (n, state) in missing.into_iter().enumerate() {
        let actor = idle
            .get(n)
            .or_else(|| idle.last().filter(|a| !scene.is_person(**a)))
            .map_or_else(|| maker(scene, entry), |a| Some(scene.actor(*a).to_owned()));
        let Some(actor) = actor else { break };
        let id = scene.fresh_transition(&format!("enter_{}", snake(scene.name(state))));
        let mut spec = plain(id, actor, scene.name(at), scene.name(state));
        spec.when = needed(scene, state);
        let reason = format!(
            "nothing leads to `{}`, which is declared behind `{}`",
            scene.name(state),
            scene.name(at)
        );
        changes.push(because(Change::AddTransition { transition: spec }, reason));
        if !scene.is_end(state) {
            at = state;
        }
    }
    changes
}

/// Where such a way starts: the last state before it that runs get to and that leads on, not only back.
fn entry(scene: &Scene<'_>, first: StateId) -> Option<StateId> {
    let reached = |s: &StateId| *s != first && !scene.is_end(*s) && !scene.unreached(*s);
    let before: Vec<StateId> = scene
        .states()
        .take_while(|s| *s != first)
        .filter(reached)
        .collect();
    let leads_on = |s: &&StateId| {
        let here = scene.depth(**s);
        scene
            .ways_out(**s)
            .iter()
            .any(|t| t.to.is_some_and(|to| scene.depth(to) > here))
    };
    before
        .iter()
        .rev()
        .find(leads_on)
        .or(before.last())
        .copied()
        .or_else(|| scene.states().rfind(reached))
}

/// Who makes what stands in a state: whoever leads into it.
fn maker(scene: &Scene<'_>, state: StateId) -> Option<String> {
    let enters = scene.ways_in(state);
    let who = enters.first().map(|t| t.actor);
    let any = || scene.checked.transitions.first().map(|t| t.actor);
    who.or_else(any).map(|a| scene.actor(a).to_owned())
}

/// The condition that the evidence a state demands is fresh.
fn needed(scene: &Scene<'_>, state: StateId) -> Option<String> {
    let needs = scene.checked.needs.get(state.ix())?;
    let fresh: Vec<String> = needs
        .iter()
        .map(|(e, _)| format!("fresh({})", scene.checked.symbols.ev_name(*e)))
        .collect();
    (!fresh.is_empty()).then(|| fresh.join(" and "))
}
