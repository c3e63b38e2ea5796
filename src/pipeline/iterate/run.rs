//! The loop itself: reads whose turn it is, lets them work, sends what they say.

use super::bounds::{Bounds, ROUNDS, Since, UsedUp};
use super::desk::{Desk, DeskError, WORKFLOW_FILE};
use super::ending::{Ending, How, IterateError};
use super::life::tell_of;
use super::people;
use super::turn::{Turn, turn};
use crate::agent::seat::{Critic, Made, Planner, SeatError, SeatFailure};
use crate::engine::Progress;
use crate::gate::event::Event;
use crate::host::cancel::CancelToken;
use crate::host::clock::{Stopwatch, Timestamp};
use crate::journal::Journal;
use crate::pipeline::engines::Selection;
use crate::pipeline::record;
use crate::protocol::{Delivery, Envelope, Exchange, Mailbox, Payload, Role, Seats, Spend};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A sign of life.
#[derive(Debug, Clone, PartialEq)]
pub enum Sign {
    /// Somebody is at work.
    Working {
        /// Revisions since a person last decided, plus one.
        round: u32,
        /// Who.
        who: Role,
        /// On which version; 0 before there is one.
        version: u32,
    },
    /// The engines answered.
    Answered {
        /// About which version.
        version: u32,
        /// Findings, by severity.
        blocking: u32,
        /// Findings, by severity.
        warning: u32,
        /// Findings, by severity.
        info: u32,
    },
    /// What was spent since a person last decided.
    Spent(Since),
    /// An engine's own.
    Engine(Progress),
}

/// One run of the loop.
pub struct Loop<'a> {
    /// The files.
    pub desk: Desk<'a>,
    /// Whoever searches.
    pub planner: &'a dyn Planner,
    /// Whoever refines.
    pub critic: &'a dyn Critic,
    /// Whoever constrains.
    pub engines: Selection,
    /// Wall time for each engine.
    pub deadline: Duration,
    /// What may be spent.
    pub bounds: Bounds,
    /// Stops everything.
    pub cancel: CancelToken,
    /// Told what happens.
    pub tell: &'a (dyn Fn(Sign) + Sync),
}

impl Loop<'_> {
    /// Who sits where, by name.
    #[must_use]
    pub fn seats(&self) -> Seats {
        Seats::from([
            (Role::Planner, self.planner.name()),
            (Role::Verifier, "engines".to_owned()),
            (Role::Critic, self.critic.name()),
            (Role::Orchestrator, "tribunal".to_owned()),
        ])
    }

    /// The log.
    #[must_use]
    pub fn mailbox(&self) -> Mailbox {
        Mailbox::at(self.desk.messages(), self.seats())
    }

    pub(super) fn journal(&self) -> Journal {
        record::journal(self.desk.project, &self.desk.workflow)
    }

    /// Goes on until a person has to decide, or it is over.
    ///
    /// # Errors
    /// See [`IterateError`]; everything done before stays done.
    pub async fn run(&self) -> Result<Ending, IterateError> {
        loop {
            if self.cancel.cancelled() {
                return Err(IterateError::Interrupted);
            }
            let exchange = self.mailbox().read()?.exchange;
            (self.tell)(Sign::Spent(Since::of(&exchange)));
            match turn(&exchange, &self.bounds) {
                Turn::Start => {
                    let nothing = "nothing was asked for yet".to_owned();
                    return Err(IterateError::UnderWay(nothing));
                }
                Turn::Propose(goal) => self.propose(&exchange, goal).await?,
                Turn::Verify { cause, version } => self.verify(&exchange, cause, version)?,
                Turn::Criticise(result) => self.criticise(&exchange, result).await?,
                Turn::Ask { critique, question } => self.ask(critique, question)?,
                Turn::Revise(critique) => self.revise(&exchange, critique).await?,
                Turn::RequestApproval(critique) => self.request_approval(critique)?,
                Turn::Reject(critique) => self.reject(critique)?,
                Turn::Escalate(at, stuck) => self.escalate(&exchange, at, stuck)?,
                Turn::Exhausted(at, used) => self.exhausted(&exchange, at, used)?,
                Turn::Wait(message) => {
                    let journal = self.journal().read::<Event>()?;
                    match people::said(&exchange, message, &journal) {
                        Some(letter) => self.send(&letter.answering(message, &self.seats()))?,
                        None => return Ok(self.ending(&exchange, awaited(message))),
                    }
                }
                Turn::Ended(message) => return Ok(self.ending(&exchange, over(message))),
            }
        }
    }

    pub(super) fn send(&self, message: &Envelope) -> Result<(), IterateError> {
        tell_of(&self.journal(), message, Timestamp::now())?;
        let look = |artifact: &_| self.desk.look(artifact);
        match self.mailbox().send(message, &look, Timestamp::now())? {
            Delivery::Taken { .. } | Delivery::Known => Ok(()),
            Delivery::Refused(refusal) => Err(IterateError::Refused {
                what: message.payload.kind().word(),
                refusal,
            }),
        }
    }

    pub(super) fn working(&self, exchange: &Exchange, who: Role, version: u32) {
        (self.tell)(Sign::Working {
            round: Since::of(exchange).rounds + 1,
            who,
            version,
        });
    }

    pub(super) fn file(&self, version: u32) -> PathBuf {
        self.desk.folder(version).join(WORKFLOW_FILE)
    }

    fn ending(&self, exchange: &Exchange, how: How) -> Ending {
        let current = exchange.current();
        let version = current.map_or(0, |e| e.version);
        Ending {
            workflow: self.desk.workflow.clone(),
            version,
            digest: current.and_then(|e| e.digest),
            file: current.and_then(|e| {
                let digest = e.digest?;
                Some(self.desk.artifact(&self.file(version), digest).path)
            }),
            how,
        }
    }
}

