//! `tribunal diff OLD NEW`: how two versions differ. A read: it decides nothing, so exit 0 says only that everything is known.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::exit_code::ExitCode;
use super::outcome::Outcome;
use super::screen::Screen;
use super::verify::tell_project;
use crate::host::interrupt;
use crate::pipeline::Project;
use crate::pipeline::diff::{DiffError, diff};
use crate::revise::diff::{Options, render};

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The old workflow or policy file.
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The new one.
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Distinct states that a version may have before what may happen is unknown.
    #[arg(long, default_value_t = 200_000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_states: u32,
    /// Seconds after which what may happen is unknown.
    #[arg(long, default_value_t = 60, value_name = "S", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub deadline: u64,
}

/// Runs it.
#[must_use]
pub fn run(args: &DiffArgs, screen: &Screen) -> Outcome {
    let mut outcome = Outcome::empty();
    let project = match Project::find(Path::new(".")) {
        Ok(project) => project,
        Err(error) => {
            tell_project(&mut outcome, &error, screen);
            return outcome;
        }
    };
    let options = Options {
        max_states: usize::try_from(args.max_states).unwrap_or(usize::MAX),
        deadline: Duration::from_secs(args.deadline),
        cancel: interrupt::token().child(),
    };
    match diff(&args.old, &args.new, project.as_ref(), &options) {
        Ok(compared) => {
            for file in [&compared.old, &compared.new] {
                outcome.diagnostics(&file.sources, &file.warnings, screen);
            }
            if !compared.diff.unknown.is_empty() {
                outcome.exit = ExitCode::Inconclusive;
            }
            outcome.text = render(&compared.diff, &screen.stdout);
            outcome.data = serde_json::to_value(&compared.diff).ok();
        }
        Err(DiffError::Files(errors)) => {
            for e in &errors {
                outcome.diagnostics(&e.sources, &e.diagnostics, screen);
            }
        }
        Err(DiffError::Project(error)) => tell_project(&mut outcome, &error, screen),
        Err(error @ DiffError::Kinds) => {
            let help = "give two workflow files or two policy files";
            outcome.fail(
                ExitCode::Usage,
                "TRIB-USAGE",
                &error.to_string(),
                Some(help),
            );
        }
        Err(error @ DiffError::Interrupted) => {
            outcome.fail(
                ExitCode::Interrupted,
                "TRIB-INTERRUPTED",
                &error.to_string(),
                None,
            );
        }
    }
    outcome
}
