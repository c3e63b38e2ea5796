//! `tribunal revoke PATH --reason TEXT`: a person takes an approval back. The gate is shut from then on.

use std::path::PathBuf;

use clap::Args;

use super::decide::{Decision, run as decide};
use super::outcome::Outcome;
use super::screen::Screen;
use crate::pipeline::decide::revoke;

/// Arguments of `revoke`.
#[derive(Debug, Args)]
pub struct RevokeArgs {
    /// A workflow file.
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// Runs it.
#[must_use]
pub fn run(args: &RevokeArgs, screen: &Screen) -> Outcome {
    let decision = Decision {
        path: &args.path,
        done: "revoked",
        order: "Revoke the approval of".to_owned(),
        finding: None,
        reason: &args.reason,
    };
    decide(&decision, screen, |subject, person, now| {
        revoke(subject, person, &args.reason, now)
    })
}
