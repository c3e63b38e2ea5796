//! Journals of two branches.

use super::*;

/// A branch: a journal in a directory of its own.
struct Branch {
    _directory: tempfile::TempDir,
    journal: Journal,
    clock: u64,
}

impl Branch {
    fn new(start: &str, clock: u64) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("journal.jsonl");
        std::fs::write(&path, start).expect("written");
        Self {
            _directory: directory,
            journal: Journal::at(path),
            clock,
        }
    }

    fn add(&mut self, events: &[Event]) {
        for event in events {
            self.clock += 1;
            let at = Timestamp::from_millis(self.clock);
            self.journal
                .append(event, at, Durability::Ordinary)
                .expect("appended");
        }
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.journal.path()).expect("read")
    }

    fn read(&self) -> Stream<Event> {
        self.journal.read().expect("sound")
    }

    fn judged(&self) -> Judgement {
        judge(&self.read(), &cycle(), Some("w"))
    }
}

/// What both share, then each side's own, merged; the left side's clock runs ahead of the right one's or behind.
fn merged(shared: &[Event], left: &[Event], right: &[Event], ahead: bool) -> Branch {
    let mut base = Branch::new("", 0);
    base.add(shared);
    let (one, two) = if ahead { (5000, 100) } else { (100, 5000) };
    let mut sides = [
        Branch::new(&base.text(), one),
        Branch::new(&base.text(), two),
    ];
    sides[0].add(left);
    sides[1].add(right);
    for side in &sides {
        let judged = side.judged();
        assert_eq!(judged.faults, [], "each side alone is right");
        assert_eq!(judged.conflicts, []);
    }
    let text = sides[0].text() + &sides[1].text();
    Branch::new(&text, 9000)
}

fn words(conflicts: &[Conflict]) -> Vec<(u32, &str, &str)> {
    conflicts
        .iter()
        .map(|c| {
            (
                c.version,
                c.first.event.what.word(),
                c.second.event.what.word(),
            )
        })
        .collect()
}

#[test]
fn events_come_back_from_a_journal_as_they_went_in() {
    let events = with(
        accepted(),
        vec![
            approval(),
            begun(1, "a"),
            tests_failed(1),
            revised(2, "c"),
            verified(2, "s", 1, 1, false),
            waived(2, "s"),
            critiqued(2, "s", "t", Revise),
            answered(2, "t", "yes"),
            escalated(2),
            rejected(2),
            Event {
                by: Identity::Key {
                    principal: "ada@example.org".to_owned(),
                    fingerprint: "SHA256:x".to_owned(),
                },
                ..proposed(3)
            },
            revoked(2),
        ],
    );
    let mut branch = Branch::new("", 0);
    branch.add(&events);
    let bodies: Vec<Event> = branch.read().entries.into_iter().map(|e| e.body).collect();
    assert_eq!(bodies, events);
    assert_eq!(branch.judged().faults, []);
    // An event with a key too many is none.
    let text = serde_json::to_string(&events[0]).expect("JSON");
    let more = text.replacen('{', "{\"extra\":1,", 1);
    assert!(serde_json::from_str::<Event>(&text).is_ok());
    assert!(serde_json::from_str::<Event>(&more).is_err());
}

