//! `deadlock`, `no_option_to_complete`: a way on, a way back to try again, a way to give up, or an end.

use super::{chain, no_terminal};
use crate::critique::case::Case;
use crate::critique::proposal::{Proposal, because};
use crate::critique::scene::{Scene, snake};
use crate::critique::transcribe::{plain, whole};
use crate::finding::critique::{Change, RecommendedChange};
use crate::finding::{FindingKind, SubjectKind};
use crate::ir::workflow::TerminalKind;
use crate::ir::{StateId, TransitionId};

/// What may be done about a state that a run cannot leave, or from which it cannot end.
pub(super) fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    let Some(stuck) = scene
        .state(&case.subject.name)
        .filter(|_| case.subject.kind == SubjectKind::State)
    else {
        return Proposal::none();
    };
    let mut tries = Vec::new();
    let no_way = scene.ways_out(stuck).is_empty();
    let last = scene.last();
    if no_way && let Some(question) = no_terminal::several(scene, case) {
        return Proposal::ask(question);
    }
    if no_way && stuck == last {
        tries.push(end(scene, stuck, true));
    }
    if no_way && next_to(scene, stuck, last) {
        tries.push(chain::from(scene, stuck, last));
    }
    // The ends that there are may only lack an entry.
    if case.kind == FindingKind::NoOptionToComplete {
        let no_entry = |s: &StateId| scene.unreached(*s) && scene.ways_in(*s).is_empty();
        tries.extend(scene.states().find(no_entry).map(|s| chain::into(scene, s)));
    }
    let asked = stuck_when(scene, stuck);
    if no_way {
        tries.push(back(scene, case, stuck, None));
    } else {
        tries.push(give_up(scene, stuck, asked.clone()));
        tries.push(back(scene, case, stuck, asked.clone()));
        if asked.is_some() {
            tries.push(give_up(scene, stuck, None));
        }
    }
    if no_way {
        tries.push(end(scene, stuck, false));
    }
    Proposal::tries(tries)
}

/// Whether a state is declared right before the last one, and nothing enters that.
fn next_to(scene: &Scene<'_>, state: StateId, last: StateId) -> bool {
    scene.states().rev().nth(1) == Some(state)
        && scene.unreached(last)
        && scene.ways_in(last).is_empty()
}

/// Declares a state an end, unless the workflow is meant to have none.
fn end(scene: &Scene<'_>, state: StateId, success: bool) -> Vec<RecommendedChange> {
    let terminal = scene.checked.ir.terminal.as_ref();
    if state == scene.checked.initial
        || terminal.is_some_and(|t| t.kind == TerminalKind::Never)
        || (terminal.is_none() && !success)
    {
        return Vec::new();
    }
    let name = scene.name(state).to_owned();
    let reason = format!("nothing leads on from `{name}`");
    let (good, bad) = if success {
        (vec![name], Vec::new())
    } else {
        (Vec::new(), vec![name])
    };
    let change = Change::AddTerminal {
        success: good,
        failure: bad,
    };
    vec![because(change, reason)]
}

/// Back to where the work was made that came to nothing: two states before on the shortest run, by whoever led there, with
/// the same versions and evidence made anew.
fn back(
    scene: &Scene<'_>,
    case: &Case,
    stuck: StateId,
    when: Option<String>,
) -> Vec<RecommendedChange> {
    let run = visits(scene, case);
    let earlier: Vec<&(StateId, Option<TransitionId>)> =
        run.iter().filter(|(s, _)| *s != stuck).collect();
    let Some((target, entered)) = earlier
        .iter()
        .rev()
        .nth(1)
        .or_else(|| earlier.last())
        .copied()
    else {
        return Vec::new();
    };
    // At the start nothing was made; whoever took the first step starts again.
    let maker = entered.or_else(|| run.iter().find_map(|(_, t)| *t));
    let Some(written) = maker.and_then(|t| scene.checked.ir.transitions.get(t.ix())) else {
        return Vec::new();
    };
    let (from, to) = (scene.name(stuck), scene.name(*target));
    let id = scene.fresh_transition(&format!("return_to_{}", snake(to)));
    let mut spec = plain(id, written.actor.value.to_string(), from, to);
    spec.when = when;
    if entered.is_some() {
        let before = whole(written);
        spec.bump = before.bump;
        spec.drop = before.drop;
        spec.record = before.record;
        spec.choose = before.choose;
    }
    let reason = format!("`{from}` is a dead end; `{}` tries again", spec.actor);
    vec![because(Change::AddTransition { transition: spec }, reason)]
}

/// The control states of a run and the transitions that led to them, without stays.
fn visits(scene: &Scene<'_>, case: &Case) -> Vec<(StateId, Option<TransitionId>)> {
    let mut visits: Vec<(StateId, Option<TransitionId>)> = Vec::new();
    for (step, state) in case.steps.iter().zip(case.control()) {
        let Some(state) = scene.state(&state) else {
            continue;
        };
        let by = step.transition.as_deref().and_then(|t| scene.transition(t));
        if visits.last().is_none_or(|(last, _)| *last != state) {
            visits.push((state, by.map(|(id, _)| id)));
        }
    }
    visits
}

/// A person may give up.
fn give_up(scene: &Scene<'_>, stuck: StateId, when: Option<String>) -> Vec<RecommendedChange> {
    let terminal = scene.checked.ir.terminal.as_ref();
    if terminal.is_none_or(|t| t.kind == TerminalKind::Never) {
        return Vec::new();
    }
    let change = Change::AddRejectPath {
        from: vec![scene.name(stuck).to_owned()],
        to: scene.failure(),
        actor: scene.person(),
        when,
    };
    let reason = format!(
        "a run can get stuck in `{}`: somebody must be able to give up",
        scene.name(stuck)
    );
    vec![because(change, reason)]
}

/// The condition that nothing can fire in a state; `None` where a free choice or a missing guard leaves nothing to say.
fn stuck_when(scene: &Scene<'_>, state: StateId) -> Option<String> {
    let mut guards = Vec::new();
    for (id, t) in scene.at(state) {
        let guard = scene.guard(id)?;
        if !t.choices.is_empty() {
            return None;
        }
        guards.push(format!("not ({guard})"));
    }
    (!guards.is_empty()).then(|| guards.join(" and "))
}
