//! Questions about a `System` as SMT-LIB: cells as constants, one set a frame, `none` as a flag beside the value (S-13),
//! ranges apart from the rest (S-17). Trusted for Z3's `holds`; held against `model::step` by tests.

pub mod choices;
pub mod files;
pub mod frame;
pub mod frames;
pub mod guards;
pub mod induction;
pub mod names;
pub mod policy;
pub mod property;
pub mod refine;
pub mod script;
pub mod search;
pub mod step;
pub mod tree;
pub mod value;

pub use files::{SmtFile, files};
