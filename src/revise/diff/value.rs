//! What a comparison of two versions comes to: plain data, the same for people and for programs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::render::json::StepJson;
use crate::report::render::places::Place;

/// How two files differ. Absent values are null, never omitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Diff {
    /// The first file.
    pub old: Version,
    /// The second file.
    pub new: Version,
    /// Whether both have one digest: at most comments, layout, spelling and `version` differ.
    pub same: bool,
    /// What to know before reading on: where the comparison is doubtful, or does not show all that may differ.
    pub warnings: Vec<String>,
    /// What is written differently, by part of the file.
    pub changes: Vec<Change>,
    /// Names that look renamed; guesses.
    pub renames: Vec<Rename>,
    /// What may happen; null for policies, and where both are the same.
    pub behaviour: Option<Behaviour>,
    /// Guards and properties that were added, removed or say something else, over all typed values.
    pub conditions: Vec<Condition>,
    /// Which actions are allowed; null where no policy differs.
    pub policy: Option<PolicyDiff>,
    /// What is not known, each with the reason; nothing here may be read as "no difference".
    pub unknown: Vec<String>,
}

/// One of the two files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// The file.
    pub file: String,
    /// `workflow_id`; null for a policy.
    pub workflow: Option<String>,
    /// `version`; null for a policy.
    pub version: Option<u32>,
    /// The digest, in hexadecimal.
    pub digest: String,
}

/// What happened to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Only the new file has it.
    Added,
    /// Only the old file has it.
    Removed,
    /// Both have it, and it differs.
    Changed,
}

/// The parts of a file.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What there is once: goal, initial state, ends, what it refines.
    Workflow,
    /// One of `constraints:`.
    Constraint,
    /// One of `actors:`.
    Actor,
    /// One of `states:`.
    State,
    /// One of `artifacts:`.
    Artifact,
    /// One of `evidence:`.
    Evidence,
    /// One of `vars:`.
    Variable,
    /// One of `transitions:`.
    Transition,
    /// One of `properties:`.
    Property,
    /// A rule of a policy.
    Rule,
}

impl Part {
    /// The word for one entry.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Workflow => "workflow",
            Self::Constraint => "constraint",
            Self::Actor => "actor",
            Self::State => "state",
            Self::Artifact => "artifact",
            Self::Evidence => "evidence",
            Self::Variable => "variable",
            Self::Transition => "transition",
            Self::Property => "property",
            Self::Rule => "rule",
        }
    }

    /// The word for several.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Workflow => "workflow",
            Self::Constraint => "constraints",
            Self::Actor => "actors",
            Self::State => "states",
            Self::Artifact => "artifacts",
            Self::Evidence => "evidence",
            Self::Variable => "variables",
            Self::Transition => "transitions",
            Self::Property => "properties",
            Self::Rule => "rules",
        }
    }
}

/// An entry that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Which part of the file it belongs to.
    pub part: Part,
    /// Its name.
    pub name: String,
    /// What happened to it.
    pub how: How,
    /// Where the old file has it.
    pub old: Option<Place>,
    /// Where the new file has it.
    pub new: Option<Place>,
    /// Of a changed entry: which keys differ. Of an added or removed one: all it says.
    pub fields: Vec<FieldChange>,
}

/// A key that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldChange {
    /// The key, as in the file: `when`, `set rounds`.
    pub field: String,
    /// Before; null where it was not given.
    pub old: Option<String>,
    /// After; null where it is not given any more.
    pub new: Option<String>,
    /// Where the old file says it.
    pub old_at: Option<Place>,
    /// Where the new file says it.
    pub new_at: Option<Place>,
}

/// A name that looks renamed. Always a guess.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    /// `state` or `transition`.
    pub part: Part,
    /// The name in the old file.
    pub old: String,
    /// The name in the new file.
    pub new: String,
    /// What speaks for it.
    pub why: String,
}

