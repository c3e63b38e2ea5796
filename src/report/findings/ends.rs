//! Findings about where runs end, and whether they do.

use super::{Doc, Weight};
use crate::finding::{FindingKind, Severity};

pub(super) const DEADLOCK: Doc = Doc {
    kind: FindingKind::Deadlock,
    title: "`{subject}` is a dead end: a run can get stuck there, and it is not terminal",
    label: "nothing can happen here any more",
    weight: Weight::Always(Severity::Blocking),
    means: "A run gets into a state that is not declared as an end, and no transition is enabled there. Whoever waits for the \
            workflow waits for ever.",
    when: "A reachable state whose control state is not terminal has no enabled transition (S-7). A self-loop counts as enabled, \
           and so does a step that would leave a range.",
    example: Some(
        "workflow_id: demo
goal: Show a dead end
actors: [Author]
states: [Draft, Stuck, Done]
terminal: {success: [Done], failure: []}
transitions:
  - {id: finish, from: Draft, to: Done, actor: Author}
  - {id: park, from: Draft, to: Stuck, actor: Author}
",
    ),
    fix: "Give the state a way out, declare it under `terminal:` if runs may end there, or guard the transition that leads into it.",
    hint: "add a transition that leaves `{subject}`, or declare it under `terminal:`",
};

pub(super) const NO_OPTION_TO_COMPLETE: Doc = Doc {
    kind: FindingKind::NoOptionToComplete,
    title: "once in `{subject}`, a run may be unable to reach any terminal state",
    label: "from here no end can be reached any more",
    weight: Weight::Always(Severity::Blocking),
    means: "A run can take a step after which no sequence of steps leads to an end: it is lost, even if it still moves.",
    when: "Terminal states are declared, and from some reachable state none of them can be reached (S-9, `can_reach: terminal`).",
    example: Some(
        "workflow_id: demo
goal: Show a trap
actors: [Author]
states: [Draft, Left, Right, Done]
terminal: {success: [Done], failure: []}
transitions:
  - {id: finish, from: Draft, to: Done, actor: Author}
  - {id: stray, from: Draft, to: Left, actor: Author}
  - {id: forth, from: Left, to: Right, actor: Author}
  - {id: back, from: Right, to: Left, actor: Author}
",
    ),
    fix: "Add a way from there to a terminal state, or guard the step that gets there.",
    hint: "add a way from `{subject}` to a terminal state",
};

pub(super) const MISSING_ASSUMPTION: Doc = Doc {
    kind: FindingKind::MissingAssumption,
    title: "`{subject}` rests on an assumption that is not written down",
    label: "this is assumed silently",
    weight: Weight::WarningForProperties,
    means: "Two things are never inferred. Without `terminal:` nobody knows where runs may end, so every end looks like a dead end \
            and nothing can be said about completing. And a property that holds only because a person acts in the end holds under \
            an assumption about that person, which belongs in the file.",
    when: "Blocking: the file has no `terminal:`. Warning: a property holds, is violated once the fairness of people's transitions is \
           taken away, and has no `text:`.",
    example: Some(
        "workflow_id: demo
goal: Show a missing declaration of ends
actors: [Author]
states: [Draft, Done]
transitions:
  - {id: finish, from: Draft, to: Done, actor: Author}
  - {id: reopen, from: Done, to: Draft, actor: Author}
",
    ),
    fix: "Write `terminal: {success: [...], failure: [...]}`, or `terminal: none` for a workflow that runs for ever by design. For a \
          property, say in its `text:` who has to act.",
    hint: "",
};

pub(super) const MISSING_REJECT_PATH: Doc = Doc {
    kind: FindingKind::MissingRejectPath,
    title: "no terminal state stands for failure",
    label: "no `failure:` here",
    weight: Weight::Always(Severity::Warning),
    means: "Runs can only end in success. Most workflows need a way to say no; one that has none tends to be forced through.",
    when: "Terminal states are declared and the key `failure:` is absent. `failure: []` says that this is meant.",
    example: Some(
        "workflow_id: demo
goal: Show a workflow that cannot say no
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done]}
transitions:
  - {id: finish, from: Draft, to: Done, actor: Author}
",
    ),
    fix: "Add a state such as `Rejected` and list it under `failure:`, or write `failure: []` if success is the only end.",
    hint: "name a state under `failure:`, or write `failure: []`",
};

pub(super) const UNBOUNDED_REVISION: Doc = Doc {
    kind: FindingKind::UnboundedRevision,
    title: "revision can go round for ever without a person",
    label: "part of the round",
    weight: Weight::Always(Severity::Blocking),
    means: "Agents can hand work back and forth without end, and nobody is ever asked. Such loops burn money and time unseen.",
    when: "Terminal states are declared, yet some fair run goes round two or more control states for ever with no step of a human \
           actor on the way.",
    example: Some(
        "workflow_id: demo
goal: Show revision without end
actors: [Planner, Critic]
states: [Draft, Review, Done]
terminal: {success: [Done], failure: []}
transitions:
  - {id: submit, from: Draft, to: Review, actor: Planner}
  - {id: revise, from: Review, to: Draft, actor: Critic}
  - {id: accept, from: Review, to: Done, actor: Critic}
",
    ),
    fix: "Count the rounds in a variable and let only a person go on beyond a limit.",
    hint: "count the rounds and escalate to a person at a limit",
};
