//! What the life cycle is told of the loop's messages. The messages are the truth of the conversation, the events that of the
//! workflow; each event is appended before its message is sent, and a second time never.

use crate::gate::event::{Event, Identity, Seat, What};
use crate::host::clock::Timestamp;
use crate::journal::{Durability, Journal, JournalError};

/// Appends an event unless the journal has it already.
///
/// # Errors
/// The journal's.
pub fn tell(journal: &Journal, event: &Event, now: Timestamp) -> Result<(), JournalError> {
    let added = journal.append_if(now, Durability::Decision, |stream| {
        if stream.entries.iter().any(|e| e.body == *event) {
            Err(Stop::Known)
        } else {
            Ok(event.clone())
        }
    });
    match added {
        Ok(_) | Err(Stop::Known) => Ok(()),
        Err(Stop::Journal(error)) => Err(error),
    }
}

/// A version that a planner wrote, unless the journal knows an author for it already.
///
/// # Errors
/// The journal's.
pub fn tell_author(journal: &Journal, event: &Event, now: Timestamp) -> Result<(), JournalError> {
    let added = journal.append_if(now, Durability::Decision, |stream| {
        let known = stream.entries.iter().map(|e| &e.body).any(|e: &Event| {
            e.digest == event.digest
                && e.version == event.version
                && matches!(e.what, What::Proposed { .. })
        });
        if known {
            Err(Stop::Known)
        } else {
            Ok(event.clone())
        }
    });
    match added {
        Ok(_) | Err(Stop::Known) => Ok(()),
        Err(Stop::Journal(error)) => Err(error),
    }
}

/// A seat that a program fills.
#[must_use]
pub fn seat(seat: Seat, name: &str) -> Identity {
    Identity::Seat {
        seat,
        by: name.to_owned(),
    }
}

enum Stop {
    Known,
    Journal(JournalError),
}

impl From<JournalError> for Stop {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}
