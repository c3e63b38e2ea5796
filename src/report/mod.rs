//! Turns what engines said into what a person reads: one verdict a property, one finding a thing, one assurance class.
//!
//! Nothing here decides anything by itself; it is trusted to never turn a missing answer into a pass, which the tests of
//! `merge` hold it to.

pub mod assurance;
pub mod digest;
pub mod finding_id;
pub mod findings;
pub mod merge;
pub mod outcome;
pub mod plain;
pub mod render;
pub mod run;
pub mod verdict;

pub use assurance::Assurance;
pub use findings::{Doc, doc};
pub use merge::{Input, merge};
pub use outcome::{About, AnswerCell, EngineResult, Finding, PropertyResult, Report};
pub use run::{Run, RunStep, Shown};
pub use verdict::{PropertyVerdict, Verdict};
