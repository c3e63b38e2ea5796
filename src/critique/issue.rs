//! The issue that a finding is.

use super::case::Case;
use crate::finding::critique::{CriticDecision, Issue, IssueType};
use crate::finding::{FindingKind, Severity};

/// The issue with this number. What is accepted although it is open is debt, whatever its kind: it is never silent.
#[must_use]
pub fn of(number: usize, case: &Case, decision: CriticDecision) -> Issue {
    let kind = match (decision, case.severity) {
        (_, Severity::Blocking) => IssueType::CorrectnessRisk,
        (CriticDecision::Accept, Severity::Warning | Severity::Info) => IssueType::AbstractionDebt,
        (CriticDecision::Revise | CriticDecision::Reject, Severity::Warning | Severity::Info) => {
            sort(case.kind)
        }
    };
    Issue {
        id: format!("ISSUE-{number}"),
        severity: case.severity,
        kind,
        message: case.title.clone(),
        findings: vec![case.id.clone()],
    }
}

/// Whether a warning of this kind means that runs go wrong, or that the file says too little.
const fn sort(kind: FindingKind) -> IssueType {
    match kind {
        FindingKind::Unused
        | FindingKind::Vacuous
        | FindingKind::MissingAssumption
        | FindingKind::GuardOverlap
        | FindingKind::GuardGap
        | FindingKind::GuardAlwaysTrue
        | FindingKind::PolicyShadowed
        | FindingKind::OpenObligation
        | FindingKind::EngineUnavailable
        | FindingKind::BudgetExceeded => IssueType::AbstractionDebt,
        FindingKind::Deadlock
        | FindingKind::NoOptionToComplete
        | FindingKind::UnreachableState
        | FindingKind::DeadTransition
        | FindingKind::Invariant
        | FindingKind::StepProperty
        | FindingKind::BoundOverflow
        | FindingKind::Liveness
        | FindingKind::Precedence
        | FindingKind::Unreached
        | FindingKind::Refinement
        | FindingKind::Expectation
        | FindingKind::MissingRejectPath
        | FindingKind::UnboundedRevision
        | FindingKind::StaleUse
        | FindingKind::HiddenStaleness
        | FindingKind::GuardNeverTrue
        | FindingKind::UnguardedNone
        | FindingKind::PolicyNeverAllows
        | FindingKind::PolicyContradiction
        | FindingKind::PolicyUnsafe
        | FindingKind::PolicyGap
        | FindingKind::PolicyAlwaysAllows
        | FindingKind::UnsoundProof
        | FindingKind::Disagreement
        | FindingKind::Unreplayable => IssueType::CorrectnessRisk,
    }
}
