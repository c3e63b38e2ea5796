//! `tribunal critique` as a user meets it: what it prints, where it keeps it, how it ends.

use std::path::Path;

use serde_json::Value as Json;
use tribunal::finding::critique::{CriticDecision, Critique};
use tribunal::gate::StoredReport;
use tribunal::gate::event::{Event, Identity, Seat, What};
use tribunal::journal::Journal;

use super::cli::{json, root, run, stdout, tribunal};

const BOTH: &str = "--engine=explore,z3";
const FLOW: &str = "workflow_id: w\ngoal: Test\nactors: [A]\nstates: [S, T, U]\nterminal: {success: [U], failure: []}\n\
                    transitions:\n  - {id: t, from: S, to: T, actor: A}\n";

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join(".spec");
    std::fs::create_dir(&spec).expect("made");
    std::fs::write(
        spec.join("config.json"),
        r#"{"engines": ["explore", "z3"]}"#,
    )
    .expect("written");
    std::fs::write(folder.path().join("w.yaml"), FLOW).expect("written");
    folder
}

fn critiques(root: &Path) -> Vec<Event> {
    let path = root.join(".spec/workflows/w/journal.jsonl");
    let stream = Journal::at(path).read::<Event>().expect("a sound journal");
    let all = stream.entries.into_iter().map(|e| e.body);
    all.filter(|e| matches!(e.what, What::Critiqued { .. }))
        .collect()
}

fn kept(folder: &Path) -> Critique {
    let text = std::fs::read_to_string(folder.join("critique.json")).expect("kept");
    serde_json::from_str(&text).expect("a critique")
}

#[test]
fn in_a_project_it_is_kept_beside_its_report_and_told_to_the_journal_once() {
    let root = project();
    let output = run(root.path(), &["critique", "w.yaml"]);
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output);
    let place = ".spec/workflows/w/v1/critique.json";
    let next = format!("`tribunal revise w.yaml --with {place}`");
    assert!(text.contains(&next), "{text}");
    let folder = root.path().join(".spec/workflows/w/v1");
    let critique = kept(&folder);
    let stored: StoredReport = serde_json::from_str(
        &std::fs::read_to_string(folder.join("report.json")).expect("a report"),
    )
    .expect("of the usual shape");
    assert_eq!(critique.report, stored.digest());
    assert_eq!(critique.digest.to_string(), stored.data.digest);
    assert_eq!(critique.critic, "rules");

    let told = critiques(root.path());
    let [event] = &told[..] else {
        panic!("{told:?}")
    };
    let seat = Identity::Seat {
        seat: Seat::Critic,
        by: "rules".to_owned(),
    };
    assert_eq!(event.by, seat);
    let what = What::Critiqued {
        report: stored.digest(),
        critique: critique.own_digest().expect("JSON"),
        decision: CriticDecision::Revise,
    };
    assert_eq!(event.what, what);

    // The same again says the same, and adds nothing.
    assert_eq!(
        run(root.path(), &["critique", "w.yaml"]).status.code(),
        Some(0)
    );
    assert_eq!(kept(&folder), critique);
    assert_eq!(critiques(root.path()), told);
}

/// What is kept of exactly this version is what is criticised, not a new run: a report whose findings are another's is taken
/// as it stands.
#[test]
fn the_report_that_is_kept_is_the_one_that_is_criticised() {
    let root = project();
    assert_eq!(
        run(root.path(), &["verify", "w.yaml"]).status.code(),
        Some(1)
    );
    let report = root.path().join(".spec/workflows/w/v1/report.json");
    let text = std::fs::read_to_string(&report).expect("kept");
    let mut document: Json = serde_json::from_str(&text).expect("JSON");
    document["findings"][0]["title"] = "told otherwise".into();
    std::fs::write(&report, document.to_string()).expect("written");
    let output = run(root.path(), &["critique", "w.yaml"]);
    assert!(stdout(&output).contains("told otherwise"));
    // Other engines are another report.
    let output = run(root.path(), &["critique", "w.yaml", "--engine=explore"]);
    assert!(!stdout(&output).contains("told otherwise"));
}

