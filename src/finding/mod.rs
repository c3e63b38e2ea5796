//! What engines say and what a person must look at: answers, evidence, traces, findings, verdicts. Plain data, no rules.

pub mod answer;
pub mod critique;
pub mod diagnostic;
pub mod kind;
pub mod property;
pub mod subject;
pub mod trace;

pub use answer::{
    Answer, Coverage, Engine, EngineState, Evidence, Observation, PropertyAnswer, States,
};
pub use critique::Critique;
pub use diagnostic::{Diagnostic, Level};
pub use kind::{FindingKind, Severity};
pub use property::PropertyIx;
pub use subject::{CoreItem, Subject, SubjectKind};
pub use trace::{State, Trace, TraceStep};
