//! Measures the embedded engine: CPU against TLC in the same run, memory a state, liveness against safety, a cold verdict.
//!
//! `cargo bench --bench explore` prints medians and ratios; `-- quick` leaves TLC out. Every measured run is a process of its
//! own, so that CPU and memory are those of the whole process. CPU is what counts: wall time depends on who else is at work.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement that cannot be made has to stop"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tribunal::check::load_str;
use tribunal::engine::tlc::{self, TlcOptions};
use tribunal::engine::{Request, explore};
use tribunal::finding::{Evidence, PropertyIx};
use tribunal::host::cancel::CancelToken;
use tribunal::model::{System, desugar};

/// Runs of each kind; the median is told.
const RUNS: usize = 5;
/// Runs of TLC.
const TLC_RUNS: usize = 1;
/// Clock ticks a second in `/proc`, which Linux fixes for programs.
const TICKS: f64 = 100.0;

/// What a child did.
struct Measured {
    /// CPU seconds, of the child and its children.
    cpu: f64,
    /// What it printed.
    facts: Facts,
}

/// What a child says of its run.
#[derive(Clone, Copy)]
struct Facts {
    distinct: u64,
    answered: u64,
    peak_kib: u64,
    micros: u64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["child", engine, what, file] = words.as_slice() {
        child(engine, what, file);
        return;
    }
    let quick = words.contains(&"quick");
    let race = workflow("benches/workflows/tri_agent_race.yaml");
    let fair = workflow("benches/workflows/strong_fairness.yaml");
    let own = workflow("formal/spec_impl.v2.yaml");

    let safety = median(runs(RUNS, "explore", "safety", &race));
    let facts = safety.facts;
    println!("safety, {} states", facts.distinct);
    println!("  explore            {:8.2} CPU s", safety.cpu);
    let per_state = facts.peak_kib as f64 * 1024.0 / facts.distinct as f64;
    println!("  memory             {per_state:8.1} bytes a state, whole process (at most 32)");
    if !quick {
        let tlc = median(runs(TLC_RUNS, "tlc", "safety", &race));
        if tlc.facts.answered == facts.answered && tlc.facts.distinct == facts.distinct {
            println!("  TLC, 2 workers     {:8.2} CPU s", tlc.cpu);
            println!(
                "  ratio              {:8.1} (at least 50)",
                tlc.cpu / safety.cpu
            );
        } else {
            println!("  TLC did not answer: the ratio is not measured");
        }
    }

    let safety = median(runs(RUNS, "explore", "safety", &fair));
    let live = median(runs(RUNS, "explore", "all", &fair));
    println!("strong fairness, {} states", live.facts.distinct);
    println!("  safety alone       {:8.2} CPU s", safety.cpu);
    println!("  with liveness      {:8.2} CPU s", live.cpu);
    println!(
        "  ratio              {:8.1} (at most 6)",
        live.cpu / safety.cpu
    );

    let cold = median(runs(RUNS, "explore", "all", &own));
    println!("the product's own workflow, {} states", cold.facts.distinct);
    println!(
        "  cold verdict       {:8.2} ms",
        cold.facts.micros as f64 / 1000.0
    );
}

fn workflow(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn runs(count: usize, engine: &str, what: &str, file: &Path) -> Vec<Measured> {
    (0..count).map(|_| measure(engine, what, file)).collect()
}

fn median(mut runs: Vec<Measured>) -> Measured {
    runs.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    let middle = runs.len() / 2;
    runs.swap_remove(middle)
}

/// Runs this program as a child and measures it.
fn measure(engine: &str, what: &str, file: &Path) -> Measured {
    let before = children_cpu();
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["child", engine, what])
        .arg(file)
        .stderr(Stdio::inherit())
        .output()
        .expect("the child runs");
    let cpu = children_cpu() - before;
    let text = String::from_utf8_lossy(&output.stdout);
    let facts: Vec<u64> = text
        .split_whitespace()
        .filter_map(|w| w.parse().ok())
        .collect();
    let [distinct, answered, peak_kib, micros] = facts.as_slice() else {
        panic!("the child said {text}");
    };
    Measured {
        cpu,
        facts: Facts {
            distinct: *distinct,
            answered: *answered,
            peak_kib: *peak_kib,
            micros: *micros,
        },
    }
}

/// CPU seconds of all children that ended.
fn children_cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let after_name = stat.rsplit(')').next().expect("a name");
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |n: usize| -> f64 {
        let text = fields.get(n).expect("a field");
        text.parse().expect("a number")
    };
    (ticks(13) + ticks(14)) / TICKS
}

/// One run; prints its facts.
fn child(engine: &str, what: &str, file: &str) {
    let text = std::fs::read_to_string(file).expect("the workflow");
    let start = Instant::now();
    let system = desugar(&load_str(&text).expect("a good workflow"));
    let asked: Vec<PropertyIx> = system
        .properties()
        .filter(|(_, p)| what == "all" || is_safety(p.form))
        .map(|(ix, _)| ix)
        .collect();
    let evidence = run(engine, what, &system, &asked);
    let micros = start.elapsed().as_micros();
    let answered = asked
        .iter()
        .filter_map(|ix| evidence.answers.get(ix.ix()))
        .filter(|a| matches!(a.answer.word(), "holds" | "violated"))
        .count();
    let distinct = evidence.states.map_or(0, |s| s.distinct);
    println!("{distinct} {answered} {} {micros}", peak_kib());
}

/// What both engines are asked in a safety run.
fn is_safety(form: &str) -> bool {
    matches!(
        form,
        "always" | "never" | "at" | "needs" | "in_range" | "deadlock"
    )
}

fn run(engine: &str, what: &str, system: &System, asked: &[PropertyIx]) -> Evidence {
    let request = Request {
        system,
        properties: asked,
        deadline: Duration::from_secs(1800),
        cancel: CancelToken::new(),
        artifacts: None,
        progress: &|_| {},
    };
    if engine == "tlc" {
        let options = TlcOptions {
            expected_states: Some(2_000_000),
            ..TlcOptions::found()
        };
        return tlc::run(&request, &options);
    }
    let options = explore::ExploreOptions {
        threads: Some(1),
        properties_only: what == "safety",
        ..explore::ExploreOptions::default()
    };
    explore::run(&request, &options)
}

/// The most memory this process has held.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .expect("a peak");
    let number = line.split_whitespace().next().expect("a number");
    number.parse().expect("a number")
}
