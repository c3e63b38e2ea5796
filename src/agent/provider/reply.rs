//! What an adapter reads out of a provider's answer, before prices and times are put to it.

use super::answer::{Stop, Usage};
use super::money::MicroDollars;
use crate::ir::Digest;

/// One provider's answer.
pub(super) struct Reply {
    pub(super) text: String,
    pub(super) stop: Stop,
    pub(super) usage: Option<Usage>,
    pub(super) cost: Cost,
    /// As the provider names it.
    pub(super) model: Option<String>,
    /// Of the bytes received.
    pub(super) raw: Digest,
}

/// How the cost of an answer is found.
pub(super) enum Cost {
    /// From the tokens and the table of prices; `official` says whether the provider's own service answered.
    ByTable { official: bool },
    /// The provider says it, or there is nothing to pay.
    Known(MicroDollars),
    /// Nobody knows.
    Unknown,
}
