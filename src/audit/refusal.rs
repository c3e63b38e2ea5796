//! Why an event is not allowed where it stands.

use super::cycle::Stage;
use crate::ir::Digest;

/// An event that the life cycle does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{event}` of version {version} is not allowed: {why}")]
pub struct Refusal {
    /// The event's word.
    pub event: &'static str,
    /// The version it is about.
    pub version: u32,
    /// The transition of the model that it would be, or that failed on the way to it.
    pub transition: &'static str,
    /// Why.
    pub why: Why,
}

/// What stands against it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The model's transition leaves other states.
    #[error("the workflow is in {}, and `{transition}` leaves {}", at.name(), from.join(", "))]
    Elsewhere {
        /// The transition.
        transition: &'static str,
        /// Where the workflow is.
        at: Stage,
        /// Where it would have to be.
        from: Vec<String>,
    },
    /// The model's transition has a condition that fails.
    #[error("in {}, `{transition}` needs {}, which does not hold", at.name(), conditions(needs))]
    Guard {
        /// The transition.
        transition: &'static str,
        /// Where the workflow is.
        at: Stage,
        /// The parts of its condition that fail, as the model writes them.
        needs: Vec<String>,
    },
    /// The model and the mapping do not fit: a bug.
    #[error("the model has no step `{0}`; this is a bug in tribunal")]
    NoSuchStep(&'static str),
    /// It is about another workflow.
    #[error("it is about `{found}`, and this is the journal of `{expected}`")]
    OtherWorkflow {
        /// What the event says.
        found: String,
        /// Whose journal it is.
        expected: String,
    },
    /// No event has proposed that version.
    #[error("no version {0} was proposed before")]
    UnknownVersion(u32),
    /// The version has another content.
    #[error("version {version} is {known}, not {found}")]
    OtherDigest {
        /// The version.
        version: u32,
        /// What the event says.
        found: Digest,
        /// What was proposed.
        known: Digest,
    },
    /// A new content under a number that is not above all before.
    #[error("version {last} is there already; a new version needs a number above it")]
    NotRaised {
        /// The highest number.
        last: u32,
    },
    /// A later version has taken its place.
    #[error("version {0} has taken its place")]
    Superseded(u32),
    /// It was made from a version that is not the current one.
    #[error("it was made from version {from}, and version {current} is the current one")]
    MadeFromOther {
        /// What the event says.
        from: u32,
        /// The current one.
        current: u32,
    },
    /// It speaks of a report that is not the last one.
    #[error("it speaks of the report {found}; {}", last("report", known.as_ref()))]
    OtherReport {
        /// What the event says.
        found: Digest,
        /// The last report of the version.
        known: Option<Digest>,
    },
    /// It speaks of a critique that is not the last one.
    #[error("it speaks of the critique {found}; {}", last("critique", known.as_ref()))]
    OtherCritique {
        /// What the event says.
        found: Digest,
        /// The last critique of the version.
        known: Option<Digest>,
    },
    /// It speaks of an approval that does not stand.
    #[error("it speaks of the approval {found}; {}", last("approval", known.as_ref()))]
    OtherApproval {
        /// What the event says.
        found: Digest,
        /// The approval that stands.
        known: Option<Digest>,
    },
    /// Only a person can do this.
    #[error("only a person can do this, and an agent's seat did")]
    NotAPerson,
    /// Only a person or the critic can do this.
    #[error("only a person or the critic can do this")]
    NotTheCritic,
    /// An escalation is answered by one of two words.
    #[error("an escalation is answered with `go_on` or `stop`, not with `{0}`")]
    NoSuchAnswer(String),
    /// The version was rejected.
    #[error("version {0} was rejected; raise `version:`")]
    GivenUp(u32),
}

fn conditions(needs: &[String]) -> String {
    let quoted: Vec<String> = needs.iter().map(|n| format!("`{n}`")).collect();
    quoted.join(" and ")
}

fn last(what: &str, known: Option<&Digest>) -> String {
    match known {
        Some(digest) => format!("the {what} that counts is {digest}"),
        None => format!("there is no {what} that counts"),
    }
}
