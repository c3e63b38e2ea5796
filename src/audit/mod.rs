//! Holds what a journal says happened against the verified model of the life cycle, step by step.
//!
//! Trusted: the mapping of events onto transitions (`path`), and `model::step`. Because every accepted event is a run of
//! `formal/spec_impl.v2.yaml`, what is shown of that workflow holds of every journal that is accepted; that no journal is
//! accepted beyond that is tested, not proved.

mod conflict;
mod cycle;
mod facts;
mod judge;
mod life;
mod path;
mod refusal;
#[cfg(test)]
mod tests;

pub use conflict::{Conflict, Mention};
pub use cycle::{LifeCycle, NoLifeCycle, Stage};
pub use judge::{Fault, Judgement, judge};
pub use life::Life;
pub use refusal::{Refusal, Why};
