//! Opens a conversation: from a file that is the first version, or from a goal in plain words.

use std::path::Path;

use super::desk::{WORKFLOW_FILE, read_text};
use super::ending::IterateError;
use super::letters::{Letter, goal};
use super::life::tell_author;
use super::run::Loop;
use super::turn::{Turn, turn};
use crate::agent::seat::Standing;
use crate::gate::event::{Event, Identity, What};
use crate::host::clock::Timestamp;
use crate::host::files::read_text_capped;
use crate::host::user;
use crate::pipeline::iterate::desk::DeskError;
use crate::pipeline::record;

use crate::protocol::{Candidate, Envelope, Exchange, Kept, Kind, Payload, Role};

const FILE_BYTES: u64 = 1024 * 1024;

/// Reads the file that a run starts from.
///
/// # Errors
/// `Desk`.
pub fn file(path: &Path) -> Result<Standing, IterateError> {
    let text = read_text_capped(path, FILE_BYTES).map_err(DeskError::from)?;
    Ok(read_text(&path.display().to_string(), text)?)
}

/// A `workflow_id` made from the words of a goal: `review_and_merge_a_change`.
#[must_use]
pub fn name(goal: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in goal.split(|c: char| !c.is_ascii_alphanumeric()) {
        if !word.is_empty() && words.len() < 6 {
            words.push(word.to_ascii_lowercase());
        }
    }
    let name = words.join("_");
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.chars().take(60).collect()
    } else {
        format!("goal_{name}").chars().take(60).collect()
    }
}

impl Loop<'_> {
    /// Whether this run may go on: one that stopped half-way is only gone on with on purpose.
    ///
    /// # Errors
    /// `UnderWay` for a run that was interrupted, unless `resume`; `Mailbox`.
    pub fn claim(&self, resume: bool) -> Result<(), IterateError> {
        let exchange = self.mailbox().read()?.exchange;
        let half_way = !matches!(
            turn(&exchange, &self.bounds),
            Turn::Start | Turn::Wait(_) | Turn::Ended(_)
        );
        if half_way && !resume {
            return Err(IterateError::UnderWay(format!(
                "a run about `{}` was interrupted",
                self.desk.workflow
            )));
        }
        Ok(())
    }

    /// Opens a conversation about a file, or does nothing where it is open already.
    ///
    /// # Errors
    /// `UnderWay` when a conversation about another content of this workflow is open and this file's version is not newer.
    pub fn open_with(&self, first: &Standing) -> Result<(), IterateError> {
        let exchange = self.mailbox().read()?.exchange;
        let ir = &first.checked.ir;
        let (version, digest) = (ir.version.value, Some(first.digest));
        let known = |k: &Kept| {
            k.envelope.version == version && k.envelope.digest == digest && brings(&k.envelope)
        };
        if exchange.messages().iter().any(known) {
            return Ok(());
        }
        let last = exchange
            .messages()
            .iter()
            .map(|k| k.envelope.version)
            .max()
            .unwrap_or(0);
        if last > 0 && version != last + 1 {
            return Err(IterateError::UnderWay(format!(
                "a run about `{}` stands at version {last}; a file that takes its place is version {}",
                self.desk.workflow,
                last + 1
            )));
        }
        self.desk.keep(first)?;
        let what = What::Proposed {
            from: None,
            critique: None,
        };
        let event = Event {
            workflow: self.desk.workflow.clone(),
            version,
            digest: first.digest,
            by: Identity::Person { user: user::name() },
            what,
        };
        let journal = record::journal(self.desk.project, &self.desk.workflow);
        tell_author(&journal, &event, Timestamp::now())?;
        let constraints: Vec<String> = ir.constraints.iter().map(|c| c.value.clone()).collect();
        let opening = self.open(&exchange, &ir.goal.value, &constraints)?;
        let payload = Payload::Proposal {
            candidates: vec![Candidate {
                digest: first.digest,
                tradeoffs: "the file as a person wrote it".to_owned(),
            }],
        };
        let why = "the file as a person wrote it is the first version to be judged";
        let letter = Letter {
            artifacts: vec![
                self.desk
                    .artifact(&self.desk.folder(version).join(WORKFLOW_FILE), first.digest),
            ],
            ..Letter::new(Role::Planner, Role::Verifier, payload, why)
        };
        self.send(&letter.about(&opening, &self.seats(), version, digest))
    }

    /// Opens a conversation about a goal, or does nothing where it is open already.
    ///
    /// # Errors
    /// `Mailbox`, `Refused`.
    pub fn open_goal(&self, words: &str, constraints: &[String]) -> Result<(), IterateError> {
        let exchange = self.mailbox().read()?.exchange;
        let open = exchange.messages().iter().any(|k| {
            matches!(&k.envelope.payload, Payload::Goal { goal, constraints: c } if goal == words && c == constraints)
        });
        if open {
            return Ok(());
        }
        if !exchange.messages().is_empty() {
            return Err(IterateError::UnderWay(format!(
                "`{}` has a run with another goal or other constraints",
                self.desk.workflow
            )));
        }
        self.open(&exchange, words, constraints).map(|_| ())
    }

    fn open(
        &self,
        exchange: &Exchange,
        words: &str,
        constraints: &[String],
    ) -> Result<Envelope, IterateError> {
        let goals = exchange.messages().iter().map(|k| &k.envelope);
        let goals: Vec<&Envelope> = goals.filter(|e| e.payload.kind() == Kind::Goal).collect();
        // A run that was killed between the goal and the proposal has a goal that nothing answers.
        if let Some(last) = goals.last()
            && matches!(&last.payload, Payload::Goal { goal, .. } if goal == words)
            && exchange.answer(&last.id, Kind::Proposal).is_none()
        {
            return Ok((*last).clone());
        }
        let opening = goal(
            &self.desk.workflow,
            goals.len() + 1,
            words,
            constraints,
            &self.seats(),
        );
        self.send(&opening)?;
        Ok(opening)
    }
}

fn brings(message: &Envelope) -> bool {
    matches!(message.payload.kind(), Kind::Proposal | Kind::Revision)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_gives_an_id_that_a_workflow_can_have() {
        for (goal, id) in [
            (
                "Review and merge a change, safely!",
                "review_and_merge_a_change_safely",
            ),
            ("3 steps", "goal_3_steps"),
            ("…", "goal_"),
        ] {
            assert_eq!(name(goal), id);
        }
    }
}
