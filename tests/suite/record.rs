//! What `verify` leaves in a project: the report in the version's folder, and two events in the workflow's journal.

use std::path::Path;

use serde_json::Value as Json;
use tribunal::gate::StoredReport;
use tribunal::gate::event::{Event, Identity, What};
use tribunal::journal::{Journal, Stream};

use super::cli::{run, tribunal};

const FLOW: &str = "workflow_id: w\ngoal: Test\nactors: [A]\nstates: [S, T]\nterminal: {success: [T], failure: []}\n\
                    transitions:\n  - {id: t, from: S, to: T, actor: A}\n";

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join(".spec")).expect("made");
    std::fs::write(folder.path().join("w.yaml"), FLOW).expect("written");
    folder
}

fn events(root: &Path) -> Stream<Event> {
    let path = root.join(".spec/workflows/w/journal.jsonl");
    Journal::at(path).read().expect("a sound journal")
}

fn verify(root: &Path, arguments: &[&str]) -> i32 {
    let output = run(root, &[&["verify", "w.yaml"], arguments].concat());
    output.status.code().expect("it ends by itself")
}

const BOTH: &str = "--engine=explore,z3";

#[test]
fn a_first_run_proposes_and_verifies_and_a_second_one_adds_nothing() {
    let root = project();
    assert_eq!(verify(root.path(), &[BOTH]), 0);
    let first = events(root.path());
    let [proposed, verified] = &first.entries[..] else {
        panic!("{first:?}")
    };
    let user = String::from_utf8(
        std::process::Command::new("id")
            .arg("-un")
            .output()
            .expect("id")
            .stdout,
    )
    .expect("text");
    let person = Identity::Person {
        user: user.trim().to_owned(),
    };
    assert_eq!((&proposed.body.by, proposed.body.version), (&person, 1));
    let nothing_before = What::Proposed {
        from: None,
        critique: None,
    };
    assert_eq!(proposed.body.what, nothing_before);
    let folder = root.path().join(".spec/workflows/w/v1");
    let stored = std::fs::read_to_string(folder.join("report.json")).expect("kept");
    let stored: StoredReport = serde_json::from_str(&stored).expect("a report");
    assert_eq!(
        verified.body.what,
        What::Verified {
            report: stored.digest(),
            blocking: 0,
            warning: 0,
            open_obligations: 0,
            complete: true
        }
    );
    assert_eq!(proposed.body.digest.to_string(), stored.data.digest);
    let source = std::fs::read_to_string(folder.join("source")).expect("kept");
    assert_eq!(source, "w.yaml\n");

    // The same again, and with another comment: the same version, the same report, no event.
    assert_eq!(verify(root.path(), &[BOTH]), 0);
    let commented = format!("# one more line\n{FLOW}");
    std::fs::write(root.path().join("w.yaml"), commented).expect("written");
    assert_eq!(verify(root.path(), &[BOTH]), 0);
    assert_eq!(events(root.path()), first);

    // Fewer engines make another report, which is not complete.
    assert_eq!(verify(root.path(), &["--engine=explore"]), 0);
    let third = events(root.path());
    assert_eq!(third.entries.len(), 3);
    let What::Verified {
        report, complete, ..
    } = third.entries[2].body.what
    else {
        panic!("{third:?}")
    };
    assert!(!complete);
    assert_ne!(report, stored.digest());
}

#[test]
fn a_run_that_judges_only_some_properties_is_no_record() {
    let root = project();
    assert_eq!(verify(root.path(), &[BOTH, "--property=deadlock"]), 0);
    assert!(!root.path().join(".spec/workflows").exists());
    // It keeps what it was told to keep.
    assert_eq!(
        verify(root.path(), &[BOTH, "--property=deadlock", "--out=out"]),
        0
    );
    assert!(root.path().join("out/w/v1/report.json").exists());
    assert!(!root.path().join(".spec/workflows").exists());
}

#[test]
fn outside_a_project_nothing_is_recorded() {
    let root = tempfile::tempdir().expect("a folder");
    std::fs::write(root.path().join("w.yaml"), FLOW).expect("written");
    assert_eq!(verify(root.path(), &[BOTH]), 0);
    let left: Vec<_> = std::fs::read_dir(root.path()).expect("a folder").collect();
    assert_eq!(left.len(), 1);
}

#[test]
fn a_damaged_journal_is_an_error_and_stays_as_it_is() {
    let root = project();
    assert_eq!(verify(root.path(), &[BOTH]), 0);
    let path = root.path().join(".spec/workflows/w/journal.jsonl");
    let text = std::fs::read_to_string(&path).expect("kept");
    let damaged = text.replacen("\"version\":1", "\"version\":2", 1);
    assert_ne!(damaged, text);
    std::fs::write(&path, &damaged).expect("written");
    let output = tribunal(root.path())
        .args(["verify", "w.yaml", BOTH, "--json"])
        .output()
        .expect("it starts");
    assert_eq!(output.status.code(), Some(4));
    let document: Json = serde_json::from_slice(&output.stdout).expect("a document");
    assert_eq!(document["errors"][0]["code"], "TRIB-JOURNAL-HASH");
    assert_eq!(std::fs::read_to_string(&path).expect("kept"), damaged);
}
