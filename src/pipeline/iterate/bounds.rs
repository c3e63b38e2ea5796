//! What the loop may spend before a person is asked, and what it has spent since one was.

use std::num::NonZeroU32;

use crate::finding::critique::CriticDecision;
use crate::protocol::{Exchange, GO_ON, Kind, MessageId, Payload, Spend};

/// The most revisions between two decisions of a person that the verified life cycle allows.
pub const MOST_ROUNDS: u32 = 3;

/// The name of the bound on revisions.
pub const ROUNDS: &str = "rounds";

/// What may be spent before a person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Revisions, at most [`MOST_ROUNDS`].
    pub rounds: NonZeroU32,
    /// Seconds of work.
    pub seconds: Option<u64>,
    /// Tokens, sent and received.
    pub tokens: Option<u64>,
    /// Millionths of a dollar. With this bound, a call whose price is not known counts as all of it.
    pub micro_dollars: Option<u64>,
}

/// A bound that is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsedUp {
    /// `rounds`, `seconds`, `tokens`, `micro_dollars`.
    pub bound: &'static str,
    /// How much was spent.
    pub spent: u64,
    /// How much there was.
    pub limit: u64,
}

/// What was spent since a person last decided something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Since {
    /// Revisions.
    pub rounds: u32,
    /// The rest.
    pub spend: Spend,
}

impl Since {
    /// Of a conversation: since its last goal, or since a person last said to go on.
    #[must_use]
    pub fn of(exchange: &Exchange) -> Self {
        let mut since = Self::default();
        let mut versions = false;
        for kept in exchange.messages() {
            let envelope = &kept.envelope;
            match &envelope.payload {
                // In the life cycle, a version for a new goal is the first revision of what was there for the old one.
                Payload::Goal { .. } => {
                    since = Self {
                        rounds: u32::from(versions),
                        ..Self::default()
                    };
                }
                Payload::Answer { option, .. } if option == GO_ON => {
                    since.spend = Spend::default();
                    // A pause over money is none of the life cycle's business, so it gives no new rounds.
                    if envelope
                        .causation
                        .as_ref()
                        .is_some_and(|id| new_rounds(exchange, id))
                    {
                        since.rounds = 0;
                    }
                }
                _ => {}
            }
            versions |= envelope.version > 0;
            if envelope.payload.kind() == Kind::Revision {
                since.rounds += 1;
            }
            if let Some(spend) = envelope.spend {
                since.spend += spend;
            }
        }
        since
    }
}

/// Whether going on after this message gives the agents new rounds.
fn new_rounds(exchange: &Exchange, stopped: &MessageId) -> bool {
    match exchange.get(stopped).map(|k| &k.envelope.payload) {
        Some(Payload::Escalation { .. }) => true,
        Some(Payload::BudgetExhausted { bound, .. }) => bound == ROUNDS,
        _ => false,
    }
}

impl Bounds {
    /// The first bound other than that of rounds that is used up.
    #[must_use]
    pub fn used_up(&self, since: &Since) -> Option<UsedUp> {
        let spend = &since.spend;
        let check = |bound, spent: u64, limit: Option<u64>| {
            limit.filter(|l| spent >= *l).map(|limit| UsedUp {
                bound,
                spent,
                limit,
            })
        };
        let money = match self.micro_dollars {
            Some(limit) if spend.unpriced_calls > 0 => limit.max(spend.micro_dollars),
            Some(_) | None => spend.micro_dollars,
        };
        check("seconds", spend.millis / 1000, self.seconds)
            .or_else(|| {
                let tokens = spend.input_tokens.saturating_add(spend.output_tokens);
                check("tokens", tokens, self.tokens)
            })
            .or_else(|| check("micro_dollars", money, self.micro_dollars))
    }

    /// Whether another revision is one too many.
    #[must_use]
    pub fn rounds_used_up(&self, since: &Since) -> Option<UsedUp> {
        let limit = self.rounds.get().min(MOST_ROUNDS);
        (since.rounds >= limit).then_some(UsedUp {
            bound: ROUNDS,
            spent: since.rounds.into(),
            limit: limit.into(),
        })
    }
}

/// A critic's decision in a word.
#[must_use]
pub const fn word(decision: CriticDecision) -> &'static str {
    match decision {
        CriticDecision::Revise => "revise",
        CriticDecision::Accept => "accept",
        CriticDecision::Reject => "reject",
    }
}
