//! Writes the loop's messages. Their names follow from what they answer, so that a message sent again after a crash is the
//! same message.

use crate::ir::Digest;
use crate::protocol::formats::WRITES;
use crate::protocol::{
    ArtifactRef, CorrelationId, Envelope, MessageId, Party, Payload, Role, Seats, Spend,
};

/// What a message says, before it is addressed.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Who speaks.
    pub from: Role,
    /// To whom.
    pub to: Role,
    /// What.
    pub payload: Payload,
    /// Why.
    pub reasoning: String,
    /// Files that belong to it.
    pub artifacts: Vec<ArtifactRef>,
    /// What it cost.
    pub spend: Option<Spend>,
    /// Tells several messages of one kind to one cause apart; empty for most.
    pub name: String,
}

impl Letter {
    /// A letter without files and cost.
    #[must_use]
    pub fn new(from: Role, to: Role, payload: Payload, reasoning: impl Into<String>) -> Self {
        Self {
            from,
            to,
            payload,
            reasoning: reasoning.into(),
            artifacts: Vec::new(),
            spend: None,
            name: String::new(),
        }
    }

    /// In answer to a message about the same version.
    #[must_use]
    pub fn answering(self, cause: &Envelope, seats: &Seats) -> Envelope {
        let (version, digest) = (cause.version, cause.digest);
        self.about(cause, seats, version, digest)
    }

    /// In answer to a message, about this version.
    #[must_use]
    pub fn about(
        self,
        cause: &Envelope,
        seats: &Seats,
        version: u32,
        digest: Option<Digest>,
    ) -> Envelope {
        let kind = self.payload.kind().word();
        let party = |role: Role| {
            let name = seats.get(&role).cloned();
            Party::new(role, name.unwrap_or_else(|| role.word().to_owned()))
        };
        Envelope {
            format: WRITES,
            id: MessageId::of(&[&cause.id.to_string(), kind, &self.name]),
            workflow: cause.workflow.clone(),
            version,
            digest,
            correlation: cause.correlation.clone(),
            causation: Some(cause.id.clone()),
            sender: party(self.from),
            receiver: party(self.to),
            artifacts: self.artifacts,
            payload: self.payload,
            stale: None,
            spend: self.spend,
            at: String::new(),
            reasoning: self.reasoning,
        }
    }
}

/// The message that opens a conversation: the `round`th about this workflow.
#[must_use]
pub fn goal(
    workflow: &str,
    round: usize,
    goal: &str,
    constraints: &[String],
    seats: &Seats,
) -> Envelope {
    let number = round.to_string();
    let name = |role: Role| {
        let name = seats.get(&role).cloned();
        Party::new(role, name.unwrap_or_else(|| role.word().to_owned()))
    };
    Envelope {
        format: WRITES,
        id: MessageId::of(&[workflow, "goal", &number]),
        workflow: workflow.to_owned(),
        version: 0,
        digest: None,
        correlation: CorrelationId::of(&[workflow, "conversation", &number]),
        causation: None,
        sender: name(Role::Human),
        receiver: name(Role::Planner),
        artifacts: Vec::new(),
        payload: Payload::Goal {
            goal: goal.to_owned(),
            constraints: constraints.to_vec(),
        },
        stale: None,
        spend: None,
        at: String::new(),
        reasoning: "what is wanted".to_owned(),
    }
}
