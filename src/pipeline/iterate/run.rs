//! The loop itself: reads whose turn it is, lets them work, sends what they say.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::admit;
use super::bounds::{Bounds, Since, UsedUp};
use super::desk::{CRITIQUE_FILE, Desk, DeskError, WORKFLOW_FILE, read_text};
use super::ending::{Ending, How, IterateError};
use super::letters::Letter;
use super::life::{seat, tell, tell_author};
use super::people;
use super::turn::{Stuck, Turn, turn};
use crate::agent::seat::{
    Critic, Judged, Judgement, Made, Planner, SeatError, SeatFailure, Standing, Wish,
};
use crate::engine::Progress;
use crate::finding::critique::{Change, CriticDecision};
use crate::finding::{Critique, Severity};
use crate::gate::StoredReport;
use crate::gate::event::{Event, Seat, What};
use crate::gate::stored::REPORT_FILE;
use crate::host::cancel::CancelToken;
use crate::host::clock::{Stopwatch, Timestamp};
use crate::host::files::write_atomic;
use crate::ir::Digest;
use crate::journal::Journal;
use crate::pipeline::engines::Selection;
use crate::pipeline::record;
use crate::pipeline::verify::{Verify, verify};

use crate::protocol::{
    Candidate, CandidateResult, Delivery, Envelope, Exchange, Kind, Mailbox, MessageId, Payload,
    Role, Seats, Spend,
};
use crate::report::Verdict;
use crate::report::render::Page;

/// A sign of life.
#[derive(Debug, Clone, PartialEq)]
pub enum Sign {
    /// Somebody is at work.
    Working {
        /// Revisions since a person last decided, plus one.
        round: u32,
        /// Who.
        who: Role,
        /// On which version; 0 before there is one.
        version: u32,
    },
    /// The engines answered.
    Answered {
        /// About which version.
        version: u32,
        /// Findings, by severity.
        blocking: u32,
        /// Findings, by severity.
        warning: u32,
        /// Findings, by severity.
        info: u32,
    },
    /// What was spent since a person last decided.
    Spent(Since),
    /// An engine's own.
    Engine(Progress),
}

/// One run of the loop.
pub struct Loop<'a> {
    /// The files.
    pub desk: Desk<'a>,
    /// Whoever searches.
    pub planner: &'a dyn Planner,
    /// Whoever refines.
    pub critic: &'a dyn Critic,
    /// Whoever constrains.
    pub engines: Selection,
    /// Wall time for each engine.
    pub deadline: Duration,
    /// What may be spent.
    pub bounds: Bounds,
    /// Stops everything.
    pub cancel: CancelToken,
    /// Told what happens.
    pub tell: &'a (dyn Fn(Sign) + Sync),
}

