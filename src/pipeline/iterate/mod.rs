//! `iterate`: propose, verify, criticise, revise, until a person has to decide.
//!
//! The messages on disk are all that the loop knows: each pass reads them, does the one thing that is next, and sends the
//! message that says so. Killed anywhere, it goes on from the messages that are there.

pub mod bounds;
pub mod turn;

pub use bounds::{Bounds, MOST_ROUNDS, Since, UsedUp};
pub use turn::{Stuck, Turn, turn};
