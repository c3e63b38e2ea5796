//! Tribunal: no spec reaches an executor until a planner, a verifier and a critic stand on the same version of it.
//!
//! The library decides; the `tribunal` program only parses arguments, calls it and renders what it says.
//! Data flows one way: `syntax` → `ir::Workflow` → `check` → `model::System` → engines → `report`.

pub mod agent;
pub mod audit;
pub mod check;
pub mod cli;
pub mod critique;
pub mod engine;
pub mod eval;
pub mod explore;
pub mod finding;
pub mod gate;
pub mod host;
pub mod ir;
pub mod journal;
pub mod lower;
pub mod model;
pub mod pipeline;
pub mod protocol;
pub mod report;
pub mod revise;
pub mod syntax;
