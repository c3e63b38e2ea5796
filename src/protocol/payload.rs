//! What a message says, one shape a kind.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::id::MessageId;
use crate::finding::critique::CriticDecision;
use crate::gate::event::ApprovalForm;
use crate::ir::Digest;
use crate::report::Verdict;

macro_rules! payloads {
    ($($(#[doc = $doc:expr])+ $variant:ident = $word:literal {
        $($(#[doc = $fdoc:expr])+ $field:ident: $ty:ty),* $(,)?
    }),* $(,)?) => {
        /// What a message says.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
        pub enum Payload { $($(#[doc = $doc])+ $variant { $($(#[doc = $fdoc])+ $field: $ty),* }),* }

        /// The kinds of messages.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $($(#[doc = $doc])+ $variant),* }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word for it in a message.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl Payload {
            /// Its kind.
            #[must_use]
            pub const fn kind(&self) -> Kind {
                match self { $(Self::$variant { .. } => Kind::$variant),* }
            }
        }
    };
}

payloads! {
    /// What a person wants. Opens a conversation.
    Goal = "goal" {
        /// In plain words.
        goal: String,
        /// In plain words, one each.
        constraints: Vec<String>,
    },
    /// The first version, and what else was considered.
    Proposal = "proposal" {
        /// At least one; the first is the version that the message is about.
        candidates: Vec<Candidate>,
    },
    /// What the engines say, for every candidate.
    VerificationResult = "verification_result" {
        /// In the order of the candidates.
        results: Vec<CandidateResult>,
    },
    /// What the critic recommends.
    Critique = "critique" {
        /// The critique's own digest.
        critique: Digest,
        /// The report it is about.
        report: Digest,
        /// The recommendation.
        decision: CriticDecision,
        /// What became of each candidate but the first.
        considered: Vec<Considered>,
        /// The ids of what it asks a person; all of them are answered before anything is revised.
        questions: Vec<String>,
    },
    /// The next version.
    Revision = "revision" {
        /// The digest of the version it was made from.
        from: Digest,
        /// The critique it answers; null where it follows a person's answer alone.
        critique: Option<Digest>,
    },
    /// Something only a person can decide.
    Question = "question" {
        /// Its name, by which it is answered.
        question: String,
        /// In plain words.
        text: String,
        /// The ids of the answers it takes.
        options: Vec<String>,
    },
    /// A person's decision.
    Answer = "answer" {
        /// The question's name.
        question: String,
        /// The option chosen.
        option: String,
    },
    /// A version that waits for a person.
    ApprovalRequest = "approval_request" {
        /// The report to look at.
        report: Digest,
        /// The critique to look at.
        critique: Digest,
    },
    /// A person's authority for one version.
    Approval = "approval" {
        /// The digest of `approval.json`.
        approval: Digest,
        /// How it was approved.
        form: ApprovalForm,
    },
    /// The end of a version that nobody wants.
    Rejection = "rejection" {
        /// Why.
        reason: String,
    },
    /// What the receiver holds is about a version that is no longer the current one.
    StaleNotice = "stale_notice" {
        /// What is stale, and since when.
        notice: StaleNotice,
    },
    /// The agents cannot go on.
    Escalation = "escalation" {
        /// Why.
        reason: String,
    },
    /// A bound is used up.
    BudgetExhausted = "budget_exhausted" {
        /// Which: `rounds`, `seconds`, `tokens`, `micro_dollars`.
        bound: String,
        /// How much was spent.
        spent: u64,
        /// How much there was.
        limit: u64,
    },
    /// A message was not taken.
    Refusal = "refusal" {
        /// Which.
        message: MessageId,
        /// Stable.
        code: String,
        /// In plain words.
        why: String,
    },
}

/// One way to reach the goal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// The digest of its IR (S-12).
    pub digest: Digest,
    /// What speaks for it and against it.
    pub tradeoffs: String,
}

/// What the engines say about one candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CandidateResult {
    /// The candidate.
    pub candidate: Digest,
    /// The report's digest.
    pub report: Digest,
    /// The whole of it.
    pub verdict: Verdict,
    /// Blocking findings.
    pub blocking: u32,
    /// Warnings.
    pub warning: u32,
    /// Open obligations.
    pub open_obligations: u32,
    /// Whether every needed engine answered every property.
    pub complete: bool,
    /// The ids of the findings that count, sorted: how the loop sees that it makes no progress.
    pub findings: Vec<String>,
}

/// What became of a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Considered {
    /// The candidate.
    pub candidate: Digest,
    /// Whether the recommended changes draw on it.
    pub drawn_on: bool,
    /// What was taken from it, or why nothing was.
    pub why: String,
}

/// What is stale, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StaleNotice {
    /// The message that brought the new version.
    pub superseded_by: MessageId,
    /// The version that is stale.
    pub version: u32,
    /// The messages about it.
    pub messages: Vec<MessageId>,
}
