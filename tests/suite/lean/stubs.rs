//! A directory that looks like an installed lean-wasm, with a shell script in place of Node.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tempfile::TempDir;

use tribunal::report::render::json::FindingJson;

use crate::cli::{NOWHERE, root, tribunal};

/// What a Lean that accepts everything prints.
const ACCEPTS: &str = "echo '[DEBUG:K] runFrontend completed' >&2";

struct Stub {
    folder: TempDir,
}

impl Stub {
    fn new(node: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let lean = folder.path().join("lean");
        std::fs::create_dir_all(lean.join("lib/lean")).expect("made");
        for (name, text) in [
            ("VERSION", "9.9.9"),
            ("lean-fast.js", ""),
            ("lean.wasm", ""),
            ("lib/lean/Init.olean", ""),
        ] {
            std::fs::write(lean.join(name), text).expect("written");
        }
        let path = lean.join("node");
        std::fs::write(&path, format!("#!/bin/sh\n{node}\n")).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("set");
        Self { folder }
    }

    fn lean(&self) -> PathBuf {
        self.folder.path().join("lean")
    }

    /// `verify` with Lean alone.
    fn command(&self, file: &Path, more: &[&str]) -> Command {
        let mut command = tribunal(self.folder.path());
        command
            .env("TRIBUNAL_LEAN", self.lean())
            .env("TRIBUNAL_LAKE", NOWHERE)
            .env("XDG_CACHE_HOME", self.folder.path().join("cache"))
            .args(["verify", "--engine", "lean"])
            .args(more)
            .arg(file);
        command
    }

    fn run(&self, file: &Path, more: &[&str]) -> Output {
        self.command(file, more).output().expect("it starts")
    }

    /// What a person reads.
    fn verify_for_people(&self, file: &Path) -> String {
        String::from_utf8(self.run(file, &[]).stdout).expect("text")
    }

    /// The exit code and the document.
    fn verify(&self, file: &Path, more: &[&str]) -> (i32, Json) {
        let output = self.run(file, &[&["--json"], more].concat());
        let document = serde_json::from_slice(&output.stdout).expect("JSON");
        (output.status.code().expect("it ends"), document)
    }
}

/// The digest that a critique or an approval would bind.
fn digest(document: &Json) -> String {
    let data = serde_json::from_value(document["data"].clone()).expect("a report");
    let findings: Vec<FindingJson> =
        serde_json::from_value(document["findings"].clone()).expect("findings");
    tribunal::report::digest::of(&data, &findings).to_string()
}

pub(super) fn peterson() -> PathBuf {
    root().join("tests/corpus/peterson.yaml")
}

/// The distinct answers Lean gave to the properties it was asked.
pub(super) fn answers(document: &Json) -> Vec<String> {
    let mut all: Vec<String> = document["data"]["properties"]
        .as_array()
        .expect("properties")
        .iter()
        .flat_map(|p| p["engines"].as_array().expect("engines").clone())
        .filter(|e| e["engine"] == "lean")
        .map(|e| first_word(&e["answer"]))
        .collect();
    all.sort();
    all.dedup();
    all
}

/// `unknown` of `unknown (deadline)`.
pub(super) fn first_word(answer: &Json) -> String {
    let text = answer.as_str().expect("text");
    text.split(' ').next().unwrap_or(text).to_owned()
}

pub(super) fn kinds(document: &Json) -> Vec<String> {
    let all = document["findings"].as_array().expect("findings").iter();
    all.map(|f| f["kind"].as_str().expect("a word").to_owned())
        .collect()
}

#[test]
fn a_lean_that_accepts_everything_proves() {
    let (code, document) = Stub::new(ACCEPTS).verify(&peterson(), &[]);
    assert_eq!(
        answers(&document),
        ["holds", "not_asked"],
        "liveness is not asked"
    );
    let assurance = &document["data"]["properties"][0]["assurance"];
    assert_eq!(assurance, "proved");
    assert!(
        code == 0 || code == 5,
        "liveness stays open where Lean is asked alone: {code}"
    );
}

