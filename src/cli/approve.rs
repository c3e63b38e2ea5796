//! `tribunal approve PATH`: a person gives authority to one version. Shows what it is about, then asks, or compares with what
//! `--expect` says was shown.

use std::path::{Path, PathBuf};

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::authority::{denied, key, person_only, signer, unsigned};
use super::exit_code::ExitCode;
use super::gate::{ground, shut, tell_subject};
use super::outcome::Outcome;
use super::screen::Screen;
use super::summary;
use crate::gate::event::{ApprovalForm, Identity};
use crate::gate::line::human;
use crate::gate::{GateLine, How, Verdict, judge};
use crate::host::clock::Timestamp;
use crate::host::prompt;
use crate::ir::Digest;
use crate::pipeline::approve::{Granted, Proposal, grant, propose};
use crate::pipeline::denied::Denied;
use crate::pipeline::subject::{Ground, Subject};

/// Arguments of `approve`.
#[derive(Debug, Args)]
pub struct ApproveArgs {
    /// A workflow file.
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// Approve only what was shown under this digest; needed where nobody can be asked.
    #[arg(long, value_name = "DIGEST")]
    pub expect: Option<Digest>,
    /// Sign with this private key file; its public key stands in `.spec/allowed_signers`.
    #[arg(long, value_name = "KEY")]
    pub sign: Option<PathBuf>,
}

/// `data` of `approve`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveJson {
    /// `workflow_id`.
    pub workflow: String,
    /// `version`.
    pub version: u32,
    /// The digest of that version.
    pub digest: Digest,
    /// The digest of what is shown; `--expect` takes it.
    pub to_be_approved: Digest,
    /// What approving it comes to.
    pub form: ApprovalForm,
    /// Who approved it; null where nobody has.
    pub by: Option<Identity>,
    /// How that is known.
    pub how: Option<How>,
    /// The digest of the approval's document.
    pub approval: Option<Digest>,
    /// How many more people the policy asks for after that.
    pub more: usize,
    /// What the gate says now; null where nothing was approved.
    pub gate: Option<GateLine>,
}

/// Runs it.
#[must_use]
pub fn run(args: &ApproveArgs, screen: &Screen) -> Outcome {
    match steps(args, screen) {
        Ok(outcome) | Err(outcome) => *outcome,
    }
}

fn steps(args: &ApproveArgs, screen: &Screen) -> Result<Box<Outcome>, Box<Outcome>> {
    person_only(screen, args.sign.is_some())?;
    let now = Timestamp::now();
    let mut outcome = Box::new(Outcome::empty());
    let Some(ground) = ground(&mut outcome, screen) else {
        return Err(outcome);
    };
    let subject = subject(&ground, &args.path, screen)?;
    let key = match &args.sign {
        Some(path) => Some(key(path, screen)?),
        None => None,
    };
    let person = match (&key, args.expect) {
        (Some(key), _) => signer(&ground, key, now)?,
        (None, Some(_)) => unsigned(How::Expect),
        (None, None) => unsigned(How::Terminal),
    };
    let not_done = |e: &Denied| Box::new(denied(e));
    let proposal = propose(&subject, &person).map_err(|e| not_done(&e))?;
    outcome.text = summary::approval(&ground, &subject, &proposal);
    outcome.data = data(&proposal, None, None);
    match args.expect {
        Some(expected) if expected == proposal.shown => {}
        Some(expected) => {
            let now = proposal.shown;
            return Err(not_done(&Denied::Expect { expected, now }));
        }
        None if screen.interactive => {
            if !consents(&mut outcome, &proposal) {
                return Ok(outcome);
            }
        }
        None => {
            let help = format!("approve with `--expect {}`", proposal.shown);
            outcome.fail(
                ExitCode::Waiting,
                "TRIB-EXPECT-MISSING",
                "nobody can be asked; nothing is approved",
                Some(&help),
            );
            return Ok(outcome);
        }
    }
    let granted =
        grant(&subject, &person, key.as_ref(), proposal.shown, now).map_err(|e| not_done(&e))?;
    conclude(&ground, &subject, &proposal, &granted, &mut outcome, screen);
    Ok(outcome)
}

/// The subject of a command of this group.
pub(super) fn subject(
    ground: &Ground,
    path: &Path,
    screen: &Screen,
) -> Result<Subject, Box<Outcome>> {
    ground.subject(path).map_err(|error| {
        let mut outcome = Outcome::empty();
        tell_subject(&mut outcome, &error, screen);
        Box::new(outcome)
    })
}

/// Shows what is to be approved and asks.
fn consents(outcome: &mut Outcome, proposal: &Proposal) -> bool {
    let shown = std::mem::take(&mut outcome.text);
    let what = &proposal.approved;
    let question = format!(
        "{shown}\nApprove {} version {}? Type `yes`: ",
        what.workflow, what.version
    );
    let answer = prompt::ask(&question).ok().flatten();
    if answer.as_deref().map(str::trim) == Some("yes") {
        return true;
    }
    let message = "not approved";
    outcome.fail(ExitCode::Waiting, "TRIB-NOT-CONFIRMED", message, None);
    false
}

fn conclude(
    ground: &Ground,
    subject: &Subject,
    proposal: &Proposal,
    granted: &Granted,
    outcome: &mut Outcome,
    screen: &Screen,
) {
    outcome.text.push_str(&format!(
        "approved  {} as {}\n",
        granted.approval.digest(),
        granted.file
    ));
    // The gate is asked anew, on what is on disk now: nothing is called open because it should be.
    let line = match ground.subject(&subject.path) {
        Ok(again) => {
            let verdict = judge(&again.case(), Timestamp::now());
            if let Verdict::Shut(reason) = &verdict {
                if granted.more > 0 {
                    outcome.exit = outcome.exit.and(ExitCode::Waiting);
                } else {
                    shut(outcome, reason);
                }
            }
            GateLine {
                workflow: Some(again.id().to_owned()),
                version: Some(again.version()),
                digest: Some(again.digest.to_string()),
                ..GateLine::shut(&subject.path.display().to_string())
            }
            .with(&verdict)
        }
        Err(error) => {
            tell_subject(outcome, &error, screen);
            GateLine::shut(&subject.path.display().to_string())
        }
    };
    if granted.more > 0 {
        outcome.text.push_str(&format!(
            "waiting   for {} more to approve: the policy asks for them\n",
            granted.more
        ));
    } else {
        outcome
            .text
            .push_str(&human(std::slice::from_ref(&line), false, false));
    }
    outcome.data = data(proposal, Some(granted), Some(line));
}

fn data(
    proposal: &Proposal,
    granted: Option<&Granted>,
    gate: Option<GateLine>,
) -> Option<serde_json::Value> {
    let what = &proposal.approved;
    serde_json::to_value(ApproveJson {
        workflow: what.workflow.clone(),
        version: what.version,
        digest: what.digest,
        to_be_approved: proposal.shown,
        form: what.form(),
        by: granted.map(|g| g.approval.by.clone()),
        how: granted.map(|g| g.approval.how),
        approval: granted.map(|g| g.approval.digest()),
        more: proposal.more,
        gate,
    })
    .ok()
}
