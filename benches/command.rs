//! The program as a whole: cold starts beside `git status`, and all engines at once against each alone.
//!
//! `cargo bench --bench command` prints medians and ratios of one run.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot measure has nothing else to do"
)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use tribunal::host::cancel::CancelToken;
use tribunal::host::process::{End, Limits, Outcome, Program};

/// Runs of a cold start.
const COLD: usize = 20;
/// Runs of the engines.
const WARM: usize = 3;

fn main() {
    let own = root().join("formal/spec_impl.v2.yaml");
    let own = own.to_str().expect("UTF-8");

    let empty = tempfile::tempdir().expect("a folder");
    let git = Program::new("git")
        .args(["init", "--quiet"])
        .cwd(empty.path());
    assert_eq!(run(&git).end, End::Exited(0), "git init");
    let status = Program::new("git")
        .args(["status", "--short"])
        .cwd(empty.path());
    println!("cold start, median of {COLD}");
    for (name, program) in [
        ("git status, empty repository", status),
        ("tribunal check", tribunal(&["check", own])),
        (
            "tribunal verify --engine explore",
            tribunal(&["verify", "--engine", "explore", own]),
        ),
    ] {
        let (wall, _) = median(&program, COLD);
        println!("  {name:34} {:8.1} ms wall", wall * 1e3);
    }

    println!(
        "all engines at once against each alone, the product's own workflow, median of {WARM}"
    );
    let mut sum = 0.0;
    let mut slowest = 0.0f64;
    for engine in ["explore", "tlc", "z3"] {
        let (wall, cpu) = median(&tribunal(&["verify", "--engine", engine, own]), WARM);
        println!("  {engine:34} {wall:8.2} s wall  {cpu:8.2} s CPU");
        sum += cpu;
        slowest = slowest.max(wall);
    }
    let (wall, cpu) = median(
        &tribunal(&["verify", "--engine", "explore,tlc,z3", own]),
        WARM,
    );
    println!("  {:34} {wall:8.2} s wall  {cpu:8.2} s CPU", "all three");
    println!(
        "  CPU against the sum                {:8.2} (at most 1.2)",
        cpu / sum
    );
    println!(
        "  wall against the slowest           {:8.2} (aim 1.2)",
        wall / slowest
    );
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn tribunal(arguments: &[&str]) -> Program {
    Program::new(env!("CARGO_BIN_EXE_tribunal")).args(arguments.iter().copied())
}

fn run(program: &Program) -> Outcome {
    let outcome = program.run(&Limits {
        deadline: Duration::from_secs(1800),
        output_cap: 64 << 20,
        cancel: CancelToken::new(),
    });
    match outcome.end {
        End::Exited(0 | 5) => outcome,
        ref end => panic!("{end}: {}", outcome.stderr),
    }
}

/// Wall and CPU seconds.
fn median(program: &Program, runs: usize) -> (f64, f64) {
    let outcomes: Vec<Outcome> = (0..runs).map(|_| run(program)).collect();
    let middle = |mut all: Vec<f64>| {
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(0.0)
    };
    (
        middle(outcomes.iter().map(|o| o.elapsed.as_secs_f64()).collect()),
        middle(outcomes.iter().filter_map(|o| o.cpu_seconds).collect()),
    )
}
