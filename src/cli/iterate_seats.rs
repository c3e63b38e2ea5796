//! Who sits at the table of `tribunal iterate`: rules, a model, or a person in an editor.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use serde::Serialize;

use super::exit_code::ExitCode;
use super::outcome::Outcome;
use crate::agent::prompt::{CRITIC, Described, REVISE, describe, propose};
use crate::agent::provider::{Options, ProviderError, Wish, Wishes, process_variable};
use crate::agent::seat::{
    Choice, ChooseError, CriticChoice, PERSON, SeatChoices, Seats, Wish as Goal, choose, open,
};
use crate::critique::CRITIC as RULES;
use crate::pipeline::Project;
use crate::report::plain;

/// Who plans and who criticises.
#[derive(Debug, Args)]
pub struct SeatArgs {
    /// Who plans: by default a model where a provider is named, else the rules.
    #[arg(long, value_enum, value_name = "WHO")]
    pub planner: Option<SeatArg>,
    /// Who criticises; the same default.
    #[arg(long, value_enum, value_name = "WHO")]
    pub critic: Option<SeatArg>,
    /// The provider of models: anthropic, openai, ollama, claudecode, codex, scripted.
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Which of its models.
    #[arg(long, value_name = "NAME")]
    pub model: Option<String>,
    /// The file of answers of the provider `scripted`.
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
}

/// Who sits at the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SeatArg {
    /// The built-in rules.
    Rules,
    /// The model of the provider that is named.
    Model,
    /// A person, in $EDITOR.
    Editor,
}

/// Why nobody could be seated.
#[derive(Debug, thiserror::Error)]
pub enum Unseated {
    /// The provider.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The choice.
    #[error(transparent)]
    Choose(#[from] ChooseError),
}

impl Unseated {
    /// Says so.
    pub fn tell(&self, outcome: &mut Outcome) {
        let (exit, code) = match self {
            Self::Provider(error) => (ExitCode::Inconclusive, error.code()),
            Self::Choose(error) => (ExitCode::Usage, error.code()),
        };
        let help = format!("`tribunal explain {code}`; nothing was asked of anybody");
        outcome.fail(exit, code, &self.to_string(), Some(&help));
    }
}

impl SeatArgs {
    /// Seats everybody. Nothing is sent.
    ///
    /// # Errors
    /// See [`Unseated`].
    pub fn seats(&self, project: &Project) -> Result<Seats, Unseated> {
        let wishes = Wishes {
            flag: Wish {
                provider: self.provider.clone(),
                model: self.model.clone(),
                script: self.script.clone(),
                ..Wish::default()
            },
            project: Wish {
                provider: project.config.llm_provider.clone(),
                model: project.config.model.clone(),
                anthropic_api_key_env: project.config.anthropic_api_key_env.clone(),
                ..Wish::default()
            },
            user: Wish::default(),
        };
        // Where both seats are given to others, no provider is needed, however it is set up.
        let (planner, critic) = (self.planner.map(choice), self.critic.map(choice));
        let needed = [planner, critic]
            .iter()
            .any(|c| matches!(c, None | Some(Choice::Model)));
        let options = Options {
            memo: Some(project.root.join(".spec/cache/model")),
            ..Options::standard()
        };
        let provider = if needed {
            open(&wishes, &process_variable, options)?
        } else {
            None
        };
        Ok(choose(
            SeatChoices { planner, critic },
            provider.as_ref(),
            &process_variable,
        )?)
    }
}

const fn choice(arg: SeatArg) -> Choice {
    match arg {
        SeatArg::Rules => Choice::Rules,
        SeatArg::Model => Choice::Model,
        SeatArg::Editor => Choice::Editor,
    }
}

/// `data` of `iterate --dry-run`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DryRunJson {
    /// Who would plan.
    pub planner: String,
    /// Who would criticise.
    pub critic: String,
    /// The most calls of models before a person is asked, corrections of wrong answers not counted.
    pub calls: u32,
    /// The prompts; a place that only earlier answers can fill is left open.
    pub prompts: Vec<Described>,
}

/// What would be asked of whom; nobody is asked. `goal` is none where a file is the first version.
#[must_use]
pub fn dry_run(seats: &Seats, goal: Option<&Goal>, rounds: NonZeroU32) -> Outcome {
    let planner = seats.planner.name();
    let critic = match &seats.critic {
        CriticChoice::Rules => RULES.to_owned(),
        CriticChoice::Seat(critic) => critic.name(),
    };
    let model = |name: &str| name.contains('/') && !name.starts_with(PERSON);
    let rounds = rounds.get();
    let mut calls = 0;
    let mut prompts = Vec::new();
    if model(&planner) {
        if let Some(goal) = goal {
            calls += 1;
            prompts.push(describe(&propose(goal)));
        }
        calls += rounds;
        prompts.push(REVISE.described(MOST_TOKENS));
    }
    if model(&critic) {
        calls += rounds + 1;
        prompts.push(CRITIC.described(MOST_TOKENS));
    }
    let mut text = format!(
        "planner  {}\ncritic   {}\n",
        plain::line(&planner),
        plain::line(&critic)
    );
    text.push_str(&match calls {
        0 => "no model would be called\n".to_owned(),
        n => format!("at most {n} calls before a person is asked\n"),
    });
    for prompt in &prompts {
        text.push_str(&format!(
            "\n--- {} · about {} tokens to read, at most {} to write\n{}\n\n{}\n",
            prompt.prompt,
            prompt.input_tokens,
            prompt.max_output_tokens,
            lines(&prompt.system),
            lines(&prompt.message)
        ));
    }
    let data = DryRunJson {
        planner,
        critic,
        calls,
        prompts,
    };
    Outcome::done(text, &data)
}

/// A text of several lines, each without control characters.
fn lines(text: &str) -> String {
    let all: Vec<_> = text.lines().map(plain::line).collect();
    all.join("\n")
}

/// What an answer may be long, in the estimate.
const MOST_TOKENS: u32 = 16_000;
