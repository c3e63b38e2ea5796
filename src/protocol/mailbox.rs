//! A conversation on disk: every message in the order it came, with those that were refused. Reading it asks for every
//! message again whether it may be taken, so a log that was tampered with does not read.

use std::path::PathBuf;

use super::authority::Role;
use super::envelope::{ArtifactRef, Envelope, Party};
use super::exchange::{Exchange, Record, Seats, Standing};
use super::formats;
use super::id::MessageId;
use super::payload::{Kind, Payload, StaleNotice};
use super::refusal::Refusal;
use crate::host::clock::Timestamp;
use crate::ir::Digest;
use crate::journal::{Durability, Journal, JournalError};

/// The name under which the loop itself speaks.
pub const ORCHESTRATOR: &str = "tribunal";

/// The log of one workflow's messages.
#[derive(Debug, Clone)]
pub struct Mailbox {
    journal: Journal,
    seats: Seats,
}

/// What was read from it.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// The messages taken.
    pub exchange: Exchange,
    /// The messages refused, with the stable code and the reason.
    pub refused: Vec<(Envelope, String, String)>,
    /// Messages that the orchestrator has yet to send: notices and refusals that a crash kept from being written.
    owed: Vec<Envelope>,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// It was taken.
    Taken {
        /// What it is worth.
        standing: Standing,
        /// What it made stale.
        stale: Vec<MessageId>,
    },
    /// It had been taken before; nothing was written.
    Known,
    /// It was refused; its sender was answered.
    Refused(Refusal),
}

/// Why a message could not be delivered at all.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// The log cannot be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The log holds a message that could not have been taken.
    #[error("{path}, line {line}: message {id} could not have been taken: {why}")]
    Replay {
        /// The log.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// The message.
        id: MessageId,
        /// Why not.
        why: Refusal,
    },
}

/// Why nothing is appended.
enum Stop {
    Known,
    Failed(MailboxError),
}

impl From<JournalError> for Stop {
    fn from(error: JournalError) -> Self {
        Self::Failed(error.into())
    }
}

