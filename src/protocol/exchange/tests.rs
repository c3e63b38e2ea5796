//! Conversations written by hand: what is taken, what is refused, what goes stale.

use super::*;
use crate::finding::critique::CriticDecision;
use crate::gate::event::ApprovalForm;
use crate::protocol::content::TEXT_CHARS;
use crate::protocol::envelope::Party;
use crate::protocol::lineage;
use crate::protocol::payload::{Candidate, CandidateResult, Considered};
use crate::protocol::sequence;
use crate::report::Verdict;

fn digest(of: &str) -> Digest {
    Digest::of(of.as_bytes())
}

fn party(role: Role) -> Party {
    Party::new(role, format!("the {}", role.word()))
}

/// A conversation that is written by hand, message by message.
struct Talk {
    exchange: Exchange,
    ids: Vec<MessageId>,
}

const ROUND: &str = "one conversation";

impl Talk {
    fn new() -> Self {
        let seats = Role::ALL.into_iter().map(|r| (r, party(r).name)).collect();
        Self {
            exchange: Exchange::new(seats),
            ids: Vec::new(),
        }
    }

    fn message(
        &self,
        from: Role,
        to: Role,
        version: u32,
        text: &str,
        payload: Payload,
    ) -> Envelope {
        Envelope {
            format: formats::WRITES,
            id: MessageId::fresh(),
            workflow: "w".to_owned(),
            version,
            digest: (version > 0).then(|| digest(text)),
            correlation: CorrelationId::of(&[ROUND]),
            causation: self.ids.last().cloned(),
            sender: party(from),
            receiver: party(to),
            artifacts: Vec::new(),
            payload,
            stale: None,
            spend: None,
            at: "2026-01-01T00:00:00.000Z".to_owned(),
            reasoning: "because".to_owned(),
        }
    }

    fn ask(&self, message: &Envelope) -> Result<Admitted, Refusal> {
        self.exchange.admit(message, &|a| {
            (!a.path.starts_with("gone")).then_some(a.digest)
        })
    }

    fn take(&mut self, message: Envelope) -> Admitted {
        let admitted = self
            .ask(&message)
            .unwrap_or_else(|e| panic!("{e}: {message:?}"));
        self.ids.push(message.id.clone());
        self.exchange.keep(message, &admitted);
        admitted
    }

    fn goal(&self) -> Envelope {
        let goal = Payload::Goal {
            goal: "g".to_owned(),
            constraints: Vec::new(),
        };
        self.message(Role::Human, Role::Planner, 0, "", goal)
    }

    fn proposal(&self, texts: &[&str]) -> Envelope {
        let candidates = texts
            .iter()
            .map(|t| Candidate {
                digest: digest(t),
                tradeoffs: "short".to_owned(),
            })
            .collect();
        self.message(
            Role::Planner,
            Role::Verifier,
            1,
            texts[0],
            Payload::Proposal { candidates },
        )
    }

    fn result(&self, version: u32, texts: &[&str]) -> Envelope {
        let results = texts
            .iter()
            .map(|t| CandidateResult {
                candidate: digest(t),
                report: digest(&format!("report of {t}")),
                verdict: Verdict::Blocking,
                blocking: 1,
                warning: 0,
                open_obligations: 0,
                complete: true,
                findings: Vec::new(),
            })
            .collect();
        let mut message = self.message(
            Role::Verifier,
            Role::Critic,
            version,
            texts[0],
            Payload::VerificationResult { results },
        );
        message.artifacts = texts
            .iter()
            .map(|t| file(&format!("report of {t}")))
            .collect();
        message
    }

    fn critique(&self, version: u32, text: &str, decision: CriticDecision) -> Envelope {
        let payload = Payload::Critique {
            critique: digest(&format!("critique of {text}")),
            report: digest(&format!("report of {text}")),
            decision,
            considered: Vec::new(),
            questions: Vec::new(),
        };
        let mut message = self.message(Role::Critic, Role::Planner, version, text, payload);
        message.artifacts = vec![file(&format!("critique of {text}"))];
        message
    }

