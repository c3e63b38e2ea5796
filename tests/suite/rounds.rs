//! Three revisions, and a person has a word: by hand as in the loop.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const TEXT: &str = "workflow_id: w\ngoal: Test\nactors: [A]\nstates: [S, T]\nterminal: {success: [T], failure: []}\n\
                    transitions:\n  - {id: t, from: S, to: T, actor: A}\n";

fn tribunal(directory: &Path, role: Option<&str>, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tribunal"));
    command
        .args(arguments)
        .current_dir(directory)
        .env_remove("SPEC_ROLE")
        .env_remove("SPEC_AGENT_ID")
        .stdin(Stdio::null());
    if let Some(role) = role {
        command.env("SPEC_ROLE", role);
    }
    command.output().expect("it starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Verifies, writes a critique that asks for one more property, revises.
fn revision(directory: &Path, round: u32, role: Option<&str>) -> Output {
    let verified = tribunal(
        directory,
        None,
        &["verify", "w.yaml", "--engine", "explore,z3"],
    );
    assert_eq!(verified.status.code(), Some(0), "{}", said(&verified));
    let journal =
        fs::read_to_string(directory.join(".spec/workflows/w/journal.jsonl")).expect("a journal");
    let last: Value = serde_json::from_str(journal.lines().last().expect("a line")).expect("JSON");
    let event = &last["body"];
    let property = json!({"id": format!("p{round}"), "always": "state in [S, T]"});
    let critique = json!({
        "format": 1, "workflow": "w", "targetVersion": round, "digest": event["digest"],
        "report": event["report"], "critic": "somebody", "decision": "revise", "waiverProposals": [],
        "issues": [{"id": "I", "severity": "info", "type": "abstraction_debt", "message": "say more", "findings": []}],
        "recommendedChanges": [{"action": "add_invariant", "property": property, "reason": "more", "answers": ["I"]}],
    });
    fs::write(directory.join("critique.json"), critique.to_string()).expect("written");
    tribunal(
        directory,
        role,
        &["revise", "w.yaml", "--with", "critique.json"],
    )
}

#[test]
fn a_person_goes_on_after_three_revisions_and_an_agent_does_not() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path();
    tribunal(path, None, &["init"]);
    fs::write(path.join("w.yaml"), TEXT).expect("written");
    for round in 1..=3 {
        let output = revision(path, round, Some("planner"));
        assert_eq!(output.status.code(), Some(0), "{round}: {}", said(&output));
    }
    let before = fs::read_to_string(path.join("w.yaml")).expect("the file");
    let refused = revision(path, 4, Some("planner"));
    assert_eq!(refused.status.code(), Some(10), "{}", said(&refused));
    assert!(
        said(&refused).contains("TRIB-REVISE-ROUNDS"),
        "{}",
        said(&refused)
    );
    assert_eq!(
        fs::read_to_string(path.join("w.yaml")).expect("the file"),
        before
    );
    for round in 4..=8 {
        let output = revision(path, round, None);
        assert_eq!(output.status.code(), Some(0), "{round}: {}", said(&output));
    }
    let audit = tribunal(path, None, &["audit"]);
    assert_eq!(audit.status.code(), Some(0), "{}", said(&audit));
}
