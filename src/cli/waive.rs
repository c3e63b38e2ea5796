//! `tribunal waive PATH FINDING --reason TEXT`: a person answers for one finding of one version. It ends with the version.

use std::path::PathBuf;

use clap::Args;

use super::decide::{Decision, run as decide};
use super::outcome::Outcome;
use super::screen::Screen;
use crate::pipeline::decide::waive;

/// Arguments of `waive`.
#[derive(Debug, Args)]
pub struct WaiveArgs {
    /// A workflow file.
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// The finding's id, as in `F-030008a238`.
    #[arg(value_name = "FINDING")]
    pub finding: String,
    /// Why it is acceptable.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// Runs it.
#[must_use]
pub fn run(args: &WaiveArgs, screen: &Screen) -> Outcome {
    let decision = Decision {
        path: &args.path,
        done: "waived",
        order: format!("Waive {} of", args.finding),
        finding: Some(&args.finding),
        reason: &args.reason,
    };
    decide(&decision, screen, |subject, person, now| {
        waive(subject, person, &args.finding, &args.reason, now)
    })
}