#[test]
fn two_decisions_that_did_not_know_of_each_other_are_a_conflict() {
    let mut other = approved(1, ApprovedWithProof, "r", "c", "a2");
    let agreeing = Event {
        by: bob(),
        ..other.clone()
    };
    if let What::Approved { policy, .. } = &mut other.what {
        *policy = d("another policy");
    }
    for ahead in [true, false] {
        for (right, word) in [(rejected(1), "rejected"), (other.clone(), "approved")] {
            let branch = merged(&accepted(), &[approval()], &[right], ahead);
            let judged = branch.judged();
            assert_eq!(judged.faults, []);
            let (first, second) = if ahead {
                (word, "approved")
            } else {
                ("approved", word)
            };
            assert_eq!(words(&judged.conflicts), [(1, first, second)]);
        }
        let branch = merged(
            &accepted(),
            &[approval()],
            std::slice::from_ref(&agreeing),
            ahead,
        );
        let judged = branch.judged();
        assert_eq!(
            judged.conflicts,
            [],
            "two people who approve the same agree"
        );
        assert_eq!(judged.life.stages(), [Stage::ApprovedWithProof]);
        let approved_ = with(accepted(), vec![approval(), begun(1, "a")]);
        let branch = merged(&approved_, &[tests_passed(1)], &[revoked(1)], ahead);
        assert_eq!(branch.judged().conflicts.len(), 1);
        let asked = [
            proposed(1),
            verified(1, "r", 1, 0, true),
            critiqued(1, "r", "c", Revise),
        ];
        let (yes, no) = (answered(1, "c", "yes"), answered(1, "c", "no"));
        let branch = merged(&asked, std::slice::from_ref(&yes), &[no], ahead);
        assert_eq!(
            words(&branch.judged().conflicts),
            [(1, "answered", "answered")]
        );
        let branch = merged(
            &asked,
            std::slice::from_ref(&yes),
            std::slice::from_ref(&yes),
            ahead,
        );
        assert_eq!(branch.judged().conflicts, []);
    }
}

#[test]
fn one_number_for_two_contents_is_a_conflict() {
    let other = Event {
        digest: d("v2 of the other side"),
        ..proposed(2)
    };
    let branch = merged(&accepted(), &[proposed(2)], &[other], true);
    let judged = branch.judged();
    assert_eq!(judged.faults, []);
    assert_eq!(words(&judged.conflicts), [(2, "proposed", "proposed")]);
    let branch = merged(&accepted(), &[proposed(2)], &[proposed(2)], true);
    assert_eq!(branch.judged().conflicts, []);
}

#[test]
fn a_later_decision_that_knows_both_settles_a_conflict() {
    for settling in [rejected(1), proposed(2)] {
        let mut branch = merged(&accepted(), &[approval()], &[rejected(1)], false);
        branch.add(&[settling]);
        let judged = branch.judged();
        assert_eq!(judged.faults, []);
        assert_eq!(judged.conflicts, []);
        assert!(!branch.read().forked);
    }
    // A word that is no decision settles nothing.
    let mut branch = merged(&accepted(), &[approval()], &[rejected(1)], false);
    branch.add(&[verified(1, "r2", 0, 0, true)]);
    assert_eq!(branch.judged().conflicts.len(), 1);
}

#[test]
fn what_the_other_branch_has_overtaken_has_no_effect_and_is_no_fault() {
    for ahead in [true, false] {
        // One side approves version 1 while the other writes version 2.
        let branch = merged(&accepted(), &[approval()], &[proposed(2)], ahead);
        let judged = branch.judged();
        assert_eq!(judged.faults, []);
        assert_eq!(judged.conflicts, []);
        assert_eq!(judged.life.current(), Some((2, d("v2"))));
        assert_eq!(judged.life.stages(), [Stage::ProposedWorkflow]);
        // One side begins while the other revokes: whatever the clocks say, the authority is gone.
        let approved_ = with(accepted(), vec![approval()]);
        let branch = merged(&approved_, &[begun(1, "a")], &[revoked(1)], ahead);
        let judged = branch.judged();
        assert_eq!((judged.faults.len(), judged.conflicts.len()), (0, 0));
        assert_eq!(judged.life.stages(), [Stage::NeedsRevision]);
        assert!(judged.life.allows(&begun(1, "a")).is_err());
    }
}

#[test]
fn what_was_wrong_on_its_own_branch_stays_wrong_and_has_no_effect() {
    // The right side's critique does not make the left side's early approval right.
    let shared = [proposed(1), verified(1, "r", 0, 0, true)];
    let mut base = Branch::new("", 0);
    base.add(&shared);
    let mut left = Branch::new(&base.text(), 5000);
    left.add(&[approval()]);
    let mut right = Branch::new(&base.text(), 100);
    right.add(&[critiqued(1, "r", "c", Accept)]);
    let branch = Branch::new(&(left.text() + &right.text()), 9000);
    let judged = branch.judged();
    assert_eq!(judged.faults.len(), 1);
    assert_eq!(judged.faults[0].event.event, approval());
    assert_eq!(judged.faults[0].refusal.transition, "approve_with_proof");
    assert_eq!(judged.life.stages(), [Stage::Formalized]);
}
