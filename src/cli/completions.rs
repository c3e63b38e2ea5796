//! `tribunal completions SHELL`.

use clap::CommandFactory;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::args::{Cli, CompletionsArgs};
use super::outcome::Outcome;

/// `data` of `completions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompletionsJson {
    /// The shell.
    pub shell: String,
    /// What to source.
    pub script: String,
}

/// Runs it.
#[must_use]
pub fn run(args: &CompletionsArgs) -> Outcome {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "tribunal", &mut bytes);
    let script = String::from_utf8_lossy(&bytes).into_owned();
    Outcome::done(
        script.clone(),
        &CompletionsJson {
            shell: args.shell.to_string(),
            script,
        },
    )
}