#[test]
fn outside_a_project_it_goes_where_it_is_told_and_nothing_else_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    std::fs::write(here.join("w.yaml"), FLOW).expect("written");
    let output = run(here, &["critique", "w.yaml", BOTH, "--out", "said.json"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("`tribunal revise w.yaml --with said.json`"));
    let written = std::fs::read_to_string(here.join("said.json")).expect("written");
    let written: Json = serde_json::from_str(&written).expect("JSON");
    let schema = root().join("formal/schema/critique.schema.json");
    let schema: Json =
        serde_json::from_str(&std::fs::read_to_string(schema).expect("there")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(validator.is_valid(&written), "{written:#}");
    let (code, document) = json(here, "critiqued.schema.json", &["critique", "w.yaml", BOTH]);
    assert_eq!(code, 0);
    assert_eq!(document["data"], written);
    let mut left: Vec<String> = std::fs::read_dir(here)
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().display().to_string())
        .collect();
    left.sort();
    assert_eq!(left, ["said.json", "w.yaml"]);
}

fn ends(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let all = [&["critique"], arguments].concat();
    let (code, document) = json(folder, "critiqued.schema.json", &all);
    let error = document["errors"][0]["code"].as_str().unwrap_or_default();
    (code, error.to_owned())
}

#[test]
fn every_way_to_end_has_its_exit_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    let root = root();
    let clean = "formal/spec_impl.v2.yaml";
    assert_eq!(
        ends(&root, &[clean, "--engine=explore"]),
        (0, String::new())
    );
    // An engine that is needed and not there decides nothing, so nothing is recommended.
    let inconclusive = "TRIB-CRITIQUE-INCONCLUSIVE".to_owned();
    assert_eq!(ends(&root, &[clean, "--engine=lean"]), (5, inconclusive));
    let policy = "TRIB-CRITIQUE-POLICY".to_owned();
    assert_eq!(ends(&root, &["formal/policy.yaml"]), (4, policy));
    std::fs::write(here.join("bad.yaml"), "states: 3\n").expect("written");
    assert_eq!(ends(here, &["bad.yaml"]).0, 4);
    assert_eq!(ends(here, &["missing.yaml"]).0, 4);
    let usage = tribunal(here)
        .args(["critique"])
        .output()
        .expect("it starts");
    assert_eq!(usage.status.code(), Some(2));
}

/// A person sees lines of the file, the changes in their order with the reason, and what to run next.
#[test]
fn what_a_person_reads() {
    let output = run(&root(), &["critique", "formal/spec_impl.v1.yaml", BOTH]);
    let text = stdout(&output);
    let parts = [
        "formal/spec_impl.v1.yaml · spec_impl_v1 version 1 · critique by rules",
        "× `NeedsRevision` is a dead end",
        "at      formal/spec_impl.v1.yaml:14:5 deadlock F-",
        "as      correctness risk ISSUE-1",
        "changes, in this order",
        "1.      add transition return_to_proposed_workflow: NeedsRevision → ProposedWorkflow by",
        "`NeedsRevision` is a dead end; `PlannerLLM` tries again (ISSUE-1)",
        "2.      add terminal success Verified",
        "revise: 7 issues, 7 changes, 0 questions",
        "next    `tribunal revise formal/spec_impl.v1.yaml --with CRITIQUE`",
    ];
    let mut rest = text.as_str();
    for part in parts {
        let at = rest.find(part);
        assert!(at.is_some(), "{part:?} is missing or out of order:\n{text}");
        rest = &rest[at.expect("found") + part.len()..];
    }
    let output = run(
        &root(),
        &["critique", "tests/critique/several_ends.yaml", BOTH],
    );
    let text = stdout(&output);
    for part in [
        "? Runs stop in several states. Which of them is the good end?",
        "option  Good: `Good` is the good end, `Bad` are failures",
        "add terminal success Good failure Bad",
        "`tribunal answer deadlock_good OPTION tests/critique/several_ends.yaml`",
    ] {
        assert!(text.contains(part), "{part:?}:\n{text}");
    }
}
