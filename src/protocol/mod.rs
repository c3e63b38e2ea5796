//! How the agents talk: typed messages about one version, who may send what, what a new version makes stale, and where
//! everything came from. A fold over the messages in their order; nothing here runs an agent.
//!
//! Tested, not proved: the order of messages is held against the verified life cycle by `audit`.

pub mod authority;
mod content;
pub mod envelope;
pub mod exchange;
pub mod formats;
pub mod id;
pub mod lineage;
pub mod mailbox;
pub mod page;
pub mod payload;
pub mod refusal;
pub mod sequence;

pub use authority::Role;
pub use content::{GO_ON, STOP, TEXT_CHARS};
pub use envelope::{ArtifactRef, Envelope, Party, Spend};
pub use exchange::{Admitted, Exchange, Kept, Record, Seats, Standing};
pub use id::{CorrelationId, MessageId};
pub use mailbox::{Delivery, Log, Mailbox, MailboxError};
pub use payload::{Candidate, CandidateResult, Considered, Kind, Payload, StaleNotice};
pub use refusal::Refusal;
