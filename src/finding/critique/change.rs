//! The critic's actions. Names and conditions are text here; `revise` resolves them against one version and refuses what
//! does not fit.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RecommendedChange;
use super::spec::{EvidenceSpec, PropertySpec, RuleSpec, TransitionSpec};

macro_rules! changes {
    ($($(#[doc = $doc:expr])+ $variant:ident = $word:literal {
        $($(#[doc = $fdoc:expr])+ $(#[serde($serde:meta)])? $field:ident: $ty:ty),* $(,)?
    }),* $(,)?) => {
        /// One thing to do to a workflow.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
        pub enum Change { $($(#[doc = $doc])+ $variant { $($(#[doc = $fdoc])+ $(#[serde($serde)])? $field: $ty),* }),* }

        impl Change {
            /// The words of all actions, in the order of the documentation.
            pub const ACTIONS: &'static [&'static str] = &[$($word),*];

            /// The word for it in a critique.
            #[must_use]
            pub const fn action(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $word),* }
            }
        }
    };
}

changes! {
    /// Declares a state, at the end of the list.
    AddState = "add_state" {
        /// Its name.
        state: String,
        /// Evidence that entering it demands.
        #[serde(default)] needs: Vec<String>,
    },
    /// Takes a state away that no transition leads to or leaves, and nothing names.
    RemoveState = "remove_state" {
        /// Its name.
        state: String,
    },
    /// Gives a state another name, wherever it stands.
    RenameState = "rename_state" {
        /// The old name.
        state: String,
        /// The new one.
        to: String,
    },
    /// Puts several states in the place of one. Its ways out become ways out of each part. Every way in is taken to the
    /// part that `incoming` names for it, or is doubled, one for each part (`t` becomes `t_Part`).
    SplitState = "split_state" {
        /// The state.
        state: String,
        /// At least two new names.
        into: Vec<String>,
        /// Transition into the state → the part it leads to.
        #[serde(default)] incoming: BTreeMap<String, String>,
        /// Part → a condition that every way into it demands besides.
        #[serde(default)] when: BTreeMap<String, String>,
        /// Part → evidence that entering it demands.
        #[serde(default)] needs: BTreeMap<String, Vec<String>>,
    },
    /// Puts one state in the place of several.
    MergeStates = "merge_states" {
        /// At least two of them.
        states: Vec<String>,
        /// The name of what they become: one of them, or a new one.
        into: String,
    },
    /// Adds a transition, at the end.
    AddTransition = "add_transition" {
        /// All of it.
        transition: TransitionSpec,
    },
    /// Takes a transition away.
    RemoveTransition = "remove_transition" {
        /// Its id.
        transition: String,
    },
    /// Demands a condition besides what a transition demands already.
    AddGuard = "add_guard" {
        /// The transition.
        transition: String,
        /// The condition that is added with `and`.
        when: String,
    },
    /// Puts a condition in the place of a transition's guard; refused unless the new one allows no more than the old one.
    TightenGuard = "tighten_guard" {
        /// The transition.
        transition: String,
        /// The new guard.
        when: String,
    },
    /// Puts a state before a transition's target in which a person says yes or no.
    AddHumanCheckpoint = "add_human_checkpoint" {
        /// The transition that leads to the checkpoint from now on.
        transition: String,
        /// The new state.
        state: String,
        /// A person; declared if missing.
        actor: String,
        /// Where a no leads; back to where the transition starts if absent.
        #[serde(default)] refuse_to: Option<String>,
    },
    /// Adds a way to a failed end.
    AddRejectPath = "add_reject_path" {
        /// Where one may give up.
        from: Vec<String>,
        /// The end; declared, and made a failure, if missing.
        to: String,
        /// Who gives up; declared if missing.
        actor: String,
        /// When one may; always if absent.
        #[serde(default)] when: Option<String>,
    },
    /// Adds a way to a person, and the person's two answers: go on, or stop at a failed end.
    AddEscalation = "add_escalation" {
        /// Where the agents stop.
        from: String,
        /// When they do.
        #[serde(default)] when: Option<String>,
        /// Who escalates.
        by: String,
        /// The state in which a person is asked; declared if missing.
        to: String,
        /// The person; declared if missing.
        actor: String,
        /// Where going on leads; `from` if absent. Counters that `bound_revision` made start anew.
        #[serde(default)] resume: Option<String>,
        /// The failed end that stopping leads to; declared if missing.
        stop: String,
    },
    /// Lets a transition fire at most so often in a row.
    BoundRevision = "bound_revision" {
        /// The transitions that are counted together.
        transitions: Vec<String>,
        /// The counter; declared if missing.
        counter: String,
        /// The most, 1 to 1000.
        limit: u32,
    },
    /// Declares ends.
    AddTerminal = "add_terminal" {
        /// Good ends; declared if missing.
        #[serde(default)] success: Vec<String>,
        /// Bad ends; declared if missing.
        #[serde(default)] failure: Vec<String>,
    },
    /// Declares evidence and who records it.
    AddEvidence = "add_evidence" {
        /// Its name.
        evidence: String,
        /// What it is made from, its fields.
        of: EvidenceSpec,
        /// Transitions that record it.
        recorded_by: Vec<String>,
    },
    /// Demands that evidence is fresh when a transition fires.
    RequireFresh = "require_fresh" {
        /// The transition.
        transition: String,
        /// The evidence.
        evidence: String,
    },
    /// Adds a property.
    AddInvariant = "add_invariant" {
        /// All of it.
        property: PropertySpec,
    },
    /// Adds a rule to the workflow's own policy, or puts it in the place of the one with its id. It can only tighten.
    ChangePolicy = "change_policy" {
        /// All of it.
        rule: RuleSpec,
    },
    /// Asks a person which of several ways to go; each way is a list of changes.
    AskHuman = "ask_human" {
        /// Its name, by which it is answered.
        id: String,
        /// In plain words.
        question: String,
        /// At least two.
        options: Vec<QuestionOption>,
    },
}

/// One answer a person can give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuestionOption {
    /// Its name, by which it is chosen.
    pub id: String,
    /// In plain words.
    pub text: String,
    /// What choosing it does; no further question among them.
    pub changes: Vec<RecommendedChange>,
}
