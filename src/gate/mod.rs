//! Authority: approvals, waivers, the policy as it is enforced, and the gate. Time is an argument.

pub mod answers;
pub mod event;
pub mod policy;
pub mod stored;

pub use answers::Answers;
pub use stored::StoredReport;
