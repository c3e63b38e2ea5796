//! Z3, embedded: guards over all typed values, inductive proofs, bounded search, and the battery of questions about policies.
//!
//! `holds` rests on Z3 and on `lower::smt`; every counterexample and witness is replayed by `model::step` before it is given.

pub mod ends;
pub mod read;
pub mod search;
pub mod session;

pub use session::{self_check, version};
