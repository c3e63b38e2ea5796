//! `tribunal gate` on one approved workflow and on a hundred, beside `git status` in the same project.
//!
//! `cargo bench --bench gate` prints medians of one run.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot measure has nothing else to do"
)]

use std::path::Path;
use std::time::Duration;

use tribunal::finding::critique::{CriticDecision, Critique, FORMAT};
use tribunal::gate::StoredReport;
use tribunal::host::cancel::CancelToken;
use tribunal::host::process::{End, Limits, Outcome, Program};

/// Runs of each.
const RUNS: usize = 20;
const EXAMPLE: &str = include_str!("../src/cli/example.yaml");

fn main() {
    let own = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("formal/spec_impl.v2.yaml"),
    )
    .expect("the product's own workflow");
    let many: Vec<(String, String)> = (1..=100)
        .map(|n| {
            let id = format!("example_{n}");
            let text = EXAMPLE.replacen("workflow_id: example", &format!("workflow_id: {id}"), 1);
            (id, text)
        })
        .collect();
    println!("median of {RUNS}; CPU is user and system");
    report(
        "the product's own workflow",
        &[("spec_impl_v1".to_owned(), own)],
    );
    report("one example", many.get(..1).expect("one"));
    report("100 examples", &many);
}

fn report(name: &str, workflows: &[(String, String)]) {
    let project = project(workflows);
    let root = project.path();
    let gate = tribunal(root, &["gate", "--quiet"]);
    assert_eq!(run(&gate).end, End::Exited(0), "the gate is open");
    let status = Program::new("git").args(["status", "--short"]).cwd(root);
    for (what, program) in [("tribunal gate", gate), ("git status", status)] {
        let (wall, cpu) = median(&program);
        println!(
            "  {name:28} {what:14} {:8.1} ms wall {:8.1} ms CPU",
            wall * 1e3,
            cpu * 1e3
        );
    }
}

/// A repository with these workflows, all of them approved.
fn project(workflows: &[(String, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    std::fs::create_dir(root.join(".spec")).expect("made");
    let config = r#"{"single_person": true, "engines": ["explore"]}"#;
    std::fs::write(root.join(".spec/config.json"), config).expect("written");
    for (id, text) in workflows {
        let file = format!("{id}.yaml");
        std::fs::write(root.join(&file), text).expect("written");
        run(&tribunal(root, &["verify", &file]));
        let version = if text.contains("\nversion: 2") { 2 } else { 1 };
        criticise(&root.join(format!(".spec/workflows/{id}/v{version}")));
        let shown = run(&tribunal(root, &["approve", &file, "--json"]));
        let document: serde_json::Value = serde_json::from_str(&shown.stdout).expect("a document");
        let digest = document
            .pointer("/data/to_be_approved")
            .and_then(|d| d.as_str())
            .unwrap_or_else(|| panic!("{}", shown.stdout));
        let approved = run(&tribunal(root, &["approve", &file, "--expect", digest]));
        assert_eq!(approved.end, End::Exited(0), "{}", approved.stderr);
    }
    for arguments in [&["init", "--quiet"][..], &["add", "."]] {
        let git = Program::new("git")
            .args(arguments.iter().copied())
            .cwd(root);
        assert_eq!(run(&git).end, End::Exited(0), "git");
    }
    folder
}

/// What a critic that accepts leaves behind.
fn criticise(folder: &Path) {
    let text = std::fs::read_to_string(folder.join("report.json")).expect("a report");
    let stored: StoredReport = serde_json::from_str(&text).expect("a report");
    let critique = Critique {
        format: FORMAT,
        workflow: stored.data.workflow.clone().expect("a workflow"),
        target_version: stored.data.version.expect("a version"),
        digest: stored.data.digest.parse().expect("a digest"),
        report: stored.digest(),
        critic: "rules".to_owned(),
        decision: CriticDecision::Accept,
        issues: Vec::new(),
        recommended_changes: Vec::new(),
        waiver_proposals: Vec::new(),
    };
    let text = serde_json::to_string_pretty(&critique).expect("text");
    std::fs::write(folder.join("critique.json"), text).expect("written");
}

fn tribunal(root: &Path, arguments: &[&str]) -> Program {
    Program::new(env!("CARGO_BIN_EXE_tribunal"))
        .args(arguments.iter().copied())
        .env("SPEC_ROLE", "human")
        .cwd(root)
}

fn run(program: &Program) -> Outcome {
    let outcome = program.run(&Limits {
        deadline: Duration::from_secs(600),
        output_cap: 64 << 20,
        cancel: CancelToken::new(),
    });
    match outcome.end {
        End::Exited(0 | 5 | 6) => outcome,
        ref end => panic!("{end}: {}", outcome.stderr),
    }
}

/// Wall and CPU seconds.
fn median(program: &Program) -> (f64, f64) {
    let outcomes: Vec<Outcome> = (0..RUNS).map(|_| run(program)).collect();
    let middle = |mut all: Vec<f64>| {
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(0.0)
    };
    (
        middle(outcomes.iter().map(|o| o.elapsed.as_secs_f64()).collect()),
        middle(outcomes.iter().filter_map(|o| o.cpu_seconds).collect()),
    )
}
