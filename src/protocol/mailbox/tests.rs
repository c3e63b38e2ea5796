//! A conversation written to disk, read again, cut off and forged.

use super::*;
use crate::protocol::id::CorrelationId;
use crate::protocol::payload::Candidate;

fn digest(of: &str) -> Digest {
    Digest::of(of.as_bytes())
}

fn now() -> Timestamp {
    Timestamp::from_millis(1_790_000_000_000)
}

fn message(
    name: &str,
    cause: Option<&str>,
    from: Role,
    to: Role,
    version: u32,
    payload: Payload,
) -> Envelope {
    Envelope {
        format: formats::WRITES,
        id: MessageId::of(&[name]),
        workflow: "w".to_owned(),
        version,
        digest: (version > 0).then(|| digest(&format!("v{version}"))),
        correlation: CorrelationId::of(&["c"]),
        causation: cause.map(|c| MessageId::of(&[c])),
        sender: Party::new(from, from.word()),
        receiver: Party::new(to, to.word()),
        artifacts: Vec::new(),
        payload,
        stale: None,
        spend: None,
        at: String::new(),
        reasoning: "because".to_owned(),
    }
}

fn goal() -> Envelope {
    let payload = Payload::Goal {
        goal: "g".to_owned(),
        constraints: Vec::new(),
    };
    message("goal", None, Role::Human, Role::Planner, 0, payload)
}

fn proposal() -> Envelope {
    let payload = Payload::Proposal {
        candidates: vec![Candidate {
            digest: digest("v1"),
            tradeoffs: String::new(),
        }],
    };
    message(
        "proposal",
        Some("goal"),
        Role::Planner,
        Role::Verifier,
        1,
        payload,
    )
}

fn another_goal() -> Envelope {
    Envelope {
        id: MessageId::of(&["goal 2"]),
        correlation: CorrelationId::of(&["c 2"]),
        ..goal()
    }
}

fn mailbox(directory: &tempfile::TempDir) -> Mailbox {
    Mailbox::at(directory.path().join("messages.jsonl"), Seats::new())
}

fn send(mailbox: &Mailbox, message: &Envelope) -> Delivery {
    mailbox
        .send(message, &|_| None, now())
        .expect("the log is whole")
}

fn kinds(log: &Log) -> Vec<(&'static str, Role)> {
    let messages = log.exchange.messages().iter();
    messages
        .map(|k| (k.envelope.payload.kind().word(), k.envelope.receiver.role))
        .collect()
}

#[test]
fn what_was_sent_is_read_again_and_holders_of_stale_work_were_told() {
    let directory = tempfile::tempdir().expect("a directory");
    let mailbox = mailbox(&directory);
    for m in [goal(), proposal(), another_goal()] {
        assert!(matches!(send(&mailbox, &m), Delivery::Taken { .. }));
    }
    let log = mailbox.read().expect("whole");
    assert_eq!(
        kinds(&log),
        [
            ("goal", Role::Planner),
            ("proposal", Role::Verifier),
            ("goal", Role::Planner),
            ("stale_notice", Role::Planner),
            ("stale_notice", Role::Verifier),
        ]
    );
    assert_eq!(send(&mailbox, &proposal()), Delivery::Known);
    assert_eq!(mailbox.read().expect("whole").exchange, log.exchange);
}

#[test]
fn a_refusal_is_logged_and_answered_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let mailbox = mailbox(&directory);
    send(&mailbox, &goal());
    let forged = Envelope {
        sender: Party::new(Role::Verifier, "verifier"),
        ..proposal()
    };
    for _ in 0..2 {
        let Delivery::Refused(refusal) = send(&mailbox, &forged) else {
            panic!("taken");
        };
        assert_eq!(refusal.code(), "TRIB-MESSAGE-ROLE");
    }
    let log = mailbox.read().expect("whole");
    assert_eq!(log.refused.len(), 1);
    assert_eq!(
        kinds(&log),
        [("goal", Role::Planner), ("refusal", Role::Verifier)]
    );
    assert!(matches!(
        send(&mailbox, &proposal()),
        Delivery::Taken { .. }
    ));
}

/// Whatever the last whole line is, going on gives the same conversation.
#[test]
fn a_log_cut_off_anywhere_is_gone_on_with() {
    let directory = tempfile::tempdir().expect("a directory");
    let whole = mailbox(&directory);
    let all = [goal(), proposal(), another_goal()];
    for m in &all {
        send(&whole, m);
    }
    let text = std::fs::read(directory.path().join("messages.jsonl")).expect("the log");
    let wanted = whole.read().expect("whole").exchange;
    for cut in (0..text.len()).step_by(97).chain([text.len() - 1]) {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join("messages.jsonl"), &text[..cut]).expect("written");
        let mailbox = mailbox(&directory);
        for m in &all {
            send(&mailbox, m);
        }
        assert_eq!(
            mailbox.read().expect("whole").exchange,
            wanted,
            "cut at {cut}"
        );
    }
}

#[test]
fn a_log_with_a_message_that_could_not_have_been_taken_does_not_read() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("messages.jsonl");
    let journal = Journal::at(&path);
    let forged = Envelope {
        causation: None,
        ..proposal()
    };
    for envelope in [goal(), forged] {
        let record = Record::Taken {
            envelope: Box::new(envelope),
        };
        journal
            .append(&record, now(), Durability::Ordinary)
            .expect("a chain that holds");
    }
    let error = mailbox(&directory).read().expect_err("forged");
    assert!(
        matches!(
            error,
            MailboxError::Replay {
                line: 2,
                why: Refusal::NoCause,
                ..
            }
        ),
        "{error}"
    );
}
