//! How a run of the loop ends, and why it can fail.

use super::bounds::UsedUp;
use super::desk::DeskError;
use crate::agent::seat::SeatError;
use crate::ir::Digest;
use crate::journal::JournalError;
use crate::pipeline::verify::VerifyError;
use crate::protocol::{MailboxError, Refusal};

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// `workflow_id`.
    pub workflow: String,
    /// The current version; 0 where there is none.
    pub version: u32,
    /// Its digest.
    pub digest: Option<Digest>,
    /// The file, relative to the project.
    pub file: Option<String>,
    /// What it waits for, or how it is over.
    pub how: How,
}

/// What a run waits for, or how it is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// A verified version waits for a person's approval.
    AwaitsApproval,
    /// A person has to answer.
    AwaitsAnswer {
        /// The question's name.
        question: String,
        /// In plain words.
        text: String,
        /// What can be answered.
        options: Vec<String>,
    },
    /// The agents cannot go on; a person says whether they may.
    Escalated {
        /// By this name the escalation is answered.
        question: String,
        /// In plain words.
        why: String,
    },
    /// A bound is used up; a person says whether they may go on.
    Exhausted {
        /// By this name it is answered.
        question: String,
        /// Which bound.
        used: UsedUp,
    },
    /// A person has approved.
    Approved,
    /// The version was given up, or a person stopped the agents.
    Rejected {
        /// Why.
        why: String,
    },
}

/// Why a run could not go on. What was done is kept; the next run goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum IterateError {
    /// A file of the loop cannot be used.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The messages cannot be read or written.
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    /// The journal cannot be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The engines could not be asked.
    #[error(transparent)]
    Verify(Box<VerifyError>),
    /// A seat made nothing.
    #[error("the {role} made nothing that can be used: {error}")]
    Seat {
        /// Who.
        role: &'static str,
        /// Why.
        error: SeatError,
    },
    /// The loop's own message was refused. A bug, or another program has written the log.
    #[error("the {what} was refused: {refusal}")]
    Refused {
        /// The message's kind.
        what: &'static str,
        /// Why.
        refusal: Refusal,
    },
    /// A run is under way about another content of this workflow.
    #[error("{0}")]
    UnderWay(String),
    /// The life cycle does not allow what the loop was about to do.
    #[error("the life cycle does not allow this: {0}")]
    Life(String),
    /// The user stopped it.
    #[error("interrupted; `--resume` goes on from here")]
    Interrupted,
}

impl From<VerifyError> for IterateError {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Interrupted => Self::Interrupted,
            other => Self::Verify(Box::new(other)),
        }
    }
}
