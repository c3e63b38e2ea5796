//! What a critic says about one report: a decision, the issues behind it, and typed changes. Plain data as it stands in
//! `critique.json`; what may be believed of it is decided where it is read (`critique::admit`), never here.

mod change;
mod spec;

pub use change::{Change, QuestionOption};
pub use spec::{EvidenceSpec, PropertySpec, RecordSpec, RuleSpec, TransitionSpec, TypeSpec};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::kind::Severity;
use crate::ir::Digest;

/// The format of this document.
pub const FORMAT: u32 = 1;

/// One critique of one version of one workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Critique {
    /// The format of this document: [`FORMAT`].
    pub format: u32,
    /// `workflow_id` of what is criticised.
    pub workflow: String,
    /// Its `version`.
    pub target_version: u32,
    /// Its digest (S-12).
    pub digest: Digest,
    /// The digest of the report that the critique is about.
    pub report: Digest,
    /// Who says so: `rules`, or `provider/model`, or a person's name.
    pub critic: String,
    /// What should happen to this version.
    pub decision: CriticDecision,
    /// What is wrong with it.
    pub issues: Vec<Issue>,
    /// What to change, in this order.
    pub recommended_changes: Vec<RecommendedChange>,
    /// Findings that the critic would let a person waive. A proposal: it changes nothing by itself.
    pub waiver_proposals: Vec<WaiverProposal>,
}

/// What a critic recommends. It never gives authority.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CriticDecision {
    /// Make the changes and come back with a new version.
    Revise,
    /// Let a person approve it.
    Accept,
    /// Give it up.
    Reject,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Issue {
    /// Its name in this critique, such as `ISSUE-1`.
    pub id: String,
    /// How much it weighs; never below that of a finding it answers.
    pub severity: Severity,
    /// Whether the workflow is wrong or only says too little.
    #[serde(rename = "type")]
    pub kind: IssueType,
    /// In plain words.
    pub message: String,
    /// The ids of the findings it answers; empty for what no engine can see.
    pub findings: Vec<String>,
}

/// The sort of an issue.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum IssueType {
    /// The workflow can do what it must not, or cannot do what it must.
    CorrectnessRisk,
    /// The workflow says less than it should; harmless as it stands.
    AbstractionDebt,
}

/// A finding that a person may waive, and why the critic thinks so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WaiverProposal {
    /// The finding's id.
    pub finding: String,
    /// Why it would be acceptable.
    pub reason: String,
}

/// A change and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Map<String, Value>")]
pub struct RecommendedChange {
    /// What to do.
    #[serde(flatten)]
    pub change: Change,
    /// Why, in plain words.
    pub reason: String,
    /// The ids of the issues it is for.
    #[serde(default)]
    pub answers: Vec<String>,
}

impl TryFrom<Map<String, Value>> for RecommendedChange {
    type Error = serde_json::Error;

    /// `serde` cannot refuse unknown keys beside a flattened field, so the two own keys are taken out first.
    fn try_from(mut map: Map<String, Value>) -> Result<Self, Self::Error> {
        let reason = map.remove("reason").unwrap_or(Value::Null);
        let answers = map.remove("answers").unwrap_or(Value::Array(Vec::new()));
        Ok(Self {
            change: serde_json::from_value(Value::Object(map))?,
            reason: serde_json::from_value(reason)?,
            answers: serde_json::from_value(answers)?,
        })
    }
}

impl Critique {
    /// SHA-256 of the canonical JSON of the whole document; what an approval binds.
    ///
    /// # Errors
    /// None that can occur with these types; `serde_json`'s.
    pub fn own_digest(&self) -> Result<Digest, serde_json::Error> {
        // Keys are sorted by `serde_json`'s map, and all numbers are integers, so this text is canonical (RFC 8785).
        Ok(Digest::of(
            serde_json::to_value(self)?.to_string().as_bytes(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPLIT: &str = r#"{"action": "split_state", "state": "Approved", "into": ["WithProof", "WithWaiver"],
        "reason": "explicit policy boundary"}"#;

    #[test]
    fn a_change_keeps_its_reason_and_takes_no_unknown_key() {
        let read: RecommendedChange = serde_json::from_str(SPLIT).expect("a change");
        assert_eq!(read.reason, "explicit policy boundary");
        assert_eq!(read.change.action(), "split_state");
        let again: RecommendedChange =
            serde_json::from_value(serde_json::to_value(&read).expect("written")).expect("read");
        assert_eq!(again, read);
        let wrong = SPLIT.replace("\"into\"", "\"color\": 1, \"into\"");
        let error = serde_json::from_str::<RecommendedChange>(&wrong).expect_err("unknown key");
        assert!(error.to_string().contains("color"), "{error}");
        let missing = r#"{"action": "remove_state", "state": "A"}"#;
        assert!(
            serde_json::from_str::<RecommendedChange>(missing).is_err(),
            "no reason"
        );
    }
}
