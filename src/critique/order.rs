//! In which order findings are mended: first where a run cannot go on, then where it ends, then what it must not do, then what
//! is never used.

use super::case::Case;
use crate::finding::FindingKind;

/// The cases, the first to mend first; equal ones stay in the order of the report.
#[must_use]
pub fn in_order(cases: &[Case]) -> Vec<&Case> {
    let mut all: Vec<&Case> = cases.iter().collect();
    all.sort_by_key(|c| (c.severity, rank(c.kind)));
    all
}

const fn rank(kind: FindingKind) -> u8 {
    match kind {
        FindingKind::Deadlock => 0,
        FindingKind::MissingAssumption => 1,
        FindingKind::NoOptionToComplete => 2,
        FindingKind::UnboundedRevision => 3,
        FindingKind::BoundOverflow => 4,
        FindingKind::StepProperty => 5,
        FindingKind::Precedence => 6,
        FindingKind::Invariant => 7,
        FindingKind::PolicyContradiction
        | FindingKind::PolicyNeverAllows
        | FindingKind::PolicyUnsafe => 8,
        FindingKind::Liveness => 9,
        FindingKind::Unreached | FindingKind::Refinement | FindingKind::Expectation => 10,
        FindingKind::UnreachableState => 11,
        FindingKind::MissingRejectPath => 12,
        FindingKind::StaleUse | FindingKind::HiddenStaleness | FindingKind::UnguardedNone => 13,
        FindingKind::DeadTransition
        | FindingKind::GuardNeverTrue
        | FindingKind::GuardAlwaysTrue
        | FindingKind::GuardGap
        | FindingKind::GuardOverlap => 14,
        FindingKind::PolicyGap | FindingKind::PolicyShadowed | FindingKind::PolicyAlwaysAllows => {
            15
        }
        FindingKind::Unused | FindingKind::Vacuous => 16,
        FindingKind::OpenObligation
        | FindingKind::UnsoundProof
        | FindingKind::Disagreement
        | FindingKind::Unreplayable
        | FindingKind::EngineUnavailable
        | FindingKind::BudgetExceeded => 17,
    }
}
