//! Approving while the disk is full, while the program is killed, and while somebody else approves: the gate is open with
//! everything in place, or shut; the project is never broken.

use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::time::Instant;

use tribunal::gate::Approval;
use tribunal::gate::event::What;

use super::fixture::{FLOW, Fixture};
use crate::cli::tribunal;

/// `tribunal approve` as a person, ready to start.
fn approve(project: &Fixture, shown: &str) -> Command {
    let mut command = tribunal(project.root());
    command
        .env("SPEC_ROLE", "human")
        .env_remove("SPEC_AGENT_ID")
        .args(["approve", "w.yaml", "--expect", shown])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn approvals(project: &Fixture) -> usize {
    let events = project.events();
    let given = |what: &What| matches!(what, What::Approved { .. });
    events
        .entries
        .iter()
        .filter(|e| given(&e.body.what))
        .count()
}

/// Either nothing counts, or all of it is there; and whatever happened, it can be approved in the end.
fn consistent(project: &Fixture, shown: &str, when: &str) -> bool {
    let open = match project.gate() {
        (0, _) => true,
        (1, reason) if reason == "TRIB-GATE-NOT-APPROVED" => false,
        (3, reason) if reason == "TRIB-GATE-NOT-IN-JOURNAL" => false,
        other => panic!("{when}: {other:?}"),
    };
    assert_eq!(open, approvals(project) == 1, "{when}");
    if open {
        let text = project.read(&project.kept("approval.json"));
        let approval: Approval = serde_json::from_str(&text).expect("whole");
        assert_eq!(approval.shown.to_string(), shown, "{when}");
    } else {
        let copy = project.copy();
        let code = approve(&copy, shown).status().expect("it starts").code();
        assert_eq!(code, Some(0), "{when}: it can be approved afterwards");
        assert_eq!(copy.gate(), (0, "open".into()), "{when}");
    }
    open
}

#[test]
fn a_kill_at_any_moment_leaves_an_open_gate_or_a_shut_one() {
    let base = Fixture::criticised(FLOW);
    let shown = base.shown();
    let started = Instant::now();
    let warm = base.copy();
    assert!(
        approve(&warm, &shown)
            .status()
            .expect("it starts")
            .success()
    );
    let whole = started.elapsed();
    let moments = 24;
    let mut open = 0;
    for n in 0..moments {
        let project = base.copy();
        let mut child = approve(&project, &shown).spawn().expect("it starts");
        // Most of the work is near the end, where files are written.
        std::thread::sleep(whole.mul_f64(f64::from(n) / f64::from(moments) * 1.3));
        let _ = child.kill();
        child.wait().expect("it ends");
        open += usize::from(consistent(
            &project,
            &shown,
            &format!("killed at {n}/{moments}"),
        ));
    }
    assert!(open < moments as usize, "no kill came early enough");
}

#[test]
fn a_full_disk_lets_nothing_through_and_loses_nothing() {
    let base = Fixture::criticised(FLOW);
    let shown = base.shown();
    let finding = base.stored().findings[0].id.clone();
    let program = env!("CARGO_BIN_EXE_tribunal");
    // Blocks of 512 bytes, or of 1024 where `sh` is bash: from nothing to more than the journal has.
    let (mut full, mut enough) = (0, 0);
    for blocks in [0, 1, 2, 3, 4, 6, 8, 64] {
        for order in [
            format!("approve w.yaml --expect {shown}"),
            format!("waive w.yaml {finding} --reason r"),
        ] {
            let project = base.copy();
            let before = project.read(&project.path(".spec/workflows/w/journal.jsonl"));
            let command = format!("trap '' XFSZ; ulimit -f {blocks}; exec '{program}' {order}");
            let output = Command::new("sh")
                .current_dir(project.root())
                .env("SPEC_ROLE", "human")
                .env_remove("SPEC_AGENT_ID")
                .args(["-c", &command])
                .output()
                .expect("sh");
            let when = format!("{order} with {blocks} blocks: {output:?}");
            let after = project.read(&project.path(".spec/workflows/w/journal.jsonl"));
            assert!(
                after.starts_with(&before),
                "{when}: the journal lost something"
            );
            let done = output.status.code() == Some(0);
            *(if done { &mut enough } else { &mut full }) += 1;
            assert_eq!(
                project.events().entries.len() > base.events().entries.len(),
                done,
                "{when}"
            );
            if order.starts_with("approve") {
                assert_eq!(consistent(&project, &shown, &when), done, "{when}");
            } else {
                assert_eq!(
                    project.gate(),
                    (1, "TRIB-GATE-NOT-APPROVED".into()),
                    "{when}"
                );
            }
        }
    }
}

#[test]
fn of_many_who_approve_at_once_one_does_and_the_others_are_told() {
    let project = Fixture::criticised(FLOW);
    let shown = project.shown();
    let all = 6;
    let barrier = Barrier::new(all);
    let codes: Vec<Option<i32>> = std::thread::scope(|scope| {
        let one = || {
            barrier.wait();
            approve(&project, &shown)
                .status()
                .expect("it starts")
                .code()
        };
        let started: Vec<_> = (0..all).map(|_| scope.spawn(one)).collect();
        started
            .into_iter()
            .map(|t| t.join().expect("no panic"))
            .collect()
    });
    let count = |code: i32| codes.iter().filter(|c| **c == Some(code)).count();
    assert_eq!((count(0), count(9)), (1, all - 1), "{codes:?}");
    assert_eq!(approvals(&project), 1);
    assert!(!project.kept("approval-2.json").exists());
    assert_eq!(project.gate(), (0, "open".into()));
}

#[test]
fn what_changes_between_showing_and_approving_is_noticed() {
    let project = Fixture::criticised(FLOW);
    let shown = project.shown();
    let finding = project.stored().findings[0].id.clone();
    let (code, _) = project.json(&["waive", "w.yaml", &finding, "--reason", "r"]);
    assert_eq!(code, 0);
    assert_eq!(
        approve(&project, &shown)
            .status()
            .expect("it starts")
            .code(),
        Some(3)
    );
    assert_eq!(approvals(&project), 0);
}
