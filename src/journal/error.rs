//! What can be wrong with a journal.

use std::path::PathBuf;

use crate::host::files::FileError;
use crate::ir::Digest;

/// Why a journal could not be read or added to.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be read, locked or written, or is too large.
    #[error("{}: {error}", path.display())]
    File {
        /// The journal.
        path: PathBuf,
        /// What the system says.
        error: FileError,
    },
    /// A line is not what it should be.
    #[error("{}, line {line}: {fault}", path.display())]
    Line {
        /// The journal.
        path: PathBuf,
        /// The line, the first being 1.
        line: usize,
        /// What is wrong with it.
        fault: LineFault,
    },
    /// The body does not come back from JSON as it went in.
    #[error("this cannot be kept in a journal: {0}")]
    Body(String),
    /// The entry is longer than a line may be.
    #[error("an entry of {bytes} bytes is too long for a journal, which takes {limit}")]
    TooLong {
        /// Bytes of the line.
        bytes: usize,
        /// The most there may be.
        limit: usize,
    },
    /// Another program put another file in the journal's place while the entry was written.
    #[error("{} was replaced while it was written to; the entry does not count", path.display())]
    Replaced {
        /// The journal.
        path: PathBuf,
    },
}

/// What is wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// No JSON.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// JSON, but no entry.
    #[error("not an entry: {0}")]
    NotAnEntry(String),
    /// An entry of a later program.
    #[error("format {0}; this program knows format 1")]
    Format(u64),
    /// More bytes than a line may have.
    #[error("{0} bytes, more than a line may have")]
    TooLong(usize),
    /// It says something else than its hash does: it was changed after it was written.
    #[error("changed after it was written: its content hashes to {computed}, it says {found}")]
    Hash {
        /// What the line says.
        found: Digest,
        /// What its content comes to.
        computed: Digest,
    },
    /// The same entry in another spelling.
    #[error("not as it was written: other spaces, order, or line ends")]
    Spelling,
    /// It follows an entry that is not there.
    #[error("follows {0}, which is not in this journal: a line is missing")]
    Parent(Digest),
    /// Entries that follow each other in a circle.
    #[error("entries follow each other in a circle")]
    Cycle,
    /// A sound entry whose body is something else than was asked for.
    #[error("its body is not what this journal holds: {0}")]
    Body(String),
}

impl JournalError {
    /// The code, for `tribunal explain`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::File { error, .. } => match error {
                FileError::TooLarge { .. } => "TRIB-JOURNAL-SIZE",
                FileError::Locked { .. } => "TRIB-JOURNAL-LOCKED",
                FileError::Io(_) | FileError::NotUtf8 { .. } | FileError::NoCacheDirectory => {
                    "TRIB-JOURNAL-FILE"
                }
            },
            Self::Line { fault, .. } => fault.code(),
            Self::Body(_) => "TRIB-JOURNAL-BODY",
            Self::TooLong { .. } => "TRIB-JOURNAL-SIZE",
            Self::Replaced { .. } => "TRIB-JOURNAL-REPLACED",
        }
    }
}

impl LineFault {
    /// The code, for `tribunal explain`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotJson(_) | Self::NotAnEntry(_) | Self::Spelling => "TRIB-JOURNAL-LINE",
            Self::Format(_) => "TRIB-JOURNAL-FORMAT",
            Self::TooLong(_) => "TRIB-JOURNAL-SIZE",
            Self::Hash { .. } => "TRIB-JOURNAL-HASH",
            Self::Parent(_) | Self::Cycle => "TRIB-JOURNAL-PARENT",
            Self::Body(_) => "TRIB-JOURNAL-BODY",
        }
    }
}
