//! The outside of a message: about what, from whom, to whom, because of what.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::authority::Role;
use super::id::{CorrelationId, MessageId};
use super::payload::{Payload, StaleNotice};
use crate::ir::Digest;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The format of this document; see [`super::formats`].
    pub format: u32,
    /// Its name.
    pub id: MessageId,
    /// `workflow_id` of what it is about.
    pub workflow: String,
    /// The version it is about; 0 while there is none.
    pub version: u32,
    /// The digest of that version; null while there is none.
    pub digest: Option<Digest>,
    /// The conversation.
    pub correlation: CorrelationId,
    /// The message it answers; null only for the goal.
    pub causation: Option<MessageId>,
    /// Who says so.
    pub sender: Party,
    /// Who is told.
    pub receiver: Party,
    /// Files that belong to it.
    pub artifacts: Vec<ArtifactRef>,
    /// What it says.
    pub payload: Payload,
    /// What this message makes stale; null for most.
    pub stale: Option<StaleNotice>,
    /// What making it cost; null where nothing was paid for.
    pub spend: Option<Spend>,
    /// When, RFC 3339 in UTC. For people; no order is read from it.
    pub at: String,
    /// Why, in plain words; never empty.
    pub reasoning: String,
}

/// One end of a message.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// The role.
    pub role: Role,
    /// Who fills it: `rules`, `engines`, `provider/model`, a person's name.
    pub name: String,
}

/// A file as it was when the message was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArtifactRef {
    /// Relative to the project.
    pub path: String,
    /// What it is identified by: the digest of a workflow's IR, of a report's conclusions, of a critique.
    pub digest: Digest,
}

/// What was paid for a message: calls of models, and the time of whoever made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spend {
    /// Calls of models; an answer from the cache is none.
    pub calls: u32,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// Millionths of a dollar, as far as prices are known.
    pub micro_dollars: u64,
    /// Calls whose price is not known.
    pub unpriced_calls: u32,
    /// Milliseconds of wall time.
    pub millis: u64,
}

impl std::ops::AddAssign for Spend {
    fn add_assign(&mut self, other: Self) {
        self.calls = self.calls.saturating_add(other.calls);
        self.input_tokens = self.input_tokens.saturating_add(other.input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(other.output_tokens);
        self.micro_dollars = self.micro_dollars.saturating_add(other.micro_dollars);
        self.unpriced_calls = self.unpriced_calls.saturating_add(other.unpriced_calls);
        self.millis = self.millis.saturating_add(other.millis);
    }
}

impl Party {
    /// This one in this role.
    #[must_use]
    pub fn new(role: Role, name: impl Into<String>) -> Self {
        Self {
            role,
            name: name.into(),
        }
    }
}
