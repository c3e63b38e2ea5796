//! Whole loops with scripted models: one that converges, and those that must not get through.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const GOAL: &str = "Write and check a text";
const ID: &str = "write_and_check_a_text";

/// A workflow of this version: with the way to its end, or without. `way` names a second way to write, which changes nothing
/// that counts.
fn workflow(version: u32, whole: bool, way: &str) -> String {
    let check = if whole {
        "  - {id: check, from: Written, to: Checked, actor: Checker}\n  - {id: refuse, from: Written, to: Refused, actor: Human}\n"
    } else {
        ""
    };
    format!(
        "workflow_id: {ID}\nversion: {version}\ngoal: \"{GOAL}\"\nactors: [Writer, Checker, Human]\n\
         states: [Draft, Written, Checked, Refused]\nterminal: {{success: [Checked], failure: [Refused]}}\ntransitions:\n  \
         - {{id: write, from: Draft, to: Written, actor: Writer}}\n  - {{id: write_{way}, from: Draft, to: Written, actor: Writer}}\n{check}"
    )
}

struct Project {
    directory: tempfile::TempDir,
}

impl Project {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().expect("a directory"),
        }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn tribunal(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tribunal"))
            .args(arguments)
            .current_dir(self.path())
            .env_remove("SPEC_PROVIDER")
            .env_remove("SPEC_ROLE")
            .env_remove("SPEC_AGENT_ID")
            .stdin(Stdio::null())
            .output()
            .expect("it starts")
    }

    fn script(&self, lines: &[Value]) {
        let text: String = lines.iter().map(|l| format!("{l}\n")).collect();
        fs::write(self.path().join("answers.jsonl"), text).expect("written");
    }

    fn iterate(&self, more: &[&str]) -> Output {
        let usual = [
            "iterate",
            GOAL,
            "--engine",
            "explore,z3",
            "--provider",
            "scripted",
            "--script",
            "answers.jsonl",
            "--json",
        ];
        self.tribunal(&[&usual[..], more].concat())
    }

    /// The id of the finding about the dead end, which depends on nothing but what it is about.
    fn dead_end(&self) -> String {
        fs::write(self.path().join("v1.yaml"), workflow(1, false, "a")).expect("written");
        let output = self.tribunal(&["verify", "v1.yaml", "--engine", "explore", "--json"]);
        let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let findings = document["findings"].as_array().expect("findings");
        let found = findings
            .iter()
            .find(|f| f["kind"] == "deadlock")
            .expect("a dead end");
        found["id"].as_str().expect("an id").to_owned()
    }
}

