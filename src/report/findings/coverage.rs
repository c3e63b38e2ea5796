//! Findings about parts of a file that do nothing.

use super::{Doc, Weight};
use crate::finding::{FindingKind, Severity};

pub(super) const UNREACHABLE_STATE: Doc = Doc {
    kind: FindingKind::UnreachableState,
    title: "`{subject}` is never reached",
    label: "never reached",
    weight: Weight::Always(Severity::Warning),
    means: "No run gets to this state, or gives this phase variable this value. Whatever was meant to happen there does not happen.",
    when: "No reachable state of the system has this control state, or this value of a variable with `phase: true` (S-9).",
    example: Some(
        "workflow_id: demo
goal: Show a state without a way in
actors: [Author]
states: [Draft, Review, Done]
terminal: {success: [Done], failure: []}
transitions:
  - {id: finish, from: Draft, to: Done, actor: Author}
  - {id: pass, from: Review, to: Done, actor: Author}
",
    ),
    fix: "Add a transition that enters it, loosen the guard that blocks the way, or remove it.",
    hint: "add a transition that enters `{subject}`, or remove it",
};

pub(super) const DEAD_TRANSITION: Doc = Doc {
    kind: FindingKind::DeadTransition,
    title: "`{subject}` never fires",
    label: "never fires",
    weight: Weight::Always(Severity::Warning),
    means: "No run contains this transition: its states are never reached, its guard never holds there, or every such step would \
            leave a range.",
    when: "No run fires the transition with a step that stays in range (S-9).",
    example: Some(
        "workflow_id: demo
goal: Show a transition whose guard holds in no run
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
vars:
  rounds: {type: int, range: [0, 2], init: 0}
transitions:
  - {id: again, from: Draft, actor: Author, when: rounds < 1, set: {rounds: rounds + 1}}
  - {id: finish, from: Draft, to: Done, actor: Author}
  - {id: leap, from: Draft, to: Done, actor: Author, when: rounds == 2}
",
    ),
    fix: "Look at the guard that is nearest to holding, loosen it, or remove the transition.",
    hint: "loosen its guard, or remove `{subject}`",
};

pub(super) const UNUSED: Doc = Doc {
    kind: FindingKind::Unused,
    title: "`{subject}` is declared and never used",
    label: "never used",
    weight: Weight::Always(Severity::Warning),
    means: "The name stands in the file and nothing depends on it, so it promises something that the workflow does not do.",
    when: "An actor that fires no transition; a variable or evidence that no expression reads; an artifact that no evidence is made \
           of, or that nothing bumps.",
    example: Some(
        "workflow_id: demo
goal: Show an actor without work
actors: [Author, Reviewer]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
transitions:
  - {id: finish, from: Draft, to: Done, actor: Author}
",
    ),
    fix: "Use it or remove it.",
    hint: "use `{subject}`, or remove it",
};

pub(super) const VACUOUS: Doc = Doc {
    kind: FindingKind::Vacuous,
    title: "`{subject}` holds for no good reason",
    label: "says nothing about this workflow",
    weight: Weight::BlockingForRequirements,
    means: "The property is true because the case it speaks of never comes up. It would stay true if the workflow were wrong.",
    when: "An `always: a => b` whose a holds in no reachable state, an `at` whose transition is never enabled, a `leads_to` whose \
           first part is never reached, or a property none of whose names any transition changes.",
    example: Some(
        "workflow_id: demo
goal: Show a promise that is never put to the test
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
vars:
  rounds: {type: int, range: [0, 2], init: 0}
transitions:
  - {id: finish, from: Draft, to: Done, actor: Author}
  - {id: again, from: Draft, actor: Author, when: rounds < 1, set: {rounds: rounds + 1}}
properties:
  - {id: capped, always: rounds == 2 => state == Done}
",
    ),
    fix: "Make the case reachable, or state what you meant. A `reachable:` property for the case keeps it from becoming vacuous again.",
    hint: "make its case reachable, or say what was meant",
};
