//! What each kind of finding means, when exactly it is reported, how severe it is and what to do: the one text behind
//! `tribunal explain`, `docs/findings.md`, SARIF's rules and the titles of findings.

mod coverage;
mod ends;
mod engines;
mod evidence;
mod guards;
mod page;
mod policy;
mod promises;
mod proofs;

pub use page::{explain, page};

use crate::finding::{FindingKind, Severity, Subject, SubjectKind};

/// One kind of finding.
#[derive(Debug, Clone, Copy)]
pub struct Doc {
    /// The kind.
    pub kind: FindingKind,
    /// The title; `{subject}` stands for the subject's name.
    pub title: &'static str,
    /// A few words at the place it points to.
    pub label: &'static str,
    /// How severe.
    pub weight: Weight,
    /// What it means for the user, and why it matters.
    pub means: &'static str,
    /// The exact condition.
    pub when: &'static str,
    /// A file that shows it and nothing else of weight; `None` where no file alone can.
    pub example: Option<&'static str>,
    /// What to do about it.
    pub fix: &'static str,
    /// The same as one short sentence for reports; empty where the title says it already.
    pub hint: &'static str,
}

/// How severe findings of a kind are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Always this.
    Always(Severity),
    /// Blocking; a warning where it is about one property.
    WarningForProperties,
    /// A warning; blocking where its property names a `requirement:`.
    BlockingForRequirements,
}

/// The text about a kind.
#[must_use]
pub fn doc(kind: FindingKind) -> &'static Doc {
    match kind {
        FindingKind::Deadlock => &ends::DEADLOCK,
        FindingKind::NoOptionToComplete => &ends::NO_OPTION_TO_COMPLETE,
        FindingKind::MissingAssumption => &ends::MISSING_ASSUMPTION,
        FindingKind::MissingRejectPath => &ends::MISSING_REJECT_PATH,
        FindingKind::UnboundedRevision => &ends::UNBOUNDED_REVISION,
        FindingKind::UnreachableState => &coverage::UNREACHABLE_STATE,
        FindingKind::DeadTransition => &coverage::DEAD_TRANSITION,
        FindingKind::Unused => &coverage::UNUSED,
        FindingKind::Vacuous => &coverage::VACUOUS,
        FindingKind::Invariant => &promises::INVARIANT,
        FindingKind::StepProperty => &promises::STEP_PROPERTY,
        FindingKind::BoundOverflow => &promises::BOUND_OVERFLOW,
        FindingKind::Liveness => &promises::LIVENESS,
        FindingKind::Precedence => &promises::PRECEDENCE,
        FindingKind::Unreached => &promises::UNREACHED,
        FindingKind::Refinement => &promises::REFINEMENT,
        FindingKind::Expectation => &promises::EXPECTATION,
        FindingKind::StaleUse => &evidence::STALE_USE,
        FindingKind::HiddenStaleness => &evidence::HIDDEN_STALENESS,
        FindingKind::UnguardedNone => &evidence::UNGUARDED_NONE,
        FindingKind::GuardOverlap => &guards::GUARD_OVERLAP,
        FindingKind::GuardGap => &guards::GUARD_GAP,
        FindingKind::GuardAlwaysTrue => &guards::GUARD_ALWAYS_TRUE,
        FindingKind::GuardNeverTrue => &guards::GUARD_NEVER_TRUE,
        FindingKind::PolicyNeverAllows => &policy::POLICY_NEVER_ALLOWS,
        FindingKind::PolicyContradiction => &policy::POLICY_CONTRADICTION,
        FindingKind::PolicyUnsafe => &policy::POLICY_UNSAFE,
        FindingKind::PolicyGap => &policy::POLICY_GAP,
        FindingKind::PolicyShadowed => &policy::POLICY_SHADOWED,
        FindingKind::PolicyAlwaysAllows => &policy::POLICY_ALWAYS_ALLOWS,
        FindingKind::OpenObligation => &proofs::OPEN_OBLIGATION,
        FindingKind::UnsoundProof => &proofs::UNSOUND_PROOF,
        FindingKind::Disagreement => &engines::DISAGREEMENT,
        FindingKind::Unreplayable => &engines::UNREPLAYABLE,
        FindingKind::EngineUnavailable => &engines::ENGINE_UNAVAILABLE,
        FindingKind::BudgetExceeded => &engines::BUDGET_EXCEEDED,
    }
}

