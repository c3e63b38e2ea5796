//! Findings about evidence: stale, hidden, absent.

use super::{Doc, Weight};
use crate::finding::{FindingKind, Severity};

const WARNING: Weight = Weight::Always(Severity::Warning);

pub(super) const STALE_USE: Doc = Doc {
    kind: FindingKind::StaleUse,
    title: "`{subject}` uses evidence that can be stale",
    label: "may be stale here",
    weight: WARNING,
    means: "A decision rests on evidence made from an older version, and nothing in the transition asks how old it is.",
    when: "A transition reads evidence in its guard, or copies its stamps by `from:`, without asking `fresh` or `stale` of it, and fires in a \
           reachable state in which that evidence is stale.",
    example: Some(
        "workflow_id: demo
goal: Show a decision on an old check
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
artifacts: [plan]
evidence:
  check: {of: [plan]}
transitions:
  - {id: check_it, from: Draft, actor: Author, record: {check: {}}}
  - {id: edit, from: Draft, actor: Author, bump: [plan]}
  - {id: finish, from: Draft, to: Done, actor: Author, when: has(check)}
",
    ),
    fix: "Ask `fresh(e)` in the guard, or `stale(e)` if old evidence is what the step is about.",
    hint: "ask `fresh(...)` in its `when:`",
};

pub(super) const HIDDEN_STALENESS: Doc = Doc {
    kind: FindingKind::HiddenStaleness,
    title: "`{subject}` stamps as current what its source says nothing about",
    label: "stamped as current",
    weight: WARNING,
    means: "Evidence made `from:` other evidence takes over its stamps; for an artifact the source was not made from there is none to take, \
            so it counts as current although nobody looked.",
    when: "`record: {e: {from: x}}` and e is made of an artifact that x is not made of (S-5).",
    example: Some(
        "workflow_id: demo
goal: Show a stamp nobody vouches for
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
artifacts: [plan, branch]
evidence:
  job: {of: [plan]}
  approval: {of: [plan, branch]}
transitions:
  - {id: start, from: Draft, actor: Author, record: {job: {}}}
  - {id: edit, from: Draft, actor: Author, bump: [plan, branch]}
  - {id: approve, from: Draft, actor: Author, when: fresh(job), record: {approval: {from: job}}}
  - {id: finish, from: Draft, to: Done, actor: Author, when: fresh(approval)}
",
    ),
    fix: "Make the source of that artifact too, or record the evidence without `from:` if it really looks at the current versions.",
    hint: "add the artifact to the source's `of:`",
};

pub(super) const UNGUARDED_NONE: Doc = Doc {
    kind: FindingKind::UnguardedNone,
    title: "`{subject}` reads a field that may be absent",
    label: "`none` while the evidence does not exist",
    weight: WARNING,
    means: "The field of evidence that does not exist is `none`: comparisons by order with it are false, equality with anything else is false, \
            and `!=` is true. That is rarely what was meant.",
    when: "An expression reads a field and nothing to its left, in the guard or in the expression, makes sure by `has` or `fresh` that the \
           evidence exists (S-13).",
    example: Some(
        "workflow_id: demo
goal: Show a read that may be absent
actors: [Author]
states: [Draft, Done]
terminal: {success: [Done], failure: []}
artifacts: [plan]
evidence:
  check: {of: [plan], fields: {result: {type: enum, values: [pass, fail]}}}
transitions:
  - {id: pass_it, from: Draft, actor: Author, record: {check: {result: pass}}}
  - {id: edit, from: Draft, actor: Author, bump: [plan]}
  - {id: finish, from: Draft, to: Done, actor: Author, when: check.result != fail}
",
    ),
    fix: "Write `has(e) and ...` or `fresh(e) and ...` before the read.",
    hint: "ask `has(...)` or `fresh(...)` first",
};
