//! Authority: approvals, waivers, the policy as it is enforced, and the gate. Time is an argument.

pub mod answers;
pub mod approval;
pub mod event;
pub mod person;
pub mod policy;
pub mod signature;
pub mod signers;
pub mod stored;

pub use answers::Answers;
pub use stored::StoredReport;
