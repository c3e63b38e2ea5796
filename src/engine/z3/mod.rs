//! Z3, embedded: guards over all typed values, inductive proofs, bounded search, and the battery of questions about policies.
//!
//! `holds` rests on Z3 and on `lower::smt`; every counterexample and witness is replayed by `model::step` before it is given.

mod answer;
mod artifacts;
pub mod compare;
mod ends;
mod guards;
mod guess;
mod hint;
mod induct;
pub mod policy;
mod possible;
mod prove;
mod read;
mod run;
mod search;
mod session;
mod small;
mod words;

#[cfg(test)]
mod tests;

pub use answer::answered;
pub use possible::possible;
pub use run::{Z3Options, run};
pub use session::{SessionError, self_check, version};
