//! `tribunal critique FILE`: what to do about the findings of a workflow, without any model.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::args::EngineArg;
use super::exit_code::ExitCode;
use super::outcome::Outcome;
use super::progress::Lines;
use super::screen::Screen;
use super::verify::{selection, tell, tell_project};
use crate::critique::{CritiqueError, Shown, render};
use crate::finding::Critique;
use crate::host::files::write_atomic;
use crate::host::interrupt;
use crate::pipeline::critique::text;
use crate::pipeline::{Critiqued, NoCritique, Project, Verify, critique};

/// Arguments of `critique`.
#[derive(Debug, Args)]
pub struct CritiqueArgs {
    /// A workflow file.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Write the critique there; in a project it is kept beside the report anyway.
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Ask this engine, and need its answer; by default all that are installed.
    #[arg(
        long = "engine",
        value_enum,
        value_delimiter = ',',
        value_name = "ENGINE"
    )]
    pub engines: Vec<EngineArg>,
    /// Seconds after which an engine gives up.
    #[arg(long, default_value_t = 300, value_name = "S", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub deadline: u64,
}

/// Runs it.
#[must_use]
pub fn run(args: &CritiqueArgs, screen: &Screen) -> Outcome {
    let mut outcome = Outcome::empty();
    let project = match Project::find(Path::new(".")) {
        Ok(project) => project,
        Err(error) => {
            tell_project(&mut outcome, &error, screen);
            return outcome;
        }
    };
    let lines = Lines::new(screen.progress);
    let options = Verify {
        engines: selection(&args.engines, project.as_ref()),
        properties: &[],
        deadline: Duration::from_secs(args.deadline),
        project: project.as_ref(),
        out: None,
        cancel: interrupt::token().child(),
        progress: &|p| lines.show(&p),
    };
    let result = critique(&args.file, &options);
    lines.clear();
    match result {
        Ok(critiqued) => {
            outcome.diagnostics(&critiqued.sources, &critiqued.warnings, screen);
            done(args, &critiqued, &mut outcome, screen);
        }
        Err(error) => refuse(&mut outcome, &error, screen),
    }
    outcome
}

fn done(args: &CritiqueArgs, critiqued: &Critiqued, outcome: &mut Outcome, screen: &Screen) {
    let text = match text(&critiqued.critique) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("the critique cannot be written: {error}");
            outcome.fail(ExitCode::Bug, "TRIB-BUG", &message, None);
            return;
        }
    };
    if let Some(path) = &args.out
        && let Err(error) = write_atomic(path, text.as_bytes())
    {
        let message = format!("{}: {error}", path.display());
        outcome.fail(ExitCode::Invalid, "TRIB-STORE", &message, None);
    }
    let kept = args.out.as_ref().or(critiqued.kept.as_ref());
    let kept = kept.map(|p| p.display().to_string());
    outcome.text = render(
        Shown {
            critique: &critiqued.critique,
            findings: &critiqued.stored.findings,
            file: &args.file.display().to_string(),
            kept: kept.as_deref(),
        },
        &screen.stdout,
    );
    outcome.findings.clone_from(&critiqued.stored.findings);
    outcome.data = serde_json::to_value(&critiqued.critique).ok();
}

fn refuse(outcome: &mut Outcome, error: &NoCritique, screen: &Screen) {
    match error {
        NoCritique::Verify(error) => tell(outcome, error, screen),
        NoCritique::Policy => outcome.fail(
            ExitCode::Invalid,
            "TRIB-CRITIQUE-POLICY",
            &error.to_string(),
            Some("name a workflow file"),
        ),
        NoCritique::Critic(inner @ CritiqueError::Inconclusive { .. }) => outcome.fail(
            ExitCode::Inconclusive,
            "TRIB-CRITIQUE-INCONCLUSIVE",
            &inner.to_string(),
            Some(
                "`tribunal doctor` says how to get a missing engine; `--deadline` gives more time",
            ),
        ),
        NoCritique::Critic(inner @ CritiqueError::Interrupted) => outcome.fail(
            ExitCode::Interrupted,
            "TRIB-INTERRUPTED",
            &inner.to_string(),
            None,
        ),
        NoCritique::Critic(inner @ CritiqueError::Unreadable) => {
            outcome.fail(ExitCode::Bug, "TRIB-BUG", &inner.to_string(), None);
        }
        NoCritique::Stored(_) => outcome.fail(
            ExitCode::Invalid,
            "TRIB-STORE",
            &error.to_string(),
            Some("verify it again"),
        ),
        NoCritique::Refused(_) => {
            outcome.fail(ExitCode::Bug, "TRIB-BUG", &error.to_string(), None);
        }
    }
}

/// `data` of `critique`.
pub type CritiqueJson = Critique;
