//! The loop held against the verified life cycle: runs in which every seat, every engine and every person says anything it
//! may say. Every message must be taken at the door, and every event must be one that `formal/spec_impl.v2.yaml` allows.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::sync::Arc;

use super::bounds::{Bounds, MOST_ROUNDS};
use super::letters::{Letter, goal};
use super::life::event_of;
use super::people::receiver;
use super::turn::{Stuck, Turn, turn};
use crate::audit::{Life, LifeCycle};
use crate::finding::critique::CriticDecision;
use crate::gate::event::{ApprovalForm, Event, Identity, What};
use crate::ir::Digest;
use crate::protocol::{
    ArtifactRef, Candidate, CandidateResult, Considered, Envelope, Exchange, GO_ON, Kind, Payload,
    Role, STOP, Seats, Spend,
};
use crate::report::Verdict;

/// xorshift64*: the same runs on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % sides
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }
}

fn digest(of: impl std::fmt::Display) -> Digest {
    Digest::of(of.to_string().as_bytes())
}

/// One run, in memory.
struct Play {
    dice: Dice,
    exchange: Exchange,
    seats: Seats,
    life: Life,
    bounds: Bounds,
    /// What makes digests differ.
    fresh: u32,
    /// Where the loop was, and where the life cycle was.
    seen: BTreeSet<(&'static str, String)>,
}

impl Play {
    fn new(seed: u64, cycle: Arc<LifeCycle>) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let rounds = u32::try_from(dice.roll(u64::from(MOST_ROUNDS))).unwrap_or(0) + 1;
        Self {
            bounds: Bounds {
                rounds: NonZeroU32::new(rounds).unwrap_or(NonZeroU32::MIN),
                seconds: None,
                tokens: dice.chance(20).then_some(25),
                micro_dollars: None,
            },
            dice,
            exchange: Exchange::default(),
            seats: Seats::new(),
            life: Life::new(cycle),
            fresh: 0,
            seen: BTreeSet::new(),
        }
    }

    fn new_digest(&mut self) -> Digest {
        self.fresh += 1;
        digest(self.fresh)
    }

    fn event(&mut self, event: &Event) {
        self.life = self
            .life
            .after(event)
            .unwrap_or_else(|e| panic!("{e}\n{event:?}\n{}", self.told()));
    }

    fn told(&self) -> String {
        let lines = self.exchange.messages().iter().map(|k| {
            format!(
                "{:?} {:?} {:?}\n",
                k.envelope.version, k.envelope.payload, k.standing
            )
        });
        lines.collect()
    }

    /// The event first, then the message, as the loop does it.
    fn send(&mut self, message: Envelope) {
        if let Some(event) = event_of(&message) {
            self.event(&event);
        }
        let admitted = self
            .exchange
            .admit(&message, &|a: &ArtifactRef| Some(a.digest))
            .unwrap_or_else(|e| panic!("{e}\n{message:?}\n{}", self.told()));
        assert!(!admitted.known, "{message:?}");
        self.exchange.keep(message, &admitted);
    }

    fn person(&mut self, about: &Envelope, what: What) {
        let event = Event {
            workflow: about.workflow.clone(),
            version: about.version,
            digest: about.digest.expect("a version"),
            by: Identity::Person {
                user: "somebody".to_owned(),
            },
            what,
        };
        self.event(&event);
    }

    fn letter(&mut self, from: Role, to: Role, payload: Payload) -> Letter {
        Letter {
            spend: Some(Spend {
                calls: 1,
                input_tokens: self.dice.roll(10),
                ..Spend::default()
            }),
            ..Letter::new(from, to, payload, "why not")
        }
    }