    fn revision(&self, version: u32, from: &str, text: &str) -> Envelope {
        let payload = Payload::Revision {
            from: digest(from),
            critique: Some(digest(&format!("critique of {from}"))),
        };
        self.message(Role::Planner, Role::Verifier, version, text, payload)
    }

    fn approval_request(&self, version: u32, text: &str) -> Envelope {
        let payload = Payload::ApprovalRequest {
            report: digest(&format!("report of {text}")),
            critique: digest(&format!("critique of {text}")),
        };
        self.message(Role::Critic, Role::Human, version, text, payload)
    }

    fn approval(&self, version: u32, text: &str) -> Envelope {
        let payload = Payload::Approval {
            approval: digest("approval"),
            form: ApprovalForm::ApprovedWithProof,
        };
        self.message(Role::Human, Role::Executor, version, text, payload)
    }

    /// Goal, version 1 `a`, its report, a critique that asks for a revision.
    fn criticised() -> Self {
        let mut talk = Self::new();
        talk.take(talk.goal());
        talk.take(talk.proposal(&["a"]));
        talk.take(talk.result(1, &["a"]));
        talk.take(talk.critique(1, "a", CriticDecision::Revise));
        talk
    }
}

fn file(of: &str) -> ArtifactRef {
    ArtifactRef {
        path: "a file".to_owned(),
        digest: digest(of),
    }
}

#[test]
fn a_revision_makes_stale_what_hung_on_the_version_before_and_tells_every_holder() {
    let mut talk = Talk::criticised();
    let admitted = talk.take(talk.revision(2, "a", "b"));
    assert_eq!(admitted.stale, talk.ids[1..4], "all but the goal");
    let told: Vec<(Role, Vec<MessageId>)> = admitted
        .notices
        .iter()
        .map(|(role, n)| (*role, n.messages.clone()))
        .collect();
    assert_eq!(
        told,
        [
            (Role::Verifier, talk.ids[1..3].to_vec()),
            (Role::Critic, talk.ids[2..4].to_vec()),
        ]
    );
    assert!(
        admitted
            .notices
            .iter()
            .all(|(_, n)| n.version == 1 && n.superseded_by == talk.ids[4])
    );
    assert_eq!(talk.exchange.current().map(|e| e.version), Some(2));
}

#[test]
fn a_late_result_is_kept_as_late_and_never_counts() {
    let mut talk = Talk::new();
    talk.take(talk.goal());
    talk.take(talk.proposal(&["a"]));
    // The engines are at work on version 1 when the person wants something else.
    let late = talk.result(1, &["a"]);
    let mut other = talk.goal();
    other.causation = None;
    other.correlation = CorrelationId::of(&["another"]);
    let admitted = talk.take(other);
    assert_eq!(admitted.stale, talk.ids[1..2]);
    let admitted = talk.take(late);
    assert_eq!(
        admitted.standing,
        Standing::Late {
            by: talk.ids[2].clone()
        }
    );
    let id = talk.ids[1].clone();
    assert_eq!(talk.exchange.answer(&id, Kind::VerificationResult), None);
    assert_eq!(talk.exchange.current(), None);
}

/// An approval of one version never becomes one of another, however it is addressed.
#[test]
fn an_approval_for_a_version_that_was_overtaken_is_refused() {
    let mut talk = Talk::new();
    talk.take(talk.goal());
    talk.take(talk.proposal(&["a"]));
    talk.take(talk.result(1, &["a"]));
    talk.take(talk.critique(1, "a", CriticDecision::Accept));
    talk.take(talk.approval_request(1, "a"));
    let approval = talk.approval(1, "a");
    assert!(talk.ask(&approval).is_ok());
    let mut revision = talk.revision(2, "a", "b");
    revision.causation = Some(talk.ids[3].clone());
    talk.take(revision);
    assert_eq!(
        talk.ask(&approval),
        Err(Refusal::OldVersion {
            current: 2,
            found: 1
        })
    );
    let renamed = Envelope {
        version: 2,
        digest: Some(digest("b")),
        ..approval
    };
    assert_eq!(
        talk.ask(&renamed),
        Err(Refusal::WrongVersion {
            expected: 1,
            found: 2
        })
    );
}

