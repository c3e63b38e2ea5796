//! Findings about properties that fail.

use super::{Doc, Weight};
use crate::finding::{FindingKind, Severity};

const BLOCKING: Weight = Weight::Always(Severity::Blocking);

pub(super) const INVARIANT: Doc = Doc {
    kind: FindingKind::Invariant,
    title: "`{subject}` does not always hold",
    label: "fails in the last state of the run",
    weight: BLOCKING,
    means: "A run reaches a state in which the condition is false (`always`) or true (`never`).",
    when: "Some reachable state violates an `always:` or a `never:`.",
    example: Some(
        "workflow_id: demo
goal: Show an invariant that fails
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
vars:
  reviewed: {type: bool, init: false}
transitions:
  - {id: review, from: Draft, actor: Author, set: {reviewed: true}}
  - {id: finish, from: Draft, to: Done, actor: Author}
properties:
  - {id: only_reviewed, always: state == Done => reviewed}
",
    ),
    fix: "Follow the run to the step that breaks it and guard that step, or correct the property if it says too much.",
    hint: "guard the last step of the run, or correct the property",
};

pub(super) const STEP_PROPERTY: Doc = Doc {
    kind: FindingKind::StepProperty,
    title: "`{subject}` fails at a step",
    label: "fails at the last step of the run",
    weight: BLOCKING,
    means: "A transition can fire when what must hold before it does not (`require`), or leaves behind what must not be (`ensure`, and \
            `needs` of the state it enters).",
    when: "`at: t, require: p`: some reachable state enables t, with some choices, and p is false there; also when the step would leave a \
           range. `at: t, ensure: p`: p is false after some step of t. `needs: [e]`: a transition enters the state and e is not fresh \
           then (S-14).",
    example: Some(
        "workflow_id: demo
goal: Show a step without its condition
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
vars:
  reviewed: {type: bool, init: false}
transitions:
  - {id: review, from: Draft, actor: Author, set: {reviewed: true}}
  - {id: finish, from: Draft, to: Done, actor: Author}
properties:
  - {id: only_reviewed, at: finish, require: reviewed}
",
    ),
    fix: "Put the condition into the transition's `when:`, or record the evidence it needs before.",
    hint: "add the condition to the `when:` of the last step",
};

pub(super) const BOUND_OVERFLOW: Doc = Doc {
    kind: FindingKind::BoundOverflow,
    title: "`{subject}` can leave the range of a variable",
    label: "takes a value out of its range",
    weight: BLOCKING,
    means: "A step computes a value its variable cannot hold. Nothing is wrapped, clamped or silently skipped: such a step is an error of \
            the file.",
    when: "Some reachable state enables a step that assigns a value outside the range or type of its variable, or `none` to one that has \
           none (S-3).",
    example: Some(
        "workflow_id: demo
goal: Show a counter without limit
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
vars:
  rounds: {type: int, range: [0, 3], init: 0}
transitions:
  - {id: again, from: Draft, actor: Author, set: {rounds: rounds + 1}}
  - {id: finish, from: Draft, to: Done, actor: Author, when: rounds > 0}
",
    ),
    fix: "Guard the transition (`when: rounds < 3`), widen the range, or assign something else at the limit.",
    hint: "guard `{subject}`, or widen the range",
};

pub(super) const LIVENESS: Doc = Doc {
    kind: FindingKind::Liveness,
    title: "`{subject}` is not guaranteed",
    label: "need not happen",
    weight: BLOCKING,
    means: "What should happen in the end need not: there is a fair run that never gets there, or a state from which it cannot be reached.",
    when: "A fair run violates an `eventually:`, `leads_to:` or `infinitely_often:`, or a reachable state violates a `can_reach:`. Only \
           fairness that is written counts (S-8); a run may stutter for ever where nothing fair forbids it.",
    example: Some(
        "workflow_id: demo
goal: Show an end that is not guaranteed
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
transitions:
  - {id: finish, from: Draft, to: Done, actor: Author}
properties:
  - {id: ends, eventually: terminal}
",
    ),
    fix: "Say which transitions are taken in the end (`fair: weak`, or `strong` where the chance comes and goes), or bound the loop the \
          run goes round.",
    hint: "write `fair:` on the transitions that must happen, or bound the loop",
};

pub(super) const PRECEDENCE: Doc = Doc {
    kind: FindingKind::Precedence,
    title: "`{subject}` fails: the step can come first",
    label: "is not respected",
    weight: BLOCKING,
    means: "A transition can fire although none of those that must come before it has fired.",
    when: "`precedes: [A, t]`: t is enabled somewhere in the workflow from which the transitions A are taken away (S-15).",
    example: Some(
        "workflow_id: demo
goal: Show a merge without approval
actors: [Author]
states: [Draft, Approved, Merged]
terminal: {success: [Merged], failure: []}
transitions:
  - {id: approve, from: Draft, to: Approved, actor: Author}
  - {id: merge, from: [Draft, Approved], to: Merged, actor: Author}
properties:
  - {id: approved_first, precedes: [approve, merge]}
",
    ),
    fix: "Take the state or guard away through which the step can come first.",
    hint: "close the way that the run shows",
};

pub(super) const UNREACHED: Doc = Doc {
    kind: FindingKind::Unreached,
    title: "`{subject}` is reached by no run",
    label: "never true",
    weight: BLOCKING,
    means: "A `reachable:` states that some run gets there; none does, so a case you rely on does not exist.",
    when: "No reachable state satisfies the condition of a `reachable:`.",
    example: Some(
        "workflow_id: demo
goal: Show a case that does not exist
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
vars:
  rounds: {type: int, range: [0, 3], init: 0}
transitions:
  - {id: again, from: Draft, actor: Author, when: rounds < 2, set: {rounds: rounds + 1}}
  - {id: finish, from: Draft, to: Done, actor: Author}
properties:
  - {id: third_round, reachable: rounds == 3}
",
    ),
    fix: "Loosen the guard that keeps runs away, or drop the property.",
    hint: "loosen the guard that keeps runs away",
};

pub(super) const REFINEMENT: Doc = Doc {
    kind: FindingKind::Refinement,
    title: "a step has no counterpart in the workflow this one refines",
    label: "this refinement does not hold",
    weight: BLOCKING,
    means: "The workflow can do something that the one it claims to refine cannot, so what was shown of the other does not carry over.",
    when: "An initial state maps to none of the other's initial states, or a step maps neither to an enabled step of the other (its guard \
           included) nor to no change (S-10).",
    example: None,
    fix: "Correct the step or the map, or allow the step in the other workflow.",
    hint: "correct the last step of the run, or the map",
};

pub(super) const EXPECTATION: Doc = Doc {
    kind: FindingKind::Expectation,
    title: "`{subject}` should be violated, and holds",
    label: "expected to fail",
    weight: BLOCKING,
    means: "A property with `expect: violated` is a negative control: it shows that the check can fail. It did not fail, so either the \
            workflow lost the behaviour or the property no longer says what it should.",
    when: "A property with `expect: violated` is not violated (S-16).",
    example: Some(
        "workflow_id: demo
goal: Show a negative control that does not fire
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
transitions:
  - {id: finish, from: Draft, to: Done, actor: Author}
properties:
  - {id: control, always: \"state in [Draft, Done]\", expect: violated}
",
    ),
    fix: "Restore the behaviour, or remove `expect: violated` if the property is meant to hold now.",
    hint: "restore the behaviour, or remove `expect: violated`",
};
