//! What people have said since: read from the journal, where `answer`, `approve` and `reject` write it.

use super::letters::Letter;
use crate::gate::event::{Event, Identity, What};
use crate::journal::Stream;
use crate::protocol::{Envelope, Exchange, Kind, Payload, Role};
use crate::revise::Answers;

/// What a person has said to a message that waits for one.
#[must_use]
pub fn said(exchange: &Exchange, message: &Envelope, journal: &Stream<Event>) -> Option<Letter> {
    let mut events = journal.entries.iter().map(|e| &e.body).filter(|e| {
        Some(e.digest) == message.digest && e.version == message.version && person(&e.by)
    });
    match &message.payload {
        Payload::ApprovalRequest { .. } => decision(events),
        Payload::Question { question, .. } => {
            let critique = message.causation.as_ref().and_then(|id| exchange.get(id));
            let of = critique.and_then(|k| match &k.envelope.payload {
                Payload::Critique { critique, .. } => Some(*critique),
                _ => None,
            });
            events.find_map(|e| match &e.what {
                What::Answered {
                    critique,
                    question: answered,
                    option,
                } if *critique == of && answered == question => {
                    Some(answer(Role::Planner, question, option))
                }
                _ => None,
            })
        }
        Payload::Escalation { .. } | Payload::BudgetExhausted { .. } => {
            events.find_map(|e| match &e.what {
                What::Answered {
                    critique: None,
                    question,
                    option,
                } if question == message.id.short() => {
                    Some(answer(receiver(exchange, message), question, option))
                }
                _ => None,
            })
        }
        _ => None,
    }
}

/// The last thing a person decided about a version.
fn decision<'a>(events: impl Iterator<Item = &'a Event>) -> Option<Letter> {
    let mut last = None;
    for event in events {
        match &event.what {
            What::Approved { approval, form, .. } => {
                let payload = Payload::Approval {
                    approval: *approval,
                    form: *form,
                };
                let why = "a person approved this version";
                last = Some(Letter::new(Role::Human, Role::Executor, payload, why));
            }
            What::Rejected { reason } => {
                let payload = Payload::Rejection {
                    reason: reason.clone(),
                };
                last = Some(Letter::new(
                    Role::Human,
                    Role::Planner,
                    payload,
                    reason.clone(),
                ));
            }
            What::Revoked { .. } => last = None,
            What::Proposed { .. }
            | What::Verified { .. }
            | What::Critiqued { .. }
            | What::Waived { .. }
            | What::Escalated { .. }
            | What::Answered { .. }
            | What::Begun { .. }
            | What::TestsPassed {}
            | What::TestsFailed {} => {}
        }
    }
    last
}

fn answer(to: Role, question: &str, option: &str) -> Letter {
    let payload = Payload::Answer {
        question: question.to_owned(),
        option: option.to_owned(),
    };
    Letter::new(Role::Human, to, payload, "a person decided")
}

/// Who goes on when the agents may: whoever had to answer what they stopped at.
pub(super) fn receiver(exchange: &Exchange, stopped: &Envelope) -> Role {
    let at = stopped.causation.as_ref().and_then(|id| exchange.get(id));
    match at.map(|k| k.envelope.payload.kind()) {
        Some(Kind::VerificationResult) => Role::Verifier,
        _ => Role::Planner,
    }
}

/// What people answered to the questions of a critique.
#[must_use]
pub fn answers(exchange: &Exchange, critique: &Envelope) -> Answers {
    let mut answers = Answers::new();
    for question in exchange.counting() {
        let Payload::Question { question: name, .. } = &question.payload else {
            continue;
        };
        if question.causation.as_ref() != Some(&critique.id) {
            continue;
        }
        if let Some(Payload::Answer { option, .. }) = exchange
            .answer(&question.id, Kind::Answer)
            .map(|e| &e.payload)
        {
            answers.insert(name.clone(), option.clone());
        }
    }
    answers
}

const fn person(by: &Identity) -> bool {
    match by {
        Identity::Person { .. } | Identity::Key { .. } => true,
        Identity::Seat { .. } => false,
    }
}
