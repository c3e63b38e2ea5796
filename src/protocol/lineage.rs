//! Where a message comes from, and what came of it.

use super::exchange::{Exchange, Kept, Standing};
use super::id::MessageId;

/// The message and what it answers, back to the goal; the message itself first.
#[must_use]
pub fn back<'a>(exchange: &'a Exchange, id: &MessageId) -> Vec<&'a Kept> {
    let mut line = Vec::new();
    let mut next = exchange.get(id);
    while let Some(kept) = next {
        line.push(kept);
        next = kept
            .envelope
            .causation
            .as_ref()
            .and_then(|cause| exchange.get(cause));
    }
    line
}

/// Everything that follows from a message, in the order it came: answers to it, answers to those, and what it made stale.
#[must_use]
pub fn forward<'a>(exchange: &'a Exchange, id: &MessageId) -> Vec<&'a Kept> {
    let mut follows = vec![id];
    let mut line = Vec::new();
    for kept in exchange.messages() {
        let answers = kept
            .envelope
            .causation
            .as_ref()
            .is_some_and(|cause| follows.contains(&cause));
        if answers {
            follows.push(&kept.envelope.id);
        }
        if answers || made_stale(kept, id) {
            line.push(kept);
        }
    }
    line
}

/// What a message made stale, in the order it had come.
#[must_use]
pub fn overtaken<'a>(exchange: &'a Exchange, id: &MessageId) -> Vec<&'a Kept> {
    exchange
        .messages()
        .iter()
        .filter(|kept| made_stale(kept, id))
        .collect()
}

fn made_stale(kept: &Kept, id: &MessageId) -> bool {
    match &kept.standing {
        Standing::Current {} => false,
        Standing::Stale { by } | Standing::Late { by } => by == id,
    }
}
