//! `tribunal audit` and `tribunal log` as a user meets them: exit codes, documents, and what is told of a journal that is
//! damaged, torn, forked or not allowed.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use tribunal::finding::critique::CriticDecision;
use tribunal::gate::event::{ApprovalForm, Event, Identity, Seat, What};
use tribunal::host::clock::Timestamp;
use tribunal::ir::Digest;
use tribunal::journal::{Durability, Journal};

use crate::cli::{json, root, run, stdout};

const AUDIT: &str = "audit.schema.json";
const LOG: &str = "log.schema.json";

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a directory");
    std::fs::create_dir_all(folder.path().join(".spec")).expect("made");
    folder
}

fn journal_file(folder: &Path, workflow: &str) -> PathBuf {
    folder.join(format!(".spec/workflows/{workflow}/journal.jsonl"))
}

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

fn ada() -> Identity {
    Identity::Person {
        user: "ada".to_owned(),
    }
}

fn event(by: Identity, what: What) -> Event {
    Event {
        workflow: "w".to_owned(),
        version: 1,
        digest: digest("v1"),
        by,
        what,
    }
}

fn until_accepted() -> Vec<Event> {
    let critic = Identity::Seat {
        seat: Seat::Critic,
        by: "rules".to_owned(),
    };
    vec![
        event(
            ada(),
            What::Proposed {
                from: None,
                critique: None,
            },
        ),
        event(
            ada(),
            What::Verified {
                report: digest("report"),
                blocking: 0,
                warning: 2,
                open_obligations: 0,
                complete: true,
            },
        ),
        event(
            critic,
            What::Critiqued {
                report: digest("report"),
                critique: digest("critique"),
                decision: CriticDecision::Accept,
            },
        ),
    ]
}

fn approval(form: ApprovalForm) -> Event {
    let what = What::Approved {
        form,
        report: digest("report"),
        critique: digest("critique"),
        policy: digest("policy"),
        approval: digest("approval"),
    };
    event(ada(), what)
}

fn rejection() -> Event {
    let reason = "no\u{1b}[2J".to_owned();
    event(ada(), What::Rejected { reason })
}

/// Adds events, a second apart, beginning at this second of 2026-01-01.
fn record(folder: &Path, events: &[Event], second: u64) {
    for (event, n) in events.iter().zip(second..) {
        Journal::at(journal_file(folder, "w"))
            .append(
                event,
                Timestamp::from_millis(1_767_225_600_000 + n * 1000),
                Durability::Ordinary,
            )
            .expect("appended");
    }
}

fn told(document: &Json) -> Vec<(&str, &str)> {
    let errors = document["errors"].as_array().expect("a list");
    errors
        .iter()
        .map(|e| {
            (
                e["code"].as_str().expect("a code"),
                e["message"].as_str().expect("a message"),
            )
        })
        .collect()
}

