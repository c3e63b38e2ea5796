//! Who sits where: what was wished for, else a model where one is set up, else the built-in rules.

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Critic, Editor, EditorCritic, EditorError, EditorPlanner, ModelCritic, ModelPlanner, Planner,
    RulesPlanner,
};
use crate::agent::provider::{Options, Provider, ProviderError, Wishes, select};

/// Who may fill a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The built-in rules.
    Rules,
    /// The model of the provider that is set up.
    Model,
    /// The person at the terminal, in an editor.
    Editor,
}

impl Choice {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rules, Self::Model, Self::Editor];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Model => "model",
            Self::Editor => "editor",
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Who is wished for; `None` leaves it to whether a provider is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeatChoices {
    /// Whoever searches.
    #[serde(default)]
    pub planner: Option<Choice>,
    /// Whoever refines.
    #[serde(default)]
    pub critic: Option<Choice>,
}

/// Who criticises. The rules need engines of their own, so whoever runs the loop brings them.
pub enum CriticChoice {
    /// The built-in rules.
    Rules,
    /// This one.
    Seat(Box<dyn Critic>),
}

/// The seats, filled.
pub struct Seats {
    /// Whoever searches.
    pub planner: Box<dyn Planner>,
    /// Whoever refines.
    pub critic: CriticChoice,
}

/// Why a seat cannot be filled as wished.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChooseError {
    /// A model is wished for and no provider is set up.
    #[error(
        "the {seat} is to be a model, and no provider is set up: name one with --provider or SPEC_PROVIDER"
    )]
    NoProvider {
        /// Which seat.
        seat: &'static str,
    },
    /// A person is wished for and cannot be asked.
    #[error("the {seat} is to be a person: {why}")]
    NoEditor {
        /// Which seat.
        seat: &'static str,
        /// What is missing.
        why: EditorError,
    },
}

impl ChooseError {
    /// Every code.
    pub const CODES: [&str; 2] = ["TRIB-SEAT-EDITOR", "TRIB-SEAT-NO-PROVIDER"];

    /// The stable code, for `tribunal explain`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoProvider { .. } => "TRIB-SEAT-NO-PROVIDER",
            Self::NoEditor { .. } => "TRIB-SEAT-EDITOR",
        }
    }
}

/// The provider that is set up; nothing is sent. `variable` reads the environment.
///
/// # Errors
/// As [`select`] and [`Provider::open`].
pub fn open(
    wishes: &Wishes,
    variable: &dyn Fn(&str) -> Option<String>,
    options: Options,
) -> Result<Option<Arc<Provider>>, ProviderError> {
    let Some(chosen) = select(wishes, variable)? else {
        return Ok(None);
    };
    Ok(Some(Arc::new(Provider::open(&chosen, options)?)))
}

impl SeatChoices {
    /// What is chosen for the planner and the critic.
    #[must_use]
    pub fn settled(self, provider: bool) -> (Choice, Choice) {
        let usual = if provider {
            Choice::Model
        } else {
            Choice::Rules
        };
        (self.planner.unwrap_or(usual), self.critic.unwrap_or(usual))
    }
}

/// Fills the seats. `variable` reads the environment, where an editor is named.
///
/// # Errors
/// See [`ChooseError`].
pub fn choose(
    choices: SeatChoices,
    provider: Option<&Arc<Provider>>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Seats, ChooseError> {
    let (planner, critic) = choices.settled(provider.is_some());
    let model = |seat| provider.cloned().ok_or(ChooseError::NoProvider { seat });
    Ok(Seats {
        planner: match planner {
            Choice::Rules => Box::new(RulesPlanner),
            Choice::Model => Box::new(ModelPlanner::new(model("planner")?)),
            Choice::Editor => Box::new(EditorPlanner::new(editor("planner", variable)?)),
        },
        critic: match critic {
            Choice::Rules => CriticChoice::Rules,
            Choice::Editor => {
                CriticChoice::Seat(Box::new(EditorCritic::new(editor("critic", variable)?)))
            }
            Choice::Model => CriticChoice::Seat(Box::new(ModelCritic::new(model("critic")?))),
        },
    })
}

/// The editor of this terminal.
fn editor(
    seat: &'static str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Editor, ChooseError> {
    Editor::at_terminal(variable).map_err(|why| ChooseError::NoEditor { seat, why })
}
