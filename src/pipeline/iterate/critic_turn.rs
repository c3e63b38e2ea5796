//! The critic's turns: a critique of a report, its questions to a person, a version handed to a person or given up.

use super::admit;
use super::desk::DeskError;
use super::ending::IterateError;
use super::letters::Letter;
use super::run::{Loop, json_error, seated, timed, unusable};
use crate::agent::seat::{Judged, Judgement, Made, SeatError};
use crate::finding::Critique;
use crate::finding::critique::{Change, CriticDecision};
use crate::host::clock::Stopwatch;
use crate::host::files::write_atomic;
use crate::ir::Digest;
use crate::pipeline::critique::CRITIQUE_FILE;
use crate::protocol::{Envelope, Exchange, Payload, Role, Spend};
use std::path::Path;

impl Loop<'_> {
    pub(super) async fn criticise(
        &self,
        exchange: &Exchange,
        result: &Envelope,
    ) -> Result<(), IterateError> {
        self.working(exchange, Role::Critic, result.version);
        let folder = self.desk.folder(result.version);
        let judged = self.desk.judged(&folder)?;
        let mut beside = Vec::new();
        if let Payload::VerificationResult { results } = &result.payload {
            for other in results.iter().skip(1) {
                let folder = self.desk.beside(result.version, other.candidate);
                beside.push(self.desk.judged(&folder)?);
            }
        }
        let clock = Stopwatch::start();
        let made: Result<Made<Judgement>, SeatError> =
            self.critic.criticise(&judged, &beside, &self.cancel).await;
        let made = seated("critic", made)?;
        let spend = timed(made.spend, &clock);
        let Judgement {
            critique,
            considered,
        } = made.value;
        let own = self.admitted(&judged, &critique, spend)?;
        let path = folder.join(CRITIQUE_FILE);
        let text =
            serde_json::to_string_pretty(&critique).map_err(|e| json_error(&path, &e))? + "\n";
        write_atomic(&path, text.as_bytes()).map_err(DeskError::from)?;
        let payload = Payload::Critique {
            critique: own,
            report: critique.report,
            decision: critique.decision,
            considered,
            questions: questions(&critique).map(|(id, ..)| id.to_owned()).collect(),
        };
        let letter = Letter {
            artifacts: vec![self.desk.artifact(&path, own)],
            spend: Some(spend),
            ..Letter::new(Role::Critic, Role::Planner, payload, made.reasoning)
        };
        self.send(&letter.answering(result, &self.seats()))
    }

    /// The critique's own digest, if it may be believed.
    pub(super) fn admitted(
        &self,
        judged: &Judged,
        critique: &Critique,
        spend: Spend,
    ) -> Result<Digest, IterateError> {
        let own = critique.own_digest();
        let own = own.map_err(|e| json_error(Path::new(CRITIQUE_FILE), &e))?;
        match admit::critique(judged, critique) {
            Ok(()) => Ok(own),
            Err(why) => Err(unusable("critic", &why, spend)),
        }
    }

    pub(super) fn ask(&self, message: &Envelope, asked: &str) -> Result<(), IterateError> {
        let critique = self.desk.critique(message.version)?;
        let found = questions(&critique).find(|(id, ..)| *id == asked);
        let Some((id, text, options)) = found else {
            let why = format!(
                "the critique of version {} has no question `{asked}`",
                message.version
            );
            return Err(IterateError::UnderWay(why));
        };
        let payload = Payload::Question {
            question: id.to_owned(),
            text: text.to_owned(),
            options,
        };
        let letter = Letter {
            name: id.to_owned(),
            ..Letter::new(
                Role::Critic,
                Role::Human,
                payload,
                "only a person can decide this",
            )
        };
        self.send(&letter.answering(message, &self.seats()))
    }

    pub(super) fn request_approval(&self, message: &Envelope) -> Result<(), IterateError> {
        let Payload::Critique {
            critique, report, ..
        } = &message.payload
        else {
            return Ok(());
        };
        let payload = Payload::ApprovalRequest {
            report: *report,
            critique: *critique,
        };
        let why = "the critic accepts this version; only a person approves";
        let letter = Letter::new(Role::Critic, Role::Human, payload, why);
        self.send(&letter.answering(message, &self.seats()))
    }

    pub(super) fn reject(&self, message: &Envelope) -> Result<(), IterateError> {
        let payload = Payload::Rejection {
            reason: message.reasoning.clone(),
        };
        let letter = Letter::new(
            Role::Critic,
            Role::Human,
            payload,
            message.reasoning.clone(),
        );
        self.send(&letter.answering(message, &self.seats()))
    }
}

/// Its questions: name, words, what can be answered.
fn questions(critique: &Critique) -> impl Iterator<Item = (&str, &str, Vec<String>)> {
    let changes = critique.recommended_changes.iter();
    changes.filter_map(|c| match &c.change {
        Change::AskHuman {
            id,
            question,
            options,
        } if critique.decision == CriticDecision::Revise => Some((
            id.as_str(),
            question.as_str(),
            options.iter().map(|o| o.id.clone()).collect(),
        )),
        _ => None,
    })
}
