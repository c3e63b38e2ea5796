//! Why authority was not given or taken.

use crate::gate::Reason;
use crate::gate::signature::SignatureError;
use crate::host::files::FileError;
use crate::ir::Digest;
use crate::journal::JournalError;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// As the gate would say.
    #[error("{}", .0.message)]
    Reason(Box<Reason>),
    /// The journal cannot be read or added to.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A file cannot be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// It cannot be signed.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The document cannot be written as JSON. A bug.
    #[error("the approval cannot be written: {0}")]
    Document(#[from] serde_json::Error),
    /// What would be approved is not what was shown.
    #[error("what would be approved is {now}, not {expected}: something changed")]
    Expect {
        /// What was shown, or is expected.
        expected: Digest,
        /// What it is now.
        now: Digest,
    },
    /// It is approved already.
    #[error("{0}")]
    Already(String),
    /// An approval stands in the way.
    #[error("version {0} is approved; revoke that first")]
    InForce(u32),
    /// There is no approval to revoke.
    #[error("no approval of version {0} is in force")]
    NotInForce(u32),
    /// The report has no such finding.
    #[error("the report has no finding `{finding}`")]
    NoFinding {
        /// As asked for.
        finding: String,
        /// Those it has, and may be meant.
        known: Vec<String>,
    },
    /// No reason is given.
    #[error("a reason is missing")]
    NoReason,
}

impl From<Reason> for Denied {
    fn from(reason: Reason) -> Self {
        Self::Reason(Box::new(reason))
    }
}
