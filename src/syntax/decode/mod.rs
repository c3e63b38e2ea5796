//! Tree of a YAML file → workflow or policy. All errors of shape are collected; nothing is resolved.

mod declaration;
mod policy;
mod property;
mod reader;
mod refines;
mod transition;
mod workflow;

pub(super) use policy::policy_file;
pub(super) use reader::Reader;
pub(super) use workflow::workflow;
