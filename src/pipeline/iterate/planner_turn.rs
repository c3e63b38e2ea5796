//! The planner's turns: a proposal for a goal, a revision for a critique.

use super::desk::{DeskError, WORKFLOW_FILE, read_text};
use super::ending::IterateError;
use super::letters::Letter;
use super::people;
use super::run::{Loop, json_error, seated, timed, unusable};
use crate::agent::seat::{SeatFailure, Standing, Wish};
use crate::host::clock::Stopwatch;
use crate::host::files::write_atomic;
use crate::pipeline::critique::CRITIQUE_FILE;
use crate::protocol::{Candidate, Envelope, Exchange, Payload, Role, Spend};
use std::path::Path;

impl Loop<'_> {
    pub(super) async fn propose(
        &self,
        exchange: &Exchange,
        goal: &Envelope,
    ) -> Result<(), IterateError> {
        let Payload::Goal {
            goal: words,
            constraints,
        } = &goal.payload
        else {
            return Ok(());
        };
        let last = exchange.messages().iter().map(|k| k.envelope.version).max();
        let version = last.unwrap_or(0) + 1;
        self.working(exchange, Role::Planner, version);
        let wish = Wish {
            goal: words.clone(),
            constraints: constraints.clone(),
            workflow: self.desk.workflow.clone(),
            version,
        };
        let clock = Stopwatch::start();
        let made = self.planner.propose(&wish, &self.cancel).await;
        let made = seated("planner", made)?;
        let spend = timed(made.spend, &clock);
        let mut all = Vec::new();
        for draft in made.value {
            let standing = read_text("the planner's workflow", draft.text)?;
            self.fits(&standing, version)?;
            all.push((standing, draft.tradeoffs));
        }
        let Some(((first, _), beside)) = all.split_first() else {
            return Err(unusable("planner", "it proposed nothing", spend));
        };
        self.desk.keep(first)?;
        for (other, _) in beside {
            let path = self.desk.beside(version, other.digest).join(WORKFLOW_FILE);
            write_atomic(&path, other.text.as_bytes()).map_err(DeskError::from)?;
        }
        let candidates = all
            .iter()
            .map(|(s, tradeoffs)| Candidate {
                digest: s.digest,
                tradeoffs: tradeoffs.clone(),
            })
            .collect();
        let payload = Payload::Proposal { candidates };
        let letter = Letter {
            artifacts: vec![self.desk.artifact(&self.file(version), first.digest)],
            spend: Some(spend),
            ..Letter::new(Role::Planner, Role::Verifier, payload, made.reasoning)
        };
        self.send(&letter.about(goal, &self.seats(), version, Some(first.digest)))
    }

    pub(super) async fn revise(
        &self,
        exchange: &Exchange,
        message: &Envelope,
    ) -> Result<(), IterateError> {
        self.working(exchange, Role::Planner, message.version);
        let before = self.desk.standing(&self.desk.folder(message.version))?;
        let critique = self.desk.critique(message.version)?;
        let answers = people::answers(exchange, message);
        let clock = Stopwatch::start();
        let made = self
            .planner
            .revise(&before, &critique, &answers, &self.cancel)
            .await;
        let made = match made {
            Err(error) if error.sort == SeatFailure::Unusable => {
                let why = format!(
                    "the planner made no revision that can be used: {}",
                    error.why
                );
                let spend = timed(error.spend, &clock);
                return self.stopped(exchange, message, &why, Some(spend));
            }
            made => seated("planner", made)?,
        };
        let spend = timed(made.spend, &clock);
        let after = read_text("the planner's revision", made.value)?;
        let version = message.version + 1;
        self.fits(&after, version)?;
        self.desk.keep(&after)?;
        let own = critique.own_digest();
        let own = own.map_err(|e| json_error(Path::new(CRITIQUE_FILE), &e))?;
        let payload = Payload::Revision {
            from: before.digest,
            critique: Some(own),
        };
        let letter = Letter {
            artifacts: vec![self.desk.artifact(&self.file(version), after.digest)],
            spend: Some(spend),
            ..Letter::new(Role::Planner, Role::Verifier, payload, made.reasoning)
        };
        self.send(&letter.about(message, &self.seats(), version, Some(after.digest)))
    }

    /// Whether a text is the version it has to be.
    pub(super) fn fits(&self, standing: &Standing, version: u32) -> Result<(), IterateError> {
        let ir = &standing.checked.ir;
        if ir.id.value.as_str() != self.desk.workflow || ir.version.value != version {
            let why = format!(
                "it is `{}` version {}, not `{}` version {version}",
                ir.id.value, ir.version.value, self.desk.workflow
            );
            return Err(unusable("planner", &why, Spend::default()));
        }
        Ok(())
    }
}
