//! Authority: approvals, waivers, the policy as it is enforced, and the gate. Time is an argument.

pub mod event;
pub mod policy;
