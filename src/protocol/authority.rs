//! Who may send what to whom, because of what: one table, asked for every message.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::payload::Kind;

/// The roles in a conversation. Nobody takes over another's.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Searches.
    Planner,
    /// Constrains.
    Verifier,
    /// Refines.
    Critic,
    /// Decides.
    Human,
    /// Carries out.
    Executor,
    /// Keeps the order of turns and the bounds; has no opinion.
    Orchestrator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Planner,
        Self::Verifier,
        Self::Critic,
        Self::Human,
        Self::Executor,
        Self::Orchestrator,
    ];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Planner => "planner",
            Self::Verifier => "verifier",
            Self::Critic => "critic",
            Self::Human => "human",
            Self::Executor => "executor",
            Self::Orchestrator => "orchestrator",
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// What is sent.
    pub kind: Kind,
    /// By whom.
    pub from: Role,
    /// To whom.
    pub to: &'static [Role],
    /// In answer to what; empty: it opens a conversation, or answers anything (orchestrator only).
    pub because: &'static [Kind],
}

const fn rule(kind: Kind, from: Role, to: &'static [Role], because: &'static [Kind]) -> Rule {
    Rule {
        kind,
        from,
        to,
        because,
    }
}

/// The table. What is not in it is refused.
pub const TABLE: &[Rule] = &[
    rule(Kind::Goal, Role::Human, &[Role::Planner], &[]),
    rule(
        Kind::Proposal,
        Role::Planner,
        &[Role::Verifier],
        &[Kind::Goal],
    ),
    rule(
        Kind::VerificationResult,
        Role::Verifier,
        &[Role::Critic],
        &[Kind::Proposal, Kind::Revision, Kind::Answer],
    ),
    rule(
        Kind::Critique,
        Role::Critic,
        &[Role::Planner],
        &[Kind::VerificationResult],
    ),
    rule(
        Kind::Revision,
        Role::Planner,
        &[Role::Verifier],
        &[Kind::Critique, Kind::Answer],
    ),
    rule(
        Kind::Question,
        Role::Critic,
        &[Role::Human],
        &[Kind::VerificationResult, Kind::Critique],
    ),
    rule(
        Kind::Question,
        Role::Planner,
        &[Role::Human],
        &[Kind::Goal, Kind::Critique],
    ),
    rule(
        Kind::Answer,
        Role::Human,
        &[Role::Planner, Role::Critic, Role::Verifier],
        &[Kind::Question, Kind::Escalation, Kind::BudgetExhausted],
    ),
    rule(
        Kind::ApprovalRequest,
        Role::Critic,
        &[Role::Human],
        &[Kind::Critique],
    ),
    rule(
        Kind::Approval,
        Role::Human,
        &[Role::Executor],
        &[Kind::ApprovalRequest],
    ),
    rule(
        Kind::Rejection,
        Role::Human,
        &[Role::Planner],
        &[
            Kind::ApprovalRequest,
            Kind::Question,
            Kind::Escalation,
            Kind::BudgetExhausted,
        ],
    ),
    rule(
        Kind::Rejection,
        Role::Critic,
        &[Role::Human],
        &[Kind::Critique],
    ),
    rule(
        Kind::Escalation,
        Role::Critic,
        &[Role::Human],
        &[Kind::VerificationResult, Kind::Critique],
    ),
    rule(
        Kind::Escalation,
        Role::Orchestrator,
        &[Role::Human],
        &[
            Kind::Goal,
            Kind::Proposal,
            Kind::VerificationResult,
            Kind::Critique,
            Kind::Revision,
        ],
    ),
    rule(
        Kind::BudgetExhausted,
        Role::Orchestrator,
        &[Role::Human],
        &[
            Kind::Goal,
            Kind::Proposal,
            Kind::VerificationResult,
            Kind::Critique,
            Kind::Revision,
            Kind::Answer,
        ],
    ),
    rule(
        Kind::StaleNotice,
        Role::Orchestrator,
        &Role::ALL,
        &[Kind::Goal, Kind::Proposal, Kind::Revision],
    ),
    rule(Kind::Refusal, Role::Orchestrator, &Role::ALL, &[]),
];

/// The row for this kind from this role, if it may send it at all.
#[must_use]
pub fn find(kind: Kind, from: Role) -> Option<&'static Rule> {
    TABLE.iter().find(|r| r.kind == kind && r.from == from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pair_of_kind_and_role_stands_once_and_every_kind_has_a_sender() {
        for (i, rule) in TABLE.iter().enumerate() {
            let again = TABLE.iter().skip(i + 1);
            assert!(
                !again
                    .clone()
                    .any(|r| r.kind == rule.kind && r.from == rule.from),
                "{:?} twice",
                rule
            );
        }
        for kind in Kind::ALL {
            assert!(TABLE.iter().any(|r| r.kind == *kind), "{kind:?}");
        }
    }

    /// Written out by hand: what each role may say, and nothing else.
    #[test]
    fn no_role_does_the_work_of_another() {
        let may = |role: Role| {
            let mut kinds: Vec<&str> = TABLE
                .iter()
                .filter(|r| r.from == role)
                .map(|r| r.kind.word())
                .collect();
            kinds.sort_unstable();
            kinds
        };
        assert_eq!(may(Role::Planner), ["proposal", "question", "revision"]);
        assert_eq!(may(Role::Verifier), ["verification_result"]);
        assert_eq!(
            may(Role::Critic),
            [
                "approval_request",
                "critique",
                "escalation",
                "question",
                "rejection"
            ]
        );
        assert_eq!(
            may(Role::Human),
            ["answer", "approval", "goal", "rejection"]
        );
        assert_eq!(may(Role::Executor), Vec::<&str>::new());
        assert_eq!(
            may(Role::Orchestrator),
            ["budget_exhausted", "escalation", "refusal", "stale_notice"]
        );
    }
}