/// How severe a finding is. `requirement`: whether its property names one.
#[must_use]
pub fn severity(kind: FindingKind, subject: &Subject, requirement: bool) -> Severity {
    match doc(kind).weight {
        Weight::Always(severity) => severity,
        Weight::WarningForProperties if subject.kind == SubjectKind::Property => Severity::Warning,
        Weight::WarningForProperties => Severity::Blocking,
        Weight::BlockingForRequirements if requirement => Severity::Blocking,
        Weight::BlockingForRequirements => Severity::Warning,
    }
}

impl Doc {
    /// The title for a subject.
    #[must_use]
    pub fn title_for(&self, subject: &str) -> String {
        self.title.replace("{subject}", subject)
    }
}

impl Weight {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Always(Severity::Blocking) => "blocking",
            Self::Always(Severity::Warning) => "warning",
            Self::Always(Severity::Info) => "info",
            Self::WarningForProperties => {
                "blocking; a warning where it is about the fairness of a person"
            }
            Self::BlockingForRequirements => {
                "warning; blocking where the property names a `requirement:`"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_text_with_all_parts() {
        for kind in FindingKind::ALL {
            let doc = doc(*kind);
            assert_eq!(doc.kind, *kind, "the table gives the text of another kind");
            for part in [doc.title, doc.label, doc.means, doc.when, doc.fix] {
                assert!(!part.trim().is_empty(), "{kind:?} lacks a part");
            }
            for sentence in [doc.means, doc.when, doc.fix] {
                assert!(sentence.ends_with('.'), "{kind:?}: {sentence}");
            }
            assert!(
                !doc.title.ends_with('.'),
                "{kind:?}: a title has no full stop"
            );
        }
    }

    #[test]
    fn severity_is_that_of_the_table_and_its_two_conditions() {
        use FindingKind as K;
        let blocking = [
            K::Deadlock,
            K::NoOptionToComplete,
            K::Invariant,
            K::StepProperty,
            K::BoundOverflow,
            K::Liveness,
            K::Precedence,
            K::Unreached,
            K::Refinement,
            K::Expectation,
            K::UnboundedRevision,
            K::PolicyNeverAllows,
            K::PolicyContradiction,
            K::PolicyUnsafe,
            K::UnsoundProof,
            K::Disagreement,
            K::Unreplayable,
        ];
        let warning = [
            K::UnreachableState,
            K::DeadTransition,
            K::MissingRejectPath,
            K::StaleUse,
            K::HiddenStaleness,
            K::GuardNeverTrue,
            K::UnguardedNone,
            K::Unused,
            K::PolicyGap,
            K::PolicyShadowed,
            K::PolicyAlwaysAllows,
            K::OpenObligation,
            K::EngineUnavailable,
            K::BudgetExceeded,
        ];
        let info = [K::GuardOverlap, K::GuardGap, K::GuardAlwaysTrue];
        let workflow = Subject::new(SubjectKind::Workflow, "w");
        let property = Subject::new(SubjectKind::Property, "p");
        for (kinds, expected) in [
            (&blocking[..], Severity::Blocking),
            (&warning[..], Severity::Warning),
            (&info[..], Severity::Info),
        ] {
            for kind in kinds {
                assert_eq!(severity(*kind, &workflow, false), expected, "{kind:?}");
                assert_eq!(severity(*kind, &property, true), expected, "{kind:?}");
            }
        }
        assert_eq!(
            blocking.len() + warning.len() + info.len() + 2,
            K::ALL.len(),
            "a kind is in no list"
        );
        assert_eq!(
            severity(K::MissingAssumption, &workflow, false),
            Severity::Blocking
        );
        assert_eq!(
            severity(K::MissingAssumption, &property, true),
            Severity::Warning
        );
        assert_eq!(severity(K::Vacuous, &property, false), Severity::Warning);
        assert_eq!(severity(K::Vacuous, &property, true), Severity::Blocking);
    }
}