#[test]
fn sending_a_message_again_changes_nothing_and_another_under_its_name_is_refused() {
    let mut talk = Talk::criticised();
    let revision = talk.revision(2, "a", "b");
    talk.take(revision.clone());
    let again = Envelope {
        at: "2026-02-02T00:00:00.000Z".to_owned(),
        ..revision.clone()
    };
    let admitted = talk.ask(&again).expect("the same message");
    assert!(admitted.known);
    let before = talk.exchange.clone();
    talk.exchange.keep(again, &admitted);
    assert_eq!(talk.exchange, before);
    let other = Envelope {
        reasoning: "something else".to_owned(),
        ..revision.clone()
    };
    assert_eq!(talk.ask(&other), Err(Refusal::Duplicate(revision.id)));
}

#[test]
fn every_wrong_message_is_refused_for_its_own_reason() {
    let mut talk = Talk::criticised();
    talk.ids.pop();
    // Everything below answers the report of version 1, which a critique has answered already; so take the critique away.
    let mut fresh = Talk::new();
    fresh.take(fresh.goal());
    fresh.take(fresh.proposal(&["a", "x"]));
    fresh.take(fresh.result(1, &["a", "x"]));
    let good = || {
        let mut c = fresh.critique(1, "a", CriticDecision::Revise);
        if let Payload::Critique { considered, .. } = &mut c.payload {
            considered.push(Considered {
                candidate: digest("x"),
                drawn_on: false,
                why: "too long".to_owned(),
            });
        }
        c
    };
    assert!(fresh.ask(&good()).is_ok());
    type Change = fn(&mut Envelope);
    let table: &[(&str, Change)] = &[
        ("TRIB-MESSAGE-FORMAT", |m| m.format = 2),
        ("TRIB-MESSAGE-ROLE", |m| m.sender = party(Role::Planner)),
        ("TRIB-MESSAGE-ROLE", |m| m.sender = party(Role::Executor)),
        ("TRIB-MESSAGE-RECEIVER", |m| m.receiver = party(Role::Human)),
        ("TRIB-MESSAGE-SEAT", |m| {
            m.sender.name = "somebody".to_owned()
        }),
        ("TRIB-MESSAGE-CORRELATION", |m| {
            m.correlation = CorrelationId::fresh()
        }),
        ("TRIB-MESSAGE-CAUSE", |m| m.causation = None),
        ("TRIB-MESSAGE-CAUSE", |m| {
            m.causation = Some(MessageId::fresh())
        }),
        ("TRIB-MESSAGE-WORKFLOW", |m| m.workflow = "v".to_owned()),
        ("TRIB-MESSAGE-VERSION", |m| m.version = 2),
        ("TRIB-MESSAGE-VERSION", |m| m.version = 0),
        ("TRIB-MESSAGE-DIGEST", |m| m.digest = Some(digest("b"))),
        ("TRIB-MESSAGE-DIGEST", |m| m.digest = None),
        ("TRIB-MESSAGE-REASONING", |m| m.reasoning = " \n".to_owned()),
        ("TRIB-MESSAGE-LENGTH", |m| {
            m.reasoning = "x".repeat(TEXT_CHARS + 1)
        }),
        ("TRIB-MESSAGE-ARTIFACT", |m| {
            m.artifacts[0].path = "gone".to_owned()
        }),
        ("TRIB-MESSAGE-CONTENT", |m| m.artifacts.clear()),
        ("TRIB-MESSAGE-CONTENT", |m| {
            if let Payload::Critique { report, .. } = &mut m.payload {
                *report = digest("another report");
            }
        }),
        ("TRIB-MESSAGE-CONTENT", |m| {
            if let Payload::Critique { considered, .. } = &mut m.payload {
                considered.clear();
            }
        }),
        ("TRIB-MESSAGE-CONTENT", |m| {
            if let Payload::Critique { considered, .. } = &mut m.payload {
                considered[0].why.clear();
            }
        }),
    ];
    for (i, (code, change)) in table.iter().enumerate() {
        let mut message = good();
        change(&mut message);
        let refusal = fresh.ask(&message).expect_err(code);
        assert_eq!(refusal.code(), *code, "row {i}: {refusal}");
    }
    let second = talk.critique(1, "a", CriticDecision::Accept);
    assert_eq!(
        talk.ask(&second).expect_err("twice").code(),
        "TRIB-MESSAGE-ANSWERED"
    );
}

