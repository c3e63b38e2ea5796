//! Findings about the engines themselves.

use super::{Doc, Weight};
use crate::finding::{FindingKind, Severity};

pub(super) const DISAGREEMENT: Doc = Doc {
    kind: FindingKind::Disagreement,
    title: "engines contradict each other on `{subject}`",
    label: "judged in two ways",
    weight: Weight::Always(Severity::Blocking),
    means: "Two engines read the same file and come to different answers. At least one is wrong, so nothing it says can be relied on. Until shown \
            otherwise this is a bug of tribunal.",
    when: "One engine says a property holds and another refutes it with a run that replays; or two engines visited every reachable state and \
           counted differently.",
    example: None,
    fix: "Report it with the file. Meanwhile, leave out one engine by `--engine` only if you know which one is right.",
    hint: "report this as a bug, with the file",
};

pub(super) const UNREPLAYABLE: Doc = Doc {
    kind: FindingKind::Unreplayable,
    title: "a run shown for `{subject}` cannot be replayed",
    label: "not shown after all",
    weight: Weight::Always(Severity::Blocking),
    means: "An engine gave a run that the reference semantics does not follow, so the run shows nothing. Until shown otherwise this is a bug of \
            tribunal.",
    when: "A step of an engine's run is not a step of the workflow, the run does not start in an initial state, or its end does not show what it \
           should.",
    example: None,
    fix: "Report it with the file.",
    hint: "report this as a bug, with the file",
};

pub(super) const ENGINE_UNAVAILABLE: Doc = Doc {
    kind: FindingKind::EngineUnavailable,
    title: "`{subject}` did not answer",
    label: "not answered",
    weight: Weight::Always(Severity::Warning),
    means: "An engine you asked for is not there, or failed. What it should have answered stays open; a missing answer is never a pass.",
    when: "An engine named by `--engine` or by `engines` in `.spec/config.json`, or explore or Z3, is not installed or ended in an error.",
    example: None,
    fix: "`tribunal doctor` says how to get it. Or leave it out by `--engine`, and lose the class of assurance it gives.",
    hint: "run `tribunal doctor`",
};

pub(super) const BUDGET_EXCEEDED: Doc = Doc {
    kind: FindingKind::BudgetExceeded,
    title: "`{subject}` ran out of its budget",
    label: "not answered in time",
    weight: Weight::Always(Severity::Warning),
    means: "The engine used up its time, memory or states before it could answer. What it should have answered stays open.",
    when: "A needed engine answers a property with `unknown` because its budget or the deadline ran out, and no other engine settles \
           it. What Z3 spends on one question is limited by itself and counts only where nobody else answers.",
    example: None,
    fix: "Narrow the ranges that drive the growth, raise `--deadline`, or choose engines by `--engine`.",
    hint: "raise `--deadline`, or narrow the ranges",
};
