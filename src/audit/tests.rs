//! The life cycle by its events: stories that must be possible, steps that must not be, and random ones against plain rules.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;
use crate::finding::critique::CriticDecision;
use crate::gate::event::{ApprovalForm, Event, Identity, Seat, What};
use crate::host::clock::Timestamp;
use crate::ir::Digest;
use crate::journal::{Durability, Journal, Stream};

fn cycle() -> Arc<LifeCycle> {
    LifeCycle::embedded().expect("the model is sound")
}

fn d(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

fn ada() -> Identity {
    Identity::Person {
        user: "ada".to_owned(),
    }
}

fn bob() -> Identity {
    Identity::Key {
        principal: "bob@example.org".to_owned(),
        fingerprint: "SHA256:bob".to_owned(),
    }
}

fn seat(seat: Seat) -> Identity {
    Identity::Seat {
        seat,
        by: "rules".to_owned(),
    }
}

fn event(version: u32, by: Identity, what: What) -> Event {
    Event {
        workflow: "w".to_owned(),
        version,
        digest: d(&format!("v{version}")),
        by,
        what,
    }
}

fn proposed(version: u32) -> Event {
    let what = What::Proposed {
        from: None,
        critique: None,
    };
    event(version, ada(), what)
}

/// A version that the planner made of the one before.
fn revised(version: u32, critique: &str) -> Event {
    let what = What::Proposed {
        from: Some(version - 1),
        critique: Some(d(critique)),
    };
    event(version, seat(Seat::Planner), what)
}

fn verified(version: u32, report: &str, blocking: u32, open: u32, complete: bool) -> Event {
    let what = What::Verified {
        report: d(report),
        blocking,
        warning: 0,
        open_obligations: open,
        complete,
    };
    event(version, ada(), what)
}

fn critiqued(version: u32, report: &str, critique: &str, decision: CriticDecision) -> Event {
    let what = What::Critiqued {
        report: d(report),
        critique: d(critique),
        decision,
    };
    event(version, seat(Seat::Critic), what)
}

fn waived(version: u32, report: &str) -> Event {
    let what = What::Waived {
        finding: "F-1".to_owned(),
        report: d(report),
        reason: "known".to_owned(),
    };
    event(version, ada(), what)
}

fn approved(version: u32, form: ApprovalForm, report: &str, critique: &str, own: &str) -> Event {
    let what = What::Approved {
        form,
        report: d(report),
        critique: d(critique),
        policy: d("policy"),
        approval: d(own),
    };
    event(version, ada(), what)
}

fn begun(version: u32, approval: &str) -> Event {
    let what = What::Begun {
        approval: d(approval),
    };
    event(version, seat(Seat::Executor), what)
}

fn answered(version: u32, critique: &str, option: &str) -> Event {
    let what = What::Answered {
        critique: Some(d(critique)),
        question: "Q1".to_owned(),
        option: option.to_owned(),
    };
    event(version, ada(), what)
}

/// An answer to an escalation.
fn answer(version: u32, option: &str) -> Event {
    let what = What::Answered {
        critique: None,
        question: "0a1b2c3d".to_owned(),
        option: option.to_owned(),
    };
    event(version, ada(), what)
}

fn because(reason: &str) -> String {
    reason.to_owned()
}

fn rejected(version: u32) -> Event {
    let reason = because("wrong");
    event(version, ada(), What::Rejected { reason })
}

fn revoked(version: u32) -> Event {
    let reason = because("wrong");
    event(version, ada(), What::Revoked { reason })
}

fn escalated(version: u32) -> Event {
    let reason = because("stuck");
    event(version, seat(Seat::Critic), What::Escalated { reason })
}

fn tests_passed(version: u32) -> Event {
    event(version, seat(Seat::Executor), What::TestsPassed {})
}

fn tests_failed(version: u32) -> Event {
    event(version, seat(Seat::Executor), What::TestsFailed {})
}

use ApprovalForm::{ApprovedWithProof, ApprovedWithWaiver};
use CriticDecision::{Accept, Reject, Revise};

fn approval() -> Event {
    approved(1, ApprovedWithProof, "r", "c", "a")
}

/// Up to a version that a person may approve.
fn accepted() -> Vec<Event> {
    vec![
        proposed(1),
        verified(1, "r", 0, 0, true),
        critiqued(1, "r", "c", Accept),
    ]
}

fn with(mut events: Vec<Event>, more: Vec<Event>) -> Vec<Event> {
    events.extend(more);
    events
}

/// The life after these events, all of which must be allowed.
fn live(events: &[Event]) -> Life {
    events.iter().fold(Life::new(cycle()), |life, event| {
        life.after(event)
            .unwrap_or_else(|refusal| panic!("{refusal}"))
    })
}

/// Where it ends.
fn stage(events: &[Event]) -> Stage {
    let stages = live(events).stages();
    assert_eq!(stages.len(), 1, "{stages:?}");
    stages[0]
}

/// Why the last of these events is refused.
fn refused(mut events: Vec<Event>) -> Refusal {
    let last = events.pop().expect("one at least");
    live(&events).allows(&last).expect_err("refused")
}

fn model_says(events: Vec<Event>) -> (&'static str, Stage, Vec<String>) {
    match refused(events).why {
        Why::Elsewhere {
            transition,
            at,
            from,
        } => (transition, at, from),
        Why::Guard {
            transition,
            at,
            needs,
        } => (transition, at, needs),
        other => panic!("{other}"),
    }
}

#[test]
fn the_usual_lives_are_possible() {
    let approved_ = with(accepted(), vec![approval()]);
    assert_eq!(stage(&approved_), Stage::ApprovedWithProof);
    let implementing = with(approved_, vec![begun(1, "a")]);
    assert_eq!(stage(&implementing), Stage::Implementing);
    let done = with(implementing.clone(), vec![tests_passed(1)]);
    assert_eq!(stage(&done), Stage::Verified);
    // A new version begins a new life, and so does a new look at the old one.
    assert_eq!(
        stage(&with(done.clone(), vec![proposed(2)])),
        Stage::ProposedWorkflow
    );
    assert_eq!(
        stage(&with(done, vec![verified(1, "r2", 0, 0, true)])),
        Stage::Formalized
    );
    let failed = with(implementing, vec![tests_failed(1)]);
    assert_eq!(stage(&failed), Stage::NeedsRevision);
    assert_eq!(
        stage(&with(failed, vec![revised(2, "c")])),
        Stage::ProposedWorkflow
    );
}

#[test]
fn what_blocks_is_let_through_by_a_person_who_waives_it() {
    let blocked = vec![proposed(1), verified(1, "r", 2, 0, true), waived(1, "r")];
    let events = with(
        blocked,
        vec![
            critiqued(1, "r", "c", Accept),
            approved(1, ApprovedWithWaiver, "r", "c", "a"),
        ],
    );
    assert_eq!(stage(&events), Stage::ApprovedWithWaiver);
    // The critic may speak first, and a second time once the waiver is there: the waiver still is of this report.
    let events = vec![
        proposed(1),
        verified(1, "r", 2, 0, true),
        critiqued(1, "r", "c", Revise),
        waived(1, "r"),
        critiqued(1, "r", "c2", Accept),
        approved(1, ApprovedWithWaiver, "r", "c2", "a"),
    ];
    assert_eq!(stage(&events), Stage::ApprovedWithWaiver);
    assert_eq!(live(&events).rounds(), 0);
}

#[test]
fn a_missing_answer_leaves_it_to_a_person() {
    let missing = vec![proposed(1), verified(1, "r", 0, 0, false)];
    assert_eq!(
        live(&missing).stages(),
        [Stage::Formalized, Stage::Escalated]
    );
    let accepted = with(missing.clone(), vec![critiqued(1, "r", "c", Accept)]);
    let (transition, at, needs) = model_says(with(accepted.clone(), vec![approval()]));
    assert_eq!((transition, at), ("approve_with_proof", Stage::Formalized));
    assert_eq!(needs, ["report.proof == complete"]);
    let waived_ = with(accepted, vec![waived(1, "r")]);
    let approved_ = with(
        waived_,
        vec![approved(1, ApprovedWithWaiver, "r", "c", "a")],
    );
    assert_eq!(stage(&approved_), Stage::ApprovedWithWaiver);
    // Or the engine is brought in.
    let again = with(missing.clone(), vec![verified(1, "r2", 0, 0, true)]);
    assert_eq!(stage(&again), Stage::Formalized);
    assert_eq!(stage(&with(missing, vec![escalated(1)])), Stage::Escalated);
}

#[test]
fn agents_revise_three_times_and_then_a_person_is_asked() {
    let mut events = vec![proposed(1)];
    for v in 1..=4 {
        let (report, critique) = (format!("r{v}"), format!("c{v}"));
        events.push(verified(v, &report, 1, 0, true));
        // Looking again, or criticizing again, gives no new rounds.
        events.push(verified(v, &format!("{report}'"), 1, 0, true));
        events.push(critiqued(v, &format!("{report}'"), "other", Revise));
        events.push(critiqued(v, &format!("{report}'"), &critique, Revise));
        assert_eq!(live(&events).rounds(), v - 1);
        if v < 4 {
            events.push(revised(v + 1, &critique));
        }
    }
    let (transition, at, needs) = model_says(with(events.clone(), vec![revised(5, "c4")]));
    assert_eq!((transition, at), ("revise", Stage::NeedsRevision));
    assert_eq!(needs, ["rounds < 3"]);
    let asked = with(events.clone(), vec![escalated(4)]);
    assert_eq!(stage(&asked), Stage::Escalated);
    for way in [events, asked] {
        let answer = with(way, vec![answered(4, "c4", "yes")]);
        assert_eq!(live(&answer).rounds(), 0);
        assert_eq!(
            stage(&with(answer, vec![revised(5, "c4")])),
            Stage::ProposedWorkflow
        );
    }
}

#[test]
fn an_escalation_is_answered_by_going_on_or_by_stopping() {
    let asked = vec![
        proposed(1),
        verified(1, "r", 1, 0, true),
        critiqued(1, "r", "c", Revise),
        escalated(1),
    ];
    let on = with(asked.clone(), vec![answer(1, "go_on")]);
    assert_eq!(stage(&on), Stage::NeedsRevision);
    assert_eq!(
        stage(&with(on, vec![revised(2, "c")])),
        Stage::ProposedWorkflow
    );
    let stopped = with(asked.clone(), vec![answer(1, "stop")]);
    assert_eq!(stage(&stopped), Stage::Rejected);
    assert!(live(&stopped).given_up());
    assert_eq!(
        refused(with(asked.clone(), vec![answer(1, "perhaps")])).why,
        Why::NoSuchAnswer("perhaps".to_owned())
    );
    // Or by letting it through.
    let let_through = vec![
        waived(1, "r"),
        critiqued(1, "r", "c2", Accept),
        approved(1, ApprovedWithWaiver, "r", "c2", "a"),
    ];
    assert_eq!(
        stage(&with(asked.clone(), let_through)),
        Stage::ApprovedWithWaiver
    );
    // The agents may see that they get nowhere before the critic has spoken, but not once it has accepted.
    let before = vec![proposed(1), verified(1, "r", 1, 0, false), escalated(1)];
    assert_eq!(stage(&before), Stage::Escalated);
    let (transition, _, needs) = model_says(with(accepted(), vec![escalated(1)]));
    assert_eq!(transition, "ask_for_revision");
    assert_eq!(needs, ["critique.advice == rework"]);
    let (transition, at, from) = model_says(with(accepted(), vec![answer(1, "stop")]));
    assert_eq!((transition, at), ("answer_stop", Stage::Formalized));
    assert_eq!(from, ["Escalated"]);
}

#[test]
fn whatever_is_said_anew_makes_an_approval_stale() {
    let approved_ = with(accepted(), vec![approval()]);
    for (more, expected) in [
        (verified(1, "r2", 0, 0, true), Stage::Formalized),
        (critiqued(1, "r", "c2", Accept), Stage::Formalized),
        (proposed(2), Stage::ProposedWorkflow),
        (revoked(1), Stage::NeedsRevision),
        (rejected(1), Stage::NeedsRevision),
    ] {
        let events = with(approved_.clone(), vec![more.clone()]);
        assert_eq!(stage(&events), expected, "{more:?}");
        let why = refused(with(events, vec![begun(1, "a")])).why;
        assert!(
            matches!(
                why,
                Why::OtherApproval { known: None, .. } | Why::Superseded(2) | Why::GivenUp(1)
            ),
            "{why}"
        );
    }
    // Repeating what is known changes nothing.
    let repeated = with(
        approved_.clone(),
        vec![
            proposed(1),
            verified(1, "r", 0, 0, true),
            critiqued(1, "r", "c", Accept),
            approval(),
        ],
    );
    assert_eq!(stage(&repeated), Stage::ApprovedWithProof);
    // A person may approve anew, as under another policy; the old approval is none then.
    let anew = approved(1, ApprovedWithProof, "r", "c", "a2");
    let events = with(approved_, vec![anew]);
    assert_eq!(stage(&events), Stage::ApprovedWithProof);
    assert!(live(&events).allows(&begun(1, "a2")).is_ok());
    assert!(live(&events).allows(&begun(1, "a")).is_err());
}

#[test]
fn several_people_may_approve_one_version() {
    let second = Event {
        by: bob(),
        ..approved(1, ApprovedWithProof, "r", "c", "b")
    };
    let begun_ = with(accepted(), vec![approval(), begun(1, "a")]);
    // The second word does not stop who has begun.
    let both = with(begun_, vec![second.clone()]);
    assert_eq!(stage(&both), Stage::Implementing);
    assert!(live(&both).allows(&begun(1, "b")).is_ok());
    // Under another policy it stands alone, and the work begins anew.
    let mut other = second;
    if let What::Approved { policy, .. } = &mut other.what {
        *policy = d("another policy");
    }
    let alone = with(accepted(), vec![approval(), begun(1, "a"), other]);
    assert_eq!(stage(&alone), Stage::ApprovedWithProof);
    assert!(live(&alone).allows(&begun(1, "a")).is_err());
    assert!(live(&alone).allows(&begun(1, "b")).is_ok());
    // Who revoked may approve again, and so may who saw the tests fail.
    for end in [revoked(1), tests_failed(1)] {
        let anew = approved(1, ApprovedWithProof, "r", "c", "a2");
        let events = with(
            accepted(),
            vec![approval(), begun(1, "a"), end, waived(1, "r"), anew],
        );
        assert_eq!(stage(&events), Stage::ApprovedWithProof);
    }
    // What was done can be taken back: it stays done, and nothing new may begin.
    let done = vec![approval(), begun(1, "a"), tests_passed(1), revoked(1)];
    let done = with(accepted(), done);
    assert_eq!(stage(&done), Stage::Verified);
    assert!(live(&done).allows(&begun(1, "a")).is_err());
}

#[test]
fn what_only_warns_is_waived_without_the_models_help() {
    let by_waiver = approved(1, ApprovedWithWaiver, "r", "c", "a");
    let events = with(accepted(), vec![waived(1, "r"), by_waiver.clone()]);
    assert_eq!(stage(&events), Stage::ApprovedWithProof);
    // Open obligations are listed in the approval, whose signer answers for them; a missing answer is no obligation.
    let open = |complete| {
        vec![
            proposed(1),
            verified(1, "r", 0, 2, complete),
            critiqued(1, "r", "c", Accept),
        ]
    };
    assert_eq!(
        stage(&with(open(true), vec![by_waiver.clone()])),
        Stage::ApprovedWithWaiver
    );
    let (transition, _, needs) = model_says(with(open(false), vec![by_waiver]));
    assert_eq!(
        (transition, needs),
        ("approve_with_waiver", vec!["fresh(waiver)".to_owned()])
    );
}

#[test]
fn a_revision_may_answer_a_critique_that_the_journal_was_not_told_of() {
    for before in [
        vec![proposed(1), verified(1, "r", 1, 0, true)],
        accepted(),
        with(accepted(), vec![approval()]),
    ] {
        let events = with(before, vec![revised(2, "by hand")]);
        assert_eq!(stage(&events), Stage::ProposedWorkflow);
        assert_eq!(live(&events).rounds(), 1, "it is a round all the same");
    }
}

#[test]
fn what_a_person_rejects_is_not_approved_later() {
    for events in [
        vec![proposed(1), rejected(1)],
        with(accepted(), vec![rejected(1)]),
        vec![
            proposed(1),
            verified(1, "r0", 0, 0, false),
            escalated(1),
            rejected(1),
        ],
        vec![
            proposed(1),
            verified(1, "r0", 0, 0, true),
            critiqued(1, "r0", "c0", Reject),
            rejected(1),
        ],
    ] {
        assert!(live(&events).given_up());
        let again = with(
            events,
            vec![verified(1, "r", 0, 0, true), critiqued(1, "r", "c", Accept)],
        );
        let refusal = refused(with(again.clone(), vec![approval()]));
        assert_eq!(refusal.why, Why::GivenUp(1));
        assert_eq!(
            refusal.to_string(),
            "`approved` of version 1 is not allowed: version 1 was rejected; raise `version:`"
        );
        let next = live(&with(again, vec![proposed(2)]));
        assert!(!next.given_up());
        assert_eq!(next.current(), Some((2, d("v2"))));
    }
}

#[test]
fn the_model_says_which_transition_fails_and_why() {
    let v = |blocking, open, decision| {
        vec![
            proposed(1),
            verified(1, "r", blocking, open, true),
            critiqued(1, "r", "c", decision),
        ]
    };
    let by_waiver = approved(1, ApprovedWithWaiver, "r", "c", "a");
    for (events, transition, at, told) in [
        (
            with(v(1, 0, Accept), vec![approval()]),
            "approve_with_proof",
            Stage::Formalized,
            vec!["not report.blocking"],
        ),
        (
            with(v(1, 2, Revise), vec![approval()]),
            "approve_with_proof",
            Stage::Formalized,
            vec![
                "not report.blocking",
                "report.proof == complete",
                "critique.advice == accept",
            ],
        ),
        (
            with(v(1, 0, Accept), vec![by_waiver.clone()]),
            "approve_with_waiver",
            Stage::Formalized,
            vec!["fresh(waiver)"],
        ),
        (
            with(v(0, 0, Accept), vec![revised(2, "c")]),
            "ask_for_revision",
            Stage::Formalized,
            vec!["critique.advice == rework"],
        ),
        (
            with(v(0, 0, Accept), vec![revoked(1)]),
            "revoke",
            Stage::Formalized,
            vec!["ApprovedWithProof", "ApprovedWithWaiver", "Implementing"],
        ),
        (
            with(v(0, 0, Accept), vec![approval(), tests_passed(1)]),
            "tests_pass",
            Stage::ApprovedWithProof,
            vec!["Implementing"],
        ),
        (
            with(v(0, 0, Accept), vec![approval(), waived(1, "r")]),
            "waive",
            Stage::ApprovedWithProof,
            vec!["Formalized"],
        ),
        (
            vec![proposed(1), event(2, seat(Seat::Planner), proposed(2).what)],
            "revise",
            Stage::ProposedWorkflow,
            vec!["NeedsRevision"],
        ),
    ] {
        let expected: Vec<String> = told.into_iter().map(str::to_owned).collect();
        assert_eq!(model_says(events), (transition, at, expected));
    }
    let refusal = refused(with(v(1, 0, Accept), vec![by_waiver]));
    assert_eq!(
        refusal.to_string(),
        "`approved` of version 1 is not allowed: in Formalized, `approve_with_waiver` needs `fresh(waiver)`, which does not hold"
    );
}

#[test]
fn an_event_about_something_else_is_refused_whatever_the_model_says() {
    let other_digest = Event {
        digest: d("other"),
        ..verified(1, "r", 0, 0, true)
    };
    let other_workflow = Event {
        workflow: "x".to_owned(),
        ..verified(1, "r", 0, 0, true)
    };
    let agent = |e: Event| Event {
        by: seat(Seat::Planner),
        ..e
    };
    let made_from = |from| {
        let what = What::Proposed {
            from: Some(from),
            critique: None,
        };
        event(5, seat(Seat::Planner), what)
    };
    let two = with(accepted(), vec![proposed(2)]);
    for (events, expected) in [
        (vec![verified(1, "r", 0, 0, true)], Why::UnknownVersion(1)),
        (
            vec![proposed(1), other_digest],
            Why::OtherDigest {
                version: 1,
                found: d("other"),
                known: d("v1"),
            },
        ),
        (
            vec![proposed(1), other_workflow],
            Why::OtherWorkflow {
                found: "x".to_owned(),
                expected: "w".to_owned(),
            },
        ),
        (
            vec![proposed(3), agent(proposed(2))],
            Why::NotRaised { last: 3 },
        ),
        (with(two.clone(), vec![approval()]), Why::Superseded(2)),
        (with(two.clone(), vec![waived(1, "r")]), Why::Superseded(2)),
        (
            with(two, vec![made_from(1)]),
            Why::MadeFromOther {
                from: 1,
                current: 2,
            },
        ),
        (
            with(accepted(), vec![critiqued(1, "r0", "c", Accept)]),
            Why::OtherReport {
                found: d("r0"),
                known: Some(d("r")),
            },
        ),
        (
            with(
                accepted(),
                vec![
                    verified(1, "r2", 0, 0, true),
                    approved(1, ApprovedWithProof, "r2", "c", "a"),
                ],
            ),
            Why::OtherCritique {
                found: d("c"),
                known: None,
            },
        ),
        (with(accepted(), vec![agent(approval())]), Why::NotAPerson),
        (
            with(accepted(), vec![approval(), agent(revoked(1))]),
            Why::NotAPerson,
        ),
        (
            with(accepted(), vec![agent(rejected(1))]),
            Why::NotTheCritic,
        ),
    ] {
        assert_eq!(refused(events).why, expected);
    }
}

#[test]
fn words_about_a_version_that_is_past_change_nothing() {
    let before = with(accepted(), vec![approval(), begun(1, "a"), proposed(2)]);
    let after = with(
        before.clone(),
        vec![
            tests_failed(1),
            tests_passed(1),
            verified(1, "r9", 3, 0, true),
            critiqued(1, "r9", "c9", Reject),
            revoked(1),
            proposed(1),
        ],
    );
    assert_eq!(live(&before).stages(), live(&after).stages());
    assert_eq!(live(&after).current(), Some((2, d("v2"))));
    // An old file that is looked at for the first time takes nothing's place.
    let events = vec![proposed(2), proposed(1), verified(1, "r", 1, 0, true)];
    assert_eq!(live(&events).current(), Some((2, d("v2"))));
    assert_eq!(stage(&events), Stage::ProposedWorkflow);
}

#[test]
fn every_transition_but_the_late_end_stands_for_some_event() {
    let mut taken = BTreeSet::new();
    let stories = [
        with(accepted(), vec![approval(), begun(1, "a"), tests_passed(1)]),
        with(accepted(), vec![approval(), begun(1, "a"), tests_failed(1)]),
        with(accepted(), vec![approval(), revoked(1)]),
        with(accepted(), vec![rejected(1)]),
        vec![
            proposed(1),
            verified(1, "r", 1, 0, true),
            waived(1, "r"),
            critiqued(1, "r", "c", Accept),
            approved(1, ApprovedWithWaiver, "r", "c", "a"),
        ],
        vec![
            proposed(1),
            verified(1, "r", 1, 0, true),
            critiqued(1, "r", "c", Reject),
            event(1, seat(Seat::Critic), rejected(1).what),
        ],
        vec![
            proposed(1),
            verified(1, "r", 0, 0, false),
            escalated(1),
            verified(1, "r2", 0, 0, false),
            rejected(1),
        ],
        vec![proposed(1), escalated(1), rejected(1)],
        vec![proposed(1), escalated(1), proposed(2), proposed(3)],
    ];
    let mut long = vec![proposed(1)];
    for v in 1..=4 {
        let (report, critique) = (format!("r{v}"), format!("c{v}"));
        long.push(verified(v, &report, 1, 0, true));
        long.push(critiqued(v, &report, &critique, Revise));
        if v < 4 {
            long.push(revised(v + 1, &critique));
        }
    }
    long.push(escalated(4));
    for story in stories.iter().chain([&long]) {
        story.iter().fold(Life::new(cycle()), |life, event| {
            life.traced(event, &mut |transition| {
                taken.insert(transition.to_owned());
            })
            .unwrap_or_else(|refusal| panic!("{refusal}"))
        });
    }
    let cycle = cycle();
    let missing: Vec<&str> = cycle
        .transitions()
        .filter(|t| !taken.contains(*t))
        .collect();
    assert_eq!(missing, ["finish_late"]);
}

mod forks;
mod random;
