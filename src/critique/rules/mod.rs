//! From a finding to changes that may remove it. One rule a file; a rule is a pure function and promises nothing: what it
//! proposes is applied to a copy and judged by the engines before anybody sees it.

mod chain;
mod dead_end;
mod dead_transition;
mod general;
mod hidden;
mod invariant;
mod liveness;
mod no_terminal;
mod overflow;
mod policy;
mod precedence;
mod reject_path;
mod revision_loop;
mod stale_use;
mod step;
mod unguarded;
mod unreachable;
mod unused;

use super::case::Case;
use super::proposal::{Proposal, Question};
use super::scene::Scene;
use crate::finding::{FindingKind, Severity};

/// What can be proposed for a finding.
#[must_use]
pub fn advise(scene: &Scene<'_>, case: &Case) -> Proposal {
    match case.kind {
        FindingKind::Deadlock | FindingKind::NoOptionToComplete => dead_end::advise(scene, case),
        FindingKind::MissingAssumption => no_terminal::advise(scene, case),
        FindingKind::UnreachableState => unreachable::advise(scene, case),
        FindingKind::MissingRejectPath => reject_path::advise(scene),
        FindingKind::UnboundedRevision => revision_loop::advise(scene, case),
        FindingKind::StaleUse => stale_use::advise(case),
        FindingKind::HiddenStaleness => hidden::advise(scene, case),
        FindingKind::UnguardedNone => unguarded::advise(scene, case),
        FindingKind::Unused => unused::advise(scene, case),
        FindingKind::StepProperty => step::advise(scene, case),
        FindingKind::Invariant => invariant::advise(scene, case),
        FindingKind::BoundOverflow => overflow::advise(scene, case),
        FindingKind::Precedence => precedence::advise(scene, case),
        FindingKind::PolicyContradiction | FindingKind::PolicyNeverAllows => {
            policy::advise(scene, case)
        }
        FindingKind::Liveness => liveness::advise(scene, case),
        FindingKind::DeadTransition | FindingKind::GuardNeverTrue => {
            dead_transition::advise(scene, case)
        }
        // A promise that nothing fulfils or that says nothing, and a project's own policy: only a person knows what was meant.
        FindingKind::Unreached
        | FindingKind::Refinement
        | FindingKind::Expectation
        | FindingKind::Vacuous
        | FindingKind::PolicyUnsafe
        | FindingKind::PolicyGap
        | FindingKind::PolicyShadowed
        | FindingKind::PolicyAlwaysAllows => Proposal::none(),
        // Nothing is wrong with these; they are told and weigh nothing.
        FindingKind::GuardOverlap | FindingKind::GuardGap | FindingKind::GuardAlwaysTrue => {
            Proposal::none()
        }
        // Not the workflow's fault: no change of it can help.
        FindingKind::OpenObligation
        | FindingKind::UnsoundProof
        | FindingKind::Disagreement
        | FindingKind::Unreplayable
        | FindingKind::EngineUnavailable
        | FindingKind::BudgetExceeded => Proposal::none(),
    }
}

/// What to ask where something blocks and neither a try nor a question of its rule has helped; nothing where no change of the
/// workflow can.
#[must_use]
pub fn last_question(case: &Case) -> Option<Question> {
    let ours = matches!(
        case.kind,
        FindingKind::UnsoundProof | FindingKind::Disagreement | FindingKind::Unreplayable
    );
    (case.severity == Severity::Blocking && !ours).then(|| general::question(case))
}
