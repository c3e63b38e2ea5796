//! Parts of a workflow as a critique writes them. The keys are those of the IR.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A transition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransitionSpec {
    /// Its id.
    pub id: String,
    /// Who fires it; declared as an agent if missing.
    pub actor: String,
    /// Where it starts; empty: everywhere but at an end.
    #[serde(default)]
    pub from: Vec<String>,
    /// Where it leads; absent: it stays.
    #[serde(default)]
    pub to: Option<String>,
    /// Free choices, by name.
    #[serde(default)]
    pub choose: BTreeMap<String, TypeSpec>,
    /// The guard.
    #[serde(default)]
    pub when: Option<String>,
    /// Variable → expression.
    #[serde(default)]
    pub set: BTreeMap<String, String>,
    /// Artifacts that get a new version.
    #[serde(default)]
    pub bump: Vec<String>,
    /// Evidence that is dropped.
    #[serde(default)]
    pub drop: Vec<String>,
    /// Evidence that is recorded.
    #[serde(default)]
    pub record: BTreeMap<String, RecordSpec>,
    /// `weak` or `strong`.
    #[serde(default)]
    pub fair: Option<String>,
}

/// How evidence is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordSpec {
    /// Evidence whose stamps are copied.
    #[serde(default)]
    pub from: Option<String>,
    /// Field → expression.
    #[serde(flatten)]
    pub fields: BTreeMap<String, String>,
}

/// A type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum TypeSpec {
    /// `true` or `false`.
    Bool {},
    /// Integers from the first to the second.
    Int {
        /// Both ends belong to it.
        range: [i64; 2],
    },
    /// One of several words.
    Enum {
        /// The words.
        values: Vec<String>,
    },
}

/// Evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceSpec {
    /// Artifacts it is made from; declared if missing.
    pub artifacts: Vec<String>,
    /// Its fields.
    #[serde(default)]
    pub fields: BTreeMap<String, TypeSpec>,
}

/// A property: exactly one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PropertySpec {
    /// Its id.
    pub id: String,
    /// `text:`.
    #[serde(default)]
    pub text: Option<String>,
    /// True in every state.
    #[serde(default)]
    pub always: Option<String>,
    /// False in every state.
    #[serde(default)]
    pub never: Option<String>,
    /// A transition; with `require` or `ensure`.
    #[serde(default)]
    pub at: Option<String>,
    /// True before it.
    #[serde(default)]
    pub require: Option<String>,
    /// True after it.
    #[serde(default)]
    pub ensure: Option<String>,
    /// Some run gets there.
    #[serde(default)]
    pub reachable: Option<String>,
}

/// A rule of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleSpec {
    /// Its id.
    pub id: String,
    /// `approve`, `waive`, `implement`, `build`, `release`.
    pub action: String,
    /// `permit`, `require`, `forbid`.
    pub effect: String,
    /// The condition.
    pub when: String,
    /// In plain words.
    pub reason: String,
}
