//! Whose turn it is: read from the messages alone, so that a loop that was killed goes on where it stopped.

use super::bounds::{Bounds, Since, UsedUp};
use crate::finding::critique::CriticDecision;
use crate::protocol::{Envelope, Exchange, GO_ON, Kind, MessageId, Payload};
use crate::report::Verdict;

/// What has to happen next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn<'a> {
    /// No goal is known.
    Start,
    /// The planner proposes; in answer to the goal.
    Propose(&'a Envelope),
    /// The engines answer for a version.
    Verify {
        /// The proposal, the revision, or a person's wish to try again.
        cause: &'a Envelope,
        /// The message that brought the version.
        version: &'a Envelope,
    },
    /// The critic speaks; in answer to a result.
    Criticise(&'a Envelope),
    /// The critique asks a person; in answer to it.
    Ask {
        /// The critique.
        critique: &'a Envelope,
        /// The question that has not been put yet.
        question: &'a str,
    },
    /// The planner revises; in answer to a critique whose questions are answered.
    Revise(&'a Envelope),
    /// The critic hands the version to a person; in answer to its critique.
    RequestApproval(&'a Envelope),
    /// The critic gives the version up; in answer to its critique.
    Reject(&'a Envelope),
    /// The agents cannot go on; in answer to where they stopped.
    Escalate(&'a Envelope, Stuck),
    /// A bound is used up; in answer to where they stopped.
    Exhausted(&'a Envelope, UsedUp),
    /// A person has to say something; to this message.
    Wait(&'a Envelope),
    /// Nothing more happens; because of this message.
    Ended(&'a Envelope),
}

/// Why the agents cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stuck {
    /// A needed engine gave no answer.
    Inconclusive,
    /// The revision left the same findings.
    NoProgress,
}

impl Stuck {
    /// For the person who is asked.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Inconclusive => {
                "a needed engine gave no answer, which is neither a pass nor a failure"
            }
            Self::NoProgress => "the revision left exactly the findings of the version before",
        }
    }
}

/// What has to happen next in this conversation.
#[must_use]
pub fn turn<'a>(exchange: &'a Exchange, bounds: &Bounds) -> Turn<'a> {
    let state = Reading {
        exchange,
        bounds,
        since: Since::of(exchange),
    };
    match state.tip() {
        Some(tip) => state.after(tip, false),
        None => Turn::Start,
    }
}

struct Reading<'a, 'b> {
    exchange: &'a Exchange,
    bounds: &'b Bounds,
    since: Since,
}

impl<'a> Reading<'a, '_> {
    /// The last message that counts and that somebody has to act upon.
    fn tip(&self) -> Option<&'a Envelope> {
        self.exchange.counting().rfind(|e| match e.payload.kind() {
            Kind::StaleNotice | Kind::Refusal => false,
            Kind::Goal
            | Kind::Proposal
            | Kind::VerificationResult
            | Kind::Critique
            | Kind::Revision
            | Kind::Question
            | Kind::Answer
            | Kind::ApprovalRequest
            | Kind::Approval
            | Kind::Rejection
            | Kind::Escalation
            | Kind::BudgetExhausted => true,
        })
    }

    /// What follows from a message; `granted`: a person said to go on from exactly here.
    fn after(&self, message: &'a Envelope, granted: bool) -> Turn<'a> {
        match &message.payload {
            Payload::Goal { .. } => self.affordable(message, granted, Turn::Propose(message)),
            Payload::Proposal { .. } | Payload::Revision { .. } => {
                let verify = Turn::Verify {
                    cause: message,
                    version: message,
                };
                self.affordable(message, granted, verify)
            }
            Payload::VerificationResult { results } => {
                let inconclusive = results.iter().any(|r| r.verdict == Verdict::Inconclusive);
                if inconclusive {
                    self.once_more(message, granted)
                } else {
                    self.affordable(message, granted, Turn::Criticise(message))
                }
            }
            Payload::Critique {
                decision,
                questions,
                ..
            } => match decision {
                CriticDecision::Accept => Turn::RequestApproval(message),
                CriticDecision::Reject => Turn::Reject(message),
                CriticDecision::Revise => self.revise(message, questions, granted),
            },
            Payload::Question { .. } => self.again(message.causation.as_ref(), message, false),
            Payload::Answer { option, .. } => self.answered(message, option),
            Payload::ApprovalRequest { .. }
            | Payload::Escalation { .. }
            | Payload::BudgetExhausted { .. } => Turn::Wait(message),
            Payload::Approval { .. }
            | Payload::Rejection { .. }
            // Neither is ever the tip.
            | Payload::StaleNotice { .. }
            | Payload::Refusal { .. } => Turn::Ended(message),
        }
    }

    fn affordable(&self, message: &'a Envelope, granted: bool, turn: Turn<'a>) -> Turn<'a> {
        match self.bounds.used_up(&self.since) {
            Some(used) if !granted => Turn::Exhausted(message, used),
            Some(_) | None => turn,
        }
    }

    fn revise(&self, critique: &'a Envelope, questions: &'a [String], granted: bool) -> Turn<'a> {
        for asked in questions {
            let put = self.exchange.counting().find(|e| {
                e.causation.as_ref() == Some(&critique.id)
                    && matches!(&e.payload, Payload::Question { question, .. } if question == asked)
            });
            let Some(put) = put else {
                return Turn::Ask {
                    critique,
                    question: asked,
                };
            };
            if self.exchange.answer(&put.id, Kind::Answer).is_none() {
                return Turn::Wait(put);
            }
        }
        match self.bounds.rounds_used_up(&self.since) {
            Some(used) if !granted => Turn::Exhausted(critique, used),
            Some(_) | None if !granted && self.stands_still(critique) => {
                Turn::Escalate(critique, Stuck::NoProgress)
            }
            Some(_) | None => self.affordable(critique, granted, Turn::Revise(critique)),
        }
    }

    fn answered(&self, answer: &'a Envelope, option: &str) -> Turn<'a> {
        let cause = answer
            .causation
            .as_ref()
            .and_then(|id| self.exchange.get(id));
        match cause.map(|c| (&c.envelope.payload, &c.envelope.causation)) {
            Some((Payload::Question { .. }, critique)) => {
                self.again(critique.as_ref(), answer, false)
            }
            Some((_, _)) if option != GO_ON => Turn::Ended(answer),
            Some((_, stopped_at)) => self.again(stopped_at.as_ref(), answer, true),
            None => Turn::Ended(answer),
        }
    }

    /// The turn that a message asked for before a person was asked.
    fn again(&self, id: Option<&MessageId>, asked: &'a Envelope, granted: bool) -> Turn<'a> {
        match id.and_then(|id| self.exchange.get(id)) {
            Some(kept) => match self.after(&kept.envelope, granted) {
                // A person wants the engines to try again: their answer is what the next result answers.
                Turn::Verify { version, .. }
                    if kept.envelope.payload.kind() == Kind::VerificationResult =>
                {
                    Turn::Verify {
                        cause: asked,
                        version,
                    }
                }
                turn => turn,
            },
            None => Turn::Ended(asked),
        }
    }

    fn once_more(&self, result: &'a Envelope, granted: bool) -> Turn<'a> {
        match self.exchange.current() {
            Some(version) if granted => Turn::Verify {
                cause: result,
                version,
            },
            Some(_) | None => Turn::Escalate(result, Stuck::Inconclusive),
        }
    }

    /// Whether the result that a critique is about has exactly the findings of the version before. What a person answered
    /// since then is progress.
    fn stands_still(&self, critique: &Envelope) -> bool {
        let result = critique
            .causation
            .as_ref()
            .and_then(|id| self.exchange.get(id));
        let Some(result) = result.map(|k| &k.envelope) else {
            return false;
        };
        let mut before = None;
        for earlier in self.exchange.messages().iter().map(|k| &k.envelope) {
            if earlier.id == result.id {
                break;
            }
            if matches!(
                earlier.payload,
                Payload::Answer { .. } | Payload::Goal { .. }
            ) {
                before = None;
            } else if earlier.version < result.version
                && let Some(found) = findings(earlier)
            {
                before = Some(found);
            }
        }
        before.is_some_and(|b| !b.is_empty() && findings(result) == Some(b))
    }
}

fn findings(result: &Envelope) -> Option<&[String]> {
    match &result.payload {
        Payload::VerificationResult { results } => results.first().map(|r| r.findings.as_slice()),
        _ => None,
    }
}