impl Mailbox {
    /// The log in this file; `seats` are checked for messages that come from now on; those that
    /// are there may have come from others who sat there.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>, seats: Seats) -> Self {
        Self {
            journal: Journal::at(path),
            seats,
        }
    }

    /// All of it.
    ///
    /// # Errors
    /// `Journal` when it cannot be read, `Replay` when it holds what could not have been taken.
    pub fn read(&self) -> Result<Log, MailboxError> {
        let stream = self.journal.read::<Record>()?;
        self.fold(stream.entries.iter().map(|e| (e.line, &e.body)))
    }

    /// Delivers a message: asks whether it may be taken, writes it, tells everyone whose work it makes stale. `look` gives
    /// the digest of a file as it is now. Sending the same message again is harmless.
    ///
    /// # Errors
    /// As `read`. A refusal is no error: it is logged and answered.
    pub fn send(
        &self,
        message: &Envelope,
        look: &dyn Fn(&ArtifactRef) -> Option<Digest>,
        now: Timestamp,
    ) -> Result<Delivery, MailboxError> {
        let delivery = self.write(message, look, now)?;
        // Each of them is a message of its own; one that a crash swallows is sent by whoever delivers next.
        for owed in self.read()?.owed {
            self.write(&owed, &|_| None, now)?;
        }
        Ok(delivery)
    }

    fn write(
        &self,
        message: &Envelope,
        look: &dyn Fn(&ArtifactRef) -> Option<Digest>,
        now: Timestamp,
    ) -> Result<Delivery, MailboxError> {
        let mut delivery = Delivery::Known;
        let written = self.journal.append_if(now, Durability::Decision, |stream| {
            let log = self
                .fold(stream.entries.iter().map(|e| (e.line, &e.body)))
                .map_err(Stop::Failed)?;
            let again = |(e, ..): &(Envelope, String, String)| {
                e.id == message.id && unsent(e) == unsent(message)
            };
            let envelope = Box::new(Envelope {
                at: now.to_string(),
                ..message.clone()
            });
            match log.exchange.admit(message, look) {
                Ok(admitted) if admitted.known => Err(Stop::Known),
                Ok(admitted) => {
                    delivery = Delivery::Taken {
                        standing: admitted.standing,
                        stale: admitted.stale,
                    };
                    Ok(Record::Taken { envelope })
                }
                Err(refusal) => {
                    let (code, why) = (refusal.code().to_owned(), refusal.to_string());
                    delivery = Delivery::Refused(refusal);
                    if log.refused.iter().any(again) {
                        return Err(Stop::Known);
                    }
                    Ok(Record::Refused {
                        envelope,
                        code,
                        why,
                    })
                }
            }
        });
        match written {
            Ok(_) | Err(Stop::Known) => Ok(delivery),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    fn fold<'a>(
        &self,
        records: impl Iterator<Item = (usize, &'a Record)>,
    ) -> Result<Log, MailboxError> {
        let mut log = Log {
            exchange: Exchange::default(),
            ..Log::default()
        };
        for (line, record) in records {
            match record {
                Record::Taken { envelope } => {
                    // The files were looked at when the message came; now they may be newer.
                    let admitted =
                        log.exchange
                            .admit(envelope, &|a| Some(a.digest))
                            .map_err(|why| MailboxError::Replay {
                                path: self.journal.path().to_owned(),
                                line,
                                id: envelope.id.clone(),
                                why,
                            })?;
                    log.owed.retain(|o| o.id != envelope.id);
                    for (role, notice) in &admitted.notices {
                        log.owed.push(self.notice(envelope, *role, notice));
                    }
                    log.exchange.keep((**envelope).clone(), &admitted);
                }
                Record::Refused {
                    envelope,
                    code,
                    why,
                } => {
                    if let Some(answer) = self.refusal(&log.exchange, envelope, code, why) {
                        log.owed.push(answer);
                    }
                    log.refused
                        .push(((**envelope).clone(), code.clone(), why.clone()));
                }
            }
        }
        log.exchange = log.exchange.seated(self.seats.clone());
        Ok(log)
    }

    fn notice(&self, cause: &Envelope, role: Role, notice: &StaleNotice) -> Envelope {
        let payload = Payload::StaleNotice {
            notice: notice.clone(),
        };
        let reasoning =
            "a newer version or goal has come; what you hold no longer counts".to_owned();
        self.own(
            MessageId::of(&[&cause.id.to_string(), "stale", role.word()]),
            cause,
            Some(cause.id.clone()),
            role,
            payload,
            reasoning,
        )
    }

    /// The answer to a message that was refused; none while no conversation is open in which it could be given.
    fn refusal(
        &self,
        exchange: &Exchange,
        refused: &Envelope,
        code: &str,
        why: &str,
    ) -> Option<Envelope> {
        let open = exchange
            .counting()
            .rfind(|e| e.payload.kind() == Kind::Goal)?;
        let payload = Payload::Refusal {
            message: refused.id.clone(),
            code: code.to_owned(),
            why: why.to_owned(),
        };
        let words = unsent(refused);
        Some(self.own(
            MessageId::of(&[&refused.id.to_string(), "refused", &words]),
            open,
            None,
            refused.sender.role,
            payload,
            why.to_owned(),
        ))
    }

    fn own(
        &self,
        id: MessageId,
        about: &Envelope,
        causation: Option<MessageId>,
        to: Role,
        payload: Payload,
        reasoning: String,
    ) -> Envelope {
        let holder = |role: Role| self.seats.get(&role).cloned();
        Envelope {
            format: formats::WRITES,
            id,
            workflow: about.workflow.clone(),
            version: about.version,
            digest: about.digest,
            correlation: about.correlation.clone(),
            causation,
            sender: Party::new(
                Role::Orchestrator,
                holder(Role::Orchestrator).unwrap_or_else(|| ORCHESTRATOR.to_owned()),
            ),
            receiver: Party::new(to, holder(to).unwrap_or_else(|| to.word().to_owned())),
            artifacts: Vec::new(),
            payload,
            stale: None,
            spend: None,
            at: about.at.clone(),
            reasoning,
        }
    }
}

/// The message but for its time and cost, which alone differ when it is sent again.
fn unsent(message: &Envelope) -> String {
    let message = Envelope {
        at: String::new(),
        spend: None,
        ..message.clone()
    };
    serde_json::to_value(&message).map_or_else(|_| String::new(), |v| v.to_string())
}

#[cfg(test)]
mod tests;
