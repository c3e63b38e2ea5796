//! Whatever is changed on disk after an approval shuts the gate, with the right reason; what means nothing does not.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::{Value as Json, json};
use tribunal::gate::approval::Approval;
use tribunal::gate::event::{Event, Identity, Seat, What};
use tribunal::ir::Digest;
use tribunal::journal::{Durability, Journal};

use super::fixture::{FLOW, Fixture, person};

/// One thing done to the project.
type Deed = fn(&Fixture);
/// Its name, what is done, the exit code and the code of the reason.
type Row = (&'static str, Deed, i32, &'static str);

/// Approved with a waiver of the idle actor.
fn base() -> &'static Fixture {
    static BASE: OnceLock<Fixture> = OnceLock::new();
    BASE.get_or_init(|| {
        let project = Fixture::criticised(FLOW);
        let findings = project.stored().findings;
        let idle = findings.iter().find(|f| f.kind == "unused").expect("one");
        let (code, _) = project.json(&["waive", "w.yaml", &idle.id, "--reason", "for later"]);
        assert_eq!(code, 0);
        assert_eq!(project.approve().0, 0);
        assert_eq!(project.gate(), (0, "open".into()));
        project
    })
}

fn flow(f: &Fixture, from: &str, to: &str) {
    f.edit(&f.path("w.yaml"), from, to);
}

fn kept(f: &Fixture, name: &str, from: &str, to: &str) {
    f.edit(&f.kept(name), from, to);
}

/// Sets one value of a JSON file of the record.
fn set(f: &Fixture, name: &str, pointer: &str, value: Json) {
    let path = f.kept(name);
    let mut document: Json = serde_json::from_str(&f.read(&path)).expect("JSON");
    let place = document.pointer_mut(pointer);
    let place = place.unwrap_or_else(|| panic!("{name} has no {pointer}"));
    assert_ne!(*place, value, "{name} {pointer}");
    *place = value;
    std::fs::write(path, serde_json::to_string_pretty(&document).expect("text")).expect("written");
}

