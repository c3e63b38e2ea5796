//! The verified model of the life cycle, as a thing that events can be played on.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::load_str;
use crate::explore::words::show;
use crate::finding::State;
use crate::ir::{Cell, StateId, TransitionId, Value};
use crate::model::{
    Choice, Outcome, System, desugar, failing_conjuncts, initial_states, step as fire,
};

/// The model's text, which is part of the program.
const TEXT: &str = include_str!("../../formal/spec_impl.v2.yaml");

/// A state of the model, by its name there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Nothing is proposed yet.
    DraftGoal,
    /// A version is there; no engine has answered.
    ProposedWorkflow,
    /// The engines are at work. No event leaves a workflow here: the answer is one event.
    FormalizationInProgress,
    /// The engines have answered.
    Formalized,
    /// A new version is wanted.
    NeedsRevision,
    /// A person is asked.
    Escalated,
    /// A person has approved; nothing was waived.
    ApprovedWithProof,
    /// A person has approved and answers for what was waived.
    ApprovedWithWaiver,
    /// An executor is at work.
    Implementing,
    /// Done.
    Verified,
    /// Given up.
    Rejected,
}

impl Stage {
    /// All of them, in the order of the model.
    pub const ALL: [Self; 11] = [
        Self::DraftGoal,
        Self::ProposedWorkflow,
        Self::FormalizationInProgress,
        Self::Formalized,
        Self::NeedsRevision,
        Self::Escalated,
        Self::ApprovedWithProof,
        Self::ApprovedWithWaiver,
        Self::Implementing,
        Self::Verified,
        Self::Rejected,
    ];

    /// Its name in the model.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DraftGoal => "DraftGoal",
            Self::ProposedWorkflow => "ProposedWorkflow",
            Self::FormalizationInProgress => "FormalizationInProgress",
            Self::Formalized => "Formalized",
            Self::NeedsRevision => "NeedsRevision",
            Self::Escalated => "Escalated",
            Self::ApprovedWithProof => "ApprovedWithProof",
            Self::ApprovedWithWaiver => "ApprovedWithWaiver",
            Self::Implementing => "Implementing",
            Self::Verified => "Verified",
            Self::Rejected => "Rejected",
        }
    }
}

/// One step of the model: a transition, and its choices by name and word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) transition: &'static str,
    pub(super) choices: Vec<(&'static str, &'static str)>,
}

/// Why the model does not take a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stuck {
    /// The transition does not leave this state, only these.
    Elsewhere(Vec<String>),
    /// These parts of its condition fail.
    Guard(Vec<String>),
    /// The model has no such transition or choice, or the step leaves a range: a bug.
    Unknown,
}

/// The model, read once.
#[derive(Debug)]
pub struct LifeCycle {
    system: System,
    start: State,
    transitions: BTreeMap<String, TransitionId>,
    stages: Vec<Stage>,
    rounds: usize,
}

/// The model that is part of the program cannot be used: a bug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the model of the life cycle cannot be used: {0}")]
pub struct NoLifeCycle(String);

impl LifeCycle {
    /// The model in `formal/spec_impl.v2.yaml`.
    ///
    /// # Errors
    /// When that file is no model of the life cycle; a test shows that it is.
    pub fn embedded() -> Result<Arc<Self>, NoLifeCycle> {
        let wrong = |what: &str| NoLifeCycle(what.to_owned());
        let checked = load_str(TEXT).map_err(|errors| {
            let messages: Vec<String> = errors.into_iter().map(|e| e.message).collect();
            NoLifeCycle(messages.join("; "))
        })?;
        let system = desugar(&checked);
        let start = initial_states(&system)
            .next()
            .ok_or_else(|| wrong("no initial state"))?;
        let stages = system
            .symbols
            .states
            .iter()
            .map(|s| {
                let mut all = Stage::ALL.into_iter();
                all.find(|stage| stage.name() == s.name.as_str())
                    .ok_or_else(|| wrong(s.name.as_str()))
            })
            .collect::<Result<Vec<Stage>, NoLifeCycle>>()?;
        let rounds = system
            .cells
            .iter()
            .position(|c| {
                matches!(c.cell, Cell::Var(_)) && system.symbols.cell_name(c.cell) == "rounds"
            })
            .ok_or_else(|| wrong("no `rounds`"))?;
        let transitions = system
            .commands()
            .map(|(id, c)| (c.name.to_string(), id))
            .collect();
        Ok(Arc::new(Self {
            system,
            start,
            transitions,
            stages,
            rounds,
        }))
    }

    /// The ids of all transitions, sorted.
    pub fn transitions(&self) -> impl Iterator<Item = &str> {
        self.transitions.keys().map(String::as_str)
    }

    pub(super) fn start(&self) -> State {
        self.start.clone()
    }

    pub(super) fn stage(&self, state: &State) -> Stage {
        let at = match state.first() {
            Some(Value::Enum(n)) => self.stages.get(usize::from(*n)),
            Some(Value::None | Value::Bool(_) | Value::Int(_)) | None => None,
        };
        // A state of this system has a control state; any other is nowhere.
        at.copied().unwrap_or(Stage::DraftGoal)
    }

    pub(super) fn ended(&self, state: &State) -> bool {
        match state.first() {
            Some(Value::Enum(n)) => self.system.is_terminal(StateId(*n)),
            Some(Value::None | Value::Bool(_) | Value::Int(_)) | None => false,
        }
    }

    /// Revisions since a person last took part.
    pub(super) fn rounds(&self, state: &State) -> u32 {
        match state.get(self.rounds) {
            Some(Value::Int(n)) => u32::try_from(*n).unwrap_or(u32::MAX),
            Some(Value::None | Value::Bool(_) | Value::Enum(_)) | None => u32::MAX,
        }
    }

    /// Takes one step.
    pub(super) fn fire(&self, state: &State, step: &Step) -> Result<State, Stuck> {
        let command = self
            .transitions
            .get(step.transition)
            .and_then(|id| self.system.command(*id))
            .ok_or(Stuck::Unknown)?;
        let choices: Vec<Value> = command
            .choices
            .iter()
            .map(|c| self.choice(c, &step.choices))
            .collect::<Option<_>>()
            .ok_or(Stuck::Unknown)?;
        match fire(&self.system, command, state, &choices) {
            Outcome::Next(next) => Ok(next),
            Outcome::LeavesRange { .. } => Err(Stuck::Unknown),
            Outcome::Disabled => {
                let here = state.first().copied();
                if !command.from.iter().any(|s| here == Some(Value::state(*s))) {
                    let names = command.from.iter();
                    return Err(Stuck::Elsewhere(
                        names
                            .map(|s| self.system.symbols.state_name(*s).to_owned())
                            .collect(),
                    ));
                }
                let failing = failing_conjuncts(&self.system, state, &choices, &command.guard);
                Err(Stuck::Guard(
                    failing
                        .into_iter()
                        .map(|term| show(&self.system.symbols, term))
                        .collect(),
                ))
            }
        }
    }

    fn choice(&self, choice: &Choice, words: &[(&str, &str)]) -> Option<Value> {
        let (_, word) = words
            .iter()
            .find(|(name, _)| *name == choice.name.as_str())?;
        let ty = choice.domain.ty();
        choice
            .domain
            .values()
            .find(|v| self.system.symbols.show(ty, *v) == *word)
    }
}
