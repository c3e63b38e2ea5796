//! An approval as it stands in a version's folder, and the digest of what a person is shown before giving one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::{ApprovalForm, Identity};
use super::person::Approver;
use crate::finding::Severity;
use crate::ir::{Digest, canonical};

/// The format of this document.
pub const FORMAT: u32 = 1;

/// `approval.json`; further people's are `approval-2.json` and so on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The format of this document: [`FORMAT`].
    pub format: u32,
    /// What was approved.
    #[serde(flatten)]
    pub what: Approved,
    /// The digest of [`Approved`]: what was shown.
    pub shown: Digest,
    /// Whether anything was waived.
    pub form: ApprovalForm,
    /// Who approves.
    pub by: Identity,
    /// The user whose account it was given from.
    pub account: String,
    /// How that is known.
    pub how: How,
    /// When: RFC 3339 in UTC, by the clock of whoever approved.
    pub at: String,
}

/// Everything a person who approves puts their name to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approved {
    /// `workflow_id`.
    pub workflow: String,
    /// `version`.
    pub version: u32,
    /// The digest of that version (S-12).
    pub digest: Digest,
    /// The report's digest.
    pub report: Digest,
    /// The critique's own digest.
    pub critique: Digest,
    /// The digest of the policy in force: the project's and the workflow's own.
    pub policy: Digest,
    /// Findings that somebody answers for.
    pub waivers: Vec<Waiver>,
    /// The ids of obligations that Lean left open.
    pub open_obligations: Vec<String>,
}

/// A finding that a person answers for, for one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The finding's id.
    pub finding: String,
    /// Its kind.
    pub kind: String,
    /// How severe it is.
    pub severity: Severity,
    /// What it says.
    pub title: String,
    /// Who answers for it.
    pub by: Identity,
    /// Why.
    pub reason: String,
    /// The version with which it ends.
    pub ends_with: u32,
}

/// How it is known who approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Somebody logged in answered at a terminal; unsigned.
    Terminal,
    /// The signature beside it.
    Signed,
    /// By `--expect`, with `SPEC_ROLE=human`; unsigned.
    Expect,
}

impl How {
    /// For a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Terminal => "at a terminal, unsigned",
            Self::Signed => "signed",
            Self::Expect => "by --expect, unsigned",
        }
    }
}

impl Approved {
    /// The digest of what is shown: printed before approving, and what `--expect` takes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        canonical_digest(self)
    }

    /// What it comes to.
    #[must_use]
    pub const fn form(&self) -> ApprovalForm {
        if self.waivers.is_empty() && self.open_obligations.is_empty() {
            ApprovalForm::ApprovedWithProof
        } else {
            ApprovalForm::ApprovedWithWaiver
        }
    }
}

impl Approval {
    /// The digest of the whole document: what the journal binds.
    #[must_use]
    pub fn digest(&self) -> Digest {
        canonical_digest(self)
    }

    /// Who approved, for comparisons.
    #[must_use]
    pub fn approver(&self) -> Approver<'_> {
        Approver {
            by: &self.by,
            account: &self.account,
        }
    }

    /// The file's text.
    ///
    /// # Errors
    /// None that can occur with these types; `serde_json`'s.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// The name of the file of the `n`th approval of a version, from 1.
    #[must_use]
    pub fn file_name(n: usize) -> String {
        if n <= 1 {
            "approval.json".to_owned()
        } else {
            format!("approval-{n}.json")
        }
    }
}

fn canonical_digest(document: &impl Serialize) -> Digest {
    let value = serde_json::json!(document);
    Digest::of(canonical::to_text(&value).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn approved() -> Approved {
        Approved {
            workflow: "w".into(),
            version: 1,
            digest: Digest::of(b"ir"),
            report: Digest::of(b"report"),
            critique: Digest::of(b"critique"),
            policy: Digest::of(b"policy"),
            waivers: Vec::new(),
            open_obligations: Vec::new(),
        }
    }

    fn waiver() -> Waiver {
        Waiver {
            finding: "F-1".into(),
            kind: "unused".into(),
            severity: Severity::Warning,
            title: "t".into(),
            by: Identity::Person { user: "u".into() },
            reason: "r".into(),
            ends_with: 1,
        }
    }

    #[test]
    fn the_form_follows_from_what_is_waived_and_left_open() {
        let proof = approved();
        assert_eq!(proof.form(), ApprovalForm::ApprovedWithProof);
        let mut waived = approved();
        waived.waivers.push(waiver());
        let mut open = approved();
        open.open_obligations.push("F-2".into());
        for one in [waived, open] {
            assert_eq!(one.form(), ApprovalForm::ApprovedWithWaiver);
            assert_ne!(one.digest(), proof.digest());
        }
    }

    #[test]
    fn a_document_keeps_its_digest_and_takes_no_unknown_key() {
        let what = approved();
        let document = Approval {
            format: FORMAT,
            shown: what.digest(),
            form: what.form(),
            what,
            by: Identity::Person { user: "u".into() },
            account: "u".into(),
            how: How::Terminal,
            at: "2026-11-21T00:00:00.000Z".into(),
        };
        let text = document.text().expect("text");
        let read: Approval = serde_json::from_str(&text).expect("an approval");
        assert_eq!((read.digest(), &read), (document.digest(), &document));
        let wrong = text.replacen('{', "{\"colour\": 1,", 1);
        let error = serde_json::from_str::<Approval>(&wrong).expect_err("an unknown key");
        assert!(error.to_string().contains("colour"), "{error}");
    }
}