impl Loop<'_> {
    /// Who sits where, by name.
    #[must_use]
    pub fn seats(&self) -> Seats {
        Seats::from([
            (Role::Planner, self.planner.name()),
            (Role::Verifier, "engines".to_owned()),
            (Role::Critic, self.critic.name()),
            (Role::Orchestrator, "tribunal".to_owned()),
        ])
    }

    /// The log.
    #[must_use]
    pub fn mailbox(&self) -> Mailbox {
        Mailbox::at(self.desk.messages(), self.seats())
    }

    fn journal(&self) -> Journal {
        record::journal(self.desk.project, &self.desk.workflow)
    }

    /// Goes on until a person has to decide, or it is over.
    ///
    /// # Errors
    /// See [`IterateError`]; everything done before stays done.
    pub async fn run(&self) -> Result<Ending, IterateError> {
        loop {
            if self.cancel.cancelled() {
                return Err(IterateError::Interrupted);
            }
            let exchange = self.mailbox().read()?.exchange;
            (self.tell)(Sign::Spent(Since::of(&exchange)));
            match turn(&exchange, &self.bounds) {
                Turn::Start => {
                    let nothing = "nothing was asked for yet".to_owned();
                    return Err(IterateError::UnderWay(nothing));
                }
                Turn::Propose(goal) => self.propose(&exchange, goal).await?,
                Turn::Verify { cause, version } => self.verify(&exchange, cause, version)?,
                Turn::Criticise(result) => self.criticise(&exchange, result).await?,
                Turn::Ask { critique, question } => self.ask(critique, question)?,
                Turn::Revise(critique) => self.revise(&exchange, critique).await?,
                Turn::RequestApproval(critique) => self.request_approval(critique)?,
                Turn::Reject(critique) => self.reject(critique)?,
                Turn::Escalate(at, stuck) => self.escalate(&exchange, at, stuck)?,
                Turn::Exhausted(at, used) => self.exhausted(&exchange, at, used)?,
                Turn::Wait(message) => {
                    let journal = self.journal().read::<Event>()?;
                    match people::said(&exchange, message, &journal) {
                        Some(letter) => self.send(&letter.answering(message, &self.seats()))?,
                        None => return Ok(self.ending(&exchange, awaited(message))),
                    }
                }
                Turn::Ended(message) => return Ok(self.ending(&exchange, over(message))),
            }
        }
    }

    fn send(&self, message: &Envelope) -> Result<(), IterateError> {
        let look = |artifact: &_| self.desk.look(artifact);
        match self.mailbox().send(message, &look, Timestamp::now())? {
            Delivery::Taken { .. } | Delivery::Known => Ok(()),
            Delivery::Refused(refusal) => Err(IterateError::Refused {
                what: message.payload.kind().word(),
                refusal,
            }),
        }
    }

    fn working(&self, exchange: &Exchange, who: Role, version: u32) {
        (self.tell)(Sign::Working {
            round: Since::of(exchange).rounds + 1,
            who,
            version,
        });
    }

    fn event(&self, standing: &Standing, by: Seat, name: &str, what: What) -> Event {
        Event {
            workflow: self.desk.workflow.clone(),
            version: standing.checked.ir.version.value,
            digest: standing.digest,
            by: seat(by, name),
            what,
        }
    }

    async fn propose(&self, exchange: &Exchange, goal: &Envelope) -> Result<(), IterateError> {
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
        let proposed = What::Proposed {
            from: None,
            critique: None,
        };
        let event = self.event(first, Seat::Planner, &self.planner.name(), proposed);
        tell_author(&self.journal(), &event, Timestamp::now())?;
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

    fn file(&self, version: u32) -> PathBuf {
        self.desk.folder(version).join(WORKFLOW_FILE)
    }

    fn verify(
        &self,
        exchange: &Exchange,
        cause: &Envelope,
        version: &Envelope,
    ) -> Result<(), IterateError> {
        self.working(exchange, Role::Verifier, version.version);
        let clock = Stopwatch::start();
        let folder = self.desk.folder(version.version);
        let mut folders = vec![folder];
        if let Payload::Proposal { candidates } = &version.payload {
            let beside = candidates.iter().skip(1);
            folders.extend(beside.map(|c| self.desk.beside(version.version, c.digest)));
        }
        // Asked again, only the version itself is asked for.
        if cause.id != version.id {
            folders.truncate(1);
        }
        let mut results = Vec::new();
        let mut artifacts = Vec::new();
        for (i, folder) in folders.iter().enumerate() {
            let options = Verify {
                engines: self.engines.clone(),
                properties: &[],
                deadline: self.deadline,
                project: (i == 0).then_some(self.desk.project),
                out: None,
                cancel: self.cancel.clone(),
                progress: &|p| (self.tell)(Sign::Engine(p)),
            };
            let path = folder.join(WORKFLOW_FILE);
            let verified = tokio::task::block_in_place(|| verify(&path, &options))?;
            let stored = StoredReport::of(Page {
                report: &verified.report,
                sources: &verified.sources,
            });
            if i > 0 {
                let text = stored.text().map_err(|e| json_error(&path, &e))?;
                let path = folder.join(REPORT_FILE);
                write_atomic(&path, text.as_bytes()).map_err(DeskError::from)?;
            }
            let standing = self.desk.standing(folder)?;
            let result = self.result(&standing, &stored);
            if i == 0 {
                (self.tell)(Sign::Answered {
                    version: version.version,
                    blocking: result.blocking,
                    warning: result.warning,
                    info: count(&stored, Severity::Info),
                });
            }
            artifacts.push(self.desk.artifact(&folder.join(REPORT_FILE), result.report));
            results.push(result);
        }
        let names: Vec<&str> = self.engines_of(&results);
        let payload = Payload::VerificationResult { results };
        let letter = Letter {
            artifacts,
            spend: Some(timed(Spend::default(), &clock)),
            ..Letter::new(Role::Verifier, Role::Critic, payload, names.concat())
        };
        self.send(&letter.answering(cause, &self.seats()))
    }

    fn engines_of(&self, results: &[CandidateResult]) -> Vec<&'static str> {
        match results.first().map(|r| r.verdict) {
            Some(Verdict::Clean) => vec!["every property holds, and every needed engine says so"],
            Some(Verdict::Warnings) => vec!["nothing blocks; there are warnings"],
            Some(Verdict::Blocking) => vec!["there are blocking findings"],
            Some(Verdict::Inconclusive) | None => vec!["a needed engine gave no answer"],
        }
    }

    fn result(&self, standing: &Standing, stored: &StoredReport) -> CandidateResult {
        let counting = stored
            .findings
            .iter()
            .filter(|f| f.severity != Severity::Info);
        let mut findings: Vec<String> = counting.map(|f| f.id.clone()).collect();
        findings.sort();
        CandidateResult {
            candidate: standing.digest,
            report: stored.digest(),
            verdict: stored.data.verdict,
            blocking: count(stored, Severity::Blocking),
            warning: count(stored, Severity::Warning),
            open_obligations: u32::try_from(
                stored
                    .findings
                    .iter()
                    .filter(|f| f.kind == "open_obligation")
                    .count(),
            )
            .unwrap_or(u32::MAX),
            findings,
        }
    }

    async fn criticise(&self, exchange: &Exchange, result: &Envelope) -> Result<(), IterateError> {
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
        let what = What::Critiqued {
            report: critique.report,
            critique: own,
            decision: critique.decision,
        };
        let event = self.event(&judged.standing, Seat::Critic, &self.critic.name(), what);
        tell(&self.journal(), &event, Timestamp::now())?;
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
    fn admitted(
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

    fn ask(&self, message: &Envelope, asked: &str) -> Result<(), IterateError> {
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

    async fn revise(&self, exchange: &Exchange, message: &Envelope) -> Result<(), IterateError> {
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
        let what = What::Proposed {
            from: Some(message.version),
            critique: Some(own),
        };
        let event = self.event(&after, Seat::Planner, &self.planner.name(), what);
        tell_author(&self.journal(), &event, Timestamp::now())?;
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
    fn fits(&self, standing: &Standing, version: u32) -> Result<(), IterateError> {
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

    fn request_approval(&self, message: &Envelope) -> Result<(), IterateError> {
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

    fn reject(&self, message: &Envelope) -> Result<(), IterateError> {
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

    fn escalate(
        &self,
        exchange: &Exchange,
        at: &Envelope,
        stuck: Stuck,
    ) -> Result<(), IterateError> {
        self.stopped(exchange, at, stuck.words(), None)
    }

    fn stopped(
        &self,
        exchange: &Exchange,
        at: &Envelope,
        why: &str,
        spend: Option<Spend>,
    ) -> Result<(), IterateError> {
        let payload = Payload::Escalation {
            reason: why.to_owned(),
        };
        let letter = Letter {
            spend,
            name: earlier(exchange, &at.id, Kind::Escalation).to_string(),
            ..Letter::new(Role::Orchestrator, Role::Human, payload, why)
        };
        let message = letter.answering(at, &self.seats());
        self.escalated(at, why, &message.id)?;
        self.send(&message)
    }

    fn exhausted(
        &self,
        exchange: &Exchange,
        at: &Envelope,
        used: UsedUp,
    ) -> Result<(), IterateError> {
        let payload = Payload::BudgetExhausted {
            bound: used.bound.to_owned(),
            spent: used.spent,
            limit: used.limit,
        };
        let why = format!(
            "{} of {} {} are used up",
            used.spent, used.limit, used.bound
        );
        let letter = Letter {
            name: earlier(exchange, &at.id, Kind::BudgetExhausted).to_string(),
            ..Letter::new(Role::Orchestrator, Role::Human, payload, why.clone())
        };
        let message = letter.answering(at, &self.seats());
        // Only the bound on rounds belongs to the life cycle; for the others the run merely pauses where it is.
        if used.bound == "rounds" {
            self.escalated(at, &why, &message.id)?;
        }
        self.send(&message)
    }

    fn escalated(&self, at: &Envelope, why: &str, id: &MessageId) -> Result<(), IterateError> {
        let standing = self.desk.standing(&self.desk.folder(at.version))?;
        let what = What::Escalated {
            reason: format!("{why} ({})", id.short()),
        };
        let event = self.event(&standing, Seat::Critic, "tribunal", what);
        Ok(tell(&self.journal(), &event, Timestamp::now())?)
    }

    fn ending(&self, exchange: &Exchange, how: How) -> Ending {
        let current = exchange.current();
        let version = current.map_or(0, |e| e.version);
        Ending {
            workflow: self.desk.workflow.clone(),
            version,
            digest: current.and_then(|e| e.digest),
            file: current.and_then(|e| {
                let digest = e.digest?;
                Some(self.desk.artifact(&self.file(version), digest).path)
            }),
            how,
        }
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

fn earlier(exchange: &Exchange, cause: &MessageId, kind: Kind) -> usize {
    let messages = exchange.messages().iter().map(|k| &k.envelope);
    messages
        .filter(|e| e.causation.as_ref() == Some(cause) && e.payload.kind() == kind)
        .count()
}

fn awaited(message: &Envelope) -> How {
    let name = message.id.short().to_owned();
    match &message.payload {
        Payload::Question {
            question,
            text,
            options,
        } => How::AwaitsAnswer {
            question: question.clone(),
            text: text.clone(),
            options: options.clone(),
        },
        Payload::Escalation { reason } => How::Escalated {
            question: name,
            why: reason.clone(),
        },
        Payload::BudgetExhausted {
            bound,
            spent,
            limit,
        } => How::Exhausted {
            question: name,
            used: UsedUp {
                bound: match bound.as_str() {
                    "rounds" => "rounds",
                    "seconds" => "seconds",
                    "tokens" => "tokens",
                    _ => "micro_dollars",
                },
                spent: *spent,
                limit: *limit,
            },
        },
        _ => How::AwaitsApproval,
    }
}

fn over(message: &Envelope) -> How {
    match &message.payload {
        Payload::Approval { .. } => How::Approved,
        Payload::Rejection { reason } => How::Rejected {
            why: reason.clone(),
        },
        _ => How::Rejected {
            why: "a person stopped the agents".to_owned(),
        },
    }
}

fn count(stored: &StoredReport, severity: Severity) -> u32 {
    let findings = stored.findings.iter().filter(|f| f.severity == severity);
    u32::try_from(findings.count()).unwrap_or(u32::MAX)
}

fn timed(spend: Spend, clock: &Stopwatch) -> Spend {
    let millis = u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX);
    Spend {
        millis: spend.millis.max(millis),
        ..spend
    }
}

fn seated<T>(
    role: &'static str,
    made: Result<Made<T>, SeatError>,
) -> Result<Made<T>, IterateError> {
    made.map_err(|error| match error.sort {
        SeatFailure::Cancelled => IterateError::Interrupted,
        SeatFailure::Unavailable | SeatFailure::Unusable => IterateError::Seat { role, error },
    })
}

fn unusable(role: &'static str, why: &str, spend: Spend) -> IterateError {
    IterateError::Seat {
        role,
        error: SeatError {
            why: why.to_owned(),
            sort: SeatFailure::Unusable,
            spend,
        },
    }
}

fn json_error(path: &Path, error: &serde_json::Error) -> IterateError {
    DeskError::Json {
        path: path.display().to_string(),
        why: error.to_string(),
    }
    .into()
}
