//! The conversation about one workflow as a fold over its messages: what is current, what is stale, what may come next.
//!
//! `admit` decides and changes nothing; `keep` records what was admitted. Replaying a log asks `admit` again for every
//! message, so a log that was edited does not replay.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::authority::{Role, Rule, find};
use super::content::{fits, stands_alone, texts};
use super::envelope::{ArtifactRef, Envelope};
use super::formats;
use super::id::{CorrelationId, MessageId};
use super::payload::{Kind, Payload, StaleNotice};
use super::refusal::Refusal;
use crate::ir::Digest;

/// Who fills which role. A role that is not listed is open to whoever comes.
pub type Seats = BTreeMap<Role, String>;

/// What a message that was taken is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "standing", rename_all = "snake_case", deny_unknown_fields)]
pub enum Standing {
    /// It counts.
    Current {},
    /// It counted until that message came.
    Stale {
        /// The new version, or the new goal.
        by: MessageId,
    },
    /// It was stale when it came, and never counted.
    Late {
        /// The new version, or the new goal.
        by: MessageId,
    },
}

/// A message that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The message.
    pub envelope: Envelope,
    /// What it is worth now.
    pub standing: Standing,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "record", rename_all = "snake_case", deny_unknown_fields)]
pub enum Record {
    /// A message was taken.
    Taken {
        /// The message.
        envelope: Box<Envelope>,
    },
    /// A message was refused; the answer to it follows as a message of its own.
    Refused {
        /// The message.
        envelope: Box<Envelope>,
        /// Stable.
        code: String,
        /// In plain words.
        why: String,
    },
}

/// What taking a message does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// What it is worth.
    pub standing: Standing,
    /// Messages that it makes stale, in the order they came.
    pub stale: Vec<MessageId>,
    /// Who holds one of them and is to be told, with what.
    pub notices: Vec<(Role, StaleNotice)>,
    /// The message is there already, word for word: nothing is to be done.
    pub known: bool,
}

/// The conversation about one workflow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exchange {
    kept: Vec<Kept>,
    index: BTreeMap<MessageId, usize>,
    seats: Seats,
}

impl Exchange {
    /// An empty one; these fill the roles.
    #[must_use]
    pub fn new(seats: Seats) -> Self {
        Self {
            seats,
            ..Self::default()
        }
    }

    /// The same conversation; from now on these fill the roles.
    #[must_use]
    pub fn seated(self, seats: Seats) -> Self {
        Self { seats, ..self }
    }

    /// The messages taken, in their order.
    #[must_use]
    pub fn messages(&self) -> &[Kept] {
        &self.kept
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: &MessageId) -> Option<&Kept> {
        self.index.get(id).and_then(|i| self.kept.get(*i))
    }

    /// The message that brought the current version; none before the first proposal, and none after a new goal.
    #[must_use]
    pub fn current(&self) -> Option<&Envelope> {
        self.counting()
            .rev()
            .find(|e| brings_version(e.payload.kind()))
    }

    /// Messages that count, in their order.
    pub fn counting(&self) -> impl DoubleEndedIterator<Item = &Envelope> {
        self.kept.iter().filter_map(|k| match k.standing {
            Standing::Current {} => Some(&k.envelope),
            Standing::Stale { .. } | Standing::Late { .. } => None,
        })
    }

    /// The answer of this kind to a message, if one counts.
    #[must_use]
    pub fn answer(&self, cause: &MessageId, kind: Kind) -> Option<&Envelope> {
        self.counting()
            .find(|e| e.causation.as_ref() == Some(cause) && e.payload.kind() == kind)
    }

