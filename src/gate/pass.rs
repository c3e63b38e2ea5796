//! What an open gate gives: a pass for one action on one version. Nothing else makes one.

use super::event::ApprovalForm;
use crate::ir::Digest;
use crate::ir::workflow::Action;

/// Authority to do one thing with one version of one workflow, as it was when the gate was asked.
///
/// Only the gate makes one; its fields cannot be given from outside:
///
/// ```compile_fail,E0451
/// use tribunal::gate::{Pass, event::ApprovalForm};
/// use tribunal::ir::{Digest, workflow::Action};
///
/// let pass = Pass {
///     workflow: String::new(),
///     version: 1,
///     digest: Digest::of(b""),
///     approval: Digest::of(b""),
///     form: ApprovalForm::ApprovedWithProof,
///     action: Action::Release,
/// };
/// ```
///
/// What it says can be read:
///
/// ```
/// use tribunal::gate::{Pass, event::ApprovalForm};
/// use tribunal::ir::{Digest, workflow::Action};
///
/// fn may_release(pass: &Pass) -> bool {
///     let _: (&str, u32, Digest, Digest, ApprovalForm) =
///         (pass.workflow(), pass.version(), pass.digest(), pass.approval(), pass.form());
///     pass.action() == Action::Release
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Pass {
    workflow: String,
    version: u32,
    digest: Digest,
    approval: Digest,
    form: ApprovalForm,
    action: Action,
}

impl Pass {
    /// For the gate alone.
    pub(super) const fn new(
        workflow: String,
        version: u32,
        digest: Digest,
        approval: Digest,
        form: ApprovalForm,
        action: Action,
    ) -> Self {
        Self {
            workflow,
            version,
            digest,
            approval,
            form,
            action,
        }
    }

    /// `workflow_id`.
    #[must_use]
    pub fn workflow(&self) -> &str {
        &self.workflow
    }

    /// `version`.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The digest of that version (S-12).
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The digest of `approval.json`.
    #[must_use]
    pub const fn approval(&self) -> Digest {
        self.approval
    }

    /// How it was approved.
    #[must_use]
    pub const fn form(&self) -> ApprovalForm {
        self.form
    }

    /// What it is for.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }
}