    /// One turn; whether there is another.
    fn turn(&mut self) -> bool {
        let exchange = self.exchange.clone();
        let turn = turn(&exchange, &self.bounds);
        let stages: Vec<&str> = self.life.stages().iter().map(|s| s.name()).collect();
        self.seen.insert((name(&turn), stages.join("|")));
        match turn {
            Turn::Start => {
                let opening = goal("w", 1, "anything", &[], &self.seats);
                self.send(opening);
            }
            Turn::Propose(cause) => self.propose(cause),
            Turn::Verify { cause, version } => self.verify(cause, version),
            Turn::Criticise(cause) => self.criticise(cause),
            Turn::Ask { critique, question } => {
                let payload = Payload::Question {
                    question: question.to_owned(),
                    text: "which?".to_owned(),
                    options: vec!["a".to_owned(), "b".to_owned()],
                };
                let letter = Letter {
                    name: question.to_owned(),
                    ..Letter::new(Role::Critic, Role::Human, payload, "why not")
                };
                self.send(letter.answering(critique, &self.seats));
            }
            Turn::Revise(cause) => self.revise(cause),
            Turn::RequestApproval(cause) => {
                let Payload::Critique {
                    critique, report, ..
                } = cause.payload
                else {
                    panic!("{cause:?}")
                };
                let payload = Payload::ApprovalRequest { report, critique };
                let letter = self.letter(Role::Critic, Role::Human, payload);
                self.send(letter.answering(cause, &self.seats));
            }
            Turn::Reject(cause) => {
                let payload = Payload::Rejection {
                    reason: "no".to_owned(),
                };
                let letter = self.letter(Role::Critic, Role::Human, payload);
                self.send(letter.answering(cause, &self.seats));
            }
            Turn::Escalate(at, stuck) => self.stop(at, stuck),
            Turn::Exhausted(at, used) => {
                let payload = Payload::BudgetExhausted {
                    bound: used.bound.to_owned(),
                    spent: used.spent,
                    limit: used.limit,
                };
                self.ask_person(at, payload);
            }
            Turn::Wait(message) => return self.wait(message),
            Turn::Ended(_) => return false,
        }
        true
    }

    fn propose(&mut self, cause: &Envelope) {
        let count = 1 + self.dice.roll(3);
        let candidates: Vec<Candidate> = (0..count)
            .map(|_| Candidate {
                digest: self.new_digest(),
                tradeoffs: String::new(),
            })
            .collect();
        let (version, first) = (self.next_version(), candidates[0].digest);
        let letter = self.letter(
            Role::Planner,
            Role::Verifier,
            Payload::Proposal { candidates },
        );
        self.send(letter.about(cause, &self.seats, version, Some(first)));
    }

    fn next_version(&self) -> u32 {
        let versions = self.exchange.messages().iter().map(|k| k.envelope.version);
        versions.max().unwrap_or(0) + 1
    }

    fn verify(&mut self, cause: &Envelope, version: &Envelope) {
        let candidates: Vec<Digest> = match (&version.payload, cause.id == version.id) {
            (Payload::Proposal { candidates }, true) => {
                candidates.iter().map(|c| c.digest).collect()
            }
            _ => version.digest.into_iter().collect(),
        };
        let verdict = [
            Verdict::Clean,
            Verdict::Warnings,
            Verdict::Blocking,
            Verdict::Inconclusive,
        ][usize::try_from(self.dice.roll(4)).expect("small")];
        let blocking = u32::from(verdict == Verdict::Blocking);
        let findings = match verdict {
            Verdict::Clean | Verdict::Inconclusive => Vec::new(),
            Verdict::Warnings | Verdict::Blocking => vec![format!("F-{}", self.dice.roll(3))],
        };
        let mut results = Vec::new();
        for candidate in candidates {
            results.push(CandidateResult {
                candidate,
                report: self.new_digest(),
                verdict,
                blocking,
                warning: 0,
                open_obligations: u32::try_from(self.dice.roll(2)).expect("small"),
                complete: verdict != Verdict::Inconclusive,
                findings: findings.clone(),
            });
        }
        let artifacts = results.iter().map(|r| file(r.report)).collect();
        let letter = Letter {
            artifacts,
            ..self.letter(
                Role::Verifier,
                Role::Critic,
                Payload::VerificationResult { results },
            )
        };
        self.send(letter.answering(cause, &self.seats));
    }

