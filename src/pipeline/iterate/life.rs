//! What the life cycle is told of the loop's messages. The messages are the truth of the conversation, the events that of the
//! workflow; each event is appended before its message is sent, a second time never, and only where the verified model
//! allows it.

use super::bounds::ROUNDS;
use super::ending::IterateError;
use crate::agent::seat::PERSON;
use crate::audit::{LifeCycle, judge};
use crate::gate::event::{Event, Identity, Seat, What};
use crate::host::clock::Timestamp;
use crate::journal::{Durability, Journal, JournalError, Stream};
use crate::protocol::{Envelope, Payload};

/// The event that a message of the loop is; `None` for what changes nothing in the life of a workflow.
///
/// A person's answer, approval or rejection is an event of its own before it is a message, so it is none here.
#[must_use]
pub fn event_of(message: &Envelope) -> Option<Event> {
    let (by, what) = match &message.payload {
        Payload::Proposal { .. } => (
            Seat::Planner,
            What::Proposed {
                from: None,
                critique: None,
            },
        ),
        Payload::Revision { critique, .. } => (
            Seat::Planner,
            What::Proposed {
                from: message.version.checked_sub(1),
                critique: *critique,
            },
        ),
        Payload::VerificationResult { results } => {
            let first = results.first()?;
            let what = What::Verified {
                report: first.report,
                blocking: first.blocking,
                warning: first.warning,
                open_obligations: first.open_obligations,
                complete: first.complete,
            };
            (Seat::Verifier, what)
        }
        Payload::Critique {
            critique,
            report,
            decision,
            ..
        } => (
            Seat::Critic,
            What::Critiqued {
                report: *report,
                critique: *critique,
                decision: *decision,
            },
        ),
        Payload::Escalation { reason } => (Seat::Critic, escalated(reason, message)),
        // Only the bound on rounds belongs to the life cycle; for the others the run merely pauses where it is.
        Payload::BudgetExhausted { bound, .. } if bound == ROUNDS => {
            (Seat::Critic, escalated(&message.reasoning, message))
        }
        Payload::BudgetExhausted { .. }
        | Payload::Goal { .. }
        | Payload::Question { .. }
        | Payload::Answer { .. }
        | Payload::ApprovalRequest { .. }
        | Payload::Approval { .. }
        | Payload::Rejection { .. }
        | Payload::StaleNotice { .. }
        | Payload::Refusal { .. } => return None,
    };
    Some(Event {
        workflow: message.workflow.clone(),
        version: message.version,
        digest: message.digest?,
        by: match message.sender.name.strip_prefix(PERSON) {
            Some(user) => Identity::Person {
                user: user.to_owned(),
            },
            None => Identity::Seat {
                seat: by,
                by: message.sender.name.clone(),
            },
        },
        what,
    })
}

fn escalated(reason: &str, message: &Envelope) -> What {
    What::Escalated {
        reason: format!("{reason} ({})", message.id.short()),
    }
}

/// Tells the life cycle what a message is about to say.
///
/// # Errors
/// `Life` where the model does not allow it, `Journal`.
pub fn tell_of(journal: &Journal, message: &Envelope, now: Timestamp) -> Result<(), IterateError> {
    let Some(event) = event_of(message) else {
        return Ok(());
    };
    match &event.what {
        // `verify` has told it already, in the name of whoever runs it.
        What::Verified { .. } => Ok(()),
        What::Proposed { .. } => tell_author(journal, &event, now),
        _ => tell(journal, &event, now),
    }
}

/// Appends an event unless the journal has it already.
///
/// # Errors
/// `Life` where the model does not allow it, `Journal`.
fn tell(journal: &Journal, event: &Event, now: Timestamp) -> Result<(), IterateError> {
    append(journal, event, now, |known| known == event)
}

/// Appends who wrote a version, unless the journal knows an author for it already.
///
/// # Errors
/// `Life` where the model does not allow it, `Journal`.
pub fn tell_author(journal: &Journal, event: &Event, now: Timestamp) -> Result<(), IterateError> {
    append(journal, event, now, |known| {
        known.digest == event.digest
            && known.version == event.version
            && matches!(known.what, What::Proposed { .. })
    })
}

fn append(
    journal: &Journal,
    event: &Event,
    now: Timestamp,
    same: impl Fn(&Event) -> bool,
) -> Result<(), IterateError> {
    let added = journal.append_if(now, Durability::Decision, |stream| {
        if stream.entries.iter().any(|e| same(&e.body)) {
            return Err(Stop::Known);
        }
        allowed(stream, event).map_err(Stop::Life)?;
        Ok(event.clone())
    });
    match added {
        Ok(_) | Err(Stop::Known) => Ok(()),
        Err(Stop::Life(why)) => Err(IterateError::Life(why)),
        Err(Stop::Journal(error)) => Err(error.into()),
    }
}

/// Whether the model allows this event after those that are there.
fn allowed(stream: &Stream<Event>, event: &Event) -> Result<(), String> {
    let cycle = LifeCycle::embedded().map_err(|e| e.to_string())?;
    let life = judge(stream, &cycle, Some(&event.workflow)).life;
    life.allows(event).map_err(|e| e.to_string())
}

enum Stop {
    Known,
    Life(String),
    Journal(JournalError),
}

impl From<JournalError> for Stop {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}