#[test]
fn rubbish_silence_and_death_are_errors() {
    for node in [
        "echo 'what a nice day'",
        "exit 1",
        "exit 0",
        "kill -9 $$",
        "echo '[DEBUG:K] runFrontend completed' >&2; echo 'Workflow.lean:3:1: error: no'",
    ] {
        let (code, document) = Stub::new(node).verify(&peterson(), &[]);
        assert_eq!(answers(&document), ["error"], "{node}");
        assert_ne!(code, 0, "{node}");
    }
}

#[test]
fn an_error_in_what_everything_rests_on_proves_nothing() {
    let node = "n=$(grep -n '^theorem members' Workflow.lean | head -1 | cut -d: -f1)\n\
                echo \"Workflow.lean:$n:5: error: no\"; exit 1";
    let (code, document) = Stub::new(node).verify(&peterson(), &[]);
    assert_eq!(answers(&document), ["error"]);
    assert_ne!(code, 0);
}

#[test]
fn an_error_in_one_theorem_leaves_that_goal_open_and_no_other() {
    let node = "n=$(grep -n \"^theorem holds'p'mutual_exclusion\" Workflow.lean | cut -d: -f1)\n\
                echo \"Workflow.lean:$n:5: error: unsolved goals\"; exit 1";
    let (code, document) = Stub::new(node).verify(&peterson(), &[]);
    assert_eq!(
        kinds(&document)
            .iter()
            .filter(|k| *k == "open_obligation")
            .count(),
        1
    );
    let properties = document["data"]["properties"]
        .as_array()
        .expect("properties");
    for p in properties {
        let said = first_word(&p["engines"][0]["answer"]);
        if p["id"] == "mutual_exclusion" {
            assert_eq!(said, "unknown");
        } else {
            assert!(said == "holds" || said == "not_asked", "{p}");
        }
    }
    assert_ne!(code, 0);
}

/// Lean and Z3 do not know each other; the finding has what both say.
#[test]
fn the_step_that_breaks_induction_stands_beside_the_open_goal() {
    let node = "n=$(grep -n \"^theorem kept'p'covered__release'\" Workflow.lean | cut -d: -f1)\n\
                echo \"Workflow.lean:$n:5: error: omega could not prove the goal:\"\n\
                echo 'a possible counterexample may satisfy the constraints'\n\
                printf '  1 ≤ b ≤ 9\\nwhere\\n b := held'\"'\"'\\n'; exit 1";
    let stub = Stub::new(node);
    let text = std::fs::read_to_string(root().join("tests/suite/lean/escrow.yaml"));
    let text = text.expect("a file");
    let lines = text.lines().filter(|l| !l.contains("lemma: true"));
    let file = stub.folder.path().join("escrow.yaml");
    std::fs::write(&file, lines.collect::<Vec<_>>().join("\n")).expect("written");
    let (code, document) = stub.verify(&file, &["--engine", "z3"]);
    let found = document["findings"].as_array().expect("findings").iter();
    let open: Vec<&Json> = found.filter(|f| f["kind"] == "open_obligation").collect();
    assert_eq!(open.len(), 1, "{open:?}");
    assert_eq!(
        open[0]["title"],
        "`covered` is not proved: a goal is left open at `release`"
    );
    assert_eq!(open[0]["severity"], "warning");
    let line = text.lines().filter(|l| !l.contains("lemma: true"));
    let line = line.take_while(|l| !l.contains("id: covered")).count() + 1;
    assert_eq!(open[0]["spans"][0]["line"], line);
    let notes = open[0]["notes"].as_array().expect("notes");
    let has = |start: &str, end: &str| {
        let mut notes = notes.iter().map(|n| n.as_str().expect("text"));
        notes.any(|n| n.starts_with(start) && n.contains(end))
    };
    assert!(
        has(
            "z3: the step that breaks induction: in Open",
            "`release` leads to Open"
        ),
        "{notes:?}"
    );
    assert!(
        has("Lean cannot exclude 1 ≤ held ≤ 9", "need not be reachable"),
        "{notes:?}"
    );
    assert_ne!(code, 0);
}