#[test]
fn answers_must_be_among_the_options() {
    let mut talk = Talk::criticised();
    let question = talk.message(
        Role::Critic,
        Role::Human,
        1,
        "a",
        Payload::Question {
            question: "Q-1".to_owned(),
            text: "which?".to_owned(),
            options: vec!["one".to_owned(), "two".to_owned()],
        },
    );
    talk.take(question);
    let answer = |question: &str, option: &str| {
        talk.message(
            Role::Human,
            Role::Planner,
            1,
            "a",
            Payload::Answer {
                question: question.to_owned(),
                option: option.to_owned(),
            },
        )
    };
    assert!(talk.ask(&answer("Q-1", "two")).is_ok());
    for wrong in [answer("Q-2", "two"), answer("Q-1", "three")] {
        assert_eq!(
            talk.ask(&wrong).expect_err("wrong").code(),
            "TRIB-MESSAGE-CONTENT"
        );
    }
}

#[test]
fn lineage_leads_back_to_the_goal_and_forward_to_what_was_overtaken() {
    let mut talk = Talk::criticised();
    talk.take(talk.revision(2, "a", "b"));
    talk.take(talk.result(2, &["b"]));
    let ids = |kept: Vec<&Kept>| -> Vec<MessageId> {
        kept.into_iter().map(|k| k.envelope.id.clone()).collect()
    };
    let mut whole = talk.ids.clone();
    whole.reverse();
    assert_eq!(ids(lineage::back(&talk.exchange, &talk.ids[5])), whole);
    assert_eq!(
        ids(lineage::forward(&talk.exchange, &talk.ids[4])),
        [&talk.ids[1..4], &talk.ids[5..6]].concat()
    );
    assert_eq!(
        ids(lineage::overtaken(&talk.exchange, &talk.ids[4])),
        talk.ids[1..4]
    );
}

#[test]
fn the_diagram_shows_what_is_stale_and_takes_no_syntax_from_a_text() {
    let mut talk = Talk::new();
    let mut goal = talk.goal();
    if let Payload::Goal { goal, .. } = &mut goal.payload {
        *goal = "x\n    Human->>Executor: approval".to_owned();
    }
    talk.take(goal);
    talk.take(talk.proposal(&["a"]));
    talk.take(talk.result(1, &["a"]));
    talk.take(talk.critique(1, "a", CriticDecision::Revise));
    talk.take(talk.revision(2, "a", "b"));
    let all: Vec<&Kept> = talk.exchange.messages().iter().collect();
    let text = sequence::diagram(&all);
    assert_eq!(
        text,
        "sequenceDiagram
    participant Planner
    participant Verifier
    participant Critic
    participant Human
    Human->>Planner: goal#58; x     Human-#62;#62;Executor#58; approval
    Planner-->>Verifier: proposal v1 (stale now)
    Verifier-->>Critic: verification result v1#58; 1 blocking, 0 warnings (stale now)
    Critic-->>Planner: critique v1#58; revise (stale now)
    Planner->>Verifier: revision v2
"
    );
}
