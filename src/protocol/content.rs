//! Whether what a message says fits itself and the message it answers.

use super::envelope::Envelope;
use super::payload::Payload;
use super::refusal::Refusal;
use crate::ir::Digest;

/// The longest reasoning, goal or other free text, in characters.
pub const TEXT_CHARS: usize = 20_000;
/// What a person can answer to an escalation, or when a bound is used up.
pub const GO_ON: &str = "go_on";
/// The other answer.
pub const STOP: &str = "stop";

/// Whether it says why, within bounds.
pub(super) fn texts(message: &Envelope) -> Result<(), Refusal> {
    if message.reasoning.trim().is_empty() {
        return Err(Refusal::NoReasoning);
    }
    let long = |text: &str| text.chars().count() > TEXT_CHARS;
    let too_long = |what| {
        Err(Refusal::TooLong {
            what,
            limit: TEXT_CHARS,
        })
    };
    if long(&message.reasoning) {
        return too_long("reasoning");
    }
    if let Payload::Goal { goal, constraints } = &message.payload
        && (long(goal) || constraints.iter().any(|c| long(c)))
    {
        return too_long("goal");
    }
    Ok(())
}

/// Whether a message that answers nothing may stand so.
pub(super) fn stands_alone(message: &Envelope) -> Result<(), Refusal> {
    match &message.payload {
        Payload::Goal { .. } if message.version != 0 || message.digest.is_some() => Err(
            Refusal::Inconsistent("a goal comes before there is any version"),
        ),
        _ => Ok(()),
    }
}

/// Whether a message says what it can say about the one it answers.
pub(super) fn fits(message: &Envelope, cause: &Envelope) -> Result<(), Refusal> {
    let wrong = |why| Err(Refusal::Inconsistent(why));
    match (&message.payload, &cause.payload) {
        (Payload::Proposal { candidates }, _) => {
            let digests: Vec<Digest> = candidates.iter().map(|c| c.digest).collect();
            let distinct = digests
                .iter()
                .enumerate()
                .all(|(i, d)| !digests.iter().take(i).any(|o| o == d));
            match digests.first() {
                Some(first) if Some(*first) == message.digest && distinct => Ok(()),
                Some(_) => {
                    wrong("the first candidate is the version it proposes, and all of them differ")
                }
                None => wrong("it proposes nothing"),
            }
        }
        (Payload::VerificationResult { results }, of) => {
            let expected: Vec<Digest> = match of {
                Payload::Proposal { candidates } => candidates.iter().map(|c| c.digest).collect(),
                _ => cause.digest.into_iter().collect(),
            };
            if !results.iter().map(|r| r.candidate).eq(expected) {
                return wrong("it does not speak of every candidate in their order");
            }
            let there = |d: &Digest| message.artifacts.iter().any(|a| a.digest == *d);
            if !results.iter().all(|r| there(&r.report)) {
                return wrong("it does not name the report it speaks of");
            }
            Ok(())
        }
        (
            Payload::Critique {
                critique,
                report,
                considered,
                ..
            },
            Payload::VerificationResult { results },
        ) => {
            if results.first().map(|r| r.report) != Some(*report) {
                return wrong("it is about another report than the one it answers");
            }
            if !considered
                .iter()
                .map(|c| c.candidate)
                .eq(results.iter().skip(1).map(|r| r.candidate))
            {
                return wrong("it does not say of every candidate what became of it");
            }
            if considered.iter().any(|c| c.why.trim().is_empty()) {
                return wrong("it does not say why");
            }
            if !message.artifacts.iter().any(|a| a.digest == *critique) {
                return wrong("it does not name the critique it speaks of");
            }
            Ok(())
        }
        (Payload::Revision { from, critique }, of) => {
            let answered = match of {
                Payload::Critique { critique, .. } => Some(*critique),
                _ => None,
            };
            if Some(*from) != cause.digest {
                return wrong("it was made from another version than the one criticised");
            }
            if answered.is_some() && *critique != answered {
                return wrong("it answers another critique");
            }
            Ok(())
        }
        (
            Payload::ApprovalRequest { report, critique },
            Payload::Critique {
                report: r,
                critique: c,
                ..
            },
        ) => {
            if (report, critique) == (r, c) {
                Ok(())
            } else {
                wrong("it names another report or critique than the one it rests on")
            }
        }
        (
            Payload::Answer { question, option },
            Payload::Question {
                question: asked,
                options,
                ..
            },
        ) => {
            if question != asked {
                wrong("it answers another question")
            } else if options.contains(option) {
                Ok(())
            } else {
                wrong("that is none of the answers the question takes")
            }
        }
        (Payload::Answer { option, .. }, _) => {
            if option == GO_ON || option == STOP {
                Ok(())
            } else {
                wrong("the answers are `go_on` and `stop`")
            }
        }
        _ => Ok(()),
    }
}
