//! The seats of planner and critic: what the loop asks of whoever sits there, and what it takes as an answer. What a seat
//! says is data; it is checked before anything hangs on it.

mod ask;
mod choose;
mod content;
mod drift;
mod editor;
mod keep;
mod model_critic;
mod model_planner;
mod person;
mod proposed;
mod reading;
mod rules;
pub mod schema;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub use choose::{Choice, ChooseError, CriticChoice, SeatChoices, Seats, choose, open};
pub use drift::{Drift, naming_drift};
pub use editor::{Editor, EditorError};
pub use model_critic::ModelCritic;
pub use model_planner::ModelPlanner;
pub use person::{EditorCritic, EditorPlanner};
pub use rules::RulesPlanner;

use crate::check::CheckedWorkflow;
use crate::finding::Critique;
use crate::gate::StoredReport;
use crate::host::cancel::CancelToken;
use crate::ir::Digest;
use crate::protocol::{Considered, Spend};
use crate::revise::Answers;

/// How the name of a seat begins that a person fills; the user's name follows. What they write, they are the author of.
pub const PERSON: &str = "person/";

/// What a person wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// In plain words.
    pub goal: String,
    /// In plain words, one each.
    pub constraints: Vec<String>,
    /// The `workflow_id` that a proposal has to carry.
    pub workflow: String,
    /// The `version` that a proposal has to carry.
    pub version: u32,
}

/// One version of a workflow, as a seat sees it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The whole text.
    pub text: String,
    /// What it says.
    pub checked: Arc<CheckedWorkflow>,
    /// Its digest.
    pub digest: Digest,
}

/// A version with what the engines say of it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The version.
    pub standing: Standing,
    /// The report as it is kept.
    pub report: StoredReport,
}

/// A workflow that a planner has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The whole text.
    pub text: String,
    /// What speaks for it and against it.
    pub tradeoffs: String,
}

/// What a critic says of a version and of the candidates beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// About the version.
    pub critique: Critique,
    /// About each candidate beside it, in their order.
    pub considered: Vec<Considered>,
}

/// What a seat made, why, and what it cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made<T> {
    /// What.
    pub value: T,
    /// Why, in plain words.
    pub reasoning: String,
    /// What it cost.
    pub spend: Spend,
}

/// Why a seat made nothing. What was spent on it all the same is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct SeatError {
    /// In plain words.
    pub why: String,
    /// Which sort.
    pub sort: SeatFailure,
    /// What was spent.
    pub spend: Spend,
}

/// Why a seat made nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatFailure {
    /// It was told to stop.
    Cancelled,
    /// Its provider cannot be reached, or refuses.
    Unavailable,
    /// It answered, and what it said cannot be used.
    Unusable,
}

/// What a seat is about to make.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<Made<T>, SeatError>> + Send + 'a>>;

/// Whoever searches.
pub trait Planner: Send + Sync {
    /// `rules`, `provider/model`, or a person's name.
    fn name(&self) -> String;

    /// Proposes at least one workflow; the first is the one it prefers.
    fn propose<'a>(&'a self, wish: &'a Wish, cancel: &'a CancelToken) -> Work<'a, Vec<Draft>>;

    /// Writes the next version.
    fn revise<'a>(
        &'a self,
        of: &'a Standing,
        critique: &'a Critique,
        answers: &'a Answers,
        cancel: &'a CancelToken,
    ) -> Work<'a, String>;
}

/// Whoever refines.
pub trait Critic: Send + Sync {
    /// `rules`, `provider/model`, or a person's name.
    fn name(&self) -> String;

    /// Says what should become of a version; `beside` are the other candidates.
    fn criticise<'a>(
        &'a self,
        of: &'a Judged,
        beside: &'a [Judged],
        cancel: &'a CancelToken,
    ) -> Work<'a, Judgement>;
}
