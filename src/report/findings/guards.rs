//! Findings about guards, over all typed values, reachable or not.

use super::{Doc, Weight};
use crate::finding::{FindingKind, Severity};

pub(super) const GUARD_OVERLAP: Doc = Doc {
    kind: FindingKind::GuardOverlap,
    title: "`{subject}`: both guards can hold at once",
    label: "can hold together with the other",
    weight: Weight::Always(Severity::Info),
    means: "One actor has two transitions from one state whose guards do not exclude each other, so which one is taken is its own choice.",
    when: "Two transitions of one actor from one state: some values of all variables and evidence, reachable or not, make both \
           guards true. A missing guard is true.",
    example: Some(
        "workflow_id: demo
goal: Show guards that overlap
actors: [Author]
states: [Draft, Done, Dropped]
terminal: {success: [Done], failure: [Dropped]}
vars:
  rounds: {type: int, range: [0, 3], init: 0}
transitions:
  - {id: again, from: Draft, actor: Author, when: rounds < 2, set: {rounds: rounds + 1}}
  - {id: finish, from: Draft, to: Done, actor: Author, when: rounds >= 1}
  - {id: give_up, from: Draft, to: Dropped, actor: Author, when: rounds >= 2}
",
    ),
    fix: "Nothing, if the choice is meant. Else make the guards exclude each other.",
    hint: "",
};

pub(super) const GUARD_GAP: Doc = Doc {
    kind: FindingKind::GuardGap,
    title: "`{subject}`: all guards can fail at once",
    label: "no guard of this state need hold",
    weight: Weight::Always(Severity::Info),
    means: "There are values for which nothing can happen in the state. If they are reachable, that is a deadlock; if not, it may become one.",
    when: "Some values of all variables and evidence, reachable or not, make every guard of a non-terminal state false.",
    example: Some(
        "workflow_id: demo
goal: Show guards that leave a gap
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
vars:
  rounds: {type: int, range: [0, 3], init: 0}
transitions:
  - {id: again, from: Draft, actor: Author, when: rounds < 2, set: {rounds: rounds + 1}}
  - {id: finish, from: Draft, to: Done, actor: Author, when: rounds == 2}
",
    ),
    fix: "Cover the values that are left, or narrow the ranges so that they do not exist.",
    hint: "",
};

pub(super) const GUARD_ALWAYS_TRUE: Doc = Doc {
    kind: FindingKind::GuardAlwaysTrue,
    title: "the guard of `{subject}` is always true",
    label: "true whatever the values",
    weight: Weight::Always(Severity::Info),
    means: "The condition excludes nothing, so it may not say what was meant.",
    when: "A written `when:` is true for all values of all variables, evidence and choices, reachable or not.",
    example: Some(
        "workflow_id: demo
goal: Show a guard that excludes nothing
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
vars:
  rounds: {type: int, range: [0, 3], init: 0}
transitions:
  - {id: again, from: Draft, actor: Author, when: rounds < 3, set: {rounds: rounds + 1}}
  - {id: finish, from: Draft, to: Done, actor: Author, when: rounds <= 3}
",
    ),
    fix: "Remove the guard, or correct it.",
    hint: "",
};

pub(super) const GUARD_NEVER_TRUE: Doc = Doc {
    kind: FindingKind::GuardNeverTrue,
    title: "the guard of `{subject}` can never hold",
    label: "false whatever the values",
    weight: Weight::Always(Severity::Warning),
    means: "The condition contradicts itself or the types, so the transition cannot fire whatever else changes.",
    when: "A written `when:` is false for all values of all variables, evidence and choices, reachable or not.",
    example: Some(
        "workflow_id: demo
goal: Show a guard that excludes everything
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
vars:
  rounds: {type: int, range: [0, 3], init: 0}
transitions:
  - {id: again, from: Draft, actor: Author, when: rounds < 3, set: {rounds: rounds + 1}}
  - {id: finish, from: Draft, to: Done, actor: Author}
  - {id: leap, from: Draft, to: Done, actor: Author, when: rounds > 2 and rounds < 2}
",
    ),
    fix: "Correct the guard, or remove the transition.",
    hint: "correct its `when:`",
};