fn remove(path: PathBuf) {
    std::fs::remove_file(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

fn put(path: PathBuf, text: &str) {
    std::fs::write(path, text).expect("written");
}

fn approval(f: &Fixture) -> Approval {
    serde_json::from_str(&f.read(&f.kept("approval.json"))).expect("an approval")
}

/// An approval that fits together, with an event of its own in the journal: what somebody who can write all files can do.
fn forge(f: &Fixture, change: impl Fn(&mut Approval)) {
    let mut forged = approval(f);
    change(&mut forged);
    forged.shown = forged.what.digest();
    forged.form = forged.what.form();
    put(f.kept("approval.json"), &forged.text().expect("text"));
    f.happens(
        forged.by.clone(),
        What::Approved {
            form: forged.form,
            report: forged.what.report,
            critique: forged.what.critique,
            policy: forged.what.policy,
            approval: forged.digest(),
        },
    );
}

fn journal_path(f: &Fixture) -> PathBuf {
    f.path(".spec/workflows/w/journal.jsonl")
}

fn lines(f: &Fixture) -> Vec<String> {
    let text = f.read(&journal_path(f));
    text.lines().map(|l| format!("{l}\n")).collect()
}

/// The same journal as if another branch had added an event before the approval.
fn merge_branch(f: &Fixture, what: What) {
    let all = lines(f);
    let (last, before) = all.split_last().expect("the approval");
    let folder = tempfile::tempdir().expect("a folder");
    let branch = folder.path().join("journal.jsonl");
    std::fs::write(&branch, before.concat()).expect("written");
    let event = Event {
        by: person("carol"),
        what,
        ..f.events().entries[0].body.clone()
    };
    Journal::at(&branch)
        .append(
            &event,
            tribunal::host::clock::Timestamp::now(),
            Durability::Decision,
        )
        .expect("appended");
    let merged = std::fs::read_to_string(&branch).expect("read") + last;
    put(journal_path(f), &merged);
}

fn happens(f: &Fixture, what: What) {
    f.happens(person("carol"), what);
}

const ROWS: &[Row] = &[
    // -- the user's file ---------------------------------------------------------------------------------------------
    (
        "a guard is changed",
        |f| flow(f, "rounds < 2", "rounds < 1"),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "a guard is removed",
        |f| flow(f, ", when: \"fresh(review)\"", ""),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "the goal is changed",
        |f| flow(f, "goal: Merge", "goal: Ship"),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "an actor is added",
        |f| flow(f, "Idle]", "Idle, Other]"),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "an actor becomes a person",
        |f| flow(f, "Idle]", "{id: Idle, kind: human}]"),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "a state is added",
        |f| flow(f, "[Draft, Reviewed,", "[Draft, Extra, Reviewed,"),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "an end is another",
        |f| flow(f, "failure: [Dropped]", "failure: []"),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "a range is wider",
        |f| flow(f, "range: [0, 2]", "range: [0, 3]"),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "an initial value is another",
        |f| flow(f, "init: 0", "init: 1"),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "an effect is another",
        |f| flow(f, "rounds + 1", "rounds + 2"),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "a bump is removed",
        |f| flow(f, ", bump: [branch]", ""),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "a transition becomes fair",
        |f| flow(f, "to: Dropped}", "to: Dropped, fair: weak}"),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "a transition is removed",
        |f| {
            flow(
                f,
                "  - {id: drop, actor: Reviewer, from: [Draft, Reviewed], to: Dropped}\n",
                "",
            )
        },
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "a property is weaker",
        |f| flow(f, "require: \"fresh(review)\"", "require: \"has(review)\""),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "a property becomes a control",
        |f| flow(f, "{id: reviewed,", "{id: reviewed, expect: violated,"),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "a constraint is added",
        |f| flow(f, "goal:", "constraints: [\"c\"]\ngoal:"),
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "an own policy is added",
        |f| {
            flow(
                f,
                "properties:",
                "policy:\n  rules:\n    - {id: r, action: approve, effect: permit, when: \"true\"}\nproperties:",
            )
        },
        3,
        "TRIB-GATE-CHANGED",
    ),
    (
        "the version is raised",
        |f| flow(f, "version: 1", "version: 2"),
        3,
        "TRIB-GATE-VERSION",
    ),
    (
        "the workflow is called otherwise",
        |f| flow(f, "workflow_id: w", "workflow_id: x"),
        1,
        "TRIB-GATE-NOT-VERIFIED",
    ),
    (
        "the file is gone",
        |f| remove(f.path("w.yaml")),
        4,
        "TRIB-FILE-READ",
    ),
    (
        "the file is no YAML",
        |f| put(f.path("w.yaml"), "a: [b"),
        4,
        "TRIB-YAML",
    ),
    (
        "the file has an error",
        |f| flow(f, "actor: Coder, from: Draft", "actor: Nobody, from: Draft"),
        4,
        "TRIB-UNKNOWN-NAME",
    ),
    (
        "the file is a policy",
        |f| {
            put(
                f.path("w.yaml"),
                "rules:\n  - {id: r, action: approve, effect: permit, when: \"true\"}\n",
            )
        },
        4,
        "TRIB-NO-WORKFLOW",
    ),
    // -- the frozen file ---------------------------------------------------------------------------------------------
    (
        "the frozen file is changed",
        |f| kept(f, "workflow.yaml", "rounds < 2", "rounds < 1"),
        3,
        "TRIB-GATE-FROZEN",
    ),
    (
        "the frozen file is no workflow",
        |f| put(f.kept("workflow.yaml"), "x"),
        3,
        "TRIB-GATE-FROZEN",
    ),
    (
        "the frozen file is gone",
        |f| remove(f.kept("workflow.yaml")),
        4,
        "TRIB-GATE-RECORD",
    ),
    (
        "the frozen file is not UTF-8",
        |f| std::fs::write(f.kept("workflow.yaml"), b"\xff").expect("written"),
        4,
        "TRIB-GATE-RECORD",
    ),
    (
        "the digest is another",
        |f| put(f.kept("digest"), &Digest::of(b"x").to_string()),
        3,
        "TRIB-GATE-FROZEN",
    ),
    (
        "the digest is none",
        |f| put(f.kept("digest"), "x"),
        4,
        "TRIB-GATE-RECORD",
    ),
    (
        "the digest is gone",
        |f| remove(f.kept("digest")),
        4,
        "TRIB-GATE-RECORD",
    ),
    (
        "file, frozen file and digest are changed alike",
        |f| {
            flow(f, "rounds < 2", "rounds < 1");
            let text = f.read(&f.path("w.yaml"));
            put(f.kept("workflow.yaml"), &text);
            let checked = tribunal::check::load_str(&text).expect("a workflow");
            put(
                f.kept("digest"),
                &tribunal::gate::case::digest_of(&checked).to_string(),
            );
        },
        3,
        "TRIB-GATE-APPROVAL",
    ),
    (
        "the folder is gone",
        |f| std::fs::remove_dir_all(f.kept("")).expect("removed"),
        1,
        "TRIB-GATE-NOT-VERIFIED",
    ),
    // -- the report --------------------------------------------------------------------------------------------------
    (
        "a title is edited",
        |f| set(f, "report.json", "/findings/0/title", json!("harmless")),
        3,
        "TRIB-GATE-REPORT",
    ),
    (
        "a severity is edited",
        |f| set(f, "report.json", "/findings/0/severity", json!("blocking")),
        3,
        "TRIB-GATE-REPORT",
    ),
    (
        "the findings are removed",
        |f| set(f, "report.json", "/findings", json!([])),
        3,
        "TRIB-GATE-REPORT",
    ),
    (
        "the verdict is edited",
        |f| set(f, "report.json", "/data/verdict", json!("clean")),
        3,
        "TRIB-GATE-REPORT",
    ),
    (
        "a property's verdict is edited",
        |f| {
            set(
                f,
                "report.json",
                "/data/properties/0/verdict",
                json!("vacuous"),
            )
        },
        3,
        "TRIB-GATE-REPORT",
    ),
    (
        "an assurance is edited",
        |f| {
            set(
                f,
                "report.json",
                "/data/properties/0/assurance",
                json!("proved"),
            )
        },
        3,
        "TRIB-GATE-REPORT",
    ),
    (
        "an answer is edited",
        |f| {
            set(
                f,
                "report.json",
                "/data/properties/0/engines/0/answer",
                json!("unknown"),
            )
        },
        3,
        "TRIB-GATE-REPORT",
    ),
    (
        "an engine's version is edited",
        |f| set(f, "report.json", "/data/engines/0/version", json!("9.9.9")),
        3,
        "TRIB-GATE-REPORT",
    ),
    (
        "the number of states is edited",
        |f| set(f, "report.json", "/data/states/distinct", json!(1)),
        3,
        "TRIB-GATE-REPORT",
    ),
    (
        "the report is of another version",
        |f| set(f, "report.json", "/data/version", json!(2)),
        3,
        "TRIB-GATE-REPORT",
    ),
    (
        "the report is of another content",
        |f| set(f, "report.json", "/data/digest", json!(Digest::of(b"x"))),
        3,
        "TRIB-GATE-REPORT",
    ),
    (
        "the report is gone",
        |f| remove(f.kept("report.json")),
        3,
        "TRIB-GATE-NO-REPORT",
    ),
    (
        "the report is no JSON",
        |f| put(f.kept("report.json"), "{"),
        4,
        "TRIB-GATE-RECORD",
    ),
    (
        "the report has another key",
        |f| kept(f, "report.json", "{", "{\"colour\": 1,"),
        4,
        "TRIB-GATE-RECORD",
    ),
    (
        "it is verified again by fewer engines",
        |f| {
            f.run(&["verify", "w.yaml", "--engine", "explore"]);
        },
        3,
        "TRIB-GATE-REPORT-NEW",
    ),
    (
        "a new report is in the journal only",
        |f| {
            happens(
                f,
                What::Verified {
                    report: Digest::of(b"x"),
                    blocking: 0,
                    warning: 0,
                    open_obligations: 0,
                    complete: true,
                },
            )
        },
        3,
        "TRIB-GATE-REPORT-NEW",
    ),
    // -- the critique ------------------------------------------------------------------------------------------------
    (
        "the critic's decision is edited",
        |f| set(f, "critique.json", "/decision", json!("revise")),
        3,
        "TRIB-GATE-CRITIQUE",
    ),
    (
        "the critique is of another version",
        |f| set(f, "critique.json", "/targetVersion", json!(2)),
        3,
        "TRIB-GATE-CRITIQUE",
    ),
    (
        "the critique is of another report",
        |f| set(f, "critique.json", "/report", json!(Digest::of(b"x"))),
        3,
        "TRIB-GATE-CRITIQUE",
    ),
    (
        "the critic is another",
        |f| set(f, "critique.json", "/critic", json!("somebody")),
        3,
        "TRIB-GATE-CRITIQUE",
    ),
    (
        "the critique is gone",
        |f| remove(f.kept("critique.json")),
        3,
        "TRIB-GATE-NO-CRITIQUE",
    ),
    (
        "the critique is no JSON",
        |f| put(f.kept("critique.json"), "[]"),
        4,
        "TRIB-GATE-RECORD",
    ),
    (
        "a new critique is in the journal only",
        |f| {
            happens(
                f,
                What::Critiqued {
                    report: f.stored().digest(),
                    critique: Digest::of(b"x"),
                    decision: tribunal::finding::critique::CriticDecision::Revise,
                },
            )
        },
        3,
        "TRIB-GATE-CRITIQUE-NEW",
    ),
    // -- the approval ------------------------------------------------------------------------------------------------
    (
        "the approval is gone",
        |f| remove(f.kept("approval.json")),
        1,
        "TRIB-GATE-NOT-APPROVED",
    ),
    (
        "the approval is no JSON",
        |f| put(f.kept("approval.json"), "yes"),
        4,
        "TRIB-GATE-RECORD",
    ),
    (
        "the approval has another key",
        |f| kept(f, "approval.json", "{", "{\"colour\": 1,"),
        4,
        "TRIB-GATE-RECORD",
    ),
    (
        "the approval is by somebody else",
        |f| set(f, "approval.json", "/by/user", json!("bob")),
        3,
        "TRIB-GATE-NOT-IN-JOURNAL",
    ),
    (
        "the approval was at another time",
        |f| set(f, "approval.json", "/at", json!("2020-01-01T00:00:00.000Z")),
        3,
        "TRIB-GATE-NOT-IN-JOURNAL",
    ),
    (
        "the approval was given otherwise",
        |f| set(f, "approval.json", "/how", json!("terminal")),
        3,
        "TRIB-GATE-NOT-IN-JOURNAL",
    ),
    (
        "the approval is from another account",
        |f| set(f, "approval.json", "/account", json!("bob")),
        3,
        "TRIB-GATE-NOT-IN-JOURNAL",
    ),
    (
        "the form is another",
        |f| set(f, "approval.json", "/form", json!("approved_with_proof")),
        3,
        "TRIB-GATE-APPROVAL",
    ),
    (
        "the waivers are left out",
        |f| set(f, "approval.json", "/waivers", json!([])),
        3,
        "TRIB-GATE-APPROVAL",
    ),
    (
        "the waiver's reason is another",
        |f| set(f, "approval.json", "/waivers/0/reason", json!("none")),
        3,
        "TRIB-GATE-APPROVAL",
    ),
    (
        "it approves another content",
        |f| set(f, "approval.json", "/digest", json!(Digest::of(b"x"))),
        3,
        "TRIB-GATE-APPROVAL",
    ),
    (
        "it approves another version",
        |f| set(f, "approval.json", "/version", json!(2)),
        3,
        "TRIB-GATE-APPROVAL",
    ),
    (
        "it approves another workflow",
        |f| set(f, "approval.json", "/workflow", json!("x")),
        3,
        "TRIB-GATE-APPROVAL",
    ),
    (
        "it approves another report",
        |f| set(f, "approval.json", "/report", json!(Digest::of(b"x"))),
        3,
        "TRIB-GATE-APPROVAL",
    ),
    (
        "it was shown something else",
        |f| set(f, "approval.json", "/shown", json!(Digest::of(b"x"))),
        3,
        "TRIB-GATE-APPROVAL",
    ),
    (
        "its format is another",
        |f| set(f, "approval.json", "/format", json!(2)),
        3,
        "TRIB-GATE-APPROVAL",
    ),
    (
        "a second approval is of something else",
        |f| {
            let mut other = approval(f);
            other.what.waivers.clear();
            other.shown = other.what.digest();
            other.form = other.what.form();
            put(f.kept("approval-2.json"), &other.text().expect("text"));
        },
        3,
        "TRIB-GATE-APPROVAL",
    ),
    (
        "a second approval is by nobody the journal knows",
        |f| {
            let mut other = approval(f);
            other.by = person("bob");
            put(f.kept("approval-2.json"), &other.text().expect("text"));
        },
        3,
        "TRIB-GATE-NOT-IN-JOURNAL",
    ),
    // -- approvals that fit together and are in the journal ------------------------------------------------------------
    (
        "the author approves",
        |f| {
            forge(f, |a| {
                a.by = person("alice");
                a.account = "alice".into();
            })
        },
        8,
        "TRIB-GATE-AUTHOR",
    ),
    (
        "somebody approves from the author's account",
        |f| {
            forge(f, |a| {
                a.by = person("bob");
                a.account = "alice".into();
            })
        },
        8,
        "TRIB-GATE-AUTHOR",
    ),
    (
        "a seat approves",
        |f| {
            forge(f, |a| {
                a.by = Identity::Seat {
                    seat: Seat::Critic,
                    by: "rules".into(),
                }
            })
        },
        8,
        "TRIB-GATE-NO-PERSON",
    ),
    (
        "a key approves without a signature",
        |f| {
            forge(f, |a| {
                a.by = Identity::Key {
                    principal: "bob@x".into(),
                    fingerprint: "SHA256:x".into(),
                }
            })
        },
        8,
        "TRIB-GATE-SIGNATURE",
    ),
    (
        "it says that it is signed, and is not",
        |f| forge(f, |a| a.how = tribunal::gate::How::Signed),
        8,
        "TRIB-GATE-SIGNATURE",
    ),
    (
        "it is dated in the future",
        |f| forge(f, |a| a.at = "2999-01-01T00:00:00.000Z".into()),
        3,
        "TRIB-GATE-CLOCK",
    ),
    (
        "its date is none",
        |f| forge(f, |a| a.at = "soon".into()),
        3,
        "TRIB-GATE-APPROVAL",
    ),
    (
        "it is of another report",
        |f| forge(f, |a| a.what.report = Digest::of(b"x")),
        3,
        "TRIB-GATE-REPORT-NEW",
    ),
    (
        "it is of another critique",
        |f| forge(f, |a| a.what.critique = Digest::of(b"x")),
        3,
        "TRIB-GATE-CRITIQUE",
    ),
    (
        "it is under another policy",
        |f| forge(f, |a| a.what.policy = Digest::of(b"x")),
        3,
        "TRIB-GATE-POLICY",
    ),
    (
        "it lists an obligation that is not open",
        |f| forge(f, |a| a.what.open_obligations.push("F-1".into())),
        3,
        "TRIB-GATE-APPROVAL",
    ),
    (
        "it waives what is not in the report",
        |f| forge(f, |a| a.what.waivers[0].finding = "F-0".into()),
        3,
        "TRIB-GATE-WAIVER",
    ),
    (
        "it waives what is more severe than it says",
        |f| {
            forge(f, |a| {
                a.what.waivers[0].severity = tribunal::finding::Severity::Info
            })
        },
        3,
        "TRIB-GATE-WAIVER",
    ),
    (
        "its waiver ended with another version",
        |f| forge(f, |a| a.what.waivers[0].ends_with = 2),
        3,
        "TRIB-GATE-WAIVER",
    ),
    (
        "its waiver is by somebody else",
        |f| forge(f, |a| a.what.waivers[0].by = person("bob")),
        3,
        "TRIB-GATE-WAIVER",
    ),
    (
        "its waiver has another reason",
        |f| forge(f, |a| a.what.waivers[0].reason = "x".into()),
        3,
        "TRIB-GATE-WAIVER",
    ),
    (
        "it lists a waiver twice",
        |f| {
            forge(f, |a| {
                let w = a.what.waivers[0].clone();
                a.what.waivers.push(w);
            })
        },
        3,
        "TRIB-GATE-APPROVAL",
    ),
    // -- the policy and the settings -----------------------------------------------------------------------------------
    (
        "the policy is stricter",
        |f| {
            put(
                f.path(".spec/policy.yaml"),
                &policy().replace("warning > 3", "warning > 2"),
            )
        },
        3,
        "TRIB-GATE-POLICY",
    ),
    (
        "the policy is laxer",
        |f| {
            put(
                f.path(".spec/policy.yaml"),
                &policy().replace("warning > 3", "warning > 9"),
            )
        },
        3,
        "TRIB-GATE-POLICY",
    ),
    (
        "a rule's reason is another",
        |f| {
            put(
                f.path(".spec/policy.yaml"),
                &policy().replace("only a person approves", "anybody approves"),
            )
        },
        3,
        "TRIB-GATE-POLICY",
    ),
    (
        "the policy has an error",
        |f| {
            put(
                f.path(".spec/policy.yaml"),
                &policy().replace("warning > 3", "warnings > 3"),
            )
        },
        4,
        "TRIB-UNKNOWN-NAME",
    ),
    (
        "the policy is none",
        |f| put(f.path(".spec/policy.yaml"), FLOW),
        4,
        "TRIB-NO-POLICY",
    ),
    (
        "the project needs another engine",
        |f| {
            put(
                f.path(".spec/config.json"),
                r#"{"engines": ["explore", "z3", "lean"]}"#,
            )
        },
        1,
        "TRIB-GATE-REFUSED",
    ),
    (
        "the settings are none",
        |f| put(f.path(".spec/config.json"), "{"),
        4,
        "TRIB-CONFIG",
    ),
    // -- the journal ---------------------------------------------------------------------------------------------------
    (
        "the journal is gone",
        |f| remove(journal_path(f)),
        3,
        "TRIB-GATE-NOT-IN-JOURNAL",
    ),
    (
        "its end is cut off",
        |f| {
            let all = lines(f);
            put(journal_path(f), &all[..all.len() - 1].concat());
        },
        3,
        "TRIB-GATE-NOT-IN-JOURNAL",
    ),
    (
        "a line is missing",
        |f| {
            let mut all = lines(f);
            all.remove(1);
            put(journal_path(f), &all.concat());
        },
        4,
        "TRIB-GATE-JOURNAL",
    ),
    (
        "a line is edited",
        |f| f.edit(&journal_path(f), "alice", "carol"),
        4,
        "TRIB-GATE-JOURNAL",
    ),
    (
        "a line is no JSON",
        |f| {
            let mut all = lines(f);
            all.insert(0, "x\n".into());
            put(journal_path(f), &all.concat());
        },
        4,
        "TRIB-GATE-JOURNAL",
    ),
    (
        "the approval is revoked",
        |f| happens(f, What::Revoked { reason: "r".into() }),
        1,
        "TRIB-GATE-REVOKED",
    ),
    (
        "the version is rejected",
        |f| happens(f, What::Rejected { reason: "r".into() }),
        1,
        "TRIB-GATE-REJECTED",
    ),
    (
        "a newer version is proposed",
        |f| {
            let event = Event {
                version: 2,
                what: What::Proposed {
                    from: Some(1),
                    critique: None,
                },
                ..f.events().entries[0].body.clone()
            };
            f.event(event);
        },
        3,
        "TRIB-GATE-SUPERSEDED",
    ),
    (
        "another content of the version is proposed",
        |f| {
            let event = Event {
                digest: Digest::of(b"x"),
                what: What::Proposed {
                    from: None,
                    critique: None,
                },
                ..f.events().entries[0].body.clone()
            };
            f.event(event);
        },
        3,
        "TRIB-GATE-SUPERSEDED",
    ),
    (
        "whoever approved turns out to be an author",
        |f| {
            f.happens(
                person(&crate::cli::user()),
                What::Proposed {
                    from: None,
                    critique: None,
                },
            )
        },
        8,
        "TRIB-GATE-AUTHOR",
    ),
    (
        "it was revoked on another branch",
        |f| merge_branch(f, What::Revoked { reason: "r".into() }),
        9,
        "TRIB-GATE-CONFLICT",
    ),
    (
        "it was rejected on another branch",
        |f| merge_branch(f, What::Rejected { reason: "r".into() }),
        9,
        "TRIB-GATE-CONFLICT",
    ),
];

fn policy() -> String {
    let path = crate::cli::root().join("formal/policy.yaml");
    std::fs::read_to_string(path).expect("the built-in policy")
}

#[test]
fn whatever_is_changed_shuts_the_gate_with_its_reason() {
    assert!(ROWS.len() >= 60, "{}", ROWS.len());
    let mut wrong = Vec::new();
    for (name, deed, code, reason) in ROWS {
        let project = base().copy();
        deed(&project);
        let said = project.gate();
        if said != (*code, (*reason).to_owned()) {
            wrong.push(format!(
                "{name}: expected {code} {reason}, found {} {}",
                said.0, said.1
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_means_nothing_keeps_the_gate_open() {
    let rows: &[(&str, Deed)] = &[
        ("a comment", |f| flow(f, "goal:", "# why\ngoal:")),
        ("a comment at a line's end", |f| {
            flow(f, "version: 1", "version: 1 # the first")
        }),
        ("blank lines", |f| flow(f, "states:", "\n\nstates:")),
        ("quotes", |f| {
            flow(
                f,
                "goal: Merge what was reviewed",
                "goal: \"Merge what was reviewed\"",
            )
        }),
        ("spaces in an expression", |f| {
            flow(f, "rounds < 2", "rounds   <  2")
        }),
        ("parentheses in an expression", |f| {
            flow(f, "rounds < 2", "(rounds < 2)")
        }),
        ("a default written out", |f| {
            flow(f, "workflow_id:", "ir: 1\nworkflow_id:")
        }),
        ("the order of keys", |f| {
            flow(
                f,
                "workflow_id: w\nversion: 1\n",
                "version: 1\nworkflow_id: w\n",
            )
        }),
        ("a time in the report", |f| {
            set(
                f,
                "report.json",
                "/data/properties/0/engines/0/seconds",
                json!(99.5),
            )
        }),
        ("a place in the report", |f| {
            set(f, "report.json", "/findings/0/spans", json!([]))
        }),
        ("the layout of the approval", |f| {
            kept(f, "approval.json", "{", "{ ")
        }),
        ("the built-in policy written out, with comments", |f| {
            put(
                f.path(".spec/policy.yaml"),
                &format!("# ours\n{}", policy()),
            );
        }),
        ("a waiver given later by somebody else", |f| {
            let other = f.stored().findings[0].id.clone();
            happens(
                f,
                What::Waived {
                    finding: other,
                    report: f.stored().digest(),
                    reason: "r".into(),
                },
            );
        }),
        ("verified again, the same", |f| f.verify()),
        ("an executor begins", |f| {
            happens(
                f,
                What::Begun {
                    approval: approval(f).digest(),
                },
            )
        }),
        ("the same approval twice counts once", |f| {
            let text = f.read(&f.kept("approval.json"));
            put(f.kept("approval-2.json"), &text);
        }),
    ];
    for (name, deed) in rows {
        let project = base().copy();
        deed(&project);
        assert_eq!(project.gate(), (0, "open".to_owned()), "{name}");
    }
}
