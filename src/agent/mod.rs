//! Agents: who sits at the table, and the model providers that can fill a seat.

pub mod prompt;
pub mod provider;
pub mod seat;
