//! A shell script in place of lake. What it prints is not recorded from a live lake: it is written from lake's public
//! documentation and issue threads.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value as Json;

use super::stubs::{answers, kinds, peterson};
use crate::cli::{NOWHERE, tribunal};

/// What a lake prints that builds the file, asked for axioms line by line: `says` is a text for awk's `printf`.
fn built(says: &str) -> String {
    format!(
        "echo 'ℹ [2/2] Built Workflow (1.2s)'\n\
         awk '/^#print axioms /{{ printf \"info: Workflow.lean:%d:0: %cTribunal.%s%c {says}\\n\", NR, 39, $3, 39 }}' Workflow.lean\n\
         echo 'Build completed successfully (2 jobs).'"
    )
}

const LOGIC: &str = "depends on axioms: [propext, Classical.choice, Quot.sound]";

/// `verify` with this lake alone: the exit code and the document.
fn verify(build: &str) -> (i32, Json) {
    let folder = tempfile::tempdir().expect("a folder");
    let lake = folder.path().join("lake");
    let text = format!(
        "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'Lake version 5.0.0-src (Lean version 4.28.0)'; exit 0; fi\n{build}\n"
    );
    std::fs::write(&lake, text).expect("written");
    std::fs::set_permissions(&lake, std::fs::Permissions::from_mode(0o755)).expect("set");
    let output = tribunal(folder.path())
        .env("TRIBUNAL_LAKE", &lake)
        .env("TRIBUNAL_LEAN", NOWHERE)
        .env("XDG_CACHE_HOME", folder.path().join("cache"))
        .args(["verify", "--json", "--engine", "lean"])
        .arg(peterson())
        .output()
        .expect("it starts");
    let document = serde_json::from_slice(&output.stdout).expect("JSON");
    (output.status.code().expect("it ends"), document)
}

#[test]
fn a_lake_that_builds_and_prints_lean_s_own_axioms_proves() {
    for says in [LOGIC, "does not depend on any axioms"] {
        let (_, document) = verify(&built(says));
        assert_eq!(answers(&document), ["holds", "not_asked"], "{says}");
        assert_eq!(document["data"]["properties"][0]["assurance"], "proved");
        let version = &document["data"]["properties"][0]["engines"][0]["version"];
        assert!(
            version.as_str().is_some_and(|v| v.ends_with("by lake")),
            "{version}"
        );
    }
}

/// The file is the one that was generated; only what Lean prints of one theorem shows what it rests on.
#[test]
fn a_theorem_that_rests_on_another_axiom_is_unsound() {
    for axiom in ["cheat", "Lean.ofReduceBool", "propext, Lean.trustCompiler"] {
        let build = built(LOGIC).replace(
            "{ printf",
            &format!(
                "{{ if ($3 ~ /mutual_exclusion/) {{ printf \"info: Workflow.lean:%d:0: %cTribunal.%s%c depends on axioms: \
                 [{axiom}]\\n\", NR, 39, $3, 39; next }} printf"
            ),
        );
        let (code, document) = verify(&build);
        assert_eq!(
            kinds(&document)
                .iter()
                .filter(|k| *k == "unsound_proof")
                .count(),
            1
        );
        let findings = document["findings"].as_array().expect("findings");
        let title = findings
            .iter()
            .find(|f| f["kind"] == "unsound_proof")
            .and_then(|f| f["title"].as_str())
            .expect("a title");
        assert!(
            title.contains("holds'p'mutual_exclusion rests on other axioms"),
            "{title}"
        );
        assert!(!answers(&document).contains(&"holds".to_owned()), "{axiom}");
        assert_eq!(code, 1);
    }
}

#[test]
fn a_lake_that_prints_no_axioms_or_half_of_them_proves_nothing() {
    let half = built(LOGIC).replace("Workflow.lean\necho", "Workflow.lean | head -3\necho");
    assert_ne!(half, built(LOGIC));
    for build in [
        "echo 'Build completed successfully (2 jobs).'",
        &half,
        &built("depends on axioms: [propext"),
    ] {
        let (code, document) = verify(build);
        assert_eq!(answers(&document), ["error"], "{build}");
        assert_ne!(code, 0);
    }
}

/// Lean goes on after an error, and counts what rests on it as resting on `sorry`.
#[test]
fn a_theorem_that_rests_on_an_open_goal_is_open_too() {
    let build = "n=$(grep -n \"^theorem holds'p'mutual_exclusion\" Workflow.lean | cut -d: -f1)\n\
                 echo '✖ [2/2] Building Workflow (1.2s)'\n\
                 echo \"error: Workflow.lean:$n:5: unsolved goals\"\n"
        .to_owned()
        + &built(LOGIC).replace(
            "{ printf",
            "{ s = ($3 ~ /mutual_exclusion/) ? \"sorryAx\" : \"propext\"; \
             printf \"info: Workflow.lean:%d:0: %cTribunal.%s%c depends on axioms: [%s]\\n\", NR, 39, $3, 39, s; next } /^#none/{ printf",
        )
        .replace("echo 'Build completed successfully (2 jobs).'", "echo 'error: build failed'; exit 1");
    let (_, document) = verify(&build);
    assert!(!kinds(&document).contains(&"unsound_proof".to_owned()));
    for p in document["data"]["properties"]
        .as_array()
        .expect("properties")
    {
        let said = p["engines"][0]["answer"].as_str().expect("text");
        if p["id"] == "mutual_exclusion" {
            assert!(said.starts_with("unknown"), "{said}");
        } else {
            assert!(said == "holds" || said.starts_with("not_asked"), "{p}");
        }
    }
    let quiet = built("depends on axioms: [sorryAx]");
    let (code, document) = verify(&quiet);
    assert!(
        kinds(&document).contains(&"unsound_proof".to_owned()),
        "sorry without an error"
    );
    assert_eq!(code, 1);
}

#[test]
fn a_lake_that_does_not_work_is_not_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let lake = folder.path().join("lake");
    std::fs::write(&lake, "#!/bin/sh\nexit 1\n").expect("written");
    std::fs::set_permissions(&lake, std::fs::Permissions::from_mode(0o755)).expect("set");
    let output = tribunal(folder.path())
        .env("TRIBUNAL_LAKE", &lake)
        .env("TRIBUNAL_LEAN", NOWHERE)
        .args(["verify", "--json", "--engine", "lean"])
        .arg(peterson())
        .output()
        .expect("it starts");
    let document: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answers(&document), ["unavailable"]);
    let engines = document["data"]["engines"].as_array().expect("engines");
    let lean = engines
        .iter()
        .find(|e| e["engine"] == "lean")
        .expect("Lean");
    let reason = lean["reason"].as_str().expect("a reason");
    assert!(reason.starts_with("lake --version"), "{reason}");
    assert_eq!(output.status.code(), Some(5));
}
