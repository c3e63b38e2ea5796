//! Errors and warnings about a file, in the form in which they reach a person: a stable code, places, what is wrong, what to do.

use crate::ir::Span;

/// One error or warning about what a user wrote. Each module's error enum turns into this at its edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable, `TRIB-` and words: `TRIB-UNKNOWN-KEY`. Never reused for something else.
    pub code: &'static str,
    /// Whether the file is refused.
    pub level: Level,
    /// What is wrong, one sentence without full stop.
    pub message: String,
    /// The places, the one to point at first; each with a short label.
    pub labels: Vec<(Span, String)>,
    /// What to do.
    pub help: Option<String>,
}

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The file is refused.
    Error,
    /// The file is taken.
    Warning,
}
