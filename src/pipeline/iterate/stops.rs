//! Where the agents stop and a person is asked whether they may go on.

use super::bounds::UsedUp;
use super::ending::IterateError;
use super::letters::Letter;
use super::run::Loop;
use super::turn::Stuck;
use crate::protocol::{Envelope, Exchange, Kind, MessageId, Payload, Role, Spend};

impl Loop<'_> {
    pub(super) fn escalate(
        &self,
        exchange: &Exchange,
        at: &Envelope,
        stuck: Stuck,
    ) -> Result<(), IterateError> {
        self.stopped(exchange, at, stuck.words(), None)
    }

    pub(super) fn stopped(
        &self,
        exchange: &Exchange,
        at: &Envelope,
        why: &str,
        spend: Option<Spend>,
    ) -> Result<(), IterateError> {
        let payload = Payload::Escalation {
            reason: why.to_owned(),
        };
        let letter = Letter {
            spend,
            name: earlier(exchange, &at.id, Kind::Escalation).to_string(),
            ..Letter::new(Role::Orchestrator, Role::Human, payload, why)
        };
        let message = letter.answering(at, &self.seats());
        self.send(&message)
    }

    pub(super) fn exhausted(
        &self,
        exchange: &Exchange,
        at: &Envelope,
        used: UsedUp,
    ) -> Result<(), IterateError> {
        let payload = Payload::BudgetExhausted {
            bound: used.bound.to_owned(),
            spent: used.spent,
            limit: used.limit,
        };
        let why = format!(
            "{} of {} {} are used up",
            used.spent, used.limit, used.bound
        );
        let letter = Letter {
            name: earlier(exchange, &at.id, Kind::BudgetExhausted).to_string(),
            ..Letter::new(Role::Orchestrator, Role::Human, payload, why.clone())
        };
        let message = letter.answering(at, &self.seats());
        self.send(&message)
    }
}

fn earlier(exchange: &Exchange, cause: &MessageId, kind: Kind) -> usize {
    let messages = exchange.messages().iter().map(|k| &k.envelope);
    messages
        .filter(|e| e.causation.as_ref() == Some(cause) && e.payload.kind() == kind)
        .count()
}
