//! `tribunal reject PATH --reason TEXT`: a person gives a version up.

use std::path::PathBuf;

use clap::Args;

use super::decide::{Decision, run as decide};
use super::outcome::Outcome;
use super::screen::Screen;
use crate::pipeline::decide::reject;

/// Arguments of `reject`.
#[derive(Debug, Args)]
pub struct RejectArgs {
    /// A workflow file.
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// Runs it.
#[must_use]
pub fn run(args: &RejectArgs, screen: &Screen) -> Outcome {
    let decision = Decision {
        path: &args.path,
        done: "rejected",
        order: "Reject".to_owned(),
        finding: None,
        reason: &args.reason,
    };
    decide(&decision, screen, |subject, person, now| {
        reject(subject, person, &args.reason, now)
    })
}
