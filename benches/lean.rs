//! Lean's certificates, cold: the product's own workflow, what a state costs beyond the fixed part, and whether that stays the
//! same as workflows grow. TLC on the same files in the same run is there to compare with.
//!
//! `cargo bench --bench lean` takes minutes. `-- own` leaves the counters out.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot measure has nothing else to do"
)]

use std::path::Path;
use std::time::Duration;

use tribunal::engine::lean::{Launcher, find};
use tribunal::host::cancel::CancelToken;
use tribunal::host::process::{End, Limits, Program};

fn main() {
    let own_only = std::env::args().any(|a| a == "own");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    println!("cold, CPU seconds         states    Lean     TLC   Lean/TLC");
    let fixed = both(&root.join("tests/corpus/peterson.yaml"), 20);
    let own = both(&root.join("formal/spec_impl.v2.yaml"), 2298);
    println!(
        "  beyond the fixed part   {:8.1} ms a state (at most 20)",
        per_state(own, fixed) * 1e3
    );
    if own_only {
        return;
    }
    let few = both(&counters(folder.path(), 29, 39), 1201);
    let many = both(&counters(folder.path(), 79, 59), 4801);
    let (a, b) = (per_state(few, fixed), per_state(many, fixed));
    println!(
        "  a state of 4800 against one of 1200 {:8.2} (linear: 1)",
        b / a
    );
}

/// States beyond those of the smallest file, CPU seconds.
#[derive(Clone, Copy)]
struct Point {
    states: f64,
    lean: f64,
}

fn per_state(of: Point, fixed: Point) -> f64 {
    (of.lean - fixed.lean) / (of.states - fixed.states)
}

/// Lean and TLC on one file.
fn both(file: &Path, states: u32) -> Point {
    let (lean, tlc) = (cold("lean", file), cold("tlc", file));
    let name = file.file_name().map_or("", |n| n.to_str().unwrap_or(""));
    println!(
        "  {name:22} {states:8} {lean:7.1} {tlc:7.1} {:10.1}",
        lean / tlc
    );
    Point {
        states: f64::from(states),
        lean,
    }
}

/// CPU seconds of one engine, without the answers kept of earlier runs.
fn cold(engine: &str, file: &Path) -> f64 {
    let cache = tempfile::tempdir().expect("a folder");
    let file = file.to_str().expect("UTF-8");
    let mut program = Program::new(env!("CARGO_BIN_EXE_tribunal"))
        .args(["verify", "--deadline", "1800", "--engine", engine, file])
        .env("XDG_CACHE_HOME", cache.path());
    if let Launcher::Wasm { directory, .. } = find().expect("Lean is there") {
        program = program.env("TRIBUNAL_LEAN", directory);
    }
    let outcome = program.run(&Limits {
        deadline: Duration::from_secs(1900),
        output_cap: 64 << 20,
        cancel: CancelToken::new(),
    });
    match outcome.end {
        End::Exited(0 | 5) => outcome.cpu_seconds.expect("CPU time"),
        ref end => panic!("{engine}: {end}: {}{}", outcome.stdout, outcome.stderr),
    }
}

/// A workflow of two counters that go up to `a` and `b`.
fn counters(folder: &Path, a: u32, b: u32) -> std::path::PathBuf {
    let path = folder.join(format!("counters_{a}_{b}.yaml"));
    let text = format!(
        "workflow_id: counters
goal: count, in any order
actors: [clerk]
states: [Counting, Done]
terminal: {{success: [Done], failure: []}}
vars: {{a: {{type: int, range: [0, {a}], init: 0}}, b: {{type: int, range: [0, {b}], init: 0}}}}
transitions:
  - {{id: count_a, actor: clerk, from: Counting, when: a < {a}, set: {{a: a + 1}}}}
  - {{id: count_b, actor: clerk, from: Counting, when: b < {b}, set: {{b: b + 1}}}}
  - {{id: finish, actor: clerk, from: Counting, to: Done, when: a == {a} and b == {b}}}
properties:
  - {{id: both, always: \"state == Done => a == {a} and b == {b}\"}}
"
    );
    fs_err::write(&path, text).expect("written");
    path
}
