//! What the gate says: open, with what was approved and what may be done; or shut, with one reason.

use super::approval::{Approval, Approved};
use super::event::ApprovalForm;
use super::pass::Pass;
use super::policy::{Decision, Effective, MissingInput, Origin, PolicyInputs, Refusal};
use super::reason::Reason;
use crate::ir::Digest;
use crate::ir::workflow::{Action, Effect};

/// What the gate says.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// The version is approved, and everything the approval binds is as it was.
    Open(Box<Opened>),
    /// It is not; the first reason.
    Shut(Reason),
}

/// An open gate.
#[derive(Debug, Clone)]
pub struct Opened {
    pub(super) approved: Approved,
    pub(super) first: Digest,
    pub(super) approvals: Vec<Approval>,
    pub(super) notes: Vec<String>,
    pub(super) policy: Effective,
    pub(super) inputs: PolicyInputs,
}

impl Opened {
    /// A pass for one action, if the policy allows that too.
    ///
    /// # Errors
    /// The rule that refuses it.
    pub fn pass(&self, action: Action) -> Result<Pass, Refusal> {
        match self.policy.decide(action, &self.inputs) {
            Ok(Decision::Allowed) => Ok(Pass::new(
                self.approved.workflow.clone(),
                self.approved.version,
                self.approved.digest,
                self.first,
                self.approved.form(),
                action,
            )),
            Ok(Decision::Refused(why)) => Err(why),
            // Every input is given; should one be missing all the same, that is no yes.
            Err(MissingInput { rule, .. }) => Err(Refusal::Rule {
                origin: Origin::Project,
                id: rule,
                effect: Effect::Require,
                reason: Some("an input is not known".to_owned()),
            }),
        }
    }

    /// How it was approved.
    #[must_use]
    pub const fn form(&self) -> ApprovalForm {
        self.approved.form()
    }

    /// What was approved.
    #[must_use]
    pub const fn approved(&self) -> &Approved {
        &self.approved
    }

    /// By whom.
    #[must_use]
    pub fn approvals(&self) -> &[Approval] {
        &self.approvals
    }

    /// What a person should know though the gate is open.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}
