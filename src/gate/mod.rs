//! Authority: approvals, waivers, the policy as it is enforced, and the gate. Time is an argument.
//!
//! Trusted: whatever is let through is let through here. Nothing of it asks an engine; what engines said is read from the
//! stored report, and the report's digest is what an approval binds. What is on disk is believed only as far as its digests,
//! its signatures and the journal's chain carry: whoever can write all the files of a project, and approvals are not signed,
//! can write an approval.

pub mod answers;
pub mod approval;
pub mod case;
pub mod difference;
pub mod event;
pub mod history;
pub mod judge;
pub mod line;
pub mod opened;
pub mod pass;
pub mod person;
pub mod policy;
pub mod reason;
pub mod record;
pub mod signature;
pub mod signers;
pub mod stored;

pub use answers::Answers;
pub use approval::{Approval, Approved, How, Waiver};
pub use case::{Case, Facts, Standing};
pub use judge::judge;
pub use line::{GateLine, ReasonLine};
pub use opened::{Opened, Verdict};
pub use pass::Pass;
pub use reason::{Cause, Class, Reason};
pub use record::Record;
pub use stored::StoredReport;
