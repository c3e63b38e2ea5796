//! What a run may cost, and why it ended.

use std::time::Instant;

use crate::host::cancel::CancelToken;

/// What a run may cost.
#[derive(Debug, Clone, Copy)]
pub struct Budget<'a> {
    /// Distinct states; the run stops soon after it has seen more.
    pub max_states: u64,
    /// Bytes held by the run's tables.
    pub max_memory: u64,
    /// When to give up.
    pub deadline: Option<Instant>,
    /// Set when the user interrupts.
    pub cancel: Option<&'a CancelToken>,
}

/// Why a run ended before it had seen everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// More states than allowed.
    States,
    /// More memory than allowed.
    Memory,
    /// Out of time.
    Deadline,
    /// The user interrupted.
    Cancelled,
    /// More fair transitions than can be told apart.
    Fairness,
}

impl Stop {
    /// The reason in the words of an `unknown` answer, after so many states.
    #[must_use]
    pub fn words(self, states: u64) -> String {
        match self {
            Self::States => format!("budget: {states} states seen"),
            Self::Memory => format!("budget: {states} states seen, memory is used up"),
            Self::Deadline => format!("deadline: {states} states seen"),
            Self::Cancelled => format!("cancelled: {states} states seen"),
            Self::Fairness => "budget: too many fair transitions".to_owned(),
        }
    }
}

impl Budget<'_> {
    /// Goes on while there is time and nobody interrupts.
    ///
    /// # Errors
    /// Why to stop.
    pub fn time(&self) -> Result<(), Stop> {
        if self.cancel.is_some_and(CancelToken::cancelled) {
            return Err(Stop::Cancelled);
        }
        if self.deadline.is_some_and(|d| Instant::now() >= d) {
            return Err(Stop::Deadline);
        }
        Ok(())
    }

    /// Goes on while so many bytes are allowed.
    ///
    /// # Errors
    /// [`Stop::Memory`].
    pub const fn memory(&self, bytes: usize) -> Result<(), Stop> {
        if bytes as u64 > self.max_memory {
            Err(Stop::Memory)
        } else {
            Ok(())
        }
    }
}