#[test]
fn a_file_that_was_changed_under_lean_does_not_count() {
    for cheat in [
        "axiom cheat : False",
        "theorem cheat : False := sorry",
        "theorem cheat : 1 = 1 := by native_decide",
        "set_option debug.skipKernelTC true",
        "opaque cheat : Nat",
        "partial def cheat (n : Nat) : Nat := cheat n",
        "unsafe def cheat : Nat := 1",
        "@[implemented_by Nat.add] def cheat (a b : Nat) : Nat := a",
        "@[extern \"c\"] def cheat (a : Nat) : Nat := a",
        "macro \"cheat\" : term => `(1)",
    ] {
        let node = format!("cat >> Workflow.lean <<'END'\n{cheat}\nEND\n{ACCEPTS}");
        let (code, document) = Stub::new(&node).verify(&peterson(), &[]);
        assert!(
            kinds(&document).contains(&"unsound_proof".to_owned()),
            "{cheat}"
        );
        assert_eq!(answers(&document), ["error"], "{cheat}");
        assert_eq!(code, 1, "{cheat}");
    }
    let weaker = format!(
        "sed -i 's/^theorem holds.*/theorem holds : True := trivial/' Workflow.lean\n{ACCEPTS}"
    );
    let (code, document) = Stub::new(&weaker).verify(&peterson(), &[]);
    assert!(kinds(&document).contains(&"unsound_proof".to_owned()));
    assert_eq!(code, 1);
}

#[test]
fn a_restatement_that_fails_is_unsound() {
    let node = "n=$(grep -n '^example' Workflow.lean | tail -1 | cut -d: -f1)\n\
                echo \"Workflow.lean:$n:0: error: type mismatch\"; exit 1";
    let (code, document) = Stub::new(node).verify(&peterson(), &[]);
    assert!(kinds(&document).contains(&"unsound_proof".to_owned()));
    assert_eq!(code, 1);
}

#[test]
fn the_deadline_ends_lean_and_its_children() {
    let stub = Stub::new("sleep 300 & echo $! > \"$0.child\"; sleep 300");
    let clock = Instant::now();
    let (code, document) = stub.verify(&peterson(), &["--deadline", "1"]);
    assert!(clock.elapsed() < Duration::from_secs(60));
    assert_eq!(answers(&document), ["unknown"]);
    assert_ne!(code, 0);
    let child = std::fs::read_to_string(stub.lean().join("node.child")).expect("it started");
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.trim()));
    let gone = status.map_or(true, |s| s.contains("State:\tZ"));
    assert!(gone, "the child still runs");
}

/// Why Lean is not there, as the document says.
fn reason(document: &Json) -> String {
    let engines = document["data"]["engines"].as_array().expect("engines");
    let lean = engines.iter().find(|e| e["engine"] == "lean");
    let lean = lean.expect("Lean");
    assert_eq!(lean["available"], false);
    lean["reason"].as_str().expect("a reason").to_owned()
}

#[test]
fn a_half_installed_lean_is_not_there() {
    for part in ["lean.wasm", "lean-fast.js", "lib/lean/Init.olean"] {
        let stub = Stub::new(ACCEPTS);
        std::fs::remove_file(stub.lean().join(part)).expect("removed");
        let (code, document) = stub.verify(&peterson(), &[]);
        let reason = reason(&document);
        assert!(
            reason.contains(&format!("half installed, {part} is missing")),
            "{reason}"
        );
        assert!(reason.contains("doctor --install lean-wasm"), "{reason}");
        assert_eq!(answers(&document), ["unavailable"]);
        assert_eq!(code, 5);
    }
}