fn awaited(message: &Envelope) -> How {
    let name = message.id.short().to_owned();
    match &message.payload {
        Payload::Question {
            question,
            text,
            options,
        } => How::AwaitsAnswer {
            question: question.clone(),
            text: text.clone(),
            options: options.clone(),
        },
        Payload::Escalation { reason } => How::Escalated {
            question: name,
            why: reason.clone(),
        },
        Payload::BudgetExhausted {
            bound,
            spent,
            limit,
        } => How::Exhausted {
            question: name,
            used: UsedUp {
                bound: match bound.as_str() {
                    "rounds" => ROUNDS,
                    "seconds" => "seconds",
                    "tokens" => "tokens",
                    _ => "micro_dollars",
                },
                spent: *spent,
                limit: *limit,
            },
        },
        _ => How::AwaitsApproval,
    }
}

fn over(message: &Envelope) -> How {
    match &message.payload {
        Payload::Approval { .. } => How::Approved,
        Payload::Rejection { reason } => How::Rejected {
            why: reason.clone(),
        },
        _ => How::Rejected {
            why: "a person stopped the agents".to_owned(),
        },
    }
}

pub(super) fn timed(spend: Spend, clock: &Stopwatch) -> Spend {
    let millis = u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX);
    Spend {
        millis: spend.millis.max(millis),
        ..spend
    }
}

pub(super) fn seated<T>(
    role: &'static str,
    made: Result<Made<T>, SeatError>,
) -> Result<Made<T>, IterateError> {
    made.map_err(|error| match error.sort {
        SeatFailure::Cancelled => IterateError::Interrupted,
        SeatFailure::Unavailable | SeatFailure::Unusable => IterateError::Seat { role, error },
    })
}

pub(super) fn unusable(role: &'static str, why: &str, spend: Spend) -> IterateError {
    IterateError::Seat {
        role,
        error: SeatError {
            why: why.to_owned(),
            sort: SeatFailure::Unusable,
            spend,
        },
    }
}

pub(super) fn json_error(path: &Path, error: &serde_json::Error) -> IterateError {
    DeskError::Json {
        path: path.display().to_string(),
        why: error.to_string(),
    }
    .into()
}