/// What may happen in the one version and in the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Behaviour {
    /// How big the old one is; null where it was not explored to the end.
    pub old: Option<Size>,
    /// How big the new one is.
    pub new: Option<Size>,
    /// Runs, by what can be seen of them: transition, choices and the state entered, step by step.
    pub runs: Runs,
    /// The same, taking the guessed renames for renames; null where none was guessed.
    pub runs_if_renamed: Option<Runs>,
    /// Reachable states, by the cells that both versions have.
    pub states: States,
}

/// How big a version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Distinct reachable states.
    pub states: u64,
    /// Steps between them.
    pub steps: u64,
}

/// Runs of one version that the other does not have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Runs {
    /// Runs of the new version that the old one does not have.
    pub gained: OneWay,
    /// Runs of the old version that the new one does not have.
    pub lost: OneWay,
}

/// Whether there is such a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Exists {
    /// There is, and one is shown.
    Some,
    /// There is none: exact.
    None,
    /// Not known, and so no pass.
    Unknown,
}

/// Runs in one direction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OneWay {
    /// Whether there are any.
    pub exist: Exists,
    /// A shortest one; only its last step is new (or gone).
    pub example: Option<Example>,
    /// Transitions by which runs that were alike so far part from the other version's, in the order of the file. All of them
    /// unless the comparison was cut short, which `unknown` then says.
    pub through: Vec<String>,
    /// Why it is not known.
    pub why: Option<String>,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Entry 0 is the initial state.
    pub trace: Vec<StepJson>,
    /// The same as numbered lines.
    pub text: Vec<String>,
}

/// Reachable states in the one version and in the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct States {
    /// What is compared: cells that both have, by name and type.
    pub compared: Vec<String>,
    /// Cells that only one has, or that are of another type now.
    pub left_out: Vec<String>,
    /// States that both reach; null where it is not known.
    pub kept: Option<u64>,
    /// States that only the new version reaches.
    pub gained: Option<u64>,
    /// States that only the old version reaches.
    pub lost: Option<u64>,
    /// A shortest run of the new version to one of the gained.
    pub gained_example: Option<Example>,
    /// A shortest run of the old version to one of the lost.
    pub lost_example: Option<Example>,
}

/// What a condition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConditionKind {
    /// When a transition can fire: `from` and `when` together.
    Guard,
    /// What a property demands.
    Property,
}

/// How a condition relates to what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The property demands less.
    Weakened,
    /// The property demands more.
    Strengthened,
    /// The transition can fire in more cases.
    Widened,
    /// The transition can fire in fewer cases.
    Narrowed,
    /// Other words for the same.
    Equivalent,
    /// More in some cases, less in others; or of another form.
    Incomparable,
    /// Not known, and so no pass.
    Unknown,
}

impl Relation {
    /// Its name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Weakened => "weakened",
            Self::Strengthened => "strengthened",
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Equivalent => "equivalent",
            Self::Incomparable => "incomparable",
            Self::Unknown => "unknown",
        }
    }
}

/// A guard or a property that says something else, or says it in other words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Which of the two.
    pub kind: ConditionKind,
    /// The transition's or the property's id in the old file; null where it is added.
    pub old: Option<String>,
    /// The same in the new file; null where it is removed.
    pub new: Option<String>,
    /// How they relate.
    pub relation: Relation,
    /// What the relation rests on, where it is not Z3's word over all typed values; or why it is not known.
    pub why: Option<String>,
    /// Values for which the new condition holds and the old one does not.
    pub only_new: Option<String>,
    /// Values for which the old condition holds and the new one does not.
    pub only_old: Option<String>,
}

/// Which actions are allowed by the one policy and not by the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyDiff {
    /// What is compared: two policy files, or the workflows' own policies together with the project's.
    pub what: String,
    /// Actions that are allowed now and were not; null where it is not known.
    pub allows: Option<Vec<Allowed>>,
    /// Actions that were allowed and are not now; null where it is not known.
    pub refuses: Option<Vec<Allowed>>,
}

/// An action with inputs for which only one of the policies allows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    /// The action.
    pub action: String,
    /// The inputs, those left out being zero or false.
    pub example: String,
}