    fn criticise(&mut self, cause: &Envelope) {
        let Payload::VerificationResult { results } = &cause.payload else {
            panic!("{cause:?}")
        };
        let decision = match self.dice.roll(8) {
            0 => CriticDecision::Reject,
            1 | 2 if results[0].blocking == 0 => CriticDecision::Accept,
            _ => CriticDecision::Revise,
        };
        let critique = self.new_digest();
        let asks = decision == CriticDecision::Revise && self.dice.chance(30);
        let payload = Payload::Critique {
            critique,
            report: results[0].report,
            decision,
            considered: results
                .iter()
                .skip(1)
                .map(|r| Considered {
                    candidate: r.candidate,
                    drawn_on: false,
                    why: "worse".to_owned(),
                })
                .collect(),
            questions: if asks {
                vec!["Q1".to_owned(), "Q2".to_owned()]
            } else {
                Vec::new()
            },
        };
        let letter = Letter {
            artifacts: vec![file(critique)],
            ..self.letter(Role::Critic, Role::Planner, payload)
        };
        self.send(letter.answering(cause, &self.seats));
    }

    fn revise(&mut self, cause: &Envelope) {
        if self.dice.chance(10) {
            return self.ask_person(
                cause,
                Payload::Escalation {
                    reason: "the planner failed".to_owned(),
                },
            );
        }
        let Payload::Critique { critique, .. } = cause.payload else {
            panic!("{cause:?}")
        };
        let payload = Payload::Revision {
            from: cause.digest.expect("a version"),
            critique: Some(critique),
        };
        let (version, digest) = (cause.version + 1, self.new_digest());
        let letter = self.letter(Role::Planner, Role::Verifier, payload);
        self.send(letter.about(cause, &self.seats, version, Some(digest)));
    }

    fn stop(&mut self, at: &Envelope, stuck: Stuck) {
        let payload = Payload::Escalation {
            reason: stuck.words().to_owned(),
        };
        self.ask_person(at, payload);
    }

    fn ask_person(&mut self, at: &Envelope, payload: Payload) {
        let kind = payload.kind();
        let earlier = self.exchange.messages().iter().map(|k| &k.envelope);
        let earlier = earlier
            .filter(|e| e.causation.as_ref() == Some(&at.id) && e.payload.kind() == kind)
            .count();
        let letter = Letter {
            name: earlier.to_string(),
            ..self.letter(Role::Orchestrator, Role::Human, payload)
        };
        self.send(letter.answering(at, &self.seats));
    }

    /// A person decides, or wants something else, or has had enough.
    fn wait(&mut self, message: &Envelope) -> bool {
        if self.dice.chance(15) {
            return false;
        }
        if self.dice.chance(10) && message.digest.is_some() {
            return self.another_goal();
        }
        match &message.payload {
            Payload::ApprovalRequest { report, critique } => {
                let (report, critique) = (*report, *critique);
                self.decide(message, report, critique);
            }
            Payload::Question { question, .. } => {
                let option = ["a", "b"][usize::try_from(self.dice.roll(2)).expect("small")];
                let of = self
                    .exchange
                    .get(message.causation.as_ref().expect("a critique"));
                let Some(Payload::Critique { critique, .. }) = of.map(|k| &k.envelope.payload)
                else {
                    panic!("{message:?}")
                };
                let what = What::Answered {
                    critique: Some(*critique),
                    question: question.clone(),
                    option: option.to_owned(),
                };
                self.person(message, what);
                self.answer(message, question, option);
            }
            Payload::Escalation { .. } | Payload::BudgetExhausted { .. } => {
                let option = if self.dice.chance(75) { GO_ON } else { STOP };
                // A pause that the life cycle does not know of is ended by a message alone.
                let known = event_of(message).is_some();
                if known && option == GO_ON {
                    let what = What::Answered {
                        critique: None,
                        question: message.id.short().to_owned(),
                        option: option.to_owned(),
                    };
                    self.person(message, what);
                } else if option == STOP && message.digest.is_some() {
                    let reason = "enough".to_owned();
                    self.person(message, What::Rejected { reason });
                }
                self.answer(message, "?", option);
            }
            other => panic!("nobody waits for {other:?}"),
        }
        true
    }

    fn answer(&mut self, message: &Envelope, question: &str, option: &str) {
        let payload = Payload::Answer {
            question: question.to_owned(),
            option: option.to_owned(),
        };
        let to = match &message.payload {
            Payload::Question { .. } => Role::Planner,
            _ => receiver(&self.exchange, message),
        };
        let letter = Letter::new(Role::Human, to, payload, "I say so");
        self.send(letter.answering(message, &self.seats));
    }