fn data(output: &Output) -> Value {
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    document["data"].clone()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn proposal(text: &str) -> Value {
    let candidate = json!({"workflow": text, "tradeoffs": "short"});
    json!({"prompt": "planner.propose/1", "json": {"candidates": [candidate], "reasoning": "a first idea"}})
}

fn revision(text: &str) -> Value {
    json!({"prompt": "planner.revise/1", "json": {"workflow": text, "reasoning": "as the critic asks"}})
}

fn critique(decision: &str, issues: Value, changes: Value) -> Value {
    json!({"prompt": "critic/1", "json": {
        "decision": decision, "issues": issues, "recommendedChanges": changes, "waiverProposals": [],
        "considered": [], "reasoning": "what the engines say",
    }})
}

fn dead_end_critique(finding: &str) -> Value {
    let issue = json!({
        "id": "ISSUE-1", "severity": "blocking", "type": "correctness_risk",
        "message": "a run gets stuck in `Written`", "findings": [finding],
    });
    let transition =
        json!({"id": "check", "actor": "Checker", "from": ["Written"], "to": "Checked"});
    let change = json!({
        "action": "add_transition", "transition": transition, "reason": "a way on", "answers": ["ISSUE-1"],
    });
    critique("revise", json!([issue]), json!([change]))
}

fn accept() -> Value {
    critique("accept", json!([]), json!([]))
}

#[test]
fn a_scripted_planner_and_critic_come_to_a_version_that_waits() {
    let project = Project::new();
    let finding = project.dead_end();
    project.script(&[
        proposal(&workflow(1, false, "a")),
        dead_end_critique(&finding),
        revision(&workflow(2, true, "a")),
        accept(),
    ]);
    let output = project.iterate(&[]);
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    let ended = data(&output);
    assert_eq!(
        (&ended["state"], &ended["version"]),
        (&json!("approval"), &json!(2))
    );
    assert_eq!(ended["spend"]["calls"], 4);
    // From the last message back to the goal, and the same as a diagram.
    let shown = project.tribunal(&["log", "--messages"]);
    let shown = String::from_utf8(shown.stdout).expect("text");
    let last = shown.lines().last().expect("a message");
    assert!(last.contains("approval request v2"), "{shown}");
    let name = last.split(' ').next().expect("a name");
    let around = project.tribunal(&["log", "--messages", "--around", name]);
    let around = String::from_utf8(around.stdout).expect("text");
    let kinds: Vec<&str> = around
        .lines()
        .skip(1)
        .filter_map(|l| l.split_whitespace().nth(4))
        .collect();
    assert_eq!(
        kinds,
        [
            "goal:",
            "proposal",
            "verification",
            "critique",
            "revision",
            "verification",
            "critique",
            "approval"
        ]
    );
    let drawn = project.tribunal(&["log", "--messages", "--mermaid"]);
    let drawn = String::from_utf8(drawn.stdout).expect("text");
    assert!(drawn.starts_with("sequenceDiagram\n"), "{drawn}");
    assert!(
        drawn.contains("Critic->>Human: approval request v2"),
        "{drawn}"
    );
    assert!(
        drawn.contains("Planner-->>Verifier: proposal v1 (stale now)"),
        "{drawn}"
    );
    // Cut off after any message and asked with an empty script, it is answered from what was paid for.
    let log = project
        .path()
        .join(format!(".spec/workflows/{ID}/messages.jsonl"));
    let text = fs::read_to_string(&log).expect("a log");
    project.script(&[]);
    for kept in 1..text.lines().count() {
        let cut: String = text.lines().take(kept).map(|l| format!("{l}\n")).collect();
        fs::write(&log, cut).expect("cut");
        let output = project.iterate(&["--resume"]);
        assert_eq!(output.status.code(), Some(6), "{kept}: {}", said(&output));
        assert_eq!(data(&output)["digest"], ended["digest"], "{kept}");
    }
}

#[test]
fn a_planner_that_changes_nothing_that_counts_is_stopped_early() {
    let project = Project::new();
    let finding = project.dead_end();
    project.script(&[
        proposal(&workflow(1, false, "a")),
        dead_end_critique(&finding),
        revision(&workflow(2, false, "b")),
        dead_end_critique(&finding),
        revision(&workflow(3, false, "c")),
    ]);
    let output = project.iterate(&[]);
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    let ended = data(&output);
    assert_eq!(
        (&ended["state"], &ended["version"]),
        (&json!("escalated"), &json!(2))
    );
    assert_eq!(
        ended["spend"]["calls"], 4,
        "the fifth answer is never asked for"
    );
    let question = ended["question"].as_str().expect("a name");
    let stop = project.tribunal(&["answer", question, "stop"]);
    assert_eq!(stop.status.code(), Some(0), "{}", said(&stop));
    let output = project.iterate(&[]);
    assert_eq!(data(&output)["state"], "rejected");
    assert_eq!(output.status.code(), Some(1));
    let audit = project.tribunal(&["audit"]);
    assert_eq!(audit.status.code(), Some(0), "{}", said(&audit));
}

/// A critic that calls a real failure acceptable is asked again, twice, and then not believed at all.
#[test]
fn a_critic_that_accepts_what_blocks_is_not_believed() {
    let project = Project::new();
    project.script(&[
        proposal(&workflow(1, false, "a")),
        accept(),
        accept(),
        accept(),
    ]);
    let output = project.iterate(&[]);
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    assert!(
        said(&output).contains("TRIB-ITERATE-SEAT"),
        "{}",
        said(&output)
    );
    let folder = project.path().join(format!(".spec/workflows/{ID}/v1"));
    assert!(folder.join("report.json").exists());
    assert!(!folder.join("critique.json").exists());
}

#[test]
fn a_planner_that_answers_for_the_wrong_version_does_not_get_one() {
    let project = Project::new();
    let finding = project.dead_end();
    let wrong = revision(&workflow(1, true, "a"));
    project.script(&[
        proposal(&workflow(1, false, "a")),
        dead_end_critique(&finding),
        wrong.clone(),
        wrong.clone(),
        wrong,
    ]);
    let output = project.iterate(&[]);
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    let ended = data(&output);
    assert_eq!(
        (&ended["state"], &ended["version"]),
        (&json!("escalated"), &json!(1))
    );
    assert!(
        !project
            .path()
            .join(format!(".spec/workflows/{ID}/v2"))
            .exists()
    );
}

#[test]
fn a_workflow_that_cannot_end_can_be_given_up() {
    let project = Project::new();
    let text =
        workflow(1, true, "a").replace("from: Written, to: Checked", "from: Written, to: Draft");
    let text = text.replace("from: Written, to: Refused", "from: Written, to: Draft");
    project.script(&[proposal(&text), critique("reject", json!([]), json!([]))]);
    let output = project.iterate(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert_eq!(data(&output)["state"], "rejected");
}

#[test]
fn a_dry_run_shows_the_prompts_and_asks_nobody() {
    let project = Project::new();
    project.script(&[]);
    let output = project.iterate(&["--dry-run"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let shown = data(&output);
    assert_eq!(shown["calls"], 1 + 3 + 4);
    let prompts = shown["prompts"].as_array().expect("prompts");
    assert!(prompts[0]["message"].as_str().expect("text").contains(GOAL));
    assert!(
        !project
            .path()
            .join(format!(".spec/workflows/{ID}"))
            .exists()
    );
}
