//! What `waive`, `reject` and `revoke` share: a person says it, with a reason, and is asked once more at a terminal.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::approve::subject;
use super::authority::{denied, person_only, unsigned};
use super::exit_code::ExitCode;
use super::gate::ground;
use super::outcome::Outcome;
use super::screen::Screen;
use crate::gate::How;
use crate::gate::event::{Event, Identity};
use crate::gate::person::shown;
use crate::host::clock::Timestamp;
use crate::host::prompt;
use crate::ir::Digest;
use crate::pipeline::approve::Person;
use crate::pipeline::denied::Denied;
use crate::pipeline::subject::Subject;
use crate::report::plain;

/// `data` of `waive`, `reject` and `revoke`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionJson {
    /// `workflow_id`.
    pub workflow: String,
    /// `version`.
    pub version: u32,
    /// The digest of that version.
    pub digest: Digest,
    /// Who decided.
    pub by: Identity,
    /// The finding, of a waiver.
    pub finding: Option<String>,
    /// Why.
    pub reason: String,
}

/// A decision to take.
pub(super) struct Decision<'a> {
    /// A workflow file.
    pub path: &'a PathBuf,
    /// What is done, in the past.
    pub done: &'static str,
    /// What is done, as an order.
    pub order: String,
    /// The finding, of a waiver.
    pub finding: Option<&'a str>,
    /// Why.
    pub reason: &'a str,
}

/// Takes it.
pub(super) fn run(
    decision: &Decision<'_>,
    screen: &Screen,
    act: impl FnOnce(&Subject, &Person, Timestamp) -> Result<Event, Denied>,
) -> Outcome {
    match steps(decision, screen, act) {
        Ok(outcome) | Err(outcome) => *outcome,
    }
}

fn steps(
    decision: &Decision<'_>,
    screen: &Screen,
    act: impl FnOnce(&Subject, &Person, Timestamp) -> Result<Event, Denied>,
) -> Result<Box<Outcome>, Box<Outcome>> {
    person_only(screen, false)?;
    let mut outcome = Box::new(Outcome::empty());
    let Some(ground) = ground(&mut outcome, screen) else {
        return Err(outcome);
    };
    let subject = subject(&ground, Path::new(decision.path), screen)?;
    if screen.interactive {
        let about = format!("{} version {}", subject.id(), subject.version());
        let question = format!("{} {about}? Type `yes`: ", decision.order);
        let answer = prompt::ask(&question).ok().flatten();
        if answer.as_deref().map(str::trim) != Some("yes") {
            let message = "nothing is decided";
            outcome.fail(ExitCode::Waiting, "TRIB-NOT-CONFIRMED", message, None);
            return Ok(outcome);
        }
    }
    let how = if screen.interactive {
        How::Terminal
    } else {
        How::Expect
    };
    let event =
        act(&subject, &unsigned(how), Timestamp::now()).map_err(|e| Box::new(denied(&e)))?;
    outcome.text = format!(
        "{}  {} version {} by {}: {}\n",
        decision.done,
        event.workflow,
        event.version,
        plain::line(&shown(&event.by)),
        plain::line(decision.reason)
    );
    let data = DecisionJson {
        workflow: event.workflow,
        version: event.version,
        digest: event.digest,
        by: event.by,
        finding: decision.finding.map(str::to_owned),
        reason: decision.reason.to_owned(),
    };
    outcome.data = serde_json::to_value(data).ok();
    Ok(outcome)
}