#[test]
fn a_lean_that_is_not_installed_is_not_there() {
    let stub = Stub::new(ACCEPTS);
    std::fs::remove_file(stub.lean().join("VERSION")).expect("removed");
    let (code, document) = stub.verify(&peterson(), &[]);
    let reason = reason(&document);
    assert!(
        reason.starts_with("no lake and no lean-wasm here"),
        "{reason}"
    );
    assert_eq!(answers(&document), ["unavailable"]);
    assert_eq!(code, 5);
}

/// A machine whose Node does this, and no Node beside Lean; `None` = it has none.
fn with_node(script: Option<&str>) -> (i32, Json) {
    let stub = Stub::new(ACCEPTS);
    let path = stub.folder.path().join("bin");
    std::fs::create_dir_all(&path).expect("made");
    std::fs::remove_file(stub.lean().join("node")).expect("removed");
    if let Some(script) = script {
        let node = path.join("node");
        std::fs::write(&node, format!("#!/bin/sh\n{script}\n")).expect("written");
        std::fs::set_permissions(&node, std::fs::Permissions::from_mode(0o755)).expect("set");
    }
    let output = stub
        .command(&peterson(), &["--json"])
        .env("PATH", &path)
        .output();
    let output = output.expect("it starts");
    let document = serde_json::from_slice(&output.stdout).expect("JSON");
    (output.status.code().expect("it ends"), document)
}

#[test]
fn a_node_that_is_missing_too_old_or_mute_is_told_apart() {
    for (script, why) in [
        (None, "node"),
        (Some("echo v18.20.4"), "Node 18 is too old, 24 is needed"),
        (Some("echo hello"), "Node does not say its version"),
        (Some("exit 3"), "Node does not say its version"),
    ] {
        let (code, document) = with_node(script);
        let reason = reason(&document);
        assert!(reason.starts_with("lean-wasm: "), "{reason}");
        assert!(reason.contains(why), "{script:?}: {reason}");
        assert!(reason.contains("doctor --install lean-wasm"), "{reason}");
        assert_eq!(answers(&document), ["unavailable"], "{script:?}");
        assert_eq!(code, 5, "{script:?}");
    }
    let new = format!("[ \"$1\" = --version ] && echo v24.1.0 && exit 0\n{ACCEPTS}");
    let (_, document) = with_node(Some(&new));
    assert_eq!(answers(&document), ["holds", "not_asked"]);
}

#[test]
fn a_second_run_takes_the_answer_kept_and_a_changed_file_does_not() {
    let stub = Stub::new(&format!("echo run >> \"$0.runs\"\n{ACCEPTS}"));
    let runs =
        || std::fs::read_to_string(stub.lean().join("node.runs")).map_or(0, |s| s.lines().count());
    let (_, first) = stub.verify(&peterson(), &[]);
    let (_, second) = stub.verify(&peterson(), &[]);
    assert_eq!(runs(), 1);
    assert_eq!(answers(&first), answers(&second));
    let lean = |document: &Json| {
        let engines = document["data"]["engines"].as_array().expect("engines");
        let found = engines.iter().find(|e| e["engine"] == "lean");
        found.expect("Lean").clone()
    };
    assert_eq!(lean(&first)["cached"], false);
    assert_eq!(lean(&second)["cached"], true);
    assert_eq!(digest(&first), digest(&second));
    let said = stub.verify_for_people(&peterson());
    assert!(
        said.contains("lean: kept from an earlier run on the same bytes"),
        "{said}"
    );
    assert!(said.contains("lean 9.9.9 from the cache"), "{said}");
    let broken = root().join("tests/corpus/peterson.broken.yaml");
    let (_, first) = stub.verify(&broken, &[]);
    assert_eq!(runs(), 2);
    let (_, second) = stub.verify(&broken, &[]);
    assert_eq!(runs(), 2);
    assert_eq!(digest(&first), digest(&second), "of refutations too");
}
