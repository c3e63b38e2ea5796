//! Why a message is not taken. Every refusal is answered and logged; none changes what is known.

use super::authority::Role;
use super::id::{CorrelationId, MessageId};
use super::payload::Kind;
use crate::ir::Digest;

/// Why a message is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Written by another version.
    #[error("messages of format {0} are not read here")]
    Format(u32),
    /// Its name is taken.
    #[error("there is a message {0} already, and it says something else")]
    Duplicate(MessageId),
    /// The role does not send this.
    #[error("a {} does not send a {}", from.word(), kind.word())]
    NotItsRole {
        /// Who tried.
        from: Role,
        /// What.
        kind: Kind,
    },
    /// The role does not send this to that role.
    #[error("a {} goes to another than the {}", kind.word(), to.word())]
    NotItsReceiver {
        /// To whom.
        to: Role,
        /// What.
        kind: Kind,
    },
    /// Somebody else fills that role.
    #[error("the {} is `{holder}`, not `{claimed}`", role.word())]
    NotItsSeat {
        /// The role.
        role: Role,
        /// Who fills it.
        holder: String,
        /// Who says so.
        claimed: String,
    },
    /// No goal opened this conversation.
    #[error("no conversation {0} was opened")]
    UnknownCorrelation(CorrelationId),
    /// It answers nothing.
    #[error("it says no message that it answers")]
    NoCause,
    /// What it answers is not there.
    #[error("there is no message {0} in this conversation")]
    UnknownCause(MessageId),
    /// It answers what it cannot answer.
    #[error("a {} does not answer a {}", kind.word(), cause.word())]
    WrongCause {
        /// What it is.
        kind: Kind,
        /// What it claims to answer.
        cause: Kind,
    },
    /// What it answers was said to somebody else.
    #[error("message {0} was not sent to this role")]
    NotAsked(MessageId),
    /// It was answered before.
    #[error("message {cause} was answered by {by} already")]
    AlreadyAnswered {
        /// The question.
        cause: MessageId,
        /// The answer that counts.
        by: MessageId,
    },
    /// About another workflow.
    #[error("this conversation is about `{expected}`, not `{found}`")]
    OtherWorkflow {
        /// Of the conversation.
        expected: String,
        /// Of the message.
        found: String,
    },
    /// About another version than what it answers.
    #[error("it speaks of version {found}; what it answers is version {expected}")]
    WrongVersion {
        /// The version it may speak of.
        expected: u32,
        /// The one it speaks of.
        found: u32,
    },
    /// About another content than what it answers.
    #[error("it speaks of another content of version {version} than what it answers")]
    WrongDigest {
        /// The version.
        version: u32,
    },
    /// What it speaks of is no longer current, and it would change something.
    #[error("it would act on version {found}, and the current one is {current}")]
    OldVersion {
        /// Now.
        current: u32,
        /// What it acts on.
        found: u32,
    },
    /// A file is not what the message says.
    #[error("{path} is not what the message says: {}", found.map_or("it cannot be read".to_owned(), |d| format!("its digest is {d}")))]
    ArtifactDiffers {
        /// The file.
        path: String,
        /// What it is.
        found: Option<Digest>,
    },
    /// The parts of the message do not fit each other, or what it answers.
    #[error("{0}")]
    Inconsistent(&'static str),
    /// Nothing says why.
    #[error("it does not say why")]
    NoReasoning,
    /// Too long.
    #[error("its {what} is longer than {limit} characters")]
    TooLong {
        /// Which part.
        what: &'static str,
        /// The limit, in characters.
        limit: usize,
    },
}

impl Refusal {
    /// Stable, for records and programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Format(_) => "TRIB-MESSAGE-FORMAT",
            Self::Duplicate(_) => "TRIB-MESSAGE-DUPLICATE",
            Self::NotItsRole { .. } => "TRIB-MESSAGE-ROLE",
            Self::NotItsReceiver { .. } => "TRIB-MESSAGE-RECEIVER",
            Self::NotItsSeat { .. } => "TRIB-MESSAGE-SEAT",
            Self::UnknownCorrelation(_) => "TRIB-MESSAGE-CORRELATION",
            Self::NoCause | Self::UnknownCause(_) | Self::WrongCause { .. } | Self::NotAsked(_) => {
                "TRIB-MESSAGE-CAUSE"
            }
            Self::AlreadyAnswered { .. } => "TRIB-MESSAGE-ANSWERED",
            Self::OtherWorkflow { .. } => "TRIB-MESSAGE-WORKFLOW",
            Self::WrongVersion { .. } | Self::OldVersion { .. } => "TRIB-MESSAGE-VERSION",
            Self::WrongDigest { .. } => "TRIB-MESSAGE-DIGEST",
            Self::ArtifactDiffers { .. } => "TRIB-MESSAGE-ARTIFACT",
            Self::Inconsistent(_) => "TRIB-MESSAGE-CONTENT",
            Self::NoReasoning => "TRIB-MESSAGE-REASONING",
            Self::TooLong { .. } => "TRIB-MESSAGE-LENGTH",
        }
    }
}