fn codes(document: &Json) -> Vec<&str> {
    told(document).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn without_a_journal_there_is_nothing_to_audit() {
    let folder = project();
    let output = run(folder.path(), &["audit"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        stdout(&output),
        "nothing to audit: there is no journal yet\n"
    );
    let (code, document) = json(folder.path(), AUDIT, &["audit"]);
    assert_eq!(
        (code, &document["data"]["journals"]),
        (0, &serde_json::json!([]))
    );
    assert_eq!(json(folder.path(), LOG, &["log"]).0, 0);
    let nowhere = tempfile::tempdir().expect("a directory");
    for (schema, command) in [(AUDIT, "audit"), (LOG, "log")] {
        let (code, document) = json(nowhere.path(), schema, &[command]);
        assert_eq!((code, codes(&document)), (4, vec!["TRIB-JOURNAL-NONE"]));
        let (code, document) = json(folder.path(), schema, &[command, "nothing"]);
        assert_eq!((code, codes(&document)), (4, vec!["TRIB-JOURNAL-NONE"]));
    }
}

#[test]
fn a_life_that_may_have_happened_passes() {
    let folder = project();
    record(folder.path(), &until_accepted(), 0);
    record(
        folder.path(),
        &[approval(ApprovalForm::ApprovedWithProof)],
        9,
    );
    for path in [".", ".spec", ".spec/workflows/w/journal.jsonl", "w"] {
        let (code, document) = json(folder.path(), AUDIT, &["audit", path]);
        assert_eq!((code, codes(&document)), (0, vec![]), "{path}");
        let journal = &document["data"]["journals"][0];
        assert_eq!(journal["workflow"], "w");
        assert_eq!(journal["sound"], true);
        assert_eq!(journal["events"], 4);
        assert_eq!(journal["version"], 1);
        assert_eq!(journal["digest"], digest("v1").to_string());
        assert_eq!(journal["states"], serde_json::json!(["ApprovedWithProof"]));
    }
    let output = run(folder.path(), &["audit"]);
    assert_eq!(
        stdout(&output),
        "w  .spec/workflows/w/journal.jsonl\n    4 events; version 1: ApprovedWithProof\n\n\
         1 journal audited: every line as it was written, every step allowed\n"
    );
}

#[test]
fn a_step_that_is_not_allowed_is_named_with_its_reason() {
    let folder = project();
    record(folder.path(), &until_accepted(), 0);
    record(
        folder.path(),
        &[approval(ApprovalForm::ApprovedWithWaiver)],
        9,
    );
    let (code, document) = json(folder.path(), AUDIT, &["audit"]);
    assert_eq!(code, 1);
    assert_eq!(
        told(&document),
        [(
            "TRIB-AUDIT-STEP",
            ".spec/workflows/w/journal.jsonl, line 4, 2026-01-01T00:00:09.000Z by ada: `approved` of version 1 is not \
             allowed: in Formalized, `approve_with_waiver` needs `fresh(waiver)`, which does not hold"
        )]
    );
    let fault = &document["data"]["journals"][0]["faults"][0];
    assert_eq!(fault["transition"], "approve_with_waiver");
    assert_eq!(fault["event"]["line"], 4);
    assert_eq!(
        document["data"]["journals"][0]["states"],
        serde_json::json!(["Formalized"]),
        "what was wrong has no effect"
    );
    // A journal in another workflow's folder is about the wrong workflow from its first line on.
    std::fs::rename(
        folder.path().join(".spec/workflows/w"),
        folder.path().join(".spec/workflows/other"),
    )
    .expect("renamed");
    let (code, document) = json(folder.path(), AUDIT, &["audit"]);
    assert_eq!((code, told(&document).len()), (1, 4));
    assert!(
        told(&document)[0]
            .1
            .contains("it is about `w`, and this is the journal of `other`")
    );
}

#[test]
fn a_damaged_journal_is_no_journal() {
    let folder = project();
    record(folder.path(), &until_accepted(), 0);
    let file = journal_file(folder.path(), "w");
    let text = std::fs::read_to_string(&file).expect("read");
    let lines: Vec<&str> = text.lines().collect();
    let changed = text.replace("\"warning\":2", "\"warning\":0");
    let shorter = format!("{}\n{}\n", lines[0], lines[2]);
    for (damaged, code, line) in [
        (changed, "TRIB-JOURNAL-HASH", "line 2: "),
        (shorter, "TRIB-JOURNAL-PARENT", "line 2: "),
        (text.replacen('{', "[", 1), "TRIB-JOURNAL-LINE", "line 1: "),
    ] {
        std::fs::write(&file, damaged).expect("written");
        for (schema, command) in [(AUDIT, "audit"), (LOG, "log")] {
            let (exit, document) = json(folder.path(), schema, &[command]);
            assert_eq!((exit, codes(&document)), (4, vec![code]));
            assert!(told(&document)[0].1.contains(line), "{document}");
        }
        let (_, document) = json(folder.path(), AUDIT, &["audit"]);
        assert_eq!(document["data"]["journals"][0]["sound"], false);
        assert_eq!(document["data"]["journals"][0]["events"], Json::Null);
    }
}

#[test]
fn a_torn_line_is_told_and_loses_nothing() {
    let folder = project();
    record(folder.path(), &until_accepted(), 0);
    let file = journal_file(folder.path(), "w");
    let mut bytes = std::fs::read(&file).expect("read");
    bytes.extend_from_slice(b"{\"format\":1,");
    std::fs::write(&file, &bytes).expect("written");
    let (code, document) = json(folder.path(), AUDIT, &["audit"]);
    assert_eq!(code, 0);
    let journal = &document["data"]["journals"][0];
    assert_eq!(journal["events"], 3);
    assert_eq!(journal["torn"], serde_json::json!({"line": 4, "bytes": 12}));
    let output = stdout(&run(folder.path(), &["log"]));
    assert!(output.ends_with(
        "line 4 is torn (12 bytes): its writer was killed, and it does not count; the next event sets it aside\n"
    ));
    assert_eq!(
        std::fs::read(&file).expect("read"),
        bytes,
        "reading changes nothing"
    );
}

#[test]
fn two_decisions_of_two_branches_are_a_conflict_until_one_is_made_that_knows_both() {
    let folder = project();
    record(folder.path(), &until_accepted(), 0);
    let file = journal_file(folder.path(), "w");
    let base = std::fs::read_to_string(&file).expect("read");
    record(
        folder.path(),
        &[approval(ApprovalForm::ApprovedWithProof)],
        10,
    );
    let ours = std::fs::read_to_string(&file).expect("read");
    std::fs::write(&file, &base).expect("written");
    record(folder.path(), &[rejection()], 11);
    let theirs = std::fs::read_to_string(&file).expect("read");
    let merged = format!("{ours}{}", theirs.strip_prefix(&base).expect("longer"));
    std::fs::write(&file, merged).expect("written");
    let (code, document) = json(folder.path(), AUDIT, &["audit"]);
    assert_eq!((code, codes(&document)), (9, vec!["TRIB-AUDIT-CONFLICT"]));
    let conflict = &document["data"]["journals"][0]["conflicts"][0];
    assert_eq!(
        (&conflict["first"]["event"], &conflict["second"]["event"]),
        (&Json::from("approved"), &Json::from("rejected"))
    );
    assert_eq!(document["data"]["journals"][0]["forked"], true);
    record(folder.path(), &[rejection()], 12);
    let (code, document) = json(folder.path(), AUDIT, &["audit"]);
    assert_eq!((code, codes(&document)), (0, vec![]));
    assert_eq!(document["data"]["journals"][0]["forked"], false);
}

#[test]
fn the_log_shows_every_event_oldest_first() {
    let folder = project();
    record(folder.path(), &until_accepted(), 0);
    record(folder.path(), &[rejection()], 9);
    let short = |text: &str| digest(text).to_string()[..8].to_owned();
    let (version, report, critique) = (short("v1"), short("report"), short("critique"));
    let expected = format!(
        "w  .spec/workflows/w/journal.jsonl\n\
         2026-01-01 00:00:00  v1 {version}  ada             proposed\n\
         2026-01-01 00:00:01  v1 {version}  ada             verified      0 blocking, 2 warnings, 0 open obligations; report {report}\n\
         2026-01-01 00:00:02  v1 {version}  critic (rules)  critiqued     accept; critique {critique} of report {report}\n\
         2026-01-01 00:00:09  v1 {version}  ada             rejected      no\\u{{1b}}[2J\n"
    );
    for arguments in [
        vec!["log"],
        vec!["log", "w"],
        vec!["log", ".spec/workflows/w/journal.jsonl"],
    ] {
        let output = run(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(stdout(&output), expected, "{arguments:?}");
    }
    let (code, document) = json(folder.path(), LOG, &["log", "w"]);
    assert_eq!(code, 0);
    let events = document["data"]["journals"][0]["events"]
        .as_array()
        .expect("a list");
    assert_eq!(events.len(), 4);
    assert_eq!(events[1]["parents"], serde_json::json!([events[0]["hash"]]));
    assert_eq!(events[2]["event"]["decision"], "accept");
    assert_eq!(events[3]["at"], "2026-01-01T00:00:09.000Z");
}

#[test]
fn what_verify_records_passes_the_audit() {
    let folder = project();
    let file = folder.path().join("w.yaml");
    std::fs::copy(root().join("formal/spec_impl.v2.yaml"), &file).expect("copied");
    let output = run(folder.path(), &["verify", "w.yaml", "--engine=explore"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let (code, document) = json(folder.path(), AUDIT, &["audit", "w.yaml"]);
    assert_eq!((code, codes(&document)), (0, vec![]));
    let journal = &document["data"]["journals"][0];
    assert_eq!(journal["workflow"], "spec_impl_v1");
    assert_eq!(
        (&journal["events"], &journal["version"]),
        (&Json::from(2), &Json::from(2))
    );
    let (_, document) = json(folder.path(), LOG, &["log", "w.yaml"]);
    let events = &document["data"]["journals"][0]["events"];
    assert_eq!(events[0]["event"]["event"], "proposed");
    assert_eq!(events[1]["event"]["event"], "verified");
    // A policy has no life.
    std::fs::copy(
        root().join("formal/policy.yaml"),
        folder.path().join("p.yaml"),
    )
    .expect("copied");
    assert_eq!(json(folder.path(), LOG, &["log", "p.yaml"]).0, 4);
}
