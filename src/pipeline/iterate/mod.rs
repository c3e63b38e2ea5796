//! `iterate`: propose, verify, criticise, revise, until a person has to decide.
//!
//! The messages on disk are all that the loop knows: each pass reads them, does the one thing that is next, and sends the
//! message that says so. Killed anywhere, it goes on from the messages that are there.

mod admit;
pub mod bounds;
mod critic_turn;
pub mod desk;
pub mod ending;
pub mod history;
mod letters;
mod life;
mod people;
mod planner_turn;
mod rules_critic;
pub mod run;
pub mod start;
mod stops;
#[cfg(test)]
mod tests;
pub mod turn;
mod verifier_turn;

pub use bounds::{Bounds, MOST_ROUNDS, Since, UsedUp};
pub use desk::Desk;
pub use ending::{Ending, How, IterateError};
pub use rules_critic::RulesCritic;
pub use run::{Loop, Sign};
pub use turn::{Stuck, Turn, turn};
