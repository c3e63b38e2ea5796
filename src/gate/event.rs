//! What happens to a workflow, as its journal keeps it: one event a step of the life cycle. The journal is the truth; the
//! life cycle's model (`formal/spec_impl.v2.yaml`) says which order is allowed, and `audit` holds the one against the other.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::critique::CriticDecision;
use crate::ir::Digest;

/// Who did something, and how that is known.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Identity {
    /// Somebody logged in to this machine; unsigned.
    Person {
        /// The user's name.
        user: String,
    },
    /// Whoever holds this key; the signature stands beside the event's subject.
    Key {
        /// As in `allowed_signers`.
        principal: String,
        /// `SHA256:` and base64.
        fingerprint: String,
    },
    /// A seat that a program fills.
    Seat {
        /// Which.
        seat: Seat,
        /// `rules`, or `provider/model`.
        by: String,
    },
}

/// The seats at the table.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// Searches.
    Planner,
    /// Constrains.
    Verifier,
    /// Refines.
    Critic,
    /// Carries out.
    Executor,
}

/// One step in the life of a workflow. Every event names the version and the digest it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// `workflow_id`.
    pub workflow: String,
    /// `version`.
    pub version: u32,
    /// The digest of that version (S-12).
    pub digest: Digest,
    /// Who did it.
    pub by: Identity,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum What {
    /// A version is there for the first time. `by` is its author.
    Proposed {
        /// The version it was made from; null for the first, and for one a person wrote outside the loop.
        from: Option<u32>,
        /// The digest of the critique it answers; null where it answers none.
        critique: Option<Digest>,
    },
    /// The engines have answered.
    Verified {
        /// The report's digest.
        report: Digest,
        /// Blocking findings.
        blocking: u32,
        /// Warnings.
        warning: u32,
        /// Obligations that Lean left open.
        open_obligations: u32,
        /// Whether every needed engine answered every property it was asked.
        complete: bool,
    },
    /// A critic has spoken.
    Critiqued {
        /// The report's digest.
        report: Digest,
        /// The critique's own digest.
        critique: Digest,
        /// What it recommends.
        decision: CriticDecision,
    },
    /// A person answers for one finding of this version.
    Waived {
        /// The finding's id.
        finding: String,
        /// The report's digest.
        report: Digest,
        /// Why.
        reason: String,
    },
    /// A person gives authority to this version.
    Approved {
        /// Whether anything was waived.
        form: ApprovalForm,
        /// The report's digest.
        report: Digest,
        /// The critique's own digest.
        critique: Digest,
        /// The digest of the policy in force: the project's and the workflow's own.
        policy: Digest,
        /// The digest of `approval.json`.
        approval: Digest,
    },
    /// A person, or the critic, gives this version up.
    Rejected {
        /// Why.
        reason: String,
    },
    /// A person takes an approval back.
    Revoked {
        /// Why.
        reason: String,
    },
    /// The agents cannot go on; a person is asked.
    Escalated {
        /// Why.
        reason: String,
    },
    /// A person answered a question: one of a critique, or whether the agents may go on after an escalation.
    Answered {
        /// The critique that asked; null for an escalation, whose answers are `go_on` and `stop`.
        critique: Option<Digest>,
        /// The question's id; that of an escalation is the short id of its message.
        question: String,
        /// The option chosen.
        option: String,
    },
    /// An executor has begun, with a pass.
    Begun {
        /// The digest of `approval.json`.
        approval: Digest,
    },
    /// The executor's tests passed.
    TestsPassed {},
    /// The executor's tests failed.
    TestsFailed {},
}

impl What {
    /// The event's word, as in a journal.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Proposed { .. } => "proposed",
            Self::Verified { .. } => "verified",
            Self::Critiqued { .. } => "critiqued",
            Self::Waived { .. } => "waived",
            Self::Approved { .. } => "approved",
            Self::Rejected { .. } => "rejected",
            Self::Revoked { .. } => "revoked",
            Self::Escalated { .. } => "escalated",
            Self::Answered { .. } => "answered",
            Self::Begun { .. } => "begun",
            Self::TestsPassed {} => "tests_passed",
            Self::TestsFailed {} => "tests_failed",
        }
    }
}

/// How a version was approved.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalForm {
    /// Nothing was waived and no obligation is open.
    ApprovedWithProof,
    /// Something was waived, or an obligation is open.
    ApprovedWithWaiver,
}