    /// Decides about a message. `look` gives the digest of a file as it is.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn admit(
        &self,
        message: &Envelope,
        look: &dyn Fn(&ArtifactRef) -> Option<Digest>,
    ) -> Result<Admitted, Refusal> {
        if !formats::reads(message.format) {
            return Err(Refusal::Format(message.format));
        }
        if let Some(known) = self.get(&message.id) {
            return self.known(known, message);
        }
        let rule = self.authority(message)?;
        texts(message)?;
        self.conversation(message)?;
        let cause = self.cause(message, rule)?;
        let late = self.version(message, cause)?;
        if let Some(cause) = cause {
            self.once(message, &cause.envelope)?;
            fits(message, &cause.envelope)?;
        } else {
            stands_alone(message)?;
        }
        for artifact in &message.artifacts {
            let found = look(artifact);
            if found != Some(artifact.digest) {
                return Err(Refusal::ArtifactDiffers {
                    path: artifact.path.clone(),
                    found,
                });
            }
        }
        let stale = if late.is_none() && supersedes(message.payload.kind()) {
            self.superseded()
        } else {
            Vec::new()
        };
        Ok(Admitted {
            standing: late.map_or(Standing::Current {}, |by| Standing::Late { by }),
            notices: self.notices(message, &stale),
            stale,
            known: false,
        })
    }

    /// Records a message that was admitted.
    pub fn keep(&mut self, message: Envelope, admitted: &Admitted) {
        if admitted.known {
            return;
        }
        for id in &admitted.stale {
            if let Some(kept) = self.index.get(id).and_then(|i| self.kept.get_mut(*i)) {
                kept.standing = Standing::Stale {
                    by: message.id.clone(),
                };
            }
        }
        self.index.insert(message.id.clone(), self.kept.len());
        self.kept.push(Kept {
            envelope: message,
            standing: admitted.standing.clone(),
        });
    }

    fn known(&self, known: &Kept, message: &Envelope) -> Result<Admitted, Refusal> {
        // The same message sent again after a crash differs in its time, and in what it cost, at most.
        let same = Envelope {
            at: known.envelope.at.clone(),
            spend: known.envelope.spend,
            ..message.clone()
        } == known.envelope;
        if !same {
            return Err(Refusal::Duplicate(message.id.clone()));
        }
        Ok(Admitted {
            standing: known.standing.clone(),
            stale: Vec::new(),
            notices: Vec::new(),
            known: true,
        })
    }

    fn authority(&self, message: &Envelope) -> Result<&'static Rule, Refusal> {
        let (kind, from, to) = (
            message.payload.kind(),
            message.sender.role,
            message.receiver.role,
        );
        let rule = find(kind, from).ok_or(Refusal::NotItsRole { from, kind })?;
        if !rule.to.contains(&to) {
            return Err(Refusal::NotItsReceiver { to, kind });
        }
        match self.seats.get(&from) {
            Some(holder) if *holder != message.sender.name => Err(Refusal::NotItsSeat {
                role: from,
                holder: holder.clone(),
                claimed: message.sender.name.clone(),
            }),
            Some(_) | None => Ok(rule),
        }
    }

    fn conversation(&self, message: &Envelope) -> Result<(), Refusal> {
        if let Some(first) = self.kept.first()
            && first.envelope.workflow != message.workflow
        {
            return Err(Refusal::OtherWorkflow {
                expected: first.envelope.workflow.clone(),
                found: message.workflow.clone(),
            });
        }
        let opens = message.payload.kind() == Kind::Goal;
        let open = self.open(&message.correlation);
        match (opens, open) {
            (true, false) | (false, true) => Ok(()),
            (true, true) => Err(Refusal::Inconsistent("this conversation was opened before")),
            (false, false) => Err(Refusal::UnknownCorrelation(message.correlation.clone())),
        }
    }

    fn open(&self, correlation: &CorrelationId) -> bool {
        self.kept
            .iter()
            .any(|k| k.envelope.correlation == *correlation)
    }

    fn cause(&self, message: &Envelope, rule: &Rule) -> Result<Option<&Kept>, Refusal> {
        let Some(id) = &message.causation else {
            return if rule.because.is_empty() {
                Ok(None)
            } else {
                Err(Refusal::NoCause)
            };
        };
        let cause = self
            .get(id)
            .filter(|k| k.envelope.correlation == message.correlation)
            .ok_or_else(|| Refusal::UnknownCause(id.clone()))?;
        let kind = cause.envelope.payload.kind();
        if !rule.because.contains(&kind) {
            return Err(Refusal::WrongCause {
                kind: rule.kind,
                cause: kind,
            });
        }
        let asked = cause.envelope.receiver.role == message.sender.role
            || cause.envelope.sender.role == message.sender.role
            || message.sender.role == Role::Orchestrator;
        if !asked {
            return Err(Refusal::NotAsked(id.clone()));
        }
        Ok(Some(cause))
    }

    /// Checks version and digest; gives the message that overtook this one, if one did.
    fn version(
        &self,
        message: &Envelope,
        cause: Option<&Kept>,
    ) -> Result<Option<MessageId>, Refusal> {
        let Some(cause) = cause else {
            return Ok(None);
        };
        let of = &cause.envelope;
        let kind = message.payload.kind();
        if brings_version(kind) {
            let last = self.last_version();
            // A conversation may start from a file of any version.
            let first = kind == Kind::Proposal && last == 0 && message.version > 0;
            if message.version != last + 1 && !first {
                return Err(Refusal::WrongVersion {
                    expected: last + 1,
                    found: message.version,
                });
            }
            if message.digest.is_none() || message.digest == of.digest {
                return Err(Refusal::Inconsistent(
                    "a new version has a content of its own",
                ));
            }
        } else {
            if message.version != of.version {
                return Err(Refusal::WrongVersion {
                    expected: of.version,
                    found: message.version,
                });
            }
            if message.digest != of.digest {
                return Err(Refusal::WrongDigest {
                    version: of.version,
                });
            }
        }
        let by = match &cause.standing {
            Standing::Current {} => return Ok(None),
            Standing::Stale { by } | Standing::Late { by } => by.clone(),
        };
        if acts(kind) {
            return Err(Refusal::OldVersion {
                current: self.last_version(),
                found: of.version,
            });
        }
        Ok(Some(by))
    }

    fn last_version(&self) -> u32 {
        self.kept
            .iter()
            .map(|k| k.envelope.version)
            .max()
            .unwrap_or(0)
    }

    fn once(&self, message: &Envelope, cause: &Envelope) -> Result<(), Refusal> {
        let kind = message.payload.kind();
        let several = matches!(
            kind,
            Kind::Question | Kind::StaleNotice | Kind::Escalation | Kind::BudgetExhausted
        );
        let earlier = self.kept.iter().map(|k| &k.envelope).find(|e| {
            e.causation.as_ref() == Some(&cause.id)
                && e.payload.kind() == kind
                && (!several || same_place(e, message))
        });
        match earlier {
            Some(by) => Err(Refusal::AlreadyAnswered {
                cause: cause.id.clone(),
                by: by.id.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Everything that counts and hangs on a version or goal that a new one replaces.
    fn superseded(&self) -> Vec<MessageId> {
        self.counting()
            .filter(|e| match e.payload.kind() {
                // What was wanted and what was told stays as it was.
                Kind::Goal | Kind::StaleNotice | Kind::Refusal => false,
                Kind::Proposal
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
            .map(|e| e.id.clone())
            .collect()
    }

    fn notices(&self, message: &Envelope, stale: &[MessageId]) -> Vec<(Role, StaleNotice)> {
        let mut held: BTreeMap<Role, Vec<MessageId>> = BTreeMap::new();
        let mut version = 0;
        for kept in stale.iter().filter_map(|id| self.get(id)) {
            let e = &kept.envelope;
            version = version.max(e.version);
            for role in [e.sender.role, e.receiver.role] {
                let holds = held.entry(role).or_default();
                if role != message.sender.role
                    && role != Role::Orchestrator
                    && !holds.contains(&e.id)
                {
                    holds.push(e.id.clone());
                }
            }
        }
        held.into_iter()
            .filter(|(_, messages)| !messages.is_empty())
            .map(|(role, messages)| {
                let notice = StaleNotice {
                    superseded_by: message.id.clone(),
                    version,
                    messages,
                };
                (role, notice)
            })
            .collect()
    }
}

/// Whether the message is about a version that was not there before.
const fn brings_version(kind: Kind) -> bool {
    matches!(kind, Kind::Proposal | Kind::Revision)
}

/// Whether it makes stale what hung on the version, or the goal, before.
const fn supersedes(kind: Kind) -> bool {
    matches!(kind, Kind::Proposal | Kind::Revision | Kind::Goal)
}

/// Whether it would change something, so that it is refused when it comes late rather than kept as a late result.
const fn acts(kind: Kind) -> bool {
    match kind {
        Kind::Proposal
        | Kind::Revision
        | Kind::ApprovalRequest
        | Kind::Approval
        | Kind::Rejection
        | Kind::Goal => true,
        Kind::VerificationResult
        | Kind::Critique
        | Kind::Question
        | Kind::Answer
        | Kind::StaleNotice
        | Kind::Escalation
        | Kind::BudgetExhausted
        | Kind::Refusal => false,
    }
}

/// Of the kinds that may answer one message several times: the same question, a notice to the same role. The agents can be
/// stopped at one place as often as a person lets them go on.
fn same_place(a: &Envelope, b: &Envelope) -> bool {
    match (&a.payload, &b.payload) {
        (Payload::Question { question: x, .. }, Payload::Question { question: y, .. }) => x == y,
        (Payload::StaleNotice { .. }, Payload::StaleNotice { .. }) => {
            a.receiver.role == b.receiver.role
        }
        (_, _) => false,
    }
}

#[cfg(test)]
mod tests;
