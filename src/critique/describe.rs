//! A change in one line for a person. Every text passes `plain` here, so what is shown moves no cursor and hides nothing.

use crate::finding::critique::{Change, PropertySpec, TransitionSpec};
use crate::report::plain;

/// What a change does.
#[must_use]
pub fn describe(change: &Change) -> String {
    let text = match change {
        Change::AddState { state, needs } => {
            format!("{} {state}{}", verb(change), listed(" needing ", needs))
        }
        Change::RemoveState { state } => format!("{} {state}", verb(change)),
        Change::RenameState { state, to } => format!("{} {state} to {to}", verb(change)),
        Change::SplitState { state, into, .. } => {
            format!("{} {state} into {}", verb(change), into.join(", "))
        }
        Change::MergeStates { states, into } => {
            format!("{} {} into {into}", verb(change), states.join(", "))
        }
        Change::AddTransition { transition } => {
            format!("{} {}", verb(change), transition_line(transition))
        }
        Change::RemoveTransition { transition } => format!("{} {transition}", verb(change)),
        Change::AddGuard { transition, when } => {
            format!("{} {transition}: and {when}", verb(change))
        }
        Change::TightenGuard { transition, when } => {
            format!("{} {transition}: when {when}", verb(change))
        }
        Change::AddHumanCheckpoint {
            transition,
            state,
            actor,
            refuse_to,
        } => {
            let no = refuse_to
                .as_ref()
                .map_or_else(String::new, |s| format!(", no leads to {s}"));
            format!(
                "{} {state} after {transition}: {actor} says yes or no{no}",
                verb(change)
            )
        }
        Change::AddRejectPath {
            from,
            to,
            actor,
            when,
        } => format!(
            "{} {} → {to} by {actor}{}",
            verb(change),
            from.join(", "),
            condition(when.as_deref())
        ),
        Change::AddEscalation {
            from,
            when,
            by,
            to,
            actor,
            resume,
            stop,
        } => format!(
            "{} {from} → {to} by {by}{}; {actor} answers: go on in {}, or stop in {stop}",
            verb(change),
            condition(when.as_deref()),
            resume.as_ref().unwrap_or(from)
        ),
        Change::BoundRevision {
            transitions,
            counter,
            limit,
        } => format!(
            "{} {}: at most {limit} in a row, counted in {counter}",
            verb(change),
            transitions.join(", ")
        ),
        Change::AddTerminal { success, failure } => format!(
            "{}{}{}",
            verb(change),
            listed(" success ", success),
            listed(" failure ", failure)
        ),
        Change::AddEvidence {
            evidence,
            of,
            recorded_by,
        } => format!(
            "{} {evidence} of {}{}",
            verb(change),
            of.artifacts.join(", "),
            listed(", recorded by ", recorded_by)
        ),
        Change::RequireFresh {
            transition,
            evidence,
        } => format!("{} {evidence} in {transition}", verb(change)),
        Change::AddInvariant { property } => {
            format!("{} {}", verb(change), property_line(property))
        }
        Change::ChangePolicy { rule } => format!(
            "{} {}: {} {} when {}",
            verb(change),
            rule.id,
            rule.effect,
            rule.action,
            rule.when
        ),
        Change::AskHuman { id, question, .. } => format!("{} {id}: {question}", verb(change)),
    };
    plain::line(&text).into_owned()
}

/// The action in words.
fn verb(change: &Change) -> String {
    change.action().replace('_', " ")
}

fn listed(label: &str, names: &[String]) -> String {
    if names.is_empty() {
        String::new()
    } else {
        format!("{label}{}", names.join(", "))
    }
}

fn condition(when: Option<&str>) -> String {
    when.map_or_else(String::new, |w| format!(" when {w}"))
}

fn transition_line(t: &TransitionSpec) -> String {
    let from = if t.from.is_empty() {
        "everywhere".to_owned()
    } else {
        t.from.join(", ")
    };
    let to =
        t.to.as_ref()
            .map_or_else(String::new, |to| format!(" → {to}"));
    format!(
        "{}: {from}{to} by {}{}{}{}",
        t.id,
        t.actor,
        condition(t.when.as_deref()),
        listed(", new version of ", &t.bump),
        listed(", records ", &t.record.keys().cloned().collect::<Vec<_>>()),
    )
}

fn property_line(p: &PropertySpec) -> String {
    let parts = [
        ("always", &p.always),
        ("never", &p.never),
        ("at", &p.at),
        ("require", &p.require),
        ("ensure", &p.ensure),
        ("reachable", &p.reachable),
    ];
    let told: Vec<String> = parts
        .iter()
        .filter_map(|(key, value)| Some(format!("{key} {}", value.as_ref()?)))
        .collect();
    format!("{}: {}", p.id, told.join(", "))
}