    fn decide(&mut self, message: &Envelope, report: Digest, critique: Digest) {
        if self.dice.chance(50) {
            let reason = "not this".to_owned();
            self.person(
                message,
                What::Rejected {
                    reason: reason.clone(),
                },
            );
            let letter = Letter::new(
                Role::Human,
                Role::Planner,
                Payload::Rejection { reason },
                "no",
            );
            return self.send(letter.answering(message, &self.seats));
        }
        // The gate asks the model which approval there can be.
        let approved = |form| What::Approved {
            form,
            report,
            critique,
            policy: digest("policy"),
            approval: digest("approval"),
        };
        let proof = approved(ApprovalForm::ApprovedWithProof);
        let event = |what: &What| Event {
            workflow: message.workflow.clone(),
            version: message.version,
            digest: message.digest.expect("a version"),
            by: Identity::Person {
                user: "somebody".to_owned(),
            },
            what: what.clone(),
        };
        if self.life.allows(&event(&proof)).is_ok() {
            self.person(message, proof);
            let payload = Payload::Approval {
                approval: digest("approval"),
                form: ApprovalForm::ApprovedWithProof,
            };
            let letter = Letter::new(Role::Human, Role::Executor, payload, "yes");
            self.send(letter.answering(message, &self.seats));
        }
    }

    /// A person wrote another file, as `tribunal iterate` takes it.
    fn another_goal(&mut self) -> bool {
        let messages = self.exchange.messages().iter().map(|k| &k.envelope);
        let round = messages.filter(|e| e.payload.kind() == Kind::Goal).count() + 1;
        let opening = goal("w", round, "something else", &[], &self.seats);
        let version = self.next_version();
        let digest = self.new_digest();
        let about = Envelope {
            version,
            digest: Some(digest),
            ..opening.clone()
        };
        let what = What::Proposed {
            from: None,
            critique: None,
        };
        self.person(&about, what);
        self.send(opening.clone());
        let candidates = vec![Candidate {
            digest,
            tradeoffs: String::new(),
        }];
        let letter = self.letter(
            Role::Planner,
            Role::Verifier,
            Payload::Proposal { candidates },
        );
        let message = letter.about(&opening, &self.seats, version, Some(digest));
        // Its author was told already, so there is no second event.
        let admitted = self
            .exchange
            .admit(&message, &|a| Some(a.digest))
            .expect("taken");
        self.exchange.keep(message, &admitted);
        true
    }
}

fn file(digest: Digest) -> ArtifactRef {
    ArtifactRef {
        path: "a file".to_owned(),
        digest,
    }
}

const fn name(turn: &Turn<'_>) -> &'static str {
    match turn {
        Turn::Start => "start",
        Turn::Propose(_) => "propose",
        Turn::Verify { .. } => "verify",
        Turn::Criticise(_) => "criticise",
        Turn::Ask { .. } => "ask",
        Turn::Revise(_) => "revise",
        Turn::RequestApproval(_) => "request approval",
        Turn::Reject(_) => "reject",
        Turn::Escalate(..) => "escalate",
        Turn::Exhausted(..) => "exhausted",
        Turn::Wait(_) => "wait",
        Turn::Ended(_) => "ended",
    }
}

const RUNS: u64 = 10_000;
const TURNS: usize = 60;

#[test]
fn every_run_of_the_loop_is_a_run_of_the_verified_life_cycle() {
    let cycle = LifeCycle::embedded().expect("the model");
    let mut seen: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    let mut turns = 0;
    for seed in 1..=RUNS {
        let mut play = Play::new(seed, Arc::clone(&cycle));
        for _ in 0..TURNS {
            turns += 1;
            if !play.turn() {
                break;
            }
        }
        for (turn, stage) in play.seen {
            seen.entry(turn).or_default().insert(stage);
        }
    }
    assert!(turns > 10 * RUNS, "{turns} turns are no runs to speak of");
    // The map from the loop's turns to the states of the model, written out: a new pair is a change of the protocol.
    let map: String = seen
        .iter()
        .map(|(turn, stages)| {
            format!(
                "{turn}: {}\n",
                stages.iter().cloned().collect::<Vec<_>>().join(", ")
            )
        })
        .collect();
    insta::assert_snapshot!(map);
}
