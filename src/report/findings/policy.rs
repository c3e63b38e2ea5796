//! Findings about policies.

use super::{Doc, Weight};
use crate::finding::{FindingKind, Severity};

pub(super) const POLICY_NEVER_ALLOWS: Doc = Doc {
    kind: FindingKind::PolicyNeverAllows,
    title: "the policy never allows `{subject}`",
    label: "together these exclude it",
    weight: Weight::Always(Severity::Blocking),
    means: "Whatever the inputs, the action is refused: the gate could never open.",
    when: "No rule permits the action, or no values of the inputs make any of its `permit` rules true (S-11).",
    example: Some(
        "rules:
  - {id: no_blocking, action: approve, effect: forbid, when: blocking > 0}
  - {id: none_waived, action: approve, effect: permit, when: waived < 0}
",
    ),
    fix: "Look at the rules of the core: at least one of them has to go or to be loosened.",
    hint: "loosen one of the rules named here",
};

pub(super) const POLICY_CONTRADICTION: Doc = Doc {
    kind: FindingKind::PolicyContradiction,
    title: "rules of `{subject}` exclude each other",
    label: "excludes the others named here",
    weight: Weight::Always(Severity::Blocking),
    means: "Rules demand what other rules forbid. The smallest set that cannot hold together is named.",
    when: "The `permit` rules of an action can hold, but not together with its `require` and `forbid` rules. The core is minimal: \
           without any one of its rules the rest can hold.",
    example: Some(
        "rules:
  - {id: clean, action: approve, effect: permit, when: blocking == 0 and human_approvals >= 1 and aligned and not author_approves}
  - {id: wants_proof, action: approve, effect: require, when: proof_complete}
  - {id: no_proof, action: approve, effect: forbid, when: proof_complete}
",
    ),
    fix: "Drop or loosen one rule of the core.",
    hint: "drop or loosen one of these rules",
};

pub(super) const POLICY_UNSAFE: Doc = Doc {
    kind: FindingKind::PolicyUnsafe,
    title: "the policy lets `{subject}` through where it must not",
    label: "does not exclude it",
    weight: Weight::Always(Severity::Blocking),
    means: "Some inputs are allowed that a gate must refuse: an open blocking finding, no person, a stale version, or the author approving their own \
            work.",
    when: "Some values of the inputs allow an action although `blocking > 0` (but for `waive`), or `human_approvals == 0`, or `not \
           aligned`, or `author_approves`. A `build` in a locked session needs no person.",
    example: Some(
        "rules:
  - {id: anything, action: approve, effect: permit, when: blocking == 0 and aligned and not author_approves}
",
    ),
    fix: "Add a `forbid` for the case that is named.",
    hint: "add a `forbid` for this case",
};

pub(super) const POLICY_GAP: Doc = Doc {
    kind: FindingKind::PolicyGap,
    title: "the policy leaves `{subject}` open",
    label: "not spoken of",
    weight: Weight::Always(Severity::Warning),
    means: "An action without a `permit` is refused without anybody having decided so.",
    when: "No rule speaks of an action; or some values of the inputs are refused although everything required holds and nothing \
           forbids it, so that no rule says why.",
    example: Some(
        "rules:
  - {id: clean, action: approve, effect: permit, when: blocking == 0 and human_approvals >= 1 and aligned and not author_approves}
",
    ),
    fix: "Write a `permit` for the action, or a `forbid` with `when: true` if it is meant to be refused.",
    hint: "write a `permit` for it, or forbid it outright",
};

pub(super) const POLICY_SHADOWED: Doc = Doc {
    kind: FindingKind::PolicyShadowed,
    title: "rule `{subject}` changes nothing",
    label: "idle",
    weight: Weight::Always(Severity::Warning),
    means: "The other rules already decide every case this one speaks of.",
    when: "Taking the rule away changes the decision for no values of the inputs.",
    example: Some(
        "rules:
  - {id: clean, action: approve, effect: permit, when: blocking == 0 and human_approvals >= 1 and aligned and not author_approves}
  - {id: no_blocking, action: approve, effect: forbid, when: blocking > 3}
",
    ),
    fix: "Remove the rule, or correct its condition.",
    hint: "remove it, or correct its `when:`",
};

pub(super) const POLICY_ALWAYS_ALLOWS: Doc = Doc {
    kind: FindingKind::PolicyAlwaysAllows,
    title: "the policy always allows `{subject}`",
    label: "excludes nothing",
    weight: Weight::Always(Severity::Warning),
    means: "Whatever the inputs, the action is allowed: the gate is no gate.",
    when: "No values of the inputs are refused for the action. Such a policy is unsafe too.",
    example: Some(
        "rules:
  - {id: clean, action: approve, effect: permit, when: blocking == 0 and human_approvals >= 1 and aligned and not author_approves}
  - {id: open_door, action: build, effect: permit, when: true}
",
    ),
    fix: "Say under which conditions the action is right.",
    hint: "say when it is right",
};
