//! What waits for a person: versions that a critic accepts, questions, escalations.

use super::approve::{Person, Proposal, propose};
use super::denied::Denied;
use super::subject::Subject;
use crate::finding::critique::{Change, CriticDecision};
use crate::gate::event::{Event, Identity, What};
use crate::gate::{Cause, How, Verdict, judge};
use crate::host::clock::Timestamp;

/// Something that only a person can do.
#[derive(Debug, Clone)]
pub enum Waiting {
    /// A version that the critic accepts is to be approved.
    Approval {
        /// What would be approved; or what stands in the way, whoever approves.
        proposal: Result<Box<Proposal>, String>,
    },
    /// A question of the critic.
    Question {
        /// Its id.
        id: String,
        /// In plain words.
        question: String,
        /// The ids of the answers and what they mean.
        options: Vec<(String, String)>,
    },
    /// The agents cannot go on.
    Escalation {
        /// Why.
        reason: String,
    },
}

/// Everything that waits about one workflow.
#[must_use]
pub fn pending(subject: &Subject, now: Timestamp) -> Vec<Waiting> {
    let case = subject.case();
    let mut waiting = Vec::new();
    if let Some(reason) = escalation(case.journal.entries.iter().map(|e| &e.body)) {
        waiting.push(Waiting::Escalation { reason });
    }
    let Ok(standing) = case.version().and_then(|version| case.standing(version)) else {
        return waiting;
    };
    let Some((critique, digest)) = standing.critique else {
        return waiting;
    };
    let answered = |id: &str| {
        let mut events = case.journal.entries.iter().map(|e| &e.body.what);
        events.any(|e| matches!(e, What::Answered { critique, question, .. } if *critique == Some(digest) && question == id))
    };
    for recommended in &critique.recommended_changes {
        if let Change::AskHuman {
            id,
            question,
            options,
        } = &recommended.change
            && !answered(id)
        {
            waiting.push(Waiting::Question {
                id: id.clone(),
                question: question.clone(),
                options: options
                    .iter()
                    .map(|o| (o.id.clone(), o.text.clone()))
                    .collect(),
            });
        }
    }
    let open = matches!(judge(&case, now), Verdict::Open(_));
    if critique.decision == CriticDecision::Accept && !open {
        match propose(subject, &somebody()) {
            Ok(proposal) => waiting.push(Waiting::Approval {
                proposal: Ok(Box::new(proposal)),
            }),
            // An approval is there and does not open the gate: that is the gate's to tell.
            Err(Denied::Already(_)) => {}
            Err(denied) if over(&denied) => {}
            Err(denied) => waiting.push(Waiting::Approval {
                proposal: Err(denied.to_string()),
            }),
        }
    }
    waiting
}

/// Whether nothing is to be decided about the version any more.
fn over(denied: &Denied) -> bool {
    matches!(denied, Denied::Reason(r) if matches!(r.cause, Cause::Rejected | Cause::Revoked | Cause::Superseded))
}

/// Nobody in particular: a person who wrote nothing and approved nothing.
fn somebody() -> Person {
    Person {
        by: Identity::Person {
            user: String::new(),
        },
        account: String::new(),
        how: How::Terminal,
    }
}

/// Why the agents stopped, if nobody answered and nothing was proposed since.
fn escalation<'a>(events: impl DoubleEndedIterator<Item = &'a Event>) -> Option<String> {
    for event in events.rev() {
        match &event.what {
            What::Escalated { reason } => return Some(reason.clone()),
            What::Proposed { .. }
            | What::Answered { critique: None, .. }
            | What::Rejected { .. }
            | What::Approved { .. } => return None,
            What::Verified { .. }
            | What::Critiqued { .. }
            | What::Waived { .. }
            | What::Revoked { .. }
            | What::Answered {
                critique: Some(_), ..
            }
            | What::Begun { .. }
            | What::TestsPassed {}
            | What::TestsFailed {} => {}
        }
    }
    None
}
